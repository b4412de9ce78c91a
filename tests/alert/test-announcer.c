/* test-announcer.c: alarms are heard through a real sound server, and nothing holds them up
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-announcer.h"

#include "bolo-health.h"
#include "bolo-mixer.h"
#include "bolo-speaker.h"

#include "test-notifications.h"
#include "test-sound-server.h"

#include <signal.h>
#include <string.h>

#define DEADLINE_MS 15000
#define TONE_HZ 740 /* the shipped policy's "high" */
#define TONE_LEVEL 0.1
#define LATENCY_MS 150

typedef struct {
  BoloAlertPolicy *policy;
  BoloClock *clock;
  BoloAnnouncer *announcer;
  GHashTable *health; /* part to its last BoloHealth */
  guint n_played;
  char *played_hit;
  char *played_tone;
  char *played_words;
  gint64 due_utc_us;
} Fixture;

static void
on_played (
  Fixture *fixture, const char *hit, gint64 due_utc_us, const char *tone, const char *words)
{
  fixture->n_played++;
  fixture->due_utc_us = due_utc_us;
  g_free (fixture->played_hit);
  g_free (fixture->played_tone);
  g_free (fixture->played_words);
  fixture->played_hit = g_strdup (hit);
  fixture->played_tone = g_strdup (tone);
  fixture->played_words = g_strdup (words);
}

static void
on_health (Fixture *fixture, const BoloHealth *health)
{
  g_test_message ("%s %s: %s", health->what, bolo_health_state_to_string (health->state),
                  health->detail);
  g_hash_table_replace (fixture->health, g_strdup (health->what), bolo_health_ref (health));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path =
    g_build_filename (g_getenv ("BOLO_DATA_DIR"), "alert", "policy.ini", NULL);

  fixture->policy = bolo_alert_policy_load (path, NULL);
  fixture->clock = bolo_clock_new_system ();
  fixture->health =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) bolo_health_unref);
}

static void
start (Fixture *fixture, const char *sink, BoloSpeech speech, gboolean notify)
{
  const BoloAnnouncerConfig config = {
    .audio_sink = sink, .speech = speech, .notify = notify, .volume = 1.0};

  fixture->announcer = bolo_announcer_new (fixture->policy, &config, fixture->clock, NULL);
  g_signal_connect_swapped (fixture->announcer, "played", G_CALLBACK (on_played), fixture);
  g_signal_connect_swapped (fixture->announcer, "health", G_CALLBACK (on_health), fixture);
  bolo_announcer_start (fixture->announcer);
}

static void
stop (Fixture *fixture)
{
  if (fixture->announcer == NULL)
    return;
  g_signal_handlers_disconnect_by_data (fixture->announcer, fixture);
  bolo_announcer_stop (fixture->announcer, 4000);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&fixture->announcer);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  stop (fixture);
  g_hash_table_unref (fixture->health);
  g_free (fixture->played_hit);
  g_free (fixture->played_tone);
  g_free (fixture->played_words);
  g_object_unref (fixture->clock);
  bolo_alert_policy_unref (fixture->policy);
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main loop until @condition holds; fails the test when it never does. */
#define WAIT_FOR(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint tick_id = g_timeout_add (20, on_tick, NULL);                                             \
    gint64 end_us = g_get_monotonic_time () + DEADLINE_MS * G_GINT64_CONSTANT (1000);              \
                                                                                                   \
    while (!(condition) && g_get_monotonic_time () < end_us)                                       \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (tick_id);                                                                     \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END

static gboolean
is_health (Fixture *fixture, const char *what, BoloHealthState state)
{
  const BoloHealth *health = g_hash_table_lookup (fixture->health, what);

  return health != NULL && health->state == state;
}

static gboolean
has_detail (Fixture *fixture, const char *what, const char *text)
{
  const BoloHealth *health = g_hash_table_lookup (fixture->health, what);

  return health != NULL && strstr (health->detail, text) != NULL;
}

static BoloHit *
make_hit (const char *id, const char *kind)
{
  BoloHit *hit = bolo_hit_new ();
  BoloMatch *match = g_new0 (BoloMatch, 1);

  match->entry = bolo_list_entry_new ();
  match->entry->list_kind = g_strdup (kind);
  match->entry->plate = g_strdup ("AB12CDE");
  match->entry->action = BOLO_ACTION_STOP;
  match->entry->action_text = g_strdup ("STOP");
  hit->id = g_strdup (id);
  hit->sighting = bolo_sighting_new ();
  hit->matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  g_ptr_array_add (hit->matches, match);
  hit->category = g_strdup (kind);
  hit->words = g_strdup ("Stolen vehicle.");
  hit->priority = 2;
  return hit;
}

