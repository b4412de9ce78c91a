/* test-alert-policy.c: the shipped policy judges as it should, and wrong policies say what is wrong
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-alert-policy.h"

#include "bolo-error.h"

#include <glib/gstdio.h>
#include <string.h>

#define GOOD_TONE "[tone t]\nlow_hz=800\n"
#define GOOD_KIND "[kind default]\ntone=t\n"

static BoloAlertPolicy *
load_shipped (void)
{
  g_autofree char *path =
    g_build_filename (g_getenv ("BOLO_DATA_DIR"), "alert", "policy.ini", NULL);
  g_autoptr (GError) error = NULL;
  BoloAlertPolicy *policy = bolo_alert_policy_load (path, &error);

  g_assert_no_error (error);
  return policy;
}

static BoloListEntry *
make_entry (const char *kind, const char *action, const char *marker)
{
  BoloListEntry *entry = bolo_list_entry_new ();

  entry->list_kind = g_strdup (kind);
  entry->plate = g_strdup ("AB12CDE");
  entry->action_text = g_strdup (action);
  entry->action = BOLO_ACTION_UNKNOWN;
  if (g_strcmp0 (action, "STOP") == 0)
    entry->action = BOLO_ACTION_STOP;
  if (g_strcmp0 (action, "SILENT") == 0) {
    entry->action = BOLO_ACTION_SILENT;
    entry->is_covert = TRUE;
  }
  if (marker != NULL)
    entry->markers = g_strsplit (marker, ";", -1);
  return entry;
}

/* What an officer may give a watch entry: never a kind that raises nothing in the car. */
static void
test_overt (void)
{
  g_autoptr (BoloAlertPolicy) policy = load_shipped ();
  g_autoptr (GPtrArray) rules = bolo_alert_policy_list_overt (policy);
  const char *const kinds[] = {"response", "stolen", "watch", "no-insurance", "voi"};

  g_assert_cmpuint (rules->len, ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < rules->len; i++) {
    const BoloAlertRule *rule = g_ptr_array_index (rules, i);

    g_assert_cmpstr (rule->kind, ==, kinds[i]);
    g_assert_false (rule->is_covert);
  }
}

static void
test_verdicts (void)
{
  static const struct {
    const char *kind;
    const char *action;
    const char *marker;
    int priority;
    gboolean is_loud;
    gboolean is_covert;
    const char *tone;
    const char *words;
  } cases[] = {
    {"response", "STOP", NULL, 1, TRUE, FALSE, "critical", "Response vehicle."},
    {"response", NULL, NULL, 1, TRUE, FALSE, "critical", "Response vehicle."},
    {"stolen", "STOP", NULL, 2, TRUE, FALSE, "high", "Stolen vehicle."},
    {"stolen", NULL, NULL, 2, TRUE, FALSE, "high", "Stolen vehicle."},
    {"stolen", "STOP", "firearms", 1, TRUE, FALSE, "critical", "Firearms. Stolen vehicle."},
    {"stolen", "STOP", "DRUGS;FI", 1, TRUE, FALSE, "critical", "Firearms. Stolen vehicle."},
    {"stolen", "STOP", "DRUGS", 2, TRUE, FALSE, "high", "Drugs. Stolen vehicle."},
    {"stolen", "STOP", "NO SUCH", 2, TRUE, FALSE, "high", "Stolen vehicle."},
    {"no-insurance", NULL, NULL, 3, FALSE, FALSE, "information", "No insurance."},
    {"no-insurance", "STOP", NULL, 3, FALSE, FALSE, "information", "No insurance."},
    {"no-insurance", "FOLLOW", NULL, 2, TRUE, FALSE, "high", "No insurance."},
    {"no-insurance", NULL, "VIOLENT", 2, TRUE, FALSE, "high", "Violent. No insurance."},
    {"voi", NULL, NULL, 3, FALSE, FALSE, "information", "Vehicle of interest."},
    {"voi", "STOP", NULL, 2, TRUE, FALSE, "high", "Vehicle of interest."},
    {"voi", "ASSESS", NULL, 2, TRUE, FALSE, "high", "Vehicle of interest."},
    {"voi", "SILENT", NULL, 3, FALSE, TRUE, "information", "Vehicle of interest."},
    {"response", "SILENT", "FIREARMS", 1, FALSE, TRUE, "critical", "Firearms. Response vehicle."},
    {"unheard-of", NULL, NULL, 2, TRUE, FALSE, "high", "Wanted vehicle."},
    {NULL, NULL, NULL, 2, TRUE, FALSE, "high", "Wanted vehicle."},
  };
  g_autoptr (BoloAlertPolicy) policy = load_shipped ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (BoloListEntry) entry = make_entry (cases[i].kind, cases[i].action, cases[i].marker);
    g_autofree char *words = NULL;
    BoloAlertVerdict verdict;

    g_test_message ("%s %s %s", cases[i].kind, cases[i].action, cases[i].marker);
    bolo_alert_policy_judge (policy, entry, &verdict);
    words = bolo_alert_policy_make_words (policy, &verdict, BOLO_MATCH_EXACT);
    g_assert_cmpint (verdict.priority, ==, cases[i].priority);
    g_assert_cmpint (verdict.is_loud, ==, cases[i].is_loud);
    g_assert_cmpint (verdict.is_covert, ==, cases[i].is_covert);
    g_assert_cmpstr (verdict.tone, ==, cases[i].tone);
    g_assert_cmpstr (words, ==, cases[i].words);
  }
}

