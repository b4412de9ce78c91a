/* test-archive.c: batches: pictures once, bad records alone are lost, a failed try leaves no rows
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <sqlite3.h>
#include <string.h>

#include "bolo-archive.h"
#include "bolo-cut-vfs.h"
#include "bolo-error.h"
#include "bolo-journal.h"
#include "bolo-retention.h"
#include "bolo-store-samples.h"

typedef struct {
  char *folder;
  BoloClock *clock;
  BoloCutVfs *vfs;
  BoloArchive *archive;
  GPtrArray *ids;
  GPtrArray *problems;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = sample_make_folder ();
  fixture->clock = bolo_clock_new_manual (SAMPLE_START_US);
  fixture->vfs = bolo_cut_vfs_new ("bolo-cut");
  fixture->archive = bolo_archive_new (fixture->folder, "bolo-cut", fixture->clock);
  fixture->ids = g_ptr_array_new_with_free_func (g_free);
  fixture->problems = g_ptr_array_new ();
  g_assert_true (bolo_archive_open (fixture->archive, FALSE, fixture->problems, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bolo_archive_free (fixture->archive);
  bolo_cut_vfs_free (fixture->vfs);
  g_assert_cmpuint (fixture->problems->len, ==, 0);
  g_ptr_array_unref (fixture->problems);
  g_ptr_array_unref (fixture->ids);
  g_assert_finalize_object (fixture->clock);
  sample_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static GPtrArray *
make_batch (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_record_free);
}

static void
put (GPtrArray *batch, guint number, BoloSightingState state)
{
  g_autoptr (BoloSighting) sighting = sample_sighting (number, state, SAMPLE_START_US + number);

  g_ptr_array_add (batch, bolo_record_new_sighting (sighting));
}

static void
put_hit (GPtrArray *batch, guint number)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (number, BOLO_SIGHTING_PROVISIONAL, SAMPLE_START_US + number);
  g_autoptr (BoloHit) hit = sample_hit (number, sighting);

  g_ptr_array_add (batch, bolo_record_new_hit (hit));
}

static void
write_batch (Fixture *fixture, GPtrArray *batch)
{
  g_autoptr (GError) error = NULL;

  g_ptr_array_set_size (fixture->ids, 0);
  g_assert_true (
    bolo_archive_write (fixture->archive, batch, fixture->ids, fixture->problems, &error));
  g_assert_no_error (error);
}

static gint64
count (Fixture *fixture, const char *what)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM %s", what);
  gint64 n = -1;

  g_assert_true (
    bolo_db_get_int64 (bolo_archive_get_journal (fixture->archive), sql, -1, &n, NULL));
  return n;
}

static gint64
count_pictures (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "media-2026-03-14.db", NULL);
  g_autoptr (BoloDb) db = bolo_db_open (path, "bolo-cut", BOLO_DB_READ_ONLY, NULL);
  gint64 n = -1;

  g_assert_true (bolo_db_get_int64 (db, "SELECT count(*) FROM picture", -1, &n, NULL));
  return n;
}

static void
test_pictures_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) first = make_batch ();
  g_autoptr (GPtrArray) second = make_batch ();
  g_autofree char *id = sample_id ("sighting", 1);
  g_autoptr (GBytes) expected = sample_picture ("patch", 1, 901);
  g_autoptr (GBytes) found = NULL;

  /* Twice the same state, a hit on it, and a later state, in one batch and in the next. */
  put (first, 1, BOLO_SIGHTING_PROVISIONAL);
  put (first, 1, BOLO_SIGHTING_PROVISIONAL);
  put_hit (first, 1);
  put (first, 1, BOLO_SIGHTING_CLOSED);
  write_batch (fixture, first);
  g_assert_cmpuint (fixture->ids->len, ==, 3);
  g_assert_cmpint (count (fixture, "sighting_state"), ==, 2);
  g_assert_cmpint (count_pictures (fixture), ==, 2);
  put (second, 1, BOLO_SIGHTING_CORRECTED);
  put (second, 1, BOLO_SIGHTING_PROVISIONAL);
  write_batch (fixture, second);
  g_assert_cmpuint (fixture->ids->len, ==, 1);
  g_assert_cmpint (count (fixture, "sighting_state"), ==, 3);
  g_assert_cmpint (count_pictures (fixture), ==, 2);
  found = bolo_archive_load_picture (fixture->archive, id, BOLO_PICTURE_PATCH, NULL);
  g_assert_true (g_bytes_equal (found, expected));
}

