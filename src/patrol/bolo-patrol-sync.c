/* bolo-patrol-sync.c: the patrol's exchange with its back office: owned, started, stopped
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-patrol"

#include "bolo-patrol-private.h"

#include <math.h>

#include "bolo-paths.h"
#include "bolo-sync-queues.h"

#define SHARED_ACCURACY_M 50.0 /* what another car knew of its own place is not told */

/* What the equipment says of itself goes on record, but not how sync does: a link that comes and
 * goes would fill the outbox with words about itself. */
void
bolo_patrol_note_health (BoloPatrol *self, const BoloHealth *health)
{
  g_autofree char *text = NULL;

  if (self->store == NULL || g_str_has_prefix (health->what, "sync"))
    return;
  text = g_strdup_printf ("%s %s: %s", health->what, bolo_health_state_to_string (health->state),
                          health->detail);
  bolo_store_add_note (self->store, "health", self->officer, text,
                       bolo_clock_get_utc_us (self->clock));
}

/* A mistake in sync.conf must not keep the car from reading: what waits goes on waiting. */
static void
say_failure (BoloPatrol *self, const GError *error)
{
  self->sync_health =
    bolo_health_new ("sync", BOLO_HEALTH_LOST, bolo_clock_get_utc_us (self->clock), error->message,
                     "Mend sync.conf and restart Bolo; everything is kept in the car");
}

void
bolo_patrol_prepare_sync (BoloPatrol *self)
{
  g_autoptr (BoloSyncConfig) config = NULL;
  g_auto (GStrv) receivers = NULL;
  g_autoptr (GError) error = NULL;

  /* Where nothing can be kept nothing can be sent; the store says so itself. */
  if (self->state_dir == NULL || !bolo_paths_ensure_state (self->state_dir, NULL))
    return;
  config = bolo_sync_config_load_state (self->state_dir, &error);
  /* A recording's time is not the day's, nor the station's. */
  self->sync_clock = bolo_clock_new_system ();
  if (config == NULL ||
      !bolo_sync_queues_prepare (self->state_dir, config, self->sync_clock, &error)) {
    say_failure (self, error);
    return;
  }
  receivers = bolo_sync_config_get_receivers (config);
  bolo_store_set_receivers (self->store, (const char *const *) receivers);
  self->sync_config = g_steal_pointer (&config);
}

static void
on_sync_health (BoloPatrol *self, const BoloHealth *health)
{
  bolo_patrol_put_health (self, health);
}

/* What another car met may be the same mark elsewhere. */
static void
note_shared (BoloPatrol *self, BoloSharedHit *hit)
{
  const BoloSharedHitFields *fields = bolo_shared_hit_get_fields (hit);
  const BoloFix place = {.time_us = fields->time_us,
                         .latitude_deg = fields->latitude_deg,
                         .longitude_deg = fields->longitude_deg,
                         .accuracy_m = SHARED_ACCURACY_M,
                         .speed_mps = NAN,
                         .heading_deg = NAN,
                         .clock_offset_us = G_MININT64};
  g_autoptr (BoloSighting) sighting = NULL;
  g_autoptr (BoloClone) known = NULL;

  if (isnan (fields->latitude_deg) || fields->verification == BOLO_VERIFICATION_MISREAD)
    return;
  sighting = bolo_sighting_new ();
  sighting->id = g_strdup (fields->id);
  sighting->camera = g_strdup (fields->car);
  sighting->text = g_strdup (fields->mark);
  sighting->confidence = 1;
  sighting->captured_us = fields->time_us;
  sighting->fix = bolo_fix_new (&place);
  known = bolo_clone_check_take (self->clones, sighting);
}

static void
on_shared_changed (GListModel *shared, guint at, guint removed, guint added, BoloPatrol *self)
{
  for (guint i = 0; i < added; i++) {
    g_autoptr (BoloSharedHit) hit = g_list_model_get_item (shared, at + i);

    note_shared (self, hit);
  }
}

void
bolo_patrol_make_sync (BoloPatrol *self)
{
  gboolean is_live = self->config->recording == NULL;
  const BoloSyncParts parts = {
    .config = self->sync_config,
    .state_dir = self->state_dir,
    .store = self->store,
    .hotlist = is_live ? self->hotlist : NULL,
    .clock = self->sync_clock,
    .end = BOLO_RUN_FOR_EVER,
  };

  if (self->sync_config == NULL)
    return;
  self->sync = bolo_sync_new (&parts);
  g_signal_connect_object (self->sync, "health", G_CALLBACK (on_sync_health), self,
                           G_CONNECT_SWAPPED);
  /* In lock-step nothing may depend on when a station answers. */
  if (!bolo_clock_is_manual (self->clock))
    g_signal_connect_object (bolo_sync_state_get_shared (bolo_sync_get_state (self->sync)),
                             "items-changed", G_CALLBACK (on_shared_changed), self, 0);
}

void
bolo_patrol_start_sync (BoloPatrol *self)
{
  if (self->sync_health != NULL)
    bolo_patrol_put_health (self, self->sync_health);
  if (self->sync != NULL)
    bolo_sync_start (self->sync);
}

void
bolo_patrol_tell_sync (BoloPatrol *self, const char *const *ids)
{
  gboolean has_hit = FALSE;

  if (self->sync == NULL || !self->is_started)
    return;
  for (guint i = 0; ids[i] != NULL; i++)
    has_hit = has_hit || g_hash_table_contains (self->by_hit, ids[i]) ||
              g_hash_table_contains (self->hidden, ids[i]);
  bolo_sync_note_stored (self->sync, has_hit);
}

BoloSyncState *
bolo_patrol_get_sync (BoloEngine *engine)
{
  BoloPatrol *self = BOLO_PATROL (engine);

  return self->sync != NULL ? bolo_sync_get_state (self->sync) : NULL;
}

void
bolo_patrol_clear_sync (BoloPatrol *self)
{
  g_clear_object (&self->sync);
  g_clear_object (&self->sync_clock);
  g_clear_pointer (&self->sync_config, bolo_sync_config_unref);
  g_clear_pointer (&self->sync_health, bolo_health_unref);
}
