/* bolo-patrol-policy.c: the alert policy of this start: a station's, or the car's own
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-patrol"

#include "bolo-patrol-private.h"

#include "bolo-paths.h"
#include "bolo-pushed-policy.h"

/* A recording is played with the car's own: it must sound the same again. */
gboolean
bolo_patrol_load_policy (BoloPatrol *self, GError **error)
{
  const char *own = self->config->policy_path;
  const char *state_dir = self->config->recording == NULL ? self->state_dir : NULL;
  g_autofree char *shipped = bolo_paths_get_data_file ("alert/policy.ini");
  g_auto (BoloPolicyChoice) choice = {0};

  if (!bolo_pushed_policy_start (state_dir, own, &choice, error))
    return FALSE;
  if (choice.number > 0 || choice.problem != NULL) {
    self->policy_health = bolo_policy_choice_make_health (
      &choice, own, g_strcmp0 (own, shipped) != 0, bolo_clock_get_utc_us (self->clock));
    g_message ("alert policy: %s", self->policy_health->detail);
  }
  self->policy = g_steal_pointer (&choice.policy);
  return TRUE;
}

void
bolo_patrol_tell_policy (BoloPatrol *self)
{
  BoloSyncState *sync = bolo_patrol_get_sync (BOLO_ENGINE (self));
  g_autoptr (BoloListArrival) arrival = NULL;

  if (self->policy_health == NULL)
    return;
  bolo_patrol_put_health (self, self->policy_health);
  if (sync == NULL)
    return;
  arrival = bolo_pushed_policy_get_arrival (self->state_dir);
  bolo_sync_state_set_list (sync, arrival);
}
