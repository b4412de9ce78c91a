/* bolo-encounters.c: makes hits of matches, and one alarm of all the hits of one encounter
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-encounters"

#include "bolo-encounters.h"

#include <string.h>

#define FLOOD_PRIORITY 3 /* this one and lesser ones are held back in a flood */
#define PASS_KEPT_US (G_GINT64_CONSTANT (120) * G_USEC_PER_SEC) /* longer than any pass lasts */

/* Encounter: one vehicle in one place and time. */
typedef struct {
  char *id;
  gint64 last_us;
  BoloFix *last_fix; /* (owned) (nullable) */
  gboolean has_sounded;
  gboolean is_silenced;
} Encounter;

/* Pass: the last hit that a sighting gave, so that its later states keep the hit's id. */
typedef struct {
  BoloHit *hit; /* (owned) */
  char *key;    /* of its encounter */
} Pass;

/* A covert vehicle's encounters are apart from the same vehicle's overt ones. */
struct _BoloEncounters {
  BoloAlertPolicy *policy;
  BoloIdSource *ids;
  BoloClock *clock;
  GHashTable *encounters; /* (owned): key to Encounter */
  GHashTable *passes[2];  /* (owned): sighting id to Pass; [1]: covert ones */
  GArray *floods;         /* (owned): gint64 times of sounded alarms of small priority */
};

static void
encounter_free (gpointer data)
{
  Encounter *self = data;

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->last_fix, bolo_fix_unref);
  g_free (self);
}

static void
pass_free (gpointer data)
{
  Pass *self = data;

  g_clear_pointer (&self->hit, bolo_hit_unref);
  g_clear_pointer (&self->key, g_free);
  g_free (self);
}

BoloEncounters *
bolo_encounters_new (BoloAlertPolicy *policy, BoloIdSource *ids, BoloClock *clock)
{
  BoloEncounters *self;

  g_return_val_if_fail (policy != NULL && ids != NULL && BOLO_IS_CLOCK (clock), NULL);

  self = g_new0 (BoloEncounters, 1);
  self->policy = bolo_alert_policy_ref (policy);
  self->ids = bolo_id_source_ref (ids);
  self->clock = g_object_ref (clock);
  self->encounters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, encounter_free);
  for (guint i = 0; i < G_N_ELEMENTS (self->passes); i++)
    self->passes[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pass_free);
  self->floods = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

void
bolo_encounters_free (BoloEncounters *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->encounters, g_hash_table_unref);
  for (guint i = 0; i < G_N_ELEMENTS (self->passes); i++)
    g_clear_pointer (&self->passes[i], g_hash_table_unref);
  g_clear_pointer (&self->floods, g_array_unref);
  g_clear_pointer (&self->policy, bolo_alert_policy_unref);
  g_clear_pointer (&self->ids, bolo_id_source_unref);
  g_clear_object (&self->clock);
  g_free (self);
}

static gboolean
is_same_encounter (BoloEncounters *self,
                   const Encounter *encounter,
                   const BoloFix *fix,
                   gint64 now_us)
{
  const BoloAlertLimits *limits = bolo_alert_policy_get_limits (self->policy);
  gint64 since_us = now_us - encounter->last_us;

  if (since_us <= limits->window_us)
    return TRUE;
  return since_us <= limits->place_window_us && fix != NULL && encounter->last_fix != NULL &&
         bolo_fix_get_distance_m (fix, encounter->last_fix) <= limits->window_m;
}

/* What is over for good is forgotten, so that a long shift costs no more than a short one. */
static void
forget_old (BoloEncounters *self, gint64 now_us)
{
  const BoloAlertLimits *limits = bolo_alert_policy_get_limits (self->policy);
  GHashTableIter iter;
  Encounter *encounter;
  Pass *pass;

  g_hash_table_iter_init (&iter, self->encounters);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &encounter))
    if (now_us - encounter->last_us > MAX (limits->window_us, limits->place_window_us))
      g_hash_table_iter_remove (&iter);
  for (guint i = 0; i < G_N_ELEMENTS (self->passes); i++) {
    g_hash_table_iter_init (&iter, self->passes[i]);
    while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &pass))
      if (now_us - pass->hit->sighting->last_us > PASS_KEPT_US &&
          now_us - pass->hit->created_us > PASS_KEPT_US)
        g_hash_table_iter_remove (&iter);
  }
  while (self->floods->len > 0 &&
         now_us - g_array_index (self->floods, gint64, 0) > limits->flood_window_us)
    g_array_remove_index (self->floods, 0);
}

