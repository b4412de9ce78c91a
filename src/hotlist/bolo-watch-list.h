/* bolo-watch-list.h: the watch entries of the moment, ready to be matched
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-match-query.h"
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
/* Appends a BoloMatch to @matches for each entry that @query meets and that has not expired. Near
 * ones as in any list: only where nothing was met exactly or folded, here or in @matches, and by
 * the rules that @query has for BOLO_WATCH_LIST, else the default ones. */
void bolo_watch_list_match (BoloWatchList *self, const BoloMatchQuery *query, GPtrArray *matches);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloWatchList, bolo_watch_list_unref)

G_END_DECLS
