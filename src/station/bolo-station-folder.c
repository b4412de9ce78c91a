/* bolo-station-folder.c: the operator's folders as a manifest, and the copies that are served
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-folder"

#include "bolo-station-folder.h"

#include "bolo-envelope.h"
#include "bolo-error.h"
#include "bolo-json-reader.h"
#include "bolo-json-writer.h"
#include "bolo-list-signature.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define SIGNATURE_SUFFIX ".sig"
#define CONFIGURATION_SUFFIX ".conf"
#define POLICY_FILE "policy.ini" /* pushed beside the .conf files */
#define CONFIGURATION_BYTES_MAX (1024 * 1024)
#define COPY_BYTES (256 * 1024)
#define LISTS_EVER_MAX BOLO_STATION_LISTS_MAX

struct _BoloStationFolder {
  char *state;         /* (owned) */
  char *lists;         /* (owned) (nullable) */
  char *configuration; /* (owned) (nullable) */
  char *station;       /* (owned) */
  char *copies;        /* (owned): folder below state */
  char *denied;        /* (owned): file */
  const BoloListKey *key;

  BoloStationManifest *offered; /* (owned) (nullable): the last one */
  char *envelope;               /* (owned) (nullable): the same, signed */
  char *seen;         /* (owned) (nullable): names, sizes and times of what was looked at */
  GHashTable *files;  /* (owned): paths by name */
  GHashTable *hashes; /* (owned) */
};

static void
add_offered_file (BoloStationFolder *self, const char *name, const char *hash)
{
  g_hash_table_replace (self->files, g_strdup (name), g_build_filename (self->copies, name, NULL));
  g_hash_table_replace (self->hashes, g_strdup (name), g_strdup (hash));
}

static void
add_offered_files (BoloStationFolder *self, const BoloStationManifest *manifest)
{
  for (guint i = 0; i < manifest->lists->len; i++) {
    const BoloStationList *list = manifest->lists->pdata[i];

    for (guint j = 0; j < list->files->len; j++) {
      const BoloStationFile *file = list->files->pdata[j];

      add_offered_file (self, file->file, file->sha256);
    }
  }
  if (manifest->configuration_file != NULL)
    add_offered_file (self, manifest->configuration_file, manifest->configuration_sha256);
}

static char *
get_manifest_path (BoloStationFolder *self)
{
  return g_build_filename (self->state, "manifest.json", NULL);
}

/* What was offered last says which serial comes next: without it every car would refuse us. */
static gboolean
load_offered (BoloStationFolder *self, GError **error)
{
  g_autofree char *path = get_manifest_path (self);
  g_autoptr (BoloEnvelope) envelope = NULL;
  GError *local = NULL;
  gsize length = 0;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!g_file_get_contents (path, &self->envelope, &length, &local)) {
    bolo_error_take_foreign (error, local, "Cannot read the last manifest");
    return FALSE;
  }
  envelope = bolo_envelope_parse (self->envelope, length, path, error);
  if (envelope == NULL)
    return FALSE;
  self->offered =
    bolo_station_manifest_parse (envelope->text, strlen (envelope->text), path, error);
  if (self->offered == NULL)
    return FALSE;
  add_offered_files (self, self->offered);
  return TRUE;
}

BoloStationFolder *
bolo_station_folder_new (const char *state,
                         const char *lists,
                         const char *configuration,
                         const char *station,
                         const BoloListKey *key,
                         GError **error)
{
  g_autoptr (BoloStationFolder) self = NULL;

  g_return_val_if_fail (state != NULL && station != NULL && key != NULL, NULL);

  self = g_new0 (BoloStationFolder, 1);
  self->state = g_strdup (state);
  self->lists = g_strdup (lists);
  self->configuration = g_strdup (configuration);
  self->station = g_strdup (station);
  self->key = key;
  self->copies = g_build_filename (state, "offered", NULL);
  self->denied = g_build_filename (state, "denied.json", NULL);
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (g_mkdir_with_parents (self->copies, 0700) != 0) {
    bolo_error_set_errno (error, errno, "Cannot make a folder for what is offered");
    return NULL;
  }
  return load_offered (self, error) ? g_steal_pointer (&self) : NULL;
}

void
bolo_station_folder_free (BoloStationFolder *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->state);
  g_free (self->lists);
  g_free (self->configuration);
  g_free (self->station);
  g_free (self->copies);
  g_free (self->denied);
  g_clear_pointer (&self->offered, bolo_station_manifest_free);
  g_free (self->envelope);
  g_free (self->seen);
  g_hash_table_unref (self->files);
  g_hash_table_unref (self->hashes);
  g_free (self);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* (transfer full): sorted names that end in @suffix; empty where there is no folder. */
static GPtrArray *
list_names (const char *folder, const char *suffix)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, suffix) && name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

