/* bolo-usb-take.c: takes what a station has put on a stick for this car
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-usb"

#include "bolo-usb-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "bolo-bundle-files.h"
#include "bolo-envelope.h"
#include "bolo-error.h"
#include "bolo-json-reader.h"
#include "bolo-list-files.h"
#include "bolo-receipt-sum.h"
#include "bolo-station-lists.h"

#define PIECE_BYTES (64 * 1024)
/* So many acknowledgements are in memory at a time: some 20 MB. */
#define SLICE 100000
#define HANDFUL 1000

/* Input: one bundle that is being taken. */
typedef struct {
  BoloUsbJob *job;
  const BoloUsbBundle *bundle;
  char *staging;          /* (owned): what was in it, while it is taken */
  BoloListKey *signer;    /* (owned) (nullable) */
  BoloBundleFiles *files; /* (owned) (nullable) */
  GOutputStream *stream;  /* (owned) (nullable): of the file that comes */
  BoloListTaker *taker;   /* (owned) (nullable) */
} Input;

static char *
make_staging_path (const char *state_dir, const char *remote)
{
  return g_build_filename (state_dir, "sync", remote, "usb", NULL);
}

/* Of what a bundle held nothing stays. */
static gboolean
remove_staging (const char *staging, GError **error)
{
  g_autofree char *folder = NULL;

  if (!g_file_test (staging, G_FILE_TEST_EXISTS))
    return TRUE;
  folder = g_path_get_dirname (staging);
  return bolo_list_files_remove_directory (staging, error) && bolo_list_files_sync (folder, error);
}

void
bolo_usb_sweep (const char *state_dir, const char *remote)
{
  g_autofree char *staging = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (state_dir != NULL && remote != NULL);

  staging = make_staging_path (state_dir, remote);
  if (!remove_staging (staging, &error))
    g_message ("%s", error->message);
}

static void
input_clear (Input *self)
{
  if (self->staging != NULL)
    remove_staging (self->staging, NULL);
  g_free (self->staging);
  g_clear_pointer (&self->signer, bolo_list_key_free);
  g_clear_pointer (&self->files, bolo_bundle_files_free);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->taker, bolo_list_taker_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Input, input_clear)

/* ---- out of the bundle --------------------------------------------------------------------- */

static const BoloListKey *
find_key (const char *name, gpointer data)
{
  Input *self = data;
  const BoloUsbParts *parts = self->job->parts;

  if (self->signer == NULL)
    self->signer =
      bolo_station_lists_load_key (parts->remote, parts->state_dir, name, "The bundle", NULL);
  return self->signer;
}

static gboolean
begin_file (const char *name, guint64 bytes, gpointer data, GError **error)
{
  Input *self = data;
  g_autofree char *path = g_build_filename (self->staging, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GError *local = NULL;

  self->stream = G_OUTPUT_STREAM (g_file_create (file, G_FILE_CREATE_PRIVATE, NULL, &local));
  if (self->stream == NULL)
    bolo_error_take_foreign (error, local, "What is on the stick cannot be kept");
  return self->stream != NULL;
}

static gboolean
add_bytes (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  Input *self = data;
  GError *local = NULL;

  if (g_output_stream_write_all (self->stream, bytes, length, NULL, NULL, &local))
    return TRUE;
  bolo_error_take_foreign (error, local, "What is on the stick cannot be kept");
  return FALSE;
}

static gboolean
end_file (gpointer data, GError **error)
{
  Input *self = data;
  GError *local = NULL;
  gboolean is_closed = g_output_stream_close (self->stream, NULL, &local);

  g_clear_object (&self->stream);
  if (!is_closed)
    bolo_error_take_foreign (error, local, "What is on the stick cannot be kept");
  return is_closed;
}

static gboolean
take_apart (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  Input *self = data;

  return bolo_bundle_files_push (self->files, bytes, length, error);
}

static gboolean
push_all (Input *self, BoloBundleReader *reader, GError **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE_BYTES);
  gboolean is_good = TRUE;
  gssize n = -1;
  int saved;
  int file = open (self->bundle->path, O_RDONLY | O_CLOEXEC);

  while (is_good && file >= 0 && (n = read (file, piece, PIECE_BYTES)) > 0)
    is_good = bolo_usb_goes_on (self->job, error) &&
              bolo_bundle_reader_push (reader, piece, (gsize) n, error);
  saved = errno;
  if (file >= 0)
    close (file);
  if (is_good && n < 0) {
    bolo_error_set_errno (error, saved, "It cannot be read");
    return FALSE;
  }
  return is_good;
}

