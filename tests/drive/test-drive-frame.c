/* test-drive-frame.c: what the painters put into a frame, looked at pixel by pixel
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>
#include <string.h>

#include "bolo-drive-camera.h"
#include "bolo-drive-car.h"
#include "bolo-drive-sensor.h"
#include "bolo-paths.h"
#include "drive-test.h"

#define WIDTH 1280
#define HEIGHT 720

/* One vehicle at a chosen place, everything else empty. */
typedef struct {
  BoloDriveScenario *scenario;
  BoloDriveRoad *road;
  BoloDriveTraffic *traffic;
  BoloOutlines *outlines;
  BoloDriveScenery *scenery;
} Stage;

static void
stage_init (Stage *self, gboolean is_old)
{
  g_autofree char *path = bolo_paths_get_data_file ("plate/outlines-gb.ini");
  BoloDriveMark mark = {"AB12CDE", "AB12 CDE", BOLO_DRIVE_SYNTAX_CURRENT};
  BoloDriveVehicle *vehicle;

  self->outlines = bolo_outlines_load (path, NULL);
  g_assert_nonnull (self->outlines);
  self->scenario = drive_test_load (4);
  self->road = bolo_drive_road_new (self->scenario);
  self->traffic = bolo_drive_traffic_new (self->scenario, self->road, 0);
  g_array_set_size (self->traffic->vehicles, 1);
  vehicle = &g_array_index (self->traffic->vehicles, BoloDriveVehicle, 0);
  memset (&vehicle->way, 0, sizeof vehicle->way);
  vehicle->way.motion = BOLO_DRIVE_MOTION_WITH_US;
  bolo_drive_way_add_key (&vehicle->way, 0, 14);
  vehicle->plates[1].is_two_line = FALSE;
  vehicle->plates[1].dirt = 0;
  bolo_drive_vehicle_set_mark (vehicle, &mark);
  vehicle->plates[1].is_old = is_old;
  self->scenery = bolo_drive_scenery_new (1);
}

static void
stage_clear (Stage *self)
{
  bolo_drive_scenery_free (self->scenery);
  bolo_outlines_unref (self->outlines);
  bolo_drive_traffic_free (self->traffic);
  bolo_drive_road_free (self->road);
  bolo_drive_scenario_free (self->scenario);
}

static BoloDriveCameraman *
stage_hire (Stage *self, guint camera)
{
  return bolo_drive_cameraman_new (self->scenario, self->road, self->traffic, self->outlines,
                                   self->scenery, camera);
}

/* The plate's corners at a frame, from the shot. */
static void
find_plate (const Stage *stage, guint camera, guint frame, double corners[4][2])
{
  BoloDriveView view;
  BoloDriveShot shot;

  bolo_drive_view_init (&view, stage->scenario,
                        g_ptr_array_index (stage->scenario->cameras, camera));
  bolo_drive_shot_init (&shot);
  bolo_drive_shot_take (&shot, &view, stage->road, stage->traffic, frame / 15.0);
  g_assert_cmpuint (shot.seen->len, ==, 1);
  const BoloDriveSeen *seen = &g_array_index (shot.seen, BoloDriveSeen, 0);
  g_assert_true (seen->has_plate && seen->is_rear);
  memcpy (corners, seen->corners, sizeof seen->corners);
  bolo_drive_shot_clear (&shot);
}

static double
get_mean_luma (const guint8 *luma, double x0, double y0, double x1, double y1)
{
  double sum = 0;
  guint n = 0;
  for (int y = (int) ceil (y0); y < (int) floor (y1); y++) {
    for (int x = (int) ceil (x0); x < (int) floor (x1); x++) {
      sum += luma[y * WIDTH + x];
      n++;
    }
  }
  return n == 0 ? 0 : sum / n;
}

