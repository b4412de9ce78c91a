/* test-nmea.c: sentences to measurements, good ones and all kinds of bad ones; whole tracks
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-nmea.h"
#include "bolo-track.h"
#include "test-gps.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define START (G_GINT64_CONSTANT (1773508800) * G_USEC_PER_SEC) /* 2026-03-14 17:20:00 UTC */

static BoloNmeaResult
push (BoloNmeaParser *parser, const char *line, BoloFix *fix)
{
  g_autofree char *trimmed = g_strchomp (g_strdup (line));

  return bolo_nmea_parser_push (parser, trimmed, strlen (trimmed), fix);
}

/* The sentence with its right checksum. */
static char *
seal (const char *body)
{
  guint8 sum = 0;

  for (const char *at = body; *at != '\0'; at++)
    sum ^= (guint8) *at;
  return g_strdup_printf ("$%s*%02x", body, sum);
}

static BoloNmeaResult
push_body (BoloNmeaParser *parser, const char *body, BoloFix *fix)
{
  g_autofree char *line = seal (body);

  return push (parser, line, fix);
}

/* The example of the standard's own texts. */
static void
test_known_sentence (void)
{
  BoloNmeaParser parser = {0};
  BoloFix fix;

  g_assert_cmpint (
    push (&parser, "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A", &fix),
    ==, BOLO_NMEA_FIX);
  g_assert_cmpfloat_with_epsilon (fix.latitude_deg, 48.1173, 1e-6);
  g_assert_cmpfloat_with_epsilon (fix.longitude_deg, 11.516667, 1e-6);
  g_assert_cmpfloat_with_epsilon (fix.speed_mps, 11.5235, 1e-3);
  g_assert_cmpfloat_with_epsilon (fix.heading_deg, 84.4, 1e-9);
  g_assert_cmpint (fix.how, ==, BOLO_FIX_HOW_MEASURED);
}

