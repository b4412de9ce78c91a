/* bolo-patrol-flow.c: the way of one sighting: placed, matched, shown, sounded, kept
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-patrol"

#include "bolo-patrol-private.h"

static double
elapsed_ms (gint64 since_us)
{
  return (double) (g_get_monotonic_time () - since_us) / 1000.0;
}

/* Where a recording plays in a loop, its truth is of the first round. */
static gint64
get_loop_us (BoloPatrol *self, gint64 at_us)
{
  gint64 duration_us = self->config->duration_ms * 1000;

  if (!self->options.is_looping || duration_us <= 0)
    return 0;
  return (at_us - self->config->start_us) / duration_us * duration_us;
}

/* The published form: with place, officer and times. */
static BoloSighting *
stamp_sighting (BoloPatrol *self, const BoloSighting *read)
{
  BoloSighting *sighting = bolo_sighting_copy (read);

  if (self->position != NULL)
    sighting->fix = bolo_position_get_fix_at (self->position, sighting->captured_us);
  g_free (sighting->officer);
  sighting->officer = g_strdup (self->officer);
  sighting->published_us = bolo_clock_get_utc_us (self->clock);
  sighting->latency_ms = (sighting->published_us - sighting->agreed_us) / 1000;
  sighting->clone = bolo_clone_check_take (self->clones, sighting);
  if (self->scorer != NULL)
    sighting->since_readable_ms = bolo_scorer_get_since_readable_ms (
      self->scorer, sighting, sighting->published_us, get_loop_us (self, sighting->first_us));
  return sighting;
}

/* A match that cannot be told is worse than none: said at once, and until the list is mended. */
static void
say_damaged (BoloPatrol *self, guint n_damaged)
{
  g_autoptr (BoloProblem) problem = NULL;

  if (n_damaged == 0 || self->is_damaged)
    return;
  self->is_damaged = TRUE;
  problem = bolo_problem_new (
    "A wanted vehicle was met whose entry cannot be read", "It is not shown as a hit",
    "Ask the control room for the marks near you, and import the lists again", NULL);
  g_critical ("An entry of a list that was met is damaged on the disk");
  bolo_engine_emit_problem (BOLO_ENGINE (self), problem);
}

/* (transfer full): what the lists and the car's own entries say of this mark, here and now. */
static GPtrArray *
match_sighting (BoloPatrol *self, const BoloSighting *sighting)
{
  g_autoptr (BoloListIndex) index = bolo_hotlist_ref_index (self->hotlist);
  const BoloMatchQuery query = {.text = sighting->text,
                                .characters = sighting->characters,
                                .n_characters = sighting->n_characters,
                                .now_us = sighting->published_us,
                                .loosest = BOLO_MATCH_PATTERN,
                                .rules = self->config->match_rules};
  BoloMatchCounts counts;
  g_autoptr (GPtrArray) matches = bolo_list_index_match_reading (index, &query, &counts);

  /* Once a pass: each state of a sighting is matched. */
  if (sighting->state == BOLO_SIGHTING_CLOSED)
    self->n_weeded += counts.n_weeded;
  say_damaged (self, counts.n_damaged);
  bolo_watch_list_match (bolo_patrol_desk_get_watch_list (self->desk), &query, matches);
  return bolo_match_review_take (self->review, matches, sighting, sighting->published_us);
}

static void
count_sighting (BoloPatrol *self, const BoloSighting *sighting)
{
  gboolean is_new = g_hash_table_add (self->passes, g_strdup (sighting->id));

  self->n_corrected += sighting->state == BOLO_SIGHTING_CORRECTED;
  if (is_new && sighting->since_readable_ms >= 0 && sighting->state == BOLO_SIGHTING_PROVISIONAL)
    bolo_metric_add (self->since_readable_ms, (double) sighting->since_readable_ms);
  /* What was seen once, or was not sure before it closed, waited for another look: there is no
   * frame that completed an agreement to count from. */
  if (is_new && sighting->state == BOLO_SIGHTING_PROVISIONAL && !sighting->is_single_look)
    bolo_metric_add (self->latency_ms, (double) sighting->latency_ms);
  if (self->scorer != NULL)
    bolo_scorer_add_sighting (self->scorer, sighting);
}

