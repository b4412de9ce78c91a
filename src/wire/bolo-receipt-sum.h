/* bolo-receipt-sum.h: what a session's receipt is over: sorted lines TOPIC ID STATE, hashed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloReceiptSum: about 70 bytes of memory an item. One thread at a time; both sides make it of
 * what they hold, in any order; an item that was added twice counts once. */
typedef struct _BoloReceiptSum BoloReceiptSum;

BoloReceiptSum *bolo_receipt_sum_new (void);
void bolo_receipt_sum_free (BoloReceiptSum *self);
/* @word: of the topic. */
void bolo_receipt_sum_add (BoloReceiptSum *self, const char *word, const char *id, gint64 state);
/* Sorts; (transfer full): 64 hexadecimal digits. @n_items (out): different ones. */
char *bolo_receipt_sum_get (BoloReceiptSum *self, guint64 *n_items);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloReceiptSum, bolo_receipt_sum_free)

G_END_DECLS
