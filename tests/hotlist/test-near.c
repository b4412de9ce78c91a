/* test-near.c: which marks a read may stand for, told one by one, and by which rules of a list
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-mark-key.h"
#include "bolo-near.h"

#include <string.h>

typedef struct {
  BoloPlateRules *rules;
  BoloMatchRules match_rules;
  BoloReadCharacter characters[BOLO_MARK_MAX];
  BoloMatchQuery query;
  BoloNearRead read;
  GArray *candidates;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *directory = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);

  fixture->rules = bolo_plate_rules_load (directory, NULL);
  g_assert_nonnull (fixture->rules);
  bolo_match_rules_init (&fixture->match_rules);
  for (guint i = 0; i <= BOLO_PLATE_LENGTH_MAX; i++)
    fixture->match_rules.near_limit[i] = BOLO_CONFUSION_NEVER;
  fixture->candidates = g_array_new (FALSE, FALSE, sizeof (BoloNearCandidate));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bolo_plate_rules_unref (fixture->rules);
  g_array_unref (fixture->candidates);
}

/* A read of which the reader is 0.9 sure everywhere. */
static void
read_text (Fixture *fixture, const char *text)
{
  fixture->query = (BoloMatchQuery){
    .text = text, .characters = fixture->characters, .n_characters = (guint) strlen (text)};
  for (guint i = 0; text[i] != '\0'; i++)
    fixture->characters[i] = (BoloReadCharacter){.character = text[i], .probability = 0.9f};
}

static void
add_alternative (Fixture *fixture, guint at, guint nth, char character, float probability)
{
  fixture->characters[at].alternatives[nth].character = character;
  fixture->characters[at].alternatives[nth].probability = probability;
}

static void
list (Fixture *fixture)
{
  g_array_set_size (fixture->candidates, 0);
  bolo_near_read_init (&fixture->read, fixture->rules, &fixture->query);
  bolo_near_list (&fixture->read, &fixture->match_rules, fixture->candidates);
}

/* (nullable): the candidate that @mark is. */
static const BoloNearCandidate *
find (Fixture *fixture, const char *mark)
{
  const BoloNearCandidate *found = NULL;
  char folded[BOLO_PLATE_LENGTH_MAX + 1];
  guint64 hash;

  bolo_mark_key_fold (fixture->rules, mark, folded);
  hash = bolo_mark_key_hash (bolo_mark_key_pack (folded));
  for (guint i = 0; i < fixture->candidates->len; i++) {
    const BoloNearCandidate *one = &g_array_index (fixture->candidates, BoloNearCandidate, i);

    if (one->hash != hash)
      continue;
    g_assert_null (found); /* each is told once */
    found = one;
    g_assert_cmpuint (one->length, ==, strlen (mark));
  }
  return found;
}

static void
test_edits (Fixture *fixture, gconstpointer data)
{
  read_text (fixture, "AB12CDE");
  list (fixture);
  g_assert_nonnull (find (fixture, "AB12CDF"));
  g_assert_nonnull (find (fixture, "XB12CDE"));
  g_assert_nonnull (find (fixture, "AB12CD"));
  g_assert_nonnull (find (fixture, "B12CDE"));
  g_assert_nonnull (find (fixture, "AB12CDEX"));
  g_assert_nonnull (find (fixture, "9AB12CDE"));
  g_assert_nonnull (find (fixture, "AB1Q2CDE"));
  g_assert_null (find (fixture, "AB12CDE"));
  g_assert_null (find (fixture, "AB12CXX"));
  g_assert_null (find (fixture, "AB21CDE"));
  g_assert_null (find (fixture, "AB12C"));
  g_assert_cmpuint (find (fixture, "AB12CDF")->cost_alternative, ==, BOLO_CONFUSION_NEVER);
}

