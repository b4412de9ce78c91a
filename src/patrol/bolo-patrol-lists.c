/* bolo-patrol-lists.c: what the patrol does with lists: their rules, clones, the officer's desk
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-patrol"

#include "bolo-patrol-private.h"

#define CLONES_KEPT_US G_TIME_SPAN_DAY
#define CLONES_KEPT_MAX 100000 /* marks; a day of dense traffic, some 20 MB */
#define CLONES_RECALLED_MAX 20000

/* A kind that the policy hides is as covert as an entry that says so. */
static gboolean
hides (const BoloListEntry *entry, gpointer user_data)
{
  BoloPatrol *self = user_data;
  BoloAlertVerdict verdict;

  bolo_alert_policy_judge (self->policy, entry, &verdict);
  return verdict.is_covert;
}

static void
make_review (BoloPatrol *self)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  const BoloPatrolConfig *config = self->config;

  self->review = bolo_match_review_new (self->rules, zone);
  bolo_match_review_set_hides (self->review, hides, self);
  bolo_match_review_set_own_marks (self->review, (const char *const *) config->desk->own_marks);
}

static void
make_clones (BoloPatrol *self)
{
  const BoloAlertLimits *limits = bolo_alert_policy_get_limits (self->policy);
  const BoloCloneLimits clone = {.speed_mps = limits->clone_mps,
                                 .distance_m = limits->clone_m,
                                 .kept_us = CLONES_KEPT_US,
                                 .max_kept = CLONES_KEPT_MAX};

  self->clones = bolo_clone_check_new (&clone);
}

static void
on_recalled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoloPatrol) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = bolo_store_search_finish (BOLO_STORE (source), result, &error);

  if (found == NULL) {
    g_info ("The last day's sightings are not known to the clone check: %s", error->message);
    return;
  }
  /* The newest stand first, and what comes first is forgotten first. */
  for (guint i = found->len; i-- > 0;) {
    g_autoptr (BoloClone) known =
      bolo_clone_check_take (self->clones, g_ptr_array_index (found, i));
  }
}

void
bolo_patrol_recall_clones (BoloPatrol *self)
{
  gint64 now_us = bolo_clock_get_utc_us (self->clock);
  /* To the end of time: a clock that was set back since then must not hide them. */
  const BoloStoreQuery query = {
    .from_us = now_us - CLONES_KEPT_US, .to_us = G_MAXINT64, .max = CLONES_RECALLED_MAX};

  if (self->store != NULL)
    bolo_store_search_async (self->store, &query, NULL, on_recalled, g_object_ref (self));
}

void
bolo_patrol_make_desk (BoloPatrol *self)
{
  BoloPatrolDeskParts parts = {.state_dir = self->state_dir,
                               .rules = self->rules,
                               .desk = self->config->desk,
                               .hotlist = self->hotlist,
                               .store = self->store,
                               .clock = self->clock,
                               .ids = self->ids};

  make_review (self);
  make_clones (self);
  parts.review = self->review;
  self->desk = bolo_patrol_desk_new (&parts);
  bolo_patrol_desk_set_officer (self->desk, self->officer);
}
