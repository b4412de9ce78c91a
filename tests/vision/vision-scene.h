/* vision-scene.h: frames with plates painted into them, for tests with pixels
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-cv-box.h"
#include "bolo-frame.h"

G_BEGIN_DECLS

/* VisionScene: a grey road with cars whose plates are painted by the drive's own hand. */
typedef struct _VisionScene VisionScene;

VisionScene *vision_scene_new (int width, int height);
void vision_scene_free (VisionScene *self);
/* A car whose plate says @text (two lines if so asked), @plate_width pixels wide, its middle at
 * @x, @y, turned by @roll_deg. */
void vision_scene_add_car (VisionScene *self,
                           const char *text,
                           gboolean is_two_line,
                           double x,
                           double y,
                           double plate_width,
                           double roll_deg);
/* A plain thing: a lamp, a bar. */
void vision_scene_fill (
  VisionScene *self, double left, double top, double right, double bottom, int grey);
/* Grey pixels of the scene as it stands, lent until it changes. */
BoloCvImage vision_scene_get_image (VisionScene *self);
/* A frame of its own: I420, captured at @captured_us. (transfer full) */
BoloFrame *vision_scene_make_frame (VisionScene *self, gint64 captured_us, guint64 sequence);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VisionScene, vision_scene_free)

G_END_DECLS
