/* bolo-drive-warp.c: puts a plate into a frame in perspective, blurred by its movement
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-warp.h"

#include <math.h>
#include <string.h>

/* From pixels of the frame to the unit square of the plate. */
typedef struct {
  double m[9];
} Homography;

/* Unit square to quad after Heckbert, then its adjoint; the quad's corners run clockwise. */
static gboolean
homography_init (Homography *self, const double quad[4][2])
{
  double x0 = quad[0][0], y0 = quad[0][1], x1 = quad[1][0], y1 = quad[1][1];
  double x2 = quad[2][0], y2 = quad[2][1], x3 = quad[3][0], y3 = quad[3][1];
  double sx = x0 - x1 + x2 - x3;
  double sy = y0 - y1 + y2 - y3;
  double dx1 = x1 - x2, dx2 = x3 - x2, dy1 = y1 - y2, dy2 = y3 - y2;
  double det = dx1 * dy2 - dx2 * dy1;
  if (fabs (det) < 1e-9)
    return FALSE;
  double g = (sx * dy2 - dx2 * sy) / det;
  double h = (dx1 * sy - sx * dy1) / det;
  double a = x1 - x0 + g * x1, b = x3 - x0 + h * x3, c = x0;
  double d = y1 - y0 + g * y1, e = y3 - y0 + h * y3, f = y0;

  self->m[0] = e - f * h;
  self->m[1] = c * h - b;
  self->m[2] = b * f - c * e;
  self->m[3] = f * g - d;
  self->m[4] = a - c * g;
  self->m[5] = c * d - a * f;
  self->m[6] = d * h - e * g;
  self->m[7] = b * g - a * h;
  self->m[8] = a * e - b * d;
  return TRUE;
}

static void
map_point (const Homography *self, double x, double y, double *s, double *t)
{
  double w = self->m[6] * x + self->m[7] * y + self->m[8];
  *s = (self->m[0] * x + self->m[1] * y + self->m[2]) / w;
  *t = (self->m[3] * x + self->m[4] * y + self->m[5]) / w;
}

/* Adds the plate's colour at unit place @s, @t; FALSE outside it. */
static gboolean
add_sample (const BoloDrivePlate *plate, guint level, double s, double t, float sum[3])
{
  if (!(s >= 0 && s < 1 && t >= 0 && t < 1))
    return FALSE;
  int width = plate->widths[level];
  int height = plate->heights[level];
  float x = (float) (s * width) - 0.5f;
  float y = (float) (t * height) - 0.5f;
  int x0 = CLAMP ((int) floorf (x), 0, MAX (width - 2, 0));
  int y0 = CLAMP ((int) floorf (y), 0, MAX (height - 2, 0));
  float fx = CLAMP (x - x0, 0, 1);
  float fy = CLAMP (y - y0, 0, 1);
  gsize right = width > 1 ? 4 : 0;
  gsize below = height > 1 ? (gsize) width * 4 : 0;
  const guint8 *at = plate->levels[level] + ((gsize) y0 * width + x0) * 4;
  for (guint c = 0; c < 3; c++) {
    float top = at[c] + fx * (at[c + right] - at[c]);
    float bottom = at[c + below] + fx * (at[c + below + right] - at[c + below]);
    sum[c] += top + fy * (bottom - top);
  }
  return TRUE;
}

static double
get_length (const double a[2], const double b[2])
{
  return hypot (a[0] - b[0], a[1] - b[1]);
}

