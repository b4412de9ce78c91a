/* test-patrol.c: the way of sightings through a whole engine with real clips, lists, track and
 * store SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-patrol-private.h"
#include "test-clip.h"

#include <glib/gstdio.h>
#include <string.h>

/* Sightings are put in by hand where the readers would: what a picture says is vision's test. The
 * clip has no plate, so that nothing else comes. */

#define START_TEXT "2026-03-14T17:20:00.000Z"
#define START_US G_GINT64_CONSTANT (1773508800000000)
#define WAIT_S 60

typedef struct {
  char *folder;
  char *state;
  BoloPatrol *patrol;
  GPtrArray *sightings; /* of BoloSighting */
  GPtrArray *hits;      /* of BoloHit */
  GHashTable *stored;   /* set of ids */
  guint alarms;
  guint announced;
  gint64 first_sample_us;
  guint fixes;
  gboolean is_finished;
} Fixture;

static void
write_file (Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* A row of the 16 UK columns. */
static char *
make_row (const char *mark, const char *action, const char *markers, const char *weed)
{
  return g_strdup_printf ("%s,FORD,FOCUS,BLUE,%s,%s,STOLEN,,Taken from a drive,ANYSHIRE,%s,,,,,\n",
                          mark, action, markers, weed);
}

static void
write_recording (Fixture *fixture)
{
  g_autofree char *clip = g_build_filename (fixture->folder, "front.mkv", NULL);
  g_autofree char *overt = make_row ("AB12CDE", "STOP", "FI", "");
  g_autofree char *covert = make_row ("CV99ERT", "SILENT", "", "");
  g_autofree char *weeded = make_row ("OL01DAY", "STOP", "", "2026-01-01");
  g_autofree char *unknown = make_row ("UN11KNW", "WAVE", "", "");
  g_autofree char *rows = g_strconcat (overt, covert, weeded, unknown, NULL);

  write_file (fixture, "recording.ini",
              "[recording]\ntitle=Test\nstart=" START_TEXT "\nduration_ms=1000\n"
              "[camera front]\nfile=front.mkv\nlooks=front\n"
              "[list stolen]\nfile=lists/stolen.csv\nkind=stolen\n");
  write_file (fixture, "lists/stolen.csv", rows);
  write_file (fixture, "truth.jsonl",
              "{\"vehicle\":\"v1\",\"camera\":\"front\",\"plate\":\"AB12CDE\",\"first_ms\":0,"
              "\"last_ms\":900,\"wanted\":\"overt\"}\n");
  test_clip_make (clip, "black", 15, 320, 240);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = test_clip_make_folder ();
  fixture->state = g_build_filename (fixture->folder, "state", NULL);
  fixture->sightings = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_sighting_unref);
  fixture->hits = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_hit_unref);
  fixture->stored = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  write_recording (fixture);
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
  g_ptr_array_unref (fixture->sightings);
  g_ptr_array_unref (fixture->hits);
  g_hash_table_unref (fixture->stored);
  g_free (fixture->state);
  test_clip_remove_folder (fixture->folder);
}

static void
on_sighting (Fixture *fixture, const BoloSighting *sighting)
{
  g_ptr_array_add (fixture->sightings, bolo_sighting_ref (sighting));
}

static void
on_hit (Fixture *fixture, const BoloHit *hit)
{
  g_ptr_array_add (fixture->hits, bolo_hit_ref (hit));
}

static void
on_alarm (Fixture *fixture, BoloHitCase *hit_case)
{
  fixture->alarms++;
}

static void
on_announced (Fixture *fixture, BoloHitCase *hit_case, const char *tone, gint64 first_sample_us)
{
  fixture->announced++;
  fixture->first_sample_us = first_sample_us;
}

static void
on_stored (Fixture *fixture, char **ids)
{
  for (guint i = 0; ids[i] != NULL; i++)
    g_hash_table_add (fixture->stored, g_strdup (ids[i]));
}

static void
on_fix (Fixture *fixture, const BoloFix *fix)
{
  fixture->fixes++;
}

static void
on_finished (Fixture *fixture)
{
  fixture->is_finished = TRUE;
}

