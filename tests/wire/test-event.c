/* test-event.c: events as lines of JSON, and a recording's truth as it is read
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-event.h"
#include "bolo-truth.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define TIME_US G_GINT64_CONSTANT (1773508800123000)

static BoloSighting *
make_sighting (void)
{
  BoloSighting *sighting = bolo_sighting_new ();

  sighting->id = g_strdup ("s1");
  sighting->camera = g_strdup ("front");
  sighting->text = g_strdup ("AB12CDE");
  sighting->confidence = 0.87541f;
  sighting->looks = 3;
  sighting->n_characters = 1; /* enough to show how they are told */
  sighting->characters[0] = (BoloReadCharacter){'A', 0.75f, {{'4', 0.125f}}};
  sighting->captured_us = TIME_US;
  sighting->captured_by = BOLO_CAPTURED_BY_RECORDING;
  sighting->latency_ms = 42;
  return sighting;
}

static void
test_sighting_without_a_place (void)
{
  g_autoptr (BoloSighting) sighting = make_sighting ();
  g_autofree char *line = bolo_event_format_sighting (sighting, TIME_US);

  g_assert_cmpstr (
    line, ==,
    "{\"event\":\"sighting\",\"id\":\"s1\",\"time\":\"2026-03-14T17:20:00.123Z\","
    "\"camera\":\"front\",\"state\":\"provisional\",\"text\":\"AB12CDE\",\"confidence\":0.875,"
    "\"looks\":3,\"chars\":[{\"c\":\"A\",\"p\":0.75,\"alt\":[{\"c\":\"4\",\"p\":0.125}]}],"
    "\"syntax\":null,\"region\":null,\"region_confidence\":0.0,\"region_by\":\"not "
    "read\",\"captured\":\"2026-03-14T17:20:00.123Z\","
    "\"captured_by\":\"recording\",\"position\":null,\"latency_ms\":42,"
    "\"since_readable_ms\":null,\"possible_clone\":null}");
}

/* Where the region comes from is said. */
static void
test_region (void)
{
  g_autoptr (BoloSighting) sighting = make_sighting ();
  g_autofree char *guessed = NULL;
  g_autofree char *read = NULL;

  sighting->region = g_strdup ("FR");
  sighting->region_confidence = 0.75f;
  guessed = bolo_event_format_sighting (sighting, TIME_US);
  sighting->is_region_read = TRUE;
  read = bolo_event_format_sighting (sighting, TIME_US);
  g_assert_nonnull (
    strstr (guessed, "\"region\":\"FR\",\"region_confidence\":0.75,\"region_by\":\"syntax\""));
  g_assert_nonnull (strstr (read, "\"region_confidence\":0.75,\"region_by\":\"plate\""));
}

static void
test_sighting_with_a_place (void)
{
  g_autoptr (BoloSighting) sighting = make_sighting ();
  g_autofree char *line = NULL;

  sighting->since_readable_ms = 250;
  sighting->fix = bolo_fix_new (&(BoloFix){
    .latitude_deg = 51.50000004,
    .longitude_deg = -0.12,
    .accuracy_m = 4.26,
    .speed_mps = NAN,
    .heading_deg = 90,
    .age_ms = 12,
    .clock_offset_us = G_MININT64,
    .how = BOLO_FIX_HOW_INTERPOLATED,
  });
  line = bolo_event_format_sighting (sighting, TIME_US);
  g_assert_nonnull (strstr (line, "\"lat\":51.5,\"lon\":-0.12"));
  g_assert_nonnull (strstr (line, "\"speed_mps\":null"));
  g_assert_nonnull (strstr (line, "\"how\":\"interpolated\""));
  g_assert_nonnull (strstr (line, "\"since_readable_ms\":250"));
  g_assert_null (strstr (line, "clock_offset"));
}

