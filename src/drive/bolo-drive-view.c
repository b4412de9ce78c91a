/* bolo-drive-view.c: the pin-hole: from metres round the car to pixels of a camera
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-view.h"

#include <math.h>

#define NEAREST_M 0.3

void
bolo_drive_view_init (BoloDriveView *self,
                      const BoloDriveScenario *scenario,
                      const BoloDriveCamera *camera)
{
  g_return_if_fail (self != NULL && scenario != NULL && camera != NULL);
  double heading = camera->heading_deg * G_PI / 180;

  self->width = scenario->width;
  self->height = scenario->height;
  self->middle_px = scenario->width / 2.0;
  self->focal_px = self->middle_px / tan (camera->view_deg * G_PI / 360);
  self->horizon_px = camera->horizon * scenario->height;
  self->eye.x = camera->forward_m;
  self->eye.y = camera->left_m;
  self->eye.z = camera->height_m;
  self->forward[0] = cos (heading);
  self->forward[1] = -sin (heading);
  self->right[0] = -sin (heading);
  self->right[1] = -cos (heading);
}

gboolean
bolo_drive_view_project (
  const BoloDriveView *self, const BoloDrivePoint *point, double *u, double *v, double *depth_m)
{
  double x = point->x - self->eye.x;
  double y = point->y - self->eye.y;
  double depth = x * self->forward[0] + y * self->forward[1];
  double side = x * self->right[0] + y * self->right[1];

  if (depth_m != NULL)
    *depth_m = depth;
  if (depth < NEAREST_M)
    return FALSE;
  *u = self->middle_px + self->focal_px * side / depth;
  *v = self->horizon_px + self->focal_px * (self->eye.z - point->z) / depth;
  return TRUE;
}

void
bolo_drive_frame_init (BoloDriveFrame *self, const BoloDriveEgo *ego, const BoloDrivePose *pose)
{
  double x = pose->along_m - ego->along_m;
  double y = pose->left_m - ego->left_m + ego->curve_per_m * x * x / 2;
  double turn = pose->yaw_rad + ego->curve_per_m * x - ego->yaw_rad;
  double cosine = cos (ego->yaw_rad);
  double sine = sin (ego->yaw_rad);

  self->x = cosine * x + sine * y;
  self->y = -sine * x + cosine * y;
  self->cosine = cos (turn);
  self->sine = sin (turn);
}

BoloDrivePoint
bolo_drive_frame_map (const BoloDriveFrame *self, double forward_m, double left_m, double up_m)
{
  BoloDrivePoint point = {
    self->x + self->cosine * forward_m - self->sine * left_m,
    self->y + self->sine * forward_m + self->cosine * left_m,
    up_m,
  };
  return point;
}