static void
make_patrol (Fixture *fixture, const BoloPatrolOptions *options)
{
  g_autoptr (GError) error = NULL;
  BoloPatrolConfig *config = bolo_patrol_config_load_recording (fixture->folder, &error);

  g_assert_no_error (error);
  config->officer = g_strdup ("1234");
  g_free (config->audio_sink);
  config->audio_sink = g_strdup ("fake");
  config->speech = BOLO_SPEECH_OFF;
  config->notify = FALSE;
  fixture->patrol = bolo_patrol_new (config, options, &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (fixture->patrol, "sighting", G_CALLBACK (on_sighting), fixture);
  g_signal_connect_swapped (fixture->patrol, "hit", G_CALLBACK (on_hit), fixture);
  g_signal_connect_swapped (fixture->patrol, "alarm", G_CALLBACK (on_alarm), fixture);
  g_signal_connect_swapped (fixture->patrol, "announced", G_CALLBACK (on_announced), fixture);
  g_signal_connect_swapped (fixture->patrol, "stored", G_CALLBACK (on_stored), fixture);
  g_signal_connect_swapped (fixture->patrol, "fix", G_CALLBACK (on_fix), fixture);
  g_signal_connect_swapped (fixture->patrol, "finished", G_CALLBACK (on_finished), fixture);
}

static void
make_silent_patrol (Fixture *fixture)
{
  BoloPatrolOptions options = {.state_dir = fixture->state, .is_silent = TRUE};

  make_patrol (fixture, &options);
}

typedef gboolean (*Condition) (Fixture *fixture);

static void
wait_for (Fixture *fixture, Condition condition)
{
  gint64 deadline_us = g_get_monotonic_time () + WAIT_S * G_USEC_PER_SEC;

  while (!condition (fixture)) {
    g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  }
}

static void
see_as (Fixture *fixture,
        const char *id,
        const char *camera,
        const char *text,
        BoloSightingState state,
        guint looks)
{
  g_autoptr (BoloSighting) sighting = bolo_sighting_new ();

  sighting->id = g_strdup (id);
  sighting->camera = g_strdup (camera);
  sighting->text = g_strdup (text);
  sighting->state = state;
  sighting->confidence = 0.99f;
  sighting->looks = looks;
  sighting->is_single_look = looks == 1;
  sighting->first_us = START_US + 100000;
  sighting->last_us = START_US + 400000;
  sighting->captured_us = START_US + 300000;
  sighting->agreed_us = sighting->captured_us;
  sighting->captured_by = BOLO_CAPTURED_BY_RECORDING;
  bolo_patrol_take_sighting (fixture->patrol, sighting);
}

static void
see (Fixture *fixture, const char *id, const char *text)
{
  see_as (fixture, id, "front", text, BOLO_SIGHTING_PROVISIONAL, 3);
}

static gboolean
are_sighting_and_hit_stored (Fixture *fixture)
{
  const BoloHit *hit = g_ptr_array_index (fixture->hits, 0);

  return g_hash_table_contains (fixture->stored, hit->id) &&
         g_hash_table_contains (fixture->stored, "s1");
}

static void
test_a_wanted_vehicle (Fixture *fixture, gconstpointer data)
{
  const BoloSighting *sighting;
  const BoloHit *hit;
  g_autoptr (BoloHitCase) hit_case = NULL;

  make_silent_patrol (fixture);
  see (fixture, "s1", "AB12CDE");
  g_assert_cmpuint (fixture->sightings->len, ==, 1);
  g_assert_cmpuint (fixture->hits->len, ==, 1);
  g_assert_cmpuint (fixture->alarms, ==, 1);
  g_assert_cmpuint (fixture->announced, ==, 1);
  g_assert_cmpint (fixture->first_sample_us, ==, -1);

  sighting = g_ptr_array_index (fixture->sightings, 0);
  g_assert_cmpstr (sighting->officer, ==, "1234");
  g_assert_cmpint (sighting->published_us, >, START_US);
  g_assert_cmpint (sighting->since_readable_ms, >=, 0);
  hit = g_ptr_array_index (fixture->hits, 0);
  g_assert_cmpstr (bolo_hit_get_leading (hit)->entry->plate, ==, "AB12CDE");
  g_assert_cmpint (hit->priority, ==, 1);

  wait_for (fixture, are_sighting_and_hit_stored);
  hit_case = g_list_model_get_item (bolo_engine_get_cases (BOLO_ENGINE (fixture->patrol)), 0);
  g_assert_true (bolo_hit_case_get_is_stored (hit_case));
}

static void
test_one_encounter_is_one_alarm (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloHitCase) hit_case = NULL;
  GListModel *cases;

  make_silent_patrol (fixture);
  see (fixture, "s1", "AB12CDE");
  see_as (fixture, "s1", "front", "AB12CDE", BOLO_SIGHTING_CLOSED, 9);
  see_as (fixture, "s2", "rear", "AB12CDE", BOLO_SIGHTING_PROVISIONAL, 3);
  g_assert_cmpuint (fixture->alarms, ==, 1);
  cases = bolo_engine_get_cases (BOLO_ENGINE (fixture->patrol));
  g_assert_cmpuint (g_list_model_get_n_items (cases), ==, 1);
  hit_case = g_list_model_get_item (cases, 0);
  g_assert_cmpuint (bolo_hit_case_get_sightings (hit_case), ==, 2);
  g_assert_cmpstr (bolo_hit_case_get_cameras (hit_case), ==, "front, rear");
}

