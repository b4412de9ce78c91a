/* bolo-list-recogniser.h: which of the known formats a list is in, and by what it was known
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-format.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* The words that bolo_list_formats_load takes, but auto: NULL-terminated. Any thread. */
const char *const *bolo_list_formats_get_words (void);
/* The format that @word names: "csv", "ncic", "pips" …, from @directory ("…/data/lists"). NOT_FOUND
 * names the nearest word. (transfer full) */
BoloListFormat *bolo_list_formats_load (const char *directory, const char *word, GError **error);

#define BOLO_LIST_SAMPLE_BYTES (256 * 1024)

/* Tries the formats on @sample, the first bytes of a list called @name. @reason (out): a sentence
 * that says what was taken and why. What fits no format is taken for a UK list, whose rows then
 * say what is wrong with them. (transfer full) */
BoloListFormat *bolo_list_formats_recognise (const char *directory,
                                             const char *name,
                                             GBytes *sample,
                                             BoloPlateRules *rules,
                                             char **reason,
                                             GError **error);

G_END_DECLS
