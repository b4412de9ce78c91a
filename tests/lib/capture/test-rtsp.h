/* test-rtsp.h: starts, freezes and kills the RTSP server program
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* TestRtsp: one server process on loopback. Needs BOLO_TEST_RTSP_SERVER, the program's path. */
typedef struct _TestRtsp TestRtsp;

/* Returns when it listens. @arguments: NULL-terminated "PATH=CLIP" and options; @port 0: any. */
TestRtsp *test_rtsp_start (int port, const char *const *arguments);
int test_rtsp_get_port (TestRtsp *self);
/* SIGSTOP, SIGCONT, … */
void test_rtsp_signal (TestRtsp *self, int signal_number);
/* SIGKILL, and waits for its end. */
void test_rtsp_kill (TestRtsp *self);

G_END_DECLS
