/* test-gps.c: a GPS receiver that a test can steer, and a real gpsd that listens to it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "test-gps.h"

#include <math.h>
#include <signal.h>
#include <string.h>

#define PERIOD_MS 200

struct _TestReceiver {
  GSocketListener *listener;
  guint16 port;
  GThread *thread;
  GCancellable *cancellable;
  gint has_fix;   /* (atomic) */
  gint shift_ms;  /* (atomic) */
  GMutex mutex;   /* nothing but what cond needs */
  GCond stopping; /* ends a pause early */
};

static char *
make_sentence (const char *body)
{
  guint8 sum = 0;

  for (const char *at = body; *at != '\0'; at++)
    sum ^= (guint8) *at;
  return g_strdup_printf ("$%s*%02X\r\n", body, sum);
}

static char *
make_angle (double degrees, int width, const char *sides)
{
  double size = fabs (degrees);
  double whole = floor (size);

  return g_strdup_printf ("%0*d%09.6f,%c", width, (int) whole, (size - whole) * 60,
                          degrees >= 0 ? sides[0] : sides[1]);
}

static char *
make_time (gint64 utc_us, const char *format)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (utc_us / G_USEC_PER_SEC);
  g_autofree char *seconds = g_date_time_format (date, format);

  return g_strdup_printf ("%s.%02d", seconds, (int) (utc_us % G_USEC_PER_SEC / 10000));
}

char *
test_nmea_make_rmc (gint64 utc_us,
                    gboolean has_fix,
                    double latitude,
                    double longitude,
                    double speed_mps,
                    double heading)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (utc_us / G_USEC_PER_SEC);
  g_autofree char *day = g_date_time_format (date, "%d%m%y");
  g_autofree char *time = make_time (utc_us, "%H%M%S");
  g_autofree char *north = make_angle (latitude, 2, "NS");
  g_autofree char *east = make_angle (longitude, 3, "EW");
  g_autofree char *body = NULL;

  if (has_fix)
    body = g_strdup_printf ("GPRMC,%s,A,%s,%s,%.2f,%.1f,%s,,,A", time, north, east,
                            speed_mps / 0.514444, heading, day);
  else
    body = g_strdup_printf ("GPRMC,%s,V,,,,,,,%s,,,N", time, day);
  return make_sentence (body);
}

char *
test_nmea_make_gga (gint64 utc_us, gboolean has_fix, double latitude, double longitude, double hdop)
{
  g_autofree char *time = make_time (utc_us, "%H%M%S");
  g_autofree char *north = make_angle (latitude, 2, "NS");
  g_autofree char *east = make_angle (longitude, 3, "EW");
  g_autofree char *body = NULL;

  if (has_fix)
    body = g_strdup_printf ("GPGGA,%s,%s,%s,1,09,%.1f,80.0,M,47.0,M,,", time, north, east, hdop);
  else
    body = g_strdup_printf ("GPGGA,%s,,,,,0,00,,,M,,M,,", time);
  return make_sentence (body);
}

void
test_receiver_get_place (gint64 utc_us, double *latitude, double *longitude)
{
  double way_m =
    TEST_RECEIVER_SPEED_MPS * (double) (utc_us % (60 * G_USEC_PER_SEC)) / G_USEC_PER_SEC;
  double north_m = way_m * cos (TEST_RECEIVER_HEADING * G_PI / 180);
  double east_m = way_m * sin (TEST_RECEIVER_HEADING * G_PI / 180);

  *latitude = TEST_RECEIVER_LATITUDE + north_m / 111194.93;
  *longitude =
    TEST_RECEIVER_LONGITUDE + east_m / 111194.93 / cos (TEST_RECEIVER_LATITUDE * G_PI / 180);
}