static BoloHit *
make_hit (void)
{
  const char *const markers[] = {"FI", "VI", NULL};
  BoloHit *hit = bolo_hit_new ();
  BoloMatch *match = g_new0 (BoloMatch, 1);

  match->entry = bolo_list_entry_new ();
  match->entry->list = g_strdup ("stolen");
  match->entry->entry_id = g_strdup ("stolen/7");
  match->entry->markers = g_strdupv ((char **) markers);
  match->kind = BOLO_MATCH_FOLDED;
  match->n_differs = 1;
  match->differs[0] = 4;
  hit->id = g_strdup ("h1");
  hit->encounter = g_strdup ("e1");
  hit->sighting = make_sighting ();
  hit->category = g_strdup ("stolen");
  hit->words = g_strdup ("Stolen vehicle");
  hit->priority = 2;
  hit->list_age_s = 3600;
  hit->matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  g_ptr_array_add (hit->matches, match);
  return hit;
}

static void
test_hit_says_how_it_matched (void)
{
  g_autoptr (BoloHit) hit = make_hit ();
  g_autofree char *line = bolo_event_format_hit (hit, TIME_US);

  g_assert_nonnull (strstr (line, "\"event\":\"hit\",\"id\":\"h1\""));
  g_assert_nonnull (strstr (line, "\"sighting\":\"s1\",\"encounter\":\"e1\",\"list\":\"stolen\""));
  g_assert_nonnull (strstr (line, "\"list_age_s\":3600"));
  g_assert_nonnull (strstr (line, "\"markers\":[\"FI\",\"VI\"]"));
  g_assert_nonnull (
    strstr (line, "\"match\":{\"kind\":\"folded\",\"entry\":\"stolen/7\",\"differs\":[4],"));
}

/* What there is to say of a match here and now: age, trust, place, doubts, silence. */
static void
test_hit_says_what_is_doubtful (void)
{
  g_autoptr (BoloHit) hit = make_hit ();
  BoloMatch *match = g_ptr_array_index (hit->matches, 0);
  BoloClone *clone = bolo_clone_new ();
  BoloSilence *silence = bolo_silence_new ();
  g_autofree char *plain = bolo_event_format_hit (hit, TIME_US);
  g_autofree char *line = NULL;

  g_assert_nonnull (strstr (plain, "\"age\":\"fresh\",\"trust\":\"unsigned\","
                                   "\"place_unknown\":false,\"contradictions\":[],"
                                   "\"silenced\":null"));
  g_assert_nonnull (strstr (plain, "\"possible_clone\":null"));

  match->score = 0.25;
  match->age = BOLO_LIST_STALE;
  match->is_place_unknown = TRUE;
  match->doubts = BOLO_DOUBT_COLOUR;
  match->entry->list_trust = BOLO_TRUST_SIGNED;
  g_free (match->entry->colour);
  match->entry->colour = g_strdup ("BLUE");
  silence->reason = g_strdup ("A van");
  silence->kind = BOLO_SILENCE_NOT_THIS_VEHICLE;
  silence->officer = g_strdup ("PC 4127");
  silence->until_us = TIME_US;
  match->silence = silence;
  g_free (hit->sighting->colour);
  hit->sighting->colour = g_strdup ("grey");
  clone->sighting = g_strdup ("s0");
  clone->camera = g_strdup ("rear");
  clone->at_us = TIME_US;
  clone->distance_m = 20000;
  clone->needed_mps = 333;
  hit->sighting->clone = clone;
  line = bolo_event_format_hit (hit, TIME_US);
  g_assert_nonnull (strstr (line, "\"score\":0.25"));
  g_assert_nonnull (strstr (line, "\"age\":\"stale\",\"trust\":\"signed\","
                                  "\"place_unknown\":true,\"contradictions\":[{"
                                  "\"what\":\"colour\",\"listed\":\"BLUE\",\"seen\":\"grey\"}]"));
  g_assert_nonnull (
    strstr (line, "\"silenced\":{\"as\":\"not-this-vehicle\",\"reason\":\"A van\""));
  g_assert_null (strstr (line, "PC 4127"));
  g_assert_nonnull (strstr (line, "\"possible_clone\":{\"sighting\":\"s0\",\"camera\":\"rear\""));
}

