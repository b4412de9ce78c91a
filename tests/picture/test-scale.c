/* test-scale.c: cutting and scaling keep light where it was
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <stdlib.h>
#include <string.h>

#include "bolo-picture.h"

static BoloPicture *
make_ramp (int width, int height)
{
  BoloPicture *picture = bolo_picture_new (BOLO_PICTURE_GRAY8, width, height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      picture->pixels[y * picture->stride + x] = (guint8) (x * 255 / (width - 1));
  return picture;
}

static double
get_mean (const BoloPicture *picture)
{
  gsize n = (gsize) picture->stride * (gsize) picture->height;
  guint64 sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += picture->pixels[i];
  return (double) sum / (double) n;
}

static void
test_shrink_and_grow (void)
{
  g_autoptr (BoloPicture) ramp = make_ramp (256, 40);
  const int sizes[][2] = {{256, 40}, {64, 10}, {100, 17}, {31, 3}, {1, 1}, {511, 90}};

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (BoloPicture) scaled = bolo_picture_scale (ramp, sizes[i][0], sizes[i][1]);

    g_assert_cmpint (scaled->width, ==, sizes[i][0]);
    g_assert_cmpint (scaled->height, ==, sizes[i][1]);
    g_assert_cmpfloat (ABS (get_mean (scaled) - 127.5), <, 1.0);
    for (int x = 1; x < scaled->width; x++)
      g_assert_cmpuint (scaled->pixels[x], >=, scaled->pixels[x - 1]);
  }
}

static void
test_same_size_is_same (void)
{
  g_autoptr (BoloPicture) ramp = make_ramp (97, 13);
  g_autoptr (BoloPicture) scaled = bolo_picture_scale (ramp, 97, 13);

  g_assert_cmpint (memcmp (ramp->pixels, scaled->pixels, 97 * 13), ==, 0);
}

/* A thin bright line keeps its light when it is shrunk, wherever it stands. */
static void
test_no_light_is_lost (void)
{
  for (int at = 0; at < 90; at += 7) {
    g_autoptr (BoloPicture) picture = bolo_picture_new (BOLO_PICTURE_GRAY8, 90, 10);
    g_autoptr (BoloPicture) scaled = NULL;

    for (int y = 0; y < 10; y++)
      picture->pixels[y * 90 + at] = 255;
    scaled = bolo_picture_scale (picture, 13, 10);
    g_assert_cmpfloat (ABS (get_mean (scaled) - get_mean (picture)), <, 0.6);
  }
}

static void
test_crop (void)
{
  g_autoptr (BoloPicture) ramp = make_ramp (256, 20);
  g_autoptr (BoloPicture) inside = bolo_picture_crop (ramp, 100, 5, 20, 10);
  g_autoptr (BoloPicture) over_edge = bolo_picture_crop (ramp, 250, -5, 50, 100);
  g_autoptr (BoloPicture) outside = bolo_picture_crop (ramp, 900, 900, 10, 10);

  g_assert_cmpint (inside->width, ==, 20);
  g_assert_cmpint (inside->height, ==, 10);
  g_assert_cmpuint (inside->pixels[0], ==, 100);
  g_assert_cmpint (over_edge->width, ==, 6);
  g_assert_cmpint (over_edge->height, ==, 20);
  g_assert_cmpuint (over_edge->pixels[5], ==, 255);
  g_assert_cmpint (outside->width, ==, 1);
  g_assert_cmpint (outside->height, ==, 1);
}

/* Left half red, right half blue, as I420 and as NV12: the same colours come out. */
static void
test_planes (void)
{
  guint8 luma[16 * 8];
  guint8 u[8 * 4];
  guint8 v[8 * 4];
  guint8 uv[16 * 4];
  BoloPicturePlanes i420 = {16, 8, luma, 16, u, v, NULL, 8};
  BoloPicturePlanes nv12 = {16, 8, luma, 16, NULL, NULL, uv, 16};
  BoloPicturePlanes grey = {16, 8, luma, 16, NULL, NULL, NULL, 0};
  const BoloPicturePlanes *const all[] = {&i420, &nv12};

  for (int i = 0; i < 16 * 8; i++)
    luma[i] = i % 16 < 8 ? 82 : 41;
  for (int i = 0; i < 8 * 4; i++) {
    u[i] = uv[2 * i] = i % 8 < 4 ? 90 : 240;
    v[i] = uv[2 * i + 1] = i % 8 < 4 ? 240 : 110;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    g_autoptr (BoloPicture) out = bolo_picture_new_from_planes (all[i], 0, 0, 16, 8, 8, 4);

    g_assert_cmpint (out->format, ==, BOLO_PICTURE_RGB);
    g_assert_cmpuint (out->pixels[0], >, 245);
    g_assert_cmpuint (out->pixels[2], <, 12);
    g_assert_cmpuint (out->pixels[7 * 3], <, 12);
    g_assert_cmpuint (out->pixels[7 * 3 + 2], >, 245);
  }
  {
    g_autoptr (BoloPicture) out = bolo_picture_new_from_planes (&grey, 12, 2, 100, 100, 4, 4);

    g_assert_cmpint (out->format, ==, BOLO_PICTURE_GRAY8);
    g_assert_cmpuint (out->pixels[5], ==, 41);
  }
}

static void
test_counting (void)
{
  g_autoptr (BoloPicture) picture = bolo_picture_new (BOLO_PICTURE_RGB, 3, 2);
  BoloPicture *again = bolo_picture_ref (picture);

  g_assert_true (again == picture);
  g_assert_cmpint (again->stride, ==, 9);
  bolo_picture_unref (again);
  bolo_picture_unref (NULL);
  g_assert_cmpint (picture->height, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture/scale/shrink-and-grow", test_shrink_and_grow);
  g_test_add_func ("/picture/scale/same-size", test_same_size_is_same);
  g_test_add_func ("/picture/scale/no-light-is-lost", test_no_light_is_lost);
  g_test_add_func ("/picture/scale/crop", test_crop);
  g_test_add_func ("/picture/scale/planes", test_planes);
  g_test_add_func ("/picture/scale/counting", test_counting);
  return g_test_run ();
}
