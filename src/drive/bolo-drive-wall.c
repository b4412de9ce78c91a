/* bolo-drive-wall.c: hedges and houses that run along the road
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-wall.h"

#include <cairo.h>
#include <math.h>
#include <string.h>

#include "bolo-drive-random.h"

#define TILE_M 16
#define TALL_M 9.0
/* Two sizes of each texture: near, and far where the fine one would flicker. */
#define N_SIZES 2
#define FAR_M 34.0
#define N_TILES 10
#define LIT 128 /* alpha of a window with a lamp behind it */
#define OPEN_LEFT_M 8.5
#define TOWN_LEFT_M 14.0
#define OPEN_RIGHT_M (-8.5)
#define TOWN_RIGHT_M (-10.5)

static const int pixels_a_m[N_SIZES] = {40, 10};

struct _BoloDriveWalls {
  /* (owned) open road, town; 4 bytes a pixel, premultiplied */
  guint8 *tiles[N_SIZES][2][N_TILES];
};

/* Where one column of the picture meets a wall. */
typedef struct {
  const guint8 *column; /* (nullable): topmost pixel of the tile's column */
  float top_px;
  float bottom_px;
  float tile_a_px; /* tile pixels for one of the picture */
  int rows;        /* of the tile */
  gsize stride;
  float light[3];
  float haze;
  /* The same for what is opaque, in 256ths: times, plus. */
  int gain[3];
  int haze_light[3];
} Column;

static void
draw_leaves (
  cairo_t *cr, GRand *random, double middle_x, double middle_y, double radius, double darkness)
{
  for (guint i = 0; i < 70; i++) {
    double angle = bolo_drive_random_between (random, 0, 2 * G_PI);
    double away = radius * sqrt (g_rand_double (random));
    double green = bolo_drive_random_between (random, 0.16, 0.34) * darkness;
    cairo_set_source_rgb (cr, green * 0.66, green, green * 0.40);
    cairo_arc (cr, middle_x + away * cos (angle), middle_y + away * sin (angle) * 0.9,
               bolo_drive_random_between (random, 0.1, 0.32), 0, 2 * G_PI);
    cairo_fill (cr);
  }
}

/* y down from TALL_M over the ground. */
static void
draw_hedge (cairo_t *cr, GRand *random)
{
  double high = bolo_drive_random_between (random, 1.4, 2.4);
  for (double x = 0; x < TILE_M; x += 0.5) {
    for (double up = 0.2; up < high; up += 0.7)
      draw_leaves (cr, random, x, TALL_M - up, 0.55, 0.7 + 0.3 * up / high);
  }
  guint n_trees = (guint) g_rand_int_range (random, 0, 3);
  for (guint i = 0; i < n_trees; i++) {
    double x = bolo_drive_random_between (random, 4.4, TILE_M - 4.4);
    double up = bolo_drive_random_between (random, 4.6, 6.2);
    cairo_set_source_rgb (cr, 0.22, 0.18, 0.13);
    cairo_rectangle (cr, x - 0.18, TALL_M - up, 0.36, up);
    cairo_fill (cr);
    /* Seen along the road the crown shrinks to a fraction of its width. */
    for (guint k = 0; k < 44; k++) {
      double angle = bolo_drive_random_between (random, 0, 2 * G_PI);
      double away = sqrt (g_rand_double (random));
      draw_leaves (cr, random, x + 3.6 * away * cos (angle),
                   TALL_M - up - 0.3 + 2.1 * away * sin (angle), 0.8,
                   bolo_drive_random_between (random, 0.75, 1.1) - 0.2 * away * sin (angle));
    }
  }
}