static gboolean
is_one_record_stored (Fixture *fixture)
{
  return g_hash_table_size (fixture->stored) >= 1;
}

static void
test_a_covert_row_reaches_the_journal_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) kept = NULL;

  make_silent_patrol (fixture);
  see (fixture, "s1", "CV99ERT");
  g_assert_cmpuint (fixture->sightings->len, ==, 1);
  g_assert_cmpuint (fixture->hits->len, ==, 0);
  g_assert_cmpuint (fixture->alarms, ==, 0);
  g_assert_cmpuint (
    g_list_model_get_n_items (bolo_engine_get_cases (BOLO_ENGINE (fixture->patrol))), ==, 0);
  /* The hit is kept, and nobody is told its id; test-patrol-desk.c looks closer. */
  wait_for (fixture, is_one_record_stored);
  kept = bolo_store_list_hits (fixture->patrol->store, 0, G_MAXINT64, NULL);
  g_assert_cmpuint (kept->len, ==, 1);
  g_assert_cmpuint (g_hash_table_size (fixture->stored), ==, 1);
}

static void
test_weeded_never_and_unknown_always (Fixture *fixture, gconstpointer data)
{
  make_silent_patrol (fixture);
  see (fixture, "s1", "OL01DAY");
  g_assert_cmpuint (fixture->hits->len, ==, 0);
  see (fixture, "s2", "UN11KNW");
  g_assert_cmpuint (fixture->hits->len, ==, 1);
  g_assert_cmpuint (fixture->alarms, ==, 1);
}

static void
test_one_look_is_shown_but_not_sounded (Fixture *fixture, gconstpointer data)
{
  make_silent_patrol (fixture);
  see_as (fixture, "s1", "front", "AB12CDE", BOLO_SIGHTING_CLOSED, 1);
  g_assert_cmpuint (fixture->hits->len, ==, 1);
  g_assert_cmpuint (fixture->alarms, ==, 0);
}

static void
test_an_ordinary_vehicle_makes_no_sound (Fixture *fixture, gconstpointer data)
{
  make_silent_patrol (fixture);
  see (fixture, "s1", "ZZ99ZZZ");
  g_assert_cmpuint (fixture->sightings->len, ==, 1);
  g_assert_cmpuint (fixture->hits->len + fixture->alarms, ==, 0);
}

static gboolean
is_disposition_stored (Fixture *fixture)
{
  return g_hash_table_size (fixture->stored) >= 3;
}

static void
test_what_the_officer_says_is_kept (Fixture *fixture, gconstpointer data)
{
  BoloEngine *engine;
  const BoloHit *hit;
  g_autoptr (BoloHitCase) hit_case = NULL;

  make_silent_patrol (fixture);
  engine = BOLO_ENGINE (fixture->patrol);
  see (fixture, "s1", "AB12CDE");
  hit = g_ptr_array_index (fixture->hits, 0);
  hit_case = g_list_model_get_item (bolo_engine_get_cases (engine), 0);
  bolo_engine_dispose_of (engine, hit->id, BOLO_DISPOSITION_PLATE_MATCHES, NULL, NULL);
  g_assert_cmpint (bolo_hit_case_get_state (hit_case), ==, BOLO_HIT_PLATE_MATCHES);
  bolo_engine_dispose_of (engine, hit->id, BOLO_DISPOSITION_CONFIRMED, "control room",
                          "radio, 17:21");
  g_assert_cmpint (bolo_hit_case_get_state (hit_case), ==, BOLO_HIT_CONFIRMED);
  wait_for (fixture, is_disposition_stored);

  bolo_engine_dispose_of (engine, "no such hit", BOLO_DISPOSITION_MISREAD, NULL, NULL);
}

