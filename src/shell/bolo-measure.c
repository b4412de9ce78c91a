/* bolo-measure.c: how smoothly the terminal ran: frame clock, main loop, tiles, hit to card
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-measure.h"

#include "bolo-metric.h"

#define HEARTBEAT_MS 10
#define STALL_MS 100.0

struct _BoloMeasure {
  BoloFace *face;       /* (owned) */
  GtkWidget *window;    /* (owned) (nullable) */
  BoloLivePage *page;   /* (owned) (nullable) */
  GdkFrameClock *clock; /* (owned) (nullable) */
  gulong paint_handler;
  guint heartbeat;
  guint tick;

  BoloMetric *frames; /* (owned) */
  BoloMetric *loop;   /* (owned) */
  BoloMetric *hits;   /* (owned) */
  guint n_stalls;
  gint64 started_us;
  gint64 stopped_us;
  gint64 last_beat_us;
  gint64 last_frame_us;
  GArray *waiting; /* (owned) of gint64: created_monotonic_us of hits not painted yet */
  gint64 tiles_us; /* how long the tiles were on screen */
  guint64 n_tile_frames;
  guint n_tiles;
};

static gboolean
on_heartbeat (gpointer user_data)
{
  BoloMeasure *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  double late_ms = (double) (now_us - self->last_beat_us) / 1000.0 - HEARTBEAT_MS;

  /* The start, until the window stands, is no part of it. */
  self->last_beat_us = now_us;
  if (self->last_frame_us == 0)
    return G_SOURCE_CONTINUE;
  bolo_metric_add (self->loop, MAX (late_ms, 0));
  if (late_ms > STALL_MS)
    self->n_stalls++;
  return G_SOURCE_CONTINUE;
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
on_after_paint (GdkFrameClock *clock, BoloMeasure *self)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 clock_us = bolo_face_get_monotonic_us (self->face);

  if (self->last_frame_us == 0) {
    self->started_us = self->last_beat_us = now_us;
  } else {
    bolo_metric_add (self->frames, (double) (now_us - self->last_frame_us) / 1000.0);
    if (gtk_widget_get_mapped (GTK_WIDGET (self->page)))
      self->tiles_us += now_us - self->last_frame_us;
  }
  self->last_frame_us = now_us;
  for (guint i = 0; i < self->waiting->len; i++) {
    bolo_metric_add (self->hits,
                     (double) (clock_us - g_array_index (self->waiting, gint64, i)) / 1000.0);
  }
  g_array_set_size (self->waiting, 0);
}

BoloMeasure *
bolo_measure_new (BoloFace *face, GtkWidget *window, BoloLivePage *page)
{
  BoloMeasure *self;

  g_return_val_if_fail (gtk_widget_get_realized (window), NULL);

  self = g_new0 (BoloMeasure, 1);
  self->face = g_object_ref (face);
  self->window = g_object_ref (window);
  self->page = g_object_ref (page);
  self->frames = bolo_metric_new ();
  self->loop = bolo_metric_new ();
  self->hits = bolo_metric_new ();
  self->waiting = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->started_us = self->last_beat_us = g_get_monotonic_time ();
  self->heartbeat = g_timeout_add (HEARTBEAT_MS, on_heartbeat, self);
  g_source_set_name_by_id (self->heartbeat, "bolo-measure-heartbeat");
  self->tick = gtk_widget_add_tick_callback (window, on_tick, NULL, NULL);
  self->clock = g_object_ref (gtk_widget_get_frame_clock (window));
  self->paint_handler =
    g_signal_connect (self->clock, "after-paint", G_CALLBACK (on_after_paint), self);
  return self;
}

void
bolo_measure_stop (BoloMeasure *self)
{
  g_return_if_fail (self != NULL);

  if (self->window == NULL)
    return;
  self->stopped_us = g_get_monotonic_time ();
  self->n_tile_frames = bolo_live_page_get_n_shown (self->page);
  self->n_tiles = bolo_live_page_get_n_tiles (self->page);
  g_clear_signal_handler (&self->paint_handler, self->clock);
  gtk_widget_remove_tick_callback (self->window, self->tick);
  g_clear_handle_id (&self->heartbeat, g_source_remove);
  g_clear_object (&self->clock);
  g_clear_object (&self->page);
  g_clear_object (&self->window);
}

void
bolo_measure_free (BoloMeasure *self)
{
  if (self == NULL)
    return;
  bolo_measure_stop (self);
  g_clear_object (&self->face);
  bolo_metric_free (self->frames);
  bolo_metric_free (self->loop);
  bolo_metric_free (self->hits);
  g_array_unref (self->waiting);
  g_free (self);
}

void
bolo_measure_add_hit (BoloMeasure *self, const BoloHit *hit)
{
  g_return_if_fail (self != NULL && hit != NULL);
  g_array_append_val (self->waiting, hit->created_monotonic_us);
}

static void
append_number (GString *json, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (text, sizeof (text), "%.2f", value);
  g_string_append_printf (json, "\"%s\":%s", name, text);
}

static void
append_metric (GString *json, const char *name, BoloMetric *metric)
{
  g_string_append_printf (json, "\"%s\":{\"count\":%" G_GUINT64_FORMAT ",", name,
                          bolo_metric_get_count (metric));
  append_number (json, "p50", bolo_metric_get_percentile (metric, 0.5));
  g_string_append_c (json, ',');
  append_number (json, "p95", bolo_metric_get_percentile (metric, 0.95));
  g_string_append_c (json, ',');
  append_number (json, "p99", bolo_metric_get_percentile (metric, 0.99));
  g_string_append_c (json, ',');
  append_number (json, "max", bolo_metric_get_maximum (metric));
  g_string_append_c (json, '}');
}

char *
bolo_measure_to_json (BoloMeasure *self)
{
  GString *json = g_string_new ("{");
  double tiles_s;

  g_return_val_if_fail (self != NULL, NULL);

  bolo_measure_stop (self);
  tiles_s = (double) self->tiles_us / G_USEC_PER_SEC;
  append_number (json, "seconds", (double) (self->stopped_us - self->started_us) / G_USEC_PER_SEC);
  g_string_append_c (json, ',');
  append_metric (json, "frame_clock_ms", self->frames);
  g_string_append_c (json, ',');
  append_metric (json, "main_loop_late_ms", self->loop);
  g_string_append_printf (json, ",\"main_loop_stalls_over_100ms\":%u,\"tiles\":{\"count\":%u,",
                          self->n_stalls, self->n_tiles);
  append_number (json, "seconds_on_screen", tiles_s);
  g_string_append_c (json, ',');
  append_number (
    json, "fps_each",
    tiles_s > 0 && self->n_tiles > 0 ? (double) self->n_tile_frames / self->n_tiles / tiles_s : 0);
  g_string_append (json, "},");
  append_metric (json, "hit_to_card_ms", self->hits);
  g_string_append (json, "}\n");
  return g_string_free (json, FALSE);
}
