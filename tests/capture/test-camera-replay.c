/* test-camera-replay.c: clips as cameras: every frame, its time, its masks, and torn files
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bolo-frame.h"
#include "bolo-priority.h"
#include "test-clip.h"

#define START_US G_GINT64_CONSTANT (1773508800000000)
#define DEADLINE_US (20 * G_USEC_PER_SEC)
#define N_FRAMES 45

typedef struct {
  char *folder;     /* (owned) */
  char *clip;       /* (owned) */
  BoloClock *clock; /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const char *pattern = data != NULL ? data : "ball";

  fixture->folder = test_clip_make_folder ();
  fixture->clip = g_build_filename (fixture->folder, "front.mkv", NULL);
  fixture->clock = bolo_clock_new_system ();
  test_clip_make (fixture->clip, pattern, N_FRAMES, 320, 240);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->clock);
  g_free (fixture->clip);
  test_clip_remove_folder (fixture->folder);
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
start_lock_step (Fixture *fixture, const BoloCameraConfig *config)
{
  BoloCamera *camera = bolo_camera_new (config, fixture->clock, BOLO_MAILBOX_LOCK_STEP, NULL);

  bolo_camera_start (camera);
  return camera;
}

/* (nullable): the next frame, NULL at the end. */
static BoloFrame *
next_frame (BoloCamera *camera)
{
  BoloFrame *frame = bolo_mailbox_wait (bolo_camera_get_frames (camera), DEADLINE_US);

  if (frame == NULL)
    g_assert_true (bolo_mailbox_is_closed (bolo_camera_get_frames (camera)));
  return frame;
}

static void
assert_health (BoloCamera *camera, BoloHealthState state, const char *says)
{
  g_autoptr (BoloHealth) health = bolo_camera_get_health (camera);

  g_test_message ("%s: %s", health->detail, health->remedy);
  g_assert_cmpint (health->state, ==, state);
  g_assert_cmpstr (health->what, ==, "camera:front");
  g_assert_nonnull (strstr (health->detail, says));
  if (state == BOLO_HEALTH_LOST)
    g_assert_nonnull (health->remedy);
}

static void
test_lock_step (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloCameraConfig) config =
    bolo_camera_config_new_replay ("front", fixture->clip, START_US);
  BoloCamera *camera = start_lock_step (fixture, config);
  guint n = 0;
  gint64 last_us = 0;

  while (TRUE) {
    g_autoptr (BoloFrame) frame = next_frame (camera);

    if (frame == NULL)
      break;
    g_assert_cmpint (frame->width, ==, 320);
    g_assert_cmpint (frame->height, ==, 240);
    g_assert_cmpint (frame->format, ==, BOLO_FRAME_FORMAT_I420);
    g_assert_cmpint (frame->strides[0], >=, 320);
    g_assert_cmpuint (frame->sequence, ==, n);
    g_assert_cmpint (frame->captured_by, ==, BOLO_CAPTURED_BY_RECORDING);
    g_assert_cmpint (ABS (frame->media_ms - (gint64) n * 1000 / 15), <=, 1);
    g_assert_cmpint (frame->captured_us - START_US, <=, (frame->media_ms + 1) * 1000);
    g_assert_cmpint (frame->captured_us - START_US, >=, frame->media_ms * 1000);
    g_assert_cmpint (frame->captured_us, >, last_us);
    last_us = frame->captured_us;
    n++;
  }
  g_assert_cmpuint (n, ==, N_FRAMES);
  g_assert_cmpuint (bolo_camera_get_frames_in (camera), ==, N_FRAMES);
  g_assert_cmpuint (bolo_metric_get_count (bolo_camera_get_decode_metric (camera)), ==, N_FRAMES);
  g_assert_cmpuint (bolo_mailbox_get_drop_count (bolo_camera_get_frames (camera)), ==, 0);
  assert_health (camera, BOLO_HEALTH_OK, "front.mkv");
  end_camera (camera);
}

