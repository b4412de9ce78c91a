/* bolo-parts-stream.h: many pieces of memory, read one after the other without a copy of the whole
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* BoloPartsStream: filled first, by one thread, and then read by one. It can be begun anew (it is a
 * GSeekable), which is what libsoup does where a connection turns out to be gone. */
#define BOLO_TYPE_PARTS_STREAM (bolo_parts_stream_get_type ())
G_DECLARE_FINAL_TYPE (BoloPartsStream, bolo_parts_stream, BOLO, PARTS_STREAM, GInputStream)

BoloPartsStream *bolo_parts_stream_new (void);
/* @text: is copied; what is added in small pieces becomes one. */
void bolo_parts_stream_add_text (BoloPartsStream *self, const guint8 *text, gsize length);
/* @bytes: referenced. */
void bolo_parts_stream_add_bytes (BoloPartsStream *self, GBytes *bytes);
/* Of all parts together. */
gsize bolo_parts_stream_get_size (BoloPartsStream *self);

G_END_DECLS
