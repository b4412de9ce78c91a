/* test-clip.c: makes real clips to test with
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "test-clip.h"

#include <glib/gstdio.h>
#include <gst/gst.h>

void
test_clip_make_with (const char *path, const char *pipeline_text)
{
  g_autofree char *description =
    g_strdup_printf ("%s ! filesink name=sink location=%s", pipeline_text, path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  gst_init (NULL, NULL);
  pipeline = gst_parse_launch (description, &error);
  g_assert_no_error (error);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

void
test_clip_make (const char *path, const char *pattern, int n_frames, int width, int height)
{
  const char *muxer = g_str_has_suffix (path, ".mp4") ? "mp4mux" : "matroskamux";
  g_autofree char *description =
    g_strdup_printf ("videotestsrc num-buffers=%d pattern=%s ! "
                     "video/x-raw,format=I420,width=%d,height=%d,framerate=15/1 ! "
                     "x264enc speed-preset=ultrafast tune=zerolatency key-int-max=15 threads=1 ! "
                     "h264parse ! %s",
                     n_frames, pattern, width, height, muxer);

  test_clip_make_with (path, description);
}

char *
test_clip_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("bolo-capture-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) open = NULL;
  const char *name;

  if (g_remove (path) == 0)
    return;
  open = g_dir_open (path, 0, NULL);
  while (open != NULL && (name = g_dir_read_name (open)) != NULL) {
    g_autofree char *below = g_build_filename (path, name, NULL);

    remove_tree (below);
  }
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

void
test_clip_remove_folder (char *folder)
{
  remove_tree (folder);
  g_free (folder);
}

void
test_clip_tear (const char *path, const char *torn, double fraction)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_file_set_contents (torn, bytes, (gssize) ((double) length * fraction), &error);
  g_assert_no_error (error);
}
