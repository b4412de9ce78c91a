/* bolo-priority.h: which threads go first where the cores do not suffice
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much lower than the main thread, in nice values; the sound and the store stay beside it. */
#define BOLO_NICE_DECODE 3  /* what decodes the cameras */
#define BOLO_NICE_READ 5    /* what reads plates */
#define BOLO_NICE_BEHIND 10 /* heavy work that nobody waits for: sync, imports */

/* Lowers the calling thread. A refusal costs smoothness only. */
void bolo_priority_lower (int nice);

G_END_DECLS
