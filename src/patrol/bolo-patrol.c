/* bolo-patrol.c: the engine of a patrol, connected: cameras, readers, lists, alarms, records
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-patrol"

#include "bolo-patrol-private.h"

#include "bolo-camera-config.h"
#include "bolo-error.h"
#include "bolo-paths.h"

/* Deadlines of the shutdown sequence, each generous against what it takes on a loaded machine. */
#define CAMERA_STOP_MS 2000
#define POOL_STOP_MS 3000
#define ANNOUNCER_STOP_MS 500
#define POSITION_STOP_MS 500
#define LISTS_STOP_MS 1000
#define DESK_STOP_MS 1000
#define SYNC_STOP_MS 3000
#define STORE_STOP_MS 5000
/* The position and the lists' age are looked at once a second, what is due for purging every hour.
 */
#define TICK_MS 1000
#define PURGE_SECONDS 3600

static void bolo_patrol_engine_init (BoloEngineInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BoloPatrol,
                               bolo_patrol,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOLO_TYPE_ENGINE, bolo_patrol_engine_init))

typedef enum {
  SIGNAL_ANNOUNCED,
} BoloPatrolSignal;

static guint signals[SIGNAL_ANNOUNCED + 1];

/* ---- what the rooms below tell ------------------------------------------------------------- */

void
bolo_patrol_put_health (BoloPatrol *self, const BoloHealth *health)
{
  if (!bolo_health_board_put (self->health, health))
    return;
  bolo_engine_emit_health (BOLO_ENGINE (self), health);
  if (!self->is_stopped)
    bolo_patrol_note_health (self, health);
}

static void
on_health (BoloPatrol *self, const BoloHealth *health)
{
  bolo_patrol_put_health (self, health);
}

static void
on_stored (BoloPatrol *self, const char *const *ids)
{
  bolo_patrol_take_stored (self, ids);
  bolo_patrol_tell_sync (self, ids);
}

static void
on_store_problem (BoloPatrol *self, const BoloProblem *problem)
{
  bolo_engine_emit_problem (BOLO_ENGINE (self), problem);
}

static void
on_played (
  BoloPatrol *self, const char *hit, gint64 first_sample_us, const char *tone, const char *words)
{
  bolo_patrol_take_played (self, hit, first_sample_us, tone);
}

static void
on_sighting (BoloPatrol *self, const BoloSighting *sighting)
{
  bolo_patrol_take_sighting (self, sighting);
}

static void
update_fix (BoloPatrol *self)
{
  BoloFix *fix = self->position != NULL ? bolo_position_get_current (self->position) : NULL;

  g_clear_pointer (&self->fix, bolo_fix_unref);
  self->fix = fix;
  bolo_engine_emit_fix (BOLO_ENGINE (self), fix);
}

static void
on_batch_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoloPatrol) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!bolo_store_flush_finish (BOLO_STORE (source), result, &error))
    g_debug ("a batch is not stored yet: %s", error->message);
  if (!self->is_stopped)
    bolo_reader_pool_release_batch (self->pool);
}

/* Lock-step: time is what the slowest camera has reached, and it stands until all that this
 * instant brought is kept. */
static void
on_batch (BoloPatrol *self, gint64 captured_us, GPtrArray *sightings)
{
  bolo_clock_advance_to (self->clock, captured_us);
  if (self->position != NULL)
    bolo_position_poll (self->position);
  for (guint i = 0; i < sightings->len; i++)
    bolo_patrol_take_sighting (self, g_ptr_array_index (sightings, i));
  if (self->store != NULL && sightings->len > 0)
    bolo_store_flush_async (self->store, NULL, on_batch_stored, g_object_ref (self));
  else
    bolo_reader_pool_release_batch (self->pool);
}

