/* bolo-scorer.c: holds what the patrol said against what really passed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-scorer.h"

#include "bolo-metric.h"
#include "bolo-truth.h"

#include <string.h>

/* A track may begin before the plate is 60 px wide and is closed up to a second after it left. */
#define SLACK_MS 4000
/* More edits than this is another plate, not a misreading of this one. */
#define LIKE_EDITS 3

typedef struct {
  const BoloTruthPass *truth;
  gboolean is_exact;
  guint looks;   /* of the sighting that says it exactly */
  char *misread; /* (owned) (nullable) */
} Pass;

typedef struct {
  BoloWanted wanted;
  gboolean is_exact;
  gboolean is_hit;
  gboolean is_exact_hit;
  gboolean is_raised;
  guint alarms;
} Vehicle;

struct _BoloScorer {
  GArray *passes;         /* of Pass */
  GHashTable *vehicles;   /* (owned) name -> Vehicle */
  GHashTable *by_plate;   /* plate -> Vehicle */
  GHashTable *sightings;  /* (owned) id -> BoloSighting, newest closed state */
  GHashTable *encounters; /* (owned) set of encounters that alarmed */
  GHashTable *since;      /* (owned) camera -> BoloMetric, from readable to published */
  gint64 start_us;
  guint false_alarms;
};

static void
pass_clear (gpointer data)
{
  Pass *pass = data;

  g_free (pass->misread);
}

BoloScorer *
bolo_scorer_new (GPtrArray *truth, gint64 start_us)
{
  BoloScorer *self;

  g_return_val_if_fail (truth != NULL, NULL);

  self = g_new0 (BoloScorer, 1);
  self->start_us = start_us;
  self->passes = g_array_new (FALSE, TRUE, sizeof (Pass));
  g_array_set_clear_func (self->passes, pass_clear);
  self->vehicles = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->by_plate = g_hash_table_new (g_str_hash, g_str_equal);
  self->sightings =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) bolo_sighting_unref);
  self->encounters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->since =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bolo_metric_free);
  for (guint i = 0; i < truth->len; i++) {
    BoloTruthPass *pass = g_ptr_array_index (truth, i);
    Vehicle *vehicle = g_hash_table_lookup (self->vehicles, pass->vehicle);

    g_array_append_vals (self->passes, &(Pass){.truth = pass}, 1);
    if (vehicle == NULL) {
      vehicle = g_new0 (Vehicle, 1);
      vehicle->wanted = pass->wanted;
      g_hash_table_insert (self->vehicles, pass->vehicle, vehicle);
      g_hash_table_insert (self->by_plate, pass->plate, vehicle);
    }
  }
  return self;
}

void
bolo_scorer_free (BoloScorer *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->passes);
  g_hash_table_unref (self->by_plate);
  g_hash_table_unref (self->vehicles);
  g_hash_table_unref (self->sightings);
  g_hash_table_unref (self->encounters);
  g_hash_table_unref (self->since);
  g_free (self);
}

static guint
count_edits (const char *a, const char *b)
{
  guint row[BOLO_MARK_MAX * 2 + 2];
  gsize length = MIN (strlen (b), G_N_ELEMENTS (row) - 1);

  for (guint j = 0; j <= length; j++)
    row[j] = j;
  for (guint i = 1; a[i - 1] != '\0'; i++) {
    guint diagonal = row[0];

    row[0] = i;
    for (guint j = 1; j <= length; j++) {
      guint above = row[j];

      row[j] = MIN (diagonal + (a[i - 1] != b[j - 1]), MIN (above, row[j - 1]) + 1);
      diagonal = above;
    }
  }
  return row[length];
}

static gboolean
overlaps (const BoloTruthPass *truth, const BoloSighting *sighting, gint64 start_us)
{
  gint64 first_ms = (sighting->first_us - start_us) / 1000;
  gint64 last_ms = (sighting->last_us - start_us) / 1000;

  return strcmp (truth->camera, sighting->camera) == 0 && first_ms <= truth->last_ms + SLACK_MS &&
         last_ms >= truth->first_ms - SLACK_MS;
}

/* The pass of the sighting's camera and time whose plate is most like its text. */
static Pass *
find_pass (BoloScorer *self, const BoloSighting *sighting, gint64 start_us)
{
  Pass *nearest = NULL;
  guint fewest = LIKE_EDITS + 1;

  for (guint i = 0; i < self->passes->len; i++) {
    Pass *pass = &g_array_index (self->passes, Pass, i);
    guint edits;

    if (!overlaps (pass->truth, sighting, start_us))
      continue;
    edits = count_edits (sighting->text, pass->truth->plate);
    if (edits < fewest) {
      fewest = edits;
      nearest = pass;
    }
  }
  return nearest;
}

