/* test-sync-words.c: what the officer reads of the link to the station
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-sync-words.h"

#include <locale.h>
#include <string.h>

#define NOW_US (G_GINT64_CONSTANT (1773510000) * G_USEC_PER_SEC)
#define MINUTE_US G_TIME_SPAN_MINUTE

static const BoloSyncFigures quiet = {.phase = BOLO_SYNC_IDLE,
                                      .remote = "Northshire",
                                      .last_contact_us = NOW_US - 2 * MINUTE_US,
                                      .next_try_us = -1,
                                      .oldest_us = -1,
                                      .left_s = -1};

static void
assert_headline (BoloSyncPhase phase, gint64 n_hits, const char *expected)
{
  g_autoptr (BoloSyncState) state = bolo_sync_state_new ();
  BoloSyncFigures figures = quiet;
  g_autofree char *headline = NULL;

  figures.phase = phase;
  figures.unsent[BOLO_TOPIC_HIT] = n_hits;
  bolo_sync_state_set_figures (state, &figures);
  headline = bolo_sync_words_get_headline (state);
  g_assert_cmpstr (headline, ==, expected);
}

static void
test_headline (void)
{
  assert_headline (BOLO_SYNC_OFF, 0, "No station is set up");
  assert_headline (BOLO_SYNC_IDLE, 0, "Everything is sent");
  assert_headline (BOLO_SYNC_WAITING, 1, "1 record is not sent yet");
  assert_headline (BOLO_SYNC_SENDING, 312, "312 records are not sent yet");
}

static void
assert_detail (const BoloSyncFigures *figures, const char *expected)
{
  g_autofree char *detail = bolo_sync_words_get_detail (figures, NOW_US);

  g_assert_cmpstr (detail, ==, expected);
}

static void
test_detail (void)
{
  BoloSyncFigures figures = quiet;

  assert_detail (&figures, "Connected to Northshire. Last contact 2 min ago.");
  figures.phase = BOLO_SYNC_WAITING;
  figures.next_try_us = NOW_US + 40 * G_USEC_PER_SEC;
  figures.last_contact_us = -1;
  figures.oldest_us = NOW_US - 65 * MINUTE_US;
  figures.failure = "The station does not answer.";
  assert_detail (&figures, "No link to Northshire. Next try in 40 s. No contact yet. The oldest "
                           "is from 1 h 5 min ago.\nThe station does not answer.");
  figures.phase = BOLO_SYNC_REFUSED;
  figures.oldest_us = -1;
  figures.failure = "The certificate of this car has expired.";
  figures.remedy = "Ask for a new one.";
  assert_detail (&figures, "The link to Northshire is refused. No contact yet.\nThe certificate of "
                           "this car has expired.\nAsk for a new one.");
  figures.phase = BOLO_SYNC_OFF;
  assert_detail (&figures, "Records stay in this car. sync.conf names a station.");
}

static void
test_progress (void)
{
  g_autoptr (BoloSyncState) state = bolo_sync_state_new ();
  BoloSyncFigures figures = quiet;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  double fraction = -1;

  g_assert_null (bolo_sync_words_get_progress (state, &fraction));
  g_assert_cmpfloat (fraction, ==, 0);
  figures.phase = BOLO_SYNC_SENDING;
  figures.unsent[BOLO_TOPIC_PICTURE] = 300;
  figures.unsent_bytes = 3000000;
  figures.sent = 100;
  figures.sent_bytes = 1000000;
  figures.rate_bps = 40000;
  bolo_sync_state_set_figures (state, &figures);
  first = bolo_sync_words_get_progress (state, &fraction);
  g_assert_nonnull (strstr (first, "100 of 400, 40"));
  g_assert_cmpfloat_with_epsilon (fraction, 0.25, 1e-9);
  figures.left_s = 75;
  bolo_sync_state_set_figures (state, &figures);
  second = bolo_sync_words_get_progress (state, &fraction);
  g_assert_true (g_str_has_suffix (second, "/s, 1 min left"));
}

static void
assert_status (BoloSyncFigures figures, const char *expected, BoloHealthState expected_state)
{
  g_autoptr (BoloSyncState) state = bolo_sync_state_new ();
  BoloHealthState health;
  g_autofree char *words = NULL;

  bolo_sync_state_set_figures (state, &figures);
  words = bolo_sync_words_get_status (state, NOW_US, &health);
  g_assert_cmpstr (words, ==, expected);
  g_assert_cmpint (health, ==, expected_state);
}

/* A link that comes and goes is no trouble; one that stays away is. */
static void
test_status (void)
{
  BoloSyncFigures figures = quiet;

  assert_status (figures, "Sent", BOLO_HEALTH_OK);
  figures.unsent[BOLO_TOPIC_SIGHTING] = 12;
  assert_status (figures, "12 left", BOLO_HEALTH_OK);
  figures.phase = BOLO_SYNC_WAITING;
  assert_status (figures, "12 left", BOLO_HEALTH_OK);
  figures.last_contact_us = NOW_US - 31 * MINUTE_US;
  assert_status (figures, "No link", BOLO_HEALTH_DEGRADED);
  figures.last_contact_us = -1;
  assert_status (figures, "12 left", BOLO_HEALTH_OK);
  figures.oldest_us = NOW_US - 31 * MINUTE_US;
  assert_status (figures, "No link", BOLO_HEALTH_DEGRADED);
  figures.phase = BOLO_SYNC_CONNECTING;
  assert_status (figures, "12 left", BOLO_HEALTH_STARTING);
  figures.phase = BOLO_SYNC_REFUSED;
  assert_status (figures, "Refused", BOLO_HEALTH_LOST);
}

