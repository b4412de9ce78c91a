/* bolo-drive-slots.c: the places on the road and in time that vehicles can take
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-slots.h"

#include <math.h>

#include "bolo-drive-random.h"

#define FAR_M 180.0
#define FOLLOWING_M 15.5 /* between middles, on the open road */
#define TOWN_FOLLOWING_M 11.0
#define LANE_CHANGE_S 3.0
#define PLACES_MPS 5.5 /* gain of one that changes places with us */
#define KERB_M BOLO_DRIVE_ROAD_LEFT

typedef struct {
  const BoloDriveScenario *scenario;
  const BoloDriveRoad *road;
  GRand *random;
  GArray *slots; /* of BoloDriveSlot */
} Finder;

static BoloDriveSlot *
add_slot (Finder *finder, BoloDriveMotion motion, double lane_m, double meeting_s)
{
  BoloDriveSlot slot = {0};
  slot.way.motion = motion;
  slot.way.lane_m = lane_m;
  slot.meeting_s = meeting_s;
  g_array_append_val (finder->slots, slot);
  return &g_array_index (finder->slots, BoloDriveSlot, finder->slots->len - 1);
}

/* Passes us, or is passed (@gain_mps < 0), at @time_s. */
static BoloDriveSlot *
add_passing (Finder *finder, double lane_m, double time_s, double gain_mps)
{
  BoloDriveSlot *slot = add_slot (finder, BOLO_DRIVE_MOTION_WITH_US, lane_m, time_s);
  double half_s = FAR_M / fabs (gain_mps);
  bolo_drive_way_add_key (&slot->way, time_s - half_s, -gain_mps * half_s);
  bolo_drive_way_add_key (&slot->way, time_s + half_s, gain_mps * half_s);
  return slot;
}

/* Comes up to @ahead_m (behind if < 0) and stays there; then drives or falls away, or changes
 * places with us: the one before us is passed, the one behind passes. */
static void
add_companion (Finder *finder,
               double lane_m,
               double ahead_m,
               double from_s,
               double to_s,
               gboolean changes_places)
{
  double far_m = ahead_m > 0 ? FAR_M : -FAR_M;
  BoloDriveSlot *slot =
    add_slot (finder, BOLO_DRIVE_MOTION_WITH_US, lane_m, from_s <= 0 ? 0 : from_s + 3);
  slot->must_be = TRUE;
  if (from_s > 0) {
    bolo_drive_way_add_key (&slot->way, from_s, far_m);
    bolo_drive_way_add_key (&slot->way, from_s + 5, ahead_m);
  } else {
    bolo_drive_way_add_key (&slot->way, -4, ahead_m + (ahead_m > 0 ? 1 : -1));
  }
  double stays_s = MAX (to_s + 0.5, from_s + 8);
  double middle_s = (MAX (from_s + 5, 0) + stays_s) / 2;
  bolo_drive_way_add_key (&slot->way, middle_s,
                          ahead_m * bolo_drive_random_between (finder->random, 0.95, 1.05));
  bolo_drive_way_add_key (&slot->way, stays_s, ahead_m);
  if (changes_places) {
    /* Beside us when the change of lanes is done. */
    bolo_drive_way_add_key (&slot->way, stays_s + 3.7, 0.05 * ahead_m);
    bolo_drive_way_add_key (&slot->way, stays_s + 3.7 + FAR_M / PLACES_MPS, -far_m);
  } else
    bolo_drive_way_add_key (&slot->way, stays_s + 7, far_m);
}

static void
add_oncoming (Finder *finder, double from_s, double to_s, double gap_s, double speed_mps)
{
  double at_s = from_s;
  while (at_s < to_s) {
    BoloDriveEgo ego;
    bolo_drive_road_get_ego (finder->road, at_s, &ego);
    BoloDriveSlot *slot =
      add_slot (finder, BOLO_DRIVE_MOTION_STEADY, BOLO_DRIVE_LANE_ONCOMING, at_s);
    slot->way.speed_mps = -speed_mps;
    slot->way.along_m = ego.along_m + 8 + speed_mps * at_s;
    slot->way.yaw_rad = G_PI;
    at_s += gap_s * bolo_drive_random_between (finder->random, 0.85, 1.2);
  }
}

