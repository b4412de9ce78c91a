/* bolo-list-csv.h: reads a wanted list row by row, naming what is wrong where it stands
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-entry.h"
#include "bolo-list-format.h"
#include "bolo-list-problem.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

#define BOLO_LIST_ROW_BYTES_MAX (64 * 1024)
#define BOLO_LIST_FILE_BYTES_MAX (G_GINT64_CONSTANT (1) << 30)

/* BoloListRow: one good row, short of making an entry of it. */
typedef struct {
  guint64 row;
  guint64 line;
  gsize offset; /* of the row's bytes in the list */
  gsize length;
  char plate[BOLO_PLATE_LENGTH_MAX + 1]; /* normalised, look-alikes resolved by syntax */
  gint64 weed_us;                        /* G_MAXINT64 when it has none */
  gboolean is_covert;
} BoloListRow;

typedef enum {
  BOLO_LIST_STEP_ROW,      /* a good row; warnings may have been added */
  BOLO_LIST_STEP_REJECTED, /* a bad one; problems were added */
  BOLO_LIST_STEP_END,
} BoloListStep;

/* BoloListReader: walks over a list's bytes. One thread at a time; pure. */
typedef struct _BoloListReader BoloListReader;

/* NULL with BOLO_ERROR_INVALID_DATA when the whole cannot be a list: too big, UTF-16, binary, a
 * column that the header does not have. */
BoloListReader *
bolo_list_reader_new (GBytes *bytes, BoloListFormat *format, BoloPlateRules *rules, GError **error);
void bolo_list_reader_free (BoloListReader *self);
/* Next row. @problems (nullable): BoloListProblems are appended. Blank lines are passed over. */
BoloListStep bolo_list_reader_next (BoloListReader *self, BoloListRow *row, GPtrArray *problems);
/* (transfer full): the whole entry of a row that next gave; list, kind, revision and times are
 * left for the caller to fill before anyone else sees it. NULL if there is no good row there.
 * Does not move the reader and changes nothing: safe from many threads at once. */
BoloListEntry *bolo_list_reader_make_entry (const BoloListReader *self, gsize offset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListReader, bolo_list_reader_free)

G_END_DECLS
