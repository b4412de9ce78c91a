/* bolo-drive-shot.h: what stands in a camera's picture at an instant, far things first
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-traffic.h"
#include "bolo-drive-view.h"

G_BEGIN_DECLS

/* From this width in pixels a plate counts as readable (the recording's contract). */
#define BOLO_DRIVE_READABLE_PX 60.0
/* From this width it counts as seen at all: the pass goes on. */
#define BOLO_DRIVE_SEEN_PX 20.0
#define BOLO_DRIVE_HULL_MAX 32

/* A vehicle in the picture. */
typedef struct {
  guint index; /* in the traffic */
  const BoloDriveVehicle *vehicle;
  BoloDriveFrame frame;
  double distance_m;
  gboolean has_plate;    /* one faces the camera and projects */
  gboolean is_rear;      /* which one */
  gboolean is_whole;     /* wholly in the picture, nothing before it */
  double plate_width_px; /* mean of its upper and lower edge */
  double corners[4][2];  /* clockwise from its top left */
  guint n_hull;
  double hull[BOLO_DRIVE_HULL_MAX][2]; /* outline of the body, convex */
} BoloDriveSeen;

/* BoloDriveShot: kept from instant to instant to save memory; not thread-safe. */
typedef struct {
  double time_s;
  BoloDriveEgo ego;
  GArray *seen; /* of BoloDriveSeen, far first */
} BoloDriveShot;

void bolo_drive_shot_init (BoloDriveShot *self);
void bolo_drive_shot_clear (BoloDriveShot *self);
void bolo_drive_shot_take (BoloDriveShot *self,
                           const BoloDriveView *view,
                           const BoloDriveRoad *road,
                           const BoloDriveTraffic *traffic,
                           double time_s);
/* Whether the plate is readable as the recording's truth means it. */
gboolean bolo_drive_seen_is_readable (const BoloDriveSeen *seen);
/* The plate's corners at another instant (for the shutter's movement); FALSE if out of view. */
gboolean bolo_drive_seen_get_corners_at (const BoloDriveSeen *seen,
                                         const BoloDriveView *view,
                                         const BoloDriveRoad *road,
                                         double time_s,
                                         double corners[4][2]);

G_END_DECLS
