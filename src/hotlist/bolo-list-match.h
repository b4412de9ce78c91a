/* bolo-list-match.h: one search for a mark through all lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-layers.h"
#include "bolo-match-query.h"

G_BEGIN_DECLS

#define BOLO_LIST_MATCHES_MAX 64 /* of a kind in one list; more is a broken list */

/* bolo_list_index_match_reading over @lists (of BoloListLayers, in order of name). Any thread. */
GPtrArray *bolo_list_match (GPtrArray *lists,
                            BoloPlateRules *rules,
                            const BoloMatchQuery *query,
                            BoloMatchCounts *counts);

G_END_DECLS
