/* test-fix-ring.c: the fix between, before and after measurements, and the clock's median
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-clock-offset.h"
#include "bolo-fix-ring.h"

#include <math.h>

#define SECOND G_USEC_PER_SEC
#define START (G_GINT64_CONSTANT (1773508800) * SECOND)

static BoloFix
make (double seconds, double latitude, double longitude, double speed_mps, double heading_deg)
{
  return (BoloFix){.time_us = START + (gint64) (seconds * SECOND),
                   .latitude_deg = latitude,
                   .longitude_deg = longitude,
                   .accuracy_m = 5,
                   .speed_mps = speed_mps,
                   .heading_deg = heading_deg,
                   .clock_offset_us = 0,
                   .how = BOLO_FIX_HOW_MEASURED};
}

static void
add (BoloFixRing *ring, BoloFix fix)
{
  g_assert_true (bolo_fix_ring_add (ring, &fix));
}

static BoloFix *
get (BoloFixRing *ring, double seconds)
{
  return bolo_fix_ring_get_at (ring, START + (gint64) (seconds * SECOND), G_MAXINT64);
}

static void
test_empty (void)
{
  g_autoptr (BoloFixRing) ring = bolo_fix_ring_new (4);

  g_assert_null (get (ring, 0));
  g_assert_null (bolo_fix_ring_get_newest (ring, G_MAXINT64));
}

static void
test_measured (void)
{
  g_autoptr (BoloFixRing) ring = bolo_fix_ring_new (0);
  g_autoptr (BoloFix) fix = NULL;

  add (ring, make (0, 51.5, -1.2, 10, 0));
  fix = get (ring, 0);
  g_assert_cmpint (fix->how, ==, BOLO_FIX_HOW_MEASURED);
  g_assert_cmpint (fix->age_ms, ==, 0);
  g_assert_cmpfloat (fix->accuracy_m, ==, 5);
}

static void
test_interpolated (void)
{
  g_autoptr (BoloFixRing) ring = bolo_fix_ring_new (0);
  g_autoptr (BoloFix) fix = NULL;

  add (ring, make (0, 51.5, -1.2, 10, 350));
  add (ring, make (2, 51.6, -1.4, 20, 20));
  fix = get (ring, 0.5);
  g_assert_cmpint (fix->how, ==, BOLO_FIX_HOW_INTERPOLATED);
  g_assert_cmpint (fix->time_us, ==, START + SECOND / 2);
  g_assert_cmpint (fix->age_ms, ==, 0);
  g_assert_cmpfloat_with_epsilon (fix->latitude_deg, 51.525, 1e-9);
  g_assert_cmpfloat_with_epsilon (fix->longitude_deg, -1.25, 1e-9);
  g_assert_cmpfloat_with_epsilon (fix->speed_mps, 12.5, 1e-9);
  /* the short way from 350 to 20 degrees */
  g_assert_cmpfloat_with_epsilon (fix->heading_deg, 357.5, 1e-9);
  g_assert_cmpfloat (fix->accuracy_m, >, 5);
  g_assert_cmpfloat (fix->accuracy_m, <, 10);
}

static void
test_date_line (void)
{
  g_autoptr (BoloFixRing) ring = bolo_fix_ring_new (0);
  g_autoptr (BoloFix) fix = NULL;

  add (ring, make (0, 10, 179.999, 10, 90));
  add (ring, make (2, 10, -179.999, 10, 90));
  fix = get (ring, 1);
  g_assert_cmpfloat_with_epsilon (fabs (fix->longitude_deg), 180, 1e-6);
}