/* All of it into the staging folder, proved to be the station's and for this car. */
static gboolean
open_bundle (Input *self, GError **error)
{
  const BoloBundleFilesTaker taker = {begin_file, add_bytes, end_file};
  g_autoptr (BoloBundleReader) reader =
    bolo_bundle_reader_new (self->job->key, find_key, take_apart, self);
  const BoloBundleHead *head;

  if (!remove_staging (self->staging, error))
    return FALSE;
  self->files = bolo_bundle_files_new (&taker, self);
  if (!bolo_list_files_make_directory (self->staging, error) || !push_all (self, reader, error))
    return FALSE;
  head = bolo_bundle_reader_finish (reader, error);
  if (head == NULL || !bolo_bundle_files_finish (self->files, error))
    return FALSE;
  if (head->kind == BOLO_BUNDLE_TO_CAR && g_str_equal (head->to, self->job->key->name) &&
      g_str_equal (head->from, head->key))
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_PERMISSION,
               "it is not from the station for this car, %s", self->job->key->name);
  return FALSE;
}

/* @text (out) (transfer full) (nullable): an envelope of the bundle's; it may have none. */
static gboolean
read_envelope (Input *self, const char *name, char **text, GError **error)
{
  g_autofree char *path = g_build_filename (self->staging, name, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  *text = bolo_list_files_read_small (path, BOLO_ENVELOPE_TEXT_MAX, error);
  return *text != NULL;
}

/* ---- acknowledgements ---------------------------------------------------------------------- */

/* Takes those of the handful that were acknowledged out of the outboxes. */
static gboolean
settle (Input *self, GPtrArray *items, GHashTable *slice, GError **error)
{
  const BoloUsbJob *job = self->job;
  gint64 n = 0;

  for (guint i = 0; i < items->len; i++) {
    BoloOutgoing *item = items->pdata[i];
    g_autofree char *line = g_strdup_printf (
      "%s %s %" G_GINT64_FORMAT, bolo_topic_to_string (item->topic), item->id, item->state);

    if (!g_hash_table_contains (slice, line))
      continue;
    bolo_outgoing_answer (item, BOLO_RESULT_KNOWN, NULL);
    n++;
  }
  if (n > 0 && !bolo_sync_queues_settle (job->queues, job->parts->remote->name, items, 0, error))
    return FALSE;
  job->report->n_acknowledged += n;
  return TRUE;
}

static gboolean
settle_slice (Input *self, GHashTable *slice, GError **error)
{
  g_autoptr (BoloUnsentWalk) walk = bolo_unsent_walk_new ();
  const BoloUnsentQuery query = {
    .receiver = self->job->parts->remote->name,
    .now_us = G_MAXINT64,
    .max_urgency = BOLO_URGENCY_PICTURE,
    .max = HANDFUL,
    .max_bytes = G_MAXINT64,
    .walk = walk,
    .names_only = TRUE,
  };
  gboolean is_more = TRUE;

  while (is_more) {
    g_autoptr (GPtrArray) items = NULL;

    if (!bolo_usb_goes_on (self->job, error))
      return FALSE;
    items = bolo_sync_queues_list (self->job->queues, &query, error);
    if (items == NULL)
      return FALSE;
    for (guint i = 0; i < items->len; i++)
      bolo_unsent_walk_pass (walk, items->pdata[i]);
    if (!settle (self, items, slice, error))
      return FALSE;
    is_more = items->len > 0;
  }
  g_hash_table_remove_all (slice);
  return TRUE;
}

/* A line "TOPIC ID STATE". */
static void
add_to_sum (BoloReceiptSum *sum, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 4);

  if (g_strv_length (words) == 3)
    bolo_receipt_sum_add (sum, words[0], words[1], g_ascii_strtoll (words[2], NULL, 10));
}