static void
add_match (GPtrArray *matches, const char *kind, const char *action, BoloMatchKind how)
{
  BoloMatch *match = g_new0 (BoloMatch, 1);

  match->entry = make_entry (kind, action, NULL);
  match->kind = how;
  g_ptr_array_add (matches, match);
}

static void
test_rank (void)
{
  static const char *const order[] = {"response", "stolen", "other", "voi", "response", "stolen"};
  g_autoptr (BoloAlertPolicy) policy = load_shipped ();
  g_autoptr (GPtrArray) matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);

  add_match (matches, "stolen", "SILENT", BOLO_MATCH_EXACT);
  add_match (matches, "voi", NULL, BOLO_MATCH_EXACT);
  add_match (matches, "response", NULL, BOLO_MATCH_FOLDED);
  add_match (matches, "stolen", NULL, BOLO_MATCH_EXACT);
  add_match (matches, "other", NULL, BOLO_MATCH_EXACT);
  add_match (matches, "response", NULL, BOLO_MATCH_EXACT);
  bolo_alert_policy_rank (policy, matches);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    const BoloMatch *match = g_ptr_array_index (matches, i);

    g_assert_cmpstr (match->entry->list_kind, ==, order[i]);
  }
}

/* The tone is that of the leading entry, its marker counted. */
static void
test_tone_of_a_hit (void)
{
  g_autoptr (BoloAlertPolicy) policy = load_shipped ();
  g_autoptr (BoloHit) hit = bolo_hit_new ();
  BoloMatch *match = g_new0 (BoloMatch, 1);

  match->entry = make_entry ("voi", "STOP", "FIREARMS");
  hit->matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  g_ptr_array_add (hit->matches, match);
  g_assert_cmpstr (bolo_alert_policy_choose_tone (policy, hit), ==, "critical");
  add_match (hit->matches, "stolen", "STOP", BOLO_MATCH_EXACT);
  g_assert_cmpstr (bolo_alert_policy_choose_tone (policy, hit), ==, "critical");
  g_ptr_array_remove_index (hit->matches, 0);
  g_assert_cmpstr (bolo_alert_policy_choose_tone (policy, hit), ==, "high");
}

static void
test_look_ups (void)
{
  g_autoptr (BoloAlertPolicy) policy = load_shipped ();
  const BoloAlertLimits *limits = bolo_alert_policy_get_limits (policy);

  g_assert_true (bolo_alert_policy_knows (policy, "stolen"));
  g_assert_false (bolo_alert_policy_knows (policy, "unheard-of"));
  g_assert_false (bolo_alert_policy_knows (policy, NULL));
  g_assert_cmpstr (bolo_alert_policy_get (policy, "stolen")->symbol, ==, "bolo-stolen-symbolic");
  g_assert_cmpstr (bolo_alert_policy_get_tone (policy, "critical")->name, ==, "critical");
  g_assert_cmpstr (bolo_alert_policy_get_tone (policy, "none")->name, ==, "high");
  g_assert_cmpint (limits->window_us, ==, G_GINT64_CONSTANT (600) * G_USEC_PER_SEC);
  g_assert_cmpfloat (limits->window_m, ==, 500);
}

/* The shipped tones keep what in-car alarm practice asks of them. */
static void
test_tones (void)
{
  static const char *const names[] = {"critical", "high", "information"};
  g_autoptr (BoloAlertPolicy) policy = load_shipped ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const BoloAlertTone *tone = bolo_alert_policy_get_tone (policy, names[i]);

    g_assert_cmpstr (tone->name, ==, names[i]);
    g_assert_cmpuint (tone->attack_ms, <=, 30);
    g_assert_cmpfloat (tone->low_hz * tone->glide, <=, 2000);
    g_assert_cmpfloat (tone->high_hz, >=, 2500);
    g_assert_cmpuint (tone->n_bursts, <=, 3);
  }
}