/* A recording played again: nothing is written twice, and each is announced as it was. */
static void
test_played_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) first = make_batch ();
  g_autoptr (GPtrArray) second = make_batch ();
  g_autoptr (GError) error = NULL;

  put (first, 1, BOLO_SIGHTING_PROVISIONAL);
  put (first, 1, BOLO_SIGHTING_CLOSED);
  put (first, 2, BOLO_SIGHTING_CLOSED);
  write_batch (fixture, first);
  g_assert_cmpuint (fixture->ids->len, ==, 3);
  write_batch (fixture, first);
  g_assert_cmpuint (fixture->ids->len, ==, 0);
  bolo_archive_close (fixture->archive);
  g_assert_true (bolo_archive_open (fixture->archive, FALSE, fixture->problems, &error));
  g_assert_no_error (error);
  put (first, 3, BOLO_SIGHTING_CLOSED);
  /* Also when the first try fails. */
  bolo_cut_vfs_fail_writes (fixture->vfs, SQLITE_FULL);
  g_assert_false (
    bolo_archive_write (fixture->archive, first, fixture->ids, fixture->problems, NULL));
  bolo_cut_vfs_fail_writes (fixture->vfs, SQLITE_OK);
  write_batch (fixture, first);
  g_assert_cmpuint (fixture->ids->len, ==, 4);
  put (second, 1, BOLO_SIGHTING_PROVISIONAL);
  write_batch (fixture, second);
  g_assert_cmpuint (fixture->ids->len, ==, 0);
  put_hit (second, 1);
  put_hit (second, 1);
  write_batch (fixture, second);
  g_assert_cmpuint (fixture->ids->len, ==, 2);
  g_assert_cmpint (count (fixture, "hit_state"), ==, 1);
  g_assert_cmpint (count (fixture, "hit_match"), ==, 1);
  g_assert_cmpint (count (fixture, "sighting_state"), ==, 4);
  g_assert_cmpint (count_pictures (fixture), ==, 6);
}

static void
test_bad_record (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) batch = make_batch ();

  /* A note without a text breaks the table's rule; its neighbours must not pay for it. */
  put (batch, 1, BOLO_SIGHTING_CLOSED);
  g_ptr_array_add (batch, bolo_record_new_note (bolo_note_new ("sign-on", NULL, NULL, 1)));
  put_hit (batch, 2);
  g_test_expect_message ("bolo-archive", G_LOG_LEVEL_WARNING, "*could not be stored*");
  write_batch (fixture, batch);
  g_test_assert_expected_messages ();
  g_assert_false (((BoloRecord *) batch->pdata[0])->is_lost);
  g_assert_true (((BoloRecord *) batch->pdata[1])->is_lost);
  g_assert_false (((BoloRecord *) batch->pdata[2])->is_lost);
  g_assert_cmpint (count (fixture, "sighting"), ==, 2);
  g_assert_cmpint (count (fixture, "hit"), ==, 1);
  g_assert_cmpint (count (fixture, "note"), ==, 0);
}

static void
test_failed_try (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) batch = make_batch ();
  g_autoptr (GError) error = NULL;

  put_hit (batch, 1);
  put (batch, 2, BOLO_SIGHTING_CLOSED);
  for (int i = 0; i < 3; i++) {
    bolo_cut_vfs_fail_writes (fixture->vfs, SQLITE_FULL);
    g_assert_false (
      bolo_archive_write (fixture->archive, batch, fixture->ids, fixture->problems, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE);
    g_clear_error (&error);
    g_assert_cmpuint (fixture->ids->len, ==, 0);
    bolo_cut_vfs_fail_writes (fixture->vfs, SQLITE_OK);
    g_assert_cmpint (count (fixture, "sighting"), ==, 0);
  }
  write_batch (fixture, batch);
  g_assert_cmpuint (fixture->ids->len, ==, 3);
  g_assert_cmpint (count (fixture, "sighting"), ==, 2);
  g_assert_cmpint (count_pictures (fixture), ==, 4);
}

