/* bolo-sound-sink.c: finds a sound device that really is one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-sound-sink"

#include "bolo-sound-sink.h"

#include "bolo-error.h"

/* What the device holds ahead is what an alarm is late by; less than this stutters on a loaded
 * machine. Microseconds. */
#define BUFFER_US 60000
#define PERIOD_US 10000

#define SERVER_DUMMY                                                                               \
  "auto_null" /* what PulseAudio and PipeWire play into when there is no device */

typedef struct {
  const char *name; /* as configured */
  const char *factory;
  const char *title;
} Device;

/* In the order in which "auto" tries them. */
static const Device devices[] = {
  {"pulse", "pulsesink", "the sound server"},
  {"pipewire", "pipewiresink", "PipeWire"},
  {"alsa", "alsasink", "ALSA"},
};

/* Whether a PulseAudio or PipeWire server runs for this user: asked first, for the client library
 * would start a server of its own where there is none, and who patrols did not ask for one. */
static gboolean
has_sound_server (void)
{
  g_autofree char *ours = g_build_filename (g_get_user_runtime_dir (), "pulse", "native", NULL);

  return g_getenv ("PULSE_SERVER") != NULL || g_file_test (ours, G_FILE_TEST_EXISTS) ||
         g_file_test ("/run/pulse/native", G_FILE_TEST_EXISTS);
}

static void
set_if_there (GstElement *element, const char *property, gint64 value)
{
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), property) != NULL)
    g_object_set (element, property, value, NULL);
}

/* (transfer floating) (nullable): opened, so that it is known to work. */
static GstElement *
open_device (const Device *device)
{
  g_autoptr (GstElement) sink = gst_element_factory_make (device->factory, "device");

  if (sink == NULL)
    return NULL;
  gst_object_ref_sink (sink);
  set_if_there (sink, "buffer-time", BUFFER_US);
  set_if_there (sink, "latency-time", PERIOD_US);
  if (gst_element_set_state (sink, GST_STATE_READY) == GST_STATE_CHANGE_FAILURE) {
    gst_element_set_state (sink, GST_STATE_NULL);
    return NULL;
  }
  g_object_force_floating (G_OBJECT (sink));
  return g_steal_pointer (&sink);
}

static GstElement *
make_described (const char *description, char **device_title, GError **error)
{
  g_autoptr (GError) local = NULL;
  GstElement *bin = gst_parse_bin_from_description (description, TRUE, &local);

  if (local != NULL) { /* a partial bin may come with it */
    if (bin != NULL)
      gst_object_unref (gst_object_ref_sink (bin));
    g_set_error (
      error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
      "audio_sink=%s is neither auto, pulse, pipewire, alsa or fake nor a GStreamer sink: %s",
      description, local->message);
    return NULL;
  }
  *device_title = g_strdup (description);
  return bin;
}

GstElement *
bolo_sound_sink_make (const char *name, char **device_title, GError **error)
{
  gboolean is_auto;
  gboolean is_known = FALSE;

  g_return_val_if_fail (name != NULL && device_title != NULL, NULL);

  if (g_str_equal (name, "fake"))
    return make_described ("fakesink sync=true", device_title, error);
  is_auto = g_str_equal (name, "auto");
  for (gsize i = 0; i < G_N_ELEMENTS (devices); i++) {
    GstElement *sink;

    if (!is_auto && !g_str_equal (name, devices[i].name))
      continue;
    if (is_auto && g_str_equal (devices[i].name, "pulse") && !has_sound_server ())
      continue;
    is_known = TRUE;
    sink = open_device (&devices[i]);
    if (sink != NULL) {
      *device_title = g_strdup (devices[i].title);
      return sink;
    }
  }
  if (!is_known)
    return make_described (name, device_title, error);
  g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_DEVICE_LOST,
                       is_auto ? "no sound server and no sound card is there"
                               : "the sound device cannot be opened");
  return NULL;
}

gboolean
bolo_sound_sink_is_audible (GstElement *pipeline)
{
  g_autoptr (GstElement) sink = NULL;
  g_autofree char *device = NULL;

  g_return_val_if_fail (GST_IS_BIN (pipeline), FALSE);

  sink = gst_bin_get_by_name (GST_BIN (pipeline), "device");
  if (sink == NULL ||
      g_object_class_find_property (G_OBJECT_GET_CLASS (sink), "current-device") == NULL)
    return TRUE;
  g_object_get (sink, "current-device", &device, NULL);
  return g_strcmp0 (device, SERVER_DUMMY) != 0;
}
