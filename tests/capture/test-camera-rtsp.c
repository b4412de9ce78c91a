/* test-camera-rtsp.c: a real RTSP server that dies, freezes, comes back and refuses
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "bolo-frame.h"
#include "test-clip.h"
#include "test-rtsp.h"

/* The figure: each state is told within this time. */
#ifdef __SANITIZE_ADDRESS__
#define STATE_DEADLINE_US (12 * G_USEC_PER_SEC)
#else
#define STATE_DEADLINE_US (3 * G_USEC_PER_SEC)
#endif
#define START_DEADLINE_US (15 * G_USEC_PER_SEC)

static const char *const one_stream[] = {"cam=ball", NULL};

typedef struct {
  char *folder;     /* (owned) */
  BoloClock *clock; /* (owned) */
  TestRtsp *server; /* (owned) (nullable) */
  BoloCamera *camera;
  BoloHealth *heard; /* (owned) (nullable): by the signal */
  guint n_heard;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = test_clip_make_folder ();
  fixture->clock = bolo_clock_new_system ();
}

static void
stop_camera (Fixture *fixture)
{
  g_assert_true (bolo_camera_stop (fixture->camera, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&fixture->camera));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->camera != NULL)
    stop_camera (fixture);
  g_clear_pointer (&fixture->heard, bolo_health_unref);
  g_clear_pointer (&fixture->server, test_rtsp_kill);
  g_assert_finalize_object (fixture->clock);
  test_clip_remove_folder (fixture->folder);
}

static void
on_health (BoloCamera *camera, gpointer health, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_clear_pointer (&fixture->heard, bolo_health_unref);
  fixture->heard = bolo_health_ref (health);
  fixture->n_heard++;
  g_test_message ("%s: %s | %s", bolo_health_state_to_string (fixture->heard->state),
                  fixture->heard->detail, fixture->heard->remedy);
  g_assert_null (strstr (fixture->heard->detail, "secret"));
  if (fixture->heard->remedy != NULL)
    g_assert_null (strstr (fixture->heard->remedy, "secret"));
}

/* @lines: further key lines, with a line's end each. */
static void
start_camera (Fixture *fixture, int port, const char *path, const char *lines)
{
  g_autofree char *file = g_build_filename (fixture->folder, "front.conf", NULL);
  g_autofree char *text = g_strdup_printf (
    "[camera]\nsource=rtsp://127.0.0.1:%d/%s\npreview_width=160\n%s", port, path, lines);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloCameraConfig) config = NULL;

  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  config = bolo_camera_config_load (file, &error);
  g_assert_no_error (error);
  fixture->camera = bolo_camera_new (config, fixture->clock, BOLO_MAILBOX_LIVE, NULL);
  g_signal_connect (fixture->camera, "health", G_CALLBACK (on_health), fixture);
  bolo_camera_start (fixture->camera);
}

static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Waits for the signal that tells @state with @says in its sentence. */
static void
await_health (Fixture *fixture, BoloHealthState state, const char *says, gint64 deadline_us)
{
  gint64 begun_us = g_get_monotonic_time ();
  guint tick = g_timeout_add (20, on_tick, NULL);

  while (fixture->heard == NULL || fixture->heard->state != state ||
         strstr (fixture->heard->detail, says) == NULL) {
    if (g_get_monotonic_time () - begun_us > deadline_us)
      g_test_message ("no '%s' in time", says);
    g_assert_cmpint (g_get_monotonic_time () - begun_us, <=, deadline_us);
    g_main_context_iteration (NULL, TRUE);
  }
  g_source_remove (tick);
  g_test_message ("'%s' after %.2f s", says,
                  (double) (g_get_monotonic_time () - begun_us) / G_USEC_PER_SEC);
}

static BoloFrame *
next_frame (Fixture *fixture)
{
  BoloFrame *frame =
    bolo_mailbox_wait (bolo_camera_get_frames (fixture->camera), START_DEADLINE_US);

  g_assert_nonnull (frame);
  return frame;
}

