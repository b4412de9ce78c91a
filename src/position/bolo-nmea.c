/* bolo-nmea.c: what a GPS receiver says, sentence by sentence
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-nmea.h"

#include <math.h>
#include <string.h>

#define MAX_FIELDS 32
#define MPS_PER_KNOT 0.514444
/* 95 % radius for a dilution of 1: twice a range error of 3 m. */
#define METRES_PER_HDOP 6.0
#define UNKNOWN_ACCURACY_M 20.0
#define BEST_ACCURACY_M 3.0
#define DAY_MS (24 * 60 * 60 * 1000)
/* A GGA further away in time says nothing about this measurement. */
#define QUALITY_REACH_MS 2000

/* The fields of a sentence whose frame and checksum are right, NULL-terminated. */
static char **
split_sentence (const char *line, gsize length)
{
  guint8 sum = 0;
  gsize star = 0;
  int high, low;

  if (length < 9 || length > BOLO_NMEA_MAX_LENGTH || line[0] != '$')
    return NULL;
  for (gsize i = 1; i < length && star == 0; i++) {
    if (line[i] == '*')
      star = i;
    else if (!g_ascii_isprint (line[i]))
      return NULL;
    else
      sum ^= (guint8) line[i];
  }
  if (star == 0 || star + 3 != length)
    return NULL;
  high = g_ascii_xdigit_value (line[star + 1]);
  low = g_ascii_xdigit_value (line[star + 2]);
  if (high < 0 || low < 0 || high * 16 + low != sum)
    return NULL;

  g_autofree char *inside = g_strndup (line + 1, star - 1);
  return g_strsplit (inside, ",", MAX_FIELDS);
}

/* Digits and at most one point; so neither "nan" nor "1e9" nor a sign. */
static gboolean
parse_number (const char *text, double *value)
{
  gboolean has_digit = FALSE;
  guint points = 0;

  for (const char *at = text; *at != '\0'; at++) {
    if (g_ascii_isdigit (*at))
      has_digit = TRUE;
    else if (*at != '.' || ++points > 1)
      return FALSE;
  }
  if (!has_digit || strlen (text) > 20)
    return FALSE;
  *value = g_ascii_strtod (text, NULL);
  return TRUE;
}

static gboolean
parse_two_digits (const char *text, int maximum, int *value)
{
  if (!g_ascii_isdigit (text[0]) || !g_ascii_isdigit (text[1]))
    return FALSE;
  *value = (text[0] - '0') * 10 + (text[1] - '0');
  return *value <= maximum;
}

/* hhmmss[.sss] to milliseconds of the day. */
static gboolean
parse_time (const char *text, gint64 *time_ms)
{
  int hours, minutes;
  double seconds;

  if (strlen (text) < 6 || !parse_two_digits (text, 23, &hours) ||
      !parse_two_digits (text + 2, 59, &minutes) || !parse_number (text + 4, &seconds) ||
      seconds >= 61)
    return FALSE;
  *time_ms = (hours * 60 + minutes) * 60000 + (gint64) round (seconds * 1000);
  return TRUE;
}

/* ddmmyy to the microseconds of that midnight, UTC. */
static gboolean
parse_date (const char *text, gint64 *midnight_us)
{
  int day, month, year;
  g_autoptr (GDateTime) date = NULL;

  if (strlen (text) != 6 || !parse_two_digits (text, 31, &day) ||
      !parse_two_digits (text + 2, 12, &month) || !parse_two_digits (text + 4, 99, &year))
    return FALSE;
  date = g_date_time_new_utc (2000 + year, month, day, 0, 0, 0);
  if (date == NULL)
    return FALSE;
  *midnight_us = g_date_time_to_unix (date) * G_USEC_PER_SEC;
  return TRUE;
}

