/* test-migration.c: a journal of every version that ever was opens, whole, in this one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "bolo-archive.h"
#include "bolo-db.h"
#include "bolo-journal.h"
#include "bolo-sighting-table.h"
#include "bolo-store-samples.h"

/* The dumps hold three sightings (1 with a hit, a disposition and a fix; 2 without a fix; 3
 * corrected), their pictures and a note, as the store of that version wrote them. */

static void
load_dump (const char *name, const char *path)
{
  g_autofree char *file = g_test_build_filename (G_TEST_DIST, "store", "fixtures", name, NULL);
  g_autofree char *sql = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDb) db = NULL;

  /* A new schema version needs a dump of its own in fixtures/. */
  g_assert_true (g_file_get_contents (file, &sql, NULL, &error));
  g_assert_no_error (error);
  db = bolo_db_open (path, NULL, BOLO_DB_CREATE, &error);
  g_assert_no_error (error);
  g_assert_true (bolo_db_execute (db, sql, &error));
  g_assert_no_error (error);
}

static char *
describe_schema (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDb) db = bolo_db_open (path, NULL, 0, &error);
  BoloStatement *statement =
    bolo_db_prepare (db, "SELECT sql FROM sqlite_schema WHERE sql NOT NULL ORDER BY name", &error);
  GString *text = g_string_new (NULL);
  gboolean has_row = TRUE;

  g_assert_no_error (error);
  g_string_append_printf (text, "version %d\n", bolo_db_get_version (db, &error));
  while (bolo_statement_step (statement, &has_row, &error) && has_row) {
    g_autofree char *sql = bolo_statement_get_text (statement, 0);

    g_string_append_printf (text, "%s\n", sql);
  }
  g_assert_no_error (error);
  bolo_statement_reset (statement);
  return g_string_free (text, FALSE);
}

static char *
describe_fresh_schema (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "fresh.db", NULL);
  g_autoptr (GError) error = NULL;
  BoloDb *db = bolo_db_open (path, NULL, BOLO_DB_CREATE, &error);

  g_assert_true (bolo_journal_migrate (db, &error));
  g_assert_no_error (error);
  bolo_db_close (db);
  return describe_schema (path);
}

static void
check_picture (BoloStore *store, guint number, BoloPictureKind kind, const char *what, gsize size)
{
  g_autofree char *id = sample_id ("sighting", number);
  g_autoptr (GBytes) expected = sample_picture (what, number, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) found = bolo_store_load_picture (store, id, kind, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (found, expected));
}

static void
check_sightings (BoloStore *store)
{
  const BoloStoreQuery query = {NULL, G_MININT64, G_MAXINT64, 0, NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = bolo_store_list_sightings (store, &query, &error);
  g_autofree char *third = sample_text (3);
  const BoloSighting *sighting;

  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 3);
  sighting = found->pdata[0];
  g_assert_cmpint (sighting->state, ==, BOLO_SIGHTING_CORRECTED);
  g_assert_cmpstr (sighting->text, ==, "ZZ99ZZZ");
  g_assert_cmpstr (sighting->previous_text, ==, third);
  sighting = found->pdata[1];
  g_assert_null (sighting->fix);
  g_assert_cmpint (sighting->state, ==, BOLO_SIGHTING_CLOSED);
  sighting = found->pdata[2];
  g_assert_cmpfloat (sighting->fix->latitude_deg, ==, 51.4816);
  g_assert_cmpstr (sighting->officer, ==, "PC 4711");
  g_assert_cmpuint (sighting->n_characters, ==, 7);
  for (guint i = 1; i <= 3; i++) {
    check_picture (store, i, BOLO_PICTURE_PATCH, "patch", 30);
    check_picture (store, i, BOLO_PICTURE_OVERVIEW, "overview", 60);
  }
}

