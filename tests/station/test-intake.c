/* test-intake.c: many cars into one store: in order, grouped, full disks, notes, closing
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-batch-parser.h"
#include "bolo-error.h"
#include "bolo-station-intake.h"

#include <glib/gstdio.h>
#include <string.h>

#define START_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)
#define PATIENCE_US (60 * G_USEC_PER_SEC)

typedef struct {
  char *folder;
  char *path;
  BoloStationPlace place;
  BoloClock *clock;
  BoloStationFaults *faults;
  BoloStationIntake *intake;
  guint n_answers;
  GString *answers; /* a letter an item: s k p r a */
} Fixture;

static void
open_intake (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->intake =
    bolo_station_intake_new (&fixture->place, fixture->clock, fixture->faults, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const char *const faults[] = {data, NULL};

  fixture->folder = g_dir_make_tmp ("bolo-intake-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "station.db", NULL);
  fixture->place.path = fixture->path;
  fixture->clock = bolo_clock_new_manual (START_US);
  fixture->faults = bolo_station_faults_new (data != NULL ? faults : NULL, 0, NULL);
  fixture->answers = g_string_new (NULL);
  open_intake (fixture);
}

static void
close_intake (Fixture *fixture)
{
  bolo_station_intake_close (fixture->intake);
  g_assert_finalize_object (fixture->intake);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_object_unref (fixture->clock);
  bolo_station_faults_free (fixture->faults);
  g_string_free (fixture->answers, TRUE);
}

/* Items FIRST to FIRST + N - 1. */
static GPtrArray *
make_items (guint first, guint n)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_batch_item_unref);
  g_autoptr (BoloBatchParser) parser = bolo_batch_parser_new (65536);
  g_autoptr (GByteArray) batch = g_byte_array_new ();
  BoloBatchItem *item;

  for (guint i = first; i < first + n; i++) {
    g_autofree char *id = g_strdup_printf ("00000000-0000-4000-8000-%012u", i);

    g_assert_true (bolo_batch_write_record (batch, BOLO_BATCH_SIGHTING, id, 1, "{}", NULL));
  }
  bolo_batch_parser_push (parser, batch->data, batch->len);
  while ((item = bolo_batch_parser_next (parser, NULL)) != NULL)
    g_ptr_array_add (items, item);
  g_assert_cmpuint (items->len, ==, n);
  return items;
}

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GPtrArray) results =
    bolo_station_intake_store_finish (BOLO_STATION_INTAKE (source), result);

  fixture->n_answers++;
  for (guint i = 0; i < results->len; i++)
    g_string_append_c (fixture->answers, "skpra"[((BoloBatchResult *) results->pdata[i])->outcome]);
}

static void
store_some (Fixture *fixture, const char *car, guint first, guint n, gboolean is_last)
{
  g_autoptr (GPtrArray) items = make_items (first, n);

  bolo_station_intake_store_async (fixture->intake, car, NULL, items, is_last, on_stored, fixture);
}

static void
store (Fixture *fixture, const char *car, guint first, guint n)
{
  store_some (fixture, car, first, n, TRUE);
}

static gboolean
on_late (gpointer user_data)
{
  g_assert_not_reached ();
}

static void
wait_for_answers (Fixture *fixture, guint n)
{
  guint late = g_timeout_add (PATIENCE_US / 1000, on_late, NULL);

  while (fixture->n_answers < n)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
}

static void
test_many_cars (Fixture *fixture, gconstpointer data)
{
  g_autofree char *wanted = g_strnfill (200 * 10, 's');

  for (guint i = 0; i < 200; i++) {
    g_autofree char *car = g_strdup_printf ("car%u", i);

    store (fixture, car, 0, 10);
  }
  wait_for_answers (fixture, 200);
  g_assert_cmpstr (fixture->answers->str, ==, wanted);
  g_string_truncate (fixture->answers, 0);
  store (fixture, "car7", 5, 10);
  wait_for_answers (fixture, 201);
  g_assert_cmpstr (fixture->answers->str, ==, "kkkkksssss");
  close_intake (fixture);
}

/* More than one commit takes at once: the answers come in order all the same. */
static void
test_large (Fixture *fixture, gconstpointer data)
{
  g_autofree char *wanted = g_strnfill (12000, 's');

  for (guint i = 0; i < 12; i++)
    store (fixture, "car", i * 1000, 1000);
  wait_for_answers (fixture, 12);
  g_assert_cmpstr (fixture->answers->str, ==, wanted);
  close_intake (fixture);
}

/* What more is said to come is not waited for in vain, and what has come is known in the same
 * commit as in a later one. */
static void
test_waits_for_more (Fixture *fixture, gconstpointer data)
{
  store_some (fixture, "car", 0, 4, FALSE);
  wait_for_answers (fixture, 1);
  g_assert_cmpstr (fixture->answers->str, ==, "ssss");
  store_some (fixture, "car", 4, 4, FALSE);
  store_some (fixture, "car", 2, 4, FALSE);
  store (fixture, "car", 5, 4);
  wait_for_answers (fixture, 4);
  g_assert_cmpstr (fixture->answers->str, ==,
                   "ssss"
                   "ssss"
                   "kkkk"
                   "kkks");
  close_intake (fixture);
}

