/* test-desk-work.c: what an officer asks is checked and audited before it is done
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "bolo-audit.h"
#include "bolo-db.h"
#include "bolo-desk-work.h"
#include "bolo-error.h"
#include "bolo-watch-book.h"
#include "test-clip.h"

#define NOW_US G_GINT64_CONSTANT (1773508800000000) /* 2026-03-14 17:20 UTC */

typedef struct {
  char *folder;
  BoloClock *clock;
  BoloPlateRules *rules;
  BoloDeskRules *desk;
  BoloIdSource *ids;
  BoloDeskWork *work;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *plate = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  g_autoptr (GError) error = NULL;

  fixture->folder = test_clip_make_folder ();
  fixture->clock = bolo_clock_new_manual (NOW_US);
  fixture->rules = bolo_plate_rules_load (plate, &error);
  g_assert_no_error (error);
  fixture->desk = bolo_desk_rules_new ();
  fixture->ids = bolo_id_source_new ("desk");
  fixture->work = bolo_desk_work_new (fixture->folder, fixture->rules, fixture->desk,
                                      fixture->clock, fixture->ids);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->work, bolo_desk_work_free);
  g_clear_pointer (&fixture->desk, bolo_desk_rules_free);
  g_clear_pointer (&fixture->rules, bolo_plate_rules_unref);
  g_clear_pointer (&fixture->ids, bolo_id_source_unref);
  g_clear_object (&fixture->clock);
  test_clip_remove_folder (fixture->folder);
}

/* (transfer full): what the audit holds, read by somebody else. */
static GPtrArray *
read_audit (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloAudit) audit = bolo_audit_open (fixture->folder, &error);
  GPtrArray *records;

  g_assert_no_error (error);
  g_assert_true (bolo_audit_verify (audit, NULL, &error));
  records = bolo_audit_list (audit, 1, &error);
  g_assert_no_error (error);
  return records;
}

static void
assert_n_audited (Fixture *fixture, guint n)
{
  g_autoptr (GPtrArray) records = read_audit (fixture);

  g_assert_cmpuint (records->len, ==, n);
}

static BoloAsk
make_search (void)
{
  return (BoloAsk){.what = BOLO_ASK_SEARCH,
                   .mark = "ab0 ?1*",
                   .reason = "crime",
                   .reference = "CR/123",
                   .from_us = NOW_US - G_TIME_SPAN_DAY,
                   .to_us = NOW_US};
}

static void
test_search (Fixture *fixture, gconstpointer data)
{
  BoloAsk search = make_search ();
  g_auto (BoloLookBack) look_back = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = NULL;
  const BoloAuditRecord *record;

  g_assert_true (bolo_desk_work_do (fixture->work, &search, "PC 4127", &look_back, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (look_back.glob, ==, "AB[0O]?[1I]*");
  g_assert_cmpint (look_back.from_us, ==, search.from_us);
  g_assert_cmpint (look_back.to_us, ==, search.to_us);

  records = read_audit (fixture);
  g_assert_cmpuint (records->len, ==, 1);
  record = g_ptr_array_index (records, 0);
  g_assert_cmpint (record->act, ==, BOLO_AUDIT_SEARCHED);
  g_assert_cmpint (record->at_us, ==, NOW_US);
  g_assert_cmpstr (record->officer, ==, "PC 4127");
  g_assert_cmpstr (record->subject, ==, "AB0?1*");
  g_assert_cmpstr (record->reason, ==, "crime");
  g_assert_cmpstr (record->reference, ==, "CR/123");
  g_assert_null (record->authoriser);
  g_assert_cmpstr (record->details, ==,
                   "from 2026-03-13T17:20:00.000Z to 2026-03-14T17:20:00.000Z");
}

static void
refuse (Fixture *fixture, const BoloAsk *ask, int code, const char *words)
{
  g_auto (BoloLookBack) look_back = {0};
  g_autoptr (GError) error = NULL;

  g_assert_false (bolo_desk_work_do (fixture->work, ask, "PC 4127", &look_back, &error));
  g_assert_error (error, BOLO_ERROR, code);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (look_back.glob);
}

static void
test_search_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *long_text = g_strnfill (1000, 'x');
  BoloAsk search = make_search ();

  search.mark = "*";
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "known characters");
  search = make_search ();
  search.mark = NULL;
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "known characters");
  search = make_search ();
  search.reason = "curiosity";
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "crime");
  search.reason = NULL;
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "crime");
  search = make_search ();
  search.reference = "";
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "reference");
  search.reference = long_text;
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "reference");
  search.reference = "\xff";
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "reference");
  search = make_search ();
  search.to_us = search.from_us;
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "ends before it begins");
  assert_n_audited (fixture, 0);
}

