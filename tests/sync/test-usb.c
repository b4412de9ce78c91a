/* test-usb.c: what stands in a car's bundle, in which order, and what it leaves behind
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "bolo-batch-parser.h"
#include "bolo-bundle-files.h"
#include "bolo-envelope.h"
#include "bolo-error.h"
#include "bolo-list-files.h"
#include "bolo-receipt-sum.h"
#include "bolo-receipts.h"
#include "bolo-store-samples.h"
#include "bolo-usb.h"

#define N_SIGHTINGS 40
#define N_HITS 3

typedef struct {
  char *folder; /* the car's state */
  char *stick;
  BoloClock *clock;
  BoloStore *store;
  BoloSyncConfig *config;
  BoloListKey *car;
  BoloListKey *station;
  BoloUsbParts parts;
  gint64 told; /* the last progress, and how often */
  guint n_told;
} Fixture;

static void
add_more (Fixture *self, guint first, guint n)
{
  for (guint i = first; i < first + n; i++) {
    g_autoptr (BoloSighting) sighting =
      sample_sighting (i, BOLO_SIGHTING_CLOSED, SAMPLE_START_US + i * 1000);

    bolo_store_add_sighting (self->store, sighting);
  }
  sample_flush (self->store);
}

static void
fill (Fixture *self)
{
  for (guint i = 0; i < N_SIGHTINGS; i++) {
    g_autoptr (BoloSighting) sighting =
      sample_sighting (i, BOLO_SIGHTING_CLOSED, SAMPLE_START_US + i * 1000);

    if (i < N_SIGHTINGS - N_HITS) {
      bolo_store_add_sighting (self->store, sighting);
    } else {
      g_autoptr (BoloHit) hit = sample_hit (i, sighting);

      bolo_store_add_hit (self->store, hit);
    }
  }
  sample_flush (self->store);
}

static void
on_progress (gint64 items, gint64 of_items, gint64 bytes, gint64 of_bytes, gpointer data)
{
  Fixture *self = data;

  g_assert_true (items == 0 || items >= self->told);
  g_assert_cmpint (items, <=, of_items);
  self->told = items;
  self->n_told++;
}

static void
save_keys (Fixture *self)
{
  g_autofree char *secret = bolo_list_key_to_text (self->car, TRUE);
  g_autofree char *public_key = bolo_list_key_to_text (self->station, FALSE);
  g_autofree char *keys = g_build_filename (self->folder, "list-keys", NULL);

  g_assert_cmpint (g_mkdir (keys, 0700), ==, 0);
  sample_save (self->folder, "KT12.key", secret);
  sample_save (keys, "station.pub", public_key);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_auto (GStrv) receivers = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = sample_make_folder ();
  self->stick = sample_make_folder ();
  self->clock = bolo_clock_new_manual (SAMPLE_START_US + G_TIME_SPAN_HOUR);
  self->car = bolo_list_key_generate ("KT12", &error);
  self->station = bolo_list_key_generate ("station", &error);
  save_keys (self);
  sample_save (self->folder, BOLO_SYNC_CONFIG_FILE,
               "[remote hq]\ntype = usb\nstation_keys = station\ncar_key = KT12.key\n");
  self->config = bolo_sync_config_load_state (self->folder, &error);
  g_assert_no_error (error);
  receivers = bolo_sync_config_get_receivers (self->config);
  self->store = sample_open_store (self->folder, self->clock, (const char *const *) receivers);
  fill (self);
  self->parts = (BoloUsbParts){.remote = self->config->remotes->pdata[0],
                               .store = self->store,
                               .state_dir = self->folder,
                               .clock = self->clock,
                               .progress = on_progress,
                               .data = self};
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_true (bolo_store_close (self->store, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (self->store);
  g_object_unref (self->clock);
  bolo_sync_config_unref (self->config);
  bolo_list_key_free (self->car);
  bolo_list_key_free (self->station);
  g_assert_true (bolo_list_files_remove_directory (self->folder, NULL));
  g_assert_true (bolo_list_files_remove_directory (self->stick, NULL));
  g_free (self->folder);
  g_free (self->stick);
}

static gint64
count (Fixture *self)
{
  BoloUnsentCounts counts = {.oldest_us = -1};
  g_autoptr (GError) error = NULL;
  gint64 sum = 0;

  g_assert_true (bolo_store_count_unsent (self->store, "hq", &counts, &error));
  for (guint i = 0; i < BOLO_N_TOPICS; i++)
    sum += counts.items[i];
  return sum;
}

/* ---- as the station reads it --------------------------------------------------------------- */

static const BoloListKey *
find_key (const char *name, gpointer data)
{
  Fixture *self = data;

  return g_str_equal (name, "KT12") ? self->car : NULL;
}

typedef struct {
  Fixture *fixture;
  GByteArray *plain;
} Reading;

static const BoloListKey *
find_reading_key (const char *name, gpointer data)
{
  return find_key (name, ((Reading *) data)->fixture);
}

static gboolean
append (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  g_byte_array_append (((Reading *) data)->plain, bytes, (guint) length);
  return TRUE;
}

/* (transfer full): of BoloBatchItem. */
static GPtrArray *
read_bundle (Fixture *self, const char *path)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_batch_item_unref);
  g_autoptr (BoloBatchParser) parser = bolo_batch_parser_new (BOLO_BATCH_PICTURE_MAX);
  Reading reading = {self, g_byte_array_new ()};
  g_autoptr (BoloBundleReader) reader =
    bolo_bundle_reader_new (self->station, find_reading_key, append, &reading);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  const BoloBundleHead *head;
  BoloBatchItem *item;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_true (bolo_bundle_reader_push (reader, bytes, length, &error));
  head = bolo_bundle_reader_finish (reader, &error);
  g_assert_no_error (error);
  g_assert_cmpint (head->kind, ==, BOLO_BUNDLE_FROM_CAR);
  g_assert_cmpstr (head->from, ==, "KT12");
  g_assert_cmpstr (head->to, ==, "station");
  bolo_batch_parser_push (parser, reading.plain->data, reading.plain->len);
  while ((item = bolo_batch_parser_next (parser, &error)) != NULL)
    g_ptr_array_add (items, item);
  g_assert_no_error (error);
  g_byte_array_unref (reading.plain);
  return items;
}

