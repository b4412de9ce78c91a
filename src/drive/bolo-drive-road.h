/* bolo-drive-road.h: the road's curve and the car's way along it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-scenario.h"

G_BEGIN_DECLS

/* Lanes by their middle, metres left of the middle lane's middle. Traffic keeps left. */
#define BOLO_DRIVE_LANE_WIDTH 3.5
#define BOLO_DRIVE_LANE_LEFT 3.5
#define BOLO_DRIVE_LANE_MIDDLE 0.0
#define BOLO_DRIVE_LANE_ONCOMING (-3.5)
#define BOLO_DRIVE_ROAD_LEFT 5.25 /* left edge of the carriageway */
#define BOLO_DRIVE_ROAD_RIGHT (-5.25)

/* Where the car is at an instant. */
typedef struct {
  double along_m; /* way along the road from the start */
  double left_m;  /* of the middle lane's middle */
  double yaw_rad; /* against the road, to the left */
  double speed_mps;
  double curve_per_m; /* of the road here, to the left */
  double north_m;     /* from the start */
  double east_m;
  double heading_deg; /* true, of the car */
} BoloDriveEgo;

/* BoloDriveRoad: the whole drive, worked out once. Immutable; any thread. */
typedef struct _BoloDriveRoad BoloDriveRoad;

BoloDriveRoad *bolo_drive_road_new (const BoloDriveScenario *scenario);
void bolo_drive_road_free (BoloDriveRoad *self);
void bolo_drive_road_get_ego (const BoloDriveRoad *self, double time_s, BoloDriveEgo *ego);
/* When the car passes @along_m; the end of the drive if it does not. */
double bolo_drive_road_find_time (const BoloDriveRoad *self, double along_m);
/* TRUE where houses stand and cars are parked. */
gboolean bolo_drive_road_is_town (const BoloDriveRoad *self, double along_m);
/* Next change between town and open road after @along_m. */
double bolo_drive_road_get_next_change (const BoloDriveRoad *self, double along_m);
void bolo_drive_road_get_place (const BoloDriveRoad *self,
                                double time_s,
                                double *latitude_deg,
                                double *longitude_deg);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloDriveRoad, bolo_drive_road_free)

G_END_DECLS
