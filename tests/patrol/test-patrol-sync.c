/* test-patrol-sync.c: a patrol sends beside its work, says how that goes, and is never held up by
 * it SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "bolo-error.h"
#include "bolo-patrol-private.h"
#include "bolo-priority.h"
#include "bolo-pushed-policy.h"
#include "bolo-store-samples.h"
#include "test-clip.h"

#define START_TEXT "2026-03-14T17:20:00.000Z"
#define WAIT_S 60

typedef struct {
  char *folder;
  char *state;
  BoloPatrol *patrol;
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
  clip = g_build_filename (fixture->folder, "front.mkv", NULL);
  write_file (fixture, "recording.ini",
              "[recording]\ntitle=Test\nstart=" START_TEXT "\nduration_ms=1000\n"
              "[camera front]\nfile=front.mkv\nlooks=front\n");
  test_clip_make (clip, "black", 15, 320, 240);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gint64 start_us = g_get_monotonic_time ();

  bolo_patrol_stop (fixture->patrol);
  /* A remote that does not answer must not keep the officer waiting. */
  g_assert_cmpint (g_get_monotonic_time () - start_us, <, 30 * G_TIME_SPAN_SECOND);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&fixture->patrol);
  g_free (fixture->state);
  test_clip_remove_folder (fixture->folder);
}

static void
start (Fixture *fixture)
{
  const BoloPatrolOptions options = {.mode = BOLO_MAILBOX_LIVE,
                                     .state_dir = fixture->state,
                                     .is_silent = TRUE,
                                     .goes_on_without_storage = TRUE};
  g_autoptr (GError) error = NULL;
  BoloPatrolConfig *config = bolo_patrol_config_load_recording (fixture->folder, &error);

  g_assert_no_error (error);
  fixture->patrol = bolo_patrol_new (config, &options, &error);
  g_assert_no_error (error);
  bolo_patrol_start (fixture->patrol);
}

static const BoloHealth *
find_health (Fixture *fixture, const char *what)
{
  GPtrArray *all = bolo_engine_get_health (BOLO_ENGINE (fixture->patrol));

  for (guint i = 0; i < all->len; i++) {
    const BoloHealth *health = all->pdata[i];

    if (g_str_equal (health->what, what))
      return health;
  }
  return NULL;
}

static const BoloHealth *
wait_for_health (Fixture *fixture, BoloHealthState state)
{
  gint64 until_us = g_get_monotonic_time () + WAIT_S * G_TIME_SPAN_SECOND;
  const BoloHealth *health = NULL;

  while (health == NULL || health->state != state) {
    g_assert_cmpint (g_get_monotonic_time (), <, until_us);
    g_main_context_iteration (NULL, FALSE);
    health = find_health (fixture, "sync");
  }
  return health;
}

/* Without sync.conf there is nobody to send to, and nothing is said of it. */
static void
test_none (Fixture *fixture, gconstpointer data)
{
  BoloSyncState *state;

  start (fixture);
  state = bolo_engine_get_sync (BOLO_ENGINE (fixture->patrol));
  g_assert_nonnull (state);
  g_assert_cmpint (bolo_sync_state_get_figures (state)->phase, ==, BOLO_SYNC_OFF);
  g_assert_null (find_health (fixture, "sync"));
}

/* A mistake there is said, and the car reads on. */
static void
test_mistake (Fixture *fixture, gconstpointer data)
{
  const BoloHealth *health;

  write_file (fixture, "state/sync.conf", "[remote hq]\nurl=http://station.example\n");
  start (fixture);
  health = wait_for_health (fixture, BOLO_HEALTH_LOST);
  g_assert_nonnull (strstr (health->detail, "sync.conf:2:"));
  g_assert_nonnull (health->remedy);
  g_assert_null (bolo_engine_get_sync (BOLO_ENGINE (fixture->patrol)));
}

