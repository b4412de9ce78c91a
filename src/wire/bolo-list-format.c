/* bolo-list-format.c: how a wanted list is written: columns, delimiter, dates, encoding
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-format"

#include "bolo-list-format.h"

#include "bolo-error.h"
#include "bolo-key-file.h"

#include <string.h>

#define FIELDS_MAX 256

struct _BoloListFormat {
  gatomicrefcount references;
  int indices[BOLO_LIST_N_COLUMNS];
  char *names[BOLO_LIST_N_COLUMNS]; /* (nullable) */
  BoloListHeader header;
  char delimiter;
  char quote;
  char marker_delimiter;
  char *encoding; /* (nullable) */
  gboolean is_covert;
  char **dates;
};

static const char *const default_dates[] = {
  "DD/MM/YYYY", "YYYY-MM-DD",  "YYYYMMDD",    "DD-MM-YYYY",
  "DD.MM.YYYY", "DD-MON-YYYY", "DD MON YYYY", NULL,
};

/* Keys of [columns], in the order of BoloListColumn. */
static const char *const column_keys[] = {
  "plate",       "make",    "model",        "colour",
  "action",      "markers", "reason",       "grading",
  "information", "force",   "weed_date",    "pnc_id",
  "marking",     "cad",     "instructions", "source_reference",
  NULL,
};

static const char *const column_titles[] = {
  "VRM",
  "Vehicle make",
  "Vehicle model",
  "Vehicle colour",
  "Action",
  "Warning markers",
  "Reason",
  "NIM code",
  "Information/Action",
  "Force & area",
  "Weed date",
  "PNC ID",
  "GPMS marking",
  "CAD information",
  "Operational instructions",
  "Source reference",
};

G_STATIC_ASSERT (G_N_ELEMENTS (column_titles) == BOLO_LIST_N_COLUMNS);
G_STATIC_ASSERT (G_N_ELEMENTS (column_keys) == BOLO_LIST_N_COLUMNS + 1);

BoloListFormat *
bolo_list_format_new_uk (void)
{
  BoloListFormat *self = g_new0 (BoloListFormat, 1);

  g_atomic_ref_count_init (&self->references);
  for (int i = 0; i < BOLO_LIST_N_COLUMNS; i++)
    self->indices[i] = i;
  self->header = BOLO_LIST_HEADER_AUTO;
  self->delimiter = ',';
  self->quote = '"';
  self->marker_delimiter = ';';
  self->dates = g_strdupv ((char **) default_dates);
  return self;
}

/* One character, or the name of one that a key file can hardly hold. */
static gboolean
load_character (BoloKeyFile *file, const char *key, char *character, GError **error)
{
  static const struct {
    const char *name;
    char character;
  } named[] = {
    {"comma", ','}, {"semicolon", ';'}, {"tab", '\t'},  {"pipe", '|'},
    {"colon", ':'}, {"space", ' '},     {"none", '\0'},
  };
  g_autofree char *text = bolo_key_file_get_string (file, "format", key, NULL);

  if (text == NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (named); i++)
    if (g_str_equal (text, named[i].name)) {
      *character = named[i].character;
      return TRUE;
    }
  if (strlen (text) == 1 && g_ascii_ispunct (*text)) {
    *character = *text;
    return TRUE;
  }
  bolo_key_file_set_error (file, "format", key,
                           "write one sign, or comma, semicolon, tab, pipe, colon, space or none",
                           error);
  return FALSE;
}

/* "DD/MM/YYYY": day, month (MM or MON) and year once each. */
static gboolean
is_date_format (const char *text)
{
  const char *year = strstr (text, "YYYY");
  const char *day = strstr (text, "DD");
  const char *month = strstr (text, "MON");

  if (month == NULL)
    month = strstr (text, "MM");
  return year != NULL && day != NULL && month != NULL && strstr (year + 4, "YYYY") == NULL &&
         strstr (day + 2, "DD") == NULL && strlen (text) <= 32;
}

