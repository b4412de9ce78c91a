/* bolo-list-csv.c: reads a wanted list row by row, naming what is wrong where it stands
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-csv"

#include "bolo-list-csv.h"

#include "bolo-csv-record.h"
#include "bolo-error.h"

#include <string.h>

struct _BoloListReader {
  GBytes *bytes;    /* (owned) */
  const char *text; /* of bytes */
  gsize size;
  BoloListFormat *format; /* (owned) */
  BoloPlateRules *rules;  /* (owned) */
  int indices[BOLO_LIST_N_COLUMNS];
  char delimiter;
  char quote;
  gsize at;
  guint64 row;
  guint64 line; /* of at */
};

/* Title of the column that stands at @index of this list. */
static char *
make_column_title (const BoloListReader *self, guint index)
{
  for (guint i = 0; i < BOLO_LIST_N_COLUMNS; i++)
    if (self->indices[i] == (int) index)
      return g_strdup (bolo_list_column_get_title ((BoloListColumn) i));
  return g_strdup_printf ("%u", index + 1);
}

static void
add_problem (const BoloListReader *self,
             GPtrArray *problems,
             gboolean is_rejected,
             guint index,
             const char *value,
             gsize length,
             const char *reason)
{
  g_autofree char *column = NULL;

  if (problems == NULL)
    return;
  column = make_column_title (self, index);
  g_ptr_array_add (problems, bolo_list_problem_new (self->row, self->line, is_rejected, column,
                                                    value, length, reason));
}

/* (nullable) (transfer full): trimmed UTF-8, NULL for a column that is not there or empty.
 * *is_damaged where bytes had to be replaced. */
