/* bolo-camera-tap.c: takes decoded buffers out of a pipeline as stamped frames
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-capture"

#include "bolo-camera-tap.h"

#include "bolo-camera-mask.h"
#include "bolo-frame.h"

/* Frames that may be on their way to the preview at once; its queue holds one. */
#define N_STAMPS 16
/* RTCP counts from 1900, we from 1970. */
#define NTP_TO_UNIX_S G_GUINT64_CONSTANT (2208988800)
/* A camera whose clock is further out than this is not believed. */
#define MAX_RTCP_AGE_US (10 * G_USEC_PER_SEC)
#define MAX_RTCP_AHEAD_US (G_USEC_PER_SEC / 2)
/* Longer than this between a buffer's time and now: the buffer's time means something else. */
#define MAX_BUFFER_AGE_US (5 * G_USEC_PER_SEC)
/* Clips keep their times in whole milliseconds. */
#define RATE_TOLERANCE_US 5000

typedef struct {
  GstClockTime pts;
  gint64 captured_us;
  gint64 arrived_us;
  gint64 media_ms;
  guint64 sequence;
  BoloCapturedBy captured_by;
} Stamp;

/* Lets frames through at a rate, by their own times. */
typedef struct {
  gint64 period_us; /* 0: all */
  gint64 due_us;
  gboolean has_due;
} RateGate;

struct _BoloCameraTap {
  BoloCameraFeed *feed; /* (owned) */
  GstElement *pipeline; /* (not owned) */
  gint has_decoder;     /* (atomic) */
  gboolean is_replay;

  GstCaps *caps; /* (owned) (nullable): what @info was made of */
  GstVideoInfo info;
  GstBufferPool *pool; /* (owned) (nullable): for masked and driver frames */
  GstCaps *ntp_caps;   /* (owned) */
  RateGate reading_gate;
  RateGate preview_gate;
  gint64 last_captured_us;

  GMutex mutex;
  Stamp stamps[N_STAMPS]; /* (mutex mutex) a ring */
  guint n_stamps;         /* (mutex mutex) */
};

static void
gate_init (RateGate *gate, double rate)
{
  gate->period_us = rate > 0 ? (gint64) (G_USEC_PER_SEC / rate) : 0;
}

static gboolean
gate_passes (RateGate *gate, gint64 time_us)
{
  gint64 period_us = gate->period_us;

  if (period_us == 0)
    return TRUE;
  if (gate->has_due && time_us < gate->due_us - RATE_TOLERANCE_US &&
      time_us > gate->due_us - 2 * period_us)
    return FALSE;
  if (gate->has_due && ABS (time_us - gate->due_us) < period_us)
    gate->due_us += period_us;
  else
    gate->due_us = time_us + period_us;
  gate->has_due = TRUE;
  return TRUE;
}

BoloCameraTap *
bolo_camera_tap_new (BoloCameraFeed *feed, GstElement *pipeline)
{
  BoloCameraTap *self = g_new0 (BoloCameraTap, 1);

  self->feed = bolo_camera_feed_ref (feed);
  self->pipeline = pipeline;
  self->is_replay = feed->config->source == BOLO_CAMERA_SOURCE_REPLAY;
  self->ntp_caps = gst_caps_new_empty_simple ("timestamp/x-ntp");
  self->last_captured_us = G_MININT64;
  gate_init (&self->reading_gate, feed->config->max_rate);
  gate_init (&self->preview_gate, feed->config->preview_rate);
  g_mutex_init (&self->mutex);
  return self;
}

static void
drop_pool (BoloCameraTap *self)
{
  if (self->pool != NULL)
    gst_buffer_pool_set_active (self->pool, FALSE);
  gst_clear_object (&self->pool);
}