/* The encounter called @key that this meeting belongs to; a new one where the last is over. */
static Encounter *
meet (BoloEncounters *self, const char *key, const BoloFix *fix, gint64 now_us)
{
  Encounter *encounter = g_hash_table_lookup (self->encounters, key);

  if (encounter == NULL || !is_same_encounter (self, encounter, fix, now_us)) {
    encounter = g_new0 (Encounter, 1);
    encounter->id = bolo_id_source_next (self->ids, "encounter");
    g_hash_table_replace (self->encounters, g_strdup (key), encounter);
  }
  encounter->last_us = now_us;
  if (fix != NULL) {
    g_clear_pointer (&encounter->last_fix, bolo_fix_unref);
    encounter->last_fix = bolo_fix_ref (fix);
  }
  return encounter;
}

/* What may be seen in the car, and what not: covert entries, and vehicles of one's own. */
static gboolean
is_hidden (BoloEncounters *self, const BoloMatch *match)
{
  BoloAlertVerdict verdict;

  bolo_alert_policy_judge (self->policy, match->entry, &verdict);
  return verdict.is_covert || match->is_own;
}

/* (transfer full): copies of the hidden or of the other matches, the gravest first. */
static GPtrArray *
pick_matches (BoloEncounters *self, GPtrArray *matches, gboolean hidden)
{
  GPtrArray *picked = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);

  for (guint i = 0; matches != NULL && i < matches->len; i++) {
    const BoloMatch *match = g_ptr_array_index (matches, i);

    if (is_hidden (self, match) == hidden)
      g_ptr_array_add (picked, bolo_match_copy (match));
  }
  bolo_alert_policy_rank (self->policy, picked);
  return picked;
}

/* Only marks that are read exactly as listed sound, and patterns of the car's own watch entries
 * where every known character was read as given: who asks for a part of a mark wants to be told. */
static gboolean
may_sound (const BoloMatch *match)
{
  if (match->silence != NULL)
    return FALSE;
  return match->kind == BOLO_MATCH_EXACT ||
         (match->kind == BOLO_MATCH_PATTERN && match->n_differs == 0 &&
          match->entry->list_trust == BOLO_TRUST_OWN);
}

