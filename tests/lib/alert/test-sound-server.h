/* test-sound-server.h: a real PulseAudio with a null sink, and an ear at it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TEST_EAR_RATE 22050

/* A GSpawnChildSetupFunc: the child ends with a test that aborts, and holds nobody's pipes open. */
void test_die_with_parent (gpointer user_data);

/* TestSoundServer: the null sink "test" behind a socket of its own. */
typedef struct _TestSoundServer TestSoundServer;

/* (nullable): NULL where PulseAudio is not installed. Sets PULSE_SERVER for this process. */
TestSoundServer *test_sound_server_new (void);
void test_sound_server_free (TestSoundServer *self);
/* TRUE once it takes connections. @sink: "test", which the ear listens to, or another name. */
gboolean test_sound_server_start (TestSoundServer *self, const char *sink);
void test_sound_server_kill (TestSoundServer *self);
void test_sound_server_send_signal (TestSoundServer *self, int number);

/* TestEar: records what the null sink plays, with the monotonic time at which it came. */
typedef struct _TestEar TestEar;

TestEar *test_ear_new (void);
void test_ear_free (TestEar *self);
/* Waits until sound comes in, silence included. */
gboolean test_ear_wait_until_open (TestEar *self, guint deadline_ms);
/* Monotonic time at which a stretch of 20 ms with @hz at @level (of full scale) or more came in,
 * not before @from_us; waits for it, -1 if it does not come. */
gint64
test_ear_wait_for_tone (TestEar *self, double hz, double level, gint64 from_us, guint deadline_ms);
/* Loudest sample since @from_us, of full scale. */
double test_ear_get_peak (TestEar *self, gint64 from_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestSoundServer, test_sound_server_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestEar, test_ear_free)

G_END_DECLS
