/* test-clock.c: each kind of clock, waiting on it, and times as text
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-clock.h"

#define START_US G_GINT64_CONSTANT (1773508800000000) /* 2026-03-14T17:20:00Z */

static void
test_manual_stands_and_advances (void)
{
  g_autoptr (BoloClock) clock = bolo_clock_new_manual (START_US);
  gint64 monotonic_us = bolo_clock_get_monotonic_us (clock);

  g_assert_true (bolo_clock_is_manual (clock));
  g_assert_cmpint (bolo_clock_get_utc_us (clock), ==, START_US);
  bolo_clock_advance_to (clock, START_US + 1500);
  g_assert_cmpint (bolo_clock_get_utc_us (clock), ==, START_US + 1500);
  g_assert_cmpint (bolo_clock_get_monotonic_us (clock), ==, monotonic_us + 1500);
}

static void
test_manual_never_goes_back (void)
{
  g_autoptr (BoloClock) clock = bolo_clock_new_manual (START_US);

  bolo_clock_advance_to (clock, START_US - 1);
  g_assert_cmpint (bolo_clock_get_utc_us (clock), ==, START_US);
}

static gpointer
wait_in_thread (gpointer data)
{
  return GINT_TO_POINTER (bolo_clock_wait_until (data, START_US + 1000) ? 1 : 2);
}

static void
test_advancing_wakes_waiters (void)
{
  g_autoptr (BoloClock) clock = bolo_clock_new_manual (START_US);
  GThread *thread = g_thread_new ("waiter", wait_in_thread, clock);

  bolo_clock_advance_to (clock, START_US + 1000);
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, 1);
}

typedef struct {
  BoloClock *clock;
  int is_done; /* (atomic) */
} Release;

static gpointer
wait_and_tell (gpointer data)
{
  Release *release = data;
  gboolean came = bolo_clock_wait_until (release->clock, START_US + G_TIME_SPAN_HOUR);

  g_atomic_int_set (&release->is_done, 1);
  return GINT_TO_POINTER (came ? 1 : 2);
}

static void
test_releasing_wakes_waiters (void)
{
  g_autoptr (BoloClock) clock = bolo_clock_new_running (START_US, 1.0);
  Release release = {clock, 0};
  GThread *thread = g_thread_new ("waiter", wait_and_tell, &release);

  /* The thread may not wait yet at the first release: it only counts once it does. */
  while (!g_atomic_int_get (&release.is_done)) {
    bolo_clock_release_waiters (clock);
    g_thread_yield ();
  }
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, 2);
}

static void
test_running_starts_where_told (void)
{
  g_autoptr (BoloClock) clock = bolo_clock_new_running (START_US, 10.0);
  gint64 first_us = bolo_clock_get_utc_us (clock);

  g_assert_false (bolo_clock_is_manual (clock));
  g_assert_cmpint (first_us, >=, START_US);
  g_assert_true (bolo_clock_wait_until (clock, first_us + 100000));
  g_assert_cmpint (bolo_clock_get_utc_us (clock), >=, first_us + 100000);
}

static void
test_text_and_back (void)
{
  const char *const texts[] = {
    "2026-03-14T17:20:00.000Z", "2026-03-14T17:20:00.123Z", "1999-12-31T23:59:59.999Z",
    "1969-12-31T23:59:59.001Z", "0001-01-01T00:00:00.000Z", "2000-02-29T12:00:00.000Z",
    "2100-03-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    gint64 utc_us = bolo_time_parse_utc (texts[i]);
    g_autofree char *text = bolo_time_format_utc (utc_us);

    g_assert_cmpstr (text, ==, texts[i]);
  }
  g_assert_cmpint (bolo_time_parse_utc ("yesterday"), ==, -1);
  g_assert_cmpint (bolo_time_parse_utc (""), ==, -1);
}

/* At any second of years of four digits, as GLib has it. */
static void
test_text_as_glib (void)
{
  const gint64 first_s = bolo_time_parse_utc ("1000-01-01T00:00:00.000Z") / G_USEC_PER_SEC;
  const gint64 last_s = bolo_time_parse_utc ("9999-12-31T23:59:59.000Z") / G_USEC_PER_SEC;

  for (guint i = 0; i < 20000; i++) {
    gint64 seconds = first_s + (gint64) (g_test_rand_double () * (double) (last_s - first_s));
    g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);
    g_autofree char *expected = g_date_time_format (date, "%Y-%m-%dT%H:%M:%S.250Z");
    g_autofree char *text = bolo_time_format_utc (seconds * G_USEC_PER_SEC + 250999);

    g_assert_cmpstr (text, ==, expected);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/manual/stands", test_manual_stands_and_advances);
  g_test_add_func ("/clock/manual/never-back", test_manual_never_goes_back);
  g_test_add_func ("/clock/manual/wakes", test_advancing_wakes_waiters);
  g_test_add_func ("/clock/running/releases", test_releasing_wakes_waiters);
  g_test_add_func ("/clock/running/starts", test_running_starts_where_told);
  g_test_add_func ("/clock/text", test_text_and_back);
  g_test_add_func ("/clock/text-as-glib", test_text_as_glib);
  return g_test_run ();
}
