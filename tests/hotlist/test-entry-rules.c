/* test-entry-rules.c: entries hold where and when they say, and a missing fix costs no hit
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>

#include "bolo-entry-rules.h"

#define NOW_US G_GINT64_CONSTANT (1773508800000000) /* Saturday 2026-03-14 17:20 UTC */
#define HERE_LATITUDE 52.48
#define HERE_LONGITUDE (-1.90)

static BoloFix *
make_fix (double latitude, double longitude, double accuracy_m)
{
  const BoloFix values = {.time_us = NOW_US,
                          .latitude_deg = latitude,
                          .longitude_deg = longitude,
                          .accuracy_m = accuracy_m,
                          .speed_mps = 0,
                          .heading_deg = NAN};

  return bolo_fix_new (&values);
}

static BoloEntryStanding
judge_at (const BoloListEntry *entry, const BoloFix *fix, gint64 at_us)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  return bolo_entry_rules_judge (entry, fix, at_us, utc);
}

static void
test_times (void)
{
  g_autoptr (BoloListEntry) entry = bolo_list_entry_new ();

  g_assert_cmpint (judge_at (entry, NULL, NOW_US), ==, BOLO_ENTRY_HOLDS);
  entry->weed_us = NOW_US;
  g_assert_cmpint (judge_at (entry, NULL, NOW_US - 1), ==, BOLO_ENTRY_HOLDS);
  g_assert_cmpint (judge_at (entry, NULL, NOW_US), ==, BOLO_ENTRY_WEEDED);
  entry->weed_us = G_MAXINT64;
  entry->valid_from_us = NOW_US;
  entry->valid_until_us = NOW_US + 10;
  g_assert_cmpint (judge_at (entry, NULL, NOW_US - 1), ==, BOLO_ENTRY_NOT_YET);
  g_assert_cmpint (judge_at (entry, NULL, NOW_US), ==, BOLO_ENTRY_HOLDS);
  g_assert_cmpint (judge_at (entry, NULL, NOW_US + 9), ==, BOLO_ENTRY_HOLDS);
  g_assert_cmpint (judge_at (entry, NULL, NOW_US + 10), ==, BOLO_ENTRY_OVER);
}

static void
test_days (void)
{
  g_autoptr (BoloListEntry) entry = bolo_list_entry_new ();
  g_autoptr (GTimeZone) london = g_time_zone_new_identifier ("Europe/London");

  g_assert_nonnull (london);
  entry->days = 1 << 5; /* Saturday */
  g_assert_cmpint (judge_at (entry, NULL, NOW_US), ==, BOLO_ENTRY_HOLDS);
  entry->days = BOLO_DAYS_ALL & ~(1 << 5);
  g_assert_cmpint (judge_at (entry, NULL, NOW_US), ==, BOLO_ENTRY_OTHER_DAY);
  for (guint day = 0; day < 7; day++) {
    entry->days = (guint8) (1u << day);
    g_assert_cmpint (judge_at (entry, NULL, NOW_US + ((gint64) day - 5) * G_TIME_SPAN_DAY), ==,
                     BOLO_ENTRY_HOLDS);
  }
  /* Half past ten of a Saturday in summer, UTC; an hour later it is Sunday in London only. */
  entry->days = 1 << 6;
  g_assert_cmpint (
    bolo_entry_rules_judge (entry, NULL, G_GINT64_CONSTANT (1783809000000000), london), ==,
    BOLO_ENTRY_OTHER_DAY);
  g_assert_cmpint (bolo_entry_rules_judge (
                     entry, NULL, G_GINT64_CONSTANT (1783809000000000) + G_TIME_SPAN_HOUR, london),
                   ==, BOLO_ENTRY_HOLDS);
}

