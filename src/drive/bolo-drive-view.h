/* bolo-drive-view.h: the pin-hole: from metres round the car to pixels of a camera
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-road.h"
#include "bolo-drive-scenario.h"

G_BEGIN_DECLS

/* Metres from the middle of the car on the ground: forward, left, up. */
typedef struct {
  double x;
  double y;
  double z;
} BoloDrivePoint;

/* BoloDriveView: a camera's pin-hole, level, with a shifted lens for the horizon. Plain data. */
typedef struct {
  int width;
  int height;
  double focal_px;
  double middle_px;
  double horizon_px;
  BoloDrivePoint eye;
  double forward[2]; /* unit vector into the picture: forward, left */
  double right[2];   /* unit vector to the right of the picture */
} BoloDriveView;

/* Where a vehicle stands on the road. */
typedef struct {
  double along_m;
  double left_m;
  double yaw_rad; /* against the road, to the left; G_PI for oncoming traffic */
} BoloDrivePose;

/* A pose seen from the car: metres forward and left, and turned against the car's nose. */
typedef struct {
  double x;
  double y;
  double cosine;
  double sine;
} BoloDriveFrame;

void bolo_drive_view_init (BoloDriveView *self,
                           const BoloDriveScenario *scenario,
                           const BoloDriveCamera *camera);
/* FALSE when the point is not before the camera. @depth_m may be NULL. */
gboolean bolo_drive_view_project (
  const BoloDriveView *self, const BoloDrivePoint *point, double *u, double *v, double *depth_m);
/* The road bends with the car's curve: exact near the car, good to a metre at 150 m. */
void
bolo_drive_frame_init (BoloDriveFrame *self, const BoloDriveEgo *ego, const BoloDrivePose *pose);
/* A point of the vehicle (forward, left, up from its middle) as one round the car. */
BoloDrivePoint
bolo_drive_frame_map (const BoloDriveFrame *self, double forward_m, double left_m, double up_m);

G_END_DECLS
