/* test-plate-wildcard.c: a part of a mark meets what it should, and nothing else
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "bolo-plate-wildcard.h"

static BoloPlateRules *
load_rules (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  g_autoptr (GError) error = NULL;
  BoloPlateRules *rules = bolo_plate_rules_load (folder, &error);

  g_assert_no_error (error);
  return rules;
}

static void
test_check (void)
{
  static const char *const good[] = {"AB12CDE", "A", "AB?2*", "*AB*", "A???????B", "AB12CDEFGHIJ*"};
  static const char *const bad[] = {
    "", "*", "?", "A*", "?*?", "AB ", "AB12CDEFGHIJK", "????????????AB", "AB%2", "ab?2*"};

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (bolo_plate_check_wildcard (good[i], NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *message = NULL;

    g_assert_false (bolo_plate_check_wildcard (bad[i], &message));
    g_assert_nonnull (message);
    g_assert_false (bolo_plate_check_wildcard (bad[i], NULL));
  }
  g_assert_true (bolo_plate_has_wildcard ("AB?2*"));
  g_assert_false (bolo_plate_has_wildcard ("AB12CDE"));
}

static const struct {
  const char *pattern;
  const char *text;
  int n_differs; /* -1: does not meet */
  guint8 differs[4];
} cases[] = {
  {"AB12CDE", "AB12CDE", 0, {0}},
  {"AB12CDE", "ABI2CDE", 1, {2}},
  {"AB12CDE", "AB12CDF", -1, {0}},
  {"AB12CDE", "AB12CD", -1, {0}},
  {"AB?2*", "AB12CDE", 0, {0}},
  {"AB?2*", "AB02", 0, {0}},
  {"AB?2*", "ABZ2", 0, {0}},
  {"AB?1*", "AB2ICDE", 1, {3}},
  {"AB?2*", "AB2", -1, {0}},
  {"*CDE", "AB12CDE", 0, {0}},
  {"*CDE", "CDE", 0, {0}},
  {"*CDE", "CDECDX", -1, {0}},
  {"**C**E**", "AB12CDE", 0, {0}},
  {"*8*8", "AB88", 0, {0}},
  /* The way with the fewest look-alikes is taken, not the first that fits. */
  {"*O*", "00AO", 0, {0}},
  {"*00*", "AOO00", 0, {0}},
  {"O*1", "0I", 2, {0, 1}},
  {"??", "AB", 0, {0}},
  {"??", "ABC", -1, {0}},
};

static void
test_meets (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint8 differs[BOLO_PLATE_LENGTH_MAX] = {0};
    guint n_differs = 99;
    gboolean meets =
      bolo_plate_wildcard_meets (cases[i].pattern, cases[i].text, rules, differs, &n_differs);

    g_test_message ("%s against %s", cases[i].pattern, cases[i].text);
    g_assert_cmpint (meets, ==, cases[i].n_differs >= 0);
    if (!meets)
      continue;
    g_assert_cmpint ((int) n_differs, ==, cases[i].n_differs);
    g_assert_cmpmem (differs, n_differs, cases[i].differs, n_differs);
    /* Without the look-alikes only what is the same meets. */
    g_assert_cmpint (bolo_plate_wildcard_meets (cases[i].pattern, cases[i].text, NULL, NULL, NULL),
                     ==, n_differs == 0);
  }
  g_assert_false (bolo_plate_wildcard_meets ("*AB*", "AB12CDEFGHIJKLMN", rules, NULL, NULL));
}

/* Slow and obvious: every way a pattern can be laid over a text. */
static gboolean
meets_slowly (const char *pattern, const char *text, BoloPlateRules *rules)
{
  if (*pattern == '\0')
    return *text == '\0';
  if (*pattern == '*')
    return meets_slowly (pattern + 1, text, rules) ||
           (*text != '\0' && meets_slowly (pattern, text + 1, rules));
  if (*text == '\0')
    return FALSE;
  return (*pattern == '?' || bolo_plate_rules_fold_character (rules, *pattern) ==
                               bolo_plate_rules_fold_character (rules, *text)) &&
         meets_slowly (pattern + 1, text + 1, rules);
}

static void
make_random (GRand *random, const char *letters, int longest, char *text)
{
  int length = g_rand_int_range (random, 1, longest + 1);

  for (int i = 0; i < length; i++)
    text[i] = letters[g_rand_int_range (random, 0, (gint32) strlen (letters))];
  text[length] = '\0';
}

/* The quick matcher, the slow one and what the database will be asked agree. */
static void
test_against_slow (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (GRand) random = g_rand_new_with_seed (20260314);
  guint n_met = 0;

  for (guint i = 0; i < 200000; i++) {
    char pattern[16], text[16];
    guint8 differs[BOLO_PLATE_LENGTH_MAX];
    guint n_differs = 0;
    gboolean meets;

    make_random (random, "A0O?*1", 8, pattern);
    make_random (random, "A0O1", 7, text);
    meets = bolo_plate_wildcard_meets (pattern, text, rules, differs, &n_differs);
    g_assert_cmpint (meets, ==, meets_slowly (pattern, text, rules));
    n_met += meets;
    for (guint k = 0; meets && k < n_differs; k++)
      g_assert_cmpuint (differs[k], <, strlen (text));
  }
  g_assert_cmpuint (n_met, >, 10000);
}

static void
test_glob (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autofree char *glob = bolo_plate_wildcard_to_glob ("A0?1*", rules);
  g_autofree char *alone = bolo_plate_wildcard_to_glob ("X", rules);

  g_assert_cmpstr (glob, ==, "A[0O]?[1I]*");
  g_assert_cmpstr (alone, ==, "X");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plate/wildcard/check", test_check);
  g_test_add_func ("/plate/wildcard/meets", test_meets);
  g_test_add_func ("/plate/wildcard/against-slow", test_against_slow);
  g_test_add_func ("/plate/wildcard/glob", test_glob);
  return g_test_run ();
}