static void
test_circle (void)
{
  g_autoptr (BoloListEntry) entry = bolo_list_entry_new ();
  /* A thousandth of a degree of latitude is 111.2 m. */
  g_autoptr (BoloFix) centre = make_fix (HERE_LATITUDE, HERE_LONGITUDE, 5);
  g_autoptr (BoloFix) edge = make_fix (HERE_LATITUDE + 0.0045, HERE_LONGITUDE, 5);
  g_autoptr (BoloFix) far = make_fix (HERE_LATITUDE + 0.01, HERE_LONGITUDE, 5);
  g_autoptr (BoloFix) vague = make_fix (HERE_LATITUDE + 0.01, HERE_LONGITUDE, 700);
  g_autoptr (BoloFix) broken = make_fix (HERE_LATITUDE, HERE_LONGITUDE, NAN);

  g_assert_true (
    bolo_area_set_circle (&entry->area, (BoloAreaPoint){HERE_LATITUDE, HERE_LONGITUDE}, 500));
  g_assert_cmpint (judge_at (entry, centre, NOW_US), ==, BOLO_ENTRY_HOLDS);
  g_assert_cmpint (judge_at (entry, edge, NOW_US), ==, BOLO_ENTRY_PLACE_UNKNOWN);
  g_assert_cmpint (judge_at (entry, far, NOW_US), ==, BOLO_ENTRY_ELSEWHERE);
  g_assert_cmpint (judge_at (entry, vague, NOW_US), ==, BOLO_ENTRY_PLACE_UNKNOWN);
  g_assert_cmpint (judge_at (entry, broken, NOW_US), ==, BOLO_ENTRY_PLACE_UNKNOWN);
  g_assert_cmpint (judge_at (entry, NULL, NOW_US), ==, BOLO_ENTRY_PLACE_UNKNOWN);
  g_assert_cmpfloat_with_epsilon (
    bolo_area_get_distance_m (&entry->area, HERE_LATITUDE + 0.01, HERE_LONGITUDE), 612, 1);
  /* Time goes first: what is over is not asked where. */
  entry->weed_us = NOW_US;
  g_assert_cmpint (judge_at (entry, NULL, NOW_US), ==, BOLO_ENTRY_WEEDED);
  g_assert_true (bolo_entry_standing_is_hit (BOLO_ENTRY_HOLDS));
  g_assert_true (bolo_entry_standing_is_hit (BOLO_ENTRY_PLACE_UNKNOWN));
  g_assert_false (bolo_entry_standing_is_hit (BOLO_ENTRY_ELSEWHERE));
}

static double
get_polygon_distance (const BoloAreaPoint *points, guint n, double latitude, double longitude)
{
  g_auto (BoloArea) area = {0};

  g_assert_true (bolo_area_set_polygon (&area, points, n));
  return bolo_area_get_distance_m (&area, latitude, longitude);
}

static void
test_polygon (void)
{
  /* A U, open to the north. */
  const BoloAreaPoint u[] = {{52.0, -2.0}, {52.0, -1.7}, {52.3, -1.7}, {52.3, -1.8},
                             {52.1, -1.8}, {52.1, -1.9}, {52.3, -1.9}, {52.3, -2.0}};

  g_assert_cmpfloat (get_polygon_distance (u, G_N_ELEMENTS (u), 52.05, -1.85), <, 0);
  g_assert_cmpfloat (get_polygon_distance (u, G_N_ELEMENTS (u), 52.25, -1.95), <, 0);
  g_assert_cmpfloat (get_polygon_distance (u, G_N_ELEMENTS (u), 52.25, -1.75), <, 0);
  g_assert_cmpfloat (get_polygon_distance (u, G_N_ELEMENTS (u), 52.25, -1.85), >, 0);
  g_assert_cmpfloat (get_polygon_distance (u, G_N_ELEMENTS (u), 52.35, -1.95), >, 0);
  g_assert_cmpfloat_with_epsilon (get_polygon_distance (u, G_N_ELEMENTS (u), 51.99, -1.85), 1112,
                                  2);
  g_assert_cmpfloat_with_epsilon (get_polygon_distance (u, G_N_ELEMENTS (u), 52.01, -1.85), -1112,
                                  2);
}

static void
test_date_line (void)
{
  const BoloAreaPoint box[] = {{-17, 179}, {-17, -179}, {-16, -179}, {-16, 179}};

  g_assert_cmpfloat (get_polygon_distance (box, 4, -16.5, 179.9), <, 0);
  g_assert_cmpfloat (get_polygon_distance (box, 4, -16.5, -179.9), <, 0);
  g_assert_cmpfloat (get_polygon_distance (box, 4, -16.5, 178.9), >, 0);
  g_assert_cmpfloat (get_polygon_distance (box, 4, -16.5, 0), >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/entry-rules/times", test_times);
  g_test_add_func ("/entry-rules/days", test_days);
  g_test_add_func ("/entry-rules/circle", test_circle);
  g_test_add_func ("/entry-rules/polygon", test_polygon);
  g_test_add_func ("/entry-rules/date-line", test_date_line);
  return g_test_run ();
}