/* Frames lent out stay whole while the camera goes on and after it has ended. */
static void
test_lent_frames (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloCameraConfig) config =
    bolo_camera_config_new_replay ("front", fixture->clip, START_US);
  BoloCamera *camera = start_lock_step (fixture, config);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_frame_unref);
  g_autoptr (GArray) sums = g_array_new (FALSE, FALSE, sizeof (guint));

  while (kept->len < 20) {
    BoloFrame *frame = next_frame (camera);
    guint sum = 0;

    for (int y = 0; y < frame->height; y++)
      for (int x = 0; x < frame->width; x++)
        sum = sum * 31 + frame->planes[0][y * frame->strides[0] + x];
    g_ptr_array_add (kept, frame);
    g_array_append_val (sums, sum);
  }
  end_camera (camera);
  for (guint i = 0; i < kept->len; i++) {
    const BoloFrame *frame = g_ptr_array_index (kept, i);
    guint sum = 0;

    for (int y = 0; y < frame->height; y++)
      for (int x = 0; x < frame->width; x++)
        sum = sum * 31 + frame->planes[0][y * frame->strides[0] + x];
    g_assert_cmpuint (sum, ==, g_array_index (sums, guint, i));
  }
  g_assert_cmpuint (g_array_index (sums, guint, 0), !=, g_array_index (sums, guint, 10));
}

/* White picture, one masked corner, one crop: in the reading frame and in the preview alike. */
static void
test_mask_and_crop (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloCameraConfig) config =
    bolo_camera_config_new_replay ("front", fixture->clip, START_US);
  g_autoptr (BoloFrame) frame = NULL;
  g_autoptr (BoloFrame) preview = NULL;
  GArray *polygon = g_array_new (FALSE, FALSE, sizeof (BoloCameraPoint));
  const BoloCameraPoint corners[] = {{0, 0}, {160, 0}, {160, 120}, {0, 120}};
  const int crop[] = {80, 60, 200, 160};
  BoloCamera *camera;

  g_array_append_vals (polygon, corners, 4);
  g_ptr_array_add (config->masks, polygon);
  memcpy (config->crop, crop, sizeof crop);
  config->has_preview = TRUE;
  config->preview_width = 100;
  camera = start_lock_step (fixture, config);

  frame = next_frame (camera);
  g_assert_cmpint (frame->width, ==, 200);
  g_assert_cmpint (frame->height, ==, 160);
  g_assert_cmpint (frame->planes[0][0], ==, 16);
  g_assert_cmpint (frame->planes[0][59 * frame->strides[0] + 79], ==, 16);
  g_assert_cmpint (frame->planes[0][59 * frame->strides[0] + 90], >, 200);
  g_assert_cmpint (frame->planes[0][70 * frame->strides[0] + 10], >, 200);

  /* The next one may have taken its place already. */
  preview = bolo_mailbox_wait (bolo_camera_get_preview (camera), DEADLINE_US);
  g_assert_nonnull (preview);
  while (preview->sequence > frame->sequence) {
    bolo_frame_unref (frame);
    frame = next_frame (camera);
  }
  g_assert_cmpint (preview->format, ==, BOLO_FRAME_FORMAT_RGB);
  g_assert_cmpint (preview->width, ==, 100);
  g_assert_cmpint (preview->height, ==, 80);
  g_assert_cmpint (preview->captured_us, ==, frame->captured_us);
  g_assert_cmpuint (preview->sequence, ==, frame->sequence);
  g_assert_cmpint (preview->planes[0][10 * preview->strides[0] + 10 * 3], <, 30);
  g_assert_cmpint (preview->planes[0][60 * preview->strides[0] + 60 * 3 + 1], >, 220);
  end_camera (camera);
}

static void
test_max_rate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloCameraConfig) config =
    bolo_camera_config_new_replay ("front", fixture->clip, START_US);
  BoloCamera *camera;
  guint n = 0;

  config->max_rate = 10;
  camera = start_lock_step (fixture, config);
  for (BoloFrame *frame; (frame = next_frame (camera)) != NULL; bolo_frame_unref (frame))
    n++;
  g_assert_cmpuint (n, ==, 30); /* three seconds */
  end_camera (camera);
}

static void
test_loop (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloCameraConfig) config =
    bolo_camera_config_new_replay ("front", fixture->clip, START_US);
  gint64 last_us = 0;
  guint n_starts = 0;
  BoloCamera *camera;

  config->is_looping = TRUE;
  config->clip_ms = 4000;
  camera = start_lock_step (fixture, config);
  for (guint i = 0; i < 2 * N_FRAMES + 10; i++) {
    g_autoptr (BoloFrame) frame = next_frame (camera);

    g_assert_nonnull (frame);
    g_assert_cmpint (frame->captured_us, >, last_us);
    g_assert_cmpuint (frame->sequence, ==, i);
    last_us = frame->captured_us;
    if (frame->media_ms == 0) {
      g_assert_cmpint (frame->captured_us, ==, START_US + n_starts * 4 * G_USEC_PER_SEC);
      n_starts++;
    }
  }
  g_assert_cmpuint (n_starts, ==, 3);
  end_camera (camera);
}

