/* bolo-station-denied.c: the signed list of certificates that are lost or withdrawn
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-denied"

#include "bolo-station-denied.h"

#include "bolo-envelope.h"
#include "bolo-error.h"
#include "bolo-json-reader.h"
#include "bolo-json-writer.h"
#include "bolo-station-manifest.h"

#include <string.h>

#define HASH_DIGITS 64

static BoloStationDenied *
denied_new (void)
{
  BoloStationDenied *self = g_new0 (BoloStationDenied, 1);

  self->hashes = g_ptr_array_new_with_free_func (g_free);
  self->reasons = g_ptr_array_new_with_free_func (g_free);
  self->set = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
bolo_station_denied_free (BoloStationDenied *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->set);
  g_ptr_array_unref (self->hashes);
  g_ptr_array_unref (self->reasons);
  g_free (self);
}

static void
add_hash (BoloStationDenied *self, const char *hash, const char *reason)
{
  char *copy = g_strdup (hash);

  g_ptr_array_add (self->hashes, copy);
  g_ptr_array_add (self->reasons, g_strdup (reason));
  g_hash_table_add (self->set, copy);
}

static BoloStationDenied *
read_text (const char *text, const char *path, GError **error)
{
  g_autoptr (BoloJsonReader) reader = bolo_json_reader_new (text, strlen (text), path, error);
  g_autoptr (BoloStationDenied) self = denied_new ();
  g_autoptr (GPtrArray) certificates = NULL;
  gint64 number;

  if (reader == NULL || !bolo_json_reader_get_int (reader, "number", 1, G_MAXINT64, &number, error))
    return NULL;
  self->number = (guint64) number;
  certificates =
    bolo_json_reader_get_objects (reader, "certificates", BOLO_STATION_DENIED_MAX, error);
  for (guint i = 0; certificates != NULL && i < certificates->len; i++) {
    g_autofree char *hash = NULL;
    g_autofree char *reason = NULL;

    if (!bolo_json_reader_get_text (certificates->pdata[i], "sha256", &hash, error) ||
        !bolo_json_reader_get_text (certificates->pdata[i], "reason", &reason, error))
      return NULL;
    add_hash (self, hash, reason);
  }
  return certificates != NULL ? g_steal_pointer (&self) : NULL;
}

BoloStationDenied *
bolo_station_denied_load (const char *path, const BoloListKey *key, GError **error)
{
  g_autofree char *json = NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (BoloEnvelope) envelope = NULL;
  gsize length = 0;

  g_return_val_if_fail (path != NULL && key != NULL, NULL);

  if (!g_file_get_contents (path, &json, &length, &local)) {
    if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      return denied_new ();
    bolo_error_take_foreign (error, g_steal_pointer (&local), "Cannot read the deny list");
    return NULL;
  }
  envelope = bolo_envelope_parse (json, length, path, error);
  if (envelope == NULL)
    return NULL;
  if (!bolo_envelope_verify (envelope, BOLO_ENVELOPE_DENIED, key, NULL)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE,
                 "%s is not signed by the station's key; it was changed by something else than "
                 "bolo-station deny",
                 path);
    return NULL;
  }
  return read_text (envelope->text, path, error);
}

gboolean
bolo_station_denied_has (const BoloStationDenied *self, const char *hash)
{
  g_return_val_if_fail (self != NULL && hash != NULL, TRUE);

  return g_hash_table_contains (self->set, hash);
}

static char *
write_text (const BoloStationDenied *self, const char *left_out)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();

  bolo_json_writer_add_int (writer, "number", (gint64) self->number + 1);
  bolo_json_writer_begin_array (writer, "certificates");
  for (guint i = 0; i < self->hashes->len; i++) {
    if (g_strcmp0 (self->hashes->pdata[i], left_out) == 0)
      continue;
    bolo_json_writer_begin_object (writer, NULL);
    bolo_json_writer_add_text (writer, "sha256", self->hashes->pdata[i]);
    bolo_json_writer_add_text (writer, "reason", self->reasons->pdata[i]);
    bolo_json_writer_end_object (writer);
  }
  bolo_json_writer_end_array (writer);
  return bolo_json_writer_finish (writer);
}

gboolean
bolo_station_denied_change (const char *path,
                            const BoloListKey *key,
                            const char *hash,
                            const char *reason,
                            gboolean is_denied,
                            GError **error)
{
  g_autoptr (BoloStationDenied) self = NULL;
  g_autofree char *text = NULL;
  g_autofree char *json = NULL;
  GError *local = NULL;

  g_return_val_if_fail (path != NULL && key != NULL && hash != NULL && reason != NULL, FALSE);
  g_return_val_if_fail (strlen (hash) == HASH_DIGITS, FALSE);

  self = bolo_station_denied_load (path, key, error);
  if (self == NULL)
    return FALSE;
  if (bolo_station_denied_has (self, hash) == is_denied) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOTHING_TO_DO,
                 is_denied ? "the certificate is denied already" : "the certificate is not denied");
    return FALSE;
  }
  if (is_denied)
    add_hash (self, hash, reason);
  text = write_text (self, is_denied ? NULL : hash);
  json = bolo_envelope_seal (BOLO_ENVELOPE_DENIED, text, key, error);
  if (json == NULL)
    return FALSE;
  if (g_file_set_contents_full (
        path, json, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &local))
    return TRUE;
  bolo_error_take_foreign (error, local, "Cannot write the deny list");
  return FALSE;
}