/* @sum: of all that is acknowledged, for the receipt. */
static gboolean
take_acknowledged (Input *self, BoloReceiptSum *sum, GError **error)
{
  g_autofree char *path = g_build_filename (self->staging, BOLO_BUNDLE_ACKNOWLEDGED, NULL);
  g_autoptr (GHashTable) slice = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) raw = g_file_read (file, NULL, NULL);
  g_autoptr (GDataInputStream) stream = NULL;
  char *line;

  if (raw == NULL)
    return TRUE;
  stream = g_data_input_stream_new (G_INPUT_STREAM (raw));
  while ((line = g_data_input_stream_read_line (stream, NULL, NULL, NULL)) != NULL) {
    add_to_sum (sum, line);
    g_hash_table_add (slice, line);
    if (g_hash_table_size (slice) >= SLICE && !settle_slice (self, slice, error))
      return FALSE;
  }
  return g_hash_table_size (slice) == 0 || settle_slice (self, slice, error);
}

/* ---- the receipt --------------------------------------------------------------------------- */

static gboolean
keep_receipt (Input *self, const char *envelope, GError **error)
{
  const BoloUsbParts *parts = self->job->parts;
  g_autofree char *folder = g_build_filename (parts->state_dir, "receipts", NULL);
  g_autofree char *name = g_strdup_printf ("%s-usb-%06" G_GUINT64_FORMAT ".json",
                                           parts->remote->name, self->bundle->head.number);

  g_free (self->job->report->receipt);
  self->job->report->receipt = g_build_filename (folder, name, NULL);
  return bolo_list_files_make_directory (folder, error) &&
         bolo_list_files_replace (self->job->report->receipt, envelope, error);
}

/* The station's signed word, with counts and the hash of what it acknowledges here. */
static gboolean
take_receipt (Input *self, BoloReceiptSum *sum, GError **error)
{
  const BoloUsbParts *parts = self->job->parts;
  g_autofree char *envelope = NULL;
  g_autofree char *text = NULL;
  g_autofree char *ours = NULL;
  g_autofree char *theirs = NULL;
  g_autoptr (BoloJsonReader) reader = NULL;
  guint64 n_items;

  if (!read_envelope (self, BOLO_BUNDLE_RECEIPT, &envelope, error))
    return FALSE;
  if (envelope == NULL)
    return TRUE;
  text =
    bolo_station_lists_open_envelope (parts->remote, parts->state_dir, envelope, strlen (envelope),
                                      BOLO_ENVELOPE_RECEIPT, "The receipt", error);
  reader = text != NULL ? bolo_json_reader_new (text, strlen (text), "The receipt", error) : NULL;
  if (reader == NULL || !bolo_json_reader_get_text (reader, "sha256", &theirs, error))
    return FALSE;
  ours = bolo_receipt_sum_get (sum, &n_items);
  if (g_str_equal (ours, theirs))
    return keep_receipt (self, envelope, error);
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE,
               "The receipt is for other records than are acknowledged");
  return FALSE;
}

/* ---- lists --------------------------------------------------------------------------------- */

static void
on_arrival (const BoloListArrival *arrival, gpointer user_data)
{
  GPtrArray *lists = user_data;

  for (guint i = 0; i < lists->len; i++) {
    if (g_str_equal (((BoloListArrival *) lists->pdata[i])->name, arrival->name)) {
      g_ptr_array_remove_index (lists, i);
      break;
    }
  }
  g_ptr_array_add (lists, bolo_list_arrival_copy (arrival));
}

static gboolean
fetch_file (const BoloStationDownload *download, gpointer data, GError **error)
{
  const Input *self = data;
  g_autofree char *path = g_build_filename (self->staging, download->file, NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS) && g_rename (path, download->path) == 0)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "the bundle lacks the file %s that its manifest names", download->file);
  return FALSE;
}

