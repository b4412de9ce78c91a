/* bolo-store-queue.h: records that wait for their commit; bounded, hits before reads
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-record.h"

G_BEGIN_DECLS

/* BoloStoreQueue: any thread. Hits, dispositions and notes are urgent; sightings are not. Above
 * its cap the oldest sightings are lost, and counted; urgent ones never are. */
typedef struct _BoloStoreQueue BoloStoreQueue;

/* Some 1500 sightings with their pictures: minutes of traffic. */
#define BOLO_STORE_QUEUE_MAX_BYTES ((gsize) 64 * 1024 * 1024)

BoloStoreQueue *bolo_store_queue_new (void);
void bolo_store_queue_free (BoloStoreQueue *self);

/* @record (transfer full). TRUE: the worker is to be woken. */
gboolean bolo_store_queue_add (BoloStoreQueue *self, BoloRecord *record);
/* The worker is awake: the next record wakes it again. */
void bolo_store_queue_note_woken (BoloStoreQueue *self);
/* (transfer full) (nullable): the next batch, urgent ones first, in their order. */
GPtrArray *bolo_store_queue_take (BoloStoreQueue *self, gboolean only_urgent, guint max);
/* A batch that could not be written goes back to the front. @batch (transfer full) */
void bolo_store_queue_put_back (BoloStoreQueue *self, GPtrArray *batch);
gboolean bolo_store_queue_has_urgent (BoloStoreQueue *self);
guint bolo_store_queue_get_length (BoloStoreQueue *self);
guint bolo_store_queue_get_n_lost (BoloStoreQueue *self);

G_END_DECLS