static gboolean
load_dates (BoloListFormat *self, BoloKeyFile *file, GError **error)
{
  g_auto (GStrv) dates = NULL;

  if (!bolo_key_file_has_key (file, "format", "dates"))
    return TRUE;
  dates = bolo_key_file_get_list (file, "format", "dates");
  for (guint i = 0; dates[i] != NULL || i == 0; i++)
    if (dates[i] == NULL || !is_date_format (g_strstrip (dates[i]))) {
      bolo_key_file_set_error (file, "format", "dates",
                               "write formats such as DD/MM/YYYY;YYYY-MM-DD;DD-MON-YYYY", error);
      return FALSE;
    }
  g_strfreev (self->dates);
  self->dates = g_steal_pointer (&dates);
  return TRUE;
}

static gboolean
load_encoding (BoloListFormat *self, BoloKeyFile *file, GError **error)
{
  static const char *const choices[] = {"UTF-8", "ISO-8859-1", "ISO-8859-15", "WINDOWS-1252", NULL};
  int choice = 0;

  if (!bolo_key_file_get_choice (file, "format", "encoding", choices, 0, &choice, error))
    return FALSE;
  if (choice > 0)
    self->encoding = g_strdup (choices[choice]);
  return TRUE;
}

static gboolean
load_columns (BoloListFormat *self, BoloKeyFile *file, GError **error)
{
  if (!bolo_key_file_has_group (file, "columns"))
    return TRUE;
  for (int i = 0; i < BOLO_LIST_N_COLUMNS; i++) {
    g_autofree char *text = bolo_key_file_get_string (file, "columns", column_keys[i], NULL);
    guint64 number = 0;

    self->indices[i] = -1;
    if (text == NULL || *text == '\0')
      continue;
    if (g_ascii_string_to_unsigned (text, 10, 1, FIELDS_MAX, &number, NULL))
      self->indices[i] = (int) number - 1;
    else if (g_ascii_isdigit (*text) || *text == '-') {
      bolo_key_file_set_error (file, "columns", column_keys[i],
                               "a column is a number from 1 to 256, or its name in the header",
                               error);
      return FALSE;
    } else
      self->names[i] = g_steal_pointer (&text);
  }
  if (self->indices[BOLO_LIST_COLUMN_PLATE] < 0 && self->names[BOLO_LIST_COLUMN_PLATE] == NULL) {
    bolo_key_file_set_error (file, "columns", "plate", "a list needs a column for the plate",
                             error);
    return FALSE;
  }
  return TRUE;
}

BoloListFormat *
bolo_list_format_load (const char *path, GError **error)
{
  static const char *const format_keys[] = {"delimiter", "quote", "marker_delimiter", "header",
                                            "encoding",  "dates", "covert",           NULL};
  static const char *const header_choices[] = {"auto", "yes", "no", NULL};
  const BoloKeySpec specs[] = {{"format", format_keys}, {"columns", column_keys}, {NULL, NULL}};
  g_autoptr (BoloListFormat) self = NULL;
  g_autoptr (BoloKeyFile) file = NULL;
  int header = BOLO_LIST_HEADER_AUTO;

  g_return_val_if_fail (path != NULL, NULL);

  file = bolo_key_file_load (path, specs, error);
  if (file == NULL)
    return NULL;
  self = bolo_list_format_new_uk ();
  if (!load_character (file, "delimiter", &self->delimiter, error) ||
      !load_character (file, "quote", &self->quote, error) ||
      !load_character (file, "marker_delimiter", &self->marker_delimiter, error) ||
      !bolo_key_file_get_choice (file, "format", "header", header_choices, header, &header,
                                 error) ||
      !bolo_key_file_get_boolean (file, "format", "covert", FALSE, &self->is_covert, error) ||
      !load_encoding (self, file, error) || !load_dates (self, file, error) ||
      !load_columns (self, file, error))
    return NULL;
  self->header = (BoloListHeader) header;
  if (self->delimiter == '\0' || self->delimiter == self->quote) {
    bolo_key_file_set_error (file, "format", "delimiter", "the delimiter must be a sign of its own",
                             error);
    return NULL;
  }
  if (bolo_list_format_needs_header (self)) {
    if (self->header == BOLO_LIST_HEADER_NO) {
      bolo_key_file_set_error (file, "format", "header", "columns that are named need a header row",
                               error);
      return NULL;
    }
    self->header = BOLO_LIST_HEADER_YES;
  }
  return g_steal_pointer (&self);
}