static void
draw_window (cairo_t *cr, GRand *random, double x, double y, double width, double height)
{
  cairo_set_source_rgb (cr, 0.88, 0.88, 0.86);
  cairo_rectangle (cr, x - 0.1, y - 0.1, width + 0.2, height + 0.2);
  cairo_fill (cr);
  cairo_save (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  if (bolo_drive_random_chance (random, 0.4)) {
    cairo_set_source_rgba (cr, 1.0, 0.86, 0.62, LIT / 255.0);
  } else {
    double grey = bolo_drive_random_between (random, 0.14, 0.3);
    cairo_set_source_rgb (cr, grey, grey * 1.05, grey * 1.15);
  }
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_set_source_rgb (cr, 0.88, 0.88, 0.86);
  cairo_rectangle (cr, x + width / 2 - 0.03, y, 0.06, height);
  cairo_fill (cr);
}

static void
draw_house (cairo_t *cr, GRand *random, double from, double to)
{
  static const double bricks[][3] = {
    {0.50, 0.29, 0.22}, {0.58, 0.40, 0.30}, {0.72, 0.68, 0.60},
    {0.46, 0.33, 0.27}, {0.80, 0.78, 0.74},
  };
  const double *brick = bricks[g_rand_int_range (random, 0, G_N_ELEMENTS (bricks))];
  double eaves = TALL_M - bolo_drive_random_between (random, 4.9, 5.4);
  double ridge = eaves - bolo_drive_random_between (random, 1.9, 2.6);

  cairo_set_source_rgb (cr, 0.26, 0.23, 0.23);
  cairo_move_to (cr, from - 0.2, eaves);
  cairo_line_to (cr, from + 0.4, ridge);
  cairo_line_to (cr, to - 0.4, ridge);
  cairo_line_to (cr, to + 0.2, eaves);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, brick[0], brick[1], brick[2]);
  cairo_rectangle (cr, from, eaves, to - from, TALL_M - eaves);
  cairo_fill (cr);
  cairo_set_source_rgba (cr, 0.1, 0.1, 0.1, 0.16);
  cairo_set_line_width (cr, 0.025);
  for (double y = eaves; y < TALL_M; y += 0.15) {
    cairo_move_to (cr, from, y);
    cairo_line_to (cr, to, y);
  }
  cairo_stroke (cr);
  double width = (to - from) / 3;
  draw_window (cr, random, from + 0.5, eaves + 0.5, width - 0.4, 1.2);
  draw_window (cr, random, to - 0.1 - width, eaves + 0.5, width - 0.4, 1.2);
  draw_window (cr, random, from + 0.5, TALL_M - 2.3, width, 1.4);
  cairo_set_source_rgb (cr, bolo_drive_random_between (random, 0.1, 0.6),
                        bolo_drive_random_between (random, 0.1, 0.3), 0.18);
  cairo_rectangle (cr, to - 1.7, TALL_M - 2.2, 1.0, 2.2);
  cairo_fill (cr);
}

static void
draw_town (cairo_t *cr, GRand *random)
{
  double at = 0;
  while (at < TILE_M - 5) {
    double width = bolo_drive_random_between (random, 5.4, 7.4);
    draw_house (cr, random, at, MIN (at + width, TILE_M));
    at += width + (bolo_drive_random_chance (random, 0.3) ? 1.2 : 0);
  }
  if (bolo_drive_random_chance (random, 0.6)) {
    for (double x = 0; x < TILE_M; x += 0.6)
      draw_leaves (cr, random, x, TALL_M - 0.5, 0.45, 0.8);
  }
}

static guint8 *
draw_tile (guint32 seed, gboolean is_town, guint tile, int scale)
{
  g_autoptr (GRand) random =
    bolo_drive_random_new (seed, BOLO_DRIVE_STREAM_SCENERY, 1 + is_town * N_TILES + tile);
  int width = TILE_M * scale;
  int height = (int) (TALL_M * scale);
  guint8 *pixels = g_malloc0 ((gsize) width * height * 4);
  cairo_surface_t *surface =
    cairo_image_surface_create_for_data (pixels, CAIRO_FORMAT_ARGB32, width, height, width * 4);
  cairo_t *cr = cairo_create (surface);

  cairo_scale (cr, scale, scale);
  if (is_town)
    draw_town (cr, random);
  else
    draw_hedge (cr, random);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  cairo_surface_destroy (surface);
  return pixels;
}

BoloDriveWalls *
bolo_drive_walls_new (guint32 seed)
{
  BoloDriveWalls *self = g_new0 (BoloDriveWalls, 1);

  for (guint size = 0; size < N_SIZES; size++) {
    for (guint town = 0; town < 2; town++) {
      for (guint i = 0; i < N_TILES; i++)
        self->tiles[size][town][i] = draw_tile (seed, town == 1, i, pixels_a_m[size]);
    }
  }
  return self;
}

void
bolo_drive_walls_free (BoloDriveWalls *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < N_SIZES * 2 * N_TILES; i++)
    g_free (self->tiles[i / (2 * N_TILES)][i / N_TILES % 2][i % N_TILES]);
  g_free (self);
}

/* Depth at which a column's ray meets a wall @left_m of the middle lane; < 0 if never. */
static double
meet (const BoloDriveView *view, const BoloDriveEgo *ego, const double ray[2], double left_m)
{
  double bend = ego->curve_per_m / 2;
  double eye_x = view->eye.x;
  double eye_y = view->eye.y + ego->left_m;
  double a = bend * ray[0] * ray[0];
  double b = 2 * bend * eye_x * ray[0] - ray[1];
  double c = bend * eye_x * eye_x + left_m - eye_y;

  left_m -= eye_y;
  double straight = fabs (ray[1]) > 1e-6 ? left_m / ray[1] : -1;
  if (fabs (a) < 1e-9)
    return straight;
  double root = b * b - 4 * a * c;
  if (root < 0)
    return -1;
  root = sqrt (root);
  double near = (-b - root) / (2 * a);
  double far = (-b + root) / (2 * a);
  if (near > far) {
    double swapped = near;
    near = far;
    far = swapped;
  }
  return near > 0.5 ? near : far;
}

