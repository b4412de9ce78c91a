/* bolo-gaze.c: learns from a camera's readings where its small plates turn up
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-gaze.h"

#include <string.h>

#define N_BINS 32                      /* that the frame's height is divided into */
#define KEEP_US (180 * G_USEC_PER_SEC) /* a place is remembered for */
#define RENEW_US                                                                                   \
  (20 * G_USEC_PER_SEC)                /* the area may shrink only so often: each size is planned  \
                                        */
#define WATCH_US (20 * G_USEC_PER_SEC) /* of all of the view, before anything is left out */
#define ENOUGH 60                      /* readings, likewise */
#define WHOLE_EVERY 3                  /* frames */
#define LEAST_CONFIDENCE 0.3f
#define SMALL 0.2f      /* of the frame's width: larger plates are found by the coarse look */
#define MARGIN 0.08f    /* of the height: hills, and the car's own pitch */
#define MOST_SHARE 0.7f /* of the frame: a larger area is not worth leaving the rest out */

struct _BoloGaze {
  int width; /* of the frames */
  int height;
  gint64 now_us;
  gint64 begun_us;
  gint64 renewed_us;
  guint64 n_frames;
  guint n_learned;
  gint64 seen_us[N_BINS]; /* when a small plate was last met at this height; G_MININT64: never */
  float from;             /* 0 to 1 of the height; from > to: nothing yet */
  float to;
};

BoloGaze *
bolo_gaze_new (void)
{
  return g_new0 (BoloGaze, 1);
}

void
bolo_gaze_free (BoloGaze *self)
{
  g_free (self);
}

/* Another size of frame is another view. */
static void
begin_view (BoloGaze *self, int width, int height, gint64 captured_us)
{
  memset (self, 0, sizeof *self);
  self->width = width;
  self->height = height;
  self->begun_us = captured_us;
  self->renewed_us = captured_us;
  for (int i = 0; i < N_BINS; i++)
    self->seen_us[i] = G_MININT64;
  self->from = 1;
  self->to = 0;
}

static void
see (BoloGaze *self, float from, float to)
{
  int first = CLAMP ((int) (from * N_BINS), 0, N_BINS - 1);
  int last = CLAMP ((int) (to * N_BINS), 0, N_BINS - 1);

  for (int i = first; i <= last; i++)
    self->seen_us[i] = self->now_us;
  self->from = MIN (self->from, MAX (from - MARGIN, 0));
  self->to = MAX (self->to, MIN (to + MARGIN, 1));
}

/* Lets go of what was not seen for long; where there was nothing at all, the last area stays. */
static void
renew (BoloGaze *self)
{
  int first = -1;
  int last = -1;

  for (int i = 0; i < N_BINS; i++)
    if (self->seen_us[i] != G_MININT64 && self->now_us - self->seen_us[i] <= KEEP_US) {
      first = first < 0 ? i : first;
      last = i;
    }
  if (first < 0)
    return;
  self->from = MAX ((float) first / N_BINS - MARGIN, 0);
  self->to = MIN ((float) (last + 1) / N_BINS + MARGIN, 1);
}

gboolean
bolo_gaze_next (BoloGaze *self, int width, int height, gint64 captured_us, BoloGazeArea *area)
{
  g_return_val_if_fail (self != NULL && area != NULL && width > 0 && height > 0, FALSE);

  if (self->width != width || self->height != height || captured_us < self->now_us)
    begin_view (self, width, height, captured_us);
  self->now_us = captured_us;
  if (captured_us - self->renewed_us >= RENEW_US) {
    renew (self);
    self->renewed_us = captured_us;
  }
  if (self->n_frames++ % WHOLE_EVERY == 0 || self->n_learned < ENOUGH ||
      captured_us - self->begun_us < WATCH_US)
    return FALSE;
  area->y = (int) (self->from * (float) height);
  area->height = (int) (self->to * (float) height) - area->y;
  return area->height > 0 && (float) area->height < MOST_SHARE * (float) height;
}

void
bolo_gaze_learn (BoloGaze *self, const BoloReading *readings, guint n)
{
  g_return_if_fail (self != NULL && (n == 0 || readings != NULL));
  g_return_if_fail (self->width > 0);

  for (guint i = 0; i < n; i++) {
    const float (*corners)[2] = readings[i].corners;
    float top = MIN (corners[0][1], corners[1][1]) / (float) self->height;
    float bottom = MAX (corners[2][1], corners[3][1]) / (float) self->height;

    if (readings[i].confidence < LEAST_CONFIDENCE ||
        readings[i].width_px > SMALL * (float) self->width)
      continue;
    see (self, top, bottom);
    self->n_learned++;
  }
}
