/* bolo-camera-pipeline.c: one opened source: decoded once, tapped for reading, scaled for preview
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-capture"

#include "bolo-camera-pipeline.h"

#include <gst/app/gstappsink.h>

#include "bolo-camera-source.h"
#include "bolo-camera-tap.h"
#include "bolo-priority.h"

/* What the reader takes as it is. */
#define READING_FORMATS "video/x-raw, format=(string){ I420, NV12, GRAY8 }"

/* source - decodebin - videoconvert - formats - [videocrop] -*- queue - videoscale - videoconvert
 *   - size - appsink; the tap sits at the star. Without a preview a fakesink follows the star. */
struct _BoloCameraPipeline {
  BoloCameraFeed *feed;    /* (owned) */
  GstElement *pipeline;    /* (owned) */
  BoloCameraTap *tap;      /* (owned) */
  GstElement *decodebin;   /* (not owned) */
  GstElement *convert;     /* (not owned): first behind the decoder */
  GstElement *crop;        /* (not owned) (nullable) */
  GstElement *size_filter; /* (not owned) (nullable): the preview's size */
  GSource *bus_watch;      /* (owned) */
  BoloCameraPipelineEvents events;
  gpointer user_data;
  gint64 entered_us; /* (thread decoder): when the decoder was given what it works on */
  gint has_video;    /* (atomic) */
};

/* --- streaming threads ----------------------------------------------------------------------- */

static GstPadProbeReturn
on_decoder_entered (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  BoloCameraPipeline *self = user_data;

  self->entered_us = g_get_monotonic_time ();
  return GST_PAD_PROBE_OK;
}

/* Runs within the decoder's own call, before what follows it. */
static GstPadProbeReturn
on_decoder_left (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  BoloCameraPipeline *self = user_data;

  if (self->entered_us != 0)
    bolo_metric_add (self->feed->decode,
                     (double) (g_get_monotonic_time () - self->entered_us) / 1000.0);
  self->entered_us = 0;
  return GST_PAD_PROBE_OK;
}

static void
add_probe (GstElement *element,
           const char *pad_name,
           GstPadProbeType type,
           GstPadProbeCallback callback,
           gpointer data)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, pad_name);

  if (pad != NULL)
    gst_pad_add_probe (pad, type, callback, data, NULL);
}

static gboolean
has_property (GstElement *element, const char *name)
{
  return g_object_class_find_property (G_OBJECT_GET_CLASS (element), name) != NULL;
}

static void
on_element_added (GstBin *bin, GstBin *parent, GstElement *element, gpointer user_data)
{
  BoloCameraPipeline *self = user_data;
  GstElementFactory *factory = gst_element_get_factory (element);

  if (factory == NULL || GST_IS_BIN (element) ||
      !gst_element_factory_list_is_type (factory, GST_ELEMENT_FACTORY_TYPE_DECODER))
    return;
  /* Each further thread of libav is a frame of delay; there are as many cameras as cores. */
  if (has_property (element, "max-threads"))
    g_object_set (element, "max-threads", 1, NULL);
  /* Grey smears until the first key frame are no pictures. */
  if (has_property (element, "output-corrupt"))
    g_object_set (element, "output-corrupt", FALSE, NULL);
  bolo_camera_tap_set_has_decoder (self->tap);
  add_probe (element, "sink", GST_PAD_PROBE_TYPE_BUFFER, on_decoder_entered, self);
  add_probe (element, "src", GST_PAD_PROBE_TYPE_BUFFER, on_decoder_left, self);
}

static gboolean
caps_are_video (const GstCaps *caps)
{
  const GstStructure *structure =
    caps != NULL && gst_caps_get_size (caps) > 0 ? gst_caps_get_structure (caps, 0) : NULL;

  return structure != NULL && g_str_has_prefix (gst_structure_get_name (structure), "video/");
}

/* Sound and subtitles are left as they are. */
static gboolean
on_autoplug_continue (GstElement *decodebin, GstPad *pad, GstCaps *caps, gpointer user_data)
{
  const char *name =
    gst_caps_get_size (caps) > 0 ? gst_structure_get_name (gst_caps_get_structure (caps, 0)) : "";

  return !g_str_has_prefix (name, "audio/") && !g_str_has_prefix (name, "text/") &&
         !g_str_has_prefix (name, "subpicture/");
}

static void
on_decoded_pad (GstElement *decodebin, GstPad *pad, gpointer user_data)
{
  BoloCameraPipeline *self = user_data;
  g_autoptr (GstPad) sink = gst_element_get_static_pad (self->convert, "sink");
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  if (caps == NULL)
    caps = gst_pad_query_caps (pad, NULL);
  if (!caps_are_video (caps) || gst_pad_is_linked (sink))
    return;
  if (gst_pad_link (pad, sink) == GST_PAD_LINK_OK)
    g_atomic_int_set (&self->has_video, TRUE);
}

static void
post_error (BoloCameraPipeline *self, GQuark domain, int code, const char *text)
{
  g_autoptr (GError) error = g_error_new_literal (domain, code, text);

  gst_element_post_message (self->pipeline,
                            gst_message_new_error (GST_OBJECT (self->pipeline), error, NULL));
}

