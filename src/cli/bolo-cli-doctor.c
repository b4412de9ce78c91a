/* bolo-cli-doctor.c: boloctl doctor: a line for each part: how it is and what to do
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli.h"

#include "bolo-announcer.h"
#include "bolo-camera-discovery.h"
#include "bolo-camera.h"
#include "bolo-error.h"
#include "bolo-hotlist.h"
#include "bolo-patrol-config.h"
#include "bolo-paths.h"
#include "bolo-position.h"
#include "bolo-pushed-policy.h"
#include "bolo-reader-pool.h"
#include "bolo-store.h"
#include "bolo-event.h"

/* A camera over the network may take this long to its first frame, a receiver to its first fix. */
#define PATIENCE_MS 5000
#define PATIENCE_STEP_MS 100
/* A shift with pictures is about 0.5 GB. */
#define FREE_WANTED_BYTES (1024LL * 1024 * 1024)

typedef struct {
  BoloCli *cli;
  BoloPatrolConfig *config; /* (nullable) */
  BoloClock *clock;
  BoloPlateRules *rules;
  guint n_wrong;
} Doctor;

static void
tell (Doctor *self, const BoloHealth *health)
{
  const char *words = health->state == BOLO_HEALTH_OK ? "ok" : NULL;

  if (words == NULL)
    words = bolo_health_state_to_string (health->state);
  self->n_wrong += health->state != BOLO_HEALTH_OK;
  if (self->cli->is_json) {
    g_autofree char *line =
      bolo_event_format_health (health, NULL, bolo_clock_get_utc_us (self->clock));

    puts (line);
    return;
  }
  printf ("%-18s %-9s %s%s%s\n", health->what, words, health->detail,
          health->remedy != NULL ? " - " : "", health->remedy != NULL ? health->remedy : "");
}

static void
tell_words (
  Doctor *self, const char *what, BoloHealthState state, const char *detail, const char *remedy)
{
  g_autoptr (BoloHealth) health =
    bolo_health_new (what, state, bolo_clock_get_utc_us (self->clock), detail, remedy);

  tell (self, health);
}

/* Runs the main context until @is_settled or the patience is over. */
static void
wait_until_settled (gboolean (*is_settled) (gpointer data), gpointer data)
{
  for (guint waited_ms = 0; waited_ms < PATIENCE_MS && !is_settled (data);
       waited_ms += PATIENCE_STEP_MS) {
    gint64 end_us = g_get_monotonic_time () + PATIENCE_STEP_MS * 1000;

    while (g_get_monotonic_time () < end_us) {
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (5000);
    }
  }
}

static gboolean
are_cameras_settled (gpointer data)
{
  GPtrArray *cameras = data;

  for (guint i = 0; i < cameras->len; i++) {
    g_autoptr (BoloHealth) health = bolo_camera_get_health (g_ptr_array_index (cameras, i));

    if (health->state == BOLO_HEALTH_STARTING)
      return FALSE;
  }
  return TRUE;
}

static void
check_cameras (Doctor *self)
{
  g_autoptr (GPtrArray) cameras = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->config->cameras->len; i++) {
    BoloCamera *camera = bolo_camera_new (g_ptr_array_index (self->config->cameras, i), self->clock,
                                          BOLO_MAILBOX_LIVE, NULL);

    g_ptr_array_add (cameras, camera);
    bolo_camera_start (camera);
  }
  wait_until_settled (are_cameras_settled, cameras);
  for (guint i = 0; i < cameras->len; i++) {
    BoloCamera *camera = g_ptr_array_index (cameras, i);
    g_autoptr (BoloHealth) health = bolo_camera_get_health (camera);

    tell (self, health);
    bolo_camera_stop (camera, 2000);
  }
}

static void
discover_cameras (Doctor *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = bolo_camera_discover (&error);

  if (found == NULL) {
    tell_words (self, "cameras", BOLO_HEALTH_LOST, error->message,
                "Install GStreamer's base plugins");
    return;
  }
  if (found->len == 0)
    tell_words (self, "cameras", BOLO_HEALTH_LOST, "No camera is connected to this machine",
                "Connect one, or name a network camera in cameras.d (man bolo-camera)");
  for (guint i = 0; i < found->len; i++) {
    const BoloCameraFound *camera = g_ptr_array_index (found, i);
    g_autofree char *detail = g_strdup_printf ("%s: source=%s", camera->title, camera->source);

    tell_words (self, "cameras", BOLO_HEALTH_OK, detail, NULL);
  }
}

