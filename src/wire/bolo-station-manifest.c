/* bolo-station-manifest.c: what a station offers: lists, denied certificates, a configuration
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-manifest"

#include "bolo-station-manifest.h"

#include "bolo-error.h"
#include "bolo-json-reader.h"
#include "bolo-json-writer.h"
#include "bolo-list-key.h"

#include <string.h>

#define HASH_DIGITS 64
#define STATION_LENGTH_MAX 128

static void
free_file (BoloStationFile *self)
{
  g_free (self->file);
  g_free (self->sha256);
  g_free (self->signature);
  g_free (self);
}

static void
free_list (BoloStationList *self)
{
  g_free (self->name);
  g_ptr_array_unref (self->files);
  g_free (self);
}

BoloStationManifest *
bolo_station_manifest_new (void)
{
  BoloStationManifest *self = g_new0 (BoloStationManifest, 1);

  self->lists = g_ptr_array_new_with_free_func ((GDestroyNotify) free_list);
  self->removed = g_new0 (char *, 1);
  self->denied = g_new0 (char *, 1);
  return self;
}

void
bolo_station_manifest_free (BoloStationManifest *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->station);
  g_free (self->car);
  g_ptr_array_unref (self->lists);
  g_strfreev (self->removed);
  g_strfreev (self->denied);
  g_free (self->configuration_file);
  g_free (self->configuration_sha256);
  g_free (self);
}

BoloStationList *
bolo_station_manifest_add_list (BoloStationManifest *self, const char *name, guint64 number)
{
  BoloStationList *list;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  list = g_new0 (BoloStationList, 1);
  list->name = g_strdup (name);
  list->number = number;
  list->files = g_ptr_array_new_with_free_func ((GDestroyNotify) free_file);
  g_ptr_array_add (self->lists, list);
  return list;
}

void
bolo_station_list_add_file (BoloStationList *self,
                            const char *file,
                            guint64 bytes,
                            const char *sha256,
                            guint64 base,
                            const char *signature)
{
  BoloStationFile *added;

  g_return_if_fail (self != NULL && file != NULL && sha256 != NULL && signature != NULL);

  added = g_new0 (BoloStationFile, 1);
  added->file = g_strdup (file);
  added->bytes = bytes;
  added->sha256 = g_strdup (sha256);
  added->base = base;
  added->signature = g_strdup (signature);
  g_ptr_array_insert (self->files, base == 0 ? 0 : -1, added);
}

gboolean
bolo_station_file_name_is_good (const char *name)
{
  gsize length;

  g_return_val_if_fail (name != NULL, FALSE);

  length = strspn (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.");
  return length > 0 && length <= BOLO_STATION_FILE_NAME_MAX && name[length] == '\0' &&
         name[0] != '.';
}

static void
write_texts (BoloJsonWriter *writer, const char *name, char *const *texts)
{
  bolo_json_writer_begin_array (writer, name);
  for (guint i = 0; texts[i] != NULL; i++)
    bolo_json_writer_add_text (writer, NULL, texts[i]);
  bolo_json_writer_end_array (writer);
}

static void
write_list (BoloJsonWriter *writer, const BoloStationList *list)
{
  bolo_json_writer_begin_object (writer, NULL);
  bolo_json_writer_add_text (writer, "name", list->name);
  bolo_json_writer_add_int (writer, "number", (gint64) list->number);
  bolo_json_writer_begin_array (writer, "files");
  for (guint i = 0; i < list->files->len; i++) {
    const BoloStationFile *file = list->files->pdata[i];

    bolo_json_writer_begin_object (writer, NULL);
    bolo_json_writer_add_text (writer, "file", file->file);
    bolo_json_writer_add_int (writer, "bytes", (gint64) file->bytes);
    bolo_json_writer_add_text (writer, "sha256", file->sha256);
    bolo_json_writer_add_int (writer, "base", (gint64) file->base);
    bolo_json_writer_add_text (writer, "signature", file->signature);
    bolo_json_writer_end_object (writer);
  }
  bolo_json_writer_end_array (writer);
  bolo_json_writer_end_object (writer);
}

char *
bolo_station_manifest_to_text (const BoloStationManifest *self)
{
  BoloJsonWriter *writer;

  g_return_val_if_fail (self != NULL, NULL);

  writer = bolo_json_writer_new ();
  bolo_json_writer_add_int (writer, "serial", (gint64) self->serial);
  bolo_json_writer_add_time (writer, "issued", self->issued_us);
  bolo_json_writer_add_time (writer, "expires", self->expires_us);
  bolo_json_writer_add_text (writer, "station", self->station);
  bolo_json_writer_add_text (writer, "car", self->car);
  bolo_json_writer_begin_array (writer, "lists");
  for (guint i = 0; i < self->lists->len; i++)
    write_list (writer, self->lists->pdata[i]);
  bolo_json_writer_end_array (writer);
  write_texts (writer, "removed", self->removed);
  write_texts (writer, "denied", self->denied);
  if (self->configuration_file != NULL) {
    bolo_json_writer_begin_object (writer, "configuration");
    bolo_json_writer_add_int (writer, "number", (gint64) self->configuration_number);
    bolo_json_writer_add_text (writer, "file", self->configuration_file);
    bolo_json_writer_add_int (writer, "bytes", (gint64) self->configuration_bytes);
    bolo_json_writer_add_text (writer, "sha256", self->configuration_sha256);
    bolo_json_writer_end_object (writer);
  } else {
    bolo_json_writer_add_text (writer, "configuration", NULL);
  }
  return bolo_json_writer_finish (writer);
}

static gboolean
is_sha256 (const char *text)
{
  return strlen (text) == HASH_DIGITS && strspn (text, "0123456789abcdef") == HASH_DIGITS;
}

static gboolean
fail (GError **error, const char *source, const char *what)
{
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "%s: %s", source, what);
  return FALSE;
}

/* What the files of lists and the configuration's have in common. */
static gboolean
read_file (BoloJsonReader *reader,
           const char *source,
           char **name,
           guint64 *bytes,
           char **sha256,
           GError **error)
{
  gint64 number;

  if (!bolo_json_reader_get_text (reader, "file", name, error) ||
      !bolo_json_reader_get_int (reader, "bytes", 0, G_MAXINT64, &number, error) ||
      !bolo_json_reader_get_text (reader, "sha256", sha256, error))
    return FALSE;
  *bytes = (guint64) number;
  return (bolo_station_file_name_is_good (*name) && is_sha256 (*sha256)) ||
         fail (error, source, "a file has no good name or no hash");
}

