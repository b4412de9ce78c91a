/* test-values.c: frames, fixes, looks, sightings, hits: copied, counted, named
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera-info.h"
#include "bolo-disposition.h"
#include "bolo-fix.h"
#include "bolo-frame.h"
#include "bolo-health.h"
#include "bolo-hit.h"
#include "bolo-reading.h"

#include <math.h>
#include <string.h>

static void
count_release (gpointer data)
{
  (*(int *) data)++;
}

static void
test_frame_is_released_once (void)
{
  guint8 pixels[4] = {1, 2, 3, 4};
  int released = 0;
  BoloFrame *frame = bolo_frame_new (&(BoloFrame){
    .format = BOLO_FRAME_FORMAT_GRAY8,
    .width = 2,
    .height = 2,
    .planes = {pixels},
    .strides = {2},
    .release = count_release,
    .release_data = &released,
  });
  BoloFrame *second = bolo_frame_ref (frame);

  bolo_frame_unref (frame);
  g_assert_cmpint (released, ==, 0);
  g_assert_cmpint (second->planes[0][3], ==, 4);
  bolo_frame_unref (second);
  g_assert_cmpint (released, ==, 1);
}

/* Rows lie apart in memory and sizes are odd: a copy must keep pixels, not strides. */
static void
test_frame_copy_keeps_each_plane (void)
{
  guint8 luma[3 * 8], blue[2 * 8], red[2 * 8];
  g_autoptr (BoloFrame) copy = NULL;

  for (guint8 i = 0; i < sizeof luma; i++)
    luma[i] = i;
  for (guint8 i = 0; i < sizeof blue; i++) {
    blue[i] = (guint8) (100 + i);
    red[i] = (guint8) (200 + i);
  }
  copy = bolo_frame_new_copy (&(BoloFrame){
    .format = BOLO_FRAME_FORMAT_I420,
    .width = 5,
    .height = 3,
    .planes = {luma, blue, red},
    .strides = {8, 8, 8},
    .captured_us = 42,
  });
  memset (luma, 0, sizeof luma);
  g_assert_cmpint (copy->strides[0], ==, 5);
  g_assert_cmpint (copy->strides[1], ==, 3);
  g_assert_cmpint (copy->planes[0][2 * 5 + 4], ==, 20);
  g_assert_cmpint (copy->planes[1][1 * 3 + 2], ==, 110);
  g_assert_cmpint (copy->planes[2][1 * 3 + 0], ==, 208);
  g_assert_cmpint (copy->captured_us, ==, 42);
}

static void
test_frame_copy_of_pairs_and_colours (void)
{
  guint8 luma[4] = {0}, chroma[2] = {7, 8}, colours[12] = {0};
  g_autoptr (BoloFrame) pair = bolo_frame_new_copy (&(BoloFrame){
    .format = BOLO_FRAME_FORMAT_NV12,
    .width = 2,
    .height = 2,
    .planes = {luma, chroma},
    .strides = {2, 2},
  });
  g_autoptr (BoloFrame) rgb = bolo_frame_new_copy (&(BoloFrame){
    .format = BOLO_FRAME_FORMAT_RGB,
    .width = 2,
    .height = 2,
    .planes = {colours},
    .strides = {6},
  });

  g_assert_cmpint (pair->planes[1][1], ==, 8);
  g_assert_cmpint (rgb->strides[0], ==, 6);
  g_assert_cmpint (bolo_frame_format_get_n_planes (BOLO_FRAME_FORMAT_NV12), ==, 2);
}

static void
test_fix_distance (void)
{
  g_autoptr (BoloFix) a = bolo_fix_new (&(BoloFix){.latitude_deg = 51.5, .longitude_deg = -0.12});
  g_autoptr (BoloFix) north =
    bolo_fix_new (&(BoloFix){.latitude_deg = 51.51, .longitude_deg = -0.12});

  g_assert_cmpfloat_with_epsilon (bolo_fix_get_distance_m (a, north), 1111.95, 0.1);
  g_assert_cmpfloat (bolo_fix_get_distance_m (a, a), ==, 0);
}