static void
announce (Fixture *fixture, const char *id)
{
  g_autoptr (BoloHit) hit = make_hit (id, "stolen");

  bolo_announcer_announce (fixture->announcer, hit, NULL);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 *first = a;
  const gint64 *second = b;

  return (*first > *second) - (*first < *second);
}

/* The tone is in what the null sink played, is due when it says, and in time: the median of five,
 * for this machine may do other things at the same time. */
static void
test_null_sink (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestSoundServer) server = test_sound_server_new ();
  g_autoptr (TestEar) ear = NULL;
  gint64 delays_us[5];

  if (server == NULL) {
    g_test_skip ("PulseAudio is not installed");
    return;
  }
  g_assert_true (test_sound_server_start (server, "test"));
  ear = test_ear_new ();
  g_assert_true (test_ear_wait_until_open (ear, DEADLINE_MS));
  start (fixture, "pulse", BOLO_SPEECH_OFF, FALSE);
  WAIT_FOR (is_health (fixture, "sound", BOLO_HEALTH_OK));
  for (guint i = 0; i < G_N_ELEMENTS (delays_us); i++) {
    g_autofree char *id = g_strdup_printf ("hit%u", i);
    gint64 from_us = g_get_monotonic_time ();
    gint64 from_utc_us = g_get_real_time ();
    gint64 came_us;

    announce (fixture, id);
    g_assert_cmpint (g_get_monotonic_time () - from_us, <, 1000000);
    WAIT_FOR (fixture->n_played == i + 1);
    g_assert_cmpstr (fixture->played_hit, ==, id);
    g_assert_cmpstr (fixture->played_tone, ==, "high");
    delays_us[i] = fixture->due_utc_us - from_utc_us;
    came_us = test_ear_wait_for_tone (ear, TONE_HZ, TONE_LEVEL, from_us, DEADLINE_MS);
    g_assert_cmpint (came_us, >, 0);
    g_test_message ("due after %.1f ms, heard by the recorder after %.1f ms",
                    (double) delays_us[i] / 1000, (double) (came_us - from_us) / 1000);
    g_assert_cmpint (delays_us[i], >, 0);
    /* It is never heard before it is due (the ear knows it to 20 ms), nor long after. */
    g_assert_cmpint (came_us - from_us, >, delays_us[i] - 25000);
    g_assert_cmpint (came_us - from_us, <, delays_us[i] + 2000000);
    bolo_announcer_silence (fixture->announcer);
    /* Quiet again before the next one. */
    WAIT_FOR (test_ear_get_peak (ear, g_get_monotonic_time () - 60000) < 0.01 &&
              g_get_monotonic_time () - came_us > 300000);
  }
  qsort (delays_us, G_N_ELEMENTS (delays_us), sizeof *delays_us, compare_times);
  g_assert_cmpint (delays_us[G_N_ELEMENTS (delays_us) / 2], <=, LATENCY_MS * 1000);
  stop (fixture);
}

static void
test_words_are_heard (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestSoundServer) server = test_sound_server_new ();
  g_autoptr (TestEar) ear = NULL;
  gint64 came_us;

  if (server == NULL) {
    g_test_skip ("PulseAudio is not installed");
    return;
  }
  g_assert_true (test_sound_server_start (server, "test"));
  ear = test_ear_new ();
  g_assert_true (test_ear_wait_until_open (ear, DEADLINE_MS));
  start (fixture, "pulse", BOLO_SPEECH_FULL, FALSE);
  WAIT_FOR (is_health (fixture, "sound", BOLO_HEALTH_OK));
  WAIT_FOR (is_health (fixture, "speech", BOLO_HEALTH_OK));
  came_us = g_get_monotonic_time ();
  announce (fixture, "hit");
  came_us = test_ear_wait_for_tone (ear, TONE_HZ, TONE_LEVEL, came_us, DEADLINE_MS);
  g_assert_cmpint (came_us, >, 0);
  /* Two bursts and their gap last 1760 ms; what is loud after that is speech. */
  WAIT_FOR (test_ear_get_peak (ear, came_us + 2000000) > 0.2);
  g_assert_cmpstr (fixture->played_words, ==, "Stolen vehicle.");
  stop (fixture);
}

