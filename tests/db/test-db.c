/* test-db.c: the connection: what is committed, what is undone, what each failure is called
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bolo-db-files.h"
#include "bolo-db.h"
#include "bolo-error.h"

typedef struct {
  char *directory;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("bolo-db-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
  fixture->path = g_build_filename (fixture->directory, "a.db", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_chmod (fixture->directory, 0700);
  dir = g_dir_open (fixture->directory, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->directory, name, NULL);
    g_unlink (path);
  }
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->path);
}

static BoloDb *
open_db (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  BoloDb *db = bolo_db_open (fixture->path, NULL, BOLO_DB_CREATE, &error);

  g_assert_no_error (error);
  g_assert_nonnull (db);
  return db;
}

static void
execute (BoloDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;

  bolo_db_execute (db, sql, &error);
  g_assert_no_error (error);
}

static gint64
get (BoloDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  gint64 value = -1;

  bolo_db_get_int64 (db, sql, -2, &value, &error);
  g_assert_no_error (error);
  return value;
}

static void
test_promises (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloDb) db = open_db (fixture);
  g_autoptr (GError) error = NULL;
  BoloStatement *statement = bolo_db_prepare (db, "PRAGMA journal_mode", &error);
  g_autofree char *mode = NULL;
  gboolean has_row = FALSE;

  g_assert_true (bolo_statement_step (statement, &has_row, &error));
  g_assert_true (has_row);
  mode = bolo_statement_get_text (statement, 0);
  bolo_statement_reset (statement);
  g_assert_cmpstr (mode, ==, "wal");
  g_assert_cmpint (get (db, "PRAGMA synchronous"), ==, 2);
  g_assert_cmpint (get (db, "PRAGMA foreign_keys"), ==, 1);
  g_assert_cmpint (get (db, "PRAGMA secure_delete"), ==, 1);
}

static void
assert_sizes (Fixture *fixture, BoloDbFlags flags, gint64 page_bytes, gint64 log_pages)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDb) db = bolo_db_open (fixture->path, NULL, BOLO_DB_CREATE | flags, &error);

  g_assert_no_error (error);
  g_assert_cmpint (get (db, "PRAGMA page_size"), ==, page_bytes);
  g_assert_cmpint (get (db, "PRAGMA wal_autocheckpoint"), ==, log_pages);
}

static void
test_large_pages (Fixture *fixture, gconstpointer data)
{
  assert_sizes (fixture, BOLO_DB_LARGE_PAGES, 16384, 256);
  assert_sizes (fixture, BOLO_DB_LARGE_PAGES | BOLO_DB_LARGE_LOG, 16384, 1024);
  assert_sizes (fixture, 0, 16384, 1000); /* a file keeps what it was made with */
}

static void
test_old_pages (Fixture *fixture, gconstpointer data)
{
  assert_sizes (fixture, 0, 4096, 1000);
  assert_sizes (fixture, BOLO_DB_LARGE_LOG, 4096, 4096); /* 16 MB */
  assert_sizes (fixture, BOLO_DB_LARGE_PAGES, 4096, 256);
}