static void
test_look_board_finds_its_frame (void)
{
  g_autoptr (BoloLookBoard) board = bolo_look_board_new ();
  BoloLooks looks = {0};

  g_assert_cmpint (bolo_look_board_get_newest_us (board), ==, G_MININT64);
  for (int i = 1; i <= 40; i++) {
    looks.captured_us = i * 100;
    looks.n_boxes = (guint) i % 5;
    bolo_look_board_push (board, &looks);
  }
  g_assert_cmpint (bolo_look_board_get_newest_us (board), ==, 4000);
  g_assert_true (bolo_look_board_find (board, 3900, &looks));
  g_assert_cmpuint (looks.n_boxes, ==, 39 % 5);
  g_assert_false (bolo_look_board_find (board, 100, &looks));
  g_assert_false (bolo_look_board_find (board, 3950, &looks));
}

static void
test_sighting_copy_is_deep (void)
{
  g_autoptr (BoloSighting) sighting = bolo_sighting_new ();
  g_autoptr (BoloSighting) copy = NULL;

  sighting->id = g_strdup ("one");
  sighting->text = g_strdup ("AB12CDE");
  sighting->patch_jpeg = g_bytes_new_static ("jpeg", 4);
  sighting->fix = bolo_fix_new (&(BoloFix){.latitude_deg = 51});
  copy = bolo_sighting_copy (sighting);
  g_assert_cmpstr (copy->text, ==, "AB12CDE");
  g_assert_true (copy->text != sighting->text);
  g_assert_true (copy->patch_jpeg == sighting->patch_jpeg);
  g_assert_cmpint (copy->since_readable_ms, ==, -1);
}

static void
test_entry_is_weeded_from_its_day_on (void)
{
  g_autoptr (BoloListEntry) entry = bolo_list_entry_new ();

  g_assert_false (bolo_list_entry_is_weeded (entry, G_MAXINT64 - 1));
  entry->weed_us = 1000;
  g_assert_false (bolo_list_entry_is_weeded (entry, 999));
  g_assert_true (bolo_list_entry_is_weeded (entry, 1000));
}

static void
test_words_for_enums (void)
{
  g_assert_cmpstr (bolo_sighting_state_to_string (BOLO_SIGHTING_CORRECTED), ==, "corrected");
  g_assert_cmpstr (bolo_captured_by_to_string (BOLO_CAPTURED_BY_RTCP), ==, "rtcp");
  g_assert_cmpstr (bolo_match_kind_to_string (BOLO_MATCH_FOLDED), ==, "folded");
  g_assert_cmpstr (bolo_action_to_string (BOLO_ACTION_UNKNOWN), ==, "unknown");
  g_assert_cmpstr (bolo_disposition_kind_to_string (BOLO_DISPOSITION_MISREAD), ==, "misread");
  g_assert_cmpstr (bolo_health_state_to_string (BOLO_HEALTH_LOST), ==, "lost");
  g_assert_cmpstr (bolo_camera_role_to_string (BOLO_CAMERA_ROLE_ONCOMING), ==, "oncoming");
  g_assert_cmpstr (bolo_fix_how_to_string (BOLO_FIX_HOW_EXTRAPOLATED), ==, "extrapolated");
}

static void
test_camera_info_knows_no_heading (void)
{
  g_autoptr (BoloCameraInfo) info = bolo_camera_info_new ("front");

  g_assert_true (isnan (info->heading_deg));
  g_assert_cmpstr (info->title, ==, "front");
}

static void
test_problem_and_health_keep_their_words (void)
{
  g_autoptr (BoloProblem) problem = bolo_problem_new ("Title", "So what", "Do this", NULL);
  g_autoptr (BoloHealth) health =
    bolo_health_new ("gps", BOLO_HEALTH_LOST, 5, "No receiver", "Plug it in");
  g_autoptr (BoloProblem) again = bolo_problem_ref (problem);

  g_assert_cmpstr (again->remedy, ==, "Do this");
  g_assert_cmpstr (health->detail, ==, "No receiver");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frame/released-once", test_frame_is_released_once);
  g_test_add_func ("/frame/copy/planes", test_frame_copy_keeps_each_plane);
  g_test_add_func ("/frame/copy/formats", test_frame_copy_of_pairs_and_colours);
  g_test_add_func ("/fix/distance", test_fix_distance);
  g_test_add_func ("/look-board", test_look_board_finds_its_frame);
  g_test_add_func ("/sighting/copy", test_sighting_copy_is_deep);
  g_test_add_func ("/entry/weeded", test_entry_is_weeded_from_its_day_on);
  g_test_add_func ("/words", test_words_for_enums);
  g_test_add_func ("/camera-info", test_camera_info_knows_no_heading);
  g_test_add_func ("/health", test_problem_and_health_keep_their_words);
  return g_test_run ();
}