static void
allow (Fixture *fixture, const BoloAsk *ask)
{
  g_auto (BoloLookBack) look_back = {0};
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_desk_work_do (fixture->work, ask, "PC 4127", &look_back, &error));
  g_assert_no_error (error);
}

static void
test_nobody_asks (Fixture *fixture, gconstpointer data)
{
  BoloAsk search = make_search ();
  g_auto (BoloLookBack) look_back = {0};
  g_autoptr (GError) error = NULL;

  g_assert_false (bolo_desk_work_do (fixture->work, &search, NULL, &look_back, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "officer"));
  assert_n_audited (fixture, 0);
}

static void
test_old_records (Fixture *fixture, gconstpointer data)
{
  BoloAsk search = make_search ();

  search.from_us = NOW_US - BOLO_SEARCH_OPEN_US - 1;
  refuse (fixture, &search, BOLO_ERROR_PERMISSION, "2025-12-14T17:20:00.000Z");
  search.authoriser = "";
  refuse (fixture, &search, BOLO_ERROR_PERMISSION, "90 days");
  search.authoriser = "PC 4127";
  refuse (fixture, &search, BOLO_ERROR_PERMISSION, "own search");
  assert_n_audited (fixture, 0);
  search.authoriser = "Supt 3";
  allow (fixture, &search);
  assert_n_audited (fixture, 1);
  search.from_us++;
  search.authoriser = NULL;
  allow (fixture, &search);
  assert_n_audited (fixture, 2);
}

static BoloAsk
make_watch (void)
{
  return (BoloAsk){.what = BOLO_ASK_ADD_WATCH,
                   .mark = "ab?2*",
                   .reason = "Left the scene",
                   .description = "dark van",
                   .until_us = NOW_US + G_TIME_SPAN_HOUR};
}

/* (transfer none): the one act that the audit's @nth row is about. */
static void
assert_act (Fixture *fixture, guint nth, BoloAuditAct act, const char *officer, const char *subject)
{
  g_autoptr (GPtrArray) records = read_audit (fixture);
  const BoloAuditRecord *record;

  g_assert_cmpuint (records->len, >, nth);
  record = g_ptr_array_index (records, nth);
  g_assert_cmpint (record->act, ==, act);
  g_assert_cmpstr (record->officer, ==, officer);
  g_assert_cmpstr (record->subject, ==, subject);
}

