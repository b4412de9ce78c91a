/* test-nets.c: nets of other shapes than ours: run by both libraries, by one, or refused
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <glib/gstdio.h>
#include <string.h>

#include "bolo-cv.h"
#include "bolo-error.h"
#include "tiny-onnx.h"

/* The shipped reader beside a detector of our own making, with its card. */
typedef struct {
  char *folder;
  TinyOnnx *net;
} Fixture;

static void
copy_shipped (const char *folder, const char *name)
{
  g_autofree char *from = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "models", name, NULL);
  g_autofree char *to = g_build_filename (folder, name, NULL);
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (from, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (to, contents, (gssize) length, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bolo-nets-XXXXXX", NULL);
  fixture->net = tiny_onnx_new ();
  copy_shipped (fixture->folder, "reader.ini");
  copy_shipped (fixture->folder, "reader.onnx");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const char *const names[] = {"reader.ini", "reader.onnx", "detector.ini", "detector.onnx"};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);

    g_unlink (path);
  }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  tiny_onnx_free (fixture->net);
}

static void
write_detector (Fixture *fixture, const char *output)
{
  g_autoptr (GBytes) bytes = tiny_onnx_finish (fixture->net, output);
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree char *card = g_strdup_printf ("[model]\nkind=detector\nsha256=%s\n", sum);
  g_autofree char *ini = g_build_filename (fixture->folder, "detector.ini", NULL);
  g_autofree char *onnx = g_build_filename (fixture->folder, "detector.onnx", NULL);

  g_assert_true (g_file_set_contents (ini, card, -1, NULL));
  g_assert_true (g_file_set_contents (onnx, g_bytes_get_data (bytes, NULL),
                                      (gssize) g_bytes_get_size (bytes), NULL));
}

static BoloCv *
load (Fixture *fixture, BoloCvBackend backend)
{
  g_autoptr (GError) error = NULL;
  BoloCv *cv = bolo_cv_new (fixture->folder, backend, &error);

  g_assert_no_error (error);
  return cv;
}

static void
assert_both_agree (Fixture *fixture, int width, int height)
{
  g_autoptr (BoloCv) onednn = load (fixture, BOLO_CV_BACKEND_ONEDNN);
  g_autoptr (BoloCv) opencv = load (fixture, BOLO_CV_BACKEND_OPENCV);
  g_autofree float *input = g_new (float, (gsize) width *(gsize) height);
  g_autofree float *a = NULL;
  g_autofree float *b = NULL;
  gsize n_a;
  gsize n_b;

  for (int i = 0; i < width * height; i++)
    input[i] = (float) (i % 17) / 8 - 1;
  g_assert_true (bolo_cv_run_raw (onednn, "detector", input, width, height, &a, &n_a, NULL));
  g_assert_true (bolo_cv_run_raw (opencv, "detector", input, width, height, &b, &n_b, NULL));
  g_assert_cmpuint (n_a, ==, n_b);
  g_assert_cmpuint (n_a, ==, (gsize) (13 * (width / 8) * (height / 8)));
  for (gsize i = 0; i < n_a; i++)
    g_assert_cmpfloat_with_epsilon (a[i], b[i], 1e-3);
}

static void
assert_refused (Fixture *fixture, BoloCvBackend backend, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloCv) cv = bolo_cv_new (fixture->folder, backend, &error);

  g_assert_null (cv);
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, fixture->folder));
  if (words != NULL)
    g_assert_nonnull (strstr (error->message, words));
}

/* Kernels that are not square, no bias, a Relu that others use too, pooling one way. */
static void
test_odd_shapes (Fixture *fixture, gconstpointer data)
{
  TinyOnnx *net = fixture->net;

  tiny_onnx_add_convolution (net, "input", "a", 1, 5, 3, 5, 2, FALSE);
  tiny_onnx_add_step (net, "Relu", "a", NULL, "b");
  tiny_onnx_add_convolution (net, "b", "c", 5, 7, 1, 3, 1, TRUE);
  tiny_onnx_add_convolution (net, "b", "d", 5, 7, 5, 1, 1, FALSE);
  tiny_onnx_add_step (net, "Add", "c", "d", "e");
  tiny_onnx_add_step (net, "Relu", "e", NULL, "f");
  tiny_onnx_add_pooling (net, "f", "g", 2, 1);
  tiny_onnx_add_pooling (net, "g", "h", 1, 2);
  tiny_onnx_add_convolution (net, "h", "i", 7, 13, 3, 3, 2, TRUE);
  write_detector (fixture, "i");
  assert_both_agree (fixture, 64, 64);
  assert_both_agree (fixture, 96, 32);
}

/* Down and up again, a sum whose Relu is not the next step. */
static void
test_down_and_up (Fixture *fixture, gconstpointer data)
{
  TinyOnnx *net = fixture->net;

  tiny_onnx_add_convolution (net, "input", "a", 1, 16, 3, 3, 2, TRUE);
  tiny_onnx_add_convolution (net, "a", "b", 16, 16, 3, 3, 2, TRUE);
  tiny_onnx_add_convolution (net, "b", "c", 16, 20, 3, 3, 2, TRUE);
  tiny_onnx_add_convolution (net, "c", "d", 20, 20, 3, 3, 2, TRUE);
  tiny_onnx_add_resize (net, "d", "e", 2);
  tiny_onnx_add_step (net, "Add", "c", "e", "f");
  tiny_onnx_add_step (net, "Relu", "c", NULL, "g");
  tiny_onnx_add_step (net, "Add", "f", "g", "h");
  tiny_onnx_add_convolution (net, "h", "i", 20, 13, 1, 1, 1, TRUE);
  write_detector (fixture, "i");
  assert_both_agree (fixture, 64, 32);
}

