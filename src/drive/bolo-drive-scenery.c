/* bolo-drive-scenery.c: road, verges, hedges, houses and sky behind the traffic
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-scenery.h"

#include <math.h>
#include <string.h>

#include "bolo-drive-random.h"
#include "bolo-drive-wall.h"

#define GRAIN 512       /* pixels each way of the ground's grain, a power of 2 */
#define GRAIN_A_M 56.0f /* of them a metre */
#define FINE_M 16.0f    /* nearer than this the grain shows */
#define CROSS_HALF_M 16
#define CROSS_A_M 32
#define N_CROSS (2 * CROSS_HALF_M * CROSS_A_M)
#define DASH_M 9.0
#define DASH_LINE_M 3.0
#define N_HILLS 1024
/* Brightness steps of the ground's colours: 1 is SHADE_ONE. */
#define SHADE_ONE 160
#define N_SHADES 256

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
  guint8 grain[GRAIN * GRAIN];         /* 128 is neither brighter nor darker */
  guint8 coarse[GRAIN * GRAIN];        /* for what is far */
  guint8 cross[2][N_CROSS];            /* Ground by the way left of the middle; open road, town */
  guint32 colours[GROUND_N][N_SHADES]; /* as pixels, by brightness */
  float hills[N_HILLS];                /* height over distance, by heading */
  BoloDriveWalls *walls;               /* (owned) */
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

/* Patches of a metre or so, and in the fine one the stones in them. */
static void
make_grain (BoloDriveScenery *self, GRand *random)
{
  enum {
    PATCH = 64
  };
  double patches[GRAIN / PATCH][GRAIN / PATCH];

  for (int i = 0; i < (GRAIN / PATCH) * (GRAIN / PATCH); i++)
    patches[i / (GRAIN / PATCH)][i % (GRAIN / PATCH)] = bolo_drive_random_between (random, -7, 7);
  for (int y = 0; y < GRAIN; y++) {
    for (int x = 0; x < GRAIN; x++) {
      int i = y / PATCH;
      int k = x / PATCH;
      int below = (i + 1) % (GRAIN / PATCH);
      int right = (k + 1) % (GRAIN / PATCH);
      double down = (y % PATCH) / (double) PATCH;
      double across = (x % PATCH) / (double) PATCH;
      double patch = (patches[i][k] * (1 - across) + patches[i][right] * across) * (1 - down) +
                     (patches[below][k] * (1 - across) + patches[below][right] * across) * down;
      double stone = bolo_drive_random_between (random, -13, 13);
      self->coarse[y * GRAIN + x] = (guint8) (128 + patch);
      self->grain[y * GRAIN + x] = (guint8) (128 + patch + stone);
    }
  }
}

/* Room is left over the brightest for the haze, so that adding it never overflows a byte. */
static void
make_colours (BoloDriveScenery *self)
{
  for (guint ground = 0; ground < GROUND_N; ground++) {
    for (guint shade = 0; shade < N_SHADES; shade++) {
      guint32 pixel = 0;
      for (guint c = 0; c < 3; c++) {
        float value = ground_colours[ground][c] * shade / SHADE_ONE;
        pixel |= (guint32) MIN (value, 248.0f) << (8 * c);
      }
      self->colours[ground][shade] = pixel;
    }
  }
}

