/* test-drive-recording.c: a short recording, rendered, played back and compared with its truth
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <math.h>
#include <string.h>

#include "bolo-drive-render.h"
#include "bolo-drive-truth.h"
#include "bolo-error.h"
#include "drive-test.h"

#define WIDTH 640
#define HEIGHT 360

/* A rendered recording in a folder of its own. */
typedef struct {
  BoloDriveScenario *scenario;
  BoloDrive *drive;
  char *folder;
} Made;

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      remove_folder (path);
    else
      g_remove (path);
  }
  g_rmdir (folder);
}

static void
on_progress (guint done, guint all, gpointer user_data)
{
  guint *most = user_data;
  g_assert_cmpuint (done, >=, *most);
  g_assert_cmpuint (all, ==, 80);
  *most = done;
}

static void
made_init (Made *self, guint32 seed)
{
  g_autoptr (GError) error = NULL;
  guint most = 0;

  self->scenario = drive_test_load_short (seed);
  self->drive = bolo_drive_new (self->scenario, &error);
  g_assert_no_error (error);
  self->folder = g_dir_make_tmp ("bolo-drive-XXXXXX", &error);
  g_assert_no_error (error);
  bolo_drive_render (self->drive, self->folder, on_progress, &most, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (most, ==, 80);
}

static void
made_clear (Made *self)
{
  remove_folder (self->folder);
  g_free (self->folder);
  bolo_drive_free (self->drive);
  bolo_drive_scenario_free (self->scenario);
}

static char *
read_text (const Made *made, const char *name)
{
  g_autofree char *path = g_build_filename (made->folder, name, NULL);
  char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

/* Luma of all frames of a clip, one after the other; checks size and times. */
static GByteArray *
decode (const Made *made, const char *camera, guint *n_frames)
{
  g_autofree char *text = g_strdup_printf (
    "filesrc location=%s/%s.mkv ! matroskademux ! h264parse ! avdec_h264 ! videoconvert ! "
    "video/x-raw,format=GRAY8,width=%d,height=%d ! appsink name=sink sync=false",
    made->folder, camera, WIDTH, HEIGHT);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, &error);
  g_assert_no_error (error);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GByteArray *luma = g_byte_array_new ();
  GstSample *sample;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  *n_frames = 0;
  while ((sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), 30 * GST_SECOND)) != NULL) {
    GstBuffer *buffer = gst_sample_get_buffer (sample);
    GstMapInfo map;
    gint64 expected_ms = *n_frames * 100;
    g_assert_cmpint (ABS ((gint64) (GST_BUFFER_PTS (buffer) / GST_MSECOND) - expected_ms), <=, 1);
    g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
    g_assert_cmpuint (map.size, ==, WIDTH * HEIGHT);
    g_byte_array_append (luma, map.data, (guint) map.size);
    gst_buffer_unmap (buffer, &map);
    gst_sample_unref (sample);
    (*n_frames)++;
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return luma;
}

/* The same seed: the same texts and, decoded, the same pictures. */
static void
test_same_by_seed (void)
{
  static const char *const names[] = {"truth.jsonl", "track.nmea", "recording.ini",
                                      "lists/stolen.csv", "lists/voi.csv"};
  static const char *const cameras[] = {"front", "rear"};
  Made made[3];

  for (guint i = 0; i < 3; i++)
    made_init (&made[i], i < 2 ? 5 : 6);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *a = read_text (&made[0], names[i]);
    g_autofree char *b = read_text (&made[1], names[i]);
    g_autofree char *c = read_text (&made[2], names[i]);
    g_assert_cmpstr (a, ==, b);
    g_assert_cmpstr (a, !=, c);
  }
  for (guint i = 0; i < G_N_ELEMENTS (cameras); i++) {
    guint n_frames[3];
    g_autoptr (GByteArray) a = decode (&made[0], cameras[i], &n_frames[0]);
    g_autoptr (GByteArray) b = decode (&made[1], cameras[i], &n_frames[1]);
    g_autoptr (GByteArray) c = decode (&made[2], cameras[i], &n_frames[2]);
    g_assert_cmpuint (n_frames[0], ==, 40);
    g_assert_cmpmem (a->data, a->len, b->data, b->len);
    g_assert_cmpuint (a->len, ==, c->len);
    g_assert_cmpint (memcmp (a->data, c->data, a->len), !=, 0);
  }
  for (guint i = 0; i < 3; i++)
    made_clear (&made[i]);
}

