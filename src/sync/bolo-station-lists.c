/* bolo-station-lists.c: what a station's manifest names, taken into the car whatever way it comes
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-lists"

#include "bolo-station-lists.h"

#include <glib/gstdio.h>
#include <string.h>

#include "bolo-envelope.h"
#include "bolo-error.h"
#include "bolo-list-files.h"
#include "bolo-pushed-policy.h"
#include "bolo-station-configuration.h"
#include "bolo-transport.h"

#define DENIED_FILE "denied"
#define DENIED_TEXT_MAX (1024 * 1024)
#define SERIAL "serial"
#define CONFIGURATION "configuration"
#define CONFIGURATION_BYTES_MAX (1024 * 1024)
/* A manifest may be issued by a clock that is so much ahead of ours. */
#define SLACK_US (300 * G_TIME_SPAN_SECOND)
#define READ_BYTES 65536
#define DOWNLOADS "downloads" /* what is fetched; a broken one goes on after a restart */

/* ---- who signed ---------------------------------------------------------------------------- */

BoloListKey *
bolo_station_lists_load_key (const BoloRemote *remote,
                             const char *state_dir,
                             const char *name,
                             const char *source,
                             GError **error)
{
  g_autofree char *file = g_strconcat (name, ".pub", NULL);
  g_autofree char *path = g_build_filename (state_dir, "list-keys", file, NULL);
  g_autofree char *text = NULL;

  if (!g_strv_contains ((const char *const *) remote->station_keys, name) ||
      !g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE,
                 "%s is by the key %s, which is not trusted for it; see station_keys in sync.conf "
                 "and boloctl hotlist trust",
                 source, name);
    return NULL;
  }
  text = bolo_list_files_read_small (path, BOLO_LIST_KEY_TEXT_MAX, error);
  return text != NULL ? bolo_list_key_parse (text, strlen (text), path, error) : NULL;
}

char *
bolo_station_lists_open_envelope (const BoloRemote *remote,
                                  const char *state_dir,
                                  const char *json,
                                  gsize length,
                                  const char *purpose,
                                  const char *source,
                                  GError **error)
{
  g_autoptr (BoloEnvelope) envelope = bolo_envelope_parse (json, length, source, error);
  g_autoptr (BoloListKey) key = NULL;

  if (envelope != NULL)
    key = bolo_station_lists_load_key (remote, state_dir, envelope->key, source, error);
  if (key == NULL)
    return NULL;
  if (!bolo_envelope_verify (envelope, purpose, key, error)) {
    g_prefix_error (error, "%s: ", source);
    return NULL;
  }
  return g_strdup (envelope->text);
}

/* ---- what was withdrawn -------------------------------------------------------------------- */

static char *
make_denied_path (const BoloRemote *remote, const char *state_dir)
{
  return g_build_filename (state_dir, "sync", remote->name, DENIED_FILE, NULL);
}

char **
bolo_station_lists_load_denied (const BoloRemote *remote, const char *state_dir)
{
  g_autofree char *path = make_denied_path (remote, state_dir);
  g_autofree char *text = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    text = bolo_list_files_read_small (path, DENIED_TEXT_MAX, NULL);
  return g_strsplit (text != NULL ? text : "", "\n", -1);
}

static gboolean
keep_denied (const BoloStationLists *self, char **denied, GError **error)
{
  g_autofree char *path = make_denied_path (self->remote, self->state_dir);
  g_autofree char *text = g_strjoinv ("\n", denied);

  if (*text == '\0' && !g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  return bolo_list_files_replace (path, text, error);
}

/* ---- a file -------------------------------------------------------------------------------- */

static gint64
get_size (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? (gint64) info.st_size : 0;
}

static gboolean
is_whole (const BoloStationDownload *download, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GFile) file = g_file_new_for_path (download->path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  g_autofree guint8 *buffer = g_malloc (READ_BYTES);
  gssize n = -1;

  while (stream != NULL &&
         (n = g_input_stream_read (G_INPUT_STREAM (stream), buffer, READ_BYTES, NULL, NULL)) > 0)
    g_checksum_update (sum, buffer, n);
  if (n == 0 && get_size (download->path) == download->bytes &&
      g_str_equal (g_checksum_get_string (sum), download->sha256))
    return TRUE;
  g_unlink (download->path);
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "%s is not what the station's manifest says; it was thrown away", download->file);
  return FALSE;
}