static void
test_alarm_stored_and_health (void)
{
  const char *const ids[] = {"a", "b", NULL};
  g_autoptr (BoloHit) hit = make_hit ();
  g_autoptr (BoloHealth) health =
    bolo_health_new ("camera:rear", BOLO_HEALTH_LOST, TIME_US, "No frame", "Look at the cable");
  g_autofree char *sounded = bolo_event_format_alarm (hit, "x", "high", TIME_US, TIME_US);
  g_autofree char *silent = bolo_event_format_alarm (hit, "x", "high", -1, TIME_US);
  g_autofree char *stored = bolo_event_format_stored (ids, "y", TIME_US);
  g_autofree char *told = bolo_event_format_health (health, "z", TIME_US);

  g_assert_nonnull (strstr (sounded, "\"tone\":\"2026-03-14T17:20:00.123Z\""));
  g_assert_nonnull (strstr (silent, "\"tone\":null,\"words\":\"Stolen vehicle\""));
  g_assert_nonnull (strstr (stored, "\"ids\":[\"a\",\"b\"]"));
  g_assert_nonnull (strstr (told, "\"camera\":\"rear\",\"what\":\"camera:rear\""));
  g_assert_nonnull (strstr (told, "\"state\":\"lost\""));
}

static GPtrArray *
load_truth (const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "bolo-truth-XXXXXX", NULL);
  int descriptor = g_mkstemp (path);
  GPtrArray *passes;

  g_assert_cmpint (descriptor, >=, 0);
  g_close (descriptor, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  passes = bolo_truth_load (path, error);
  g_unlink (path);
  return passes;
}

static void
test_truth_is_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) passes =
    load_truth ("{\"vehicle\":\"v1\",\"camera\":\"front\",\"plate\":\"AB12CDE\",\"first_ms\":100,"
                "\"last_ms\":900,\"readable_ms\":200,\"wanted\":\"decoy\",\"list\":null}\n\n"
                "{\"vehicle\":\"v2\",\"camera\":\"rear\",\"plate\":\"A1\",\"first_ms\":5,"
                "\"last_ms\":5,\"wanted\":\"none\",\"scene\":\"night\"}\n",
                &error);
  const BoloTruthPass *pass;

  g_assert_no_error (error);
  g_assert_cmpuint (passes->len, ==, 2);
  pass = g_ptr_array_index (passes, 0);
  g_assert_cmpint (pass->wanted, ==, BOLO_WANTED_DECOY);
  g_assert_cmpint (pass->readable_ms, ==, 200);
  pass = g_ptr_array_index (passes, 1);
  g_assert_cmpint (pass->readable_ms, ==, 5);
  g_assert_cmpstr (pass->scene, ==, "night");
}

static void
test_truth_names_the_bad_line (void)
{
  const char *const texts[] = {
    "{\"vehicle\":\"v1\"}\n",
    "not json\n",
    "[1,2]\n",
    "{\"vehicle\":\"v\",\"camera\":\"c\",\"plate\":\"A1\",\"first_ms\":9,\"last_ms\":5,"
    "\"wanted\":\"none\"}\n",
    "{\"vehicle\":\"v\",\"camera\":\"c\",\"plate\":\"A1\",\"first_ms\":1,\"last_ms\":5,"
    "\"wanted\":\"perhaps\"}\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *text = g_strconcat ("\n", texts[i], NULL);

    g_assert_null (load_truth (text, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, ":2: "));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event/sighting/no-fix", test_sighting_without_a_place);
  g_test_add_func ("/event/sighting/region", test_region);
  g_test_add_func ("/event/sighting/fix", test_sighting_with_a_place);
  g_test_add_func ("/event/hit", test_hit_says_how_it_matched);
  g_test_add_func ("/event/hit-says-what-is-doubtful", test_hit_says_what_is_doubtful);
  g_test_add_func ("/event/others", test_alarm_stored_and_health);
  g_test_add_func ("/truth/read", test_truth_is_read);
  g_test_add_func ("/truth/bad-line", test_truth_names_the_bad_line);
  return g_test_run ();
}
