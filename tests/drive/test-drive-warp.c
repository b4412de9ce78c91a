/* test-drive-warp.c: plates keep their size, place and brightness in a frame
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>
#include <string.h>

#include "bolo-drive-sensor.h"
#include "bolo-drive-warp.h"
#include "bolo-paths.h"

#define WIDTH 300
#define HEIGHT 120

static BoloDrivePlate *
make_plate (gboolean is_rear, gboolean is_two_line)
{
  g_autofree char *path = bolo_paths_get_data_file ("plate/outlines-gb.ini");
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloOutlines) outlines = bolo_outlines_load (path, &error);
  BoloDrivePlateStyle style = {.is_rear = is_rear, .is_two_line = is_two_line};
  g_assert_no_error (error);
  strcpy (style.mark.text, "AB12CDE");
  strcpy (style.mark.display, "AB12 CDE");
  return bolo_drive_plate_new (&style, outlines);
}

static const BoloDrivePlateLight plain = {{1, 1, 1}, {0, 0, 0}, FALSE};

static double
get_mean (const guint8 *pixels, int width, int x0, int y0, int x1, int y1, guint channel)
{
  double sum = 0;
  for (int y = y0; y < y1; y++) {
    for (int x = x0; x < x1; x++)
      sum += pixels[(y * width + x) * 4 + channel];
  }
  return sum / ((x1 - x0) * (y1 - y0));
}

static void
test_plate (void)
{
  g_autoptr (BoloDrivePlate) front = make_plate (FALSE, FALSE);
  g_autoptr (BoloDrivePlate) rear = make_plate (TRUE, FALSE);
  g_autoptr (BoloDrivePlate) square = make_plate (TRUE, TRUE);

  g_assert_cmpfloat (front->width_mm, ==, 520);
  g_assert_cmpfloat (front->height_mm, ==, 111);
  g_assert_cmpfloat (square->height_mm, ==, 203);
  /* White has blue in it, yellow hardly. */
  double blue_front = get_mean (front->levels[0], front->widths[0], 0, 0, 40, 20, 0);
  double blue_rear = get_mean (rear->levels[0], rear->widths[0], 0, 0, 40, 20, 0);
  g_assert_cmpfloat (blue_front, >, 200);
  g_assert_cmpfloat (blue_rear, <, 60);
  /* Seven 79 mm characters, of 14 mm strokes, cover 15 to 40 % of the plate. */
  guint n_dark = 0;
  for (int i = 0; i < front->widths[0] * front->heights[0]; i++)
    n_dark += front->levels[0][i * 4 + 1] < 100;
  double share = (double) n_dark / (front->widths[0] * front->heights[0]);
  g_assert_cmpfloat (share, >, 0.15);
  g_assert_cmpfloat (share, <, 0.40);
  /* Smaller levels keep the brightness. */
  for (guint level = 1; level < 4; level++)
    g_assert_cmpfloat_with_epsilon (
      get_mean (front->levels[level], front->widths[level], 0, 0, front->widths[level],
                front->heights[level], 1),
      get_mean (front->levels[0], front->widths[0], 0, 0, front->widths[0], front->heights[0], 1),
      2.5);
}

