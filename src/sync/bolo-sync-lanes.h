/* bolo-sync-lanes.h: connections over which batches go while others wait for their answers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-transport.h"

G_BEGIN_DECLS

/* BoloSyncLoad: a batch on its way, and what came of it. */
typedef struct {
  GPtrArray *items; /* (owned): of BoloOutgoing */
  gboolean are_pictures;
  gsize bytes;
  gsize room; /* that there was for bytes */
  gint64 begin_us;
  gint64 done_us;
  gboolean is_sent;
  GError *error; /* (owned) (nullable) */
} BoloSyncLoad;

BoloSyncLoad *bolo_sync_load_new (GPtrArray *items, gsize bytes, gsize room);
void bolo_sync_load_free (BoloSyncLoad *self);
/* Over @transport, on this thread. */
void bolo_sync_load_send (BoloSyncLoad *self, BoloTransport *transport, GCancellable *cancellable);

/* BoloSyncLanes: a few connections, each with a thread. All functions: one thread, sync's worker.
 */
typedef struct _BoloSyncLanes BoloSyncLanes;

/* NULL where @transport has no second connection. */
BoloSyncLanes *bolo_sync_lanes_new (BoloTransport *transport);
/* Blocks until what is on its way has ended. */
void bolo_sync_lanes_free (BoloSyncLanes *self);
guint bolo_sync_lanes_get_n_busy (BoloSyncLanes *self);
gboolean bolo_sync_lanes_are_full (BoloSyncLanes *self);
/* @load: (transfer full). While they are not full. */
void bolo_sync_lanes_begin (BoloSyncLanes *self, BoloSyncLoad *load, GCancellable *cancellable);
/* (transfer full): the oldest, when it is through or has failed. Blocks. */
BoloSyncLoad *bolo_sync_lanes_take (BoloSyncLanes *self);
/* (transfer full): the names of all that is on its way, also of what the lanes have cut off. */
GPtrArray *bolo_sync_lanes_list (BoloSyncLanes *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloSyncLoad, bolo_sync_load_free)

G_END_DECLS
