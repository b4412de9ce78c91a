/* test-camera-device.c: libcamera and V4L2: the very pipeline, and what is said without a camera
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera.h"

#include <gst/gst.h>
#include <string.h>

#include "bolo-camera-discovery.h"
#include "bolo-camera-source.h"
#include "bolo-frame.h"
#include "test-clip.h"

#define DEADLINE_US (15 * G_USEC_PER_SEC)

typedef struct {
  char *folder;        /* (owned) */
  const char *control; /* what the double does */
  BoloClock *clock;    /* (owned) */
  BoloCamera *camera;
} Fixture;

static void
tell (Fixture *fixture, const char *word)
{
  g_assert_true (g_file_set_contents (fixture->control, word, -1, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = test_clip_make_folder ();
  fixture->control = g_getenv ("BOLO_TEST_LIBCAMERA");
  fixture->clock = bolo_clock_new_system ();
  tell (fixture, "works");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->camera != NULL) {
    g_assert_true (bolo_camera_stop (fixture->camera, 10000));
    while (g_main_context_iteration (NULL, FALSE))
      ;
    g_assert_finalize_object (fixture->camera);
  }
  g_assert_finalize_object (fixture->clock);
  test_clip_remove_folder (fixture->folder);
}

static BoloCameraConfig *
make_config (Fixture *fixture, const char *lines)
{
  g_autofree char *path = g_build_filename (fixture->folder, "nose.conf", NULL);
  g_autofree char *text = g_strconcat ("[camera]\n", lines, NULL);
  g_autoptr (GError) error = NULL;
  BoloCameraConfig *config;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  config = bolo_camera_config_load (path, &error);
  g_assert_no_error (error);
  return config;
}

static void
start_camera (Fixture *fixture, const char *lines)
{
  g_autoptr (BoloCameraConfig) config = make_config (fixture, lines);

  fixture->camera = bolo_camera_new (config, fixture->clock, BOLO_MAILBOX_LIVE, NULL);
  bolo_camera_start (fixture->camera);
}

static void
await_health (Fixture *fixture, BoloHealthState state, const char *says)
{
  gint64 begun_us = g_get_monotonic_time ();
  gboolean is_so = FALSE;

  while (!is_so) {
    g_autoptr (BoloHealth) health = bolo_camera_get_health (fixture->camera);

    is_so = health->state == state && strstr (health->detail, says) != NULL;
    if (is_so)
      g_test_message ("%.2f s: %s", (double) (g_get_monotonic_time () - begun_us) / 1e6,
                      health->detail);
    if (is_so && state == BOLO_HEALTH_LOST)
      g_assert_nonnull (health->remedy);
    g_assert_cmpint (g_get_monotonic_time () - begun_us, <, DEADLINE_US);
    g_main_context_iteration (NULL, FALSE);
    g_usleep (10 * 1000);
  }
}

/* More frames are kept than the driver has buffers, and it goes on. */
static void
test_libcamera (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_frame_unref);

  start_camera (fixture, "source=libcamera:\nwidth=640\nheight=480\n");
  while (kept->len < 12) {
    BoloFrame *frame = bolo_mailbox_wait (bolo_camera_get_frames (fixture->camera), DEADLINE_US);
    gint64 age_us;

    g_assert_nonnull (frame);
    age_us = g_get_real_time () - frame->captured_us;
    g_ptr_array_add (kept, frame);
    g_assert_cmpint (frame->format, ==, BOLO_FRAME_FORMAT_NV12);
    g_assert_cmpint (frame->width, ==, 640);
    g_assert_cmpint (frame->height, ==, 480);
    g_assert_cmpint (frame->captured_by, ==, BOLO_CAPTURED_BY_DRIVER);
    g_assert_cmpint (age_us, >=, 0);
    g_assert_cmpint (age_us, <, 5 * G_USEC_PER_SEC);
  }
  for (guint i = 0; i < kept->len; i++) {
    const BoloFrame *frame = g_ptr_array_index (kept, i);

    g_assert_cmpint (frame->planes[0][0], ==, 40 + frame->sequence % 100);
  }
  await_health (fixture, BOLO_HEALTH_OK, "Pictures come");
}

