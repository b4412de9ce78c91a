/* bolo-fix.c: where, when, how well known
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-fix.h"

#include <math.h>

#define EARTH_RADIUS_M 6371008.8 /* mean radius, WGS 84 */

BoloFix *
bolo_fix_new (const BoloFix *values)
{
  BoloFix *self;

  g_return_val_if_fail (values != NULL, NULL);
  g_return_val_if_fail (isfinite (values->latitude_deg) && isfinite (values->longitude_deg), NULL);

  self = g_atomic_rc_box_new0 (BoloFix);
  *self = *values;
  return self;
}

BoloFix *
bolo_fix_ref (const BoloFix *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloFix *) self);
}

void
bolo_fix_unref (const BoloFix *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release ((BoloFix *) self);
}

double
bolo_fix_get_distance_m (const BoloFix *a, const BoloFix *b)
{
  double lat_a, lat_b, d_lat, d_lon, h;

  g_return_val_if_fail (a != NULL && b != NULL, 0);

  lat_a = a->latitude_deg * G_PI / 180;
  lat_b = b->latitude_deg * G_PI / 180;
  d_lat = lat_b - lat_a;
  d_lon = (b->longitude_deg - a->longitude_deg) * G_PI / 180;
  h = pow (sin (d_lat / 2), 2) + cos (lat_a) * cos (lat_b) * pow (sin (d_lon / 2), 2);
  return 2 * EARTH_RADIUS_M * asin (MIN (1, sqrt (h)));
}

const char *
bolo_fix_how_to_string (BoloFixHow how)
{
  switch (how) {
  case BOLO_FIX_HOW_MEASURED:
    return "measured";
  case BOLO_FIX_HOW_INTERPOLATED:
    return "interpolated";
  case BOLO_FIX_HOW_EXTRAPOLATED:
    return "extrapolated";
  default:
    g_return_val_if_reached (NULL);
  }
}
