/* test-tracker.c: which readings are of one vehicle: oncoming, parked, overtaking, misread
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-tracker.h"

#include "vision-fixtures.h"

#define FRAME_US 100000 /* ten frames a second */

static guint64
assign_one (BoloTracker *tracker, int frame, BoloReading reading)
{
  guint64 track = 0;

  bolo_tracker_assign (tracker, frame * FRAME_US, &reading, 1, &track);
  g_assert_cmpuint (track, >, 0);
  return track;
}

static void
test_distance (void)
{
  g_assert_cmpuint (bolo_text_get_distance ("AB12CDE", "AB12CDE"), ==, 0);
  g_assert_cmpuint (bolo_text_get_distance ("AB12CDE", "AB12CDF"), ==, 1);
  g_assert_cmpuint (bolo_text_get_distance ("AB12CDE", "B12CDE"), ==, 1);
  g_assert_cmpuint (bolo_text_get_distance ("AB12CDE", "XAB12CDE"), ==, 1);
  g_assert_cmpuint (bolo_text_get_distance ("AB12CDE", "BA12CDE"), ==, 2);
  g_assert_cmpuint (bolo_text_get_distance ("LO51IOI", "L0511O1"), ==, 0);
  g_assert_cmpuint (bolo_text_get_distance ("", "ABC"), ==, 3);
  g_assert_cmpuint (bolo_text_get_distance ("KX09ABC", "YF64ZZT"), ==, 7);
}

/* Follows the vehicle in front for a minute: one track. */
static void
test_steady (void)
{
  g_autoptr (BoloTracker) tracker = bolo_tracker_new ();

  for (int frame = 0; frame < 600; frame++)
    g_assert_cmpuint (assign_one (tracker, frame,
                                  make_reading (frame % 7 == 3 ? "A812CDE" : "AB12CDE", 0.8f,
                                                640 + (float) (frame % 5), 400, 120)),
                      ==, 1);
  g_assert_cmpuint (bolo_tracker_get_n_tracks (tracker), ==, 1);
}

/* 50 m/s closing at 25 degrees: four looks that overlap nowhere. */
static void
test_oncoming (void)
{
  g_autoptr (BoloTracker) tracker = bolo_tracker_new ();
  const float looks[][3] = {{700, 380, 62}, {780, 400, 90}, {930, 440, 150}, {1180, 520, 230}};

  for (int i = 0; i < 4; i++)
    g_assert_cmpuint (assign_one (tracker, i,
                                  make_reading (i == 0 ? "AB12CD" : "AB12CDE", 0.7f, looks[i][0],
                                                looks[i][1], looks[i][2])),
                      ==, 1);
}

/* Oncoming with frames dropped between: the text alone holds the track together. */
static void
test_oncoming_dropped (void)
{
  g_autoptr (BoloTracker) tracker = bolo_tracker_new ();

  g_assert_cmpuint (assign_one (tracker, 0, make_reading ("AB12CDE", 0.8f, 650, 380, 60)), ==, 1);
  g_assert_cmpuint (assign_one (tracker, 4, make_reading ("AB12CDE", 0.9f, 1200, 540, 240)), ==, 1);
}

/* Two vehicles, one behind the other at the same place: confident texts that differ. */
static void
test_two_vehicles_one_place (void)
{
  g_autoptr (BoloTracker) tracker = bolo_tracker_new ();

  g_assert_cmpuint (assign_one (tracker, 0, make_reading ("AB12CDE", 0.9f, 600, 400, 100)), ==, 1);
  g_assert_cmpuint (assign_one (tracker, 1, make_reading ("YF64ZZT", 0.9f, 602, 400, 100)), ==, 2);
  g_assert_cmpuint (assign_one (tracker, 2, make_reading ("AB12CDE", 0.9f, 603, 400, 101)), ==, 1);
}

