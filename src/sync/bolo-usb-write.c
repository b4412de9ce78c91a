/* bolo-usb-write.c: writes what waits for a station, and is not on the stick yet, into a bundle
 * there SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-usb"

#include "bolo-usb-private.h"

#include <glib/gstdio.h>

#include "bolo-error.h"
#include "bolo-list-files.h"
#include "bolo-new-file.h"
#include "bolo-outgoing-body.h"
#include "bolo-station-lists.h"
#include "bolo-usb-record.h"

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
  char *folder;             /* (owned): what is remembered of the remote */
  GPtrArray *bundles;       /* (owned): on the stick */
  GPtrArray *records;       /* (owned) of BoloUsbRecord: all that are remembered */
  GPtrArray *held;          /* (owned) of those whose bundles lie there unchanged, and count */
  BoloListKey *station;     /* (owned) (nullable): it is not known */
  BoloUsbRecord *record;    /* (owned) (nullable): of the new one */
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
  g_free (self->folder);
  g_clear_pointer (&self->held, g_ptr_array_unref);
  g_clear_pointer (&self->records, g_ptr_array_unref);
  g_clear_pointer (&self->bundles, g_ptr_array_unref);
  g_clear_pointer (&self->station, bolo_list_key_free);
  g_clear_pointer (&self->record, bolo_usb_record_free);
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
  bolo_usb_record_add_bytes (self->record, bytes, length);
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
take_number (Output *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, NUMBER_FILE, NULL);
  g_autofree char *before = NULL;
  g_autofree char *text = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    before = bolo_list_files_read_small (path, NUMBER_TEXT_MAX, NULL);
  self->head.number = before != NULL ? g_ascii_strtoull (before, NULL, 10) : 0;
  for (guint i = 0; i < self->bundles->len; i++) {
    const BoloUsbBundle *bundle = self->bundles->pdata[i];

    if (is_ours (self, bundle) && !bundle->is_damaged)
      self->head.number = MAX (self->head.number, bundle->head.number);
  }
  self->head.number++;
  text = g_strdup_printf ("%" G_GUINT64_FORMAT "\n", self->head.number);
  return bolo_list_files_make_directory (self->folder, error) &&
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
  self->of_items = self->job->report->n_on_stick = 0;
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

/* ---- what lies on the stick already -------------------------------------------------------- */

static BoloUsbRecord *
find_record (const Output *self, guint64 number)
{
  for (guint i = 0; i < self->records->len; i++) {
    if (bolo_usb_record_get_number (self->records->pdata[i]) == number)
      return self->records->pdata[i];
  }
  return NULL;
}

static gboolean
goes_on (gpointer data, GError **error)
{
  return bolo_usb_goes_on (data, error);
}

/* Those that the car remembers, that are for the station's key of now, and that lie there byte for
 * byte. Whatever else is there is written anew. */
static gboolean
find_held (Output *self, GError **error)
{
  for (guint i = 0; self->of_items > 0 && i < self->bundles->len; i++) {
    const BoloUsbBundle *bundle = self->bundles->pdata[i];
    BoloUsbRecord *record = is_ours (self, bundle) && !bundle->is_damaged
                              ? find_record (self, bundle->head.number)
                              : NULL;
    GError *local = NULL;

    if (record != NULL && self->station != NULL && bolo_usb_record_is_for (record, self->station) &&
        !g_ptr_array_find (self->held, record, NULL) &&
        bolo_usb_record_proves (record, bundle->path, goes_on, self->job, &local))
      g_ptr_array_add (self->held, record);
    if (local != NULL) {
      g_propagate_error (error, local);
      return FALSE;
    }
  }
  /* Many small ones are made into one. */
  if (self->held->len + 1 >= BOLO_USB_RECORDS_MAX)
    g_ptr_array_set_size (self->held, 0);
  return TRUE;
}

static gboolean
has (GPtrArray *records, const BoloUsbKey *key)
{
  for (guint i = 0; i < records->len; i++) {
    if (bolo_usb_record_has (records->pdata[i], key))
      return TRUE;
  }
  return FALSE;
}

/* @waiting: of guint, how many of each record's items still wait. */
static void
count_item (Output *self, const BoloOutgoing *item, GArray *waiting)
{
  BoloUsbKey key;

  bolo_usb_key_set (&key, item);
  for (guint i = 0; i < self->records->len; i++)
    g_array_index (waiting, guint, i) += bolo_usb_record_has (self->records->pdata[i], &key);
  if (!has (self->held, &key))
    return;
  self->job->report->n_on_stick++;
  self->of_items--;
  self->of_bytes -= (gint64) item->bytes;
}

