/* bolo-watch-list.h: the watch entries of the moment, ready to be matched
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hit.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* More would be a list, and belongs into one: each read is held against each of these. */
#define BOLO_WATCH_MAX 500

/* BoloWatchList: a snapshot. Immutable, atomically counted; all functions from any thread. */
typedef struct _BoloWatchList BoloWatchList;

/* @watches (nullable): of BoloWatch. */
BoloWatchList *bolo_watch_list_new (GPtrArray *watches, BoloPlateRules *rules);
BoloWatchList *bolo_watch_list_ref (BoloWatchList *self);
void bolo_watch_list_unref (BoloWatchList *self);
guint bolo_watch_list_get_n_entries (BoloWatchList *self);
/* Appends a BoloMatch to @matches for each entry that @normalised meets and that has not expired at
 * @now_us: exact, folded or pattern. */
void bolo_watch_list_match (BoloWatchList *self,
                            const char *normalised,
                            gint64 now_us,
                            GPtrArray *matches);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloWatchList, bolo_watch_list_unref)

G_END_DECLS