static void
describe_file (GString *seen, const char *path)
{
  GStatBuf info;

  if (g_stat (path, &info) == 0)
    g_string_append_printf (
      seen, "%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld %" G_GUINT64_FORMAT "\n", path,
      (gint64) info.st_size, (gint64) info.st_mtim.tv_sec, (long) info.st_mtim.tv_nsec,
      (guint64) info.st_ino);
}

static void
describe_folder (GString *seen, const char *folder)
{
  g_autoptr (GPtrArray) names = list_names (folder, "");

  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);

    describe_file (seen, path);
  }
}

gboolean
bolo_station_folder_has_changed (BoloStationFolder *self, gint64 now_us, gint64 renew_us)
{
  g_autoptr (GString) seen = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, FALSE);

  describe_folder (seen, self->lists);
  describe_folder (seen, self->configuration);
  describe_file (seen, self->denied);
  if (g_strcmp0 (seen->str, self->seen) == 0 && self->offered != NULL &&
      now_us - self->offered->issued_us < renew_us && now_us >= self->offered->issued_us)
    return FALSE;
  g_free (self->seen);
  self->seen = g_string_free (g_steal_pointer (&seen), FALSE);
  return TRUE;
}

BoloStationDenied *
bolo_station_folder_load_denied (BoloStationFolder *self, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  return bolo_station_denied_load (self->denied, self->key, error);
}

/* Copies and hashes in one go. */
static gboolean
copy_stream (GInputStream *from, GOutputStream *to, GChecksum *checksum, GError **error)
{
  g_autofree guint8 *bytes = g_malloc (COPY_BYTES);
  gsize n = 0;

  do {
    if (!g_input_stream_read_all (from, bytes, COPY_BYTES, &n, NULL, error))
      return FALSE;
    g_checksum_update (checksum, bytes, (gssize) n);
    if (!g_output_stream_write_all (to, bytes, n, NULL, NULL, error))
      return FALSE;
  } while (n == COPY_BYTES);
  return g_output_stream_close (to, NULL, error);
}

/* Makes @to a copy of @from, if that has @sha256; what is there already is one. */
static gboolean
copy_file (const char *from, const char *to, const char *sha256, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autofree char *part = g_strconcat (to, ".part", NULL);
  g_autoptr (GFile) target = g_file_new_for_path (part);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GFileInputStream) input = NULL;
  g_autoptr (GFileOutputStream) output = NULL;
  GError *local = NULL;

  if (g_file_test (to, G_FILE_TEST_EXISTS))
    return TRUE;
  input = g_file_read (source, NULL, &local);
  output = input != NULL ? g_file_replace (target, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, &local)
                         : NULL;
  if (output == NULL ||
      !copy_stream (G_INPUT_STREAM (input), G_OUTPUT_STREAM (output), checksum, &local)) {
    bolo_error_take_foreign (error, local, "Cannot copy a list");
    return FALSE;
  }
  if (g_strcmp0 (g_checksum_get_string (checksum), sha256) != 0) {
    g_unlink (part);
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s does not have the hash that its signature says", from);
    return FALSE;
  }
  if (g_rename (part, to) == 0)
    return TRUE;
  bolo_error_set_errno (error, errno, "Cannot keep the copy of a list");
  return FALSE;
}

static BoloStationList *
find_list (const BoloStationManifest *manifest, const char *name)
{
  for (guint i = 0; manifest != NULL && i < manifest->lists->len; i++) {
    BoloStationList *list = manifest->lists->pdata[i];

    if (g_str_equal (list->name, name))
      return list;
  }
  return NULL;
}

/* Of a list only the newest number counts. */
static void
offer_file (BoloStationManifest *manifest,
            const BoloListSignature *signature,
            const char *name,
            const char *text)
{
  BoloStationList *list = find_list (manifest, signature->name);

  if (list == NULL && manifest->lists->len < BOLO_STATION_LISTS_MAX)
    list = bolo_station_manifest_add_list (manifest, signature->name, signature->number);
  if (list == NULL || list->number > signature->number ||
      (list->number == signature->number && list->files->len >= BOLO_STATION_FILES_MAX))
    return;
  if (list->number < signature->number) {
    g_ptr_array_set_size (list->files, 0);
    list->number = signature->number;
  }
  bolo_station_list_add_file (list, name, signature->size, signature->sha256, signature->base,
                              text);
}

