/* bolo-drive-render.h: makes a whole recording: clips, track, lists, truth
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-camera.h"

G_BEGIN_DECLS

/* BoloDrive: a drive worked out, not yet rendered. Read-only after it is made. */
typedef struct {
  const BoloDriveScenario *scenario; /* borrowed */
  BoloDriveRoad *road;
  BoloDriveTraffic *traffic;
  GArray *passes; /* of BoloDrivePass */
} BoloDrive;

/* @done of @all frames, from the calling thread of render. */
typedef void (*BoloDriveProgress) (guint done, guint all, gpointer user_data);

BoloDrive *bolo_drive_new (const BoloDriveScenario *scenario, GError **error);
void bolo_drive_free (BoloDrive *self);
/* Writes all files into the folder @path, made if it is not there. One thread a camera, at most
 * one a processor. Waits until done. */
gboolean bolo_drive_render (const BoloDrive *self,
                            const char *path,
                            BoloDriveProgress progress,
                            gpointer user_data,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloDrive, bolo_drive_free)

G_END_DECLS
