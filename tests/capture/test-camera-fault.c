/* test-camera-fault.c: each failure is one plain sentence and a remedy, without credentials
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera-fault.h"

#include <gst/gst.h>
#include <string.h>

typedef enum {
  RESOURCE,
  STREAM,
  CORE,
} Domain;

typedef struct {
  const char *source;
  Domain domain;
  int code;
  const char *says;
} Case;

#define RTSP "rtsp://nick:secret@10.0.0.5/s1"

static const Case cases[] = {
  {RTSP, RESOURCE, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "refused the user name or password"},
  {RTSP, RESOURCE, GST_RESOURCE_ERROR_NOT_FOUND, "has no stream at rtsp://10.0.0.5/s1"},
  {RTSP, RESOURCE, GST_RESOURCE_ERROR_OPEN_READ_WRITE, "Nothing answers at rtsp://10.0.0.5/s1"},
  {RTSP, RESOURCE, GST_RESOURCE_ERROR_READ, "does not answer"},
  {RTSP, RESOURCE, GST_RESOURCE_ERROR_WRITE, "does not answer"},
  {RTSP, STREAM, GST_STREAM_ERROR_CODEC_NOT_FOUND, "cannot decode"},
  {RTSP, CORE, GST_CORE_ERROR_MISSING_PLUGIN, "cannot decode"},
  {RTSP, CORE, GST_CORE_ERROR_CAPS, "crop lies outside"},
  {"v4l2:/dev/video0", RESOURCE, GST_RESOURCE_ERROR_NOT_FOUND, "/dev/video0 is not there"},
  {"v4l2:/dev/video0", RESOURCE, GST_RESOURCE_ERROR_BUSY, "in use by another program"},
  {"v4l2:/dev/video0", RESOURCE, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "may not be opened"},
  {"v4l2:/dev/video0", RESOURCE, GST_RESOURCE_ERROR_READ, "/dev/video0 went away"},
  {"v4l2:/dev/video0", RESOURCE, GST_RESOURCE_ERROR_SETTINGS, "does not give the size or rate"},
  {"v4l2:/dev/video0", STREAM, GST_STREAM_ERROR_FAILED, "does not give the size or rate"},
  {"v4l2:/dev/video0", CORE, GST_CORE_ERROR_NEGOTIATION, "does not give the size or rate"},
  {"libcamera:", RESOURCE, GST_RESOURCE_ERROR_NOT_FOUND, "libcamera finds no camera"},
  {"libcamera:imx", RESOURCE, GST_RESOURCE_ERROR_NOT_FOUND, "The camera imx is not there"},
  {"replay:/x/a.mkv", RESOURCE, GST_RESOURCE_ERROR_NOT_FOUND, "There is no clip a.mkv"},
  {"replay:/x/a.mkv", RESOURCE, GST_RESOURCE_ERROR_OPEN_READ, "a.mkv cannot be opened"},
  {"replay:/x/a.mkv", STREAM, GST_STREAM_ERROR_DEMUX, "a.mkv is torn or is not a video clip"},
  {"replay:/x/a.mkv", STREAM, GST_STREAM_ERROR_TYPE_NOT_FOUND, "is not a video clip"},
};

static BoloCameraConfig *
make_config (const char *source)
{
  const BoloKeySpec specs[] = {{"camera", bolo_camera_config_get_keys ()}, {NULL, NULL}};
  g_autofree char *text = g_strdup_printf ("[camera]\nname=front\nsource=%s\n", source);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloKeyFile) file =
    bolo_key_file_load_data (text, -1, "/etc/bolo/front.conf", specs, &error);
  BoloCameraConfig *config;

  g_assert_no_error (error);
  config = bolo_camera_config_new_from_group (file, "camera", NULL, &error);
  g_assert_no_error (error);
  return config;
}

static void
assert_plain (const BoloCameraFault *fault, const char *says)
{
  const char *const texts[] = {fault->detail, fault->remedy};

  g_test_message ("%s | %s", fault->detail, fault->remedy);
  g_assert_nonnull (strstr (fault->detail, says));
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_assert_nonnull (texts[i]);
    g_assert_true (g_str_has_suffix (texts[i], "."));
    g_assert_null (strchr (texts[i], '\n'));
    g_assert_null (strstr (texts[i], "secret"));
    g_assert_null (strstr (texts[i], "nick"));
    g_assert_null (strstr (texts[i], "10.0.0.5:secret"));
  }
}

static void
test_case (gconstpointer data)
{
  const Case *each = data;
  const GQuark domains[] = {
    [RESOURCE] = GST_RESOURCE_ERROR, [STREAM] = GST_STREAM_ERROR, [CORE] = GST_CORE_ERROR};
  g_autoptr (BoloCameraConfig) config = make_config (each->source);
  g_autoptr (GError) error =
    g_error_new (domains[each->domain], each->code, "what GStreamer says\nabout secret");
  g_autoptr (BoloCameraFault) fault = bolo_camera_fault_new_from_error (config, error);

  assert_plain (fault, each->says);
}

static void
test_others (void)
{
  g_autoptr (BoloCameraConfig) rtsp = make_config (RTSP);
  g_autoptr (BoloCameraConfig) usb = make_config ("v4l2:/dev/video0");
  g_autoptr (BoloCameraConfig) clip = make_config ("replay:/x/a.mkv");
  g_autoptr (BoloCameraFault) closed = bolo_camera_fault_new_closed (rtsp);
  g_autoptr (BoloCameraFault) gone = bolo_camera_fault_new_closed (usb);
  g_autoptr (BoloCameraFault) frozen = bolo_camera_fault_new_frozen (rtsp, 2.1);
  g_autoptr (BoloCameraFault) silent = bolo_camera_fault_new_silent (usb);
  g_autoptr (BoloCameraFault) torn = bolo_camera_fault_new_torn (clip, 2900, 6000);
  g_autoptr (BoloCameraFault) empty = bolo_camera_fault_new_torn (clip, 0, 0);

  assert_plain (closed, "The camera at rtsp://10.0.0.5/s1 closed the connection.");
  assert_plain (gone, "The camera /dev/video0 went away.");
  assert_plain (frozen, "is frozen: no new picture for 2 s.");
  assert_plain (silent, "/dev/video0 opens, but gives no picture.");
  assert_plain (torn, "a.mkv is torn: it ends at 2.9 s of 6.0 s.");
  assert_plain (empty, "a.mkv is torn: no picture can be read from it.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/camera-fault/case/%u", (guint) i);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/camera-fault/others", test_others);
  return g_test_run ();
}