static void
on_no_more_pads (GstElement *decodebin, gpointer user_data)
{
  BoloCameraPipeline *self = user_data;

  if (!g_atomic_int_get (&self->has_video))
    post_error (self, GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE, "no video");
}

/* The crop is given in the source's pixels, but videocrop wants what to leave out. */
static GstPadProbeReturn
on_crop_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  BoloCameraPipeline *self = user_data;
  const int *crop = self->feed->config->crop;
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  GstCaps *caps = NULL;
  GstVideoInfo video;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (event, &caps);
  if (!gst_video_info_from_caps (&video, caps))
    return GST_PAD_PROBE_OK;
  if (crop[0] + crop[2] > video.width || crop[1] + crop[3] > video.height) {
    post_error (self, GST_CORE_ERROR, GST_CORE_ERROR_CAPS, "crop");
    return GST_PAD_PROBE_DROP;
  }
  g_object_set (self->crop, "left", crop[0], "top", crop[1], "right",
                video.width - crop[0] - crop[2], "bottom", video.height - crop[1] - crop[3], NULL);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_tap_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  BoloCameraPipeline *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  gboolean goes_on = bolo_camera_tap_take (self->tap, pad, &buffer);

  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return goes_on ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

/* --- preview --------------------------------------------------------------------------------- */

static void
set_preview_size (BoloCameraPipeline *self, GstCaps *caps)
{
  g_autoptr (GstCaps) small = NULL;
  GstVideoInfo video;
  int width;
  int height;

  if (!gst_video_info_from_caps (&video, caps) || video.width <= 0)
    return;
  width = MIN (video.width, self->feed->config->preview_width) & ~1;
  height = (int) gst_util_uint64_scale_int_round (video.height, width, video.width) & ~1;
  small = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "RGB", "width", G_TYPE_INT,
                               MAX (width, 2), "height", G_TYPE_INT, MAX (height, 2), NULL);
  g_object_set (self->size_filter, "caps", small, NULL);
}

/* Frames that no one will look at are dropped before they are scaled. */
static GstPadProbeReturn
on_preview_entry (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  BoloCameraPipeline *self = user_data;

  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
    GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
    GstCaps *caps = NULL;

    if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
      gst_event_parse_caps (event, &caps);
      set_preview_size (self, caps);
    }
    return GST_PAD_PROBE_OK;
  }
  return bolo_camera_tap_wants_preview (self->tap) ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

static GstFlowReturn
on_preview_sample (GstAppSink *sink, gpointer user_data)
{
  BoloCameraPipeline *self = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);

  if (sample == NULL)
    return GST_FLOW_EOS;
  bolo_camera_tap_take_preview (self->tap, sample);
  return GST_FLOW_OK;
}

/* --- building -------------------------------------------------------------------------------- */

/* The last one added, linked behind @previous. (transfer none) (nullable) */
static GstElement *
append (BoloCameraPipeline *self, GstElement *previous, const char *factory)
{
  GstElement *element = gst_element_factory_make (factory, NULL);

  if (element == NULL) {
    g_warning ("GStreamer's element %s is missing", factory);
    return NULL;
  }
  gst_bin_add (GST_BIN (self->pipeline), element);
  if (previous != NULL)
    gst_element_link (previous, element);
  return element;
}

static gboolean
add_reading (BoloCameraPipeline *self, GstElement **last)
{
  g_autoptr (GstCaps) formats = gst_caps_from_string (READING_FORMATS);
  GstElement *filter;

  self->decodebin = append (self, NULL, "decodebin");
  self->convert = append (self, NULL, "videoconvert");
  filter = append (self, self->convert, "capsfilter");
  if (self->decodebin == NULL || self->convert == NULL || filter == NULL)
    return FALSE;
  g_object_set (filter, "caps", formats, NULL);
  /* A hardware decoder's memory would have to be copied out anyway, and none is tested. */
  g_object_set (self->decodebin, "force-sw-decoders", TRUE, NULL);
  g_signal_connect (self->decodebin, "autoplug-continue", G_CALLBACK (on_autoplug_continue), self);
  g_signal_connect (self->decodebin, "pad-added", G_CALLBACK (on_decoded_pad), self);
  g_signal_connect (self->decodebin, "no-more-pads", G_CALLBACK (on_no_more_pads), self);
  *last = filter;
  if (self->feed->config->crop[2] > 0) {
    self->crop = *last = append (self, filter, "videocrop");
    if (self->crop == NULL)
      return FALSE;
    add_probe (self->crop, "sink", GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_crop_event, self);
  }
  add_probe (*last, "src", GST_PAD_PROBE_TYPE_BUFFER, on_tap_buffer, self);
  return TRUE;
}

