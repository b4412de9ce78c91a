/* bolo-daylight.c: whether the sun is up, for day and night colours
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-daylight.h"

#include <math.h>

#define J2000_US G_GINT64_CONSTANT (946728000000000) /* 2000-01-01T12:00Z */
#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define CIVIL_DUSK_DEG -6.0

static double
to_radians (double degrees)
{
  return degrees * G_PI / 180.0;
}

/* The low-precision solar coordinates of the Astronomical Almanac. */
double
bolo_daylight_get_elevation_deg (gint64 utc_us, double latitude_deg, double longitude_deg)
{
  double days = (double) (utc_us - J2000_US) / (double) DAY_US;
  double mean_longitude = fmod (280.460 + 0.9856474 * days, 360.0);
  double anomaly = to_radians (fmod (357.528 + 0.9856003 * days, 360.0));
  double ecliptic = to_radians (mean_longitude + 1.915 * sin (anomaly) + 0.020 * sin (2 * anomaly));
  double obliquity = to_radians (23.439 - 0.0000004 * days);
  double right_ascension = atan2 (cos (obliquity) * sin (ecliptic), cos (ecliptic));
  double declination = asin (sin (obliquity) * sin (ecliptic));
  double sidereal = to_radians (fmod (280.46062 + 360.98564737 * days + longitude_deg, 360.0));
  double hour_angle = sidereal - right_ascension;
  double latitude = to_radians (latitude_deg);

  return asin (sin (latitude) * sin (declination) +
               cos (latitude) * cos (declination) * cos (hour_angle)) *
         180.0 / G_PI;
}

gboolean
bolo_daylight_is_day (double elevation_deg, gboolean was_day)
{
  if (elevation_deg > 0)
    return TRUE;
  if (elevation_deg < CIVIL_DUSK_DEG)
    return FALSE;
  return was_day;
}
