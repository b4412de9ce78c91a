/* bolo-station-place.h: where a station's records lie, and how to get there
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-station-store.h"

G_BEGIN_DECLS

/* BoloStationPlace: plain data; must outlive who opens it. */
typedef struct {
  const char *path;     /* of the SQLite file */
  const char *postgres; /* (nullable): a PostgreSQL connection string instead */
} BoloStationPlace;

/* A connection for the calling thread; the writer makes the tables. (transfer full) */
BoloStationStore *
bolo_station_place_open (const BoloStationPlace *place, gboolean is_reader, GError **error);

G_END_DECLS
