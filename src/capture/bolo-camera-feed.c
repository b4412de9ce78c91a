/* bolo-camera-feed.c: what a camera's streaming threads and its watch share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera-feed.h"

#include "bolo-frame.h"

BoloCameraFeed *
bolo_camera_feed_new (const BoloCameraConfig *config, BoloClock *clock, BoloMailboxMode mode)
{
  BoloCameraFeed *self = g_atomic_rc_box_new0 (BoloCameraFeed);

  self->config = bolo_camera_config_ref (config);
  self->clock = g_object_ref (clock);
  self->mode = mode;
  self->frames = bolo_mailbox_new (mode, (GDestroyNotify) bolo_frame_unref);
  self->preview = bolo_mailbox_new (BOLO_MAILBOX_LIVE, (GDestroyNotify) bolo_frame_unref);
  self->decode = bolo_metric_new ();
  atomic_init (&self->is_stopping, FALSE);
  atomic_init (&self->is_pacing, FALSE);
  atomic_init (&self->is_preview_wanted, TRUE);
  atomic_init (&self->newest_us, 0);
  atomic_init (&self->clip_end_us, 0);
  atomic_init (&self->loop_offset_us, 0);
  atomic_init (&self->n_frames, 0);
  return self;
}

BoloCameraFeed *
bolo_camera_feed_ref (BoloCameraFeed *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
feed_clear (gpointer data)
{
  BoloCameraFeed *self = data;

  bolo_mailbox_unref (self->frames);
  bolo_mailbox_unref (self->preview);
  bolo_metric_free (self->decode);
  g_object_unref (self->clock);
  bolo_camera_config_unref (self->config);
}

void
bolo_camera_feed_unref (BoloCameraFeed *self)
{
  g_atomic_rc_box_release_full (self, feed_clear);
}

void
bolo_camera_feed_stop (BoloCameraFeed *self)
{
  atomic_store (&self->is_stopping, TRUE);
  bolo_mailbox_close (self->frames);
  bolo_mailbox_close (self->preview);
  /* A release reaches only those who wait already, and the pacing thread may stand just before
   * its wait: again, until it has passed. */
  while (atomic_load (&self->is_pacing)) {
    bolo_clock_release_waiters (self->clock);
    g_usleep (1000);
  }
}

gboolean
bolo_camera_feed_pace (BoloCameraFeed *self, gint64 captured_us)
{
  gboolean is_due = FALSE;

  atomic_store (&self->is_pacing, TRUE);
  /* Another camera's stop releases us too; only our own ends the wait. */
  while (!is_due && !atomic_load (&self->is_stopping))
    is_due = bolo_clock_wait_until (self->clock, captured_us);
  atomic_store (&self->is_pacing, FALSE);
  return is_due && !atomic_load (&self->is_stopping);
}
