/* test-encounters.c: one alarm an encounter, none for what must stay silent
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-encounters.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define START_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)
#define MINUTE_US (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)

typedef struct {
  BoloAlertPolicy *policy;
  BoloIdSource *ids;
  BoloClock *clock;
  BoloEncounters *encounters;
} Fixture;

/* What one sighting is and what it meets. */
typedef struct {
  const char *id; /* of the sighting */
  const char *camera;
  const char *plate; /* of the entry */
  const char *kind;
  const char *action;
  BoloMatchKind how;
  BoloSightingState state;
  gboolean is_single_look;
  double latitude; /* 0: no fix */
} Meeting;

/* What came of it. */
typedef struct {
  BoloHit *hit;
  BoloHit *covert;
  gboolean sounds;
} Outcome;

static void
outcome_clear (Outcome *self)
{
  g_clear_pointer (&self->hit, bolo_hit_unref);
  g_clear_pointer (&self->covert, bolo_hit_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path =
    g_build_filename (g_getenv ("BOLO_DATA_DIR"), "alert", "policy.ini", NULL);

  fixture->policy = bolo_alert_policy_load (path, NULL);
  fixture->ids = bolo_id_source_new ("test");
  fixture->clock = bolo_clock_new_manual (START_US);
  fixture->encounters = bolo_encounters_new (fixture->policy, fixture->ids, fixture->clock);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bolo_encounters_free (fixture->encounters);
  g_object_unref (fixture->clock);
  bolo_id_source_unref (fixture->ids);
  bolo_alert_policy_unref (fixture->policy);
}

static BoloMatch *
make_match (const Meeting *meeting)
{
  BoloMatch *match = g_new0 (BoloMatch, 1);
  BoloListEntry *entry = bolo_list_entry_new ();

  entry->list = g_strdup ("list");
  entry->list_kind = g_strdup (meeting->kind != NULL ? meeting->kind : "stolen");
  entry->plate = g_strdup (meeting->plate);
  entry->plate_folded = g_strdup (meeting->plate);
  entry->action_text = g_strdup (meeting->action);
  entry->action = g_strcmp0 (meeting->action, "STOP") == 0 ? BOLO_ACTION_STOP : BOLO_ACTION_UNKNOWN;
  entry->is_covert = g_strcmp0 (meeting->action, "SILENT") == 0;
  entry->list_dated_us = START_US - 90 * G_USEC_PER_SEC;
  match->entry = entry;
  match->kind = meeting->how;
  return match;
}

static BoloSighting *
make_sighting (Fixture *fixture, const Meeting *meeting)
{
  BoloSighting *sighting = bolo_sighting_new ();

  sighting->id = g_strdup (meeting->id);
  sighting->camera = g_strdup (meeting->camera != NULL ? meeting->camera : "front");
  sighting->state = meeting->state;
  sighting->text = g_strdup (meeting->plate != NULL ? meeting->plate : "XX99XXX");
  sighting->is_single_look = meeting->is_single_look;
  sighting->last_us = bolo_clock_get_utc_us (fixture->clock);
  if (meeting->latitude != 0) {
    const BoloFix fix = {.latitude_deg = meeting->latitude, .longitude_deg = -1.0};

    sighting->fix = bolo_fix_new (&fix);
  }
  return sighting;
}

static Outcome
meet_two (Fixture *fixture, const Meeting *meeting, const Meeting *other)
{
  g_autoptr (BoloSighting) sighting = make_sighting (fixture, meeting);
  g_autoptr (GPtrArray) matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  Outcome outcome = {0};

  if (meeting->plate != NULL)
    g_ptr_array_add (matches, make_match (meeting));
  if (other != NULL)
    g_ptr_array_add (matches, make_match (other));
  outcome.hit =
    bolo_encounters_add (fixture->encounters, sighting, matches, &outcome.sounds, &outcome.covert);
  return outcome;
}

static Outcome
meet (Fixture *fixture, Meeting meeting)
{
  return meet_two (fixture, &meeting, NULL);
}

static void
wait_for (Fixture *fixture, gint64 duration_us)
{
  bolo_clock_advance_to (fixture->clock, bolo_clock_get_utc_us (fixture->clock) + duration_us);
}

static void
test_one_alarm (Fixture *fixture, gconstpointer data)
{
  g_auto (Outcome) first = meet (fixture, (Meeting){.id = "s1", .plate = "A1"});
  g_auto (Outcome) closed =
    meet (fixture, (Meeting){.id = "s1", .plate = "A1", .state = BOLO_SIGHTING_CLOSED});
  g_auto (Outcome) rear = meet (fixture, (Meeting){.id = "s2", .plate = "A1", .camera = "rear"});
  g_auto (Outcome) other = meet (fixture, (Meeting){.id = "s3", .plate = "B2"});

  g_assert_true (first.sounds);
  g_assert_null (first.covert);
  g_assert_false (first.hit->is_quiet);
  g_assert_cmpstr (first.hit->category, ==, "stolen");
  g_assert_cmpstr (first.hit->words, ==, "Stolen vehicle.");
  g_assert_cmpint (first.hit->priority, ==, 2);
  g_assert_cmpint (first.hit->list_age_s, ==, 90);
  g_assert_cmpint (first.hit->created_us, ==, START_US);
  g_assert_false (closed.sounds);
  g_assert_cmpstr (closed.hit->id, ==, first.hit->id);
  g_assert_cmpint (closed.hit->sighting->state, ==, BOLO_SIGHTING_CLOSED);
  g_assert_false (rear.sounds);
  g_assert_cmpstr (rear.hit->id, !=, first.hit->id);
  g_assert_cmpstr (rear.hit->encounter, ==, first.hit->encounter);
  g_assert_true (other.sounds);
  g_assert_cmpstr (other.hit->encounter, !=, first.hit->encounter);
  g_assert_cmpuint (bolo_encounters_get_n_open (fixture->encounters), ==, 2);
}

static void
test_nothing_met (Fixture *fixture, gconstpointer data)
{
  g_auto (Outcome) none = meet (fixture, (Meeting){.id = "s1"});

  g_assert_null (none.hit);
  g_assert_null (none.covert);
  g_assert_false (none.sounds);
  g_assert_cmpuint (bolo_encounters_get_n_open (fixture->encounters), ==, 0);
}

static void
test_window (Fixture *fixture, gconstpointer data)
{
  g_auto (Outcome) first = meet (fixture, (Meeting){.id = "s1", .plate = "A1"});

  /* Met again and again, each time within the window of the last time: still the same. */
  for (guint i = 0; i < 5; i++) {
    g_autofree char *id = g_strdup_printf ("again%u", i);
    g_auto (Outcome) again = {0};

    wait_for (fixture, 9 * MINUTE_US);
    again = meet (fixture, (Meeting){.id = id, .plate = "A1"});
    g_assert_false (again.sounds);
    g_assert_cmpstr (again.hit->encounter, ==, first.hit->encounter);
  }
  wait_for (fixture, 10 * MINUTE_US + 1);
  {
    g_auto (Outcome) later = meet (fixture, (Meeting){.id = "later", .plate = "A1"});

    g_assert_true (later.sounds);
    g_assert_cmpstr (later.hit->encounter, !=, first.hit->encounter);
  }
}

static void
test_place (Fixture *fixture, gconstpointer data)
{
  /* 0.001 degrees of latitude are 111 m. */
  g_auto (Outcome) first = meet (fixture, (Meeting){.id = "s1", .plate = "A1", .latitude = 51.0});
  g_auto (Outcome) near = {0};
  g_auto (Outcome) far = {0};

  wait_for (fixture, 30 * MINUTE_US);
  near = meet (fixture, (Meeting){.id = "s2", .plate = "A1", .latitude = 51.004});
  g_assert_false (near.sounds);
  g_assert_cmpstr (near.hit->encounter, ==, first.hit->encounter);
  wait_for (fixture, 30 * MINUTE_US);
  far = meet (fixture, (Meeting){.id = "s3", .plate = "A1", .latitude = 51.009});
  g_assert_true (far.sounds);
}

static void
test_old_ones_are_forgotten (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 20; i++) {
    g_autofree char *id = g_strdup_printf ("s%u", i);
    g_autofree char *plate = g_strdup_printf ("A%u", i);
    g_auto (Outcome) outcome = meet (fixture, (Meeting){.id = id, .plate = plate});

    g_assert_true (outcome.sounds);
    wait_for (fixture, 30 * MINUTE_US);
  }
  g_assert_cmpuint (bolo_encounters_get_n_open (fixture->encounters), <=, 3);
}