static void
test_time_and_sides (void)
{
  BoloNmeaParser parser = {0};
  BoloFix fix;

  g_assert_cmpint (
    push_body (&parser, "GNRMC,172000.250,A,3330.000,S,00115.000,W,,,140326,,,A", &fix), ==,
    BOLO_NMEA_FIX);
  g_assert_cmpint (fix.time_us, ==, START + 250000);
  g_assert_cmpfloat_with_epsilon (fix.latitude_deg, -33.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (fix.longitude_deg, -1.25, 1e-9);
  g_assert_true (isnan (fix.speed_mps));
  g_assert_true (isnan (fix.heading_deg));
}

static void
test_accuracy (void)
{
  BoloNmeaParser parser = {0};
  BoloFix fix;
  g_autofree char *gga = test_nmea_make_gga (START, TRUE, 51.5, -1.2, 1.5);
  g_autofree char *rmc = test_nmea_make_rmc (START, TRUE, 51.5, -1.2, 10, 20);
  g_autofree char *later = test_nmea_make_rmc (START + 5000000, TRUE, 51.5, -1.2, 10, 20);
  g_autofree char *lost = test_nmea_make_gga (START + 5000000, FALSE, 0, 0, 0);

  g_assert_cmpint (push (&parser, rmc, &fix), ==, BOLO_NMEA_FIX);
  g_assert_cmpfloat (fix.accuracy_m, ==, 20);
  g_assert_cmpint (push (&parser, gga, &fix), ==, BOLO_NMEA_IGNORED);
  g_assert_cmpint (push (&parser, rmc, &fix), ==, BOLO_NMEA_FIX);
  g_assert_cmpfloat (fix.accuracy_m, ==, 9);
  /* an old dilution says nothing */
  g_assert_cmpint (push (&parser, later, &fix), ==, BOLO_NMEA_FIX);
  g_assert_cmpfloat (fix.accuracy_m, ==, 20);
  g_assert_cmpint (push (&parser, lost, &fix), ==, BOLO_NMEA_IGNORED);
  g_assert_cmpint (push (&parser, rmc, &fix), ==, BOLO_NMEA_FIX);
  g_assert_cmpfloat (fix.accuracy_m, ==, 20);
}

static void
test_no_fix (void)
{
  BoloNmeaParser parser = {0};
  BoloFix fix = {.time_us = 7};
  g_autofree char *line = test_nmea_make_rmc (START, FALSE, 0, 0, 0, 0);

  g_assert_cmpint (push (&parser, line, &fix), ==, BOLO_NMEA_NO_FIX);
  g_assert_cmpint (
    push_body (&parser, "GPRMC,172000.00,A,0000.000,N,00000.000,E,,,140326,,,A", &fix), ==,
    BOLO_NMEA_NO_FIX);
  g_assert_cmpint (fix.time_us, ==, 7);
}

static void
test_ignored (void)
{
  BoloNmeaParser parser = {0};
  BoloFix fix;

  g_assert_cmpint (push (&parser, "", &fix), ==, BOLO_NMEA_IGNORED);
  g_assert_cmpint (push_body (&parser, "GPGSV,3,1,11,03,03,111,00", &fix), ==, BOLO_NMEA_IGNORED);
}

static void
test_refused_frames (void)
{
  static const char *const lines[] = {
    "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A",  /* no $ */
    "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6B", /* checksum */
    "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W",    /* none */
    "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6",  /* half */
    "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A0",
    "$GPRMC,1235\x01"
    "9,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A",
    "$",
    "hello, world",
    "$GPRMC*4B",
  };
  BoloNmeaParser parser = {0};
  BoloFix fix;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_cmpint (push (&parser, lines[i], &fix), ==, BOLO_NMEA_REFUSED);
}

static void
test_refused_fields (void)
{
  static const char *const bodies[] = {
    "GPRMC,253519,A,4807.038,N,01131.000,E,1,1,230394", /* hour 25 */
    "GPRMC,126019,A,4807.038,N,01131.000,E,1,1,230394", /* minute 60 */
    "GPRMC,123519,A,4860.000,N,01131.000,E,1,1,230394", /* 60 minutes of arc */
    "GPRMC,123519,A,9907.038,N,01131.000,E,1,1,230394", /* latitude 99 */
    "GPRMC,123519,A,4807.038,N,18131.000,E,1,1,230394", /* longitude 181 */
    "GPRMC,123519,A,4807.038,X,01131.000,E,1,1,230394", /* neither N nor S */
    "GPRMC,123519,A,nan,N,01131.000,E,1,1,230394",      /* not a number */
    "GPRMC,123519,A,-807.038,N,01131.000,E,1,1,230394", /* a sign */
    "GPRMC,123519,A,4807.0.8,N,01131.000,E,1,1,230394", /* two points */
    "GPRMC,123519,A,4807.038,N,01131.000,E,1,1,320394", /* day 32 */
    "GPRMC,123519,A,4807.038,N,01131.000,E,1,1,300226", /* 30 February */
    "GPRMC,123519,A,4807.038,N,01131.000,E,1,1,",       /* no date */
    "GPRMC,123519,Q,4807.038,N,01131.000,E,1,1,230394", /* unknown status */
    "GPRMC,123519,A,4807.038,N",                        /* too few */
    "GPGGA,172000,5130,N",                              /* too few */
    "GPGGA,9,5130,N,00112,W,1,9,1.0,80,M,47,M,,",       /* time */
    "GPTOOLONG,1",                                      /* no known form of name */
  };
  BoloNmeaParser parser = {0};
  BoloFix fix;

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_test_message ("%s", bodies[i]);
    g_assert_cmpint (push_body (&parser, bodies[i], &fix), ==, BOLO_NMEA_REFUSED);
  }
}

static void
test_too_long (void)
{
  BoloNmeaParser parser = {0};
  BoloFix fix;
  g_autofree char *filling = g_strnfill (BOLO_NMEA_MAX_LENGTH, '0');
  g_autofree char *body = g_strconcat ("GPGSV,", filling, NULL);
  g_autofree char *commas = g_strnfill (100, ',');
  g_autofree char *many = g_strconcat ("GPGSV", commas, NULL);

  g_assert_cmpint (push_body (&parser, body, &fix), ==, BOLO_NMEA_REFUSED);
  g_assert_cmpint (push_body (&parser, many, &fix), ==, BOLO_NMEA_IGNORED);
}

