/* test-list-near.c: near matches as the index gives them: when, in which order, of which lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-files.h"
#include "bolo-list-index.h"

#include <glib/gstdio.h>
#include <string.h>

#define NOW_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)

typedef struct {
  char *folder;
  BoloPlateRules *rules;
  GPtrArray *lists; /* of BoloListLayers */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *plate = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);

  fixture->folder = g_dir_make_tmp ("bolo-near-XXXXXX", NULL);
  fixture->rules = bolo_plate_rules_load (plate, NULL);
  fixture->lists = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_layers_unref);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_unref (fixture->lists);
  bolo_plate_rules_unref (fixture->rules);
  g_assert_true (bolo_list_files_remove_directory (fixture->folder, NULL));
  g_free (fixture->folder);
}

/* A list of the marks in @marks, with spaces between; @rules (nullable). "-" in front: covert. */
static void
add_list (Fixture *fixture, const char *name, const char *marks, const BoloMatchRules *rules)
{
  const BoloListInfo info = {.name = (char *) name, .match_rules = rules};
  g_autofree char *folder = g_build_filename (fixture->folder, name, NULL);
  g_auto (GStrv) plates = g_strsplit (marks, " ", -1);
  g_autoptr (BoloIndexBuilder) builder = NULL;
  g_autoptr (GPtrArray) files =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_index_file_unref);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  builder = bolo_index_builder_new (folder, fixture->rules, NULL, NULL);
  for (guint i = 0; plates[i] != NULL; i++) {
    g_autoptr (BoloListEntry) entry = bolo_list_entry_new ();

    entry->is_covert = plates[i][0] == '-';
    entry->plate = g_strdup (plates[i] + (entry->is_covert ? 1 : 0));
    entry->is_pattern = strpbrk (entry->plate, "?*") != NULL;
    g_assert_true (bolo_index_builder_add (builder, entry, i + 1, NULL));
  }
  g_assert_true (bolo_index_builder_finish (builder, NULL, NULL));
  g_ptr_array_add (files, bolo_index_file_open (folder, fixture->rules, NULL));
  g_ptr_array_add (fixture->lists, bolo_list_layers_new (&info, files, fixture->rules, NULL));
}

/* What a read of @text meets, @doubt being the reader's alternative for its last character, half as
 * likely as that. */
static void
assert_met (Fixture *fixture, const char *text, char doubt, const char *expected)
{
  g_autoptr (BoloListIndex) index =
    bolo_list_index_new_layers (fixture->lists, NULL, fixture->rules);
  BoloReadCharacter characters[BOLO_MARK_MAX] = {0};
  BoloMatchQuery query = {.text = text,
                          .characters = characters,
                          .n_characters = (guint) strlen (text),
                          .now_us = NOW_US,
                          .loosest = BOLO_MATCH_PATTERN};
  g_autoptr (GPtrArray) matches = NULL;
  g_autoptr (GString) told = g_string_new (NULL);

  for (guint i = 0; i < query.n_characters; i++)
    characters[i] = (BoloReadCharacter){.character = text[i], .probability = 1};
  characters[query.n_characters - 1].probability = 0.6f;
  characters[query.n_characters - 1].alternatives[0].character = doubt;
  characters[query.n_characters - 1].alternatives[0].probability = 0.3f;
  matches = bolo_list_index_match_reading (index, &query, NULL);
  for (guint i = 0; i < matches->len; i++) {
    const BoloMatch *match = g_ptr_array_index (matches, i);

    g_assert_cmpfloat (match->score, >, 0);
    g_assert_cmpfloat (match->score, <=, 1);
    g_string_append_printf (told, "%s%s:%s", i > 0 ? " " : "",
                            bolo_match_kind_to_string (match->kind), match->entry->entry_id);
    for (guint k = 0; k < match->n_differs; k++)
      g_string_append_printf (told, "[%u]", match->differs[k]);
  }
  g_assert_cmpstr (told->str, ==, expected);
}

static void
test_near_only_without_better (Fixture *fixture, gconstpointer data)
{
  add_list (fixture, "a", "AB12CDF AB12C*", NULL);
  assert_met (fixture, "AB12CDE", 'F', "near:a/1[6] pattern:a/2");
  add_list (fixture, "b", "AB12CDE", NULL);
  assert_met (fixture, "AB12CDE", 'F', "exact:b/1 pattern:a/2");
}

