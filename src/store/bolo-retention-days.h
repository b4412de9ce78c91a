/* bolo-retention-days.h: for how many days records are kept
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

/* When nothing else is configured, and at most: 12 months, the hard limit of the national
 * standard. */
#define BOLO_RETENTION_DEFAULT_DAYS 7
#define BOLO_RETENTION_MAX_DAYS 365
