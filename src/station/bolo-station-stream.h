/* bolo-station-stream.h: a caller's connection, read from in larger pieces than TLS asks for
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer full): below TLS. GnuTLS asks for a record's head and then for the rest of it, a call
 * each; here one call brings what has come, up to 32 kB, which are held only until they are taken.
 * Closing it closes @raw. One thread at a time. */
GIOStream *bolo_station_stream_new (GIOStream *raw);

G_END_DECLS