/* A certificate that is none: nobody is called, everything is kept, somebody is to be told. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  const BoloHealth *health;
  BoloSyncState *state;

  write_file (fixture, "state/a.pem", "no certificate\n");
  write_file (fixture, "state/sync.conf",
              "[remote hq]\nurl=https://localhost:1\nauthority=a.pem\ncertificate=a.pem\n"
              "key=a.pem\n");
  start (fixture);
  health = wait_for_health (fixture, BOLO_HEALTH_LOST);
  g_assert_nonnull (strstr (health->detail, "a.pem"));
  state = bolo_engine_get_sync (BOLO_ENGINE (fixture->patrol));
  g_assert_cmpint (bolo_sync_state_get_figures (state)->phase, ==, BOLO_SYNC_REFUSED);
  g_assert_cmpstr (bolo_sync_state_get_figures (state)->remote, ==, "hq");
  /* An officer who asks changes nothing about it. */
  bolo_sync_state_ask (state, BOLO_SYNC_ASK_END_OF_SHIFT);
  wait_for_health (fixture, BOLO_HEALTH_LOST);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

/* What another car met counts for possible clones, unless it was a misread; it is there for a face
 * before the patrol is started. */
static void
test_shared (Fixture *fixture, gconstpointer data)
{
  BoloSharedHitFields fields = {.number = 1,
                                .car = "NS14",
                                .id = "h1",
                                .mark = "AB12CDE",
                                .category = "stolen",
                                .match = "exact",
                                .latitude_deg = 52.5,
                                .longitude_deg = -1.9,
                                .verification = BOLO_VERIFICATION_MISREAD};
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func (g_object_unref);
  BoloSyncState *state;
  gint64 now_us;

  start (fixture);
  now_us = bolo_clock_get_utc_us (bolo_engine_get_clock (BOLO_ENGINE (fixture->patrol)));
  fields.time_us = now_us;
  state = bolo_engine_get_sync (BOLO_ENGINE (fixture->patrol));
  g_ptr_array_add (hits, bolo_shared_hit_new (&fields));
  bolo_sync_state_add_shared (state, hits, now_us);
  g_assert_cmpuint (bolo_clone_check_get_n_kept (fixture->patrol->clones), ==, 0);
  fields.number = 2;
  fields.id = "h2";
  fields.verification = BOLO_VERIFICATION_UNCONFIRMED;
  g_ptr_array_set_size (hits, 0);
  g_ptr_array_add (hits, bolo_shared_hit_new (&fields));
  bolo_sync_state_add_shared (state, hits, now_us);
  g_assert_cmpuint (bolo_clone_check_get_n_kept (fixture->patrol->clones), ==, 1);
  g_assert_cmpuint (
    g_list_model_get_n_items (bolo_engine_get_cases (BOLO_ENGINE (fixture->patrol))), ==, 0);
}

/* ---- a station of its own ------------------------------------------------------------------ */

static void
end_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* (transfer full): *port 0: any, and which one. It pushes what is in the folder "pushed". */
static GSubprocess *
start_station (Fixture *fixture, guint *port)
{
  g_autofree char *pushed = g_build_filename (fixture->folder, "pushed", NULL);
  g_autofree char *program = g_build_filename (g_getenv ("BOLO_BUILD_DIR"), "bolo-station", NULL);
  g_autofree char *state = g_build_filename (fixture->folder, "station", NULL);
  g_autofree char *wanted = g_strdup_printf ("%u", *port);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GDataInputStream) out = NULL;
  g_autofree char *line = NULL;
  GSubprocess *station;

  /* A test that fails must not leave it behind. */
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  station = g_subprocess_launcher_spawn (launcher, &error, program, "serve", "--state", state,
                                         "--development", "--name", "Northshire", "--configuration",
                                         pushed, "--port", wanted, NULL);
  g_assert_no_error (error);
  out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (station));
  line = g_data_input_stream_read_line (out, NULL, NULL, NULL);
  g_assert_nonnull (line);
  *port = (guint) g_ascii_strtoull (strrchr (line, ':') + 1, NULL, 10);
  return station;
}

