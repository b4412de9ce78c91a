/* test-words.c: what the officer reads of a hit, of the equipment and of the sun
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-daylight.h"
#include "bolo-dimmer.h"
#include "bolo-fake-engine.h"
#include "bolo-health-words.h"
#include "bolo-hit-notes.h"
#include "bolo-hit-words.h"
#include "bolo-settings.h"

#include <locale.h>
#include <string.h>

#include "bolo-alert-policy.h"

static void
test_age (void)
{
  static const struct {
    gint64 age_s;
    const char *words;
  } cases[] = {
    {-5, "0 min old"},       {59, "0 min old"},        {600, "10 min old"},
    {3600, "1 h 0 min old"}, {7800, "2 h 10 min old"}, {86399, "23 h 59 min old"},
    {86400, "1 day old"},    {300000, "3 days old"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *words = bolo_hit_words_get_age (cases[i].age_s);

    g_assert_cmpstr (words, ==, cases[i].words);
  }
}

static void
test_markers (void)
{
  static const struct {
    const char *marker;
    const char *words;
    const char *symbol;
  } cases[] = {
    {"FI", "FIREARMS", "bolo-marker-firearms-symbolic"},
    {"Firearms held", "FIREARMS", "bolo-marker-firearms-symbolic"},
    {" vi ", "VIOLENT", "bolo-marker-violent-symbolic"},
    {"WEAPONS", "WEAPONS", "bolo-marker-weapons-symbolic"},
    {"drugs", "DRUGS", "bolo-marker-drugs-symbolic"},
    {"Escaper", "ESCAPER", "bolo-marker-warning-symbolic"},
    /* No sentence of a list reaches a driver. */
    {"likely to flee on foot from police", "LIKELY TO FLEE O", "bolo-marker-warning-symbolic"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *words = bolo_marker_get_words (cases[i].marker);

    g_assert_cmpstr (words, ==, cases[i].words);
    g_assert_cmpstr (bolo_marker_get_symbol (cases[i].marker), ==, cases[i].symbol);
  }
}

static BoloHitCase *
make_case (BoloFakeEngine *engine, const BoloFakeHit *what)
{
  return bolo_fake_engine_add_hit (engine, what);
}

static void
test_hit (void)
{
  g_autoptr (BoloFakeEngine) engine = bolo_fake_engine_new (NULL);
  g_autoptr (BoloFace) face = bolo_face_new (BOLO_ENGINE (engine), NULL, NULL, NULL);
  BoloFakeHit exact = {.read = "AB12CDE",
                       .make = "BMW",
                       .model = "320D",
                       .colour = "RED",
                       .reason = "Stolen in Digbeth.",
                       .has_no_pictures = TRUE};
  BoloFakeHit folded = {
    .read = "AB12C0E", .listed = "AB12COE", .list_kind = "voi", .has_no_pictures = TRUE};
  BoloHitCase *hit_case;
  const BoloHit *hit;
  g_autofree char *category = NULL, *vehicle = NULL, *list = NULL, *match = NULL, *reason = NULL;
  g_autofree char *where = NULL, *not_exact = NULL;

  bolo_fake_engine_add_camera (engine, "front", "Front");
  hit_case = make_case (engine, &exact);
  hit = bolo_hit_case_get_hit (hit_case);
  category = bolo_hit_words_get_category (face, hit);
  vehicle = bolo_hit_words_get_vehicle (hit);
  list = bolo_hit_words_get_list (hit);
  match = bolo_hit_words_get_match (hit);
  reason = bolo_hit_words_get_reason (hit);
  where = bolo_hit_words_get_where (face, hit->sighting);
  g_assert_cmpstr (category, ==, "Stolen vehicle");
  g_assert_cmpstr (vehicle, ==, "Red BMW 320D");
  g_assert_cmpstr (list, ==, "List stolen-west-midlands, 2 h 10 min old");
  g_assert_cmpstr (match, ==, "Exact match");
  g_assert_cmpstr (reason, ==, "Stolen in Digbeth.");
  g_assert_true (g_str_has_prefix (where, "Front, "));
  g_assert_true (bolo_hit_words_is_exact (hit));
  g_assert_cmpuint (bolo_hit_words_get_differs (hit), ==, 0);
  g_assert_cmpstr (bolo_hit_words_get_symbol (face, hit), ==, "bolo-stolen-symbolic");

  g_assert_cmpstr (bolo_hit_words_get_state (hit_case), ==, "UNCONFIRMED");
  bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_PLATE_MATCHES);
  g_assert_cmpstr (bolo_hit_words_get_state (hit_case), ==, "UNCONFIRMED");
  bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_CONFIRMED);
  g_assert_cmpstr (bolo_hit_words_get_state (hit_case), ==, "CONFIRMED");

  hit = bolo_hit_case_get_hit (make_case (engine, &folded));
  not_exact = bolo_hit_words_get_match (hit);
  g_assert_cmpstr (not_exact, ==, "NOT EXACT: read 0, listed O");
  g_assert_false (bolo_hit_words_is_exact (hit));
  g_assert_cmpuint (bolo_hit_words_get_differs (hit), ==, 1u << 5);
}