/* End of the stretch in the left lane that begins at phase @first; its start if there is none. */
static double
get_left_lane_end (const GArray *phases, guint first)
{
  guint i = first;
  while (i < phases->len &&
         g_array_index (phases, BoloDriveStretch, i).kind != BOLO_DRIVE_PHASE_OVERTAKING)
    i++;
  return g_array_index (phases, BoloDriveStretch, i - 1).end_s;
}

static gboolean
is_next_overtaking (const GArray *phases, guint index)
{
  return index + 1 < phases->len &&
         g_array_index (phases, BoloDriveStretch, index + 1).kind == BOLO_DRIVE_PHASE_OVERTAKING;
}

/* Are we in the left lane before phase @index, with one ahead of us who stays there? */
static gboolean
is_led_already (const GArray *phases, guint index)
{
  return index > 0 &&
         g_array_index (phases, BoloDriveStretch, index - 1).kind != BOLO_DRIVE_PHASE_OVERTAKING;
}

/* One ahead of us for as long as we are in the left lane. */
static void
add_leader (Finder *finder, const GArray *phases, guint index, double ahead_m)
{
  const BoloDriveStretch *phase = &g_array_index (phases, BoloDriveStretch, index);
  guint last = index;

  if (is_led_already (phases, index))
    return;
  while (last + 1 < phases->len && !is_next_overtaking (phases, last))
    last++;
  add_companion (finder, BOLO_DRIVE_LANE_LEFT, ahead_m, phase->start_s,
                 g_array_index (phases, BoloDriveStretch, last).end_s,
                 is_next_overtaking (phases, last));
}

static void
find_overtaking (Finder *finder, const GArray *phases, guint index)
{
  const BoloDriveStretch *phase = &g_array_index (phases, BoloDriveStretch, index);
  double gain_mps = -bolo_drive_random_between (finder->random, 4.2, 5.2);
  double at_s = phase->start_s + (phase->start_s <= 0 ? 2.5 : 8);
  guint last = G_MAXUINT;

  for (; at_s < phase->end_s - 4; at_s += bolo_drive_random_between (finder->random, 2.6, 3.1)) {
    add_passing (finder, BOLO_DRIVE_LANE_LEFT, at_s, gain_mps);
    last = finder->slots->len - 1;
  }
  double left_end_s = get_left_lane_end (phases, index + 1);
  if (left_end_s > phase->end_s && last != G_MAXUINT) {
    /* The last one passed stays behind us when we are back in its lane. */
    BoloDriveSlot *slot = &g_array_index (finder->slots, BoloDriveSlot, last);
    slot->must_be = TRUE;
    slot->way.n_keys = 1;
    bolo_drive_way_add_key (&slot->way, slot->meeting_s - 1.5, -1.5 * gain_mps);
    bolo_drive_way_add_key (&slot->way, slot->meeting_s + 1, gain_mps);
    bolo_drive_way_add_key (
      &slot->way, slot->meeting_s + 1 - 1.6 * (FOLLOWING_M + gain_mps) / gain_mps, -FOLLOWING_M);
    bolo_drive_way_add_key (&slot->way, left_end_s - 0.5, -FOLLOWING_M * 0.96);
    bolo_drive_way_add_key (&slot->way, left_end_s + 6.5, -FAR_M);
  }
  add_oncoming (finder, phase->start_s + (phase->start_s <= 0 ? 1.5 : LANE_CHANGE_S),
                phase->end_s - 0.8, 1.25, bolo_drive_random_between (finder->random, 23.5, 25));
  add_companion (finder, BOLO_DRIVE_LANE_MIDDLE, FOLLOWING_M, phase->start_s, phase->end_s, FALSE);
  add_companion (finder, BOLO_DRIVE_LANE_MIDDLE, -FOLLOWING_M, phase->start_s, phase->end_s, TRUE);
}

