/* test-patrol-desk.c: what officers ask of a running engine: watch entries, silences, searches
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-audit.h"
#include "bolo-error.h"
#include "bolo-patrol-private.h"
#include "bolo-watch-book.h"
#include "test-clip.h"

#include <glib/gstdio.h>
#include <string.h>

#define START_TEXT "2026-03-14T17:20:00.000Z"
#define START_US G_GINT64_CONSTANT (1773508800000000)
#define WAIT_S 60

typedef struct {
  char *folder;
  char *state;
  BoloPatrol *patrol;
  GPtrArray *hits; /* of BoloHit */
  GString *told;   /* everything that any face was told, in order */
  guint alarms;
  guint n_changes;
} Fixture;

static void
write_file (Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *clip = NULL;

  fixture->folder = test_clip_make_folder ();
  fixture->state = g_build_filename (fixture->folder, "state", NULL);
  fixture->hits = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_hit_unref);
  fixture->told = g_string_new (NULL);
  clip = g_build_filename (fixture->folder, "front.mkv", NULL);
  write_file (fixture, "recording.ini",
              "[recording]\ntitle=Test\nstart=" START_TEXT "\nduration_ms=1000\n"
              "[camera front]\nfile=front.mkv\nlooks=front\n"
              "[list stolen]\nfile=lists/stolen.csv\nkind=stolen\n");
  write_file (fixture, "state/lists.conf", "[list stolen]\nstale_age_h=5\n");
  write_file (fixture, "lists/stolen.csv",
              "KX68YZT,FORD,FOCUS,BLUE,STOP,,STOLEN,,Keys taken,ANYSHIRE,,,,,,CR/9\n"
              "CV99ERT,BMW,X5,BLACK,SILENT,,HIDDENREASON,,,ANYSHIRE,,,,,,\n");
  test_clip_make (clip, "black", 15, 320, 240);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->patrol != NULL) {
    bolo_patrol_stop (fixture->patrol);
    while (g_main_context_iteration (NULL, FALSE))
      ;
    g_clear_object (&fixture->patrol);
  }
  g_ptr_array_unref (fixture->hits);
  g_string_free (fixture->told, TRUE);
  g_free (fixture->state);
  test_clip_remove_folder (fixture->folder);
}

static void
on_hit (Fixture *fixture, const BoloHit *hit)
{
  g_ptr_array_add (fixture->hits, bolo_hit_ref (hit));
  g_string_append_printf (fixture->told, "hit %s %s\n", hit->id, hit->sighting->text);
}

static void
on_alarm (Fixture *fixture, BoloHitCase *hit_case)
{
  fixture->alarms++;
  g_string_append_printf (fixture->told, "alarm %s\n", bolo_hit_case_get_hit (hit_case)->id);
}

static void
on_announced (Fixture *fixture, BoloHitCase *hit_case, const char *tone, gint64 first_sample_us)
{
  g_string_append_printf (fixture->told, "announced %s\n", tone);
}

static void
on_stored (Fixture *fixture, char **ids)
{
  for (guint i = 0; ids[i] != NULL; i++)
    g_string_append_printf (fixture->told, "stored %s\n", ids[i]);
}

static void
on_health (Fixture *fixture, const BoloHealth *health)
{
  g_string_append_printf (fixture->told, "health %s %s\n", health->what, health->detail);
}

static void
on_changed (Fixture *fixture)
{
  fixture->n_changes++;
}

