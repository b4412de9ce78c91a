/* bolo-list-data.h: one list in memory: where each mark's rows stand in its bytes
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hit.h"
#include "bolo-list-csv.h"
#include "bolo-list-info.h"

G_BEGIN_DECLS

#define BOLO_LIST_PROBLEMS_MAX 1000 /* a wrong file has one a row; a person reads the first few */

/* BoloListData: immutable, atomically counted, any thread. Inside the room only: others use
 * BoloListIndex. */
typedef struct _BoloListData BoloListData;

/* Reads all rows of @bytes. @info's names, revision and times are taken, its counts are made here.
 * @problems (nullable): the first BOLO_LIST_PROBLEMS_MAX are appended. @n_warnings (nullable). */
BoloListData *bolo_list_data_new (GBytes *bytes,
                                  BoloListFormat *format,
                                  BoloPlateRules *rules,
                                  const BoloListInfo *info,
                                  GPtrArray *problems,
                                  guint64 *n_warnings,
                                  GError **error);
BoloListData *bolo_list_data_ref (BoloListData *self);
void bolo_list_data_unref (BoloListData *self);
const BoloListInfo *bolo_list_data_get_info (const BoloListData *self);
guint64 bolo_list_data_count_weeded (const BoloListData *self, gint64 now_us);
/* Appends BoloMatches: to @exact where the mark is @normalised or @resolved, to @folded where only
 * its folded form is @key. */
void bolo_list_data_match (const BoloListData *self,
                           const char *normalised,
                           const char *resolved,
                           const char *key,
                           gint64 now_us,
                           GPtrArray *exact,
                           GPtrArray *folded);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListData, bolo_list_data_unref)

G_END_DECLS
