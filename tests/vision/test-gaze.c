/* test-gaze.c: what a camera's readings teach of where small plates turn up
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-gaze.h"

#include "vision-fixtures.h"

#define WIDTH 1280
#define HEIGHT 720
#define FRAME_US 66667

/* Shows @n_frames from frame @from on with a plate @width wide at height @y; returns how many of
 * them were looked at by the band only, the newest of which is *@area. */
static guint
show (BoloGaze *gaze, int from, int n_frames, float y, float width, BoloGazeArea *area)
{
  guint n_bands = 0;

  for (int i = from; i < from + n_frames; i++) {
    BoloReading reading = make_reading ("AB12CDE", 0.9f, 200 + (float) (i * 37 % 900), y, width);

    n_bands += bolo_gaze_next (gaze, WIDTH, HEIGHT, (gint64) i * FRAME_US, area);
    bolo_gaze_learn (gaze, &reading, 1);
  }
  return n_bands;
}

static void
test_learns (void)
{
  g_autoptr (BoloGaze) gaze = bolo_gaze_new ();
  BoloGazeArea area = {0};

  g_assert_cmpuint (show (gaze, 0, 300, 400, 90, &area), ==, 0); /* twenty seconds */
  g_assert_cmpuint (show (gaze, 300, 90, 400, 90, &area), ==, 60);
  g_assert_cmpint (area.y, <, 391 - 40);
  g_assert_cmpint (area.y + area.height, >, 409 + 40);
  g_assert_cmpint (area.height, <, HEIGHT / 3);
}

/* What is met elsewhere is in the band from the next frame on, and is forgotten after minutes. */
static void
test_grows_and_shrinks (void)
{
  g_autoptr (BoloGaze) gaze = bolo_gaze_new ();
  BoloGazeArea area = {0};
  int narrow;

  show (gaze, 0, 400, 400, 90, &area);
  narrow = area.height;
  show (gaze, 400, 1, 550, 90, &area);
  show (gaze, 401, 3, 400, 90, &area);
  g_assert_cmpint (area.y + area.height, >, 560);
  g_assert_cmpint (area.height, >, narrow + 100);
  show (gaze, 404, 4000, 400, 90, &area);
  g_assert_cmpint (area.height, <, narrow + 50);
}

/* A vehicle near by, or something half read, teaches nothing of where the far ones are. */
static void
test_large_and_unsure (void)
{
  g_autoptr (BoloGaze) gaze = bolo_gaze_new ();
  BoloReading unsure = make_reading ("AB12CDE", 0.1f, 600, 100, 90);
  BoloGazeArea area = {0};

  g_assert_cmpuint (show (gaze, 0, 400, 600, 400, &area), ==, 0);
  bolo_gaze_learn (gaze, &unsure, 1);
  g_assert_cmpuint (show (gaze, 400, 100, 400, 90, &area), >, 0);
  g_assert_cmpint (area.y, >, 250);
  g_assert_cmpint (area.y + area.height, <, 500);
}

/* All over the view: nothing is left out. */
static void
test_everywhere (void)
{
  g_autoptr (BoloGaze) gaze = bolo_gaze_new ();
  BoloGazeArea area = {0};

  for (int i = 0; i < 40; i++)
    show (gaze, i * 10, 10, i % 2 == 0 ? 80.0f : 640.0f, 90, &area);
  g_assert_cmpuint (show (gaze, 400, 90, 400, 90, &area), ==, 0);
}

static void
test_another_size_begins_anew (void)
{
  g_autoptr (BoloGaze) gaze = bolo_gaze_new ();
  BoloGazeArea area = {0};

  show (gaze, 0, 400, 400, 90, &area);
  for (int i = 400; i < 500; i++)
    g_assert_false (bolo_gaze_next (gaze, 640, 360, (gint64) i * FRAME_US, &area));
  show (gaze, 500, 400, 400, 90, &area);
  g_assert_false (bolo_gaze_next (gaze, WIDTH, HEIGHT, 0, &area)); /* time went back */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vision/gaze/learns", test_learns);
  g_test_add_func ("/vision/gaze/grows-and-shrinks", test_grows_and_shrinks);
  g_test_add_func ("/vision/gaze/large-and-unsure", test_large_and_unsure);
  g_test_add_func ("/vision/gaze/everywhere", test_everywhere);
  g_test_add_func ("/vision/gaze/another-size", test_another_size_begins_anew);
  return g_test_run ();
}
