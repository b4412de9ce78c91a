/* bolo-station-sqlite.c: a station's records in one SQLite file
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-sqlite"

#include "bolo-station-sqlite.h"

#include "bolo-db.h"
#include "bolo-station-pack.h"

#include <string.h>

/* BoloStationSqlite: a connection. Lives on the thread that opened it. */
struct _BoloStationSqlite {
  GObject parent_instance;

  BoloDb *db;            /* (owned) */
  BoloStationPack *pack; /* (owned) (nullable): of one that writes */
  gint64 now_us;         /* of the transaction */
};

static void store_init (BoloStationStoreInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BoloStationSqlite,
                               bolo_station_sqlite,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOLO_TYPE_STATION_STORE, store_init))

static gboolean
create_tables (BoloDb *db, GError **error)
{
  return bolo_db_execute (
    db,
    "CREATE TABLE car (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " last_us INTEGER NOT NULL DEFAULT 0, backlog INTEGER NOT NULL DEFAULT -1,"
    " oldest_us INTEGER NOT NULL DEFAULT 0, lists TEXT, manifest INTEGER NOT NULL DEFAULT 0,"
    " manifest_us INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE TABLE session (number INTEGER PRIMARY KEY,"
    " car INTEGER NOT NULL REFERENCES car (number), name TEXT NOT NULL, began_us INTEGER NOT NULL,"
    " UNIQUE (car, name)) STRICT;"
    "CREATE TABLE item (number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " car INTEGER NOT NULL REFERENCES car (number), topic INTEGER NOT NULL, id TEXT NOT NULL,"
    " state INTEGER NOT NULL, hash BLOB NOT NULL,"
    " session INTEGER REFERENCES session (number), received_us INTEGER NOT NULL, body TEXT,"
    " picture BLOB, UNIQUE (car, topic, id, state)) STRICT;"
    "CREATE INDEX item_session ON item (session) WHERE session IS NOT NULL;"
    "CREATE TABLE part (car INTEGER NOT NULL REFERENCES car (number), id TEXT NOT NULL,"
    " start INTEGER NOT NULL, hash BLOB NOT NULL, total INTEGER NOT NULL,"
    " received_us INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (car, id, start)) STRICT;"
    "CREATE TABLE hit (number INTEGER NOT NULL UNIQUE,"
    " car INTEGER NOT NULL REFERENCES car (number), id TEXT NOT NULL, state INTEGER NOT NULL,"
    " received_us INTEGER NOT NULL, at_us INTEGER NOT NULL, mark TEXT, category TEXT, match TEXT,"
    " latitude_deg REAL, longitude_deg REAL, is_covert INTEGER NOT NULL,"
    " kind INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (car, id)) STRICT;"
    "CREATE INDEX hit_at ON hit (at_us);"
    "CREATE TABLE disposition (number INTEGER PRIMARY KEY, car INTEGER NOT NULL,"
    " hit TEXT NOT NULL, kind INTEGER NOT NULL) STRICT;"
    "CREATE INDEX disposition_hit ON disposition (car, hit);",
    error);
}

static gboolean
create_purge (BoloDb *db, GError **error)
{
  return bolo_db_execute (db,
                          "CREATE INDEX item_received ON item (received_us);"
                          "CREATE TABLE purge (number INTEGER PRIMARY KEY, at_us INTEGER NOT NULL,"
                          " before_us INTEGER NOT NULL, items INTEGER NOT NULL) STRICT;",
                          error);
}

static gboolean
store_begin (BoloStationStore *store, gint64 now_us, GError **error)
{
  BoloStationSqlite *self = BOLO_STATION_SQLITE (store);

  self->now_us = now_us;
  return bolo_db_begin (self->db, error);
}

static gboolean
store_commit (BoloStationStore *store, GError **error)
{
  BoloStationSqlite *self = BOLO_STATION_SQLITE (store);
  gboolean is_done = bolo_station_pack_write (self->pack, self->now_us, error);

  if (!is_done)
    bolo_db_roll_back (self->db);
  is_done = is_done && bolo_db_commit (self->db, error);
  bolo_station_pack_end (self->pack, is_done);
  return is_done;
}

