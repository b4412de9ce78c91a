/* bolo-sighting-table.h: sightings and their states in the journal
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-db.h"
#include "bolo-sighting.h"
#include "bolo-store-values.h"

G_BEGIN_DECLS

/* BoloPlaced: where a state's pictures lie. Plain data; number 0: none. */
typedef struct {
  char day[16];
  gint64 patch;
  gint64 overview;
} BoloPlaced;

/* All functions: the store's worker. */

/* *number: the row of this very state, 0 if it is not there yet. */
gboolean bolo_sighting_table_find (BoloDb *journal,
                                   const BoloSighting *sighting,
                                   gint64 *number,
                                   GError **error);
/* Due time of a sighting that is there already, else of this one. */
gboolean bolo_sighting_table_get_due (BoloDb *journal,
                                      const BoloSighting *sighting,
                                      gint64 *due_us,
                                      GError **error);
/* Inserts the state (and the sighting, if it is its first); *number is its row. */
gboolean bolo_sighting_table_add (BoloDb *journal,
                                  const BoloSighting *sighting,
                                  gint64 due_us,
                                  const BoloPlaced *placed,
                                  gint64 *number,
                                  GError **error);
/* (transfer full): newest states, of BoloSighting, newest capture first. */
GPtrArray *bolo_sighting_table_list (BoloDb *journal, const BoloStoreQuery *query, GError **error);
/* (transfer full): one state by its row; NOT_FOUND. */
BoloSighting *bolo_sighting_table_load (BoloDb *journal, gint64 number, GError **error);
/* (transfer full): a sighting's newest state; NOT_FOUND. */
BoloSighting *
bolo_sighting_table_load_newest (BoloDb *journal, const char *sighting, GError **error);
/* Where the newest picture of a kind lies; NOT_FOUND. */
gboolean bolo_sighting_table_find_picture (
  BoloDb *journal, const char *sighting, BoloPictureKind kind, BoloPlaced *placed, GError **error);

G_END_DECLS