static void
test_a_misread_one_stays_quiet (Fixture *fixture, gconstpointer data)
{
  BoloEngine *engine;
  const BoloHit *hit;

  make_silent_patrol (fixture);
  engine = BOLO_ENGINE (fixture->patrol);
  see (fixture, "s1", "AB12CDE");
  hit = g_ptr_array_index (fixture->hits, 0);
  bolo_engine_dispose_of (engine, hit->id, BOLO_DISPOSITION_MISREAD, NULL, NULL);
  see_as (fixture, "s2", "rear", "AB12CDE", BOLO_SIGHTING_PROVISIONAL, 3);
  g_assert_cmpuint (fixture->alarms, ==, 1);
}

static gboolean
is_announced (Fixture *fixture)
{
  return fixture->announced > 0;
}

static void
test_the_sound_is_announced (Fixture *fixture, gconstpointer data)
{
  BoloPatrolOptions options = {.state_dir = fixture->state};

  make_patrol (fixture, &options);
  bolo_patrol_start (fixture->patrol);
  see (fixture, "s1", "AB12CDE");
  g_assert_cmpuint (fixture->alarms, ==, 1);
  wait_for (fixture, is_announced);
  g_assert_cmpuint (fixture->announced, ==, 1);
}

static gboolean
is_finished (Fixture *fixture)
{
  return fixture->is_finished;
}

static void
test_a_recording_ends_live (Fixture *fixture, gconstpointer data)
{
  BoloPatrolOptions options = {
    .state_dir = fixture->state, .is_silent = TRUE, .rate = 10, .has_preview = TRUE};
  g_autoptr (BoloPatrolSummary) summary = NULL;
  const BoloPatrolCamera *camera;

  make_patrol (fixture, &options);
  bolo_patrol_start (fixture->patrol);
  wait_for (fixture, is_finished);
  summary = bolo_patrol_get_summary (fixture->patrol);
  camera = g_ptr_array_index (summary->cameras, 0);
  g_assert_cmpuint (camera->frames_in, ==, 15);
  g_assert_cmpuint (camera->frames_read + camera->frames_dropped, ==, 15);
  g_assert_true (summary->has_score);
  g_assert_cmpuint (summary->score.passes_unseen, ==, 1);
  g_assert_nonnull (bolo_engine_get_preview (BOLO_ENGINE (fixture->patrol), "front"));
  g_assert_nonnull (bolo_engine_get_looks (BOLO_ENGINE (fixture->patrol), "front"));
  g_assert_null (bolo_engine_get_preview (BOLO_ENGINE (fixture->patrol), "none"));
}

static void
test_a_recording_ends_in_lock_step (Fixture *fixture, gconstpointer data)
{
  BoloPatrolOptions options = {
    .state_dir = fixture->state, .is_silent = TRUE, .mode = BOLO_MAILBOX_LOCK_STEP};
  g_autoptr (BoloPatrolSummary) summary = NULL;
  const BoloPatrolCamera *camera;

  make_patrol (fixture, &options);
  bolo_patrol_start (fixture->patrol);
  wait_for (fixture, is_finished);
  summary = bolo_patrol_get_summary (fixture->patrol);
  camera = g_ptr_array_index (summary->cameras, 0);
  g_assert_cmpuint (camera->frames_read, ==, 15);
  g_assert_cmpuint (camera->frames_dropped, ==, 0);
}

static void
test_stopped_in_the_middle (Fixture *fixture, gconstpointer data)
{
  BoloPatrolOptions options = {.state_dir = fixture->state, .is_silent = TRUE, .rate = 0.1};

  make_patrol (fixture, &options);
  bolo_patrol_start (fixture->patrol);
  bolo_patrol_stop (fixture->patrol);
  bolo_patrol_stop (fixture->patrol);
  g_assert_false (fixture->is_finished);
}

static void
test_signing_on (Fixture *fixture, gconstpointer data)
{
  BoloEngine *engine;
  const BoloSighting *sighting;

  make_silent_patrol (fixture);
  engine = BOLO_ENGINE (fixture->patrol);
  g_assert_cmpstr (bolo_engine_get_officer (engine), ==, "1234");
  bolo_engine_set_officer (engine, "5678");
  see (fixture, "s1", "ZZ99ZZZ");
  sighting = g_ptr_array_index (fixture->sightings, 0);
  g_assert_cmpstr (sighting->officer, ==, "5678");
}

