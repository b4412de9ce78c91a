/* test-usb.c: bundles of cars are stored once, and what was stored goes home; bad ones change
 * nothing SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-batch.h"
#include "bolo-bundle-files.h"
#include "bolo-error.h"
#include "bolo-station-usb.h"

#include <glib/gstdio.h>
#include <string.h>

#define HIT "0b9f3f0c-58b8-4d7f-9a38-0d6c2f3b7a01"
#define HIT_A HIT
#define HIT_B "0b9f3f0c-58b8-4d7f-9a38-0d6c2f3b7b01"
#define HIT_C "0b9f3f0c-58b8-4d7f-9a38-0d6c2f3b7c01"
#define SIGHTING "0b9f3f0c-58b8-4d7f-9a38-0d6c2f3b7a02"

typedef struct {
  char *folder;
  char *state;
  char *cars;
  char *bundle;
  char *database;
  BoloStationPlace place;
  BoloClock *clock;
  BoloStationFaults *faults;
  BoloStationIntake *intake;
  BoloListKey *car;
  BoloListKey *station;
  BoloStationUsb usb;
  const char *hit; /* in bundles that are written */
  guint64 since;   /* of their heads */
} Fixture;

static void
save_key (const char *folder, const BoloListKey *key)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.pub", folder, key->name);
  g_autofree char *text = bolo_list_key_to_text (key, FALSE);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("bolo-usb-XXXXXX", &error);
  g_assert_no_error (error);
  self->state = g_build_filename (self->folder, "state", NULL);
  self->cars = g_build_filename (self->folder, "cars", NULL);
  self->bundle = g_build_filename (self->folder, "car.bolo", NULL);
  self->database = g_build_filename (self->folder, "station.db", NULL);
  g_assert_cmpint (g_mkdir (self->state, 0700) | g_mkdir (self->cars, 0700), ==, 0);
  self->car = bolo_list_key_generate ("KT12", &error);
  self->station = bolo_list_key_generate ("station", &error);
  g_assert_no_error (error);
  save_key (self->cars, self->car);
  self->place.path = self->database;
  self->clock = bolo_clock_new_system ();
  self->faults = bolo_station_faults_new (NULL, 0, NULL);
  self->intake = bolo_station_intake_new (&self->place, self->clock, self->faults, &error);
  g_assert_no_error (error);
  self->usb = (BoloStationUsb){.state = self->state,
                               .car_keys = self->cars,
                               .key = self->station,
                               .station = "station",
                               .clock = self->clock};
  self->hit = HIT;
}

static void
remove_folder (const char *path)
{
  GDir *folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *inner = g_build_filename (path, name, NULL);

    if (g_file_test (inner, G_FILE_TEST_IS_DIR))
      remove_folder (inner);
    else
      g_unlink (inner);
  }
  g_clear_pointer (&folder, g_dir_close);
  g_rmdir (path);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  bolo_station_intake_close (self->intake);
  g_assert_finalize_object (self->intake);
  bolo_station_faults_free (self->faults);
  g_object_unref (self->clock);
  bolo_list_key_free (self->car);
  bolo_list_key_free (self->station);
  remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->state);
  g_free (self->cars);
  g_free (self->bundle);
  g_free (self->database);
}

static gboolean
append (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  g_byte_array_append (data, bytes, (guint) length);
  return TRUE;
}

static GByteArray *
make_batch (const Fixture *self)
{
  GByteArray *batch = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  bolo_batch_write_record (batch, BOLO_BATCH_HIT, self->hit, 1, "{\"event\":\"hit\"}", &error);
  g_assert_no_error (error);
  bolo_batch_write_record (batch, BOLO_BATCH_SIGHTING, SIGHTING, 2, "{\"event\":\"sighting\"}",
                           &error);
  g_assert_no_error (error);
  return batch;
}

static void
write_bundle (Fixture *self, const char *from, const char *to, BoloBundleKind kind, guint64 number)
{
  g_auto (BoloBundleHead) head = {.kind = kind,
                                  .from = g_strdup (from),
                                  .to = g_strdup (to),
                                  .number = number,
                                  .since = self->since,
                                  .issued_us = bolo_clock_get_utc_us (self->clock)};
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GByteArray) batch = make_batch (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloBundleWriter) writer =
    bolo_bundle_writer_new (&head, self->car, self->station, append, bytes, &error);

  g_assert_no_error (error);
  g_assert_true (bolo_bundle_writer_add (writer, batch->data, batch->len, &error));
  g_assert_true (bolo_bundle_writer_finish (writer, &error));
  g_assert_true (g_file_set_contents (self->bundle, (const char *) bytes->data, bytes->len, NULL));
}