static BoloHitCase *
open_case (BoloPatrol *self, const BoloHit *hit)
{
  BoloHitCase *hit_case = g_hash_table_lookup (self->by_encounter, hit->encounter);

  if (hit_case != NULL) {
    bolo_hit_case_update (hit_case, hit);
  } else {
    hit_case = bolo_hit_case_new (hit);
    g_hash_table_insert (self->by_encounter, g_strdup (hit->encounter), hit_case);
    g_list_store_append (self->cases, hit_case);
  }
  g_hash_table_replace (self->by_hit, g_strdup (hit->id), g_object_ref (hit_case));
  return hit_case;
}

typedef struct {
  BoloPatrol *patrol;
  char *hit;
} AnnounceWait;

static void
announce_wait_free (gpointer data)
{
  AnnounceWait *wait = data;

  g_object_unref (wait->patrol);
  g_free (wait->hit);
  g_free (wait);
}

static gboolean
on_announce_overdue (gpointer user_data)
{
  AnnounceWait *wait = user_data;

  bolo_patrol_take_played (wait->patrol, wait->hit, -1, NULL);
  return G_SOURCE_REMOVE;
}

/* A sound device that does not answer in this time is said to be silent; health tells why. */
#define ANNOUNCE_OVERDUE_MS 500

static void
sound_alarm (BoloPatrol *self, BoloHitCase *hit_case)
{
  const BoloHit *hit = bolo_hit_case_get_hit (hit_case);
  const BoloMatch *leading = bolo_hit_get_leading (hit);
  AnnounceWait *wait;

  self->n_alarms++;
  if (self->scorer != NULL)
    bolo_scorer_add_alarm (self->scorer, hit);
  bolo_engine_emit_alarm (BOLO_ENGINE (self), hit_case);
  if (self->announcer == NULL) {
    bolo_patrol_emit_announced (self, hit_case, bolo_alert_policy_choose_tone (self->policy, hit),
                                -1);
    return;
  }
  g_hash_table_replace (self->unannounced, g_strdup (hit->id), g_object_ref (hit_case));
  bolo_announcer_announce (self->announcer, hit, leading->entry->list);
  wait = g_new0 (AnnounceWait, 1);
  wait->patrol = g_object_ref (self);
  wait->hit = g_strdup (hit->id);
  g_timeout_add_full (G_PRIORITY_DEFAULT, ANNOUNCE_OVERDUE_MS, on_announce_overdue, wait,
                      announce_wait_free);
}

static void
take_hit (BoloPatrol *self, const BoloHit *hit, gboolean sounds)
{
  gboolean is_new = !g_hash_table_contains (self->by_hit, hit->id);
  BoloHitCase *hit_case = open_case (self, hit);

  self->n_hits += is_new;
  if (self->scorer != NULL)
    bolo_scorer_add_hit (self->scorer, hit);
  if (self->store != NULL) {
    gint64 *published_us = g_new (gint64, 1);

    *published_us = g_get_monotonic_time ();
    g_hash_table_replace (self->unstored, g_strdup (hit->id), published_us);
  }
  if (sounds)
    sound_alarm (self, hit_case);
  bolo_engine_emit_hit (BOLO_ENGINE (self), hit);
}