static void
make_patrol (Fixture *fixture, const char *own_mark)
{
  g_autoptr (GError) error = NULL;
  BoloPatrolConfig *config = bolo_patrol_config_load_recording (fixture->folder, &error);
  BoloPatrolOptions options = {.state_dir = fixture->state, .is_silent = TRUE};
  const char *const own[] = {own_mark, NULL};

  g_assert_no_error (error);
  config->officer = g_strdup ("PC 4127");
  g_strfreev (config->desk->own_marks);
  config->desk->own_marks = g_strdupv ((char **) own);
  fixture->patrol = bolo_patrol_new (config, &options, &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (fixture->patrol, "hit", G_CALLBACK (on_hit), fixture);
  g_signal_connect_swapped (fixture->patrol, "alarm", G_CALLBACK (on_alarm), fixture);
  g_signal_connect_swapped (fixture->patrol, "announced", G_CALLBACK (on_announced), fixture);
  g_signal_connect_swapped (fixture->patrol, "stored", G_CALLBACK (on_stored), fixture);
  g_signal_connect_swapped (fixture->patrol, "health", G_CALLBACK (on_health), fixture);
  g_signal_connect_swapped (bolo_engine_get_desk (BOLO_ENGINE (fixture->patrol)), "changed",
                            G_CALLBACK (on_changed), fixture);
}

static BoloDesk *
get_desk (Fixture *fixture)
{
  return bolo_engine_get_desk (BOLO_ENGINE (fixture->patrol));
}

static void
see_at (Fixture *fixture, const char *id, const char *text)
{
  g_autoptr (BoloSighting) sighting = bolo_sighting_new ();

  sighting->id = g_strdup (id);
  sighting->camera = g_strdup ("front");
  sighting->text = g_strdup (text);
  sighting->confidence = 0.99f;
  sighting->looks = 3;
  sighting->first_us = START_US + 100000;
  sighting->last_us = START_US + 400000;
  sighting->captured_us = START_US + 300000;
  sighting->agreed_us = sighting->captured_us;
  sighting->captured_by = BOLO_CAPTURED_BY_RECORDING;
  bolo_patrol_take_sighting (fixture->patrol, sighting);
}

/* What came of an ask. */
typedef struct {
  gboolean is_done;
  GPtrArray *found; /* (owned) (nullable) */
  GError *error;    /* (owned) (nullable) */
} Answer;

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->found, g_ptr_array_unref);
  g_clear_error (&answer->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->found = bolo_desk_ask_finish (BOLO_DESK (source), result, &answer->error);
  answer->is_done = TRUE;
}

static Answer
ask (Fixture *fixture, const BoloAsk *what)
{
  Answer answer = {0};
  gint64 deadline_us = g_get_monotonic_time () + WAIT_S * G_USEC_PER_SEC;

  bolo_desk_ask_async (get_desk (fixture), what, NULL, on_answer, &answer);
  while (!answer.is_done) {
    g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
    g_main_context_iteration (NULL, TRUE);
  }
  return answer;
}

static gint64
in_an_hour (Fixture *fixture)
{
  return bolo_clock_get_utc_us (bolo_engine_get_clock (BOLO_ENGINE (fixture->patrol))) +
         G_TIME_SPAN_HOUR;
}

static BoloAsk
make_watch (Fixture *fixture, const char *mark)
{
  return (BoloAsk){.what = BOLO_ASK_ADD_WATCH,
                   .mark = mark,
                   .reason = "Left the scene",
                   .until_us = in_an_hour (fixture)};
}

/* From the moment it is stored; what has passed already is found; after its end it is silent. */
static void
test_watch (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) watches = NULL;
  BoloAsk what;

  make_patrol (fixture, NULL);
  see_at (fixture, "s1", "AB12CDE");
  g_assert_cmpuint (fixture->hits->len, ==, 0);
  what = make_watch (fixture, "ab?2*");
  {
    g_auto (Answer) answer = ask (fixture, &what);

    g_assert_no_error (answer.error);
    g_assert_cmpuint (answer.found->len, ==, 1);
    g_assert_cmpstr (((BoloSighting *) answer.found->pdata[0])->text, ==, "AB12CDE");
  }
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  see_at (fixture, "s2", "AB92XYZ");
  g_assert_cmpuint (fixture->hits->len, ==, 1);
  g_assert_cmpuint (fixture->alarms, ==, 1);
  g_assert_cmpint (bolo_hit_get_leading (fixture->hits->pdata[0])->kind, ==, BOLO_MATCH_PATTERN);

  watches = bolo_desk_ref_watches (get_desk (fixture));
  g_assert_cmpuint (watches->len, ==, 1);
  what = (BoloAsk){.what = BOLO_ASK_REMOVE_WATCH, .id = ((BoloWatch *) watches->pdata[0])->id};
  {
    g_auto (Answer) answer = ask (fixture, &what);

    g_assert_no_error (answer.error);
    g_assert_cmpuint (answer.found->len, ==, 0);
  }
  see_at (fixture, "s3", "AB82XYZ");
  g_assert_cmpuint (fixture->hits->len, ==, 1);
}