/* A car at 20 m/s to the east is 40 m further after 2 s, and perhaps somewhere else. */
static void
test_extrapolated (void)
{
  g_autoptr (BoloFixRing) ring = bolo_fix_ring_new (0);
  g_autoptr (BoloFix) fix = NULL;
  g_autoptr (BoloFix) later = NULL;
  BoloFix start = make (0, 51.5, -1.2, 20, 90);

  add (ring, start);
  fix = get (ring, 2);
  g_assert_cmpint (fix->how, ==, BOLO_FIX_HOW_EXTRAPOLATED);
  g_assert_cmpint (fix->age_ms, ==, 2000);
  g_assert_cmpfloat_with_epsilon (bolo_fix_get_distance_m (&start, fix), 40, 0.1);
  g_assert_cmpfloat (fix->longitude_deg, >, -1.2);
  g_assert_cmpfloat_with_epsilon (fix->latitude_deg, 51.5, 1e-6);
  g_assert_cmpfloat (fix->accuracy_m, >=, 5 + 8);

  later = get (ring, 5);
  g_assert_cmpfloat (later->accuracy_m, >, fix->accuracy_m);
  g_assert_null (get (ring, 5.1));
}

static void
test_extrapolated_back (void)
{
  g_autoptr (BoloFixRing) ring = bolo_fix_ring_new (0);
  g_autoptr (BoloFix) fix = NULL;

  add (ring, make (0, 51.5, -1.2, 20, 0));
  fix = get (ring, -1);
  g_assert_cmpint (fix->how, ==, BOLO_FIX_HOW_EXTRAPOLATED);
  g_assert_cmpint (fix->age_ms, ==, -1000);
  g_assert_cmpfloat (fix->latitude_deg, <, 51.5);
  g_assert_null (get (ring, -5.1));
}

/* Without speed or heading nobody knows where it went: it stays, and the circle grows faster. */
static void
test_unknown_motion (void)
{
  g_autoptr (BoloFixRing) ring = bolo_fix_ring_new (0);
  g_autoptr (BoloFix) fix = NULL;
  g_autoptr (BoloFix) no_heading = NULL;

  add (ring, make (0, 51.5, -1.2, NAN, NAN));
  fix = get (ring, 2);
  g_assert_cmpfloat (fix->latitude_deg, ==, 51.5);
  g_assert_cmpfloat (fix->accuracy_m, >=, 5 + 70);
  g_assert_true (isnan (fix->speed_mps));

  add (ring, make (10, 51.5, -1.2, 10, NAN));
  no_heading = get (ring, 12);
  g_assert_cmpfloat (no_heading->latitude_deg, ==, 51.5);
  g_assert_cmpfloat (no_heading->accuracy_m, >=, 5 + 20);
}

static void
test_unknown_motion_between (void)
{
  g_autoptr (BoloFixRing) ring = bolo_fix_ring_new (0);
  g_autoptr (BoloFix) fix = NULL;

  add (ring, make (0, 51.5, -1.2, NAN, 90));
  add (ring, make (1, 51.5, -1.2, 10, NAN));
  fix = get (ring, 0.5);
  g_assert_cmpfloat (fix->speed_mps, ==, 10);
  g_assert_cmpfloat (fix->heading_deg, ==, 90);
}

/* A tunnel: beside its mouths something is known, in its middle nothing. */
static void
test_gap (void)
{
  g_autoptr (BoloFixRing) ring = bolo_fix_ring_new (0);
  g_autoptr (BoloFix) entry = NULL;
  g_autoptr (BoloFix) exit_fix = NULL;

  add (ring, make (0, 51.5, -1.2, 20, 90));
  add (ring, make (30, 51.5, -1.1, 20, 90));
  entry = get (ring, 3);
  exit_fix = get (ring, 28);
  g_assert_cmpint (entry->how, ==, BOLO_FIX_HOW_EXTRAPOLATED);
  g_assert_cmpint (entry->age_ms, ==, 3000);
  g_assert_cmpint (exit_fix->how, ==, BOLO_FIX_HOW_EXTRAPOLATED);
  g_assert_null (get (ring, 15));
}

/* With the clock at t nothing measured after t is known. */
static void
test_known_until (void)
{
  g_autoptr (BoloFixRing) ring = bolo_fix_ring_new (0);
  g_autoptr (BoloFix) early = NULL;
  g_autoptr (BoloFix) late = NULL;
  const BoloFix *newest;

  add (ring, make (0, 51.5, -1.2, 20, 90));
  add (ring, make (1, 51.6, -1.2, 20, 90));
  early = bolo_fix_ring_get_at (ring, START + SECOND / 2, START + SECOND / 2);
  late = bolo_fix_ring_get_at (ring, START + SECOND / 2, START + SECOND);
  g_assert_cmpint (early->how, ==, BOLO_FIX_HOW_EXTRAPOLATED);
  g_assert_cmpint (late->how, ==, BOLO_FIX_HOW_INTERPOLATED);
  g_assert_null (bolo_fix_ring_get_at (ring, START, START - 1));
  newest = bolo_fix_ring_get_newest (ring, START + SECOND / 2);
  g_assert_cmpint (newest->time_us, ==, START);
}

