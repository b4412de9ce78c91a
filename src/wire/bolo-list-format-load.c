/* bolo-list-format-load.c: reads a column map
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-format"

#include "bolo-list-format-private.h"

#include "bolo-error.h"
#include "bolo-key-file.h"
#include "bolo-list-date.h"

#include <string.h>

#define FIELDS_MAX 256
#define LINE_MAX_BYTES 4096 /* of a fixed layout */
#define PRIORITY_MAX 9

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

static gboolean
load_zone (BoloListFormat *self, BoloKeyFile *file, GError **error)
{
  g_autofree char *name = bolo_key_file_get_string (file, "format", "time_zone", NULL);

  if (name == NULL)
    return TRUE;
  self->zone = g_time_zone_new_identifier (name);
  if (self->zone != NULL)
    return TRUE;
  bolo_key_file_set_error (file, "format", "time_zone",
                           "write a zone of this machine's tzdata, such as Europe/London", error);
  return FALSE;
}

static gboolean
load_dates (BoloListFormat *self, BoloKeyFile *file, GError **error)
{
  g_auto (GStrv) dates = NULL;

  if (!bolo_key_file_has_key (file, "format", "dates"))
    return TRUE;
  dates = bolo_key_file_get_list (file, "format", "dates");
  for (guint i = 0; dates[i] != NULL || i == 0; i++)
    if (dates[i] == NULL || !bolo_list_date_is_format (g_strstrip (dates[i]))) {
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

/* "28-37", "59-" or "7": places counted from 1. */
static gboolean
parse_span (const char *text, BoloListField *field)
{
  char *end = NULL;
  guint64 first;
  guint64 last;

  if (!g_ascii_isdigit (*text))
    return FALSE;
  first = g_ascii_strtoull (text, &end, 10);
  last = first;
  if (*end == '-' && end[1] == '\0') {
    field->index = (int) first - 1;
    field->length = 0;
    return first >= 1 && first <= LINE_MAX_BYTES;
  }
  if (*end == '-' && g_ascii_isdigit (end[1]))
    last = g_ascii_strtoull (end + 1, &end, 10);
  if (*end != '\0' || first < 1 || last < first || last > LINE_MAX_BYTES)
    return FALSE;
  field->index = (int) first - 1;
  field->length = (int) (last - first) + 1;
  return TRUE;
}

static gboolean
load_field (const BoloListFormat *self,
            BoloKeyFile *file,
            const char *group,
            const char *key,
            BoloListField *field,
            GError **error)
{
  g_autofree char *text = bolo_key_file_get_string (file, group, key, NULL);
  guint64 number = 0;

  field->index = -1;
  if (text == NULL || *text == '\0')
    return TRUE;
  if (self->layout == BOLO_LIST_LAYOUT_FIXED) {
    if (parse_span (text, field))
      return TRUE;
    bolo_key_file_set_error (file, group, key,
                             "write the first and last place of the field in a line, such as 28-37",
                             error);
    return FALSE;
  }
  if (g_ascii_string_to_unsigned (text, 10, 1, FIELDS_MAX, &number, NULL)) {
    field->index = (int) number - 1;
    return TRUE;
  }
  if (g_ascii_isdigit (*text) || *text == '-') {
    bolo_key_file_set_error (
      file, group, key, "a column is a number from 1 to 256, or its name in the header", error);
    return FALSE;
  }
  field->name = g_steal_pointer (&text);
  return TRUE;
}

static gboolean
load_columns (BoloListFormat *self, BoloKeyFile *file, GError **error)
{
  const char *const *keys = bolo_list_column_get_keys ();
  const BoloListField *plate = &self->fields[BOLO_LIST_COLUMN_PLATE];

  if (!bolo_key_file_has_group (file, "columns")) {
    if (self->layout == BOLO_LIST_LAYOUT_FIXED) {
      bolo_key_file_set_error (file, "format", "layout",
                               "a fixed layout needs [columns] with the places of its fields",
                               error);
      return FALSE;
    }
    for (int i = 0; i < BOLO_LIST_N_UK_COLUMNS; i++)
      self->fields[i].index = i;
    return TRUE;
  }
  for (int i = 0; i < BOLO_LIST_N_COLUMNS; i++)
    if (!load_field (self, file, "columns", keys[i], &self->fields[i], error))
      return FALSE;
  if (plate->index < 0 && plate->name == NULL) {
    bolo_key_file_set_error (file, "columns", "plate", "a list needs a column for the plate",
                             error);
    return FALSE;
  }
  return TRUE;
}

static gboolean
load_constants (BoloListFormat *self, BoloKeyFile *file, GError **error)
{
  const char *const *keys = bolo_list_column_get_keys ();

  for (int i = 0; i < BOLO_LIST_N_COLUMNS; i++) {
    self->constants[i] = bolo_key_file_get_string (file, "constants", keys[i], NULL);
    if (self->constants[i] == NULL || i != BOLO_LIST_COLUMN_PLATE)
      continue;
    bolo_key_file_set_error (file, "constants", keys[i], "each row has a mark of its own", error);
    return FALSE;
  }
  return TRUE;
}

static gboolean
load_extra (BoloListFormat *self, BoloKeyFile *file, GError **error)
{
  g_auto (GStrv) keys = NULL;

  if (!bolo_key_file_has_group (file, "extra"))
    return TRUE;
  keys = bolo_key_file_get_keys (file, "extra");
  for (guint i = 0; keys[i] != NULL; i++) {
    if (self->n_extra == BOLO_LIST_EXTRA_MAX) {
      bolo_key_file_set_error (file, "extra", keys[i], "at most 32 columns more can be kept",
                               error);
      return FALSE;
    }
    self->extra_names[self->n_extra] = g_strdup (keys[i]);
    if (!load_field (self, file, "extra", keys[i], &self->extra[self->n_extra++], error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
load_signs (BoloListFormat *self, BoloKeyFile *file, GError **error)
{
  g_auto (GStrv) columns = bolo_key_file_get_list (file, "recognise", "columns");
  const char *const *keys = bolo_list_column_get_keys ();
  gint64 n_fields = 0;

  for (guint i = 0; columns[i] != NULL; i++) {
    guint column = 0;

    while (column < BOLO_LIST_N_COLUMNS && !g_str_equal (g_strstrip (columns[i]), keys[column]))
      column++;
    if (column == BOLO_LIST_N_COLUMNS) {
      bolo_key_file_set_error (file, "recognise", "columns", "name columns as [columns] does",
                               error);
      return FALSE;
    }
    self->signs.columns |= 1u << column;
  }
  if (!bolo_key_file_get_int (file, "recognise", "fields", 1, FIELDS_MAX, 0, &n_fields, error))
    return FALSE;
  self->signs.n_fields = (guint) n_fields;
  if (bolo_key_file_has_key (file, "recognise", "names"))
    self->signs.names = bolo_key_file_get_list (file, "recognise", "names");
  return TRUE;
}

static void
free_type (gpointer data)
{
  BoloListType *type = data;

  g_free (type->category);
  g_free (type->reason);
  g_free (type);
}

/* CODE=category;reason;priority */
static BoloListType *
parse_type (char *const *parts)
{
  guint n_parts = g_strv_length ((char **) parts);
  guint64 priority = 0;
  BoloListType *type;

  if (n_parts < 1 || n_parts > 3 || *g_strstrip (parts[0]) == '\0')
    return NULL;
  if (n_parts == 3 &&
      !g_ascii_string_to_unsigned (g_strstrip (parts[2]), 10, 1, PRIORITY_MAX, &priority, NULL))
    return NULL;
  type = g_new0 (BoloListType, 1);
  type->category = g_strdup (parts[0]);
  type->reason = n_parts > 1 && *g_strstrip (parts[1]) != '\0' ? g_strdup (parts[1]) : NULL;
  type->priority = (int) priority;
  return type;
}

static gboolean
load_types (BoloListFormat *self, const char *map_path, const char *name, GError **error)
{
  static const char *const any[] = {"*", NULL};
  static const BoloKeySpec specs[] = {{"types", any}, {NULL, NULL}};
  g_autofree char *folder = g_path_get_dirname (map_path);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (BoloKeyFile) file = bolo_key_file_load (path, specs, error);
  g_auto (GStrv) codes = NULL;

  if (file == NULL)
    return FALSE;
  self->types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_type);
  codes = bolo_key_file_get_keys (file, "types");
  for (guint i = 0; codes[i] != NULL; i++) {
    g_auto (GStrv) parts = bolo_key_file_get_list (file, "types", codes[i]);
    BoloListType *type = parse_type (parts);

    if (type == NULL) {
      bolo_key_file_set_error (file, "types", codes[i],
                               "write category;reason;priority, the priority from 1 to 9", error);
      return FALSE;
    }
    g_hash_table_insert (self->types, g_strdup (codes[i]), type);
  }
  return TRUE;
}

/* The [format] group, what others depend on first. */
static gboolean
load_ways (BoloListFormat *self, BoloKeyFile *file, const char *path, GError **error)
{
  static const char *const layouts[] = {"delimited", "fixed", NULL};
  static const char *const headers[] = {"auto", "yes", "no", NULL};
  g_autofree char *types = bolo_key_file_get_string (file, "format", "types", NULL);
  int layout = BOLO_LIST_LAYOUT_DELIMITED;
  int header = BOLO_LIST_HEADER_AUTO;

  if (!bolo_key_file_get_choice (file, "format", "layout", layouts, layout, &layout, error) ||
      !load_character (file, "delimiter", &self->delimiter, error) ||
      !load_character (file, "quote", &self->quote, error) ||
      !load_character (file, "marker_delimiter", &self->marker_delimiter, error) ||
      !bolo_key_file_get_choice (file, "format", "header", headers, header, &header, error) ||
      !bolo_key_file_get_boolean (file, "format", "covert", FALSE, &self->is_covert, error) ||
      !bolo_key_file_get_boolean (file, "format", "zero_for_o", FALSE, &self->has_zero_for_o,
                                  error) ||
      !load_encoding (self, file, error) || !load_dates (self, file, error) ||
      !load_zone (self, file, error))
    return FALSE;
  self->layout = (BoloListLayout) layout;
  self->header = (BoloListHeader) header;
  self->footer = bolo_key_file_get_string (file, "format", "footer", NULL);
  self->title = bolo_key_file_get_string (file, "format", "title", "list as its column map says");
  if (types != NULL && strchr (types, G_DIR_SEPARATOR) != NULL) {
    bolo_key_file_set_error (file, "format", "types", "name a file beside this one", error);
    return FALSE;
  }
  return types == NULL || load_types (self, path, types, error);
}

/* What only the whole can show to be wrong. */
static gboolean
check_whole (BoloListFormat *self, BoloKeyFile *file, GError **error)
{
  if (self->delimiter == '\0' || self->delimiter == self->quote) {
    bolo_key_file_set_error (file, "format", "delimiter", "the delimiter must be a sign of its own",
                             error);
    return FALSE;
  }
  if (!bolo_list_format_needs_header (self))
    return TRUE;
  if (self->header == BOLO_LIST_HEADER_NO) {
    bolo_key_file_set_error (file, "format", "header", "columns that are named need a header row",
                             error);
    return FALSE;
  }
  self->header = BOLO_LIST_HEADER_YES;
  return TRUE;
}

BoloListFormat *
bolo_list_format_load (const char *path, GError **error)
{
  static const char *const format_keys[] = {
    "title", "layout", "delimiter",  "quote", "marker_delimiter", "header", "footer", "encoding",
    "dates", "covert", "zero_for_o", "types", "time_zone",        NULL};
  static const char *const sign_keys[] = {"columns", "fields", "names", NULL};
  static const char *const any[] = {"*", NULL};
  const BoloKeySpec specs[] = {{"format", format_keys},
                               {"columns", bolo_list_column_get_keys ()},
                               {"constants", bolo_list_column_get_keys ()},
                               {"extra", any},
                               {"recognise", sign_keys},
                               {NULL, NULL}};
  g_autoptr (BoloListFormat) self = NULL;
  g_autoptr (BoloKeyFile) file = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = bolo_key_file_load (path, specs, error);
  if (file == NULL)
    return NULL;
  self = bolo_list_format_new_empty ();
  if (!load_ways (self, file, path, error) || !load_columns (self, file, error) ||
      !load_constants (self, file, error) || !load_extra (self, file, error) ||
      !load_signs (self, file, error) || !check_whole (self, file, error))
    return NULL;
  return g_steal_pointer (&self);
}
