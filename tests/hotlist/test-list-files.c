/* test-list-files.c: copies, replaces and removes files, and refuses what it should
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-files.h"

#include "bolo-error.h"
#include "bolo-list-manifest.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *directory;
  char *source;
  char *target;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("bolo-files-XXXXXX", NULL);
  fixture->source = g_build_filename (fixture->directory, "source", NULL);
  fixture->target = g_build_filename (fixture->directory, "target", NULL);
  g_assert_true (g_file_set_contents (fixture->source, "hello", -1, NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_true (bolo_list_files_remove_directory (fixture->directory, NULL));
  g_free (fixture->directory);
  g_free (fixture->source);
  g_free (fixture->target);
}

static void
test_copy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *checksum = NULL;
  gint64 modified_us = 0;

  g_assert_true (
    bolo_list_files_copy (fixture->source, fixture->target, 100, sum, &modified_us, &error));
  g_assert_no_error (error);
  g_assert_cmpint (modified_us, >, 0);
  bytes = bolo_list_files_map (fixture->target, &error);
  g_assert_no_error (error);
  checksum = bolo_list_files_make_checksum (bytes);
  g_assert_cmpstr (checksum, ==, g_checksum_get_string (sum));
  /* Never over a file that is there. */
  g_assert_false (bolo_list_files_copy (fixture->source, fixture->target, 100, sum, NULL, &error));
  g_assert_nonnull (strstr (error->message, fixture->target));
}

static void
test_refuse (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GError) large = NULL;
  g_autoptr (GError) folder = NULL;
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) pipe = NULL;
  g_autofree char *fifo = g_build_filename (fixture->directory, "fifo", NULL);

  g_assert_false (bolo_list_files_copy (fixture->source, fixture->target, 4, sum, NULL, &large));
  g_assert_error (large, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_false (
    bolo_list_files_copy (fixture->directory, fixture->target, 100, sum, NULL, &folder));
  g_assert_error (folder, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_false (bolo_list_files_copy ("/nonexistent", fixture->target, 100, sum, NULL, &missing));
  g_assert_error (missing, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_false (bolo_list_files_copy (fifo, fixture->target, 100, sum, NULL, &pipe));
  g_assert_error (pipe, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
}

static void
test_replace (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_list_files_replace (fixture->source, "other", NULL));
  g_assert_true (g_file_get_contents (fixture->source, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "other");
  g_assert_false (bolo_list_files_replace ("/nonexistent/x", "other", &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
}

static void
test_links_are_not_followed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->directory, "folder", NULL);
  g_autofree char *link = g_build_filename (folder, "link", NULL);

  g_assert_true (bolo_list_files_make_directory (folder, NULL));
  g_assert_cmpint (symlink (fixture->directory, link), ==, 0);
  g_assert_true (bolo_list_files_remove_directory (folder, NULL));
  g_assert_true (g_file_test (fixture->source, G_FILE_TEST_IS_REGULAR));
}

static void
test_manifest (Fixture *fixture, gconstpointer data)
{
  BoloListManifest manifest = {.name = (char *) "voi",
                               .kind = (char *) "stolen",
                               .revision = (char *) "0123456789abcdef",
                               .checksum = (char *) "00ff",
                               .has_map = TRUE,
                               .loaded_us = 5,
                               .dated_us = 4};
  g_autoptr (BoloListManifest) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (fixture->directory, "voi", NULL);
  g_autofree char *path = g_build_filename (folder, "manifest.ini", NULL);

  g_assert_true (bolo_list_files_make_directory (folder, NULL));
  g_assert_true (bolo_list_manifest_save (&manifest, fixture->directory, &error));
  read = bolo_list_manifest_load (fixture->directory, "voi", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->revision, ==, manifest.revision);
  g_assert_cmpstr (read->kind, ==, "stolen");
  g_assert_true (read->has_map);
  g_assert_cmpint (read->dated_us, ==, 4);
  /* A revision that would lead out of the folder. */
  g_file_set_contents (path, "[list]\nname=voi\nkind=a\nrevision=../..\nsha256=0\n", -1, NULL);
  g_assert_null (bolo_list_manifest_load (fixture->directory, "voi", &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
}

static void
test_names (void)
{
  g_assert_true (bolo_list_name_is_good ("no-insurance"));
  g_assert_true (bolo_list_name_is_good ("VOI_43"));
  g_assert_false (bolo_list_name_is_good (""));
  g_assert_false (bolo_list_name_is_good (".staging"));
  g_assert_false (bolo_list_name_is_good ("../x"));
  g_assert_false (bolo_list_name_is_good ("-x"));
  g_assert_false (bolo_list_name_is_good ("a b"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/list-files/copy", Fixture, NULL, set_up, test_copy, tear_down);
  g_test_add ("/list-files/refuse", Fixture, NULL, set_up, test_refuse, tear_down);
  g_test_add ("/list-files/replace", Fixture, NULL, set_up, test_replace, tear_down);
  g_test_add ("/list-files/links", Fixture, NULL, set_up, test_links_are_not_followed, tear_down);
  g_test_add ("/list-files/manifest", Fixture, NULL, set_up, test_manifest, tear_down);
  g_test_add_func ("/list-files/names", test_names);
  return g_test_run ();
}
