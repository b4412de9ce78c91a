/* bolo-hit-table.h: hits, their states and what they met, in the journal
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-db.h"
#include "bolo-hit.h"

G_BEGIN_DECLS

/* All functions: the store's worker. */

/* Inserts this state of the hit; @sighting_state: the row of its sighting's state. *@number: its
 * row, 0 when that very state was there already. */
gboolean bolo_hit_table_add (
  BoloDb *journal, const BoloHit *hit, gint64 sighting_state, gint64 *number, GError **error);
/* (transfer full): one state by its row, with its sighting as it was then; NOT_FOUND. */
BoloHit *bolo_hit_table_load (BoloDb *journal, gint64 number, GError **error);
/* (transfer full): newest states of BoloHit with their sightings (without pictures), oldest
 * first. Markers, texts and times come back as they were; created_monotonic_us is 0. */
GPtrArray *bolo_hit_table_list (BoloDb *journal, gint64 from_us, gint64 to_us, GError **error);

G_END_DECLS