static gboolean
bring (const BoloStationLists *self, const BoloStationDownload *download, GError **error)
{
  return self->fetch (download, self->data, error) && is_whole (download, error);
}

/* ---- lists --------------------------------------------------------------------------------- */

/* (transfer full) (nullable) */
static char *
make_download_path (const BoloStationLists *self, const char *file, GError **error)
{
  g_autofree char *folder =
    g_build_filename (bolo_list_taker_get_folder (self->taker), DOWNLOADS, NULL);

  return bolo_list_files_make_directory (folder, error) ? g_build_filename (folder, file, NULL)
                                                        : NULL;
}

/* (transfer full): a set of the names that may lie there. */
static GHashTable *
list_downloads (const BoloStationManifest *manifest)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_hash_table_add (names, g_strdup (CONFIGURATION));
  for (guint i = 0; i < manifest->lists->len; i++) {
    const BoloStationList *list = manifest->lists->pdata[i];

    for (guint j = 0; j < list->files->len; j++) {
      const BoloStationFile *way = list->files->pdata[j];

      g_hash_table_add (names, g_strdup (way->file));
    }
  }
  return names;
}

/* What was fetched in part of something that the station offers no more, and signatures beside
 * which a kill has left an import: nothing else would ever take them away. */
static void
sweep_downloads (const BoloStationLists *self, const BoloStationManifest *manifest)
{
  g_autoptr (GHashTable) names = list_downloads (manifest);
  g_autofree char *folder =
    g_build_filename (bolo_list_taker_get_folder (self->taker), DOWNLOADS, NULL);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (!g_hash_table_contains (names, name) && g_unlink (path) < 0)
      g_message ("%s is left of a download, and cannot be removed", path);
  }
  if (directory != NULL)
    bolo_list_files_sync (folder, NULL);
}

static gboolean
take_way (const BoloStationLists *self,
          const BoloStationList *list,
          const BoloStationFile *way,
          GError **error)
{
  g_autofree char *path = make_download_path (self, way->file, error);
  g_autofree char *signature = path != NULL ? g_strconcat (path, ".sig", NULL) : NULL;
  const BoloStationDownload download = {path, list->name, way->file, way->sha256,
                                        (gint64) way->bytes};
  const BoloListFile file = {
    .name = list->name,
    .path = path,
    .signature = signature,
    .is_delta = way->base > 0,
    .number = (gint64) list->number,
  };

  return path != NULL && bring (self, &download, error) &&
         bolo_list_files_replace (signature, way->signature, error) &&
         bolo_list_taker_take (self->taker, &file, error);
}

static const BoloStationFile *
find_way (const BoloStationList *list, guint64 base)
{
  for (guint i = 0; i < list->files->len; i++) {
    const BoloStationFile *way = list->files->pdata[i];

    if (way->base == base)
      return way;
  }
  return NULL;
}

/* Whether a failure is the link's, and not this one list's. */
static gboolean
is_of_link (const GError *error, GCancellable *cancellable)
{
  return bolo_transport_judge (error) == BOLO_TRANSPORT_RETRY ||
         g_error_matches (error, BOLO_ERROR, BOLO_ERROR_AUTH) ||
         g_cancellable_is_cancelled (cancellable);
}

/* The changes where they fit, else the whole list. FALSE: the link failed. */
static gboolean
take_list (const BoloStationLists *self, const BoloStationList *list, GError **error)
{
  gint64 held = bolo_list_taker_get_held (self->taker, list->name);
  const BoloStationFile *ways[2] = {held > 0 ? find_way (list, (guint64) held) : NULL,
                                    find_way (list, 0)};

  bolo_list_taker_note_newest (self->taker, list->name, (gint64) list->number);
  if (held == (gint64) list->number)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autoptr (GError) local = NULL;

    if (ways[i] == NULL)
      continue;
    if (take_way (self, list, ways[i], &local))
      return TRUE;
    if (is_of_link (local, self->cancellable)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    bolo_list_taker_note_failure (self->taker, list->name, local->message);
  }
  return TRUE;
}

/* ---- configuration ------------------------------------------------------------------------- */

