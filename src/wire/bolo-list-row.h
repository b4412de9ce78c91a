/* bolo-list-row.h: makes an entry of one record's fields
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-csv-record.h"
#include "bolo-list-format-private.h"
#include "bolo-list-parsed.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* BoloListRowMaker: what is the same for all rows of a list. The room's own. */
typedef struct {
  BoloListFormat *format;
  BoloPlateRules *rules;
  BoloListOperation operation;               /* of rows that do not say */
  BoloListField fields[BOLO_LIST_N_COLUMNS]; /* names found in the header; not owned */
  BoloListField extra[BOLO_LIST_EXTRA_MAX];
  gboolean is_mapped[BOLO_CSV_FIELDS_MAX]; /* has a place, so is not raw */
  char **header; /* (nullable) (owned by the parser): names of the fields */
} BoloListRowMaker;

/* One record; of a fixed layout all of the line is one field. */
typedef struct {
  const char *text;
  gsize length;
  guint64 row;
  guint64 line;
  const BoloCsvField *fields;
  guint n_fields;
} BoloListRecord;

/* Fills @row's operation and entry. @problems (nullable). FALSE: the row is rejected. */
gboolean bolo_list_row_make (const BoloListRowMaker *self,
                             const BoloListRecord *record,
                             BoloListRow *row,
                             GPtrArray *problems);
/* "Weed date" for the field at @index. (transfer full) */
char *bolo_list_row_make_title (const BoloListRowMaker *self, guint index);
/* The trimmed text of a column as UTF-8; NULL where there is none. (transfer full) (nullable) */
char *bolo_list_row_dup_column (const BoloListRowMaker *self,
                                const BoloListRecord *record,
                                BoloListColumn column);

G_END_DECLS
