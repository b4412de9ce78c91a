/* bolo-sync-feed.h: the queues on a thread of their own: reads ahead, settles behind
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-sync-queues.h"

G_BEGIN_DECLS

/* BoloSyncFeed: while a batch is on its way, the next one is read and the one before is taken out
 * of the outboxes. What is asked for is done in the order in which it was asked. All functions:
 * one thread, sync's worker; those that say so block. */
typedef struct _BoloSyncFeed BoloSyncFeed;

/* Blocks; @store (nullable) is lent. */
BoloSyncFeed *bolo_sync_feed_open (
  const char *state_dir, BoloStore *store, BoloClock *clock, const char *receiver, GError **error);
/* Blocks until what was answered is settled. */
void bolo_sync_feed_close (BoloSyncFeed *self);

/* (transfer full): of BoloOutgoing. Blocks, but for what was read ahead for the same urgencies;
 * that may have been read for other limits. Also says what a settle behind has failed with. */
GPtrArray *bolo_sync_feed_take (BoloSyncFeed *self,
                                const BoloUnsentQuery *query,
                                GPtrArray *under_way,
                                GError **error);
/* What comes behind @under_way, here as above (nullable): copied, and may change at once. */
void
bolo_sync_feed_read_ahead (BoloSyncFeed *self, const BoloUnsentQuery *query, GPtrArray *under_way);
/* Something has come that goes before what was read ahead. */
void bolo_sync_feed_forget (BoloSyncFeed *self);
/* The answers of @items, which are not changed any more. */
void bolo_sync_feed_settle (BoloSyncFeed *self, GPtrArray *items, gint64 later_us);
/* Blocks, until all that was settled is on the disk. */
gboolean bolo_sync_feed_flush (BoloSyncFeed *self, GError **error);
/* (transfer none) (nullable): one sentence on what cannot be sent at all. */
const char *bolo_sync_feed_get_problem (BoloSyncFeed *self);
/* Blocks. */
gboolean bolo_sync_feed_count (BoloSyncFeed *self, BoloUnsentCounts *counts, GError **error);

G_END_DECLS