BoloDriveScenery *
bolo_drive_scenery_new (guint32 seed)
{
  g_autoptr (GRand) random = bolo_drive_random_new (seed, BOLO_DRIVE_STREAM_SCENERY, 0);
  BoloDriveScenery *self = g_new0 (BoloDriveScenery, 1);

  make_grain (self, random);
  make_colours (self);
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

static guint32
make_pixel (const float colour[3])
{
  guint32 pixel = 0;
  for (guint c = 0; c < 3; c++)
    pixel |= (guint32) MIN (colour[c], 255.0f) << (8 * c);
  return pixel;
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
    guint32 *row = (guint32 *) (pixels + (gsize) y * view->width * 4);
    for (guint c = 0; c < 3; c++) {
      sky[c] = lighting->sky_high[c] + part * (lighting->sky_low[c] - lighting->sky_high[c]);
      hill[c] = 0.45f * lighting->sky_low[c] + (c == 2 ? 22 : 34) * lighting->ambient[c];
    }
    guint32 sky_pixel = make_pixel (sky);
    guint32 hill_pixel = make_pixel (hill);
    for (int x = 0; x < view->width; x++)
      row[x] = y < hill_top[x] ? sky_pixel : hill_pixel;
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

/* What the whole ground shares in one frame. */
typedef struct {
  float half_curve;
  float cosine; /* of our yaw */
  float sine;
  float left;
  float begin;  /* our way along, in the period of the grain and the dashes */
  float change; /* ahead, where town and open road meet */
  gboolean is_town;
  float ambient;
} Here;

/* The haze over a row as a pixel to add; *keeps is the share of the ground's own light. */
static guint32
get_haze (const BoloDriveLighting *lighting, float depth, float *keeps)
{
  float haze = CLAMP (depth / 420.0f, 0, 0.8f);
  guint32 pixel = 0;

  *keeps = 1 - haze;
  for (guint c = 0; c < 3; c++)
    pixel |= (guint32) (haze * lighting->sky_low[c] * 0.8f) << (8 * c);
  return pixel;
}

static void
paint_ground_row (const BoloDriveScenery *self,
                  guint32 *row,
                  int width,
                  const Row *ray,
                  const Here *here,
                  const BoloDriveLighting *lighting)
{
  const guint8 *grain = ray->depth < FINE_M ? self->grain : self->coarse;
  float reach = bolo_drive_lighting_get_reach (lighting, ray->depth);
  float narrow = 1 / (4.0f + 0.35f * ray->depth);
  float keeps;
  guint32 haze = get_haze (lighting, ray->depth, &keeps);
  float scale = keeps * SHADE_ONE / 128.0f;

  for (int u = 0; u < width; u++) {
    float eye_x = ray->x + u * ray->step_x;
    float eye_y = ray->y + u * ray->step_y;
    float x = here->cosine * eye_x - here->sine * eye_y;
    float y = here->sine * eye_x + here->cosine * eye_y;
    float left = y - here->half_curve * x * x + here->left;
    int cross = (int) ((left + CROSS_HALF_M) * CROSS_A_M);
    guint town = (guint) (here->is_town != (x >= here->change));
    guint8 ground = self->cross[town][CLAMP (cross, 0, N_CROSS - 1)];
    float along = here->begin + x;
    if (ground == GROUND_DASH &&
        along - (float) DASH_M * floorf (along / (float) DASH_M) > (float) DASH_LINE_M)
      ground = GROUND_ASPHALT;
    guint gx = (guint) (int) (along * GRAIN_A_M) & (GRAIN - 1);
    guint gy = (guint) (int) ((left + 64) * GRAIN_A_M) & (GRAIN - 1);
    float light = here->ambient;
    if (reach > 0) {
      /* Our lamps' pool narrows towards its sides. */
      float side = eye_y * narrow;
      side *= side;
      light += reach / (1 + side * side);
    }
    int shade = (int) (light * scale * grain[gy * GRAIN + gx]);
    row[u] = self->colours[ground][MIN (shade, N_SHADES - 1)] + haze;
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
  double back_m = ego->along_m - BOLO_DRIVE_SIGHT_BACK_M;
  /* 9 m of dashes and 64/7 m of grain both go into 576 m. */
  Here here = {
    (float) ego->curve_per_m / 2,
    (float) cos (ego->yaw_rad),
    (float) sin (ego->yaw_rad),
    (float) ego->left_m,
    (float) (fmod (ego->along_m, 576.0) + 576),
    (float) MIN (bolo_drive_road_get_next_change (road, back_m) - ego->along_m, 1e6),
    bolo_drive_road_is_town (road, back_m),
    (lighting->ambient[0] + lighting->ambient[1] + lighting->ambient[2]) / 3,
  };

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
    paint_ground_row (self, (guint32 *) (pixels + (gsize) y * view->width * 4), view->width, &ray,
                      &here, lighting);
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