static void
stop_station (GSubprocess *station)
{
  g_subprocess_send_signal (station, SIGTERM);
  g_assert_true (g_subprocess_wait (station, NULL, NULL));
  g_object_unref (station);
}

static void
wait_for_sync (BoloSyncState *state, gboolean (*condition) (const BoloSyncFigures *figures))
{
  gint64 until_us = g_get_monotonic_time () + WAIT_S * G_TIME_SPAN_SECOND;

  while (!condition (bolo_sync_state_get_figures (state))) {
    g_assert_cmpint (g_get_monotonic_time (), <, until_us);
    g_main_context_iteration (NULL, FALSE);
  }
}

static gboolean
is_waiting (const BoloSyncFigures *figures)
{
  return figures->phase == BOLO_SYNC_WAITING && bolo_sync_figures_get_n_unsent (figures) > 0;
}

static gboolean
is_all_sent (const BoloSyncFigures *figures)
{
  return figures->phase == BOLO_SYNC_IDLE && figures->sent >= 15 &&
         bolo_sync_figures_get_n_unsent (figures) == 0;
}

static void
add_sightings (Fixture *fixture)
{
  for (guint i = 1; i <= 5; i++) {
    g_autoptr (BoloSighting) sighting =
      sample_sighting (i, BOLO_SIGHTING_CLOSED, SAMPLE_START_US + i);

    bolo_store_add_sighting (fixture->patrol->store, sighting);
  }
}

/* The end of a shift without a link: the officer leaves, another one signs on, and it goes on by
 * itself. */
static void
test_next_officer (Fixture *fixture, gconstpointer data)
{
  BoloEngine *engine;
  BoloSyncState *state;
  guint port = 0;
  g_autofree char *config = NULL;

  stop_station (start_station (fixture, &port));
  config = g_strdup_printf ("[remote hq]\nurl=https://localhost:%u\n"
                            "authority=../station/certificates/authority.pem\n"
                            "certificate=../station/certificates/car1.pem\n"
                            "key=../station/certificates/car1.key\npictures=always\nshared=no\n",
                            port);
  write_file (fixture, "state/sync.conf", config);
  start (fixture);
  engine = BOLO_ENGINE (fixture->patrol);
  state = bolo_engine_get_sync (engine);
  bolo_engine_set_officer (engine, "PC 4711");
  add_sightings (fixture);
  bolo_sync_state_ask (state, BOLO_SYNC_ASK_END_OF_SHIFT);
  wait_for_sync (state, is_waiting);
  bolo_engine_set_officer (engine, "PC 1234");
  g_assert_cmpstr (bolo_engine_get_officer (engine), ==, "PC 1234");
  {
    GSubprocess *station = start_station (fixture, &port);

    wait_for_sync (state, is_all_sent);
    stop_station (station);
  }
}

/* ---- an alert policy that the station pushes ----------------------------------------------- */

static void
push_policy (Fixture *fixture, guint minutes)
{
  g_autofree char *text = g_strdup_printf (
    "[limits]\nwindow_min=%u\n[tone t]\nlow_hz=800\n[kind default]\ntone=t\n", minutes);

  write_file (fixture, "pushed/policy.ini", text);
}

static void
trust_station (Fixture *fixture, guint port)
{
  g_autofree char *from =
    g_build_filename (fixture->folder, "station", "certificates", "station.pub", NULL);
  g_autofree char *key = NULL;
  g_autofree char *config = g_strdup_printf (
    "[remote hq]\nurl=https://localhost:%u\nauthority=../station/certificates/authority.pem\n"
    "certificate=../station/certificates/car1.pem\nkey=../station/certificates/car1.key\n"
    "station_keys=station\ninterval=5\nshared=no\n",
    port);

  g_assert_true (g_file_get_contents (from, &key, NULL, NULL));
  write_file (fixture, "state/list-keys/station.pub", key);
  write_file (fixture, "state/sync.conf", config);
}