static gboolean
read_list (BoloStationFolder *self,
           BoloStationManifest *manifest,
           const char *signature_name,
           GError **error)
{
  g_autofree char *path = g_build_filename (self->lists, signature_name, NULL);
  g_autofree char *list_path = g_strndup (path, strlen (path) - strlen (SIGNATURE_SUFFIX));
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;
  g_autofree char *copy = NULL;
  g_autoptr (BoloListSignature) signature = NULL;
  GError *local = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, &local)) {
    bolo_error_take_foreign (error, local, "Cannot read the signature of a list");
    return FALSE;
  }
  signature = bolo_list_signature_parse (text, length, path, error);
  if (signature == NULL)
    return FALSE;
  name = g_strdup_printf ("%.60s-%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "-%.12s",
                          signature->name, signature->number, signature->base, signature->sha256);
  copy = g_build_filename (self->copies, name, NULL);
  if (!copy_file (list_path, copy, signature->sha256, error))
    return FALSE;
  offer_file (manifest, signature, name, text);
  return TRUE;
}

static void
repeat_list (BoloStationManifest *manifest, const BoloStationList *old)
{
  BoloStationList *list = bolo_station_manifest_add_list (manifest, old->name, old->number);

  for (guint i = 0; i < old->files->len; i++) {
    const BoloStationFile *file = old->files->pdata[i];

    bolo_station_list_add_file (list, file->file, file->bytes, file->sha256, file->base,
                                file->signature);
  }
}

/* A list that was offered and is not in the folder any more is to be dropped by the cars; one that
 * cannot be read just now stays as it is. */
static void
settle_old_lists (BoloStationFolder *self, BoloStationManifest *manifest, gboolean is_complete)
{
  g_autoptr (GPtrArray) removed = g_ptr_array_new ();

  for (guint i = 0; self->offered != NULL && i < self->offered->lists->len; i++) {
    const BoloStationList *old = self->offered->lists->pdata[i];

    if (find_list (manifest, old->name) != NULL)
      continue;
    if (is_complete)
      g_ptr_array_add (removed, g_strdup (old->name));
    else
      repeat_list (manifest, old);
  }
  for (guint i = 0; self->offered != NULL && self->offered->removed[i] != NULL; i++)
    if (find_list (manifest, self->offered->removed[i]) == NULL && removed->len < LISTS_EVER_MAX)
      g_ptr_array_add (removed, g_strdup (self->offered->removed[i]));
  g_ptr_array_add (removed, NULL);
  g_strfreev (manifest->removed);
  manifest->removed = (char **) g_ptr_array_steal (removed, NULL);
}

static void
read_lists (BoloStationFolder *self, BoloStationManifest *manifest)
{
  g_autoptr (GPtrArray) names = list_names (self->lists, SIGNATURE_SUFFIX);
  gboolean is_complete = self->lists == NULL || g_file_test (self->lists, G_FILE_TEST_IS_DIR);

  for (guint i = 0; i < names->len; i++) {
    g_autoptr (GError) error = NULL;

    if (!read_list (self, manifest, names->pdata[i], &error)) {
      g_warning ("A list is not offered: %s", error->message);
      is_complete = FALSE;
    }
  }
  settle_old_lists (self, manifest, is_complete);
}

/* (transfer full) */
static GPtrArray *
list_configuration (const char *folder)
{
  GPtrArray *names = list_names (folder, CONFIGURATION_SUFFIX);
  g_autofree char *policy = folder != NULL ? g_build_filename (folder, POLICY_FILE, NULL) : NULL;

  if (policy != NULL && g_file_test (policy, G_FILE_TEST_EXISTS))
    g_ptr_array_add (names, g_strdup (POLICY_FILE));
  return names;
}

/* (transfer full) (nullable): the files to push as a JSON text; NULL where there are none and never
 * were: that the last one was taken away is news with a number of its own. */
static char *
read_configuration (BoloStationFolder *self, guint64 number, GError **error)
{
  g_autoptr (GPtrArray) names = list_configuration (self->configuration);
  g_autoptr (BoloJsonWriter) writer = bolo_json_writer_new ();
  gsize all = 0;

  bolo_json_writer_add_int (writer, "number", (gint64) number);
  bolo_json_writer_begin_object (writer, "files");
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename (self->configuration, names->pdata[i], NULL);
    g_autofree char *text = NULL;
    GError *local = NULL;
    gsize length = 0;

    if (!g_file_get_contents (path, &text, &length, &local)) {
      bolo_error_take_foreign (error, local, "Cannot read the configuration");
      return NULL;
    }
    all += length;
    if (!g_utf8_validate_len (text, length, NULL) || all > CONFIGURATION_BYTES_MAX) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "%s is not UTF-8, or all files to push have more than a megabyte", path);
      return NULL;
    }
    bolo_json_writer_add_text (writer, names->pdata[i], text);
  }
  bolo_json_writer_end_object (writer);
  return names->len > 0 || number > 0 ? bolo_json_writer_finish (g_steal_pointer (&writer)) : NULL;
}

