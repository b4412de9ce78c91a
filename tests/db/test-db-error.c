/* test-db-error.c: each of SQLite's failures has its code and one sentence that names the file
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-db-error.h"

#include <string.h>

#include "bolo-error.h"

static const struct {
  int sqlite;
  BoloError code;
  const char *words;
} cases[] = {
  {SQLITE_FULL, BOLO_ERROR_NO_SPACE, "the disk is full"},
  {SQLITE_READONLY, BOLO_ERROR_PERMISSION, "not writable"},
  {SQLITE_READONLY_DBMOVED, BOLO_ERROR_PERMISSION, "not writable"},
  {SQLITE_READONLY_DIRECTORY, BOLO_ERROR_PERMISSION, "not writable"},
  {SQLITE_PERM, BOLO_ERROR_PERMISSION, "not writable"},
  {SQLITE_CANTOPEN, BOLO_ERROR_PERMISSION, "not writable"},
  {SQLITE_CORRUPT, BOLO_ERROR_INVALID_DATA, "damaged"},
  {SQLITE_CORRUPT_INDEX, BOLO_ERROR_INVALID_DATA, "damaged"},
  {SQLITE_NOTADB, BOLO_ERROR_INVALID_DATA, "not a database"},
  {SQLITE_BUSY, BOLO_ERROR_BUSY, "in use"},
  {SQLITE_BUSY_RECOVERY, BOLO_ERROR_BUSY, "in use"},
  {SQLITE_LOCKED, BOLO_ERROR_BUSY, "in use"},
  {SQLITE_INTERRUPT, BOLO_ERROR_BUSY, "in use"},
  {SQLITE_IOERR_WRITE, BOLO_ERROR_DEVICE_LOST, "check the disk"},
  {SQLITE_IOERR_FSYNC, BOLO_ERROR_DEVICE_LOST, "check the disk"},
  {SQLITE_IOERR_READ, BOLO_ERROR_DEVICE_LOST, "check the disk"},
  {SQLITE_CONSTRAINT_UNIQUE, BOLO_ERROR_INTERNAL, "constraint"},
  {SQLITE_MISUSE, BOLO_ERROR_INTERNAL, "misuse"},
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    bolo_db_error_set (&error, NULL, cases[i].sqlite, "Cannot write", "/state/journal.db");
    g_assert_error (error, BOLO_ERROR, (int) cases[i].code);
    g_assert_true (g_str_has_prefix (error->message, "Cannot write /state/journal.db: "));
    g_assert_nonnull (strstr (error->message, cases[i].words));
    g_assert_null (strchr (error->message, '\n'));
  }
}

/* Callers may not care. */
static void
test_no_error (void)
{
  bolo_db_error_set (NULL, NULL, SQLITE_FULL, "Cannot write", "/state/journal.db");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/db-error/cases", test_cases);
  g_test_add_func ("/db-error/no-error", test_no_error);
  return g_test_run ();
}
