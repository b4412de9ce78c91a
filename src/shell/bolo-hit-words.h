/* bolo-hit-words.h: a hit in words and symbols, as the officer reads them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"

G_BEGIN_DECLS

/* All texts are translated and (transfer full) unless said otherwise. Main. */

/* Icon name of the hit's category: the policy's, else ours for its list kind. (transfer none) */
const char *bolo_hit_words_get_symbol (BoloFace *face, const BoloHit *hit);
/* "#rrggbb" of the category. (transfer none) */
const char *bolo_hit_words_get_colour (BoloFace *face, const BoloHit *hit);
/* "Stolen vehicle" */
char *bolo_hit_words_get_category (BoloFace *face, const BoloHit *hit);
/* "Blue Ford Focus"; "" when the list says none of them. */
char *bolo_hit_words_get_vehicle (const BoloHit *hit);
/* "stolen-north, 2 h 10 min old" */
char *bolo_hit_words_get_list (const BoloHit *hit);
/* "2 h 10 min old" */
char *bolo_hit_words_get_age (gint64 age_s);
/* What the match is worth: "Exact match", or "NOT EXACT: read 0, listed O". */
char *bolo_hit_words_get_match (const BoloHit *hit);
gboolean bolo_hit_words_is_exact (const BoloHit *hit);
/* Bit n: the n-th character differs between what was read and what is listed. */
guint bolo_hit_words_get_differs (const BoloHit *hit);
/* The state in a word: "UNCONFIRMED", "CONFIRMED", "MISREAD", "SILENCED". (transfer none) */
const char *bolo_hit_words_get_state (BoloHitCase *hit_case);
/* The CSS class of that state. (transfer none) */
const char *bolo_hit_words_get_state_class (BoloHitCase *hit_case);
/* "Front left, 17:20:31" */
char *bolo_hit_words_get_where (BoloFace *face, const BoloSighting *sighting);
/* The officer's instructions of the entry: reason, action, information; each on a line. */
char *bolo_hit_words_get_reason (const BoloHit *hit);
/* Of a warning marker of the list: words short enough for a driver's glance, and an icon. */
char *bolo_marker_get_words (const char *marker);
const char *bolo_marker_get_symbol (const char *marker);

G_END_DECLS