static void
test_score_then_list (Fixture *fixture, gconstpointer data)
{
  BoloMatchRules loose;

  bolo_match_rules_init (&loose);
  loose.near_limit[7] = loose.near_limit[8] = loose.near_limit[6] = BOLO_CONFUSION_NEVER;
  add_list (fixture, "a", "AB12CDZ AB12CDF", &loose);
  add_list (fixture, "b", "AB12CDF -AB12CDF", &loose);
  assert_met (fixture, "AB12CDE", 'F', "near:a/2[6] near:b/1[6] near:b/2[6] near:a/1[6]");
}

/* One character read where none is, one passed over. */
static void
test_edits (Fixture *fixture, gconstpointer data)
{
  BoloMatchRules loose;

  bolo_match_rules_init (&loose);
  loose.near_limit[8] = loose.near_limit[6] = BOLO_CONFUSION_NEVER;
  add_list (fixture, "a", "AB12CD", &loose);
  assert_met (fixture, "AB12CDE", 'F', "near:a/1[6]");
  g_ptr_array_set_size (fixture->lists, 0);
  add_list (fixture, "b", "AB12CDEX", &loose);
  assert_met (fixture, "AB12CDE", 'F', "near:b/1[6]");
}

/* Each list has its own rules, whatever is asked of the others. */
static void
test_rules_of_each_list (Fixture *fixture, gconstpointer data)
{
  BoloMatchRules off;
  BoloMatchRules exact_only;

  bolo_match_rules_init (&off);
  memset (off.near_limit, 0, sizeof off.near_limit);
  exact_only = off;
  exact_only.has_folded = FALSE;
  add_list (fixture, "a", "AB12CDF XOIIXXXX", &off);
  add_list (fixture, "b", "AB12CDF XOIIXXXX", &exact_only);
  add_list (fixture, "c", "AB12CDF", NULL);
  assert_met (fixture, "AB12CDE", 'F', "near:c/1[6]");
  assert_met (fixture, "X0IIXXXX", 'Y', "folded:a/2[1]");
  assert_met (fixture, "XOIIXXXX", 'Y', "exact:a/2 exact:b/2");
}

/* Three characters: another vehicle's mark is nearer than a misread one. */
static void
test_short_marks (Fixture *fixture, gconstpointer data)
{
  add_list (fixture, "a", "A12 A1 A123", NULL);
  assert_met (fixture, "A13", '2', "");
}

/* What is asked for a list by name goes before what it was opened with. */
static void
test_rules_of_the_query (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) rules = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (BoloListIndex) index = NULL;
  g_autoptr (GPtrArray) off_matches = NULL;
  g_autoptr (GPtrArray) on_matches = NULL;
  BoloReadCharacter characters[7] = {0};
  BoloMatchQuery query = {.text = "AM12CDE",
                          .characters = characters,
                          .n_characters = 7,
                          .now_us = NOW_US,
                          .loosest = BOLO_MATCH_NEAR};
  BoloMatchRules off;

  bolo_match_rules_init (&off);
  memset (off.near_limit, 0, sizeof off.near_limit);
  for (guint i = 0; i < 7; i++)
    characters[i] = (BoloReadCharacter){.character = query.text[i], .probability = 0.6f};
  add_list (fixture, "a", "AW12CDE", NULL);
  index = bolo_list_index_new_layers (fixture->lists, NULL, fixture->rules);
  query.rules = rules;
  on_matches = bolo_list_index_match_reading (index, &query, NULL);
  g_assert_cmpuint (on_matches->len, ==, 1);
  g_hash_table_insert (rules, (gpointer) "a", &off);
  off_matches = bolo_list_index_match_reading (index, &query, NULL);
  g_assert_cmpuint (off_matches->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/list-near/without-better", Fixture, NULL, set_up, test_near_only_without_better,
              tear_down);
  g_test_add ("/list-near/score-then-list", Fixture, NULL, set_up, test_score_then_list, tear_down);
  g_test_add ("/list-near/edits", Fixture, NULL, set_up, test_edits, tear_down);
  g_test_add ("/list-near/rules", Fixture, NULL, set_up, test_rules_of_each_list, tear_down);
  g_test_add ("/list-near/rules-of-the-query", Fixture, NULL, set_up, test_rules_of_the_query,
              tear_down);
  g_test_add ("/list-near/short-marks", Fixture, NULL, set_up, test_short_marks, tear_down);
  return g_test_run ();
}