/* [d]ddmm.mmmm and a letter to degrees. */
static gboolean
parse_angle (const char *text,
             const char *side,
             const char *positive,
             const char *negative,
             double limit,
             double *degrees)
{
  double value, whole;

  if (!parse_number (text, &value))
    return FALSE;
  whole = floor (value / 100);
  if (value - whole * 100 >= 60)
    return FALSE;
  *degrees = whole + (value - whole * 100) / 60;
  if (*degrees > limit)
    return FALSE;
  if (strcmp (side, negative) == 0)
    *degrees = -*degrees;
  else if (strcmp (side, positive) != 0)
    return FALSE;
  return TRUE;
}

/* $..GGA,time,lat,N,lon,W,quality,satellites,hdop,... */
static BoloNmeaResult
push_gga (BoloNmeaParser *self, char **fields)
{
  gint64 time_ms;
  double hdop;

  if (g_strv_length (fields) < 9)
    return BOLO_NMEA_REFUSED;
  self->hdop = 0;
  if (strcmp (fields[6], "0") == 0 || fields[6][0] == '\0')
    return BOLO_NMEA_IGNORED;
  if (!parse_time (fields[1], &time_ms))
    return BOLO_NMEA_REFUSED;
  if (parse_number (fields[8], &hdop) && hdop > 0 && hdop < 100) {
    self->hdop = hdop;
    self->quality_at_ms = time_ms;
  }
  return BOLO_NMEA_IGNORED;
}

static double
get_accuracy_m (BoloNmeaParser *self, gint64 time_ms)
{
  gint64 apart_ms = ABS (time_ms - self->quality_at_ms);

  if (self->hdop <= 0 || MIN (apart_ms, DAY_MS - apart_ms) > QUALITY_REACH_MS)
    return UNKNOWN_ACCURACY_M;
  return MAX (BEST_ACCURACY_M, self->hdop * METRES_PER_HDOP);
}

/* $..RMC,time,status,lat,N,lon,W,knots,course,date,... */
static BoloNmeaResult
push_rmc (BoloNmeaParser *self, char **fields, BoloFix *fix)
{
  gint64 time_ms, midnight_us;
  double latitude, longitude, knots, course;

  if (g_strv_length (fields) < 10)
    return BOLO_NMEA_REFUSED;
  if (strcmp (fields[2], "V") == 0)
    return BOLO_NMEA_NO_FIX;
  if (strcmp (fields[2], "A") != 0 || !parse_time (fields[1], &time_ms) ||
      !parse_date (fields[9], &midnight_us) ||
      !parse_angle (fields[3], fields[4], "N", "S", 90, &latitude) ||
      !parse_angle (fields[5], fields[6], "E", "W", 180, &longitude))
    return BOLO_NMEA_REFUSED;
  if (latitude == 0 && longitude == 0)
    return BOLO_NMEA_NO_FIX;

  *fix = (BoloFix){
    .time_us = midnight_us + time_ms * 1000,
    .latitude_deg = latitude,
    .longitude_deg = longitude,
    .accuracy_m = get_accuracy_m (self, time_ms),
    .speed_mps = parse_number (fields[7], &knots) ? knots * MPS_PER_KNOT : NAN,
    .heading_deg = parse_number (fields[8], &course) && course <= 360 ? fmod (course, 360) : NAN,
    .clock_offset_us = G_MININT64,
    .how = BOLO_FIX_HOW_MEASURED,
  };
  return BOLO_NMEA_FIX;
}

BoloNmeaResult
bolo_nmea_parser_push (BoloNmeaParser *self, const char *line, gsize length, BoloFix *fix)
{
  g_auto (GStrv) fields = NULL;

  g_return_val_if_fail (self != NULL && line != NULL && fix != NULL, BOLO_NMEA_REFUSED);

  if (length == 0)
    return BOLO_NMEA_IGNORED;
  fields = split_sentence (line, length);
  if (fields == NULL || strlen (fields[0]) != 5)
    return BOLO_NMEA_REFUSED;
  if (strcmp (fields[0] + 2, "RMC") == 0)
    return push_rmc (self, fields, fix);
  if (strcmp (fields[0] + 2, "GGA") == 0)
    return push_gga (self, fields);
  return BOLO_NMEA_IGNORED;
}
