/* bolo-drive-wall.h: hedges and houses that run along the road
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-light.h"
#include "bolo-drive-view.h"

G_BEGIN_DECLS

/* How far behind us the rear camera's ground may change from town to open road. */
#define BOLO_DRIVE_SIGHT_BACK_M 60.0

/* BoloDriveWalls: textures made once. Immutable, any thread. */
typedef struct _BoloDriveWalls BoloDriveWalls;

BoloDriveWalls *bolo_drive_walls_new (guint32 seed);
void bolo_drive_walls_free (BoloDriveWalls *self);
void bolo_drive_walls_paint (const BoloDriveWalls *self,
                             guint8 *pixels,
                             const BoloDriveView *view,
                             const BoloDriveRoad *road,
                             const BoloDriveEgo *ego,
                             const BoloDriveLighting *lighting);

G_END_DECLS