static gboolean
find_column (const BoloDriveWalls *self,
             const BoloDriveView *view,
             const BoloDriveRoad *road,
             const BoloDriveEgo *ego,
             const BoloDriveLighting *lighting,
             int u,
             Column *column)
{
  double side = (u + 0.5 - view->middle_px) / view->focal_px;
  double plain[2] = {view->forward[0] + view->right[0] * side,
                     view->forward[1] + view->right[1] * side};
  double ray[2] = {cos (ego->yaw_rad) * plain[0] - sin (ego->yaw_rad) * plain[1],
                   sin (ego->yaw_rad) * plain[0] + cos (ego->yaw_rad) * plain[1]};
  double best = 1e9;
  gboolean is_best_town = FALSE;
  static const double walls[4] = {OPEN_LEFT_M, OPEN_RIGHT_M, TOWN_LEFT_M, TOWN_RIGHT_M};

  for (guint i = 0; i < 4; i++) {
    double depth = meet (view, ego, ray, walls[i]);
    double along = ego->along_m + view->eye.x + ray[0] * depth;
    if (depth > 0.5 && depth < best && bolo_drive_road_is_town (road, along) == (i >= 2)) {
      best = depth;
      is_best_town = i >= 2;
    }
  }
  column->column = NULL;
  if (best > 400)
    return FALSE;
  double along = ego->along_m + view->eye.x + ray[0] * best + 10000 * TILE_M;
  guint tile = (guint) (along / TILE_M);
  guint size = best > FAR_M;
  guint width = (guint) (TILE_M * pixels_a_m[size]);
  guint at = (guint) ((along - (double) tile * TILE_M) * pixels_a_m[size]);
  tile = (tile * 2654435761u >> 16) % N_TILES;
  column->column = self->tiles[size][is_best_town][tile] + (gsize) MIN (at, width - 1) * 4;
  column->stride = (gsize) width * 4;
  column->rows = (int) (TALL_M * pixels_a_m[size]);
  column->top_px = (float) (view->horizon_px + view->focal_px * (view->eye.z - TALL_M) / best);
  column->bottom_px = (float) (view->horizon_px + view->focal_px * view->eye.z / best);
  column->tile_a_px = (float) (column->rows / (column->bottom_px - column->top_px));
  column->haze = (float) CLAMP (best / 420, 0, 0.8);
  float reach = 0.7f * bolo_drive_lighting_get_reach (lighting, best);
  for (guint c = 0; c < 3; c++) {
    column->light[c] = lighting->ambient[c] + reach;
    column->gain[c] = (int) (256 * column->light[c] * (1 - column->haze));
    column->haze_light[c] = (int) (256 * column->haze * lighting->sky_low[c] * 0.8f);
  }
  return TRUE;
}

static void
paint_pixel (guint8 *pixel, const Column *column, int y, const BoloDriveLighting *lighting)
{
  int row = (int) ((y + 0.5f - column->top_px) * column->tile_a_px);
  const guint8 *from = column->column + (gsize) CLAMP (row, 0, column->rows - 1) * column->stride;
  float cover = from[3] / 255.0f;

  if (from[3] == 0)
    return;
  if (from[3] == 255) {
    for (guint c = 0; c < 3; c++) {
      int value = (from[c] * column->gain[c] + column->haze_light[c]) >> 8;
      pixel[c] = (guint8) MIN (value, 255);
    }
    return;
  }
  gboolean is_lit = from[3] == LIT;
  for (guint c = 0; c < 3; c++) {
    float light = column->light[c];
    float value = from[c] * light;
    if (is_lit) {
      value = from[c] * MAX (light, 0.75f * lighting->lamps) * (255.0f / LIT);
      cover = 1;
    }
    value += column->haze * (lighting->sky_low[c] * 0.8f - value);
    value = is_lit ? value : value + (1 - cover) * pixel[c];
    pixel[c] = (guint8) CLAMP (value, 0.0f, 255.0f);
  }
}

void
bolo_drive_walls_paint (const BoloDriveWalls *self,
                        guint8 *pixels,
                        const BoloDriveView *view,
                        const BoloDriveRoad *road,
                        const BoloDriveEgo *ego,
                        const BoloDriveLighting *lighting)
{
  g_return_if_fail (self != NULL && pixels != NULL);
  g_autofree Column *columns = g_new (Column, view->width);
  float top = (float) view->height;
  float bottom = 0;

  for (int u = 0; u < view->width; u++) {
    if (find_column (self, view, road, ego, lighting, u, &columns[u])) {
      top = MIN (top, columns[u].top_px);
      bottom = MAX (bottom, columns[u].bottom_px);
    }
  }
  int last = (int) CLAMP (ceilf (bottom), 0, view->height);
  for (int y = (int) CLAMP (floorf (top), 0, view->height); y < last; y++) {
    guint8 *row = pixels + (gsize) y * view->width * 4;
    for (int u = 0; u < view->width; u++) {
      const Column *column = &columns[u];
      if (column->column != NULL && y >= column->top_px && y < column->bottom_px)
        paint_pixel (row + u * 4, column, y, lighting);
    }
  }
}
