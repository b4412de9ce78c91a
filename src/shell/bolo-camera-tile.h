/* bolo-camera-tile.h: one camera's live picture with its title and state
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"
#include "bolo-frame-paintable.h"

G_BEGIN_DECLS

/* BoloCameraTile: takes its frames on the frame clock while it is on screen, and only then. */
#define BOLO_TYPE_CAMERA_TILE (bolo_camera_tile_get_type ())
G_DECLARE_FINAL_TYPE (BoloCameraTile, bolo_camera_tile, BOLO, CAMERA_TILE, GtkWidget)

BoloCameraTile *bolo_camera_tile_new (void);
void bolo_camera_tile_set_camera (BoloCameraTile *self, BoloFace *face, const BoloCameraInfo *info);
/* The state of this camera: a lost one shows no old picture. */
void bolo_camera_tile_set_health (BoloCameraTile *self, const BoloHealth *health);
const char *bolo_camera_tile_get_camera (BoloCameraTile *self);
/* Frames shown so far. */
guint64 bolo_camera_tile_get_n_shown (BoloCameraTile *self);
BoloFramePaintable *bolo_camera_tile_get_paintable (BoloCameraTile *self);

G_END_DECLS