static void
on_failed (BoloPatrol *self, const GError *error)
{
  g_autoptr (BoloHealth) health = NULL;

  health = bolo_health_new ("vision", BOLO_HEALTH_LOST, bolo_clock_get_utc_us (self->clock),
                            error->message,
                            "No plate is read: restart Bolo, and tell the workshop if it stays");
  g_critical ("reading has stopped: %s", error->message);
  bolo_patrol_put_health (self, health);
}

static void
on_finish_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoloPatrol) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!bolo_store_flush_finish (BOLO_STORE (source), result, &error))
    g_warning ("the end of the recording is not stored: %s", error->message);
  bolo_engine_emit_finished (BOLO_ENGINE (self));
}

static void
on_finished (BoloPatrol *self)
{
  if (self->is_finishing)
    return;
  self->is_finishing = TRUE;
  if (self->store != NULL)
    bolo_store_flush_async (self->store, NULL, on_finish_stored, g_object_ref (self));
  else
    bolo_engine_emit_finished (BOLO_ENGINE (self));
}

static void
update_lists_health (BoloPatrol *self)
{
  g_autoptr (BoloListIndex) index = bolo_hotlist_ref_index (self->hotlist);
  g_autoptr (BoloHealth) health =
    bolo_list_index_get_health (index, bolo_clock_get_utc_us (self->clock));

  bolo_patrol_put_health (self, health);
}

static void
on_lists_changed (BoloPatrol *self)
{
  update_lists_health (self);
  bolo_desk_emit_changed (BOLO_DESK (self->desk));
}

static gboolean
on_tick (gpointer user_data)
{
  BoloPatrol *self = user_data;

  update_fix (self);
  update_lists_health (self);
  return G_SOURCE_CONTINUE;
}

static void
on_purged (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  BoloPurgeReport *report = bolo_store_purge_finish (BOLO_STORE (source), result, &error);

  if (report == NULL)
    g_warning ("records past their keeping time are still there: %s", error->message);
  g_clear_pointer (&report, bolo_purge_report_free);
}

static gboolean
on_purge_due (gpointer user_data)
{
  BoloPatrol *self = user_data;
  gint64 keep_us = (gint64) self->config->retention_days * 24 * 3600 * G_USEC_PER_SEC;

  bolo_store_purge_async (self->store, bolo_clock_get_utc_us (self->clock) - keep_us, self->officer,
                          NULL, on_purged, NULL);
  return G_SOURCE_CONTINUE;
}

/* ---- making -------------------------------------------------------------------------------- */

static BoloClock *
make_clock (const BoloPatrolConfig *config, const BoloPatrolOptions *options)
{
  if (config->recording == NULL)
    return bolo_clock_new_system ();
  if (options->mode == BOLO_MAILBOX_LOCK_STEP)
    return bolo_clock_new_manual (config->start_us);
  return bolo_clock_new_running (config->start_us, options->rate > 0 ? options->rate : 1.0);
}

/* Lists that another program imports while we are on patrol are taken in without a restart. */
static gboolean
load_lists (BoloPatrol *self, GError **error)
{
  self->list_watch = bolo_list_watch_new (self->hotlist, self->state_dir);
  g_signal_connect_object (self->list_watch, "changed", G_CALLBACK (on_lists_changed), self,
                           G_CONNECT_SWAPPED);
  return bolo_hotlist_load (self->hotlist, NULL, error);
}

static gboolean
make_lists (BoloPatrol *self, GError **error)
{
  /* Without a state folder nothing is imported: the folder is named, never touched. */
  const char *folder = self->state_dir != NULL ? self->state_dir : g_get_tmp_dir ();

  self->hotlist = bolo_hotlist_new (folder, self->rules, self->clock);
  for (guint i = 0; i < self->config->lists->len; i++) {
    const BoloPatrolList *list = g_ptr_array_index (self->config->lists, i);

    if (list->title != NULL)
      bolo_hotlist_set_title (self->hotlist, list->name, list->title);
  }
  if (self->config->recording == NULL)
    return self->state_dir == NULL || load_lists (self, error);

  for (guint i = 0; i < self->config->lists->len; i++) {
    const BoloPatrolList *list = g_ptr_array_index (self->config->lists, i);

    if (!bolo_hotlist_load_recording_list (self->hotlist, list->path, list->name, list->kind,
                                           list->map_path, NULL, error))
      return FALSE;
  }
  return TRUE;
}

