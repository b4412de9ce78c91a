/* test-faults.c: which faults can be asked for, and how often they strike
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-station-faults.h"

#include <string.h>

static BoloStationFaults *
make_faults (const char *first, const char *second, guint32 seed)
{
  const char *const texts[] = {first, second, NULL};
  g_autoptr (GError) error = NULL;
  BoloStationFaults *faults = bolo_station_faults_new (texts, seed, &error);

  g_assert_no_error (error);
  return faults;
}

static void
test_none (void)
{
  g_autoptr (BoloStationFaults) faults = bolo_station_faults_new (NULL, 0, NULL);

  g_assert_false (bolo_station_faults_are_any (faults));
  for (guint fault = 0; fault < BOLO_STATION_N_FAULTS; fault++) {
    g_assert_false (bolo_station_faults_strike (faults, fault));
    g_assert_cmpuint (bolo_station_faults_get_count (faults, fault), ==, 0);
  }
}

static void
test_words (void)
{
  for (guint fault = 0; fault < BOLO_STATION_N_FAULTS; fault++) {
    g_autoptr (BoloStationFaults) faults =
      make_faults (bolo_station_fault_get_word (fault), NULL, 0);

    for (guint other = 0; other < BOLO_STATION_N_FAULTS; other++)
      g_assert_cmpint (bolo_station_faults_strike (faults, other), ==, other == fault);
    g_assert_true (bolo_station_faults_are_any (faults));
    g_assert_cmpuint (bolo_station_faults_get_count (faults, fault), ==, 1);
  }
  g_assert_null (bolo_station_fault_get_word (BOLO_STATION_N_FAULTS));
}

static guint
count_strikes (const char *text, guint32 seed, guint *first)
{
  g_autoptr (BoloStationFaults) faults = make_faults (text, "lost:0", seed);

  *first = G_MAXUINT;
  for (guint i = 0; i < 10000; i++) {
    if (bolo_station_faults_strike (faults, BOLO_STATION_FAULT_CUT))
      *first = MIN (*first, i);
    g_assert_false (bolo_station_faults_strike (faults, BOLO_STATION_FAULT_LOST));
  }
  return bolo_station_faults_get_count (faults, BOLO_STATION_FAULT_CUT);
}

static void
test_rates (void)
{
  guint first;
  guint again;
  guint other;

  g_assert_cmpuint (count_strikes ("cut:0.1", 1, &first), >, 800);
  g_assert_cmpuint (count_strikes ("cut:0.1", 1, &again), <, 1200);
  g_assert_cmpuint (first, ==, again); /* the same dice */
  count_strikes ("cut:0.001", 2, &other);
  g_assert_cmpuint (other, !=, first);
  g_assert_cmpuint (count_strikes ("cut:1", 1, &first), ==, 10000);
  g_assert_cmpuint (count_strikes ("cut:0", 1, &first), ==, 0);
}

static void
test_refused (void)
{
  static const char *const texts[] = {"",      "gossip",   "cut:", "cut:2",  "cut:-1",  "cut:0,1",
                                      "cut:x", "cut:0.1:", "CUT",  "cut :1", "cut:nan", "cut:inf"};

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    const char *const one[] = {texts[i], NULL};
    g_autoptr (GError) error = NULL;

    g_assert_null (bolo_station_faults_new (one, 0, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, "signature"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/faults/none", test_none);
  g_test_add_func ("/station/faults/words", test_words);
  g_test_add_func ("/station/faults/rates", test_rates);
  g_test_add_func ("/station/faults/refused", test_refused);
  return g_test_run ();
}