static gboolean
add_preview (BoloCameraPipeline *self, GstElement *last)
{
  static const GstAppSinkCallbacks callbacks = {.new_sample = on_preview_sample};
  GstElement *queue = append (self, last, "queue");
  GstElement *scale = append (self, queue, "videoscale");
  GstElement *convert = append (self, scale, "videoconvert");
  GstElement *sink;

  self->size_filter = append (self, convert, "capsfilter");
  sink = append (self, self->size_filter, "appsink");
  if (queue == NULL || scale == NULL || convert == NULL || sink == NULL)
    return FALSE;
  g_object_set (queue, "max-size-buffers", 1, "max-size-bytes", 0, "max-size-time", (guint64) 0,
                "leaky", 2, NULL);
  g_object_set (sink, "max-buffers", 1, "drop", TRUE, "sync", FALSE, "async", FALSE,
                "enable-last-sample", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), (GstAppSinkCallbacks *) &callbacks, self, NULL);
  add_probe (queue, "sink", GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
             on_preview_entry, self);
  return TRUE;
}

static gboolean
add_branches (BoloCameraPipeline *self)
{
  GstElement *last = NULL;
  GstElement *sink;

  if (!add_reading (self, &last))
    return FALSE;
  if (self->feed->config->has_preview && self->feed->config->preview_width > 0)
    return add_preview (self, last);
  sink = append (self, last, "fakesink");
  if (sink == NULL)
    return FALSE;
  g_object_set (sink, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
  return TRUE;
}

/* In the thread that posts. GLib keeps threads for others to use: they stay lowered, which costs
 * these no more than the cameras cost each other. */
static GstBusSyncReply
on_posted (GstBus *bus, GstMessage *message, gpointer user_data)
{
  GstStreamStatusType type;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_STREAM_STATUS) {
    gst_message_parse_stream_status (message, &type, NULL);
    if (type == GST_STREAM_STATUS_TYPE_ENTER)
      bolo_priority_lower (BOLO_NICE_DECODE);
  }
  return GST_BUS_PASS;
}

/* --- messages, on the worker ----------------------------------------------------------------- */

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  BoloCameraPipeline *self = user_data;
  g_autoptr (GError) error = NULL;

  switch ((int) GST_MESSAGE_TYPE (message)) {
  case GST_MESSAGE_ERROR:
    gst_message_parse_error (message, &error, NULL);
    g_debug ("%s: %s", self->feed->config->info->name, error->message);
    self->events.failed (bolo_camera_fault_new_from_error (self->feed->config, error),
                         self->user_data);
    return G_SOURCE_CONTINUE;
  case GST_MESSAGE_EOS:
    self->events.ended (self->user_data);
    return G_SOURCE_CONTINUE;
  default:
    return G_SOURCE_CONTINUE;
  }
}

static void
watch_bus (BoloCameraPipeline *self, GMainContext *context)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  gst_bus_set_sync_handler (bus, on_posted, NULL, NULL);
  self->bus_watch = gst_bus_create_watch (bus);
  g_source_set_callback (self->bus_watch, G_SOURCE_FUNC (on_message), self, NULL);
  g_source_set_static_name (self->bus_watch, "bolo-camera-bus");
  g_source_attach (self->bus_watch, context);
}

BoloCameraPipeline *
bolo_camera_pipeline_new (BoloCameraFeed *feed,
                          GMainContext *context,
                          const BoloCameraPipelineEvents *events,
                          gpointer user_data,
                          BoloCameraFault **fault)
{
  g_autoptr (BoloCameraPipeline) self = g_new0 (BoloCameraPipeline, 1);

  self->feed = bolo_camera_feed_ref (feed);
  self->events = *events;
  self->user_data = user_data;
  self->pipeline = g_object_ref_sink (gst_pipeline_new (feed->config->info->name));
  self->tap = bolo_camera_tap_new (feed, self->pipeline);
  g_signal_connect (self->pipeline, "deep-element-added", G_CALLBACK (on_element_added), self);
  if (!add_branches (self)) {
    *fault = bolo_camera_fault_new ("A part of GStreamer is missing on this machine.",
                                    "Install gstreamer1.0-plugins-base and -good.");
    return NULL;
  }
  *fault = bolo_camera_source_add (GST_BIN (self->pipeline), self->decodebin, feed->config);
  if (*fault != NULL)
    return NULL;
  watch_bus (self, context);
  return g_steal_pointer (&self);
}

void
bolo_camera_pipeline_start (BoloCameraPipeline *self)
{
  /* What fails is told on the bus as well. */
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  bolo_camera_source_release (GST_BIN (self->pipeline));
}

gboolean
bolo_camera_pipeline_rewind (BoloCameraPipeline *self)
{
  return gst_element_seek_simple (self->pipeline, GST_FORMAT_TIME,
                                  GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT, 0);
}

gint64
bolo_camera_pipeline_get_length_us (BoloCameraPipeline *self)
{
  gint64 length = 0;

  if (!gst_element_query_duration (self->pipeline, GST_FORMAT_TIME, &length) || length <= 0)
    return 0;
  return GST_TIME_AS_USECONDS (length);
}

void
bolo_camera_pipeline_free (BoloCameraPipeline *self)
{
  if (self->bus_watch != NULL)
    g_source_destroy (self->bus_watch);
  g_clear_pointer (&self->bus_watch, g_source_unref);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_object (&self->pipeline);
  bolo_camera_tap_free (self->tap);
  bolo_camera_feed_unref (self->feed);
  g_free (self);
}