static void
test_covert (Fixture *fixture, gconstpointer data)
{
  const Meeting overt = {.id = "s2", .plate = "A1"};
  const Meeting covert = {.id = "s2", .plate = "A1", .action = "SILENT", .kind = "response"};
  g_auto (Outcome) alone =
    meet (fixture, (Meeting){.id = "s1", .plate = "A1", .action = "SILENT", .kind = "response"});
  g_auto (Outcome) both = meet_two (fixture, &covert, &overt);

  g_assert_null (alone.hit);
  g_assert_false (alone.sounds);
  g_assert_true (alone.covert->is_covert);
  g_assert_true (alone.covert->is_quiet);
  /* The overt hit says nothing of the covert entry, and sounds although the car met it before. */
  g_assert_true (both.sounds);
  g_assert_cmpuint (both.hit->matches->len, ==, 1);
  g_assert_cmpstr (both.hit->category, ==, "stolen");
  g_assert_false (both.hit->is_covert);
  g_assert_cmpuint (both.covert->matches->len, ==, 1);
  g_assert_cmpstr (both.covert->category, ==, "response");
  g_assert_cmpstr (both.covert->id, !=, both.hit->id);
  g_assert_cmpstr (both.covert->encounter, ==, alone.covert->encounter);
}

static void
test_single_look (Fixture *fixture, gconstpointer data)
{
  g_auto (Outcome) single =
    meet (fixture, (Meeting){.id = "s1", .plate = "A1", .is_single_look = TRUE});
  g_auto (Outcome) agreed = {0};
  g_auto (Outcome) again = {0};

  g_assert_false (single.sounds);
  g_assert_true (single.hit->is_quiet);
  wait_for (fixture, G_USEC_PER_SEC);
  agreed = meet (fixture, (Meeting){.id = "s1", .plate = "A1"});
  g_assert_true (agreed.sounds);
  g_assert_false (agreed.hit->is_quiet);
  g_assert_cmpstr (agreed.hit->id, ==, single.hit->id);
  g_assert_cmpint (agreed.hit->created_us, ==, START_US + G_USEC_PER_SEC);
  again = meet (fixture, (Meeting){.id = "s2", .plate = "A1", .is_single_look = TRUE});
  g_assert_false (again.sounds);
}

