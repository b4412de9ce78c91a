/* bolo-drive-track.c: the drive as a GPS receiver would tell it: NMEA, once a second
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-track.h"

#include <math.h>

#define KNOTS_A_MPS 1.943844

static void
append_sentence (GString *text, const char *body)
{
  guint8 sum = 0;
  for (const char *c = body; *c != '\0'; c++)
    sum ^= (guint8) *c;
  g_string_append_printf (text, "$%s*%02X\r\n", body, sum);
}

/* "5114.17200,N": degrees and minutes, to 2 cm. */
static char *
format_angle (double degrees, int digits, char positive, char negative)
{
  /* In hundred-thousandths of a minute, so that rounding never gives 60 minutes. */
  gint64 units = llround (fabs (degrees) * 60 * 100000);
  gint64 whole = units / 6000000;
  gint64 rest = units % 6000000;
  return g_strdup_printf ("%0*d%02d.%05d,%c", digits, (int) whole, (int) (rest / 100000),
                          (int) (rest % 100000), degrees < 0 ? negative : positive);
}

static char *
format_decimal (double value, const char *format)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, format, value));
}

static void
append_second (GString *text,
               const BoloDriveScenario *scenario,
               const BoloDriveRoad *road,
               guint second)
{
  g_autoptr (GDateTime) start = g_date_time_new_from_unix_utc (scenario->start_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) now = g_date_time_add_seconds (start, second);
  g_autofree char *time = g_date_time_format (now, "%H%M%S.00");
  g_autofree char *date = g_date_time_format (now, "%d%m%y");
  double latitude;
  double longitude;
  BoloDriveEgo ego;

  bolo_drive_road_get_ego (road, second, &ego);
  bolo_drive_road_get_place (road, second, &latitude, &longitude);
  g_autofree char *north = format_angle (latitude, 2, 'N', 'S');
  g_autofree char *east = format_angle (longitude, 3, 'E', 'W');
  g_autofree char *knots = format_decimal (ego.speed_mps * KNOTS_A_MPS, "%.2f");
  g_autofree char *heading = format_decimal (ego.heading_deg, "%.1f");
  g_autofree char *gga =
    g_strdup_printf ("GPGGA,%s,%s,%s,1,09,0.9,71.0,M,47.0,M,,", time, north, east);
  g_autofree char *rmc =
    g_strdup_printf ("GPRMC,%s,A,%s,%s,%s,%s,%s,,,A", time, north, east, knots, heading, date);
  append_sentence (text, gga);
  append_sentence (text, rmc);
}

char *
bolo_drive_track_format (const BoloDriveScenario *scenario, const BoloDriveRoad *road)
{
  g_return_val_if_fail (scenario != NULL && road != NULL, NULL);
  GString *text = g_string_new (NULL);

  for (guint second = 0; second <= (guint) ceil (scenario->duration_s); second++)
    append_second (text, scenario, road, second);
  return g_string_free (text, FALSE);
}
