/* bolo-list-parser.c: reads a wanted list row by row, naming what is wrong where it stands
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-parser"

#include "bolo-list-parser.h"

#include "bolo-error.h"
#include "bolo-list-row.h"
#include "bolo-list-signs.h"
#include "bolo-list-window.h"

#include <string.h>

/* A whole row of the greatest length, its line's end, and a byte to see that it is the end. */
#define AHEAD (BOLO_LIST_ROW_BYTES_MAX + 16)

struct _BoloListParser {
  BoloListWindow *window; /* (owned) */
  BoloListRowMaker maker; /* its header, format and rules are owned */
  guint64 row;
  guint64 line; /* of where the window stands */
  BoloCsvRecord record;
};

static gboolean
is_delimited (const BoloListParser *self)
{
  return self->maker.format->layout == BOLO_LIST_LAYOUT_DELIMITED;
}

/* A line of a fixed layout, as if it were a record of one field. */
static BoloCsvStatus
find_line (const char *text, gsize size, BoloCsvRecord *record)
{
  BoloCsvStatus status =
    bolo_csv_find_record (text, size, 0, '\n', '\0', BOLO_LIST_ROW_BYTES_MAX, record);

  record->n_lines = 1;
  return status;
}

/* Looks at what stands next without passing it. FALSE: cannot be read. */
static gboolean
find_record (BoloListParser *self, BoloCsvStatus *status, GError **error)
{
  const BoloListFormat *format = self->maker.format;
  const char *text;
  gsize size;

  if (!bolo_list_window_fill (self->window, AHEAD, error))
    return FALSE;
  text = bolo_list_window_peek (self->window, &size);
  *status = is_delimited (self)
              ? bolo_csv_find_record (text, size, 0, format->delimiter, format->quote,
                                      BOLO_LIST_ROW_BYTES_MAX, &self->record)
              : find_line (text, size, &self->record);
  return TRUE;
}

/* Goes on to the line's end, however far it is: for a line that does not fit the window. */
static gboolean
skip_line (BoloListParser *self, GError **error)
{
  for (;;) {
    gsize size;
    gsize at = 0;
    const char *text;

    if (!bolo_list_window_fill (self->window, 2, error))
      return FALSE;
    text = bolo_list_window_peek (self->window, &size);
    while (at < size && text[at] != '\n' && text[at] != '\r')
      at++;
    if (at < size && text[at] == '\r' && at + 1 == size &&
        !bolo_list_window_is_last (self->window)) {
      bolo_list_window_skip (self->window, at); /* what follows the CR is not here yet */
      continue;
    }
    if (at < size) {
      at += text[at] == '\r' && at + 1 < size && text[at + 1] == '\n' ? 2 : 1;
      bolo_list_window_skip (self->window, at);
      return TRUE;
    }
    bolo_list_window_skip (self->window, size);
    if (bolo_list_window_is_last (self->window))
      return TRUE;
  }
}

/* Passes what find_record found. */
static gboolean
pass_record (BoloListParser *self, BoloCsvStatus status, GError **error)
{
  gsize size;

  (void) bolo_list_window_peek (self->window, &size);
  self->line += self->record.n_lines;
  if (status != BOLO_CSV_GOOD && status != BOLO_CSV_BLANK && self->record.next >= size &&
      !bolo_list_window_is_last (self->window))
    return skip_line (self, error);
  bolo_list_window_skip (self->window, self->record.next);
  return TRUE;
}

/* ---- the header ---------------------------------------------------------------------------- */

/* Does the first row name its plate column instead of holding a plate? */
static gboolean
looks_like_header (BoloListParser *self, const BoloListRecord *record)
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
  g_autofree char *text = bolo_list_row_dup_column (&self->maker, record, BOLO_LIST_COLUMN_PLATE);
  g_autofree char *folded = text != NULL ? g_utf8_strdown (text, -1) : NULL;

  if (folded == NULL)
    return FALSE;
  g_strdelimit (folded, "_.", ' ');
  return g_strv_contains (names, g_strstrip (folded));
}

/* A first row without a plate, or with nothing of what rows of the format have, is a title. */
static gboolean
looks_like_title (BoloListParser *self, const BoloListRecord *record)
{
  BoloListRow row = {0};
  gboolean is_title;

  if (self->maker.format->signs.columns == 0)
    return FALSE;
  if (!bolo_list_row_make (&self->maker, record, &row, NULL))
    return TRUE;
  is_title = bolo_list_signs_miss (self->maker.format, row.entry);
  bolo_list_entry_unref (row.entry);
  return is_title;
}

