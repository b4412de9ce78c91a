/* bolo-metric.c: counts durations and gives their percentiles
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-metric.h"

#include <math.h>
#include <stdio.h>
#include <sys/resource.h>

/* 2 % wide bins from 1 microsecond to about 3 hours: 1,200 of them, 9.6 kB. */
#define BINS 1200
#define GROWTH 1.02
#define LOWEST_MS 0.001

struct _BoloMetric {
  GMutex mutex;
  guint64 bins[BINS]; /* (mutex mutex) */
  guint64 count;      /* (mutex mutex) */
  double sum;         /* (mutex mutex) */
  double maximum;     /* (mutex mutex) */
};

BoloMetric *
bolo_metric_new (void)
{
  BoloMetric *self = g_new0 (BoloMetric, 1);

  g_mutex_init (&self->mutex);
  return self;
}

void
bolo_metric_free (BoloMetric *self)
{
  g_return_if_fail (self != NULL);

  g_mutex_clear (&self->mutex);
  g_free (self);
}

static guint
bin_of (double value_ms)
{
  double bin;

  if (!(value_ms > LOWEST_MS))
    return 0;
  bin = log (value_ms / LOWEST_MS) / log (GROWTH);
  return (guint) CLAMP (bin, 0, BINS - 1);
}

void
bolo_metric_add (BoloMetric *self, double value_ms)
{
  g_return_if_fail (self != NULL);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  self->bins[bin_of (value_ms)]++;
  self->sum += value_ms;
  self->maximum = self->count == 0 ? value_ms : MAX (self->maximum, value_ms);
  self->count++;
}

guint64
bolo_metric_get_count (BoloMetric *self)
{
  g_return_val_if_fail (self != NULL, 0);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  return self->count;
}

double
bolo_metric_get_mean (BoloMetric *self)
{
  g_return_val_if_fail (self != NULL, 0);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  return self->count == 0 ? 0 : self->sum / (double) self->count;
}

double
bolo_metric_get_percentile (BoloMetric *self, double fraction)
{
  guint64 wanted, seen = 0;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (fraction >= 0 && fraction <= 1, 0);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  if (self->count == 0)
    return 0;
  wanted = MAX (1, (guint64) ceil (fraction * (double) self->count));
  for (guint bin = 0; bin < BINS; bin++) {
    seen += self->bins[bin];
    if (seen >= wanted)
      return MIN (self->maximum, LOWEST_MS * pow (GROWTH, bin + 1));
  }
  return self->maximum;
}

double
bolo_metric_get_maximum (BoloMetric *self)
{
  g_return_val_if_fail (self != NULL, 0);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  return self->maximum;
}

double
bolo_process_get_cpu_s (void)
{
  struct rusage usage;

  if (getrusage (RUSAGE_SELF, &usage) != 0)
    return 0;
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

double
bolo_process_get_peak_rss_mb (void)
{
  struct rusage usage;

  return getrusage (RUSAGE_SELF, &usage) == 0 ? (double) usage.ru_maxrss / 1024.0 : 0;
}
