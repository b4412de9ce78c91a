/* bolo-list-index.h: all current lists as one immutable index that any thread can match against
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-health.h"
#include "bolo-hit.h"
#include "bolo-list-info.h"
#include "bolo-list-layers.h"
#include "bolo-match-query.h"

G_BEGIN_DECLS

/* BoloListIndex: a snapshot. Immutable, atomically counted; all functions lock-free from any
 * thread. */
typedef struct _BoloListIndex BoloListIndex;

/* Of lists on disk: @layers (of BoloListLayers); @failures (nullable) (of char *): names of lists
 * that could not be opened. */
BoloListIndex *
bolo_list_index_new_layers (GPtrArray *layers, GPtrArray *failures, BoloPlateRules *rules);
BoloListIndex *bolo_list_index_ref (BoloListIndex *self);
void bolo_list_index_unref (BoloListIndex *self);
/* (transfer full), never NULL: what match_reading gives of a text alone, near ones left out.
 * Entries past their weed date at @now_us are left out, covert ones are in it and marked so. */
GPtrArray *bolo_list_index_match (BoloListIndex *self, const char *normalised, gint64 now_us);
/* (transfer full), never NULL: of BoloMatch, exact ones first, then folded, near and patterns; of
 * each the ones of highest score first, then in the lists' and rows' order. At most 64 of each kind
 * of each list. Near ones are looked for only where nothing was exact or folded. @counts (out)
 * (nullable). */
GPtrArray *bolo_list_index_match_reading (BoloListIndex *self,
                                          const BoloMatchQuery *query,
                                          BoloMatchCounts *counts);
guint bolo_list_index_get_n_lists (BoloListIndex *self);
/* (transfer none): 0-based, in order of name. */
const BoloListInfo *bolo_list_index_get_list (BoloListIndex *self, guint nth);
/* (nullable) (transfer none) */
const BoloListInfo *bolo_list_index_find_list (BoloListIndex *self, const char *name);
/* Entries of @name (NULL: of all lists) that are past their weed date at @now_us. */
guint64 bolo_list_index_count_weeded (BoloListIndex *self, const char *name, gint64 now_us);
guint64 bolo_list_index_get_n_entries (BoloListIndex *self);
/* (transfer full): "lists": lost without any, degraded when one could not be loaded or is older
 * than its limits say. */
BoloHealth *bolo_list_index_get_health (BoloListIndex *self, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListIndex, bolo_list_index_unref)

G_END_DECLS