static char *
dup_column (const BoloListReader *self,
            const BoloCsvRecord *record,
            BoloListColumn column,
            gboolean *is_damaged)
{
  const char *encoding = bolo_list_format_get_encoding (self->format);
  int index = self->indices[column];
  g_autofree char *text = NULL;

  *is_damaged = FALSE;
  if (index < 0 || (guint) index >= record->n_fields)
    return NULL;
  text = bolo_csv_field_dup (&record->fields[index], self->quote);
  if (encoding != NULL && !g_str_is_ascii (text)) {
    g_autofree char *converted =
      g_convert_with_fallback (text, -1, "UTF-8", encoding, NULL, NULL, NULL, NULL);

    *is_damaged = converted == NULL;
    if (converted != NULL) {
      g_free (text);
      text = g_steal_pointer (&converted);
    }
  }
  if (!g_utf8_validate (text, -1, NULL)) {
    char *valid = g_utf8_make_valid (text, -1);

    *is_damaged = TRUE;
    g_free (text);
    text = valid;
  }
  g_strstrip (text);
  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/* TRUE when @word stands in @text by itself, in either case. */
static gboolean
has_word (const char *text, const char *word)
{
  gsize length = strlen (word);

  for (; text != NULL && *text != '\0'; text++) {
    if (g_ascii_strncasecmp (text, word, length) == 0 && !g_ascii_isalnum (text[length]))
      return TRUE;
    while (g_ascii_isalnum (*text) && text[1] != '\0')
      text++;
  }
  return FALSE;
}

static BoloAction
parse_action (const char *text)
{
  if (text == NULL)
    return BOLO_ACTION_UNKNOWN;
  if (has_word (text, "SILENT") || has_word (text, "COVERT"))
    return BOLO_ACTION_SILENT;
  return g_ascii_strcasecmp (text, "STOP") == 0 ? BOLO_ACTION_STOP : BOLO_ACTION_UNKNOWN;
}

static gboolean
is_covert (const BoloListReader *self, const char *action, const char *markers)
{
  return bolo_list_format_is_covert (self->format) || parse_action (action) == BOLO_ACTION_SILENT ||
         has_word (markers, "COVERT") || has_word (markers, "SILENT");
}

static void
check_optional_columns (const BoloListReader *self,
                        const BoloCsvRecord *record,
                        const char *action,
                        GPtrArray *problems)
{
  if (action != NULL && parse_action (action) == BOLO_ACTION_UNKNOWN)
    add_problem (self, problems, FALSE, (guint) self->indices[BOLO_LIST_COLUMN_ACTION], action,
                 strlen (action), "is an unknown action, which alarms aloud");
  /* Once over the whole row; only a bad one is looked at field by field. */
  if (bolo_list_format_get_encoding (self->format) != NULL ||
      g_utf8_validate_len (self->text + record->offset, record->length, NULL))
    return;
  for (guint i = 0; i < record->n_fields; i++)
    if (!g_utf8_validate_len (record->fields[i].text, record->fields[i].length, NULL))
      add_problem (self, problems, FALSE, i, record->fields[i].text, record->fields[i].length,
                   "is not UTF-8 text, so its bad bytes were replaced");
}

/* The mark as we keep it, into @plate. FALSE: there is none. */
static gboolean
parse_plate (const BoloListReader *self, const BoloCsvRecord *record, char *plate, char **reason)
{
  gboolean is_damaged = FALSE;
  g_autofree char *text = dup_column (self, record, BOLO_LIST_COLUMN_PLATE, &is_damaged);
  g_autofree char *normalised = NULL;
  g_autofree char *resolved = NULL;

  if (text == NULL) {
    *reason = g_strdup ("names no vehicle");
    return FALSE;
  }
  normalised = bolo_plate_rules_normalise (self->rules, text);
  if (is_damaged || !bolo_plate_is_mark (normalised)) {
    *reason = g_strdup_printf ("is no registration mark (1 to %d letters and digits)",
                               BOLO_PLATE_LENGTH_MAX);
    return FALSE;
  }
  resolved = bolo_plate_rules_resolve (self->rules, normalised);
  g_strlcpy (plate, resolved, BOLO_PLATE_LENGTH_MAX + 1);
  return TRUE;
}

/* Fills @row from a whole record. @problems (nullable). FALSE: rejected. */
static gboolean
parse_record (const BoloListReader *self,
              const BoloCsvRecord *record,
              BoloListRow *row,
              GPtrArray *problems)
{
  guint plate_index = (guint) self->indices[BOLO_LIST_COLUMN_PLATE];
  gboolean is_damaged = FALSE;
  g_autofree char *reason = NULL;
  g_autofree char *action = NULL;
  g_autofree char *markers = NULL;
  g_autofree char *weed = NULL;

  if (memchr (self->text + record->offset, '\0', record->length) != NULL) {
    add_problem (self, problems, TRUE, plate_index, "", 0,
                 "cannot be trusted, for the row holds NUL bytes");
    return FALSE;
  }
  if (!parse_plate (self, record, row->plate, &reason)) {
    const BoloCsvField *field =
      plate_index < record->n_fields ? &record->fields[plate_index] : NULL;

    add_problem (self, problems, TRUE, plate_index, field != NULL ? field->text : "",
                 field != NULL ? field->length : 0, reason);
    return FALSE;
  }
  action = dup_column (self, record, BOLO_LIST_COLUMN_ACTION, &is_damaged);
  markers = dup_column (self, record, BOLO_LIST_COLUMN_MARKERS, &is_damaged);
  weed = dup_column (self, record, BOLO_LIST_COLUMN_WEED_DATE, &is_damaged);
  row->is_covert = is_covert (self, action, markers);
  row->weed_us = G_MAXINT64;
  if (weed != NULL && !bolo_list_format_parse_date (self->format, weed, &row->weed_us))
    add_problem (self, problems, FALSE, (guint) self->indices[BOLO_LIST_COLUMN_WEED_DATE], weed,
                 strlen (weed), "is not a date, so the entry is never weeded");
  if (problems != NULL)
    check_optional_columns (self, record, action, problems);
  return TRUE;
}

static const char *
describe_fault (BoloCsvStatus status)
{
  switch (status) {
  case BOLO_CSV_UNCLOSED:
    return "opens a quotation mark that is never closed";
  case BOLO_CSV_TRAILING:
    return "has text behind its closing quotation mark";
  case BOLO_CSV_TOO_LONG:
    return "makes the row longer than 64 KiB";
  case BOLO_CSV_TOO_WIDE:
    return "is one column too many (at most 256)";
  case BOLO_CSV_GOOD:
  case BOLO_CSV_BLANK:
  case BOLO_CSV_END:
  default:
    return NULL;
  }
}

static BoloCsvStatus
find_record (const BoloListReader *self, gsize offset, BoloCsvRecord *record)
{
  return bolo_csv_find_record (self->text, self->size, offset, self->delimiter, self->quote,
                               BOLO_LIST_ROW_BYTES_MAX, record);
}

/* Does the first row name its plate column instead of holding a plate? */
static gboolean
looks_like_header (BoloListReader *self, const BoloCsvRecord *record)
{
  static const char *const names[] = {
    "vrm",
    "vrn",
    "plate",
    "number plate",
    "plate number",
    "registration",
    "registration mark",
    "registration number",
    "reg",
    "reg no",
    "licence plate",
    "license plate",
    "mark",
    NULL,
  };
  gboolean is_damaged = FALSE;
  g_autofree char *text = dup_column (self, record, BOLO_LIST_COLUMN_PLATE, &is_damaged);
  g_autofree char *folded = text != NULL ? g_utf8_strdown (text, -1) : NULL;

  if (folded == NULL)
    return FALSE;
  g_strdelimit (folded, "_.", ' ');
  return g_strv_contains (names, g_strstrip (folded));
}

static gboolean
find_named_columns (BoloListReader *self, const BoloCsvRecord *record, GError **error)
{
  for (guint i = 0; i < BOLO_LIST_N_COLUMNS; i++) {
    const char *name = bolo_list_format_get_name (self->format, (BoloListColumn) i);
    g_autofree char *wanted = name != NULL ? g_utf8_casefold (name, -1) : NULL;

    for (guint k = 0; wanted != NULL && self->indices[i] < 0 && k < record->n_fields; k++) {
      g_autofree char *raw = bolo_csv_field_dup (&record->fields[k], self->quote);
      g_autofree char *valid = g_utf8_make_valid (raw, -1);
      g_autofree char *field = g_utf8_casefold (g_strstrip (valid), -1);

      if (g_str_equal (field, wanted))
        self->indices[i] = (int) k;
    }
    if (name != NULL && self->indices[i] < 0) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "the list's first row names no column '%s'; correct the column map or the list",
                   name);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
read_header (BoloListReader *self, GError **error)
{
  g_autofree BoloCsvRecord *record = g_new0 (BoloCsvRecord, 1);
  BoloListHeader header = bolo_list_format_get_header (self->format);
  BoloCsvStatus status;

  if (header == BOLO_LIST_HEADER_NO)
    return TRUE;
  while ((status = find_record (self, self->at, record)) == BOLO_CSV_BLANK) {
    self->at = record->next;
    self->line += record->n_lines;
  }
  if (status != BOLO_CSV_GOOD) {
    if (header == BOLO_LIST_HEADER_AUTO)
      return TRUE;
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         "the list has no first row that names its columns");
    return FALSE;
  }
  if (!find_named_columns (self, record, error))
    return FALSE;
  if (header == BOLO_LIST_HEADER_YES || looks_like_header (self, record)) {
    self->at = record->next;
    self->line += record->n_lines;
  }
  return TRUE;
}

/* What can be said of a file as a whole before reading it. */
static gboolean
check_bytes (const char *text, gsize size, GError **error)
{
  if (size > (gsize) BOLO_LIST_FILE_BYTES_MAX) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         "the list is larger than 1 GiB; split it");
    return FALSE;
  }
  if (size >= 2 && (memcmp (text, "\xff\xfe", 2) == 0 || memcmp (text, "\xfe\xff", 2) == 0)) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         "the list is UTF-16 text; save it as UTF-8");
    return FALSE;
  }
  if (size >= 4 && (memcmp (text, "PK\x03\x04", 4) == 0 || memcmp (text, "\x1f\x8b", 2) == 0)) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         "the list is packed or a spreadsheet; unpack it or save it as CSV");
    return FALSE;
  }
  return TRUE;
}