static void
import (Fixture *self, guint64 n_stored, guint64 n_known)
{
  g_auto (BoloStationUsbReport) report = {0};
  g_autoptr (GError) error = NULL;

  bolo_station_usb_import (&self->usb, self->intake, self->bundle, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (report.car, ==, "KT12");
  g_assert_cmpuint (report.n_stored, ==, n_stored);
  g_assert_cmpuint (report.n_known, ==, n_known);
  g_assert_cmpuint (report.n_rejected + report.n_again, ==, 0);
}

static void
import_in_vain (Fixture *self, BoloError code)
{
  g_auto (BoloStationUsbReport) report = {0};
  g_autofree char *acknowledged =
    bolo_station_usb_get_path (&self->usb, "KT12", BOLO_BUNDLE_ACKNOWLEDGED);
  g_autoptr (GError) error = NULL;

  g_assert_false (
    bolo_station_usb_import (&self->usb, self->intake, self->bundle, &report, &error));
  g_assert_error (error, BOLO_ERROR, (int) code);
  g_assert_null (strchr (error->message, '\n'));
  g_assert_cmpuint (report.n_stored, ==, 0);
  g_assert_false (g_file_test (acknowledged, G_FILE_TEST_EXISTS));
}

/* ---- what goes home ------------------------------------------------------------------------- */

typedef struct {
  Fixture *fixture;
  BoloBundleFiles *files;
  GString *told;
} Home;

static gboolean
on_begin (const char *name, guint64 bytes, gpointer data, GError **error)
{
  g_string_append_printf (((Home *) data)->told, "[%s]", name);
  return TRUE;
}

static gboolean
on_add (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  g_string_append_len (((Home *) data)->told, (const char *) bytes, (gssize) length);
  return TRUE;
}

static gboolean
on_end (gpointer data, GError **error)
{
  return TRUE;
}

static gboolean
on_plain (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  return bolo_bundle_files_push (((Home *) data)->files, bytes, length, error);
}

static const BoloListKey *
find_station (const char *name, gpointer data)
{
  return ((Home *) data)->fixture->station;
}

/* (transfer full): what the car finds in it. */
static char *
open_at_home (Fixture *self, const char *path, guint64 number)
{
  static const BoloBundleFilesTaker taker = {on_begin, on_add, on_end};
  Home home = {.fixture = self, .told = g_string_new (NULL)};
  g_autoptr (BoloBundleReader) reader =
    bolo_bundle_reader_new (self->car, find_station, on_plain, &home);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  const BoloBundleHead *head;
  gsize length = 0;

  home.files = bolo_bundle_files_new (&taker, &home);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  bolo_bundle_reader_push (reader, text, length, &error);
  g_assert_no_error (error);
  head = bolo_bundle_reader_finish (reader, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (head->to, ==, "KT12");
  g_assert_cmpuint (head->number, ==, number);
  g_assert_true (bolo_bundle_files_finish (home.files, NULL));
  bolo_bundle_files_free (home.files);
  return g_string_free (home.told, FALSE);
}

static char *export(Fixture *self)
{
  g_autoptr (GError) error = NULL;
  char *path = NULL;

  bolo_station_usb_export (&self->usb, "KT12", self->folder, &path, &error);
  g_assert_no_error (error);
  return path;
}

static void
test_there_and_back (Fixture *self, gconstpointer data)
{
  g_autofree char *left =
    g_strdup_printf ("%s/.%s-to-KT12-000007.bolo.part", self->folder, self->usb.station);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  /* What a kill has left of an earlier one goes; it is as large as all the lists. */
  g_assert_true (g_file_set_contents (left, "half", -1, NULL));
  first = export(self);
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  before = open_at_home (self, first, 1);
  g_assert_cmpstr (before, ==, ""); /* nothing was brought, nothing is offered */
  write_bundle (self, "KT12", "station", BOLO_BUNDLE_FROM_CAR, 7);
  import (self, 2, 0);
  import (self, 0, 2); /* again: harmless */
  second = export(self);
  after = open_at_home (self, second, 2);
  g_assert_true (g_str_has_prefix (after, "[acknowledged]"));
  g_assert_nonnull (strstr (after, "hit " HIT " 1\n"));
  g_assert_nonnull (strstr (after, "sighting " SIGHTING " 2\n"));
  /* The receipt counts bodies, as those of a link do; one that was brought twice counts once. */
  g_assert_nonnull (strstr (
    after, "\\\"counts\\\":{\\\"hit\\\":1,\\\"sighting\\\":1},\\\"items\\\":2,\\\"bytes\\\":35,"));
}

static void
test_heads (Fixture *self, gconstpointer data)
{
  write_bundle (self, "KT12", "elsewhere", BOLO_BUNDLE_FROM_CAR, 1);
  import_in_vain (self, BOLO_ERROR_PERMISSION);
  write_bundle (self, "KT13", "station", BOLO_BUNDLE_FROM_CAR, 1);
  import_in_vain (self, BOLO_ERROR_PERMISSION);
  write_bundle (self, "KT12", "station", BOLO_BUNDLE_TO_CAR, 1);
  import_in_vain (self, BOLO_ERROR_PERMISSION);
}

static void
test_strangers (Fixture *self, gconstpointer data)
{
  BoloListKey *forger = bolo_list_key_generate ("KT12", NULL);
  BoloListKey *unknown = bolo_list_key_generate ("KT99", NULL);
  BoloListKey *car = self->car;

  self->car = unknown;
  write_bundle (self, "KT99", "station", BOLO_BUNDLE_FROM_CAR, 1);
  import_in_vain (self, BOLO_ERROR_SIGNATURE);
  self->car = forger;
  write_bundle (self, "KT12", "station", BOLO_BUNDLE_FROM_CAR, 1);
  import_in_vain (self, BOLO_ERROR_SIGNATURE);
  self->car = car;
  bolo_list_key_free (forger);
  bolo_list_key_free (unknown);
}

/* Torn and bit-flipped everywhere: nothing of it is stored. */
static void
test_damaged (Fixture *self, gconstpointer data)
{
  g_autofree char *text = NULL;
  gsize length = 0;

  write_bundle (self, "KT12", "station", BOLO_BUNDLE_FROM_CAR, 1);
  g_assert_true (g_file_get_contents (self->bundle, &text, &length, NULL));
  for (gsize at = 0; at < length; at += 23) {
    g_auto (BoloStationUsbReport) report = {0};
    g_autoptr (GError) error = NULL;

    g_assert_true (g_file_set_contents (self->bundle, text, (gssize) at, NULL));
    import_in_vain (self, BOLO_ERROR_INVALID_DATA);
    text[at] ^= 4;
    g_assert_true (g_file_set_contents (self->bundle, text, (gssize) length, NULL));
    g_assert_false (
      bolo_station_usb_import (&self->usb, self->intake, self->bundle, &report, &error));
    g_assert_nonnull (error);
    text[at] ^= 4;
  }
  g_assert_true (g_file_set_contents (self->bundle, text, (gssize) length, NULL));
  import (self, 2, 0);
}

/* What the next export acknowledges of these hits, as letters. */
static char *
list_hits (Fixture *self, guint64 number)
{
  static const char *const hits[] = {HIT_A, HIT_B, HIT_C};
  g_autofree char *path = export(self);
  g_autofree char *told = open_at_home (self, path, number);
  GString *letters = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (hits); i++) {
    const char *first = strstr (told, hits[i]);

    if (first == NULL)
      continue;
    g_assert_null (strstr (first + 1, hits[i]));
    g_string_append_c (letters, (char) ('a' + i));
  }
  return g_string_free (letters, FALSE);
}

static void
bring (Fixture *self, guint64 number, guint64 since, const char *hit, guint64 n_stored)
{
  self->since = since;
  self->hit = hit;
  write_bundle (self, "KT12", "station", BOLO_BUNDLE_FROM_CAR, number);
  import (self, n_stored, 2 - n_stored);
}

/* A stick that comes late does not take back what a newer one said. */
static void
test_late_stick (Fixture *self, gconstpointer data)
{
  g_autofree char *both = NULL;
  g_autofree char *next = NULL;

  bring (self, 9, 0, HIT_A, 2);
  bring (self, 8, 0, HIT_B, 1);
  both = list_hits (self, 1);
  g_assert_cmpstr (both, ==, "ab");
  /* A newer one that stands alone repeats all that the car waits for. */
  bring (self, 10, 0, HIT_C, 1);
  next = list_hits (self, 2);
  g_assert_cmpstr (next, ==, "c");
}

/* Bundles that lie on a stick together are acknowledged together, in whatever order and however
 * often they are brought; what is older than the first of them is done with. */
static void
test_together (Fixture *self, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *all = NULL;
  g_autofree char *again = NULL;
  g_autofree char *later = NULL;

  bring (self, 3, 0, HIT_A, 2);
  bring (self, 5, 4, HIT_B, 1);
  first = list_hits (self, 1);
  g_assert_cmpstr (first, ==, "b");
  bring (self, 4, 3, HIT_C, 1);
  bring (self, 3, 0, HIT_A, 0);
  all = list_hits (self, 2);
  g_assert_cmpstr (all, ==, "abc");
  bring (self, 5, 4, HIT_B, 0);
  again = list_hits (self, 3);
  g_assert_cmpstr (again, ==, "bc");
  bring (self, 6, 5, HIT_A, 0);
  later = list_hits (self, 4);
  g_assert_cmpstr (later, ==, "ab");
}

static void
test_unknown_car (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  g_assert_false (bolo_station_usb_export (&self->usb, "KT99", self->folder, &path, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (bolo_station_usb_export (&self->usb, "../x", self->folder, &path, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/station-usb/there-and-back", test_there_and_back);
  ADD ("/station-usb/heads", test_heads);
  ADD ("/station-usb/strangers", test_strangers);
  ADD ("/station-usb/damaged", test_damaged);
  ADD ("/station-usb/late-stick", test_late_stick);
  ADD ("/station-usb/together", test_together);
  ADD ("/station-usb/unknown-car", test_unknown_car);
  return g_test_run ();
}
