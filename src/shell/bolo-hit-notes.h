/* bolo-hit-notes.h: what an officer must know of a hit before acting on it, in words
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"
#include "bolo-hit.h"
#include "bolo-sighting.h"

G_BEGIN_DECLS

/* All texts are translated and (transfer full). Main. */

/* A line each, "" when there is none: an officer's word against the entry, a possible clone, a list
 * that grows old, an unknown place, what does not look as listed. That the list is stale or
 * unsigned is in its own line, bolo_hit_words_get_list (). */
char *bolo_hit_notes_get_warnings (BoloFace *face, const BoloHit *hit);
/* The same in a word or two, the gravest, for a driver's glance; "" when there is none. */
char *bolo_hit_notes_get_warning_word (const BoloHit *hit);
/* All other entries that matched, a line each with list, kind of match and reason; "" for one. */
char *bolo_hit_notes_get_others (BoloFace *face, const BoloHit *hit);
/* "2 more entries", "" for one. */
char *bolo_hit_notes_get_more (const BoloHit *hit);
/* "exact", "similar", "pattern": kind of a match in a word, with its score where it is not exact.
 */
char *bolo_match_get_words (const BoloMatch *match);
/* "14 Mar 17:20", local time. */
char *bolo_format_day (gint64 utc_us);

G_END_DECLS
