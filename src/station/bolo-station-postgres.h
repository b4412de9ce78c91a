/* bolo-station-postgres.h: a station's records in a PostgreSQL database
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-station-store.h"

G_BEGIN_DECLS

#define BOLO_TYPE_STATION_POSTGRES (bolo_station_postgres_get_type ())
G_DECLARE_FINAL_TYPE (BoloStationPostgres, bolo_station_postgres, BOLO, STATION_POSTGRES, GObject)

/* Connects by @connection ("host=… dbname=…"); the writer makes the tables and keeps any other
 * writer out (BUSY). A reader connects again by itself where the server was away. OFFLINE: no
 * server. Belongs to the calling thread. */
BoloStationStore *
bolo_station_postgres_new (const char *connection, gboolean is_reader, GError **error);

G_END_DECLS
