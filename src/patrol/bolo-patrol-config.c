/* bolo-patrol-config.c: what a patrol is made of, from bolo.conf or from a recording
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-patrol-config.h"

#include "bolo-camera-config.h"
#include "bolo-error.h"
#include "bolo-key-file.h"
#include "bolo-match-rules.h"
#include "bolo-paths.h"
#include "bolo-truth.h"

#include <string.h>

#define GPSD_PORT 2947
/* NAS practice is 7 days in the car; the law's hard limit is 12 months. */
#define RETENTION_DEFAULT_DAYS 7
#define RETENTION_MAXIMUM_DAYS 365
#define CLOCK_WARN_MS 1000
#define PIXELS_PER_MM_LEAST 2.0
#define PIXELS_PER_MM_MOST 30.0

static void
patrol_list_free (gpointer data)
{
  BoloPatrolList *list = data;

  g_free (list->name);
  g_free (list->kind);
  g_free (list->title);
  g_free (list->path);
  g_free (list->map_path);
  g_free (list);
}

void
bolo_patrol_config_free (BoloPatrolConfig *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->cameras, g_ptr_array_unref);
  g_clear_pointer (&self->lists, g_ptr_array_unref);
  g_clear_pointer (&self->match_rules, g_hash_table_unref);
  g_clear_pointer (&self->truth, g_ptr_array_unref);
  g_clear_pointer (&self->desk, bolo_desk_rules_free);
  g_free (self->title);
  g_free (self->recording);
  g_free (self->gpsd_host);
  g_free (self->track_path);
  g_free (self->force);
  g_free (self->vehicle);
  g_free (self->officer);
  g_free (self->models);
  g_free (self->policy_path);
  g_free (self->audio_sink);
  g_free (self);
}

static BoloPatrolConfig *
config_new (void)
{
  BoloPatrolConfig *self = g_new0 (BoloPatrolConfig, 1);

  self->cameras = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_camera_config_unref);
  self->lists = g_ptr_array_new_with_free_func (patrol_list_free);
  self->match_rules = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->policy_path = bolo_paths_get_data_file ("alert/policy.ini");
  self->audio_sink = g_strdup ("auto");
  self->notify = TRUE;
  self->desk = bolo_desk_rules_new ();
  self->retention_days = RETENTION_DEFAULT_DAYS;
  self->clock_warn_ms = CLOCK_WARN_MS;
  return self;
}

/* A path in a configuration is relative to the folder that the file lies in. */
static char *
resolve_path (BoloKeyFile *file, const char *path)
{
  g_autofree char *folder = NULL;

  if (path == NULL || g_path_is_absolute (path))
    return g_strdup (path);
  folder = g_path_get_dirname (bolo_key_file_get_name (file));
  return g_build_filename (folder, path, NULL);
}

static gboolean
read_match_rules (
  BoloPatrolConfig *self, BoloKeyFile *file, const char *group, const char *name, GError **error)
{
  BoloMatchRules rules;

  if (!bolo_match_rules_load (&rules, file, group, error))
    return FALSE;
  g_hash_table_replace (self->match_rules, g_strdup (name), g_memdup2 (&rules, sizeof rules));
  return TRUE;
}

