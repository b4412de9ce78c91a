/* test-camera-mask.c: masked regions are black in every plane, all else is untouched
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera-mask.h"

#include <string.h>

#define WIDTH 32
#define HEIGHT 24
#define STRIDE 48

typedef struct {
  guint8 luma[HEIGHT * STRIDE];
  guint8 chroma[2][HEIGHT * STRIDE];
  BoloCameraCanvas canvas;
} Picture;

static void
picture_init (Picture *picture, BoloFrameFormat format)
{
  memset (picture, 200, sizeof *picture);
  picture->canvas = (BoloCameraCanvas){
    .format = format,
    .width = WIDTH,
    .height = HEIGHT,
    .planes = {picture->luma, picture->chroma[0], picture->chroma[1]},
    .strides = {STRIDE, STRIDE, STRIDE},
  };
}

static GPtrArray *
make_masks (const BoloCameraPoint *points, guint n)
{
  GPtrArray *masks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  GArray *polygon = g_array_new (FALSE, FALSE, sizeof (BoloCameraPoint));

  g_array_append_vals (polygon, points, n);
  g_ptr_array_add (masks, polygon);
  return masks;
}

/* A rectangle from 8,4 to 16,12. */
static GPtrArray *
make_rectangle (void)
{
  static const BoloCameraPoint points[] = {{8, 4}, {16, 4}, {16, 12}, {8, 12}};

  return make_masks (points, G_N_ELEMENTS (points));
}

static void
test_i420 (void)
{
  g_autoptr (GPtrArray) masks = make_rectangle ();
  Picture picture;

  picture_init (&picture, BOLO_FRAME_FORMAT_I420);
  bolo_camera_mask_paint (&picture.canvas, masks, 0, 0);

  for (int y = 0; y < HEIGHT; y++) {
    for (int x = 0; x < WIDTH; x++) {
      gboolean is_inside = x >= 8 && x < 16 && y >= 4 && y < 12;
      gboolean is_near = x >= 7 && x <= 16 && y >= 4 && y < 12;

      if (is_inside)
        g_assert_cmpint (picture.luma[y * STRIDE + x], ==, 16);
      else if (!is_near)
        g_assert_cmpint (picture.luma[y * STRIDE + x], ==, 200);
    }
  }
  for (int plane = 0; plane < 2; plane++) {
    g_assert_cmpint (picture.chroma[plane][2 * STRIDE + 4], ==, 128);
    g_assert_cmpint (picture.chroma[plane][5 * STRIDE + 7], ==, 128);
    g_assert_cmpint (picture.chroma[plane][1 * STRIDE + 4], ==, 200);
    g_assert_cmpint (picture.chroma[plane][2 * STRIDE + 2], ==, 200);
    g_assert_cmpint (picture.chroma[plane][6 * STRIDE + 4], ==, 200);
  }
}

static void
test_nv12 (void)
{
  g_autoptr (GPtrArray) masks = make_rectangle ();
  Picture picture;

  picture_init (&picture, BOLO_FRAME_FORMAT_NV12);
  bolo_camera_mask_paint (&picture.canvas, masks, 0, 0);

  g_assert_cmpint (picture.luma[4 * STRIDE + 8], ==, 16);
  for (int x = 8; x < 16; x++)
    g_assert_cmpint (picture.chroma[0][3 * STRIDE + x], ==, 128);
  g_assert_cmpint (picture.chroma[0][3 * STRIDE + 6], ==, 200);
  g_assert_cmpint (picture.chroma[1][3 * STRIDE + 8], ==, 200);
}

static void
test_grey (void)
{
  g_autoptr (GPtrArray) masks = make_rectangle ();
  Picture picture;

  picture_init (&picture, BOLO_FRAME_FORMAT_GRAY8);
  bolo_camera_mask_paint (&picture.canvas, masks, 0, 0);

  g_assert_cmpint (picture.luma[11 * STRIDE + 15], ==, 16);
  g_assert_cmpint (picture.chroma[0][3 * STRIDE + 4], ==, 200);
}

static void
test_cropped (void)
{
  g_autoptr (GPtrArray) masks = make_rectangle ();
  Picture picture;

  picture_init (&picture, BOLO_FRAME_FORMAT_I420);
  bolo_camera_mask_paint (&picture.canvas, masks, 8, 4);

  g_assert_cmpint (picture.luma[0], ==, 16);
  g_assert_cmpint (picture.luma[7 * STRIDE + 7], ==, 16);
  g_assert_cmpint (picture.luma[9 * STRIDE + 9], ==, 200);
}

/* A triangle's slope, and corners outside the picture. */
static void
test_polygon (void)
{
  static const BoloCameraPoint points[] = {{0, 0}, {100, 0}, {0, 100}};
  g_autoptr (GPtrArray) masks = make_masks (points, G_N_ELEMENTS (points));
  static const BoloCameraPoint slope[] = {{0, 0}, {20, 0}, {0, 20}};
  g_autoptr (GPtrArray) sloped = make_masks (slope, G_N_ELEMENTS (slope));
  Picture picture;

  picture_init (&picture, BOLO_FRAME_FORMAT_I420);
  bolo_camera_mask_paint (&picture.canvas, masks, 0, 0);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < STRIDE; x++)
      g_assert_cmpint (picture.luma[y * STRIDE + x], ==, x < WIDTH ? 16 : 200);

  picture_init (&picture, BOLO_FRAME_FORMAT_I420);
  bolo_camera_mask_paint (&picture.canvas, sloped, 0, 0);
  g_assert_cmpint (picture.luma[5 * STRIDE + 12], ==, 16);
  g_assert_cmpint (picture.luma[5 * STRIDE + 18], ==, 200);
  g_assert_cmpint (picture.luma[15 * STRIDE + 2], ==, 16);
  g_assert_cmpint (picture.luma[15 * STRIDE + 8], ==, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/camera-mask/i420", test_i420);
  g_test_add_func ("/camera-mask/nv12", test_nv12);
  g_test_add_func ("/camera-mask/grey", test_grey);
  g_test_add_func ("/camera-mask/cropped", test_cropped);
  g_test_add_func ("/camera-mask/polygon", test_polygon);
  return g_test_run ();
}
