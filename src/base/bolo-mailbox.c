/* bolo-mailbox.c: hands values from one thread to another without a callback each
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-mailbox.h"

struct _BoloMailbox {
  gatomicrefcount references;
  BoloMailboxMode mode;
  GDestroyNotify free_item;

  GMutex mutex;
  GCond changed;
  gpointer item;      /* (mutex mutex) (owned) (nullable) */
  gboolean is_closed; /* (mutex mutex) */
  guint64 puts;       /* (mutex mutex) */
  guint64 drops;      /* (mutex mutex) */

  GMutex notify_mutex;      /* held while notify runs, so that unsetting it waits for it to end */
  BoloMailboxNotify notify; /* (mutex notify_mutex) (nullable) */
  gpointer notify_data;     /* (mutex notify_mutex) */
};

BoloMailbox *
bolo_mailbox_new (BoloMailboxMode mode, GDestroyNotify free_item)
{
  BoloMailbox *self = g_new0 (BoloMailbox, 1);

  g_atomic_ref_count_init (&self->references);
  self->mode = mode;
  self->free_item = free_item;
  g_mutex_init (&self->mutex);
  g_mutex_init (&self->notify_mutex);
  g_cond_init (&self->changed);
  return self;
}

BoloMailbox *
bolo_mailbox_ref (BoloMailbox *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

static void
free_one (BoloMailbox *self, gpointer item)
{
  if (item != NULL && self->free_item != NULL)
    self->free_item (item);
}

void
bolo_mailbox_unref (BoloMailbox *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  free_one (self, self->item);
  g_mutex_clear (&self->mutex);
  g_mutex_clear (&self->notify_mutex);
  g_cond_clear (&self->changed);
  g_free (self);
}

void
bolo_mailbox_set_notify (BoloMailbox *self, BoloMailboxNotify notify, gpointer user_data)
{
  g_return_if_fail (self != NULL);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->notify_mutex);
  self->notify = notify;
  self->notify_data = user_data;
}

static void
run_notify (BoloMailbox *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->notify_mutex);
  if (self->notify != NULL)
    self->notify (self->notify_data);
}

/* Puts under the lock; what must be freed outside it is returned in @surplus. */
static gboolean
put_locked (BoloMailbox *self, gpointer item, gpointer *surplus)
{
  if (self->mode == BOLO_MAILBOX_LOCK_STEP) {
    while (self->item != NULL && !self->is_closed)
      g_cond_wait (&self->changed, &self->mutex);
  }
  if (self->is_closed) {
    *surplus = item;
    return FALSE;
  }
  self->puts++;
  if (self->item != NULL) {
    *surplus = self->item;
    self->drops++;
  }
  self->item = item;
  g_cond_broadcast (&self->changed);
  return TRUE;
}

gboolean
bolo_mailbox_put (BoloMailbox *self, gpointer item)
{
  gpointer surplus = NULL;
  gboolean is_put;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (item != NULL, FALSE);

  g_mutex_lock (&self->mutex);
  is_put = put_locked (self, item, &surplus);
  g_mutex_unlock (&self->mutex);

  free_one (self, surplus);
  if (is_put)
    run_notify (self);
  return is_put;
}

gpointer
bolo_mailbox_take (BoloMailbox *self)
{
  return bolo_mailbox_wait (self, 0);
}

gpointer
bolo_mailbox_wait (BoloMailbox *self, gint64 timeout_us)
{
  gint64 deadline_us = g_get_monotonic_time () + timeout_us;
  gpointer item;

  g_return_val_if_fail (self != NULL, NULL);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  while (self->item == NULL && !self->is_closed && timeout_us != 0) {
    if (timeout_us < 0)
      g_cond_wait (&self->changed, &self->mutex);
    else if (!g_cond_wait_until (&self->changed, &self->mutex, deadline_us))
      break;
  }
  item = g_steal_pointer (&self->item);
  if (item != NULL)
    g_cond_broadcast (&self->changed);
  return item;
}

gboolean
bolo_mailbox_is_empty (BoloMailbox *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  return self->item == NULL;
}

void
bolo_mailbox_close (BoloMailbox *self)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  self->is_closed = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  run_notify (self);
}

gboolean
bolo_mailbox_is_closed (BoloMailbox *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  return self->is_closed;
}

void
bolo_mailbox_reopen (BoloMailbox *self)
{
  g_return_if_fail (self != NULL);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  self->is_closed = FALSE;
}

guint64
bolo_mailbox_get_put_count (BoloMailbox *self)
{
  g_return_val_if_fail (self != NULL, 0);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  return self->puts;
}

guint64
bolo_mailbox_get_drop_count (BoloMailbox *self)
{
  g_return_val_if_fail (self != NULL, 0);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  return self->drops;
}
