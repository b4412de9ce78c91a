/* bolo-station-pack.h: a station's pictures, in files beside its database
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-db.h"

G_BEGIN_DECLS

/* BoloStationPack: pictures one behind the other in files, "pictures-N"; the table pack says how
 * much of each counts. In the database itself each would be written twice, in pages. Belongs to
 * the connection, and to its thread. */
typedef struct _BoloStationPack BoloStationPack;

/* Where a picture stands. */
typedef struct {
  gint64 pack;
  gint64 start;
  gint64 length;
} BoloStationSpot;

/* A BoloDbStep. */
gboolean bolo_station_pack_create_tables (BoloDb *db, GError **error);
/* @db is lent. Removes the files of which a purge was broken off. */
BoloStationPack *bolo_station_pack_new (BoloDb *db);
void bolo_station_pack_free (BoloStationPack *self);
/* Inside a transaction of @db, as all that follows: @picture (kept until it is written) gets its
 * place. */
gboolean bolo_station_pack_add (
  BoloStationPack *self, gint64 now_us, GBytes *picture, BoloStationSpot *spot, GError **error);
/* What was added is on its way to the disk, while the transaction goes on. */
gboolean bolo_station_pack_start (BoloStationPack *self, GError **error);
/* What was added is on the disk; the transaction may be committed. */
gboolean bolo_station_pack_write (BoloStationPack *self, gint64 now_us, GError **error);
/* The transaction has come to its end, whichever. */
void bolo_station_pack_end (BoloStationPack *self, gboolean is_committed);
/* All items that were received before are gone: so go the files that have no others. */
gboolean bolo_station_pack_purge (BoloStationPack *self, gint64 before_us, GError **error);

G_END_DECLS