static gboolean
fetch_configuration (const BoloStationLists *self,
                     const BoloStationManifest *manifest,
                     GError **error)
{
  g_autofree char *path = make_download_path (self, CONFIGURATION, error);
  const BoloStationDownload download = {path, CONFIGURATION, manifest->configuration_file,
                                        manifest->configuration_sha256,
                                        (gint64) manifest->configuration_bytes};
  BoloStationPush push = {self->state_dir, self->remote->name, manifest->station,
                          (gint64) manifest->configuration_number};
  g_autofree char *json = NULL;
  g_autofree char *text = NULL;

  if (path == NULL || !bring (self, &download, error))
    return FALSE;
  json = bolo_list_files_read_small (path, CONFIGURATION_BYTES_MAX, error);
  if (json != NULL)
    text = bolo_station_lists_open_envelope (self->remote, self->state_dir, json, strlen (json),
                                             BOLO_ENVELOPE_CONFIGURATION,
                                             "The pushed configuration", error);
  g_unlink (path);
  push.text = text;
  return text != NULL && bolo_station_configuration_apply (&push, error);
}

/* One sentence: what, where, what to do. */
static void
refuse_configuration (const BoloStationLists *self,
                      const BoloStationManifest *manifest,
                      const GError *error)
{
  g_autofree char *sentence =
    g_strdup_printf ("Configuration %" G_GUINT64_FORMAT " from %s is refused whole, %s; have it "
                     "mended there, what is in the car stays in force",
                     manifest->configuration_number, manifest->station, error->message);

  bolo_list_taker_note_failure (self->taker, CONFIGURATION, sentence);
}

/* FALSE: the link failed. One that is refused is said, and not asked for again until it changes. */
static gboolean
take_configuration (const BoloStationLists *self,
                    const BoloStationManifest *manifest,
                    GError **error)
{
  g_autoptr (GError) local = NULL;

  if (manifest->configuration_file == NULL ||
      (gint64) manifest->configuration_number <=
        bolo_list_taker_get_number (self->taker, CONFIGURATION))
    return TRUE;
  if (fetch_configuration (self, manifest, &local)) {
    g_message ("The station's configuration %" G_GUINT64_FORMAT
               " was taken; it takes effect when Bolo is started next",
               manifest->configuration_number);
    bolo_list_taker_clear_failure (self->taker, CONFIGURATION);
  } else if (is_of_link (local, self->cancellable)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  } else {
    refuse_configuration (self, manifest, local);
  }
  return bolo_list_taker_set_number (self->taker, CONFIGURATION,
                                     (gint64) manifest->configuration_number, error);
}

/* Also where it came the other way, by a stick or a link. */
static void
tell_policy (const BoloStationLists *self)
{
  g_autoptr (BoloListArrival) policy = bolo_pushed_policy_get_arrival (self->state_dir);

  bolo_list_taker_tell (self->taker, policy);
}

/* ---- the manifest -------------------------------------------------------------------------- */

BoloStationManifest *
bolo_station_lists_read_manifest (
  const BoloStationLists *self, const char *json, gsize length, const char *car, GError **error)
{
  g_autofree char *text =
    bolo_station_lists_open_envelope (self->remote, self->state_dir, json, length,
                                      BOLO_ENVELOPE_MANIFEST, "The station's manifest", error);
  g_autoptr (BoloStationManifest) manifest = NULL;

  if (text != NULL)
    manifest = bolo_station_manifest_parse (text, strlen (text), "The station's manifest", error);
  if (manifest == NULL ||
      !bolo_station_manifest_is_current (
        manifest, car, (guint64) MAX (bolo_list_taker_get_number (self->taker, SERIAL), 0),
        bolo_clock_get_utc_us (self->clock), SLACK_US, error))
    return NULL;
  return g_steal_pointer (&manifest);
}

gboolean
bolo_station_lists_take (const BoloStationLists *self,
                         const BoloStationManifest *manifest,
                         GError **error)
{
  if (!bolo_list_taker_set_number (self->taker, SERIAL, (gint64) manifest->serial, error) ||
      !keep_denied (self, manifest->denied, error))
    return FALSE;
  sweep_downloads (self, manifest);
  for (guint i = 0; manifest->removed != NULL && manifest->removed[i] != NULL; i++) {
    if (!bolo_list_taker_drop (self->taker, manifest->removed[i], error))
      return FALSE;
  }
  for (guint i = 0; i < manifest->lists->len; i++) {
    if (!take_list (self, manifest->lists->pdata[i], error))
      return FALSE;
  }
  if (!take_configuration (self, manifest, error))
    return FALSE;
  tell_policy (self);
  return TRUE;
}