static void
store_roll_back (BoloStationStore *store)
{
  BoloStationSqlite *self = BOLO_STATION_SQLITE (store);

  bolo_db_roll_back (self->db);
  bolo_station_pack_end (self->pack, FALSE);
}

/* The number in the first column; 0 where there is no row. */
static gboolean
read_number (BoloStatement *statement, gint64 *number, GError **error)
{
  gboolean has_row;

  if (!bolo_statement_step (statement, &has_row, error))
    return FALSE;
  *number = has_row ? bolo_statement_get_int64 (statement, 0) : 0;
  bolo_statement_reset (statement);
  return TRUE;
}

static gboolean
store_find_car (BoloStationStore *store, const char *name, gint64 *number, GError **error)
{
  BoloStationSqlite *self = BOLO_STATION_SQLITE (store);
  BoloStatement *statement =
    bolo_db_prepare (self->db, "SELECT number FROM car WHERE name = ?1", error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, name);
  return read_number (statement, number, error);
}

static gboolean
store_get_car (BoloStationStore *store, const char *name, gint64 *number, GError **error)
{
  BoloStationSqlite *self = BOLO_STATION_SQLITE (store);
  BoloStatement *statement;

  if (!store_find_car (store, name, number, error))
    return FALSE;
  if (*number != 0)
    return TRUE;
  statement = bolo_db_prepare (self->db, "INSERT INTO car (name) VALUES (?1)", error);
  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, name);
  if (!bolo_statement_run (statement, error))
    return FALSE;
  *number = bolo_db_get_last_row (self->db);
  return TRUE;
}

static gboolean
store_get_session (
  BoloStationStore *store, gint64 car, const char *name, gint64 *number, GError **error)
{
  BoloStationSqlite *self = BOLO_STATION_SQLITE (store);
  BoloStatement *statement =
    bolo_db_prepare (self->db, "SELECT number FROM session WHERE car = ?1 AND name = ?2", error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, car);
  bolo_statement_bind_text (statement, 2, name);
  if (!read_number (statement, number, error))
    return FALSE;
  if (*number != 0)
    return TRUE;
  statement = bolo_db_prepare (
    self->db, "INSERT INTO session (car, name, began_us) VALUES (?1, ?2, ?3)", error);
  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, car);
  bolo_statement_bind_text (statement, 2, name);
  bolo_statement_bind_int64 (statement, 3, self->now_us);
  if (!bolo_statement_run (statement, error))
    return FALSE;
  *number = bolo_db_get_last_row (self->db);
  return TRUE;
}

static gboolean
store_save_car (BoloStationStore *store, const BoloStationCar *car, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    BOLO_STATION_SQLITE (store)->db,
    "INSERT INTO car (name, last_us, backlog, oldest_us, lists, manifest, manifest_us)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (name) DO UPDATE SET last_us = ?2,"
    " oldest_us = iif (?3 < 0, oldest_us, ?4), backlog = iif (?3 < 0, backlog, ?3),"
    " lists = coalesce (?5, lists), manifest_us = iif (?6 = 0, manifest_us, ?7),"
    " manifest = iif (?6 = 0, manifest, ?6)",
    error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, car->name);
  bolo_statement_bind_int64 (statement, 2, car->last_us);
  bolo_statement_bind_int64 (statement, 3, car->backlog);
  bolo_statement_bind_int64 (statement, 4, car->oldest_us);
  bolo_statement_bind_text (statement, 5, car->lists);
  bolo_statement_bind_int64 (statement, 6, car->manifest);
  bolo_statement_bind_int64 (statement, 7, car->manifest_us);
  return bolo_statement_run (statement, error);
}

