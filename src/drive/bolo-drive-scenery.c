/* bolo-drive-scenery.c: road, verges, hedges, houses and sky behind the traffic
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-scenery.h"

#include <math.h>
#include <string.h>

#include "bolo-drive-random.h"
#include "bolo-drive-wall.h"

#define GRAIN 256       /* pixels each way of the ground's grain */
#define GRAIN_A_M 24.0f /* of them a metre */
#define CROSS_HALF_M 16
#define CROSS_A_M 32
#define N_CROSS (2 * CROSS_HALF_M * CROSS_A_M)
#define DASH_M 9.0
#define DASH_LINE_M 3.0
#define N_HILLS 1024

typedef enum {
  GROUND_GRASS,
  GROUND_ASPHALT,
  GROUND_LINE,
  GROUND_DASH,
  GROUND_PAVEMENT,
  GROUND_BAY,
  GROUND_KERB,
  GROUND_N,
} Ground;

struct _BoloDriveScenery {
  float grain[GRAIN * GRAIN];
  float coarse[GRAIN * GRAIN]; /* for what is far */
  guint8 cross[2][N_CROSS];    /* Ground by the way left of the middle; open road, town */
  float hills[N_HILLS];        /* height over distance, by heading */
  BoloDriveWalls *walls;       /* (owned) */
};

/* Blue, green, red. */
static const float ground_colours[GROUND_N][3] = {
  [GROUND_GRASS] = {42, 92, 78},       [GROUND_ASPHALT] = {92, 92, 92},
  [GROUND_LINE] = {214, 218, 220},     [GROUND_DASH] = {214, 218, 220},
  [GROUND_PAVEMENT] = {142, 148, 152}, [GROUND_BAY] = {108, 106, 104},
  [GROUND_KERB] = {160, 162, 162},
};

static Ground
choose_ground (double left_m, gboolean is_town)
{
  double right_lane = (BOLO_DRIVE_LANE_MIDDLE + BOLO_DRIVE_LANE_ONCOMING) / 2;
  double left_lane = (BOLO_DRIVE_LANE_MIDDLE + BOLO_DRIVE_LANE_LEFT) / 2;

  if (fabs (left_m - left_lane) < 0.07)
    return GROUND_DASH;
  if (fabs (fabs (left_m - right_lane) - 0.12) < 0.06)
    return GROUND_LINE;
  if (!is_town && (fabs (left_m - 5.0) < 0.07 || fabs (left_m + 5.0) < 0.07))
    return GROUND_LINE;
  if (left_m < BOLO_DRIVE_ROAD_RIGHT) {
    if (left_m > BOLO_DRIVE_ROAD_RIGHT - 0.15)
      return is_town ? GROUND_KERB : GROUND_ASPHALT;
    return is_town && left_m > BOLO_DRIVE_ROAD_RIGHT - 2.6 ? GROUND_PAVEMENT : GROUND_GRASS;
  }
  if (left_m > BOLO_DRIVE_ROAD_LEFT) {
    if (!is_town)
      return left_m < BOLO_DRIVE_ROAD_LEFT + 0.2 ? GROUND_ASPHALT : GROUND_GRASS;
    return left_m < BOLO_DRIVE_ROAD_LEFT + 6.8   ? GROUND_BAY
           : left_m < BOLO_DRIVE_ROAD_LEFT + 6.9 ? GROUND_KERB
                                                 : GROUND_PAVEMENT;
  }
  return GROUND_ASPHALT;
}

static void
make_grain (float *grain, GRand *random, int block)
{
  for (int y = 0; y < GRAIN; y++) {
    for (int x = 0; x < GRAIN; x++) {
      float *at = &grain[y * GRAIN + x];
      if (x % block == 0 && y % block == 0)
        *at = (float) bolo_drive_random_between (random, 0.86, 1.14);
      else
        *at = grain[(y - y % block) * GRAIN + x - x % block];
    }
  }
}