static gboolean
take_lists (Input *self, GError **error)
{
  const BoloUsbParts *parts = self->job->parts;
  g_autofree char *envelope = NULL;
  BoloStationLists lists = {
    .remote = parts->remote,
    .state_dir = parts->state_dir,
    .clock = parts->clock,
    .cancellable = parts->cancellable,
    .fetch = fetch_file,
    .data = self,
  };
  g_autoptr (BoloStationManifest) manifest = NULL;

  if (!read_envelope (self, BOLO_BUNDLE_MANIFEST, &envelope, error))
    return FALSE;
  if (envelope == NULL || parts->hotlist == NULL)
    return TRUE;
  self->taker = bolo_list_taker_new (parts->hotlist, parts->state_dir, parts->remote->name,
                                     parts->clock, on_arrival, self->job->report->lists);
  lists.taker = self->taker;
  manifest = bolo_station_lists_read_manifest (&lists, envelope, strlen (envelope),
                                               self->job->key->name, error);
  return manifest != NULL && bolo_station_lists_take (&lists, manifest, error);
}

/* ---- the stick ----------------------------------------------------------------------------- */

static gboolean
take_bundle (BoloUsbJob *job, const BoloUsbBundle *bundle, gboolean is_newest, GError **error)
{
  g_auto (Input) self = {.job = job, .bundle = bundle};
  g_autoptr (BoloReceiptSum) sum = bolo_receipt_sum_new ();
  g_autofree char *name = g_path_get_basename (bundle->path);
  g_autoptr (GError) local = NULL;

  self.staging = make_staging_path (job->parts->state_dir, job->parts->remote->name);
  if (open_bundle (&self, &local) && take_acknowledged (&self, sum, &local) &&
      take_receipt (&self, sum, &local) && (!is_newest || take_lists (&self, &local)))
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local), "%s: ", name);
  return FALSE;
}

/* Of a stick that goes round several cars nothing is said but where there is nothing for us. */
static void
note_foreign (BoloUsbJob *job, const BoloUsbBundle *foreign)
{
  g_autofree char *name = NULL;

  if (foreign == NULL)
    return;
  name = g_path_get_basename (foreign->path);
  job->report->notice = g_strdup_printf ("%s is for the car %s, and this is %s; it was passed over",
                                         name, foreign->head.to, job->key->name);
}

static void
refuse_damaged (const BoloUsbBundle *bundle, GError **error)
{
  g_autofree char *name = NULL;

  if (bundle == NULL)
    return;
  name = g_path_get_basename (bundle->path);
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "%s: this is no bundle of Bolo's, or it is damaged; have it written once more",
               name);
}

/* Those for us, the newest last; (out): one that is for another car, and one that cannot be read
 * and was not ours. */
static GPtrArray *
choose (BoloUsbJob *job,
        GPtrArray *bundles,
        const BoloUsbBundle **foreign,
        const BoloUsbBundle **damaged)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();
  g_autofree char *start = g_strconcat (job->key->name, "-to-", NULL);

  for (guint i = 0; i < bundles->len; i++) {
    BoloUsbBundle *bundle = bundles->pdata[i];
    g_autofree char *name = g_path_get_basename (bundle->path);

    if (bundle->is_damaged && !g_str_has_prefix (name, start))
      *damaged = bundle;
    if (bundle->is_damaged || bundle->head.kind != BOLO_BUNDLE_TO_CAR)
      continue;
    if (g_str_equal (bundle->head.to, job->key->name))
      g_ptr_array_add (chosen, bundle);
    else
      *foreign = bundle;
  }
  return g_steal_pointer (&chosen);
}

gboolean
bolo_usb_take (BoloUsbJob *job, GError **error)
{
  g_autoptr (GPtrArray) bundles = bolo_usb_list_bundles (job->folder, error);
  g_autoptr (GPtrArray) chosen = NULL;
  g_autoptr (GError) first = NULL;
  const BoloUsbBundle *foreign = NULL;
  const BoloUsbBundle *damaged = NULL;

  /* Whatever is on this stick. */
  bolo_usb_sweep (job->parts->state_dir, job->parts->remote->name);
  if (bundles == NULL)
    return FALSE;
  chosen = choose (job, bundles, &foreign, &damaged);
  refuse_damaged (damaged, &first);
  if (chosen->len == 0)
    note_foreign (job, foreign);
  for (guint i = 0; i < chosen->len; i++) {
    g_autoptr (GError) local = NULL;

    if (!take_bundle (job, chosen->pdata[i], i + 1 == chosen->len, &local) && first == NULL)
      first = g_steal_pointer (&local);
  }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}
