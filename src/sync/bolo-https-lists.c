/* bolo-https-lists.c: the station's manifest, and what it names: lists, withdrawals, configuration
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-https-lists"

#include "bolo-https-transport-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "bolo-error.h"
#include "bolo-json-reader.h"
#include "bolo-list-files.h"
#include "bolo-list-settings.h"
#include "bolo-station-manifest.h"

#define DENIED_FILE "denied"
#define DENIED_TEXT_MAX (1024 * 1024)
#define SERIAL "serial"
#define CONFIGURATION "configuration"
#define CONFIGURATION_BYTES_MAX (1024 * 1024)
#define MANIFEST_DEADLINE_S 60
/* A manifest may be issued by a clock that is so much ahead of ours. */
#define SLACK_US (300 * G_TIME_SPAN_SECOND)
#define READ_BYTES 65536

/* ---- what was withdrawn -------------------------------------------------------------------- */

static char *
make_denied_path (BoloHttpsTransport *self)
{
  return g_build_filename (self->state_dir, "sync", self->remote->name, DENIED_FILE, NULL);
}

void
bolo_https_transport_load_denied (BoloHttpsTransport *self)
{
  g_autofree char *path = make_denied_path (self);
  g_autofree char *text = NULL;
  g_auto (GStrv) denied = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  text = bolo_list_files_read_small (path, DENIED_TEXT_MAX, NULL);
  denied = g_strsplit (text != NULL ? text : "", "\n", -1);
  bolo_https_link_set_denied (self->link, (const char *const *) denied);
}

