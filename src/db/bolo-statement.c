/* bolo-statement.c: a prepared statement: values in, rows out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-statement"

#include "bolo-statement-private.h"

#include <math.h>

#include "bolo-db-error.h"

struct _BoloStatement {
  sqlite3_stmt *statement; /* (owned) */
  const char *path;        /* (lent by the connection) */
  int bind_result;         /* the first failed bind since the last clear */
};

BoloStatement *
bolo_statement_new (sqlite3 *sqlite, const char *path, const char *sql, GError **error)
{
  BoloStatement *self;
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v3 (sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);

  if (code != SQLITE_OK) {
    bolo_db_error_set (error, sqlite, code, "Cannot use", path);
    return NULL;
  }
  self = g_new0 (BoloStatement, 1);
  self->statement = statement;
  self->path = path;
  return self;
}

void
bolo_statement_free (BoloStatement *self)
{
  if (self == NULL)
    return;
  sqlite3_finalize (self->statement);
  g_free (self);
}

void
bolo_statement_clear (BoloStatement *self)
{
  sqlite3_reset (self->statement);
  sqlite3_clear_bindings (self->statement);
  self->bind_result = SQLITE_OK;
}

static void
note_bind (BoloStatement *self, int code)
{
  if (code != SQLITE_OK && self->bind_result == SQLITE_OK)
    self->bind_result = code;
}

void
bolo_statement_bind_int64 (BoloStatement *self, int index, gint64 value)
{
  g_return_if_fail (self != NULL);
  note_bind (self, sqlite3_bind_int64 (self->statement, index, value));
}

void
bolo_statement_bind_double (BoloStatement *self, int index, double value)
{
  g_return_if_fail (self != NULL);
  if (isnan (value))
    note_bind (self, sqlite3_bind_null (self->statement, index));
  else
    note_bind (self, sqlite3_bind_double (self->statement, index, value));
}

void
bolo_statement_bind_text (BoloStatement *self, int index, const char *value)
{
  g_return_if_fail (self != NULL);
  note_bind (self, sqlite3_bind_text (self->statement, index, value, -1, SQLITE_TRANSIENT));
}

void
bolo_statement_bind_bytes (BoloStatement *self, int index, GBytes *value)
{
  gconstpointer data;
  gsize size;

  g_return_if_fail (self != NULL);
  if (value == NULL) {
    note_bind (self, sqlite3_bind_null (self->statement, index));
    return;
  }
  data = g_bytes_get_data (value, &size);
  if (size == 0)
    note_bind (self, sqlite3_bind_zeroblob (self->statement, index, 0));
  else
    note_bind (self, sqlite3_bind_blob64 (self->statement, index, data, size, SQLITE_STATIC));
}

void
bolo_statement_bind_null (BoloStatement *self, int index)
{
  g_return_if_fail (self != NULL);
  note_bind (self, sqlite3_bind_null (self->statement, index));
}

gboolean
bolo_statement_step (BoloStatement *self, gboolean *has_row, GError **error)
{
  int code;

  g_return_val_if_fail (self != NULL, FALSE);
  code = self->bind_result != SQLITE_OK ? self->bind_result : sqlite3_step (self->statement);
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    bolo_db_error_set (error, sqlite3_db_handle (self->statement), code, "Cannot use", self->path);
    sqlite3_reset (self->statement);
    return FALSE;
  }
  if (has_row != NULL)
    *has_row = code == SQLITE_ROW;
  return TRUE;
}

gboolean
bolo_statement_run (BoloStatement *self, GError **error)
{
  gboolean has_row = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);
  while (has_row) {
    if (!bolo_statement_step (self, &has_row, error))
      return FALSE;
  }
  bolo_statement_clear (self);
  return TRUE;
}

void
bolo_statement_reset (BoloStatement *self)
{
  g_return_if_fail (self != NULL);
  bolo_statement_clear (self);
}

gboolean
bolo_statement_is_null (BoloStatement *self, int column)
{
  g_return_val_if_fail (self != NULL, TRUE);
  return sqlite3_column_type (self->statement, column) == SQLITE_NULL;
}

gint64
bolo_statement_get_int64 (BoloStatement *self, int column)
{
  g_return_val_if_fail (self != NULL, 0);
  return sqlite3_column_int64 (self->statement, column);
}

double
bolo_statement_get_double (BoloStatement *self, int column)
{
  g_return_val_if_fail (self != NULL, NAN);
  if (bolo_statement_is_null (self, column))
    return NAN;
  return sqlite3_column_double (self->statement, column);
}

char *
bolo_statement_get_text (BoloStatement *self, int column)
{
  g_return_val_if_fail (self != NULL, NULL);
  return g_strdup ((const char *) sqlite3_column_text (self->statement, column));
}

GBytes *
bolo_statement_get_bytes (BoloStatement *self, int column)
{
  gconstpointer data;

  g_return_val_if_fail (self != NULL, NULL);
  if (bolo_statement_is_null (self, column))
    return NULL;
  data = sqlite3_column_blob (self->statement, column);
  return g_bytes_new (data, (gsize) sqlite3_column_bytes (self->statement, column));
}