/* Any bytes at all: nothing but the four answers, and no sentence changed into a wrong place. */
static void
test_noise (void)
{
  g_autofree char *sentence = test_nmea_make_rmc (START, TRUE, 51.5, -1.2, 10, 20);
  gsize length = strlen (sentence) - 2;
  BoloNmeaParser parser = {0};

  for (int round = 0; round < 20000; round++) {
    g_autofree char *line = g_strdup (sentence);
    gsize cut = (gsize) g_test_rand_int_range (0, (gint32) length + 1);
    BoloNmeaResult result;
    BoloFix fix;

    for (int changes = g_test_rand_int_range (1, 4); changes > 0; changes--)
      line[g_test_rand_int_range (0, (gint32) length)] = (char) g_test_rand_int_range (0, 256);
    result = bolo_nmea_parser_push (&parser, line, round % 2 ? length : cut, &fix);
    if (result == BOLO_NMEA_FIX) {
      g_assert_cmpfloat (fabs (fix.latitude_deg), <=, 90);
      g_assert_cmpfloat (fabs (fix.longitude_deg), <=, 180);
    }
  }
}

static char *
make_track (guint seconds)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < seconds; i++) {
    gint64 utc_us = START + i * G_USEC_PER_SEC;
    g_autofree char *gga = test_nmea_make_gga (utc_us, TRUE, 51.5 + i * 1e-4, -1.2, 1.0);
    g_autofree char *rmc = test_nmea_make_rmc (utc_us, TRUE, 51.5 + i * 1e-4, -1.2, 11.1, 0);

    g_string_append (text, gga);
    g_string_append (text, rmc);
  }
  return g_string_free (text, FALSE);
}

static void
test_track (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = make_track (60);
  g_autofree char *dirty = g_strconcat ("garbage\n\n", text, "$GPRMC,half", NULL);
  g_autoptr (BoloFixRing) ring =
    bolo_track_load_data (dirty, strlen (dirty), "track.nmea", START, &error);
  const BoloFix *newest;

  g_assert_no_error (error);
  g_assert_cmpuint (bolo_fix_ring_get_length (ring), ==, 60);
  newest = bolo_fix_ring_get_newest (ring, G_MAXINT64);
  g_assert_cmpint (newest->time_us, ==, START + 59 * G_USEC_PER_SEC);
  g_assert_cmpfloat (newest->accuracy_m, ==, 6);
  g_assert_cmpint (newest->clock_offset_us, ==, 0);
}

static void
test_track_errors (void)
{
  g_autofree char *text = make_track (3);
  g_autoptr (GError) empty = NULL;
  g_autoptr (GError) other_day = NULL;
  g_autoptr (GError) missing = NULL;

  g_assert_null (bolo_track_load_data ("what\never\n", 10, "track.nmea", START, &empty));
  g_assert_error (empty, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_cmpstr (empty->message, ==,
                   "track.nmea: no position in 2 lines (2 of them are no sound NMEA sentences); a "
                   "track needs RMC sentences with status A");

  g_assert_null (bolo_track_load_data (text, strlen (text), "track.nmea",
                                       START - 3 * G_TIME_SPAN_DAY, &other_day));
  g_assert_error (other_day, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (other_day->message, "(3 of other days)"));

  g_assert_null (bolo_track_load ("/nowhere/track.nmea", START, &missing));
  g_assert_error (missing, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (missing->message, "/nowhere/track.nmea"));
}

/* A file that only looks large: refused before it is read. */
static void
test_track_too_large (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("track-XXXXXX.nmea", &path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (ftruncate (fd, BOLO_TRACK_MAX_BYTES + 1), ==, 0);
  g_close (fd, NULL);
  g_assert_null (bolo_track_load (path, START, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "at most 64 MiB"));
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nmea/known-sentence", test_known_sentence);
  g_test_add_func ("/nmea/time-and-sides", test_time_and_sides);
  g_test_add_func ("/nmea/accuracy", test_accuracy);
  g_test_add_func ("/nmea/no-fix", test_no_fix);
  g_test_add_func ("/nmea/ignored", test_ignored);
  g_test_add_func ("/nmea/refused-frames", test_refused_frames);
  g_test_add_func ("/nmea/refused-fields", test_refused_fields);
  g_test_add_func ("/nmea/too-long", test_too_long);
  g_test_add_func ("/nmea/noise", test_noise);
  g_test_add_func ("/track/loads", test_track);
  g_test_add_func ("/track/errors", test_track_errors);
  g_test_add_func ("/track/too-large", test_track_too_large);
  return g_test_run ();
}