static void
test_order (Fixture *self, gconstpointer data)
{
  g_auto (BoloUsbReport) report = {0};
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;
  gint64 waiting = count (self);
  gboolean has_picture = FALSE;

  g_assert_true (bolo_usb_exchange (&self->parts, self->stick, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpint (report.n_written, ==, waiting);
  g_assert_cmpint (self->told, ==, waiting);
  g_assert_cmpuint (self->n_told, >=, 2);
  items = read_bundle (self, report.bundle);
  g_assert_cmpint ((gint64) items->len, ==, waiting);
  for (guint i = 0; i < items->len; i++) {
    const BoloBatchItem *item = items->pdata[i];

    g_assert_null (item->problem);
    g_assert_true (g_hash_table_add (
      names, g_strdup_printf ("%s %s %d", item->word, item->id, (int) item->state)));
    g_assert_true (i >= N_HITS || item->topic == BOLO_BATCH_HIT);
    has_picture = has_picture || item->topic == BOLO_BATCH_PICTURE;
    g_assert_true (!has_picture || item->topic == BOLO_BATCH_PICTURE);
    g_assert_true (item->topic != BOLO_BATCH_PICTURE ||
                   g_bytes_get_size (item->bytes) == item->total);
  }
  g_assert_true (has_picture);
  g_assert_cmpint (count (self), ==, waiting);
}

static char **
list_stick (const char *stick)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GDir) directory = g_dir_open (stick, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    g_strv_builder_add (names, name);
  return g_strv_builder_end (names);
}

static gboolean
is_on (const char *stick, const char *name)
{
  g_auto (GStrv) names = list_stick (stick);

  return g_strv_contains ((const char *const *) names, name);
}

/* Exchanges, and what lies on the stick then is, together, all that waits; each item that was
 * written now is in no bundle from before. */
static void
exchange (Fixture *self, const char *stick, gint64 written, guint n_bundles)
{
  g_auto (BoloUsbReport) report = {0};
  g_autoptr (GHashTable) all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) names = NULL;
  g_autoptr (GError) error = NULL;
  gint64 waiting = count (self);

  self->told = 0;
  g_assert_true (bolo_usb_exchange (&self->parts, stick, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpint (report.n_written, ==, written);
  g_assert_cmpint (report.n_on_stick, ==, waiting - written);
  g_assert_cmpint (report.bundle != NULL, ==, written > 0);
  g_assert_cmpint (self->told, ==, written);
  names = list_stick (stick);
  g_assert_cmpuint (g_strv_length (names), ==, n_bundles);
  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *path = g_build_filename (stick, names[i], NULL);
    g_autoptr (GPtrArray) items = read_bundle (self, path);

    for (guint j = 0; j < items->len; j++) {
      const BoloBatchItem *item = items->pdata[j];

      g_assert_true (g_hash_table_add (
        all, g_strdup_printf ("%s %s %d", item->word, item->id, (int) item->state)));
    }
  }
  g_assert_cmpint (g_hash_table_size (all), ==, waiting);
}

#define FIRST "KT12-to-station-000001.bolo"
#define SECOND "KT12-to-station-000002.bolo"

/* Others' files stay, and a bundle that the car knows nothing of any more goes. */
static void
test_others (Fixture *self, gconstpointer data)
{
  g_auto (BoloUsbReport) report = {0};
  g_autofree char *foreign = g_build_filename (self->stick, "holiday.jpeg", NULL);
  g_autofree char *damaged = g_build_filename (self->stick, "KT12-to-station-000009.bolo", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (foreign, "x", 1, NULL));
  g_assert_true (g_file_set_contents (damaged, "torn", 4, NULL));
  g_assert_true (bolo_usb_exchange (&self->parts, self->stick, &report, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (foreign, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (damaged, G_FILE_TEST_EXISTS));
}

/* What lies there unchanged is not written again; the next one says that it goes with it. */
static void
test_only_new (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->stick, SECOND, NULL);
  g_autofree char *bytes = NULL;
  gint64 waiting = count (self);

  exchange (self, self->stick, waiting, 1);
  exchange (self, self->stick, 0, 1);
  add_more (self, 1000, 3);
  exchange (self, self->stick, count (self) - waiting, 2);
  g_assert_true (g_file_get_contents (path, &bytes, NULL, NULL));
  g_assert_nonnull (strstr (bytes, "\nsince: 1\n"));
  exchange (self, self->stick, 0, 2);
}

/* Torn, changed in one bit, or cut off: it does not count, and all that was in it is written. */
static void
test_torn (Fixture *self, gconstpointer data)
{
  g_autofree char *first = g_build_filename (self->stick, FIRST, NULL);
  gint64 waiting = count (self);

  exchange (self, self->stick, waiting, 1);
  for (guint i = 0; i < 3; i++) {
    g_auto (GStrv) names = list_stick (self->stick);
    g_autofree char *path = g_build_filename (self->stick, names[0], NULL);
    g_autofree char *bytes = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
    bytes[i == 0 ? length - 1 : length / 2] ^= 1;
    length = i == 2 ? length / 3 : length;
    g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
    exchange (self, self->stick, waiting, 1);
    g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  }
  g_assert_false (g_file_test (first, G_FILE_TEST_EXISTS));
}

/* Another stick, an empty one: all is written; back on the first one, what it lacks. */
static void
test_swapped (Fixture *self, gconstpointer data)
{
  g_autofree char *other = sample_make_folder ();
  gint64 first = count (self);
  gint64 second;

  exchange (self, self->stick, first, 1);
  add_more (self, 1000, 3);
  second = count (self);
  exchange (self, other, second, 1);
  add_more (self, 2000, 2);
  exchange (self, self->stick, count (self) - first, 2);
  exchange (self, other, count (self) - second, 2);
  g_assert_true (is_on (self->stick, FIRST));
  g_assert_true (bolo_list_files_remove_directory (other, NULL));
  g_assert_cmpint (g_mkdir (other, 0700), ==, 0);
  exchange (self, other, count (self), 1);
  g_assert_true (bolo_list_files_remove_directory (other, NULL));
}

/* What the car remembers is lost or damaged, or the station has another key now: all is written. */
static void
test_forgotten (Fixture *self, gconstpointer data)
{
  g_autofree char *record = g_build_filename (self->folder, "sync", "hq", "usb-000001.items", NULL);
  g_autofree char *next = g_build_filename (self->folder, "sync", "hq", "usb-000002.items", NULL);
  g_autofree char *keys = g_build_filename (self->folder, "list-keys", NULL);
  g_autofree char *public_key = NULL;
  g_autofree char *bytes = NULL;
  gint64 waiting = count (self);
  gsize length;

  exchange (self, self->stick, waiting, 1);
  g_assert_true (g_file_get_contents (record, &bytes, &length, NULL));
  bytes[length - 3] ^= 1;
  g_assert_true (g_file_set_contents (record, bytes, (gssize) length, NULL));
  exchange (self, self->stick, waiting, 1);
  g_assert_false (g_file_test (record, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_unlink (next), ==, 0);
  exchange (self, self->stick, waiting, 1);
  bolo_list_key_free (self->station);
  self->station = bolo_list_key_generate ("station", NULL);
  public_key = bolo_list_key_to_text (self->station, FALSE);
  sample_save (keys, "station.pub", public_key);
  exchange (self, self->stick, waiting, 1);
}

/* A stick that is visited often: the small ones become one. */
static void
test_many (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (self->folder, "sync", "hq", NULL);
  guint most = 0;

  for (guint i = 0; i < 20; i++) {
    g_auto (BoloUsbReport) report = {0};
    g_auto (GStrv) names = NULL;

    add_more (self, 1000 + i, 1);
    self->told = 0;
    g_assert_true (bolo_usb_exchange (&self->parts, self->stick, &report, NULL));
    g_assert_cmpint (report.n_written + report.n_on_stick, ==, count (self));
    names = list_stick (self->stick);
    most = MAX (most, g_strv_length (names));
  }
  g_assert_cmpuint (most, ==, 15);
  exchange (self, self->stick, 0, 5);
  g_assert_cmpuint (most, >, 5);
  {
    g_auto (GStrv) records = list_stick (folder);
    guint n = 0;

    for (guint i = 0; records[i] != NULL; i++)
      n += g_str_has_suffix (records[i], ".items");
    g_assert_cmpuint (n, <=, 16);
  }
}

static void
test_ended (Fixture *self, gconstpointer data)
{
  g_auto (BoloUsbReport) report = {0};
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) stick = NULL;

  g_cancellable_cancel (cancellable);
  self->parts.cancellable = cancellable;
  g_assert_false (bolo_usb_exchange (&self->parts, self->stick, &report, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_BUSY);
  g_assert_null (report.bundle);
  g_assert_cmpint (report.n_written, ==, 0);
  stick = g_dir_open (self->stick, 0, NULL);
  g_assert_null (g_dir_read_name (stick));
}

/* Without pictures where they are not to leave the car. */
static void
test_no_pictures (Fixture *self, gconstpointer data)
{
  BoloRemote remote = *self->parts.remote;
  g_auto (BoloUsbReport) report = {0};
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GError) error = NULL;

  remote.pictures = BOLO_PICTURES_NEVER;
  self->parts.remote = &remote;
  g_assert_true (bolo_usb_exchange (&self->parts, self->stick, &report, &error));
  items = read_bundle (self, report.bundle);
  g_assert_cmpuint (items->len, >, N_SIGHTINGS);
  for (guint i = 0; i < items->len; i++)
    g_assert_cmpint (((BoloBatchItem *) items->pdata[i])->topic, !=, BOLO_BATCH_PICTURE);
}

/* What is wrong with the keys is said before anything is written. */
static void
test_keys (Fixture *self, gconstpointer data)
{
  BoloRemote remote = *self->parts.remote;
  g_auto (BoloUsbReport) report = {0};
  g_auto (BoloUsbReport) no_stick = {0};
  g_autofree char *public_key = g_build_filename (self->folder, "list-keys", "station.pub", NULL);
  g_autoptr (GError) error = NULL;

  remote.car_key = public_key;
  self->parts.remote = &remote;
  g_assert_false (bolo_usb_exchange (&self->parts, self->stick, &report, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "public half"));
  g_clear_error (&error);
  remote.car_key = NULL;
  g_assert_false (bolo_usb_is_possible (&remote, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  remote.type = BOLO_REMOTE_BOF2;
  g_assert_false (bolo_usb_is_possible (&remote, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  self->parts.remote = self->config->remotes->pdata[0];
  g_assert_cmpint (g_unlink (public_key), ==, 0);
  g_assert_false (bolo_usb_exchange (&self->parts, self->stick, &no_stick, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE);
}

/* ---- what comes home ----------------------------------------------------------------------- */

static gboolean
append_bytes (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  g_byte_array_append (data, bytes, (guint) length);
  return TRUE;
}

static void
add_file (BoloBundleWriter *writer, const char *name, const char *text)
{
  g_autofree char *head = bolo_bundle_files_make_head (name, strlen (text));

  g_assert_true (bolo_bundle_writer_add (writer, head, strlen (head), NULL));
  g_assert_true (bolo_bundle_writer_add (writer, text, strlen (text), NULL));
}

/* @receipt (nullable). */
static void
write_home (Fixture *self, guint64 number, const char *acknowledged, const char *receipt)
{
  g_auto (BoloBundleHead) head = {.kind = BOLO_BUNDLE_TO_CAR,
                                  .from = g_strdup ("station"),
                                  .to = g_strdup ("KT12"),
                                  .number = number,
                                  .issued_us = bolo_clock_get_utc_us (self->clock)};
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *name = g_strdup_printf ("home-%d.bolo", (int) number);
  g_autofree char *path = g_build_filename (self->stick, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloBundleWriter) writer =
    bolo_bundle_writer_new (&head, self->station, self->car, append_bytes, bytes, &error);

  g_assert_no_error (error);
  add_file (writer, BOLO_BUNDLE_ACKNOWLEDGED, acknowledged);
  if (receipt != NULL)
    add_file (writer, BOLO_BUNDLE_RECEIPT, receipt);
  g_assert_true (bolo_bundle_writer_finish (writer, &error));
  g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
}

/* (transfer full): lines of those in a bundle that are of this topic. */
static char *
list_lines (GPtrArray *items, BoloBatchTopic topic)
{
  GString *lines = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++) {
    const BoloBatchItem *item = items->pdata[i];

    if (item->topic == topic)
      g_string_append_printf (lines, "%s %s %d\n", item->word, item->id, (int) item->state);
  }
  return g_string_free (lines, FALSE);
}

/* Of several bundles each acknowledges; what was never asked for takes nothing out. */
static void
test_home (Fixture *self, gconstpointer data)
{
  g_auto (BoloUsbReport) out = {0};
  g_auto (BoloUsbReport) home = {0};
  g_autoptr (GPtrArray) items = NULL;
  g_autofree char *hits = NULL;
  g_autofree char *pictures = NULL;
  g_autoptr (GError) error = NULL;
  gint64 waiting = count (self);

  g_assert_true (bolo_usb_exchange (&self->parts, self->stick, &out, &error));
  items = read_bundle (self, out.bundle);
  hits = list_lines (items, BOLO_BATCH_HIT);
  pictures = list_lines (items, BOLO_BATCH_PICTURE);
  write_home (self, 1, hits, NULL);
  write_home (self, 2, pictures, NULL);
  write_home (self, 3, "hit 0b9f3f0c-58b8-4d7f-9a38-0d6c2f3b7a01 1\nnonsense\n\n", NULL);
  g_assert_true (bolo_usb_exchange (&self->parts, self->stick, &home, &error));
  g_assert_no_error (error);
  g_assert_cmpint (home.n_acknowledged, ==, N_HITS + 2 * N_SIGHTINGS);
  g_assert_cmpint (count (self), ==, waiting - home.n_acknowledged);
  /* Most of the first one is done with: what is left of it goes into a small one. */
  g_assert_cmpint (home.n_written, ==, count (self));
  g_assert_false (g_file_test (out.bundle, G_FILE_TEST_EXISTS));
  g_assert_null (home.receipt);
}

/* Of a bundle that still counts nothing is written again, and it goes when all of it is
 * acknowledged. */
static void
test_acknowledged (Fixture *self, gconstpointer data)
{
  g_auto (BoloUsbReport) out = {0};
  g_auto (BoloUsbReport) some = {0};
  g_auto (BoloUsbReport) rest = {0};
  g_autoptr (GPtrArray) items = NULL;
  g_autofree char *hits = NULL;
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_usb_exchange (&self->parts, self->stick, &out, &error));
  items = read_bundle (self, out.bundle);
  hits = list_lines (items, BOLO_BATCH_HIT);
  write_home (self, 1, hits, NULL);
  self->told = 0;
  g_assert_true (bolo_usb_exchange (&self->parts, self->stick, &some, &error));
  g_assert_cmpint (some.n_acknowledged, ==, N_HITS);
  g_assert_cmpint (some.n_written, ==, 0);
  g_assert_cmpint (some.n_on_stick, ==, count (self));
  g_assert_true (g_file_test (out.bundle, G_FILE_TEST_EXISTS));
  for (guint i = 0; i < items->len; i++) {
    const BoloBatchItem *item = items->pdata[i];

    g_string_append_printf (all, "%s %s %d\n", item->word, item->id, (int) item->state);
  }
  write_home (self, 2, all->str, NULL);
  g_assert_true (bolo_usb_exchange (&self->parts, self->stick, &rest, &error));
  g_assert_no_error (error);
  g_assert_cmpint (count (self), ==, 0);
  g_assert_cmpint (rest.n_on_stick, ==, 0);
  g_assert_false (g_file_test (out.bundle, G_FILE_TEST_EXISTS));
}

/* A receipt is kept when it is the station's and over just what is acknowledged. */
static void
test_receipt (Fixture *self, gconstpointer data)
{
  g_autoptr (BoloReceiptSum) sum = bolo_receipt_sum_new ();
  g_auto (BoloUsbReport) good = {0};
  g_auto (BoloUsbReport) bad = {0};
  g_autofree char *sha256 = NULL;
  g_autofree char *text = NULL;
  g_autofree char *receipt = NULL;
  g_autoptr (BoloReceipt) kept = NULL;
  g_autoptr (GError) error = NULL;
  guint64 n;

  bolo_receipt_sum_add (sum, "hit", "a", 1);
  sha256 = bolo_receipt_sum_get (sum, &n);
  text = g_strdup_printf ("{\"station\":\"Test\",\"car\":\"KT12\","
                          "\"time\":\"2026-03-14T17:20:00.000Z\",\"counts\":{\"hit\":1},"
                          "\"items\":1,\"bytes\":1234,\"sha256\":\"%s\"}",
                          sha256);
  receipt = bolo_envelope_seal (BOLO_ENVELOPE_RECEIPT, text, self->station, &error);
  write_home (self, 1, "hit a 1\n", receipt);
  g_assert_true (bolo_usb_exchange (&self->parts, self->stick, &good, &error));
  g_assert_no_error (error);
  kept = bolo_receipts_read (good.receipt, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kept->sha256, ==, sha256);
  g_assert_cmpint (kept->counts[BOLO_TOPIC_HIT], ==, 1);
  g_assert_cmpint (bolo_receipt_get_n_items (kept), ==, 1);
  g_assert_cmpint (kept->bytes, ==, 1234);
  write_home (self, 1, "hit b 1\n", receipt);
  g_assert_false (bolo_usb_exchange (&self->parts, self->stick, &bad, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE);
  g_assert_nonnull (strstr (error->message, "other records"));
  g_assert_null (bad.receipt);
  g_assert_cmpint (bad.n_on_stick, ==, count (self));
}

/* What a killed exchange has left of what it decrypted goes, whatever is on the next stick. */
static void
test_left_over (Fixture *self, gconstpointer data)
{
  g_autofree char *staging = g_build_filename (self->folder, "sync", "hq", "usb", NULL);
  g_autofree char *list = g_build_filename (staging, "stolen-1", NULL);
  g_auto (BoloUsbReport) report = {0};

  g_assert_cmpint (g_mkdir_with_parents (staging, 0700), ==, 0);
  g_assert_true (g_file_set_contents (list, "AB12CDE", -1, NULL));
  g_assert_true (bolo_usb_exchange (&self->parts, self->stick, &report, NULL));
  g_assert_false (g_file_test (staging, G_FILE_TEST_EXISTS));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/usb/order", test_order);
  ADD ("/usb/others", test_others);
  ADD ("/usb/only-new", test_only_new);
  ADD ("/usb/torn", test_torn);
  ADD ("/usb/swapped", test_swapped);
  ADD ("/usb/forgotten", test_forgotten);
  ADD ("/usb/many", test_many);
  ADD ("/usb/acknowledged", test_acknowledged);
  ADD ("/usb/ended", test_ended);
  ADD ("/usb/no-pictures", test_no_pictures);
  ADD ("/usb/keys", test_keys);
  ADD ("/usb/home", test_home);
  ADD ("/usb/receipt", test_receipt);
  ADD ("/usb/left-over", test_left_over);
  return g_test_run ();
}
