/* bolo-daylight.h: whether the sun is up, for day and night colours
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Height of the sun above the horizon in degrees (good to about 0.5). Pure. */
double bolo_daylight_get_elevation_deg (gint64 utc_us, double latitude_deg, double longitude_deg);
/* Day colours above the horizon, night colours from civil dusk (6 degrees below) on; between them
 * @was_day holds, so that the colours do not flicker at dusk. */
gboolean bolo_daylight_is_day (double elevation_deg, gboolean was_day);

G_END_DECLS