static void
test_folded (Fixture *fixture, gconstpointer data)
{
  g_auto (Outcome) folded =
    meet (fixture, (Meeting){.id = "s1", .plate = "A1", .how = BOLO_MATCH_FOLDED});
  g_auto (Outcome) exact = meet (fixture, (Meeting){.id = "s2", .plate = "A1"});

  g_assert_false (folded.sounds);
  g_assert_true (folded.hit->is_quiet);
  g_assert_true (exact.sounds);
  g_assert_cmpstr (exact.hit->encounter, ==, folded.hit->encounter);
}

static void
test_corrected (Fixture *fixture, gconstpointer data)
{
  g_auto (Outcome) first = meet (fixture, (Meeting){.id = "s1", .plate = "A1"});
  g_auto (Outcome) away = meet (fixture, (Meeting){.id = "s1", .state = BOLO_SIGHTING_CORRECTED});
  g_auto (Outcome) other = meet (fixture, (Meeting){.id = "s2", .state = BOLO_SIGHTING_CORRECTED});

  g_assert_false (away.sounds);
  g_assert_cmpstr (away.hit->id, ==, first.hit->id);
  g_assert_true (away.hit->is_quiet);
  g_assert_cmpint (away.hit->sighting->state, ==, BOLO_SIGHTING_CORRECTED);
  g_assert_cmpuint (away.hit->matches->len, ==, 1);
  /* What was published before is not changed under anyone's feet. */
  g_assert_false (first.hit->is_quiet);
  g_assert_null (other.hit);
}

