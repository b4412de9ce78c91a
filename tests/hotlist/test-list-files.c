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
  g_autofree char *copied = NULL;
  g_autofree char *checksum = NULL;
  gint64 modified_us = 0;
  guint64 size = 0;

  g_assert_true (
    bolo_list_files_copy (fixture->source, fixture->target, 100, sum, &modified_us, &size, &error));
  g_assert_no_error (error);
  g_assert_cmpint (modified_us, >, 0);
  g_assert_cmpuint (size, ==, strlen ("hello"));
  copied = bolo_list_files_read_small (fixture->target, 100, &error);
  g_assert_no_error (error);
  checksum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, copied, -1);
  g_assert_cmpstr (checksum, ==, g_checksum_get_string (sum));
  /* Never over a file that is there. */
  g_assert_false (
    bolo_list_files_copy (fixture->source, fixture->target, 100, sum, NULL, &size, &error));
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
  guint64 size = 0;

  g_assert_false (
    bolo_list_files_copy (fixture->source, fixture->target, 4, sum, NULL, &size, &large));
  g_assert_error (large, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_false (
    bolo_list_files_copy (fixture->directory, fixture->target, 100, sum, NULL, &size, &folder));
  g_assert_error (folder, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_false (
    bolo_list_files_copy ("/nonexistent", fixture->target, 100, sum, NULL, &size, &missing));
  g_assert_error (missing, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_false (bolo_list_files_copy (fifo, fixture->target, 100, sum, NULL, &size, &pipe));
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
  char *layers[] = {(char *) "layer-a", (char *) "layer-b", NULL};
  BoloListManifest manifest = {.name = (char *) "voi",
                               .kind = (char *) "stolen",
                               .revision = (char *) "2026-03-14/2",
                               .source = (char *) "00ff",
                               .format = (char *) "taken as UK list (csv), as was asked",
                               .layers = layers,
                               .trust = BOLO_TRUST_SIGNED,
                               .signer = (char *) "hq-2026",
                               .number = 417,
                               .signed_sha256 = (char *) "ff00",
                               .n_rejected = 3,
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
  g_assert_cmpstr (read->layers[0], ==, "layer-a");
  g_assert_cmpstr (read->layers[1], ==, "layer-b");
  g_assert_null (read->layers[2]);
  g_assert_cmpint (read->trust, ==, BOLO_TRUST_SIGNED);
  g_assert_cmpstr (read->signer, ==, "hq-2026");
  g_assert_cmpuint (read->number, ==, 417);
  g_assert_cmpuint (read->n_rejected, ==, 3);
  g_assert_cmpint (read->dated_us, ==, 4);
}

#define GOOD_MANIFEST                                                                              \
  "[list]\nname=voi\nkind=a\nrevision=r\nsource=00\nformat=x\nlayers=layer-a\ntrust=unsigned\n"    \
  "signer=me\nnumber=0\n"

/* A manifest that is not whole, or leads out of its folder, is no manifest. */
static void
test_bad_manifests (Fixture *fixture, gconstpointer data)
{
  static const char *const changes[][2] = {
    {"layers=layer-a", "layers=../../etc"},
    {"layers=layer-a", "layers="},
    {"layers=layer-a", "layers=a;.b"},
    {"name=voi", "name=../voi"},
    {"kind=a\n", ""},
    {"source=00\n", ""},
    {"signer=me\n", ""},
    {"number=0", "number=-1"},
    {"number=0", "number=x"},
    {"trust=unsigned", "trust=own"},
    {"revision=r", "revision=a b"},
    {"[list]", "[lost]"},
  };
  g_autofree char *folder = g_build_filename (fixture->directory, "voi", NULL);
  g_autofree char *path = g_build_filename (folder, "manifest.ini", NULL);
  g_autoptr (BoloListManifest) good = NULL;
  g_autoptr (GError) earlier = NULL;

  g_assert_true (bolo_list_files_make_directory (folder, NULL));
  g_assert_true (g_file_set_contents (path, GOOD_MANIFEST, -1, NULL));
  good = bolo_list_manifest_load (fixture->directory, "voi", NULL);
  g_assert_nonnull (good);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autoptr (GString) text = g_string_new (GOOD_MANIFEST);
    g_autoptr (GError) error = NULL;

    g_assert_cmpuint (g_string_replace (text, changes[i][0], changes[i][1], 1), ==, 1);
    g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
    g_assert_null (bolo_list_manifest_load (fixture->directory, "voi", &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  }
  g_assert_true (g_file_set_contents (
    path, "[list]\nname=voi\nkind=a\nrevision=00\nsha256=00\nmap=false\n", -1, NULL));
  g_assert_null (bolo_list_manifest_load (fixture->directory, "voi", &earlier));
  g_assert_error (earlier, BOLO_ERROR, BOLO_ERROR_STALE);
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
  g_test_add ("/list-files/bad-manifests", Fixture, NULL, set_up, test_bad_manifests, tear_down);
  g_test_add_func ("/list-files/names", test_names);
  return g_test_run ();
}