/* Frames, previews and times; the camera's clock as soon as it has been told. */
static void
test_stream (Fixture *fixture, gconstpointer data)
{
  const char *lines = data;
  g_autoptr (BoloFrame) preview = NULL;
  gint64 last_us = 0;
  gint64 begun_us = g_get_monotonic_time ();
  gboolean is_rtcp = FALSE;

  fixture->server = test_rtsp_start (0, one_stream);
  start_camera (fixture, test_rtsp_get_port (fixture->server), "cam", lines);
  while (!is_rtcp) {
    g_autoptr (BoloFrame) frame = next_frame (fixture);
    gint64 age_us = g_get_real_time () - frame->captured_us;

    g_assert_cmpint (frame->width, ==, 320);
    g_assert_cmpint (frame->media_ms, ==, -1);
    g_assert_cmpint (age_us, >=, 0);
    g_assert_cmpint (age_us, <, 5 * G_USEC_PER_SEC);
    g_assert_cmpint (frame->captured_us, >, last_us);
    last_us = frame->captured_us;
    is_rtcp = frame->captured_by == BOLO_CAPTURED_BY_RTCP;
    if (!is_rtcp)
      g_assert_cmpint (frame->captured_by, ==, BOLO_CAPTURED_BY_ARRIVAL);
    g_assert_cmpint (g_get_monotonic_time () - begun_us, <, 2 * START_DEADLINE_US);
    if (is_rtcp)
      g_test_message ("rtcp after %" G_GUINT64_FORMAT " frames, age %" G_GINT64_FORMAT " ms",
                      frame->sequence, age_us / 1000);
  }
  preview = bolo_mailbox_wait (bolo_camera_get_preview (fixture->camera), START_DEADLINE_US);
  g_assert_nonnull (preview);
  g_assert_cmpint (preview->width, ==, 160);
  g_assert_cmpint (preview->height, ==, 120);
  await_health (fixture, BOLO_HEALTH_OK, "Pictures come", START_DEADLINE_US);
  g_assert_cmpuint (bolo_metric_get_count (bolo_camera_get_decode_metric (fixture->camera)), >, 0);
}

static void
test_stream_h265 (Fixture *fixture, gconstpointer data)
{
  const char *const h265[] = {"cam=ball265", NULL};
  g_autoptr (BoloFrame) frame = NULL;

  fixture->server = test_rtsp_start (0, h265);
  start_camera (fixture, test_rtsp_get_port (fixture->server), "cam", "");
  frame = next_frame (fixture);
  g_assert_cmpint (frame->width, ==, 320);
  await_health (fixture, BOLO_HEALTH_OK, "Pictures come", START_DEADLINE_US);
}

static void
test_killed (Fixture *fixture, gconstpointer data)
{
  int port;

  fixture->server = test_rtsp_start (0, one_stream);
  port = test_rtsp_get_port (fixture->server);
  start_camera (fixture, port, "cam", "");
  await_health (fixture, BOLO_HEALTH_OK, "Pictures come", START_DEADLINE_US);

  for (int i = 0; i < 2; i++) {
    g_clear_pointer (&fixture->server, test_rtsp_kill);
    await_health (fixture, BOLO_HEALTH_LOST, "", STATE_DEADLINE_US);
    await_health (fixture, BOLO_HEALTH_LOST, "Nothing answers", STATE_DEADLINE_US);
    fixture->server = test_rtsp_start (port, one_stream);
    await_health (fixture, BOLO_HEALTH_OK, "Pictures come", STATE_DEADLINE_US);
  }
  g_assert_false (bolo_mailbox_is_closed (bolo_camera_get_frames (fixture->camera)));
}

static void
test_frozen (Fixture *fixture, gconstpointer data)
{
  fixture->server = test_rtsp_start (0, one_stream);
  start_camera (fixture, test_rtsp_get_port (fixture->server), "cam", "");
  await_health (fixture, BOLO_HEALTH_OK, "Pictures come", START_DEADLINE_US);

  test_rtsp_signal (fixture->server, SIGSTOP);
  await_health (fixture, BOLO_HEALTH_LOST, "is frozen: no new picture for 2 s", STATE_DEADLINE_US);
  g_usleep (3 * G_USEC_PER_SEC);
  test_rtsp_signal (fixture->server, SIGCONT);
  await_health (fixture, BOLO_HEALTH_OK, "Pictures come", STATE_DEADLINE_US);
}

/* A frozen one that never thaws must not hold up the end. */
static void
test_stop_while_frozen (Fixture *fixture, gconstpointer data)
{
  fixture->server = test_rtsp_start (0, one_stream);
  start_camera (fixture, test_rtsp_get_port (fixture->server), "cam", "");
  await_health (fixture, BOLO_HEALTH_OK, "Pictures come", START_DEADLINE_US);
  test_rtsp_signal (fixture->server, SIGSTOP);
  await_health (fixture, BOLO_HEALTH_LOST, "is frozen", STATE_DEADLINE_US);
  stop_camera (fixture);
}

