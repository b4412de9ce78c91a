/* bolo-station-place.c: where a station's records lie, and how to get there
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-place"

#include "bolo-station-place.h"

#include "bolo-station-postgres.h"
#include "bolo-station-sqlite.h"

BoloStationStore *
bolo_station_place_open (const BoloStationPlace *place, gboolean is_reader, GError **error)
{
  g_return_val_if_fail (place != NULL, NULL);

  if (place->postgres != NULL)
    return bolo_station_postgres_new (place->postgres, is_reader, error);
  return bolo_station_sqlite_new (place->path, is_reader, error);
}
