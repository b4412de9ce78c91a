/* bolo-track.h: the track of a recording, from its track.nmea
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-fix-ring.h"

G_BEGIN_DECLS

#define BOLO_TRACK_MAX_BYTES (64 * 1024 * 1024)

/* Reads all of it. Sentences that are damaged are left out; BOLO_ERROR_INVALID_DATA where none is
 * left, or none within a day of @start_utc_us. (transfer full). Any thread; reads a file. */
BoloFixRing *bolo_track_load (const char *path, gint64 start_utc_us, GError **error);
/* The same from bytes; @name stands for the path in errors. (transfer full). Any thread. */
BoloFixRing *bolo_track_load_data (
  const char *text, gsize length, const char *name, gint64 start_utc_us, GError **error);

G_END_DECLS
