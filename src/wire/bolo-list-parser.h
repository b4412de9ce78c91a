/* bolo-list-parser.h: reads a wanted list row by row, naming what is wrong where it stands
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-list-format.h"
#include "bolo-list-parsed.h"
#include "bolo-list-problem.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

#define BOLO_LIST_ROW_BYTES_MAX (64 * 1024)
#define BOLO_LIST_BYTES_MAX (G_GUINT64_CONSTANT (8) << 30)
#define BOLO_LIST_ROWS_MAX G_GUINT64_CONSTANT (100000000)

typedef enum {
  BOLO_LIST_PARSED_ROW,      /* a good row; problems that did not cost it may have been added */
  BOLO_LIST_PARSED_REJECTED, /* a bad one; problems were added */
  BOLO_LIST_PARSED_END,
  BOLO_LIST_PARSED_FAILED, /* the bytes cannot be read on: nothing of the list may be used */
} BoloListParsed;

/* BoloListParser: walks over a stream in bounded memory, whatever its size. One thread at a time.
 */
typedef struct _BoloListParser BoloListParser;

/* NULL with BOLO_ERROR_INVALID_DATA when the whole cannot be a list: UTF-16, packed, a column that
 * the header does not have. @operation: of rows that do not say their own. */
BoloListParser *bolo_list_parser_new (GInputStream *stream,
                                      BoloListFormat *format,
                                      BoloPlateRules *rules,
                                      BoloListOperation operation,
                                      GError **error);
void bolo_list_parser_free (BoloListParser *self);
/* Next row; blank lines, header and footer are passed over. @problems (nullable): BoloListProblems
 * are appended. */
BoloListParsed
bolo_list_parser_next (BoloListParser *self, BoloListRow *row, GPtrArray *problems, GError **error);
/* TRUE when rows themselves say what is to be done with them: the list is a delta. */
gboolean bolo_list_parser_has_operations (const BoloListParser *self);
/* How many fields the last row had; of a fixed layout, 1. */
guint bolo_list_parser_get_n_fields (const BoloListParser *self);
/* Bytes of the stream that were read so far. */
guint64 bolo_list_parser_get_offset (const BoloListParser *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListParser, bolo_list_parser_free)

G_END_DECLS