static void
test_place (void)
{
  g_autoptr (BoloDrivePlate) plate = make_plate (FALSE, FALSE);
  g_autofree guint8 *pixels = g_malloc0 (WIDTH * HEIGHT * 4);
  const double corners[1][4][2] = {{{50, 30}, {250, 30}, {250, 72.7}, {50, 72.7}}};

  bolo_drive_warp_plate (pixels, WIDTH, HEIGHT, plate, corners, 1, &plain);
  double all =
    get_mean (plate->levels[0], plate->widths[0], 0, 0, plate->widths[0], plate->heights[0], 1);
  g_assert_cmpfloat_with_epsilon (get_mean (pixels, WIDTH, 50, 30, 250, 72, 1), all, 5);
  /* Nothing beside it; the last row is covered to 0.7. */
  g_assert_cmpfloat (get_mean (pixels, WIDTH, 0, 0, WIDTH, 30, 1), ==, 0);
  g_assert_cmpfloat (get_mean (pixels, WIDTH, 0, 0, 50, HEIGHT, 1), ==, 0);
  g_assert_cmpfloat (get_mean (pixels, WIDTH, 250, 0, WIDTH, HEIGHT, 1), ==, 0);
  g_assert_cmpfloat (get_mean (pixels, WIDTH, 0, 73, WIDTH, HEIGHT, 1), ==, 0);
  g_assert_cmpfloat_with_epsilon (get_mean (pixels, WIDTH, 60, 72, 100, 73, 1), 0.7 * 238, 45);
}

/* Small and slanted: still the mean brightness, however few pixels. */
static void
test_small (void)
{
  g_autoptr (BoloDrivePlate) plate = make_plate (FALSE, FALSE);
  g_autofree guint8 *pixels = g_malloc0 (WIDTH * HEIGHT * 4);
  const double corners[1][4][2] = {{{100, 40}, {124, 43}, {124, 49}, {100, 46}}};
  double sum = 0;
  double all =
    get_mean (plate->levels[0], plate->widths[0], 0, 0, plate->widths[0], plate->heights[0], 1);

  bolo_drive_warp_plate (pixels, WIDTH, HEIGHT, plate, corners, 1, &plain);
  for (int i = 0; i < WIDTH * HEIGHT; i++)
    sum += pixels[i * 4 + 1];
  /* 24 by 6 pixels of area. */
  g_assert_cmpfloat_with_epsilon (sum / (24 * 6), all, 0.06 * all);
}

/* The open shutter spreads the plate over its way and loses no light. */
static void
test_blur (void)
{
  g_autoptr (BoloDrivePlate) plate = make_plate (FALSE, FALSE);
  g_autofree guint8 *still = g_malloc0 (WIDTH * HEIGHT * 4);
  g_autofree guint8 *moved = g_malloc0 (WIDTH * HEIGHT * 4);
  double corners[5][4][2];
  double sums[2] = {0, 0};
  double edges[2] = {0, 0};

  for (guint i = 0; i < 5; i++) {
    const double x = 80 + 2.5 * i;
    const double quad[4][2] = {{x, 30}, {x + 120, 30}, {x + 120, 56}, {x, 56}};
    memcpy (corners[i], quad, sizeof quad);
  }
  bolo_drive_warp_plate (still, WIDTH, HEIGHT, plate, (const double (*)[4][2]) corners, 1, &plain);
  bolo_drive_warp_plate (moved, WIDTH, HEIGHT, plate, (const double (*)[4][2]) corners, 5, &plain);
  for (int i = 0; i < WIDTH * HEIGHT - 1; i++) {
    sums[0] += still[i * 4 + 1];
    sums[1] += moved[i * 4 + 1];
    edges[0] += abs (still[i * 4 + 1] - still[i * 4 + 5]);
    edges[1] += abs (moved[i * 4 + 1] - moved[i * 4 + 5]);
  }
  g_assert_cmpfloat_with_epsilon (sums[1] / sums[0], 1, 0.02);
  g_assert_cmpfloat (edges[1], <, 0.6 * edges[0]);
}

static void
test_infrared (void)
{
  g_autoptr (BoloDrivePlate) plate = make_plate (TRUE, FALSE);
  g_autofree guint8 *pixels = g_malloc0 (WIDTH * HEIGHT * 4);
  const double corners[1][4][2] = {{{50, 30}, {250, 30}, {250, 72}, {50, 72}}};
  BoloDrivePlateLight light = {{0.9f, 0.9f, 0.9f}, {0, 0, 0}, TRUE};

  bolo_drive_warp_plate (pixels, WIDTH, HEIGHT, plate, corners, 1, &light);
  /* Yellow sheeting is bright and grey. */
  const guint8 *corner = pixels + (34 * WIDTH + 54) * 4;
  g_assert_cmpint (corner[0], >, 190);
  g_assert_cmpint (corner[0], ==, corner[1]);
  g_assert_cmpint (corner[1], ==, corner[2]);
}

