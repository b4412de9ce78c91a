/* test-drive-light.c: the light goes from day to night without a jump, each camera in its way
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>

#include "bolo-drive-light.h"
#include "drive-test.h"

enum {
  FRONT,
  ONCOMING,
  LEFT,
  REAR
};

static BoloDriveLighting
get_light (const BoloDriveScenario *scenario, guint camera, double time_s)
{
  BoloDriveLighting lighting;
  bolo_drive_lighting_get (scenario, g_ptr_array_index (scenario->cameras, camera), time_s,
                           &lighting);
  return lighting;
}

static void
test_darker (void)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load (1);
  for (guint camera = FRONT; camera <= REAR; camera++) {
    BoloDriveLighting day = get_light (scenario, camera, 5);
    BoloDriveLighting dusk = get_light (scenario, camera, 33);
    BoloDriveLighting night = get_light (scenario, camera, 55);
    g_assert_cmpfloat (day.ambient[1], >, dusk.ambient[1]);
    g_assert_cmpfloat (dusk.ambient[1], >, night.ambient[1]);
    g_assert_cmpfloat (day.sky_low[1], >, night.sky_low[1]);
    g_assert_cmpfloat (night.lamps, >, day.lamps);
    g_assert_cmpfloat (night.noise, >, day.noise);
    g_assert_cmpfloat (night.exposure_s, >=, day.exposure_s);
  }
}

static void
test_no_jump (void)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load (1);
  for (guint camera = FRONT; camera <= REAR; camera++) {
    BoloDriveLighting before = get_light (scenario, camera, 0);
    for (double t = 0.1; t < 60; t += 0.1) {
      BoloDriveLighting now = get_light (scenario, camera, t);
      g_assert_cmpfloat (fabs (now.ambient[1] - before.ambient[1]), <, 0.02);
      g_assert_cmpfloat (fabs (now.plate - before.plate), <, 0.02);
      g_assert_cmpfloat (fabs (now.headlights - before.headlights), <, 0.02);
      before = now;
    }
  }
}

/* Our headlights light what is ahead, less and less; the infra-red camera has its own flash. */
static void
test_lamps (void)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load (1);
  BoloDriveLighting front = get_light (scenario, FRONT, 55);
  BoloDriveLighting rear = get_light (scenario, REAR, 55);
  BoloDriveLighting day = get_light (scenario, FRONT, 5);
  BoloDriveLighting flash_day = get_light (scenario, ONCOMING, 5);

  g_assert_cmpfloat (bolo_drive_lighting_get_reach (&front, 5), >, 0.5);
  for (double metres = 5; metres < 80; metres += 5)
    g_assert_cmpfloat (bolo_drive_lighting_get_reach (&front, metres), >,
                       bolo_drive_lighting_get_reach (&front, metres + 5));
  g_assert_cmpfloat (bolo_drive_lighting_get_reach (&rear, 5), ==, 0);
  g_assert_cmpfloat (bolo_drive_lighting_get_reach (&day, 5), ==, 0);
  g_assert_cmpfloat (bolo_drive_lighting_get_reach (&flash_day, 5), >, 0.2);
  g_assert_true (flash_day.is_infrared);
  g_assert_false (front.is_infrared);
  g_assert_true (front.looks_ahead);
  g_assert_false (rear.looks_ahead);
}

/* What passes close by needs the shortest exposure; a flash is shorter than any sun. */
static void
test_exposure (void)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load (1);
  g_assert_cmpfloat (get_light (scenario, LEFT, 55).exposure_s, <,
                     get_light (scenario, REAR, 55).exposure_s);
  g_assert_cmpfloat (get_light (scenario, ONCOMING, 55).exposure_s, <=, 1 / 2000.0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive/light/darker", test_darker);
  g_test_add_func ("/drive/light/no-jump", test_no_jump);
  g_test_add_func ("/drive/light/lamps", test_lamps);
  g_test_add_func ("/drive/light/exposure", test_exposure);
  return g_test_run ();
}
