/* test-rtsp.c: starts, freezes and kills the RTSP server program
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "test-rtsp.h"

#include <gio/gio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct _TestRtsp {
  GSubprocess *process;    /* (owned) */
  GDataInputStream *lines; /* (owned) */
  int port;
};

TestRtsp *
test_rtsp_start (int port, const char *const *arguments)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *port_text = g_strdup_printf ("%d", port);
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;
  TestRtsp *self = g_new0 (TestRtsp, 1);
  const char *program = g_getenv ("BOLO_TEST_RTSP_SERVER");

  g_assert_nonnull (program);
  g_ptr_array_add (argv, (char *) program);
  g_ptr_array_add (argv, (char *) "--port");
  g_ptr_array_add (argv, port_text);
  for (gsize i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (char *) arguments[i]);
  g_ptr_array_add (argv, NULL);
  self->process =
    g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  self->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = g_data_input_stream_read_line (self->lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "port "));
  self->port = atoi (line + strlen ("port "));
  return self;
}

int
test_rtsp_get_port (TestRtsp *self)
{
  return self->port;
}

void
test_rtsp_signal (TestRtsp *self, int signal_number)
{
  g_subprocess_send_signal (self->process, signal_number);
}

void
test_rtsp_kill (TestRtsp *self)
{
  g_subprocess_send_signal (self->process, SIGKILL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->lines);
  g_object_unref (self->process);
  g_free (self);
}