/* A full or read-only disk must not cost the officer the alarms: the store keeps trying and says so
 * in its health. A second Bolo, or a newer one's files, do end it. */
static gboolean
open_store (BoloPatrol *self, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (bolo_store_open (self->store, &local))
    return TRUE;
  if (self->options.goes_on_without_storage &&
      (g_error_matches (local, BOLO_ERROR, BOLO_ERROR_NO_SPACE) ||
       g_error_matches (local, BOLO_ERROR, BOLO_ERROR_PERMISSION))) {
    g_autoptr (BoloHealth) health = NULL;

    health = bolo_health_new ("storage", BOLO_HEALTH_LOST, bolo_clock_get_utc_us (self->clock),
                              local->message, "Nothing is kept until this is mended");
    bolo_patrol_put_health (self, health);
    return TRUE;
  }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
make_store (BoloPatrol *self, GError **error)
{
  if (self->state_dir == NULL)
    return TRUE;
  if (!self->options.goes_on_without_storage && !bolo_paths_ensure_state (self->state_dir, error))
    return FALSE;
  self->store = bolo_store_new (self->state_dir, self->clock);
  bolo_patrol_prepare_sync (self);
  if (bolo_clock_is_manual (self->clock))
    bolo_store_set_waits_for_flush (self->store);
  g_signal_connect_object (self->store, "stored", G_CALLBACK (on_stored), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->store, "health", G_CALLBACK (on_health), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->store, "problem", G_CALLBACK (on_store_problem), self,
                           G_CONNECT_SWAPPED);
  return open_store (self, error);
}

static gboolean
make_position (BoloPatrol *self, GError **error)
{
  switch (self->config->position) {
  case BOLO_POSITION_SOURCE_GPSD: {
    g_autofree char *port = g_strdup_printf ("%u", self->config->gpsd_port);

    self->position = bolo_position_new_gpsd (self->config->gpsd_host, port, self->clock, NULL);
    break;
  }
  case BOLO_POSITION_SOURCE_TRACK:
    self->position = bolo_position_new_replay (self->config->track_path, self->config->start_us,
                                               self->clock, NULL, error);
    if (self->position == NULL)
      return FALSE;
    break;
  case BOLO_POSITION_SOURCE_NONE:
  default:
    return TRUE;
  }
  bolo_position_set_clock_warning (self->position, (gint64) self->config->clock_warn_ms * 1000);
  g_signal_connect_object (self->position, "health", G_CALLBACK (on_health), self,
                           G_CONNECT_SWAPPED);
  return TRUE;
}

static gboolean
make_pool (BoloPatrol *self, GError **error)
{
  BoloReaderConfig reader = {
    .models = self->config->models,
    .n_threads = self->config->n_threads,
    .mode = self->options.mode,
    .rules = self->rules,
    .ids = self->ids,
    .clock = self->clock,
    .with_pictures = TRUE,
  };

  self->pool = bolo_reader_pool_new (&reader, NULL, error);
  if (self->pool == NULL)
    return FALSE;
  g_signal_connect_object (self->pool, "sighting", G_CALLBACK (on_sighting), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pool, "batch", G_CALLBACK (on_batch), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pool, "finished", G_CALLBACK (on_finished), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pool, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  return TRUE;
}

static void
make_cameras (BoloPatrol *self)
{
  for (guint i = 0; i < self->config->cameras->len; i++) {
    BoloCameraConfig *config = g_ptr_array_index (self->config->cameras, i);
    BoloLookBoard *looks = bolo_look_board_new ();
    BoloCamera *camera;

    config->is_looping = self->options.is_looping;
    config->max_rate = self->options.max_rate;
    config->has_preview = self->options.has_preview;
    camera = bolo_camera_new (config, self->clock, self->options.mode, NULL);
    g_signal_connect_object (camera, "health", G_CALLBACK (on_health), self, G_CONNECT_SWAPPED);
    bolo_reader_pool_add_camera (self->pool, config->info, bolo_camera_get_frames (camera), looks);
    g_ptr_array_add (self->cameras, camera);
    g_ptr_array_add (self->camera_infos, bolo_camera_info_ref (config->info));
    g_ptr_array_add (self->look_boards, looks);
  }
}

static void
make_announcer (BoloPatrol *self)
{
  BoloAnnouncerConfig config = {
    .audio_sink = self->config->audio_sink,
    .speech = self->config->speech,
    .notify = self->config->notify,
    .volume = 1.0,
  };

  if (self->options.is_silent)
    return;
  self->announcer = bolo_announcer_new (self->policy, &config, self->clock, NULL);
  g_signal_connect_object (self->announcer, "played", G_CALLBACK (on_played), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->announcer, "health", G_CALLBACK (on_health), self,
                           G_CONNECT_SWAPPED);
}

/* Lock-step replay gives the same ids each time; a real patrol never the same twice. */
static BoloIdSource *
make_ids (const BoloPatrolConfig *config, const BoloPatrolOptions *options)
{
  g_autofree char *seed = NULL;

  if (options->mode == BOLO_MAILBOX_LOCK_STEP)
    seed = g_strdup_printf ("%s/%" G_GINT64_FORMAT, config->title, config->start_us);
  return bolo_id_source_new (seed);
}

BoloPatrol *
bolo_patrol_new (BoloPatrolConfig *config, const BoloPatrolOptions *options, GError **error)
{
  g_autoptr (BoloPatrol) self = NULL;
  g_autofree char *plate_dir = NULL;

  g_return_val_if_fail (config != NULL && options != NULL, NULL);
  g_return_val_if_fail (options->mode == BOLO_MAILBOX_LIVE || config->recording != NULL, NULL);

  self = g_object_new (BOLO_TYPE_PATROL, NULL);
  self->config = config;
  self->options = *options;
  self->state_dir = g_strdup (options->state_dir);
  self->officer = g_strdup (config->officer);
  self->clock = make_clock (config, options);
  self->ids = make_ids (config, options);

  plate_dir = bolo_paths_get_data_file ("plate");
  self->rules = bolo_plate_rules_load (plate_dir, error);
  if (self->rules == NULL)
    return NULL;
  if (config->truth != NULL)
    self->scorer = bolo_scorer_new (config->truth, config->start_us);
  /* A second Bolo on the same store ends here, before it brings a policy into force. */
  if (!make_store (self, error) || !bolo_patrol_load_policy (self, error))
    return NULL;
  self->encounters = bolo_encounters_new (self->policy, self->ids, self->clock);
  if (!make_lists (self, error) || !make_position (self, error) || !make_pool (self, error))
    return NULL;
  bolo_patrol_make_desk (self);
  bolo_patrol_make_sync (self);
  g_signal_connect_object (self->desk, "health", G_CALLBACK (on_health), self, G_CONNECT_SWAPPED);
  make_cameras (self);
  make_announcer (self);
  return g_steal_pointer (&self);
}

void
bolo_patrol_start (BoloPatrol *self)
{
  g_return_if_fail (BOLO_IS_PATROL (self));
  g_return_if_fail (!self->is_started);

  self->is_started = TRUE;
  if (self->officer != NULL && self->store != NULL)
    bolo_store_add_note (self->store, "sign-on", self->officer, "",
                         bolo_clock_get_utc_us (self->clock));
  update_lists_health (self);
  bolo_patrol_tell_policy (self);
  if (self->announcer != NULL)
    bolo_announcer_start (self->announcer);
  if (self->position != NULL)
    bolo_position_start (self->position);
  bolo_patrol_desk_start (self->desk);
  bolo_reader_pool_start (self->pool);
  for (guint i = 0; i < self->cameras->len; i++)
    bolo_camera_start (g_ptr_array_index (self->cameras, i));
  self->tick_source = g_timeout_add (TICK_MS, on_tick, self);
  g_source_set_name_by_id (self->tick_source, "bolo-patrol-tick");
  /* A recording's clock is not the day's: it must not decide what is purged. */
  if (self->store != NULL && self->config->recording == NULL) {
    bolo_patrol_recall_clones (self);
    on_purge_due (self);
    self->purge_source = g_timeout_add_seconds (PURGE_SECONDS, on_purge_due, self);
    g_source_set_name_by_id (self->purge_source, "bolo-patrol-purge");
  }
  bolo_patrol_start_sync (self);
}

void
bolo_patrol_stop (BoloPatrol *self)
{
  g_return_if_fail (BOLO_IS_PATROL (self));

  if (self->is_stopped)
    return;
  self->is_stopped = TRUE;
  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_clear_handle_id (&self->purge_source, g_source_remove);
  bolo_clock_release_waiters (self->clock);
  for (guint i = 0; i < self->cameras->len; i++) {
    if (!bolo_camera_stop (g_ptr_array_index (self->cameras, i), CAMERA_STOP_MS))
      g_warning ("a camera did not stop in time and is left behind");
  }
  if (self->pool != NULL && !bolo_reader_pool_stop (self->pool, POOL_STOP_MS))
    g_warning ("a reader did not stop in time and is left behind");
  if (self->announcer != NULL)
    bolo_announcer_stop (self->announcer, ANNOUNCER_STOP_MS);
  if (self->position != NULL)
    bolo_position_stop (self->position, POSITION_STOP_MS);
  if (self->list_watch != NULL && !bolo_list_watch_stop (self->list_watch, LISTS_STOP_MS))
    g_warning ("a list was still being loaded and is left behind");
  if (self->desk != NULL && !bolo_patrol_desk_stop (self->desk, DESK_STOP_MS))
    g_warning ("what an officer asked was still being done and is left behind");
  if (self->sync != NULL && !bolo_sync_stop (self->sync, SYNC_STOP_MS))
    g_warning ("a request to the back office did not end in time and is left behind");
  if (self->store != NULL && !bolo_store_close (self->store, STORE_STOP_MS))
    g_warning ("the journal was not closed in time; what was announced as stored is stored");
}

/* ---- what faces ask ------------------------------------------------------------------------ */

static BoloClock *
patrol_get_clock (BoloEngine *engine)
{
  return BOLO_PATROL (engine)->clock;
}

static GPtrArray *
patrol_get_cameras (BoloEngine *engine)
{
  return BOLO_PATROL (engine)->camera_infos;
}

static gboolean
find_camera (BoloPatrol *self, const char *name, guint *index)
{
  for (guint i = 0; i < self->camera_infos->len; i++) {
    const BoloCameraInfo *info = g_ptr_array_index (self->camera_infos, i);

    if (g_strcmp0 (info->name, name) == 0) {
      *index = i;
      return TRUE;
    }
  }
  return FALSE;
}

static BoloMailbox *
patrol_get_preview (BoloEngine *engine, const char *camera)
{
  BoloPatrol *self = BOLO_PATROL (engine);
  guint i;

  return find_camera (self, camera, &i)
           ? bolo_camera_get_preview (g_ptr_array_index (self->cameras, i))
           : NULL;
}

static BoloLookBoard *
patrol_get_looks (BoloEngine *engine, const char *camera)
{
  BoloPatrol *self = BOLO_PATROL (engine);
  guint i;

  return find_camera (self, camera, &i) ? g_ptr_array_index (self->look_boards, i) : NULL;
}

static GListModel *
patrol_get_cases (BoloEngine *engine)
{
  return G_LIST_MODEL (BOLO_PATROL (engine)->cases);
}

static GPtrArray *
patrol_get_health (BoloEngine *engine)
{
  return bolo_health_board_get_all (BOLO_PATROL (engine)->health);
}

static const BoloFix *
patrol_get_fix (BoloEngine *engine)
{
  return BOLO_PATROL (engine)->fix;
}

static BoloDesk *
patrol_get_desk (BoloEngine *engine)
{
  return BOLO_DESK (BOLO_PATROL (engine)->desk);
}

static const char *
patrol_get_officer (BoloEngine *engine)
{
  return BOLO_PATROL (engine)->officer;
}

static void
patrol_set_officer (BoloEngine *engine, const char *officer)
{
  BoloPatrol *self = BOLO_PATROL (engine);

  if (g_strcmp0 (self->officer, officer) == 0)
    return;
  g_free (self->officer);
  self->officer = g_strdup (officer);
  bolo_patrol_desk_set_officer (self->desk, officer);
  if (self->store != NULL)
    bolo_store_add_note (self->store, "sign-on", officer, "", bolo_clock_get_utc_us (self->clock));
}

static void
patrol_dispose_of (BoloEngine *engine,
                   const char *hit,
                   BoloDispositionKind kind,
                   const char *checked_by,
                   const char *checked_how)
{
  bolo_patrol_take_disposition (BOLO_PATROL (engine), hit, kind, checked_by, checked_how);
}

static void
patrol_set_discreet (BoloEngine *engine, gboolean is_discreet)
{
  BoloPatrol *self = BOLO_PATROL (engine);

  if (self->announcer != NULL)
    bolo_announcer_set_speech (self->announcer,
                               is_discreet ? BOLO_SPEECH_DISCREET : self->config->speech);
}

static void
patrol_set_volume (BoloEngine *engine, double volume)
{
  BoloPatrol *self = BOLO_PATROL (engine);

  if (self->announcer != NULL)
    bolo_announcer_set_volume (self->announcer, volume);
}

static void
bolo_patrol_engine_init (BoloEngineInterface *iface)
{
  iface->get_clock = patrol_get_clock;
  iface->get_cameras = patrol_get_cameras;
  iface->get_preview = patrol_get_preview;
  iface->get_looks = patrol_get_looks;
  iface->get_cases = patrol_get_cases;
  iface->get_health = patrol_get_health;
  iface->get_fix = patrol_get_fix;
  iface->get_desk = patrol_get_desk;
  iface->get_sync = bolo_patrol_get_sync;
  iface->get_officer = patrol_get_officer;
  iface->set_officer = patrol_set_officer;
  iface->dispose_of = patrol_dispose_of;
  iface->set_discreet = patrol_set_discreet;
  iface->set_volume = patrol_set_volume;
}

const BoloPatrolConfig *
bolo_patrol_get_config (BoloPatrol *self)
{
  g_return_val_if_fail (BOLO_IS_PATROL (self), NULL);

  return self->config;
}

BoloIdSource *
bolo_patrol_get_ids (BoloPatrol *self)
{
  g_return_val_if_fail (BOLO_IS_PATROL (self), NULL);

  return self->ids;
}

BoloAlertPolicy *
bolo_patrol_get_policy (BoloPatrol *self)
{
  g_return_val_if_fail (BOLO_IS_PATROL (self), NULL);

  return self->policy;
}

BoloPlateRules *
bolo_patrol_get_rules (BoloPatrol *self)
{
  g_return_val_if_fail (BOLO_IS_PATROL (self), NULL);

  return self->rules;
}

void
bolo_patrol_emit_announced (BoloPatrol *self,
                            BoloHitCase *hit_case,
                            const char *tone,
                            gint64 first_sample_us)
{
  g_signal_emit (self, signals[SIGNAL_ANNOUNCED], 0, hit_case, tone, first_sample_us);
}

/* ---- the object ---------------------------------------------------------------------------- */

static void
bolo_patrol_dispose (GObject *object)
{
  BoloPatrol *self = BOLO_PATROL (object);

  bolo_patrol_stop (self);
  g_clear_object (&self->announcer);
  g_clear_object (&self->position);
  g_clear_object (&self->list_watch);
  g_clear_object (&self->desk);
  g_clear_object (&self->pool);
  g_clear_pointer (&self->cameras, g_ptr_array_unref);
  self->cameras = g_ptr_array_new ();
  bolo_patrol_clear_sync (self);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (bolo_patrol_parent_class)->dispose (object);
}

static void
bolo_patrol_finalize (GObject *object)
{
  BoloPatrol *self = BOLO_PATROL (object);

  g_clear_pointer (&self->cameras, g_ptr_array_unref);
  g_clear_pointer (&self->camera_infos, g_ptr_array_unref);
  g_clear_pointer (&self->look_boards, g_ptr_array_unref);
  g_clear_pointer (&self->encounters, bolo_encounters_free);
  g_clear_pointer (&self->review, bolo_match_review_free);
  g_clear_pointer (&self->clones, bolo_clone_check_free);
  g_clear_pointer (&self->scorer, bolo_scorer_free);
  g_clear_object (&self->hotlist);
  g_clear_pointer (&self->policy, bolo_alert_policy_unref);
  g_clear_pointer (&self->policy_health, bolo_health_unref);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_clear_pointer (&self->ids, bolo_id_source_unref);
  g_clear_pointer (&self->health, bolo_health_board_free);
  g_clear_pointer (&self->by_encounter, g_hash_table_unref);
  g_clear_pointer (&self->by_hit, g_hash_table_unref);
  g_clear_pointer (&self->unstored, g_hash_table_unref);
  g_clear_pointer (&self->unannounced, g_hash_table_unref);
  g_clear_pointer (&self->passes, g_hash_table_unref);
  g_clear_pointer (&self->hidden, g_hash_table_unref);
  g_clear_object (&self->cases);
  g_clear_pointer (&self->fix, bolo_fix_unref);
  g_clear_pointer (&self->latency_ms, bolo_metric_free);
  g_clear_pointer (&self->since_readable_ms, bolo_metric_free);
  g_clear_pointer (&self->stored_ms, bolo_metric_free);
  g_clear_pointer (&self->tone_ms, bolo_metric_free);
  g_clear_pointer (&self->match_ms, bolo_metric_free);
  g_clear_pointer (&self->publish_ms, bolo_metric_free);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->config, bolo_patrol_config_free);
  g_free (self->state_dir);
  g_free (self->officer);
  G_OBJECT_CLASS (bolo_patrol_parent_class)->finalize (object);
}

static void
bolo_patrol_class_init (BoloPatrolClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bolo_patrol_dispose;
  object_class->finalize = bolo_patrol_finalize;
  signals[SIGNAL_ANNOUNCED] =
    g_signal_new ("announced", BOLO_TYPE_PATROL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, BOLO_TYPE_HIT_CASE, G_TYPE_STRING, G_TYPE_INT64);
}

static void
bolo_patrol_init (BoloPatrol *self)
{
  self->cameras = g_ptr_array_new_with_free_func (g_object_unref);
  self->camera_infos = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_camera_info_unref);
  self->look_boards = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_look_board_unref);
  self->health = bolo_health_board_new ();
  self->cases = g_list_store_new (BOLO_TYPE_HIT_CASE);
  self->by_encounter = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->by_hit = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->unstored = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->unannounced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->passes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->hidden = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->latency_ms = bolo_metric_new ();
  self->since_readable_ms = bolo_metric_new ();
  self->stored_ms = bolo_metric_new ();
  self->tone_ms = bolo_metric_new ();
  self->match_ms = bolo_metric_new ();
  self->publish_ms = bolo_metric_new ();
}
