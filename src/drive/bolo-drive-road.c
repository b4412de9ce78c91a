/* bolo-drive-road.c: the road's curve and the car's way along it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-road.h"

#include <math.h>
#include <string.h>

#include "bolo-drive-random.h"

#define STEP_S 0.02
#define BRAKE_MPS2 3.2
#define DRIVE_MPS2 2.6
#define LANE_CHANGE_S 3.0
#define STOP_S 4.0 /* at the town's traffic light */
#define N_WAVES 3
#define METRES_A_DEGREE 111320.0

struct _BoloDriveRoad {
  BoloDriveEgo *steps; /* (owned) one a STEP_S */
  guint n_steps;
  double wave_length_m[N_WAVES];
  double wave_phase[N_WAVES];
  double wave_height_rad[N_WAVES]; /* of the heading */
  GArray *towns;                   /* (owned) pairs of double: from, to, metres along */
  double latitude_deg;
  double longitude_deg;
  double heading_rad; /* at the start, clockwise from north */
};

/* Heading of the road to the left of its heading at the start. */
static double
get_turn (const BoloDriveRoad *self, double along_m)
{
  double turn = 0;
  for (guint i = 0; i < N_WAVES; i++)
    turn +=
      self->wave_height_rad[i] *
      (sin (along_m / self->wave_length_m[i] + self->wave_phase[i]) - sin (self->wave_phase[i]));
  return turn;
}

static double
get_curve (const BoloDriveRoad *self, double along_m)
{
  double curve = 0;
  for (guint i = 0; i < N_WAVES; i++)
    curve += self->wave_height_rad[i] / self->wave_length_m[i] *
             cos (along_m / self->wave_length_m[i] + self->wave_phase[i]);
  return curve;
}

static void
init_waves (BoloDriveRoad *self, GRand *random)
{
  /* Radius never under about 600 m, so that a camera's picture can take the curve as constant. */
  static const double lengths[N_WAVES] = {1100, 420, 160};
  static const double radii[N_WAVES] = {2200, 2400, 3800};
  for (guint i = 0; i < N_WAVES; i++) {
    self->wave_length_m[i] = lengths[i] * bolo_drive_random_between (random, 0.8, 1.25);
    self->wave_phase[i] = bolo_drive_random_between (random, 0, 2 * G_PI);
    self->wave_height_rad[i] = self->wave_length_m[i] / radii[i];
  }
}

static double
get_target_speed (const BoloDriveStretch *phase, double time_s, const double *cruise)
{
  if (phase->kind == BOLO_DRIVE_PHASE_TOWN) {
    double stop_at_s = phase->start_s + 0.5 * (phase->end_s - phase->start_s);
    if (phase->end_s - phase->start_s > 14 && time_s > stop_at_s && time_s < stop_at_s + STOP_S)
      return 0;
    /* Leave the town at its end, not after it. */
    return cruise[BOLO_DRIVE_PHASE_TOWN];
  }
  return cruise[phase->kind];
}

static double
get_target_lane (const BoloDriveStretch *phase)
{
  return phase->kind == BOLO_DRIVE_PHASE_OVERTAKING ? BOLO_DRIVE_LANE_MIDDLE : BOLO_DRIVE_LANE_LEFT;
}

/* Left offset while changing lanes in each stretch's first seconds. */
static double
get_left (const BoloDriveScenario *scenario, double time_s)
{
  const BoloDriveStretch *phase = bolo_drive_scenario_find (scenario->phases, time_s);
  double to = get_target_lane (phase);
  if (phase->start_s <= 0)
    return to;
  double from =
    get_target_lane (bolo_drive_scenario_find (scenario->phases, phase->start_s - 0.001));
  double part = CLAMP ((time_s - phase->start_s) / LANE_CHANGE_S, 0, 1);
  return from + (to - from) * part * part * (3 - 2 * part);
}

static void
drive (BoloDriveRoad *self, const BoloDriveScenario *scenario, const double *cruise)
{
  BoloDriveEgo at = {0};

  at.speed_mps = get_target_speed (bolo_drive_scenario_find (scenario->phases, 0), 0, cruise);
  for (guint i = 0; i < self->n_steps; i++) {
    double time_s = i * STEP_S;
    const BoloDriveStretch *phase = bolo_drive_scenario_find (scenario->phases, time_s);
    double wish = get_target_speed (phase, time_s, cruise) - at.speed_mps;
    at.left_m = get_left (scenario, time_s);
    double side_mps = (get_left (scenario, time_s + STEP_S) - at.left_m) / STEP_S;
    at.yaw_rad = at.speed_mps > 1 ? atan2 (side_mps, at.speed_mps) : 0;
    at.curve_per_m = get_curve (self, at.along_m);
    double heading = self->heading_rad - get_turn (self, at.along_m);
    at.heading_deg = fmod ((heading - at.yaw_rad) * 180 / G_PI + 720, 360);
    self->steps[i] = at;

    double next_mps = at.speed_mps + CLAMP (wish, -BRAKE_MPS2 * STEP_S, DRIVE_MPS2 * STEP_S);
    double way_m = (at.speed_mps + next_mps) / 2 * STEP_S;
    at.north_m += way_m * cos (heading);
    at.east_m += way_m * sin (heading);
    at.along_m += way_m;
    at.speed_mps = next_mps;
  }
}