static void
take_hash (BoloStatement *statement, int column, guint8 *hash)
{
  g_autoptr (GBytes) bytes = bolo_statement_get_bytes (statement, column);
  gsize length = 0;
  const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  if (length == BOLO_BATCH_HASH_BYTES)
    memcpy (hash, data, length);
}

static gboolean
store_find (BoloStationStore *store, GPtrArray *entries, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (BOLO_STATION_SQLITE (store)->db,
                     "SELECT number, hash FROM item WHERE car = ?1 AND topic = ?2 AND id = ?3"
                     " AND state = ?4",
                     error);

  if (statement == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++) {
    BoloStationEntry *entry = entries->pdata[i];
    gboolean has_row;

    bolo_statement_bind_int64 (statement, 1, entry->car);
    bolo_statement_bind_int64 (statement, 2, entry->topic);
    bolo_statement_bind_text (statement, 3, entry->id);
    bolo_statement_bind_int64 (statement, 4, entry->state);
    if (!bolo_statement_step (statement, &has_row, error))
      return FALSE;
    entry->number = has_row ? bolo_statement_get_int64 (statement, 0) : 0;
    if (has_row)
      take_hash (statement, 1, entry->kept_hash);
    bolo_statement_reset (statement);
  }
  return TRUE;
}

/* Where the picture of an entry stands, or that it has none (length 0). */
static void
bind_spot (BoloStatement *statement, int first, const BoloStationSpot *spot)
{
  const gint64 values[] = {spot->pack, spot->start, spot->length};

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    if (spot->length > 0)
      bolo_statement_bind_int64 (statement, first + (int) i, values[i]);
    else
      bolo_statement_bind_null (statement, first + (int) i);
  }
}

static gboolean
add_item (BoloStationSqlite *self,
          BoloStationEntry *entry,
          const BoloStationSpot *spot,
          GError **error)
{
  g_autoptr (GBytes) hash = g_bytes_new (entry->hash, BOLO_BATCH_HASH_BYTES);
  BoloStatement *statement = bolo_db_prepare (
    self->db,
    "INSERT INTO item (car, topic, id, state, hash, session, received_us, body, pack, start,"
    " length) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    error);

  if (statement == NULL)
    return FALSE;
  bind_spot (statement, 9, spot);
  bolo_statement_bind_int64 (statement, 1, entry->car);
  bolo_statement_bind_int64 (statement, 2, entry->topic);
  bolo_statement_bind_text (statement, 3, entry->id);
  bolo_statement_bind_int64 (statement, 4, entry->state);
  bolo_statement_bind_bytes (statement, 5, hash);
  if (entry->session != 0)
    bolo_statement_bind_int64 (statement, 6, entry->session);
  else
    bolo_statement_bind_null (statement, 6);
  bolo_statement_bind_int64 (statement, 7, self->now_us);
  bolo_statement_bind_text (statement, 8, entry->body);
  if (!bolo_statement_run (statement, error))
    return FALSE;
  entry->number = bolo_db_get_last_row (self->db);
  return TRUE;
}

static gboolean
add_hit (BoloStationSqlite *self, const BoloStationEntry *entry, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    self->db,
    "INSERT INTO hit (number, car, id, state, received_us, at_us, mark, category, match,"
    " latitude_deg, longitude_deg, is_covert, kind)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
    " coalesce ((SELECT kind FROM disposition WHERE car = ?2 AND hit = ?3"
    " ORDER BY number DESC LIMIT 1), 0))"
    " ON CONFLICT (car, id) DO UPDATE SET number = ?1, state = ?4, received_us = ?5, mark = ?7,"
    " category = ?8, match = ?9, latitude_deg = ?10, longitude_deg = ?11, is_covert = ?12"
    " WHERE ?4 > state",
    error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, entry->number);
  bolo_statement_bind_int64 (statement, 2, entry->car);
  bolo_statement_bind_text (statement, 3, entry->id);
  bolo_statement_bind_int64 (statement, 4, entry->state);
  bolo_statement_bind_int64 (statement, 5, self->now_us);
  bolo_statement_bind_int64 (statement, 6, entry->at_us);
  bolo_statement_bind_text (statement, 7, entry->mark);
  bolo_statement_bind_text (statement, 8, entry->category);
  bolo_statement_bind_text (statement, 9, entry->match);
  bolo_statement_bind_double (statement, 10, entry->latitude_deg);
  bolo_statement_bind_double (statement, 11, entry->longitude_deg);
  bolo_statement_bind_int64 (statement, 12, entry->is_covert);
  return bolo_statement_run (statement, error);
}

