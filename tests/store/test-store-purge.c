/* test-store-purge.c: what is purged is in no file any more, and what is younger is all there
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "bolo-db.h"
#include "bolo-store-samples.h"

#define N_SIGHTINGS 400
/* Sightings every 8 minutes: two days and a bit. */
#define INTERVAL_US (8 * G_TIME_SPAN_MINUTE)

typedef struct {
  char *folder;
  BoloClock *clock;
  BoloStore *store;
} Fixture;

static void
open_store (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->store = bolo_store_new (fixture->folder, fixture->clock);
  g_assert_true (bolo_store_open (fixture->store, &error));
  g_assert_no_error (error);
}

static gint64
time_of (guint number)
{
  return SAMPLE_START_US + number * INTERVAL_US;
}

static void
add_one (Fixture *fixture, guint number)
{
  g_autoptr (BoloSighting) first =
    sample_sighting (number, BOLO_SIGHTING_PROVISIONAL, time_of (number));
  g_autoptr (BoloSighting) last = sample_sighting (number, BOLO_SIGHTING_CLOSED, time_of (number));

  bolo_store_add_sighting (fixture->store, first);
  if (number % 10 == 0) {
    g_autoptr (BoloHit) hit = sample_hit (number, first);
    g_autoptr (BoloDisposition) said = sample_disposition (number, hit->id, BOLO_DISPOSITION_SEEN);

    bolo_store_add_hit (fixture->store, hit);
    bolo_store_add_disposition (fixture->store, said);
  }
  bolo_store_add_sighting (fixture->store, last);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = sample_make_folder ();
  fixture->clock = bolo_clock_new_manual (SAMPLE_START_US);
  open_store (fixture);
  for (guint i = 0; i < N_SIGHTINGS; i++)
    add_one (fixture, i);
  sample_flush (fixture->store);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_true (bolo_store_close (fixture->store, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->store);
  g_assert_finalize_object (fixture->clock);
  sample_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

/* The marks and pictures of @from to @to (not included) that are in any file, log included. */
static guint
count_traces (Fixture *fixture, guint from, guint to)
{
  GDir *dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
    g_autofree char *content = NULL;
    gsize length = 0;

    g_assert_true (g_file_get_contents (path, &content, &length, NULL));
    for (guint i = from; i < to; i++) {
      g_autofree char *text = sample_text (i);
      g_autofree char *patch = g_strdup_printf ("<patch %u>", i);
      g_autofree char *overview = g_strdup_printf ("<overview %u>", i);

      n += memmem (content, length, text, strlen (text)) != NULL;
      n += memmem (content, length, patch, strlen (patch)) != NULL;
      n += memmem (content, length, overview, strlen (overview)) != NULL;
    }
  }
  g_dir_close (dir);
  return n;
}

/* All that is not purged is there with its own pictures. */
static void
check_kept (Fixture *fixture, guint from)
{
  const BoloStoreQuery query = {NULL, G_MININT64, G_MAXINT64, 0, NULL};
  g_autoptr (GPtrArray) found = bolo_store_list_sightings (fixture->store, &query, NULL);

  g_assert_cmpuint (found->len, ==, N_SIGHTINGS - from);
  for (guint number = from; number < N_SIGHTINGS; number += 13) {
    g_autofree char *id = sample_id ("sighting", number);
    g_autoptr (GBytes) expected = sample_picture ("overview", number, 9000 + number % 7000);
    g_autoptr (GBytes) picture =
      bolo_store_load_picture (fixture->store, id, BOLO_PICTURE_OVERVIEW, NULL);

    g_assert_true (g_bytes_equal (picture, expected));
  }
}

static void
test_gone (Fixture *fixture, gconstpointer data)
{
  /* In the middle of the second day: one whole day goes, another in part. */
  const guint limit = 150;
  g_autoptr (BoloPurgeReport) report = NULL;
  g_autoptr (BoloStoreCounts) counts = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *first_day = g_build_filename (fixture->folder, "media-2026-03-14.db", NULL);

  g_assert_cmpuint (count_traces (fixture, 0, 50), >=, 150);
  g_assert_true (g_file_test (first_day, G_FILE_TEST_EXISTS));
  report = sample_purge (fixture->store, time_of (limit));
  g_assert_cmpuint (report->sightings, ==, limit);
  g_assert_cmpuint (report->hits, ==, limit / 10);
  g_assert_cmpuint (report->dispositions, ==, limit / 10);
  /* The same picture in two states is kept once, but for what slips the memory's bound. */
  g_assert_cmpuint (report->pictures, >=, 2 * limit);
  g_assert_cmpuint (report->pictures, <, 2 * limit + 100);
  g_assert_cmpuint (report->files, ==, 1);
  g_assert_true (report->is_complete);
  g_assert_cmpint (report->bytes, >, 0);
  g_assert_false (g_file_test (first_day, G_FILE_TEST_EXISTS));

  g_assert_cmpuint (count_traces (fixture, 0, limit), ==, 0);
  g_assert_cmpuint (count_traces (fixture, limit, limit + 50), >=, 150);
  check_kept (fixture, limit);
  g_assert_true (bolo_store_verify (fixture->store, &error));
  g_assert_no_error (error);
  /* It is on record, without a mark. */
  counts = bolo_store_count (fixture->store, 0, &error);
  g_assert_cmpint (counts->notes, ==, 1);
  g_assert_cmpint (counts->last_purge_us, ==, SAMPLE_START_US);
  g_assert_true (sample_folder_has_text (fixture->folder, "150 sightings, 15 hits"));
}

/* Copies that pages keep of rows that were moved must go too: many small purges move rows. */
static void
test_again_and_again (Fixture *fixture, gconstpointer data)
{
  for (guint limit = 10; limit <= 120; limit += 10) {
    g_autoptr (BoloPurgeReport) report = sample_purge (fixture->store, time_of (limit));

    g_assert_cmpuint (report->sightings, ==, 10);
  }
  g_assert_cmpuint (count_traces (fixture, 0, 120), ==, 0);
  check_kept (fixture, 120);
}

static void
test_nothing_due (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloPurgeReport) report = sample_purge (fixture->store, SAMPLE_START_US);

  g_assert_cmpuint (report->sightings, ==, 0);
  g_assert_cmpuint (report->pictures, ==, 0);
  g_assert_true (report->is_complete);
  check_kept (fixture, 0);
}