BoloListReader *
bolo_list_reader_new (GBytes *bytes, BoloListFormat *format, BoloPlateRules *rules, GError **error)
{
  g_autoptr (BoloListReader) self = NULL;

  g_return_val_if_fail (bytes != NULL && format != NULL && rules != NULL, NULL);

  self = g_new0 (BoloListReader, 1);
  self->bytes = g_bytes_ref (bytes);
  self->text = g_bytes_get_data (bytes, &self->size);
  self->format = bolo_list_format_ref (format);
  self->rules = bolo_plate_rules_ref (rules);
  self->delimiter = bolo_list_format_get_delimiter (format);
  self->quote = bolo_list_format_get_quote (format);
  self->line = 1;
  for (guint i = 0; i < BOLO_LIST_N_COLUMNS; i++)
    self->indices[i] = bolo_list_format_get_index (format, (BoloListColumn) i);
  if (!check_bytes (self->text, self->size, error))
    return NULL;
  if (self->size >= 3 && memcmp (self->text, "\xef\xbb\xbf", 3) == 0)
    self->at = 3;
  if (!read_header (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
bolo_list_reader_free (BoloListReader *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->format, bolo_list_format_unref);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_free (self);
}

BoloListStep
bolo_list_reader_next (BoloListReader *self, BoloListRow *row, GPtrArray *problems)
{
  BoloCsvRecord record;
  BoloCsvStatus status;
  gboolean is_good;

  g_return_val_if_fail (self != NULL && row != NULL, BOLO_LIST_STEP_END);

  while ((status = find_record (self, self->at, &record)) == BOLO_CSV_BLANK) {
    self->at = record.next;
    self->line += record.n_lines;
  }
  if (status == BOLO_CSV_END)
    return BOLO_LIST_STEP_END;
  self->row++;
  row->row = self->row;
  row->line = self->line;
  row->offset = record.offset;
  row->length = record.length;
  is_good = status == BOLO_CSV_GOOD;
  if (!is_good)
    add_problem (self, problems, TRUE, MIN (record.n_fields, BOLO_CSV_FIELDS_MAX - 1),
                 self->text + record.offset, record.length, describe_fault (status));
  else
    is_good = parse_record (self, &record, row, problems);
  self->at = record.next;
  self->line += record.n_lines;
  return is_good ? BOLO_LIST_STEP_ROW : BOLO_LIST_STEP_REJECTED;
}

/* (nullable) (transfer full): NULL-terminated. */
static char **
split_markers (const BoloListReader *self, const char *text)
{
  char delimiter[] = {bolo_list_format_get_marker_delimiter (self->format), '\0'};
  g_auto (GStrv) parts = NULL;
  g_autoptr (GPtrArray) markers = g_ptr_array_new_with_free_func (g_free);

  if (text == NULL)
    return NULL;
  parts = *delimiter != '\0' ? g_strsplit (text, delimiter, 32) : g_strsplit (text, "\n", 1);
  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_ptr_array_add (markers, g_strdup (parts[i]));
  if (markers->len == 0)
    return NULL;
  g_ptr_array_add (markers, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&markers), FALSE);
}

BoloListEntry *
bolo_list_reader_make_entry (const BoloListReader *self, gsize offset)
{
  BoloCsvRecord record;
  BoloListRow row = {0};
  BoloListEntry *entry;
  gboolean is_damaged = FALSE;
  g_autofree char *markers = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (find_record (self, offset, &record) != BOLO_CSV_GOOD ||
      !parse_record (self, &record, &row, NULL))
    return NULL;
  entry = bolo_list_entry_new ();
  markers = dup_column (self, &record, BOLO_LIST_COLUMN_MARKERS, &is_damaged);
  entry->plate = g_strdup (row.plate);
  entry->plate_folded = bolo_plate_rules_fold (self->rules, row.plate);
  entry->make = dup_column (self, &record, BOLO_LIST_COLUMN_MAKE, &is_damaged);
  entry->model = dup_column (self, &record, BOLO_LIST_COLUMN_MODEL, &is_damaged);
  entry->colour = dup_column (self, &record, BOLO_LIST_COLUMN_COLOUR, &is_damaged);
  entry->action_text = dup_column (self, &record, BOLO_LIST_COLUMN_ACTION, &is_damaged);
  entry->action = parse_action (entry->action_text);
  entry->is_covert = row.is_covert;
  entry->markers = split_markers (self, markers);
  entry->reason = dup_column (self, &record, BOLO_LIST_COLUMN_REASON, &is_damaged);
  entry->grading = dup_column (self, &record, BOLO_LIST_COLUMN_GRADING, &is_damaged);
  entry->information = dup_column (self, &record, BOLO_LIST_COLUMN_INFORMATION, &is_damaged);
  entry->force = dup_column (self, &record, BOLO_LIST_COLUMN_FORCE, &is_damaged);
  entry->weed_us = row.weed_us;
  entry->pnc_id = dup_column (self, &record, BOLO_LIST_COLUMN_PNC_ID, &is_damaged);
  entry->marking = dup_column (self, &record, BOLO_LIST_COLUMN_MARKING, &is_damaged);
  entry->cad = dup_column (self, &record, BOLO_LIST_COLUMN_CAD, &is_damaged);
  entry->instructions = dup_column (self, &record, BOLO_LIST_COLUMN_INSTRUCTIONS, &is_damaged);
  entry->source_reference =
    dup_column (self, &record, BOLO_LIST_COLUMN_SOURCE_REFERENCE, &is_damaged);
  return entry;
}
