/* bolo-drive-warp.h: puts a plate into a frame in perspective, blurred by its movement
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-plate.h"

G_BEGIN_DECLS

#define BOLO_DRIVE_WARP_MAX_SHUTTER 9

/* How bright the plate shows: its picture times gain, plus glare. Blue, green, red. */
typedef struct {
  float gain[3];
  float glare[3];
  gboolean is_grey; /* infra-red: yellow is as bright as white */
} BoloDrivePlateLight;

/* The plate's corners (clockwise from its top left, pixels) at @n_shutter instants while the
 * shutter is open; each pixel is the mean over the instants and its own area. @pixels: 4 bytes
 * each. */
void bolo_drive_warp_plate (guint8 *pixels,
                            int width,
                            int height,
                            const BoloDrivePlate *plate,
                            const double (*corners)[4][2],
                            guint n_shutter,
                            const BoloDrivePlateLight *light);

G_END_DECLS