static gboolean
keep_denied (BoloHttpsTransport *self, char **denied, GError **error)
{
  g_autofree char *path = make_denied_path (self);
  g_autofree char *text = g_strjoinv ("\n", denied);

  bolo_https_link_set_denied (self->link, (const char *const *) denied);
  if (*text == '\0' && !g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  return bolo_list_files_replace (path, text, error);
}

/* ---- downloads ----------------------------------------------------------------------------- */

typedef struct {
  const char *path; /* of what has come so far */
  const char *name; /* of the list */
  const char *file;
  const char *sha256;
  gint64 bytes;
  BoloListTaker *taker;
} Download;

static gint64
get_size (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? (gint64) info.st_size : 0;
}

/* 206 goes on where it broke off, 200 begins anew. */
static GOutputStream *
open_part (guint status, gpointer user_data, GError **error)
{
  const Download *download = user_data;
  g_autoptr (GFile) file = g_file_new_for_path (download->path);
  GError *local = NULL;
  GFileOutputStream *stream =
    status == 206 ? g_file_append_to (file, G_FILE_CREATE_PRIVATE, NULL, &local)
                  : g_file_replace (file, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, &local);

  if (stream == NULL)
    bolo_error_take_foreign (error, local, "A list cannot be kept");
  return (GOutputStream *) stream;
}

static gboolean
is_whole (const Download *download, GError **error)
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
fetch_file (BoloHttpsTransport *self,
            const Download *download,
            GCancellable *cancellable,
            GError **error)
{
  g_autofree char *path = g_strconcat ("/v1/files/", download->file, NULL);
  g_autofree char *tag = g_strdup_printf ("\"%s\"", download->sha256);
  gint64 held = get_size (download->path);
  g_autofree char *range = g_strdup_printf ("bytes=%" G_GINT64_FORMAT "-", held);
  const char *const headers[] = {"Range", range, "If-Range", tag, NULL};
  const BoloHttpsRequest request = {
    .method = "GET",
    .path = path,
    .headers = held > 0 ? headers : NULL,
    .reply_max = (gsize) download->bytes,
    .open_sink = open_part,
    .sink_data = (gpointer) download,
  };
  g_auto (BoloHttpsReply) reply = {0};

  if (held > download->bytes) {
    g_unlink (download->path);
    held = 0;
  }
  if (held < download->bytes &&
      !bolo_https_link_run (self->link, &request, &reply, cancellable, error)) {
    bolo_list_taker_note_progress (download->taker, download->name, get_size (download->path),
                                   download->bytes);
    return FALSE;
  }
  bolo_list_taker_note_progress (download->taker, download->name, get_size (download->path),
                                 download->bytes);
  return is_whole (download, error);
}

/* ---- lists --------------------------------------------------------------------------------- */

static gboolean
take_way (BoloHttpsTransport *self,
          const BoloStationList *list,
          const BoloStationFile *way,
          BoloListTaker *taker,
          GCancellable *cancellable,
          GError **error)
{
  g_autofree char *path = g_build_filename (bolo_list_taker_get_folder (taker), way->file, NULL);
  g_autofree char *signature = g_strconcat (path, ".sig", NULL);
  const Download download = {path, list->name, way->file, way->sha256, (gint64) way->bytes, taker};
  const BoloListFile file = {
    .name = list->name,
    .path = path,
    .signature = signature,
    .is_delta = way->base > 0,
    .number = (gint64) list->number,
  };

  return fetch_file (self, &download, cancellable, error) &&
         bolo_list_files_replace (signature, way->signature, error) &&
         bolo_list_taker_take (taker, &file, error);
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
take_list (BoloHttpsTransport *self,
           const BoloStationList *list,
           BoloListTaker *taker,
           GCancellable *cancellable,
           GError **error)
{
  gint64 held = bolo_list_taker_get_held (taker, list->name);
  const BoloStationFile *ways[2] = {held > 0 ? find_way (list, (guint64) held) : NULL,
                                    find_way (list, 0)};

  bolo_list_taker_note_newest (taker, list->name, (gint64) list->number);
  if (held == (gint64) list->number)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autoptr (GError) local = NULL;

    if (ways[i] == NULL)
      continue;
    if (take_way (self, list, ways[i], taker, cancellable, &local))
      return TRUE;
    if (is_of_link (local, cancellable)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    bolo_list_taker_note_failure (taker, list->name, local->message);
  }
  return TRUE;
}

/* ---- configuration ------------------------------------------------------------------------- */

static gboolean
parses (const char *name, const char *path, GError **error)
{
  if (g_str_equal (name, BOLO_SYNC_CONFIG_FILE)) {
    g_autoptr (BoloSyncConfig) config = bolo_sync_config_load (path, error);

    return config != NULL;
  }
  if (g_str_equal (name, "lists.conf")) {
    BoloListSettings *settings = bolo_list_settings_load (path, error);

    gboolean is_good = settings != NULL;

    g_clear_pointer (&settings, bolo_list_settings_free);
    return is_good;
  }
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "the station pushes a file %s, which may not be pushed; see bolo-sync.conf(5)",
               name);
  return FALSE;
}

/* Each beside its place, as it is to be read there. */
static gboolean
try_file (BoloHttpsTransport *self, BoloJsonReader *files, const char *name, GError **error)
{
  g_autofree char *trial = g_strconcat (name, ".pushed", NULL);
  g_autofree char *path = g_build_filename (self->state_dir, trial, NULL);
  g_autofree char *text = NULL;
  gboolean is_good;

  if (strchr (name, '/') != NULL || !bolo_json_reader_get_text (files, name, &text, error))
    return FALSE;
  is_good = bolo_list_files_replace (path, text, error) && parses (name, path, error);
  g_unlink (path);
  return is_good;
}

static gboolean
put_file (BoloHttpsTransport *self, BoloJsonReader *files, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (self->state_dir, name, NULL);
  g_autofree char *text = NULL;

  return bolo_json_reader_get_text (files, name, &text, error) &&
         bolo_list_files_replace (path, text, error);
}

static gboolean
apply_configuration (BoloHttpsTransport *self, const char *text, GError **error)
{
  g_autoptr (BoloJsonReader) reader =
    bolo_json_reader_new (text, strlen (text), "the pushed configuration", error);
  g_autoptr (BoloJsonReader) files =
    reader != NULL ? bolo_json_reader_get_object (reader, "files", error) : NULL;
  g_auto (GStrv) names = files != NULL ? bolo_json_reader_get_names (files) : NULL;

  if (names == NULL)
    return FALSE;
  for (guint i = 0; names[i] != NULL; i++) {
    if (!try_file (self, files, names[i], error))
      return FALSE;
  }
  for (guint i = 0; names[i] != NULL; i++) {
    if (!put_file (self, files, names[i], error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
fetch_configuration (BoloHttpsTransport *self,
                     const BoloStationManifest *manifest,
                     BoloListTaker *taker,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autofree char *path =
    g_build_filename (bolo_list_taker_get_folder (taker), CONFIGURATION, NULL);
  const Download download = {path,
                             CONFIGURATION,
                             manifest->configuration_file,
                             manifest->configuration_sha256,
                             (gint64) manifest->configuration_bytes,
                             taker};
  g_autofree char *json = NULL;
  g_autofree char *text = NULL;

  if (!fetch_file (self, &download, cancellable, error))
    return FALSE;
  json = bolo_list_files_read_small (path, CONFIGURATION_BYTES_MAX, error);
  if (json != NULL)
    text = bolo_https_transport_open_envelope (
      self, json, strlen (json), BOLO_ENVELOPE_CONFIGURATION, "The pushed configuration", error);
  g_unlink (path);
  return text != NULL && apply_configuration (self, text, error);
}

/* FALSE: the link failed. One that is refused is said, and not asked for again until it changes. */
static gboolean
take_configuration (BoloHttpsTransport *self,
                    const BoloStationManifest *manifest,
                    BoloListTaker *taker,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (GError) local = NULL;

  if (manifest->configuration_file == NULL ||
      (gint64) manifest->configuration_number <= bolo_list_taker_get_number (taker, CONFIGURATION))
    return TRUE;
  if (fetch_configuration (self, manifest, taker, cancellable, &local)) {
    g_message ("The station's configuration %" G_GUINT64_FORMAT
               " was taken; it takes effect when Bolo is started next",
               manifest->configuration_number);
  } else if (is_of_link (local, cancellable)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  } else {
    bolo_list_taker_note_failure (taker, CONFIGURATION, local->message);
  }
  return bolo_list_taker_set_number (taker, CONFIGURATION, (gint64) manifest->configuration_number,
                                     error);
}

/* ---- the manifest -------------------------------------------------------------------------- */

static BoloStationManifest *
fetch_manifest (BoloHttpsTransport *self,
                BoloListTaker *taker,
                GCancellable *cancellable,
                GError **error)
{
  const char *const headers[] = {"Bolo-Backlog", self->backlog != NULL ? self->backlog : "0",
                                 self->lists != NULL ? "Bolo-Lists" : NULL, self->lists, NULL};
  const BoloHttpsRequest request = {.method = "GET",
                                    .path = "/v1/lists",
                                    .headers = headers,
                                    .reply_max = BOLO_HTTPS_REPLY_MAX,
                                    .deadline_s = MANIFEST_DEADLINE_S};
  g_autoptr (BoloStationManifest) manifest = NULL;
  g_auto (BoloHttpsReply) reply = {0};
  g_autofree char *text = NULL;

  if (!bolo_https_link_run (self->link, &request, &reply, cancellable, error))
    return NULL;
  text =
    bolo_https_transport_open_envelope (self, (const char *) reply.body->data, reply.body->len,
                                        BOLO_ENVELOPE_MANIFEST, "The station's manifest", error);
  if (text == NULL)
    return NULL;
  manifest = bolo_station_manifest_parse (text, strlen (text), "The station's manifest", error);
  if (manifest == NULL || !bolo_station_manifest_is_current (
                            manifest, self->car != NULL ? self->car : "",
                            (guint64) MAX (bolo_list_taker_get_number (taker, SERIAL), 0),
                            bolo_clock_get_utc_us (self->clock), SLACK_US, error))
    return NULL;
  return g_steal_pointer (&manifest);
}

/* What is in force now, for the station's web page; told with the next requests. */
static void
note_lists (BoloHttpsTransport *self, const BoloStationManifest *manifest, BoloListTaker *taker)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < manifest->lists->len; i++) {
    const BoloStationList *list = manifest->lists->pdata[i];
    gint64 held = bolo_list_taker_get_held (taker, list->name);

    if (held > 0)
      g_string_append_printf (text, "%s%s=%" G_GINT64_FORMAT, text->len > 0 ? " " : "", list->name,
                              held);
  }
  g_free (self->lists);
  self->lists = g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
bolo_https_transport_fetch_lists (BoloTransport *transport,
                                  BoloListTaker *taker,
                                  GCancellable *cancellable,
                                  GError **error)
{
  BoloHttpsTransport *self = BOLO_HTTPS_TRANSPORT (transport);
  g_autoptr (BoloStationManifest) manifest = NULL;

  if (self->link == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE, "There is no connection to the station");
    return FALSE;
  }
  manifest = fetch_manifest (self, taker, cancellable, error);
  if (manifest == NULL ||
      !bolo_list_taker_set_number (taker, SERIAL, (gint64) manifest->serial, error) ||
      !keep_denied (self, manifest->denied, error))
    return FALSE;
  for (guint i = 0; manifest->removed != NULL && manifest->removed[i] != NULL; i++) {
    if (!bolo_list_taker_drop (taker, manifest->removed[i], error))
      return FALSE;
  }
  for (guint i = 0; i < manifest->lists->len; i++) {
    if (!take_list (self, manifest->lists->pdata[i], taker, cancellable, error))
      return FALSE;
  }
  note_lists (self, manifest, taker);
  return take_configuration (self, manifest, taker, cancellable, error);
}
