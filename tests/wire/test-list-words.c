/* test-list-words.c: words and dates that lists use are read, others are not taken for them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-date.h"
#include "bolo-list-words.h"

#define MARCH_14_2026_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)
#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

static void
test_days (void)
{
  static const struct {
    const char *text;
    int days; /* -1: none */
  } cases[] = {
    {"Mon", 0x01},     {"monday", 0x01}, {"Mon-Fri", 0x1f}, {"Sat,Sun", 0x60}, {"sa su", 0x60},
    {"Fri-Mon", 0x71}, {"tu;th", 0x0a},  {"Mon-Sun", 0x7f}, {"Su-Su", 0x40},   {"", -1},
    {"M", -1},         {"Mo-", -1},      {"-Mo", -1},       {"Mondays", -1},   {"Mon-Fri-Sat", -1},
    {"1-5", -1},       {"Mon.", -1},     {",", -1},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint8 days = 0x55;

    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (bolo_list_words_read_days (cases[i].text, &days), ==, cases[i].days >= 0);
    g_assert_cmpint (days, ==, cases[i].days >= 0 ? cases[i].days : 0x55);
  }
}

static void
test_operations (void)
{
  BoloListOperation operation = BOLO_LIST_INSERT;

  g_assert_true (bolo_list_words_read_operation ("Del", &operation));
  g_assert_cmpint (operation, ==, BOLO_LIST_DELETE);
  g_assert_true (bolo_list_words_read_operation ("ADD", &operation));
  g_assert_cmpint (operation, ==, BOLO_LIST_INSERT);
  g_assert_false (bolo_list_words_read_operation ("R", &operation));
  g_assert_false (bolo_list_words_read_operation ("", &operation));
}

static void
test_booleans (void)
{
  gboolean value = FALSE;

  g_assert_true (bolo_list_words_read_boolean ("YES", &value));
  g_assert_true (value);
  g_assert_true (bolo_list_words_read_boolean ("0", &value));
  g_assert_false (value);
  g_assert_false (bolo_list_words_read_boolean ("2", &value));
}

static void
test_words_stand_alone (void)
{
  g_assert_true (bolo_list_words_contain ("do not stop - covert", "COVERT"));
  g_assert_true (bolo_list_words_contain ("COVERT", "COVERT"));
  g_assert_false (bolo_list_words_contain ("COVERTLY", "COVERT"));
  g_assert_false (bolo_list_words_contain ("DISCOVERT", "COVERT"));
  g_assert_false (bolo_list_words_contain ("", "COVERT"));
  g_assert_false (bolo_list_words_contain (NULL, "COVERT"));
}

static void
test_times (void)
{
  static const struct {
    const char *text;
    gint64 time_us; /* -1: none */
    gboolean is_day;
  } cases[] = {
    {"14/03/2026", MARCH_14_2026_US, TRUE},
    {"14-MAR-2026", MARCH_14_2026_US, TRUE},
    {"20260314", MARCH_14_2026_US, TRUE},
    {"2026-03-14T07:30", MARCH_14_2026_US + 7 * HOUR_US + HOUR_US / 2, FALSE},
    {"2026-03-14T23:00:00.120Z", MARCH_14_2026_US + 23 * HOUR_US, FALSE},
    {"14/03/2026 01:00:00", MARCH_14_2026_US + HOUR_US, FALSE},
    {"2026-03-14T24:00", -1, FALSE},
    {"2026-03-14T07:30+01:00", -1, FALSE},
    {"2026-03-14T", -1, FALSE},
    {"31/02/2026", -1, FALSE},
    {"14/03/26", -1, FALSE},
    {"00000000", -1, FALSE},
    {"", -1, FALSE},
  };
  const char *const *formats = bolo_list_date_get_default_formats ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gboolean is_day = FALSE;
    gint64 time_us = 0;
    gboolean is_read = bolo_list_date_read_time (formats, cases[i].text, &time_us, &is_day);

    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (is_read, ==, cases[i].time_us >= 0);
    if (!is_read)
      continue;
    g_assert_cmpint (time_us, ==, cases[i].time_us);
    g_assert_cmpint (is_day, ==, cases[i].is_day);
  }
}

/* A summer's day in Britain ends an hour before UTC's; the nights when clocks change have an hour
 * more or less. */
static void
test_zone (void)
{
  static const struct {
    const char *day;
    int ends_after_h; /* of the UTC day's begin */
  } cases[] = {
    {"2026-03-14", 24}, {"2026-03-28", 24}, {"2026-03-29", 23},
    {"2026-07-01", 23}, {"2026-10-24", 23}, {"2026-10-25", 24},
  };
  const char *const *formats = bolo_list_date_get_default_formats ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/London");

  g_assert_nonnull (zone);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 begin_us = 0;

    g_assert_true (bolo_list_date_read_day (formats, cases[i].day, &begin_us));
    g_assert_cmpint (bolo_list_date_to_utc (zone, begin_us + BOLO_LIST_DAY_US), ==,
                     begin_us + cases[i].ends_after_h * HOUR_US);
    g_assert_cmpint (bolo_list_date_to_utc (NULL, begin_us), ==, begin_us);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list-words/days", test_days);
  g_test_add_func ("/list-words/operations", test_operations);
  g_test_add_func ("/list-words/booleans", test_booleans);
  g_test_add_func ("/list-words/alone", test_words_stand_alone);
  g_test_add_func ("/list-words/times", test_times);
  g_test_add_func ("/list-words/zone", test_zone);
  return g_test_run ();
}
