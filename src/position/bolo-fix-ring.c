/* bolo-fix-ring.c: measured positions in order of time, and the fix between them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-fix-ring.h"

#include <math.h>

/* How hard a car brakes, turns or pulls away without anybody writing a report about it. */
#define ACCELERATION_MPS2 4.0
/* Assumed of a car whose speed is not known: the motorway limit and a little more. */
#define UNKNOWN_SPEED_MPS 35.0
#define METRES_PER_DEGREE 111194.93 /* of latitude, on the mean radius */

struct _BoloFixRing {
  GArray *fixes; /* (owned) of BoloFix, ascending in time */
  guint capacity;
};

BoloFixRing *
bolo_fix_ring_new (guint capacity)
{
  BoloFixRing *self = g_new0 (BoloFixRing, 1);

  self->fixes = g_array_new (FALSE, FALSE, sizeof (BoloFix));
  self->capacity = capacity;
  return self;
}

void
bolo_fix_ring_free (BoloFixRing *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->fixes);
  g_free (self);
}

static const BoloFix *
get (BoloFixRing *self, guint index)
{
  return &g_array_index (self->fixes, BoloFix, index);
}

gboolean
bolo_fix_ring_add (BoloFixRing *self, const BoloFix *fix)
{
  g_return_val_if_fail (self != NULL && fix != NULL, FALSE);

  if (!isfinite (fix->latitude_deg) || !isfinite (fix->longitude_deg) ||
      (fix->latitude_deg == 0 && fix->longitude_deg == 0))
    return FALSE;
  if (self->fixes->len > 0 && fix->time_us <= get (self, self->fixes->len - 1)->time_us)
    return FALSE;

  /* Half at a time, so that not each addition moves all. */
  if (self->capacity > 0 && self->fixes->len >= self->capacity)
    g_array_remove_range (self->fixes, 0, (self->fixes->len + 1) / 2);
  g_array_append_val (self->fixes, *fix);
  return TRUE;
}

void
bolo_fix_ring_clear (BoloFixRing *self)
{
  g_return_if_fail (self != NULL);

  g_array_set_size (self->fixes, 0);
}

guint
bolo_fix_ring_get_length (BoloFixRing *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->fixes->len;
}

/* How many measurements are not after @utc_us. */
static guint
count_until (BoloFixRing *self, gint64 utc_us)
{
  guint low = 0;
  guint high = self->fixes->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;

    if (get (self, middle)->time_us <= utc_us)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

const BoloFix *
bolo_fix_ring_get_newest (BoloFixRing *self, gint64 until_us)
{
  guint count;

  g_return_val_if_fail (self != NULL, NULL);

  count = count_until (self, until_us);
  return count == 0 ? NULL : get (self, count - 1);
}

/* The heading between two, the short way round; whichever is known where one is not. */
static double
mix_headings (double a, double b, double part)
{
  if (isnan (a) || isnan (b))
    return isnan (a) ? b : a;
  return fmod (a + part * remainder (b - a, 360.0) + 360.0, 360.0);
}

static double
mix_speeds (double a, double b, double part)
{
  if (isnan (a) || isnan (b))
    return isnan (a) ? b : a;
  return a + part * (b - a);
}

static BoloFix *
interpolate (const BoloFix *a, const BoloFix *b, gint64 utc_us)
{
  double span_s = (double) (b->time_us - a->time_us) / G_USEC_PER_SEC;
  double after_s = (double) (utc_us - a->time_us) / G_USEC_PER_SEC;
  double part = after_s / span_s;
  BoloFix fix = *a;

  fix.time_us = utc_us;
  fix.latitude_deg = a->latitude_deg + part * (b->latitude_deg - a->latitude_deg);
  fix.longitude_deg =
    a->longitude_deg + part * remainder (b->longitude_deg - a->longitude_deg, 360.0);
  fix.longitude_deg = remainder (fix.longitude_deg, 360.0);
  fix.speed_mps = mix_speeds (a->speed_mps, b->speed_mps, part);
  fix.heading_deg = mix_headings (a->heading_deg, b->heading_deg, part);
  fix.accuracy_m =
    MAX (a->accuracy_m, b->accuracy_m) + ACCELERATION_MPS2 / 2 * after_s * (span_s - after_s);
  fix.age_ms = 0;
  fix.how = BOLO_FIX_HOW_INTERPOLATED;
  return bolo_fix_new (&fix);
}

/* From one measurement on, or back: as fast as it was, the same way. */
static BoloFix *
extrapolate (const BoloFix *from, gint64 utc_us)
{
  double by_s = (double) (utc_us - from->time_us) / G_USEC_PER_SEC;
  double widening_m = ACCELERATION_MPS2 / 2 * by_s * by_s;
  BoloFix fix = *from;

  if (isnan (from->speed_mps)) {
    widening_m += UNKNOWN_SPEED_MPS * fabs (by_s);
  } else if (isnan (from->heading_deg)) {
    widening_m += from->speed_mps * fabs (by_s);
  } else {
    double way_m = from->speed_mps * by_s;
    double heading_rad = from->heading_deg * G_PI / 180;
    double parallel = MAX (0.01, cos (from->latitude_deg * G_PI / 180));

    fix.latitude_deg += way_m * cos (heading_rad) / METRES_PER_DEGREE;
    fix.longitude_deg =
      remainder (fix.longitude_deg + way_m * sin (heading_rad) / METRES_PER_DEGREE / parallel, 360);
  }
  fix.time_us = utc_us;
  fix.accuracy_m += widening_m;
  fix.age_ms = (utc_us - from->time_us) / 1000;
  fix.how = BOLO_FIX_HOW_EXTRAPOLATED;
  return bolo_fix_new (&fix);
}

BoloFix *
bolo_fix_ring_get_at (BoloFixRing *self, gint64 utc_us, gint64 until_us)
{
  guint known, count;
  const BoloFix *before, *after;

  g_return_val_if_fail (self != NULL, NULL);

  known = count_until (self, until_us);
  count = MIN (known, count_until (self, utc_us));
  before = count > 0 ? get (self, count - 1) : NULL;
  after = count < known ? get (self, count) : NULL;

  if (before != NULL && before->time_us == utc_us)
    return bolo_fix_new (before);
  if (before != NULL && after != NULL && after->time_us - before->time_us <= BOLO_FIX_RING_REACH_US)
    return interpolate (before, after, utc_us);
  if (before != NULL && utc_us - before->time_us <= BOLO_FIX_RING_REACH_US)
    return extrapolate (before, utc_us);
  if (after != NULL && after->time_us - utc_us <= BOLO_FIX_RING_REACH_US)
    return extrapolate (after, utc_us);
  return NULL;
}
