/* bolo-drive-camera.h: renders one camera's frames
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-scenery.h"
#include "bolo-drive-shot.h"

G_BEGIN_DECLS

/* BoloDriveCameraman: one camera's view, canvas and textures; one thread. Borrows the rest. */
typedef struct _BoloDriveCameraman BoloDriveCameraman;

BoloDriveCameraman *bolo_drive_cameraman_new (const BoloDriveScenario *scenario,
                                              const BoloDriveRoad *road,
                                              const BoloDriveTraffic *traffic,
                                              BoloOutlines *outlines,
                                              const BoloDriveScenery *scenery,
                                              guint camera);
void bolo_drive_cameraman_free (BoloDriveCameraman *self);
/* The frame as I420; (transfer none), until the next one. */
const guint8 *bolo_drive_cameraman_render (BoloDriveCameraman *self, guint frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloDriveCameraman, bolo_drive_cameraman_free)

G_END_DECLS
