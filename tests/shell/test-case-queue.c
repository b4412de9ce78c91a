/* test-case-queue.c: which hit is on the card, and that none leaves by itself
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-case-queue.h"
#include "bolo-fake-engine.h"

typedef struct {
  BoloFakeEngine *engine;
  BoloCaseQueue *queue;
  guint n_changes;
} Fixture;

static void
on_current (Fixture *fixture)
{
  fixture->n_changes++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->engine = bolo_fake_engine_new (NULL);
  bolo_fake_engine_add_camera (fixture->engine, "front", "Front");
  fixture->queue = bolo_case_queue_new (bolo_engine_get_cases (BOLO_ENGINE (fixture->engine)));
  g_signal_connect_swapped (fixture->queue, "notify::current", G_CALLBACK (on_current), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->queue);
  g_assert_finalize_object (fixture->engine);
}

static BoloHitCase *
add (Fixture *fixture, const char *mark, int priority, gboolean is_quiet)
{
  BoloFakeHit what = {
    .read = mark, .priority = priority, .is_quiet = is_quiet, .has_no_pictures = TRUE};

  return bolo_fake_engine_add_hit (fixture->engine, &what);
}

#define assert_card(fixture, hit_case, n)                                                          \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_assert_true (bolo_case_queue_get_current ((fixture)->queue) == (hit_case));                  \
    g_assert_cmpuint (bolo_case_queue_get_waiting ((fixture)->queue), ==, (n));                    \
  }                                                                                                \
  G_STMT_END

static void
test_first_stays (Fixture *fixture, gconstpointer data)
{
  BoloHitCase *first = add (fixture, "AB12CDE", 2, FALSE);
  BoloHitCase *second;

  assert_card (fixture, first, 0);
  second = add (fixture, "KX68YZT", 2, FALSE);
  assert_card (fixture, first, 1);
  add (fixture, "LN19HKV", 3, FALSE);
  assert_card (fixture, first, 2);
  g_assert_cmpuint (fixture->n_changes, ==, 1);

  g_assert_true (bolo_hit_case_apply (first, BOLO_DISPOSITION_MISREAD));
  assert_card (fixture, second, 1);
  g_assert_cmpuint (bolo_case_queue_get_open (fixture->queue), ==, 2);
}

static void
test_graver_comes_first (Fixture *fixture, gconstpointer data)
{
  BoloHitCase *low = add (fixture, "AB12CDE", 3, FALSE);
  BoloHitCase *middle = add (fixture, "KX68YZT", 2, FALSE);
  BoloHitCase *grave;

  /* Each graver one took the card; what it displaced waits. */
  assert_card (fixture, middle, 1);
  grave = add (fixture, "LN19HKV", 1, FALSE);
  assert_card (fixture, grave, 2);
  bolo_hit_case_apply (grave, BOLO_DISPOSITION_SILENCED);
  assert_card (fixture, middle, 1);
  bolo_hit_case_apply (middle, BOLO_DISPOSITION_SILENCED);
  assert_card (fixture, low, 0);
  bolo_hit_case_apply (low, BOLO_DISPOSITION_SILENCED);
  assert_card (fixture, NULL, 0);
}

static void
test_stays_until_answered (Fixture *fixture, gconstpointer data)
{
  BoloHitCase *first = add (fixture, "AB12CDE", 2, FALSE);

  add (fixture, "KX68YZT", 2, FALSE);
  bolo_hit_case_apply (first, BOLO_DISPOSITION_SEEN);
  assert_card (fixture, first, 1);
  bolo_hit_case_apply (first, BOLO_DISPOSITION_PLATE_MATCHES);
  assert_card (fixture, first, 1);
  /* Confirmed stays too, to be seen so, until the officer closes it. */
  bolo_hit_case_apply (first, BOLO_DISPOSITION_CONFIRMED);
  g_assert_cmpint (bolo_hit_case_get_state (first), ==, BOLO_HIT_CONFIRMED);
  assert_card (fixture, first, 1);
  bolo_case_queue_put_aside (fixture->queue);
  g_assert_true (bolo_case_queue_get_current (fixture->queue) != first);
}

static void
test_put_aside_and_raise (Fixture *fixture, gconstpointer data)
{
  BoloHitCase *first = add (fixture, "AB12CDE", 2, FALSE);

  bolo_case_queue_put_aside (fixture->queue);
  assert_card (fixture, NULL, 0);
  g_assert_cmpuint (bolo_case_queue_get_open (fixture->queue), ==, 1);
  bolo_case_queue_put_aside (fixture->queue);
  assert_card (fixture, NULL, 0);

  bolo_case_queue_raise (fixture->queue, first);
  assert_card (fixture, first, 0);
}

static void
test_quiet_low_raises_no_card (Fixture *fixture, gconstpointer data)
{
  BoloHitCase *quiet = add (fixture, "AB12CDE", 3, TRUE);
  BoloHitCase *similar;

  assert_card (fixture, NULL, 0);
  g_assert_cmpuint (bolo_case_queue_get_open (fixture->queue), ==, 1);
  /* A quiet one of high priority (not exact) does. */
  similar = add (fixture, "KX68YZT", 2, TRUE);
  assert_card (fixture, similar, 0);
  bolo_hit_case_apply (similar, BOLO_DISPOSITION_MISREAD);
  assert_card (fixture, NULL, 0);

  bolo_case_queue_open (fixture->queue, quiet);
  assert_card (fixture, quiet, 0);
}

static void
test_answered_can_be_opened_again (Fixture *fixture, gconstpointer data)
{
  BoloHitCase *first = add (fixture, "AB12CDE", 2, FALSE);

  bolo_hit_case_apply (first, BOLO_DISPOSITION_MISREAD);
  assert_card (fixture, NULL, 0);
  bolo_case_queue_open (fixture->queue, first);
  assert_card (fixture, first, 0);
  bolo_hit_case_apply (first, BOLO_DISPOSITION_PLATE_MATCHES);
  assert_card (fixture, first, 0);
  g_assert_true (bolo_hit_case_is_open (first));
}

static void
test_cases_there_before (Fixture *fixture, gconstpointer data)
{
  BoloHitCase *first = add (fixture, "AB12CDE", 2, FALSE);
  g_autoptr (BoloCaseQueue) late =
    bolo_case_queue_new (bolo_engine_get_cases (BOLO_ENGINE (fixture->engine)));

  g_assert_true (bolo_case_queue_get_current (late) == first);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define add_test(name, func)                                                                       \
  g_test_add ("/shell/case-queue/" name, Fixture, NULL, set_up, func, tear_down)
  add_test ("first-stays", test_first_stays);
  add_test ("graver-comes-first", test_graver_comes_first);
  add_test ("stays-until-answered", test_stays_until_answered);
  add_test ("put-aside-and-raise", test_put_aside_and_raise);
  add_test ("quiet-low-raises-no-card", test_quiet_low_raises_no_card);
  add_test ("answered-can-be-opened-again", test_answered_can_be_opened_again);
  add_test ("cases-there-before", test_cases_there_before);
  return g_test_run ();
}