/* Of what no item waits any more, on this stick or on another one, is done with; a bundle most of
 * which is done with does not count. @is_thin (out): there was such a one. */
static void
forget_done (Output *self, GArray *waiting, gboolean *is_thin)
{
  for (guint i = self->records->len; i-- > 0;) {
    BoloUsbRecord *record = self->records->pdata[i];
    guint n_waiting = g_array_index (waiting, guint, i);

    if (2 * (gint64) n_waiting < bolo_usb_record_get_n_items (record) &&
        g_ptr_array_remove (self->held, record))
      *is_thin = *is_thin || n_waiting > 0;
    if (n_waiting > 0)
      continue;
    bolo_usb_record_forget (record, self->folder);
    g_ptr_array_remove_index (self->records, i);
  }
}

static gboolean
count_held (Output *self, gboolean *is_thin, GError **error)
{
  g_autoptr (BoloUnsentWalk) walk = bolo_unsent_walk_new ();
  g_autoptr (GArray) waiting = g_array_new (FALSE, TRUE, sizeof (guint));
  BoloUnsentQuery query = self->query;
  gboolean is_more = self->records->len > 0;

  g_array_set_size (waiting, self->records->len);
  query.walk = walk;
  query.names_only = TRUE;
  query.max_bytes = G_MAXINT64;
  while (is_more) {
    g_autoptr (GPtrArray) items = NULL;

    if (!bolo_usb_goes_on (self->job, error))
      return FALSE;
    items = bolo_sync_queues_list (self->job->queues, &query, error);
    if (items == NULL)
      return FALSE;
    for (guint i = 0; i < items->len; i++) {
      count_item (self, items->pdata[i], waiting);
      bolo_unsent_walk_pass (walk, items->pdata[i]);
    }
    is_more = items->len > 0;
  }
  forget_done (self, waiting, is_thin);
  return TRUE;
}

/* ---- writing ------------------------------------------------------------------------------- */

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
    BoloUsbKey key;
    gboolean is_good;

    bolo_unsent_walk_pass (self->walk, item);
    bolo_usb_key_set (&key, item);
    if (has (self->held, &key))
      continue;
    is_good = bolo_outgoing_body_write (body, item);
    if (is_good)
      bolo_usb_record_add (self->record, &key);
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

/* Passes what lies on the stick, by names alone: no picture is read for nothing. @run (out): how
 * many follow that do not; 0 with *is_more TRUE: it has to be looked further. */
static gboolean
pass_held (Output *self, guint *run, gboolean *is_more, GError **error)
{
  BoloUnsentQuery query = self->query;
  g_autoptr (GPtrArray) names = NULL;
  gboolean is_passing = TRUE;

  query.max = HANDFUL_ITEMS;
  query.names_only = TRUE;
  query.max_bytes = G_MAXINT64;
  names = bolo_sync_queues_list (self->job->queues, &query, error);
  if (names == NULL)
    return FALSE;
  *is_more = names->len > 0;
  *run = 0;
  for (guint i = 0; i < names->len; i++) {
    BoloUsbKey key;
    gboolean is_held;

    bolo_usb_key_set (&key, names->pdata[i]);
    is_held = has (self->held, &key);
    if (is_held && !is_passing)
      break;
    is_passing = is_held;
    if (is_held)
      bolo_unsent_walk_pass (self->walk, names->pdata[i]);
    else
      (*run)++;
  }
  return TRUE;
}

static gboolean
write_items (Output *self, GError **error)
{
  gboolean is_more = TRUE;

  while (is_more) {
    g_autoptr (GPtrArray) items = NULL;

    self->query.max = HANDFUL_ITEMS;
    if (!bolo_usb_goes_on (self->job, error) ||
        (self->held->len > 0 && !pass_held (self, &self->query.max, &is_more, error)))
      return FALSE;
    if (self->query.max == 0)
      continue;
    items = bolo_sync_queues_list (self->job->queues, &self->query, error);
    if (items == NULL || !write_handful (self, items, error))
      return FALSE;
    is_more = items->len > 0 || self->held->len > 0;
  }
  return TRUE;
}

static gboolean
is_held (const Output *self, const BoloUsbBundle *bundle)
{
  const BoloUsbRecord *record = bundle->is_damaged ? NULL : find_record (self, bundle->head.number);

  return record != NULL && g_ptr_array_find (self->held, record, NULL);
}