/* Whether there is still a listener and a wish to serve it. */
static gboolean
say_where (TestReceiver *self, GOutputStream *stream)
{
  gint64 utc_us = g_get_real_time () + (gint64) g_atomic_int_get (&self->shift_ms) * 1000;
  gboolean has_fix = g_atomic_int_get (&self->has_fix);
  double latitude, longitude;

  test_receiver_get_place (utc_us, &latitude, &longitude);
  g_autofree char *gga = test_nmea_make_gga (utc_us, has_fix, latitude, longitude, 0.9);
  g_autofree char *rmc = test_nmea_make_rmc (utc_us, has_fix, latitude, longitude,
                                             TEST_RECEIVER_SPEED_MPS, TEST_RECEIVER_HEADING);
  g_autofree char *both = g_strconcat (gga, rmc, NULL);
  return g_output_stream_write_all (stream, both, strlen (both), NULL, self->cancellable, NULL);
}

/* One listener at a time is all that gpsd needs. */
static gpointer
receiver_main (gpointer data)
{
  TestReceiver *self = data;

  while (!g_cancellable_is_cancelled (self->cancellable)) {
    g_autoptr (GSocketConnection) connection =
      g_socket_listener_accept (self->listener, NULL, self->cancellable, NULL);

    if (connection == NULL)
      continue;
    while (say_where (self, g_io_stream_get_output_stream (G_IO_STREAM (connection)))) {
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

      if (!g_cancellable_is_cancelled (self->cancellable))
        g_cond_wait_until (&self->stopping, &self->mutex,
                           g_get_monotonic_time () + PERIOD_MS * 1000);
    }
  }
  return NULL;
}

TestReceiver *
test_receiver_new (void)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError) error = NULL;
  TestReceiver *self = g_new0 (TestReceiver, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->stopping);
  self->has_fix = TRUE;
  self->cancellable = g_cancellable_new ();
  self->listener = g_socket_listener_new ();
  g_socket_listener_add_address (self->listener, address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  self->thread = g_thread_new ("test-receiver", receiver_main, self);
  return self;
}

void
test_receiver_free (TestReceiver *self)
{
  g_mutex_lock (&self->mutex);
  g_cancellable_cancel (self->cancellable);
  g_cond_broadcast (&self->stopping);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  g_object_unref (self->listener);
  g_object_unref (self->cancellable);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->stopping);
  g_free (self);
}

guint16
test_receiver_get_port (TestReceiver *self)
{
  return self->port;
}

void
test_receiver_set_has_fix (TestReceiver *self, gboolean has_fix)
{
  g_atomic_int_set (&self->has_fix, has_fix);
}

void
test_receiver_set_shift_us (TestReceiver *self, gint64 shift_us)
{
  g_atomic_int_set (&self->shift_ms, (gint) (shift_us / 1000));
}

struct _TestGpsd {
  char *source;
  char *port;
  GSubprocess *process;
};

static char *
find_free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_assert_cmpuint (port, !=, 0);
  g_socket_listener_close (listener);
  return g_strdup_printf ("%u", port);
}

void
test_gpsd_start (TestGpsd *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_find_program_in_path ("gpsd");

  g_assert_null (self->process);
  self->process = g_subprocess_new (
    G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
    program != NULL ? program : "/usr/sbin/gpsd", "-N", "-n", "-S", self->port, self->source, NULL);
  g_assert_no_error (error);
}

void
test_gpsd_send_signal (TestGpsd *self, int signal_number)
{
  g_assert_nonnull (self->process);
  g_subprocess_send_signal (self->process, signal_number);
}

void
test_gpsd_kill (TestGpsd *self)
{
  if (self->process == NULL)
    return;
  g_subprocess_send_signal (self->process, SIGKILL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

TestGpsd *
test_gpsd_new (TestReceiver *receiver)
{
  g_autofree char *program = g_find_program_in_path ("gpsd");
  TestGpsd *self;

  if (program == NULL && !g_file_test ("/usr/sbin/gpsd", G_FILE_TEST_IS_EXECUTABLE))
    return NULL;
  self = g_new0 (TestGpsd, 1);
  self->source = g_strdup_printf ("tcp://127.0.0.1:%u", test_receiver_get_port (receiver));
  self->port = find_free_port ();
  test_gpsd_start (self);
  return self;
}

void
test_gpsd_free (TestGpsd *self)
{
  test_gpsd_kill (self);
  g_free (self->source);
  g_free (self->port);
  g_free (self);
}

const char *
test_gpsd_get_port (TestGpsd *self)
{
  return self->port;
}