/* A hardly legible look at the place of a track belongs to it. */
static void
test_unsure_look (void)
{
  g_autoptr (BoloTracker) tracker = bolo_tracker_new ();

  g_assert_cmpuint (assign_one (tracker, 0, make_reading ("AB12CDE", 0.9f, 600, 400, 100)), ==, 1);
  g_assert_cmpuint (assign_one (tracker, 1, make_reading ("A8I2", 0.2f, 606, 401, 101)), ==, 1);
  g_assert_cmpuint (assign_one (tracker, 2, make_reading ("", 0.0f, 611, 402, 102)), ==, 1);
  g_assert_cmpuint (assign_one (tracker, 3, make_reading ("AB12CDE", 0.9f, 617, 403, 103)), ==, 1);
}

/* A row of parked cars goes by from right to left, marks one character apart, three in view: each
 * keeps its own track, though the neighbour comes to stand where it stood. */
static void
test_parked_row (void)
{
  g_autoptr (BoloTracker) tracker = bolo_tracker_new ();
  guint64 tracks_of[10] = {0};

  for (int frame = 0; frame < 40; frame++) {
    BoloReading readings[10];
    guint64 tracks[10];
    int cars[10];
    guint n = 0;

    for (int car = 0; car < 10; car++) {
      float x = 1100 + 420 * (float) car - 140 * (float) frame;
      char text[8] = "KX09AB_";

      text[6] = (char) ('A' + car);
      if ((frame + car) % 6 == 0)
        text[1] = 'K'; /* misread now and then */
      if (x < 40 || x > 1240)
        continue;
      readings[n] = make_reading (text, 0.8f, x, 500, 110);
      cars[n++] = car;
    }
    bolo_tracker_assign (tracker, frame * FRAME_US, readings, n, tracks);
    for (guint i = 0; i < n; i++) {
      if (tracks_of[cars[i]] == 0)
        tracks_of[cars[i]] = tracks[i];
      g_assert_cmpuint (tracks[i], ==, tracks_of[cars[i]]);
    }
  }
  for (int car = 1; car < 10; car++)
    g_assert_cmpuint (tracks_of[car], !=, tracks_of[car - 1]);
}

/* Two plates of one text in one frame are two tracks. */
static void
test_twins (void)
{
  g_autoptr (BoloTracker) tracker = bolo_tracker_new ();
  BoloReading readings[2] = {make_reading ("AB12CDE", 0.9f, 300, 400, 100),
                             make_reading ("AB12CDE", 0.9f, 900, 400, 100)};
  guint64 tracks[2];

  bolo_tracker_assign (tracker, 0, readings, 2, tracks);
  g_assert_cmpuint (tracks[0], !=, tracks[1]);
  readings[0].corners[0][0] += 4;
  bolo_tracker_assign (tracker, FRAME_US, readings, 2, tracks);
  g_assert_cmpuint (tracks[0], ==, 1);
  g_assert_cmpuint (tracks[1], ==, 2);
}

/* Hidden for 1.5 s, seen again elsewhere: still the same pass; after 2 s a new one. */
static void
test_seen_again (void)
{
  g_autoptr (BoloTracker) tracker = bolo_tracker_new ();
  g_autoptr (GArray) ended = g_array_new (FALSE, FALSE, sizeof (guint64));

  g_assert_cmpuint (assign_one (tracker, 0, make_reading ("AB12CDE", 0.9f, 300, 400, 100)), ==, 1);
  bolo_tracker_end (tracker, 15 * FRAME_US, ended);
  g_assert_cmpuint (ended->len, ==, 0);
  g_assert_cmpuint (assign_one (tracker, 15, make_reading ("AB12CDE", 0.9f, 700, 420, 130)), ==, 1);
  bolo_tracker_end (tracker, 35 * FRAME_US, ended);
  g_assert_cmpuint (ended->len, ==, 1);
  g_assert_cmpuint (g_array_index (ended, guint64, 0), ==, 1);
  g_assert_cmpuint (assign_one (tracker, 36, make_reading ("AB12CDE", 0.9f, 700, 420, 130)), ==, 2);
}

