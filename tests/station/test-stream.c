/* test-stream.c: what a caller says comes through in its order, however it is asked for
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-station-stream.h"

#include <gio/gunixconnection.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TOTAL 300000

typedef struct {
  GIOStream *raw;
  GIOStream *stream;
  GPollableInputStream *input;
  int caller; /* -1: it has hung up */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) socket = NULL;
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  socket = g_socket_new_from_fd (ends[0], NULL);
  g_assert_nonnull (socket);
  fixture->raw = G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
  fixture->stream = bolo_station_stream_new (fixture->raw);
  fixture->input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (fixture->stream));
  fixture->caller = ends[1];
}

static void
hang_up (Fixture *fixture)
{
  if (fixture->caller >= 0)
    close (fixture->caller);
  fixture->caller = -1;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  hang_up (fixture);
  g_assert_finalize_object (fixture->stream);
  g_assert_finalize_object (fixture->raw);
}

static guint8
get_byte (gsize at)
{
  return (guint8) (at * 31 + at / 251);
}

/* Of the bytes from @at on. */
static void
say (Fixture *fixture, gsize at, gsize length)
{
  g_autofree guint8 *bytes = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    bytes[i] = get_byte (at + i);
  g_assert_cmpint (write (fixture->caller, bytes, length), ==, (gssize) length);
}

static void
check (const guint8 *bytes, gsize at, gsize length)
{
  for (gsize i = 0; i < length; i++)
    g_assert_cmpuint (bytes[i], ==, get_byte (at + i));
}

static gssize
read_now (Fixture *fixture, guint8 *bytes, gsize count)
{
  g_autoptr (GError) error = NULL;
  gssize n = g_pollable_input_stream_read_nonblocking (fixture->input, bytes, count, NULL, &error);

  if (n < 0)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  return n;
}

static void
test_in_pieces (Fixture *fixture, gconstpointer data)
{
  guint8 bytes[50000];
  gsize said = 0;
  gsize heard = 0;

  while (heard < TOTAL) {
    gsize most = (gsize) g_test_rand_int_range (1, 40000); /* MIN takes its arguments twice */
    gsize more = MIN (most, TOTAL - said);
    gsize wanted = (gsize) g_test_rand_int_range (1, (gint32) sizeof bytes);
    gssize n;

    if (said - heard < 60000 && more > 0) {
      say (fixture, said, more);
      said += more;
    }
    if (g_test_rand_bit ()) {
      n = read_now (fixture, bytes, wanted);
    } else {
      g_autoptr (GError) error = NULL;

      n = said > heard
            ? g_input_stream_read (G_INPUT_STREAM (fixture->input), bytes, wanted, NULL, &error)
            : 0;
      g_assert_no_error (error);
    }
    if (n < 0)
      g_assert_cmpuint (heard, ==, said);
    check (bytes, heard, (gsize) MAX (n, 0));
    heard += (gsize) MAX (n, 0);
  }
  hang_up (fixture);
  g_assert_cmpint (read_now (fixture, bytes, sizeof bytes), ==, 0);
}

static gboolean
on_readable (GObject *stream, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
await_readable (Fixture *fixture)
{
  g_autoptr (GSource) source = g_pollable_input_stream_create_source (fixture->input, NULL);
  gboolean is_readable = FALSE;

  g_source_set_callback (source, G_SOURCE_FUNC (on_readable), &is_readable, NULL);
  g_source_attach (source, NULL);
  while (!is_readable)
    g_main_context_iteration (NULL, TRUE);
}

/* Who waits is woken for what is held here as for what is in the socket. */
static void
test_wakes (Fixture *fixture, gconstpointer data)
{
  guint8 bytes[8];

  g_assert_cmpint (read_now (fixture, bytes, 5), ==, -1);
  g_assert_false (g_pollable_input_stream_is_readable (fixture->input));
  say (fixture, 0, 8);
  await_readable (fixture);
  g_assert_cmpint (read_now (fixture, bytes, 5), ==, 5);
  check (bytes, 0, 5);
  g_assert_true (g_pollable_input_stream_is_readable (fixture->input));
  await_readable (fixture);
  g_assert_cmpint (read_now (fixture, bytes, 5), ==, 3);
  check (bytes, 5, 3);
  g_assert_false (g_pollable_input_stream_is_readable (fixture->input));
  hang_up (fixture);
  await_readable (fixture);
  g_assert_cmpint (read_now (fixture, bytes, 5), ==, 0);
}

static void
test_answers_and_closes (Fixture *fixture, gconstpointer data)
{
  GOutputStream *output = g_io_stream_get_output_stream (fixture->stream);
  g_autoptr (GError) error = NULL;
  char answer[8] = "";

  g_assert_true (g_output_stream_write_all (output, "answer", 6, NULL, NULL, &error));
  g_assert_cmpint (read (fixture->caller, answer, sizeof answer), ==, 6);
  g_assert_cmpstr (answer, ==, "answer");
  say (fixture, 0, 100);
  g_assert_cmpint (read_now (fixture, (guint8 *) answer, 3), ==, 3);
  g_assert_true (g_io_stream_close (fixture->stream, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_io_stream_is_closed (fixture->raw));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/station/stream/in-pieces", test_in_pieces);
  ADD ("/station/stream/wakes", test_wakes);
  ADD ("/station/stream/answers-and-closes", test_answers_and_closes);
  return g_test_run ();
}