/* What was added before is in force from the first sighting on. */
static void
test_watch_is_kept (Fixture *fixture, gconstpointer data)
{
  BoloAsk what;

  make_patrol (fixture, NULL);
  what = make_watch (fixture, "AB12CDE");
  {
    g_auto (Answer) answer = ask (fixture, &what);

    g_assert_no_error (answer.error);
  }
  bolo_patrol_stop (fixture->patrol);
  g_clear_object (&fixture->patrol);
  make_patrol (fixture, NULL);
  see_at (fixture, "s1", "AB12CDE");
  g_assert_cmpuint (fixture->alarms, ==, 1);
}

static gboolean
has_watch (Fixture *fixture)
{
  g_autoptr (GPtrArray) watches = bolo_desk_ref_watches (get_desk (fixture));

  return watches->len > 0;
}

/* Somebody at the command line adds one: in force within two seconds. */
static void
test_watch_of_another_program (Fixture *fixture, gconstpointer data)
{
  gint64 deadline_us = g_get_monotonic_time () + WAIT_S * G_USEC_PER_SEC;
  g_autoptr (BoloWatchBook) book = NULL;
  g_autoptr (BoloWatch) watch = bolo_watch_new ();
  g_autoptr (GError) error = NULL;

  make_patrol (fixture, NULL);
  bolo_patrol_start (fixture->patrol);
  book = bolo_watch_book_open (fixture->state, START_US, NULL, &error);
  g_assert_no_error (error);
  watch->id = g_strdup ("theirs");
  watch->mark = g_strdup ("AB12CDE");
  watch->reason = g_strdup ("Why");
  watch->category = g_strdup (BOLO_WATCH_LIST);
  watch->officer = g_strdup ("PC 1");
  watch->added_us = START_US;
  watch->expires_us = in_an_hour (fixture);
  g_assert_true (bolo_watch_book_add (book, watch, &error));
  while (!has_watch (fixture)) {
    g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
    g_main_context_iteration (NULL, TRUE);
  }
  see_at (fixture, "s1", "AB12CDE");
  g_assert_cmpuint (fixture->alarms, ==, 1);
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) silences = NULL;
  g_autoptr (BoloPatrolSummary) summary = NULL;
  const BoloMatch *leading;
  BoloAsk what;

  make_patrol (fixture, NULL);
  what = (BoloAsk){.what = BOLO_ASK_SILENCE,
                   .list = "stolen",
                   .mark = "KX68YZT",
                   .entry_reference = "CR/9",
                   .kind = BOLO_SILENCE_RECOVERED,
                   .reason = "Keeper has it back",
                   .until_us = in_an_hour (fixture)};
  {
    g_auto (Answer) answer = ask (fixture, &what);

    g_assert_no_error (answer.error);
  }
  see_at (fixture, "s1", "KX68YZT");
  g_assert_cmpuint (fixture->hits->len, ==, 1);
  g_assert_cmpuint (fixture->alarms, ==, 0);
  leading = bolo_hit_get_leading (fixture->hits->pdata[0]);
  g_assert_cmpstr (leading->silence->reason, ==, "Keeper has it back");
  g_assert_cmpstr (leading->silence->officer, ==, "PC 4127");

  silences = bolo_desk_ref_silences (get_desk (fixture));
  g_assert_cmpuint (silences->len, ==, 1);
  what = (BoloAsk){.what = BOLO_ASK_REMOVE_SILENCE, .id = ((BoloSilence *) silences->pdata[0])->id};
  {
    g_auto (Answer) answer = ask (fixture, &what);

    g_assert_no_error (answer.error);
  }
  see_at (fixture, "s2", "KX68YZT");
  g_assert_cmpuint (fixture->alarms, ==, 1);
  summary = bolo_patrol_get_summary (fixture->patrol);
  g_assert_cmpuint (summary->silenced, ==, 1);
}

