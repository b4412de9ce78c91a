/* bolo-receipts.c: what stations have signed for, as it is kept in the car
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-receipts"

#include "bolo-receipts.h"

#include <glib/gstdio.h>
#include <string.h>

#include "bolo-envelope.h"
#include "bolo-error.h"
#include "bolo-json-reader.h"
#include "bolo-list-files.h"

static gboolean
read_counts (BoloReceipt *self, BoloJsonReader *reader, GError **error)
{
  g_autoptr (BoloJsonReader) counts = bolo_json_reader_get_object (reader, "counts", error);

  if (counts == NULL)
    return FALSE;
  for (guint i = 0; i < BOLO_N_TOPICS; i++)
    self->counts[i] =
      (gint64) bolo_json_reader_peek_number (counts, bolo_topic_to_string ((BoloTopic) i), 0);
  return TRUE;
}

BoloReceipt *
bolo_receipts_read (const char *path, GError **error)
{
  g_autoptr (BoloReceipt) self = g_new0 (BoloReceipt, 1);
  g_autofree char *json = NULL;
  g_autoptr (BoloEnvelope) envelope = NULL;
  g_autoptr (BoloJsonReader) reader = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  json = bolo_list_files_read_small (path, BOLO_ENVELOPE_TEXT_MAX, error);
  if (json != NULL)
    envelope = bolo_envelope_parse (json, strlen (json), path, error);
  if (envelope != NULL)
    reader = bolo_json_reader_new (envelope->text, strlen (envelope->text), path, error);
  if (reader == NULL || !bolo_json_reader_get_text (reader, "station", &self->station, error) ||
      !bolo_json_reader_get_text (reader, "sha256", &self->sha256, error) ||
      !bolo_json_reader_get_time (reader, "time", &self->time_us, error) ||
      !read_counts (self, reader, error))
    return NULL;
  self->bytes = (gint64) bolo_json_reader_peek_number (reader, "bytes", 0);
  self->path = g_strdup (path);
  return g_steal_pointer (&self);
}

BoloReceipt *
bolo_receipts_read_newest (const char *state_dir)
{
  g_autofree char *folder = g_build_filename (state_dir, "receipts", NULL);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  g_autoptr (BoloReceipt) newest = NULL;
  g_autofree char *path = NULL;
  gint64 at = G_MININT64;
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL) {
    g_autofree char *one = g_build_filename (folder, name, NULL);
    GStatBuf info;

    if (!g_str_has_suffix (name, ".json") || g_stat (one, &info) != 0 || info.st_mtime < at)
      continue;
    at = info.st_mtime;
    g_free (path);
    path = g_steal_pointer (&one);
  }
  if (path != NULL)
    newest = bolo_receipts_read (path, NULL);
  return g_steal_pointer (&newest);
}
