/* bolo-pass.h: one vehicle before one camera, from its first reading to its last
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-frame.h"
#include "bolo-picture.h"
#include "bolo-plate-rules.h"
#include "bolo-sighting.h"

G_BEGIN_DECLS

/* BoloPass: collects a track's readings and decides what is published of it and when. Pure but
 * for the pictures that it keeps of the best look. Not thread-safe. */
typedef struct _BoloPass BoloPass;

BoloPass *bolo_pass_new (const char *camera, guint64 track, BoloPlateRules *rules);
void bolo_pass_free (BoloPass *self);
/* A look at the vehicle in a frame of @frame_width x @frame_height; TRUE when it is the best so
 * far and its pictures should be given by set_pictures. */
gboolean bolo_pass_add (BoloPass *self,
                        const BoloReading *reading,
                        int frame_width,
                        int frame_height,
                        BoloCapturedBy captured_by);
/* (transfer none) each, (nullable): of the best look. */
void bolo_pass_set_pictures (BoloPass *self,
                             BoloPicture *patch,
                             BoloPicture *overview,
                             const char *overview_camera);
/* After each frame: what is to be published at @now_us, (transfer full), without an id, or NULL.
 * Provisional once at most; corrected when the vote has turned. */
BoloSighting *bolo_pass_decide (BoloPass *self, gint64 now_us);
/* The vehicle has gone: appends what is left to publish (corrected, closed) to @sightings. A pass
 * that gave no text worth a record gives nothing. */
void bolo_pass_close (BoloPass *self, GPtrArray *sightings);
gboolean bolo_pass_is_published (BoloPass *self);
/* What decide gave was not told after all. */
void bolo_pass_withdraw (BoloPass *self);
guint64 bolo_pass_get_track (BoloPass *self);
/* Text to show on the picture: what was published, else the latest reading. (transfer none) */
const char *bolo_pass_get_text (BoloPass *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloPass, bolo_pass_free)

G_END_DECLS
