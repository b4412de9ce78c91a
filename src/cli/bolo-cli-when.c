/* bolo-cli-when.c: times and spans as they are typed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli-when.h"

#include "bolo-error.h"

#include <string.h>

#define SPAN_MAX 100000 /* of any unit; far beyond what is kept */

static gint64
parse_span (const char *text)
{
  static const struct {
    char unit;
    gint64 us;
  } units[] = {{'m', G_TIME_SPAN_MINUTE}, {'h', G_TIME_SPAN_HOUR}, {'d', G_TIME_SPAN_DAY}};
  char *end = NULL;
  guint64 count = g_ascii_strtoull (text, &end, 10);

  if (!g_ascii_isdigit (*text) || count > SPAN_MAX || strlen (end) != 1)
    return -1;
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (*end == units[i].unit)
      return (gint64) count * units[i].us;
  return -1;
}

gint64
bolo_cli_parse_when (const char *text, gint64 now_us, int sign, GError **error)
{
  g_autoptr (GTimeZone) local = g_time_zone_new_local ();
  g_autoptr (GDateTime) date = NULL;
  g_autofree char *whole = NULL;
  gint64 span_us = parse_span (text);

  if (span_us >= 0)
    return now_us + sign * span_us;
  whole = strchr (text, 'T') == NULL ? g_strconcat (text, "T00:00:00", NULL) : g_strdup (text);
  date = g_date_time_new_from_iso8601 (whole, local);
  if (date == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "'%s' is no time; write 2026-03-14, 2026-03-14T17:20:00Z, or a span such as 90m, "
                 "8h or 2d",
                 text);
    return -1;
  }
  return g_date_time_to_unix (date) * G_USEC_PER_SEC + g_date_time_get_microsecond (date);
}
