/* bolo-frame-paintable.h: a camera's frame with the boxes of its plates, to be painted
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "bolo-frame.h"
#include "bolo-reading.h"

G_BEGIN_DECLS

/* BoloFramePaintable: paints an RGB frame without copying it. Main. */
#define BOLO_TYPE_FRAME_PAINTABLE (bolo_frame_paintable_get_type ())
G_DECLARE_FINAL_TYPE (BoloFramePaintable, bolo_frame_paintable, BOLO, FRAME_PAINTABLE, GObject)

BoloFramePaintable *bolo_frame_paintable_new (void);
/* @frame: RGB, kept until the next one; (nullable): nothing. @looks: of this very frame;
 * (nullable).
 */
void bolo_frame_paintable_set_frame (BoloFramePaintable *self,
                                     const BoloFrame *frame,
                                     const BoloLooks *looks);
/* Capture time of what is painted, G_MININT64 for nothing; and how many boxes stand on it. */
gint64 bolo_frame_paintable_get_captured_us (BoloFramePaintable *self);
guint bolo_frame_paintable_get_n_boxes (BoloFramePaintable *self);

G_END_DECLS