static void
test_everything (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloPurgeReport) report = sample_purge (fixture->store, time_of (10 * N_SIGHTINGS));

  g_assert_cmpuint (report->sightings, ==, N_SIGHTINGS);
  g_assert_cmpuint (count_traces (fixture, 0, N_SIGHTINGS), ==, 0);
  check_kept (fixture, N_SIGHTINGS);
}

/* A power cut between deleting and rewriting: the next purge ends it, though nothing is due. */
static void
test_unfinished (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "journal.db", NULL);
  g_autoptr (BoloPurgeReport) report = NULL;
  g_autoptr (GError) error = NULL;
  BoloDb *db;

  g_assert_true (bolo_store_close (fixture->store, 10000));
  g_clear_object (&fixture->store);
  db = bolo_db_open (path, NULL, 0, &error);
  g_assert_no_error (error);
  /* secure_delete off: as if the rows' bytes had stayed behind. */
  g_assert_true (bolo_db_execute (db,
                                  "PRAGMA secure_delete=OFF; PRAGMA foreign_keys=OFF;"
                                  "DELETE FROM hit_match; DELETE FROM hit_state;"
                                  "DELETE FROM hit; DELETE FROM sighting_state;"
                                  "DELETE FROM sighting;"
                                  "INSERT INTO upkeep VALUES ('rewrite-due', 1)",
                                  &error));
  g_assert_no_error (error);
  bolo_db_close (db);
  g_assert_cmpuint (count_traces (fixture, 0, 100), >, 0);
  open_store (fixture);
  report = sample_purge (fixture->store, time_of (N_SIGHTINGS));
  g_assert_cmpuint (report->sightings, ==, 0);
  g_assert_cmpuint (count_traces (fixture, 0, N_SIGHTINGS), ==, 0);
}

static gboolean
is_idle (gpointer data)
{
  Fixture *fixture = data;

  return bolo_store_get_n_waiting (fixture->store) == 0;
}

static void
on_purged (GObject *source, GAsyncResult *result, gpointer data)
{
  gboolean *is_done = data;
  g_autoptr (BoloPurgeReport) report = bolo_store_purge_finish (BOLO_STORE (source), result, NULL);

  g_assert_nonnull (report);
  *is_done = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

/* Records that come while a purge runs are neither lost nor purged. */
static void
test_meanwhile (Fixture *fixture, gconstpointer data)
{
  gboolean is_done = FALSE;
  g_autoptr (BoloStoreCounts) counts = NULL;

  bolo_store_purge_async (fixture->store, time_of (N_SIGHTINGS), NULL, NULL, on_purged, &is_done);
  for (guint i = N_SIGHTINGS; i < N_SIGHTINGS + 50; i++) {
    add_one (fixture, i);
    g_main_context_iteration (NULL, FALSE);
  }
  sample_wait (is_true, &is_done);
  sample_wait (is_idle, fixture);
  counts = bolo_store_count (fixture->store, 0, NULL);
  g_assert_cmpint (counts->sightings, ==, 50);
  g_assert_cmpint (counts->hits, ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/store-purge/gone", test_gone);
  ADD ("/store-purge/again-and-again", test_again_and_again);
  ADD ("/store-purge/nothing-due", test_nothing_due);
  ADD ("/store-purge/everything", test_everything);
  ADD ("/store-purge/unfinished", test_unfinished);
  ADD ("/store-purge/meanwhile", test_meanwhile);
  return g_test_run ();
}