static void
test_corrected_to_another (Fixture *fixture, gconstpointer data)
{
  g_auto (Outcome) first = meet (fixture, (Meeting){.id = "s1", .plate = "A1"});
  g_auto (Outcome) second =
    meet (fixture, (Meeting){.id = "s1", .plate = "B2", .state = BOLO_SIGHTING_CORRECTED});

  g_assert_cmpstr (second.hit->id, ==, first.hit->id);
  g_assert_cmpstr (second.hit->encounter, ==, first.hit->encounter);
  g_assert_false (second.sounds);
  g_assert_cmpstr (bolo_hit_get_leading (second.hit)->entry->plate, ==, "B2");
}

static void
test_quiet_kinds (Fixture *fixture, gconstpointer data)
{
  g_auto (Outcome) quiet =
    meet (fixture, (Meeting){.id = "s1", .plate = "A1", .kind = "no-insurance"});
  g_auto (Outcome) unknown = meet (
    fixture, (Meeting){.id = "s2", .plate = "B2", .kind = "no-insurance", .action = "FOLLOW"});
  g_auto (Outcome) voi =
    meet (fixture, (Meeting){.id = "s3", .plate = "C3", .kind = "voi", .action = "STOP"});

  g_assert_false (quiet.sounds);
  g_assert_true (quiet.hit->is_quiet);
  g_assert_true (unknown.sounds);
  g_assert_true (voi.sounds);
  g_assert_cmpint (voi.hit->priority, ==, 2);
}

static void
test_gravest_leads (Fixture *fixture, gconstpointer data)
{
  const Meeting quiet = {.id = "s1", .plate = "A1", .kind = "no-insurance"};
  const Meeting grave = {.id = "s1", .plate = "A1", .kind = "response"};
  g_auto (Outcome) outcome = meet_two (fixture, &quiet, &grave);

  g_assert_true (outcome.sounds);
  g_assert_cmpstr (outcome.hit->category, ==, "response");
  g_assert_cmpuint (outcome.hit->matches->len, ==, 2);
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  g_auto (Outcome) folded =
    meet (fixture, (Meeting){.id = "s1", .plate = "A1", .how = BOLO_MATCH_FOLDED});
  g_auto (Outcome) exact = {0};

  bolo_encounters_silence (fixture->encounters, folded.hit->encounter);
  exact = meet (fixture, (Meeting){.id = "s2", .plate = "A1"});
  g_assert_false (exact.sounds);
}

