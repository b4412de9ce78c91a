/* bolo-index-patterns.h: marks with wildcards: "AB?2*"
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-index-format.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* All functions are pure. A pattern is of 0-9 and A-Z, '?' for one character and '*' for any
 * number of them, none included; look-alikes fold on both sides. */

#define BOLO_PATTERN_LITERALS_MIN 2 /* with fewer, every second car would be a hit */

/* FALSE with a sentence in @message (transfer full) (nullable) for what is no pattern. A '*' after
 * a '*' says nothing more and is taken out. */
gboolean bolo_pattern_compile (BoloPlateRules *rules,
                               const char *text,
                               BoloIndexPattern *pattern,
                               char **message);
/* 0: begins with a wildcard, else its first digit. */
guint bolo_pattern_get_first (const BoloIndexPattern *pattern);
/* Does it fit @folded? Any bytes in @pattern are survived. */
gboolean bolo_pattern_fits (const BoloIndexPattern *pattern, const char *folded, guint length);

G_END_DECLS
