/* bolo-drive-way.h: how one vehicle moves
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-view.h"

G_BEGIN_DECLS

#define BOLO_DRIVE_MAX_KEYS 6

typedef enum {
  BOLO_DRIVE_MOTION_WITH_US, /* keys: ahead of us at a time */
  BOLO_DRIVE_MOTION_STEADY,  /* its own speed along the road */
  BOLO_DRIVE_MOTION_PARKED,
} BoloDriveMotion;

typedef struct {
  double time_s;
  double ahead_m; /* of us */
} BoloDriveKey;

/* BoloDriveWay: plain data. */
typedef struct {
  BoloDriveMotion motion;
  guint n_keys;
  BoloDriveKey keys[BOLO_DRIVE_MAX_KEYS];
  double lane_m;    /* left of the middle lane */
  double along_m;   /* steady: at time 0; parked */
  double speed_mps; /* steady: along the road, < 0 towards us */
  double yaw_rad;
} BoloDriveWay;

/* Beyond the last key things go on as they were. FALSE when there are too many keys. */
gboolean bolo_drive_way_add_key (BoloDriveWay *self, double time_s, double ahead_m);
/* Between keys: smooth, and never further than they are. */
void bolo_drive_way_get_pose (const BoloDriveWay *self,
                              const BoloDriveEgo *ego,
                              double time_s,
                              BoloDrivePose *pose);

G_END_DECLS
