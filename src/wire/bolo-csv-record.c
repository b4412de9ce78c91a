/* bolo-csv-record.c: finds one record of delimited text and its fields, without copying
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-csv-record"

#include "bolo-csv-record.h"

#include <string.h>

typedef struct {
  const char *text;
  gsize size;
  gsize at;
  gsize limit; /* no byte of the record lies at or behind it */
  char delimiter;
  char quote;
} Cursor;

static gboolean
is_line_end (const Cursor *cursor)
{
  return cursor->at >= cursor->size || cursor->text[cursor->at] == '\n' ||
         cursor->text[cursor->at] == '\r';
}

/* Past LF, CR LF or CR, if one stands here. */
static gsize
skip_line_end (const char *text, gsize size, gsize at)
{
  if (at < size && text[at] == '\r')
    at++;
  else if (at < size && text[at] == '\n')
    return at + 1;
  else
    return at;
  return at < size && text[at] == '\n' ? at + 1 : at;
}

static void
skip_blanks (Cursor *cursor)
{
  while (cursor->at < MIN (cursor->size, cursor->limit) &&
         cursor->text[cursor->at] != cursor->delimiter &&
         (cursor->text[cursor->at] == ' ' || cursor->text[cursor->at] == '\t'))
    cursor->at++;
}

/* Stands on the opening quote; ends behind the closing one. */
static BoloCsvStatus
read_quoted (Cursor *cursor, BoloCsvField *field, guint *n_lines)
{
  gsize from = ++cursor->at;

  field->is_quoted = TRUE;
  field->text = cursor->text + from;
  for (; cursor->at < cursor->size; cursor->at++) {
    if (cursor->at >= cursor->limit)
      return BOLO_CSV_UNCLOSED;
    if (cursor->text[cursor->at] == '\n')
      (*n_lines)++;
    if (cursor->text[cursor->at] != cursor->quote)
      continue;
    if (cursor->at + 1 < cursor->size && cursor->text[cursor->at + 1] == cursor->quote) {
      cursor->at++;
      continue;
    }
    field->length = cursor->at - from;
    cursor->at++;
    return BOLO_CSV_GOOD;
  }
  return BOLO_CSV_UNCLOSED;
}

static BoloCsvStatus
read_field (Cursor *cursor, BoloCsvField *field, guint *n_lines)
{
  gsize from = cursor->at;

  memset (field, 0, sizeof *field);
  if (cursor->quote != '\0') {
    skip_blanks (cursor);
    if (cursor->at < cursor->size && cursor->text[cursor->at] == cursor->quote) {
      BoloCsvStatus status = read_quoted (cursor, field, n_lines);

      if (status != BOLO_CSV_GOOD)
        return status;
      skip_blanks (cursor);
      return is_line_end (cursor) || cursor->text[cursor->at] == cursor->delimiter
               ? BOLO_CSV_GOOD
               : BOLO_CSV_TRAILING;
    }
  }
  while (!is_line_end (cursor) && cursor->text[cursor->at] != cursor->delimiter) {
    if (cursor->at >= cursor->limit)
      return BOLO_CSV_TOO_LONG;
    cursor->at++;
  }
  field->text = cursor->text + from;
  field->length = cursor->at - from;
  return BOLO_CSV_GOOD;
}

/* The line where the record began is given up. */
static BoloCsvStatus
give_up (const Cursor *cursor, BoloCsvRecord *record, BoloCsvStatus status)
{
  Cursor line = *cursor;

  line.at = record->offset;
  while (!is_line_end (&line))
    line.at++;
  record->length = line.at - record->offset;
  record->next = skip_line_end (line.text, line.size, line.at);
  record->n_lines = 1;
  return status;
}

BoloCsvStatus
bolo_csv_find_record (const char *text,
                      gsize size,
                      gsize offset,
                      char delimiter,
                      char quote,
                      gsize bytes_max,
                      BoloCsvRecord *record)
{
  Cursor cursor = {text, size, offset, offset + bytes_max, delimiter, quote};

  g_return_val_if_fail (text != NULL || size == 0, BOLO_CSV_END);
  g_return_val_if_fail (record != NULL, BOLO_CSV_END);

  record->offset = offset;
  record->length = 0;
  record->next = offset;
  record->n_lines = 1;
  record->n_fields = 0;
  if (offset >= size)
    return BOLO_CSV_END;
  for (;;) {
    BoloCsvStatus status;

    if (record->n_fields == BOLO_CSV_FIELDS_MAX)
      return give_up (&cursor, record, BOLO_CSV_TOO_WIDE);
    status = read_field (&cursor, &record->fields[record->n_fields], &record->n_lines);
    if (status != BOLO_CSV_GOOD)
      return give_up (&cursor, record, status);
    record->n_fields++;
    if (is_line_end (&cursor))
      break;
    cursor.at++; /* the delimiter */
  }
  record->length = cursor.at - offset;
  record->next = skip_line_end (text, size, cursor.at);
  if (record->n_fields == 1 && !record->fields[0].is_quoted) {
    cursor.at = offset;
    skip_blanks (&cursor);
    if (is_line_end (&cursor))
      return BOLO_CSV_BLANK;
  }
  return BOLO_CSV_GOOD;
}

char *
bolo_csv_field_dup (const BoloCsvField *field, char quote)
{
  char *copy;
  gsize written = 0;

  g_return_val_if_fail (field != NULL, NULL);

  copy = g_malloc (field->length + 1);
  for (gsize i = 0; i < field->length; i++) {
    copy[written++] = field->text[i];
    if (field->is_quoted && field->text[i] == quote)
      i++; /* its double */
  }
  copy[written] = '\0';
  return copy;
}
