/* test-pack.c: pictures beside a station's database: where they stand, and what a break leaves
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-db.h"
#include "bolo-station-sqlite.h"
#include "bolo-station-store.h"

#include <glib/gstdio.h>
#include <string.h>

#define NOW_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)
#define DAY_US G_TIME_SPAN_DAY

typedef struct {
  char *folder;
  char *path;
  BoloStationStore *store;
} Fixture;

static BoloStationStore *
open_store (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  BoloStationStore *store = bolo_station_sqlite_new (fixture->path, FALSE, &error);

  g_assert_no_error (error);
  return store;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bolo-pack-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "station.db", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  if (fixture->store != NULL)
    g_assert_finalize_object (fixture->store);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

    g_assert_cmpint (g_unlink (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static gboolean
try_to_add (BoloStationStore *store, guint number, const char *picture, GError **error)
{
  g_autofree char *id = g_strdup_printf ("00000000-0000-4000-8000-%012u/patch", number);
  g_autofree guint8 *hash = g_new0 (guint8, BOLO_BATCH_HASH_BYTES);
  g_autoptr (GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_station_entry_free);
  BoloStationEntry *entry;
  gint64 car = 0;

  g_assert_true (bolo_station_store_get_car (store, "KT12", &car, error));
  entry = bolo_station_entry_new (car, BOLO_BATCH_PICTURE, id, 1);
  entry->hash = hash;
  entry->picture = g_bytes_new (picture, strlen (picture));
  g_ptr_array_add (entries, entry);
  return bolo_station_store_add (store, entries, error);
}

static void
add (BoloStationStore *store, guint number, const char *picture)
{
  g_autoptr (GError) error = NULL;

  try_to_add (store, number, picture, &error);
  g_assert_no_error (error);
}

static void
add_one (BoloStationStore *store, gint64 now_us, guint number, const char *picture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_station_store_begin (store, now_us, &error));
  add (store, number, picture);
  bolo_station_store_commit (store, &error);
  g_assert_no_error (error);
}

/* What SELECT says, "a b c|…". */
static char *
ask (Fixture *fixture, const char *sql, int n_columns)
{
  g_autoptr (GError) error = NULL;
  BoloDb *db = bolo_db_open (fixture->path, NULL, BOLO_DB_READ_ONLY, &error);
  BoloStatement *statement = db != NULL ? bolo_db_prepare (db, sql, &error) : NULL;
  GString *said = g_string_new (NULL);
  gboolean has_row;

  g_assert_no_error (error);
  while (bolo_statement_step (statement, &has_row, &error) && has_row) {
    g_string_append (said, said->len > 0 ? "|" : "");
    for (int i = 0; i < n_columns; i++)
      g_string_append_printf (said, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                              bolo_statement_get_int64 (statement, i));
  }
  g_assert_no_error (error);
  bolo_statement_reset (statement);
  bolo_db_close (db);
  return g_string_free (said, FALSE);
}

static void
check_rows (Fixture *fixture, const char *sql, int n_columns, const char *wanted)
{
  g_autofree char *said = ask (fixture, sql, n_columns);

  g_assert_cmpstr (said, ==, wanted);
}

static void
check_file (Fixture *fixture, const char *name, const char *wanted)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, wanted);
}

#define SPOTS "SELECT pack, start, length FROM item ORDER BY number"

static void
test_places (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->store = open_store (fixture);
  g_assert_true (bolo_station_store_begin (fixture->store, NOW_US, &error));
  /* More than are written at a time. */
  for (guint i = 0; i < 150; i++)
    add (fixture->store, i, i % 2 == 0 ? "even" : "odd");
  g_assert_true (bolo_station_store_commit (fixture->store, &error));
  add_one (fixture->store, NOW_US, 200, "last");
  check_rows (fixture, SPOTS " LIMIT 3", 3, "1 0 4|1 4 3|1 7 4");
  check_rows (fixture, SPOTS " DESC LIMIT 1", 3, "1 525 4");
  check_rows (fixture, "SELECT number, bytes FROM pack", 2, "1 529");
  check_rows (fixture, "SELECT count (*) FROM item WHERE picture IS NULL", 1, "151");
  {
    g_autofree char *path = g_build_filename (fixture->folder, "pictures-1", NULL);
    g_autofree char *text = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (path, &text, &length, NULL));
    g_assert_cmpuint (length, ==, 529);
    g_assert_true (g_str_has_prefix (text, "evenoddevenodd"));
    g_assert_true (g_str_has_suffix (text, "oddlast"));
  }
  /* Another day, another file. */
  add_one (fixture->store, NOW_US + DAY_US, 201, "morrow");
  check_file (fixture, "pictures-2", "morrow");
}

/* What was rolled back, and what a crash has left behind the end, is written over. */
static void
test_breaks (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "pictures-1", NULL);
  g_autoptr (GError) error = NULL;

  fixture->store = open_store (fixture);
  add_one (fixture->store, NOW_US, 1, "first");
  g_assert_true (bolo_station_store_begin (fixture->store, NOW_US, &error));
  add (fixture->store, 2, "forgotten");
  bolo_station_store_roll_back (fixture->store);
  g_assert_true (g_file_set_contents (path, "firstgarbage", -1, NULL));
  g_clear_object (&fixture->store);
  fixture->store = open_store (fixture);
  add_one (fixture->store, NOW_US, 3, "second!");
  check_rows (fixture, SPOTS, 3, "1 0 5|1 5 7");
  check_file (fixture, "pictures-1", "firstsecond!");
}