gint64
bolo_scorer_get_since_readable_ms (BoloScorer *self,
                                   const BoloSighting *sighting,
                                   gint64 at_us,
                                   gint64 loop_us)
{
  gint64 start_us;
  Pass *pass;

  g_return_val_if_fail (self != NULL && sighting != NULL, -1);

  start_us = self->start_us + loop_us;
  pass = find_pass (self, sighting, start_us);
  return pass != NULL ? MAX (0, (at_us - start_us) / 1000 - pass->truth->readable_ms) : -1;
}

static void
count_since (BoloScorer *self, const BoloSighting *sighting)
{
  BoloMetric *metric = g_hash_table_lookup (self->since, sighting->camera);

  if (metric == NULL) {
    metric = bolo_metric_new ();
    g_hash_table_insert (self->since, g_strdup (sighting->camera), metric);
  }
  bolo_metric_add (metric, (double) sighting->since_readable_ms);
}

void
bolo_scorer_add_sighting (BoloScorer *self, const BoloSighting *sighting)
{
  g_return_if_fail (self != NULL && sighting != NULL);

  if (sighting->state == BOLO_SIGHTING_PROVISIONAL) {
    if (sighting->since_readable_ms >= 0)
      count_since (self, sighting);
    return;
  }
  g_hash_table_replace (self->sightings, sighting->id, bolo_sighting_ref (sighting));
}

void
bolo_scorer_add_hit (BoloScorer *self, const BoloHit *hit)
{
  Vehicle *vehicle;
  BoloMatchKind kind;

  g_return_if_fail (self != NULL && hit != NULL);

  vehicle = g_hash_table_lookup (self->by_plate, hit->sighting->text);
  if (vehicle == NULL)
    return;
  kind = bolo_hit_get_leading (hit)->kind;
  vehicle->is_raised |= !hit->is_covert;
  vehicle->is_hit |= kind == BOLO_MATCH_EXACT || kind == BOLO_MATCH_FOLDED;
  vehicle->is_exact_hit |= kind == BOLO_MATCH_EXACT;
}

void
bolo_scorer_add_alarm (BoloScorer *self, const BoloHit *hit)
{
  Vehicle *vehicle;

  g_return_if_fail (self != NULL && hit != NULL);

  vehicle = g_hash_table_lookup (self->by_plate, bolo_hit_get_leading (hit)->entry->plate);
  g_hash_table_add (self->encounters, g_strdup (hit->encounter));
  if (vehicle != NULL)
    vehicle->alarms++;
  if (vehicle == NULL || vehicle->wanted != BOLO_WANTED_OVERT)
    self->false_alarms++;
}

/* Settles each pass from the sightings as they stand in the end. @n_false, @n_outside (out): those
 * of two looks or more that are like no pass of their time, by whether they say a known vehicle. */
static void
settle_passes (BoloScorer *self, guint *n_false, guint *n_outside)
{
  GHashTableIter iter;
  gpointer value;

  *n_false = 0;
  *n_outside = 0;

  for (guint i = 0; i < self->passes->len; i++) {
    Pass *pass = &g_array_index (self->passes, Pass, i);

    pass->is_exact = FALSE;
    pass->looks = 0;
    g_clear_pointer (&pass->misread, g_free);
  }
  g_hash_table_iter_init (&iter, self->sightings);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const BoloSighting *sighting = value;
    Pass *pass = find_pass (self, sighting, self->start_us);

    if (pass == NULL) {
      guint *n = g_hash_table_contains (self->by_plate, sighting->text) ? n_outside : n_false;

      *n += sighting->looks >= 2;
      continue;
    }
    if (strcmp (pass->truth->plate, sighting->text) == 0) {
      pass->is_exact = TRUE;
      pass->looks = MAX (pass->looks, sighting->looks);
    } else if (pass->misread == NULL) {
      pass->misread = g_strdup (sighting->text);
    }
  }
  for (guint i = 0; i < self->passes->len; i++) {
    Pass *pass = &g_array_index (self->passes, Pass, i);
    Vehicle *vehicle = g_hash_table_lookup (self->vehicles, pass->truth->vehicle);

    vehicle->is_exact |= pass->is_exact;
  }
}

