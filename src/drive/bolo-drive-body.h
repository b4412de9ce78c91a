/* bolo-drive-body.h: the shapes of vehicles: ribs, lamps, wheels, where the plates hang
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-view.h"

G_BEGIN_DECLS

#define BOLO_DRIVE_N_RIBS 12

typedef enum {
  BOLO_DRIVE_BODY_HATCHBACK,
  BOLO_DRIVE_BODY_SALOON,
  BOLO_DRIVE_BODY_OFFROADER,
  BOLO_DRIVE_BODY_VAN,
} BoloDriveBodyKind;

/* A cut across the body: way from the tail, height, half its width, metres. */
typedef struct {
  double along;
  double up;
  double half;
} BoloDriveRib;

/* From the tail's underside over the roof to the nose's underside. Ribs 3 and 4 hold the rear
 * window between them, 6 and 7 the windscreen. */
typedef struct {
  BoloDriveRib ribs[BOLO_DRIVE_N_RIBS];
  double length;
  double wheel; /* radius */
  double axles[2];
  double rear_plate_up; /* middle of the plates */
  double front_plate_up;
} BoloDriveBody;

#define BOLO_DRIVE_RIB_REAR_WINDOW 3
#define BOLO_DRIVE_RIB_WINDSCREEN 6

/* (transfer none) */
const BoloDriveBody *bolo_drive_body_get (BoloDriveBodyKind kind);
/* A point of the body round its middle: @side -1 right, 1 left. */
BoloDrivePoint bolo_drive_body_map_rib (const BoloDriveBody *self,
                                        const BoloDriveFrame *frame,
                                        guint rib,
                                        double side);
/* The plate's corners round the car, clockwise from its top left as read. */
void bolo_drive_body_get_plate (const BoloDriveBody *self,
                                const BoloDriveFrame *frame,
                                gboolean is_rear,
                                double width_mm,
                                double height_mm,
                                BoloDrivePoint corners[4]);

G_END_DECLS
