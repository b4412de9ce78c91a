/* test-clone-check.c: a mark in two places at once is noticed, and what a fix cannot tell is not
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>

#include "bolo-clone-check.h"

#define START_US G_GINT64_CONSTANT (1773508800000000)
#define LATITUDE 52.0
#define METRES_NORTH 111195.0 /* of one degree */

static BoloCloneCheck *
make_check (void)
{
  const BoloCloneLimits limits = {
    .speed_mps = 70, .distance_m = 1000, .kept_us = G_TIME_SPAN_DAY, .max_kept = 100};

  return bolo_clone_check_new (&limits);
}

/* @second after the start, @north_m of it. */
static BoloSighting *
make_sighting (const char *id, const char *text, double second, double north_m, double accuracy_m)
{
  const BoloFix values = {.time_us = START_US,
                          .latitude_deg = LATITUDE + north_m / METRES_NORTH,
                          .longitude_deg = -1.9,
                          .accuracy_m = accuracy_m,
                          .speed_mps = NAN,
                          .heading_deg = NAN};
  BoloSighting *sighting = bolo_sighting_new ();

  sighting->id = g_strdup (id);
  sighting->camera = g_strdup ("front");
  sighting->text = g_strdup (text);
  sighting->confidence = 0.99F;
  sighting->looks = 4;
  sighting->captured_us = START_US + (gint64) (second * G_USEC_PER_SEC);
  sighting->fix = bolo_fix_new (&values);
  return sighting;
}

static BoloClone *
take (BoloCloneCheck *check, const char *id, double second, double north_m, double accuracy_m)
{
  g_autoptr (BoloSighting) sighting = make_sighting (id, "AB12CDE", second, north_m, accuracy_m);

  return bolo_clone_check_take (check, sighting);
}

static void
test_two_places (void)
{
  g_autoptr (BoloCloneCheck) check = make_check ();
  g_autoptr (BoloClone) clone = NULL;

  g_assert_null (take (check, "a", 0, 0, 5));
  clone = take (check, "b", 60, 20000, 5);
  g_assert_nonnull (clone);
  g_assert_cmpstr (clone->sighting, ==, "a");
  g_assert_cmpstr (clone->camera, ==, "front");
  g_assert_cmpint (clone->at_us, ==, START_US);
  g_assert_cmpfloat_with_epsilon (clone->distance_m, 20000, 20);
  g_assert_cmpfloat (clone->needed_mps, >, 300);
  /* What is told later of an earlier time counts as much. */
  g_clear_pointer (&clone, bolo_clone_unref);
  clone = take (check, "c", 30, -30000, 5);
  g_assert_nonnull (clone);
  g_assert_cmpstr (clone->sighting, ==, "b");
}

static void
test_what_a_car_can_do (void)
{
  g_autoptr (BoloCloneCheck) check = make_check ();

  g_assert_null (take (check, "a", 0, 0, 5));
  g_assert_null (take (check, "b", 600, 35000, 5)); /* 58 m/s: fast, and possible */
  g_assert_null (take (check, "c", 601, 35900, 5)); /* near: the fix may have jumped */
}

static void
test_accuracy (void)
{
  g_autoptr (BoloCloneCheck) check = make_check ();

  g_assert_null (take (check, "a", 0, 0, 2000));
  g_assert_null (take (check, "b", 20, 5000, 2500));
  g_assert_null (take (check, "c", 20, 5000, NAN));
  g_assert_cmpuint (bolo_clone_check_get_n_kept (check), ==, 2);
}

static void
test_not_judged (void)
{
  g_autoptr (BoloCloneCheck) check = make_check ();
  g_autoptr (BoloSighting) placeless = make_sighting ("p", "AB12CDE", 1, 90000, 5);
  g_autoptr (BoloSighting) single = make_sighting ("s", "AB12CDE", 1, 90000, 5);
  g_autoptr (BoloSighting) unsure = make_sighting ("u", "AB12CDE", 1, 90000, 5);
  g_autoptr (BoloSighting) other = make_sighting ("o", "AB12CDF", 1, 90000, 5);

  g_assert_null (take (check, "a", 0, 0, 5));
  g_clear_pointer (&placeless->fix, bolo_fix_unref);
  single->is_single_look = TRUE;
  unsure->confidence = 0.7F;
  g_assert_null (bolo_clone_check_take (check, placeless));
  g_assert_null (bolo_clone_check_take (check, single));
  g_assert_null (bolo_clone_check_take (check, unsure));
  g_assert_cmpuint (bolo_clone_check_get_n_kept (check), ==, 1);
  g_assert_null (bolo_clone_check_take (check, other));
}

/* Provisional, then closed with a better fix: one pass. */
static void
test_states_of_a_pass (void)
{
  g_autoptr (BoloCloneCheck) check = make_check ();

  g_assert_null (take (check, "a", 0, 0, 5));
  g_assert_null (take (check, "a", 1, 5000, 5));
  g_assert_cmpuint (bolo_clone_check_get_n_kept (check), ==, 1);
}

static void
test_forgets (void)
{
  g_autoptr (BoloCloneCheck) check = make_check ();

  for (guint i = 0; i < 1000; i++) {
    g_autofree char *text = g_strdup_printf ("AB%uCDE", i);
    g_autoptr (BoloSighting) sighting = make_sighting (text, text, i, 0, 5);

    g_assert_null (bolo_clone_check_take (check, sighting));
    g_assert_cmpuint (bolo_clone_check_get_n_kept (check), <=, 100);
  }
  g_assert_null (take (check, "late", 2.0 * 86400, 0, 5));
  g_assert_cmpuint (bolo_clone_check_get_n_kept (check), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clone-check/two-places", test_two_places);
  g_test_add_func ("/clone-check/what-a-car-can-do", test_what_a_car_can_do);
  g_test_add_func ("/clone-check/accuracy", test_accuracy);
  g_test_add_func ("/clone-check/not-judged", test_not_judged);
  g_test_add_func ("/clone-check/states-of-a-pass", test_states_of_a_pass);
  g_test_add_func ("/clone-check/forgets", test_forgets);
  return g_test_run ();
}
