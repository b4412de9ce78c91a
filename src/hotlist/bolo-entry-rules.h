/* bolo-entry-rules.h: does an entry hold here and now?
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-fix.h"
#include "bolo-list-entry.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_ENTRY_HOLDS,
  BOLO_ENTRY_PLACE_UNKNOWN, /* bound to an area, and nobody knows on which side of its edge we are:
                               it is a hit, and says so, for a missing fix must not cost one */
  BOLO_ENTRY_WEEDED,        /* past its weed date */
  BOLO_ENTRY_NOT_YET,
  BOLO_ENTRY_OVER,
  BOLO_ENTRY_OTHER_DAY,
  BOLO_ENTRY_ELSEWHERE,
} BoloEntryStanding;

/* All functions: pure, any thread. */

/* @fix (nullable): where the vehicle was seen. @at_us: UTC. @zone: whose days of the week are
 * meant. */
BoloEntryStanding bolo_entry_rules_judge (const BoloListEntry *entry,
                                          const BoloFix *fix,
                                          gint64 at_us,
                                          GTimeZone *zone);
/* A hit: it holds, or may. */
gboolean bolo_entry_standing_is_hit (BoloEntryStanding standing);
/* Metres to the area's edge, below 0 inside it. -G_MAXDOUBLE where there is no area. */
double bolo_area_get_distance_m (const BoloArea *area, double latitude_deg, double longitude_deg);

G_END_DECLS
