/* bolo-list-format.h: how a wanted list is written: columns, delimiter, dates, encoding
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a column of a list can hold, in the order of the UK's 16 columns. */
typedef enum {
  BOLO_LIST_COLUMN_PLATE,
  BOLO_LIST_COLUMN_MAKE,
  BOLO_LIST_COLUMN_MODEL,
  BOLO_LIST_COLUMN_COLOUR,
  BOLO_LIST_COLUMN_ACTION,
  BOLO_LIST_COLUMN_MARKERS,
  BOLO_LIST_COLUMN_REASON,
  BOLO_LIST_COLUMN_GRADING,
  BOLO_LIST_COLUMN_INFORMATION,
  BOLO_LIST_COLUMN_FORCE,
  BOLO_LIST_COLUMN_WEED_DATE,
  BOLO_LIST_COLUMN_PNC_ID,
  BOLO_LIST_COLUMN_MARKING,
  BOLO_LIST_COLUMN_CAD,
  BOLO_LIST_COLUMN_INSTRUCTIONS,
  BOLO_LIST_COLUMN_SOURCE_REFERENCE,
} BoloListColumn;
#define BOLO_LIST_N_COLUMNS 16

typedef enum {
  BOLO_LIST_HEADER_AUTO, /* the first row is one if its plate column names itself */
  BOLO_LIST_HEADER_YES,
  BOLO_LIST_HEADER_NO,
} BoloListHeader;

/* BoloListFormat: a column map. Immutable, atomically counted; any thread. */
typedef struct _BoloListFormat BoloListFormat;

/* 16 columns, comma, double quotes, UTF-8, the date formats that UK lists use. */
BoloListFormat *bolo_list_format_new_uk (void);
/* A column map, see data/examples/list-map.conf. BOLO_ERROR_INVALID_DATA names file, line, key. */
BoloListFormat *bolo_list_format_load (const char *path, GError **error);
BoloListFormat *bolo_list_format_ref (BoloListFormat *self);
void bolo_list_format_unref (BoloListFormat *self);

/* "VRM", "Weed date": how the UK's layout calls it. */
const char *bolo_list_column_get_title (BoloListColumn column);
/* 0-based field of @column, -1 when the list has none or names it by its header. */
int bolo_list_format_get_index (const BoloListFormat *self, BoloListColumn column);
/* (nullable): the header name that was given instead of a number. */
const char *bolo_list_format_get_name (const BoloListFormat *self, BoloListColumn column);
/* TRUE when some column can only be found by reading a header row. */
gboolean bolo_list_format_needs_header (const BoloListFormat *self);
BoloListHeader bolo_list_format_get_header (const BoloListFormat *self);
char bolo_list_format_get_delimiter (const BoloListFormat *self);
/* '\0': fields are never quoted. */
char bolo_list_format_get_quote (const BoloListFormat *self);
char bolo_list_format_get_marker_delimiter (const BoloListFormat *self);
/* (nullable): iconv's name where it is not UTF-8. */
const char *bolo_list_format_get_encoding (const BoloListFormat *self);
/* TRUE: every row of the list is covert. */
gboolean bolo_list_format_is_covert (const BoloListFormat *self);
/* End of the day that @text names, UTC microseconds; FALSE when no format fits. */
gboolean
bolo_list_format_parse_date (const BoloListFormat *self, const char *text, gint64 *end_of_day_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListFormat, bolo_list_format_unref)

G_END_DECLS
