/* bolo-https-lists.c: the station's manifest and what it names, over the link; downloads go on
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-https-lists"

#include "bolo-https-transport-private.h"

#include <glib/gstdio.h>

#include "bolo-error.h"
#include "bolo-station-lists.h"

#define MANIFEST_DEADLINE_S 60

void
bolo_https_transport_load_denied (BoloHttpsTransport *self)
{
  g_auto (GStrv) denied = bolo_station_lists_load_denied (self->remote, self->state_dir);

  bolo_https_link_set_denied (self->link, (const char *const *) denied);
}

/* ---- downloads ----------------------------------------------------------------------------- */

/* One look for lists. */
typedef struct {
  BoloHttpsTransport *transport;
  BoloListTaker *taker;
  GCancellable *cancellable;
} Look;

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
  const BoloStationDownload *download = user_data;
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
fetch_file (const BoloStationDownload *download, gpointer data, GError **error)
{
  const Look *look = data;
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
  gboolean is_fetched;

  if (held > download->bytes) {
    g_unlink (download->path);
    held = 0;
  }
  is_fetched = held == download->bytes || bolo_https_link_run (look->transport->link, &request,
                                                               &reply, look->cancellable, error);
  bolo_list_taker_note_progress (look->taker, download->name, get_size (download->path),
                                 download->bytes);
  return is_fetched;
}

/* ---- the manifest -------------------------------------------------------------------------- */

static BoloStationManifest *
fetch_manifest (BoloHttpsTransport *self,
                const BoloStationLists *lists,
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
  g_auto (BoloHttpsReply) reply = {0};

  if (!bolo_https_link_run (self->link, &request, &reply, cancellable, error))
    return NULL;
  return bolo_station_lists_read_manifest (lists, (const char *) reply.body->data, reply.body->len,
                                           self->car != NULL ? self->car : "", error);
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
  const Look look = {self, taker, cancellable};
  const BoloStationLists lists = {
    .remote = self->remote,
    .state_dir = self->state_dir,
    .clock = self->clock,
    .taker = taker,
    .cancellable = cancellable,
    .fetch = fetch_file,
    .data = (gpointer) &look,
  };
  g_autoptr (BoloStationManifest) manifest = NULL;

  if (self->link == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE, "There is no connection to the station");
    return FALSE;
  }
  manifest = fetch_manifest (self, &lists, cancellable, error);
  if (manifest == NULL)
    return FALSE;
  bolo_https_link_set_denied (self->link, (const char *const *) manifest->denied);
  if (!bolo_station_lists_take (&lists, manifest, error))
    return FALSE;
  note_lists (self, manifest, taker);
  return TRUE;
}
