/* bolo-drive-slots.h: the places on the road and in time that vehicles can take
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-way.h"

G_BEGIN_DECLS

/* A way to meet us that collides with no other. */
typedef struct {
  BoloDriveWay way;
  double meeting_s;     /* about when it is seen */
  gboolean must_be;     /* long in view: keeps the cameras busy */
  gboolean is_parallel; /* parked along the kerb: short vehicles only */
} BoloDriveSlot;

/* (transfer full): of BoloDriveSlot. Another @attempt gives other ones. */
GArray *
bolo_drive_slots_find (const BoloDriveScenario *scenario, const BoloDriveRoad *road, guint attempt);

G_END_DECLS
