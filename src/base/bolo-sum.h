/* bolo-sum.h: SHA-256 of bytes, as fast as the processor can
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOLO_SUM_BYTES 32

/* Any thread. For pictures: GnuTLS uses the processor's own instructions where it has them, four
 * times as fast as GLib. */
void bolo_sum_data (gconstpointer data, gsize length, guint8 sum[BOLO_SUM_BYTES]);
void bolo_sum_bytes (GBytes *bytes, guint8 sum[BOLO_SUM_BYTES]);
/* (transfer full): a sum in lower-case hexadecimal. */
char *bolo_sum_to_text (const guint8 sum[BOLO_SUM_BYTES]);
/* (transfer full): that of some bytes. */
char *bolo_sum_bytes_to_text (GBytes *bytes);

G_END_DECLS