/* Would the policy sound any of these? */
static gboolean
is_any_loud (BoloEncounters *self, GPtrArray *matches)
{
  for (guint i = 0; i < matches->len; i++) {
    const BoloMatch *match = g_ptr_array_index (matches, i);
    BoloAlertVerdict verdict;

    bolo_alert_policy_judge (self->policy, match->entry, &verdict);
    if (verdict.is_loud && may_sound (match))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_flooded (BoloEncounters *self, int priority)
{
  return priority >= FLOOD_PRIORITY &&
         self->floods->len >= bolo_alert_policy_get_limits (self->policy)->flood_count;
}

static gboolean
has_covert (BoloEncounters *self, GPtrArray *matches)
{
  for (guint i = 0; i < matches->len; i++) {
    const BoloMatch *match = g_ptr_array_index (matches, i);
    BoloAlertVerdict verdict;

    bolo_alert_policy_judge (self->policy, match->entry, &verdict);
    if (verdict.is_covert)
      return TRUE;
  }
  return FALSE;
}

/* A new state of @known (nullable), or a new hit. @matches (transfer full). */
static BoloHit *
make_hit (BoloEncounters *self,
          const BoloHit *known,
          const BoloSighting *sighting,
          GPtrArray *matches,
          const Encounter *encounter,
          gint64 now_us)
{
  const BoloMatch *leading = g_ptr_array_index (matches, 0);
  BoloHit *hit = bolo_hit_new ();
  BoloAlertVerdict verdict;

  bolo_alert_policy_judge (self->policy, leading->entry, &verdict);
  hit->id = known != NULL ? g_strdup (known->id) : bolo_id_source_next (self->ids, "hit");
  hit->encounter = g_strdup (encounter->id);
  hit->sighting = bolo_sighting_ref (sighting);
  hit->matches = matches;
  hit->category = g_strdup (leading->entry->list_kind);
  hit->words = bolo_alert_policy_make_words (self->policy, &verdict, leading->kind);
  hit->priority = verdict.priority;
  hit->list_age_s = MAX (0, now_us - leading->entry->list_dated_us) / G_USEC_PER_SEC;
  hit->is_own = leading->is_own;
  hit->is_covert = has_covert (self, matches);
  hit->is_quiet = hit->is_covert || hit->is_own || sighting->is_single_look ||
                  !is_any_loud (self, matches) ||
                  (!encounter->has_sounded && is_flooded (self, verdict.priority));
  hit->created_us = known != NULL ? known->created_us : now_us;
  hit->created_monotonic_us =
    known != NULL ? known->created_monotonic_us : bolo_clock_get_monotonic_us (self->clock);
  return hit;
}

static void
remember (BoloEncounters *self, gboolean is_covert, const char *key, const BoloHit *hit)
{
  Pass *pass = g_new0 (Pass, 1);

  pass->hit = bolo_hit_ref (hit);
  pass->key = g_strdup (key);
  g_hash_table_replace (self->passes[is_covert ? 1 : 0], g_strdup (hit->sighting->id), pass);
}

/* The corrected text meets nothing: what was on screen stays there, marked by its sighting. */
static BoloHit *
keep_corrected (BoloEncounters *self, gboolean is_covert, const BoloSighting *sighting)
{
  Pass *pass = g_hash_table_lookup (self->passes[is_covert ? 1 : 0], sighting->id);
  BoloHit *hit;

  if (pass == NULL)
    return NULL;
  hit = bolo_hit_copy (pass->hit);
  bolo_sighting_unref (hit->sighting);
  hit->sighting = bolo_sighting_ref (sighting);
  hit->is_quiet = TRUE;
  bolo_hit_unref (pass->hit);
  pass->hit = bolo_hit_ref (hit);
  return hit;
}

/* The overt or the covert half of a sighting's matches. */
static BoloHit *
take_half (BoloEncounters *self,
           const BoloSighting *sighting,
           GPtrArray *matches,
           gboolean is_covert,
           gboolean *sounds)
{
  g_autoptr (GPtrArray) picked = pick_matches (self, matches, is_covert);
  gint64 now_us = bolo_clock_get_utc_us (self->clock);
  const Pass *pass;
  const BoloMatch *leading;
  g_autofree char *key = NULL;
  Encounter *encounter;
  BoloHit *hit;

  if (picked->len == 0)
    return keep_corrected (self, is_covert, sighting);
  leading = g_ptr_array_index (picked, 0);
  pass = g_hash_table_lookup (self->passes[is_covert ? 1 : 0], sighting->id);
  /* A correction stays with the encounter that its pass began. A pattern is met by many vehicles:
   * each is its own. */
  key = pass != NULL
          ? g_strdup (pass->key)
          : g_strconcat (is_covert ? "covert " : "overt ",
                         leading->entry->is_pattern ? sighting->text : leading->entry->plate_folded,
                         NULL);
  encounter = meet (self, key, sighting->fix, now_us);
  hit = make_hit (self, pass != NULL ? pass->hit : NULL, sighting, g_steal_pointer (&picked),
                  encounter, now_us);
  if (!hit->is_quiet && !encounter->has_sounded && !encounter->is_silenced) {
    encounter->has_sounded = TRUE;
    *sounds = TRUE;
    hit->created_us = now_us; /* the alarm's delay counts from the state that raised it */
    hit->created_monotonic_us = bolo_clock_get_monotonic_us (self->clock);
    if (hit->priority >= FLOOD_PRIORITY)
      g_array_append_val (self->floods, now_us);
  }
  remember (self, is_covert, key, hit);
  return hit;
}

BoloHit *
bolo_encounters_add (BoloEncounters *self,
                     const BoloSighting *sighting,
                     GPtrArray *matches,
                     gboolean *sounds,
                     BoloHit **covert)
{
  gboolean never = FALSE;

  g_return_val_if_fail (self != NULL && sighting != NULL, NULL);
  g_return_val_if_fail (sounds != NULL && covert != NULL, NULL);

  *sounds = FALSE;
  forget_old (self, bolo_clock_get_utc_us (self->clock));
  *covert = take_half (self, sighting, matches, TRUE, &never);
  return take_half (self, sighting, matches, FALSE, sounds);
}

void
bolo_encounters_silence (BoloEncounters *self, const char *encounter)
{
  GHashTableIter iter;
  Encounter *candidate;

  g_return_if_fail (self != NULL && encounter != NULL);

  g_hash_table_iter_init (&iter, self->encounters);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &candidate))
    if (g_str_equal (candidate->id, encounter))
      candidate->is_silenced = TRUE;
}

guint
bolo_encounters_get_n_open (BoloEncounters *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_hash_table_size (self->encounters);
}
