/* test-sound-server.c: a real PulseAudio with a null sink, and an ear at it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "test-sound-server.h"

#include <glib/gstdio.h>
#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <math.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define START_MS 10000
#define STRETCH (TEST_EAR_RATE / 50) /* 20 ms */

struct _TestSoundServer {
  char *directory;
  char *socket;
  GSubprocess *process; /* (nullable) */
};

struct _TestEar {
  GstElement *pipeline;
  GMutex lock;
  GCond heard;
  GArray *samples; /* (mutex lock): gint16 */
  GArray *times;   /* (mutex lock): gint64 a stretch: when its last sample came */
};

void
test_die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

TestSoundServer *
test_sound_server_new (void)
{
  g_autofree char *program = g_find_program_in_path ("pulseaudio");
  g_autofree char *address = NULL;
  TestSoundServer *self;

  if (program == NULL)
    return NULL;
  self = g_new0 (TestSoundServer, 1);
  self->directory = g_dir_make_tmp ("bolo-pulse-XXXXXX", NULL);
  self->socket = g_build_filename (self->directory, "native", NULL);
  address = g_strconcat ("unix:", self->socket, NULL);
  g_setenv ("PULSE_SERVER", address, TRUE);
  g_setenv ("HOME", self->directory, TRUE);
  return self;
}

static gboolean
takes_connections (TestSoundServer *self)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int client = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gboolean is_open;

  g_strlcpy (address.sun_path, self->socket, sizeof address.sun_path);
  is_open = client >= 0 && connect (client, (struct sockaddr *) &address, sizeof address) == 0;
  if (client >= 0)
    close (client);
  return is_open;
}

gboolean
test_sound_server_start (TestSoundServer *self, const char *sink)
{
  g_autofree char *null_sink = g_strdup_printf ("module-null-sink sink_name=%s rate=48000", sink);
  g_autofree char *protocol =
    g_strdup_printf ("module-native-protocol-unix socket=%s auth-anonymous=1", self->socket);
  const char *arguments[] = {"pulseaudio",
                             "-n",
                             "--daemonize=no",
                             "--exit-idle-time=-1",
                             "--use-pid-file=no",
                             "--disable-shm=yes",
                             "--log-level=0",
                             "-L",
                             null_sink,
                             "-L",
                             protocol,
                             NULL};
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;

  g_unlink (self->socket);
  g_subprocess_launcher_set_child_setup (launcher, test_die_with_parent, NULL, NULL);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", self->directory, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "PULSE_SERVER");
  self->process = g_subprocess_launcher_spawnv (launcher, arguments, &error);
  g_assert_no_error (error);
  for (guint waited_ms = 0; waited_ms < START_MS; waited_ms += 20) {
    if (takes_connections (self))
      return TRUE;
    g_usleep (20000);
  }
  return FALSE;
}

void
test_sound_server_send_signal (TestSoundServer *self, int number)
{
  g_subprocess_send_signal (self->process, number);
}

void
test_sound_server_kill (TestSoundServer *self)
{
  if (self->process == NULL)
    return;
  g_subprocess_send_signal (self->process, SIGCONT);
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) directory = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    directory = g_dir_open (path, 0, NULL);
  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    remove_tree (child);
  }
  g_remove (path);
}

void
test_sound_server_free (TestSoundServer *self)
{
  test_sound_server_kill (self);
  remove_tree (self->directory);
  g_free (self->directory);
  g_free (self->socket);
  g_free (self);
}

static GstFlowReturn
on_new_sample (GstAppSink *sink, gpointer user_data)
{
  TestEar *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = sample != NULL ? gst_sample_get_buffer (sample) : NULL;
  GstMapInfo map;

  if (buffer == NULL || !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_FLOW_EOS;
  g_mutex_lock (&self->lock);
  g_array_append_vals (self->samples, map.data, (guint) (map.size / sizeof (gint16)));
  while (self->times->len < self->samples->len / STRETCH)
    g_array_append_val (self->times, now_us);
  g_cond_broadcast (&self->heard);
  g_mutex_unlock (&self->lock);
  gst_buffer_unmap (buffer, &map);
  return GST_FLOW_OK;
}

TestEar *
test_ear_new (void)
{
  TestEar *self = g_new0 (TestEar, 1);
  GstAppSinkCallbacks callbacks = {.new_sample = on_new_sample};
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GError) error = NULL;

  gst_init (NULL, NULL);
  self->samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  self->times = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->pipeline = gst_parse_launch (
    "pulsesrc device=test.monitor buffer-time=40000 latency-time=10000 ! audioconvert ! "
    "audioresample "
    "! audio/x-raw,format=S16LE,rate=22050,channels=1 ! appsink name=ear sync=false",
    &error);
  g_assert_no_error (error);
  sink = gst_bin_get_by_name (GST_BIN (self->pipeline), "ear");
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  return self;
}

void
test_ear_free (TestEar *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  g_array_unref (self->samples);
  g_array_unref (self->times);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->heard);
  g_free (self);
}

gboolean
test_ear_wait_until_open (TestEar *self, guint deadline_ms)
{
  gint64 end_us = g_get_monotonic_time () + (gint64) deadline_ms * 1000;
  gboolean is_open = TRUE;

  g_mutex_lock (&self->lock);
  while (self->samples->len == 0 && is_open)
    is_open = g_cond_wait_until (&self->heard, &self->lock, end_us);
  g_mutex_unlock (&self->lock);
  return is_open;
}

/* Amplitude of @hz in one stretch, of full scale, by Goertzel. */
static double
measure (const gint16 *samples, double hz)
{
  double factor = 2 * cos (2 * G_PI * hz / TEST_EAR_RATE);
  double last = 0, before = 0;

  for (gsize i = 0; i < STRETCH; i++) {
    double now = samples[i] / 32768.0 + factor * last - before;

    before = last;
    last = now;
  }
  return 2 * sqrt (MAX (0, last * last + before * before - factor * last * before)) / STRETCH;
}

gint64
test_ear_wait_for_tone (TestEar *self, double hz, double level, gint64 from_us, guint deadline_ms)
{
  gint64 end_us = g_get_monotonic_time () + (gint64) deadline_ms * 1000;
  gint64 came_us = -1;
  guint at = 0;

  g_mutex_lock (&self->lock);
  while (came_us < 0) {
    for (; at < self->times->len && came_us < 0; at++) {
      gint64 time_us = g_array_index (self->times, gint64, at);

      if (time_us >= from_us &&
          measure (&g_array_index (self->samples, gint16, at * STRETCH), hz) >= level)
        came_us = time_us;
    }
    if (came_us < 0 && !g_cond_wait_until (&self->heard, &self->lock, end_us))
      break;
  }
  g_mutex_unlock (&self->lock);
  return came_us;
}

double
test_ear_get_peak (TestEar *self, gint64 from_us)
{
  int peak = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->times->len; i++)
    for (guint k = 0; g_array_index (self->times, gint64, i) >= from_us && k < STRETCH; k++)
      peak = MAX (peak, ABS (g_array_index (self->samples, gint16, i * STRETCH + k)));
  g_mutex_unlock (&self->lock);
  return peak / 32768.0;
}
