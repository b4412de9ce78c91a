/* test-gpsd.c: a real gpsd that is fed, killed, frozen, started again and put an hour off
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-position.h"
#include "test-gps.h"

#include <math.h>
#include <signal.h>
#include <string.h>

#define DEADLINE_MS 20000

typedef struct {
  GThread *thread; /* the one that signals belong on */
  TestReceiver *receiver;
  TestGpsd *gpsd; /* (nullable) */
  BoloClock *clock;
  BoloPosition *position;
  BoloHealth *gps;  /* (nullable): told last */
  BoloHealth *time; /* (nullable) */
  guint fixes;
  guint losses;
} Fixture;

static void
on_fix (BoloPosition *position, const BoloFix *fix, Fixture *fixture)
{
  g_assert_true (g_thread_self () == fixture->thread);
  g_assert_cmpint (fix->how, ==, BOLO_FIX_HOW_MEASURED);
  fixture->fixes++;
}

static void
on_health (BoloPosition *position, const BoloHealth *health, Fixture *fixture)
{
  BoloHealth **slot = strcmp (health->what, "gps") == 0 ? &fixture->gps : &fixture->time;

  g_assert_true (g_thread_self () == fixture->thread);
  if (*slot != NULL)
    g_assert_false ((*slot)->state == health->state &&
                    strcmp ((*slot)->detail, health->detail) == 0);
  g_clear_pointer (slot, bolo_health_unref);
  *slot = bolo_health_ref (health);
  if (slot == &fixture->gps && health->state == BOLO_HEALTH_LOST)
    fixture->losses++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->thread = g_thread_self ();
  fixture->receiver = test_receiver_new ();
  fixture->gpsd = test_gpsd_new (fixture->receiver);
  fixture->clock = bolo_clock_new_system ();
  if (fixture->gpsd == NULL)
    return;
  fixture->position =
    bolo_position_new_gpsd ("127.0.0.1", test_gpsd_get_port (fixture->gpsd), fixture->clock, NULL);
  g_signal_connect (fixture->position, "fix", G_CALLBACK (on_fix), fixture);
  g_signal_connect (fixture->position, "health", G_CALLBACK (on_health), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->position != NULL) {
    g_assert_true (bolo_position_stop (fixture->position, 5000));
    while (g_main_context_iteration (NULL, FALSE))
      ;
    g_assert_finalize_object (fixture->position);
  }
  g_clear_pointer (&fixture->gpsd, test_gpsd_free);
  test_receiver_free (fixture->receiver);
  g_clear_pointer (&fixture->gps, bolo_health_unref);
  g_clear_pointer (&fixture->time, bolo_health_unref);
  g_object_unref (fixture->clock);
}

static gboolean
on_deadline (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

typedef gboolean (*Condition) (Fixture *fixture);

/* Runs the loop until the condition holds; fails at the deadline. */
static void
wait_for (Fixture *fixture, Condition condition, const char *what)
{
  gboolean is_late = FALSE;
  guint deadline = g_timeout_add (DEADLINE_MS, on_deadline, &is_late);

  while (!condition (fixture) && !is_late)
    g_main_context_iteration (NULL, TRUE);
  if (is_late)
    g_test_fail_printf ("%s: not within %d s; GPS: %s", what, DEADLINE_MS / 1000,
                        fixture->gps != NULL ? fixture->gps->detail : "nothing told");
  else
    g_source_remove (deadline);
}

static gboolean
has_fix (Fixture *fixture)
{
  return fixture->gps != NULL && fixture->gps->state == BOLO_HEALTH_OK && fixture->fixes >= 3;
}

static gboolean
is_gone (Fixture *fixture)
{
  return fixture->gps != NULL && fixture->gps->state == BOLO_HEALTH_LOST &&
         strstr (fixture->gps->detail, "does not answer") != NULL;
}

static gboolean
is_without_fix (Fixture *fixture)
{
  return fixture->gps != NULL && fixture->gps->state == BOLO_HEALTH_LOST &&
         strstr (fixture->gps->detail, "has no fix") != NULL;
}

static gboolean
is_clock_wrong (Fixture *fixture)
{
  return fixture->time != NULL && fixture->time->state == BOLO_HEALTH_DEGRADED;
}

/* FALSE where there is no gpsd, and the test is skipped. */
static gboolean
start_and_wait (Fixture *fixture)
{
  if (fixture->gpsd == NULL) {
    g_test_skip ("gpsd is not installed");
    return FALSE;
  }
  bolo_position_start (fixture->position);
  wait_for (fixture, has_fix, "a fix");
  return TRUE;
}

/* How far the current fix is from where the receiver's car is. */
static double
get_error_m (Fixture *fixture, gint64 shift_us)
{
  gint64 now_us = g_get_real_time ();
  g_autoptr (BoloFix) fix = bolo_position_get_fix_at (fixture->position, now_us);
  BoloFix truth;

  g_assert_nonnull (fix);
  truth = *fix;
  test_receiver_get_place (now_us + shift_us, &truth.latitude_deg, &truth.longitude_deg);
  return bolo_fix_get_distance_m (fix, &truth);
}

static void
test_fix (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloFix) current = NULL;
  g_autoptr (BoloHealth) health = NULL;

  if (!start_and_wait (fixture))
    return;
  current = bolo_position_get_current (fixture->position);
  g_assert_nonnull (current);
  g_assert_cmpfloat_with_epsilon (current->speed_mps, TEST_RECEIVER_SPEED_MPS, 0.1);
  g_assert_cmpfloat_with_epsilon (current->heading_deg, TEST_RECEIVER_HEADING, 0.5);
  g_assert_cmpfloat (current->accuracy_m, >=, 3);
  g_assert_cmpfloat (current->accuracy_m, <, 100);
  g_assert_cmpint (ABS (current->clock_offset_us), <, 1000000);
  g_assert_cmpint (ABS (bolo_position_get_clock_offset_us (fixture->position)), <, 1000000);
  health = bolo_position_get_health (fixture->position, "clock");
  g_assert_cmpint (health->state, ==, BOLO_HEALTH_OK);
}

