/* bolo-mailbox.h: hands values from one thread to another without a callback each
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* BOLO_MAILBOX_LIVE: one slot, the newest wins, drops are counted; put never waits.
 * BOLO_MAILBOX_LOCK_STEP: one slot, put waits until the last one was taken. */
typedef enum {
  BOLO_MAILBOX_LIVE,
  BOLO_MAILBOX_LOCK_STEP,
} BoloMailboxMode;

/* BoloMailbox: atomically counted; any thread for all functions. */
typedef struct _BoloMailbox BoloMailbox;

/* Called without the lock, in the putting thread, after each put and after close: wake, no more. */
typedef void (*BoloMailboxNotify) (gpointer user_data);

BoloMailbox *bolo_mailbox_new (BoloMailboxMode mode, GDestroyNotify free_item);
BoloMailbox *bolo_mailbox_ref (BoloMailbox *self);
void bolo_mailbox_unref (BoloMailbox *self);
/* Set before the first put; the notify must not outlive @user_data's owner: unset with NULL. */
void bolo_mailbox_set_notify (BoloMailbox *self, BoloMailboxNotify notify, gpointer user_data);
/* @item (transfer full). FALSE when closed (the item is freed). */
gboolean bolo_mailbox_put (BoloMailbox *self, gpointer item);
/* (transfer full) (nullable): what is there now. */
gpointer bolo_mailbox_take (BoloMailbox *self);
/* As take, but waits at most @timeout_us (-1: until there is one or the box is closed). */
gpointer bolo_mailbox_wait (BoloMailbox *self, gint64 timeout_us);
gboolean bolo_mailbox_is_empty (BoloMailbox *self);
/* No more puts; waiters wake; what lies in the slot can still be taken. */
void bolo_mailbox_close (BoloMailbox *self);
gboolean bolo_mailbox_is_closed (BoloMailbox *self);
/* Opens a closed box again (a camera that came back). */
void bolo_mailbox_reopen (BoloMailbox *self);
guint64 bolo_mailbox_get_put_count (BoloMailbox *self);
guint64 bolo_mailbox_get_drop_count (BoloMailbox *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloMailbox, bolo_mailbox_unref)

G_END_DECLS