/* A patrol on the road, whose camera does not answer. */
static void
start_live (Fixture *fixture)
{
  const BoloPatrolOptions options = {
    .mode = BOLO_MAILBOX_LIVE, .state_dir = fixture->state, .is_silent = TRUE};
  g_autofree char *path = g_build_filename (fixture->folder, "bolo.conf", NULL);
  g_autoptr (GError) error = NULL;
  BoloPatrolConfig *config;

  write_file (fixture, "cameras.d/front.conf", "[camera]\nsource=rtsp://127.0.0.1:1/none\n");
  write_file (fixture, "own.ini", "[tone t]\nlow_hz=800\n[kind default]\ntone=t\n");
  write_file (fixture, "bolo.conf", "[position]\nsource=none\n[alert]\npolicy=own.ini\n");
  config = bolo_patrol_config_load (path, &error);
  g_assert_no_error (error);
  fixture->patrol = bolo_patrol_new (config, &options, &error);
  g_assert_no_error (error);
  bolo_patrol_start (fixture->patrol);
}

static void
end_patrol (Fixture *fixture)
{
  bolo_patrol_stop (fixture->patrol);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&fixture->patrol);
}

static guint
get_window_min (Fixture *fixture)
{
  BoloAlertPolicy *policy = bolo_patrol_get_policy (fixture->patrol);

  return (guint) (bolo_alert_policy_get_limits (policy)->window_us / G_TIME_SPAN_MINUTE);
}

/* What the station page is told of it. */
static const BoloListArrival *
wait_for_policy (Fixture *fixture, gint64 number)
{
  BoloSyncState *state = bolo_engine_get_sync (BOLO_ENGINE (fixture->patrol));
  gint64 until_us = g_get_monotonic_time () + WAIT_S * G_TIME_SPAN_SECOND;

  while (g_get_monotonic_time () < until_us) {
    GPtrArray *lists = bolo_sync_state_get_lists (state);

    for (guint i = 0; i < lists->len; i++) {
      const BoloListArrival *one = lists->pdata[i];

      if (one->kind == BOLO_ARRIVAL_POLICY && one->number == number)
        return one;
    }
    g_main_context_iteration (NULL, FALSE);
  }
  g_assert_not_reached ();
}

/* It is not in force while this patrol lasts, whatever comes, and is from the next one on; the
 * car's own file is left as it is. */
static void
test_policy (Fixture *fixture, gconstpointer data)
{
  const BoloListArrival *arrival;
  const BoloHealth *health;
  GSubprocess *station;
  guint port = 0;

  push_policy (fixture, 33);
  station = start_station (fixture, &port);
  trust_station (fixture, port);
  start_live (fixture);
  g_assert_null (find_health (fixture, "policy"));
  arrival = wait_for_policy (fixture, 1);
  g_assert_true (arrival->is_waiting);
  g_assert_cmpstr (arrival->from, ==, "Northshire");
  g_assert_cmpuint (get_window_min (fixture), ==, 10);
  push_policy (fixture, 44);
  arrival = wait_for_policy (fixture, 2);
  g_assert_true (arrival->is_waiting);
  g_assert_cmpint (arrival->held, ==, 0);
  g_assert_cmpuint (get_window_min (fixture), ==, 10);
  end_patrol (fixture);
  stop_station (station);
  start_live (fixture);
  g_assert_cmpuint (get_window_min (fixture), ==, 44);
  arrival = wait_for_policy (fixture, 2);
  g_assert_false (arrival->is_waiting);
  health = find_health (fixture, "policy");
  g_assert_cmpint (health->state, ==, BOLO_HEALTH_OK);
  g_assert_nonnull (strstr (health->detail, "Number 2 from Northshire is in force"));
  g_assert_nonnull (strstr (health->detail, "own.ini, which bolo.conf names, is left as it is"));
}