BoloListFormat *
bolo_list_format_ref (BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bolo_list_format_unref (BoloListFormat *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  for (guint i = 0; i < BOLO_LIST_N_COLUMNS; i++)
    g_clear_pointer (&self->names[i], g_free);
  g_clear_pointer (&self->encoding, g_free);
  g_clear_pointer (&self->dates, g_strfreev);
  g_free (self);
}

const char *
bolo_list_column_get_title (BoloListColumn column)
{
  g_return_val_if_fail ((guint) column < BOLO_LIST_N_COLUMNS, NULL);

  return column_titles[column];
}

int
bolo_list_format_get_index (const BoloListFormat *self, BoloListColumn column)
{
  g_return_val_if_fail (self != NULL && (guint) column < BOLO_LIST_N_COLUMNS, -1);

  return self->indices[column];
}

const char *
bolo_list_format_get_name (const BoloListFormat *self, BoloListColumn column)
{
  g_return_val_if_fail (self != NULL && (guint) column < BOLO_LIST_N_COLUMNS, NULL);

  return self->names[column];
}

gboolean
bolo_list_format_needs_header (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < BOLO_LIST_N_COLUMNS; i++)
    if (self->names[i] != NULL)
      return TRUE;
  return FALSE;
}

BoloListHeader
bolo_list_format_get_header (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, BOLO_LIST_HEADER_AUTO);

  return self->header;
}

char
bolo_list_format_get_delimiter (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, ',');

  return self->delimiter;
}

char
bolo_list_format_get_quote (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, '"');

  return self->quote;
}

char
bolo_list_format_get_marker_delimiter (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, ';');

  return self->marker_delimiter;
}

const char *
bolo_list_format_get_encoding (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->encoding;
}

gboolean
bolo_list_format_is_covert (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_covert;
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

/* What may follow a date: nothing, or a time of day, which does not change the day. */
static gboolean
is_time_of_day (const char *text)
{
  if (*text == '\0')
    return TRUE;
  if (*text != ' ' && *text != 'T')
    return FALSE;
  return strlen (text) < 40 && strspn (text + 1, "0123456789:.+-Z ") == strlen (text + 1);
}

static gboolean
read_date (const char *format, const char *text, int *year, int *month, int *day)
{
  while (*format != '\0') {
    if (g_str_has_prefix (format, "YYYY")) {
      if (!read_digits (&text, 4, year))
        return FALSE;
      format += 4;
    } else if (g_str_has_prefix (format, "MON")) {
      if (!read_month_name (&text, month))
        return FALSE;
      format += 3;
    } else if (g_str_has_prefix (format, "MM")) {
      if (!read_digits (&text, 2, month))
        return FALSE;
      format += 2;
    } else if (g_str_has_prefix (format, "DD")) {
      if (!read_digits (&text, 2, day))
        return FALSE;
      format += 2;
    } else if (*format++ != *text++)
      return FALSE;
  }
  return is_time_of_day (text);
}

gboolean
bolo_list_format_parse_date (const BoloListFormat *self, const char *text, gint64 *end_of_day_us)
{
  g_return_val_if_fail (self != NULL && text != NULL && end_of_day_us != NULL, FALSE);

  for (guint i = 0; self->dates[i] != NULL; i++) {
    int year = 0, month = 0, day = 0;
    g_autoptr (GDateTime) begins = NULL;

    if (!read_date (self->dates[i], text, &year, &month, &day) || year < 1970)
      continue;
    begins = g_date_time_new_utc (year, month, day, 0, 0, 0);
    if (begins == NULL)
      continue;
    *end_of_day_us = (g_date_time_to_unix (begins) + 24 * 60 * 60) * G_USEC_PER_SEC;
    return TRUE;
  }
  return FALSE;
}