static void
count_vehicle (const Vehicle *vehicle, BoloScore *score)
{
  score->vehicles++;
  score->vehicles_exact += vehicle->is_exact;
  score->double_alarms += vehicle->alarms > 1;
  switch (vehicle->wanted) {
  case BOLO_WANTED_OVERT:
    score->overt++;
    score->overt_hit += vehicle->is_hit;
    score->overt_exact_hit += vehicle->is_exact_hit;
    break;
  case BOLO_WANTED_COVERT:
    score->covert_raised += vehicle->is_raised || vehicle->alarms > 0;
    break;
  case BOLO_WANTED_WEEDED:
    score->weeded_raised += vehicle->is_hit;
    break;
  case BOLO_WANTED_DECOY:
    score->decoys_exact += vehicle->is_exact_hit;
    break;
  case BOLO_WANTED_NONE:
  default:
    break;
  }
}

void
bolo_scorer_get_score (BoloScorer *self, BoloScore *score)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (self != NULL && score != NULL);

  *score = (BoloScore){.passes = self->passes->len, .false_alarms = self->false_alarms};
  settle_passes (self, &score->false_sightings, &score->outside);
  for (guint i = 0; i < self->passes->len; i++) {
    const Pass *pass = &g_array_index (self->passes, Pass, i);

    score->passes_exact += pass->is_exact;
    score->passes_misread += !pass->is_exact && pass->misread != NULL;
    score->passes_unseen += !pass->is_exact && pass->misread == NULL;
  }
  g_hash_table_iter_init (&iter, self->vehicles);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    count_vehicle (value, score);
}

static void
free_camera_score (gpointer data)
{
  BoloCameraScore *score = data;

  g_free (score->camera);
  g_free (score);
}

static BoloCameraScore *
get_camera_score (GPtrArray *scores, const char *camera)
{
  BoloCameraScore *score;

  for (guint i = 0; i < scores->len; i++) {
    score = g_ptr_array_index (scores, i);
    if (strcmp (score->camera, camera) == 0)
      return score;
  }
  score = g_new0 (BoloCameraScore, 1);
  score->camera = g_strdup (camera);
  g_ptr_array_add (scores, score);
  return score;
}

static int
compare_guints (gconstpointer a, gconstpointer b)
{
  guint first = *(const guint *) a;
  guint second = *(const guint *) b;

  return first < second ? -1 : first > second;
}

static guint
get_median_looks (BoloScorer *self, const char *camera)
{
  g_autoptr (GArray) looks = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->passes->len; i++) {
    const Pass *pass = &g_array_index (self->passes, Pass, i);

    if (pass->is_exact && strcmp (pass->truth->camera, camera) == 0)
      g_array_append_val (looks, pass->looks);
  }
  g_array_sort (looks, compare_guints);
  return looks->len > 0 ? g_array_index (looks, guint, looks->len / 2) : 0;
}

GPtrArray *
bolo_scorer_get_cameras (BoloScorer *self)
{
  GPtrArray *scores;
  guint n_false;
  guint n_outside;

  g_return_val_if_fail (self != NULL, NULL);

  scores = g_ptr_array_new_with_free_func (free_camera_score);
  settle_passes (self, &n_false, &n_outside);
  for (guint i = 0; i < self->passes->len; i++) {
    const Pass *pass = &g_array_index (self->passes, Pass, i);
    BoloCameraScore *score = get_camera_score (scores, pass->truth->camera);

    score->passes++;
    score->passes_exact += pass->is_exact;
    score->passes_misread += !pass->is_exact && pass->misread != NULL;
  }
  for (guint i = 0; i < scores->len; i++) {
    BoloCameraScore *score = g_ptr_array_index (scores, i);
    BoloMetric *since = g_hash_table_lookup (self->since, score->camera);

    score->looks_median = get_median_looks (self, score->camera);
    if (since != NULL)
      score->since_p95_ms = bolo_metric_get_percentile (since, 0.95);
  }
  return scores;
}

char **
bolo_scorer_describe_misses (BoloScorer *self)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  guint n_false;
  guint n_outside;

  g_return_val_if_fail (self != NULL, NULL);

  settle_passes (self, &n_false, &n_outside);
  for (guint i = 0; i < self->passes->len; i++) {
    const Pass *pass = &g_array_index (self->passes, Pass, i);

    if (pass->is_exact)
      continue;
    g_ptr_array_add (lines, g_strdup_printf ("%s %s %s %s %s, in view %" G_GINT64_FORMAT
                                             " to %" G_GINT64_FORMAT " ms",
                                             pass->truth->vehicle, pass->truth->camera,
                                             pass->truth->scene != NULL ? pass->truth->scene : "-",
                                             pass->truth->plate,
                                             pass->misread != NULL ? pass->misread : "unseen",
                                             pass->truth->first_ms, pass->truth->last_ms));
  }
  g_ptr_array_add (lines, NULL);
  return (char **) g_ptr_array_steal (lines, NULL);
}
