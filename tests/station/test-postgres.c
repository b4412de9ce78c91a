/* test-postgres.c: what is PostgreSQL's own: COPY's bytes, partitions, one writer, servers that go
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-batch-parser.h"
#include "bolo-error.h"
#include "bolo-station-copy.h"
#include "bolo-station-judge.h"
#include "bolo-station-postgres.h"

#include <libpq-fe.h>
#include <math.h>
#include <string.h>

#define NOW_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC) /* 2026-03-14 */

static BoloStationStore *
open_store (gboolean is_reader)
{
  g_autoptr (GError) error = NULL;
  BoloStationStore *store =
    bolo_station_postgres_new (g_getenv ("BOLO_TEST_POSTGRES"), is_reader, &error);

  g_assert_no_error (error);
  return store;
}

/* What a client that shares no code with the store sees. (transfer full) */
static char *
ask (const char *sql)
{
  PGconn *connection = PQconnectdb (g_getenv ("BOLO_TEST_POSTGRES"));
  PGresult *result = PQexec (connection, sql);
  char *text;

  g_assert_cmpint (PQresultStatus (result), ==, PGRES_TUPLES_OK);
  text = PQntuples (result) > 0 ? g_strdup (PQgetvalue (result, 0, 0)) : NULL;
  PQclear (result);
  PQfinish (connection);
  return text;
}

static void
check (const char *sql, const char *wanted)
{
  g_autofree char *found = ask (sql);

  g_assert_cmpstr (found, ==, wanted);
}

static BoloStationJob *
make_job (const char *car, guint number, const char *body)
{
  g_autoptr (BoloBatchParser) parser = bolo_batch_parser_new (1000);
  g_autoptr (GByteArray) batch = g_byte_array_new ();
  g_autofree char *id = g_strdup_printf ("00000000-0000-4000-8000-%012u", number);
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_batch_item_unref);

  g_assert_true (bolo_batch_write_record (batch, BOLO_BATCH_SIGHTING, id, 1, body, NULL));
  bolo_batch_parser_push (parser, batch->data, batch->len);
  g_ptr_array_add (items, bolo_batch_parser_next (parser, NULL));
  return bolo_station_job_new (car, NULL, items);
}

static BoloBatchOutcome
keep (BoloStationStore *store, gint64 now_us, const char *car, guint number, const char *body)
{
  g_autoptr (GPtrArray) jobs =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_station_job_free);
  g_autoptr (BoloStationJob) job = make_job (car, number, body);
  g_autoptr (GError) error = NULL;

  g_ptr_array_set_free_func (jobs, NULL);
  g_ptr_array_add (jobs, job);
  g_assert_true (bolo_station_store_begin (store, now_us, &error));
  bolo_station_judge (store, jobs, &error);
  g_assert_no_error (error);
  g_assert_true (bolo_station_store_commit (store, &error));
  return ((BoloBatchResult *) job->results->pdata[0])->outcome;
}

static void
test_copy (void)
{
  static const guint8 wanted[] = {
    'P',  'G',  'C',  'O',  'P',  'Y',  '\n', 0xff, '\r', '\n', 0, 0,
    0,    0,    0,    0,    0,    0,    0,                            /* header */
    0,    4,                                                          /* columns */
    0,    0,    0,    2,    0xff, 0xfe,                               /* -2 */
    0,    0,    0,    8,    0,    0,    0,    0,    0,    0,    1, 2, /* 258 */
    0xff, 0xff, 0xff, 0xff,                                           /* NULL */
    0,    0,    0,    2,    'h',  'i',                                /* hi */
    0xff, 0xff,                                                       /* the end */
  };
  g_autoptr (GByteArray) copy = bolo_station_copy_new ();

  bolo_station_copy_begin_row (copy, 4);
  bolo_station_copy_add_int2 (copy, -2);
  bolo_station_copy_add_int8 (copy, 258);
  bolo_station_copy_add_bytes (copy, NULL, 0);
  bolo_station_copy_add_bytes (copy, "hi", 2);
  bolo_station_copy_end (copy);
  g_assert_cmpmem (copy->data, copy->len, wanted, sizeof wanted);
}

/* Every month has a table of its own, whichever comes first, and bodies are there byte for byte. */
static void
test_partitions (void)
{
  g_autoptr (BoloStationStore) store = open_store (FALSE);
  static const char odd[] = "{\"a\":\"\\t\\\\ \303\251 \\\"'$1{}\"}";

  g_assert_cmpint (keep (store, NOW_US + 40 * G_TIME_SPAN_DAY, "months", 1, "{}"), ==,
                   BOLO_BATCH_STORED);
  g_assert_cmpint (keep (store, NOW_US, "months", 2, odd), ==, BOLO_BATCH_STORED);
  g_assert_cmpint (keep (store, NOW_US + G_TIME_SPAN_DAY, "months", 3, "{}"), ==,
                   BOLO_BATCH_STORED);
  /* Known, though it was another month. */
  g_assert_cmpint (keep (store, NOW_US + 80 * G_TIME_SPAN_DAY, "months", 2, odd), ==,
                   BOLO_BATCH_KNOWN);
  check ("SELECT count (*) FROM item_2026_03", "2");
  check ("SELECT count (*) FROM item_2026_04", "1");
  check ("SELECT count (*) FROM item", "3");
  check ("SELECT body FROM item JOIN identity USING (number)"
         " WHERE id LIKE '%2' AND car = (SELECT number FROM car WHERE name = 'months')",
         odd);
  check ("SELECT version FROM bolo_station", "1");
}