/* What has no text is not followed across the picture. */
static void
test_place_has_limits (void)
{
  g_autoptr (BoloTracker) tracker = bolo_tracker_new ();

  g_assert_cmpuint (assign_one (tracker, 0, make_reading ("", 0, 300, 400, 100)), ==, 1);
  g_assert_cmpuint (assign_one (tracker, 1, make_reading ("", 0, 900, 400, 100)), ==, 2);
  g_assert_cmpuint (assign_one (tracker, 2, make_reading ("", 0, 302, 400, 300)), ==, 3);
}

static void
test_end_all (void)
{
  g_autoptr (BoloTracker) tracker = bolo_tracker_new ();
  g_autoptr (GArray) ended = g_array_new (FALSE, FALSE, sizeof (guint64));
  BoloReading readings[2] = {make_reading ("AB12CDE", 0.9f, 300, 400, 100),
                             make_reading ("YF64ZZT", 0.9f, 900, 400, 100)};
  guint64 tracks[2];

  bolo_tracker_assign (tracker, 0, readings, 2, tracks);
  bolo_tracker_assign (tracker, 1, NULL, 0, NULL);
  bolo_tracker_end (tracker, G_MAXINT64, ended);
  g_assert_cmpuint (ended->len, ==, 2);
  g_assert_cmpuint (g_array_index (ended, guint64, 0), ==, 1);
  g_assert_cmpuint (bolo_tracker_get_n_tracks (tracker), ==, 0);
}

/* A mark of two characters is as good as any, near where it was. */
static void
test_short_mark (void)
{
  g_autoptr (BoloTracker) tracker = bolo_tracker_new ();

  g_assert_cmpuint (assign_one (tracker, 0, make_reading ("8N", 0.9f, 600, 400, 50)), ==, 1);
  g_assert_cmpuint (assign_one (tracker, 1, make_reading ("8N", 0.9f, 604, 400, 51)), ==, 1);
  g_assert_cmpuint (assign_one (tracker, 10, make_reading ("8N", 0.9f, 690, 410, 70)), ==, 1);
  g_assert_cmpuint (assign_one (tracker, 11, make_reading ("8N", 0.9f, 90, 410, 40)), ==, 2);
}

/* Read in part while it comes into view, then whole: one vehicle. */
static void
test_part_then_whole (void)
{
  g_autoptr (BoloTracker) tracker = bolo_tracker_new ();

  g_assert_cmpuint (assign_one (tracker, 0, make_reading ("KC64", 0.95f, 1240, 400, 70)), ==, 1);
  g_assert_cmpuint (assign_one (tracker, 1, make_reading ("KC64PUM", 0.95f, 1150, 402, 130)), ==,
                    1);
  g_assert_cmpuint (assign_one (tracker, 2, make_reading ("KC64PUM", 0.95f, 1060, 404, 130)), ==,
                    1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vision/tracker/distance", test_distance);
  g_test_add_func ("/vision/tracker/steady", test_steady);
  g_test_add_func ("/vision/tracker/oncoming", test_oncoming);
  g_test_add_func ("/vision/tracker/oncoming-dropped", test_oncoming_dropped);
  g_test_add_func ("/vision/tracker/two-vehicles-one-place", test_two_vehicles_one_place);
  g_test_add_func ("/vision/tracker/unsure-look", test_unsure_look);
  g_test_add_func ("/vision/tracker/parked-row", test_parked_row);
  g_test_add_func ("/vision/tracker/twins", test_twins);
  g_test_add_func ("/vision/tracker/seen-again", test_seen_again);
  g_test_add_func ("/vision/tracker/place-has-limits", test_place_has_limits);
  g_test_add_func ("/vision/tracker/end-all", test_end_all);
  g_test_add_func ("/vision/tracker/part-then-whole", test_part_then_whole);
  g_test_add_func ("/vision/tracker/short-mark", test_short_mark);
  return g_test_run ();
}
