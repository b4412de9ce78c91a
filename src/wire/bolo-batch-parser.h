/* bolo-batch-parser.h: the body of a batch, pushed in pieces, as whole items
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-batch.h"

G_BEGIN_DECLS

/* BoloBatchParser: takes the body of a batch in pieces of any size and gives whole items. Holds one
 * header and one item's bytes at most, besides what was pushed and not yet asked for. One thread at
 * a time; pure. */
typedef struct _BoloBatchParser BoloBatchParser;

/* @item_bytes_max: the most that an item's "bytes" may say. */
BoloBatchParser *bolo_batch_parser_new (gsize item_bytes_max);
void bolo_batch_parser_free (BoloBatchParser *self);
/* Call next until it gives NULL before the next push. */
void bolo_batch_parser_push (BoloBatchParser *self, const void *data, gsize length);
/* (transfer full) (nullable): the next whole item; NULL: push more. NULL with INVALID_DATA where
 * the end of an item cannot be found; then there is nothing more to be had of this body. */
BoloBatchItem *bolo_batch_parser_next (BoloBatchParser *self, GError **error);
/* The body has ended, or broke off: TRUE where it ended with an item. (transfer full): @rest is
 * what had come of a picture, with its bytes cut short; NULL where nothing is worth keeping. */
gboolean bolo_batch_parser_finish (BoloBatchParser *self, BoloBatchItem **rest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloBatchParser, bolo_batch_parser_free)

G_END_DECLS