static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) batch = make_batch ();
  g_autoptr (GError) error = NULL;
  BoloStoreCounts counts = {0};
  BoloArchive *reader = bolo_archive_new (fixture->folder, NULL, fixture->clock);

  put (batch, 1, BOLO_SIGHTING_CLOSED);
  write_batch (fixture, batch);
  g_assert_true (bolo_archive_open (reader, TRUE, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (bolo_archive_count (reader, SAMPLE_START_US + 2, &counts, &error));
  g_assert_cmpint (counts.sightings, ==, 1);
  g_assert_cmpint (counts.sightings_due, ==, 1);
  g_assert_cmpint (counts.oldest_us, ==, SAMPLE_START_US + 1);
  g_assert_cmpint (counts.last_purge_us, ==, -1);
  g_assert_cmpint (counts.bytes, >, 0);
  bolo_archive_free (reader);
}

/* ---- retention, from the inside ---- */

typedef struct {
  guint pauses;
  guint questions;
  gboolean answer;
} Hooks;

static void
count_pause (gpointer data)
{
  ((Hooks *) data)->pauses++;
}

static gboolean
answer (gpointer data)
{
  Hooks *hooks = data;

  hooks->questions++;
  return hooks->answer;
}

static void
purge (Fixture *fixture, gint64 older_than_us, Hooks *hooks, BoloPurgeReport *report)
{
  const BoloRetentionHooks calls = {count_pause, answer, hooks};
  g_autoptr (GError) error = NULL;

  g_assert_true (
    bolo_retention_purge (fixture->archive, older_than_us, "PC 9", &calls, report, &error));
  g_assert_no_error (error);
}

/* While hits keep coming the file is not rewritten; the next purge makes up for it. */
static void
test_interrupted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) batch = make_batch ();
  BoloPurgeReport report = {0};
  Hooks hooks = {.answer = TRUE};
  gint64 is_due = -1;

  for (guint i = 0; i < 450; i++)
    put (batch, i, BOLO_SIGHTING_CLOSED);
  write_batch (fixture, batch);
  purge (fixture, SAMPLE_START_US + 400, &hooks, &report);
  g_assert_cmpuint (report.sightings, ==, 400);
  g_assert_false (report.is_complete);
  g_assert_cmpuint (hooks.questions, >, 0);
  /* Between the chunks and after each interruption. */
  g_assert_cmpuint (hooks.pauses, >, 2);
  bolo_journal_get_upkeep (bolo_archive_get_journal (fixture->archive), "rewrite-due", -1, &is_due,
                           NULL);
  g_assert_cmpint (is_due, ==, 1);

  hooks.answer = FALSE;
  memset (&report, 0, sizeof report);
  purge (fixture, SAMPLE_START_US + 400, &hooks, &report);
  g_assert_cmpuint (report.sightings, ==, 0);
  g_assert_true (report.is_complete);
  g_assert_cmpint (count (fixture, "sighting"), ==, 50);
  g_assert_true (bolo_archive_verify (fixture->archive, NULL));
}

static void
put_note (GPtrArray *batch, const char *kind, gint64 at_us)
{
  g_ptr_array_add (batch, bolo_record_new_note (bolo_note_new (kind, "PC 1", "words", at_us)));
}

static void
test_notes_and_strays (Fixture *fixture, gconstpointer data)
{
  const gint64 now_us = SAMPLE_START_US + 800 * G_TIME_SPAN_DAY;
  g_autoptr (GPtrArray) batch = make_batch ();
  g_autoptr (BoloDisposition) stray =
    sample_disposition (5, "a hit in a journal that was set aside", BOLO_DISPOSITION_MISREAD);
  g_autoptr (BoloDisposition) kept = sample_disposition (6, "another", BOLO_DISPOSITION_SEEN);
  BoloPurgeReport report = {0};
  Hooks hooks = {0};

  bolo_clock_advance_to (fixture->clock, now_us);
  kept->at_us = now_us;
  g_ptr_array_add (batch, bolo_record_new_disposition (stray));
  g_ptr_array_add (batch, bolo_record_new_disposition (kept));
  put_note (batch, "sign-on", now_us - 8 * G_TIME_SPAN_DAY);
  put_note (batch, "sign-on", now_us - 6 * G_TIME_SPAN_DAY);
  /* What was purged stays on record for 12 months. */
  put_note (batch, BOLO_NOTE_PURGE, now_us - 8 * G_TIME_SPAN_DAY);
  put_note (batch, BOLO_NOTE_PURGE, now_us - 366 * G_TIME_SPAN_DAY);
  write_batch (fixture, batch);
  purge (fixture, now_us - 7 * G_TIME_SPAN_DAY, &hooks, &report);
  g_assert_cmpuint (report.dispositions, ==, 1);
  g_assert_cmpint (count (fixture, "disposition"), ==, 1);
  g_assert_cmpint (count (fixture, "note WHERE kind = 'sign-on'"), ==, 1);
  g_assert_cmpint (count (fixture, "note WHERE kind = 'purge'"), ==, 2);
  g_assert_cmpint (count (fixture, "note WHERE officer = 'PC 9'"), ==, 1);
}

