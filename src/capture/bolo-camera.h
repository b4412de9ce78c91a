/* bolo-camera.h: a camera that is kept alive: frames and previews in mailboxes, its health told
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

#include "bolo-camera-config.h"
#include "bolo-clock.h"
#include "bolo-health.h"
#include "bolo-mailbox.h"
#include "bolo-metric.h"

G_BEGIN_DECLS

/* BoloCamera: one source, one decode, two branches. It opens, watches and reopens its source on a
 * worker of its own, so that no camera waits for another.
 *
 * Live sources: no new frame for 2 s is a freeze; what is lost is tried again after 0.5 and 1 s
 * (up to 10 s for one that never worked). Its mailboxes stay open meanwhile.
 * Replay: in LIVE mode each frame comes when the clock reaches its time; in LOCK_STEP mode as
 * fast as it is taken. At its end, or when it cannot be read on, both mailboxes close.
 *
 * Signal "health" (const BoloHealth *, valid during the call): each change of state, in the
 * context given. Public functions: any thread, unless said. */
#define BOLO_TYPE_CAMERA (bolo_camera_get_type ())
G_DECLARE_FINAL_TYPE (BoloCamera, bolo_camera, BOLO, CAMERA, GObject)

/* @mode is that of the reading mailbox. @context (nullable): the default one. (transfer full) */
BoloCamera *bolo_camera_new (const BoloCameraConfig *config,
                             BoloClock *clock,
                             BoloMailboxMode mode,
                             GMainContext *context);
/* Owner. Returns at once; what comes of it is health. */
void bolo_camera_start (BoloCamera *self);
/* Owner; must come before the last unref of a started camera. Closes the mailboxes, ends the
 * source; FALSE when that took longer than @deadline_ms (it then ends by itself). */
gboolean bolo_camera_stop (BoloCamera *self, guint deadline_ms);

/* (transfer none) */
const BoloCameraConfig *bolo_camera_get_config (BoloCamera *self);
/* (transfer none): of BoloFrame, I420, NV12 or GRAY8, full size, crop and masks applied. */
BoloMailbox *bolo_camera_get_frames (BoloCamera *self);
/* (transfer none): of BoloFrame, RGB, always live; the same captured_us as the reading frame. */
BoloMailbox *bolo_camera_get_preview (BoloCamera *self);
/* Spares the scaling while no one looks. On by default where the configuration has a preview. */
void bolo_camera_set_preview_wanted (BoloCamera *self, gboolean is_wanted);
/* (transfer full) */
BoloHealth *bolo_camera_get_health (BoloCamera *self);
/* Frames let in since the start (after max_rate). */
guint64 bolo_camera_get_frames_in (BoloCamera *self);
/* (transfer none): milliseconds a frame in the decoder. */
BoloMetric *bolo_camera_get_decode_metric (BoloCamera *self);

G_END_DECLS