static gboolean
write_configuration (BoloStationFolder *self,
                     BoloStationManifest *manifest,
                     guint64 number,
                     const char *text,
                     GError **error)
{
  g_autofree char *json = bolo_envelope_seal (BOLO_ENVELOPE_CONFIGURATION, text, self->key, error);
  g_autofree char *path = NULL;
  GError *local = NULL;

  if (json == NULL)
    return FALSE;
  manifest->configuration_number = number;
  manifest->configuration_file =
    g_strdup_printf ("configuration-%" G_GUINT64_FORMAT ".json", number);
  manifest->configuration_bytes = strlen (json);
  manifest->configuration_sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, json, -1);
  path = g_build_filename (self->copies, manifest->configuration_file, NULL);
  if (g_file_set_contents_full (
        path, json, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &local))
    return TRUE;
  bolo_error_take_foreign (error, local, "Cannot keep the configuration to push");
  return FALSE;
}

/* The same files keep their number; other ones get the next. */
static gboolean
offer_configuration (BoloStationFolder *self, BoloStationManifest *manifest, GError **error)
{
  guint64 number = self->offered != NULL ? self->offered->configuration_number : 0;
  g_autofree char *same = read_configuration (self, number, error);
  g_autofree char *next = NULL;
  g_autofree char *sealed = NULL;
  g_autofree char *hash = NULL;

  if (same == NULL)
    return error == NULL || *error == NULL;
  sealed = bolo_envelope_seal (BOLO_ENVELOPE_CONFIGURATION, same, self->key, error);
  if (sealed == NULL)
    return FALSE;
  /* Ed25519 is deterministic: the same text by the same key is the same file. */
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, sealed, -1);
  if (number > 0 && g_strcmp0 (hash, self->offered->configuration_sha256) == 0)
    return write_configuration (self, manifest, number, same, error);
  next = read_configuration (self, number + 1, error);
  return next != NULL && write_configuration (self, manifest, number + 1, next, error);
}

BoloStationManifest *
bolo_station_folder_make_manifest (BoloStationFolder *self,
                                   const BoloStationDenied *denied,
                                   gint64 now_us,
                                   gint64 valid_us,
                                   GError **error)
{
  g_autoptr (BoloStationManifest) manifest = NULL;

  g_return_val_if_fail (self != NULL && denied != NULL, NULL);

  manifest = bolo_station_manifest_new ();
  manifest->serial = self->offered != NULL ? self->offered->serial + 1 : 1;
  /* Whole milliseconds, as they are written. */
  manifest->issued_us = now_us / 1000 * 1000;
  manifest->expires_us = manifest->issued_us + valid_us;
  manifest->station = g_strdup (self->station);
  manifest->car = g_strdup ("*");
  read_lists (self, manifest);
  g_strfreev (manifest->denied);
  manifest->denied = g_new0 (char *, denied->hashes->len + 1);
  for (guint i = 0; i < denied->hashes->len; i++)
    manifest->denied[i] = g_strdup (denied->hashes->pdata[i]);
  return offer_configuration (self, manifest, error) ? g_steal_pointer (&manifest) : NULL;
}

/* Copies of neither manifest. */
static void
remove_old_copies (BoloStationFolder *self)
{
  g_autoptr (GPtrArray) names = list_names (self->copies, "");

  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename (self->copies, names->pdata[i], NULL);

    if (!g_hash_table_contains (self->files, names->pdata[i]))
      g_unlink (path);
  }
}

gboolean
bolo_station_folder_keep (BoloStationFolder *self,
                          const BoloStationManifest *manifest,
                          const char *envelope,
                          char **previous,
                          GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  GError *local = NULL;

  g_return_val_if_fail (self != NULL && manifest != NULL && envelope != NULL, FALSE);

  path = get_manifest_path (self);
  if (!g_file_set_contents_full (path, envelope, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 &local)) {
    bolo_error_take_foreign (error, local, "Cannot keep the manifest");
    return FALSE;
  }
  *previous = self->envelope;
  self->envelope = g_strdup (envelope);
  g_hash_table_remove_all (self->files);
  g_hash_table_remove_all (self->hashes);
  if (self->offered != NULL)
    add_offered_files (self, self->offered);
  add_offered_files (self, manifest);
  g_clear_pointer (&self->offered, bolo_station_manifest_free);
  text = bolo_station_manifest_to_text (manifest);
  self->offered = bolo_station_manifest_parse (text, strlen (text), "the manifest", error);
  remove_old_copies (self);
  return self->offered != NULL;
}

static GHashTable *
copy_table (GHashTable *table)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy, g_strdup (key), g_strdup (value));
  return copy;
}

void
bolo_station_folder_get_files (BoloStationFolder *self, GHashTable **paths, GHashTable **hashes)
{
  g_return_if_fail (self != NULL && paths != NULL && hashes != NULL);

  *paths = copy_table (self->files);
  *hashes = copy_table (self->hashes);
}
