/* bolo-camera-source.c: the GStreamer elements that a kind of camera begins with
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-capture"

#include "bolo-camera-source.h"

#include <string.h>

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* A camera that takes longer to answer counts as lost: the state is due within 3 s. */
#define RTSP_TIMEOUT_US (2 * G_USEC_PER_SEC)
#define PASSWORD_MAX 512

#define CLIP_SOURCE "clip-source"
#define CLIP_TYPEFIND "clip-typefind"

/* From GstRTSPLowerTrans, which would need another library. */
enum {
  TRANSPORT_UDP = 0x1,
  TRANSPORT_MULTICAST = 0x2,
  TRANSPORT_TCP = 0x4,
};

/* @name (nullable). (transfer none): owned by @pipeline. */
static GstElement *
add_element (GstBin *pipeline, const char *factory, const char *name, BoloCameraFault **fault)
{
  GstElement *element = gst_element_factory_make (factory, name);

  if (element != NULL) {
    gst_bin_add (pipeline, element);
    return element;
  }
  g_autofree char *detail =
    g_strdup_printf ("GStreamer's element %s is missing on this machine.", factory);
  *fault = bolo_camera_fault_new (detail, "Install Bolo's packages again with ./run or apt.");
  return NULL;
}

/* --- what is asked of a device --------------------------------------------------------------- */

static GstCaps *
make_media_caps (const BoloCameraConfig *config, const char *media)
{
  GstCaps *caps = gst_caps_new_empty_simple (media);

  if (config->width > 0)
    gst_caps_set_simple (caps, "width", G_TYPE_INT, config->width, NULL);
  if (config->height > 0)
    gst_caps_set_simple (caps, "height", G_TYPE_INT, config->height, NULL);
  /* libcamera 0.0 has no frame rate in its caps. */
  if (config->frame_rate > 0 && config->source == BOLO_CAMERA_SOURCE_V4L2) {
    int numerator = 0;
    int denominator = 1;

    gst_util_double_to_fraction (config->frame_rate, &numerator, &denominator);
    gst_caps_set_simple (caps, "framerate", GST_TYPE_FRACTION, numerator, denominator, NULL);
  }
  return caps;
}

GstCaps *
bolo_camera_source_make_caps (const BoloCameraConfig *config)
{
  /* Over USB 2 an HD picture comes at full rate only as MJPEG; small ones are better raw. */
  gboolean prefers_raw =
    config->source == BOLO_CAMERA_SOURCE_LIBCAMERA || (config->width > 0 && config->width < 1280);
  GstCaps *caps = make_media_caps (config, prefers_raw ? "video/x-raw" : "image/jpeg");

  gst_caps_append (caps, make_media_caps (config, prefers_raw ? "image/jpeg" : "video/x-raw"));
  return caps;
}

static gboolean
link_device (GstBin *pipeline,
             GstElement *source,
             GstElement *decoder,
             const BoloCameraConfig *config,
             BoloCameraFault **fault)
{
  g_autoptr (GstCaps) caps = bolo_camera_source_make_caps (config);
  GstElement *filter = add_element (pipeline, "capsfilter", NULL, fault);
  GstElement *queue = filter != NULL ? add_element (pipeline, "queue", NULL, fault) : NULL;

  if (queue == NULL)
    return FALSE;
  g_object_set (filter, "caps", caps, NULL);
  /* The driver has few buffers: give them back at once, drop rather than wait. */
  g_object_set (queue, "max-size-buffers", 2, "max-size-bytes", 0, "max-size-time", (guint64) 0,
                "leaky", 2, NULL);
  return gst_element_link_many (source, filter, queue, decoder, NULL);
}

/* V4L2's unit of exposure is 100 microseconds; 1 is "manual", 3 "aperture priority". */
static GstStructure *
make_v4l2_controls (const BoloCameraConfig *config)
{
  GstStructure *controls = gst_structure_new_empty ("controls");

  if (config->exposure != NULL && g_str_equal (config->exposure, "auto"))
    gst_structure_set (controls, "auto_exposure", G_TYPE_INT, 3, NULL);
  else if (config->exposure != NULL)
    gst_structure_set (controls, "auto_exposure", G_TYPE_INT, 1, "exposure_time_absolute",
                       G_TYPE_INT, (int) MAX (g_ascii_strtod (config->exposure, NULL) / 100, 1),
                       NULL);
  if (config->gain != NULL && g_str_equal (config->gain, "auto"))
    gst_structure_set (controls, "gain_automatic", G_TYPE_INT, 1, NULL);
  else if (config->gain != NULL)
    gst_structure_set (controls, "gain", G_TYPE_INT, (int) g_ascii_strtod (config->gain, NULL),
                       NULL);
  return controls;
}

