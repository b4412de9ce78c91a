/* test-marks.c: made-up lists are the same everywhere, and look like real ones
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli-marks.h"

#include "bolo-plate-rules.h"

#include <string.h>

#define N_MARKS 20000

static BoloPlateRules *
load_rules (void)
{
  g_autofree char *directory = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  BoloPlateRules *rules = bolo_plate_rules_load (directory, NULL);

  g_assert_nonnull (rules);
  return rules;
}

/* Figures are told with a seed: the same seed must be the same list for ever. */
static void
test_same_everywhere (void)
{
  static const char *const expected[] = {"BU72NNV", "LE73HXU", "Z407ZKA", "UK01JMW",
                                         "G5",      "BJ71NMS", "YM63OTX", "MG20BDY",
                                         "UE74ZUZ", "AL10BCR", "HS66VBU", "IT1VY"};
  char mark[BOLO_MARK_MAX + 1];

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    bolo_cli_make_mark (1, i, mark);
    g_assert_cmpstr (mark, ==, expected[i]);
  }
}

static void
test_marks (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_current = 0;
  guint n_without = 0;

  for (guint i = 0; i < N_MARKS; i++) {
    char mark[BOLO_MARK_MAX + 1];
    const char *syntax;

    bolo_cli_make_mark (5, i, mark);
    g_assert_true (bolo_plate_is_mark (mark));
    syntax = bolo_plate_rules_get_syntax (rules, mark, NULL);
    n_current += g_strcmp0 (syntax, "gb-current") == 0;
    n_without += syntax == NULL;
    g_hash_table_add (seen, g_strdup (mark));
  }
  g_assert_cmpuint (n_current, >, N_MARKS * 65 / 100);
  g_assert_cmpuint (n_current, <, N_MARKS * 75 / 100);
  g_assert_cmpuint (n_without, <, N_MARKS * 8 / 100);
  g_assert_cmpuint (g_hash_table_size (seen), >, N_MARKS * 95 / 100);
}

static void
test_seeds_differ (void)
{
  guint n_same = 0;

  for (guint i = 0; i < 1000; i++) {
    char first[BOLO_MARK_MAX + 1];
    char second[BOLO_MARK_MAX + 1];

    bolo_cli_make_mark (1, i, first);
    bolo_cli_make_mark (2, i, second);
    n_same += strcmp (first, second) == 0;
  }
  g_assert_cmpuint (n_same, <, 5);
}

static void
test_entries (void)
{
  g_autoptr (BoloListEntry) base = bolo_list_entry_new ();
  BoloListEntry entry = *base;
  guint n_covert = 0;
  guint n_weeded = 0;

  for (guint i = 0; i < 3000; i++) {
    char plate[BOLO_MARK_MAX + 1];

    bolo_cli_fill_entry (1, i, plate, &entry);
    g_assert_true (entry.plate == plate);
    g_assert_nonnull (entry.make);
    g_assert_nonnull (entry.reason);
    n_covert += entry.is_covert;
    n_weeded += entry.weed_us != G_MAXINT64;
  }
  g_assert_cmpuint (n_covert, ==, 60);
  g_assert_cmpuint (n_weeded, >, 1800);
  g_assert_cmpuint (n_weeded, <, 2200);
}

static void
test_characters (void)
{
  BoloReadCharacter characters[BOLO_MARK_MAX];
  const char *mark = "AB12CDE";

  bolo_cli_make_characters (1, 7, mark, characters);
  for (guint i = 0; mark[i] != '\0'; i++) {
    float sum = characters[i].probability;

    g_assert_cmpint (characters[i].character, ==, mark[i]);
    g_assert_cmpfloat (characters[i].probability, >, 0.5);
    for (guint k = 0; k < BOLO_ALTERNATIVES_MAX; k++) {
      g_assert_true (g_ascii_isalnum (characters[i].alternatives[k].character));
      sum += characters[i].alternatives[k].probability;
    }
    g_assert_cmpfloat (sum, <=, 1.0001);
  }
}

static void
test_patterns (void)
{
  for (guint i = 0; i < 1000; i++) {
    char pattern[BOLO_MARK_MAX + 1];

    bolo_cli_make_pattern (1, i, pattern);
    g_assert_nonnull (strpbrk (pattern, "?*"));
    g_assert_cmpuint (strspn (pattern, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ?*"), ==,
                      strlen (pattern));
    g_assert_cmpuint (strlen (pattern), <=, 7);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/marks/same-everywhere", test_same_everywhere);
  g_test_add_func ("/marks/marks", test_marks);
  g_test_add_func ("/marks/seeds-differ", test_seeds_differ);
  g_test_add_func ("/marks/entries", test_entries);
  g_test_add_func ("/marks/characters", test_characters);
  g_test_add_func ("/marks/patterns", test_patterns);
  return g_test_run ();
}
