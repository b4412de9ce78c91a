/* bolo-camera-mask.h: paints regions of a frame black before anyone sees it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-camera-config.h"
#include "bolo-frame.h"

G_BEGIN_DECLS

/* BoloCameraCanvas: writable planes of one frame (I420, NV12 or GRAY8). Plain data. */
typedef struct {
  BoloFrameFormat format;
  int width;
  int height;
  guint8 *planes[3];
  int strides[3];
} BoloCameraCanvas;

/* Fills each polygon of @masks (GArray of BoloCameraPoint) with black; @offset_x and @offset_y
 * are where the canvas lies in the source (its crop). A chroma sample that a polygon touches is
 * painted too, so nothing shows through. Any thread. */
void bolo_camera_mask_paint (const BoloCameraCanvas *canvas,
                             GPtrArray *masks,
                             int offset_x,
                             int offset_y);

G_END_DECLS
