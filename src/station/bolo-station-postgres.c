/* bolo-station-postgres.c: a station's records in a PostgreSQL database
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-postgres"

#include "bolo-station-postgres.h"

#include "bolo-error.h"
#include "bolo-station-copy.h"
#include "bolo-station-pq.h"

#include <string.h>

/* Held by the one writer of a database: the letters of "bolo". */
#define WRITER_LOCK "1651469423"

/* BoloStationPostgres: a connection. Lives on the thread that opened it. */
struct _BoloStationPostgres {
  GObject parent_instance;

  BoloStationPq pq;
  gint64 now_us;       /* of the transaction */
  gint64 last_number;  /* of the items */
  gint64 month_us;     /* whose partition is there; 0: not known */
  GHashTable *numbers; /* (owned): of cars and sessions, by name; emptied by a roll-back */
};

static void store_init (BoloStationStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BoloStationPostgres,
                               bolo_station_postgres,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOLO_TYPE_STATION_STORE, store_init))

static const char schema[] =
  "CREATE TABLE IF NOT EXISTS bolo_station (version integer NOT NULL);"
  "INSERT INTO bolo_station SELECT 1 WHERE NOT EXISTS (SELECT FROM bolo_station);"
  "CREATE TABLE IF NOT EXISTS car (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
  " name text NOT NULL UNIQUE, last_us bigint NOT NULL DEFAULT 0,"
  " backlog bigint NOT NULL DEFAULT -1, oldest_us bigint NOT NULL DEFAULT 0, lists text,"
  " manifest bigint NOT NULL DEFAULT 0, manifest_us bigint NOT NULL DEFAULT 0);"
  "CREATE TABLE IF NOT EXISTS session (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
  " car bigint NOT NULL REFERENCES car, name text NOT NULL, began_us bigint NOT NULL,"
  " UNIQUE (car, name));"
  /* What must be unique cannot be in partitions by time: the identities stand apart. */
  "CREATE TABLE IF NOT EXISTS identity (number bigint NOT NULL UNIQUE, car bigint NOT NULL,"
  " topic smallint NOT NULL, id text COLLATE \"C\" NOT NULL, state bigint NOT NULL,"
  " hash bytea NOT NULL, session bigint, bytes bigint NOT NULL,"
  " PRIMARY KEY (car, topic, id, state));"
  "CREATE INDEX IF NOT EXISTS identity_session ON identity (session) WHERE session IS NOT NULL;"
  "CREATE TABLE IF NOT EXISTS item (number bigint NOT NULL, received_us bigint NOT NULL,"
  " body text, picture bytea, PRIMARY KEY (number, received_us))"
  " PARTITION BY RANGE (received_us);"
  "CREATE TABLE IF NOT EXISTS part (car bigint NOT NULL, id text COLLATE \"C\" NOT NULL,"
  " start bigint NOT NULL, hash bytea NOT NULL, total bigint NOT NULL,"
  " received_us bigint NOT NULL, data bytea NOT NULL, PRIMARY KEY (car, id, start));"
  "CREATE TABLE IF NOT EXISTS hit (number bigint NOT NULL UNIQUE, car bigint NOT NULL,"
  " id text COLLATE \"C\" NOT NULL, state bigint NOT NULL, received_us bigint NOT NULL,"
  " at_us bigint NOT NULL, mark text, category text, match text, latitude_deg double precision,"
  " longitude_deg double precision, is_covert smallint NOT NULL, kind smallint NOT NULL DEFAULT 0,"
  " PRIMARY KEY (car, id));"
  "CREATE INDEX IF NOT EXISTS hit_at ON hit (at_us);"
  "CREATE TABLE IF NOT EXISTS disposition (number bigint PRIMARY KEY, car bigint NOT NULL,"
  " hit text COLLATE \"C\" NOT NULL, kind smallint NOT NULL);"
  "CREATE INDEX IF NOT EXISTS disposition_hit ON disposition (car, hit);"
  "CREATE TABLE IF NOT EXISTS purge (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
  " at_us bigint NOT NULL, before_us bigint NOT NULL, items bigint NOT NULL);";

