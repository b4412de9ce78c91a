/* test-cv.c: the nets find and read painted plates, the same with either library
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cv.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "bolo-error.h"
#include "bolo-still.h"
#include "tiny-onnx.h"
#include "vision-fixtures.h"
#include "vision-scene.h"

static BoloCv *
load_cv (BoloCvBackend backend)
{
  g_autofree char *models = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "models", NULL);
  g_autoptr (GError) error = NULL;
  BoloCv *cv = bolo_cv_new (models, backend, &error);

  g_assert_no_error (error);
  return cv;
}

static void
assert_same_output (BoloCv *a, BoloCv *b, const char *net, int width, int height, float epsilon)
{
  g_autofree float *input = g_new (float, (gsize) width *(gsize) height);
  g_autofree float *output_a = NULL;
  g_autofree float *output_b = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  g_autoptr (GError) error = NULL;
  gsize n_a;
  gsize n_b;

  for (int i = 0; i < width * height; i++)
    input[i] = (float) g_rand_double_range (random, -2, 2);
  g_assert_true (bolo_cv_run_raw (a, net, input, width, height, &output_a, &n_a, &error));
  g_assert_true (bolo_cv_run_raw (b, net, input, width, height, &output_b, &n_b, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_a, ==, n_b);
  g_assert_cmpuint (n_a, >, 0);
  for (gsize i = 0; i < n_a; i++)
    g_assert_cmpfloat_with_epsilon (output_a[i], output_b[i], epsilon);
}

static void
test_backends_agree (void)
{
  g_autoptr (BoloCv) onednn = load_cv (BOLO_CV_BACKEND_ONEDNN);
  g_autoptr (BoloCv) opencv = load_cv (BOLO_CV_BACKEND_OPENCV);

  g_assert_cmpstr (bolo_cv_get_backend (onednn), ==, "oneDNN");
  g_assert_cmpstr (bolo_cv_get_backend (opencv), ==, "OpenCV");
  assert_same_output (onednn, opencv, "detector", 320, 192, 1e-3f);
  assert_same_output (onednn, opencv, "detector", 160, 96, 1e-3f);
  assert_same_output (onednn, opencv, "detector", 96, 224, 1e-3f);
  assert_same_output (onednn, opencv, "detector", 320, 192, 1e-3f); /* the plan that was kept */
  assert_same_output (onednn, opencv, "reader", 160, 48, 1e-3f);
}

/* Less exact, and near enough; a processor without it says so. */
static void
test_bfloat16 (void)
{
  g_autofree char *models = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "models", NULL);
  g_autoptr (BoloCv) best = load_cv (BOLO_CV_BACKEND_BEST);
  g_autoptr (BoloCv) exact = load_cv (BOLO_CV_BACKEND_ONEDNN);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloCv) rough = bolo_cv_new (models, BOLO_CV_BACKEND_ONEDNN_BFLOAT16, &error);

  if (!bolo_cv_has_bfloat16 ()) {
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, "bfloat16"));
    g_assert_cmpstr (bolo_cv_get_backend (best), ==, "oneDNN");
    return;
  }
  g_assert_no_error (error);
  g_assert_cmpstr (bolo_cv_get_backend (best), ==, "oneDNN in bfloat16");
  g_assert_cmpstr (bolo_cv_get_backend (rough), ==, "oneDNN in bfloat16");
  assert_same_output (best, rough, "detector", 320, 192, 1e-6f);
  assert_same_output (exact, rough, "detector", 320, 192, 0.5f);
  assert_same_output (exact, rough, "reader", 160, 48, 0.5f);
}

/* More sizes than are kept ready: old plans go, answers stay. */
static void
test_many_sizes (void)
{
  g_autoptr (BoloCv) cv = load_cv (BOLO_CV_BACKEND_BEST);
  g_autoptr (BoloCv) other = load_cv (BOLO_CV_BACKEND_BEST);

  for (int round = 0; round < 2; round++)
    for (int size = 64; size <= 416; size += 32)
      assert_same_output (cv, other, "detector", size, 64, 1e-3f);
}

