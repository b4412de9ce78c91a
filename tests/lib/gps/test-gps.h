/* test-gps.h: a GPS receiver that a test can steer, and a real gpsd that listens to it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where the receiver's car starts at any whole minute, and how it drives: north-east. */
#define TEST_RECEIVER_LATITUDE 51.5
#define TEST_RECEIVER_LONGITUDE (-1.25)
#define TEST_RECEIVER_SPEED_MPS 20.0
#define TEST_RECEIVER_HEADING 45.0

/* TestReceiver: serves NMEA over TCP, five times a second, from a thread of its own. */
typedef struct _TestReceiver TestReceiver;

TestReceiver *test_receiver_new (void);
void test_receiver_free (TestReceiver *self);
guint16 test_receiver_get_port (TestReceiver *self);
/* FALSE: it says that it has no fix. */
void test_receiver_set_has_fix (TestReceiver *self, gboolean has_fix);
/* Its time less the machine's. */
void test_receiver_set_shift_us (TestReceiver *self, gint64 shift_us);
/* Where its car is at @utc_us of its own time. */
void test_receiver_get_place (gint64 utc_us, double *latitude, double *longitude);

/* One sentence with checksum and line end; RMC at @utc_us. (transfer full) */
char *test_nmea_make_rmc (gint64 utc_us,
                          gboolean has_fix,
                          double latitude,
                          double longitude,
                          double speed_mps,
                          double heading);
char *test_nmea_make_gga (
  gint64 utc_us, gboolean has_fix, double latitude, double longitude, double hdop);

/* TestGpsd: the real one. */
typedef struct _TestGpsd TestGpsd;

/* NULL where gpsd is not installed: skip the test. It listens on a port that was free. */
TestGpsd *test_gpsd_new (TestReceiver *receiver);
void test_gpsd_free (TestGpsd *self);
const char *test_gpsd_get_port (TestGpsd *self);
/* Ends it at once, and starts it anew on the same port. */
void test_gpsd_kill (TestGpsd *self);
void test_gpsd_start (TestGpsd *self);
void test_gpsd_send_signal (TestGpsd *self, int signal_number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestReceiver, test_receiver_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestGpsd, test_gpsd_free)

G_END_DECLS
