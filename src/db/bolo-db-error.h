/* bolo-db-error.h: SQLite's results as sentences of our domain; for this room only
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* Turns the result @code of an act on @path into our domain; @what begins the sentence
 * ("Cannot write"). @sqlite may be NULL. */
void
bolo_db_error_set (GError **error, sqlite3 *sqlite, int code, const char *what, const char *path);

G_END_DECLS
