/* bolo-usb-write.c: writes all that waits for a station into a bundle on a stick
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-usb"

#include "bolo-usb-private.h"

#include <glib/gstdio.h>

#include "bolo-error.h"
#include "bolo-list-files.h"
#include "bolo-new-file.h"
#include "bolo-outgoing-body.h"
#include "bolo-station-lists.h"

#define NUMBER_FILE "usb.number"
#define NUMBER_TEXT_MAX 64
/* A handful is in memory at a time. */
#define HANDFUL_ITEMS 1000
#define HANDFUL_BYTES (2 * 1024 * 1024)
#define TELL_US (200 * G_TIME_SPAN_MILLISECOND)

/* Output: a bundle that is being written. */
typedef struct {
  BoloUsbJob *job;
  BoloBundleHead head;
  BoloNewFile *file;        /* (owned) */
  BoloBundleWriter *writer; /* (owned) */
  BoloUnsentWalk *walk;     /* (owned) */
  BoloUnsentQuery query;
  gint64 of_items;
  gint64 of_bytes;
  gint64 bytes; /* of the items, as they were counted */
  gint64 told_us;
} Output;

static void
output_clear (Output *self)
{
  bolo_bundle_head_clear (&self->head);
  g_clear_pointer (&self->writer, bolo_bundle_writer_free);
  g_clear_pointer (&self->file, bolo_new_file_free);
  g_clear_pointer (&self->walk, bolo_unsent_walk_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Output, output_clear)

static gboolean
write_out (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  Output *self = data;

  self->job->report->bytes_written += (gint64) length;
  return bolo_new_file_write (self->file, bytes, length, error);
}

/* Of our own bundles for the same station; of one that is damaged the name is all there is. */
static gboolean
is_ours (const Output *self, const BoloUsbBundle *bundle)
{
  g_autofree char *name = g_path_get_basename (bundle->path);
  g_autofree char *start = g_strdup_printf ("%s-to-%s-", self->head.from, self->head.to);

  if (bundle->is_damaged)
    return g_str_has_prefix (name, start);
  return bundle->head.kind == BOLO_BUNDLE_FROM_CAR &&
         g_str_equal (bundle->head.from, self->head.from) &&
         g_str_equal (bundle->head.to, self->head.to);
}

/* Greater than all before, also than those on the stick, and durable before it is used. */
static gboolean
take_number (Output *self, GPtrArray *bundles, GError **error)
{
  const BoloUsbParts *parts = self->job->parts;
  g_autofree char *folder = g_build_filename (parts->state_dir, "sync", parts->remote->name, NULL);
  g_autofree char *path = g_build_filename (folder, NUMBER_FILE, NULL);
  g_autofree char *before = NULL;
  g_autofree char *text = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    before = bolo_list_files_read_small (path, NUMBER_TEXT_MAX, NULL);
  self->head.number = before != NULL ? g_ascii_strtoull (before, NULL, 10) : 0;
  for (guint i = 0; i < bundles->len; i++) {
    const BoloUsbBundle *bundle = bundles->pdata[i];

    if (is_ours (self, bundle) && !bundle->is_damaged)
      self->head.number = MAX (self->head.number, bundle->head.number);
  }
  self->head.number++;
  text = g_strdup_printf ("%" G_GUINT64_FORMAT "\n", self->head.number);
  return bolo_list_files_make_directory (folder, error) &&
         bolo_list_files_replace (path, text, error);
}

/* Whether anything waits at all. */
static gboolean
count (Output *self, GError **error)
{
  const BoloRemote *remote = self->job->parts->remote;
  gboolean has_pictures = remote->pictures != BOLO_PICTURES_NEVER;
  BoloUnsentCounts counts;

  if (!bolo_sync_queues_count (self->job->queues, remote->name, &counts, error))
    return FALSE;
  for (guint i = 0; i < BOLO_N_TOPICS; i++)
    self->of_items += i != BOLO_TOPIC_PICTURE || has_pictures ? counts.items[i] : 0;
  self->of_bytes = counts.bytes - (has_pictures ? 0 : counts.picture_bytes);
  self->query = (BoloUnsentQuery){
    .receiver = remote->name,
    .now_us = G_MAXINT64, /* also what a link has put off */
    .max_urgency = has_pictures ? BOLO_URGENCY_PICTURE : BOLO_URGENCY_REST,
    .max = HANDFUL_ITEMS,
    .max_bytes = HANDFUL_BYTES,
    .walk = self->walk,
  };
  return TRUE;
}

static void
tell (Output *self, gboolean is_important)
{
  const BoloUsbParts *parts = self->job->parts;
  gint64 now_us = g_get_monotonic_time ();

  if (parts->progress == NULL || (!is_important && now_us - self->told_us < TELL_US))
    return;
  self->told_us = now_us;
  parts->progress (self->job->report->n_written, self->of_items, self->bytes, self->of_bytes,
                   parts->data);
}

static gboolean
write_handful (Output *self, GPtrArray *items, GError **error)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  guint n_bad = 0;

  for (guint i = 0; i < items->len; i++) {
    BoloOutgoing *item = items->pdata[i];
    gboolean is_good = bolo_outgoing_body_write (body, item);

    bolo_unsent_walk_pass (self->walk, item);
    self->job->report->n_written += is_good;
    self->bytes += (gint64) item->bytes;
    n_bad += !is_good;
  }
  /* What nobody could ever read is set aside, as it is on a link. Nothing else is answered. */
  if (n_bad > 0 &&
      !bolo_sync_queues_settle (self->job->queues, self->query.receiver, items, 0, error))
    return FALSE;
  tell (self, FALSE);
  return bolo_bundle_writer_add (self->writer, body->data, body->len, error);
}