static gboolean
read_list_file (BoloStationList *list, BoloJsonReader *reader, const char *source, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *sha256 = NULL;
  g_autofree char *signature = NULL;
  guint64 bytes;
  gint64 base;

  if (!read_file (reader, source, &name, &bytes, &sha256, error) ||
      !bolo_json_reader_get_int (reader, "base", 0, (gint64) list->number - 1, &base, error) ||
      !bolo_json_reader_get_text (reader, "signature", &signature, error))
    return FALSE;
  bolo_station_list_add_file (list, name, bytes, sha256, (guint64) base, signature);
  return TRUE;
}

static gboolean
has_list (const BoloStationManifest *self, const char *name)
{
  for (guint i = 0; i < self->lists->len; i++)
    if (g_str_equal (((BoloStationList *) self->lists->pdata[i])->name, name))
      return TRUE;
  return FALSE;
}

static gboolean
read_list (BoloStationManifest *self, BoloJsonReader *reader, const char *source, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (GPtrArray) files = NULL;
  BoloStationList *list;
  gint64 number;

  if (!bolo_json_reader_get_text (reader, "name", &name, error) ||
      !bolo_json_reader_get_int (reader, "number", 1, G_MAXINT64, &number, error))
    return FALSE;
  if (!bolo_list_key_name_is_good (name) || has_list (self, name))
    return fail (error, source, "a list has no good name, or stands twice");
  files = bolo_json_reader_get_objects (reader, "files", BOLO_STATION_FILES_MAX, error);
  if (files == NULL)
    return FALSE;
  if (files->len == 0)
    return fail (error, source, "a list has no file");
  list = bolo_station_manifest_add_list (self, name, (guint64) number);
  for (guint i = 0; i < files->len; i++)
    if (!read_list_file (list, files->pdata[i], source, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_lists (BoloStationManifest *self, BoloJsonReader *reader, const char *source, GError **error)
{
  g_autoptr (GPtrArray) lists =
    bolo_json_reader_get_objects (reader, "lists", BOLO_STATION_LISTS_MAX, error);

  for (guint i = 0; lists != NULL && i < lists->len; i++)
    if (!read_list (self, lists->pdata[i], source, error))
      return FALSE;
  return lists != NULL;
}

static gboolean
read_names (BoloStationManifest *self, BoloJsonReader *reader, const char *source, GError **error)
{
  char **removed = bolo_json_reader_get_texts (reader, "removed", BOLO_STATION_LISTS_MAX, error);
  char **denied;

  if (removed == NULL)
    return FALSE;
  g_strfreev (self->removed);
  self->removed = removed;
  denied = bolo_json_reader_get_texts (reader, "denied", BOLO_STATION_DENIED_MAX, error);
  if (denied == NULL)
    return FALSE;
  g_strfreev (self->denied);
  self->denied = denied;
  for (guint i = 0; removed[i] != NULL; i++)
    if (!bolo_list_key_name_is_good (removed[i]) || has_list (self, removed[i]))
      return fail (error, source, "a list to be removed has no good name, or is offered too");
  for (guint i = 0; denied[i] != NULL; i++)
    if (!is_sha256 (denied[i]))
      return fail (error, source, "a denied certificate is no SHA-256");
  return TRUE;
}

static gboolean
read_configuration (BoloStationManifest *self,
                    BoloJsonReader *reader,
                    const char *source,
                    GError **error)
{
  g_autoptr (BoloJsonReader) configuration = NULL;
  gint64 number;

  if (!bolo_json_reader_has (reader, "configuration"))
    return TRUE;
  configuration = bolo_json_reader_get_object (reader, "configuration", error);
  if (configuration == NULL ||
      !bolo_json_reader_get_int (configuration, "number", 1, G_MAXINT64, &number, error))
    return FALSE;
  self->configuration_number = (guint64) number;
  return read_file (configuration, source, &self->configuration_file, &self->configuration_bytes,
                    &self->configuration_sha256, error);
}

BoloStationManifest *
bolo_station_manifest_parse (const char *text, gsize length, const char *source, GError **error)
{
  g_autoptr (BoloJsonReader) reader = NULL;
  g_autoptr (BoloStationManifest) self = NULL;
  gint64 serial;

  g_return_val_if_fail (text != NULL && source != NULL, NULL);

  reader = bolo_json_reader_new (text, length, source, error);
  if (reader == NULL)
    return NULL;
  self = bolo_station_manifest_new ();
  if (!bolo_json_reader_get_int (reader, "serial", 1, G_MAXINT64, &serial, error) ||
      !bolo_json_reader_get_time (reader, "issued", &self->issued_us, error) ||
      !bolo_json_reader_get_time (reader, "expires", &self->expires_us, error) ||
      !bolo_json_reader_get_text (reader, "station", &self->station, error) ||
      !bolo_json_reader_get_text (reader, "car", &self->car, error) ||
      !read_lists (self, reader, source, error) || !read_names (self, reader, source, error) ||
      !read_configuration (self, reader, source, error))
    return NULL;
  self->serial = (guint64) serial;
  if (strlen (self->station) > STATION_LENGTH_MAX || self->expires_us <= self->issued_us) {
    fail (error, source, "the station's name is too long, or it expires before it is issued");
    return NULL;
  }
  return g_steal_pointer (&self);
}

gboolean
bolo_station_manifest_is_current (const BoloStationManifest *self,
                                  const char *car,
                                  guint64 serial,
                                  gint64 now_us,
                                  gint64 slack_us,
                                  GError **error)
{
  g_return_val_if_fail (self != NULL && car != NULL, FALSE);

  if (!g_str_equal (self->car, "*") && !g_str_equal (self->car, car))
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_PERMISSION,
                 "the station's manifest %" G_GUINT64_FORMAT
                 " is for another car; nothing of it is taken",
                 self->serial);
  else if (self->serial < serial)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_STALE,
                 "the station offers manifest %" G_GUINT64_FORMAT
                 ", but this car has seen %" G_GUINT64_FORMAT
                 " already; it is refused as a replay: ask the station's operator",
                 self->serial, serial);
  else if (self->expires_us < now_us)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_STALE,
                 "the station's manifest %" G_GUINT64_FORMAT
                 " has expired; ask the station's operator for a new one",
                 self->serial);
  else if (self->issued_us > now_us + slack_us)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_STALE,
                 "the station's manifest %" G_GUINT64_FORMAT
                 " is of a time to come; compare the clocks of car and station",
                 self->serial);
  else
    return TRUE;
  return FALSE;
}