/* Live: no frame before its time, and the newest wins. */
static void
test_paced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloCameraConfig) config =
    bolo_camera_config_new_replay ("front", fixture->clip, START_US);
  BoloClock *clock = bolo_clock_new_manual (START_US);
  BoloCamera *camera = bolo_camera_new (config, clock, BOLO_MAILBOX_LIVE, NULL);
  BoloMailbox *frames = bolo_camera_get_frames (camera);
  g_autoptr (BoloFrame) first = NULL;
  g_autoptr (BoloFrame) second = NULL;

  bolo_camera_start (camera);
  first = bolo_mailbox_wait (frames, DEADLINE_US);
  g_assert_nonnull (first);
  g_assert_cmpint (first->captured_us, ==, START_US);
  g_assert_null (bolo_mailbox_wait (frames, 200 * 1000));

  bolo_clock_advance_to (clock, START_US + 100 * 1000);
  second = bolo_mailbox_wait (frames, DEADLINE_US);
  g_assert_nonnull (second);
  g_assert_cmpuint (second->sequence, ==, 1);
  g_assert_null (bolo_mailbox_wait (frames, 200 * 1000));

  bolo_clock_advance_to (clock, START_US + 60 * G_USEC_PER_SEC);
  while (!bolo_mailbox_is_closed (frames)) {
    BoloFrame *frame = bolo_mailbox_wait (frames, DEADLINE_US);

    g_clear_pointer (&frame, bolo_frame_unref);
  }
  g_assert_cmpuint (bolo_camera_get_frames_in (camera), ==, N_FRAMES);
  end_camera (camera);
  g_assert_finalize_object (clock);
}

/* Stopped in mid-work: with no one to take the frames, and waiting for a clock that stands. */
static void
test_stop_early (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloCameraConfig) config =
    bolo_camera_config_new_replay ("front", fixture->clip, START_US);
  BoloClock *clock = bolo_clock_new_manual (START_US);
  BoloCamera *waiting = bolo_camera_new (config, clock, BOLO_MAILBOX_LIVE, NULL);
  BoloCamera *blocked = start_lock_step (fixture, config);
  BoloCamera *unstarted = bolo_camera_new (config, clock, BOLO_MAILBOX_LIVE, NULL);
  BoloCamera *hasty = start_lock_step (fixture, config);
  g_autoptr (BoloFrame) frame = NULL;

  end_camera (hasty);
  bolo_camera_start (waiting);
  frame = bolo_mailbox_wait (bolo_camera_get_frames (waiting), DEADLINE_US);
  g_assert_nonnull (frame);
  while (bolo_camera_get_frames_in (blocked) < 2)
    g_usleep (1000);
  end_camera (blocked);
  end_camera (waiting);
  end_camera (unstarted);
  g_assert_finalize_object (clock);
}

static guint
drain (BoloCamera *camera)
{
  guint n = 0;

  for (BoloFrame *frame; (frame = next_frame (camera)) != NULL; bolo_frame_unref (frame))
    n++;
  return n;
}

static void
assert_bad_clip (Fixture *fixture, const char *path, guint least, guint most, const char *says)
{
  g_autoptr (BoloCameraConfig) config = bolo_camera_config_new_replay ("front", path, START_US);
  BoloCamera *camera = start_lock_step (fixture, config);
  guint n = drain (camera);

  g_assert_cmpuint (n, >=, least);
  g_assert_cmpuint (n, <=, most);
  assert_health (camera, BOLO_HEALTH_LOST, says);
  end_camera (camera);
}

static void
test_torn (Fixture *fixture, gconstpointer data)
{
  g_autofree char *long_mkv = g_build_filename (fixture->folder, "long.mkv", NULL);
  g_autofree char *long_mp4 = g_build_filename (fixture->folder, "long.mp4", NULL);
  g_autofree char *torn_mkv = g_build_filename (fixture->folder, "torn.mkv", NULL);
  g_autofree char *torn_mp4 = g_build_filename (fixture->folder, "torn.mp4", NULL);
  g_autofree char *stub = g_build_filename (fixture->folder, "stub.mkv", NULL);

  test_clip_make (long_mkv, "ball", 90, 320, 240);
  test_clip_make (long_mp4, "ball", 90, 320, 240);
  test_clip_tear (long_mkv, torn_mkv, 0.5);
  test_clip_tear (long_mp4, torn_mp4, 0.5);
  test_clip_tear (long_mkv, stub, 0.01);
  assert_bad_clip (fixture, torn_mkv, 20, 70, "torn.mkv is torn: it ends at");
  assert_bad_clip (fixture, torn_mp4, 0, 70, "torn.mp4 is torn");
  assert_bad_clip (fixture, stub, 0, 0, "stub.mkv is torn");
}