static void
test_wrong_policies (void)
{
  static const struct {
    const char *text;
    const char *sentence;
  } cases[] = {
    {GOOD_TONE, "[kind default]"},
    {GOOD_TONE "[kind default]\ntone=t\nquiet=true\n", "neither quiet"},
    {GOOD_TONE "[kind default]\ntone=t\ncovert=true\n", "nor covert"},
    {GOOD_KIND, "[tone t]"},
    {GOOD_TONE GOOD_KIND "[kind a]\ntone=t\npriorty=1\n", "did you mean 'priority'"},
    {GOOD_TONE GOOD_KIND "[kind a]\ntone=t\npriority=5\n", "priority"},
    {GOOD_TONE GOOD_KIND "[kind a]\ntone=t\npriority=2\nstop_priority=3\n", "stop_priority"},
    {GOOD_TONE GOOD_KIND "[kind a]\ntone=t\ncolour=red\n", "#rrggbb"},
    {GOOD_TONE GOOD_KIND "[marker a]\ntone=t\n", "match"},
    {GOOD_TONE "attack_ms=60\n" GOOD_KIND, "attack_ms"},
    {GOOD_TONE "attack_ms=30\npulse_ms=40\n" GOOD_KIND, "twice"},
    {GOOD_TONE "low_hz=100\n" GOOD_KIND, "low_hz"},
    {GOOD_TONE "bursts=9\n" GOOD_KIND, "bursts"},
    {GOOD_TONE GOOD_KIND "[limits]\nwindow_min=-1\n", "window_min"},
    {GOOD_TONE GOOD_KIND "[limit]\nwindow_min=1\n", "[limits]"},
  };
  g_autofree char *directory = g_dir_make_tmp ("bolo-policy-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "policy.ini", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_file_set_contents (path, cases[i].text, -1, NULL);
    g_test_message ("%s", cases[i].text);
    g_assert_null (bolo_alert_policy_load (path, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, cases[i].sentence));
  }
  g_unlink (path);
  g_rmdir (directory);
}

/* The shipped policy with a few bytes changed, the same ones each time: it loads, or says in one
 * line what is wrong; and what loads keeps the promises that the others rely on. */
static void
test_damaged_policies (void)
{
  g_autofree char *shipped =
    g_build_filename (g_getenv ("BOLO_DATA_DIR"), "alert", "policy.ini", NULL);
  g_autofree char *directory = g_dir_make_tmp ("bolo-policy-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "policy.ini", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (14);
  guint n_loaded = 0;
  gsize length = 0;

  g_assert_true (g_file_get_contents (shipped, &text, &length, NULL));
  for (guint i = 0; i < 400; i++) {
    g_autofree char *damaged = g_memdup2 (text, length);
    g_autoptr (BoloAlertPolicy) policy = NULL;
    g_autoptr (GError) error = NULL;

    for (int k = g_rand_int_range (random, 1, 5); k > 0; k--)
      damaged[g_rand_int_range (random, 0, (gint32) length)] =
        "=[];0-9 x\n"[g_rand_int_range (random, 0, 10)];
    g_assert_true (g_file_set_contents_full (path, damaged, (gssize) length,
                                             G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    policy = bolo_alert_policy_load (path, &error);
    if (policy == NULL) {
      g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
      g_assert_nonnull (strstr (error->message, "policy.ini"));
      g_assert_null (strchr (error->message, '\n'));
      continue;
    }
    n_loaded++;
    g_assert_false (bolo_alert_policy_get (policy, "unheard-of")->is_quiet);
    g_assert_cmpuint (bolo_alert_policy_get_tone (policy, "critical")->attack_ms, <=, 30);
    g_assert_cmpint (bolo_alert_policy_get (policy, "stolen")->priority, >=, 1);
  }
  g_assert_cmpuint (n_loaded, >, 0);
  g_assert_cmpuint (n_loaded, <, 400);
  g_unlink (path);
  g_rmdir (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alert-policy/verdicts", test_verdicts);
  g_test_add_func ("/alert-policy/overt", test_overt);
  g_test_add_func ("/alert-policy/rank", test_rank);
  g_test_add_func ("/alert-policy/tone-of-a-hit", test_tone_of_a_hit);
  g_test_add_func ("/alert-policy/look-ups", test_look_ups);
  g_test_add_func ("/alert-policy/tones", test_tones);
  g_test_add_func ("/alert-policy/damaged", test_damaged_policies);
  g_test_add_func ("/alert-policy/wrong", test_wrong_policies);
  return g_test_run ();
}