static void
test_watch (Fixture *fixture, gconstpointer data)
{
  BoloAsk ask = make_watch ();
  g_auto (BoloLookBack) look_back = {0};
  g_autoptr (GPtrArray) watches = NULL;
  g_autoptr (GError) error = NULL;
  const BoloWatch *watch;

  g_assert_true (bolo_desk_work_do (fixture->work, &ask, "PC 4127", &look_back, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (look_back.glob, ==, "AB?2*");
  g_assert_cmpint (look_back.from_us, ==, NOW_US - BOLO_SEARCH_OPEN_US);
  assert_act (fixture, 0, BOLO_AUDIT_WATCH_ADDED, "PC 4127", "AB?2*");
  watches = bolo_desk_work_list_watches (fixture->work, &error);
  g_assert_cmpuint (watches->len, ==, 1);
  watch = g_ptr_array_index (watches, 0);
  g_assert_cmpstr (watch->category, ==, "watch");
  g_assert_cmpstr (watch->officer, ==, "PC 4127");
  g_assert_cmpint (watch->added_us, ==, NOW_US);

  ask = (BoloAsk){.what = BOLO_ASK_REMOVE_WATCH, .id = watch->id};
  allow (fixture, &ask);
  assert_act (fixture, 1, BOLO_AUDIT_WATCH_REMOVED, "PC 4127", "AB?2*");
  refuse (fixture, &ask, BOLO_ERROR_NOT_FOUND, "no watch entry");
}

static void
test_watch_refused (Fixture *fixture, gconstpointer data)
{
  BoloAsk ask = make_watch ();

  ask.mark = "A*";
  refuse (fixture, &ask, BOLO_ERROR_INVALID_DATA, "known characters");
  ask = make_watch ();
  ask.reason = "";
  refuse (fixture, &ask, BOLO_ERROR_INVALID_DATA, "reason");
  ask = make_watch ();
  ask.description = "\xff";
  refuse (fixture, &ask, BOLO_ERROR_INVALID_DATA, "description");
  ask = make_watch ();
  ask.until_us = NOW_US;
  refuse (fixture, &ask, BOLO_ERROR_INVALID_DATA, "72 hours");
  ask.until_us = NOW_US + 72 * G_TIME_SPAN_HOUR + 1;
  refuse (fixture, &ask, BOLO_ERROR_INVALID_DATA, "72 hours");
  ask.until_us = 0;
  refuse (fixture, &ask, BOLO_ERROR_INVALID_DATA, "72 hours");
  assert_n_audited (fixture, 0);
}

/* By its mark, as an officer knows it; not where that could mean two. */
static void
test_watch_by_mark (Fixture *fixture, gconstpointer data)
{
  BoloAsk ask = make_watch ();
  BoloAsk end = {.what = BOLO_ASK_REMOVE_WATCH, .id = "AB ?2*"};

  allow (fixture, &ask);
  allow (fixture, &ask);
  refuse (fixture, &end, BOLO_ERROR_NOT_FOUND, "several");
  ask.mark = "CD34EFG";
  allow (fixture, &ask);
  end.id = "cd34 efg";
  allow (fixture, &end);
}

static void
test_too_many (Fixture *fixture, gconstpointer data)
{
  BoloAsk ask = make_watch ();
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloWatchBook) book = bolo_watch_book_open (fixture->folder, NOW_US, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < 500; i++) {
    g_autoptr (BoloWatch) watch = bolo_watch_new ();

    watch->id = g_strdup_printf ("%u", i);
    watch->mark = g_strdup ("AB12CDE");
    watch->reason = g_strdup ("Why");
    watch->category = g_strdup (BOLO_WATCH_LIST);
    watch->officer = g_strdup ("PC 1");
    g_assert_true (bolo_watch_book_add (book, watch, &error));
  }
  refuse (fixture, &ask, BOLO_ERROR_NO_SPACE, "500");
}

static BoloAsk
make_silence (void)
{
  return (BoloAsk){.what = BOLO_ASK_SILENCE,
                   .list = "stolen",
                   .mark = "KX68YZT",
                   .entry_reference = "CR/9",
                   .kind = BOLO_SILENCE_RECOVERED,
                   .reason = "Keeper has it back",
                   .until_us = NOW_US + G_TIME_SPAN_HOUR};
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  BoloAsk ask = make_silence ();
  g_autoptr (GPtrArray) silences = NULL;
  g_autoptr (GError) error = NULL;
  const BoloSilence *silence;

  allow (fixture, &ask);
  assert_act (fixture, 0, BOLO_AUDIT_ENTRY_SILENCED, "PC 4127", "stolen/KX68YZT");
  silences = bolo_desk_work_list_silences (fixture->work, &error);
  g_assert_cmpuint (silences->len, ==, 1);
  silence = g_ptr_array_index (silences, 0);
  g_assert_cmpstr (silence->reference, ==, "CR/9");
  g_assert_cmpstr (silence->reason, ==, "Keeper has it back");
  ask = (BoloAsk){.what = BOLO_ASK_REMOVE_SILENCE, .id = silence->id};
  allow (fixture, &ask);
  assert_act (fixture, 1, BOLO_AUDIT_SILENCE_REMOVED, "PC 4127", "stolen/KX68YZT");
  refuse (fixture, &ask, BOLO_ERROR_NOT_FOUND, "no silence");

  ask = make_silence ();
  ask.until_us = NOW_US + 24 * G_TIME_SPAN_HOUR + 1;
  refuse (fixture, &ask, BOLO_ERROR_INVALID_DATA, "24 hours");
  ask = make_silence ();
  ask.reason = NULL;
  refuse (fixture, &ask, BOLO_ERROR_INVALID_DATA, "wrong");
  ask = make_silence ();
  ask.list = NULL;
  refuse (fixture, &ask, BOLO_ERROR_INVALID_DATA, "list");
}

/* How many rows the book has, ended ones too. */
static void
assert_kept (Fixture *fixture, gint64 n_expected)
{
  g_autofree char *path = g_build_filename (fixture->folder, "watch.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDb) db = bolo_db_open (path, NULL, 0, &error);
  gint64 n = 0;

  g_assert_no_error (error);
  g_assert_true (bolo_db_get_int64 (db,
                                    "SELECT (SELECT count(*) FROM watch)"
                                    " + (SELECT count(*) FROM silence)",
                                    0, &n, &error));
  g_assert_cmpint (n, ==, n_expected);
}

/* What is over ends by itself, and that is audited, with nobody's name. */
static void
test_expire (Fixture *fixture, gconstpointer data)
{
  BoloAsk watch = make_watch ();
  BoloAsk silence = make_silence ();
  g_autoptr (GPtrArray) watches = NULL;
  g_autoptr (GPtrArray) silences = NULL;
  g_autoptr (GError) error = NULL;
  guint n_ended = 99;

  allow (fixture, &watch);
  allow (fixture, &silence);
  watch.mark = "CD34EFG";
  watch.until_us = NOW_US + 2 * G_TIME_SPAN_HOUR;
  allow (fixture, &watch);
  g_assert_true (bolo_desk_work_expire (fixture->work, &n_ended, &error));
  g_assert_cmpuint (n_ended, ==, 0);
  bolo_clock_advance_to (fixture->clock, NOW_US + G_TIME_SPAN_HOUR);
  watches = bolo_desk_work_list_watches (fixture->work, &error);
  g_assert_cmpuint (watches->len, ==, 1);
  silences = bolo_desk_work_list_silences (fixture->work, &error);
  g_assert_cmpuint (silences->len, ==, 0);
  g_assert_true (bolo_desk_work_expire (fixture->work, &n_ended, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_ended, ==, 2);
  assert_act (fixture, 3, BOLO_AUDIT_WATCH_EXPIRED, NULL, "AB?2*");
  assert_act (fixture, 4, BOLO_AUDIT_SILENCE_EXPIRED, NULL, "stolen/KX68YZT");
  g_assert_true (bolo_desk_work_expire (fixture->work, &n_ended, &error));
  g_assert_cmpuint (n_ended, ==, 0);
  assert_kept (fixture, 3);
  bolo_clock_advance_to (fixture->clock, NOW_US + G_TIME_SPAN_HOUR + 7 * G_TIME_SPAN_DAY + 1);
  g_assert_true (bolo_desk_work_expire (fixture->work, &n_ended, &error));
  g_assert_cmpuint (n_ended, ==, 1);
  assert_kept (fixture, 1); /* that ended just now */
}

/* Another program has the book to itself: what ended long ago stays for now, and nothing fails. */
static void
test_purge_later (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "watch.db", NULL);
  BoloAsk watch = make_watch ();
  g_autoptr (BoloDb) other = NULL;
  g_autoptr (GError) error = NULL;
  guint n_ended = 99;

  allow (fixture, &watch);
  bolo_clock_advance_to (fixture->clock, NOW_US + G_TIME_SPAN_HOUR);
  g_assert_true (bolo_desk_work_expire (fixture->work, &n_ended, &error));
  g_assert_cmpuint (n_ended, ==, 1);
  other = bolo_db_open (path, NULL, 0, &error);
  g_assert_true (bolo_db_begin (other, &error));
  bolo_clock_advance_to (fixture->clock, NOW_US + 8 * G_TIME_SPAN_DAY);
  g_assert_true (bolo_desk_work_expire (fixture->work, &n_ended, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_ended, ==, 0);
  bolo_db_roll_back (other);
  assert_kept (fixture, 1);
  bolo_clock_advance_to (fixture->clock, NOW_US + 8 * G_TIME_SPAN_DAY + G_TIME_SPAN_HOUR);
  g_assert_true (bolo_desk_work_expire (fixture->work, &n_ended, &error));
  assert_kept (fixture, 0);
}

/* What cannot be written down is not allowed. */
static void
test_no_audit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "audit.db", NULL);
  BoloAsk search = make_search ();

  g_assert_true (g_file_set_contents (path, "no database", -1, NULL));
  refuse (fixture, &search, BOLO_ERROR_INVALID_DATA, "audit.db");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/desk-work/search", test_search);
  ADD ("/desk-work/search-refused", test_search_refused);
  ADD ("/desk-work/old-records", test_old_records);
  ADD ("/desk-work/no-audit", test_no_audit);
  ADD ("/desk-work/nobody-asks", test_nobody_asks);
  ADD ("/desk-work/watch", test_watch);
  ADD ("/desk-work/watch-refused", test_watch_refused);
  ADD ("/desk-work/watch-by-mark", test_watch_by_mark);
  ADD ("/desk-work/too-many", test_too_many);
  ADD ("/desk-work/silence", test_silence);
  ADD ("/desk-work/expire", test_expire);
  ADD ("/desk-work/purge-later", test_purge_later);
  return g_test_run ();
}