static void
check_models (Doctor *self)
{
  g_autoptr (BoloIdSource) ids = bolo_id_source_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = NULL;
  BoloReaderConfig config = {
    .models = self->config != NULL ? self->config->models : NULL,
    .n_threads = 1,
    .rules = self->rules,
    .ids = ids,
    .clock = self->clock,
  };
  g_autoptr (BoloReaderPool) pool = bolo_reader_pool_new (&config, NULL, &error);

  if (pool == NULL) {
    tell_words (self, "models", BOLO_HEALTH_LOST, error->message,
                "Install Bolo's models again, or correct models= in the configuration");
    return;
  }
  detail = g_strdup_printf ("Detector and reader are whole and run by %s",
                            bolo_reader_pool_get_backend (pool));
  tell_words (self, "models", BOLO_HEALTH_OK, detail, NULL);
}

static gboolean
has_fix (gpointer data)
{
  g_autoptr (BoloFix) fix = bolo_position_get_current (data);

  return fix != NULL;
}

static void
check_position (Doctor *self)
{
  const char *host = self->config != NULL ? self->config->gpsd_host : "localhost";
  guint port = self->config != NULL ? self->config->gpsd_port : 2947;
  g_autofree char *port_text = g_strdup_printf ("%u", port);
  g_autoptr (BoloPosition) position = NULL;
  g_autoptr (BoloHealth) gps = NULL;
  g_autoptr (BoloHealth) clock = NULL;

  if (self->config != NULL && self->config->position != BOLO_POSITION_SOURCE_GPSD) {
    tell_words (self, "gps", BOLO_HEALTH_DEGRADED, "Switched off: sightings have no position",
                "Set source=gpsd in [position]");
    return;
  }
  position = bolo_position_new_gpsd (host, port_text, self->clock, NULL);
  bolo_position_start (position);
  wait_until_settled (has_fix, position);
  gps = bolo_position_get_health (position, "gps");
  clock = bolo_position_get_health (position, "clock");
  tell (self, gps);
  tell (self, clock);
  bolo_position_stop (position, 1000);
}

static void
tell_list (Doctor *self, const BoloListInfo *list)
{
  gint64 now_us = bolo_clock_get_utc_us (self->clock);
  BoloListAge age = bolo_list_info_get_age (list, now_us);
  g_autofree char *what = g_strdup_printf ("list:%s", list->name);
  g_autofree char *detail =
    g_strdup_printf ("%" G_GUINT64_FORMAT " entries, %" G_GUINT64_FORMAT
                     " rows rejected, %" G_GINT64_FORMAT " h old: %s",
                     list->n_entries, list->n_rejected,
                     (now_us - list->dated_us) / G_TIME_SPAN_HOUR, bolo_list_age_to_string (age));

  tell_words (self, what, age == BOLO_LIST_FRESH ? BOLO_HEALTH_OK : BOLO_HEALTH_DEGRADED, detail,
              age == BOLO_LIST_FRESH ? NULL : "Import a newer one: boloctl hotlist import");
}

static void
check_lists (Doctor *self)
{
  g_autoptr (BoloHotlist) hotlist = bolo_hotlist_new (self->cli->state, self->rules, self->clock);
  g_autoptr (BoloListIndex) index = NULL;
  g_autoptr (BoloHealth) health = NULL;
  g_autoptr (GError) error = NULL;

  if (!bolo_hotlist_load (hotlist, NULL, &error)) {
    tell_words (self, "lists", BOLO_HEALTH_LOST, error->message,
                "Import the lists again: boloctl hotlist import");
    return;
  }
  index = bolo_hotlist_ref_index (hotlist);
  health = bolo_list_index_get_health (index, bolo_clock_get_utc_us (self->clock));
  tell (self, health);
  for (guint i = 0; i < bolo_list_index_get_n_lists (index); i++)
    tell_list (self, bolo_list_index_get_list (index, i));
}

static void
check_storage (Doctor *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloStore) store = NULL;
  g_autofree char *detail = NULL;
  gint64 free_bytes;

  if (!bolo_paths_ensure_state (self->cli->state, &error)) {
    tell_words (self, "storage", BOLO_HEALTH_LOST, error->message, NULL);
    return;
  }
  store = bolo_store_new (self->cli->state, self->clock);
  if (!bolo_store_open_for_reading (store, &error)) {
    if (!g_error_matches (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND)) {
      tell_words (self, "storage", BOLO_HEALTH_LOST, error->message, NULL);
      return;
    }
    g_clear_error (&error);
  } else if (!bolo_store_verify (store, &error)) {
    tell_words (self, "storage", BOLO_HEALTH_LOST, error->message,
                "Keep the file for the workshop: Bolo sets it aside and starts a new one");
    return;
  }
  bolo_store_close (store, 1000);
  free_bytes = bolo_paths_get_free_bytes (self->cli->state);
  detail = g_strdup_printf ("%s is writable and sound, %.1f GB free", self->cli->state,
                            (double) free_bytes / 1e9);
  if (free_bytes >= 0 && free_bytes < FREE_WANTED_BYTES)
    tell_words (self, "storage", BOLO_HEALTH_DEGRADED, detail, "Free some space on this disk");
  else
    tell_words (self, "storage", BOLO_HEALTH_OK, detail, NULL);
}

