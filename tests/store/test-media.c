/* test-media.c: pictures by the day: placed, found again, erased in place, removed whole
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>

#include "bolo-db.h"
#include "bolo-error.h"
#include "bolo-media.h"
#include "bolo-store-samples.h"

typedef struct {
  char *folder;
  BoloMedia *media;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = sample_make_folder ();
  fixture->media = bolo_media_new (fixture->folder, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bolo_media_free (fixture->media);
  sample_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static gint64
add (Fixture *fixture, const char *day, guint number, gint64 due_us)
{
  g_autofree char *sighting = sample_id ("sighting", number);
  g_autoptr (GBytes) picture = sample_picture ("patch", number, 6000);
  g_autoptr (GError) error = NULL;
  gint64 row = 0;

  g_assert_true (bolo_media_add (fixture->media, day, sighting, BOLO_PICTURE_PATCH, due_us, FALSE,
                                 picture, &row, &error));
  g_assert_no_error (error);
  g_assert_cmpint (row, >, 0);
  return row;
}

static void
commit (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_media_commit (fixture->media, &error));
  g_assert_no_error (error);
}

static gboolean
has (Fixture *fixture, const char *day, gint64 row, guint number)
{
  g_autofree char *sighting = sample_id ("sighting", number);
  g_autoptr (GBytes) expected = sample_picture ("patch", number, 6000);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) found =
    bolo_media_load (fixture->media, day, row, sighting, BOLO_PICTURE_PATCH, &error);

  if (found == NULL) {
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
    return FALSE;
  }
  g_assert_true (g_bytes_equal (found, expected));
  return TRUE;
}

static void
test_days (void)
{
  g_autofree char *last = bolo_media_get_day (bolo_time_parse_utc ("2026-03-14T23:59:59.999Z"));
  g_autofree char *first = bolo_media_get_day (bolo_time_parse_utc ("2026-03-15T00:00:00.000Z"));

  g_assert_cmpstr (last, ==, "2026-03-14");
  g_assert_cmpstr (first, ==, "2026-03-15");
  g_assert_cmpint (bolo_media_get_day_end_us ("2026-03-14"), ==,
                   bolo_time_parse_utc ("2026-03-15T00:00:00.000Z"));
  g_assert_cmpint (bolo_media_get_day_end_us ("2026-02-30"), ==, -1);
  g_assert_cmpint (bolo_media_get_day_end_us ("2026-3-14"), ==, -1);
  g_assert_cmpint (bolo_media_get_day_end_us (""), ==, -1);
}

static void
test_round_trip (Fixture *fixture, gconstpointer data)
{
  gint64 one = add (fixture, "2026-03-14", 1, SAMPLE_START_US);
  gint64 two = add (fixture, "2026-03-14", 2, SAMPLE_START_US);
  g_autofree char *first = sample_id ("sighting", 1);

  commit (fixture);
  g_assert_cmpint (one, !=, two);
  g_assert_true (has (fixture, "2026-03-14", one, 1));
  g_assert_true (has (fixture, "2026-03-14", two, 2));
  /* Another's number, another kind, another day: never a wrong picture. */
  g_assert_false (has (fixture, "2026-03-14", two, 1));
  g_assert_false (has (fixture, "2026-03-14", two + 1, 2));
  g_assert_false (has (fixture, "2026-03-15", one, 1));
  g_assert_null (
    bolo_media_load (fixture->media, "2026-03-14", one, first, BOLO_PICTURE_OVERVIEW, NULL));
  /* Looking does not make a day. */
  g_assert_false (has (fixture, "2026-03-16", one, 1));
  bolo_media_close_day (fixture->media, NULL);
  g_assert_true (has (fixture, "2026-03-14", two, 2));
}

static void
test_roll_back (Fixture *fixture, gconstpointer data)
{
  gint64 kept = add (fixture, "2026-03-14", 1, SAMPLE_START_US);
  gint64 gone;

  commit (fixture);
  gone = add (fixture, "2026-03-14", 2, SAMPLE_START_US);
  add (fixture, "2026-03-15", 3, SAMPLE_START_US);
  bolo_media_roll_back (fixture->media);
  commit (fixture);
  g_assert_true (has (fixture, "2026-03-14", kept, 1));
  g_assert_false (has (fixture, "2026-03-14", gone, 2));
  /* Closing in mid-work is the same. */
  gone = add (fixture, "2026-03-14", 4, SAMPLE_START_US);
  bolo_media_close_day (fixture->media, NULL);
  g_assert_false (has (fixture, "2026-03-14", gone, 4));
}

static void
test_many_days (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) days = NULL;
  gint64 rows[9];

  /* More than are kept open. */
  for (guint i = 1; i <= 8; i++) {
    g_autofree char *day = g_strdup_printf ("2026-03-%02u", 20 - i);

    rows[i] = add (fixture, day, i, SAMPLE_START_US);
    commit (fixture);
  }
  for (guint i = 1; i <= 8; i++) {
    g_autofree char *day = g_strdup_printf ("2026-03-%02u", 20 - i);

    g_assert_true (has (fixture, day, rows[i], i));
  }
  days = bolo_media_list_days (fixture->media, NULL);
  g_assert_cmpuint (g_strv_length (days), ==, 8);
  g_assert_cmpstr (days[0], ==, "2026-03-12");
  g_assert_cmpstr (days[7], ==, "2026-03-19");
}

static void
test_foreign_files (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = {
    "media-.db",           "media-2026-03-14.db.damaged-20260314T172000Z",
    "media-2026-13-14.db", "media-2026-03-140.db",
    "journal.db",          "media-2026-03-14.db-wal"};
  g_auto (GStrv) days = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);

    g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  }
  days = bolo_media_list_days (fixture->media, NULL);
  g_assert_cmpuint (g_strv_length (days), ==, 0);
}

