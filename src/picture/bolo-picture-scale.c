/* bolo-picture-scale.c: cuts and scales pixels, of pictures and of a camera's planes
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-picture"

#include "bolo-picture.h"

#include <math.h>
#include <string.h>

/* One channel of samples, @step bytes apart in a row. */
typedef struct {
  const guint8 *samples;
  int stride;
  int step;
  int width;
  int height;
} Channel;

/* Where output sample i takes its light from: at most two input samples when growing, all that
 * its box covers when shrinking. Weights are 16.16 and add up to 65536. */
typedef struct {
  int first;
  int n;
  guint32 *weights; /* lent from one block for all */
} Taps;

typedef struct {
  Taps *taps;
  guint32 *weights;
} TapTable;

static void
clear_taps (TapTable *table)
{
  g_free (table->taps);
  g_free (table->weights);
}

static void
fill_box (Taps *taps, double start, double end, int limit)
{
  guint32 sum = 0;

  taps->first = CLAMP ((int) floor (start), 0, limit - 1);
  taps->n = CLAMP ((int) ceil (end), taps->first + 1, limit) - taps->first;
  for (int i = 0; i < taps->n; i++) {
    double from = MAX (start, taps->first + i);
    double to = MIN (end, taps->first + i + 1);

    taps->weights[i] = (guint32) (65536.0 * MAX (to - from, 0.0) / (end - start));
    sum += taps->weights[i];
  }
  taps->weights[taps->n / 2] += 65536u - sum; /* rounding */
}

static void
fill_linear (Taps *taps, double centre, int limit)
{
  double at = CLAMP (centre - 0.5, 0.0, limit - 1.0);
  double part = at - floor (at);

  taps->first = (int) floor (at);
  taps->n = taps->first + 1 < limit ? 2 : 1;
  taps->weights[0] = taps->n == 2 ? (guint32) (65536.0 * (1.0 - part)) : 65536u;
  if (taps->n == 2)
    taps->weights[1] = 65536u - taps->weights[0];
}

/* Taps for @n_out samples that show [@offset, @offset + @extent) of @limit samples. */
static void
init_taps (TapTable *table, double offset, double extent, int n_out, int limit)
{
  double scale = extent / n_out;
  int most = (int) ceil (MAX (scale, 1.0)) + 2;

  table->taps = g_new0 (Taps, n_out);
  table->weights = g_new0 (guint32, (gsize) n_out * (gsize) most);
  for (int i = 0; i < n_out; i++) {
    Taps *taps = &table->taps[i];

    taps->weights = table->weights + (gsize) i * (gsize) most;
    if (scale > 1.0)
      fill_box (taps, offset + i * scale, MIN (offset + (i + 1) * scale, limit), limit);
    else
      fill_linear (taps, offset + (i + 0.5) * scale, limit);
  }
}

/* Rows first into a band of 16.8 numbers, then down the columns. */
static void
scale_channel (const Channel *in,
               double x,
               double y,
               double width,
               double height,
               guint8 *out,
               int out_stride,
               int out_step,
               int out_width,
               int out_height)
{
  TapTable columns = {0};
  TapTable rows = {0};
  g_autofree guint64 *sums = g_new (guint64, out_width);

  init_taps (&columns, x, width, out_width, in->width);
  init_taps (&rows, y, height, out_height, in->height);
  for (int j = 0; j < out_height; j++) {
    const Taps *down = &rows.taps[j];

    memset (sums, 0, sizeof (guint64) * (gsize) out_width);
    for (int r = 0; r < down->n; r++) {
      const guint8 *row = in->samples + (gsize) (down->first + r) * (gsize) in->stride;

      for (int i = 0; i < out_width; i++) {
        const Taps *across = &columns.taps[i];
        const guint8 *sample = row + (gsize) across->first * (gsize) in->step;
        guint32 sum = 0;

        for (int c = 0; c < across->n; c++)
          sum += across->weights[c] * sample[c * in->step];
        sums[i] += (guint64) sum * down->weights[r];
      }
    }
    for (int i = 0; i < out_width; i++)
      out[(gsize) j * (gsize) out_stride + (gsize) (i * out_step)] =
        (guint8) ((sums[i] + (1ull << 31)) >> 32);
  }
  clear_taps (&columns);
  clear_taps (&rows);
}

BoloPicture *
bolo_picture_scale (const BoloPicture *self, int width, int height)
{
  BoloPicture *out;
  int n_channels;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (width > 0 && height > 0, NULL);

  out = bolo_picture_new (self->format, width, height);
  n_channels = bolo_picture_format_get_bytes (self->format);
  for (int channel = 0; channel < n_channels; channel++) {
    Channel in = {self->pixels + channel, self->stride, n_channels, self->width, self->height};

    scale_channel (&in, 0, 0, self->width, self->height, out->pixels + channel, out->stride,
                   n_channels, width, height);
  }
  return out;
}

