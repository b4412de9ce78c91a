/* bolo-patrol-lists.c: what the patrol does with lists: their rules, their age, the officer's desk
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
  bolo_match_review_set_ages (self->review, NULL, (gint64) config->list_warn_age_h * 3600,
                              (gint64) config->list_max_age_h * 3600);
  for (guint i = 0; i < config->lists->len; i++) {
    const BoloPatrolList *list = g_ptr_array_index (config->lists, i);

    bolo_match_review_set_ages (self->review, list->name, (gint64) list->warn_age_h * 3600,
                                (gint64) list->max_age_h * 3600);
  }
}

/* The stricter of two limits; 0 is none. */
static gint64
pick_limit_s (gint64 a_s, gint64 b_s)
{
  if (a_s == 0 || b_s == 0)
    return MAX (a_s, b_s);
  return MIN (a_s, b_s);
}

/* A list's own limits come with it, bolo.conf may be stricter: the earlier of both holds. */
void
bolo_patrol_take_list_ages (BoloPatrol *self)
{
  g_autoptr (BoloListIndex) index = bolo_hotlist_ref_index (self->hotlist);
  const BoloPatrolConfig *config = self->config;

  for (guint i = 0; i < bolo_list_index_get_n_lists (index); i++) {
    const BoloListInfo *info = bolo_list_index_get_list (index, i);
    gint64 warn_h = config->list_warn_age_h;
    gint64 stale_h = config->list_max_age_h;

    for (guint k = 0; k < config->lists->len; k++) {
      const BoloPatrolList *list = g_ptr_array_index (config->lists, k);

      if (g_strcmp0 (list->name, info->name) == 0) {
        warn_h = list->warn_age_h;
        stale_h = list->max_age_h;
      }
    }
    bolo_match_review_set_ages (self->review, info->name,
                                pick_limit_s (warn_h * 3600, info->warn_age_us / G_USEC_PER_SEC),
                                pick_limit_s (stale_h * 3600, info->stale_age_us / G_USEC_PER_SEC));
  }
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
  bolo_patrol_take_list_ages (self);
  make_clones (self);
  parts.review = self->review;
  self->desk = bolo_patrol_desk_new (&parts);
  bolo_patrol_desk_set_officer (self->desk, self->officer);
}

/* The oldest list that is past a limit. (transfer none) (nullable) */
static const BoloListInfo *
find_oldest (BoloPatrol *self, BoloListIndex *index, gint64 now_us, BoloListAge *age)
{
  const BoloListInfo *oldest = NULL;

  *age = BOLO_LIST_FRESH;
  for (guint i = 0; i < bolo_list_index_get_n_lists (index); i++) {
    const BoloListInfo *info = bolo_list_index_get_list (index, i);
    BoloListAge own = bolo_match_review_get_age (self->review, info->name, info->dated_us, now_us);

    if (own != BOLO_LIST_FRESH &&
        (own > *age || oldest == NULL || (own == *age && info->dated_us < oldest->dated_us))) {
      oldest = info;
      *age = own;
    }
  }
  return oldest;
}

BoloHealth *
bolo_patrol_make_lists_health (BoloPatrol *self)
{
  g_autoptr (BoloListIndex) index = bolo_hotlist_ref_index (self->hotlist);
  gint64 now_us = bolo_clock_get_utc_us (self->clock);
  g_autoptr (BoloHealth) health = bolo_list_index_get_health (index, 0, now_us);
  g_autofree char *detail = NULL;
  const BoloListInfo *oldest;
  BoloListAge age;

  if (health->state != BOLO_HEALTH_OK)
    return g_steal_pointer (&health);
  oldest = find_oldest (self, index, now_us, &age);
  if (oldest == NULL)
    return g_steal_pointer (&health);
  detail = g_strdup_printf ("The list %s is %s%" G_GINT64_FORMAT " h old",
                            oldest->title != NULL ? oldest->title : oldest->name,
                            age == BOLO_LIST_STALE ? "stale: " : "",
                            (now_us - oldest->dated_us) / G_TIME_SPAN_HOUR);
  return bolo_health_new ("lists", BOLO_HEALTH_DEGRADED, now_us, detail, "Import a newer list");
}