static void
keep_header (BoloListParser *self)
{
  const BoloCsvRecord *record = &self->record;

  self->maker.header = g_new0 (char *, record->n_fields + 1);
  for (guint i = 0; i < record->n_fields; i++) {
    g_autofree char *raw = bolo_csv_field_dup (&record->fields[i], self->maker.format->quote);

    self->maker.header[i] = g_strstrip (g_utf8_make_valid (raw, -1));
  }
}

static gboolean
find_name (BoloListParser *self, const char *name, BoloListField *field, GError **error)
{
  g_autofree char *wanted = NULL;

  if (name == NULL)
    return TRUE;
  wanted = g_utf8_casefold (name, -1);
  for (int k = 0; field->index < 0 && self->maker.header[k] != NULL; k++) {
    g_autofree char *found = g_utf8_casefold (self->maker.header[k], -1);

    if (g_str_equal (found, wanted))
      field->index = k;
  }
  if (field->index >= 0)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "the list's first row names no column '%s'; correct the column map or the list",
               name);
  return FALSE;
}

static gboolean
find_named_columns (BoloListParser *self, GError **error)
{
  const BoloListFormat *format = self->maker.format;

  for (guint i = 0; i < BOLO_LIST_N_COLUMNS; i++)
    if (!find_name (self, format->fields[i].name, &self->maker.fields[i], error))
      return FALSE;
  for (guint i = 0; i < format->n_extra; i++)
    if (!find_name (self, format->extra[i].name, &self->maker.extra[i], error))
      return FALSE;
  return TRUE;
}

static void
make_record (BoloListParser *self, BoloListRecord *record)
{
  const char *text;
  gsize size;

  text = bolo_list_window_peek (self->window, &size);
  *record = (BoloListRecord){.text = text,
                             .length = self->record.length,
                             .row = self->row,
                             .line = self->line,
                             .fields = is_delimited (self) ? self->record.fields : NULL,
                             .n_fields = self->record.n_fields};
}

static gboolean
pass_blanks (BoloListParser *self, BoloCsvStatus *status, GError **error)
{
  for (;;) {
    if (!find_record (self, status, error))
      return FALSE;
    if (*status != BOLO_CSV_BLANK)
      return TRUE;
    if (!pass_record (self, *status, error))
      return FALSE;
  }
}

static gboolean
read_header (BoloListParser *self, GError **error)
{
  BoloListHeader header = self->maker.format->header;
  BoloListRecord record;
  BoloCsvStatus status;

  if (header == BOLO_LIST_HEADER_NO)
    return TRUE;
  if (!pass_blanks (self, &status, error))
    return FALSE;
  if (status != BOLO_CSV_GOOD) {
    if (header == BOLO_LIST_HEADER_AUTO)
      return TRUE;
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         "the list has no first row that names its columns");
    return FALSE;
  }
  make_record (self, &record);
  if (header == BOLO_LIST_HEADER_AUTO && !looks_like_header (self, &record) &&
      !looks_like_title (self, &record))
    return TRUE;
  if (is_delimited (self))
    keep_header (self);
  return (!is_delimited (self) || find_named_columns (self, error)) &&
         pass_record (self, status, error);
}

/* ---- the whole ----------------------------------------------------------------------------- */

/* What can be said of the bytes before reading them; passes a byte order mark. */
static gboolean
check_begin (BoloListParser *self, GError **error)
{
  const char *reason = NULL;
  const char *text;
  gsize size;

  if (!bolo_list_window_fill (self->window, AHEAD, error))
    return FALSE;
  text = bolo_list_window_peek (self->window, &size);
  if (size >= 2 && (memcmp (text, "\xff\xfe", 2) == 0 || memcmp (text, "\xfe\xff", 2) == 0))
    reason = "the list is UTF-16 text; save it as UTF-8";
  else if (size >= 4 && (memcmp (text, "PK\x03\x04", 4) == 0 || memcmp (text, "\x1f\x8b", 2) == 0))
    reason = "the list is packed or a spreadsheet; unpack it or save it as CSV";
  if (reason != NULL) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, reason);
    return FALSE;
  }
  if (size >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    bolo_list_window_skip (self->window, 3);
  return TRUE;
}

static void
mark_mapped (BoloListRowMaker *maker)
{
  for (guint i = 0; i < BOLO_LIST_N_COLUMNS; i++)
    if (maker->fields[i].index >= 0 && maker->fields[i].index < BOLO_CSV_FIELDS_MAX)
      maker->is_mapped[maker->fields[i].index] = TRUE;
  for (guint i = 0; i < maker->format->n_extra; i++)
    if (maker->extra[i].index >= 0 && maker->extra[i].index < BOLO_CSV_FIELDS_MAX)
      maker->is_mapped[maker->extra[i].index] = TRUE;
}

