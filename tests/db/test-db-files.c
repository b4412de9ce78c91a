/* test-db-files.c: a database's files are renamed, removed and measured as one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "bolo-clock.h"
#include "bolo-db-files.h"
#include "bolo-error.h"

static const char *const parts[] = {"", "-wal", "-shm"};

static void
write_parts (const char *path, const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *part = g_strconcat (path, parts[i], NULL);
    g_assert_true (g_file_set_contents (part, text, -1, NULL));
  }
}

static void
check_parts (const char *path, const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *part = g_strconcat (path, parts[i], NULL);
    g_autofree char *found = NULL;

    g_assert_cmpint (g_file_get_contents (part, &found, NULL, NULL), ==, text != NULL);
    g_assert_cmpstr (found, ==, text);
  }
}

static void
test_aside (void)
{
  g_autofree char *directory = g_dir_make_tmp ("bolo-db-files-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "journal.db", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GError) error = NULL;
  gint64 now_us = bolo_time_parse_utc ("2026-03-14T17:20:00.900Z");

  write_parts (path, "one");
  first = bolo_db_files_set_aside (path, now_us, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (first, "/journal.db.damaged-20260314T172000Z"));
  check_parts (path, NULL);
  check_parts (first, "one");

  /* A second one in the same second does not step on the first. */
  write_parts (path, "two");
  second = bolo_db_files_set_aside (path, now_us, &error);
  g_assert_no_error (error);
  check_parts (first, "one");
  check_parts (second, "two");
  g_assert_cmpint (bolo_db_files_get_size (second), ==, 9);
  g_assert_cmpint (bolo_db_files_get_set_aside_us (second), ==,
                   bolo_time_parse_utc ("2026-03-14T17:20:00.000Z"));

  g_assert_true (bolo_db_files_remove (first, &error));
  g_assert_true (bolo_db_files_remove (first, &error));
  g_assert_true (bolo_db_files_remove (second, &error));
  g_assert_no_error (error);
  check_parts (first, NULL);
  g_assert_cmpint (bolo_db_files_get_size (first), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
}

static void
test_names (void)
{
  g_assert_cmpint (bolo_db_files_get_set_aside_us ("journal.db"), ==, -1);
  g_assert_cmpint (bolo_db_files_get_set_aside_us ("journal.db.damaged-"), ==, -1);
  g_assert_cmpint (bolo_db_files_get_set_aside_us ("journal.db.damaged-2026"), ==, -1);
  g_assert_cmpint (bolo_db_files_get_set_aside_us ("journal.db.damaged-2026x314T172000Z"), ==, -1);
}

static void
test_failures (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (bolo_db_files_sync_directory ("/nonexistent/folder", &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "/nonexistent/folder"));
  g_clear_error (&error);
  g_assert_null (bolo_db_files_set_aside ("/nonexistent/folder/a.db", 0, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/db-files/aside", test_aside);
  g_test_add_func ("/db-files/names", test_names);
  g_test_add_func ("/db-files/failures", test_failures);
  return g_test_run ();
}
