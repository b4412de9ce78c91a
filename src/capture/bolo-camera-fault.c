/* bolo-camera-fault.c: puts what GStreamer says of a failed source into one sentence and a remedy
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera-fault.h"

#include <gst/gst.h>

BoloCameraFault *
bolo_camera_fault_new (const char *detail, const char *remedy)
{
  BoloCameraFault *self = g_new0 (BoloCameraFault, 1);

  self->detail = g_strdup (detail);
  self->remedy = g_strdup (remedy);
  return self;
}

void
bolo_camera_fault_free (BoloCameraFault *self)
{
  g_free (self->detail);
  g_free (self->remedy);
  g_free (self);
}

/* The detail is @before, the source and @after. */
static BoloCameraFault *
new_for_source (const BoloCameraConfig *config,
                const char *before,
                const char *after,
                const char *remedy)
{
  g_autofree char *source = bolo_camera_config_describe_source (config);
  g_autofree char *detail = g_strconcat (before, source, after, NULL);

  return bolo_camera_fault_new (detail, remedy);
}

static gboolean
is_resource (const GError *error, int code)
{
  return g_error_matches (error, GST_RESOURCE_ERROR, code);
}

static BoloCameraFault *
from_rtsp_error (const BoloCameraConfig *config, const GError *error)
{
  if (is_resource (error, GST_RESOURCE_ERROR_NOT_AUTHORIZED)) {
    g_autofree char *remedy =
      g_strdup_printf ("Correct user= and password_file= in %s.", config->file);

    return new_for_source (config, "The camera at ", " refused the user name or password.", remedy);
  }
  if (is_resource (error, GST_RESOURCE_ERROR_NOT_FOUND)) {
    g_autofree char *remedy = g_strdup_printf ("Correct the path of source= in %s.", config->file);

    return new_for_source (config, "The camera answers, but has no stream at ", ".", remedy);
  }
  if (is_resource (error, GST_RESOURCE_ERROR_READ) || is_resource (error, GST_RESOURCE_ERROR_WRITE))
    return new_for_source (config, "The camera at ", " does not answer.",
                           "It is tried again; if it stays away, check its power and cable.");
  return new_for_source (config, "Nothing answers at ", ".",
                         "Check the camera's power, its cable and the address in its key file.");
}

static BoloCameraFault *
from_device_error (const BoloCameraConfig *config, const GError *error)
{
  if (is_resource (error, GST_RESOURCE_ERROR_BUSY))
    return new_for_source (config, "The camera ", " is in use by another program.",
                           "Close the other program.");
  if (is_resource (error, GST_RESOURCE_ERROR_NOT_AUTHORIZED))
    return new_for_source (config, "The camera ", " may not be opened by this user.",
                           "Add the user to the group 'video' and sign in again.");
  if (is_resource (error, GST_RESOURCE_ERROR_READ) || is_resource (error, GST_RESOURCE_ERROR_WRITE))
    return bolo_camera_fault_new_closed (config);
  if (g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED) ||
      g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION) ||
      is_resource (error, GST_RESOURCE_ERROR_SETTINGS))
    return new_for_source (config, "The camera ",
                           " does not give the size or rate that is asked of it.",
                           "Correct width=, height= and frame_rate= in its key file.");
  if (config->source == BOLO_CAMERA_SOURCE_LIBCAMERA && *config->device == '\0')
    return bolo_camera_fault_new ("libcamera finds no camera on this machine.",
                                  "Check the camera's cable and that its driver is loaded.");
  return new_for_source (config, "The camera ", " is not there.",
                         "Check its cable; 'boloctl doctor' lists the cameras that are there.");
}

static BoloCameraFault *
from_clip_error (const BoloCameraConfig *config, const GError *error)
{
  if (is_resource (error, GST_RESOURCE_ERROR_NOT_FOUND))
    return new_for_source (config, "There is no clip ", ".", "Correct its path.");
  if (is_resource (error, GST_RESOURCE_ERROR_OPEN_READ))
    return new_for_source (config, "The clip ", " cannot be opened.",
                           "Check that it is a file that you may read.");
  return new_for_source (config, "", " is torn or is not a video clip.",
                         "Copy it again from where it came, or leave it out.");
}

BoloCameraFault *
bolo_camera_fault_new_from_error (const BoloCameraConfig *config, const GError *error)
{
  g_return_val_if_fail (config != NULL, NULL);
  g_return_val_if_fail (error != NULL, NULL);

  if (g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN) ||
      g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND))
    return new_for_source (config, "This machine cannot decode what ", " gives.",
                           "Install gstreamer1.0-libav and gstreamer1.0-plugins-bad.");
  if (g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_CAPS)) {
    g_autofree char *remedy = g_strdup_printf ("Correct crop= in %s.", config->file);

    return new_for_source (config, "The crop lies outside the picture of ", ".", remedy);
  }
  switch (config->source) {
  case BOLO_CAMERA_SOURCE_RTSP:
    return from_rtsp_error (config, error);
  case BOLO_CAMERA_SOURCE_REPLAY:
    return from_clip_error (config, error);
  case BOLO_CAMERA_SOURCE_LIBCAMERA:
  case BOLO_CAMERA_SOURCE_V4L2:
    break;
  }
  return from_device_error (config, error);
}

BoloCameraFault *
bolo_camera_fault_new_closed (const BoloCameraConfig *config)
{
  if (config->source == BOLO_CAMERA_SOURCE_RTSP)
    return new_for_source (config, "The camera at ", " closed the connection.",
                           "It is tried again; if it stays away, check its power and cable.");
  return new_for_source (config, "The camera ", " went away.",
                         "It is tried again; if it stays away, check its cable.");
}

BoloCameraFault *
bolo_camera_fault_new_frozen (const BoloCameraConfig *config, double silent_s)
{
  g_autofree char *after = g_strdup_printf (" is frozen: no new picture for %.0f s.", silent_s);

  return new_for_source (config, "The camera ", after,
                         "It is opened again; if it stays frozen, switch it off and on.");
}

BoloCameraFault *
bolo_camera_fault_new_silent (const BoloCameraConfig *config)
{
  return new_for_source (config, "The camera ", " opens, but gives no picture.",
                         "It is tried again; if that does not help, switch it off and on.");
}

BoloCameraFault *
bolo_camera_fault_new_torn (const BoloCameraConfig *config, gint64 end_ms, gint64 length_ms)
{
  g_autofree char *after = NULL;

  if (length_ms > 0)
    after = g_strdup_printf (" is torn: it ends at %.1f s of %.1f s.", (double) end_ms / 1000.0,
                             (double) length_ms / 1000.0);
  else
    after = g_strdup (" is torn: no picture can be read from it.");
  return new_for_source (config, "", after,
                         "Copy it again from where it came; what could be read was read.");
}
