/* bolo-statement-private.h: how a connection makes and keeps its statements
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <sqlite3.h>

#include "bolo-statement.h"

G_BEGIN_DECLS

/* (transfer full); @path is lent and must outlive the statement. */
BoloStatement *
bolo_statement_new (sqlite3 *sqlite, const char *path, const char *sql, GError **error);
void bolo_statement_free (BoloStatement *self);
/* Reset, with all values gone. */
void bolo_statement_clear (BoloStatement *self);

G_END_DECLS