static void
test_server_comes_and_goes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestSoundServer) server = test_sound_server_new ();

  if (server == NULL) {
    g_test_skip ("PulseAudio is not installed");
    return;
  }
  /* Not there yet. */
  start (fixture, "pulse", BOLO_SPEECH_OFF, FALSE);
  WAIT_FOR (is_health (fixture, "sound", BOLO_HEALTH_LOST));
  announce (fixture, "unheard");
  g_assert_cmpuint (fixture->n_played, ==, 0);
  g_assert_true (test_sound_server_start (server, "test"));
  WAIT_FOR (is_health (fixture, "sound", BOLO_HEALTH_OK));
  announce (fixture, "heard");
  WAIT_FOR (g_strcmp0 (fixture->played_hit, "heard") == 0);
  test_sound_server_kill (server);
  WAIT_FOR (is_health (fixture, "sound", BOLO_HEALTH_LOST));
  g_assert_true (test_sound_server_start (server, "test"));
  WAIT_FOR (is_health (fixture, "sound", BOLO_HEALTH_OK));
  announce (fixture, "again");
  WAIT_FOR (g_strcmp0 (fixture->played_hit, "again") == 0);
  stop (fixture);
}

static void
test_server_hangs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestSoundServer) server = test_sound_server_new ();
  gint64 from_us;

  if (server == NULL) {
    g_test_skip ("PulseAudio is not installed");
    return;
  }
  g_assert_true (test_sound_server_start (server, "test"));
  start (fixture, "pulse", BOLO_SPEECH_FULL, FALSE);
  WAIT_FOR (is_health (fixture, "sound", BOLO_HEALTH_OK));
  test_sound_server_send_signal (server, SIGSTOP);
  from_us = g_get_monotonic_time ();
  announce (fixture, "unheard");
  /* Far less than any waiting for the server would take. */
  g_assert_cmpint (g_get_monotonic_time () - from_us, <, 1000000);
  WAIT_FOR (is_health (fixture, "sound", BOLO_HEALTH_LOST));
  g_assert_true (has_detail (fixture, "sound", "does not answer"));
  test_sound_server_send_signal (server, SIGCONT);
  WAIT_FOR (is_health (fixture, "sound", BOLO_HEALTH_OK));
  announce (fixture, "heard");
  WAIT_FOR (g_strcmp0 (fixture->played_hit, "heard") == 0);
  /* And an end while it hangs: within the deadline. */
  test_sound_server_send_signal (server, SIGSTOP);
  from_us = g_get_monotonic_time ();
  bolo_announcer_stop (fixture->announcer, 1000);
  g_assert_cmpint (g_get_monotonic_time () - from_us, <, 5000000);
  test_sound_server_send_signal (server, SIGCONT);
  stop (fixture);
}

/* A server with nothing but its own dummy to play into is no sound. */
static void
test_server_without_loudspeaker (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestSoundServer) server = test_sound_server_new ();

  if (server == NULL) {
    g_test_skip ("PulseAudio is not installed");
    return;
  }
  g_assert_true (test_sound_server_start (server, "auto_null"));
  start (fixture, "pulse", BOLO_SPEECH_OFF, FALSE);
  WAIT_FOR (has_detail (fixture, "sound", "no loudspeaker"));
  g_assert_true (is_health (fixture, "sound", BOLO_HEALTH_LOST));
  stop (fixture);
}

static void
test_no_server (Fixture *fixture, gconstpointer data)
{
  g_setenv ("PULSE_SERVER", "unix:/nonexistent/pulse", TRUE);
  start (fixture, "pulse", BOLO_SPEECH_FULL, FALSE);
  announce (fixture, "unheard");
  WAIT_FOR (is_health (fixture, "sound", BOLO_HEALTH_LOST));
  WAIT_FOR (is_health (fixture, "speech", BOLO_HEALTH_OK));
  g_assert_cmpuint (fixture->n_played, ==, 0);
}

static void
test_wrong_sink (Fixture *fixture, gconstpointer data)
{
  start (fixture, "nonsense", BOLO_SPEECH_OFF, FALSE);
  WAIT_FOR (is_health (fixture, "sound", BOLO_HEALTH_LOST));
  g_assert_true (has_detail (fixture, "sound", "audio_sink=nonsense"));
}

static void
test_speech_levels (Fixture *fixture, gconstpointer data)
{
  start (fixture, "fake", BOLO_SPEECH_DISCREET, FALSE);
  WAIT_FOR (is_health (fixture, "sound", BOLO_HEALTH_OK));
  announce (fixture, "a");
  WAIT_FOR (g_strcmp0 (fixture->played_hit, "a") == 0);
  g_assert_cmpstr (fixture->played_words, ==, "Alert.");
  bolo_announcer_set_speech (fixture->announcer, BOLO_SPEECH_OFF);
  announce (fixture, "b");
  WAIT_FOR (g_strcmp0 (fixture->played_hit, "b") == 0);
  g_assert_null (fixture->played_words);
}