static void
test_libcamera_by_name (Fixture *fixture, gconstpointer data)
{
  start_camera (fixture, "source=libcamera:/base/soc/i2c0mux/i2c@1/imx708@1a\n");
  await_health (fixture, BOLO_HEALTH_OK, "Pictures come from /base/soc");
}

static void
test_libcamera_wrong_name (Fixture *fixture, gconstpointer data)
{
  start_camera (fixture, "source=libcamera:imx219\n");
  await_health (fixture, BOLO_HEALTH_LOST, "The camera imx219 is not there.");
}

/* Away, there, frozen, there, dead, there. */
static void
test_libcamera_comes_and_goes (Fixture *fixture, gconstpointer data)
{
  tell (fixture, "none");
  start_camera (fixture, "source=libcamera:\n");
  await_health (fixture, BOLO_HEALTH_LOST, "libcamera finds no camera on this machine.");
  tell (fixture, "works");
  await_health (fixture, BOLO_HEALTH_OK, "Pictures come");
  tell (fixture, "freezes");
  await_health (fixture, BOLO_HEALTH_LOST, "is frozen");
  tell (fixture, "works");
  await_health (fixture, BOLO_HEALTH_OK, "Pictures come");
  tell (fixture, "dies");
  await_health (fixture, BOLO_HEALTH_LOST, "The camera libcamera went away.");
  tell (fixture, "works");
  await_health (fixture, BOLO_HEALTH_OK, "Pictures come");
}

static void
test_v4l2_missing (Fixture *fixture, gconstpointer data)
{
  start_camera (fixture, "source=v4l2:/dev/video97\n");
  await_health (fixture, BOLO_HEALTH_LOST, "The camera /dev/video97 is not there.");
}

static void
test_v4l2_not_a_device (Fixture *fixture, gconstpointer data)
{
  start_camera (fixture, "source=v4l2:/dev/null\n");
  await_health (fixture, BOLO_HEALTH_LOST, "/dev/null");
  g_assert_true (bolo_camera_stop (fixture->camera, 10000));
  g_clear_object (&fixture->camera);

  g_autofree char *lines = g_strdup_printf ("source=v4l2:%s\n", fixture->control);
  start_camera (fixture, lines);
  await_health (fixture, BOLO_HEALTH_LOST, "is a file, not a video device");
}

static char *
describe_caps (Fixture *fixture, const char *lines)
{
  g_autoptr (BoloCameraConfig) config = make_config (fixture, lines);
  g_autoptr (GstCaps) caps = bolo_camera_source_make_caps (config);

  return gst_caps_to_string (caps);
}

static void
test_caps (Fixture *fixture, gconstpointer data)
{
  g_autofree char *large =
    describe_caps (fixture, "source=v4l2:/dev/video0\nwidth=1280\nheight=720\nframe_rate=30\n");
  g_autofree char *small =
    describe_caps (fixture, "source=v4l2:/dev/video0\nwidth=640\nheight=480\n");
  g_autofree char *any = describe_caps (fixture, "source=libcamera:\nframe_rate=30\n");

  g_assert_cmpstr (large, ==,
                   "image/jpeg, width=(int)1280, height=(int)720, framerate=(fraction)30/1; "
                   "video/x-raw, width=(int)1280, height=(int)720, framerate=(fraction)30/1");
  g_assert_cmpstr (small, ==,
                   "video/x-raw, width=(int)640, height=(int)480; "
                   "image/jpeg, width=(int)640, height=(int)480");
  g_assert_cmpstr (any, ==, "video/x-raw; image/jpeg");
}