/* bolo-station usb works beside a running station. */
static void
test_two_writers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloStationStore) other = NULL;

  fixture->store = open_store (fixture);
  other = open_store (fixture);
  add_one (fixture->store, NOW_US, 1, "one.");
  add_one (other, NOW_US, 2, "two.");
  add_one (fixture->store, NOW_US, 3, "three.");
  check_rows (fixture, SPOTS, 3, "1 0 4|1 4 4|1 8 6");
  check_file (fixture, "pictures-1", "one.two.three.");
}

static void
test_no_place (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "pictures-1", NULL);
  g_autoptr (GError) error = NULL;

  fixture->store = open_store (fixture);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_true (bolo_station_store_begin (fixture->store, NOW_US, &error));
  g_assert_false (try_to_add (fixture->store, 1, "nowhere", &error));
  bolo_station_store_roll_back (fixture->store);
  g_assert_nonnull (strstr (error->message, path));
  check_rows (fixture, "SELECT count (*) FROM item", 1, "0");
  g_assert_cmpint (g_rmdir (path), ==, 0);
  add_one (fixture->store, NOW_US, 1, "somewhere");
  check_file (fixture, "pictures-1", "somewhere");
}

static gint64
purge (Fixture *fixture, gint64 before_us, guint max)
{
  g_autoptr (GError) error = NULL;
  gint64 n_items = 0;

  g_assert_true (bolo_station_store_begin (fixture->store, NOW_US, &error));
  bolo_station_store_purge (fixture->store, before_us, max, &n_items, &error);
  g_assert_no_error (error);
  g_assert_true (bolo_station_store_commit (fixture->store, &error));
  return n_items;
}

static void
test_purge (Fixture *fixture, gconstpointer data)
{
  g_autofree char *orphan = g_build_filename (fixture->folder, "pictures-1", NULL);

  fixture->store = open_store (fixture);
  add_one (fixture->store, NOW_US, 1, "old");
  add_one (fixture->store, NOW_US + 1, 2, "old");
  add_one (fixture->store, NOW_US + DAY_US, 3, "young");
  g_assert_cmpint (purge (fixture, NOW_US + 1, 10), ==, 1);
  check_file (fixture, "pictures-1", "oldold");
  /* Not all that is due has gone yet. */
  g_assert_cmpint (purge (fixture, NOW_US + 2, 1), ==, 1);
  check_file (fixture, "pictures-1", "oldold");
  g_assert_cmpint (purge (fixture, NOW_US + 2, 1), ==, 0);
  check_file (fixture, "pictures-1", NULL);
  check_file (fixture, "pictures-2", "young");
  /* A kill between the commit and the file. */
  g_assert_true (g_file_set_contents (orphan, "oldold", -1, NULL));
  g_clear_object (&fixture->store);
  fixture->store = open_store (fixture);
  check_file (fixture, "pictures-1", NULL);
  check_file (fixture, "pictures-2", "young");
}

static void
count_bytes (BoloBatchTopic topic, const char *id, gint64 state, gsize bytes, gpointer user_data)
{
  *(gsize *) user_data += bytes;
}

/* A station of before has its pictures in the database, where they stay. */
static void
test_migration (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gsize bytes = 0;
  BoloDb *db;

  g_clear_object (&fixture->store);
  fixture->store = open_store (fixture);
  g_clear_object (&fixture->store);
  db = bolo_db_open (fixture->path, NULL, 0, &error);
  g_assert_true (bolo_db_execute (
    db,
    "ALTER TABLE item DROP COLUMN pack; ALTER TABLE item DROP COLUMN start;"
    "ALTER TABLE item DROP COLUMN length; DROP TABLE pack; PRAGMA user_version = 2;"
    "INSERT INTO car (number, name) VALUES (1, 'KT12');"
    "INSERT INTO session VALUES (1, 1, 'run', 0);"
    "INSERT INTO item VALUES (1, 1, 10, 'a/patch', 1, x'00', 1, 5, NULL, x'ffd8ffd9')",
    &error));
  g_assert_no_error (error);
  bolo_db_close (db);
  fixture->store = open_store (fixture);
  add_one (fixture->store, NOW_US, 1, "new");
  check_rows (fixture, "SELECT length (picture), start FROM item ORDER BY number", 2, "4 0|0 0");
  g_assert_true (
    bolo_station_store_visit_session (fixture->store, "KT12", "run", count_bytes, &bytes, &error));
  g_assert_cmpuint (bytes, ==, 4);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    {"/pack/places", test_places},
    {"/pack/breaks", test_breaks},
    {"/pack/two-writers", test_two_writers},
    {"/pack/no-place", test_no_place},
    {"/pack/purge", test_purge},
    {"/pack/migration", test_migration},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
