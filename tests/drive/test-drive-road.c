/* test-drive-road.c: the car's way and the GPS track agree with each other and with physics
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>
#include <string.h>

#include "bolo-drive-road.h"
#include "bolo-drive-track.h"
#include "drive-test.h"

/* Speed is the way's change; no jump in it; the car stands at the town's light and drives fast
 * enough for 50 m/s closing on the open road. */
static void
test_motion (void)
{
  for (guint32 seed = 1; seed <= 5; seed++) {
    g_autoptr (BoloDriveScenario) scenario = drive_test_load (seed);
    g_autoptr (BoloDriveRoad) road = bolo_drive_road_new (scenario);
    double slowest = 99;
    double fastest = 0;
    BoloDriveEgo before;
    bolo_drive_road_get_ego (road, 0, &before);
    for (guint i = 1; i < 600; i++) {
      BoloDriveEgo ego;
      bolo_drive_road_get_ego (road, i * 0.1, &ego);
      double mean_mps = (ego.speed_mps + before.speed_mps) / 2;
      double way_m = hypot (ego.north_m - before.north_m, ego.east_m - before.east_m);
      g_assert_cmpfloat_with_epsilon (ego.along_m - before.along_m, mean_mps * 0.1, 0.02);
      g_assert_cmpfloat_with_epsilon (way_m, mean_mps * 0.1, 0.02);
      g_assert_cmpfloat (fabs (ego.speed_mps - before.speed_mps), <, 0.4);
      g_assert_cmpfloat (fabs (ego.curve_per_m), <, 1 / 500.0);
      g_assert_cmpfloat (ego.left_m, >=, BOLO_DRIVE_LANE_MIDDLE);
      g_assert_cmpfloat (ego.left_m, <=, BOLO_DRIVE_LANE_LEFT);
      slowest = MIN (slowest, ego.speed_mps);
      fastest = MAX (fastest, ego.speed_mps);
      before = ego;
    }
    g_assert_cmpfloat (slowest, <, 0.05);
    g_assert_cmpfloat (fastest, >, 24);
  }
}

static void
test_find_time (void)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load (2);
  g_autoptr (BoloDriveRoad) road = bolo_drive_road_new (scenario);

  for (double at_s = 1; at_s < 20; at_s += 1.7) {
    BoloDriveEgo ego;
    bolo_drive_road_get_ego (road, at_s, &ego);
    g_assert_cmpfloat_with_epsilon (bolo_drive_road_find_time (road, ego.along_m), at_s, 0.05);
  }
  BoloDriveEgo in_town;
  BoloDriveEgo outside;
  bolo_drive_road_get_ego (road, 33, &in_town);
  bolo_drive_road_get_ego (road, 10, &outside);
  g_assert_true (bolo_drive_road_is_town (road, in_town.along_m));
  g_assert_false (bolo_drive_road_is_town (road, outside.along_m));
  double change_m = bolo_drive_road_get_next_change (road, outside.along_m);
  g_assert_cmpfloat (change_m, <, in_town.along_m);
  g_assert_false (bolo_drive_road_is_town (road, change_m - 0.1));
  g_assert_true (bolo_drive_road_is_town (road, change_m + 0.1));
}

static double
parse_angle (const char *text, const char *sign, char negative)
{
  double value = g_ascii_strtod (text, NULL);
  double degrees = floor (value / 100);
  degrees += (value - degrees * 100) / 60;
  return *sign == negative ? -degrees : degrees;
}

static void
check_checksum (const char *sentence)
{
  guint8 sum = 0;
  const char *c = sentence + 1;

  g_assert_cmpint (*sentence, ==, '$');
  for (; *c != '*'; c++) {
    g_assert_cmpint (*c, !=, '\0');
    sum ^= (guint8) *c;
  }
  g_assert_cmpuint (g_ascii_strtoull (c + 1, NULL, 16), ==, sum);
  g_assert_cmpuint (strlen (c), ==, 3);
}

