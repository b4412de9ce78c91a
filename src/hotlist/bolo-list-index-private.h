/* bolo-list-index-private.h: how the room makes an index
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-index.h"
#include "bolo-list-layers.h"

G_BEGIN_DECLS

/* (transfer none): in order of name. */
GPtrArray *bolo_list_index_peek_layers (BoloListIndex *self);
GPtrArray *bolo_list_index_peek_failures (BoloListIndex *self);

G_END_DECLS