static void
find_overtaken (Finder *finder, const GArray *phases, guint index)
{
  const BoloDriveStretch *phase = &g_array_index (phases, BoloDriveStretch, index);
  double gain_mps = bolo_drive_random_between (finder->random, 5.2, 6.2);
  double at_s = phase->start_s + (phase->start_s <= 0 ? 2 : 9);

  for (; at_s < phase->end_s - 2.5; at_s += bolo_drive_random_between (finder->random, 2.2, 2.7))
    add_passing (finder, BOLO_DRIVE_LANE_MIDDLE, at_s, gain_mps);
  add_leader (finder, phases, index, FOLLOWING_M);
  if (phase->start_s <= 0)
    add_companion (finder, BOLO_DRIVE_LANE_LEFT, -FOLLOWING_M, 0, get_left_lane_end (phases, index),
                   FALSE);
}

/* Rows along the way, some parallel to the kerb, some with nose or tail to it. */
static void
add_parked (Finder *finder, double from_m, double to_m)
{
  GRand *random = finder->random;
  double at_m = from_m;
  gboolean is_parallel = FALSE;

  while (at_m < to_m) {
    is_parallel = !is_parallel && bolo_drive_random_chance (random, 0.55);
    guint n =
      (guint) (is_parallel ? g_rand_int_range (random, 2, 5) : g_rand_int_range (random, 4, 8));
    double slant = bolo_drive_random_chance (random, 0.5) ? 0 : 0.35;
    for (guint i = 0; i < n && at_m < to_m; i++) {
      BoloDriveSlot *slot = add_slot (finder, BOLO_DRIVE_MOTION_PARKED, 0,
                                      bolo_drive_road_find_time (finder->road, at_m - 3));
      slot->way.along_m = at_m;
      slot->is_parallel = is_parallel;
      if (is_parallel) {
        slot->way.lane_m = KERB_M + 1.25;
        slot->way.yaw_rad = bolo_drive_random_between (random, -0.03, 0.03);
        at_m += bolo_drive_random_between (random, 6.8, 7.6);
      } else {
        /* Most drive in nose first: then the rear plate faces the road. */
        gboolean is_nose_in = bolo_drive_random_chance (random, 0.7);
        slot->way.lane_m = KERB_M + 2.3 + 2.3;
        slot->way.yaw_rad = (is_nose_in ? G_PI / 2 : -G_PI / 2) - slant +
                            bolo_drive_random_between (random, -0.05, 0.05);
        at_m += slant > 0 ? 3.3 : 2.75;
      }
    }
    at_m += bolo_drive_random_between (random, 3.5, 6);
  }
}

static void
find_town (Finder *finder, const GArray *phases, guint index)
{
  const BoloDriveStretch *phase = &g_array_index (phases, BoloDriveStretch, index);
  double from_s = phase->start_s;
  double settled_s = from_s <= 0 ? 0 : from_s + 6;
  BoloDriveEgo from;
  BoloDriveEgo to;

  bolo_drive_road_get_ego (finder->road, settled_s, &from);
  bolo_drive_road_get_ego (finder->road, phase->end_s, &to);
  add_parked (finder, from.along_m + 9, to.along_m - 6);
  add_oncoming (finder, settled_s + 1.5, phase->end_s - 2, 2.4,
                bolo_drive_random_between (finder->random, 9.5, 11.5));
  add_leader (finder, phases, index, TOWN_FOLLOWING_M);
  if (from_s <= 0)
    add_companion (finder, BOLO_DRIVE_LANE_LEFT, -FOLLOWING_M, 0, get_left_lane_end (phases, index),
                   FALSE);
}

GArray *
bolo_drive_slots_find (const BoloDriveScenario *scenario, const BoloDriveRoad *road, guint attempt)
{
  g_return_val_if_fail (scenario != NULL && road != NULL, NULL);
  g_autoptr (GRand) random =
    bolo_drive_random_new (scenario->seed, BOLO_DRIVE_STREAM_TRAFFIC, attempt * 2);
  Finder finder = {scenario, road, random, g_array_new (FALSE, TRUE, sizeof (BoloDriveSlot))};
  const GArray *phases = scenario->phases;

  for (guint i = 0; i < phases->len; i++) {
    int kind = g_array_index (phases, BoloDriveStretch, i).kind;
    if (kind == BOLO_DRIVE_PHASE_OVERTAKING)
      find_overtaking (&finder, phases, i);
    else if (kind == BOLO_DRIVE_PHASE_OVERTAKEN)
      find_overtaken (&finder, phases, i);
    else
      find_town (&finder, phases, i);
  }
  return finder.slots;
}
