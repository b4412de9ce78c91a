/* bolo-metric.h: counts durations and gives their percentiles
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloMetric: values in milliseconds, kept in geometric bins (2 % wide) so that memory is bounded
 * however long a shift is; the maximum is exact. Thread-safe. */
typedef struct _BoloMetric BoloMetric;

BoloMetric *bolo_metric_new (void);
void bolo_metric_free (BoloMetric *self);
void bolo_metric_add (BoloMetric *self, double value_ms);
guint64 bolo_metric_get_count (BoloMetric *self);
double bolo_metric_get_mean (BoloMetric *self);
/* @fraction 0.5, 0.95, …; 0 when nothing was added. */
double bolo_metric_get_percentile (BoloMetric *self, double fraction);
double bolo_metric_get_maximum (BoloMetric *self);

/* Resources of this process so far. */
double bolo_process_get_cpu_s (void);
double bolo_process_get_peak_rss_mb (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloMetric, bolo_metric_free)

G_END_DECLS