/* Look-alikes are one: neither another character nor told twice. */
static void
test_folded (Fixture *fixture, gconstpointer data)
{
  read_text (fixture, "AO1");
  add_alternative (fixture, 1, 0, '0', 0.5f);
  list (fixture);
  g_assert_null (find (fixture, "A01"));
  g_assert_null (find (fixture, "AOI"));
  g_assert_nonnull (find (fixture, "AQ1"));
  g_assert_nonnull (find (fixture, "IO1"));
}

/* A run of the same character too long or too short is one mark. */
static void
test_runs (Fixture *fixture, gconstpointer data)
{
  read_text (fixture, "A111B");
  list (fixture);
  g_assert_nonnull (find (fixture, "A11B"));
  g_assert_nonnull (find (fixture, "A1111B"));
  read_text (fixture, "111");
  list (fixture);
  g_assert_nonnull (find (fixture, "11"));
  g_assert_nonnull (find (fixture, "1111"));
  g_assert_nonnull (find (fixture, "2111"));
}

static void
test_shortest_and_longest (Fixture *fixture, gconstpointer data)
{
  read_text (fixture, "A");
  list (fixture);
  g_assert_nonnull (find (fixture, "B"));
  g_assert_nonnull (find (fixture, "AB"));
  read_text (fixture, "ABCDEFGHJKLM");
  list (fixture);
  g_assert_nonnull (find (fixture, "ABCDEFGHJKLZ"));
  g_assert_nonnull (find (fixture, "ABCDEFGHJKL"));
}

static void
test_alternatives (Fixture *fixture, gconstpointer data)
{
  read_text (fixture, "AB12CDE");
  add_alternative (fixture, 1, 0, '8', 0.09f);
  add_alternative (fixture, 6, 0, 'F', 0.045f);
  list (fixture);
  /* A tenth and a twentieth of what the chosen one has. */
  g_assert_cmpuint (find (fixture, "A812CDE")->cost_alternative, ==, 2303);
  g_assert_cmpuint (find (fixture, "AB12CDF")->cost_alternative, ==, 2996);
  g_assert_cmpuint (find (fixture, "A812CDF")->cost_alternative, ==, 2303 + 2996);
  g_assert_cmpuint (find (fixture, "A812CDE")->cost, <=, 2303);
  /* Two that are not both alternatives are too many. */
  g_assert_null (find (fixture, "A812CDX"));
}

/* Of two alternatives that fold into one, the likelier counts. */
static void
test_folded_alternatives (Fixture *fixture, gconstpointer data)
{
  read_text (fixture, "AB12CDE");
  add_alternative (fixture, 5, 0, 'O', 0.09f);
  add_alternative (fixture, 5, 1, '0', 0.45f);
  list (fixture);
  g_assert_cmpuint (find (fixture, "AB12C0E")->cost_alternative, ==, 694);
}

static void
test_alternatives_only (Fixture *fixture, gconstpointer data)
{
  fixture->match_rules.has_edits = FALSE;
  read_text (fixture, "AB12CDE");
  add_alternative (fixture, 1, 0, '8', 0.09f);
  list (fixture);
  g_assert_nonnull (find (fixture, "A812CDE"));
  g_assert_cmpuint (fixture->candidates->len, ==, 1);
}

/* A likely mistake costs less than an unlikely one, an unsure character less than a sure one. */
static void
test_costs (Fixture *fixture, gconstpointer data)
{
  guint32 unsure;

  read_text (fixture, "AM12CDE");
  list (fixture);
  g_assert_cmpuint (find (fixture, "AW12CDE")->cost, <, find (fixture, "A712CDE")->cost);
  unsure = find (fixture, "AW12CDE")->cost;
  fixture->characters[1].probability = 0.999f;
  list (fixture);
  g_assert_cmpuint (find (fixture, "AW12CDE")->cost, >, unsure);
}

/* Without the reader's characters, or with too few of them, the table alone speaks. */
static void
test_text_alone (Fixture *fixture, gconstpointer data)
{
  guint32 cost;

  read_text (fixture, "AM12CDE");
  fixture->query.characters = NULL;
  list (fixture);
  cost = find (fixture, "AW12CDE")->cost;
  fixture->query.characters = fixture->characters;
  fixture->query.n_characters = 3;
  list (fixture);
  g_assert_cmpuint (find (fixture, "AW12CDE")->cost, ==, cost);
}

