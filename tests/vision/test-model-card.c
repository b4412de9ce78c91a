/* test-model-card.c: a missing, torn or exchanged model is one clear sentence
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-model-card.h"

#include <glib/gstdio.h>
#include <string.h>

#include "bolo-cv.h"
#include "bolo-error.h"

static const char *const names[] = {"detector.ini", "detector.onnx", "reader.ini", "reader.onnx"};

static char *
get_shipped (void)
{
  return g_build_filename (g_getenv ("BOLO_DATA_DIR"), "models", NULL);
}

/* A folder with copies of the shipped models. (transfer full) */
static char *
make_copy (void)
{
  g_autofree char *shipped = get_shipped ();
  char *folder = g_dir_make_tmp ("bolo-models-XXXXXX", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *from = g_build_filename (shipped, names[i], NULL);
    g_autofree char *to = g_build_filename (folder, names[i], NULL);
    g_autofree char *contents = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (from, &contents, &length, NULL));
    g_assert_true (g_file_set_contents (to, contents, (gssize) length, NULL));
  }
  return folder;
}

static void
remove_copy (const char *folder)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);

    g_unlink (path);
  }
  g_rmdir (folder);
}

static void
assert_refused (const char *folder, BoloError code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloCv) cv = bolo_cv_new (folder, BOLO_CV_BACKEND_BEST, &error);

  g_assert_null (cv);
  g_assert_error (error, BOLO_ERROR, (int) code);
  if (strstr (error->message, words) == NULL)
    g_test_message ("'%s' does not say '%s'", error->message, words);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strchr (error->message, '\n'));
}

static void
replace_in (const char *folder, const char *name, const char *from, const char *to)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *contents = NULL;
  g_auto (GStrv) parts = NULL;
  g_autofree char *changed = NULL;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  parts = g_strsplit (contents, from, 2);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  changed = g_strjoinv (to, parts);
  g_assert_true (g_file_set_contents (path, changed, -1, NULL));
}

static void
test_shipped (void)
{
  g_autofree char *shipped = get_shipped ();
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloModelCard) reader = bolo_model_card_load (shipped, "reader", &error);
  g_autoptr (BoloModelCard) detector = NULL;

  g_assert_no_error (error);
  detector = bolo_model_card_load (shipped, "detector", &error);
  g_assert_no_error (error);
  g_assert_cmpint (reader->width, ==, 160);
  g_assert_cmpint (reader->height, ==, 48);
  g_assert_cmpuint (strlen (reader->alphabet), ==, (gsize) reader->blank);
  g_assert_cmpint (reader->n_regions, ==, (int) g_strv_length (reader->regions) + 1);
  g_assert_true (g_strv_contains ((const char *const *) reader->regions, "GB"));
  g_assert_true (reader->has_cover);
  g_assert_cmpint (detector->stride, ==, 8);
  g_assert_cmpfloat (detector->unit, ==, 32);
}

static void
test_missing (void)
{
  g_autofree char *folder = make_copy ();
  g_autofree char *reader = g_build_filename (folder, "reader.onnx", NULL);
  g_autofree char *card = g_build_filename (folder, "detector.ini", NULL);

  g_unlink (reader);
  assert_refused (folder, BOLO_ERROR_NOT_FOUND, "reader.onnx is not there");
  g_unlink (card);
  assert_refused (folder, BOLO_ERROR_NOT_FOUND, "detector.ini of the detector model is not there");
  assert_refused ("/nowhere", BOLO_ERROR_NOT_FOUND, "/nowhere/detector.ini");
  remove_copy (folder);
}

static void
test_torn (void)
{
  g_autofree char *folder = make_copy ();
  g_autofree char *path = g_build_filename (folder, "detector.onnx", NULL);
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (path, contents, (gssize) length / 2, NULL));
  assert_refused (folder, BOLO_ERROR_INVALID_DATA, "is not the one that");
  remove_copy (folder);
}

/* Each model is whole, but they were exchanged, cards and all. */
static void
test_exchanged (void)
{
  g_autofree char *folder = make_copy ();
  g_autofree char *a = g_build_filename (folder, "detector.ini", NULL);
  g_autofree char *b = g_build_filename (folder, "reader.ini", NULL);

  g_assert_cmpint (g_rename (a, b), ==, 0);
  g_assert_true (g_file_set_contents (a, "[model]\nkind=reader\n", -1, NULL));
  assert_refused (folder, BOLO_ERROR_INVALID_DATA, "this card must be of a detector");
  remove_copy (folder);
}

static char *
get_checksum (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, contents, (gssize) length);
}

/* The checksum is right and the file is no detector: its shapes give it away. */
static void
test_wrong_net (void)
{
  g_autofree char *folder = make_copy ();
  g_autofree char *detector = g_build_filename (folder, "detector.onnx", NULL);
  g_autofree char *reader = g_build_filename (folder, "reader.onnx", NULL);
  g_autofree char *of_detector = get_checksum (folder, "detector.onnx");
  g_autofree char *of_reader = get_checksum (folder, "reader.onnx");
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (reader, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (detector, contents, (gssize) length, NULL));
  replace_in (folder, "detector.ini", of_detector, of_reader);
  assert_refused (folder, BOLO_ERROR_INVALID_DATA, "The models in");
  remove_copy (folder);
}