/* Each second: time, place within 5 cm, speed and heading as driven. */
static void
check_rmc (char **fields,
           const BoloDriveScenario *scenario,
           const BoloDriveRoad *road,
           guint second)
{
  BoloDriveEgo ego;
  double latitude;
  double longitude;
  g_autoptr (GDateTime) start = g_date_time_new_from_unix_utc (scenario->start_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) now = g_date_time_add_seconds (start, second);
  g_autofree char *time = g_date_time_format (now, "%H%M%S.00");
  g_autofree char *date = g_date_time_format (now, "%d%m%y");

  bolo_drive_road_get_ego (road, second, &ego);
  bolo_drive_road_get_place (road, second, &latitude, &longitude);
  g_assert_cmpstr (fields[1], ==, time);
  g_assert_cmpstr (fields[2], ==, "A");
  g_assert_cmpfloat_with_epsilon (parse_angle (fields[3], fields[4], 'S'), latitude, 5e-7);
  g_assert_cmpfloat_with_epsilon (parse_angle (fields[5], fields[6], 'W'), longitude, 5e-7);
  g_assert_cmpfloat_with_epsilon (g_ascii_strtod (fields[7], NULL) / 1.943844, ego.speed_mps, 0.01);
  g_assert_cmpfloat_with_epsilon (
    remainder (g_ascii_strtod (fields[8], NULL) - ego.heading_deg, 360), 0, 0.06);
  g_assert_cmpstr (fields[9], ==, date);
}

static void
test_track (void)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load (3);
  g_autoptr (BoloDriveRoad) road = bolo_drive_road_new (scenario);
  g_autofree char *track = bolo_drive_track_format (scenario, road);
  g_auto (GStrv) lines = g_strsplit (track, "\r\n", 0);
  guint second = 0;

  g_assert_cmpuint (g_strv_length (lines), ==, 2 * 61 + 1);
  for (guint i = 0; *lines[i] != '\0'; i++) {
    g_auto (GStrv) fields = g_strsplit (lines[i], ",", 0);
    check_checksum (lines[i]);
    if (i % 2 == 0) {
      g_assert_cmpstr (fields[0], ==, "$GPGGA");
      g_assert_cmpstr (fields[6], ==, "1");
      g_assert_cmpuint (g_strv_length (fields), ==, 15);
    } else {
      g_assert_cmpstr (fields[0], ==, "$GPRMC");
      check_rmc (fields, scenario, road, second++);
    }
  }
}

/* West and south, and a longitude just under a whole degree, come out right. */
static void
test_track_signs (void)
{
  g_autofree char *text = drive_test_make_text (
    "duration_s=60", "duration_s=30\nlatitude=-33.99999999\nlongitude=-0.000001", "vehicles=40",
    "vehicles=20", NULL);
  g_autoptr (BoloDriveScenario) scenario = bolo_drive_scenario_load_data (text, "t", 1, NULL);
  g_assert_nonnull (scenario);
  g_autoptr (BoloDriveRoad) road = bolo_drive_road_new (scenario);
  g_autofree char *track = bolo_drive_track_format (scenario, road);
  g_assert_true (g_str_has_prefix (track, "$GPGGA,174000.00,3400.00000,S,00000.00006,W,"));
}

static void
test_seeds_differ (void)
{
  g_autoptr (BoloDriveScenario) one = drive_test_load (1);
  g_autoptr (BoloDriveScenario) two = drive_test_load (2);
  g_autoptr (BoloDriveRoad) road_one = bolo_drive_road_new (one);
  g_autoptr (BoloDriveRoad) road_two = bolo_drive_road_new (two);
  g_autofree char *track_one = bolo_drive_track_format (one, road_one);
  g_autofree char *track_two = bolo_drive_track_format (two, road_two);
  g_assert_cmpstr (track_one, !=, track_two);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive/road/motion", test_motion);
  g_test_add_func ("/drive/road/find-time", test_find_time);
  g_test_add_func ("/drive/track/agrees", test_track);
  g_test_add_func ("/drive/track/signs", test_track_signs);
  g_test_add_func ("/drive/track/seeds-differ", test_seeds_differ);
  return g_test_run ();
}
