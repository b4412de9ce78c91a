/* bolo-track.c: the track of a recording, from its track.nmea
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-position"

#include "bolo-track.h"

#include "bolo-error.h"
#include "bolo-nmea.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define DAY_US (24 * 60 * 60 * (gint64) G_USEC_PER_SEC)

BoloFixRing *
bolo_track_load_data (
  const char *text, gsize length, const char *name, gint64 start_utc_us, GError **error)
{
  g_autoptr (BoloFixRing) ring = bolo_fix_ring_new (0);
  BoloNmeaParser parser = {0};
  guint lines = 0, refused = 0, elsewhen = 0;
  const char *end = text + length;

  g_return_val_if_fail (text != NULL && name != NULL, NULL);

  for (const char *line = text; line < end;) {
    const char *next = memchr (line, '\n', (gsize) (end - line));
    gsize line_length = (gsize) ((next != NULL ? next : end) - line);
    BoloFix fix;

    if (line_length > 0 && line[line_length - 1] == '\r')
      line_length--;
    lines++;
    switch (bolo_nmea_parser_push (&parser, line, line_length, &fix)) {
    case BOLO_NMEA_FIX:
      fix.clock_offset_us = 0; /* a recording's clock is the one of its track */
      if (ABS (fix.time_us - start_utc_us) > DAY_US)
        elsewhen++;
      else
        bolo_fix_ring_add (ring, &fix);
      break;
    case BOLO_NMEA_REFUSED:
      refused++;
      break;
    case BOLO_NMEA_IGNORED:
    case BOLO_NMEA_NO_FIX:
    default:
      break;
    }
    line = next != NULL ? next + 1 : end;
  }

  if (bolo_fix_ring_get_length (ring) == 0 && elsewhen > 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s: no position within a day of the recording's start (%u of other days); it is "
                 "another recording's track, or recording.ini has a wrong start",
                 name, elsewhen);
    return NULL;
  }
  if (bolo_fix_ring_get_length (ring) == 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s: no position in %u lines (%u of them are no sound NMEA sentences); a track "
                 "needs RMC sentences with status A",
                 name, lines, refused);
    return NULL;
  }
  if (refused > 0)
    g_message ("%u of %u lines of the track are no sound NMEA sentences and were left out", refused,
               lines);
  return g_steal_pointer (&ring);
}

BoloFixRing *
bolo_track_load (const char *path, gint64 start_utc_us, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) foreign = NULL;
  gsize length;
  GStatBuf stat_buffer;

  g_return_val_if_fail (path != NULL, NULL);

  if (g_stat (path, &stat_buffer) != 0) {
    bolo_error_set_errno (error, errno, path);
    return NULL;
  }
  if (stat_buffer.st_size > BOLO_TRACK_MAX_BYTES) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s: %" G_GINT64_FORMAT " bytes are too many for a track; at most %d MiB", path,
                 (gint64) stat_buffer.st_size, BOLO_TRACK_MAX_BYTES / 1024 / 1024);
    return NULL;
  }
  if (!g_file_get_contents (path, &text, &length, &foreign)) {
    bolo_error_take_foreign (error, g_steal_pointer (&foreign), path);
    return NULL;
  }
  return bolo_track_load_data (text, length, path, start_utc_us, error);
}
