/* bolo-slow-matcher.h: the rules of matching written down as plainly as can be, to test against
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-match-query.h"
#include "bolo-match-rules.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* BoloSlowList: an array of entries. */
typedef struct _BoloSlowList BoloSlowList;

BoloSlowList *
bolo_slow_list_new (const char *name, BoloPlateRules *rules, const BoloMatchRules *match_rules);
void bolo_slow_list_free (BoloSlowList *self);
/* FALSE for what may not stand in a list. */
gboolean bolo_slow_list_add (BoloSlowList *self, const BoloListEntry *entry, guint64 row);
/* Of the layers that have ended. */
void bolo_slow_list_remove (BoloSlowList *self, const char *mark, const char *pnc_id);
void bolo_slow_list_end_layer (BoloSlowList *self);
guint64 bolo_slow_list_get_row_max (BoloSlowList *self);
/* How many will have been weeded at @now_us; G_MAXINT64 counts all. */
guint64 bolo_slow_list_count (BoloSlowList *self, gint64 now_us);

/* As bolo_list_index_match_reading. @lists: of BoloSlowList, in order of name. */
GPtrArray *bolo_slow_match (GPtrArray *lists,
                            BoloPlateRules *rules,
                            const BoloMatchQuery *query,
                            BoloMatchCounts *counts);
/* (transfer full): all of matches that counts, a line each. */
char *bolo_slow_tell (GPtrArray *matches);

G_END_DECLS