static void
test_refused (void)
{
  g_autoptr (BoloFixRing) ring = bolo_fix_ring_new (0);
  BoloFix fix = make (1, 51.5, -1.2, 20, 90);
  BoloFix older = make (0, 51.5, -1.2, 20, 90);
  BoloFix nowhere = make (2, 0, 0, 20, 90);
  BoloFix broken = make (2, NAN, -1.2, 20, 90);

  add (ring, fix);
  g_assert_false (bolo_fix_ring_add (ring, &fix));
  g_assert_false (bolo_fix_ring_add (ring, &older));
  g_assert_false (bolo_fix_ring_add (ring, &nowhere));
  g_assert_false (bolo_fix_ring_add (ring, &broken));
  g_assert_cmpuint (bolo_fix_ring_get_length (ring), ==, 1);
}

static void
test_capacity (void)
{
  g_autoptr (BoloFixRing) ring = bolo_fix_ring_new (10);
  g_autoptr (BoloFix) newest = NULL;

  for (int i = 0; i < 1000; i++) {
    add (ring, make (i, 51.5 + i * 1e-5, -1.2, 20, 90));
    g_assert_cmpuint (bolo_fix_ring_get_length (ring), <=, 10);
  }
  newest = get (ring, 999);
  g_assert_cmpfloat_with_epsilon (newest->latitude_deg, 51.50999, 1e-9);
  g_assert_null (get (ring, 900));
  bolo_fix_ring_clear (ring);
  g_assert_null (get (ring, 999));
}

static void
test_median (void)
{
  BoloClockOffset offset = {0};

  g_assert_cmpint (bolo_clock_offset_get_median_us (&offset), ==, G_MININT64);
  bolo_clock_offset_add (&offset, 300);
  g_assert_cmpint (bolo_clock_offset_get_median_us (&offset), ==, 300);
  bolo_clock_offset_add (&offset, -100);
  bolo_clock_offset_add (&offset, 200);
  g_assert_cmpint (bolo_clock_offset_get_median_us (&offset), ==, 200);
  /* one report that was held up for a minute changes nothing */
  bolo_clock_offset_add (&offset, 60 * SECOND);
  bolo_clock_offset_add (&offset, 250);
  g_assert_cmpint (bolo_clock_offset_get_median_us (&offset), ==, 250);
  for (int i = 0; i < BOLO_CLOCK_OFFSET_WINDOW; i++)
    bolo_clock_offset_add (&offset, 7);
  g_assert_cmpint (bolo_clock_offset_get_median_us (&offset), ==, 7);
  bolo_clock_offset_clear (&offset);
  g_assert_cmpint (bolo_clock_offset_get_median_us (&offset), ==, G_MININT64);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fix-ring/empty", test_empty);
  g_test_add_func ("/fix-ring/measured", test_measured);
  g_test_add_func ("/fix-ring/interpolated", test_interpolated);
  g_test_add_func ("/fix-ring/date-line", test_date_line);
  g_test_add_func ("/fix-ring/extrapolated", test_extrapolated);
  g_test_add_func ("/fix-ring/extrapolated-back", test_extrapolated_back);
  g_test_add_func ("/fix-ring/unknown-motion", test_unknown_motion);
  g_test_add_func ("/fix-ring/unknown-motion-between", test_unknown_motion_between);
  g_test_add_func ("/fix-ring/gap", test_gap);
  g_test_add_func ("/fix-ring/known-until", test_known_until);
  g_test_add_func ("/fix-ring/refused", test_refused);
  g_test_add_func ("/fix-ring/capacity", test_capacity);
  g_test_add_func ("/clock-offset/median", test_median);
  return g_test_run ();
}