/* The month of the transaction has its partition; a new one costs one statement a month. */
static gboolean
ensure_partition (BoloStationPostgres *self, GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (self->now_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) begin = NULL;
  g_autoptr (GDateTime) end = NULL;
  g_autofree char *name = NULL;
  g_autofree char *sql = NULL;
  gint64 month_us;

  begin = g_date_time_new_utc (g_date_time_get_year (now), g_date_time_get_month (now), 1, 0, 0, 0);
  end = g_date_time_add_months (begin, 1);
  month_us = g_date_time_to_unix (begin) * G_USEC_PER_SEC;
  if (month_us == self->month_us)
    return TRUE;
  name = g_date_time_format (begin, "item_%Y_%m");
  sql = g_strdup_printf ("CREATE TABLE IF NOT EXISTS %s PARTITION OF item FOR VALUES FROM"
                         " (%" G_GINT64_FORMAT ") TO (%" G_GINT64_FORMAT ")",
                         name, month_us, g_date_time_to_unix (end) * G_USEC_PER_SEC);
  if (!bolo_station_pq_run (&self->pq, sql, error))
    return FALSE;
  self->month_us = month_us;
  return TRUE;
}

static void
forget (BoloStationPostgres *self)
{
  g_hash_table_remove_all (self->numbers);
  self->month_us = 0;
}

static gboolean
store_begin (BoloStationStore *store, gint64 now_us, GError **error)
{
  BoloStationPostgres *self = BOLO_STATION_POSTGRES (store);

  self->now_us = now_us;
  if (!bolo_station_pq_run (&self->pq, "BEGIN", error))
    return FALSE;
  if (ensure_partition (self, error))
    return TRUE;
  bolo_station_store_roll_back (store);
  return FALSE;
}

static gboolean
store_commit (BoloStationStore *store, GError **error)
{
  BoloStationPostgres *self = BOLO_STATION_POSTGRES (store);
  g_autoptr (PGresult) result = PQexec (self->pq.connection, "COMMIT");

  /* A transaction that had failed answers COMMIT with ROLLBACK. */
  if (PQresultStatus (result) == PGRES_COMMAND_OK && g_str_equal (PQcmdStatus (result), "COMMIT"))
    return TRUE;
  forget (self);
  return bolo_station_pq_fail (&self->pq, result, error);
}

static void
store_roll_back (BoloStationStore *store)
{
  BoloStationPostgres *self = BOLO_STATION_POSTGRES (store);

  forget (self);
  bolo_station_pq_run (&self->pq, "ROLLBACK", NULL);
}

static gboolean
store_find_car (BoloStationStore *store, const char *name, gint64 *number, GError **error)
{
  g_autoptr (PGresult) result =
    bolo_station_pq_query (&BOLO_STATION_POSTGRES (store)->pq,
                           "SELECT number FROM car WHERE name = $1", 1, &name, FALSE, error);

  *number = result != NULL && PQntuples (result) > 0 ? bolo_station_pq_get_int (result, 0, 0) : 0;
  return result != NULL;
}

/* The number that @sql gives, which adds the row where it is new; remembered under @key. */
static gboolean
get_number (BoloStationPostgres *self,
            const char *key,
            const char *sql,
            BoloStationValues *values,
            gint64 *number,
            GError **error)
{
  gpointer known = g_hash_table_lookup (self->numbers, key);
  g_autoptr (PGresult) result = NULL;

  if (known != NULL) {
    *number = *(gint64 *) known;
    return TRUE;
  }
  result = bolo_station_pq_query (&self->pq, sql, values->n, values->texts, FALSE, error);
  if (result == NULL)
    return FALSE;
  *number = bolo_station_pq_get_int (result, 0, 0);
  g_hash_table_replace (self->numbers, g_strdup (key), g_memdup2 (number, sizeof *number));
  return TRUE;
}

static gboolean
store_get_car (BoloStationStore *store, const char *name, gint64 *number, GError **error)
{
  BoloStationValues values = {0};

  bolo_station_values_add_text (&values, name);
  return get_number (BOLO_STATION_POSTGRES (store), name,
                     "INSERT INTO car (name) VALUES ($1)"
                     " ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING number",
                     &values, number, error);
}

