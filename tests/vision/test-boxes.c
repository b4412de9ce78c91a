/* test-boxes.c: peaks of the detector's maps become boxes, each plate once
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-boxes.h"

#include <math.h>
#include <string.h>

#define WIDTH 40
#define HEIGHT 24

static const BoloBoxesRule rule = {8, 32.0f, 0.3f, 0.3f};

static float *
make_maps (void)
{
  float *maps = g_new0 (float, BOLO_BOXES_MAPS *WIDTH *HEIGHT);

  for (int i = 0; i < WIDTH * HEIGHT; i++)
    maps[i] = -8;
  return maps;
}

/* A plate of @width x @height pixels whose middle is that of the cell. */
static void
put (float *maps, int x, int y, float logit, float width, float height)
{
  int plane = WIDTH * HEIGHT;
  float *at = maps + y * WIDTH + x;
  const float sides[4] = {width / 2, height / 2, width / 2, height / 2};
  const float corners[8] = {-width / 2, -height / 2, width / 2,  -height / 2,
                            width / 2,  height / 2,  -width / 2, height / 2};

  at[0] = logit;
  for (int i = 0; i < 4; i++)
    at[(1 + i) * plane] = sides[i] / 32;
  for (int i = 0; i < 8; i++)
    at[(5 + i) * plane] = corners[i] / 32;
}

static void
test_one (void)
{
  g_autofree float *maps = make_maps ();
  BoloCvBox boxes[8];
  float width;
  float height;

  put (maps, 10, 5, 2.0f, 100, 22);
  g_assert_cmpuint (bolo_boxes_decode (maps, WIDTH, HEIGHT, &rule, boxes, 8), ==, 1);
  g_assert_cmpfloat_with_epsilon (boxes[0].left, 34, 1e-3);
  g_assert_cmpfloat_with_epsilon (boxes[0].right, 134, 1e-3);
  g_assert_cmpfloat_with_epsilon (boxes[0].top, 33, 1e-3);
  g_assert_cmpfloat_with_epsilon (boxes[0].bottom, 55, 1e-3);
  g_assert_cmpfloat_with_epsilon (boxes[0].corners[2][0], 134, 1e-3);
  g_assert_cmpfloat_with_epsilon (boxes[0].corners[2][1], 55, 1e-3);
  g_assert_cmpfloat_with_epsilon (boxes[0].score, 0.8808, 1e-3);
  bolo_box_get_quad_size (&boxes[0], &width, &height);
  g_assert_cmpfloat_with_epsilon (width, 100, 1e-3);
  g_assert_cmpfloat_with_epsilon (height, 22, 1e-3);
}

static void
test_threshold_and_order (void)
{
  g_autofree float *maps = make_maps ();
  BoloCvBox boxes[8];

  put (maps, 5, 5, 0.5f, 60, 14);
  put (maps, 20, 5, 3.0f, 60, 14);
  put (maps, 33, 5, -1.0f, 60, 14); /* 0.27 */
  g_assert_cmpuint (bolo_boxes_decode (maps, WIDTH, HEIGHT, &rule, boxes, 8), ==, 2);
  g_assert_cmpfloat (boxes[0].score, >, boxes[1].score);
  g_assert_cmpfloat (boxes[0].left, >, 100);
  g_assert_cmpuint (bolo_boxes_decode (maps, WIDTH, HEIGHT, &rule, boxes, 1), ==, 1);
}

/* Cells beside the peak, a second peak within the plate and an overlapping one are the same. */
static void
test_each_plate_once (void)
{
  g_autofree float *maps = make_maps ();
  BoloCvBox boxes[8];

  put (maps, 10, 10, 2.0f, 100, 24);
  put (maps, 11, 10, 1.9f, 100, 24);
  put (maps, 13, 10, 1.5f, 60, 20);
  put (maps, 8, 11, 1.0f, 110, 30);
  put (maps, 30, 10, 1.0f, 100, 24);
  g_assert_cmpuint (bolo_boxes_decode (maps, WIDTH, HEIGHT, &rule, boxes, 8), ==, 2);
  g_assert_cmpfloat_with_epsilon (boxes[0].left, 34, 1e-3);
  g_assert_cmpfloat_with_epsilon (boxes[1].left, 194, 1e-3);
}

/* Two equal cells side by side: one box, the same one each time. */
static void
test_plateau (void)
{
  g_autofree float *maps = make_maps ();
  BoloCvBox boxes[8];

  put (maps, 10, 10, 2.0f, 30, 8);
  put (maps, 11, 10, 2.0f, 30, 8);
  put (maps, 10, 11, 2.0f, 30, 8);
  g_assert_cmpuint (bolo_boxes_decode (maps, WIDTH, HEIGHT, &rule, boxes, 8), ==, 1);
  g_assert_cmpfloat_with_epsilon (boxes[0].left, 69, 1e-3);
}

/* A wrong net may give anything: no box of it, no crash. */
static void
test_nonsense (void)
{
  g_autofree float *maps = make_maps ();
  BoloCvBox boxes[8];

  put (maps, 3, 3, 2.0f, -50, 10);
  put (maps, 10, 3, 2.0f, 50, 0);
  put (maps, 20, 3, 2.0f, NAN, 10);
  put (maps, 30, 3, 2.0f, INFINITY, 10);
  put (maps, 3, 15, NAN, 50, 10);
  g_assert_cmpuint (bolo_boxes_decode (maps, WIDTH, HEIGHT, &rule, boxes, 8), ==, 0);
}

static void
test_overlap (void)
{
  BoloCvBox a = {.left = 0, .top = 0, .right = 10, .bottom = 10};
  BoloCvBox b = {.left = 5, .top = 0, .right = 15, .bottom = 10};
  BoloCvBox c = {.left = 20, .top = 20, .right = 30, .bottom = 30};

  g_assert_cmpfloat_with_epsilon (bolo_box_get_iou (&a, &b), 1.0 / 3, 1e-5);
  g_assert_cmpfloat (bolo_box_get_iou (&a, &c), ==, 0);
  g_assert_cmpfloat_with_epsilon (bolo_box_get_iou (&a, &a), 1, 1e-5);
  g_assert_true (bolo_box_holds_centre (&a, &b));
  g_assert_false (bolo_box_holds_centre (&a, &c));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vision/boxes/one", test_one);
  g_test_add_func ("/vision/boxes/threshold-and-order", test_threshold_and_order);
  g_test_add_func ("/vision/boxes/each-plate-once", test_each_plate_once);
  g_test_add_func ("/vision/boxes/plateau", test_plateau);
  g_test_add_func ("/vision/boxes/nonsense", test_nonsense);
  g_test_add_func ("/vision/boxes/overlap", test_overlap);
  return g_test_run ();
}