/* The receiver's car jumps back at each whole minute, so the place is compared again if need be. */
static void
test_place (Fixture *fixture, gconstpointer data)
{
  if (!start_and_wait (fixture))
    return;
  if (get_error_m (fixture, 0) > 30) {
    fixture->fixes = 0;
    wait_for (fixture, has_fix, "fixes after the whole minute");
  }
  g_assert_cmpfloat (get_error_m (fixture, 0), <, 30);
}

static void
test_killed_and_back (Fixture *fixture, gconstpointer data)
{
  if (!start_and_wait (fixture))
    return;
  test_gpsd_kill (fixture->gpsd);
  wait_for (fixture, is_gone, "the loss of gpsd");
  g_assert_nonnull (fixture->gps->remedy);
  test_gpsd_start (fixture->gpsd);
  fixture->fixes = 0;
  wait_for (fixture, has_fix, "a fix from the new gpsd");
  g_assert_cmpuint (fixture->losses, >=, 1);
}

static void
test_frozen_and_back (Fixture *fixture, gconstpointer data)
{
  if (!start_and_wait (fixture))
    return;
  test_gpsd_send_signal (fixture->gpsd, SIGSTOP);
  wait_for (fixture, is_without_fix, "the silence of gpsd");
  test_gpsd_send_signal (fixture->gpsd, SIGCONT);
  fixture->fixes = 0;
  wait_for (fixture, has_fix, "a fix from the thawed gpsd");
}

static void
test_no_fix (Fixture *fixture, gconstpointer data)
{
  if (!start_and_wait (fixture))
    return;
  test_receiver_set_has_fix (fixture->receiver, FALSE);
  wait_for (fixture, is_without_fix, "the loss of the fix");
  test_receiver_set_has_fix (fixture->receiver, TRUE);
  fixture->fixes = 0;
  wait_for (fixture, has_fix, "the fix again");
}

/* A clock an hour ahead: shown, and sightings find their place all the same. */
static void
test_clock_wrong (Fixture *fixture, gconstpointer data)
{
  const gint64 shift_us = -3600 * (gint64) G_USEC_PER_SEC;
  gint64 offset_us;

  if (fixture->gpsd == NULL) {
    g_test_skip ("gpsd is not installed");
    return;
  }
  test_receiver_set_shift_us (fixture->receiver, shift_us);
  bolo_position_start (fixture->position);
  wait_for (fixture, has_fix, "a fix");
  wait_for (fixture, is_clock_wrong, "the wrong clock");
  offset_us = bolo_position_get_clock_offset_us (fixture->position);
  g_assert_cmpint (ABS (offset_us + shift_us), <, 1000000);
  g_assert_cmpstr (fixture->time->detail, ==, "The clock is 3600 s ahead of GPS time.");
  if (get_error_m (fixture, shift_us) > 40) {
    fixture->fixes = 0;
    wait_for (fixture, has_fix, "fixes after the whole minute");
  }
  g_assert_cmpfloat (get_error_m (fixture, shift_us), <, 40);
}

static void
test_nobody_there (Fixture *fixture, gconstpointer data)
{
  if (fixture->gpsd == NULL) {
    g_test_skip ("gpsd is not installed");
    return;
  }
  test_gpsd_kill (fixture->gpsd);
  bolo_position_start (fixture->position);
  g_assert_cmpint (fixture->gps->state, ==, BOLO_HEALTH_STARTING);
  wait_for (fixture, is_gone, "the absence of gpsd");
  g_assert_null (bolo_position_get_current (fixture->position));
  g_assert_cmpint (bolo_position_get_clock_offset_us (fixture->position), ==, G_MININT64);
  test_gpsd_start (fixture->gpsd);
  wait_for (fixture, has_fix, "a fix from the gpsd that came late");
}

/* Stopped in mid-work, and never started at all. */
static void
test_stop (Fixture *fixture, gconstpointer data)
{
  guint fixes;

  if (!start_and_wait (fixture))
    return;
  g_assert_true (bolo_position_stop (fixture->position, 5000));
  fixes = fixture->fixes;
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (fixture->fixes, ==, fixes);
  g_assert_true (bolo_position_stop (fixture->position, 5000));

  BoloPosition *never = bolo_position_new_gpsd ("127.0.0.1", "1", fixture->clock, NULL);
  g_assert_finalize_object (never);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/gpsd/fix", Fixture, NULL, set_up, test_fix, tear_down);
  g_test_add ("/gpsd/place", Fixture, NULL, set_up, test_place, tear_down);
  g_test_add ("/gpsd/killed-and-back", Fixture, NULL, set_up, test_killed_and_back, tear_down);
  g_test_add ("/gpsd/frozen-and-back", Fixture, NULL, set_up, test_frozen_and_back, tear_down);
  g_test_add ("/gpsd/no-fix", Fixture, NULL, set_up, test_no_fix, tear_down);
  g_test_add ("/gpsd/clock-wrong", Fixture, NULL, set_up, test_clock_wrong, tear_down);
  g_test_add ("/gpsd/nobody-there", Fixture, NULL, set_up, test_nobody_there, tear_down);
  g_test_add ("/gpsd/stop", Fixture, NULL, set_up, test_stop, tear_down);
  return g_test_run ();
}
