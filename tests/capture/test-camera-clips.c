/* test-camera-clips.c: what clips come in: codecs, containers, sound beside, broken bytes
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera.h"

#include "bolo-frame.h"
#include "test-clip.h"

#define DEADLINE_US (30 * G_USEC_PER_SEC)
#define N_FRAMES 30
#define PICTURE                                                                                    \
  "videotestsrc num-buffers=30 pattern=ball ! "                                                    \
  "video/x-raw,format=I420,width=320,height=240,framerate=15/1 ! "

typedef struct {
  const char *name; /* also the file's */
  const char *pipeline;
} Kind;

static const Kind kinds[] = {
  {"h264-b-frames.mkv",
   PICTURE "x264enc bframes=3 b-adapt=false speed-preset=ultrafast ! h264parse ! matroskamux"},
  {"h264.mp4", PICTURE "x264enc speed-preset=ultrafast ! h264parse ! mp4mux"},
  {"h264.ts", PICTURE "x264enc speed-preset=ultrafast tune=zerolatency ! h264parse ! mpegtsmux"},
  {"h265.mkv", PICTURE "x265enc speed-preset=ultrafast ! h265parse ! matroskamux"},
  {"mjpeg.avi", PICTURE "jpegenc ! avimux"},
  {"mjpeg-422.mkv", PICTURE "videoconvert ! video/x-raw,format=Y42B ! jpegenc ! matroskamux"},
  {"vp8.webm", PICTURE "vp8enc deadline=1 ! webmmux"},
  {"sound.mkv",
   "audiotestsrc num-buffers=80 ! audioconvert ! opusenc ! mux. " PICTURE
   "x264enc speed-preset=ultrafast tune=zerolatency ! h264parse ! matroskamux name=mux"},
};

static guint
drain (BoloCamera *camera, gboolean checks_order)
{
  BoloMailbox *frames = bolo_camera_get_frames (camera);
  gint64 last_us = G_MININT64;
  guint n = 0;

  while (TRUE) {
    g_autoptr (BoloFrame) frame = bolo_mailbox_wait (frames, DEADLINE_US);

    if (frame == NULL)
      break;
    g_assert_cmpint (frame->width, ==, 320);
    g_assert_cmpint (frame->height, ==, 240);
    g_assert_cmpint (frame->format, !=, BOLO_FRAME_FORMAT_RGB);
    if (checks_order)
      g_assert_cmpint (frame->captured_us, >, last_us);
    last_us = frame->captured_us;
    n++;
  }
  g_assert_true (bolo_mailbox_is_closed (frames));
  return n;
}