static void
clip_rectangle (int limit_width, int limit_height, int *x, int *y, int *width, int *height)
{
  int right = CLAMP (*x + *width, 1, limit_width);
  int bottom = CLAMP (*y + *height, 1, limit_height);

  *x = CLAMP (*x, 0, limit_width - 1);
  *y = CLAMP (*y, 0, limit_height - 1);
  *width = MAX (right - *x, 1);
  *height = MAX (bottom - *y, 1);
}

BoloPicture *
bolo_picture_crop (const BoloPicture *self, int x, int y, int width, int height)
{
  BoloPicture *out;
  int n_bytes;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (width > 0 && height > 0, NULL);

  clip_rectangle (self->width, self->height, &x, &y, &width, &height);
  out = bolo_picture_new (self->format, width, height);
  n_bytes = bolo_picture_format_get_bytes (self->format);
  for (int row = 0; row < height; row++)
    memcpy (out->pixels + (gsize) row * (gsize) out->stride,
            self->pixels + (gsize) (y + row) * (gsize) self->stride + (gsize) (x * n_bytes),
            (gsize) (width * n_bytes));
  return out;
}

/* BT.601 video range in 8.8 fixed point. */
static void
convert_pixel (int luma, int u, int v, guint8 *rgb)
{
  int y = 298 * (luma - 16);

  u -= 128;
  v -= 128;
  rgb[0] = (guint8) CLAMP ((y + 409 * v + 128) >> 8, 0, 255);
  rgb[1] = (guint8) CLAMP ((y - 100 * u - 208 * v + 128) >> 8, 0, 255);
  rgb[2] = (guint8) CLAMP ((y + 516 * u + 128) >> 8, 0, 255);
}

static void
scale_chroma (const BoloPicturePlanes *planes,
              int x,
              int y,
              int width,
              int height,
              BoloPicture *u,
              BoloPicture *v)
{
  int chroma_width = (planes->width + 1) / 2;
  int chroma_height = (planes->height + 1) / 2;
  Channel channels[2] = {
    {planes->u, planes->chroma_stride, 1, chroma_width, chroma_height},
    {planes->v, planes->chroma_stride, 1, chroma_width, chroma_height},
  };
  BoloPicture *outs[2] = {u, v};

  for (int i = 0; i < 2; i++) {
    if (planes->uv != NULL) {
      channels[i].samples = planes->uv + i;
      channels[i].step = 2;
    }
    scale_channel (&channels[i], x / 2.0, y / 2.0, width / 2.0, height / 2.0, outs[i]->pixels,
                   outs[i]->stride, 1, u->width, u->height);
  }
}

BoloPicture *
bolo_picture_new_from_planes (const BoloPicturePlanes *planes,
                              int x,
                              int y,
                              int width,
                              int height,
                              int out_width,
                              int out_height)
{
  g_autoptr (BoloPicture) luma = NULL;
  g_autoptr (BoloPicture) u = NULL;
  g_autoptr (BoloPicture) v = NULL;
  BoloPicture *out;
  Channel channel;

  g_return_val_if_fail (planes != NULL && planes->luma != NULL, NULL);
  g_return_val_if_fail (width > 0 && height > 0 && out_width > 0 && out_height > 0, NULL);

  clip_rectangle (planes->width, planes->height, &x, &y, &width, &height);
  luma = bolo_picture_new (BOLO_PICTURE_GRAY8, out_width, out_height);
  channel = (Channel){planes->luma, planes->luma_stride, 1, planes->width, planes->height};
  scale_channel (&channel, x, y, width, height, luma->pixels, luma->stride, 1, out_width,
                 out_height);
  if (planes->uv == NULL && (planes->u == NULL || planes->v == NULL))
    return g_steal_pointer (&luma);

  u = bolo_picture_new (BOLO_PICTURE_GRAY8, out_width, out_height);
  v = bolo_picture_new (BOLO_PICTURE_GRAY8, out_width, out_height);
  scale_chroma (planes, x, y, width, height, u, v);
  out = bolo_picture_new (BOLO_PICTURE_RGB, out_width, out_height);
  for (int row = 0; row < out_height; row++)
    for (int column = 0; column < out_width; column++) {
      gsize at = (gsize) row * (gsize) luma->stride + (gsize) column;

      convert_pixel (luma->pixels[at], u->pixels[at], v->pixels[at],
                     out->pixels + (gsize) row * (gsize) out->stride + (gsize) (3 * column));
    }
  return out;
}