void
bolo_patrol_take_sighting (BoloPatrol *self, const BoloSighting *read)
{
  gint64 began_us = g_get_monotonic_time ();
  g_autoptr (BoloSighting) sighting = stamp_sighting (self, read);
  g_autoptr (GPtrArray) matches = match_sighting (self, sighting);
  g_autoptr (BoloHit) hit = NULL;
  g_autoptr (BoloHit) covert = NULL;
  gboolean sounds = FALSE;

  bolo_metric_add (self->match_ms, elapsed_ms (began_us));
  count_sighting (self, sighting);
  hit = bolo_encounters_add (self->encounters, sighting, matches, &sounds, &covert);

  /* The hit goes first: an alarm waits for nothing, not even for the list of reads. */
  if (hit != NULL)
    take_hit (self, hit, sounds);
  bolo_engine_emit_sighting (BOLO_ENGINE (self), sighting);
  if (self->store != NULL) {
    bolo_store_add_sighting (self->store, sighting);
    if (hit != NULL)
      bolo_store_add_hit (self->store, hit);
    if (covert != NULL) {
      g_hash_table_add (self->hidden, g_strdup (covert->id));
      bolo_store_add_hit (self->store, covert);
    }
  }
  bolo_metric_add (self->publish_ms, elapsed_ms (began_us));
}

void
bolo_patrol_take_stored (BoloPatrol *self, const char *const *ids)
{
  g_autoptr (GPtrArray) told = g_ptr_array_new ();

  for (guint i = 0; ids[i] != NULL; i++) {
    const gint64 *published_us = g_hash_table_lookup (self->unstored, ids[i]);
    BoloHitCase *hit_case = g_hash_table_lookup (self->by_hit, ids[i]);

    /* The id of a hit that nobody was told of would tell that there is one. */
    if (g_hash_table_contains (self->hidden, ids[i]))
      continue;
    g_ptr_array_add (told, (gpointer) ids[i]);
    self->n_stored++;
    if (hit_case != NULL)
      bolo_hit_case_set_is_stored (hit_case, TRUE);
    if (published_us != NULL) {
      bolo_metric_add (self->stored_ms, elapsed_ms (*published_us));
      g_hash_table_remove (self->unstored, ids[i]);
    }
  }
  if (told->len == 0)
    return;
  g_ptr_array_add (told, NULL);
  bolo_engine_emit_stored (BOLO_ENGINE (self), (const char *const *) told->pdata);
}

void
bolo_patrol_take_played (BoloPatrol *self,
                         const char *hit,
                         gint64 first_sample_us,
                         const char *tone)
{
  g_autoptr (BoloHitCase) hit_case = NULL;
  g_autofree char *key = NULL;
  const BoloHit *newest;

  if (!g_hash_table_steal_extended (self->unannounced, hit, (gpointer *) &key,
                                    (gpointer *) &hit_case))
    return;
  newest = bolo_hit_case_get_hit (hit_case);
  if (first_sample_us >= 0)
    bolo_metric_add (self->tone_ms, (double) (first_sample_us - newest->created_us) / 1000.0);
  if (tone == NULL)
    tone = bolo_alert_policy_choose_tone (self->policy, newest);
  bolo_patrol_emit_announced (self, hit_case, tone, first_sample_us);
}

void
bolo_patrol_take_disposition (BoloPatrol *self,
                              const char *hit,
                              BoloDispositionKind kind,
                              const char *checked_by,
                              const char *checked_how)
{
  BoloHitCase *hit_case = g_hash_table_lookup (self->by_hit, hit);
  g_autoptr (BoloDisposition) disposition = NULL;

  if (hit_case == NULL || !bolo_hit_case_apply (hit_case, kind))
    return;
  if (self->announcer != NULL)
    bolo_announcer_silence (self->announcer);
  if (kind == BOLO_DISPOSITION_SILENCED || kind == BOLO_DISPOSITION_MISREAD)
    bolo_encounters_silence (self->encounters, bolo_hit_case_get_hit (hit_case)->encounter);

  disposition = bolo_disposition_new ();
  disposition->id = bolo_id_source_next (self->ids, "disposition");
  disposition->hit = g_strdup (hit);
  disposition->kind = kind;
  disposition->officer = g_strdup (self->officer);
  disposition->checked_by = g_strdup (checked_by);
  disposition->checked_how = g_strdup (checked_how);
  disposition->at_us = bolo_clock_get_utc_us (self->clock);
  if (self->store != NULL)
    bolo_store_add_disposition (self->store, disposition);
}