static void
test_erase (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 rows[300];
  guint n_pictures = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    rows[i] = add (fixture, "2026-03-14", i, SAMPLE_START_US + i);
  commit (fixture);
  g_assert_true (sample_folder_has_text (fixture->folder, "<patch 249>"));
  g_assert_true (bolo_media_erase_before (fixture->media, "2026-03-14", SAMPLE_START_US + 250,
                                          &n_pictures, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_pictures, ==, 250);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *words = g_strdup_printf ("<patch %u>", i);

    g_assert_cmpint (has (fixture, "2026-03-14", rows[i], i), ==, i >= 250);
    if (i % 10 == 0 || i > 245)
      g_assert_cmpint (sample_folder_has_text (fixture->folder, words), ==, i >= 250);
  }
  /* Once is enough. */
  n_pictures = 0;
  g_assert_true (bolo_media_erase_before (fixture->media, "2026-03-14", SAMPLE_START_US + 250,
                                          &n_pictures, &error));
  g_assert_cmpuint (n_pictures, ==, 0);
  g_assert_true (bolo_media_verify_day (fixture->media, "2026-03-14", &error));
  g_assert_true (bolo_media_remove_day (fixture->media, "2026-03-14", &n_pictures, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_pictures, ==, 50);
  g_assert_false (sample_folder_has_text (fixture->folder, "<patch"));
}

static void
change (Fixture *fixture, const char *sql, gint64 overwritten)
{
  g_autofree char *path = bolo_media_get_path (fixture->media, "2026-03-14");
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDb) db = NULL;

  bolo_media_close_day (fixture->media, NULL);
  db = bolo_db_open (path, NULL, 0, &error);
  g_assert_no_error (error);
  g_assert_true (bolo_db_execute (db, sql, &error));
  if (overwritten > 0)
    g_assert_true (bolo_db_overwrite_blob (db, "picture", "data", overwritten, &error));
  g_assert_no_error (error);
}

static void
assert_has_sums (Fixture *fixture, gint64 expected)
{
  g_autofree char *path = bolo_media_get_path (fixture->media, "2026-03-14");
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDb) db = bolo_db_open (path, NULL, BOLO_DB_READ_ONLY, &error);
  gint64 count = -1;

  g_assert_no_error (error);
  g_assert_true (bolo_db_get_int64 (db, "SELECT count(*) FROM sum", 0, &count, &error));
  g_assert_cmpint (count, ==, expected);
}

/* Asserts what the first picture that waits hashes to: what it was, or what it is now. */
static void
assert_sum (Fixture *fixture, gboolean is_as_taken)
{
  const BoloUnsentQuery query = {.receiver = "hq",
                                 .now_us = SAMPLE_START_US,
                                 .max_urgency = BOLO_URGENCY_PICTURE,
                                 .max = 10,
                                 .max_bytes = 1000000};
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = bolo_media_list_unsent (fixture->media, &query, &error);
  g_autoptr (GBytes) taken = sample_picture ("patch", 1, 6000);
  g_autofree char *as_taken = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, taken);
  g_autofree char *as_is = NULL;
  const BoloOutgoing *item;

  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 1);
  item = items->pdata[0];
  as_is = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, item->picture);
  g_assert_cmpstr (as_is, !=, as_taken);
  g_assert_cmpstr (item->sha256, ==, is_as_taken ? as_taken : as_is);
}

/* A picture that the disk has changed goes out with the hash that it had when it was taken, so that
 * it is noticed; one of a file of before version 3 has none of that time. Purged, it has none. */
static void
test_sum (Fixture *fixture, gconstpointer data)
{
  static const char *const receivers[] = {"hq", NULL};
  g_autoptr (GError) error = NULL;
  guint n_pictures = 0;
  gint64 row;

  bolo_media_set_receivers (fixture->media, receivers);
  row = add (fixture, "2026-03-14", 1, SAMPLE_START_US);
  commit (fixture);
  change (fixture, "SELECT 1", row);
  assert_sum (fixture, TRUE);
  change (fixture, "DELETE FROM sum", 0);
  assert_sum (fixture, FALSE);
  change (fixture, "INSERT INTO sum VALUES (1, x'00'); DELETE FROM outbox", 0);
  assert_has_sums (fixture, 1);
  g_assert_true (bolo_media_erase_before (fixture->media, "2026-03-14", SAMPLE_START_US + 1,
                                          &n_pictures, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_pictures, ==, 1);
  assert_has_sums (fixture, 0);
}

/* A day that cannot be read any more can still be purged. */
static void
test_remove_rubbish (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = bolo_media_get_path (fixture->media, "2026-03-14");
  g_autoptr (GError) error = NULL;
  guint n_pictures = 0;

  g_assert_true (g_file_set_contents (path, "rubbish, not a database at all", -1, NULL));
  g_assert_false (bolo_media_verify_day (fixture->media, "2026-03-14", &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_true (bolo_media_remove_day (fixture->media, "2026-03-14", &n_pictures, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_pictures, ==, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  g_test_add_func ("/media/days", test_days);
  ADD ("/media/round-trip", test_round_trip);
  ADD ("/media/roll-back", test_roll_back);
  ADD ("/media/many-days", test_many_days);
  ADD ("/media/foreign-files", test_foreign_files);
  ADD ("/media/erase", test_erase);
  ADD ("/media/sum", test_sum);
  ADD ("/media/remove-rubbish", test_remove_rubbish);
  return g_test_run ();
}