static void
test_limits (Fixture *fixture, gconstpointer data)
{
  memset (fixture->match_rules.near_limit, 0, sizeof fixture->match_rules.near_limit);
  read_text (fixture, "AM12CDE");
  list (fixture);
  g_assert_cmpuint (fixture->candidates->len, ==, 0);
  fixture->match_rules.near_limit[8] = BOLO_CONFUSION_NEVER;
  list (fixture);
  g_assert_nonnull (find (fixture, "AM12CDEX"));
  g_assert_null (find (fixture, "AW12CDE"));
  g_assert_null (find (fixture, "M12CDE"));
}

static gboolean
load (BoloMatchRules *rules, const char *text, GError **error)
{
  static const char *const keys[] = {BOLO_MATCH_RULES_KEYS, NULL};
  static const BoloKeySpec specs[] = {{"list *", keys}, {NULL, NULL}};
  g_autofree char *whole = g_strdup_printf ("[list x]\n%s", text);
  g_autoptr (BoloKeyFile) file = bolo_key_file_load_data (whole, -1, "bolo.conf", specs, error);

  return file != NULL && bolo_match_rules_load (rules, file, "list x", error);
}

static void
test_rules (void)
{
  BoloMatchRules rules;
  BoloMatchRules by_default;
  g_autoptr (GError) error = NULL;

  bolo_match_rules_init (&by_default);
  g_assert_true (load (&rules, "", &error));
  g_assert_cmpmem (&rules, sizeof rules, &by_default, sizeof by_default);
  g_assert_true (
    load (&rules, "folded=false\nnear=alternatives\nnear_score=6:0.5;8:0.25\n", &error));
  g_assert_false (rules.has_folded);
  g_assert_false (rules.has_edits);
  g_assert_cmpuint (rules.near_limit[5], ==, 0);
  g_assert_cmpuint (rules.near_limit[6], ==, 694);
  g_assert_cmpuint (rules.near_limit[7], ==, 694);
  g_assert_cmpuint (rules.near_limit[8], ==, 1387);
  g_assert_cmpuint (rules.near_limit[12], ==, 1387);
  g_assert_true (load (&rules, "near=off\n", &error));
  for (guint i = 0; i <= BOLO_PLATE_LENGTH_MAX; i++)
    g_assert_cmpuint (rules.near_limit[i], ==, 0);
  bolo_match_rules_widen (&rules, &by_default);
  g_assert_cmpmem (&rules, sizeof rules, &by_default, sizeof by_default);
}

static void
test_rules_refused (void)
{
  static const char *const texts[] = {
    "near=maybe\n",        "folded=often\n",         "near_score=7\n",
    "near_score=7:\n",     "near_score=7:x\n",       "near_score=0:0.5\n",
    "near_score=13:0.5\n", "near_score=7:0.5;6:1\n", "near_score=7:0.5;7:0.6\n",
    "near_score=7:1\n",    "near_score=7:0\n",       "near_scores=7:0.5\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    BoloMatchRules rules;
    g_autoptr (GError) error = NULL;

    g_assert_false (load (&rules, texts[i], &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, "bolo.conf:2"));
  }
}

#define ADD(name, function) g_test_add ("/near/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("edits", test_edits);
  ADD ("folded", test_folded);
  ADD ("runs", test_runs);
  ADD ("shortest-and-longest", test_shortest_and_longest);
  ADD ("alternatives", test_alternatives);
  ADD ("folded-alternatives", test_folded_alternatives);
  ADD ("alternatives-only", test_alternatives_only);
  ADD ("costs", test_costs);
  ADD ("text-alone", test_text_alone);
  ADD ("limits", test_limits);
  g_test_add_func ("/near/rules", test_rules);
  g_test_add_func ("/near/rules-refused", test_rules_refused);
  return g_test_run ();
}
