/* bolo-list-window.h: a sliding view over a stream of bytes, of bounded size
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* BoloListWindow: holds some bytes of a stream that a parser has not passed yet. One thread. */
typedef struct _BoloListWindow BoloListWindow;

/* @bytes_max: of the whole stream; more is INVALID_DATA. */
BoloListWindow *bolo_list_window_new (GInputStream *stream, guint64 bytes_max);
void bolo_list_window_free (BoloListWindow *self);
/* Makes at least @wanted bytes available (at most half a MiB) unless the stream ends before. FALSE
 * when it cannot be read. */
gboolean bolo_list_window_fill (BoloListWindow *self, gsize wanted, GError **error);
/* (transfer none): what is available; good until the next fill. */
const char *bolo_list_window_peek (const BoloListWindow *self, gsize *length);
void bolo_list_window_skip (BoloListWindow *self, gsize length);
/* TRUE once nothing can follow what is available. */
gboolean bolo_list_window_is_last (const BoloListWindow *self);
/* Bytes of the stream that were passed. */
guint64 bolo_list_window_get_offset (const BoloListWindow *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloListWindow, bolo_list_window_free)

G_END_DECLS