static gboolean
store_get_session (
  BoloStationStore *store, gint64 car, const char *name, gint64 *number, GError **error)
{
  BoloStationPostgres *self = BOLO_STATION_POSTGRES (store);
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT " %s", car, name);
  BoloStationValues values = {0};

  bolo_station_values_add_int (&values, car);
  bolo_station_values_add_text (&values, name);
  bolo_station_values_add_int (&values, self->now_us);
  return get_number (self, key,
                     "INSERT INTO session (car, name, began_us) VALUES ($1, $2, $3)"
                     " ON CONFLICT (car, name) DO UPDATE SET name = excluded.name RETURNING number",
                     &values, number, error);
}

static gboolean
change (BoloStationStore *store, const char *sql, const BoloStationValues *values, GError **error)
{
  g_autoptr (PGresult) result = bolo_station_pq_query (&BOLO_STATION_POSTGRES (store)->pq, sql,
                                                       values->n, values->texts, FALSE, error);

  return result != NULL;
}

static gboolean
store_save_car (BoloStationStore *store, const BoloStationCar *car, GError **error)
{
  BoloStationValues values = {0};

  bolo_station_values_add_text (&values, car->name);
  bolo_station_values_add_int (&values, car->last_us);
  bolo_station_values_add_int (&values, car->backlog);
  bolo_station_values_add_int (&values, car->oldest_us);
  bolo_station_values_add_text (&values, car->lists);
  bolo_station_values_add_int (&values, car->manifest);
  bolo_station_values_add_int (&values, car->manifest_us);
  return change (
    store,
    "INSERT INTO car AS old (name, last_us, backlog, oldest_us, lists, manifest, manifest_us)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO UPDATE SET"
    " last_us = excluded.last_us,"
    " oldest_us = CASE WHEN excluded.backlog < 0 THEN old.oldest_us ELSE excluded.oldest_us END,"
    " backlog = CASE WHEN excluded.backlog < 0 THEN old.backlog ELSE excluded.backlog END,"
    " lists = coalesce (excluded.lists, old.lists),"
    " manifest_us = CASE WHEN excluded.manifest = 0 THEN old.manifest_us"
    " ELSE excluded.manifest_us END,"
    " manifest = CASE WHEN excluded.manifest = 0 THEN old.manifest ELSE excluded.manifest END",
    &values, error);
}

static gboolean
store_find (BoloStationStore *store, GPtrArray *entries, GError **error)
{
  g_autoptr (GString) cars = g_string_new (NULL);
  g_autoptr (GString) topics = g_string_new (NULL);
  g_autoptr (GString) ids = g_string_new (NULL);
  g_autoptr (GString) states = g_string_new (NULL);
  g_autoptr (PGresult) result = NULL;

  if (entries->len == 0)
    return TRUE;
  for (guint i = 0; i < entries->len; i++) {
    BoloStationEntry *entry = entries->pdata[i];

    bolo_station_array_add_int (cars, entry->car);
    bolo_station_array_add_int (topics, entry->topic);
    bolo_station_array_add_text (ids, entry->id);
    bolo_station_array_add_int (states, entry->state);
    entry->number = 0;
  }
  g_string_append_c (cars, '}');
  g_string_append_c (topics, '}');
  g_string_append_c (ids, '}');
  g_string_append_c (states, '}');
  const char *const values[] = {cars->str, topics->str, ids->str, states->str};
  result =
    bolo_station_pq_query (&BOLO_STATION_POSTGRES (store)->pq,
                           "SELECT n, number, encode (hash, 'hex')"
                           " FROM unnest ($1::bigint[], $2::smallint[], $3::text[], $4::bigint[])"
                           " WITH ORDINALITY AS asked (car, topic, id, state, n)"
                           " JOIN identity USING (car, topic, id, state)",
                           G_N_ELEMENTS (values), values, FALSE, error);
  for (int row = 0; result != NULL && row < PQntuples (result); row++) {
    BoloStationEntry *entry = entries->pdata[bolo_station_pq_get_int (result, row, 0) - 1];

    entry->number = bolo_station_pq_get_int (result, row, 1);
    bolo_station_pq_get_hash (result, row, 2, entry->kept_hash);
  }
  return result != NULL;
}