static void
test_not_a_clip (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (fixture->folder, "missing.mkv", NULL);
  g_autofree char *text = g_build_filename (fixture->folder, "text.mkv", NULL);
  g_autofree char *empty = g_build_filename (fixture->folder, "empty.mkv", NULL);

  g_assert_true (g_file_set_contents (text, "This is only a text.\nNothing more.\n", -1, NULL));
  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  assert_bad_clip (fixture, missing, 0, 0, "There is no clip missing.mkv");
  assert_bad_clip (fixture, text, 0, 0, "text.mkv is torn or is not a video clip");
  assert_bad_clip (fixture, empty, 0, 0, "empty.mkv is torn");
}

static void
test_crop_outside (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloCameraConfig) config =
    bolo_camera_config_new_replay ("front", fixture->clip, START_US);
  BoloCamera *camera;

  config->crop[2] = 640;
  config->crop[3] = 100;
  camera = start_lock_step (fixture, config);
  g_assert_cmpuint (drain (camera), ==, 0);
  assert_health (camera, BOLO_HEALTH_LOST, "crop lies outside");
  end_camera (camera);
}

static guint
count_threads (int nice_value)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  const char *task;
  guint n = 0;

  g_assert_nonnull (tasks);
  while ((task = g_dir_read_name (tasks)) != NULL)
    n += getpriority (PRIO_PROCESS, (id_t) g_ascii_strtoull (task, NULL, 10)) == nice_value;
  return n;
}

/* Decoding stands behind the main thread, which draws; the main thread stays where it was. */
static void
test_lower_than_the_screen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloCameraConfig) config =
    bolo_camera_config_new_replay ("front", fixture->clip, START_US);
  int main_nice = getpriority (PRIO_PROCESS, (id_t) getpid ());
  BoloCamera *camera;
  g_autoptr (BoloFrame) frame = NULL;

  g_assert_cmpuint (count_threads (main_nice + BOLO_NICE_DECODE), ==, 0);
  camera = start_lock_step (fixture, config);
  frame = next_frame (camera);
  g_assert_cmpuint (count_threads (main_nice + BOLO_NICE_DECODE), >, 0);
  g_assert_cmpint (getpriority (PRIO_PROCESS, (id_t) getpid ()), ==, main_nice);
  end_camera (camera);
}

typedef struct {
  GThread *thread;
  guint n;
  BoloHealthState state;
} Heard;

static void
on_health (BoloCamera *camera, gpointer health, gpointer user_data)
{
  Heard *heard = user_data;

  heard->thread = g_thread_self ();
  heard->state = ((const BoloHealth *) health)->state;
  heard->n++;
}

static void
test_health_signal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloCameraConfig) config =
    bolo_camera_config_new_replay ("front", fixture->clip, START_US);
  BoloCamera *camera = bolo_camera_new (config, fixture->clock, BOLO_MAILBOX_LOCK_STEP, NULL);
  Heard heard = {0};

  g_signal_connect (camera, "health", G_CALLBACK (on_health), &heard);
  bolo_camera_start (camera);
  g_assert_cmpuint (drain (camera), ==, N_FRAMES);
  while (heard.n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (heard.thread == g_thread_self ());
  g_assert_cmpint (heard.state, ==, BOLO_HEALTH_OK);
  g_assert_cmpuint (heard.n, ==, 1);
  end_camera (camera);
}

#define ADD(path, data, function) g_test_add (path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* First: a thread that was lowered is used again by the next camera. */
  ADD ("/camera-replay/lower-than-the-screen", NULL, test_lower_than_the_screen);
  ADD ("/camera-replay/lock-step", NULL, test_lock_step);
  ADD ("/camera-replay/lent-frames", NULL, test_lent_frames);
  ADD ("/camera-replay/mask-and-crop", "white", test_mask_and_crop);
  ADD ("/camera-replay/max-rate", NULL, test_max_rate);
  ADD ("/camera-replay/loop", NULL, test_loop);
  ADD ("/camera-replay/paced", NULL, test_paced);
  ADD ("/camera-replay/stop-early", NULL, test_stop_early);
  ADD ("/camera-replay/torn", NULL, test_torn);
  ADD ("/camera-replay/not-a-clip", NULL, test_not_a_clip);
  ADD ("/camera-replay/crop-outside", NULL, test_crop_outside);
  ADD ("/camera-replay/health-signal", NULL, test_health_signal);
  return g_test_run ();
}
