/* bolo-store-queue.c: records that wait for their commit; bounded, hits before reads
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-store-queue"

#include "bolo-store-queue.h"

struct _BoloStoreQueue {
  GMutex mutex;
  GQueue urgent;      /* (mutex mutex) of BoloRecord */
  GQueue ordinary;    /* (mutex mutex) of BoloRecord */
  gsize bytes;        /* (mutex mutex) of both */
  guint n_lost;       /* (mutex mutex) */
  gboolean is_waking; /* (mutex mutex): the worker has been asked to look */
};

BoloStoreQueue *
bolo_store_queue_new (void)
{
  BoloStoreQueue *self = g_new0 (BoloStoreQueue, 1);

  g_mutex_init (&self->mutex);
  g_queue_init (&self->urgent);
  g_queue_init (&self->ordinary);
  return self;
}

void
bolo_store_queue_free (BoloStoreQueue *self)
{
  if (self == NULL)
    return;
  g_queue_clear_full (&self->urgent, (GDestroyNotify) bolo_record_free);
  g_queue_clear_full (&self->ordinary, (GDestroyNotify) bolo_record_free);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* (mutex mutex) */
static GQueue *
get_queue_of (BoloStoreQueue *self, const BoloRecord *record)
{
  return record->kind == BOLO_RECORD_SIGHTING ? &self->ordinary : &self->urgent;
}

/* (mutex mutex) */
static void
keep_to_cap (BoloStoreQueue *self)
{
  while (self->bytes > BOLO_STORE_QUEUE_MAX_BYTES && !g_queue_is_empty (&self->ordinary)) {
    g_autoptr (BoloRecord) record = g_queue_pop_head (&self->ordinary);

    self->bytes -= record->bytes;
    self->n_lost++;
  }
}

gboolean
bolo_store_queue_add (BoloStoreQueue *self, BoloRecord *record)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gboolean must_wake = !self->is_waking;

  g_queue_push_tail (get_queue_of (self, record), record);
  self->bytes += record->bytes;
  keep_to_cap (self);
  self->is_waking = TRUE;
  return must_wake;
}

void
bolo_store_queue_note_woken (BoloStoreQueue *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->is_waking = FALSE;
}

/* (mutex mutex) */
static void
move_some (BoloStoreQueue *self, GQueue *queue, GPtrArray *batch, guint max)
{
  while (batch->len < max && !g_queue_is_empty (queue)) {
    BoloRecord *record = g_queue_pop_head (queue);

    self->bytes -= record->bytes;
    g_ptr_array_add (batch, record);
  }
}

GPtrArray *
bolo_store_queue_take (BoloStoreQueue *self, gboolean only_urgent, guint max)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autoptr (GPtrArray) batch = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_record_free);

  move_some (self, &self->urgent, batch, max);
  if (!only_urgent)
    move_some (self, &self->ordinary, batch, max);
  return batch->len > 0 ? g_steal_pointer (&batch) : NULL;
}

void
bolo_store_queue_put_back (BoloStoreQueue *self, GPtrArray *batch)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (batch->len > 0) {
    BoloRecord *record = g_ptr_array_steal_index (batch, batch->len - 1);

    g_queue_push_head (get_queue_of (self, record), record);
    self->bytes += record->bytes;
  }
  keep_to_cap (self);
  g_ptr_array_unref (batch);
}

gboolean
bolo_store_queue_has_urgent (BoloStoreQueue *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return !g_queue_is_empty (&self->urgent);
}

guint
bolo_store_queue_get_length (BoloStoreQueue *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return g_queue_get_length (&self->urgent) + g_queue_get_length (&self->ordinary);
}

guint
bolo_store_queue_get_n_lost (BoloStoreQueue *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->n_lost;
}