static gboolean
add_disposition (BoloStationSqlite *self, const BoloStationEntry *entry, GError **error)
{
  static const char *const sql[] = {
    "INSERT INTO disposition (number, car, hit, kind) VALUES (?1, ?2, ?3, ?4)",
    /* Those who ask for what is new are told of it too. */
    "UPDATE hit SET number = ?1, kind = ?4 WHERE car = ?2 AND id = ?3",
  };

  for (guint i = 0; i < G_N_ELEMENTS (sql); i++) {
    BoloStatement *statement = bolo_db_prepare (self->db, sql[i], error);

    if (statement == NULL)
      return FALSE;
    bolo_statement_bind_int64 (statement, 1, entry->number);
    bolo_statement_bind_int64 (statement, 2, entry->car);
    bolo_statement_bind_text (statement, 3, entry->hit);
    bolo_statement_bind_int64 (statement, 4, entry->kind);
    if (!bolo_statement_run (statement, error))
      return FALSE;
  }
  return TRUE;
}

/* The disk has them to write while the rows are made. */
static gboolean
add_pictures (BoloStationSqlite *self, GPtrArray *entries, BoloStationSpot *spots, GError **error)
{
  for (guint i = 0; i < entries->len; i++) {
    const BoloStationEntry *entry = entries->pdata[i];

    if (entry->picture != NULL &&
        !bolo_station_pack_add (self->pack, self->now_us, entry->picture, &spots[i], error))
      return FALSE;
  }
  return bolo_station_pack_start (self->pack, error);
}