/* A policy of one loud kind of priority 3, to see the flood rule at work. */
static void
test_flood (Fixture *fixture, gconstpointer data)
{
  g_autofree char *directory = g_dir_make_tmp ("bolo-flood-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "policy.ini", NULL);
  guint n_sounds = 0;

  g_file_set_contents (path,
                       "[limits]\nflood_count=10\n[kind default]\ntone=t\npriority=2\n"
                       "[kind tax]\ntone=t\npriority=3\n[tone t]\nlow_hz=500\n",
                       -1, NULL);
  bolo_encounters_free (fixture->encounters);
  bolo_alert_policy_unref (fixture->policy);
  fixture->policy = bolo_alert_policy_load (path, NULL);
  fixture->encounters = bolo_encounters_new (fixture->policy, fixture->ids, fixture->clock);
  for (guint i = 0; i < 15; i++) {
    g_autofree char *id = g_strdup_printf ("s%u", i);
    g_autofree char *plate = g_strdup_printf ("A%u", i);
    g_auto (Outcome) outcome = meet (fixture, (Meeting){.id = id, .plate = plate, .kind = "tax"});

    n_sounds += outcome.sounds;
    g_assert_cmpint (outcome.hit->is_quiet, ==, !outcome.sounds);
    wait_for (fixture, G_USEC_PER_SEC);
  }
  g_assert_cmpuint (n_sounds, ==, 10);
  {
    g_auto (Outcome) grave = meet (fixture, (Meeting){.id = "grave", .plate = "Z1"});

    g_assert_true (grave.sounds);
  }
  wait_for (fixture, 10 * MINUTE_US);
  {
    g_auto (Outcome) later = meet (fixture, (Meeting){.id = "later", .plate = "Y1", .kind = "tax"});

    g_assert_true (later.sounds);
  }
  g_unlink (path);
  g_rmdir (directory);
}

/* ---- what there is to say of a match ------------------------------------------------------- */

static BoloMatch *
make_plain_match (const char *plate, BoloMatchKind kind)
{
  const Meeting meeting = {.id = "x", .plate = plate};
  BoloMatch *match = make_match (&meeting);

  match->kind = kind;
  return match;
}

/* @match (transfer full) */
static Outcome
meet_match (Fixture *fixture, const char *id, const char *text, BoloMatch *match)
{
  const Meeting meeting = {.id = id, .plate = text};
  g_autoptr (BoloSighting) sighting = make_sighting (fixture, &meeting);
  g_autoptr (GPtrArray) matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  Outcome outcome = {0};

  g_ptr_array_add (matches, match);
  outcome.hit =
    bolo_encounters_add (fixture->encounters, sighting, matches, &outcome.sounds, &outcome.covert);
  return outcome;
}

static BoloSilence *
make_silence (void)
{
  BoloSilence *silence = bolo_silence_new ();

  silence->reason = g_strdup ("Keeper has it back");
  return silence;
}

/* An entry that an officer silenced is shown with his word, and sounds no more; another entry for
 * the same mark sounds, and leads. */
static void
test_silenced_entry (Fixture *fixture, gconstpointer data)
{
  BoloMatch *silenced = make_plain_match ("A1", BOLO_MATCH_EXACT);
  g_autoptr (GPtrArray) both = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  const Meeting meeting = {.id = "s2", .plate = "A1"};
  g_autoptr (BoloSighting) sighting = make_sighting (fixture, &meeting);
  g_auto (Outcome) alone = {0};
  g_auto (Outcome) beside = {0};
  BoloMatch *other;

  silenced->silence = make_silence ();
  g_ptr_array_add (both, bolo_match_copy (silenced));
  alone = meet_match (fixture, "s1", "A1", silenced);
  g_assert_nonnull (alone.hit);
  g_assert_true (alone.hit->is_quiet);
  g_assert_false (alone.sounds);
  g_assert_cmpstr (bolo_hit_get_leading (alone.hit)->silence->reason, ==, "Keeper has it back");

  other = make_plain_match ("A1", BOLO_MATCH_FOLDED);
  g_ptr_array_add (both, other);
  g_ptr_array_add (both, make_plain_match ("A1", BOLO_MATCH_EXACT));
  beside.hit =
    bolo_encounters_add (fixture->encounters, sighting, both, &beside.sounds, &beside.covert);
  g_assert_true (beside.sounds);
  g_assert_cmpuint (beside.hit->matches->len, ==, 3);
  g_assert_null (bolo_hit_get_leading (beside.hit)->silence);
  g_assert_cmpint (bolo_hit_get_leading (beside.hit)->kind, ==, BOLO_MATCH_EXACT);
  g_assert_nonnull (((BoloMatch *) beside.hit->matches->pdata[2])->silence);
}

/* A vehicle of one's own makes a record, and nothing that anybody sees or hears. */
static void
test_own_vehicle (Fixture *fixture, gconstpointer data)
{
  BoloMatch *match = make_plain_match ("A1", BOLO_MATCH_EXACT);
  g_auto (Outcome) outcome = {0};

  match->is_own = TRUE;
  outcome = meet_match (fixture, "s1", "A1", match);
  g_assert_null (outcome.hit);
  g_assert_false (outcome.sounds);
  g_assert_nonnull (outcome.covert);
  g_assert_true (outcome.covert->is_own);
  g_assert_true (outcome.covert->is_quiet);
  g_assert_false (outcome.covert->is_covert);
}

/* A covert entry for a vehicle of one's own stays covert in the record too. */
static void
test_own_and_covert (Fixture *fixture, gconstpointer data)
{
  const Meeting overt = {.id = "s1", .plate = "A1"};
  const Meeting covert = {.id = "s1", .plate = "A1", .action = "SILENT"};
  g_autoptr (BoloSighting) sighting = make_sighting (fixture, &overt);
  g_autoptr (GPtrArray) matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  g_auto (Outcome) outcome = {0};

  g_ptr_array_add (matches, make_match (&overt));
  g_ptr_array_add (matches, make_match (&covert));
  for (guint i = 0; i < 2; i++)
    ((BoloMatch *) matches->pdata[i])->is_own = TRUE;
  outcome.hit =
    bolo_encounters_add (fixture->encounters, sighting, matches, &outcome.sounds, &outcome.covert);
  g_assert_null (outcome.hit);
  g_assert_true (outcome.covert->is_covert);
}

static BoloMatch *
make_pattern_match (BoloTrust trust, guint n_differs)
{
  BoloMatch *match = make_plain_match ("A*", BOLO_MATCH_PATTERN);

  match->entry->is_pattern = TRUE;
  match->entry->list_trust = trust;
  match->n_differs = n_differs;
  return match;
}

/* Many vehicles meet one pattern: each is an encounter of its own. An officer's own pattern sounds,
 * with another tone than an exact match; a list's does not. */
static void
test_patterns (Fixture *fixture, gconstpointer data)
{
  g_auto (Outcome) first = meet_match (fixture, "s1", "A1", make_pattern_match (BOLO_TRUST_OWN, 0));
  g_auto (Outcome) again = meet_match (fixture, "s2", "A1", make_pattern_match (BOLO_TRUST_OWN, 0));
  g_auto (Outcome) other = meet_match (fixture, "s3", "A2", make_pattern_match (BOLO_TRUST_OWN, 0));
  g_auto (Outcome) unsure =
    meet_match (fixture, "s4", "A3", make_pattern_match (BOLO_TRUST_OWN, 1));
  g_auto (Outcome) listed =
    meet_match (fixture, "s5", "A4", make_pattern_match (BOLO_TRUST_SIGNED, 0));

  g_assert_true (first.sounds);
  g_assert_cmpstr (first.hit->words, ==, "Possible match. Stolen vehicle.");
  g_assert_cmpstr (bolo_alert_policy_choose_tone (fixture->policy, first.hit), ==, "information");
  g_assert_false (again.sounds);
  g_assert_cmpstr (again.hit->encounter, ==, first.hit->encounter);
  g_assert_true (other.sounds);
  g_assert_cmpstr (other.hit->encounter, !=, first.hit->encounter);
  g_assert_false (unsure.sounds);
  g_assert_nonnull (unsure.hit);
  g_assert_false (listed.sounds);
  g_assert_nonnull (listed.hit);
}

/* Near never sounds, and an exact one beside it leads. */
static void
test_near (Fixture *fixture, gconstpointer data)
{
  g_auto (Outcome) near =
    meet_match (fixture, "s1", "A7", make_plain_match ("A1", BOLO_MATCH_NEAR));

  g_assert_nonnull (near.hit);
  g_assert_false (near.sounds);
  g_assert_true (near.hit->is_quiet);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    {"/encounters/one-alarm", test_one_alarm},
    {"/encounters/nothing-met", test_nothing_met},
    {"/encounters/window", test_window},
    {"/encounters/place", test_place},
    {"/encounters/forgotten", test_old_ones_are_forgotten},
    {"/encounters/covert", test_covert},
    {"/encounters/single-look", test_single_look},
    {"/encounters/folded", test_folded},
    {"/encounters/corrected", test_corrected},
    {"/encounters/corrected-to-another", test_corrected_to_another},
    {"/encounters/quiet-kinds", test_quiet_kinds},
    {"/encounters/gravest-leads", test_gravest_leads},
    {"/encounters/silence", test_silence},
    {"/encounters/flood", test_flood},
    {"/encounters/silenced-entry", test_silenced_entry},
    {"/encounters/own-vehicle", test_own_vehicle},
    {"/encounters/own-and-covert", test_own_and_covert},
    {"/encounters/patterns", test_patterns},
    {"/encounters/near", test_near},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