static gboolean
read_lists (BoloPatrolConfig *self, BoloKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = bolo_key_file_get_groups (file);

  for (guint i = 0; groups[i] != NULL; i++) {
    g_autofree char *path = NULL;
    g_autofree char *map = NULL;
    BoloPatrolList *list;

    if (!g_str_has_prefix (groups[i], "list "))
      continue;
    path = bolo_key_file_get_string (file, groups[i], "file", NULL);
    map = bolo_key_file_get_string (file, groups[i], "map", NULL);
    list = g_new0 (BoloPatrolList, 1);
    g_ptr_array_add (self->lists, list);
    list->name = g_strdup (groups[i] + strlen ("list "));
    list->kind = bolo_key_file_get_string (file, groups[i], "kind", list->name);
    list->title = bolo_key_file_get_string (file, groups[i], "title", NULL);
    if (!read_match_rules (self, file, groups[i], list->name, error))
      return FALSE;
    list->path = resolve_path (file, path);
    list->map_path = resolve_path (file, map);
    if (self->recording != NULL && list->path == NULL) {
      bolo_key_file_set_error (file, groups[i], NULL,
                               "a recording's list needs file=lists/NAME.csv", error);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
read_cameras (BoloPatrolConfig *self, BoloKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = bolo_key_file_get_groups (file);

  for (guint i = 0; groups[i] != NULL; i++) {
    BoloCameraConfig *camera;

    if (!g_str_has_prefix (groups[i], "camera "))
      continue;
    camera =
      bolo_camera_config_new_from_group (file, groups[i], groups[i] + strlen ("camera "), error);
    if (camera == NULL)
      return FALSE;
    camera->clip_start_us = self->start_us;
    camera->clip_ms = self->duration_ms;
    camera->has_preview = TRUE;
    g_ptr_array_add (self->cameras, camera);
  }
  return TRUE;
}

static gboolean
read_patrol (BoloPatrolConfig *self, BoloKeyFile *file, GError **error)
{
  const char *const seats[] = {"none", "driver", "operator", NULL};
  g_autofree char *cameras = NULL;
  g_autofree char *directory = NULL;
  g_autoptr (GPtrArray) loaded = NULL;
  int seat;

  self->force = bolo_key_file_get_string (file, "patrol", "force", NULL);
  self->vehicle = bolo_key_file_get_string (file, "patrol", "vehicle", NULL);
  self->officer = bolo_key_file_get_string (file, "patrol", "officer", NULL);
  if (!bolo_key_file_get_choice (file, "patrol", "seat", seats, BOLO_SEAT_NONE, &seat, error))
    return FALSE;
  self->seat = (BoloSeat) seat;

  cameras = bolo_key_file_get_string (file, "patrol", "cameras", "cameras.d");
  directory = resolve_path (file, cameras);
  loaded = bolo_camera_config_load_directory (directory, error);
  if (loaded == NULL)
    return FALSE;
  for (guint i = 0; i < loaded->len; i++)
    g_ptr_array_add (self->cameras, bolo_camera_config_ref (g_ptr_array_index (loaded, i)));
  if (self->cameras->len == 0) {
    g_autofree char *message =
      g_strdup_printf ("no camera: put a NAME.conf into %s (man bolo-camera)", directory);

    bolo_key_file_set_error (file, "patrol", "cameras", message, error);
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_position (BoloPatrolConfig *self, BoloKeyFile *file, GError **error)
{
  const char *const sources[] = {"none", "gpsd", NULL};
  int source;

  if (!bolo_key_file_get_choice (file, "position", "source", sources, BOLO_POSITION_SOURCE_GPSD,
                                 &source, error))
    return FALSE;
  self->position = (BoloPositionSource) source;
  self->gpsd_host = bolo_key_file_get_string (file, "position", "host", "localhost");
  self->gpsd_port = GPSD_PORT;
  return bolo_key_file_get_uint (file, "position", "port", 1, 65535, self->gpsd_port,
                                 &self->gpsd_port, error);
}

static gboolean
read_alert (BoloPatrolConfig *self, BoloKeyFile *file, GError **error)
{
  const char *const speeches[] = {"full", "discreet", "off", NULL};
  g_autofree char *policy = NULL;
  int speech;

  policy = bolo_key_file_get_string (file, "alert", "policy", NULL);
  if (policy != NULL) {
    g_free (self->policy_path);
    self->policy_path = resolve_path (file, policy);
  }
  g_free (self->audio_sink);
  self->audio_sink = bolo_key_file_get_string (file, "alert", "audio_sink", "auto");
  if (!bolo_key_file_get_choice (file, "alert", "speech", speeches, BOLO_SPEECH_FULL, &speech,
                                 error))
    return FALSE;
  self->speech = (BoloSpeech) speech;
  return bolo_key_file_get_boolean (file, "alert", "notifications", TRUE, &self->notify, error);
}

static gboolean
read_limits (BoloPatrolConfig *self, BoloKeyFile *file, GError **error)
{
  g_autofree char *models = bolo_key_file_get_string (file, "vision", "models", NULL);

  self->models = resolve_path (file, models);
  return bolo_key_file_get_uint (file, "vision", "threads", 0, 64, self->n_threads,
                                 &self->n_threads, error) &&
         bolo_key_file_get_uint (file, "store", "retention_days", 1, RETENTION_MAXIMUM_DAYS,
                                 self->retention_days, &self->retention_days, error) &&
         bolo_key_file_get_uint (file, "clock", "warn_offset_ms", 1, 3600000, self->clock_warn_ms,
                                 &self->clock_warn_ms, error) &&
         bolo_key_file_get_double (file, "screen", "pixels_per_mm", PIXELS_PER_MM_LEAST,
                                   PIXELS_PER_MM_MOST, 0, &self->pixels_per_mm, error);
}

BoloPatrolConfig *
bolo_patrol_config_load (const char *path, GError **error)
{
  const char *const patrol[] = {"force", "vehicle", "officer", "seat", "cameras", NULL};
  const char *const vision[] = {"models", "threads", NULL};
  const char *const position[] = {"source", "host", "port", NULL};
  const char *const store[] = {"retention_days", NULL};
  const char *const alert[] = {"policy", "audio_sink", "speech", "notifications", NULL};
  const char *const list[] = {"kind", "title", BOLO_MATCH_RULES_KEYS, NULL};
  const char *const clock[] = {"warn_offset_ms", NULL};
  const char *const screen[] = {"pixels_per_mm", NULL};
  const BoloKeySpec specs[] = {
    {"patrol", patrol},
    {"vision", vision},
    {"position", position},
    {"store", store},
    {"alert", alert},
    {"list *", list},
    {"clock", clock},
    {"screen", screen},
    {"search", bolo_desk_search_keys},
    {"watch", bolo_desk_watch_keys},
    {"own *", bolo_desk_own_keys},
    {NULL, NULL},
  };
  g_autoptr (BoloPatrolConfig) self = NULL;
  g_autoptr (BoloKeyFile) file = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = bolo_key_file_load (path, specs, error);
  if (file == NULL)
    return NULL;
  self = config_new ();
  if (!read_patrol (self, file, error) || !read_position (self, file, error) ||
      !read_alert (self, file, error) || !read_limits (self, file, error) ||
      !read_lists (self, file, error) || !bolo_desk_rules_read (self->desk, file, error))
    return NULL;
  self->desk->ended_kept_us = self->retention_days * G_TIME_SPAN_DAY;
  return g_steal_pointer (&self);
}

static gboolean
read_recording_head (BoloPatrolConfig *self, BoloKeyFile *file, GError **error)
{
  g_autofree char *start = bolo_key_file_get_string (file, "recording", "start", NULL);

  self->title = bolo_key_file_get_string (file, "recording", "title", "Recording");
  self->start_us = start != NULL ? bolo_time_parse_utc (start) : -1;
  if (self->start_us < 0) {
    bolo_key_file_set_error (file, "recording", "start",
                             "start= must be a UTC time such as 2026-03-14T17:20:00.000Z", error);
    return FALSE;
  }
  return bolo_key_file_get_int (file, "recording", "duration_ms", 0, 24 * 3600 * 1000, 0,
                                &self->duration_ms, error);
}

BoloPatrolConfig *
bolo_patrol_config_load_recording (const char *directory, GError **error)
{
  const char *const any[] = {"*", NULL};
  const char *const list[] = {"file", "kind", "title", "map", NULL};
  const BoloKeySpec specs[] = {
    {"recording", any},
    {"camera *", any}, /* checked by bolo_camera_config_new_from_group */
    {"list *", list},
    {NULL, NULL},
  };
  g_autoptr (BoloPatrolConfig) self = NULL;
  g_autoptr (BoloKeyFile) file = NULL;
  g_autofree char *path = NULL;
  g_autofree char *truth = NULL;

  g_return_val_if_fail (directory != NULL, NULL);

  path = g_build_filename (directory, "recording.ini", NULL);
  file = bolo_key_file_load (path, specs, error);
  if (file == NULL) {
    g_prefix_error (error, "%s is not a recording: ", directory);
    return NULL;
  }
  self = config_new ();
  self->recording = g_strdup (directory);
  if (!read_recording_head (self, file, error) || !read_cameras (self, file, error) ||
      !read_lists (self, file, error))
    return NULL;
  if (self->cameras->len == 0) {
    bolo_key_file_set_error (file, "recording", NULL, "the recording has no [camera NAME] section",
                             error);
    return NULL;
  }

  self->track_path = g_build_filename (directory, "track.nmea", NULL);
  self->position = g_file_test (self->track_path, G_FILE_TEST_EXISTS) ? BOLO_POSITION_SOURCE_TRACK
                                                                      : BOLO_POSITION_SOURCE_NONE;
  truth = g_build_filename (directory, "truth.jsonl", NULL);
  if (g_file_test (truth, G_FILE_TEST_EXISTS)) {
    self->truth = bolo_truth_load (truth, error);
    if (self->truth == NULL)
      return NULL;
  }
  return g_steal_pointer (&self);
}
