/* bolo-drive-body.c: the shapes of vehicles: ribs, lamps, wheels, where the plates hang
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-body.h"

/* The plate stands this far off the bumper, so that it is never behind it. */
#define PLATE_OFF_M 0.012

static const BoloDriveBody bodies[] = {
  [BOLO_DRIVE_BODY_HATCHBACK] =
    {
      {{0.06, 0.28, 0.84},
       {0.00, 0.48, 0.87},
       {0.03, 0.86, 0.88},
       {0.10, 1.02, 0.84},
       {0.55, 1.40, 0.62},
       {1.20, 1.48, 0.60},
       {2.15, 1.44, 0.61},
       {3.00, 1.00, 0.82},
       {3.75, 0.82, 0.84},
       {4.03, 0.64, 0.85},
       {4.05, 0.45, 0.85},
       {3.98, 0.25, 0.82}},
      4.05,
      0.31,
      {0.72, 3.25},
      0.70,
      0.50,
    },
  [BOLO_DRIVE_BODY_SALOON] =
    {
      {{0.06, 0.28, 0.86},
       {0.00, 0.48, 0.89},
       {0.02, 0.94, 0.89},
       {0.62, 1.02, 0.84},
       {1.25, 1.38, 0.62},
       {1.70, 1.44, 0.60},
       {2.50, 1.42, 0.61},
       {3.35, 1.00, 0.83},
       {4.28, 0.82, 0.85},
       {4.58, 0.63, 0.86},
       {4.60, 0.45, 0.86},
       {4.50, 0.25, 0.83}},
      4.60,
      0.32,
      {0.95, 3.70},
      0.76,
      0.50,
    },
  [BOLO_DRIVE_BODY_OFFROADER] =
    {
      {{0.06, 0.35, 0.90},
       {0.00, 0.55, 0.92},
       {0.02, 1.02, 0.93},
       {0.10, 1.14, 0.90},
       {0.45, 1.58, 0.70},
       {1.10, 1.70, 0.68},
       {2.40, 1.66, 0.69},
       {3.20, 1.20, 0.87},
       {4.18, 1.04, 0.90},
       {4.52, 0.80, 0.91},
       {4.55, 0.55, 0.91},
       {4.45, 0.33, 0.88}},
      4.55,
      0.36,
      {0.85, 3.60},
      0.82,
      0.60,
    },
  [BOLO_DRIVE_BODY_VAN] =
    {
      {{0.05, 0.30, 0.92},
       {0.00, 0.50, 0.94},
       {0.00, 1.05, 0.95},
       {0.02, 1.18, 0.95},
       {0.08, 1.82, 0.90},
       {0.25, 2.00, 0.86},
       {3.60, 1.98, 0.86},
       {4.42, 1.25, 0.92},
       {5.00, 1.04, 0.92},
       {5.18, 0.78, 0.92},
       {5.20, 0.50, 0.92},
       {5.10, 0.28, 0.90}},
      5.20,
      0.34,
      {1.00, 4.20},
      0.66,
      0.54,
    },
};

const BoloDriveBody *
bolo_drive_body_get (BoloDriveBodyKind kind)
{
  g_return_val_if_fail (kind < G_N_ELEMENTS (bodies), NULL);
  return &bodies[kind];
}

BoloDrivePoint
bolo_drive_body_map_rib (const BoloDriveBody *self,
                         const BoloDriveFrame *frame,
                         guint rib,
                         double side)
{
  const BoloDriveRib *at = &self->ribs[rib];

  return bolo_drive_frame_map (frame, at->along - self->length / 2, side * at->half, at->up);
}

void
bolo_drive_body_get_plate (const BoloDriveBody *self,
                           const BoloDriveFrame *frame,
                           gboolean is_rear,
                           double width_mm,
                           double height_mm,
                           BoloDrivePoint corners[4])
{
  double half = width_mm / 2000;
  double low = (is_rear ? self->rear_plate_up : self->front_plate_up) - height_mm / 2000;
  double along = is_rear ? -self->length / 2 - PLATE_OFF_M : self->length / 2 + PLATE_OFF_M;
  /* Seen from behind, left is left; seen from the front, the vehicle's right is on the left. */
  double left = is_rear ? half : -half;

  corners[0] = bolo_drive_frame_map (frame, along, left, low + height_mm / 1000);
  corners[1] = bolo_drive_frame_map (frame, along, -left, low + height_mm / 1000);
  corners[2] = bolo_drive_frame_map (frame, along, -left, low);
  corners[3] = bolo_drive_frame_map (frame, along, left, low);
}