/* The finest level that some direction needs, and how many samples a pixel each way then take. */
static guint
choose_level (const BoloDrivePlate *plate, const double quad[4][2], guint *n_across, guint *n_down)
{
  double across =
    plate->widths[0] / MAX (MIN (get_length (quad[0], quad[1]), get_length (quad[3], quad[2])), 1);
  double down =
    plate->heights[0] / MAX (MIN (get_length (quad[0], quad[3]), get_length (quad[1], quad[2])), 1);
  double finest = MIN (across, down);
  guint level = 0;
  while (level + 1 < BOLO_DRIVE_PLATE_LEVELS && finest >= 2.83) {
    finest /= 2;
    level++;
  }
  double scale = 1 << level;
  *n_across = (guint) CLAMP (ceil (across / scale * 1.2), 2, 6);
  *n_down = (guint) CLAMP (ceil (down / scale * 1.2), 2, 6);
  return level;
}

static void
store_pixel (
  guint8 *pixel, const float sum[3], float n_inside, float n_all, const BoloDrivePlateLight *light)
{
  float cover = n_inside / n_all;
  float colour[3];
  for (guint c = 0; c < 3; c++)
    colour[c] = sum[c] / n_inside;
  if (light->is_grey) {
    /* Near infra-red: the yellow and the white sheeting are alike, so red stands for all. */
    colour[0] = colour[1] = colour[2];
  }
  for (guint c = 0; c < 3; c++) {
    float value = MIN (colour[c] * light->gain[c] + light->glare[c], 255);
    pixel[c] = (guint8) (pixel[c] + cover * (value - pixel[c]) + 0.5f);
  }
}

static void
get_bounds (const double (*corners)[4][2], guint n_shutter, int width, int height, int bounds[4])
{
  double low[2] = {width, height};
  double high[2] = {0, 0};
  for (guint i = 0; i < n_shutter; i++) {
    for (guint k = 0; k < 4; k++) {
      for (guint axis = 0; axis < 2; axis++) {
        low[axis] = MIN (low[axis], corners[i][k][axis]);
        high[axis] = MAX (high[axis], corners[i][k][axis]);
      }
    }
  }
  bounds[0] = (int) CLAMP (floor (low[0]), 0, width);
  bounds[1] = (int) CLAMP (floor (low[1]), 0, height);
  bounds[2] = (int) CLAMP (ceil (high[0]), 0, width);
  bounds[3] = (int) CLAMP (ceil (high[1]), 0, height);
}

void
bolo_drive_warp_plate (guint8 *pixels,
                       int width,
                       int height,
                       const BoloDrivePlate *plate,
                       const double (*corners)[4][2],
                       guint n_shutter,
                       const BoloDrivePlateLight *light)
{
  g_return_if_fail (pixels != NULL && plate != NULL && light != NULL);
  Homography maps[BOLO_DRIVE_WARP_MAX_SHUTTER];
  int bounds[4];
  guint n_across;
  guint n_down;

  n_shutter = MIN (n_shutter, BOLO_DRIVE_WARP_MAX_SHUTTER);
  for (guint i = 0; i < n_shutter; i++) {
    if (!homography_init (&maps[i], corners[i]))
      return;
  }
  get_bounds (corners, n_shutter, width, height, bounds);
  guint level = choose_level (plate, corners[0], &n_across, &n_down);
  /* The movement itself averages: fewer samples an instant do. */
  if (n_shutter >= 4) {
    n_across = MAX (n_across / 2, 1);
    n_down = MAX (n_down / 2, 2);
  }
  float n_all = (float) (n_shutter * n_across * n_down);
  for (int y = bounds[1]; y < bounds[3]; y++) {
    for (int x = bounds[0]; x < bounds[2]; x++) {
      float sum[3] = {0, 0, 0};
      guint n_inside = 0;
      for (guint i = 0; i < n_shutter; i++) {
        for (guint k = 0; k < n_across * n_down; k++) {
          double s, t;
          map_point (&maps[i], x + (k % n_across + 0.5) / n_across,
                     y + (k / n_across + 0.5) / n_down, &s, &t);
          n_inside += add_sample (plate, level, s, t, sum);
        }
      }
      if (n_inside > 0)
        store_pixel (pixels + ((gsize) y * width + x) * 4, sum, n_inside, n_all, light);
    }
  }
}