static void
find_towns (BoloDriveRoad *self, const BoloDriveScenario *scenario)
{
  for (guint i = 0; i < scenario->phases->len; i++) {
    const BoloDriveStretch *phase = &g_array_index (scenario->phases, BoloDriveStretch, i);
    if (phase->kind != BOLO_DRIVE_PHASE_TOWN)
      continue;
    BoloDriveEgo from;
    BoloDriveEgo to;
    bolo_drive_road_get_ego (self, phase->start_s, &from);
    bolo_drive_road_get_ego (self, phase->end_s, &to);
    double town[2] = {from.along_m + 10, to.along_m + 15};
    g_array_append_vals (self->towns, town, 2);
  }
}

BoloDriveRoad *
bolo_drive_road_new (const BoloDriveScenario *scenario)
{
  g_return_val_if_fail (scenario != NULL, NULL);
  g_autoptr (GRand) random = bolo_drive_random_new (scenario->seed, BOLO_DRIVE_STREAM_ROAD, 0);
  BoloDriveRoad *self = g_new0 (BoloDriveRoad, 1);
  double cruise[3];

  cruise[BOLO_DRIVE_PHASE_OVERTAKING] = bolo_drive_random_between (random, 24.5, 26);
  cruise[BOLO_DRIVE_PHASE_OVERTAKEN] = bolo_drive_random_between (random, 20, 22.5);
  cruise[BOLO_DRIVE_PHASE_TOWN] = bolo_drive_random_between (random, 7.6, 8.8);
  init_waves (self, random);
  self->latitude_deg = scenario->latitude_deg;
  self->longitude_deg = scenario->longitude_deg;
  self->heading_rad = scenario->heading_deg * G_PI / 180;
  self->towns = g_array_new (FALSE, FALSE, sizeof (double));
  self->n_steps = (guint) (scenario->duration_s / STEP_S) + 4;
  self->steps = g_new0 (BoloDriveEgo, self->n_steps);
  drive (self, scenario, cruise);
  find_towns (self, scenario);
  return self;
}

void
bolo_drive_road_free (BoloDriveRoad *self)
{
  if (self == NULL)
    return;
  g_free (self->steps);
  g_array_unref (self->towns);
  g_free (self);
}

static double
mix (double a, double b, double part)
{
  return a + (b - a) * part;
}

void
bolo_drive_road_get_ego (const BoloDriveRoad *self, double time_s, BoloDriveEgo *ego)
{
  g_return_if_fail (self != NULL && ego != NULL);
  double at = CLAMP (time_s / STEP_S, 0, self->n_steps - 1.001);
  guint i = (guint) at;
  double part = at - i;
  const BoloDriveEgo *a = &self->steps[i];
  const BoloDriveEgo *b = &self->steps[i + 1];
  double turn_deg = remainder (b->heading_deg - a->heading_deg, 360);

  ego->along_m = mix (a->along_m, b->along_m, part);
  ego->left_m = mix (a->left_m, b->left_m, part);
  ego->yaw_rad = mix (a->yaw_rad, b->yaw_rad, part);
  ego->speed_mps = mix (a->speed_mps, b->speed_mps, part);
  ego->curve_per_m = mix (a->curve_per_m, b->curve_per_m, part);
  ego->north_m = mix (a->north_m, b->north_m, part);
  ego->east_m = mix (a->east_m, b->east_m, part);
  ego->heading_deg = fmod (a->heading_deg + turn_deg * part + 360, 360);
}

double
bolo_drive_road_find_time (const BoloDriveRoad *self, double along_m)
{
  g_return_val_if_fail (self != NULL, 0);
  guint low = 0;
  guint high = self->n_steps - 1;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (self->steps[middle].along_m < along_m)
      low = middle + 1;
    else
      high = middle;
  }
  return low * STEP_S;
}

gboolean
bolo_drive_road_is_town (const BoloDriveRoad *self, double along_m)
{
  for (guint i = 0; i + 1 < self->towns->len; i += 2) {
    if (along_m >= g_array_index (self->towns, double, i) &&
        along_m < g_array_index (self->towns, double, i + 1))
      return TRUE;
  }
  return FALSE;
}

double
bolo_drive_road_get_next_change (const BoloDriveRoad *self, double along_m)
{
  for (guint i = 0; i < self->towns->len; i++) {
    if (g_array_index (self->towns, double, i) > along_m)
      return g_array_index (self->towns, double, i);
  }
  return G_MAXDOUBLE;
}

void
bolo_drive_road_get_place (const BoloDriveRoad *self,
                           double time_s,
                           double *latitude_deg,
                           double *longitude_deg)
{
  BoloDriveEgo ego;
  bolo_drive_road_get_ego (self, time_s, &ego);
  *latitude_deg = self->latitude_deg + ego.north_m / METRES_A_DEGREE;
  *longitude_deg =
    self->longitude_deg + ego.east_m / (METRES_A_DEGREE * cos (self->latitude_deg * G_PI / 180));
}
