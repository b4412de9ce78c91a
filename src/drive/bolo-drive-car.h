/* bolo-drive-car.h: paints one vehicle into a frame
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <cairo.h>

#include "bolo-drive-light.h"
#include "bolo-drive-shot.h"

G_BEGIN_DECLS

/* Body, windows, lamps and wheels; not the plate. */
void bolo_drive_car_paint (cairo_t *cr,
                           const BoloDriveSeen *seen,
                           const BoloDriveView *view,
                           const BoloDriveLighting *lighting);
/* The light of its lamps, over what was painted so far. */
void bolo_drive_car_paint_glare (cairo_t *cr,
                                 const BoloDriveSeen *seen,
                                 const BoloDriveView *view,
                                 const BoloDriveLighting *lighting);

G_END_DECLS
