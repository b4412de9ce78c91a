/* bolo-csv-record.h: finds one record of delimited text and its fields, without copying
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOLO_CSV_FIELDS_MAX 256

typedef enum {
  BOLO_CSV_GOOD,
  BOLO_CSV_BLANK,    /* nothing but blanks up to the line's end */
  BOLO_CSV_END,      /* no more text */
  BOLO_CSV_UNCLOSED, /* a quotation mark is never closed; next is the following line */
  BOLO_CSV_TRAILING, /* text behind a closing quotation mark */
  BOLO_CSV_TOO_LONG, /* more bytes than allowed */
  BOLO_CSV_TOO_WIDE, /* more fields than allowed */
} BoloCsvStatus;

typedef struct {
  const char *text; /* within the record; not NUL-terminated, quotes already left out */
  gsize length;
  gboolean is_quoted; /* doubled quotation marks stand for one */
} BoloCsvField;

/* BoloCsvRecord: lent views into the text. */
typedef struct {
  gsize offset;
  gsize length; /* without the line's end */
  gsize next;   /* where to go on: always past offset, except at the end */
  guint n_lines;
  guint n_fields; /* up to the fault, if there is one */
  BoloCsvField fields[BOLO_CSV_FIELDS_MAX];
} BoloCsvRecord;

/* Finds the record that begins at @offset of @text. Lines end with LF, CR LF or CR; a quoted field
 * may hold them. A fault costs its own line only: next is the line after the one where the record
 * began. @quote '\0': no quoting. Pure, any thread. */
BoloCsvStatus bolo_csv_find_record (const char *text,
                                    gsize size,
                                    gsize offset,
                                    char delimiter,
                                    char quote,
                                    gsize bytes_max,
                                    BoloCsvRecord *record);
/* (transfer full): the field's bytes, doubled quotation marks made one, NUL-terminated. */
char *bolo_csv_field_dup (const BoloCsvField *field, char quote);

G_END_DECLS
