/* bolo-cli-when.h: times and spans as they are typed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "2026-03-14T17:20:00Z"; without a zone it is local time, without a time of day midnight. Spans
 * are counted from @now_us: "90m", "8h", "2d" ahead (@sign 1) or back (-1). UTC microseconds, or -1
 * with a sentence in @error. */
gint64 bolo_cli_parse_when (const char *text, gint64 now_us, int sign, GError **error);

G_END_DECLS
