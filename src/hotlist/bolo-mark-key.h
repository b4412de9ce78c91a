/* bolo-mark-key.h: a folded mark as one number, and that number scattered for the index
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* A mark is a number to the base 37, its first character the lowest digit: 0-9 are 1 to 10, A-Z 11
 * to 36, and 0 ends it. Twelve characters fit into 64 bits, so two marks never share a number. All
 * functions are pure. */
#define BOLO_MARK_KEY_BASE 37

/* 1 to 36, 0 for what is none of 0-9 A-Z. */
guint bolo_mark_key_digit (char character);
/* '0'-'9' 'A'-'Z' of 1 to 36. */
char bolo_mark_key_character (guint digit);
/* @mark: as bolo_plate_is_mark allows. */
guint64 bolo_mark_key_pack (const char *mark);
/* Spreads the numbers evenly over 64 bits; one to one, so that equal hashes are equal marks. */
guint64 bolo_mark_key_hash (guint64 key);
/* Folds @mark into @folded, at most BOLO_PLATE_LENGTH_MAX characters; returns how many. */
guint bolo_mark_key_fold (BoloPlateRules *rules,
                          const char *mark,
                          char folded[BOLO_PLATE_LENGTH_MAX + 1]);
/* The same for all marks only while it is the same: which characters fold into which. */
guint32 bolo_mark_key_get_fold_id (BoloPlateRules *rules);

G_END_DECLS
