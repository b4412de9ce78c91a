/* bolo-list-date.c: the dates of wanted lists, in the ways that lists write them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-date.h"

#include <string.h>

#define TIME_OF_DAY_MAX 40
#define YEAR_MIN 1900

static const char *const default_formats[] = {
  "DD/MM/YYYY", "YYYY-MM-DD",  "YYYYMMDD",    "DD-MM-YYYY",
  "DD.MM.YYYY", "DD-MON-YYYY", "DD MON YYYY", NULL,
};

const char *const *
bolo_list_date_get_default_formats (void)
{
  return default_formats;
}

gboolean
bolo_list_date_is_format (const char *text)
{
  const char *year;
  const char *day;
  const char *month;

  g_return_val_if_fail (text != NULL, FALSE);

  year = strstr (text, "YYYY");
  day = strstr (text, "DD");
  month = strstr (text, "MON");
  if (month == NULL)
    month = strstr (text, "MM");
  return year != NULL && day != NULL && month != NULL && strstr (year + 4, "YYYY") == NULL &&
         strstr (day + 2, "DD") == NULL && strlen (text) <= 32;
}

/* Exactly @count digits. */
static gboolean
read_digits (const char **text, guint count, int *value)
{
  *value = 0;
  for (guint i = 0; i < count; i++, (*text)++) {
    if (!g_ascii_isdigit (**text))
      return FALSE;
    *value = *value * 10 + (**text - '0');
  }
  return TRUE;
}

static gboolean
read_month_name (const char **text, int *month)
{
  static const char *const names[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                      "jul", "aug", "sep", "oct", "nov", "dec"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strncasecmp (*text, names[i], 3) == 0) {
      *month = (int) i + 1;
      *text += 3;
      return TRUE;
    }
  return FALSE;
}

/* What may follow a date: nothing, or a time of day. */
static gboolean
is_time_of_day (const char *text)
{
  if (*text == '\0')
    return TRUE;
  if (*text != ' ' && *text != 'T')
    return FALSE;
  return strlen (text) < TIME_OF_DAY_MAX &&
         strspn (text + 1, "0123456789:.+-Z ") == strlen (text + 1);
}

/* The seconds of a time of day, -1 where it is none that we can tell. */
static int
read_time_of_day (const char *text)
{
  int hour = 0, minute = 0, second = 0;

  text++; /* the blank or T */
  if (!read_digits (&text, 2, &hour) || *text++ != ':' || !read_digits (&text, 2, &minute))
    return -1;
  if (*text == ':') {
    text++;
    if (!read_digits (&text, 2, &second))
      return -1;
  }
  if (*text == '.')
    text += 1 + strspn (text + 1, "0123456789");
  if (*text == 'Z')
    text++;
  if (*text != '\0' || hour > 23 || minute > 59 || second > 59)
    return -1;
  return hour * 3600 + minute * 60 + second;
}

/* (nullable): what stands behind the date. */
static const char *
read_date (const char *format, const char *text, int *year, int *month, int *day)
{
  while (*format != '\0') {
    if (strncmp (format, "YYYY", 4) == 0) {
      if (!read_digits (&text, 4, year))
        return NULL;
      format += 4;
    } else if (strncmp (format, "MON", 3) == 0) {
      if (!read_month_name (&text, month))
        return NULL;
      format += 3;
    } else if (strncmp (format, "MM", 2) == 0) {
      if (!read_digits (&text, 2, month))
        return NULL;
      format += 2;
    } else if (strncmp (format, "DD", 2) == 0) {
      if (!read_digits (&text, 2, day))
        return NULL;
      format += 2;
    } else if (*format++ != *text++)
      return NULL;
  }
  return text;
}

/* (nullable): what stands behind the date; @begin_us is set. */
static const char *
read_first (const char *const *formats, const char *text, gint64 *begin_us)
{
  for (guint i = 0; formats[i] != NULL; i++) {
    int year = 0, month = 0, day = 0;
    const char *rest = read_date (formats[i], text, &year, &month, &day);
    g_autoptr (GDateTime) begins = NULL;

    if (rest == NULL || year < YEAR_MIN || !is_time_of_day (rest))
      continue;
    begins = g_date_time_new_utc (year, month, day, 0, 0, 0);
    if (begins == NULL)
      continue;
    *begin_us = g_date_time_to_unix (begins) * G_USEC_PER_SEC;
    return rest;
  }
  return NULL;
}

gboolean
bolo_list_date_read_day (const char *const *formats, const char *text, gint64 *begin_us)
{
  g_return_val_if_fail (formats != NULL && text != NULL && begin_us != NULL, FALSE);

  return read_first (formats, text, begin_us) != NULL;
}

gboolean
bolo_list_date_read_time (const char *const *formats,
                          const char *text,
                          gint64 *time_us,
                          gboolean *is_day)
{
  const char *rest;
  int seconds = 0;

  g_return_val_if_fail (formats != NULL && text != NULL, FALSE);
  g_return_val_if_fail (time_us != NULL && is_day != NULL, FALSE);

  rest = read_first (formats, text, time_us);
  if (rest == NULL)
    return FALSE;
  *is_day = *rest == '\0';
  if (!*is_day)
    seconds = read_time_of_day (rest);
  *time_us += (gint64) seconds * G_USEC_PER_SEC;
  return seconds >= 0;
}

gint64
bolo_list_date_to_utc (GTimeZone *zone, gint64 civil_us)
{
  int interval;

  if (zone == NULL)
    return civil_us;
  /* Of an hour that comes twice the first is meant, of one that is left out the one after. */
  interval = g_time_zone_find_interval (zone, G_TIME_TYPE_STANDARD, civil_us / G_USEC_PER_SEC);
  if (interval < 0)
    interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, civil_us / G_USEC_PER_SEC);
  return civil_us - (gint64) g_time_zone_get_offset (zone, interval) * G_USEC_PER_SEC;
}
