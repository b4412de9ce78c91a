/* bolo-entry-rules.c: does an entry hold here and now?
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-entry-rules"

#include "bolo-entry-rules.h"

#include <math.h>

#define EARTH_M 6371008.8 /* mean radius */
#define RADIANS(degrees) ((degrees) *G_PI / 180.0)

/* Metres east and north of where we are. An area that reaches so far that the earth's bend matters
 * (some hundred kilometres) is a country, and is not told apart by its edge's last metre. */
typedef struct {
  double x;
  double y;
} Local;

static Local
get_local (const BoloArea *area, guint nth, double latitude_deg, double longitude_deg)
{
  const BoloAreaPoint *point = &area->points[nth % area->n_points];
  const BoloAreaPoint *first = &area->points[0];
  /* The short way round to the area and along it, so that it may lie across the date line. */
  double east_deg = remainder (first->longitude - longitude_deg, 360.0) +
                    remainder (point->longitude - first->longitude, 360.0);

  return (Local){.x = RADIANS (east_deg) * EARTH_M * cos (RADIANS (latitude_deg)),
                 .y = RADIANS (point->latitude - latitude_deg) * EARTH_M};
}

/* From here, the origin, to the line between two points. */
static double
get_edge_distance (Local a, Local b)
{
  double dx = b.x - a.x;
  double dy = b.y - a.y;
  double length = dx * dx + dy * dy;
  double share = length > 0 ? CLAMP (-(a.x * dx + a.y * dy) / length, 0.0, 1.0) : 0.0;

  return hypot (a.x + share * dx, a.y + share * dy);
}

/* Does a ray from here to the east cross the line? */
static gboolean
is_crossed (Local a, Local b)
{
  if ((a.y > 0) == (b.y > 0))
    return FALSE;
  return a.x + (b.x - a.x) * (-a.y) / (b.y - a.y) > 0;
}

static double
get_polygon_distance (const BoloArea *area, double latitude_deg, double longitude_deg)
{
  double nearest = G_MAXDOUBLE;
  gboolean is_inside = FALSE;

  for (guint i = 0; i < area->n_points; i++) {
    Local a = get_local (area, i, latitude_deg, longitude_deg);
    Local b = get_local (area, i + 1, latitude_deg, longitude_deg);

    nearest = MIN (nearest, get_edge_distance (a, b));
    if (is_crossed (a, b))
      is_inside = !is_inside;
  }
  return is_inside ? -nearest : nearest;
}

/* The great circle, for a radius may be large. */
static double
get_circle_distance (const BoloArea *area, double latitude_deg, double longitude_deg)
{
  const BoloFix here = {.latitude_deg = latitude_deg, .longitude_deg = longitude_deg};
  const BoloFix centre = {.latitude_deg = area->points[0].latitude,
                          .longitude_deg = area->points[0].longitude};

  return bolo_fix_get_distance_m (&here, &centre) - (double) area->radius_m;
}

double
bolo_area_get_distance_m (const BoloArea *area, double latitude_deg, double longitude_deg)
{
  g_return_val_if_fail (area != NULL, 0);

  switch (area->kind) {
  case BOLO_AREA_CIRCLE:
    return get_circle_distance (area, latitude_deg, longitude_deg);
  case BOLO_AREA_POLYGON:
    return get_polygon_distance (area, latitude_deg, longitude_deg);
  case BOLO_AREA_NONE:
  default:
    return -G_MAXDOUBLE;
  }
}

static BoloEntryStanding
judge_place (const BoloListEntry *entry, const BoloFix *fix)
{
  double distance_m;

  if (entry->area.kind == BOLO_AREA_NONE)
    return BOLO_ENTRY_HOLDS;
  if (fix == NULL || !isfinite (fix->latitude_deg) || !isfinite (fix->longitude_deg) ||
      !isfinite (fix->accuracy_m))
    return BOLO_ENTRY_PLACE_UNKNOWN;
  distance_m = bolo_area_get_distance_m (&entry->area, fix->latitude_deg, fix->longitude_deg);
  /* Nobody stands exactly on a border: within the fix's accuracy of it both sides are possible. */
  if (fabs (distance_m) <= fix->accuracy_m)
    return BOLO_ENTRY_PLACE_UNKNOWN;
  return distance_m < 0 ? BOLO_ENTRY_HOLDS : BOLO_ENTRY_ELSEWHERE;
}

static gboolean
holds_on_day (guint8 days, gint64 at_us, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if ((days & BOLO_DAYS_ALL) == BOLO_DAYS_ALL)
    return TRUE;
  utc = g_date_time_new_from_unix_utc (at_us / G_USEC_PER_SEC);
  local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
  /* A time that is none must not cost a hit. */
  return local == NULL || (days >> (g_date_time_get_day_of_week (local) - 1) & 1) != 0;
}

BoloEntryStanding
bolo_entry_rules_judge (const BoloListEntry *entry,
                        const BoloFix *fix,
                        gint64 at_us,
                        GTimeZone *zone)
{
  g_return_val_if_fail (entry != NULL && zone != NULL, BOLO_ENTRY_HOLDS);

  if (bolo_list_entry_is_weeded (entry, at_us))
    return BOLO_ENTRY_WEEDED;
  if (at_us < entry->valid_from_us)
    return BOLO_ENTRY_NOT_YET;
  if (at_us >= entry->valid_until_us)
    return BOLO_ENTRY_OVER;
  if (!holds_on_day (entry->days, at_us, zone))
    return BOLO_ENTRY_OTHER_DAY;
  return judge_place (entry, fix);
}

gboolean
bolo_entry_standing_is_hit (BoloEntryStanding standing)
{
  return standing == BOLO_ENTRY_HOLDS || standing == BOLO_ENTRY_PLACE_UNKNOWN;
}