/* A second Bolo on the same store does not start, and brings nothing into force. */
static void
test_policy_and_second (Fixture *fixture, gconstpointer data)
{
  const BoloPatrolOptions options = {
    .mode = BOLO_MAILBOX_LIVE, .state_dir = fixture->state, .is_silent = TRUE};
  g_autofree char *path = g_build_filename (fixture->folder, "bolo.conf", NULL);
  g_autofree char *text =
    g_strdup ("[limits]\nwindow_min=5\n[tone t]\nlow_hz=800\n[kind default]\ntone=t\n");
  const BoloPushedPolicy policy = {3, (char *) "hq", (char *) "Northshire", text};
  g_autoptr (BoloListArrival) arrival = NULL;
  g_autoptr (BoloPatrol) second = NULL;
  g_autoptr (GError) error = NULL;

  start_live (fixture);
  g_assert_true (bolo_pushed_policy_keep (fixture->state, &policy, NULL));
  second = bolo_patrol_new (bolo_patrol_config_load (path, NULL), &options, &error);
  g_assert_null (second);
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_BUSY);
  arrival = bolo_pushed_policy_get_arrival (fixture->state);
  g_assert_true (arrival->is_waiting);
  g_assert_cmpint (arrival->held, ==, 0);
}

/* ---- behind the screen --------------------------------------------------------------------- */

/* Of threads of ours that are called so: how many there are; *least (out): the nice value of the
 * least lowered one. */
static guint
look_at_threads (const char *name, int *least)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  const char *task;
  guint n = 0;

  *least = G_MAXINT;
  while ((task = g_dir_read_name (tasks)) != NULL) {
    g_autofree char *path = g_build_filename ("/proc/self/task", task, "stat", NULL);
    g_autofree char *stat = NULL;
    g_auto (GStrv) fields = NULL;
    char *end;

    /* One that ends meanwhile is gone. */
    if (!g_file_get_contents (path, &stat, NULL, NULL))
      continue;
    end = strrchr (stat, ')');
    *end = '\0';
    if (!g_str_equal (strchr (stat, '(') + 1, name))
      continue;
    /* After the name: the state is field 3 of proc(5), the nice value 19. */
    fields = g_strsplit (end + 2, " ", -1);
    *least = MIN (*least, atoi (fields[19 - 3]));
    n++;
  }
  return n;
}

/* All that sends beside a patrol stands behind the screen, also the threads that it begins; what
 * the officer waits for does not. */
static void
test_priority (Fixture *fixture, gconstpointer data)
{
  static const char *const lowered[] = {"bolo-sync", "bolo-feed", "bolo-https"};
  int ours = getpriority (PRIO_PROCESS, 0);
  GSubprocess *station;
  BoloSyncState *state;
  guint port = 0;
  int least;

  station = start_station (fixture, &port);
  trust_station (fixture, port);
  start_live (fixture);
  state = bolo_engine_get_sync (BOLO_ENGINE (fixture->patrol));
  add_sightings (fixture);
  wait_for_sync (state, is_all_sent);
  for (guint i = 0; i < G_N_ELEMENTS (lowered); i++) {
    g_assert_cmpuint (look_at_threads (lowered[i], &least), >=, 1);
    g_assert_cmpint (least, ==, MIN (ours + BOLO_NICE_BEHIND, 19));
  }
  /* Only on a fast link. */
  if (look_at_threads ("bolo-lane", &least) > 0)
    g_assert_cmpint (least, ==, MIN (ours + BOLO_NICE_BEHIND, 19));
  g_assert_cmpuint (look_at_threads ("bolo-store", &least), ==, 1);
  g_assert_cmpint (least, ==, ours);
  stop_station (station);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/patrol-sync/none", test_none);
  ADD ("/patrol-sync/shared", test_shared);
  ADD ("/patrol-sync/mistake", test_mistake);
  ADD ("/patrol-sync/refused", test_refused);
  ADD ("/patrol-sync/next-officer", test_next_officer);
  ADD ("/patrol-sync/policy", test_policy);
  ADD ("/patrol-sync/priority", test_priority);
  ADD ("/patrol-sync/policy-and-second", test_policy_and_second);
  return g_test_run ();
}
