/* drive-test.h: scenarios that the tests of drive share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-scenario.h"

G_BEGIN_DECLS

/* A scenario as text, with lines replaced: NULL-terminated pairs of old and new text. */
char *drive_test_make_text (const char *first, ...) G_GNUC_NULL_TERMINATED;
/* The plain one: 60 s, four cameras, 40 vehicles. Fails the test if it does not load. */
BoloDriveScenario *drive_test_load (guint32 seed);
/* Four seconds, two small cameras, a few vehicles: quick to render. */
BoloDriveScenario *drive_test_load_short (guint32 seed);

G_END_DECLS
