/* bolo-index-sorter.h: sorts more keys than memory should hold
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOLO_INDEX_RUN_PAIRS (2 * 1024 * 1024) /* in memory at a time: twice 32 MiB */

typedef struct {
  guint64 hash;
  guint32 place;
} BoloIndexPair;

/* BoloIndexSorter: takes pairs in any order, gives them by hash, those of one hash in the order in
 * which they came. Runs that memory does not hold lie in files without a name. One thread. */
typedef struct _BoloIndexSorter BoloIndexSorter;

/* @run_pairs: how many may be in memory, usually BOLO_INDEX_RUN_PAIRS. */
BoloIndexSorter *bolo_index_sorter_new (const char *directory, gsize run_pairs);
void bolo_index_sorter_free (BoloIndexSorter *self);
gboolean bolo_index_sorter_add (BoloIndexSorter *self, guint64 hash, guint32 place, GError **error);
guint64 bolo_index_sorter_get_count (const BoloIndexSorter *self);
/* Ends the adding. */
gboolean bolo_index_sorter_sort (BoloIndexSorter *self, GError **error);
/* FALSE at the end, and on a failure, which is then in @error. */
gboolean bolo_index_sorter_next (BoloIndexSorter *self, BoloIndexPair *pair, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloIndexSorter, bolo_index_sorter_free)

G_END_DECLS