static void
test_what_stays_silent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestNotifications) notifications = test_notifications_new ();
  g_autoptr (BoloHit) covert = make_hit ("covert", "stolen");
  g_autoptr (BoloHit) quiet = make_hit ("quiet", "stolen");
  g_autofree char *shown = NULL;

  test_notifications_set_present (notifications, TRUE);
  covert->is_covert = TRUE;
  quiet->is_quiet = TRUE;
  start (fixture, "fake", BOLO_SPEECH_FULL, TRUE);
  WAIT_FOR (is_health (fixture, "sound", BOLO_HEALTH_OK));
  WAIT_FOR (is_health (fixture, "notification", BOLO_HEALTH_OK));
  bolo_announcer_announce (fixture->announcer, covert, NULL);
  bolo_announcer_announce (fixture->announcer, quiet, NULL);
  announce (fixture, "loud");
  WAIT_FOR (fixture->n_played > 0);
  g_assert_cmpuint (fixture->n_played, ==, 1);
  g_assert_cmpstr (fixture->played_hit, ==, "loud");
  shown = test_notifications_wait (notifications, DEADLINE_MS);
  /* The category, no mark, no text; critical. */
  g_assert_cmpstr (shown, ==, "Stolen vehicle||2");
  g_assert_null (test_notifications_wait (notifications, 0));

  /* It hangs: the tone comes all the same, and the officer is told. */
  test_notifications_set_hanging (notifications, TRUE);
  announce (fixture, "while it hangs");
  WAIT_FOR (g_strcmp0 (fixture->played_hit, "while it hangs") == 0);
  for (guint i = 0; i < 5; i++)
    announce (fixture, "more");
  WAIT_FOR (is_health (fixture, "notification", BOLO_HEALTH_LOST));
  g_assert_true (has_detail (fixture, "notification", "does not answer"));
  {
    gint64 from_us = g_get_monotonic_time ();

    bolo_announcer_stop (fixture->announcer, 1000);
    g_assert_cmpint (g_get_monotonic_time () - from_us, <, 5000000);
  }
  stop (fixture);
}

static void
test_no_notification_service (Fixture *fixture, gconstpointer data)
{
  start (fixture, "fake", BOLO_SPEECH_OFF, TRUE);
  WAIT_FOR (is_health (fixture, "notification", BOLO_HEALTH_LOST));
  announce (fixture, "a");
  WAIT_FOR (g_strcmp0 (fixture->played_hit, "a") == 0);
}

static void
test_speaker (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloMixer) mixer = bolo_mixer_new ();
  g_autoptr (BoloSpeaker) speaker = bolo_speaker_new (fixture->clock, NULL);
  g_autoptr (GBytes) tone = g_bytes_new_static ("\0\0", 2);
  guint64 number = bolo_mixer_add (mixer, 2, tone, TRUE, "tag");
  int loudest = 0;

  bolo_speaker_say (speaker, "Stolen vehicle.", mixer, number);
  g_assert_true (bolo_speaker_stop (speaker, DEADLINE_MS));
  while (!bolo_mixer_is_idle (mixer)) {
    gint16 samples[441];
    gsize offset = 0;

    g_free (bolo_mixer_read (mixer, samples, G_N_ELEMENTS (samples), &offset));
    for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
      loudest = MAX (loudest, ABS (samples[i]));
  }
  g_assert_cmpint (loudest, >, 20000);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_start_and_stop_at_once (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 5; i++) {
    start (fixture, "fake", BOLO_SPEECH_FULL, FALSE);
    announce (fixture, "a");
    stop (fixture);
  }
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    {"/announcer/speaker", test_speaker},
    {"/announcer/speech-levels", test_speech_levels},
    {"/announcer/wrong-sink", test_wrong_sink},
    {"/announcer/no-server", test_no_server},
    {"/announcer/start-and-stop", test_start_and_stop_at_once},
    {"/announcer/null-sink", test_null_sink},
    {"/announcer/words", test_words_are_heard},
    {"/announcer/comes-and-goes", test_server_comes_and_goes},
    {"/announcer/hangs", test_server_hangs},
    {"/announcer/no-loudspeaker", test_server_without_loudspeaker},
    {"/announcer/no-notifications", test_no_notification_service},
    {"/announcer/silent", test_what_stays_silent},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