BoloDriveScenery *
bolo_drive_scenery_new (guint32 seed)
{
  g_autoptr (GRand) random = bolo_drive_random_new (seed, BOLO_DRIVE_STREAM_SCENERY, 0);
  BoloDriveScenery *self = g_new0 (BoloDriveScenery, 1);

  make_grain (self->grain, random, 1);
  make_grain (self->coarse, random, 32);
  for (guint i = 0; i < GRAIN * GRAIN; i++) {
    self->coarse[i] = 1 + (self->coarse[i] - 1) * 0.4f;
    self->grain[i] *= self->coarse[i];
  }
  for (guint town = 0; town < 2; town++) {
    for (int i = 0; i < N_CROSS; i++)
      self->cross[town][i] =
        (guint8) choose_ground ((i + 0.5) / CROSS_A_M - CROSS_HALF_M, town == 1);
  }
  for (guint i = 0; i < N_HILLS; i++) {
    double angle = 2 * G_PI * i / N_HILLS;
    self->hills[i] = (float) (0.022 + 0.010 * sin (3 * angle + 1) + 0.006 * sin (11 * angle) +
                              0.003 * sin (37 * angle + 2) + 0.0015 * sin (151 * angle));
  }
  self->walls = bolo_drive_walls_new (seed);
  return self;
}

void
bolo_drive_scenery_free (BoloDriveScenery *self)
{
  if (self == NULL)
    return;
  bolo_drive_walls_free (self->walls);
  g_free (self);
}

static void
store (guint8 *pixel, const float colour[3])
{
  for (guint c = 0; c < 3; c++)
    pixel[c] = (guint8) MIN (colour[c], 255.0f);
}

static void
paint_sky (const BoloDriveScenery *self,
           guint8 *pixels,
           const BoloDriveView *view,
           const BoloDriveEgo *ego,
           const BoloDriveLighting *lighting)
{
  int horizon = (int) CLAMP (view->horizon_px, 0, view->height);
  double heading = ego->heading_deg * G_PI / 180 + atan2 (-view->forward[1], view->forward[0]);
  g_autofree int *hill_top = g_new (int, view->width);

  for (int x = 0; x < view->width; x++) {
    double angle = heading + atan ((x - view->middle_px) / view->focal_px);
    double at = angle / (2 * G_PI) * N_HILLS;
    guint i = (guint) (((int) floor (at) % N_HILLS + N_HILLS) % N_HILLS);
    hill_top[x] = (int) (view->horizon_px - self->hills[i] * view->focal_px);
  }
  for (int y = 0; y < horizon; y++) {
    float part = (float) y / MAX (horizon, 1);
    float sky[3];
    float hill[3];
    guint8 *row = pixels + (gsize) y * view->width * 4;
    for (guint c = 0; c < 3; c++) {
      sky[c] = lighting->sky_high[c] + part * (lighting->sky_low[c] - lighting->sky_high[c]);
      hill[c] = 0.45f * lighting->sky_low[c] + (c == 2 ? 22 : 34) * lighting->ambient[c];
    }
    for (int x = 0; x < view->width; x++)
      store (row + x * 4, y < hill_top[x] ? sky : hill);
  }
}

/* What a ray down to the ground needs, one row. */
typedef struct {
  float x; /* forward, left at the row's first pixel */
  float y;
  float step_x; /* for a pixel */
  float step_y;
  float depth;
} Row;

