/* test-drive-way.c: ways pass through their keys, smoothly, and never beyond them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>

#include "bolo-drive-slots.h"
#include "bolo-drive-way.h"
#include "drive-test.h"

static double
get_ahead (const BoloDriveWay *way, double time_s)
{
  BoloDriveEgo ego = {.along_m = 500, .speed_mps = 20};
  BoloDrivePose pose;
  bolo_drive_way_get_pose (way, &ego, time_s, &pose);
  return pose.along_m - ego.along_m;
}

static void
test_keys (void)
{
  static const double keys[][2] = {{0, 120}, {6, 16}, {12, 15}, {14, 16}, {21, 150}};
  BoloDriveWay way = {.motion = BOLO_DRIVE_MOTION_WITH_US};

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_assert_true (bolo_drive_way_add_key (&way, keys[i][0], keys[i][1]));
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_assert_cmpfloat_with_epsilon (get_ahead (&way, keys[i][0]), keys[i][1], 1e-9);
  for (guint i = 0; i + 1 < G_N_ELEMENTS (keys); i++) {
    double low = MIN (keys[i][1], keys[i + 1][1]);
    double high = MAX (keys[i][1], keys[i + 1][1]);
    for (double t = keys[i][0]; t < keys[i + 1][0]; t += 0.05) {
      g_assert_cmpfloat (get_ahead (&way, t), >=, low - 1e-9);
      g_assert_cmpfloat (get_ahead (&way, t), <=, high + 1e-9);
      /* No kink: the speed changes by little in 10 ms. */
      double before = get_ahead (&way, t) - get_ahead (&way, t - 0.01);
      double after = get_ahead (&way, t + 0.01) - get_ahead (&way, t);
      g_assert_cmpfloat (fabs (after - before) / 0.01, <, 0.6);
    }
  }
}

static void
test_too_many_keys (void)
{
  BoloDriveWay way = {.motion = BOLO_DRIVE_MOTION_WITH_US};

  for (guint i = 0; i < BOLO_DRIVE_MAX_KEYS; i++)
    g_assert_true (bolo_drive_way_add_key (&way, i, i));
  g_assert_false (bolo_drive_way_add_key (&way, 99, 99));
  g_assert_cmpuint (way.n_keys, ==, BOLO_DRIVE_MAX_KEYS);
}

/* Two keys: an even gain, before, between and after them. */
static void
test_straight (void)
{
  BoloDriveWay way = {.motion = BOLO_DRIVE_MOTION_WITH_US};

  bolo_drive_way_add_key (&way, 2, -10);
  bolo_drive_way_add_key (&way, 4, 0);
  for (double t = -3; t < 9; t += 0.5)
    g_assert_cmpfloat_with_epsilon (get_ahead (&way, t), 5 * (t - 4), 1e-9);
}

static void
test_own_speed (void)
{
  BoloDriveWay oncoming = {
    .motion = BOLO_DRIVE_MOTION_STEADY, .along_m = 700, .speed_mps = -24, .lane_m = -3.5};
  BoloDriveWay parked = {.motion = BOLO_DRIVE_MOTION_PARKED, .along_m = 530, .yaw_rad = 1.5};
  BoloDriveEgo ego = {.along_m = 500};
  BoloDrivePose pose;

  bolo_drive_way_get_pose (&oncoming, &ego, 5, &pose);
  g_assert_cmpfloat_with_epsilon (pose.along_m, 700 - 24 * 5, 1e-9);
  g_assert_cmpfloat (pose.left_m, ==, -3.5);
  ego.along_m = 510;
  bolo_drive_way_get_pose (&parked, &ego, 5, &pose);
  g_assert_cmpfloat (pose.along_m, ==, 530);
  g_assert_cmpfloat (pose.yaw_rad, ==, 1.5);
}

/* Whatever the phases: keys in order of time, meeting times inside the drive, enough of each. */
static void
test_slots (void)
{
  static const char *const phases[] = {
    "overtaking:20;town:20;overtaken:20",
    "town:25;overtaking:20;overtaken:15",
    "overtaken:30;town:30",
    "town:20;overtaken:20",
    "overtaking:60",
    "overtaken:12;overtaking:12",
  };
  for (guint i = 0; i < G_N_ELEMENTS (phases); i++) {
    g_autofree char *text =
      drive_test_make_text ("overtaking:20;town:20;overtaken:20", phases[i], NULL);
    g_autoptr (BoloDriveScenario) scenario = bolo_drive_scenario_load_data (text, "t", 3, NULL);
    g_assert_nonnull (scenario);
    g_autoptr (BoloDriveRoad) road = bolo_drive_road_new (scenario);
    g_autoptr (GArray) slots = bolo_drive_slots_find (scenario, road, 0);
    guint n_companions = 0;
    g_assert_cmpuint (slots->len, >=, 14);
    for (guint k = 0; k < slots->len; k++) {
      const BoloDriveSlot *slot = &g_array_index (slots, BoloDriveSlot, k);
      g_assert_cmpfloat (slot->meeting_s, >=, 0);
      g_assert_cmpfloat (slot->meeting_s, <, 60.1);
      n_companions += slot->must_be;
      if (slot->way.motion != BOLO_DRIVE_MOTION_WITH_US)
        continue;
      g_assert_cmpuint (slot->way.n_keys, >=, 2);
      for (guint j = 1; j < slot->way.n_keys; j++)
        g_assert_cmpfloat (slot->way.keys[j].time_s, >, slot->way.keys[j - 1].time_s);
    }
    g_assert_cmpuint (n_companions, >=, 2);
  }
}

/* Parked ones stand beside the carriageway, in town, and the others on it. */
static void
test_lanes (void)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load (12);
  g_autoptr (BoloDriveRoad) road = bolo_drive_road_new (scenario);
  g_autoptr (GArray) slots = bolo_drive_slots_find (scenario, road, 0);
  guint n_parked = 0;

  for (guint k = 0; k < slots->len; k++) {
    const BoloDriveSlot *slot = &g_array_index (slots, BoloDriveSlot, k);
    if (slot->way.motion == BOLO_DRIVE_MOTION_PARKED) {
      n_parked++;
      g_assert_cmpfloat (slot->way.lane_m, >, BOLO_DRIVE_ROAD_LEFT + 1);
      g_assert_true (bolo_drive_road_is_town (road, slot->way.along_m));
    } else {
      gboolean is_lane = slot->way.lane_m == BOLO_DRIVE_LANE_LEFT ||
                         slot->way.lane_m == BOLO_DRIVE_LANE_MIDDLE ||
                         slot->way.lane_m == BOLO_DRIVE_LANE_ONCOMING;
      g_assert_true (is_lane);
      g_assert_cmpint (slot->way.lane_m == BOLO_DRIVE_LANE_ONCOMING, ==, slot->way.speed_mps < 0);
    }
  }
  g_assert_cmpuint (n_parked, >=, 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive/way/keys", test_keys);
  g_test_add_func ("/drive/way/too-many-keys", test_too_many_keys);
  g_test_add_func ("/drive/way/straight", test_straight);
  g_test_add_func ("/drive/way/own-speed", test_own_speed);
  g_test_add_func ("/drive/slots/any-phases", test_slots);
  g_test_add_func ("/drive/slots/lanes", test_lanes);
  return g_test_run ();
}