/* The elements as they would be opened on a device that exists; /dev/null passes the check. */
static void
test_v4l2_elements (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloCameraConfig) config =
    make_config (fixture, "source=v4l2:/dev/null\nexposure=2000\ngain=12\nwidth=1280\n");
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstIterator) elements = NULL;
  g_autoptr (GstStructure) controls = NULL;
  g_autofree char *device = NULL;
  g_auto (GValue) item = G_VALUE_INIT;
  GstElement *decoder;
  GstElement *source = NULL;
  int value = 0;

  gst_init (NULL, NULL);
  pipeline = g_object_ref_sink (gst_pipeline_new (NULL));
  decoder = gst_element_factory_make ("decodebin", NULL);
  gst_bin_add (GST_BIN (pipeline), decoder);
  g_assert_null (bolo_camera_source_add (GST_BIN (pipeline), decoder, config));
  elements = gst_bin_iterate_sources (GST_BIN (pipeline));
  g_assert_cmpint (gst_iterator_next (elements, &item), ==, GST_ITERATOR_OK);
  source = g_value_get_object (&item);
  g_assert_cmpstr (GST_OBJECT_NAME (gst_element_get_factory (source)), ==, "v4l2src");
  g_object_get (source, "device", &device, "extra-controls", &controls, NULL);
  g_assert_cmpstr (device, ==, "/dev/null");
  g_assert_true (gst_structure_get_int (controls, "exposure_time_absolute", &value));
  g_assert_cmpint (value, ==, 20);
  g_assert_true (gst_structure_get_int (controls, "auto_exposure", &value));
  g_assert_cmpint (value, ==, 1);
  g_assert_true (gst_structure_get_int (controls, "gain", &value));
  g_assert_cmpint (value, ==, 12);
}

static guint
count_found (const char *source)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = bolo_camera_discover (&error);
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < all->len; i++) {
    const BoloCameraFound *found = g_ptr_array_index (all, i);

    g_assert_nonnull (found->title);
    if (g_str_equal (found->source, source))
      n++;
  }
  return n;
}

static void
test_discovery (Fixture *fixture, gconstpointer data)
{
  const char *source = "libcamera:/base/soc/i2c0mux/i2c@1/imx708@1a";

  g_assert_cmpuint (count_found (source), ==, 1);
  tell (fixture, "none");
  g_assert_cmpuint (count_found (source), ==, 0);
}

/* The real plugin, on a machine that has no camera. */
static void
test_real_libcamera (Fixture *fixture, gconstpointer data)
{
  if (g_file_test ("/dev/media0", G_FILE_TEST_EXISTS) ||
      g_file_test ("/dev/video0", G_FILE_TEST_EXISTS)) {
    g_test_skip ("this machine has a camera");
    return;
  }
  start_camera (fixture, "source=libcamera:\n");
  await_health (fixture, BOLO_HEALTH_LOST, "libcamera finds no camera on this machine.");
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

static void
add_tests (void)
{
  if (g_getenv ("BOLO_TEST_REAL_LIBCAMERA") != NULL) {
    ADD ("/camera-device/real-libcamera", test_real_libcamera);
    return;
  }
  ADD ("/camera-device/libcamera", test_libcamera);
  ADD ("/camera-device/libcamera-by-name", test_libcamera_by_name);
  ADD ("/camera-device/libcamera-wrong-name", test_libcamera_wrong_name);
  ADD ("/camera-device/libcamera-comes-and-goes", test_libcamera_comes_and_goes);
  ADD ("/camera-device/v4l2-missing", test_v4l2_missing);
  ADD ("/camera-device/v4l2-not-a-device", test_v4l2_not_a_device);
  ADD ("/camera-device/v4l2-elements", test_v4l2_elements);
  ADD ("/camera-device/caps", test_caps);
  ADD ("/camera-device/discovery", test_discovery);
}

int
main (int argc, char **argv)
{
  g_autofree char *control = NULL;
  char *folder;
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = test_clip_make_folder ();
  control = g_build_filename (folder, "control", NULL);
  g_setenv ("BOLO_TEST_LIBCAMERA", control, TRUE);
  add_tests ();
  result = g_test_run ();
  test_clip_remove_folder (folder);
  return result;
}