static void
test_unreachable (Fixture *fixture, gconstpointer data)
{
  int port;

  fixture->server = test_rtsp_start (0, one_stream);
  port = test_rtsp_get_port (fixture->server);
  g_clear_pointer (&fixture->server, test_rtsp_kill);
  start_camera (fixture, port, "cam", "");
  await_health (fixture, BOLO_HEALTH_LOST,
                "Nothing answers at rtsp://127.0.0.1:", STATE_DEADLINE_US);
  g_assert_nonnull (strstr (fixture->heard->remedy, "address"));
  g_assert_null (strchr (fixture->heard->detail, '\n'));
}

static void
test_no_such_stream (Fixture *fixture, gconstpointer data)
{
  fixture->server = test_rtsp_start (0, one_stream);
  start_camera (fixture, test_rtsp_get_port (fixture->server), "other", "");
  await_health (fixture, BOLO_HEALTH_LOST, "has no stream at rtsp://", START_DEADLINE_US);
}

/* Refused, then with the right password, put into the file while it runs. */
static void
test_credentials (Fixture *fixture, gconstpointer data)
{
  const char *const arguments[] = {"--user",       "nick",     "--password",
                                   "secret-right", "cam=ball", NULL};
  g_autofree char *password = g_build_filename (fixture->folder, "front.pw", NULL);

  g_assert_true (g_file_set_contents (password, "secret-wrong\n", -1, NULL));
  fixture->server = test_rtsp_start (0, arguments);
  start_camera (fixture, test_rtsp_get_port (fixture->server), "cam",
                "user=nick\npassword_file=front.pw\n");
  await_health (fixture, BOLO_HEALTH_LOST, "refused the user name or password", START_DEADLINE_US);
  g_assert_nonnull (strstr (fixture->heard->remedy, "password_file"));

  g_assert_true (g_file_set_contents (password, "secret-right\n", -1, NULL));
  await_health (fixture, BOLO_HEALTH_OK, "Pictures come", START_DEADLINE_US);
  stop_camera (fixture);

  g_remove (password);
  start_camera (fixture, test_rtsp_get_port (fixture->server), "cam",
                "user=nick\npassword_file=front.pw\n");
  await_health (fixture, BOLO_HEALTH_LOST, "front.pw cannot be read", START_DEADLINE_US);
}

/* One server dies; the camera of the other has no change of state for it. */
static void
test_neighbour (Fixture *fixture, gconstpointer data)
{
  Fixture other = {0};
  guint64 before;

  set_up (&other, NULL);
  other.server = test_rtsp_start (0, one_stream);
  fixture->server = test_rtsp_start (0, one_stream);
  start_camera (&other, test_rtsp_get_port (other.server), "cam", "");
  start_camera (fixture, test_rtsp_get_port (fixture->server), "cam", "");
  await_health (&other, BOLO_HEALTH_OK, "Pictures come", START_DEADLINE_US);
  await_health (fixture, BOLO_HEALTH_OK, "Pictures come", START_DEADLINE_US);

  g_clear_pointer (&other.server, test_rtsp_kill);
  before = bolo_camera_get_frames_in (fixture->camera);
  while (bolo_camera_get_frames_in (fixture->camera) < before + 45)
    bolo_frame_unref (next_frame (fixture));
  await_health (&other, BOLO_HEALTH_LOST, "", STATE_DEADLINE_US);
  g_assert_cmpuint (fixture->n_heard, ==, 1);
  tear_down (&other, NULL);
}

/* No line that is logged, however chatty, holds the password. */
static GLogWriterOutput
on_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++) {
    if (g_str_equal (fields[i].key, "MESSAGE"))
      g_assert_null (strstr (fields[i].value, "secret"));
  }
  return g_log_writer_default (level, fields, n_fields, user_data);
}

#define ADD(path, data, function) g_test_add (path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (on_log, NULL, NULL);
  ADD ("/camera-rtsp/stream-tcp", "transport=tcp\n", test_stream);
  ADD ("/camera-rtsp/stream-udp", "transport=udp\n", test_stream);
  ADD ("/camera-rtsp/stream-h265", NULL, test_stream_h265);
  ADD ("/camera-rtsp/killed", NULL, test_killed);
  ADD ("/camera-rtsp/frozen", NULL, test_frozen);
  ADD ("/camera-rtsp/stop-while-frozen", NULL, test_stop_while_frozen);
  ADD ("/camera-rtsp/unreachable", NULL, test_unreachable);
  ADD ("/camera-rtsp/no-such-stream", NULL, test_no_such_stream);
  ADD ("/camera-rtsp/credentials", NULL, test_credentials);
  ADD ("/camera-rtsp/neighbour", NULL, test_neighbour);
  return g_test_run ();
}
