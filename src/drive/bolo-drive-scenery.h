/* bolo-drive-scenery.h: road, verges, hedges, houses and sky behind the traffic
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-light.h"
#include "bolo-drive-view.h"

G_BEGIN_DECLS

/* BoloDriveScenery: textures made once. Immutable, any thread. */
typedef struct _BoloDriveScenery BoloDriveScenery;

BoloDriveScenery *bolo_drive_scenery_new (guint32 seed);
void bolo_drive_scenery_free (BoloDriveScenery *self);
/* Fills the whole of @pixels (4 bytes each: blue, green, red, -). */
void bolo_drive_scenery_paint (const BoloDriveScenery *self,
                               guint8 *pixels,
                               const BoloDriveView *view,
                               const BoloDriveRoad *road,
                               const BoloDriveEgo *ego,
                               const BoloDriveLighting *lighting);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloDriveScenery, bolo_drive_scenery_free)

G_END_DECLS
