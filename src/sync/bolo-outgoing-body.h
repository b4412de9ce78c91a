/* bolo-outgoing-body.h: an item's record as the text that is sent, the same every time
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-batch.h"
#include "bolo-outgoing.h"

G_BEGIN_DECLS

/* (transfer full) (nullable): one JSON object without line feeds; NULL for pictures. Made of what
 * is stored and of nothing else, so that the same state gives the same bytes for ever. Any thread.
 */
char *bolo_outgoing_body_format (const BoloOutgoing *item);
BoloBatchTopic bolo_outgoing_body_get_topic (const BoloOutgoing *item);
/* Adds the item, or the due piece of a picture, to @body as docs/protocol.md has it. FALSE: it
 * could never be read over there; it is answered already, as rejected. */
gboolean bolo_outgoing_body_write (GByteArray *body, BoloOutgoing *item);
/* The same without a copy of the picture: *picture (transfer full) (nullable) follows @text. */
gboolean bolo_outgoing_body_write_head (GByteArray *text, BoloOutgoing *item, GBytes **picture);

G_END_DECLS
