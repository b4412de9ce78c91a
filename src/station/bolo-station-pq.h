/* bolo-station-pq.h: libpq as the station's PostgreSQL store uses it: statements, values, COPY,
 * errors SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <libpq-fe.h>

#include "bolo-station-copy.h"

G_BEGIN_DECLS

#define BOLO_STATION_VALUES_MAX 12

/* BoloStationPq: a connection; belongs to one thread. */
typedef struct {
  PGconn *connection;
  gboolean is_reader; /* a statement that failed because the server was away is tried again */
} BoloStationPq;

/* Sets the error of @result (nullable: of the connection); always FALSE. Only the first line of
 * what the server says: those that follow may show values. */
gboolean bolo_station_pq_fail (BoloStationPq *self, const PGresult *result, GError **error);
/* (transfer full) (nullable): the rows of a statement; @values are texts or NULL. */
PGresult *bolo_station_pq_query (BoloStationPq *self,
                                 const char *sql,
                                 int n_values,
                                 const char *const *values,
                                 gboolean is_binary,
                                 GError **error);
/* Several statements without values. */
gboolean bolo_station_pq_run (BoloStationPq *self, const char *sql, GError **error);
/* Ends @copy and sends it as the data of the COPY statement @sql. */
gboolean
bolo_station_pq_copy (BoloStationPq *self, const char *sql, BoloStationCopy *copy, GError **error);

/* Of a row; NULL is 0, NaN, NULL. */
gint64 bolo_station_pq_get_int (const PGresult *result, int row, int column);
double bolo_station_pq_get_double (const PGresult *result, int row, int column);
/* (transfer full) (nullable) */
char *bolo_station_pq_get_text (const PGresult *result, int row, int column);
/* Of hexadecimal digits. */
void bolo_station_pq_get_hash (const PGresult *result, int row, int column, guint8 *hash);

/* BoloStationValues: texts of numbers, kept until the statement is done. */
typedef struct {
  const char *texts[BOLO_STATION_VALUES_MAX];
  char numbers[BOLO_STATION_VALUES_MAX][G_ASCII_DTOSTR_BUF_SIZE];
  int n;
} BoloStationValues;

/* Lent. */
void bolo_station_values_add_text (BoloStationValues *values, const char *text);
void bolo_station_values_add_int (BoloStationValues *values, gint64 value);
/* NaN becomes NULL. */
void bolo_station_values_add_double (BoloStationValues *values, double value);

/* An array as a value; the caller ends it with a brace. */
void bolo_station_array_add_text (GString *array, const char *text);
void bolo_station_array_add_int (GString *array, gint64 value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PGresult, PQclear)

G_END_DECLS
