/* bolo-camera-feed.h: what a camera's streaming threads and its watch share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdatomic.h>

#include "bolo-camera-config.h"
#include "bolo-clock.h"
#include "bolo-mailbox.h"
#include "bolo-metric.h"

G_BEGIN_DECLS

/* BoloCameraFeed: outlives each pipeline that fills it. Atomically counted; the fields are set
 * once, but for the atomic ones. */
typedef struct {
  const BoloCameraConfig *config; /* (owned) */
  BoloClock *clock;               /* (owned) */
  BoloMailbox *frames;            /* (owned) */
  BoloMailbox *preview;           /* (owned) */
  BoloMailboxMode mode;
  BoloMetric *decode; /* (owned) */
  atomic_bool is_stopping;
  atomic_bool is_pacing; /* a streaming thread may wait for the clock */
  atomic_bool is_preview_wanted;
  atomic_llong newest_us;      /* monotonic time of the newest frame; 0: none yet */
  atomic_llong clip_end_us;    /* where in the clip the newest frame ends */
  atomic_llong loop_offset_us; /* of the clip's time, by the rounds behind it */
  atomic_ullong n_frames;
} BoloCameraFeed;

BoloCameraFeed *
bolo_camera_feed_new (const BoloCameraConfig *config, BoloClock *clock, BoloMailboxMode mode);
BoloCameraFeed *bolo_camera_feed_ref (BoloCameraFeed *self);
void bolo_camera_feed_unref (BoloCameraFeed *self);
/* No frame is taken or waited for any more; wakes whoever waits. Any thread. */
void bolo_camera_feed_stop (BoloCameraFeed *self);
/* Streaming threads: waits for the clock to reach @captured_us; FALSE when stopping. */
gboolean bolo_camera_feed_pace (BoloCameraFeed *self, gint64 captured_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloCameraFeed, bolo_camera_feed_unref)

G_END_DECLS