static void
test_private (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloDb) db = open_db (fixture);
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  GStatBuf info;

  execute (db, "CREATE TABLE t (i INTEGER) STRICT");
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (log, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_values (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloDb) db = open_db (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new ("\0\1\2", 3);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) bytes_back = NULL;
  g_autoptr (GBytes) empty_back = NULL;
  g_autofree char *text_back = NULL;
  BoloStatement *statement;
  gboolean has_row = FALSE;

  execute (db, "CREATE TABLE t (i INTEGER, d REAL, n REAL, s TEXT, z TEXT, b BLOB, e BLOB) STRICT");
  statement = bolo_db_prepare (db, "INSERT INTO t VALUES (?1,?2,?3,?4,?5,?6,?7)", &error);
  bolo_statement_bind_int64 (statement, 1, G_MAXINT64);
  bolo_statement_bind_double (statement, 2, 0.1);
  bolo_statement_bind_double (statement, 3, 0.0 / 0.0);
  bolo_statement_bind_text (statement, 4, "Llanfair");
  bolo_statement_bind_text (statement, 5, NULL);
  bolo_statement_bind_bytes (statement, 6, bytes);
  bolo_statement_bind_bytes (statement, 7, empty);
  g_assert_true (bolo_statement_run (statement, &error));
  g_assert_no_error (error);

  statement = bolo_db_prepare (db, "SELECT * FROM t", &error);
  g_assert_true (bolo_statement_step (statement, &has_row, &error));
  g_assert_true (has_row);
  g_assert_cmpint (bolo_statement_get_int64 (statement, 0), ==, G_MAXINT64);
  g_assert_cmpfloat (bolo_statement_get_double (statement, 1), ==, 0.1);
  g_assert_true (bolo_statement_is_null (statement, 2));
  g_assert_true (bolo_statement_get_double (statement, 2) !=
                 bolo_statement_get_double (statement, 2));
  text_back = bolo_statement_get_text (statement, 3);
  g_assert_cmpstr (text_back, ==, "Llanfair");
  g_assert_null (bolo_statement_get_text (statement, 4));
  bytes_back = bolo_statement_get_bytes (statement, 5);
  g_assert_true (g_bytes_equal (bytes, bytes_back));
  empty_back = bolo_statement_get_bytes (statement, 6);
  g_assert_cmpuint (g_bytes_get_size (empty_back), ==, 0);
  g_assert_true (bolo_statement_step (statement, &has_row, &error));
  g_assert_false (has_row);
  bolo_statement_reset (statement);

  /* A parameter that is not there is found at the step, not lost. */
  statement = bolo_db_prepare (db, "SELECT ?1", &error);
  bolo_statement_bind_int64 (statement, 2, 1);
  g_assert_false (bolo_statement_step (statement, &has_row, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INTERNAL);
}

static void
test_transactions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloDb) db = open_db (fixture);
  g_autoptr (GError) error = NULL;

  execute (db, "CREATE TABLE t (i INTEGER PRIMARY KEY) STRICT");
  g_assert_true (bolo_db_begin (db, &error));
  execute (db, "INSERT INTO t VALUES (1)");
  bolo_db_roll_back (db);
  g_assert_cmpint (get (db, "SELECT count(*) FROM t"), ==, 0);

  g_assert_true (bolo_db_begin (db, &error));
  execute (db, "INSERT INTO t VALUES (1)");
  g_assert_true (bolo_db_set_mark (db, &error));
  execute (db, "INSERT INTO t VALUES (2)");
  g_assert_false (bolo_db_execute (db, "INSERT INTO t VALUES (1)", &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INTERNAL);
  bolo_db_return_to_mark (db);
  g_clear_error (&error);
  g_assert_true (bolo_db_set_mark (db, &error));
  execute (db, "INSERT INTO t VALUES (3)");
  g_assert_true (bolo_db_release_mark (db, &error));
  g_assert_true (bolo_db_commit (db, &error));
  g_assert_cmpint (bolo_db_get_last_row (db), ==, 3);
  g_assert_cmpint (get (db, "SELECT sum(i) FROM t"), ==, 4);
  execute (db, "DELETE FROM t");
  g_assert_cmpint (bolo_db_get_n_changed (db), ==, 2);
  g_assert_cmpint (get (db, "SELECT i FROM t"), ==, -2);
}

static gboolean
make_t (BoloDb *db, GError **error)
{
  return bolo_db_execute (db, "CREATE TABLE t (i INTEGER) STRICT; INSERT INTO t VALUES (7)", error);
}

static gboolean
widen_t (BoloDb *db, GError **error)
{
  return bolo_db_execute (db, "ALTER TABLE t ADD COLUMN s TEXT", error);
}

static gboolean
break_off (BoloDb *db, GError **error)
{
  return bolo_db_execute (db, "ALTER TABLE t ADD COLUMN x TEXT; INSERT INTO absent VALUES (1)",
                          error);
}

/* Another connection's commit is not seen until what is read together was read. */
static void
test_reading (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloDb) db = open_db (fixture);
  g_autoptr (BoloDb) other = NULL;
  g_autoptr (GError) error = NULL;

  execute (db, "CREATE TABLE t (i INTEGER) STRICT");
  other = open_db (fixture);
  g_assert_true (bolo_db_begin_reading (db, &error));
  g_assert_cmpint (get (db, "SELECT count(*) FROM t"), ==, 0);
  execute (other, "INSERT INTO t VALUES (1)");
  g_assert_cmpint (get (db, "SELECT count(*) FROM t"), ==, 0);
  bolo_db_end_reading (db);
  g_assert_cmpint (get (db, "SELECT count(*) FROM t"), ==, 1);
  g_assert_true (bolo_db_begin (db, &error)); /* within it both do nothing */
  execute (db, "INSERT INTO t VALUES (2)");
  g_assert_true (bolo_db_begin_reading (db, &error));
  bolo_db_end_reading (db);
  g_assert_true (bolo_db_commit (db, &error));
  g_assert_cmpint (get (other, "SELECT count(*) FROM t"), ==, 2);
  g_assert_no_error (error);
}