static void
test_one_writer (void)
{
  g_autoptr (BoloStationStore) store = open_store (FALSE);
  g_autoptr (BoloStationStore) reader = open_store (TRUE);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (reader);
  g_assert_null (bolo_station_postgres_new (g_getenv ("BOLO_TEST_POSTGRES"), FALSE, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_BUSY);
  g_clear_object (&store);
  store = open_store (FALSE);
}

/* Numbers go on where they were, also over a roll-back and another connection. */
static void
test_numbers (void)
{
  BoloStationStore *store = open_store (FALSE);
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;

  keep (store, NOW_US, "numbers", 1, "{}");
  before = ask ("SELECT max (number) FROM identity");
  g_assert_true (bolo_station_store_begin (store, NOW_US, &error));
  bolo_station_store_roll_back (store);
  g_clear_object (&store);
  store = open_store (FALSE);
  keep (store, NOW_US, "numbers", 2, "{}");
  g_autofree char *sql = g_strdup_printf ("SELECT (max (number) - %s)::text FROM identity", before);
  check (sql, "1");
  /* A car that a roll-back took with it gets a number that is there. */
  g_assert_true (bolo_station_store_begin (store, NOW_US, &error));
  gint64 number = 0;
  g_assert_true (bolo_station_store_get_car (store, "ghost", &number, &error));
  bolo_station_store_roll_back (store);
  g_assert_cmpint (keep (store, NOW_US, "ghost", 1, "{}"), ==, BOLO_BATCH_STORED);
  check ("SELECT count (*) FROM identity JOIN car ON car.number = identity.car"
         " WHERE car.name = 'ghost'",
         "1");
  g_object_unref (store);
}

static void
restart_server (void)
{
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_assert_true (g_spawn_command_line_sync (g_getenv ("BOLO_TEST_POSTGRES_RESTART"), NULL, NULL,
                                            &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

/* As by a power cut: what was committed is there; a writer knows that it has to connect again, and
 * a reader does so by itself. */
static void
test_server_dies (void)
{
  BoloStationStore *store = open_store (FALSE);
  g_autoptr (BoloStationStore) reader = open_store (TRUE);
  g_autoptr (GPtrArray) cars = NULL;
  g_autoptr (GError) error = NULL;

  keep (store, NOW_US, "survivor", 1, "{}");
  g_assert_true (bolo_station_store_begin (store, NOW_US, &error));
  restart_server ();
  g_assert_false (bolo_station_store_commit (store, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE);
  g_clear_error (&error);
  g_assert_false (bolo_station_store_begin (store, NOW_US, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE);
  g_clear_error (&error);
  g_object_unref (store);
  store = open_store (FALSE);
  g_assert_cmpint (keep (store, NOW_US, "survivor", 1, "{}"), ==, BOLO_BATCH_KNOWN);
  g_object_unref (store);
  cars = bolo_station_store_list_cars (reader, NULL);
  if (cars == NULL) /* the first question found out that the connection was gone */
    cars = bolo_station_store_list_cars (reader, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cars->len, >, 0);
}

static void
test_no_server (void)
{
  static const char *const connections[] = {
    "host=/nowhere dbname=bolo",
    "nonsense",
    "host=127.0.0.1 port=1 dbname=bolo",
  };

  for (guint i = 0; i < G_N_ELEMENTS (connections); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (bolo_station_postgres_new (connections[i], FALSE, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE);
    g_assert_null (strchr (error->message, '\n'));
  }
}

static void
test_newer_version (void)
{
  g_autoptr (BoloStationStore) store = open_store (FALSE);
  g_autoptr (GError) error = NULL;

  g_clear_object (&store);
  check ("WITH changed AS (UPDATE bolo_station SET version = 2 RETURNING version)"
         " SELECT version FROM changed",
         "2");
  g_assert_null (bolo_station_postgres_new (g_getenv ("BOLO_TEST_POSTGRES"), FALSE, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED);
  check ("WITH changed AS (UPDATE bolo_station SET version = 1 RETURNING version)"
         " SELECT version FROM changed",
         "1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/postgres/copy", test_copy);
  g_test_add_func ("/station/postgres/partitions", test_partitions);
  g_test_add_func ("/station/postgres/one-writer", test_one_writer);
  g_test_add_func ("/station/postgres/numbers", test_numbers);
  g_test_add_func ("/station/postgres/server-dies", test_server_dies);
  g_test_add_func ("/station/postgres/no-server", test_no_server);
  g_test_add_func ("/station/postgres/newer-version", test_newer_version);
  return g_test_run ();
}