static void
test_search (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloAudit) audit = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GError) error = NULL;
  BoloAsk what;

  make_patrol (fixture, NULL);
  see_at (fixture, "s1", "AB12CDE");
  what = (BoloAsk){.what = BOLO_ASK_SEARCH,
                   .mark = "AB12CDE",
                   .reason = "curiosity",
                   .reference = "CR/1",
                   .from_us = START_US - G_TIME_SPAN_HOUR,
                   .to_us = START_US + G_TIME_SPAN_HOUR};
  {
    g_auto (Answer) answer = ask (fixture, &what);

    g_assert_error (answer.error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_null (answer.found);
  }
  what.reason = bolo_desk_get_reasons (get_desk (fixture))[0];
  {
    g_auto (Answer) answer = ask (fixture, &what);

    g_assert_no_error (answer.error);
    g_assert_cmpuint (answer.found->len, ==, 1);
  }
  bolo_engine_set_officer (BOLO_ENGINE (fixture->patrol), "PC 77");
  {
    g_auto (Answer) answer = ask (fixture, &what);

    g_assert_no_error (answer.error);
  }
  audit = bolo_audit_open (fixture->state, &error);
  records = bolo_audit_list (audit, 1, &error);
  g_assert_cmpuint (records->len, ==, 2);
  g_assert_cmpstr (((BoloAuditRecord *) records->pdata[0])->officer, ==, "PC 4127");
  g_assert_cmpstr (((BoloAuditRecord *) records->pdata[1])->officer, ==, "PC 77");
}

static void
let_pass (Fixture *fixture, const char *awaited)
{
  gint64 deadline_us = g_get_monotonic_time () + WAIT_S * G_USEC_PER_SEC;

  while (strstr (fixture->told->str, awaited) == NULL) {
    g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
    g_main_context_iteration (NULL, TRUE);
  }
}

/* Nothing that any face is told differs from what an ordinary vehicle would have caused: no hit, no
 * alarm, no id in "stored" that nobody knows, no count. The journal has it. */
static void
test_covert (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloPatrolSummary) summary = NULL;
  g_autoptr (GPtrArray) kept = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *told = NULL;

  make_patrol (fixture, NULL);
  see_at (fixture, "first", "YY99YYY");
  let_pass (fixture, "stored first\n");
  g_string_truncate (fixture->told, 0);
  see_at (fixture, "plain", "ZZ99ZZZ");
  let_pass (fixture, "stored plain\n");
  told = g_strdup (fixture->told->str);
  g_string_truncate (fixture->told, 0);
  see_at (fixture, "hidden", "CV99ERT");
  let_pass (fixture, "stored hidden\n");
  g_assert_cmpstr (told, ==, "stored plain\n");
  g_assert_cmpstr (fixture->told->str, ==, "stored hidden\n");
  g_assert_cmpuint (
    g_list_model_get_n_items (bolo_engine_get_cases (BOLO_ENGINE (fixture->patrol))), ==, 0);
  summary = bolo_patrol_get_summary (fixture->patrol);
  g_assert_cmpuint (summary->hits + summary->alarms, ==, 0);
  g_assert_cmpuint (summary->stored, ==, 3);
  g_assert_cmpuint (summary->silenced + summary->own + summary->weeded + summary->elsewhere +
                      summary->out_of_time,
                    ==, 0);
  kept = bolo_store_list_hits (fixture->patrol->store, 0, G_MAXINT64, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kept->len, ==, 1);
  g_assert_true (((BoloHit *) kept->pdata[0])->is_covert);
}

static void
test_own_vehicle (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloPatrolSummary) summary = NULL;
  g_autoptr (GPtrArray) kept = NULL;
  g_autoptr (GError) error = NULL;

  make_patrol (fixture, "kx68 yzt");
  see_at (fixture, "s1", "KX68YZT");
  let_pass (fixture, "stored s1\n");
  g_assert_cmpuint (fixture->hits->len + fixture->alarms, ==, 0);
  summary = bolo_patrol_get_summary (fixture->patrol);
  g_assert_cmpuint (summary->own, ==, 1);
  kept = bolo_store_list_hits (fixture->patrol->store, 0, G_MAXINT64, &error);
  g_assert_cmpuint (kept->len, ==, 1);
  g_assert_false (((BoloHit *) kept->pdata[0])->is_covert);
}