/* By day the plate's margin is bright yellow, where the geometry says; its strokes are dark. */
static void
test_plate_in_frame (void)
{
  Stage stage;
  double corners[4][2];

  stage_init (&stage, FALSE);
  g_autoptr (BoloDriveCameraman) cameraman = stage_hire (&stage, 0);
  const guint8 *i420 = bolo_drive_cameraman_render (cameraman, 30);
  find_plate (&stage, 0, 30, corners);
  double height = corners[3][1] - corners[0][1];
  double width = corners[1][0] - corners[0][0];
  double top = get_mean_luma (i420, corners[0][0] + 0.35 * width, corners[0][1] + 1,
                              corners[0][0] + 0.9 * width, corners[0][1] + 0.13 * height + 1);
  double middle = get_mean_luma (i420, corners[0][0] + 0.15 * width, corners[0][1] + 0.25 * height,
                                 corners[0][0] + 0.9 * width, corners[0][1] + 0.75 * height);
  g_assert_cmpfloat (top, >, 150);
  g_assert_cmpfloat (middle, <, top - 30);
  /* Yellow: little blue. */
  const guint8 *cb = i420 + WIDTH * HEIGHT;
  int x = (int) (corners[0][0] + 0.6 * width) / 2;
  int y = (int) (corners[0][1] + 0.07 * height) / 2;
  g_assert_cmpint (cb[y * (WIDTH / 2) + x], <, 105);
  g_clear_pointer (&cameraman, bolo_drive_cameraman_free);
  stage_clear (&stage);
}

/* Infra-red at night: sheeting shines among darkness; silver on black does not; no colour. */
static void
test_infrared (void)
{
  double brightness[2];
  for (guint is_old = 0; is_old < 2; is_old++) {
    Stage stage;
    double corners[4][2];
    stage_init (&stage, (gboolean) is_old);
    /* Into the camera's view: it looks to the right. */
    g_array_index (stage.traffic->vehicles, BoloDriveVehicle, 0).way.lane_m = 0.2;
    g_autoptr (BoloDriveCameraman) cameraman = stage_hire (&stage, 1);
    const guint8 *i420 = bolo_drive_cameraman_render (cameraman, 54 * 15);
    find_plate (&stage, 1, 54 * 15, corners);
    brightness[is_old] =
      get_mean_luma (i420, corners[0][0], corners[0][1], corners[1][0], corners[2][1]);
    for (guint i = 0; i < WIDTH * HEIGHT / 2; i += 997)
      g_assert_cmpint (i420[WIDTH * HEIGHT + i], ==, 128);
    g_assert_cmpfloat (get_mean_luma (i420, 0, 0, WIDTH, 100), <, 40);
    g_clear_pointer (&cameraman, bolo_drive_cameraman_free);
    stage_clear (&stage);
  }
  g_assert_cmpfloat (brightness[0], >, 110);
  g_assert_cmpfloat (brightness[1], <, 80);
}

/* The same frame twice is the same bytes, whatever came between. */
static void
test_repeats (void)
{
  Stage stage;
  gsize size = bolo_drive_sensor_get_size (WIDTH, HEIGHT);

  stage_init (&stage, FALSE);
  g_autoptr (BoloDriveCameraman) cameraman = stage_hire (&stage, 3);
  g_autofree guint8 *first = g_memdup2 (bolo_drive_cameraman_render (cameraman, 77), size);
  const guint8 *other = bolo_drive_cameraman_render (cameraman, 300);
  g_assert_cmpint (memcmp (first, other, size), !=, 0);
  const guint8 *again = bolo_drive_cameraman_render (cameraman, 77);
  g_assert_cmpmem (first, size, again, size);
  g_clear_pointer (&cameraman, bolo_drive_cameraman_free);
  stage_clear (&stage);
}