static gboolean
store_add (BoloStationStore *store, GPtrArray *entries, GError **error)
{
  BoloStationSqlite *self = BOLO_STATION_SQLITE (store);
  g_autofree BoloStationSpot *spots = g_new0 (BoloStationSpot, entries->len);

  if (!add_pictures (self, entries, spots, error))
    return FALSE;
  for (guint i = 0; i < entries->len; i++) {
    BoloStationEntry *entry = entries->pdata[i];

    if (!add_item (self, entry, &spots[i], error) ||
        (entry->topic == BOLO_BATCH_HIT && !add_hit (self, entry, error)) ||
        (entry->hit != NULL && !add_disposition (self, entry, error)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
store_touch (BoloStationStore *store, GPtrArray *entries, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    BOLO_STATION_SQLITE (store)->db, "UPDATE item SET session = ?2 WHERE number = ?1", error);

  for (guint i = 0; statement != NULL && i < entries->len; i++) {
    const BoloStationEntry *entry = entries->pdata[i];

    bolo_statement_bind_int64 (statement, 1, entry->number);
    bolo_statement_bind_int64 (statement, 2, entry->session);
    if (!bolo_statement_run (statement, error))
      return FALSE;
  }
  return statement != NULL;
}

static gboolean
store_get_part (
  BoloStationStore *store, gint64 car, const char *id, BoloStationPart *part, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (BOLO_STATION_SQLITE (store)->db,
                     "SELECT hash, total, start + length (data) FROM part"
                     " WHERE car = ?1 AND id = ?2 ORDER BY start DESC LIMIT 1",
                     error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, car);
  bolo_statement_bind_text (statement, 2, id);
  if (!bolo_statement_step (statement, &has_row, error))
    return FALSE;
  *part = (BoloStationPart){0};
  if (has_row) {
    take_hash (statement, 0, part->hash);
    part->total = (gsize) bolo_statement_get_int64 (statement, 1);
    part->kept = (gsize) bolo_statement_get_int64 (statement, 2);
  }
  bolo_statement_reset (statement);
  return TRUE;
}

static gboolean
store_add_part (BoloStationStore *store,
                gint64 car,
                const char *id,
                const BoloStationPart *part,
                GBytes *bytes,
                GError **error)
{
  BoloStationSqlite *self = BOLO_STATION_SQLITE (store);
  g_autoptr (GBytes) hash = g_bytes_new (part->hash, BOLO_BATCH_HASH_BYTES);
  BoloStatement *statement =
    bolo_db_prepare (self->db,
                     "INSERT INTO part (car, id, start, hash, total, received_us, data)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                     error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, car);
  bolo_statement_bind_text (statement, 2, id);
  bolo_statement_bind_int64 (statement, 3, (gint64) part->kept);
  bolo_statement_bind_bytes (statement, 4, hash);
  bolo_statement_bind_int64 (statement, 5, (gint64) part->total);
  bolo_statement_bind_int64 (statement, 6, self->now_us);
  bolo_statement_bind_bytes (statement, 7, bytes);
  return bolo_statement_run (statement, error);
}

static GBytes *
store_join_parts (BoloStationStore *store, gint64 car, const char *id, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (BOLO_STATION_SQLITE (store)->db,
                     "SELECT data FROM part WHERE car = ?1 AND id = ?2 ORDER BY start", error);
  g_autoptr (GByteArray) joined = g_byte_array_new ();
  gboolean has_row;

  if (statement == NULL)
    return NULL;
  bolo_statement_bind_int64 (statement, 1, car);
  bolo_statement_bind_text (statement, 2, id);
  while (bolo_statement_step (statement, &has_row, error)) {
    g_autoptr (GBytes) bytes = has_row ? bolo_statement_get_bytes (statement, 0) : NULL;

    if (!has_row) {
      bolo_statement_reset (statement);
      return g_byte_array_free_to_bytes (g_steal_pointer (&joined));
    }
    if (bytes != NULL)
      g_byte_array_append (joined, g_bytes_get_data (bytes, NULL),
                           (guint) g_bytes_get_size (bytes));
  }
  return NULL;
}

static gboolean
store_drop_parts (BoloStationStore *store, gint64 car, const char *id, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (BOLO_STATION_SQLITE (store)->db,
                                              "DELETE FROM part WHERE car = ?1 AND id = ?2", error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, car);
  bolo_statement_bind_text (statement, 2, id);
  return bolo_statement_run (statement, error);
}

static gboolean
store_drop_old_parts (BoloStationStore *store, gint64 before_us, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (BOLO_STATION_SQLITE (store)->db,
                     "DELETE FROM part WHERE (car, id) IN (SELECT car, id FROM part"
                     " GROUP BY car, id HAVING max (received_us) < ?1)",
                     error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, before_us);
  return bolo_statement_run (statement, error);
}

/* Of topic 8, audit, nothing is purged. */
#define DUE                                                                                        \
  "(SELECT number FROM item INDEXED BY item_received WHERE received_us < ?1 AND topic <> 8"        \
  " ORDER BY received_us, number LIMIT ?2)"

static gboolean
run_due (BoloDb *db, const char *sql, gint64 before_us, gint64 second, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, before_us);
  bolo_statement_bind_int64 (statement, 2, second);
  return bolo_statement_run (statement, error);
}

static gboolean
count_due (BoloDb *db, gint64 before_us, guint max, gint64 *n_items, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (db, "SELECT count(*) FROM " DUE, error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, before_us);
  bolo_statement_bind_int64 (statement, 2, max);
  return read_number (statement, n_items, error);
}

static gboolean
store_purge (BoloStationStore *store, gint64 before_us, guint max, gint64 *n_items, GError **error)
{
  BoloStationSqlite *self = BOLO_STATION_SQLITE (store);
  BoloStatement *statement;

  if (!count_due (self->db, before_us, max, n_items, error))
    return FALSE;
  if (*n_items < max && !bolo_station_pack_purge (self->pack, before_us, error))
    return FALSE;
  if (*n_items == 0)
    return TRUE;
  if (!run_due (self->db, "DELETE FROM disposition WHERE number IN " DUE, before_us, max, error) ||
      !run_due (self->db,
                "DELETE FROM hit WHERE (car, id) IN (SELECT car, id FROM item WHERE topic = 1"
                " AND number IN " DUE ") AND received_us < ?1",
                before_us, max, error) ||
      !run_due (self->db, "DELETE FROM item WHERE number IN " DUE, before_us, max, error))
    return FALSE;
  statement = bolo_db_prepare (
    self->db, "INSERT INTO purge (at_us, before_us, items) VALUES (?3, ?1, ?2)", error);
  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, before_us);
  bolo_statement_bind_int64 (statement, 2, *n_items);
  bolo_statement_bind_int64 (statement, 3, self->now_us);
  return bolo_statement_run (statement, error);
}

static GPtrArray *
store_list_cars (BoloStationStore *store, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (BOLO_STATION_SQLITE (store)->db,
                     "SELECT number, name, last_us, backlog, oldest_us, lists, manifest,"
                     " manifest_us FROM car ORDER BY name",
                     error);
  g_autoptr (GPtrArray) cars =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_station_car_free);
  gboolean has_row;

  if (statement == NULL)
    return NULL;
  while (bolo_statement_step (statement, &has_row, error)) {
    BoloStationCar *car;

    if (!has_row) {
      bolo_statement_reset (statement);
      return g_steal_pointer (&cars);
    }
    car = g_new0 (BoloStationCar, 1);
    car->number = bolo_statement_get_int64 (statement, 0);
    car->name = bolo_statement_get_text (statement, 1);
    car->last_us = bolo_statement_get_int64 (statement, 2);
    car->backlog = bolo_statement_get_int64 (statement, 3);
    car->oldest_us = bolo_statement_get_int64 (statement, 4);
    car->lists = bolo_statement_get_text (statement, 5);
    car->manifest = bolo_statement_get_int64 (statement, 6);
    car->manifest_us = bolo_statement_get_int64 (statement, 7);
    g_ptr_array_add (cars, car);
  }
  return NULL;
}

static BoloStationHit *
take_hit (BoloStatement *statement)
{
  BoloStationHit *hit = g_new0 (BoloStationHit, 1);

  hit->number = bolo_statement_get_int64 (statement, 0);
  hit->car = bolo_statement_get_text (statement, 1);
  hit->id = bolo_statement_get_text (statement, 2);
  hit->mark = bolo_statement_get_text (statement, 3);
  hit->category = bolo_statement_get_text (statement, 4);
  hit->match = bolo_statement_get_text (statement, 5);
  hit->at_us = bolo_statement_get_int64 (statement, 6);
  hit->latitude_deg = bolo_statement_get_double (statement, 7);
  hit->longitude_deg = bolo_statement_get_double (statement, 8);
  hit->is_covert = bolo_statement_get_int64 (statement, 9) != 0;
  hit->kind = (int) bolo_statement_get_int64 (statement, 10);
  return hit;
}

static GPtrArray *
store_list_hits (BoloStationStore *store, gint64 after, gint64 since_us, guint max, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    BOLO_STATION_SQLITE (store)->db,
    "SELECT * FROM (SELECT hit.number, car.name, id, mark, category, match, at_us, latitude_deg,"
    " longitude_deg, is_covert, kind FROM hit JOIN car ON car.number = hit.car"
    " WHERE hit.number > ?1 AND received_us >= ?2 ORDER BY hit.number DESC LIMIT ?3)"
    " ORDER BY number",
    error);
  g_autoptr (GPtrArray) hits =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_station_hit_free);
  gboolean has_row;

  if (statement == NULL)
    return NULL;
  bolo_statement_bind_int64 (statement, 1, after);
  bolo_statement_bind_int64 (statement, 2, since_us);
  bolo_statement_bind_int64 (statement, 3, max);
  while (bolo_statement_step (statement, &has_row, error)) {
    if (!has_row) {
      bolo_statement_reset (statement);
      return g_steal_pointer (&hits);
    }
    g_ptr_array_add (hits, take_hit (statement));
  }
  return NULL;
}

