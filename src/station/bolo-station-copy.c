/* bolo-station-copy.c: rows in PostgreSQL's binary COPY format, built in memory
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-station-copy.h"

/* Signature, flags and the length of an extension that there is not. */
static const guint8 header[] = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', 0xff, '\r', '\n',
                                0,   0,   0,   0,   0,   0,   0,    0,    0};

static void
add_16 (BoloStationCopy *self, gint16 value)
{
  guint16 big = GUINT16_TO_BE ((guint16) value);

  g_byte_array_append (self, (const guint8 *) &big, sizeof big);
}

static void
add_32 (BoloStationCopy *self, gint32 value)
{
  guint32 big = GUINT32_TO_BE ((guint32) value);

  g_byte_array_append (self, (const guint8 *) &big, sizeof big);
}

BoloStationCopy *
bolo_station_copy_new (void)
{
  BoloStationCopy *self = g_byte_array_new ();

  g_byte_array_append (self, header, sizeof header);
  return self;
}

void
bolo_station_copy_begin_row (BoloStationCopy *self, guint n_columns)
{
  add_16 (self, (gint16) n_columns);
}

void
bolo_station_copy_add_int2 (BoloStationCopy *self, gint16 value)
{
  add_32 (self, 2);
  add_16 (self, value);
}

void
bolo_station_copy_add_int8 (BoloStationCopy *self, gint64 value)
{
  guint64 big = GUINT64_TO_BE ((guint64) value);

  add_32 (self, 8);
  g_byte_array_append (self, (const guint8 *) &big, sizeof big);
}

void
bolo_station_copy_add_null (BoloStationCopy *self)
{
  add_32 (self, -1);
}

void
bolo_station_copy_add_bytes (BoloStationCopy *self, const void *data, gsize length)
{
  g_return_if_fail (length <= G_MAXINT32);

  if (data == NULL) {
    add_32 (self, -1);
    return;
  }
  add_32 (self, (gint32) length);
  g_byte_array_append (self, data, (guint) length);
}

void
bolo_station_copy_end (BoloStationCopy *self)
{
  add_16 (self, -1);
}
