/* bolo-station-pq.c: libpq as the station's PostgreSQL store uses it: statements, values, COPY,
 * errors SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-pq"

#include "bolo-station-pq.h"

#include "bolo-error.h"
#include "bolo-station-store.h"

#include <math.h>
#include <string.h>

static int
choose_code (PGconn *connection, const PGresult *result)
{
  const char *state = result != NULL ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;

  if (PQstatus (connection) != CONNECTION_OK || state == NULL || g_str_has_prefix (state, "08") ||
      g_str_has_prefix (state, "57P"))
    return BOLO_ERROR_OFFLINE;
  if (g_str_has_prefix (state, "53"))
    return BOLO_ERROR_NO_SPACE;
  if (g_str_has_prefix (state, "42501") || g_str_has_prefix (state, "28"))
    return BOLO_ERROR_PERMISSION;
  return BOLO_ERROR_INTERNAL;
}

/* The first line alone: what follows may show values. */
gboolean
bolo_station_pq_fail (BoloStationPq *self, const PGresult *result, GError **error)
{
  const char *message =
    result != NULL ? PQresultErrorMessage (result) : PQerrorMessage (self->connection);
  gsize length = strcspn (message, "\n");

  g_set_error (error, BOLO_ERROR, choose_code (self->connection, result), "PostgreSQL: %.*s",
               (int) length, message);
  return FALSE;
}

/* (transfer full) (nullable): the rows of a statement; @values are texts or NULL. */
PGresult *
bolo_station_pq_query (BoloStationPq *self,
                       const char *sql,
                       int n_values,
                       const char *const *values,
                       gboolean is_binary,
                       GError **error)
{
  g_autoptr (PGresult) result = NULL;
  ExecStatusType status;

  for (guint i = 0; i < 2; i++) {
    g_clear_pointer (&result, PQclear);
    result =
      PQexecParams (self->connection, sql, n_values, NULL, values, NULL, NULL, is_binary ? 1 : 0);
    status = PQresultStatus (result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
      return g_steal_pointer (&result);
    if (!self->is_reader || choose_code (self->connection, result) != BOLO_ERROR_OFFLINE)
      break;
    /* The server was away: a question can be put again. */
    PQreset (self->connection);
  }
  bolo_station_pq_fail (self, result, error);
  return NULL;
}

gboolean
bolo_station_pq_run (BoloStationPq *self, const char *sql, GError **error)
{
  g_autoptr (PGresult) result = PQexec (self->connection, sql);
  ExecStatusType status = PQresultStatus (result);

  return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ||
         bolo_station_pq_fail (self, result, error);
}

void
bolo_station_values_add_text (BoloStationValues *values, const char *text)
{
  values->texts[values->n++] = text;
}

void
bolo_station_values_add_int (BoloStationValues *values, gint64 value)
{
  g_snprintf (values->numbers[values->n], G_ASCII_DTOSTR_BUF_SIZE, "%" G_GINT64_FORMAT, value);
  values->texts[values->n] = values->numbers[values->n];
  values->n++;
}

void
bolo_station_values_add_double (BoloStationValues *values, double value)
{
  if (isfinite (value)) {
    g_ascii_dtostr (values->numbers[values->n], G_ASCII_DTOSTR_BUF_SIZE, value);
    values->texts[values->n] = values->numbers[values->n];
  }
  values->n++;
}

gint64
bolo_station_pq_get_int (const PGresult *result, int row, int column)
{
  return PQgetisnull (result, row, column)
           ? 0
           : g_ascii_strtoll (PQgetvalue (result, row, column), NULL, 10);
}

double
bolo_station_pq_get_double (const PGresult *result, int row, int column)
{
  return PQgetisnull (result, row, column)
           ? NAN
           : g_ascii_strtod (PQgetvalue (result, row, column), NULL);
}

char *
bolo_station_pq_get_text (const PGresult *result, int row, int column)
{
  return PQgetisnull (result, row, column) ? NULL : g_strdup (PQgetvalue (result, row, column));
}

void
bolo_station_pq_get_hash (const PGresult *result, int row, int column, guint8 *hash)
{
  const char *digits = PQgetvalue (result, row, column);

  if (strlen (digits) != 2 * BOLO_BATCH_HASH_BYTES)
    return;
  for (guint i = 0; i < BOLO_BATCH_HASH_BYTES; i++)
    hash[i] = (guint8) (g_ascii_xdigit_value (digits[2 * i]) << 4 |
                        g_ascii_xdigit_value (digits[2 * i + 1]));
}

/* Sends @copy, whole, as the data of the COPY statement @sql. */
gboolean
bolo_station_pq_copy (BoloStationPq *self, const char *sql, BoloStationCopy *copy, GError **error)
{
  g_autoptr (PGresult) started = PQexec (self->connection, sql);
  g_autoptr (PGresult) result = NULL;
  gboolean is_done;

  if (PQresultStatus (started) != PGRES_COPY_IN)
    return bolo_station_pq_fail (self, started, error);
  bolo_station_copy_end (copy);
  if (PQputCopyData (self->connection, (const char *) copy->data, (int) copy->len) != 1 ||
      PQputCopyEnd (self->connection, NULL) != 1)
    return bolo_station_pq_fail (self, NULL, error);
  result = PQgetResult (self->connection);
  is_done =
    PQresultStatus (result) == PGRES_COMMAND_OK || bolo_station_pq_fail (self, result, error);
  while ((started = (PQclear (started), PQgetResult (self->connection))) != NULL)
    ;
  return is_done;
}

/* An element of an array's text, whatever stands in it. */
void
bolo_station_array_add_text (GString *array, const char *text)
{
  g_string_append (array, array->len > 0 ? ",\"" : "{\"");
  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\')
      g_string_append_c (array, '\\');
    g_string_append_c (array, *text);
  }
  g_string_append_c (array, '"');
}

void
bolo_station_array_add_int (GString *array, gint64 value)
{
  g_string_append_printf (array, "%s%" G_GINT64_FORMAT, array->len > 0 ? "," : "{", value);
}
