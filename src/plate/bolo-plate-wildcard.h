/* bolo-plate-wildcard.h: marks of which only a part is known: "AB?2*"
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* With fewer known characters a pattern would meet every other car. */
#define BOLO_PLATE_WILDCARD_KNOWN_MIN 2

/* TRUE when @normalised has a '?' (one character) or a '*' (any number of them, also none). */
gboolean bolo_plate_has_wildcard (const char *normalised);
/* TRUE for a mark, or a pattern of letters, digits, '?' and '*' that is no longer than a mark may
 * be and has at least BOLO_PLATE_WILDCARD_KNOWN_MIN known characters; else a sentence in @message
 * (nullable, transfer full). Any thread. */
gboolean bolo_plate_check_wildcard (const char *normalised, char **message);
/* Does the mark or pattern meet @text (normalised)? Look-alikes count as alike (@rules NULL: they
 * do not); *n_differs is how many characters of @text met only so, and @differs (nullable,
 * BOLO_PLATE_LENGTH_MAX long) their indices, the fewest there can be. Any thread. */
gboolean bolo_plate_wildcard_meets (
  const char *pattern, const char *text, BoloPlateRules *rules, guint8 *differs, guint *n_differs);
/* (transfer full): the same as an SQLite GLOB, look-alikes as sets: "A[0O]?[1I]*" of "AO?1*". */
char *bolo_plate_wildcard_to_glob (const char *pattern, BoloPlateRules *rules);

G_END_DECLS