static void
test_light (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloDb) db = open_db (fixture);
  g_autoptr (GError) error = NULL;

  execute (db, "CREATE TABLE t (i INTEGER) STRICT");
  g_assert_true (bolo_db_begin_lightly (db, &error));
  g_assert_cmpint (get (db, "PRAGMA synchronous"), ==, 1);
  execute (db, "INSERT INTO t VALUES (1)");
  g_assert_true (bolo_db_commit (db, &error));
  g_assert_cmpint (get (db, "PRAGMA synchronous"), ==, 2); /* what comes next is not */
  g_assert_true (bolo_db_begin_lightly (db, &error));
  execute (db, "INSERT INTO t VALUES (2)");
  bolo_db_roll_back (db);
  g_assert_cmpint (get (db, "PRAGMA synchronous"), ==, 2);
  g_assert_cmpint (get (db, "SELECT count(*) FROM t"), ==, 1);
  g_assert_no_error (error);
}

static void
test_migrations (Fixture *fixture, gconstpointer data)
{
  const BoloDbStep steps[] = {make_t, widen_t};
  const BoloDbStep broken[] = {make_t, widen_t, break_off};
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDb) db = open_db (fixture);

  g_assert_true (bolo_db_migrate (db, steps, 1, &error));
  g_assert_cmpint (bolo_db_get_version (db, &error), ==, 1);
  g_assert_true (bolo_db_migrate (db, steps, 2, &error));
  g_assert_true (bolo_db_migrate (db, steps, 2, &error));
  g_assert_cmpint (bolo_db_get_version (db, &error), ==, 2);
  g_assert_cmpint (get (db, "SELECT i FROM t WHERE s IS NULL"), ==, 7);

  /* A step that fails half-way leaves the version before it, whole. */
  g_assert_false (bolo_db_migrate (db, broken, 3, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INTERNAL);
  g_clear_error (&error);
  g_assert_cmpint (bolo_db_get_version (db, &error), ==, 2);
  g_assert_cmpint (get (db, "SELECT count(*) FROM pragma_table_info('t')"), ==, 2);

  g_assert_false (bolo_db_migrate (db, steps, 1, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, fixture->path));
}

/* Root may write anywhere: a refusal needs somebody else. */
static void
step_down (void)
{
  if (geteuid () == 0)
    g_assert_cmpint (seteuid (65534), ==, 0);
}

static void
step_up (void)
{
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
}

static void
check_open_fails (Fixture *fixture, BoloDbFlags flags, BoloError code)
{
  g_autoptr (GError) error = NULL;
  BoloDb *db = bolo_db_open (fixture->path, NULL, flags, &error);

  g_assert_null (db);
  g_assert_error (error, BOLO_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, fixture->path));
}

static void
test_cannot_open (Fixture *fixture, gconstpointer data)
{
  check_open_fails (fixture, 0, BOLO_ERROR_NOT_FOUND);
  g_assert_true (g_file_set_contents (fixture->path,
                                      "these are not the pages of a database, "
                                      "however long one looks at them, line after line",
                                      -1, NULL));
  check_open_fails (fixture, BOLO_DB_CREATE, BOLO_ERROR_INVALID_DATA);
  check_open_fails (fixture, BOLO_DB_READ_ONLY, BOLO_ERROR_INVALID_DATA);
  g_unlink (fixture->path);
  step_down ();
  check_open_fails (fixture, BOLO_DB_CREATE, BOLO_ERROR_PERMISSION);
  step_up ();
}

static void
test_read_only_file (Fixture *fixture, gconstpointer data)
{
  bolo_db_close (open_db (fixture));
  g_chmod (fixture->path, 0444);
  g_chmod (fixture->directory, 0555);
  step_down ();
  check_open_fails (fixture, BOLO_DB_CREATE, BOLO_ERROR_PERMISSION);
  step_up ();
}

/* Damage in the middle, where opening does not look. */
static void
test_check (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDb) db = open_db (fixture);
  g_autofree char *text = NULL;
  gsize length;

  execute (db, "CREATE TABLE t (i INTEGER PRIMARY KEY, s TEXT) STRICT;"
               "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
               "INSERT INTO t SELECT i, hex(randomblob(40)) FROM n");
  g_assert_true (bolo_db_check (db, -1, &error));
  g_assert_true (bolo_db_check (db, 0, &error));
  g_assert_no_error (error);
  bolo_db_close (g_steal_pointer (&db));

  g_assert_true (g_file_get_contents (fixture->path, &text, &length, NULL));
  for (gsize page = 3; (page + 1) * 4096 <= length; page++)
    memset (text + page * 4096, 0xa5, 200);
  g_assert_true (g_file_set_contents (fixture->path, text, (gssize) length, NULL));
  db = bolo_db_open (fixture->path, NULL, 0, &error);
  g_assert_no_error (error);
  g_assert_false (bolo_db_check (db, -1, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
}

static gboolean
is_in_files (Fixture *fixture, const char *needle)
{
  const char *const suffixes[] = {"", "-wal"};

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *path = g_strconcat (fixture->path, suffixes[i], NULL);
    g_autofree char *text = NULL;
    gsize length = 0;

    if (g_file_get_contents (path, &text, &length, NULL) &&
        memmem (text, length, needle, strlen (needle)) != NULL)
      return TRUE;
  }
  return FALSE;
}

