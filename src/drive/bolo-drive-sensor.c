/* bolo-drive-sensor.c: from painted colours to what a camera's chip gives: I420 with noise
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-sensor.h"

#include <string.h>

#include "bolo-drive-random.h"

#define N_NOISE 65536
/* Noise is kept in sixteenths of its standard deviation. */
#define NOISE_SCALE 16

struct _BoloDriveSensor {
  gint8 noise[N_NOISE * 2]; /* the second half repeats the first */
};

BoloDriveSensor *
bolo_drive_sensor_new (guint32 seed)
{
  g_autoptr (GRand) random = bolo_drive_random_new (seed, BOLO_DRIVE_STREAM_NOISE, 0);
  BoloDriveSensor *self = g_new (BoloDriveSensor, 1);

  for (guint i = 0; i < N_NOISE; i++) {
    double sum = -6;
    for (guint k = 0; k < 12; k++)
      sum += g_rand_double (random);
    self->noise[i] = self->noise[i + N_NOISE] = (gint8) CLAMP (sum * NOISE_SCALE, -127, 127);
  }
  return self;
}

void
bolo_drive_sensor_free (BoloDriveSensor *self)
{
  g_free (self);
}

gsize
bolo_drive_sensor_get_size (int width, int height)
{
  return (gsize) width * height + 2 * ((gsize) (width / 2) * (height / 2));
}

static guint32
scramble (guint32 value)
{
  value ^= value >> 16;
  value *= 0x7feb352du;
  value ^= value >> 15;
  value *= 0x846ca68bu;
  return value ^ value >> 16;
}

static void
expose_luma (const BoloDriveSensor *self,
             const guint8 *row,
             int width,
             int gain,
             const gint8 *noise,
             guint8 *luma)
{
  for (int x = 0; x < width; x++) {
    const guint8 *p = row + x * 4;
    /* BT.601, video range. */
    int y = (25 * p[0] + 129 * p[1] + 66 * p[2] + 128) >> 8;
    y += 16 + ((noise[x] * gain) >> 8);
    luma[x] = (guint8) CLAMP (y, 0, 255);
  }
}

static void
expose_chroma (const guint8 *row, gsize stride, int width, guint8 *cb, guint8 *cr)
{
  for (int x = 0; x < width / 2; x++) {
    const guint8 *p = row + x * 8;
    int sum[3];
    for (int c = 0; c < 3; c++)
      sum[c] = p[c] + p[c + 4] + p[stride + c] + p[stride + c + 4];
    cb[x] = (guint8) CLAMP (((112 * sum[0] - 74 * sum[1] - 38 * sum[2]) >> 10) + 128, 0, 255);
    cr[x] = (guint8) CLAMP (((-18 * sum[0] - 94 * sum[1] + 112 * sum[2]) >> 10) + 128, 0, 255);
  }
}

void
bolo_drive_sensor_expose (const BoloDriveSensor *self,
                          const guint8 *pixels,
                          int width,
                          int height,
                          const BoloDriveLighting *lighting,
                          guint32 frame,
                          guint8 *i420)
{
  g_return_if_fail (self != NULL && pixels != NULL && i420 != NULL);
  gsize stride = (gsize) width * 4;
  guint8 *cb = i420 + (gsize) width * height;
  guint8 *cr = cb + (gsize) (width / 2) * (height / 2);
  int gain = (int) (lighting->noise * 256 / NOISE_SCALE + 0.5f);

  for (int y = 0; y < height; y++) {
    guint32 start = scramble (frame * 8191u + (guint32) y) % N_NOISE;
    expose_luma (self, pixels + y * stride, width, gain, self->noise + start,
                 i420 + (gsize) y * width);
  }
  if (lighting->is_infrared) {
    memset (cb, 128, 2 * (gsize) (width / 2) * (height / 2));
    return;
  }
  for (int y = 0; y < height / 2; y++)
    expose_chroma (pixels + 2 * y * stride, stride, width, cb + (gsize) y * (width / 2),
                   cr + (gsize) y * (width / 2));
}