static void
assert_has (const char *text, const char *part)
{
  g_test_message ("%s in %s", part, text);
  g_assert_nonnull (strstr (text, part));
}

/* What must be known before acting on a hit, in words and in a word. */
static void
test_notes (void)
{
  static const BoloFakeHit plain = {.read = "KX68YZT", .has_no_pictures = TRUE};
  static const BoloFakeHit worst = {.read = "KX68YZT",
                                    .colour = "BLUE",
                                    .has_no_pictures = TRUE,
                                    .has_more = TRUE,
                                    .is_stale = TRUE,
                                    .is_doubtful = TRUE,
                                    .silence = "Keeper has it back"};
  g_autoptr (BoloFakeEngine) engine = bolo_fake_engine_new (NULL);
  g_autoptr (BoloFace) face = bolo_face_new (BOLO_ENGINE (engine), NULL, NULL, NULL);
  g_autofree char *none = NULL, *no_word = NULL, *no_more = NULL, *no_others = NULL;
  g_autofree char *all = NULL, *word = NULL, *more = NULL, *others = NULL, *list = NULL;
  const BoloHit *hit;

  bolo_fake_engine_add_camera (engine, "front", "Front");
  hit = bolo_hit_case_get_hit (make_case (engine, &plain));
  none = bolo_hit_notes_get_warnings (face, hit);
  no_word = bolo_hit_notes_get_warning_word (hit);
  no_more = bolo_hit_notes_get_more (hit);
  no_others = bolo_hit_notes_get_others (face, hit);
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (no_word, ==, "");
  g_assert_cmpstr (no_more, ==, "");
  g_assert_cmpstr (no_others, ==, "");

  hit = bolo_hit_case_get_hit (make_case (engine, &worst));
  all = bolo_hit_notes_get_warnings (face, hit);
  word = bolo_hit_notes_get_warning_word (hit);
  more = bolo_hit_notes_get_more (hit);
  others = bolo_hit_notes_get_others (face, hit);
  assert_has (all, "RECOVERED, says PC 99: Keeper has it back (until ");
  assert_has (all, "POSSIBLE CLONE: 21 km away at ");
  list = bolo_hit_words_get_list (hit);
  assert_has (list, "STALE, UNSIGNED list ");
  assert_has (all, "POSITION UNKNOWN");
  assert_has (all, "Listed as BLUE; seen as grey?");
  g_assert_cmpstr (word, ==, "RECOVERED?");
  g_assert_cmpstr (more, ==, "2 more entries");
  assert_has (others, "KX68YZT (exact), list no-insurance: No insurance since May");
  assert_has (others, "(pattern, 43 %), list watch: Left the scene");
}

/* The record of watch entries is a part of the equipment, with a name that an officer knows. */
static void
test_watch_health (void)
{
  g_autoptr (BoloHealth) health =
    bolo_health_new ("watch", BOLO_HEALTH_LOST, 0, "It cannot be kept.", NULL);
  g_autofree char *title = bolo_health_words_get_title (health);

  g_assert_cmpstr (title, ==, "Watch entries");
  g_assert_cmpstr (bolo_health_words_get_icon (health), ==, "bolo-list-stale-symbolic");
}

/* Near and pattern matches never read like exact ones. */
static void
test_kinds (void)
{
  static const struct {
    BoloFakeHit what;
    const char *words;
  } cases[] = {
    {{.read = "AB12CDE", .listed = "AB12CDF", .kind = BOLO_MATCH_NEAR, .has_no_pictures = TRUE},
     "NOT EXACT"},
    {{.read = "AB12CDE", .listed = "AB12CD", .kind = BOLO_MATCH_NEAR, .has_no_pictures = TRUE},
     "NOT EXACT: near AB12CD, 25 % likely"},
    {{.read = "AB12CDE", .listed = "AB?2*", .kind = BOLO_MATCH_PATTERN, .has_no_pictures = TRUE},
     "NOT EXACT: fits the pattern AB?2*"},
  };
  g_autoptr (BoloFakeEngine) engine = bolo_fake_engine_new (NULL);

  bolo_fake_engine_add_camera (engine, "front", "Front");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const BoloHit *hit = bolo_hit_case_get_hit (make_case (engine, &cases[i].what));
    g_autofree char *words = bolo_hit_words_get_match (hit);

    g_assert_true (g_str_has_prefix (words, cases[i].words));
    g_assert_false (bolo_hit_words_is_exact (hit));
  }
}

