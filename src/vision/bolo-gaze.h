/* bolo-gaze.h: the band of a camera's view in which small plates turn up
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-reading.h"

G_BEGIN_DECLS

/* A band of a frame, as wide as it is; in its pixels. */
typedef struct {
  int y;
  int height;
} BoloGazeArea;

/* BoloGaze: what one camera's readings teach of where to look. Near plates are found by a coarse
 * look wherever they are; small ones are far away, and so lie in a band about the road's horizon.
 * Pure: no clock, no pixels; the same readings give the same areas. Not thread-safe. */
typedef struct _BoloGaze BoloGaze;

BoloGaze *bolo_gaze_new (void);
void bolo_gaze_free (BoloGaze *self);
/* How to look at the next frame of @width x @height, captured at @captured_us: TRUE with the @area
 * that is worth a fine look, FALSE when all of the frame is: until enough was learned, now and then
 * so that nothing is missed for long, and where the area would be most of it. */
gboolean
bolo_gaze_next (BoloGaze *self, int width, int height, gint64 captured_us, BoloGazeArea *area);
/* What was read in that frame. */
void bolo_gaze_learn (BoloGaze *self, const BoloReading *readings, guint n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloGaze, bolo_gaze_free)

G_END_DECLS