/* Nothing that is still to be sent goes; what was refused goes with its record. */
static void
test_unsent_stays (Fixture *fixture, gconstpointer data)
{
  static const char *const hq[] = {"hq", NULL};
  const BoloUnsentQuery query = {"hq", G_MAXINT64 - 1, BOLO_URGENCY_PICTURE, 100, 1000000, FALSE};
  g_autoptr (GPtrArray) batch = make_batch ();
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GPtrArray) pictures = NULL;
  BoloPurgeReport report = {0};
  BoloPurgeReport rest = {0};
  g_autoptr (GError) error = NULL;
  Hooks hooks = {0};

  bolo_archive_close (fixture->archive);
  bolo_archive_set_receivers (fixture->archive, hq);
  g_assert_true (bolo_archive_open (fixture->archive, FALSE, NULL, &error));
  put_hit (batch, 1);
  put_hit (batch, 2);
  write_batch (fixture, batch);
  items = bolo_archive_list_unsent (fixture->archive, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 4);
  for (guint i = 0; i < items->len; i++) {
    BoloOutgoing *item = items->pdata[i];
    g_autofree char *first = sample_id (item->topic == BOLO_TOPIC_HIT ? "hit" : "sighting", 1);

    g_assert_cmpint (item->topic, ==, i < 2 ? BOLO_TOPIC_HIT : BOLO_TOPIC_SIGHTING);
    bolo_outgoing_answer (
      item, g_str_equal (item->id, first) ? BOLO_RESULT_REJECTED : BOLO_RESULT_UNKNOWN, "no");
  }
  g_assert_true (bolo_archive_settle (fixture->archive, "hq", items, 0, &error));
  /* The pictures of the first still wait. */
  purge (fixture, SAMPLE_START_US + 10 * G_TIME_SPAN_DAY, &hooks, &report);
  g_assert_cmpuint (report.hits, ==, 0);
  g_assert_cmpuint (report.unsent, ==, 2);
  pictures = bolo_media_list_unsent (bolo_archive_get_media (fixture->archive), &query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pictures->len, ==, 4);
  for (guint i = 0; i < pictures->len; i++) {
    const BoloOutgoing *item = pictures->pdata[i];

    g_assert_cmpint (item->urgency, ==, BOLO_URGENCY_HIT_PICTURE);
    g_assert_cmpuint (g_bytes_get_size (item->picture), >, 0);
    bolo_outgoing_answer (pictures->pdata[i], BOLO_RESULT_STORED, NULL);
  }
  g_assert_true (bolo_archive_settle (fixture->archive, "hq", pictures, 0, &error));
  purge (fixture, SAMPLE_START_US + 10 * G_TIME_SPAN_DAY, &hooks, &rest);
  g_assert_cmpuint (rest.hits, ==, 1);
  g_assert_cmpuint (rest.unsent, ==, 1);
  g_assert_cmpint (count (fixture, "outbox"), ==, 2);
  g_assert_cmpint (count (fixture, "outbox WHERE refused <> 0"), ==, 0);
}

static void
test_later_receiver (Fixture *fixture, gconstpointer data)
{
  static const char *const hq[] = {"hq", NULL};
  static const char *const nobody[] = {NULL};
  g_autoptr (GPtrArray) batch = make_batch ();
  g_autoptr (GError) error = NULL;
  BoloUnsentCounts counts = {.oldest_us = -1};
  BoloUnsentCounts none = {.oldest_us = -1};

  /* With nobody to send to nothing waits. */
  put_hit (batch, 1);
  write_batch (fixture, batch);
  g_assert_cmpint (count (fixture, "outbox"), ==, 0);
  bolo_archive_close (fixture->archive);
  bolo_archive_set_receivers (fixture->archive, hq);
  g_assert_true (bolo_archive_open (fixture->archive, FALSE, NULL, &error));
  g_assert_true (bolo_archive_count_unsent (fixture->archive, "hq", &counts, &error));
  g_assert_no_error (error);
  g_assert_cmpint (counts.items[BOLO_TOPIC_HIT], ==, 1);
  g_assert_cmpint (counts.items[BOLO_TOPIC_SIGHTING], ==, 1);
  g_assert_cmpint (counts.items[BOLO_TOPIC_PICTURE], ==, 2);
  g_assert_cmpint (counts.picture_bytes, >, 0);
  bolo_archive_close (fixture->archive);
  bolo_archive_set_receivers (fixture->archive, nobody);
  g_assert_true (bolo_archive_open (fixture->archive, FALSE, NULL, &error));
  g_assert_true (bolo_archive_count_unsent (fixture->archive, "hq", &none, &error));
  g_assert_cmpint (none.items[BOLO_TOPIC_HIT] + none.items[BOLO_TOPIC_PICTURE], ==, 0);
  g_assert_cmpint (count (fixture, "outbox"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/archive/pictures-once", test_pictures_once);
  ADD ("/archive/played-again", test_played_again);
  ADD ("/archive/bad-record", test_bad_record);
  ADD ("/archive/failed-try", test_failed_try);
  ADD ("/archive/read-only", test_read_only);
  ADD ("/archive/interrupted-purge", test_interrupted);
  ADD ("/archive/notes-and-strays", test_notes_and_strays);
  ADD ("/archive/unsent-stays", test_unsent_stays);
  ADD ("/archive/later-receiver", test_later_receiver);
  return g_test_run ();
}
