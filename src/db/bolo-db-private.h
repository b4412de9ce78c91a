/* bolo-db-private.h: what the files of this room share of SQLite
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <sqlite3.h>

#include "bolo-db.h"

G_BEGIN_DECLS

/* Turns the result @code of an act on @path into our domain; @what begins the sentence
 * ("Cannot write"). @sqlite may be NULL. */
void
bolo_db_error_set (GError **error, sqlite3 *sqlite, int code, const char *what, const char *path);

/* (transfer full); @path is lent and must outlive the statement. */
BoloStatement *
bolo_statement_new (sqlite3 *sqlite, const char *path, const char *sql, GError **error);
void bolo_statement_free (BoloStatement *self);
/* Reset, with all values gone. */
void bolo_statement_clear (BoloStatement *self);

G_END_DECLS
