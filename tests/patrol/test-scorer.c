/* test-scorer.c: what is said of a recording is held against its truth
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-health-board.h"
#include "bolo-scorer.h"
#include "bolo-truth.h"

#include <math.h>
#include <string.h>

#define START_US G_GINT64_CONSTANT (1773508800000000)

static void
add_pass (GPtrArray *truth,
          const char *vehicle,
          const char *camera,
          const char *plate,
          gint64 first_ms,
          BoloWanted wanted)
{
  BoloTruthPass *pass = g_new0 (BoloTruthPass, 1);

  pass->vehicle = g_strdup (vehicle);
  pass->camera = g_strdup (camera);
  pass->plate = g_strdup (plate);
  pass->first_ms = first_ms;
  pass->readable_ms = first_ms + 100;
  pass->last_ms = first_ms + 2000;
  pass->wanted = wanted;
  g_ptr_array_add (truth, pass);
}

static GPtrArray *
make_truth (void)
{
  GPtrArray *truth = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_truth_pass_free);

  add_pass (truth, "v1", "front", "AB12CDE", 1000, BOLO_WANTED_OVERT);
  add_pass (truth, "v1", "rear", "AB12CDE", 9000, BOLO_WANTED_OVERT);
  add_pass (truth, "v2", "front", "AB12CDF", 30000, BOLO_WANTED_DECOY);
  add_pass (truth, "v3", "front", "X999XYZ", 40000, BOLO_WANTED_COVERT);
  return truth;
}

static BoloSighting *
make_sighting (const char *id, const char *camera, const char *text, gint64 first_ms)
{
  BoloSighting *sighting = bolo_sighting_new ();

  sighting->id = g_strdup (id);
  sighting->camera = g_strdup (camera);
  sighting->text = g_strdup (text);
  sighting->state = BOLO_SIGHTING_CLOSED;
  sighting->looks = 3;
  sighting->first_us = START_US + first_ms * 1000;
  sighting->last_us = sighting->first_us + G_USEC_PER_SEC;
  return sighting;
}

static BoloHit *
make_hit (const char *encounter, BoloSighting *sighting, const char *wanted, BoloMatchKind kind)
{
  BoloHit *hit = bolo_hit_new ();
  BoloMatch *match = g_new0 (BoloMatch, 1);

  match->entry = bolo_list_entry_new ();
  match->entry->plate = g_strdup (wanted);
  match->kind = kind;
  hit->encounter = g_strdup (encounter);
  hit->sighting = bolo_sighting_ref (sighting);
  hit->matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  g_ptr_array_add (hit->matches, match);
  return hit;
}

static void
test_exact_misread_and_unseen (void)
{
  g_autoptr (GPtrArray) truth = make_truth ();
  g_autoptr (BoloScorer) scorer = bolo_scorer_new (truth, START_US);
  g_autoptr (BoloSighting) exact = make_sighting ("a", "front", "AB12CDE", 1100);
  g_autoptr (BoloSighting) misread = make_sighting ("b", "rear", "AB12CDB", 9100);
  g_autoptr (BoloSighting) phantom = make_sighting ("c", "front", "ZZ99ZZZ", 1200);
  g_auto (GStrv) misses = NULL;
  BoloScore score;

  bolo_scorer_add_sighting (scorer, exact);
  bolo_scorer_add_sighting (scorer, misread);
  bolo_scorer_add_sighting (scorer, phantom);
  bolo_scorer_get_score (scorer, &score);
  g_assert_cmpuint (score.vehicles, ==, 3);
  g_assert_cmpuint (score.vehicles_exact, ==, 1);
  g_assert_cmpuint (score.passes, ==, 4);
  g_assert_cmpuint (score.passes_exact, ==, 1);
  g_assert_cmpuint (score.passes_misread, ==, 1);
  g_assert_cmpuint (score.passes_unseen, ==, 2);
  g_assert_cmpuint (score.false_sightings, ==, 1);

  misses = bolo_scorer_describe_misses (scorer);
  g_assert_cmpuint (g_strv_length (misses), ==, 3);
  g_assert_cmpstr (misses[0], ==, "v1 rear - AB12CDE AB12CDB, in view 9000 to 11000 ms");
}

static void
test_only_what_stands_in_the_end_counts (void)
{
  g_autoptr (GPtrArray) truth = make_truth ();
  g_autoptr (BoloScorer) scorer = bolo_scorer_new (truth, START_US);
  g_autoptr (BoloSighting) first = make_sighting ("a", "front", "AB12CDB", 1100);
  g_autoptr (BoloSighting) corrected = make_sighting ("a", "front", "AB12CDE", 1100);
  BoloScore score;

  first->state = BOLO_SIGHTING_PROVISIONAL;
  corrected->state = BOLO_SIGHTING_CORRECTED;
  bolo_scorer_add_sighting (scorer, first);
  bolo_scorer_get_score (scorer, &score);
  g_assert_cmpuint (score.passes_misread, ==, 0);
  bolo_scorer_add_sighting (scorer, corrected);
  bolo_scorer_get_score (scorer, &score);
  g_assert_cmpuint (score.passes_exact, ==, 1);
  g_assert_cmpuint (score.passes_misread, ==, 0);
}

static void
test_another_time_or_camera_is_another_pass (void)
{
  g_autoptr (GPtrArray) truth = make_truth ();
  g_autoptr (BoloScorer) scorer = bolo_scorer_new (truth, START_US);
  g_autoptr (BoloSighting) late = make_sighting ("a", "front", "AB12CDE", 50000);
  g_autoptr (BoloSighting) elsewhere = make_sighting ("b", "left", "AB12CDE", 1000);
  BoloScore score;

  bolo_scorer_add_sighting (scorer, late);
  bolo_scorer_add_sighting (scorer, elsewhere);
  bolo_scorer_get_score (scorer, &score);
  g_assert_cmpuint (score.passes_exact, ==, 0);
  g_assert_cmpuint (score.false_sightings, ==, 0);
  g_assert_cmpuint (score.outside, ==, 2);
}

static void
test_each_camera_is_told_apart (void)
{
  g_autoptr (GPtrArray) truth = make_truth ();
  g_autoptr (BoloScorer) scorer = bolo_scorer_new (truth, START_US);
  g_autoptr (BoloSighting) first = make_sighting ("a", "front", "AB12CDE", 1100);
  g_autoptr (BoloSighting) closed = make_sighting ("a", "front", "AB12CDE", 1100);
  g_autoptr (BoloSighting) misread = make_sighting ("b", "rear", "AB12CDB", 9100);
  g_autoptr (GPtrArray) scores = NULL;
  const BoloCameraScore *front;
  const BoloCameraScore *rear;

  first->state = BOLO_SIGHTING_PROVISIONAL;
  first->since_readable_ms = 250;
  closed->looks = 7;
  bolo_scorer_add_sighting (scorer, first);
  bolo_scorer_add_sighting (scorer, closed);
  bolo_scorer_add_sighting (scorer, misread);
  scores = bolo_scorer_get_cameras (scorer);
  g_assert_cmpuint (scores->len, ==, 2);
  front = g_ptr_array_index (scores, 0);
  rear = g_ptr_array_index (scores, 1);
  g_assert_cmpstr (front->camera, ==, "front");
  g_assert_cmpuint (front->passes, ==, 3);
  g_assert_cmpuint (front->passes_exact, ==, 1);
  g_assert_cmpuint (front->looks_median, ==, 7);
  g_assert_cmpfloat (fabs (front->since_p95_ms - 250), <, 10);
  g_assert_cmpstr (rear->camera, ==, "rear");
  g_assert_cmpuint (rear->passes, ==, 1);
  g_assert_cmpuint (rear->passes_exact, ==, 0);
  g_assert_cmpuint (rear->passes_misread, ==, 1);
  g_assert_cmpuint (rear->looks_median, ==, 0);
  g_assert_cmpfloat (rear->since_p95_ms, ==, 0);
}

static void
test_hits_and_alarms (void)
{
  g_autoptr (GPtrArray) truth = make_truth ();
  g_autoptr (BoloScorer) scorer = bolo_scorer_new (truth, START_US);
  g_autoptr (BoloSighting) wanted = make_sighting ("a", "front", "AB12CDE", 1100);
  g_autoptr (BoloSighting) decoy = make_sighting ("b", "front", "AB12CDF", 30100);
  g_autoptr (BoloSighting) covert = make_sighting ("c", "front", "X999XYZ", 40100);
  g_autoptr (BoloHit) hit = make_hit ("e1", wanted, "AB12CDE", BOLO_MATCH_EXACT);
  g_autoptr (BoloHit) on_decoy = make_hit ("e2", decoy, "AB12CDF", BOLO_MATCH_EXACT);
  g_autoptr (BoloHit) on_covert = make_hit ("e3", covert, "X999XYZ", BOLO_MATCH_EXACT);
  BoloScore score;

  bolo_scorer_add_hit (scorer, hit);
  bolo_scorer_add_alarm (scorer, hit);
  bolo_scorer_get_score (scorer, &score);
  g_assert_cmpuint (score.overt, ==, 1);
  g_assert_cmpuint (score.overt_exact_hit, ==, 1);
  g_assert_cmpuint (score.double_alarms + score.false_alarms + score.decoys_exact, ==, 0);

  bolo_scorer_add_alarm (scorer, hit);
  bolo_scorer_add_hit (scorer, on_decoy);
  bolo_scorer_add_alarm (scorer, on_decoy);
  bolo_scorer_add_hit (scorer, on_covert);
  bolo_scorer_get_score (scorer, &score);
  g_assert_cmpuint (score.double_alarms, ==, 1);
  g_assert_cmpuint (score.decoys_exact, ==, 1);
  g_assert_cmpuint (score.false_alarms, ==, 1);
  g_assert_cmpuint (score.covert_raised, ==, 1);
}

static void
test_folded_hit_on_the_wanted_vehicle (void)
{
  g_autoptr (GPtrArray) truth = make_truth ();
  g_autoptr (BoloScorer) scorer = bolo_scorer_new (truth, START_US);
  g_autoptr (BoloSighting) wanted = make_sighting ("a", "front", "AB12CDE", 1100);
  g_autoptr (BoloHit) hit = make_hit ("e1", wanted, "AB12CDE", BOLO_MATCH_FOLDED);
  BoloScore score;

  bolo_scorer_add_hit (scorer, hit);
  bolo_scorer_get_score (scorer, &score);
  g_assert_cmpuint (score.overt_hit, ==, 1);
  g_assert_cmpuint (score.overt_exact_hit, ==, 0);
}

static void
test_since_readable (void)
{
  g_autoptr (GPtrArray) truth = make_truth ();
  g_autoptr (BoloScorer) scorer = bolo_scorer_new (truth, START_US);
  g_autoptr (BoloSighting) sighting = make_sighting ("a", "front", "AB12CDE", 1100);
  g_autoptr (BoloSighting) phantom = make_sighting ("b", "front", "ZZ99ZZZ", 1100);
  gint64 round_us = 60 * G_USEC_PER_SEC;

  g_assert_cmpint (bolo_scorer_get_since_readable_ms (scorer, sighting, START_US + 1600 * 1000, 0),
                   ==, 500);
  g_assert_cmpint (bolo_scorer_get_since_readable_ms (scorer, phantom, START_US + 1600 * 1000, 0),
                   ==, -1);
  sighting->first_us += round_us;
  sighting->last_us += round_us;
  g_assert_cmpint (bolo_scorer_get_since_readable_ms (scorer, sighting,
                                                      START_US + round_us + 1600 * 1000, round_us),
                   ==, 500);
}

static void
test_health_board_keeps_the_newest (void)
{
  g_autoptr (BoloHealthBoard) board = bolo_health_board_new ();
  g_autoptr (BoloHealth) gps = bolo_health_new ("gps", BOLO_HEALTH_LOST, 1, "No receiver", NULL);
  g_autoptr (BoloHealth) again = bolo_health_new ("gps", BOLO_HEALTH_LOST, 2, "No receiver", NULL);
  g_autoptr (BoloHealth) well = bolo_health_new ("gps", BOLO_HEALTH_OK, 3, "3D fix", NULL);
  g_autoptr (BoloHealth) sound = bolo_health_new ("sound", BOLO_HEALTH_OK, 4, "Ready", NULL);
  GPtrArray *all;

  g_assert_true (bolo_health_board_put (board, gps));
  g_assert_false (bolo_health_board_put (board, again));
  g_assert_true (bolo_health_board_put (board, sound));
  g_assert_true (bolo_health_board_put (board, well));
  all = bolo_health_board_get_all (board);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_true (g_ptr_array_index (all, 0) == well);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scorer/passes", test_exact_misread_and_unseen);
  g_test_add_func ("/scorer/in-the-end", test_only_what_stands_in_the_end_counts);
  g_test_add_func ("/scorer/elsewhere", test_another_time_or_camera_is_another_pass);
  g_test_add_func ("/scorer/cameras", test_each_camera_is_told_apart);
  g_test_add_func ("/scorer/hits", test_hits_and_alarms);
  g_test_add_func ("/scorer/folded", test_folded_hit_on_the_wanted_vehicle);
  g_test_add_func ("/scorer/since-readable", test_since_readable);
  g_test_add_func ("/health-board", test_health_board_keeps_the_newest);
  return g_test_run ();
}