typedef struct {
  Doctor *doctor;
  GHashTable *told; /* set of parts */
} SoundCheck;

static void
on_sound_health (SoundCheck *check, const BoloHealth *health)
{
  if (health->state != BOLO_HEALTH_STARTING &&
      g_hash_table_add (check->told, g_strdup (health->what)))
    tell (check->doctor, health);
}

static gboolean
is_sound_settled (gpointer data)
{
  const SoundCheck *check = data;

  return g_hash_table_size (check->told) >= 3;
}

/* (transfer full) (nullable): the one that is in force at the next start but for what waits. */
static BoloAlertPolicy *
check_policy (Doctor *self)
{
  g_autofree char *shipped = bolo_paths_get_data_file ("alert/policy.ini");
  const char *own = self->config != NULL ? self->config->policy_path : shipped;
  g_auto (BoloPolicyChoice) choice = {0};
  g_autoptr (BoloHealth) health = NULL;
  g_autoptr (GError) error = NULL;

  if (!bolo_pushed_policy_look (self->cli->state, own, &choice, &error)) {
    tell_words (self, "sound", BOLO_HEALTH_LOST, error->message, "Correct the alert policy");
    return NULL;
  }
  health = bolo_policy_choice_make_health (&choice, own, g_strcmp0 (own, shipped) != 0,
                                           bolo_clock_get_utc_us (self->clock));
  tell (self, health);
  return g_steal_pointer (&choice.policy);
}

static void
check_sound (Doctor *self)
{
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (BoloAlertPolicy) policy = check_policy (self);
  g_autoptr (BoloAnnouncer) announcer = NULL;
  SoundCheck check = {self, told};
  BoloAnnouncerConfig config = {
    .audio_sink = self->config != NULL ? self->config->audio_sink : "auto",
    .speech = BOLO_SPEECH_FULL,
    .notify = TRUE,
    .volume = 1.0,
  };
  gulong handler;

  if (policy == NULL)
    return;
  announcer = bolo_announcer_new (policy, &config, self->clock, NULL);
  handler = g_signal_connect_swapped (announcer, "health", G_CALLBACK (on_sound_health), &check);
  bolo_announcer_start (announcer);
  wait_until_settled (is_sound_settled, &check);
  g_signal_handler_disconnect (announcer, handler);
  bolo_announcer_stop (announcer, 1000);
  if (!g_hash_table_contains (told, "sound"))
    tell_words (self, "sound", BOLO_HEALTH_LOST, "The sound server does not answer",
                "Start PulseAudio or PipeWire, or set audio_sink= in [alert]");
}

int
bolo_cli_doctor (BoloCli *cli, int argc, char **argv)
{
  Doctor doctor = {.cli = cli};
  g_autoptr (BoloPatrolConfig) config = NULL;
  g_autoptr (BoloClock) clock = bolo_clock_new_system ();
  g_autoptr (BoloPlateRules) rules = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *plate = NULL;

  if (!bolo_cli_parse (cli, &argc, &argv, NULL, NULL,
                       "Says of each part how it is, and what to do about what is wrong"))
    return BOLO_CLI_USAGE;
  if (argc > 1)
    return bolo_cli_misuse (cli, "takes no arguments");
  if (cli->config != NULL) {
    config = bolo_patrol_config_load (cli->config, &error);
    if (config == NULL)
      return bolo_cli_fail (cli, error);
  }
  plate = bolo_paths_get_data_file ("plate");
  rules = bolo_plate_rules_load (plate, &error);
  if (rules == NULL)
    return bolo_cli_fail (cli, error);
  doctor.config = config;
  doctor.clock = clock;
  doctor.rules = rules;
  if (config != NULL)
    check_cameras (&doctor);
  else
    discover_cameras (&doctor);
  check_models (&doctor);
  check_position (&doctor);
  check_lists (&doctor);
  check_storage (&doctor);
  tell_words (&doctor, "link", BOLO_HEALTH_OK,
              "None is configured: lists are imported and records stay in the car", NULL);
  check_sound (&doctor);
  if (!cli->is_json)
    printf ("%u of the parts above want attention\n", doctor.n_wrong);
  return BOLO_CLI_DONE;
}