void
bolo_camera_tap_free (BoloCameraTap *self)
{
  drop_pool (self);
  gst_clear_caps (&self->caps);
  gst_clear_caps (&self->ntp_caps);
  bolo_camera_feed_unref (self->feed);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
bolo_camera_tap_set_has_decoder (BoloCameraTap *self)
{
  g_atomic_int_set (&self->has_decoder, TRUE);
}

/* --- frames lent ----------------------------------------------------------------------------- */

static gboolean
get_frame_format (GstVideoFormat format, BoloFrameFormat *ours)
{
  switch ((int) format) {
  case GST_VIDEO_FORMAT_I420:
    *ours = BOLO_FRAME_FORMAT_I420;
    return TRUE;
  case GST_VIDEO_FORMAT_NV12:
    *ours = BOLO_FRAME_FORMAT_NV12;
    return TRUE;
  case GST_VIDEO_FORMAT_GRAY8:
    *ours = BOLO_FRAME_FORMAT_GRAY8;
    return TRUE;
  case GST_VIDEO_FORMAT_RGB:
    *ours = BOLO_FRAME_FORMAT_RGB;
    return TRUE;
  default:
    return FALSE;
  }
}

static void
release_mapped (gpointer data)
{
  GstVideoFrame *mapped = data;

  gst_video_frame_unmap (mapped);
  g_free (mapped);
}

/* The mapped frame holds a reference to the buffer, never to the sample: appsink wants those. */
static BoloFrame *
lend_buffer (GstBuffer *buffer, const GstVideoInfo *info, const Stamp *stamp)
{
  g_autofree GstVideoFrame *mapped = g_new0 (GstVideoFrame, 1);
  BoloFrame frame = {0};

  if (!get_frame_format (GST_VIDEO_INFO_FORMAT (info), &frame.format) ||
      !gst_video_frame_map (mapped, info, buffer, GST_MAP_READ))
    return NULL;
  frame.width = GST_VIDEO_FRAME_WIDTH (mapped);
  frame.height = GST_VIDEO_FRAME_HEIGHT (mapped);
  for (guint i = 0; i < GST_VIDEO_FRAME_N_PLANES (mapped); i++) {
    frame.planes[i] = GST_VIDEO_FRAME_PLANE_DATA (mapped, i);
    frame.strides[i] = GST_VIDEO_FRAME_PLANE_STRIDE (mapped, i);
  }
  frame.captured_us = stamp->captured_us;
  frame.arrived_us = stamp->arrived_us;
  frame.media_ms = stamp->media_ms;
  frame.sequence = stamp->sequence;
  frame.captured_by = stamp->captured_by;
  frame.release = release_mapped;
  frame.release_data = g_steal_pointer (&mapped);
  return bolo_frame_new (&frame);
}

/* --- masks and driver pools ------------------------------------------------------------------ */

static gboolean
ensure_pool (BoloCameraTap *self)
{
  GstStructure *config;

  if (self->pool != NULL)
    return TRUE;
  self->pool = gst_video_buffer_pool_new ();
  config = gst_buffer_pool_get_config (self->pool);
  gst_buffer_pool_config_set_params (config, self->caps, self->info.size, 0, 0);
  if (gst_buffer_pool_set_config (self->pool, config) &&
      gst_buffer_pool_set_active (self->pool, TRUE))
    return TRUE;
  gst_clear_object (&self->pool);
  return FALSE;
}

static GstBuffer *
copy_to_pool (BoloCameraTap *self, GstBuffer *buffer)
{
  GstBuffer *copy = NULL;
  GstVideoFrame from;
  GstVideoFrame to;

  if (!ensure_pool (self) ||
      gst_buffer_pool_acquire_buffer (self->pool, &copy, NULL) != GST_FLOW_OK)
    return NULL;
  if (!gst_video_frame_map (&from, &self->info, buffer, GST_MAP_READ)) {
    gst_buffer_unref (copy);
    return NULL;
  }
  if (gst_video_frame_map (&to, &self->info, copy, GST_MAP_WRITE)) {
    gst_video_frame_copy (&to, &from);
    gst_video_frame_unmap (&to);
  }
  gst_video_frame_unmap (&from);
  gst_buffer_copy_into (copy, buffer, GST_BUFFER_COPY_TIMESTAMPS | GST_BUFFER_COPY_FLAGS, 0,
                        (gsize) -1);
  return copy;
}

static void
paint_masks (BoloCameraTap *self, GstBuffer *buffer)
{
  const BoloCameraConfig *config = self->feed->config;
  BoloCameraCanvas canvas = {0};
  GstVideoFrame mapped;

  if (!gst_video_frame_map (&mapped, &self->info, buffer, GST_MAP_READWRITE))
    return;
  if (get_frame_format (GST_VIDEO_FRAME_FORMAT (&mapped), &canvas.format)) {
    canvas.width = GST_VIDEO_FRAME_WIDTH (&mapped);
    canvas.height = GST_VIDEO_FRAME_HEIGHT (&mapped);
    for (guint i = 0; i < GST_VIDEO_FRAME_N_PLANES (&mapped); i++) {
      canvas.planes[i] = GST_VIDEO_FRAME_PLANE_DATA (&mapped, i);
      canvas.strides[i] = GST_VIDEO_FRAME_PLANE_STRIDE (&mapped, i);
    }
    bolo_camera_mask_paint (&canvas, config->masks, config->crop[0], config->crop[1]);
  }
  gst_video_frame_unmap (&mapped);
}

/* The decoder still needs its pictures unpainted, and a driver its few buffers back. FALSE: no
 * copy could be had, and an unmasked frame must not go on. */
static gboolean
make_ours (BoloCameraTap *self, GstBuffer **buffer)
{
  gboolean has_masks = self->feed->config->masks->len > 0;
  gboolean is_driver_pool = !self->is_replay && !g_atomic_int_get (&self->has_decoder);
  GstBuffer *copy;

  if (!has_masks && !is_driver_pool)
    return TRUE;
  copy = copy_to_pool (self, *buffer);
  if (copy == NULL)
    return FALSE;
  if (has_masks)
    paint_masks (self, copy);
  gst_buffer_replace (buffer, copy);
  gst_buffer_unref (copy);
  return TRUE;
}

/* --- time ------------------------------------------------------------------------------------ */

static void
get_times (GstPad *pad, GstBuffer *buffer, GstClockTime *running, GstClockTime *stream)
{
  g_autoptr (GstEvent) event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  GstClockTime pts = GST_BUFFER_PTS (buffer);
  const GstSegment *segment = NULL;

  *running = *stream = pts;
  if (event == NULL || !GST_CLOCK_TIME_IS_VALID (pts))
    return;
  gst_event_parse_segment (event, &segment);
  if (segment->format != GST_FORMAT_TIME)
    return;
  *running = gst_segment_to_running_time (segment, GST_FORMAT_TIME, pts);
  *stream = gst_segment_to_stream_time (segment, GST_FORMAT_TIME, pts);
  if (!GST_CLOCK_TIME_IS_VALID (*stream))
    *stream = pts;
}

/* How long ago the pipeline's clock showed the buffer's time: when the driver or the network
 * card gave us the frame, so that the decoder's time is not added. */
static gint64
get_age_us (BoloCameraTap *self, GstClockTime running)
{
  g_autoptr (GstClock) clock = gst_element_get_clock (self->pipeline);
  gint64 age_us;

  if (clock == NULL || !GST_CLOCK_TIME_IS_VALID (running))
    return 0;
  age_us = GST_TIME_AS_USECONDS (GST_CLOCK_DIFF (
    running, gst_clock_get_time (clock) - gst_element_get_base_time (self->pipeline)));
  return age_us >= 0 && age_us <= MAX_BUFFER_AGE_US ? age_us : 0;
}

static gboolean
find_rtcp_time (BoloCameraTap *self, GstBuffer *buffer, gint64 now_us, gint64 *captured_us)
{
  GstReferenceTimestampMeta *meta =
    gst_buffer_get_reference_timestamp_meta (buffer, self->ntp_caps);

  if (meta == NULL || meta->timestamp / GST_SECOND <= NTP_TO_UNIX_S)
    return FALSE;
  *captured_us = (gint64) (meta->timestamp / GST_USECOND) - (gint64) NTP_TO_UNIX_S * G_USEC_PER_SEC;
  return *captured_us > now_us - MAX_RTCP_AGE_US && *captured_us < now_us + MAX_RTCP_AHEAD_US;
}

static void
stamp_live (BoloCameraTap *self, GstBuffer *buffer, GstClockTime running, Stamp *stamp)
{
  const BoloCameraConfig *config = self->feed->config;
  gint64 now_us = bolo_clock_get_utc_us (self->feed->clock);

  stamp->media_ms = -1;
  if (config->source != BOLO_CAMERA_SOURCE_RTSP) {
    stamp->captured_by = BOLO_CAPTURED_BY_DRIVER;
    stamp->captured_us = now_us - get_age_us (self, running);
  } else if (find_rtcp_time (self, buffer, now_us, &stamp->captured_us)) {
    stamp->captured_by = BOLO_CAPTURED_BY_RTCP;
  } else {
    stamp->captured_by = BOLO_CAPTURED_BY_ARRIVAL;
    stamp->captured_us =
      now_us - get_age_us (self, running) - (gint64) config->delay_ms * G_TIME_SPAN_MILLISECOND;
  }
  /* The change from arrival to RTCP may step back a little; the frames' order must not. */
  if (stamp->captured_us <= self->last_captured_us &&
      stamp->captured_us > self->last_captured_us - G_USEC_PER_SEC)
    stamp->captured_us = self->last_captured_us + 1;
}

static void
stamp_replay (BoloCameraTap *self, GstBuffer *buffer, GstClockTime stream, Stamp *stamp)
{
  BoloCameraFeed *feed = self->feed;
  gint64 position_us = 0;
  gint64 length_us = 0;

  if (GST_CLOCK_TIME_IS_VALID (stream))
    position_us = GST_TIME_AS_USECONDS (stream);
  if (GST_BUFFER_DURATION_IS_VALID (buffer))
    length_us = GST_TIME_AS_USECONDS (GST_BUFFER_DURATION (buffer));
  stamp->captured_by = BOLO_CAPTURED_BY_RECORDING;
  stamp->media_ms = position_us / 1000;
  stamp->captured_us =
    feed->config->clip_start_us + atomic_load (&feed->loop_offset_us) + position_us;
  atomic_store (&feed->clip_end_us, position_us + length_us);
}

static void
stamp_buffer (BoloCameraTap *self, GstPad *pad, GstBuffer *buffer, Stamp *stamp)
{
  GstClockTime running = GST_CLOCK_TIME_NONE;
  GstClockTime stream = GST_CLOCK_TIME_NONE;

  get_times (pad, buffer, &running, &stream);
  stamp->pts = GST_BUFFER_PTS (buffer);
  if (self->is_replay)
    stamp_replay (self, buffer, stream, stamp);
  else
    stamp_live (self, buffer, running, stamp);
}

static void
remember (BoloCameraTap *self, const Stamp *stamp)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->stamps[self->n_stamps++ % N_STAMPS] = *stamp;
}