BoloListParser *
bolo_list_parser_new (GInputStream *stream,
                      BoloListFormat *format,
                      BoloPlateRules *rules,
                      BoloListOperation operation,
                      GError **error)
{
  g_autoptr (BoloListParser) self = NULL;

  g_return_val_if_fail (G_IS_INPUT_STREAM (stream) && format != NULL && rules != NULL, NULL);

  self = g_new0 (BoloListParser, 1);
  self->window = bolo_list_window_new (stream, BOLO_LIST_BYTES_MAX);
  self->line = 1;
  self->maker.format = bolo_list_format_ref (format);
  self->maker.rules = bolo_plate_rules_ref (rules);
  self->maker.operation = operation;
  memcpy (self->maker.fields, format->fields, sizeof self->maker.fields);
  memcpy (self->maker.extra, format->extra, sizeof self->maker.extra);
  if (!check_begin (self, error) || !read_header (self, error))
    return NULL;
  mark_mapped (&self->maker);
  return g_steal_pointer (&self);
}

void
bolo_list_parser_free (BoloListParser *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->window, bolo_list_window_free);
  g_clear_pointer (&self->maker.header, g_strfreev);
  g_clear_pointer (&self->maker.format, bolo_list_format_unref);
  g_clear_pointer (&self->maker.rules, bolo_plate_rules_unref);
  g_free (self);
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

static void
add_fault (BoloListParser *self,
           const BoloListRecord *record,
           BoloCsvStatus status,
           GPtrArray *problems)
{
  g_autofree char *title = NULL;

  if (problems == NULL)
    return;
  title = bolo_list_row_make_title (&self->maker, MIN (record->n_fields, BOLO_CSV_FIELDS_MAX - 1));
  g_ptr_array_add (problems,
                   bolo_list_problem_new (record->row, record->line, TRUE, title, record->text,
                                          record->length, describe_fault (status)));
}

/* A footer stands behind the last row and is none. */
static gboolean
is_footer (const BoloListParser *self)
{
  const char *footer = self->maker.format->footer;
  gsize size;
  const char *text = bolo_list_window_peek (self->window, &size);

  return footer != NULL && self->record.length >= strlen (footer) &&
         g_ascii_strncasecmp (text, footer, strlen (footer)) == 0;
}

/* Past blank lines and footers. */
static gboolean
pass_nothing (BoloListParser *self, BoloCsvStatus *status, GError **error)
{
  for (;;) {
    if (!pass_blanks (self, status, error))
      return FALSE;
    if (*status != BOLO_CSV_GOOD || !is_footer (self))
      return TRUE;
    if (!pass_record (self, *status, error))
      return FALSE;
  }
}

BoloListParsed
bolo_list_parser_next (BoloListParser *self, BoloListRow *row, GPtrArray *problems, GError **error)
{
  BoloListRecord record;
  BoloCsvStatus status;
  gboolean is_good;

  g_return_val_if_fail (self != NULL && row != NULL, BOLO_LIST_PARSED_END);

  *row = (BoloListRow){0};
  if (!pass_nothing (self, &status, error))
    return BOLO_LIST_PARSED_FAILED;
  if (status == BOLO_CSV_END)
    return BOLO_LIST_PARSED_END;
  make_record (self, &record);
  if (self->row == BOLO_LIST_ROWS_MAX) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         "the list has more than 100 million rows; split it");
    return BOLO_LIST_PARSED_FAILED;
  }
  record.row = ++self->row;
  is_good = status == BOLO_CSV_GOOD;
  if (!is_good)
    add_fault (self, &record, status, problems);
  else
    is_good = bolo_list_row_make (&self->maker, &record, row, problems);
  if (!pass_record (self, status, error)) {
    g_clear_pointer (&row->entry, bolo_list_entry_unref);
    return BOLO_LIST_PARSED_FAILED;
  }
  return is_good ? BOLO_LIST_PARSED_ROW : BOLO_LIST_PARSED_REJECTED;
}

gboolean
bolo_list_parser_has_operations (const BoloListParser *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->maker.fields[BOLO_LIST_COLUMN_OPERATION].index >= 0;
}

guint
bolo_list_parser_get_n_fields (const BoloListParser *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->record.n_fields;
}

guint64
bolo_list_parser_get_offset (const BoloListParser *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return bolo_list_window_get_offset (self->window);
}