/* Sky over road over nothing unpainted; the white line runs where the pin-hole puts it. */
static void
test_scenery (void)
{
  Stage stage;
  BoloDriveLighting lighting;
  BoloDriveView view;
  BoloDriveEgo ego;
  g_autofree guint8 *pixels = g_malloc (WIDTH * HEIGHT * 4);
  const BoloDriveCamera *camera;

  stage_init (&stage, FALSE);
  camera = g_ptr_array_index (stage.scenario->cameras, 0);
  memset (pixels, 0, WIDTH * HEIGHT * 4);
  bolo_drive_lighting_get (stage.scenario, camera, 3, &lighting);
  bolo_drive_view_init (&view, stage.scenario, camera);
  bolo_drive_road_get_ego (stage.road, 3, &ego);
  ego.curve_per_m = 0;
  ego.yaw_rad = 0;
  bolo_drive_scenery_paint (stage.scenery, pixels, &view, stage.road, &ego, &lighting);
  for (guint i = 0; i < WIDTH * HEIGHT; i++)
    g_assert_cmpint (pixels[i * 4] + pixels[i * 4 + 1] + pixels[i * 4 + 2], >, 0);
  /* Blue over the middle, grey below it. */
  const guint8 *sky = pixels + (10 * WIDTH + WIDTH / 2) * 4;
  g_assert_cmpint (sky[0], >, sky[2] + 20);
  /* The right edge line of the carriageway, 20 m ahead. */
  BoloDrivePoint line = {view.eye.x + 20, -5.0 - ego.left_m, 0};
  double u, v;
  g_assert_true (bolo_drive_view_project (&view, &line, &u, &v, NULL));
  const guint8 *white = pixels + ((int) v * WIDTH + (int) u) * 4;
  const guint8 *asphalt = white - 40 * 4;
  g_assert_cmpint (white[1], >, 150);
  g_assert_cmpint (asphalt[1], <, 130);
  stage_clear (&stage);
}

/* A body covers the middle of its outline and nothing far from it; a side view has wheels. */
static void
test_bodies (void)
{
  Stage stage;
  BoloDriveLighting lighting;
  BoloDriveView view;
  BoloDriveShot shot;

  stage_init (&stage, FALSE);
  const BoloDriveCamera *camera = g_ptr_array_index (stage.scenario->cameras, 0);
  bolo_drive_lighting_get (stage.scenario, camera, 3, &lighting);
  bolo_drive_view_init (&view, stage.scenario, camera);
  bolo_drive_shot_init (&shot);
  for (guint turn = 0; turn < 8; turn++) {
    cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    cairo_t *cr = cairo_create (surface);
    BoloDriveVehicle *vehicle = &g_array_index (stage.traffic->vehicles, BoloDriveVehicle, 0);
    cairo_set_source_rgb (cr, 1, 0, 1);
    cairo_paint (cr);
    vehicle->way.yaw_rad = turn * G_PI / 4;
    bolo_drive_shot_take (&shot, &view, stage.road, stage.traffic, 3);
    g_assert_cmpuint (shot.seen->len, ==, 1);
    const BoloDriveSeen *seen = &g_array_index (shot.seen, BoloDriveSeen, 0);
    bolo_drive_car_paint (cr, seen, &view, &lighting);
    bolo_drive_car_paint_glare (cr, seen, &view, &lighting);
    cairo_destroy (cr);
    cairo_surface_flush (surface);
    const guint8 *pixels = cairo_image_surface_get_data (surface);
    double middle[2] = {0, 0};
    double right = 0;
    for (guint i = 0; i < seen->n_hull; i++) {
      middle[0] += seen->hull[i][0] / seen->n_hull;
      middle[1] += seen->hull[i][1] / seen->n_hull;
      right = MAX (right, seen->hull[i][0]);
    }
    const guint8 *inside = pixels + ((int) middle[1] * WIDTH + (int) middle[0]) * 4;
    const guint8 *outside = pixels + ((int) middle[1] * WIDTH + (int) right + 60) * 4;
    g_assert_false (inside[0] == 255 && inside[1] == 0 && inside[2] == 255);
    g_assert_true (outside[0] == 255 && outside[1] == 0 && outside[2] == 255);
    cairo_surface_destroy (surface);
  }
  bolo_drive_shot_clear (&shot);
  stage_clear (&stage);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive/frame/plate", test_plate_in_frame);
  g_test_add_func ("/drive/frame/infrared", test_infrared);
  g_test_add_func ("/drive/frame/repeats", test_repeats);
  g_test_add_func ("/drive/frame/scenery", test_scenery);
  g_test_add_func ("/drive/frame/bodies", test_bodies);
  return g_test_run ();
}
