/* bolo-list-format.h: how a wanted list is written: columns, delimiter, dates, encoding
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-column.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_LIST_LAYOUT_DELIMITED,
  BOLO_LIST_LAYOUT_FIXED, /* fields stand at fixed places of a line */
} BoloListLayout;

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

/* "NCIC fixed width": what a person calls it. */
const char *bolo_list_format_get_title (const BoloListFormat *self);
BoloListLayout bolo_list_format_get_layout (const BoloListFormat *self);
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