static gboolean
recall (BoloCameraTap *self, GstClockTime pts, Stamp *stamp)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  for (guint i = 1; i <= MIN (self->n_stamps, N_STAMPS); i++) {
    const Stamp *kept = &self->stamps[(self->n_stamps - i) % N_STAMPS];

    if (kept->pts == pts) {
      *stamp = *kept;
      return TRUE;
    }
  }
  return FALSE;
}

/* --- the tap --------------------------------------------------------------------------------- */

static gboolean
ensure_info (BoloCameraTap *self, GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  if (caps == NULL)
    return FALSE;
  if (caps == self->caps)
    return TRUE;
  drop_pool (self);
  gst_caps_replace (&self->caps, caps);
  return gst_video_info_from_caps (&self->info, caps);
}

gboolean
bolo_camera_tap_take (BoloCameraTap *self, GstPad *pad, GstBuffer **buffer)
{
  BoloCameraFeed *feed = self->feed;
  Stamp stamp = {0};
  BoloFrame *frame;

  if (atomic_load (&feed->is_stopping) || !ensure_info (self, pad))
    return FALSE;
  stamp_buffer (self, pad, *buffer, &stamp);
  if (!gate_passes (&self->reading_gate, stamp.captured_us) || !make_ours (self, buffer))
    return FALSE;
  if (self->is_replay && feed->mode == BOLO_MAILBOX_LIVE &&
      !bolo_camera_feed_pace (feed, stamp.captured_us))
    return FALSE;

  stamp.arrived_us = bolo_clock_get_monotonic_us (feed->clock);
  stamp.sequence = atomic_fetch_add (&feed->n_frames, 1);
  self->last_captured_us = stamp.captured_us;
  remember (self, &stamp);
  atomic_store (&feed->newest_us, MAX (stamp.arrived_us, 1));
  frame = lend_buffer (*buffer, &self->info, &stamp);
  return frame != NULL && bolo_mailbox_put (feed->frames, frame);
}

gboolean
bolo_camera_tap_wants_preview (BoloCameraTap *self)
{
  return atomic_load (&self->feed->is_preview_wanted) &&
         gate_passes (&self->preview_gate, self->last_captured_us);
}

void
bolo_camera_tap_take_preview (BoloCameraTap *self, GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstCaps *caps = gst_sample_get_caps (sample);
  GstVideoInfo info;
  Stamp stamp;
  BoloFrame *frame;

  if (buffer == NULL || caps == NULL || !gst_video_info_from_caps (&info, caps) ||
      !recall (self, GST_BUFFER_PTS (buffer), &stamp))
    return;
  frame = lend_buffer (buffer, &info, &stamp);
  if (frame != NULL)
    bolo_mailbox_put (self->feed->preview, frame);
}
