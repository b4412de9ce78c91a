/* test-hit-case.c: what may become of a hit, and what may be on a screen when
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-engine.h"

#include <math.h>

static BoloHit *
make_hit (const char *id, const char *sighting_id, const char *camera)
{
  BoloHit *hit = bolo_hit_new ();

  hit->id = g_strdup (id);
  hit->encounter = g_strdup ("encounter");
  hit->sighting = bolo_sighting_new ();
  hit->sighting->id = g_strdup (sighting_id);
  hit->sighting->camera = g_strdup (camera);
  return hit;
}

static void
count_notify (GObject *object, GParamSpec *pspec, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_plate_must_match_before_confirmed (void)
{
  g_autoptr (BoloHit) hit = make_hit ("h", "s", "front");
  g_autoptr (BoloHitCase) hit_case = bolo_hit_case_new (hit);

  g_assert_cmpint (bolo_hit_case_get_state (hit_case), ==, BOLO_HIT_NEW);
  g_assert_false (bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_CONFIRMED));
  g_assert_true (bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_PLATE_MATCHES));
  g_assert_true (bolo_hit_case_is_open (hit_case));
  g_assert_true (bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_CONFIRMED));
  g_assert_cmpint (bolo_hit_case_get_state (hit_case), ==, BOLO_HIT_CONFIRMED);
  g_assert_false (bolo_hit_case_is_open (hit_case));
}

static void
test_confirmed_is_only_undone_by_misread (void)
{
  g_autoptr (BoloHit) hit = make_hit ("h", "s", "front");
  g_autoptr (BoloHitCase) hit_case = bolo_hit_case_new (hit);

  bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_PLATE_MATCHES);
  bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_CONFIRMED);
  g_assert_false (bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_SEEN));
  g_assert_false (bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_SILENCED));
  g_assert_false (bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_PLATE_MATCHES));
  g_assert_true (bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_MISREAD));
}

static void
test_notifies_only_on_change (void)
{
  g_autoptr (BoloHit) hit = make_hit ("h", "s", "front");
  g_autoptr (BoloHitCase) hit_case = bolo_hit_case_new (hit);
  guint count = 0;

  g_signal_connect (hit_case, "notify::state", G_CALLBACK (count_notify), &count);
  bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_SEEN);
  bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_SEEN);
  g_assert_cmpuint (count, ==, 1);

  g_signal_connect (hit_case, "notify::is-stored", G_CALLBACK (count_notify), &count);
  bolo_hit_case_set_is_stored (hit_case, TRUE);
  bolo_hit_case_set_is_stored (hit_case, TRUE);
  g_assert_cmpuint (count, ==, 2);
  g_assert_true (bolo_hit_case_get_is_stored (hit_case));
}

static void
test_update_counts_passes_and_cameras (void)
{
  g_autoptr (BoloHit) first = make_hit ("h1", "s1", "front");
  g_autoptr (BoloHit) same = make_hit ("h1", "s1", "front");
  g_autoptr (BoloHit) other = make_hit ("h2", "s2", "rear");
  g_autoptr (BoloHitCase) hit_case = bolo_hit_case_new (first);

  bolo_hit_case_update (hit_case, same);
  g_assert_cmpuint (bolo_hit_case_get_sightings (hit_case), ==, 1);
  bolo_hit_case_update (hit_case, other);
  g_assert_cmpuint (bolo_hit_case_get_sightings (hit_case), ==, 2);
  g_assert_cmpstr (bolo_hit_case_get_cameras (hit_case), ==, "front, rear");
  g_assert_true (bolo_hit_case_get_hit (hit_case) == other);
}

static void
test_properties (void)
{
  g_autoptr (BoloHit) hit = make_hit ("h", "s", "front");
  g_autoptr (BoloHitCase) hit_case = bolo_hit_case_new (hit);
  g_autofree char *cameras = NULL;
  gboolean is_stored;
  guint sightings;
  gpointer shown;
  int state;

  g_object_get (hit_case, "hit", &shown, "state", &state, "is-stored", &is_stored, "sightings",
                &sightings, "cameras", &cameras, NULL);
  g_assert_true (shown == hit);
  g_assert_cmpint (state, ==, BOLO_HIT_NEW);
  g_assert_false (is_stored);
  g_assert_cmpuint (sightings, ==, 1);
  g_assert_cmpstr (cameras, ==, "front");
  g_assert_finalize_object (g_steal_pointer (&hit_case));
}

typedef struct {
  double speed_mps;
  gint64 fix_age_us;
  BoloSeat seat;
  BoloLevel expected;
} LevelCase;

static void
test_level_by_seat_and_speed (void)
{
  const gint64 now_us = G_GINT64_CONSTANT (1773508800000000);
  const LevelCase cases[] = {
    {0, 0, BOLO_SEAT_NONE, BOLO_LEVEL_DRIVER_SAFE},
    {0, 0, BOLO_SEAT_DRIVER, BOLO_LEVEL_OPERATOR},
    {0.4, 2 * G_USEC_PER_SEC, BOLO_SEAT_DRIVER, BOLO_LEVEL_OPERATOR},
    {1.2, 0, BOLO_SEAT_DRIVER, BOLO_LEVEL_DRIVER_SAFE},
    {NAN, 0, BOLO_SEAT_DRIVER, BOLO_LEVEL_DRIVER_SAFE},
    {0, 4 * G_USEC_PER_SEC, BOLO_SEAT_DRIVER, BOLO_LEVEL_DRIVER_SAFE},
    {30, 0, BOLO_SEAT_OPERATOR, BOLO_LEVEL_OPERATOR},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (BoloFix) fix = bolo_fix_new (&(BoloFix){
      .time_us = now_us - cases[i].fix_age_us,
      .latitude_deg = 51.5,
      .speed_mps = cases[i].speed_mps,
    });

    g_assert_cmpint (bolo_level_decide (fix, now_us, cases[i].seat), ==, cases[i].expected);
  }
  g_assert_cmpint (bolo_level_decide (NULL, now_us, BOLO_SEAT_DRIVER), ==, BOLO_LEVEL_DRIVER_SAFE);
  g_assert_cmpint (bolo_level_decide (NULL, now_us, BOLO_SEAT_OPERATOR), ==, BOLO_LEVEL_OPERATOR);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hit-case/plate-first", test_plate_must_match_before_confirmed);
  g_test_add_func ("/hit-case/confirmed-stays", test_confirmed_is_only_undone_by_misread);
  g_test_add_func ("/hit-case/notify", test_notifies_only_on_change);
  g_test_add_func ("/hit-case/update", test_update_counts_passes_and_cameras);
  g_test_add_func ("/hit-case/properties", test_properties);
  g_test_add_func ("/level", test_level_by_seat_and_speed);
  return g_test_run ();
}