/* The sentences here are plainer than what v4l2src says of the same. */
static BoloCameraFault *
check_device (const BoloCameraConfig *config)
{
  struct stat status;
  g_autoptr (GError) error = NULL;

  if (stat (config->device, &status) != 0)
    error = g_error_new_literal (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, "");
  else if (!S_ISCHR (status.st_mode))
    return bolo_camera_fault_new ("The source of this camera is a file, not a video device.",
                                  "Write replay:FILE for a clip, or v4l2:/dev/videoN.");
  else if (access (config->device, R_OK | W_OK) != 0)
    error = g_error_new_literal (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "");
  return error != NULL ? bolo_camera_fault_new_from_error (config, error) : NULL;
}

static void
add_v4l2 (GstBin *pipeline,
          GstElement *decoder,
          const BoloCameraConfig *config,
          BoloCameraFault **fault)
{
  GstElement *source = add_element (pipeline, "v4l2src", NULL, fault);
  g_autoptr (GstStructure) controls = make_v4l2_controls (config);

  if (source == NULL)
    return;
  g_object_set (source, "device", config->device, NULL);
  if (gst_structure_n_fields (controls) > 0)
    g_object_set (source, "extra-controls", controls, NULL);
  link_device (pipeline, source, decoder, config, fault);
}

static void
add_libcamera (GstBin *pipeline,
               GstElement *decoder,
               const BoloCameraConfig *config,
               BoloCameraFault **fault)
{
  GstElement *source = add_element (pipeline, "libcamerasrc", NULL, fault);

  if (source == NULL) {
    bolo_camera_fault_free (*fault);
    *fault = bolo_camera_fault_new ("GStreamer's part for libcamera is missing on this machine.",
                                    "Install gstreamer1.0-libcamera.");
    return;
  }
  if (*config->device != '\0')
    g_object_set (source, "camera-name", config->device, NULL);
  link_device (pipeline, source, decoder, config, fault);
}

/* --- RTSP ------------------------------------------------------------------------------------ */

static gboolean
is_video (const GstCaps *caps)
{
  const GstStructure *structure =
    caps != NULL && gst_caps_get_size (caps) > 0 ? gst_caps_get_structure (caps, 0) : NULL;

  return structure != NULL &&
         g_strcmp0 (gst_structure_get_string (structure, "media"), "video") == 0;
}

static gboolean
on_select_stream (GstElement *source, guint number, GstCaps *caps, gpointer user_data)
{
  return is_video (caps);
}

static void
on_stream_added (GstElement *source, GstPad *pad, gpointer user_data)
{
  GstElement *decoder = user_data;
  g_autoptr (GstPad) sink = gst_element_get_static_pad (decoder, "sink");

  if (!gst_pad_is_linked (sink))
    gst_pad_link (pad, sink);
}

/* The first line of the password file; read at each opening, so that a new one needs no restart. */
static char *
read_password (const BoloCameraConfig *config, BoloCameraFault **fault)
{
  g_autofree char *text = NULL;
  gsize length = 0;
  char *password;

  if (config->password_file == NULL)
    return g_strdup (config->password);
  if (!g_file_get_contents (config->password_file, &text, &length, NULL)) {
    g_autofree char *detail =
      g_strdup_printf ("The camera's password file %s cannot be read.", config->password_file);

    *fault = bolo_camera_fault_new (detail, "Make it, with the password as its only line.");
    return NULL;
  }
  password = g_strndup (text, MIN (strcspn (text, "\r\n"), PASSWORD_MAX));
  explicit_bzero (text, length);
  return password;
}

static void
add_rtsp (GstBin *pipeline,
          GstElement *decoder,
          const BoloCameraConfig *config,
          BoloCameraFault **fault)
{
  static const guint transports[] = {
    [BOLO_CAMERA_TRANSPORT_TCP] = TRANSPORT_TCP,
    [BOLO_CAMERA_TRANSPORT_UDP] = TRANSPORT_UDP | TRANSPORT_MULTICAST,
    [BOLO_CAMERA_TRANSPORT_AUTO] = TRANSPORT_UDP | TRANSPORT_MULTICAST | TRANSPORT_TCP,
  };
  g_autofree char *password = read_password (config, fault);
  GstElement *source = *fault == NULL ? add_element (pipeline, "rtspsrc", NULL, fault) : NULL;

  if (source == NULL)
    return;
  g_object_set (source, "location", config->device, "user-id", config->user, "user-pw", password,
                "protocols", transports[config->transport], "latency", (guint) config->latency_ms,
                "tcp-timeout", (guint64) RTSP_TIMEOUT_US, "timeout", (guint64) RTSP_TIMEOUT_US,
                "add-reference-timestamp-meta", TRUE, NULL);
  g_signal_connect_object (source, "select-stream", G_CALLBACK (on_select_stream), decoder, 0);
  g_signal_connect_object (source, "pad-added", G_CALLBACK (on_stream_added), decoder, 0);
  if (password != NULL)
    explicit_bzero (password, strlen (password));
}

/* --- replay ---------------------------------------------------------------------------------- */

