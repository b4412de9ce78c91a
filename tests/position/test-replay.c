/* test-replay.c: a recording's track as a function of the clock
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-position.h"
#include "test-gps.h"

#include <glib/gstdio.h>

#define START (G_GINT64_CONSTANT (1773508800) * G_USEC_PER_SEC)
#define SECONDS(s) ((gint64) ((s) *G_USEC_PER_SEC))

typedef struct {
  char *path;
  BoloClock *clock;
  BoloPosition *position;
  GString *told; /* one word a signal */
} Fixture;

static void
on_fix (BoloPosition *position, const BoloFix *fix, Fixture *fixture)
{
  g_string_append_printf (fixture->told, "fix@%d ", (int) ((fix->time_us - START) / 1000000));
}

static void
on_health (BoloPosition *position, const BoloHealth *health, Fixture *fixture)
{
  g_string_append_printf (fixture->told, "%s:%s ", health->what,
                          bolo_health_state_to_string (health->state));
}

/* A track that begins one second in, and has a hole from 5 to 20 s. */
static void
write_track (Fixture *fixture)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("track-XXXXXX.nmea", &fixture->path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  for (int i = 1; i <= 25; i++) {
    g_autofree char *line =
      test_nmea_make_rmc (START + SECONDS (i), i <= 5 || i >= 20, 51.5 + i * 1e-4, -1.2, 11.12, 0);

    g_string_append (text, line);
  }
  g_file_set_contents (fixture->path, text->str, (gssize) text->len, &error);
  g_assert_no_error (error);
}

static void
set_up_with_clock (Fixture *fixture, BoloClock *clock)
{
  g_autoptr (GError) error = NULL;

  write_track (fixture);
  fixture->clock = clock;
  fixture->told = g_string_new (NULL);
  fixture->position = bolo_position_new_replay (fixture->path, START, fixture->clock, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->position, "fix", G_CALLBACK (on_fix), fixture);
  g_signal_connect (fixture->position, "health", G_CALLBACK (on_health), fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  set_up_with_clock (fixture, bolo_clock_new_manual (START));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_true (bolo_position_stop (fixture->position, 1000));
  g_assert_finalize_object (fixture->position);
  g_object_unref (fixture->clock);
  g_string_free (fixture->told, TRUE);
  g_unlink (fixture->path);
  g_free (fixture->path);
}

static void
test_asked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloFix) extrapolated = NULL;
  g_autoptr (BoloFix) interpolated = NULL;
  g_autoptr (BoloFix) current = NULL;

  /* before the first measurement nothing is known, not even what the file says of later */
  g_assert_null (bolo_position_get_current (fixture->position));
  bolo_clock_advance_to (fixture->clock, START + SECONDS (2.5));
  extrapolated = bolo_position_get_fix_at (fixture->position, START + SECONDS (2.5));
  g_assert_cmpint (extrapolated->how, ==, BOLO_FIX_HOW_EXTRAPOLATED);
  g_assert_cmpint (extrapolated->age_ms, ==, 500);
  bolo_clock_advance_to (fixture->clock, START + SECONDS (3));
  interpolated = bolo_position_get_fix_at (fixture->position, START + SECONDS (2.5));
  g_assert_cmpint (interpolated->how, ==, BOLO_FIX_HOW_INTERPOLATED);
  g_assert_cmpfloat_with_epsilon (interpolated->latitude_deg, 51.50025, 1e-7);
  g_assert_cmpfloat (interpolated->accuracy_m, <=, extrapolated->accuracy_m);
  current = bolo_position_get_current (fixture->position);
  g_assert_cmpint (current->how, ==, BOLO_FIX_HOW_MEASURED);
  g_assert_cmpint (current->clock_offset_us, ==, 0);
  g_assert_cmpint (bolo_position_get_clock_offset_us (fixture->position), ==, 0);
}

static void
test_hole (Fixture *fixture, gconstpointer data)
{
  bolo_clock_advance_to (fixture->clock, START + SECONDS (12));
  g_assert_null (bolo_position_get_current (fixture->position));
  bolo_clock_advance_to (fixture->clock, START + SECONDS (25));
  g_assert_null (bolo_position_get_fix_at (fixture->position, START + SECONDS (12)));
}

/* Each step is told once, in the same order whenever it is played. */
static void
test_told (Fixture *fixture, gconstpointer data)
{
  bolo_position_start (fixture->position);
  g_assert_cmpstr (fixture->told->str, ==, "gps:starting clock:ok ");
  for (double at = 0; at <= 22; at += 0.5) {
    bolo_clock_advance_to (fixture->clock, START + SECONDS (at));
    bolo_position_poll (fixture->position);
    bolo_position_poll (fixture->position);
  }
  g_assert_cmpstr (fixture->told->str, ==,
                   "gps:starting clock:ok gps:ok fix@1 fix@2 fix@3 fix@4 fix@5 gps:lost "
                   "gps:ok fix@20 fix@21 fix@22 ");
  bolo_position_stop (fixture->position, 1000);
  bolo_clock_advance_to (fixture->clock, START + SECONDS (25));
  bolo_position_poll (fixture->position);
  g_assert_true (g_str_has_suffix (fixture->told->str, "fix@22 "));
}

static gboolean
on_deadline (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* With a running clock it tells by itself: 25 s in half a second. */
static void
test_running (void)
{
  Fixture fixture = {0};
  gboolean is_late = FALSE;
  guint deadline;

  set_up_with_clock (&fixture, bolo_clock_new_running (START, 50));
  bolo_position_start (fixture.position);
  deadline = g_timeout_add (10000, on_deadline, &is_late);
  while (!g_str_has_suffix (fixture.told->str, "fix@25 ") && !is_late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (is_late);
  g_source_remove (deadline);
  tear_down (&fixture, NULL);
}

static void
test_no_track (void)
{
  g_autoptr (BoloClock) clock = bolo_clock_new_manual (START);
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_position_new_replay ("/nowhere/track.nmea", START, clock, NULL, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/replay/asked", Fixture, NULL, set_up, test_asked, tear_down);
  g_test_add ("/replay/hole", Fixture, NULL, set_up, test_hole, tear_down);
  g_test_add ("/replay/told", Fixture, NULL, set_up, test_told, tear_down);
  g_test_add_func ("/replay/running", test_running);
  g_test_add_func ("/replay/no-track", test_no_track);
  return g_test_run ();
}
