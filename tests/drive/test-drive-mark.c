/* test-drive-mark.c: made-up marks are lawful, varied, the same by seed; decoys differ in one place
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "bolo-drive-mark.h"
#include "bolo-drive-random.h"
#include "bolo-paths.h"
#include "bolo-plate-rules.h"

#define N_TRIES 3000

/* The law's table, 2001/561 Schedule 3, with the letters that are not given out left out. */
static const char *const patterns[BOLO_DRIVE_N_SYNTAXES] = {
  [BOLO_DRIVE_SYNTAX_CURRENT] = "^[A-HJ-PR-Y]{2}[0-9]{2}[A-HJ-PR-Z]{3}$",
  [BOLO_DRIVE_SYNTAX_PREFIX] = "^[A-HJ-NPR-TV-Y][1-9][0-9]{0,2}[A-HJ-PR-Y]{3}$",
  [BOLO_DRIVE_SYNTAX_SUFFIX] = "^[A-HJ-PR-Y]{3}[1-9][0-9]{0,2}[A-HJ-NPR-TV-Y]$",
  [BOLO_DRIVE_SYNTAX_DATELESS] =
    "^([1-9][0-9]{0,3}[A-Z]{1,2}|[1-9][0-9]{0,2}[A-Z]{3}|[A-Z]{1,3}[1-9][0-9]{0,2}|[A-Z]{1,2}[1-9]["
    "0-9]{3})$",
  [BOLO_DRIVE_SYNTAX_NORTHERN] = "^([A-Z]{3}[1-9][0-9]{3}|[1-9][0-9]{3}[A-Z]{3})$",
  [BOLO_DRIVE_SYNTAX_DIPLOMATIC] = "^[0-9]{3}[DX][0-9]{3}$",
  [BOLO_DRIVE_SYNTAX_CHERISHED] = "^([1-9][0-9]?[A-Z]{1,3}|[A-Z]{1,3}[1-9][0-9]?)$",
};

static BoloPlateRules *
load_rules (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = bolo_paths_get_data_file ("plate");
  BoloPlateRules *rules = bolo_plate_rules_load (path, &error);
  g_assert_no_error (error);
  return rules;
}

static void
test_lawful (gconstpointer data)
{
  BoloDriveSyntax syntax = GPOINTER_TO_UINT (data);
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (GRand) random = bolo_drive_random_new (3, BOLO_DRIVE_STREAM_VEHICLE, syntax);

  for (guint i = 0; i < N_TRIES; i++) {
    BoloDriveMark mark;
    bolo_drive_mark_make (random, syntax, &mark);
    g_assert_true (g_regex_match_simple (patterns[syntax], mark.text, 0, 0));
    g_assert_nonnull (bolo_plate_rules_get_syntax (rules, mark.text, NULL));
    /* As spaced, it is the same mark. */
    g_autofree char *normal = bolo_plate_rules_normalise (rules, mark.display);
    g_assert_cmpstr (normal, ==, mark.text);
    g_assert_nonnull (strchr (mark.display, ' '));
    if (syntax == BOLO_DRIVE_SYNTAX_NORTHERN)
      g_assert_nonnull (strpbrk (mark.text, "IZ"));
  }
}

static void
test_decoys (gconstpointer data)
{
  BoloDriveSyntax syntax = GPOINTER_TO_UINT (data);
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (GRand) random = bolo_drive_random_new (4, BOLO_DRIVE_STREAM_WANTED, syntax);

  for (guint i = 0; i < N_TRIES; i++) {
    BoloDriveMark mark;
    BoloDriveMark altered;
    guint n_different = 0;
    bolo_drive_mark_make (random, syntax, &mark);
    bolo_drive_mark_alter (random, &mark, &altered);
    g_assert_cmpuint (strlen (mark.text), ==, strlen (altered.text));
    for (guint k = 0; mark.text[k] != '\0'; k++)
      n_different += mark.text[k] != altered.text[k];
    g_assert_cmpuint (n_different, ==, 1);
    g_autofree char *folded = bolo_plate_rules_fold (rules, mark.text);
    g_autofree char *folded_altered = bolo_plate_rules_fold (rules, altered.text);
    g_assert_cmpstr (folded, !=, folded_altered);
    g_assert_nonnull (bolo_plate_rules_get_syntax (rules, altered.text, NULL));
    g_autofree char *normal = bolo_plate_rules_normalise (rules, altered.display);
    g_assert_cmpstr (normal, ==, altered.text);
  }
}

static void
test_same_by_seed (void)
{
  g_autoptr (GRand) a = bolo_drive_random_new (5, BOLO_DRIVE_STREAM_VEHICLE, 1);
  g_autoptr (GRand) b = bolo_drive_random_new (5, BOLO_DRIVE_STREAM_VEHICLE, 1);
  g_autoptr (GRand) c = bolo_drive_random_new (6, BOLO_DRIVE_STREAM_VEHICLE, 1);
  g_autoptr (GRand) d = bolo_drive_random_new (5, BOLO_DRIVE_STREAM_PLATE, 1);
  guint n_same = 0;

  for (guint i = 0; i < 50; i++) {
    BoloDriveMark marks[4];
    bolo_drive_mark_make (a, BOLO_DRIVE_SYNTAX_CURRENT, &marks[0]);
    bolo_drive_mark_make (b, BOLO_DRIVE_SYNTAX_CURRENT, &marks[1]);
    bolo_drive_mark_make (c, BOLO_DRIVE_SYNTAX_CURRENT, &marks[2]);
    bolo_drive_mark_make (d, BOLO_DRIVE_SYNTAX_CURRENT, &marks[3]);
    g_assert_cmpstr (marks[0].text, ==, marks[1].text);
    n_same += strcmp (marks[0].text, marks[2].text) == 0;
    n_same += strcmp (marks[0].text, marks[3].text) == 0;
  }
  g_assert_cmpuint (n_same, <, 3);
}

static void
test_random (void)
{
  g_autoptr (GRand) random = bolo_drive_random_new (1, BOLO_DRIVE_STREAM_ROAD, 0);
  const double weights[] = {0, 3, 1};
  guint counts[3] = {0, 0, 0};
  guint order[20];
  guint seen = 0;

  for (guint i = 0; i < 4000; i++)
    counts[bolo_drive_random_weighted (random, weights, 3)]++;
  g_assert_cmpuint (counts[0], ==, 0);
  g_assert_cmpuint (counts[1], >, 2700);
  g_assert_cmpuint (counts[2], >, 700);
  bolo_drive_random_shuffle (random, order, 20);
  for (guint i = 0; i < 20; i++)
    seen |= 1u << order[i];
  g_assert_cmpuint (seen, ==, (1u << 20) - 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive/mark/same-by-seed", test_same_by_seed);
  g_test_add_func ("/drive/random", test_random);
  for (guint i = 0; i < BOLO_DRIVE_N_SYNTAXES; i++) {
    g_autofree char *lawful = g_strdup_printf ("/drive/mark/lawful/%u", i);
    g_autofree char *decoys = g_strdup_printf ("/drive/mark/decoys/%u", i);
    g_test_add_data_func (lawful, GUINT_TO_POINTER (i), test_lawful);
    g_test_add_data_func (decoys, GUINT_TO_POINTER (i), test_decoys);
  }
  return g_test_run ();
}
