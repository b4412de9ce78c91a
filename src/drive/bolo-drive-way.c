/* bolo-drive-way.c: how one vehicle moves
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-way.h"

gboolean
bolo_drive_way_add_key (BoloDriveWay *self, double time_s, double ahead_m)
{
  g_return_val_if_fail (self != NULL, FALSE);
  if (self->n_keys == BOLO_DRIVE_MAX_KEYS)
    return FALSE;
  self->keys[self->n_keys].time_s = time_s;
  self->keys[self->n_keys].ahead_m = ahead_m;
  self->n_keys++;
  return TRUE;
}

/* Slope at a key for an interpolation that never overshoots. */
static double
get_slope (const BoloDriveWay *self, guint i)
{
  const BoloDriveKey *keys = self->keys;
  guint n = self->n_keys;
  if (n < 2)
    return 0;
  if (i == 0)
    return (keys[1].ahead_m - keys[0].ahead_m) / (keys[1].time_s - keys[0].time_s);
  double before = (keys[i].ahead_m - keys[i - 1].ahead_m) / (keys[i].time_s - keys[i - 1].time_s);
  if (i + 1 == n)
    return before;
  double after = (keys[i + 1].ahead_m - keys[i].ahead_m) / (keys[i + 1].time_s - keys[i].time_s);
  if (before * after <= 0)
    return 0;
  return 2 * before * after / (before + after);
}

static double
get_ahead (const BoloDriveWay *self, double time_s)
{
  const BoloDriveKey *keys = self->keys;
  guint last = self->n_keys - 1;

  if (time_s <= keys[0].time_s)
    return keys[0].ahead_m + get_slope (self, 0) * (time_s - keys[0].time_s);
  if (time_s >= keys[last].time_s)
    return keys[last].ahead_m + get_slope (self, last) * (time_s - keys[last].time_s);
  guint i = 0;
  while (time_s > keys[i + 1].time_s)
    i++;
  double span = keys[i + 1].time_s - keys[i].time_s;
  double p = (time_s - keys[i].time_s) / span;
  double p2 = p * p;
  double p3 = p2 * p;
  return (2 * p3 - 3 * p2 + 1) * keys[i].ahead_m + (p3 - 2 * p2 + p) * span * get_slope (self, i) +
         (3 * p2 - 2 * p3) * keys[i + 1].ahead_m + (p3 - p2) * span * get_slope (self, i + 1);
}

void
bolo_drive_way_get_pose (const BoloDriveWay *self,
                         const BoloDriveEgo *ego,
                         double time_s,
                         BoloDrivePose *pose)
{
  pose->left_m = self->lane_m;
  pose->yaw_rad = self->yaw_rad;
  switch (self->motion) {
  case BOLO_DRIVE_MOTION_WITH_US:
    pose->along_m = ego->along_m + get_ahead (self, time_s);
    break;
  case BOLO_DRIVE_MOTION_STEADY:
    pose->along_m = self->along_m + self->speed_mps * time_s;
    break;
  case BOLO_DRIVE_MOTION_PARKED:
    pose->along_m = self->along_m;
    break;
  }
}