static void
end_camera (BoloCamera *camera)
{
  g_assert_true (bolo_camera_stop (camera, 5000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (camera);
}

static BoloCamera *
start_camera (BoloClock *clock, const char *path)
{
  g_autoptr (BoloCameraConfig) config = bolo_camera_config_new_replay ("clip", path, 0);
  BoloCamera *camera = bolo_camera_new (config, clock, BOLO_MAILBOX_LOCK_STEP, NULL);

  bolo_camera_start (camera);
  return camera;
}

static void
test_kind (gconstpointer data)
{
  const Kind *kind = data;
  char *folder = test_clip_make_folder ();
  g_autofree char *path = g_build_filename (folder, kind->name, NULL);
  g_autoptr (BoloClock) clock = bolo_clock_new_system ();
  g_autoptr (BoloHealth) health = NULL;
  BoloCamera *camera;

  test_clip_make_with (path, kind->pipeline);
  camera = start_camera (clock, path);
  g_assert_cmpuint (drain (camera, TRUE), ==, N_FRAMES);
  health = bolo_camera_get_health (camera);
  g_assert_cmpint (health->state, ==, BOLO_HEALTH_OK);
  g_assert_cmpuint (bolo_metric_get_count (bolo_camera_get_decode_metric (camera)), >=,
                    N_FRAMES - 4);
  end_camera (camera);
  test_clip_remove_folder (folder);
}

/* Sound alone is no clip for us. */
static void
test_sound_only (void)
{
  char *folder = test_clip_make_folder ();
  g_autofree char *path = g_build_filename (folder, "sound.mkv", NULL);
  g_autoptr (BoloClock) clock = bolo_clock_new_system ();
  g_autoptr (BoloHealth) health = NULL;
  BoloCamera *camera;

  test_clip_make_with (path, "audiotestsrc num-buffers=20 ! audioconvert ! opusenc ! matroskamux");
  camera = start_camera (clock, path);
  g_assert_cmpuint (drain (camera, TRUE), ==, 0);
  health = bolo_camera_get_health (camera);
  g_assert_cmpint (health->state, ==, BOLO_HEALTH_LOST);
  g_test_message ("%s", health->detail);
  end_camera (camera);
  test_clip_remove_folder (folder);
}

/* Bytes turned over in its middle, ten ways: it ends, by itself, each time. */
static void
test_broken_bytes (void)
{
  char *folder = test_clip_make_folder ();
  g_autofree char *path = g_build_filename (folder, "whole.mkv", NULL);
  g_autofree char *broken = g_build_filename (folder, "broken.mkv", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (BoloClock) clock = bolo_clock_new_system ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  gsize length = 0;

  test_clip_make (path, "ball", N_FRAMES, 320, 240);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (int i = 0; i < 10; i++) {
    g_autofree char *copy = g_memdup2 (bytes, length);
    BoloCamera *camera;

    for (gsize n = 0; n < length / 200; n++)
      copy[g_rand_int_range (rand, (int) length / 3, (int) length)] ^=
        (char) g_rand_int_range (rand, 1, 255);
    g_assert_true (g_file_set_contents (broken, copy, (gssize) length, NULL));
    camera = start_camera (clock, broken);
    g_assert_cmpuint (drain (camera, FALSE), <=, 2 * N_FRAMES);
    end_camera (camera);
  }
  test_clip_remove_folder (folder);
}

/* No one looks: nothing is scaled; someone looks again: it is. */
static void
test_preview_wanted (void)
{
  char *folder = test_clip_make_folder ();
  g_autofree char *path = g_build_filename (folder, "clip.mkv", NULL);
  g_autoptr (BoloClock) clock = bolo_clock_new_manual (0);
  g_autoptr (BoloCameraConfig) config = NULL;
  g_autoptr (BoloFrame) preview = NULL;
  BoloCamera *camera;

  test_clip_make (path, "ball", N_FRAMES, 320, 240);
  config = bolo_camera_config_new_replay ("clip", path, 0);
  config->has_preview = TRUE;
  camera = bolo_camera_new (config, clock, BOLO_MAILBOX_LIVE, NULL);
  bolo_camera_set_preview_wanted (camera, FALSE);
  bolo_camera_start (camera);
  bolo_clock_advance_to (clock, G_USEC_PER_SEC);
  while (bolo_camera_get_frames_in (camera) < 15)
    g_usleep (1000);
  g_assert_cmpuint (bolo_mailbox_get_put_count (bolo_camera_get_preview (camera)), ==, 0);

  bolo_camera_set_preview_wanted (camera, TRUE);
  bolo_clock_advance_to (clock, 10 * G_USEC_PER_SEC);
  preview = bolo_mailbox_wait (bolo_camera_get_preview (camera), DEADLINE_US);
  g_assert_nonnull (preview);
  g_assert_cmpint (preview->width, ==, 320);
  end_camera (camera);
  test_clip_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree char *path = g_strconcat ("/camera-clips/", kinds[i].name, NULL);

    g_test_add_data_func (path, &kinds[i], test_kind);
  }
  g_test_add_func ("/camera-clips/sound-only", test_sound_only);
  g_test_add_func ("/camera-clips/broken-bytes", test_broken_bytes);
  g_test_add_func ("/camera-clips/preview-wanted", test_preview_wanted);
  return g_test_run ();
}
