/* test-preview.c: a box belongs to exactly the frame that is shown
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-preview.h"

#define MS 1000
#define SECOND G_USEC_PER_SEC

typedef struct {
  BoloMailbox *frames;
  BoloLookBoard *board;
  BoloPreview *preview;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->frames = bolo_mailbox_new (BOLO_MAILBOX_LIVE, (GDestroyNotify) bolo_frame_unref);
  fixture->board = bolo_look_board_new ();
  fixture->preview = bolo_preview_new (fixture->frames, fixture->board);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bolo_preview_free (fixture->preview);
  bolo_look_board_unref (fixture->board);
  bolo_mailbox_unref (fixture->frames);
}

static void
put (Fixture *fixture, gint64 captured_us)
{
  static const guint8 pixels[12] = {0};
  BoloFrame frame = {.format = BOLO_FRAME_FORMAT_RGB,
                     .width = 2,
                     .height = 2,
                     .planes = {pixels},
                     .strides = {6},
                     .captured_us = captured_us};

  bolo_mailbox_put (fixture->frames, bolo_frame_new_copy (&frame));
}

static void
look (Fixture *fixture, gint64 captured_us, guint n_boxes)
{
  BoloLooks looks = {.captured_us = captured_us, .width = 2, .height = 2, .n_boxes = n_boxes};

  bolo_look_board_push (fixture->board, &looks);
}

/* Capture time of what is handed out at @now_us, -1 for nothing. */
static gint64
step (Fixture *fixture, gint64 now_us, guint *n_boxes)
{
  BoloLooks looks = {0};
  gboolean has_looks = TRUE;
  g_autoptr (BoloFrame) frame =
    (BoloFrame *) bolo_preview_step (fixture->preview, now_us, &looks, &has_looks);

  *n_boxes = has_looks ? looks.n_boxes : 0;
  if (frame == NULL)
    return -1;
  if (has_looks)
    g_assert_cmpint (looks.captured_us, ==, frame->captured_us);
  return frame->captured_us;
}

static void
test_waits_for_its_look (Fixture *fixture, gconstpointer data)
{
  guint n_boxes;

  g_assert_cmpint (step (fixture, SECOND, &n_boxes), ==, -1);
  put (fixture, 100);
  g_assert_cmpint (step (fixture, SECOND, &n_boxes), ==, -1);
  look (fixture, 100, 2);
  g_assert_cmpint (step (fixture, SECOND + 50 * MS, &n_boxes), ==, 100);
  g_assert_cmpuint (n_boxes, ==, 2);
  g_assert_cmpint (step (fixture, SECOND + 60 * MS, &n_boxes), ==, -1);
}

static void
test_never_longer_than_250_ms (Fixture *fixture, gconstpointer data)
{
  guint n_boxes;

  put (fixture, 100);
  g_assert_cmpint (step (fixture, SECOND, &n_boxes), ==, -1);
  g_assert_cmpint (step (fixture, SECOND + 249 * MS, &n_boxes), ==, -1);
  g_assert_cmpint (step (fixture, SECOND + 250 * MS, &n_boxes), ==, 100);
  g_assert_cmpuint (n_boxes, ==, 0);
}

static void
test_passed_by_has_no_box (Fixture *fixture, gconstpointer data)
{
  guint n_boxes;

  put (fixture, 100);
  g_assert_cmpint (step (fixture, SECOND, &n_boxes), ==, -1);
  put (fixture, 200);
  g_assert_cmpint (step (fixture, SECOND + 66 * MS, &n_boxes), ==, -1);
  /* The readers took 150 instead: 100 will never have looks of its own, and gets none of 150's. */
  look (fixture, 150, 3);
  g_assert_cmpint (step (fixture, SECOND + 70 * MS, &n_boxes), ==, 100);
  g_assert_cmpuint (n_boxes, ==, 0);
  look (fixture, 200, 1);
  g_assert_cmpint (step (fixture, SECOND + 80 * MS, &n_boxes), ==, 200);
  g_assert_cmpuint (n_boxes, ==, 1);
}

static void
test_prefers_what_was_read (Fixture *fixture, gconstpointer data)
{
  guint n_boxes;

  put (fixture, 100);
  step (fixture, SECOND, &n_boxes);
  look (fixture, 100, 1);
  put (fixture, 200);
  g_assert_cmpint (step (fixture, SECOND + 10 * MS, &n_boxes), ==, 100);
  put (fixture, 300);
  g_assert_cmpint (step (fixture, SECOND + 20 * MS, &n_boxes), ==, -1);
  look (fixture, 200, 1);
  look (fixture, 300, 2);
  /* Of two that were read the newer; the older never comes after it. */
  g_assert_cmpint (step (fixture, SECOND + 30 * MS, &n_boxes), ==, 300);
  g_assert_cmpuint (n_boxes, ==, 2);
  g_assert_cmpint (step (fixture, SECOND + 400 * MS, &n_boxes), ==, -1);
}

static void
test_never_back_in_time (Fixture *fixture, gconstpointer data)
{
  gint64 last = -1;
  guint n_boxes;
  guint n_shown = 0;

  for (int i = 0; i < 300; i++) {
    gint64 now_us = SECOND + i * 16 * MS;
    gint64 shown;

    if (i % 4 == 0)
      put (fixture, now_us);
    if (i % 7 == 3)
      look (fixture, SECOND + (i / 4 * 4 - 4 * (i % 3)) * 16 * MS, 1);
    shown = step (fixture, now_us, &n_boxes);
    if (shown >= 0) {
      g_assert_cmpint (shown, >, last);
      last = shown;
      n_shown++;
    }
  }
  g_assert_cmpuint (n_shown, >, 30);
}

static void
test_restarted_recording (Fixture *fixture, gconstpointer data)
{
  guint n_boxes;

  put (fixture, 5000);
  g_assert_cmpint (step (fixture, SECOND, &n_boxes), ==, -1);
  put (fixture, 100);
  look (fixture, 100, 1);
  g_assert_cmpint (step (fixture, SECOND + 10 * MS, &n_boxes), ==, 100);
}

static void
test_cleared_and_without_readers (Fixture *fixture, gconstpointer data)
{
  BoloLooks looks;
  gboolean has_looks;
  guint n_boxes;
  const BoloFrame *frame;
  g_autoptr (BoloPreview) plain = bolo_preview_new (fixture->frames, NULL);

  put (fixture, 100);
  step (fixture, SECOND, &n_boxes);
  bolo_preview_clear (fixture->preview);
  g_assert_cmpint (step (fixture, SECOND + 300 * MS, &n_boxes), ==, -1);

  put (fixture, 200);
  frame = bolo_preview_step (plain, SECOND, &looks, &has_looks);
  g_assert_nonnull (frame);
  g_assert_false (has_looks);
  bolo_frame_unref (frame);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define add_test(name, func)                                                                       \
  g_test_add ("/shell/preview/" name, Fixture, NULL, set_up, func, tear_down)
  add_test ("waits-for-its-look", test_waits_for_its_look);
  add_test ("never-longer-than-250-ms", test_never_longer_than_250_ms);
  add_test ("passed-by-has-no-box", test_passed_by_has_no_box);
  add_test ("prefers-what-was-read", test_prefers_what_was_read);
  add_test ("never-back-in-time", test_never_back_in_time);
  add_test ("restarted-recording", test_restarted_recording);
  add_test ("cleared-and-without-readers", test_cleared_and_without_readers);
  return g_test_run ();
}