static void
copy_identity (BoloStationCopy *copy, const BoloStationEntry *entry)
{
  gsize bytes = entry->picture != NULL ? g_bytes_get_size (entry->picture)
                : entry->body != NULL  ? strlen (entry->body)
                                       : 0;

  bolo_station_copy_begin_row (copy, 8);
  bolo_station_copy_add_int8 (copy, entry->number);
  bolo_station_copy_add_int8 (copy, entry->car);
  bolo_station_copy_add_int2 (copy, (gint16) entry->topic);
  bolo_station_copy_add_bytes (copy, entry->id, strlen (entry->id));
  bolo_station_copy_add_int8 (copy, entry->state);
  bolo_station_copy_add_bytes (copy, entry->hash, BOLO_BATCH_HASH_BYTES);
  if (entry->session != 0)
    bolo_station_copy_add_int8 (copy, entry->session);
  else
    bolo_station_copy_add_null (copy);
  bolo_station_copy_add_int8 (copy, (gint64) bytes);
}

static void
copy_item (BoloStationPostgres *self, BoloStationCopy *copy, const BoloStationEntry *entry)
{
  bolo_station_copy_begin_row (copy, 4);
  bolo_station_copy_add_int8 (copy, entry->number);
  bolo_station_copy_add_int8 (copy, self->now_us);
  bolo_station_copy_add_bytes (copy, entry->body, entry->body != NULL ? strlen (entry->body) : 0);
  if (entry->picture != NULL)
    bolo_station_copy_add_bytes (copy, g_bytes_get_data (entry->picture, NULL),
                                 g_bytes_get_size (entry->picture));
  else
    bolo_station_copy_add_null (copy);
}

static gboolean
add_hit (BoloStationStore *store, const BoloStationEntry *entry, GError **error)
{
  BoloStationValues values = {0};

  bolo_station_values_add_int (&values, entry->number);
  bolo_station_values_add_int (&values, entry->car);
  bolo_station_values_add_text (&values, entry->id);
  bolo_station_values_add_int (&values, entry->state);
  bolo_station_values_add_int (&values, BOLO_STATION_POSTGRES (store)->now_us);
  bolo_station_values_add_int (&values, entry->at_us);
  bolo_station_values_add_text (&values, entry->mark);
  bolo_station_values_add_text (&values, entry->category);
  bolo_station_values_add_text (&values, entry->match);
  bolo_station_values_add_double (&values, entry->latitude_deg);
  bolo_station_values_add_double (&values, entry->longitude_deg);
  bolo_station_values_add_int (&values, entry->is_covert);
  return change (
    store,
    "INSERT INTO hit AS old (number, car, id, state, received_us, at_us, mark, category, match,"
    " latitude_deg, longitude_deg, is_covert, kind)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
    " coalesce ((SELECT kind FROM disposition WHERE car = $2 AND hit = $3"
    " ORDER BY number DESC LIMIT 1), 0))"
    " ON CONFLICT (car, id) DO UPDATE SET number = excluded.number, state = excluded.state,"
    " received_us = excluded.received_us, mark = excluded.mark, category = excluded.category,"
    " match = excluded.match, latitude_deg = excluded.latitude_deg,"
    " longitude_deg = excluded.longitude_deg, is_covert = excluded.is_covert"
    " WHERE excluded.state > old.state",
    &values, error);
}

static gboolean
add_disposition (BoloStationStore *store, const BoloStationEntry *entry, GError **error)
{
  BoloStationValues values = {0};

  bolo_station_values_add_int (&values, entry->number);
  bolo_station_values_add_int (&values, entry->car);
  bolo_station_values_add_text (&values, entry->hit);
  bolo_station_values_add_int (&values, entry->kind);
  return change (store, "INSERT INTO disposition (number, car, hit, kind) VALUES ($1, $2, $3, $4)",
                 &values, error) &&
         change (store, "UPDATE hit SET number = $1, kind = $4 WHERE car = $2 AND id = $3", &values,
                 error);
}

