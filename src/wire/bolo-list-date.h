/* bolo-list-date.h: the dates of wanted lists, in the ways that lists write them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "DD/MM/YYYY": day (DD), month (MM or MON) and year (YYYY) once each, and signs between. */
gboolean bolo_list_date_is_format (const char *text);
/* The ways that UK and NCIC lists use; NULL-terminated. */
const char *const *bolo_list_date_get_default_formats (void);
/* The day that @text names by the first of @formats that fits; a time of day behind it is passed
 * over. @begin_us: UTC. FALSE when none fits. Pure, any thread. */
gboolean bolo_list_date_read_day (const char *const *formats, const char *text, gint64 *begin_us);
/* As read_day, but a time of day counts, "HH:MM" or "HH:MM:SS" with or without Z: @time_us is that
 * instant, UTC as the day of read_day is, and @is_day FALSE. */
gboolean bolo_list_date_read_time (const char *const *formats,
                                   const char *text,
                                   gint64 *time_us,
                                   gboolean *is_day);

/* What @civil_us, a time as clocks in @zone (nullable: UTC) show it, is in UTC. Pure, any thread.
 */
gint64 bolo_list_date_to_utc (GTimeZone *zone, gint64 civil_us);

#define BOLO_LIST_DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

G_END_DECLS
