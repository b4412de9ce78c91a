/* bolo-sync-queues.h: all outboxes of the car together, for one receiver; sync's worker
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-store.h"
#include "bolo-sync-config.h"

G_BEGIN_DECLS

/* BoloSyncQueues: the thread that opened it. The store's is asked of the store; audit and watch
 * entries have files that several programs may have open at a time. */
typedef struct _BoloSyncQueues BoloSyncQueues;

/* Tells the files beside the store's whom there is to send to; blocks. */
gboolean bolo_sync_queues_prepare (const char *state_dir,
                                   const BoloSyncConfig *config,
                                   BoloClock *clock,
                                   GError **error);

/* @store (nullable) is lent. A damaged audit is left out, now or when it turns out to be, and is a
 * problem. */
BoloSyncQueues *
bolo_sync_queues_open (const char *state_dir, BoloStore *store, BoloClock *clock, GError **error);
/* (transfer none) (nullable): one sentence on what cannot be sent at all; stays once it is there.
 */
const char *bolo_sync_queues_get_problem (BoloSyncQueues *self);
void bolo_sync_queues_close (BoloSyncQueues *self);
/* (transfer full): of BoloOutgoing, the most urgent first, as the query limits it. */
GPtrArray *
bolo_sync_queues_list (BoloSyncQueues *self, const BoloUnsentQuery *query, GError **error);
gboolean bolo_sync_queues_settle (
  BoloSyncQueues *self, const char *receiver, GPtrArray *items, gint64 later_us, GError **error);
gboolean bolo_sync_queues_count (BoloSyncQueues *self,
                                 const char *receiver,
                                 BoloUnsentCounts *counts,
                                 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloSyncQueues, bolo_sync_queues_close)

G_END_DECLS
