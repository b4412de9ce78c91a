/* bolo-station-sqlite.h: a station's records in one SQLite file
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-station-store.h"

G_BEGIN_DECLS

#define BOLO_TYPE_STATION_SQLITE (bolo_station_sqlite_get_type ())
G_DECLARE_FINAL_TYPE (BoloStationSqlite, bolo_station_sqlite, BOLO, STATION_SQLITE, GObject)

/* Opens @path, and makes it where it is not there unless @is_reader, which never writes. Belongs to
 * the calling thread. */
BoloStationStore *bolo_station_sqlite_new (const char *path, gboolean is_reader, GError **error);

G_END_DECLS
