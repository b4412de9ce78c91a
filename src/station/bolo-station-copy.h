/* bolo-station-copy.h: rows in PostgreSQL's binary COPY format, built in memory
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloStationCopy: what COPY … FROM STDIN (FORMAT binary) reads. All functions: pure. */
typedef GByteArray BoloStationCopy;

BoloStationCopy *bolo_station_copy_new (void);
void bolo_station_copy_begin_row (BoloStationCopy *self, guint n_columns);
void bolo_station_copy_add_int2 (BoloStationCopy *self, gint16 value);
void bolo_station_copy_add_int8 (BoloStationCopy *self, gint64 value);
void bolo_station_copy_add_null (BoloStationCopy *self);
/* text and bytea; @data NULL is NULL. */
void bolo_station_copy_add_bytes (BoloStationCopy *self, const void *data, gsize length);
void bolo_station_copy_end (BoloStationCopy *self);

G_END_DECLS