static void
test_lists (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) lists = NULL;
  const BoloListState *list;

  make_patrol (fixture, NULL);
  lists = bolo_desk_ref_lists (get_desk (fixture));
  g_assert_cmpuint (lists->len, ==, 1);
  list = g_ptr_array_index (lists, 0);
  g_assert_cmpstr (list->name, ==, "stolen");
  g_assert_cmpuint (list->n_entries, ==, 2);
  g_assert_cmpint (list->trust, ==, BOLO_TRUST_REPLAY);
  g_assert_cmpint (list->age, ==, BOLO_LIST_FRESH);
  g_assert_true (list->is_in_force);
}

/* Without a folder nothing can be kept, and that is said; the lists alarm all the same. */
static void
test_without_state (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BoloPatrolConfig *config = bolo_patrol_config_load_recording (fixture->folder, &error);
  BoloPatrolOptions options = {.is_silent = TRUE};
  BoloAsk what;

  fixture->patrol = bolo_patrol_new (config, &options, &error);
  g_assert_no_error (error);
  what = make_watch (fixture, "AB12CDE");
  {
    g_auto (Answer) answer = ask (fixture, &what);

    g_assert_error (answer.error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED);
  }
}

/* A damaged audit stops what must be audited, and nothing else. */
static void
test_damaged_audit (Fixture *fixture, gconstpointer data)
{
  BoloAsk what;

  write_file (fixture, "state/audit.db", "this is no database");
  g_test_expect_message ("bolo-sync-queues", G_LOG_LEVEL_MESSAGE, "No audit records are sent*");
  g_test_expect_message ("bolo-patrol", G_LOG_LEVEL_WARNING, "*not in force*");
  make_patrol (fixture, NULL);
  g_test_assert_expected_messages ();
  bolo_patrol_start (fixture->patrol);
  let_pass (fixture, "health watch");
  what = make_watch (fixture, "AB12CDE");
  {
    g_auto (Answer) answer = ask (fixture, &what);

    g_assert_error (answer.error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  }
  see_at (fixture, "s1", "KX68YZT");
  g_assert_cmpuint (fixture->alarms, ==, 1);
}

/* The engine ends while somebody waits for an answer: he gets one. */
static void
test_stop_in_mid_work (Fixture *fixture, gconstpointer data)
{
  gint64 deadline_us = g_get_monotonic_time () + WAIT_S * G_USEC_PER_SEC;
  g_auto (Answer) answer = {0};
  g_auto (Answer) late = {0};
  BoloAsk what;

  make_patrol (fixture, NULL);
  what = make_watch (fixture, "AB12CDE");
  bolo_desk_ask_async (get_desk (fixture), &what, NULL, on_answer, &answer);
  bolo_patrol_stop (fixture->patrol);
  bolo_desk_ask_async (get_desk (fixture), &what, NULL, on_answer, &late);
  while (!answer.is_done || !late.is_done) {
    g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
    g_main_context_iteration (NULL, TRUE);
  }
  g_assert_nonnull (late.error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/patrol-desk/watch", test_watch);
  ADD ("/patrol-desk/watch-is-kept", test_watch_is_kept);
  ADD ("/patrol-desk/watch-of-another-program", test_watch_of_another_program);
  ADD ("/patrol-desk/silence", test_silence);
  ADD ("/patrol-desk/search", test_search);
  ADD ("/patrol-desk/covert", test_covert);
  ADD ("/patrol-desk/own-vehicle", test_own_vehicle);
  ADD ("/patrol-desk/lists", test_lists);
  ADD ("/patrol-desk/without-state", test_without_state);
  ADD ("/patrol-desk/damaged-audit", test_damaged_audit);
  ADD ("/patrol-desk/stop-in-mid-work", test_stop_in_mid_work);
  return g_test_run ();
}
