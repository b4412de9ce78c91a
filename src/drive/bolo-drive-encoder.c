/* bolo-drive-encoder.c: frames to an H.264 clip in Matroska
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-encoder.h"

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include "bolo-drive-sensor.h"
#include "bolo-error.h"

#define BITRATE_KBPS 4500 /* for 1280x720 at 15 a second; characters stay sharp */
#define FINISH_WAIT_S 120

struct _BoloDriveEncoder {
  GstElement *pipeline; /* (owned) */
  GstAppSrc *source;    /* (owned) */
  gsize frame_bytes;
  int rate;
  guint64 n_frames;
};

static gboolean
has_element (const char *name)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (name);
  return factory != NULL;
}

/* One thread an encoder: the same frames give the same stream, and cameras run side by side. */
static char *
describe_codec (int width, int height, int rate, GError **error)
{
  int kbps = (int) (BITRATE_KBPS * ((double) width * height * rate / (1280.0 * 720 * 15)));
  kbps = MAX (kbps, 600);
  if (has_element ("x264enc"))
    return g_strdup_printf (
      "x264enc name=codec speed-preset=superfast bitrate=%d vbv-buf-capacity=2000 "
      "threads=1 trellis=false bframes=0 rc-lookahead=15 key-int-max=%d",
      kbps, rate);
  if (has_element ("openh264enc"))
    return g_strdup_printf (
      "openh264enc bitrate=%d gop-size=%d multi-thread=1 rate-control=bitrate", kbps * 1000, rate);
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED,
               "No H.264 encoder is installed; install gstreamer1.0-plugins-ugly (x264enc)");
  return NULL;
}

BoloDriveEncoder *
bolo_drive_encoder_new (const char *path, int width, int height, int rate, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_autofree char *codec = describe_codec (width, height, rate, error);
  if (codec == NULL)
    return NULL;
  g_autofree char *text =
    g_strdup_printf ("appsrc name=source format=time block=true max-bytes=%" G_GSIZE_FORMAT
                     " caps=video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1,"
                     "pixel-aspect-ratio=1/1,colorimetry=bt601 ! %s ! h264parse ! matroskamux "
                     "writing-app=bolo-drive ! filesink name=sink",
                     4 * bolo_drive_sensor_get_size (width, height), width, height, rate, codec);
  g_autoptr (GError) parse_error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, &parse_error);
  if (parse_error != NULL || pipeline == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED,
                 "Cannot write clips: %s; install gstreamer1.0-plugins-good and -bad",
                 parse_error != NULL ? parse_error->message : "no pipeline");
    return NULL;
  }
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_object_set (sink, "location", path, NULL);

  g_autoptr (BoloDriveEncoder) self = g_new0 (BoloDriveEncoder, 1);
  self->source = GST_APP_SRC (gst_bin_get_by_name (GST_BIN (pipeline), "source"));
  self->pipeline = g_steal_pointer (&pipeline);
  self->frame_bytes = bolo_drive_sensor_get_size (width, height);
  self->rate = rate;
  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_PERMISSION, "Cannot write %s", path);
    return NULL;
  }
  return g_steal_pointer (&self);
}

/* Takes the pipeline's own words for why it stopped. */
static void
set_pipeline_error (BoloDriveEncoder *self, GError **error)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_autoptr (GError) why = NULL;

  if (message != NULL)
    gst_message_parse_error (message, &why, NULL);
  gboolean is_full = g_error_matches (why, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT);
  g_set_error (error, BOLO_ERROR, is_full ? BOLO_ERROR_NO_SPACE : BOLO_ERROR_INTERNAL,
               "Cannot write the clip: %s", why != NULL ? why->message : "the encoder stopped");
}

gboolean
bolo_drive_encoder_add (BoloDriveEncoder *self, const guint8 *i420, GError **error)
{
  g_return_val_if_fail (self != NULL && i420 != NULL, FALSE);
  GstBuffer *buffer = gst_buffer_new_memdup (i420, self->frame_bytes);

  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (self->n_frames, GST_SECOND, (guint) self->rate);
  GST_BUFFER_DURATION (buffer) =
    gst_util_uint64_scale (self->n_frames + 1, GST_SECOND, (guint) self->rate) -
    GST_BUFFER_PTS (buffer);
  self->n_frames++;
  if (gst_app_src_push_buffer (self->source, buffer) == GST_FLOW_OK)
    return TRUE;
  set_pipeline_error (self, error);
  return FALSE;
}

gboolean
bolo_drive_encoder_finish (BoloDriveEncoder *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  gst_app_src_end_of_stream (self->source);
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus, FINISH_WAIT_S * GST_SECOND,
                                                               GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  if (message != NULL && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    return TRUE;
  if (message != NULL)
    gst_bus_post (bus, g_steal_pointer (&message));
  set_pipeline_error (self, error);
  return FALSE;
}

void
bolo_drive_encoder_free (BoloDriveEncoder *self)
{
  if (self == NULL)
    return;
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_object (&self->source);
  g_clear_object (&self->pipeline);
  g_free (self);
}