static void
paint_ground_row (const BoloDriveScenery *self,
                  guint8 *row,
                  int width,
                  const Row *ray,
                  const BoloDriveEgo *ego,
                  double change_m,
                  gboolean is_town,
                  const BoloDriveLighting *lighting)
{
  float curve = (float) ego->curve_per_m / 2;
  float cosine = (float) cos (ego->yaw_rad);
  float sine = (float) sin (ego->yaw_rad);
  float begin_m = (float) fmod (ego->along_m, 9000.0);
  float change_x = (float) MIN (change_m - ego->along_m, 1e6);
  const float *grain = ray->depth < 22 ? self->grain : self->coarse;
  float haze = CLAMP (ray->depth / 420.0f, 0, 0.8f);
  float reach = bolo_drive_lighting_get_reach (lighting, ray->depth);
  float light[3];

  for (guint c = 0; c < 3; c++)
    light[c] = lighting->ambient[c];
  for (int u = 0; u < width; u++) {
    float eye_x = ray->x + u * ray->step_x;
    float eye_y = ray->y + u * ray->step_y;
    float x = cosine * eye_x - sine * eye_y;
    float y = sine * eye_x + cosine * eye_y;
    float left = y - curve * x * x + (float) ego->left_m;
    int cross = (int) ((left + CROSS_HALF_M) * CROSS_A_M);
    guint town = (guint) (is_town != (x >= change_x));
    Ground ground = self->cross[town][CLAMP (cross, 0, N_CROSS - 1)];
    float along = begin_m + x;
    if (ground == GROUND_DASH &&
        along - (float) DASH_M * floorf (along / (float) DASH_M) > (float) DASH_LINE_M)
      ground = GROUND_ASPHALT;
    guint gx = (guint) (int) (along * GRAIN_A_M + 1e5f) % GRAIN;
    guint gy = (guint) (int) (left * GRAIN_A_M + 1e5f) % GRAIN;
    float shade = grain[gy * GRAIN + gx];
    /* Our lamps' pool narrows towards its sides. */
    float side = eye_y / (4.0f + 0.35f * ray->depth);
    float lamp = reach > 0 ? reach / (1 + side * side * side * side) : 0;
    for (guint c = 0; c < 3; c++) {
      float value = ground_colours[ground][c] * shade * (light[c] + lamp);
      value += haze * (lighting->sky_low[c] * 0.8f - value);
      row[u * 4 + c] = (guint8) MIN (value, 255.0f);
    }
  }
}

static void
paint_ground (const BoloDriveScenery *self,
              guint8 *pixels,
              const BoloDriveView *view,
              const BoloDriveRoad *road,
              const BoloDriveEgo *ego,
              const BoloDriveLighting *lighting)
{
  gboolean is_town = bolo_drive_road_is_town (road, ego->along_m - BOLO_DRIVE_SIGHT_BACK_M);
  double change_m = bolo_drive_road_get_next_change (road, ego->along_m - BOLO_DRIVE_SIGHT_BACK_M);

  for (int y = (int) CLAMP (view->horizon_px, 0, view->height); y < view->height; y++) {
    double below = MAX (y + 0.5 - view->horizon_px, 0.5);
    double depth = view->focal_px * view->eye.z / below;
    double side = -view->middle_px / view->focal_px * depth;
    double step = depth / view->focal_px;
    Row ray = {
      (float) (view->eye.x + view->forward[0] * depth + view->right[0] * side),
      (float) (view->eye.y + view->forward[1] * depth + view->right[1] * side),
      (float) (view->right[0] * step),
      (float) (view->right[1] * step),
      (float) depth,
    };
    paint_ground_row (self, pixels + (gsize) y * view->width * 4, view->width, &ray, ego, change_m,
                      is_town, lighting);
  }
}

void
bolo_drive_scenery_paint (const BoloDriveScenery *self,
                          guint8 *pixels,
                          const BoloDriveView *view,
                          const BoloDriveRoad *road,
                          const BoloDriveEgo *ego,
                          const BoloDriveLighting *lighting)
{
  g_return_if_fail (self != NULL && pixels != NULL);
  paint_sky (self, pixels, view, ego, lighting);
  paint_ground (self, pixels, view, road, ego, lighting);
  bolo_drive_walls_paint (self->walls, pixels, view, road, ego, lighting);
}