/* In its time nobody wrote it down, or it is as it was. */
static void
check_clone (BoloStore *store, gboolean is_kept)
{
  const BoloStoreQuery query = {NULL, G_MININT64, G_MAXINT64, 0, NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = bolo_store_list_sightings (store, &query, &error);
  const BoloClone *clone = ((BoloSighting *) found->pdata[1])->clone;

  g_assert_no_error (error);
  g_assert_cmpint (clone != NULL, ==, is_kept);
  if (is_kept)
    g_assert_cmpfloat (clone->distance_m, ==, 80500);
}

/* Likewise how sure the region is: rows of before say 0 and guessed. */
static void
check_region (GPtrArray *found, gboolean is_kept)
{
  const BoloSighting *sighting = found->pdata[2];

  g_assert_cmpstr (sighting->region, ==, "GB");
  g_assert_cmpfloat (sighting->region_confidence, ==, is_kept ? 0.75f : 0);
  g_assert_cmpint (sighting->is_region_read, ==, is_kept);
}

static void
check_rest (BoloStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hits = bolo_store_list_hits (store, G_MININT64, G_MAXINT64, &error);
  g_autoptr (GPtrArray) said = NULL;
  g_autoptr (BoloStoreCounts) counts = NULL;
  const BoloHit *hit;

  g_assert_no_error (error);
  g_assert_cmpuint (hits->len, ==, 1);
  hit = hits->pdata[0];
  g_assert_cmpstr (bolo_hit_get_leading (hit)->entry->markers[0], ==, "FIREARMS");
  g_assert_cmpint (bolo_hit_get_leading (hit)->kind, ==, BOLO_MATCH_FOLDED);
  said = bolo_store_list_dispositions (store, hit->id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (said->len, ==, 1);
  g_assert_cmpint (((BoloDisposition *) said->pdata[0])->kind, ==, BOLO_DISPOSITION_CONFIRMED);
  counts = bolo_store_count (store, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (counts->notes, ==, 1);
}

/* Who only looks leaves the journal in its version and finds the same. */
static void
test_looked_up (gconstpointer data)
{
  const BoloStoreQuery query = {NULL, G_MININT64, G_MAXINT64, 0, NULL};
  g_autofree char *name = g_strdup_printf ("journal-v%d.sql", GPOINTER_TO_INT (data));
  g_autofree char *folder = sample_make_folder ();
  g_autofree char *journal = g_build_filename (folder, "journal.db", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (BoloClock) clock = bolo_clock_new_manual (SAMPLE_START_US);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;
  BoloArchive *reader = bolo_archive_new (folder, NULL, clock);

  load_dump (name, journal);
  before = describe_schema (journal);
  g_assert_true (bolo_archive_open (reader, TRUE, NULL, &error));
  g_assert_no_error (error);
  found = bolo_sighting_table_list (bolo_archive_get_journal (reader), &query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 3);
  check_region (found, GPOINTER_TO_INT (data) >= 6);
  bolo_archive_free (reader);
  after = describe_schema (journal);
  g_assert_cmpstr (after, ==, before);
  sample_remove_folder (folder);
}

static void
test_version (gconstpointer data)
{
  const BoloStoreQuery everything = {NULL, G_MININT64, G_MAXINT64, 0, NULL};
  g_autofree char *name = g_strdup_printf ("journal-v%d.sql", GPOINTER_TO_INT (data));
  g_autofree char *folder = sample_make_folder ();
  g_autofree char *journal = g_build_filename (folder, "journal.db", NULL);
  g_autoptr (GPtrArray) kept = NULL;
  g_autofree char *media = g_build_filename (folder, "media-2026-03-14.db", NULL);
  g_autofree char *migrated = NULL;
  g_autofree char *fresh = NULL;
  g_autoptr (BoloClock) clock = bolo_clock_new_manual (SAMPLE_START_US);
  g_autoptr (BoloSighting) newer =
    sample_sighting (10, BOLO_SIGHTING_CLOSED, SAMPLE_START_US + 2 * G_TIME_SPAN_HOUR);
  g_autoptr (BoloStoreCounts) counts = NULL;
  g_autoptr (GError) error = NULL;
  BoloStore *store = bolo_store_new (folder, clock);

  load_dump (name, journal);
  load_dump (GPOINTER_TO_INT (data) < 4 ? "media-v1.sql" : "media-v2.sql", media);
  g_assert_true (bolo_store_open (store, &error));
  g_assert_no_error (error);
  check_sightings (store);
  check_clone (store, GPOINTER_TO_INT (data) >= 5);
  kept = bolo_store_list_sightings (store, &everything, &error);
  g_assert_no_error (error);
  check_region (kept, GPOINTER_TO_INT (data) >= 6);
  check_rest (store);
  g_assert_true (bolo_store_verify (store, &error));
  /* It takes new records and purges the old ones. */
  bolo_store_add_sighting (store, newer);
  sample_flush (store);
  bolo_purge_report_free (sample_purge (store, SAMPLE_START_US + G_TIME_SPAN_HOUR));
  counts = bolo_store_count (store, 0, &error);
  g_assert_cmpint (counts->sightings, ==, 1);
  g_assert_cmpint (counts->hits, ==, 0);
  g_assert_true (bolo_store_close (store, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (store);

  migrated = describe_schema (journal);
  fresh = describe_fresh_schema (folder);
  g_assert_cmpstr (migrated, ==, fresh);
  sample_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (int version = 1; version <= BOLO_JOURNAL_VERSION; version++) {
    g_autofree char *path = g_strdup_printf ("/migration/journal-v%d", version);

    g_autofree char *looked = g_strdup_printf ("/migration/looked-up-v%d", version);

    g_test_add_data_func (path, GINT_TO_POINTER (version), test_version);
    g_test_add_data_func (looked, GINT_TO_POINTER (version), test_looked_up);
  }
  return g_test_run ();
}