static GArray *
store_list_load (BoloStationStore *store, gint64 since_us, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (BOLO_STATION_SQLITE (store)->db,
                     "SELECT at_us / 3600000000 * 3600000000 AS hour, count (*) FROM hit"
                     " WHERE at_us >= ?1 GROUP BY hour ORDER BY hour",
                     error);
  g_autoptr (GArray) load = g_array_new (FALSE, FALSE, sizeof (BoloStationLoad));
  gboolean has_row;

  if (statement == NULL)
    return NULL;
  bolo_statement_bind_int64 (statement, 1, since_us);
  while (bolo_statement_step (statement, &has_row, error)) {
    BoloStationLoad hour;

    if (!has_row) {
      bolo_statement_reset (statement);
      return g_steal_pointer (&load);
    }
    hour.hour_us = bolo_statement_get_int64 (statement, 0);
    hour.n_hits = bolo_statement_get_int64 (statement, 1);
    g_array_append_val (load, hour);
  }
  return NULL;
}

static gboolean
store_visit_session (BoloStationStore *store,
                     const char *car,
                     const char *session,
                     BoloStationEach each,
                     gpointer user_data,
                     GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    BOLO_STATION_SQLITE (store)->db,
    "SELECT topic, id, state,"
    " coalesce (length, length (picture), length (CAST (body AS BLOB))) FROM item"
    " WHERE session = (SELECT session.number FROM session JOIN car ON car.number = session.car"
    " WHERE car.name = ?1 AND session.name = ?2)",
    error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, car);
  bolo_statement_bind_text (statement, 2, session);
  while (bolo_statement_step (statement, &has_row, error)) {
    g_autofree char *id = NULL;

    if (!has_row) {
      bolo_statement_reset (statement);
      return TRUE;
    }
    id = bolo_statement_get_text (statement, 1);
    each ((BoloBatchTopic) bolo_statement_get_int64 (statement, 0), id,
          bolo_statement_get_int64 (statement, 2), (gsize) bolo_statement_get_int64 (statement, 3),
          user_data);
  }
  return FALSE;
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
bolo_station_sqlite_finalize (GObject *object)
{
  BoloStationSqlite *self = BOLO_STATION_SQLITE (object);

  g_clear_pointer (&self->pack, bolo_station_pack_free);
  g_clear_pointer (&self->db, bolo_db_close);
  G_OBJECT_CLASS (bolo_station_sqlite_parent_class)->finalize (object);
}

static void
bolo_station_sqlite_class_init (BoloStationSqliteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_station_sqlite_finalize;
}

static void
bolo_station_sqlite_init (BoloStationSqlite *self)
{
}

BoloStationStore *
bolo_station_sqlite_new (const char *path, gboolean is_reader, GError **error)
{
  static const BoloDbStep steps[] = {create_tables, create_purge, bolo_station_pack_create_tables};
  g_autoptr (BoloStationSqlite) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (BOLO_TYPE_STATION_SQLITE, NULL);
  self->db = bolo_db_open (
    path, NULL, is_reader ? BOLO_DB_READ_ONLY : BOLO_DB_CREATE | BOLO_DB_LARGE_LOG, error);
  if (self->db == NULL)
    return NULL;
  if (!is_reader && (!bolo_db_migrate (self->db, steps, G_N_ELEMENTS (steps), error) ||
                     !bolo_db_sync_directory (self->db, error)))
    return NULL;
  if (!is_reader)
    self->pack = bolo_station_pack_new (self->db);
  return BOLO_STATION_STORE (g_steal_pointer (&self));
}