static void
test_policy (void)
{
  g_autofree char *path =
    g_build_filename (g_getenv ("BOLO_DATA_DIR"), "alert", "policy.ini", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloAlertPolicy) policy = bolo_alert_policy_load (path, &error);
  g_autoptr (BoloFakeEngine) engine = bolo_fake_engine_new (NULL);
  g_autoptr (BoloFace) face = NULL;
  BoloFakeHit what = {.read = "AB12CDE", .list_kind = "no-insurance", .has_no_pictures = TRUE};
  const BoloAlertRule *rule;
  const BoloHit *hit;
  g_autofree char *category = NULL;

  g_assert_no_error (error);
  face = bolo_face_new (BOLO_ENGINE (engine), NULL, NULL, policy);
  bolo_fake_engine_add_camera (engine, "front", "Front");
  hit = bolo_hit_case_get_hit (make_case (engine, &what));
  rule = bolo_alert_policy_get (policy, "no-insurance");
  category = bolo_hit_words_get_category (face, hit);
  g_assert_cmpstr (bolo_hit_words_get_symbol (face, hit), ==, rule->symbol);
  g_assert_cmpstr (bolo_hit_words_get_colour (face, hit), ==, rule->colour);
  g_assert_cmpstr (category, ==, rule->title);
}

static void
check_status (BoloFakeEngine *engine,
              BoloStatusPart part,
              const char *text,
              BoloHealthState state,
              const char *icon)
{
  BoloStatusWords words;

  bolo_health_words_get (bolo_engine_get_health (BOLO_ENGINE (engine)),
                         bolo_engine_get_cameras (BOLO_ENGINE (engine))->len, part, &words);
  g_assert_cmpstr (words.words, ==, text);
  g_assert_cmpint (words.state, ==, state);
  g_assert_cmpstr (words.icon_name, ==, icon);
  bolo_status_words_clear (&words);
}

static void
test_status (void)
{
  g_autoptr (BoloFakeEngine) engine = bolo_fake_engine_new (NULL);

  bolo_fake_engine_add_camera (engine, "front", "Front");
  bolo_fake_engine_add_camera (engine, "rear", "Rear");
  check_status (engine, BOLO_STATUS_GPS, "GPS", BOLO_HEALTH_STARTING, "bolo-gps-symbolic");

  bolo_fake_engine_set_all_well (engine);
  check_status (engine, BOLO_STATUS_CAMERAS, "Cameras 2/2", BOLO_HEALTH_OK, "bolo-camera-symbolic");
  check_status (engine, BOLO_STATUS_SOUND, "Sound", BOLO_HEALTH_OK, "bolo-sound-symbolic");

  bolo_fake_engine_set_health (engine, "camera:rear", BOLO_HEALTH_LOST, "", NULL);
  check_status (engine, BOLO_STATUS_CAMERAS, "Cameras 1/2", BOLO_HEALTH_DEGRADED,
                "bolo-camera-lost-symbolic");
  bolo_fake_engine_set_health (engine, "camera:front", BOLO_HEALTH_LOST, "", NULL);
  check_status (engine, BOLO_STATUS_CAMERAS, "No camera", BOLO_HEALTH_LOST,
                "bolo-camera-lost-symbolic");
  bolo_fake_engine_set_health (engine, "gps", BOLO_HEALTH_LOST, "", NULL);
  check_status (engine, BOLO_STATUS_GPS, "No GPS", BOLO_HEALTH_LOST, "bolo-gps-lost-symbolic");
  bolo_fake_engine_set_health (engine, "clock", BOLO_HEALTH_DEGRADED, "", NULL);
  check_status (engine, BOLO_STATUS_CLOCK, "Clock off", BOLO_HEALTH_DEGRADED,
                "bolo-clock-wrong-symbolic");
  bolo_fake_engine_set_health (engine, "lists", BOLO_HEALTH_DEGRADED, "", NULL);
  check_status (engine, BOLO_STATUS_LISTS, "Lists old", BOLO_HEALTH_DEGRADED,
                "bolo-list-stale-symbolic");
  bolo_fake_engine_set_health (engine, "storage", BOLO_HEALTH_LOST, "", NULL);
  check_status (engine, BOLO_STATUS_STORAGE, "Not storing", BOLO_HEALTH_LOST,
                "bolo-storage-full-symbolic");
  bolo_fake_engine_set_health (engine, "speech", BOLO_HEALTH_LOST, "", NULL);
  check_status (engine, BOLO_STATUS_SOUND, "No speech", BOLO_HEALTH_DEGRADED,
                "bolo-sound-off-symbolic");
  bolo_fake_engine_set_health (engine, "sound", BOLO_HEALTH_LOST, "", NULL);
  check_status (engine, BOLO_STATUS_SOUND, "No sound", BOLO_HEALTH_LOST, "bolo-sound-off-symbolic");
  /* Plates that nobody reads are as bad as no camera. */
  bolo_fake_engine_set_all_well (engine);
  bolo_fake_engine_set_health (engine, "vision", BOLO_HEALTH_LOST, "", NULL);
  check_status (engine, BOLO_STATUS_CAMERAS, "Not reading", BOLO_HEALTH_LOST,
                "bolo-camera-lost-symbolic");
}