static void
test_finds_and_reads (void)
{
  g_autoptr (BoloCv) cv = load_cv (BOLO_CV_BACKEND_BEST);
  g_autoptr (VisionScene) scene = vision_scene_new (1280, 720);
  g_autoptr (GError) error = NULL;
  const float expected[4][2] = {{540, 384}, {740, 384}, {740, 427}, {540, 427}};
  BoloCvImage image;
  BoloCvBox boxes[16];
  BoloReading reading;
  guint n;

  vision_scene_add_car (scene, "KX64ABH", FALSE, 640, 405, 200, 0);
  image = vision_scene_get_image (scene);
  g_assert_true (bolo_cv_detect (cv, &image, 640, 384, 0.3f, boxes, 16, &n, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpfloat (boxes[0].score, >, 0.5);
  for (int i = 0; i < 4; i++) {
    g_assert_cmpfloat (fabsf (boxes[0].corners[i][0] - expected[i][0]), <, 16);
    g_assert_cmpfloat (fabsf (boxes[0].corners[i][1] - expected[i][1]), <, 12);
  }
  g_assert_true (bolo_cv_read (cv, &image, &boxes[0], &reading, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (reading.text, ==, "KX64ABH");
  g_assert_cmpuint (reading.n_characters, ==, 7);
  g_assert_cmpfloat (reading.confidence, >, 0.5);
  g_assert_cmpfloat (reading.sharpness, >, 2);
  g_assert_cmpfloat (fabsf (reading.width_px - 200), <, 25);
}

/* A box that cuts off the first character or the last is followed to the plate's ends; not
 * out of the picture. */
static void
test_follows_text (void)
{
  static const struct {
    float left;
    float right;
    int width; /* of the picture that is shown */
    const char *text;
  } cases[] = {{578, 740, 1280, "KX64ABH"}, {540, 703, 1280, "KX64ABH"}, {540, 703, 710, "KX64AB"}};
  g_autoptr (BoloCv) cv = load_cv (BOLO_CV_BACKEND_BEST);
  g_autoptr (VisionScene) scene = vision_scene_new (1280, 720);
  g_autoptr (GError) error = NULL;
  BoloReading reading;

  vision_scene_add_car (scene, "KX64ABH", FALSE, 640, 405, 200, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    BoloCvImage image = vision_scene_get_image (scene);
    const float left = cases[i].left;
    const float right = cases[i].right;
    BoloCvBox box = {.left = left,
                     .top = 384,
                     .right = right,
                     .bottom = 427,
                     .corners = {{left, 384}, {right, 384}, {right, 427}, {left, 427}},
                     .score = 0.9f};

    image.width = cases[i].width;
    g_assert_true (bolo_cv_read (cv, &image, &box, &reading, &error));
    g_assert_no_error (error);
    g_assert_cmpstr (reading.text, ==, cases[i].text);
  }
}

/* A hint whose corners are off by a third of the plate's height comes out right, and none stays
 * none. */
static void
test_looks_straight (void)
{
  g_autoptr (BoloCv) cv = load_cv (BOLO_CV_BACKEND_BEST);
  g_autoptr (VisionScene) scene = vision_scene_new (1280, 720);
  g_autoptr (GError) error = NULL;
  const float expected[4][2] = {{540, 384}, {740, 384}, {740, 427}, {540, 427}};
  BoloCvBox hint = {.left = 530,
                    .top = 370,
                    .right = 750,
                    .bottom = 440,
                    .corners = {{530, 398}, {750, 370}, {750, 412}, {530, 440}},
                    .score = 0.2f};
  BoloCvBox box;
  BoloCvImage image;
  BoloReading reading;
  gboolean is_found;

  vision_scene_add_car (scene, "KX64ABH", FALSE, 640, 405, 200, 0);
  image = vision_scene_get_image (scene);
  g_assert_true (bolo_cv_look_straight (cv, &image, &hint, 0.3f, &box, &is_found, &error));
  g_assert_no_error (error);
  g_assert_true (is_found);
  for (int i = 0; i < 4; i++) {
    g_assert_cmpfloat (fabsf (box.corners[i][0] - expected[i][0]), <, 14);
    g_assert_cmpfloat (fabsf (box.corners[i][1] - expected[i][1]), <, 9);
  }
  g_assert_cmpfloat (box.left, <=, box.corners[0][0]);
  g_assert_cmpfloat (box.bottom, >=, box.corners[2][1]);
  g_assert_true (bolo_cv_read (cv, &image, &box, &reading, &error));
  g_assert_cmpstr (reading.text, ==, "KX64ABH");

  for (int i = 0; i < 4; i++) /* the sky */
    hint.corners[i][1] -= 340;
  g_assert_true (bolo_cv_look_straight (cv, &image, &hint, 0.3f, &box, &is_found, &error));
  g_assert_false (is_found);
  memset (hint.corners, 0, sizeof hint.corners); /* no quad at all */
  g_assert_true (bolo_cv_look_straight (cv, &image, &hint, 0.3f, &box, &is_found, &error));
  g_assert_no_error (error);
  g_assert_false (is_found);
}

/* Seen from the side, a plate's characters lean: it comes out upright, from corners that do not. */
static void
test_looks_upright (void)
{
  g_autoptr (BoloCv) cv = load_cv (BOLO_CV_BACKEND_BEST);
  g_autoptr (VisionScene) scene = vision_scene_new (1280, 720);
  g_autofree guint8 *pixels = g_malloc0 ((gsize) 1280 * 720);
  g_autoptr (GError) error = NULL;
  const BoloCvImage leaning = {pixels, 1280, 720, 1280};
  const BoloCvBox hint = {.left = 535,
                          .top = 384,
                          .right = 745,
                          .bottom = 427,
                          .corners = {{535, 384}, {745, 384}, {745, 427}, {535, 427}},
                          .score = 0.4f};
  BoloCvImage image;
  BoloCvBox box;
  BoloReading reading;
  gboolean is_found;

  vision_scene_add_car (scene, "KX64ABH", FALSE, 640, 405, 200, 0);
  image = vision_scene_get_image (scene);
  for (int y = 0; y < 720; y++) {
    int shift = (y - 405) / 2;

    for (int x = 0; x < 1280; x++)
      pixels[y * 1280 + x] = image.data[y * image.stride + CLAMP (x + shift, 0, 1279)];
  }
  g_assert_true (bolo_cv_look_straight (cv, &leaning, &hint, 0.3f, &box, &is_found, &error));
  g_assert_no_error (error);
  g_assert_true (is_found);
  g_assert_cmpfloat (box.corners[0][0] - box.corners[3][0], >, 10); /* 21 in truth */
  g_assert_cmpfloat (box.corners[1][0] - box.corners[2][0], >, 10);
  g_assert_true (bolo_cv_read (cv, &leaning, &box, &reading, &error));
  g_assert_cmpstr (reading.text, ==, "KX64ABH");
}

/* An empty road: nothing that the reader would accept. */
static void
test_nothing_there (void)
{
  g_autoptr (BoloCv) cv = load_cv (BOLO_CV_BACKEND_BEST);
  g_autoptr (VisionScene) scene = vision_scene_new (640, 360);
  g_auto (BoloStillResult) result = {0};
  g_autoptr (GError) error = NULL;
  BoloCvImage image = vision_scene_get_image (scene);

  g_assert_true (bolo_still_read (cv, &image, NULL, &result, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < result.readings->len; i++)
    g_assert_cmpfloat (g_array_index (result.readings, BoloReading, i).confidence, <, 0.5);
}

/* Black, white and half-and-half pictures of odd sizes: no failure. */
static void
test_flat (void)
{
  g_autoptr (BoloCv) cv = load_cv (BOLO_CV_BACKEND_BEST);
  const int sizes[][2] = {{16, 8}, {17, 300}, {333, 9}, {65, 64}};

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    int width = sizes[i][0];
    int height = sizes[i][1];
    g_autofree guint8 *pixels = g_malloc0 ((gsize) width * (gsize) height);
    BoloCvImage image = {pixels, width, height, width};
    g_auto (BoloStillResult) black = {0};
    g_auto (BoloStillResult) white = {0};
    g_autoptr (GError) error = NULL;

    g_assert_true (bolo_still_read (cv, &image, NULL, &black, &error));
    memset (pixels, 255, (gsize) width * (gsize) height);
    g_assert_true (bolo_still_read (cv, &image, NULL, &white, &error));
    g_assert_no_error (error);
  }
}

static const BoloReading *
find_text (const BoloStillResult *result, const char *text)
{
  for (guint i = 0; i < result->readings->len; i++) {
    const BoloReading *reading = &g_array_index (result->readings, BoloReading, i);

    if (g_str_equal (reading->text, text))
      return reading;
  }
  return NULL;
}

/* A plate of a thirtieth of the picture and one of half of it, one turned. */
static void
test_all_sizes (void)
{
  g_autoptr (BoloCv) cv = load_cv (BOLO_CV_BACKEND_BEST);
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (VisionScene) scene = vision_scene_new (2560, 1440);
  g_auto (BoloStillResult) result = {0};
  g_autoptr (GError) error = NULL;
  BoloCvImage image;

  vision_scene_add_car (scene, "YH07TKE", FALSE, 1500, 1000, 1200, 4);
  vision_scene_add_car (scene, "BD51SMR", FALSE, 330, 330, 90, 0);
  image = vision_scene_get_image (scene);
  g_assert_true (bolo_still_read (cv, &image, rules, &result, &error));
  g_assert_no_error (error);
  g_assert_nonnull (find_text (&result, "YH07TKE"));
  g_assert_nonnull (find_text (&result, "BD51SMR"));
  for (guint i = 1; i < result.readings->len; i++)
    g_assert_cmpfloat (g_array_index (result.readings, BoloReading, i).confidence, <=,
                       g_array_index (result.readings, BoloReading, i - 1).confidence);
}

static void
test_two_lines (void)
{
  g_autoptr (BoloCv) cv = load_cv (BOLO_CV_BACKEND_BEST);
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (VisionScene) scene = vision_scene_new (1280, 720);
  g_auto (BoloStillResult) result = {0};
  g_autoptr (GError) error = NULL;
  BoloCvImage image;

  vision_scene_add_car (scene, "KX64ABH", TRUE, 640, 405, 160, 0);
  image = vision_scene_get_image (scene);
  g_assert_true (bolo_still_read (cv, &image, rules, &result, &error));
  g_assert_no_error (error);
  g_assert_nonnull (find_text (&result, "KX64ABH"));
}

static void
test_crop (void)
{
  g_autoptr (BoloCv) cv = load_cv (BOLO_CV_BACKEND_BEST);
  g_autoptr (VisionScene) scene = vision_scene_new (640, 360);
  g_auto (BoloStillResult) result = {0};
  g_autoptr (GError) error = NULL;
  BoloCvImage image;
  BoloCvImage crop;

  vision_scene_add_car (scene, "KX64ABH", FALSE, 320, 200, 200, 0);
  image = vision_scene_get_image (scene);
  crop = (BoloCvImage){image.data + 177 * image.stride + 216, 208, 47, image.stride};
  g_assert_true (bolo_still_read_crop (cv, &crop, NULL, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (result.readings->len, ==, 1);
  g_assert_cmpstr (g_array_index (result.readings, BoloReading, 0).text, ==, "KX64ABH");
}

/* How sure a still of the plate is with a dark patch at so much of it, in pixels from its corner.
 */
static float
read_covered (
  BoloCv *cv, BoloPlateRules *rules, double left, double top, double right, double bottom)
{
  g_autoptr (VisionScene) scene = vision_scene_new (1280, 720);
  g_auto (BoloStillResult) result = {0};
  g_autoptr (GError) error = NULL;
  BoloCvImage image;

  vision_scene_add_car (scene, "KX64ABH", FALSE, 640, 405, 200, 0);
  vision_scene_fill (scene, 540 + left, 384 + top, 540 + right, 384 + bottom, 20);
  image = vision_scene_get_image (scene);
  g_assert_true (bolo_still_read (cv, &image, rules, &result, &error));
  g_assert_no_error (error);
  return result.readings->len > 0 ? g_array_index (result.readings, BoloReading, 0).confidence : 0;
}

/* Bare, and with what hides nothing, it is sure; with a patch before any of the inner characters it
 * is not, though it reads the others well. */
static void
test_covered (void)
{
  g_autoptr (BoloCv) cv = load_cv (BOLO_CV_BACKEND_BEST);
  g_autoptr (BoloPlateRules) rules = load_rules ();

  g_assert_cmpfloat (read_covered (cv, rules, 0, 0, 0, 0), >, 0.9);
  g_assert_cmpfloat (read_covered (cv, rules, 230, -20, 255, 80), >, 0.9);
  g_assert_cmpfloat (read_covered (cv, rules, 90, 48, 110, 60), >, 0.9);
  for (double left = 38; left <= 134; left += 24)
    g_assert_cmpfloat (read_covered (cv, rules, left, 4, left + 26, 39), <, 0.3);
}

/* A net of the characters alone, as the first readers were: read as it is, and of regions and
 * covers nothing is said. */
static void
test_plain_reader (void)
{
  static const char *const names[] = {"detector.ini", "detector.onnx"};
  g_autofree char *folder = g_dir_make_tmp ("bolo-plain-XXXXXX", NULL);
  g_autofree char *onnx = g_build_filename (folder, "reader.onnx", NULL);
  g_autofree char *ini = g_build_filename (folder, "reader.ini", NULL);
  g_autoptr (TinyOnnx) net = tiny_onnx_new ();
  g_autoptr (VisionScene) scene = vision_scene_new (1280, 720);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *checksum = NULL;
  g_autofree char *card = NULL;
  BoloCvImage image = vision_scene_get_image (scene);
  const BoloCvBox box = {.left = 540,
                         .top = 384,
                         .right = 740,
                         .bottom = 427,
                         .corners = {{540, 384}, {740, 384}, {740, 427}, {540, 427}},
                         .score = 0.9f};
  BoloReading reading;
  BoloCv *cv;

  tiny_onnx_add_convolution (net, "input", "a", 1, 4, 3, 3, 2, TRUE);
  tiny_onnx_add_convolution (net, "a", "b", 4, 37, 3, 3, 2, TRUE);
  tiny_onnx_add_pooling (net, "b", "c", 12, 1);
  bytes = tiny_onnx_finish (net, "c");
  checksum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  card =
    g_strdup_printf ("[model]\nkind=reader\nsha256=%s\ninput=1x1x48x160\ncolumns=40\nblank=36\n"
                     "alphabet=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ\n",
                     checksum);
  g_assert_true (g_file_set_contents (onnx, g_bytes_get_data (bytes, NULL),
                                      (gssize) g_bytes_get_size (bytes), NULL));
  g_assert_true (g_file_set_contents (ini, card, -1, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *from = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "models", names[i], NULL);
    g_autofree char *to = g_build_filename (folder, names[i], NULL);

    g_assert_cmpint (symlink (from, to), ==, 0);
  }
  cv = bolo_cv_new (folder, BOLO_CV_BACKEND_BEST, &error);
  g_assert_no_error (error);
  g_assert_true (bolo_cv_read (cv, &image, &box, &reading, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (reading.covered, ==, 0);
  g_assert_false (reading.is_region_read);
  bolo_cv_free (cv);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);

    g_unlink (path);
  }
  g_unlink (onnx);
  g_unlink (ini);
  g_rmdir (folder);
}

/* What the libraries refuse comes back as an error, not as an end of the program. */
static void
test_fence (void)
{
  g_autoptr (BoloCv) cv = load_cv (BOLO_CV_BACKEND_BEST);
  const float input[4 * 4] = {0};
  g_autofree float *output = NULL;
  g_autoptr (GError) error = NULL;
  gsize n;

  g_assert_false (bolo_cv_run_raw (cv, "reader", input, 4, 4, &output, &n, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INTERNAL);
  g_assert_null (output);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vision/cv/backends-agree", test_backends_agree);
  g_test_add_func ("/vision/cv/bfloat16", test_bfloat16);
  g_test_add_func ("/vision/cv/many-sizes", test_many_sizes);
  g_test_add_func ("/vision/cv/finds-and-reads", test_finds_and_reads);
  g_test_add_func ("/vision/cv/follows-text", test_follows_text);
  g_test_add_func ("/vision/cv/looks-straight", test_looks_straight);
  g_test_add_func ("/vision/cv/looks-upright", test_looks_upright);
  g_test_add_func ("/vision/cv/nothing-there", test_nothing_there);
  g_test_add_func ("/vision/cv/flat", test_flat);
  g_test_add_func ("/vision/cv/all-sizes", test_all_sizes);
  g_test_add_func ("/vision/cv/two-lines", test_two_lines);
  g_test_add_func ("/vision/cv/crop", test_crop);
  g_test_add_func ("/vision/cv/covered", test_covered);
  g_test_add_func ("/vision/cv/plain-reader", test_plain_reader);
  g_test_add_func ("/vision/cv/fence", test_fence);
  return g_test_run ();
}
