/* bolo-index-builder.h: makes a layer of a list, entry by entry, in little memory
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-entry.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* BoloIndexBuilder: writes the files of a base, or of an overlay over the layers that are there.
 * One thread; waits for the disk. What was not finished leaves no files. */
typedef struct _BoloIndexBuilder BoloIndexBuilder;

typedef struct {
  guint64 n_entries; /* of this layer, patterns included */
  guint64 n_patterns;
  guint64 n_covert;
  guint64 n_removed; /* that the layers below have no more */
  guint64 rows_bytes;
  guint64 index_bytes;
} BoloIndexSummary;

/* @directory is there already. @below (nullable): of BoloIndexFile, the base first; what is built
 * is an overlay over them. */
BoloIndexBuilder *bolo_index_builder_new (const char *directory,
                                          BoloPlateRules *rules,
                                          GPtrArray *below,
                                          GError **error);
void bolo_index_builder_free (BoloIndexBuilder *self);
/* Adds an entry, in any order; those of one mark are told in the order in which they came. @row:
 * its number in the list that is read, for entry_id; an overlay's go on after those below.
 * INVALID_DATA: this entry cannot be taken (its mark is none, its pattern says too little, it is
 * too large), and the builder can go on. Any other error is the end of it. */
gboolean bolo_index_builder_add (BoloIndexBuilder *self,
                                 const BoloListEntry *entry,
                                 guint64 row,
                                 GError **error);
/* Takes away from the layers below (never from what is added here) every entry whose plate is @mark
 * and whose pnc_id is @pnc_id; either may be NULL for any, not both. With @pnc_id alone, finish
 * reads all rows below once. An error is the end of it. */
gboolean bolo_index_builder_remove (BoloIndexBuilder *self,
                                    const char *mark,
                                    const char *pnc_id,
                                    GError **error);
/* Takes away the one entry that layer @layer of those below has at @place. */
gboolean bolo_index_builder_remove_place (BoloIndexBuilder *self,
                                          guint layer,
                                          guint32 place,
                                          GError **error);
/* Highest number of a row below; rows that are added count on from it. */
guint64 bolo_index_builder_get_row_base (const BoloIndexBuilder *self);
/* Writes all and makes it durable. @summary (out) (nullable). */
gboolean
bolo_index_builder_finish (BoloIndexBuilder *self, BoloIndexSummary *summary, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloIndexBuilder, bolo_index_builder_free)

G_END_DECLS
