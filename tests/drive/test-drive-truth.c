/* test-drive-truth.c: the truth against an independent look at the geometry
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "bolo-drive-render.h"
#include "bolo-drive-truth.h"
#include "bolo-truth.h"
#include "drive-test.h"

static BoloDrive *
make_drive (const BoloDriveScenario *scenario)
{
  g_autoptr (GError) error = NULL;
  BoloDrive *drive = bolo_drive_new (scenario, &error);
  g_assert_no_error (error);
  return drive;
}

/* Width of the plate in a frame, from poses and pin-hole alone; 0 if not wholly in the picture. */
static double
measure (const BoloDrive *drive, const BoloDrivePass *pass, guint frame, double corners[4][2])
{
  const BoloDriveScenario *scenario = drive->scenario;
  const BoloDriveVehicle *vehicle =
    &g_array_index (drive->traffic->vehicles, BoloDriveVehicle, pass->vehicle);
  double time_s = (double) frame / scenario->rate;
  double width_mm;
  double height_mm;
  BoloDriveView view;
  BoloDriveEgo ego;
  BoloDrivePose pose;
  BoloDriveFrame placed;
  BoloDrivePoint points[4];

  bolo_drive_view_init (&view, scenario, g_ptr_array_index (scenario->cameras, pass->camera));
  bolo_drive_road_get_ego (drive->road, time_s, &ego);
  bolo_drive_way_get_pose (&vehicle->way, &ego, time_s, &pose);
  bolo_drive_frame_init (&placed, &ego, &pose);
  bolo_drive_plate_get_size (&vehicle->plates[pass->is_rear], &width_mm, &height_mm);
  bolo_drive_body_get_plate (bolo_drive_body_get (vehicle->make->body), &placed, pass->is_rear,
                             width_mm, height_mm, points);
  for (guint i = 0; i < 4; i++) {
    if (!bolo_drive_view_project (&view, &points[i], &corners[i][0], &corners[i][1], NULL) ||
        corners[i][0] < 0 || corners[i][0] > view.width || corners[i][1] < 0 ||
        corners[i][1] > view.height)
      return 0;
  }
  return (hypot (corners[1][0] - corners[0][0], corners[1][1] - corners[0][1]) +
          hypot (corners[2][0] - corners[3][0], corners[2][1] - corners[3][1])) /
         2;
}

static void
test_passes (void)
{
  for (guint32 seed = 60; seed < 63; seed++) {
    g_autoptr (BoloDriveScenario) scenario = drive_test_load (seed);
    g_autoptr (BoloDrive) drive = make_drive (scenario);
    g_assert_cmpuint (drive->passes->len, >=, 40);
    for (guint i = 0; i < drive->passes->len; i++) {
      const BoloDrivePass *pass = &g_array_index (drive->passes, BoloDrivePass, i);
      double corners[4][2];
      g_assert_cmpuint (pass->first_frame, <=, pass->best_frame);
      g_assert_cmpuint (pass->best_frame, <=, pass->last_frame);
      g_assert_cmpuint (pass->last_frame, <, 900);
      g_assert_cmpuint (pass->n_readable, <=, pass->last_frame - pass->first_frame + 1);
      g_assert_cmpfloat (measure (drive, pass, pass->first_frame, corners), >=, 60);
      g_assert_cmpfloat (measure (drive, pass, pass->last_frame, corners), >=, 60);
      double best_px = measure (drive, pass, pass->best_frame, corners);
      g_assert_cmpfloat_with_epsilon (best_px, pass->best_width_px, 1e-6);
      for (guint k = 0; k < 4; k++) {
        g_assert_cmpfloat_with_epsilon (corners[k][0], pass->best_corners[k][0], 1e-6);
        g_assert_cmpfloat_with_epsilon (corners[k][1], pass->best_corners[k][1], 1e-6);
      }
      for (guint frame = pass->first_frame; frame <= pass->last_frame; frame++)
        g_assert_cmpfloat (measure (drive, pass, frame, corners), <=, best_px + 1e-6);
    }
  }
}

/* Oncoming traffic at 50 m/s closing is readable in at least four frames of its camera. */
static void
test_oncoming (void)
{
  guint n_oncoming = 0;
  for (guint32 seed = 70; seed < 74; seed++) {
    g_autoptr (BoloDriveScenario) scenario = drive_test_load (seed);
    g_autoptr (BoloDrive) drive = make_drive (scenario);
    for (guint i = 0; i < drive->passes->len; i++) {
      const BoloDrivePass *pass = &g_array_index (drive->passes, BoloDrivePass, i);
      const BoloDriveVehicle *vehicle =
        &g_array_index (drive->traffic->vehicles, BoloDriveVehicle, pass->vehicle);
      BoloDriveEgo ego;
      bolo_drive_road_get_ego (drive->road, pass->first_frame / 15.0, &ego);
      if (pass->camera != 1 || vehicle->way.motion != BOLO_DRIVE_MOTION_STEADY ||
          ego.speed_mps - vehicle->way.speed_mps < 47)
        continue;
      n_oncoming++;
      g_assert_cmpuint (pass->n_readable, >=, 4);
    }
  }
  g_assert_cmpuint (n_oncoming, >, 12);
}