static gboolean
store_add (BoloStationStore *store, GPtrArray *entries, GError **error)
{
  BoloStationPostgres *self = BOLO_STATION_POSTGRES (store);
  g_autoptr (GByteArray) identities = bolo_station_copy_new ();
  g_autoptr (GByteArray) items = bolo_station_copy_new ();

  if (entries->len == 0)
    return TRUE;
  for (guint i = 0; i < entries->len; i++) {
    BoloStationEntry *entry = entries->pdata[i];

    entry->number = ++self->last_number;
    copy_identity (identities, entry);
    copy_item (self, items, entry);
  }
  if (!bolo_station_pq_copy (&self->pq,
                             "COPY identity (number, car, topic, id, state, hash, session, bytes)"
                             " FROM STDIN (FORMAT binary)",
                             identities, error) ||
      !bolo_station_pq_copy (
        &self->pq, "COPY item (number, received_us, body, picture) FROM STDIN (FORMAT binary)",
        items, error))
    return FALSE;
  for (guint i = 0; i < entries->len; i++) {
    const BoloStationEntry *entry = entries->pdata[i];

    if ((entry->topic == BOLO_BATCH_HIT && !add_hit (store, entry, error)) ||
        (entry->hit != NULL && !add_disposition (store, entry, error)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
store_touch (BoloStationStore *store, GPtrArray *entries, GError **error)
{
  g_autoptr (GString) numbers = g_string_new (NULL);
  g_autoptr (GString) sessions = g_string_new (NULL);
  BoloStationValues values = {0};

  if (entries->len == 0)
    return TRUE;
  for (guint i = 0; i < entries->len; i++) {
    const BoloStationEntry *entry = entries->pdata[i];

    bolo_station_array_add_int (numbers, entry->number);
    bolo_station_array_add_int (sessions, entry->session);
  }
  g_string_append_c (numbers, '}');
  g_string_append_c (sessions, '}');
  bolo_station_values_add_text (&values, numbers->str);
  bolo_station_values_add_text (&values, sessions->str);
  return change (store,
                 "UPDATE identity SET session = told.session FROM"
                 " unnest ($1::bigint[], $2::bigint[]) AS told (number, session)"
                 " WHERE identity.number = told.number",
                 &values, error);
}

static gboolean
store_get_part (
  BoloStationStore *store, gint64 car, const char *id, BoloStationPart *part, GError **error)
{
  BoloStationValues values = {0};
  g_autoptr (PGresult) result = NULL;

  bolo_station_values_add_int (&values, car);
  bolo_station_values_add_text (&values, id);
  result = bolo_station_pq_query (
    &BOLO_STATION_POSTGRES (store)->pq,
    "SELECT encode (hash, 'hex'), total, start + octet_length (data) FROM part"
    " WHERE car = $1 AND id = $2 ORDER BY start DESC LIMIT 1",
    values.n, values.texts, FALSE, error);
  *part = (BoloStationPart){0};
  if (result != NULL && PQntuples (result) > 0) {
    bolo_station_pq_get_hash (result, 0, 0, part->hash);
    part->total = (gsize) bolo_station_pq_get_int (result, 0, 1);
    part->kept = (gsize) bolo_station_pq_get_int (result, 0, 2);
  }
  return result != NULL;
}

static gboolean
store_add_part (BoloStationStore *store,
                gint64 car,
                const char *id,
                const BoloStationPart *part,
                GBytes *bytes,
                GError **error)
{
  BoloStationPostgres *self = BOLO_STATION_POSTGRES (store);
  g_autoptr (GByteArray) copy = bolo_station_copy_new ();

  bolo_station_copy_begin_row (copy, 7);
  bolo_station_copy_add_int8 (copy, car);
  bolo_station_copy_add_bytes (copy, id, strlen (id));
  bolo_station_copy_add_int8 (copy, (gint64) part->kept);
  bolo_station_copy_add_bytes (copy, part->hash, sizeof part->hash);
  bolo_station_copy_add_int8 (copy, (gint64) part->total);
  bolo_station_copy_add_int8 (copy, self->now_us);
  bolo_station_copy_add_bytes (copy, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return bolo_station_pq_copy (&self->pq,
                               "COPY part (car, id, start, hash, total, received_us, data)"
                               " FROM STDIN (FORMAT binary)",
                               copy, error);
}

static GBytes *
store_join_parts (BoloStationStore *store, gint64 car, const char *id, GError **error)
{
  g_autoptr (GByteArray) joined = g_byte_array_new ();
  g_autoptr (PGresult) result = NULL;
  BoloStationValues values = {0};

  bolo_station_values_add_int (&values, car);
  bolo_station_values_add_text (&values, id);
  result = bolo_station_pq_query (&BOLO_STATION_POSTGRES (store)->pq,
                                  "SELECT data FROM part WHERE car = $1 AND id = $2 ORDER BY start",
                                  values.n, values.texts, TRUE, error);
  if (result == NULL)
    return NULL;
  for (int row = 0; row < PQntuples (result); row++)
    g_byte_array_append (joined, (const guint8 *) PQgetvalue (result, row, 0),
                         (guint) PQgetlength (result, row, 0));
  return g_byte_array_free_to_bytes (g_steal_pointer (&joined));
}

static gboolean
store_drop_parts (BoloStationStore *store, gint64 car, const char *id, GError **error)
{
  BoloStationValues values = {0};

  bolo_station_values_add_int (&values, car);
  bolo_station_values_add_text (&values, id);
  return change (store, "DELETE FROM part WHERE car = $1 AND id = $2", &values, error);
}

static gboolean
store_drop_old_parts (BoloStationStore *store, gint64 before_us, GError **error)
{
  BoloStationValues values = {0};

  bolo_station_values_add_int (&values, before_us);
  return change (store,
                 "DELETE FROM part WHERE (car, id) IN (SELECT car, id FROM part"
                 " GROUP BY car, id HAVING max (received_us) < $1)",
                 &values, error);
}

/* Of topic 8, audit, nothing is purged. One statement, so that all of it sees the same rows. */
static gboolean
store_purge (BoloStationStore *store, gint64 before_us, guint max, gint64 *n_items, GError **error)
{
  BoloStationPostgres *self = BOLO_STATION_POSTGRES (store);
  g_autoptr (PGresult) result = NULL;
  BoloStationValues values = {0};

  bolo_station_values_add_int (&values, before_us);
  bolo_station_values_add_int (&values, max);
  bolo_station_values_add_int (&values, self->now_us);
  result = bolo_station_pq_query (
    &self->pq,
    "WITH due AS (SELECT i.number, i.received_us, d.car, d.topic, d.id FROM item i"
    "  JOIN identity d ON d.number = i.number WHERE i.received_us < $1 AND d.topic <> 8"
    "  ORDER BY i.received_us, i.number LIMIT $2),"
    " a AS (DELETE FROM item i USING due WHERE i.number = due.number"
    "  AND i.received_us = due.received_us),"
    " b AS (DELETE FROM disposition WHERE number IN (SELECT number FROM due)),"
    " c AS (DELETE FROM hit USING due WHERE due.topic = 1 AND hit.car = due.car"
    "  AND hit.id = due.id AND hit.received_us < $1),"
    " d AS (DELETE FROM identity WHERE number IN (SELECT number FROM due)),"
    " n AS (SELECT count(*) AS items FROM due),"
    " p AS (INSERT INTO purge (at_us, before_us, items)"
    "  SELECT $3::bigint, $1::bigint, items FROM n WHERE items > 0)"
    " SELECT items FROM n",
    values.n, values.texts, FALSE, error);
  if (result == NULL)
    return FALSE;
  *n_items = bolo_station_pq_get_int (result, 0, 0);
  return TRUE;
}

static GPtrArray *
store_list_cars (BoloStationStore *store, GError **error)
{
  g_autoptr (PGresult) result = bolo_station_pq_query (
    &BOLO_STATION_POSTGRES (store)->pq,
    "SELECT number, name, last_us, backlog, oldest_us, lists, manifest, manifest_us"
    " FROM car ORDER BY name COLLATE \"C\"",
    0, NULL, FALSE, error);
  GPtrArray *cars;

  if (result == NULL)
    return NULL;
  cars = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_station_car_free);
  for (int row = 0; row < PQntuples (result); row++) {
    BoloStationCar *car = g_new0 (BoloStationCar, 1);

    car->number = bolo_station_pq_get_int (result, row, 0);
    car->name = bolo_station_pq_get_text (result, row, 1);
    car->last_us = bolo_station_pq_get_int (result, row, 2);
    car->backlog = bolo_station_pq_get_int (result, row, 3);
    car->oldest_us = bolo_station_pq_get_int (result, row, 4);
    car->lists = bolo_station_pq_get_text (result, row, 5);
    car->manifest = bolo_station_pq_get_int (result, row, 6);
    car->manifest_us = bolo_station_pq_get_int (result, row, 7);
    g_ptr_array_add (cars, car);
  }
  return cars;
}

static BoloStationHit *
take_hit (const PGresult *result, int row)
{
  BoloStationHit *hit = g_new0 (BoloStationHit, 1);

  hit->number = bolo_station_pq_get_int (result, row, 0);
  hit->car = bolo_station_pq_get_text (result, row, 1);
  hit->id = bolo_station_pq_get_text (result, row, 2);
  hit->mark = bolo_station_pq_get_text (result, row, 3);
  hit->category = bolo_station_pq_get_text (result, row, 4);
  hit->match = bolo_station_pq_get_text (result, row, 5);
  hit->at_us = bolo_station_pq_get_int (result, row, 6);
  hit->latitude_deg = bolo_station_pq_get_double (result, row, 7);
  hit->longitude_deg = bolo_station_pq_get_double (result, row, 8);
  hit->is_covert = bolo_station_pq_get_int (result, row, 9) != 0;
  hit->kind = (int) bolo_station_pq_get_int (result, row, 10);
  return hit;
}

static GPtrArray *
store_list_hits (BoloStationStore *store, gint64 after, gint64 since_us, guint max, GError **error)
{
  g_autoptr (PGresult) result = NULL;
  GPtrArray *hits;
  BoloStationValues values = {0};

  bolo_station_values_add_int (&values, after);
  bolo_station_values_add_int (&values, since_us);
  bolo_station_values_add_int (&values, max);
  result = bolo_station_pq_query (
    &BOLO_STATION_POSTGRES (store)->pq,
    "SELECT * FROM (SELECT hit.number, car.name, id, mark, category, match, at_us,"
    " latitude_deg, longitude_deg, is_covert, kind FROM hit JOIN car ON car.number = hit.car"
    " WHERE hit.number > $1 AND received_us >= $2 ORDER BY hit.number DESC LIMIT $3) AS newest"
    " ORDER BY number",
    values.n, values.texts, FALSE, error);
  if (result == NULL)
    return NULL;
  hits = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_station_hit_free);
  for (int row = 0; row < PQntuples (result); row++)
    g_ptr_array_add (hits, take_hit (result, row));
  return hits;
}

static GArray *
store_list_load (BoloStationStore *store, gint64 since_us, GError **error)
{
  g_autoptr (PGresult) result = NULL;
  GArray *load;
  BoloStationValues values = {0};

  bolo_station_values_add_int (&values, since_us);
  result =
    bolo_station_pq_query (&BOLO_STATION_POSTGRES (store)->pq,
                           "SELECT at_us / 3600000000 * 3600000000 AS hour, count (*) FROM hit"
                           " WHERE at_us >= $1 GROUP BY hour ORDER BY hour",
                           values.n, values.texts, FALSE, error);
  if (result == NULL)
    return NULL;
  load = g_array_new (FALSE, FALSE, sizeof (BoloStationLoad));
  for (int row = 0; row < PQntuples (result); row++) {
    BoloStationLoad hour = {bolo_station_pq_get_int (result, row, 0),
                            bolo_station_pq_get_int (result, row, 1)};

    g_array_append_val (load, hour);
  }
  return load;
}

static gboolean
store_visit_session (BoloStationStore *store,
                     const char *car,
                     const char *session,
                     BoloStationEach each,
                     gpointer user_data,
                     GError **error)
{
  g_autoptr (PGresult) result = NULL;
  BoloStationValues values = {0};

  bolo_station_values_add_text (&values, car);
  bolo_station_values_add_text (&values, session);
  result = bolo_station_pq_query (
    &BOLO_STATION_POSTGRES (store)->pq,
    "SELECT topic, id, state, bytes FROM identity WHERE session ="
    " (SELECT session.number FROM session JOIN car ON car.number = session.car"
    " WHERE car.name = $1 AND session.name = $2)",
    values.n, values.texts, FALSE, error);
  for (int row = 0; result != NULL && row < PQntuples (result); row++)
    each ((BoloBatchTopic) bolo_station_pq_get_int (result, row, 0), PQgetvalue (result, row, 1),
          bolo_station_pq_get_int (result, row, 2),
          (gsize) bolo_station_pq_get_int (result, row, 3), user_data);
  return result != NULL;
}

static void
store_init (BoloStationStoreInterface *iface)
{
  iface->begin = store_begin;
  iface->commit = store_commit;
  iface->roll_back = store_roll_back;
  iface->find_car = store_find_car;
  iface->get_car = store_get_car;
  iface->get_session = store_get_session;
  iface->save_car = store_save_car;
  iface->find = store_find;
  iface->add = store_add;
  iface->touch = store_touch;
  iface->get_part = store_get_part;
  iface->add_part = store_add_part;
  iface->join_parts = store_join_parts;
  iface->drop_parts = store_drop_parts;
  iface->drop_old_parts = store_drop_old_parts;
  iface->purge = store_purge;
  iface->list_cars = store_list_cars;
  iface->list_hits = store_list_hits;
  iface->list_load = store_list_load;
  iface->visit_session = store_visit_session;
}

static void
bolo_station_postgres_finalize (GObject *object)
{
  BoloStationPostgres *self = BOLO_STATION_POSTGRES (object);

  g_clear_pointer (&self->pq.connection, PQfinish);
  g_hash_table_unref (self->numbers);
  G_OBJECT_CLASS (bolo_station_postgres_parent_class)->finalize (object);
}

static void
bolo_station_postgres_class_init (BoloStationPostgresClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_station_postgres_finalize;
}

static void
bolo_station_postgres_init (BoloStationPostgres *self)
{
  self->numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/* "relation exists already" and the like: not for anybody. */
static void
on_notice (void *user_data, const PGresult *result)
{
}

static gboolean
become_writer (BoloStationPostgres *self, GError **error)
{
  g_autoptr (PGresult) lock = NULL;
  g_autoptr (PGresult) version = NULL;
  g_autoptr (PGresult) last = NULL;

  lock = bolo_station_pq_query (&self->pq, "SELECT pg_try_advisory_lock (" WRITER_LOCK ")::int", 0,
                                NULL, FALSE, error);
  if (lock == NULL)
    return FALSE;
  if (bolo_station_pq_get_int (lock, 0, 0) != 1) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_BUSY,
                         "another bolo-station writes into this PostgreSQL database");
    return FALSE;
  }
  /* Whatever the server's own setting: what is answered "stored" is on its disk. */
  if (!bolo_station_pq_run (&self->pq, "SET synchronous_commit = on", error) ||
      !bolo_station_pq_run (&self->pq, schema, error))
    return FALSE;
  version =
    bolo_station_pq_query (&self->pq, "SELECT version FROM bolo_station", 0, NULL, FALSE, error);
  if (version == NULL)
    return FALSE;
  if (bolo_station_pq_get_int (version, 0, 0) != 1) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED,
                 "the PostgreSQL database has version %" G_GINT64_FORMAT
                 " and this program knows 1; use the newer program",
                 bolo_station_pq_get_int (version, 0, 0));
    return FALSE;
  }
  last =
    bolo_station_pq_query (&self->pq, "SELECT max (number) FROM identity", 0, NULL, FALSE, error);
  self->last_number = last != NULL ? bolo_station_pq_get_int (last, 0, 0) : 0;
  return last != NULL;
}

BoloStationStore *
bolo_station_postgres_new (const char *connection, gboolean is_reader, GError **error)
{
  /* What stands in @connection counts more than what stands above it. */
  const char *const names[] = {"connect_timeout", "application_name", "dbname", NULL};
  const char *const values[] = {"10", "bolo-station", connection, NULL};
  g_autoptr (BoloStationPostgres) self = NULL;

  g_return_val_if_fail (connection != NULL, NULL);

  self = g_object_new (BOLO_TYPE_STATION_POSTGRES, NULL);
  self->pq.is_reader = is_reader;
  self->pq.connection = PQconnectdbParams (names, values, 1);
  if (PQstatus (self->pq.connection) != CONNECTION_OK) {
    bolo_station_pq_fail (&self->pq, NULL, error);
    return NULL;
  }
  PQsetNoticeReceiver (self->pq.connection, on_notice, NULL);
  if (PQsetClientEncoding (self->pq.connection, "UTF8") != 0) {
    bolo_station_pq_fail (&self->pq, NULL, error);
    return NULL;
  }
  return is_reader || become_writer (self, error) ? BOLO_STATION_STORE (g_steal_pointer (&self))
                                                  : NULL;
}
