/* bolo-clone-check.c: a mark at two places that no vehicle could reach in the time
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-clone-check"

#include "bolo-clone-check.h"

#include <math.h>

/* Two cars' clocks may be this far apart before either says that its clock is wrong, and what a fix
 * is of may be this far from the camera. */
#define CLOCK_US G_USEC_PER_SEC
#define CAMERA_RANGE_M 50.0
#define CONFIDENCE_MIN 0.9F

typedef struct {
  char *text;
  char *sighting;
  char *camera;
  gint64 at_us;
  BoloFix *fix;
} Seen;

struct _BoloCloneCheck {
  BoloCloneLimits limits;
  GHashTable *by_text; /* (owned): mark to GPtrArray of Seen (borrowed) */
  GQueue order;        /* of Seen (owned), as they came */
};

static void
seen_free (gpointer data)
{
  Seen *self = data;

  g_free (self->text);
  g_free (self->sighting);
  g_free (self->camera);
  bolo_fix_unref (self->fix);
  g_free (self);
}

BoloCloneCheck *
bolo_clone_check_new (const BoloCloneLimits *limits)
{
  BoloCloneCheck *self;

  g_return_val_if_fail (limits != NULL && limits->speed_mps > 0, NULL);

  self = g_new0 (BoloCloneCheck, 1);
  self->limits = *limits;
  self->by_text =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  g_queue_init (&self->order);
  return self;
}

void
bolo_clone_check_free (BoloCloneCheck *self)
{
  g_return_if_fail (self != NULL);

  g_queue_clear_full (&self->order, seen_free);
  g_clear_pointer (&self->by_text, g_hash_table_unref);
  g_free (self);
}

guint
bolo_clone_check_get_n_kept (BoloCloneCheck *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_queue_get_length (&self->order);
}

static void
forget_first (BoloCloneCheck *self)
{
  Seen *first = g_queue_pop_head (&self->order);
  GPtrArray *others = g_hash_table_lookup (self->by_text, first->text);

  g_ptr_array_remove (others, first);
  if (others->len == 0)
    g_hash_table_remove (self->by_text, first->text);
  seen_free (first);
}

static void
forget_old (BoloCloneCheck *self, gint64 now_us)
{
  while (!g_queue_is_empty (&self->order) &&
         (g_queue_get_length (&self->order) >= self->limits.max_kept ||
          now_us - ((Seen *) g_queue_peek_head (&self->order))->at_us > self->limits.kept_us))
    forget_first (self);
}

static gboolean
can_be_judged (const BoloSighting *sighting)
{
  return sighting->fix != NULL && isfinite (sighting->fix->accuracy_m) &&
         !sighting->is_single_look && sighting->confidence >= CONFIDENCE_MIN;
}

/* Metres a second that the vehicle needed at least; 0 where there is nothing to wonder at. Whatever
 * is not known well is taken in its favour. */
static double
get_needed_mps (const BoloCloneCheck *self, const Seen *seen, const BoloSighting *sighting)
{
  double between_m = bolo_fix_get_distance_m (seen->fix, sighting->fix) - seen->fix->accuracy_m -
                     sighting->fix->accuracy_m - 2 * CAMERA_RANGE_M;
  gint64 since_us = ABS (sighting->captured_us - seen->at_us) + CLOCK_US;

  if (!isfinite (between_m) || between_m < self->limits.distance_m)
    return 0;
  return between_m / ((double) since_us / G_USEC_PER_SEC);
}

static BoloClone *
find_worst (BoloCloneCheck *self, GPtrArray *others, const BoloSighting *sighting)
{
  const Seen *worst = NULL;
  double most_mps = self->limits.speed_mps;
  BoloClone *clone;

  for (guint i = 0; i < others->len; i++) {
    const Seen *seen = g_ptr_array_index (others, i);
    double needed_mps = get_needed_mps (self, seen, sighting);

    if (needed_mps > most_mps && g_strcmp0 (seen->sighting, sighting->id) != 0) {
      worst = seen;
      most_mps = needed_mps;
    }
  }
  if (worst == NULL)
    return NULL;
  clone = bolo_clone_new ();
  clone->sighting = g_strdup (worst->sighting);
  clone->camera = g_strdup (worst->camera);
  clone->at_us = worst->at_us;
  clone->distance_m = bolo_fix_get_distance_m (worst->fix, sighting->fix);
  clone->needed_mps = most_mps;
  return clone;
}

/* A later state of a pass takes the place of the one before. */
static void
remember (BoloCloneCheck *self, GPtrArray *others, const BoloSighting *sighting)
{
  Seen *seen = NULL;

  for (guint i = 0; i < others->len && seen == NULL; i++) {
    Seen *other = g_ptr_array_index (others, i);

    if (g_strcmp0 (other->sighting, sighting->id) == 0)
      seen = other;
  }
  if (seen == NULL) {
    seen = g_new0 (Seen, 1);
    seen->text = g_strdup (sighting->text);
    seen->sighting = g_strdup (sighting->id);
    seen->camera = g_strdup (sighting->camera);
    g_ptr_array_add (others, seen);
    g_queue_push_tail (&self->order, seen);
  }
  g_clear_pointer (&seen->fix, bolo_fix_unref);
  seen->fix = bolo_fix_ref (sighting->fix);
  seen->at_us = sighting->captured_us;
}

BoloClone *
bolo_clone_check_take (BoloCloneCheck *self, const BoloSighting *sighting)
{
  GPtrArray *others;
  BoloClone *clone;

  g_return_val_if_fail (self != NULL && sighting != NULL, NULL);

  if (!can_be_judged (sighting))
    return NULL;
  forget_old (self, sighting->captured_us);
  others = g_hash_table_lookup (self->by_text, sighting->text);
  if (others == NULL) {
    others = g_ptr_array_new ();
    g_hash_table_insert (self->by_text, g_strdup (sighting->text), others);
  }
  clone = find_worst (self, others, sighting);
  remember (self, others, sighting);
  return clone;
}