/* A vehicle right behind another is covered; beside it, it is not. */
static void
test_covered (void)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load (1);
  g_autoptr (BoloDriveRoad) road = bolo_drive_road_new (scenario);
  g_autoptr (BoloDriveTraffic) traffic = bolo_drive_traffic_new (scenario, road, 0);
  BoloDriveShot shot;
  BoloDriveView view;
  BoloDriveEgo ego;

  bolo_drive_road_get_ego (road, 5, &ego);
  g_array_set_size (traffic->vehicles, 2);
  for (guint i = 0; i < 2; i++) {
    BoloDriveVehicle *vehicle = &g_array_index (traffic->vehicles, BoloDriveVehicle, i);
    vehicle->way.motion = BOLO_DRIVE_MOTION_PARKED;
    vehicle->way.along_m = ego.along_m + 9 + 7 * i;
    vehicle->way.lane_m = ego.left_m;
    vehicle->way.yaw_rad = 0;
  }
  bolo_drive_view_init (&view, scenario, g_ptr_array_index (scenario->cameras, 0));
  bolo_drive_shot_init (&shot);
  bolo_drive_shot_take (&shot, &view, road, traffic, 5);
  g_assert_cmpuint (shot.seen->len, ==, 2);
  /* Far first. */
  const BoloDriveSeen *far = &g_array_index (shot.seen, BoloDriveSeen, 0);
  const BoloDriveSeen *near = &g_array_index (shot.seen, BoloDriveSeen, 1);
  g_assert_cmpuint (far->index, ==, 1);
  g_assert_true (near->is_whole && near->is_rear);
  g_assert_false (far->is_whole);
  g_assert_true (bolo_drive_seen_is_readable (near));
  g_assert_false (bolo_drive_seen_is_readable (far));

  g_array_index (traffic->vehicles, BoloDriveVehicle, 1).way.lane_m = ego.left_m + 3.5;
  bolo_drive_shot_take (&shot, &view, road, traffic, 5);
  far = &g_array_index (shot.seen, BoloDriveSeen, 0);
  g_assert_true (far->is_whole);
  /* Across our way: only its side shows, no plate. */
  g_array_index (traffic->vehicles, BoloDriveVehicle, 0).way.yaw_rad = G_PI / 2;
  bolo_drive_shot_take (&shot, &view, road, traffic, 5);
  near = &g_array_index (shot.seen, BoloDriveSeen, 1);
  g_assert_false (near->has_plate);
  bolo_drive_shot_clear (&shot);
}

/* The reader of truth files understands every line, and sees what was meant. */
static void
test_format (void)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load (64);
  g_autoptr (BoloDrive) drive = make_drive (scenario);
  g_autofree char *text =
    bolo_drive_truth_format (drive->passes, scenario, drive->road, drive->traffic);
  g_autofree char *folder = g_dir_make_tmp ("bolo-truth-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "truth.jsonl", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_autoptr (GPtrArray) read = bolo_truth_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, drive->passes->len);
  for (guint i = 0; i < read->len; i++) {
    const BoloTruthPass *line = g_ptr_array_index (read, i);
    const BoloDrivePass *pass = &g_array_index (drive->passes, BoloDrivePass, i);
    const BoloDriveVehicle *vehicle =
      &g_array_index (drive->traffic->vehicles, BoloDriveVehicle, pass->vehicle);
    const BoloDriveCamera *camera = g_ptr_array_index (scenario->cameras, pass->camera);
    g_assert_cmpstr (line->vehicle, ==, vehicle->id);
    g_assert_cmpstr (line->camera, ==, camera->name);
    g_assert_cmpstr (line->plate, ==, vehicle->plates[0].mark.text);
    g_assert_cmpint (line->first_ms, ==, (gint64) floor (pass->first_frame * 1000 / 15.0 + 0.5));
    g_assert_cmpint (line->last_ms, ==, (gint64) floor (pass->last_frame * 1000 / 15.0 + 0.5));
    g_assert_cmpint (line->readable_ms, ==, line->first_ms);
    g_assert_cmpint ((int) line->wanted, ==, (int) vehicle->wanted);
  }
  g_remove (path);
  g_rmdir (folder);
}

static void
test_same_by_seed (void)
{
  char *texts[3] = {NULL};
  for (guint i = 0; i < 3; i++) {
    g_autoptr (BoloDriveScenario) scenario = drive_test_load (i < 2 ? 65 : 66);
    g_autoptr (BoloDrive) drive = make_drive (scenario);
    texts[i] = bolo_drive_truth_format (drive->passes, scenario, drive->road, drive->traffic);
  }
  g_assert_cmpstr (texts[0], ==, texts[1]);
  g_assert_cmpstr (texts[0], !=, texts[2]);
  g_free (texts[0]);
  g_free (texts[1]);
  g_free (texts[2]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive/truth/passes", test_passes);
  g_test_add_func ("/drive/truth/oncoming", test_oncoming);
  g_test_add_func ("/drive/truth/covered", test_covered);
  g_test_add_func ("/drive/truth/format", test_format);
  g_test_add_func ("/drive/truth/same-by-seed", test_same_by_seed);
  return g_test_run ();
}