/* What was handed in is finished before it closes. */
static void
test_close (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 5; i++)
    store (fixture, "car", i * 100, 100);
  bolo_station_intake_close (fixture->intake);
  wait_for_answers (fixture, 5);
  g_assert_finalize_object (fixture->intake);
  open_intake (fixture);
  g_string_truncate (fixture->answers, 0);
  store (fixture, "car", 498, 4);
  wait_for_answers (fixture, 6);
  g_assert_cmpstr (fixture->answers->str, ==, "kkss");
  close_intake (fixture);
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  g_test_expect_message ("bolo-station-intake", G_LOG_LEVEL_WARNING,
                         "A batch of car could not be kept: the station's disk is full");
  store (fixture, "car", 0, 3);
  wait_for_answers (fixture, 1);
  g_test_assert_expected_messages ();
  g_assert_cmpstr (fixture->answers->str, ==, "aaa");
  close_intake (fixture);
  /* The disk has room again. */
  g_clear_pointer (&fixture->faults, bolo_station_faults_free);
  fixture->faults = bolo_station_faults_new (NULL, 0, NULL);
  open_intake (fixture);
  store (fixture, "car", 0, 3);
  wait_for_answers (fixture, 2);
  g_assert_cmpstr (fixture->answers->str, ==, "aaasss");
  close_intake (fixture);
}

static void
read_cars (BoloStationStore *reader, GTask *task)
{
  GError *error = NULL;
  GPtrArray *cars = bolo_station_store_list_cars (reader, &error);

  if (cars != NULL)
    g_task_return_pointer (task, cars, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GPtrArray **) user_data = g_task_propagate_pointer (G_TASK (result), NULL);
}

static GPtrArray *
list_cars (Fixture *fixture)
{
  GPtrArray *cars = NULL;
  g_autoptr (GTask) task = g_task_new (fixture->intake, NULL, on_read, &cars);

  bolo_station_intake_read (fixture->intake, task, read_cars);
  while (cars == NULL)
    g_main_context_iteration (NULL, TRUE);
  return cars;
}

/* Contacts are written with the next commit; what a later one leaves out stays. */
static void
test_notes (Fixture *fixture, gconstpointer data)
{
  const BoloStationCar first = {
    0, (char *) "car", START_US, 12, START_US - 1, (char *) "stolen=1", 0, 0};
  const BoloStationCar second = {0, (char *) "car", START_US + 5, -1, 0, NULL, 3, START_US + 5};
  g_autoptr (GPtrArray) cars = NULL;
  const BoloStationCar *car;

  bolo_station_intake_note_car (fixture->intake, &first);
  bolo_station_intake_note_car (fixture->intake, &second);
  store (fixture, "other", 0, 1);
  wait_for_answers (fixture, 1);
  cars = list_cars (fixture);
  g_assert_cmpuint (cars->len, ==, 2);
  car = cars->pdata[0];
  g_assert_cmpstr (car->name, ==, "car");
  g_assert_cmpint (car->last_us, ==, START_US + 5);
  g_assert_cmpint (car->backlog, ==, 12);
  g_assert_cmpint (car->oldest_us, ==, START_US - 1);
  g_assert_cmpstr (car->lists, ==, "stolen=1");
  g_assert_cmpint (car->manifest, ==, 3);
  close_intake (fixture);
}

/* A car that sends nothing is written too, within seconds. */
static void
test_notes_alone (Fixture *fixture, gconstpointer data)
{
  const BoloStationCar note = {0, (char *) "car", START_US, 1, START_US, NULL, 0, 0};
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US;
  guint n = 0;

  bolo_station_intake_note_car (fixture->intake, &note);
  while (n == 0 && g_get_monotonic_time () < end_us) {
    g_autoptr (GPtrArray) cars = list_cars (fixture);

    n = cars->len;
    g_main_context_iteration (NULL, FALSE);
  }
  g_assert_cmpuint (n, ==, 1);
  close_intake (fixture);
}

static void
test_not_opened (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  const BoloStationPlace nowhere = {"/proc/nowhere/station.db", NULL};

  g_assert_null (bolo_station_intake_new (&nowhere, fixture->clock, fixture->faults, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, BOLO_ERROR);
  close_intake (fixture);
}

static void
add_test (const char *path, const char *fault, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, fault, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/station/intake/many-cars", NULL, test_many_cars);
  add_test ("/station/intake/large", NULL, test_large);
  add_test ("/station/intake/waits-for-more", NULL, test_waits_for_more);
  add_test ("/station/intake/close", NULL, test_close);
  add_test ("/station/intake/full", "full", test_full);
  add_test ("/station/intake/notes", NULL, test_notes);
  add_test ("/station/intake/notes-alone", NULL, test_notes_alone);
  add_test ("/station/intake/not-opened", NULL, test_not_opened);
  return g_test_run ();
}