static void
see_at (Fixture *fixture, const char *id, double latitude_deg)
{
  g_autoptr (BoloSighting) sighting = bolo_sighting_new ();
  const BoloFix place = {.latitude_deg = latitude_deg,
                         .longitude_deg = -1.9,
                         .accuracy_m = 5,
                         .time_us = START_US + 300000};

  sighting->id = g_strdup (id);
  sighting->camera = g_strdup ("front");
  sighting->text = g_strdup ("AB12CDE");
  sighting->state = BOLO_SIGHTING_CLOSED;
  sighting->confidence = 0.99f;
  sighting->looks = 3;
  sighting->first_us = sighting->last_us = START_US + 300000;
  sighting->captured_us = sighting->agreed_us = START_US + 300000;
  sighting->fix = bolo_fix_new (&place);
  bolo_patrol_take_sighting (fixture->patrol, sighting);
}

static gboolean
is_stored (Fixture *fixture)
{
  return g_hash_table_contains (fixture->stored, "s1");
}

static gboolean
is_recalled (Fixture *fixture)
{
  return bolo_clone_check_get_n_kept (fixture->patrol->clones) > 0;
}

/* The same mark 100 km away within the second is a possible clone, also after a restart. */
static void
test_clones_outlive_a_restart (Fixture *fixture, gconstpointer data)
{
  const BoloSighting *second;

  make_silent_patrol (fixture);
  see_at (fixture, "s1", 52.5);
  wait_for (fixture, is_stored);
  bolo_patrol_stop (fixture->patrol);
  g_clear_object (&fixture->patrol);

  make_silent_patrol (fixture);
  g_assert_cmpuint (bolo_clone_check_get_n_kept (fixture->patrol->clones), ==, 0);
  bolo_patrol_recall_clones (fixture->patrol);
  wait_for (fixture, is_recalled);
  see_at (fixture, "s2", 53.4);
  second = g_ptr_array_index (fixture->sightings, 1);
  g_assert_nonnull (second->clone);
  g_assert_cmpstr (second->clone->sighting, ==, "s1");
}

static BoloPatrol *
try_patrol (Fixture *fixture, const BoloPatrolOptions *options, GError **error)
{
  BoloPatrolConfig *config = bolo_patrol_config_load_recording (fixture->folder, NULL);

  return bolo_patrol_new (config, options, error);
}

static void
test_no_storage (Fixture *fixture, gconstpointer data)
{
  g_autofree char *blocked = g_build_filename (fixture->folder, "front.mkv", "state", NULL);
  BoloPatrolOptions options = {.state_dir = blocked, .is_silent = TRUE};
  g_autoptr (GError) error = NULL;

  g_assert_null (try_patrol (fixture, &options, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "state folder"));
}

static void
test_a_broken_list (Fixture *fixture, gconstpointer data)
{
  BoloPatrolOptions options = {.state_dir = fixture->state, .is_silent = TRUE};
  g_autofree char *list = g_build_filename (fixture->folder, "lists", "stolen.csv", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_unlink (list), ==, 0);
  g_assert_null (try_patrol (fixture, &options, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/patrol/wanted", test_a_wanted_vehicle);
  ADD ("/patrol/one-alarm", test_one_encounter_is_one_alarm);
  ADD ("/patrol/covert", test_a_covert_row_reaches_the_journal_only);
  ADD ("/patrol/weeded-unknown", test_weeded_never_and_unknown_always);
  ADD ("/patrol/one-look", test_one_look_is_shown_but_not_sounded);
  ADD ("/patrol/ordinary", test_an_ordinary_vehicle_makes_no_sound);
  ADD ("/patrol/disposition", test_what_the_officer_says_is_kept);
  ADD ("/patrol/misread", test_a_misread_one_stays_quiet);
  ADD ("/patrol/announced", test_the_sound_is_announced);
  ADD ("/patrol/ends/live", test_a_recording_ends_live);
  ADD ("/patrol/ends/lock-step", test_a_recording_ends_in_lock_step);
  ADD ("/patrol/stopped", test_stopped_in_the_middle);
  ADD ("/patrol/officer", test_signing_on);
  ADD ("/patrol/clones-outlive-a-restart", test_clones_outlive_a_restart);
  ADD ("/patrol/no-storage", test_no_storage);
  ADD ("/patrol/broken-list", test_a_broken_list);
  return g_test_run ();
}
