/* test-drive-view.c: the pin-hole against figures worked out by hand
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>

#include "bolo-drive-body.h"
#include "bolo-drive-view.h"
#include "drive-test.h"

static void
get_view (guint camera, BoloDriveView *view)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load (1);
  bolo_drive_view_init (view, scenario, g_ptr_array_index (scenario->cameras, camera));
}

static void
test_front (void)
{
  BoloDriveView view;
  double u, v, depth;
  get_view (0, &view);
  /* 40 degrees over 1280 pixels. */
  g_assert_cmpfloat_with_epsilon (view.focal_px, 640 / tan (20 * G_PI / 180), 1e-6);
  /* Level with the lens, straight ahead. */
  BoloDrivePoint ahead = {view.eye.x + 10, view.eye.y, view.eye.z};
  g_assert_true (bolo_drive_view_project (&view, &ahead, &u, &v, &depth));
  g_assert_cmpfloat_with_epsilon (u, 640, 1e-9);
  g_assert_cmpfloat_with_epsilon (v, view.horizon_px, 1e-9);
  g_assert_cmpfloat_with_epsilon (depth, 10, 1e-9);
  /* A metre to the left and up at 10 m: a tenth of the focal length. */
  BoloDrivePoint beside = {view.eye.x + 10, view.eye.y + 1, view.eye.z + 1};
  g_assert_true (bolo_drive_view_project (&view, &beside, &u, &v, NULL));
  g_assert_cmpfloat_with_epsilon (u, 640 - view.focal_px / 10, 1e-6);
  g_assert_cmpfloat_with_epsilon (v, view.horizon_px - view.focal_px / 10, 1e-6);
  BoloDrivePoint behind = {view.eye.x - 5, 0, 1};
  g_assert_false (bolo_drive_view_project (&view, &behind, &u, &v, NULL));
}

/* What is on our left is on the rear picture's right, and in the left camera's. */
static void
test_turned (void)
{
  BoloDriveView rear;
  BoloDriveView left;
  double u, v;
  get_view (3, &rear);
  get_view (2, &left);
  BoloDrivePoint back_left = {-12, 2, 1};
  g_assert_true (bolo_drive_view_project (&rear, &back_left, &u, &v, NULL));
  g_assert_cmpfloat (u, >, 640);
  BoloDrivePoint on_axis = {left.eye.x + 5 * cos (G_PI / 3), left.eye.y + 5 * sin (G_PI / 3), 1};
  g_assert_true (bolo_drive_view_project (&left, &on_axis, &u, &v, NULL));
  g_assert_cmpfloat_with_epsilon (u, 640, 1e-6);
  BoloDrivePoint further_ahead = {on_axis.x + 1, on_axis.y, 1};
  g_assert_true (bolo_drive_view_project (&left, &further_ahead, &u, &v, NULL));
  g_assert_cmpfloat (u, >, 640);
}

/* The road's bend, our lane and our yaw. */
static void
test_frame (void)
{
  BoloDriveEgo ego = {0};
  BoloDriveFrame frame;
  BoloDrivePose pose = {30, 3.5, 0};

  bolo_drive_frame_init (&frame, &ego, &pose);
  g_assert_cmpfloat_with_epsilon (frame.x, 30, 1e-9);
  g_assert_cmpfloat_with_epsilon (frame.y, 3.5, 1e-9);
  ego.left_m = 3.5;
  ego.along_m = 10;
  ego.curve_per_m = 0.001;
  bolo_drive_frame_init (&frame, &ego, &pose);
  g_assert_cmpfloat_with_epsilon (frame.x, 20, 1e-9);
  g_assert_cmpfloat_with_epsilon (frame.y, 0.2, 1e-9);
  g_assert_cmpfloat_with_epsilon (atan2 (frame.sine, frame.cosine), 0.02, 1e-9);
  ego.curve_per_m = 0;
  ego.yaw_rad = G_PI / 2;
  bolo_drive_frame_init (&frame, &ego, &pose);
  g_assert_cmpfloat_with_epsilon (frame.x, 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (frame.y, -20, 1e-9);
}

/* A plate ahead reads from left to right in the picture, at its statutory size. */
static void
test_plate_corners (void)
{
  BoloDriveView view;
  get_view (0, &view);
  for (guint kind = 0; kind <= BOLO_DRIVE_BODY_VAN; kind++) {
    const BoloDriveBody *body = bolo_drive_body_get (kind);
    for (int is_rear = 0; is_rear <= 1; is_rear++) {
      BoloDriveEgo ego = {0};
      BoloDrivePose pose = {20, 0, is_rear ? 0 : G_PI};
      BoloDriveFrame frame;
      BoloDrivePoint corners[4];
      double at[4][2];
      double depth = 0;
      bolo_drive_frame_init (&frame, &ego, &pose);
      bolo_drive_body_get_plate (body, &frame, is_rear, 520, 111, corners);
      for (guint i = 0; i < 4; i++)
        g_assert_true (bolo_drive_view_project (&view, &corners[i], &at[i][0], &at[i][1], &depth));
      g_assert_cmpfloat (at[0][0], <, at[1][0]);
      g_assert_cmpfloat (at[0][1], <, at[3][1]);
      g_assert_cmpfloat_with_epsilon (at[1][0] - at[0][0], 0.520 * view.focal_px / depth, 0.01);
      g_assert_cmpfloat_with_epsilon (at[3][1] - at[0][1], 0.111 * view.focal_px / depth, 0.01);
      g_assert_cmpfloat (depth, <, 20 - body->length / 2);
      /* Above the ground, under the lens. */
      g_assert_cmpfloat (corners[3].z, >, 0.2);
      g_assert_cmpfloat (corners[0].z, <, 1.1);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive/view/front", test_front);
  g_test_add_func ("/drive/view/turned", test_turned);
  g_test_add_func ("/drive/view/frame", test_frame);
  g_test_add_func ("/drive/view/plate-corners", test_plate_corners);
  return g_test_run ();
}
