/* test-fit.c: stored pictures become as small as a back office wants them, and no smaller
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-picture.h"

#define PATCH_WIDTH 120
#define PATCH_HEIGHT 60
#define PATCH_BYTES (3 * 1024)
#define OVERVIEW_BYTES (25 * 1024)

/* Noise is the worst that a JPEG can be asked to hold. */
static GBytes *
make_jpeg (int width, int height, gboolean is_noise)
{
  g_autoptr (BoloPicture) picture = bolo_picture_new (BOLO_PICTURE_RGB, width, height);
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  g_autoptr (GError) error = NULL;
  GBytes *bytes;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width * 3; x++)
      picture->pixels[y * picture->stride + x] =
        (guint8) (is_noise ? g_rand_int_range (random, 0, 256) : (x + y) * 200 / (width * 4));
  bytes = bolo_picture_encode_jpeg (picture, 8 << 20, &error);
  g_assert_no_error (error);
  return bytes;
}

static void
check_fit (int width, int height, gboolean is_noise, int max_width, int max_height, gsize max_bytes)
{
  g_autoptr (GBytes) jpeg = make_jpeg (width, height, is_noise);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) fit =
    bolo_picture_fit_jpeg (jpeg, "x", max_width, max_height, max_bytes, &error);
  BoloPictureInfo info;

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (fit), <=, max_bytes);
  g_assert_true (
    bolo_picture_probe (g_bytes_get_data (fit, NULL), g_bytes_get_size (fit), "x", &info, &error));
  g_assert_cmpint (info.kind, ==, BOLO_PICTURE_JPEG);
  g_assert_cmpint (info.width, <=, max_width);
  g_assert_cmpint (info.height, <=, max_height);
  /* Proportions hold to a pixel of the shorter side, as far as sides can be whole numbers. */
  g_assert_cmpint (ABS (info.width * height - info.height * width), <=, MAX (width, height) * 2);
}

static void
test_patch (void)
{
  static const int sizes[][2] = {{121, 60}, {120, 61}, {520, 111}, {256, 256}, {900, 120}};

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int is_noise = 0; is_noise < 2; is_noise++)
      check_fit (sizes[i][0], sizes[i][1], is_noise, PATCH_WIDTH, PATCH_HEIGHT, PATCH_BYTES);
}

static void
test_overview (void)
{
  check_fit (1920, 1080, FALSE, BOLO_PICTURE_MAX_SIDE, BOLO_PICTURE_MAX_SIDE, OVERVIEW_BYTES);
  check_fit (640, 360, TRUE, BOLO_PICTURE_MAX_SIDE, BOLO_PICTURE_MAX_SIDE, OVERVIEW_BYTES);
}

static void
test_leaves_alone (void)
{
  g_autoptr (GBytes) jpeg = make_jpeg (PATCH_WIDTH, PATCH_HEIGHT, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) fit =
    bolo_picture_fit_jpeg (jpeg, "x", PATCH_WIDTH, PATCH_HEIGHT, PATCH_BYTES, &error);

  g_assert_no_error (error);
  g_assert_true (fit == jpeg);
}

static void
test_refuses (void)
{
  g_autoptr (GBytes) whole = make_jpeg (300, 200, TRUE);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (whole, 0, g_bytes_get_size (whole) / 3);
  g_autoptr (GBytes) text = g_bytes_new_static ("no picture at all, whatever its name", 36);
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_picture_fit_jpeg (cut, "x", 120, 60, 3072, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (bolo_picture_fit_jpeg (text, "x", 120, 60, 3072, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (bolo_picture_fit_jpeg (whole, "x", 120, 60, 100, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fit/patch", test_patch);
  g_test_add_func ("/fit/overview", test_overview);
  g_test_add_func ("/fit/leaves-alone", test_leaves_alone);
  g_test_add_func ("/fit/refuses", test_refuses);
  return g_test_run ();
}