/* Partly or wholly outside the frame, or flat as a line: no write outside, no crash. */
static void
test_outside (void)
{
  g_autoptr (BoloDrivePlate) plate = make_plate (FALSE, FALSE);
  g_autofree guint8 *pixels = g_malloc0 (WIDTH * HEIGHT * 4);
  const double quads[4][1][4][2] = {
    {{{-900, -90}, {-700, -90}, {-700, -40}, {-900, -40}}},
    {{{250, 90}, {450, 90}, {450, 190}, {250, 190}}},
    {{{50, 30}, {150, 30}, {150, 30}, {50, 30}}},
    {{{-5000, -4000}, {5000, -4000}, {5000, 4000}, {-5000, 4000}}},
  };

  for (guint i = 0; i < G_N_ELEMENTS (quads); i++) {
    bolo_drive_warp_plate (pixels, WIDTH, HEIGHT, plate, quads[i], 1, &plain);
    if (i == 0)
      g_assert_cmpfloat (get_mean (pixels, WIDTH, 0, 0, WIDTH, HEIGHT, 1), ==, 0);
  }
  g_assert_cmpfloat (get_mean (pixels, WIDTH, 260, 100, WIDTH, HEIGHT, 1), >, 10);
}

static void
test_sensor (void)
{
  g_autoptr (BoloDriveSensor) sensor = bolo_drive_sensor_new (1);
  g_autofree guint8 *pixels = g_malloc (64 * 32 * 4);
  g_autofree guint8 *i420 = g_malloc (bolo_drive_sensor_get_size (64, 32));
  g_autofree guint8 *again = g_malloc (bolo_drive_sensor_get_size (64, 32));
  BoloDriveLighting lighting = {0};
  double sum = 0;
  double squares = 0;

  g_assert_cmpuint (bolo_drive_sensor_get_size (64, 32), ==, 64 * 32 * 3 / 2);
  memset (pixels, 128, 64 * 32 * 4);
  bolo_drive_sensor_expose (sensor, pixels, 64, 32, &lighting, 0, i420);
  /* Grey 128 in video range is 126, without colour. */
  g_assert_cmpint (i420[0], ==, 126);
  g_assert_cmpint (i420[64 * 32], ==, 128);
  lighting.noise = 6;
  bolo_drive_sensor_expose (sensor, pixels, 64, 32, &lighting, 5, i420);
  for (guint i = 0; i < 64 * 32; i++) {
    sum += i420[i] - 126.0;
    squares += (i420[i] - 126.0) * (i420[i] - 126.0);
  }
  g_assert_cmpfloat (fabs (sum / (64 * 32)), <, 1.2);
  g_assert_cmpfloat_with_epsilon (sqrt (squares / (64 * 32)), 6, 1);
  bolo_drive_sensor_expose (sensor, pixels, 64, 32, &lighting, 5, again);
  g_assert_cmpmem (i420, 64 * 32, again, 64 * 32);
  bolo_drive_sensor_expose (sensor, pixels, 64, 32, &lighting, 6, again);
  g_assert_cmpint (memcmp (i420, again, 64 * 32), !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive/plate", test_plate);
  g_test_add_func ("/drive/warp/place", test_place);
  g_test_add_func ("/drive/warp/small", test_small);
  g_test_add_func ("/drive/warp/blur", test_blur);
  g_test_add_func ("/drive/warp/infrared", test_infrared);
  g_test_add_func ("/drive/warp/outside", test_outside);
  g_test_add_func ("/drive/sensor", test_sensor);
  return g_test_run ();
}