static void
test_overwrite (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDb) db = open_db (fixture);

  execute (db, "CREATE TABLE t (i INTEGER PRIMARY KEY, b BLOB) STRICT;"
               "INSERT INTO t VALUES (1, CAST('small-secret' AS BLOB));"
               "INSERT INTO t VALUES (2, CAST(zeroblob(9000) || 'far-secret' AS BLOB))");
  g_assert_true (is_in_files (fixture, "small-secret"));
  g_assert_true (is_in_files (fixture, "far-secret"));
  g_assert_true (bolo_db_overwrite_blob (db, "t", "b", 1, &error));
  g_assert_true (bolo_db_overwrite_blob (db, "t", "b", 2, &error));
  g_assert_no_error (error);
  g_assert_true (bolo_db_checkpoint (db, &error));
  g_assert_no_error (error);
  g_assert_false (is_in_files (fixture, "small-secret"));
  g_assert_false (is_in_files (fixture, "far-secret"));
  g_assert_cmpint (get (db, "SELECT length(b) FROM t WHERE i = 1"), ==, 12);
  g_assert_false (bolo_db_overwrite_blob (db, "t", "b", 3, &error));
  g_assert_nonnull (error);
}

static gboolean
count_and_stop (gpointer data)
{
  guint *calls = data;

  (*calls)++;
  return TRUE;
}

static void
test_interrupt (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDb) db = open_db (fixture);
  guint calls = 0;

  execute (db, "CREATE TABLE t (i INTEGER PRIMARY KEY, s TEXT) STRICT;"
               "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
               "INSERT INTO t SELECT i, hex(randomblob(20)) FROM n");
  bolo_db_set_interrupt (db, count_and_stop, &calls);
  g_assert_false (bolo_db_vacuum (db, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_BUSY);
  g_assert_cmpuint (calls, >=, 1);
  g_clear_error (&error);
  bolo_db_set_interrupt (db, NULL, NULL);
  g_assert_true (bolo_db_vacuum (db, &error));
  g_assert_no_error (error);
  g_assert_cmpint (get (db, "SELECT count(*) FROM t"), ==, 20000);
}

/* The tables of a reader in another process stand in the way of emptying the log. */
static void
test_busy_checkpoint (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloDb) db = open_db (fixture);
  g_autoptr (BoloDb) reader = NULL;
  BoloStatement *statement;
  gboolean has_row = FALSE;

  execute (db, "CREATE TABLE t (i INTEGER) STRICT; INSERT INTO t VALUES (1), (2)");
  reader = bolo_db_open (fixture->path, NULL, BOLO_DB_READ_ONLY, &error);
  g_assert_no_error (error);
  g_assert_false (bolo_db_execute (reader, "INSERT INTO t VALUES (3)", &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_PERMISSION);
  g_clear_error (&error);
  statement = bolo_db_prepare (reader, "SELECT i FROM t", &error);
  g_assert_true (bolo_statement_step (statement, &has_row, &error));
  execute (db, "INSERT INTO t VALUES (3)");
  g_assert_false (bolo_db_checkpoint (db, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_BUSY);
  g_clear_error (&error);
  bolo_statement_reset (statement);
  g_assert_true (bolo_db_checkpoint (db, &error));
  g_assert_true (bolo_db_sync_directory (db, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/db/promises", test_promises);
  ADD ("/db/large-pages", test_large_pages);
  ADD ("/db/old-pages", test_old_pages);
  ADD ("/db/private", test_private);
  ADD ("/db/values", test_values);
  ADD ("/db/transactions", test_transactions);
  ADD ("/db/reading", test_reading);
  ADD ("/db/light", test_light);
  ADD ("/db/migrations", test_migrations);
  ADD ("/db/cannot-open", test_cannot_open);
  ADD ("/db/read-only-file", test_read_only_file);
  ADD ("/db/check", test_check);
  ADD ("/db/overwrite", test_overwrite);
  ADD ("/db/interrupt", test_interrupt);
  ADD ("/db/busy-checkpoint", test_busy_checkpoint);
  return g_test_run ();
}