/* The net says one class more, or less, than its card tells. */
static void
test_other_classes (void)
{
  g_autofree char *folder = make_copy ();

  replace_in (folder, "reader.ini", "cover=true", "cover=false");
  assert_refused (folder, BOLO_ERROR_INVALID_DATA, "does not give the classes and columns");
  replace_in (folder, "reader.ini", "cover=false", "cover=perhaps");
  assert_refused (folder, BOLO_ERROR_INVALID_DATA, "cover");
  remove_copy (folder);
}

/* Right checksum, no model at all. */
static void
test_no_net (void)
{
  g_autofree char *folder = make_copy ();
  g_autofree char *detector = g_build_filename (folder, "detector.onnx", NULL);
  g_autofree char *before = get_checksum (folder, "detector.onnx");
  g_autofree char *after = NULL;

  g_assert_true (g_file_set_contents (detector, "dear diary", -1, NULL));
  after = get_checksum (folder, "detector.onnx");
  replace_in (folder, "detector.ini", before, after);
  assert_refused (folder, BOLO_ERROR_INVALID_DATA, "cannot be used");
  remove_copy (folder);
}

static void
test_bad_card (void)
{
  g_autofree char *folder = make_copy ();

  replace_in (folder, "reader.ini", "alphabet=0123456789", "alphabet=0123456789-");
  assert_refused (folder, BOLO_ERROR_INVALID_DATA, "only 0-9 and A-Z can be read");
  replace_in (folder, "reader.ini", "input=1x1x48x160", "input=huge");
  assert_refused (folder, BOLO_ERROR_INVALID_DATA, "must be like 1x1x48x160");
  remove_copy (folder);
}

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
test_bad_calibration (void)
{
  g_autofree char *folder = make_copy ();
  g_autofree char *path = g_build_filename (folder, "calibration.ini", NULL);

  write_file (folder, "calibration.ini", "[calibration]\nraw=0.5;1\nright=0.2\n");
  assert_refused (folder, BOLO_ERROR_INVALID_DATA, "as many numbers as raw");
  g_unlink (path);
  remove_copy (folder);
}

/* Whatever bytes stand in a model file whose checksum is right: loaded or refused, no crash (the
 * sanitized run looks), and no word on standard error. */
static void
test_damaged_nets (void)
{
  g_autofree char *folder = make_copy ();
  g_autofree char *reader = g_build_filename (folder, "reader.onnx", NULL);
  g_autofree char *contents = NULL;
  g_autofree char *before = get_checksum (folder, "reader.onnx");
  g_autoptr (GRand) random = g_rand_new_with_seed (17);
  guint n_refused = 0;
  gsize length;

  g_assert_true (g_file_get_contents (reader, &contents, &length, NULL));
  for (int round = 0; round < 12; round++) {
    g_autofree char *copy = g_memdup2 (contents, length);
    g_autofree char *after = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (BoloCv) cv = NULL;
    gsize size = round % 3 == 0 ? length - (gsize) round * 20000 - 1 : length;

    /* the graph's own bytes stand mostly at the beginning of each node: hit them often */
    for (int i = 0; i < 40; i++)
      copy[g_rand_int_range (random, 0, round % 3 == 1 ? 3000 : (gint32) length)] =
        (char) g_rand_int (random);
    g_assert_true (g_file_set_contents (reader, copy, (gssize) size, NULL));
    after = get_checksum (folder, "reader.onnx");
    replace_in (folder, "reader.ini", before, after);
    g_free (before);
    before = g_steal_pointer (&after);
    cv = bolo_cv_new (folder, BOLO_CV_BACKEND_ONEDNN, &error);
    g_assert_true ((cv == NULL) == (error != NULL));
    n_refused += cv == NULL;
  }
  g_assert_cmpuint (n_refused, >=, 4);
  remove_copy (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vision/model-card/shipped", test_shipped);
  g_test_add_func ("/vision/model-card/missing", test_missing);
  g_test_add_func ("/vision/model-card/torn", test_torn);
  g_test_add_func ("/vision/model-card/exchanged", test_exchanged);
  g_test_add_func ("/vision/model-card/wrong-net", test_wrong_net);
  g_test_add_func ("/vision/model-card/other-classes", test_other_classes);
  g_test_add_func ("/vision/model-card/no-net", test_no_net);
  g_test_add_func ("/vision/model-card/bad-card", test_bad_card);
  g_test_add_func ("/vision/model-card/bad-calibration", test_bad_calibration);
  g_test_add_func ("/vision/model-card/damaged-nets", test_damaged_nets);
  return g_test_run ();
}