static void
test_daylight (void)
{
  /* Birmingham: noon on 21 June stands at 90 - 52.5 + 23.4, midnight below; equinox sunrise at 6.
   */
  gint64 june_noon = bolo_time_parse_utc ("2026-06-21T12:08:00.000Z");
  gint64 june_midnight = bolo_time_parse_utc ("2026-06-21T00:08:00.000Z");
  gint64 december_noon = bolo_time_parse_utc ("2026-12-21T12:06:00.000Z");
  gint64 march_six = bolo_time_parse_utc ("2026-03-20T06:15:00.000Z");

  g_assert_cmpfloat_with_epsilon (bolo_daylight_get_elevation_deg (june_noon, 52.5, -1.9), 60.9,
                                  0.5);
  g_assert_cmpfloat_with_epsilon (bolo_daylight_get_elevation_deg (june_midnight, 52.5, -1.9),
                                  -14.1, 0.5);
  g_assert_cmpfloat_with_epsilon (bolo_daylight_get_elevation_deg (december_noon, 52.5, -1.9), 14.1,
                                  0.5);
  g_assert_cmpfloat_with_epsilon (bolo_daylight_get_elevation_deg (march_six, 52.5, -1.9), 0, 1.5);

  g_assert_true (bolo_daylight_is_day (1, FALSE));
  g_assert_false (bolo_daylight_is_day (-7, TRUE));
  g_assert_true (bolo_daylight_is_day (-3, TRUE));
  g_assert_false (bolo_daylight_is_day (-3, FALSE));
}

static void
on_notify (guint *count)
{
  (*count)++;
}

static void
test_settings (void)
{
  g_autoptr (BoloSettings) settings = bolo_settings_new ();
  guint n_themes = 0, n_volumes = 0, n_bright = 0;

  g_signal_connect_swapped (settings, "notify::theme", G_CALLBACK (on_notify), &n_themes);
  g_signal_connect_swapped (settings, "notify::volume", G_CALLBACK (on_notify), &n_volumes);
  g_assert_cmpint (bolo_settings_get_theme (settings), ==, BOLO_THEME_AUTO);
  bolo_settings_set_theme (settings, BOLO_THEME_DAY);
  bolo_settings_set_theme (settings, BOLO_THEME_DAY);
  g_assert_cmpint (bolo_settings_get_theme (settings), ==, BOLO_THEME_DAY);
  g_assert_cmpuint (n_themes, ==, 1);
  bolo_settings_set_volume (settings, 7);
  g_assert_cmpfloat_with_epsilon (bolo_settings_get_volume (settings), 1.0, 0.001);
  bolo_settings_set_volume (settings, 1);
  g_assert_cmpuint (n_volumes, ==, 1);

  g_signal_connect_swapped (settings, "notify::brightness", G_CALLBACK (on_notify), &n_bright);
  g_assert_cmpfloat (bolo_settings_get_brightness (settings), ==, 1);
  bolo_settings_set_brightness (settings, 0.1);
  g_assert_cmpfloat_with_epsilon (bolo_settings_get_brightness (settings), BOLO_BRIGHTNESS_LEAST,
                                  0.001);
  g_assert_cmpuint (n_bright, ==, 1);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shell/words/age", test_age);
  g_test_add_func ("/shell/words/markers", test_markers);
  g_test_add_func ("/shell/words/hit", test_hit);
  g_test_add_func ("/shell/words/policy", test_policy);
  g_test_add_func ("/shell/words/notes", test_notes);
  g_test_add_func ("/shell/words/kinds", test_kinds);
  g_test_add_func ("/shell/words/watch-health", test_watch_health);
  g_test_add_func ("/shell/words/status", test_status);
  g_test_add_func ("/shell/daylight", test_daylight);
  g_test_add_func ("/shell/settings", test_settings);
  return g_test_run ();
}