static gboolean
write_items (Output *self, GError **error)
{
  gboolean is_more = TRUE;

  while (is_more) {
    g_autoptr (GPtrArray) items = NULL;

    if (!bolo_usb_goes_on (self->job, error))
      return FALSE;
    items = bolo_sync_queues_list (self->job->queues, &self->query, error);
    if (items == NULL || !write_handful (self, items, error))
      return FALSE;
    is_more = items->len > 0;
  }
  return TRUE;
}

/* The new one holds all that still waits of them. */
static void
remove_older (const Output *self, GPtrArray *bundles)
{
  for (guint i = 0; i < bundles->len; i++) {
    const BoloUsbBundle *bundle = bundles->pdata[i];

    if (is_ours (self, bundle) && g_unlink (bundle->path) < 0)
      g_message ("%s is done with, but cannot be removed", bundle->path);
  }
}

static gboolean
open_bundle (Output *self, const char *name, GError **error)
{
  const BoloUsbParts *parts = self->job->parts;
  g_autoptr (BoloListKey) station = bolo_station_lists_load_key (
    parts->remote, parts->state_dir, self->head.to, "What is written for the station", error);

  if (station == NULL)
    return FALSE;
  self->file = bolo_new_file_open (self->job->folder, name, error);
  if (self->file == NULL)
    return FALSE;
  self->writer =
    bolo_bundle_writer_new (&self->head, self->job->key, station, write_out, self, error);
  return self->writer != NULL;
}

gboolean
bolo_usb_write (BoloUsbJob *job, GError **error)
{
  g_auto (Output) self = {.job = job, .walk = bolo_unsent_walk_new ()};
  g_autoptr (GPtrArray) bundles = bolo_usb_list_bundles (job->folder, error);
  g_autofree char *name = NULL;
  g_autofree char *start = NULL;

  self.head.kind = BOLO_BUNDLE_FROM_CAR;
  self.head.from = g_strdup (job->key->name);
  self.head.to = g_strdup (job->parts->remote->station_keys[0]);
  self.head.issued_us = bolo_clock_get_utc_us (job->parts->clock);
  if (bundles == NULL || !count (&self, error))
    return FALSE;
  tell (&self, TRUE);
  if (self.of_items == 0) {
    remove_older (&self, bundles);
    return TRUE;
  }
  if (!take_number (&self, bundles, error))
    return FALSE;
  name = g_strdup_printf ("%s-to-%s-%06" G_GUINT64_FORMAT ".bolo", self.head.from, self.head.to,
                          self.head.number);
  start = g_strdup_printf ("%s-to-%s-", self.head.from, self.head.to);
  /* As large as a shift each. */
  bolo_new_file_remove_unfinished (self.job->folder, start, ".bolo");
  if (!open_bundle (&self, name, error) || !write_items (&self, error) ||
      !bolo_bundle_writer_finish (self.writer, error) || !bolo_new_file_commit (self.file, error)) {
    job->report->n_written = job->report->bytes_written = 0;
    return FALSE;
  }
  job->report->bundle = g_build_filename (job->folder, name, NULL);
  tell (&self, TRUE);
  remove_older (&self, bundles);
  return TRUE;
}
