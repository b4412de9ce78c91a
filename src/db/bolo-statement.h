/* bolo-statement.h: a prepared statement: values in, rows out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloStatement: owned by its BoloDb, on whose thread it lives. Parameters count from 1, columns
 * from 0. A value that cannot be bound makes the next step fail. */
typedef struct _BoloStatement BoloStatement;

void bolo_statement_bind_int64 (BoloStatement *self, int index, gint64 value);
/* NaN becomes NULL. */
void bolo_statement_bind_double (BoloStatement *self, int index, double value);
/* Copied; NULL becomes NULL. */
void bolo_statement_bind_text (BoloStatement *self, int index, const char *value);
/* Lent until the statement is reset; NULL becomes NULL. */
void bolo_statement_bind_bytes (BoloStatement *self, int index, GBytes *value);
void bolo_statement_bind_null (BoloStatement *self, int index);

/* FALSE with an error, or TRUE and whether there is a row. */
gboolean bolo_statement_step (BoloStatement *self, gboolean *has_row, GError **error);
/* Steps to the end, then resets. */
gboolean bolo_statement_run (BoloStatement *self, GError **error);
void bolo_statement_reset (BoloStatement *self);

gboolean bolo_statement_is_null (BoloStatement *self, int column);
gint64 bolo_statement_get_int64 (BoloStatement *self, int column);
/* NULL becomes NaN. */
double bolo_statement_get_double (BoloStatement *self, int column);
/* (transfer full) (nullable) */
char *bolo_statement_get_text (BoloStatement *self, int column);
/* (transfer full) (nullable) */
GBytes *bolo_statement_get_bytes (BoloStatement *self, int column);

G_END_DECLS
