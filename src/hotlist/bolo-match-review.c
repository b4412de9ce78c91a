/* bolo-match-review.c: what a match is worth here and now: time, place, age, silences, doubts
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-match-review"

#include "bolo-match-review.h"

#include "bolo-doubt-rules.h"
#include "bolo-entry-rules.h"

struct _BoloMatchReview {
  BoloPlateRules *rules; /* (owned) */
  GTimeZone *zone;       /* (owned) */
  GHashTable *own_marks; /* (owned): set of normalised marks */
  GPtrArray *silences;   /* (owned) of BoloSilence */
  BoloReviewHides hides; /* (nullable) */
  gpointer hides_data;
  BoloReviewCounts counts;
};

BoloMatchReview *
bolo_match_review_new (BoloPlateRules *rules, GTimeZone *zone)
{
  BoloMatchReview *self;

  g_return_val_if_fail (rules != NULL && zone != NULL, NULL);

  self = g_new0 (BoloMatchReview, 1);
  self->rules = bolo_plate_rules_ref (rules);
  self->zone = g_time_zone_ref (zone);
  self->own_marks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->silences = g_ptr_array_new ();
  return self;
}

void
bolo_match_review_free (BoloMatchReview *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->own_marks, g_hash_table_unref);
  g_clear_pointer (&self->silences, g_ptr_array_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_free (self);
}

void
bolo_match_review_set_hides (BoloMatchReview *self, BoloReviewHides hides, gpointer user_data)
{
  g_return_if_fail (self != NULL);

  self->hides = hides;
  self->hides_data = user_data;
}

static gboolean
may_be_counted (BoloMatchReview *self, const BoloListEntry *entry)
{
  return !entry->is_covert && (self->hides == NULL || !self->hides (entry, self->hides_data));
}

void
bolo_match_review_set_own_marks (BoloMatchReview *self, const char *const *marks)
{
  g_return_if_fail (self != NULL);

  g_hash_table_remove_all (self->own_marks);
  for (guint i = 0; marks != NULL && marks[i] != NULL; i++) {
    char *mark = bolo_plate_rules_normalise (self->rules, marks[i]);

    g_hash_table_add (self->own_marks, mark);
  }
}

void
bolo_match_review_set_silences (BoloMatchReview *self, GPtrArray *silences)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->silences);
  self->silences = silences != NULL ? g_ptr_array_ref (silences) : g_ptr_array_new ();
}

const BoloReviewCounts *
bolo_match_review_get_counts (BoloMatchReview *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->counts;
}

/* The one that lasts longest. (transfer none) (nullable) */
static const BoloSilence *
find_silence (BoloMatchReview *self, const BoloListEntry *entry, gint64 now_us)
{
  const BoloSilence *longest = NULL;

  for (guint i = 0; i < self->silences->len; i++) {
    const BoloSilence *silence = g_ptr_array_index (self->silences, i);

    if (bolo_silence_covers (silence, entry, now_us) &&
        (longest == NULL || silence->until_us > longest->until_us))
      longest = silence;
  }
  return longest;
}

/* FALSE: it is no hit. */
static gboolean
count_standing (BoloMatchReview *self, const BoloListEntry *entry, BoloEntryStanding standing)
{
  guint64 unseen = 0;
  guint64 *count = &unseen;

  switch (standing) {
  case BOLO_ENTRY_HOLDS:
    return TRUE;
  case BOLO_ENTRY_PLACE_UNKNOWN:
    count = &self->counts.n_place_unknown;
    break;
  case BOLO_ENTRY_WEEDED:
    count = &self->counts.n_weeded;
    break;
  case BOLO_ENTRY_NOT_YET:
  case BOLO_ENTRY_OVER:
  case BOLO_ENTRY_OTHER_DAY:
    count = &self->counts.n_out_of_time;
    break;
  case BOLO_ENTRY_ELSEWHERE:
    count = &self->counts.n_elsewhere;
    break;
  default:
    g_return_val_if_reached (TRUE);
  }
  if (may_be_counted (self, entry))
    (*count)++;
  return bolo_entry_standing_is_hit (standing);
}

static void
annotate (BoloMatchReview *self, BoloMatch *match, const BoloSighting *sighting, gint64 now_us)
{
  const BoloListEntry *entry = match->entry;
  const BoloSilence *silence = find_silence (self, entry, now_us);

  g_clear_pointer (&match->silence, bolo_silence_unref);
  if (silence != NULL) {
    match->silence = bolo_silence_ref (silence);
    self->counts.n_silenced += may_be_counted (self, entry);
  }
  bolo_doubt_rules_find (entry, sighting, match);
}

GPtrArray *
bolo_match_review_take (BoloMatchReview *self,
                        GPtrArray *matches,
                        const BoloSighting *sighting,
                        gint64 now_us)
{
  GPtrArray *taken = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  gboolean is_own;

  g_return_val_if_fail (self != NULL && sighting != NULL, taken);

  is_own = g_hash_table_contains (self->own_marks, sighting->text);
  for (guint i = 0; matches != NULL && i < matches->len; i++) {
    const BoloMatch *match = g_ptr_array_index (matches, i);
    BoloEntryStanding standing =
      bolo_entry_rules_judge (match->entry, sighting->fix, now_us, self->zone);
    BoloMatch *copy;

    if (!count_standing (self, match->entry, standing))
      continue;
    copy = bolo_match_copy (match);
    copy->is_place_unknown = standing == BOLO_ENTRY_PLACE_UNKNOWN;
    copy->is_own = is_own;
    self->counts.n_own += is_own && may_be_counted (self, match->entry);
    annotate (self, copy, sighting, now_us);
    g_ptr_array_add (taken, copy);
  }
  return taken;
}