static void
add_three_halvings (TinyOnnx *net, const char *output, int out_channels)
{
  tiny_onnx_add_convolution (net, "input", "a", 1, 4, 3, 3, 2, TRUE);
  tiny_onnx_add_convolution (net, "a", "b", 4, 4, 3, 3, 2, TRUE);
  tiny_onnx_add_convolution (net, "b", output, 4, out_channels, 3, 3, 2, TRUE);
}

/* A step that our own runner does not know: OpenCV takes over, unless oneDNN was demanded. */
static void
test_fall_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloCv) cv = NULL;

  add_three_halvings (fixture->net, "c", 13);
  tiny_onnx_add_step (fixture->net, "Sigmoid", "c", NULL, "d");
  write_detector (fixture, "d");
  cv = load (fixture, BOLO_CV_BACKEND_BEST);
  g_assert_cmpstr (bolo_cv_get_backend (cv), ==, "OpenCV");
  assert_refused (fixture, BOLO_CV_BACKEND_ONEDNN, "a step that we do not know: Sigmoid");
}

static void
test_other_resize (Fixture *fixture, gconstpointer data)
{
  add_three_halvings (fixture->net, "c", 13);
  tiny_onnx_add_resize (fixture->net, "c", "d", 3);
  write_detector (fixture, "d");
  assert_refused (fixture, BOLO_CV_BACKEND_ONEDNN, "a resize that does not double");
}

static void
test_wrong_channels (Fixture *fixture, gconstpointer data)
{
  add_three_halvings (fixture->net, "c", 12);
  write_detector (fixture, "c");
  assert_refused (fixture, BOLO_CV_BACKEND_BEST, "does not give 13 maps");
}

static void
test_wrong_scale (Fixture *fixture, gconstpointer data)
{
  tiny_onnx_add_convolution (fixture->net, "input", "a", 1, 13, 3, 3, 2, TRUE);
  write_detector (fixture, "a");
  assert_refused (fixture, BOLO_CV_BACKEND_BEST, "an eighth of its input");
}

/* Weights of other channels than come in; a value that nobody makes; nothing at all. */
static void
test_broken_graphs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TinyOnnx) nothing = tiny_onnx_new ();

  tiny_onnx_add_convolution (fixture->net, "input", "a", 1, 4, 3, 3, 2, TRUE);
  tiny_onnx_add_convolution (fixture->net, "a", "b", 9, 13, 3, 3, 2, TRUE);
  write_detector (fixture, "b");
  assert_refused (fixture, BOLO_CV_BACKEND_ONEDNN, "weights do not fit");

  tiny_onnx_free (fixture->net);
  fixture->net = tiny_onnx_new ();
  tiny_onnx_add_convolution (fixture->net, "elsewhere", "a", 1, 13, 3, 3, 2, TRUE);
  write_detector (fixture, "a");
  assert_refused (fixture, BOLO_CV_BACKEND_ONEDNN, "before it is made");

  tiny_onnx_free (fixture->net);
  fixture->net = g_steal_pointer (&nothing);
  write_detector (fixture, "a");
  assert_refused (fixture, BOLO_CV_BACKEND_ONEDNN, "is not an ONNX file");
}

/* Cut off anywhere, with a checksum that fits: refused. */
static void
test_cut_off (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *ini = g_build_filename (fixture->folder, "detector.ini", NULL);
  g_autofree char *onnx = g_build_filename (fixture->folder, "detector.onnx", NULL);
  gsize size;

  add_three_halvings (fixture->net, "c", 13);
  bytes = tiny_onnx_finish (fixture->net, "c");
  size = g_bytes_get_size (bytes);
  for (gsize tenth = 1; tenth < 10; tenth++) {
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 0, size * tenth / 10);
    g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, part);
    g_autofree char *card = g_strdup_printf ("[model]\nkind=detector\nsha256=%s\n", sum);

    g_assert_true (g_file_set_contents (ini, card, -1, NULL));
    g_assert_true (g_file_set_contents (onnx, g_bytes_get_data (part, NULL),
                                        (gssize) g_bytes_get_size (part), NULL));
    assert_refused (fixture, BOLO_CV_BACKEND_ONEDNN, NULL);
  }
}

int
main (int argc, char **argv)
{
  const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    {"/vision/nets/odd-shapes", test_odd_shapes},
    {"/vision/nets/down-and-up", test_down_and_up},
    {"/vision/nets/fall-back", test_fall_back},
    {"/vision/nets/other-resize", test_other_resize},
    {"/vision/nets/wrong-channels", test_wrong_channels},
    {"/vision/nets/wrong-scale", test_wrong_scale},
    {"/vision/nets/broken-graphs", test_broken_graphs},
    {"/vision/nets/cut-off", test_cut_off},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
