/* test-codec.c: pixels to JPEG and PNG and back, whole, damaged and under a cap
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <stdlib.h>
#include <string.h>

#include "bolo-error.h"
#include "bolo-picture.h"

/* Soft gradients with some noise: compresses as photographs do. */
static BoloPicture *
make_picture (BoloPictureFormat format, int width, int height)
{
  BoloPicture *picture = bolo_picture_new (format, width, height);
  int n_bytes = bolo_picture_format_get_bytes (format);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width * n_bytes; x++)
      picture->pixels[y * picture->stride + x] =
        (guint8) (40 + x / n_bytes * 120 / width + y * 60 / height + (x % n_bytes) * 10 +
                  g_rand_int_range (random, 0, 6));
  return picture;
}

static double
get_mean_difference (const BoloPicture *a, const BoloPicture *b)
{
  gsize n = (gsize) a->stride * (gsize) a->height;
  guint64 sum = 0;

  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpint (a->height, ==, b->height);
  g_assert_cmpint (a->format, ==, b->format);
  for (gsize i = 0; i < n; i++)
    sum += (guint64) abs (a->pixels[i] - b->pixels[i]);
  return (double) sum / (double) n;
}

static BoloPicture *
decode (GBytes *bytes, BoloPictureFormat format, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  return bolo_picture_decode (data, length, "test", format, error);
}

static void
test_png (void)
{
  for (int format = BOLO_PICTURE_GRAY8; format <= BOLO_PICTURE_RGB; format++) {
    g_autoptr (BoloPicture) picture = make_picture (format, 61, 33);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = bolo_picture_encode_png (picture, &error);
    g_autoptr (BoloPicture) back = NULL;

    g_assert_no_error (error);
    back = decode (bytes, format, &error);
    g_assert_no_error (error);
    g_assert_cmpfloat (get_mean_difference (picture, back), ==, 0);
  }
}

static void
test_jpeg (void)
{
  for (int format = BOLO_PICTURE_GRAY8; format <= BOLO_PICTURE_RGB; format++) {
    g_autoptr (BoloPicture) picture = make_picture (format, 160, 90);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = bolo_picture_encode_jpeg (picture, 100000, &error);
    g_autoptr (BoloPicture) back = NULL;

    g_assert_no_error (error);
    back = decode (bytes, format, &error);
    g_assert_no_error (error);
    g_assert_cmpfloat (get_mean_difference (picture, back), <, 3);
  }
}

static void
test_colour_to_grey (void)
{
  g_autoptr (BoloPicture) picture = bolo_picture_new (BOLO_PICTURE_RGB, 32, 32);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (BoloPicture) grey = NULL;

  for (int i = 0; i < 32 * 32; i++)
    picture->pixels[3 * i] = 200; /* red only: 0.299 of it is luma */
  bytes = bolo_picture_encode_jpeg (picture, 100000, NULL);
  grey = decode (bytes, BOLO_PICTURE_GRAY8, NULL);
  g_assert_cmpint (abs (grey->pixels[500] - 60), <=, 2);
}

static void
test_cap (void)
{
  g_autoptr (BoloPicture) picture = make_picture (BOLO_PICTURE_RGB, 320, 180);
  const gsize caps[] = {20000, 6000, 2500, 900};

  for (gsize i = 0; i < G_N_ELEMENTS (caps); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = bolo_picture_encode_jpeg (picture, caps[i], &error);
    g_autoptr (BoloPicture) back = NULL;

    g_assert_no_error (error);
    g_assert_cmpuint (g_bytes_get_size (bytes), <=, caps[i]);
    back = decode (bytes, BOLO_PICTURE_RGB, &error);
    g_assert_no_error (error);
    g_assert_cmpint (back->width, <=, 320);
  }
}

static void
test_cap_too_low (void)
{
  g_autoptr (BoloPicture) picture = make_picture (BOLO_PICTURE_GRAY8, 64, 64);
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_picture_encode_jpeg (picture, 20, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE);
}

/* Wherever the file is torn: an error, never a crash or a half grey picture taken as whole. */
static void
test_torn (void)
{
  g_autoptr (BoloPicture) picture = make_picture (BOLO_PICTURE_RGB, 120, 80);
  g_autoptr (GBytes) jpeg = bolo_picture_encode_jpeg (picture, 100000, NULL);
  g_autoptr (GBytes) png = bolo_picture_encode_png (picture, NULL);
  GBytes *const files[] = {jpeg, png};

  for (gsize f = 0; f < G_N_ELEMENTS (files); f++) {
    gsize size = g_bytes_get_size (files[f]);

    for (int tenth = 0; tenth < 10; tenth++) {
      g_autoptr (GBytes) torn = g_bytes_new_from_bytes (files[f], 0, size * (gsize) tenth / 10);
      g_autoptr (GError) error = NULL;

      g_assert_null (decode (torn, BOLO_PICTURE_GRAY8, &error));
      g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    }
  }
}

/* Flipped bytes may decode to something or be refused; memory stays sound either way (the
 * sanitized run looks). */
static void
test_flipped_bytes (void)
{
  g_autoptr (BoloPicture) picture = make_picture (BOLO_PICTURE_RGB, 48, 48);
  g_autoptr (GBytes) jpeg = bolo_picture_encode_jpeg (picture, 100000, NULL);
  g_autoptr (GBytes) png = bolo_picture_encode_png (picture, NULL);
  GBytes *const files[] = {jpeg, png};
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  guint n_refused = 0;

  for (int round = 0; round < 400; round++) {
    gsize length;
    const guint8 *data = g_bytes_get_data (files[round % 2], &length);
    g_autofree guint8 *copy = g_memdup2 (data, length);
    g_autoptr (BoloPicture) back = NULL;
    g_autoptr (GError) error = NULL;

    for (int i = 0; i < 4; i++)
      copy[g_rand_int_range (random, 0, (gint32) length)] = (guint8) g_rand_int (random);
    back = bolo_picture_decode (copy, length, "test", BOLO_PICTURE_GRAY8, &error);
    g_assert_true ((back == NULL) == (error != NULL));
    n_refused += back == NULL;
  }
  g_assert_cmpuint (n_refused, >, 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture/codec/png", test_png);
  g_test_add_func ("/picture/codec/jpeg", test_jpeg);
  g_test_add_func ("/picture/codec/colour-to-grey", test_colour_to_grey);
  g_test_add_func ("/picture/codec/cap", test_cap);
  g_test_add_func ("/picture/codec/cap-too-low", test_cap_too_low);
  g_test_add_func ("/picture/codec/torn", test_torn);
  g_test_add_func ("/picture/codec/flipped-bytes", test_flipped_bytes);
  return g_test_run ();
}