static void
test_way (void)
{
  static const struct {
    double distance_m;
    double bearing_deg;
    const char *words;
  } cases[] = {
    {0, 0, "0 m north"},        {412, 225, "400 m south-west"},  {949, 350, "950 m north"},
    {1300, 22, "1.3 km north"}, {1300, 23, "1.3 km north-east"}, {25040, 180, "25.0 km south"},
    {2000, -90, "2.0 km west"}, {2000, 450, "2.0 km east"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *words = bolo_sync_words_get_way (cases[i].distance_m, cases[i].bearing_deg);

    g_assert_cmpstr (words, ==, cases[i].words);
  }
}

static void
test_verification (void)
{
  g_assert_cmpstr (bolo_sync_words_get_verification (BOLO_VERIFICATION_UNCONFIRMED), ==,
                   "UNCONFIRMED");
  g_assert_nonnull (
    strstr (bolo_sync_words_get_verification (BOLO_VERIFICATION_PLATE_MATCHES), "UNCONFIRMED"));
  g_assert_cmpstr (bolo_sync_words_get_verification (BOLO_VERIFICATION_CONFIRMED), ==, "confirmed");
  g_assert_cmpstr (bolo_sync_words_get_verification (BOLO_VERIFICATION_MISREAD), ==, "misread");
}

static void
assert_stick (const BoloStick *stick, const char *title, const char *word)
{
  g_autofree char *detail = NULL;
  g_autofree char *text = bolo_sync_words_get_stick (stick, &detail);

  g_assert_cmpstr (text, ==, title);
  g_assert_nonnull (strstr (detail, word));
}

static void
test_stick (void)
{
  assert_stick (&(BoloStick){.phase = BOLO_STICK_IN}, "A USB stick is in", "first");
  assert_stick (&(BoloStick){.phase = BOLO_STICK_DONE, .acknowledged = 7, .n_lists = 2},
                "Nothing waited to be written to the stick. It may be pulled out.",
                "7 records acknowledged, 2 lists taken.");
  assert_stick (
    &(BoloStick){.phase = BOLO_STICK_DONE, .items = 9, .of_items = 9, .notice = "For KT13."},
    "9 records, 0 bytes are on the stick. It may be pulled out.", "For KT13.");
  assert_stick (&(BoloStick){.phase = BOLO_STICK_DONE, .on_stick = 5},
                "Nothing new waited; 5 records are on the stick from before. It may be pulled out.",
                "What was written stays here");
  assert_stick (&(BoloStick){.phase = BOLO_STICK_DONE, .items = 9, .of_items = 9, .on_stick = 5},
                "9 records, 0 bytes are on the stick. It may be pulled out.",
                " 5 more are on it from before.");
  assert_stick (&(BoloStick){.phase = BOLO_STICK_FAILED, .failure = "It is full."},
                "The stick made trouble", "It is full.");
}

/* One remote that is refused is not hidden behind one that is well. */
static void
test_worst (void)
{
  g_autoptr (BoloSyncState) state = bolo_sync_state_new ();
  BoloSyncFigures figures = quiet;
  BoloHealthState health;
  g_autofree char *status = NULL;

  figures.remote = "hq";
  bolo_sync_state_set_figures (state, &figures);
  figures.remote = "national";
  figures.phase = BOLO_SYNC_REFUSED;
  bolo_sync_state_set_figures (state, &figures);
  figures.remote = "by-hand";
  figures.phase = BOLO_SYNC_BY_STICK;
  bolo_sync_state_set_figures (state, &figures);
  g_assert_cmpstr (bolo_sync_words_get_worst (state)->remote, ==, "national");
  status = bolo_sync_words_get_status (state, 0, &health);
  g_assert_cmpint (health, ==, BOLO_HEALTH_LOST);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shell/sync-words/headline", test_headline);
  g_test_add_func ("/shell/sync-words/stick", test_stick);
  g_test_add_func ("/shell/sync-words/worst", test_worst);
  g_test_add_func ("/shell/sync-words/detail", test_detail);
  g_test_add_func ("/shell/sync-words/progress", test_progress);
  g_test_add_func ("/shell/sync-words/status", test_status);
  g_test_add_func ("/shell/sync-words/way", test_way);
  g_test_add_func ("/shell/sync-words/verification", test_verification);
  return g_test_run ();
}