/* The new one, and those that count, hold all that still waits of them. */
static void
remove_older (const Output *self)
{
  for (guint i = 0; i < self->bundles->len; i++) {
    const BoloUsbBundle *bundle = self->bundles->pdata[i];

    if (is_ours (self, bundle) && !is_held (self, bundle) && g_unlink (bundle->path) < 0)
      g_message ("%s is done with, but cannot be removed", bundle->path);
  }
}

/* Those of other sticks go first, the oldest of them. */
static void
remember (Output *self)
{
  g_autoptr (GError) error = NULL;
  guint n = self->records->len + 1;

  for (guint i = 0; i < self->records->len && n > BOLO_USB_RECORDS_MAX; i++) {
    if (g_ptr_array_find (self->held, self->records->pdata[i], NULL))
      continue;
    bolo_usb_record_forget (self->records->pdata[i], self->folder);
    n--;
  }
  /* Without it all is written once more the next time, and no harm is done. */
  if (!bolo_usb_record_save (self->record, self->folder, &error))
    g_message ("%s", error->message);
}

static gboolean
open_bundle (Output *self, const char *name, GError **error)
{
  if (self->held->len > 0)
    self->head.since = bolo_usb_record_get_number (self->held->pdata[0]);
  self->record = bolo_usb_record_new (self->head.number, self->station);
  self->file = bolo_new_file_open (self->job->folder, name, error);
  if (self->file == NULL)
    return FALSE;
  self->writer =
    bolo_bundle_writer_new (&self->head, self->job->key, self->station, write_out, self, error);
  return self->writer != NULL;
}

static gboolean
write_bundle (Output *self, GError **error)
{
  BoloUsbJob *job = self->job;
  g_autofree char *name = NULL;
  g_autofree char *start = NULL;

  if (!take_number (self, error))
    return FALSE;
  name = g_strdup_printf ("%s-to-%s-%06" G_GUINT64_FORMAT ".bolo", self->head.from, self->head.to,
                          self->head.number);
  start = g_strdup_printf ("%s-to-%s-", self->head.from, self->head.to);
  /* As large as a shift each. */
  bolo_new_file_remove_unfinished (job->folder, start, ".bolo");
  if (!open_bundle (self, name, error) || !write_items (self, error) ||
      !bolo_bundle_writer_finish (self->writer, error) ||
      !bolo_new_file_commit (self->file, error)) {
    job->report->n_written = job->report->bytes_written = 0;
    return FALSE;
  }
  job->report->bundle = g_build_filename (job->folder, name, NULL);
  remember (self);
  tell (self, TRUE);
  return TRUE;
}

static gboolean
look (Output *self, GError **error)
{
  const BoloUsbParts *parts = self->job->parts;
  gboolean is_thin = FALSE;

  self->folder = g_build_filename (parts->state_dir, "sync", parts->remote->name, NULL);
  self->bundles = bolo_usb_list_bundles (self->job->folder, error);
  self->records = bolo_usb_record_load_all (self->folder);
  self->held = g_ptr_array_new ();
  if (self->bundles == NULL || !count (self, error) || !find_held (self, error) ||
      !count_held (self, &is_thin, error))
    return FALSE;
  return !is_thin || (count (self, error) && count_held (self, &is_thin, error));
}

gboolean
bolo_usb_write (BoloUsbJob *job, GError **error)
{
  const BoloUsbParts *parts = job->parts;
  g_auto (Output) self = {.job = job, .walk = bolo_unsent_walk_new ()};
  g_autoptr (GError) unknown = NULL;

  self.head.kind = BOLO_BUNDLE_FROM_CAR;
  self.head.from = g_strdup (job->key->name);
  self.head.to = g_strdup (parts->remote->station_keys[0]);
  self.head.issued_us = bolo_clock_get_utc_us (parts->clock);
  self.station = bolo_station_lists_load_key (parts->remote, parts->state_dir, self.head.to,
                                              "What is written for the station", &unknown);
  if (!look (&self, error))
    return FALSE;
  tell (&self, TRUE);
  if (self.of_items > 0 && self.station == NULL) {
    g_propagate_error (error, g_steal_pointer (&unknown));
    return FALSE;
  }
  if (self.of_items > 0 && !write_bundle (&self, error))
    return FALSE;
  remove_older (&self);
  return TRUE;
}
