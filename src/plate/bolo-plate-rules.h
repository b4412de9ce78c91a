/* bolo-plate-rules.h: what a mark looks like: normal form, look-alikes, syntaxes, spacing
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-plate-confusions.h"

G_BEGIN_DECLS

/* BoloPlateRules: the rules as data files give them. Immutable after load, atomically counted;
 * all functions from any thread. A normalised mark is upper case without spaces. */
typedef struct _BoloPlateRules BoloPlateRules;

/* Loads fold.ini, transliteration.ini, syntax-gb.ini and, if it is there, confusions.ini of
 * @directory ("…/data/plate"). */
BoloPlateRules *bolo_plate_rules_load (const char *directory, GError **error);
/* As load, with the syntaxes named in @syntaxes, in that order: "gb,eu" reads syntax-gb.ini, then
 * syntax-eu.ini. BOLO_ERROR_NOT_FOUND for one that is not there. */
BoloPlateRules *
bolo_plate_rules_load_syntaxes (const char *directory, const char *syntaxes, GError **error);
BoloPlateRules *bolo_plate_rules_ref (BoloPlateRules *self);
void bolo_plate_rules_unref (BoloPlateRules *self);

/* (transfer full): NFC, upper case, without spaces, hyphens, dots and bullets, other scripts
 * transliterated. What is no letter or digit even then stays, so that it can be refused;
 * bytes that are no UTF-8 give "". */
char *bolo_plate_rules_normalise (BoloPlateRules *self, const char *text);
/* (transfer full): each character replaced by the first one of its class of look-alikes. */
char *bolo_plate_rules_fold (BoloPlateRules *self, const char *normalised);
char bolo_plate_rules_fold_character (BoloPlateRules *self, char character);
/* (nullable) (transfer none): name of the first syntax that the mark fits: "gb-current".
 * @region (nullable, out): its region ("GB"), NULL without a syntax. */
const char *
bolo_plate_rules_get_syntax (BoloPlateRules *self, const char *normalised, const char **region);
/* How much of what speaks for any region at all speaks for that of get_syntax (0 to 1; 0 where no
 * syntax fits): the same order of letters and digits is used by several countries. */
double bolo_plate_rules_get_region_share (BoloPlateRules *self, const char *normalised);
/* Display spacing, (transfer full): "AB12 CDE"; as it came where no syntax fits. */
char *bolo_plate_rules_format (BoloPlateRules *self, const char *normalised);
/* How many characters at the start are the letters of the band beside the mark (2 in "GBAB12CDE"):
 * of a text that fits no syntax while the rest fits one that has such a band; else 0. */
guint bolo_plate_rules_count_band (BoloPlateRules *self, const char *normalised);
/* A prior, never a filter: 1 for a mark that fits a syntax, the file's smaller weight for one that
 * fits only a rare syntax, a still smaller one for none. */
double bolo_plate_rules_get_prior (BoloPlateRules *self, const char *normalised);
/* (transfer full): characters that the law draws alike (0 and O, 1 and I) chosen so that the mark
 * fits the earliest syntax it can; unchanged where it fits already or nothing helps. */
char *bolo_plate_rules_resolve (BoloPlateRules *self, const char *normalised);
/* (transfer none): how likely the reader is to take one character for another. */
const BoloPlateConfusions *bolo_plate_rules_get_confusions (BoloPlateRules *self);
/* Can @character stand at @index of a mark of @length under @syntax (NULL: under any)? */
gboolean bolo_plate_rules_position_allows (
  BoloPlateRules *self, const char *syntax, guint length, guint index, char character);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloPlateRules, bolo_plate_rules_unref)

G_END_DECLS