/* Darkest and brightest tenth of what lies within the corners' upright middle. */
static void
get_tenths (const guint8 *luma, const double corners[4][2], guint *dark, guint *bright)
{
  guint counts[256] = {0};
  guint n = 0;
  int x0 = (int) MAX (corners[0][0], corners[3][0]) + 1;
  int x1 = (int) MIN (corners[1][0], corners[2][0]) - 1;
  int y0 = (int) MAX (corners[0][1], corners[1][1]) + 1;
  int y1 = (int) MIN (corners[2][1], corners[3][1]) - 1;

  for (int y = y0; y < y1; y++) {
    for (int x = x0; x < x1; x++) {
      counts[luma[y * WIDTH + x]]++;
      n++;
    }
  }
  g_assert_cmpuint (n, >, 300);
  guint sum = 0;
  *dark = 0;
  while ((sum += counts[*dark]) < n / 10)
    (*dark)++;
  sum = 0;
  *bright = 255;
  while ((sum += counts[*bright]) < n / 10)
    (*bright)--;
}

static void
check_recording_ini (const Made *made)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_autofree char *path = g_build_filename (made->folder, "recording.ini", NULL);
  g_assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL));
  g_assert_cmpint (g_key_file_get_integer (file, "recording", "duration_ms", NULL), ==, 4000);
  g_assert_cmpint (g_key_file_get_integer (file, "recording", "rate", NULL), ==, 10);
  g_assert_cmpint (g_key_file_get_integer (file, "recording", "seed", NULL), ==, 8);
  g_autofree char *start = g_key_file_get_string (file, "recording", "start", NULL);
  g_autofree char *overview = g_key_file_get_string (file, "camera rear", "overview", NULL);
  g_autofree char *spectrum = g_key_file_get_string (file, "camera rear", "spectrum", NULL);
  g_autofree char *clip = g_key_file_get_string (file, "camera rear", "file", NULL);
  g_autofree char *kind = g_key_file_get_string (file, "list voi", "kind", NULL);
  g_assert_cmpstr (start, ==, "2026-03-14T17:20:00.000Z");
  g_assert_cmpstr (overview, ==, "front");
  g_assert_cmpstr (spectrum, ==, "infrared");
  g_assert_cmpstr (clip, ==, "rear.mkv");
  g_assert_cmpstr (kind, ==, "voi");
}

/* Where the truth says that a plate is, the decoded picture has one: dark on bright, or old. */
static void
test_truth_in_picture (void)
{
  Made made;
  guint n_checked = 0;

  made_init (&made, 8);
  for (guint camera = 0; camera < 2; camera++) {
    const BoloDriveCamera *described = g_ptr_array_index (made.scenario->cameras, camera);
    guint n_frames;
    g_autoptr (GByteArray) luma = decode (&made, described->name, &n_frames);
    for (guint i = 0; i < made.drive->passes->len; i++) {
      const BoloDrivePass *pass = &g_array_index (made.drive->passes, BoloDrivePass, i);
      guint dark;
      guint bright;
      if (pass->camera != camera)
        continue;
      get_tenths (luma->data + (gsize) pass->best_frame * WIDTH * HEIGHT, pass->best_corners, &dark,
                  &bright);
      g_assert_cmpuint (dark, <, 95);
      g_assert_cmpuint (bright, >, 125);
      n_checked++;
    }
  }
  g_assert_cmpuint (n_checked, >=, 2);
  check_recording_ini (&made);
  made_clear (&made);
}

/* A folder that cannot be made is one clear sentence, not a crash. */
static void
test_no_folder (void)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load_short (5);
  g_autoptr (BoloDrive) drive = bolo_drive_new (scenario, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (drive);
  g_assert_false (bolo_drive_render (drive, "/dev/null/recording", NULL, NULL, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == BOLO_ERROR);
  g_assert_nonnull (strstr (error->message, "/dev/null/recording"));
}

/* A clip that cannot be written ends the whole, with the path. */
static void
test_no_clip (void)
{
  g_autoptr (BoloDriveScenario) scenario = drive_test_load_short (5);
  g_autoptr (BoloDrive) drive = bolo_drive_new (scenario, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("bolo-drive-XXXXXX", NULL);
  g_autofree char *in_the_way = g_build_filename (folder, "front.mkv", NULL);

  g_assert_cmpint (g_mkdir (in_the_way, 0700), ==, 0);
  g_assert_false (bolo_drive_render (drive, folder, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "front.mkv"));
  remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_test_add_func ("/drive/recording/same-by-seed", test_same_by_seed);
  g_test_add_func ("/drive/recording/truth-in-picture", test_truth_in_picture);
  g_test_add_func ("/drive/recording/no-folder", test_no_folder);
  g_test_add_func ("/drive/recording/no-clip", test_no_clip);
  return g_test_run ();
}
