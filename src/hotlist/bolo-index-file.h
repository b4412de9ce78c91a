/* bolo-index-file.h: one layer of a list on disk: its mapped index and its rows beside it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-index-format.h"
#include "bolo-list-entry.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* BoloIndexFile: immutable, atomically counted; all but open and verify lock-free from any thread.
 * The files must stay as they are while it is open (they are replaced, never changed). Damage in
 * them gives an error at open, or fewer matches and a count of what was damaged; never a crash. */
typedef struct _BoloIndexFile BoloIndexFile;

/* Keys of one hash: that many, from the first on. */
typedef struct {
  guint32 first;
  guint32 count;
} BoloIndexRange;

/* Opens DIRECTORY/index and DIRECTORY/rows in the time of a few system calls. NOT_FOUND;
 * INVALID_DATA for files that are damaged or not a pair; STALE when they were made with other
 * look-alikes than @rules has: the list must be imported again. */
BoloIndexFile *bolo_index_file_open (const char *directory, BoloPlateRules *rules, GError **error);
BoloIndexFile *bolo_index_file_ref (BoloIndexFile *self);
void bolo_index_file_unref (BoloIndexFile *self);
/* Reads all of both files and compares every checksum and every record; for import and doctor. */
gboolean bolo_index_file_verify (BoloIndexFile *self, GError **error);
const BoloIndexHeader *bolo_index_file_get_header (const BoloIndexFile *self);
/* Damaged places met so far. */
guint bolo_index_file_get_n_damaged (BoloIndexFile *self);

/* Finds all @n of @hashes; of a damaged index perhaps fewer. */
void
bolo_index_file_find (BoloIndexFile *self, const guint64 *hashes, guint n, BoloIndexRange *ranges);
/* Place of the record of the @nth key. */
guint32 bolo_index_file_get_place (BoloIndexFile *self, guint32 nth);
/* (transfer none): patterns that begin with @first (0: a wildcard). */
const BoloIndexPattern *
bolo_index_file_get_patterns (BoloIndexFile *self, guint first, guint *n_patterns);
/* Does this overlay take away what layer @layer has at @place? */
gboolean bolo_index_file_masks (BoloIndexFile *self, guint layer, guint32 place);
/* (transfer none): all that it takes away, layer << 32 | place, ascending. */
const guint64 *bolo_index_file_get_masks (BoloIndexFile *self, guint64 *n_masks);
/* (transfer full) (nullable): NULL where the record is damaged. @row (out) (nullable). */
BoloListEntry *bolo_index_file_read (BoloIndexFile *self, guint32 place, guint64 *row);
/* (transfer full) (nullable): the record at *@place, which is moved to the next one; NULL at the
 * end or, with @error, at a damaged one. The first is at BOLO_INDEX_PLACE_FIRST. */
#define BOLO_INDEX_PLACE_FIRST (sizeof (BoloIndexRowsHeader) / BOLO_INDEX_ROW_ALIGN)
BoloListEntry *
bolo_index_file_read_next (BoloIndexFile *self, guint64 *place, guint64 *row, GError **error);
/* How many more are past their time at @now_us; below 0 for an overlay that takes away. */
gint64 bolo_index_file_count_weeded (BoloIndexFile *self, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloIndexFile, bolo_index_file_unref)

G_END_DECLS