/* (transfer full) (nullable): the best demuxer for what a clip is. */
static GstElementFactory *
find_demuxer (const GstCaps *caps)
{
  GList *all =
    gst_element_factory_list_get_elements (GST_ELEMENT_FACTORY_TYPE_DEMUXER, GST_RANK_MARGINAL);
  GList *fit = gst_element_factory_list_filter (all, caps, GST_PAD_SINK, FALSE);
  GstElementFactory *best = fit != NULL ? gst_object_ref (fit->data) : NULL;

  gst_plugin_feature_list_free (fit);
  gst_plugin_feature_list_free (all);
  return best;
}

static void
on_demuxed_pad (GstElement *demuxer, GstPad *pad, gpointer user_data)
{
  GstElement *decoder = user_data;
  g_autoptr (GstPad) sink = gst_element_get_static_pad (decoder, "sink");
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const char *name = caps != NULL && gst_caps_get_size (caps) > 0
                       ? gst_structure_get_name (gst_caps_get_structure (caps, 0))
                       : "";

  if ((g_str_has_prefix (name, "video/") || g_str_has_prefix (name, "image/")) &&
      !gst_pad_is_linked (sink))
    gst_pad_link (pad, sink);
}

static void
on_all_demuxed (GstElement *demuxer, gpointer user_data)
{
  GstElement *decoder = user_data;
  g_autoptr (GstPad) sink = gst_element_get_static_pad (decoder, "sink");
  g_autoptr (GError) error = NULL;

  if (gst_pad_is_linked (sink))
    return;
  error = g_error_new_literal (GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE, "no video");
  gst_element_post_message (demuxer, gst_message_new_error (GST_OBJECT (demuxer), error, NULL));
}

/* The demuxer is ours and not decodebin's: decodebin 1.22 loses the error of one that fails while
 * it is being added, and then waits for ever (seen with a torn mp4, one time in three). */
static void
on_clip_type (GstElement *typefind, guint probability, GstCaps *caps, gpointer user_data)
{
  GstElement *decoder = user_data;
  g_autoptr (GstElementFactory) factory = find_demuxer (caps);
  g_autoptr (GstObject) pipeline = gst_object_get_parent (GST_OBJECT (typefind));
  GstElement *demuxer = factory != NULL ? gst_element_factory_create (factory, NULL) : NULL;

  if (demuxer == NULL) {
    gst_element_link (typefind, decoder);
    return;
  }
  gst_bin_add (GST_BIN (pipeline), demuxer);
  g_signal_connect_object (demuxer, "pad-added", G_CALLBACK (on_demuxed_pad), decoder, 0);
  g_signal_connect_object (demuxer, "no-more-pads", G_CALLBACK (on_all_demuxed), decoder, 0);
  gst_element_link (typefind, demuxer);
  gst_element_sync_state_with_parent (demuxer);
}

static void
add_replay (GstBin *pipeline,
            GstElement *decoder,
            const BoloCameraConfig *config,
            BoloCameraFault **fault)
{
  GstElement *source = add_element (pipeline, "filesrc", CLIP_SOURCE, fault);
  GstElement *typefind =
    source != NULL ? add_element (pipeline, "typefind", CLIP_TYPEFIND, fault) : NULL;

  if (typefind == NULL)
    return;
  g_object_set (source, "location", config->device, NULL);
  g_signal_connect_object (typefind, "have-type", G_CALLBACK (on_clip_type), decoder, 0);
  gst_element_link (source, typefind);
  gst_element_set_locked_state (source, TRUE);
  gst_element_set_locked_state (typefind, TRUE);
}

static void
release_element (GstBin *pipeline, const char *name)
{
  g_autoptr (GstElement) element = gst_bin_get_by_name (pipeline, name);

  if (element == NULL)
    return;
  gst_element_set_locked_state (element, FALSE);
  gst_element_sync_state_with_parent (element);
}

/* A demuxer runs as soon as it is linked, and would give its first frame to a decoder that is not
 * awake yet, then stop without a word. */
void
bolo_camera_source_release (GstBin *pipeline)
{
  release_element (pipeline, CLIP_TYPEFIND);
  release_element (pipeline, CLIP_SOURCE);
}

BoloCameraFault *
bolo_camera_source_add (GstBin *pipeline, GstElement *decoder, const BoloCameraConfig *config)
{
  BoloCameraFault *fault = NULL;

  switch (config->source) {
  case BOLO_CAMERA_SOURCE_LIBCAMERA:
    add_libcamera (pipeline, decoder, config, &fault);
    break;
  case BOLO_CAMERA_SOURCE_V4L2:
    fault = check_device (config);
    if (fault == NULL)
      add_v4l2 (pipeline, decoder, config, &fault);
    break;
  case BOLO_CAMERA_SOURCE_RTSP:
    add_rtsp (pipeline, decoder, config, &fault);
    break;
  case BOLO_CAMERA_SOURCE_REPLAY:
    add_replay (pipeline, decoder, config, &fault);
    break;
  }
  return fault;
}
