/* test-index-parts.c: keys, sums, sorting and patterns, each against the obvious way
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-index-patterns.h"
#include "bolo-index-sorter.h"
#include "bolo-mark-key.h"

#include <string.h>

static BoloPlateRules *
load_rules (void)
{
  g_autofree char *directory = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  BoloPlateRules *rules = bolo_plate_rules_load (directory, NULL);

  g_assert_nonnull (rules);
  return rules;
}

static void
test_keys (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  char folded[BOLO_PLATE_LENGTH_MAX + 1];

  g_assert_cmpuint (bolo_mark_key_digit ('0'), ==, 1);
  g_assert_cmpuint (bolo_mark_key_digit ('Z'), ==, 36);
  g_assert_cmpuint (bolo_mark_key_digit ('?'), ==, 0);
  for (guint digit = 1; digit < BOLO_MARK_KEY_BASE; digit++)
    g_assert_cmpuint (bolo_mark_key_digit (bolo_mark_key_character (digit)), ==, digit);
  g_assert_cmpuint (bolo_mark_key_pack ("0"), ==, 1);
  g_assert_cmpuint (bolo_mark_key_pack ("00"), ==, 38);
  g_assert_cmpuint (bolo_mark_key_pack ("ZZZZZZZZZZZZ"), !=, bolo_mark_key_pack ("ZZZZZZZZZZZ"));
  for (int i = 0; i < 100000; i++) {
    gint64 *hash = g_new (gint64, 1);

    *hash = (gint64) bolo_mark_key_hash ((guint64) i);
    g_assert_true (g_hash_table_add (seen, hash));
  }
  g_assert_cmpuint (bolo_mark_key_fold (rules, "OI8", folded), ==, 3);
  g_assert_cmpstr (folded, ==, "018");
  g_assert_cmpuint (bolo_mark_key_get_fold_id (rules), ==, bolo_mark_key_get_fold_id (rules));
}

static void
test_sum (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  guint8 bytes[300];

  for (gsize i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8) g_rand_int (random);
  for (int i = 0; i < 1000; i++) {
    gsize length = (gsize) g_rand_int_range (random, 0, sizeof bytes + 1);
    gsize at = 0;
    BoloIndexSum sum = {0};

    while (at < length) {
      gsize n = (gsize) g_rand_int_range (random, 1, (gint32) (length - at) + 1);

      bolo_index_sum_update (&sum, bytes + at, n);
      at += n;
    }
    g_assert_cmpuint (bolo_index_sum_get (&sum), ==, bolo_index_sum (bytes, length));
    if (length > 0) {
      guint64 before = bolo_index_sum (bytes, length);

      at = (gsize) g_rand_int_range (random, 0, (gint32) length);
      bytes[at] ^= (guint8) (1 << g_rand_int_range (random, 0, 8));
      g_assert_cmpuint (bolo_index_sum (bytes, length), !=, before);
    }
  }
  g_assert_cmpuint (bolo_index_sum ("", 0), !=, bolo_index_sum ("\0", 1));
}

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  const BoloIndexPair *first = a;
  const BoloIndexPair *second = b;

  if (first->hash != second->hash)
    return first->hash < second->hash ? -1 : 1;
  return first->place < second->place ? -1 : 1;
}

/* In memory and in files, many equal hashes among them; place counts up, so that order shows. */
static void
check_sorter (gsize run_pairs, guint n_pairs)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (n_pairs);
  g_autoptr (BoloIndexSorter) sorter = bolo_index_sorter_new (g_get_tmp_dir (), run_pairs);
  g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (BoloIndexPair));
  g_autoptr (GError) error = NULL;
  BoloIndexPair pair = {0};

  for (guint i = 0; i < n_pairs; i++) {
    pair.hash = bolo_mark_key_hash ((guint64) g_rand_int_range (random, 0, 500));
    pair.place = i;
    g_array_append_val (expected, pair);
    g_assert_true (bolo_index_sorter_add (sorter, pair.hash, pair.place, &error));
  }
  g_array_sort (expected, compare_pairs);
  g_assert_cmpuint (bolo_index_sorter_get_count (sorter), ==, n_pairs);
  g_assert_true (bolo_index_sorter_sort (sorter, &error));
  for (guint i = 0; i < n_pairs; i++) {
    const BoloIndexPair *wanted = &g_array_index (expected, BoloIndexPair, i);

    g_assert_true (bolo_index_sorter_next (sorter, &pair, &error));
    g_assert_cmpuint (pair.hash, ==, wanted->hash);
    g_assert_cmpuint (pair.place, ==, wanted->place);
  }
  g_assert_false (bolo_index_sorter_next (sorter, &pair, &error));
  g_assert_no_error (error);
}

static void
test_sorter (void)
{
  const guint counts[] = {0, 1, 2, 99, 100, 101, 1000, 20000};

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++) {
    check_sorter (100, counts[i]);
    check_sorter (30000, counts[i]);
  }
}

static void
test_sorter_without_disk (void)
{
  g_autoptr (BoloIndexSorter) sorter = bolo_index_sorter_new ("/nowhere/at/all", 1);
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_index_sorter_add (sorter, 1, 1, &error));
  g_assert_false (bolo_index_sorter_add (sorter, 2, 2, &error));
  g_assert_nonnull (error);
}

static gboolean
fits (BoloPlateRules *rules, const char *text, const char *mark)
{
  char folded[BOLO_PLATE_LENGTH_MAX + 1];
  guint length = bolo_mark_key_fold (rules, mark, folded);
  BoloIndexPattern pattern;

  g_assert_true (bolo_pattern_compile (rules, text, &pattern, NULL));
  return bolo_pattern_fits (&pattern, folded, length);
}

static void
test_patterns (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();

  g_assert_true (fits (rules, "AB?2*", "AB12CDE"));
  g_assert_true (fits (rules, "AB?2*", "ABX2"));
  g_assert_false (fits (rules, "AB?2*", "AB2"));
  g_assert_false (fits (rules, "AB?2*", "AB13CDE"));
  g_assert_true (fits (rules, "*CDE", "AB12CDE"));
  g_assert_true (fits (rules, "*CDE", "CDCDE"));
  g_assert_false (fits (rules, "*CDE", "CDCD"));
  g_assert_true (fits (rules, "A*1*E", "AB12CDE"));
  g_assert_false (fits (rules, "A*3*E", "AB12CDE"));
  g_assert_true (fits (rules, "AB12CD?", "AB12CDE"));
  g_assert_false (fits (rules, "AB12CDE?", "AB12CDE"));
  g_assert_true (fits (rules, "**AO**", "A0"));
  g_assert_true (fits (rules, "?A0", "IAO"));
}

/* The obvious way: try all. */
static gboolean
fits_slowly (const char *pattern, const char *mark)
{
  if (*pattern == '\0')
    return *mark == '\0';
  if (*pattern == '*')
    return fits_slowly (pattern + 1, mark) || (*mark != '\0' && fits_slowly (pattern, mark + 1));
  return *mark != '\0' && (*pattern == '?' || *pattern == *mark) &&
         fits_slowly (pattern + 1, mark + 1);
}

static void
test_patterns_at_random (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  guint n_fitting = 0;

  for (int i = 0; i < 200000; i++) {
    char text[9] = "";
    char mark[9] = "";
    BoloIndexPattern pattern;

    for (int k = g_rand_int_range (random, 0, 8); k >= 0; k--)
      text[k] = "ABC?*"[g_rand_int_range (random, 0, 5)];
    for (int k = g_rand_int_range (random, 0, 8); k >= 0; k--)
      mark[k] = "ABC"[g_rand_int_range (random, 0, 3)];
    if (!bolo_pattern_compile (rules, text, &pattern, NULL))
      continue;
    g_assert_cmpint (bolo_pattern_fits (&pattern, mark, (guint) strlen (mark)), ==,
                     fits_slowly (text, mark));
    n_fitting += fits_slowly (text, mark);
  }
  g_assert_cmpuint (n_fitting, >, 1000);
}

static void
test_patterns_refused (void)
{
  static const char *const texts[] = {"", "*", "A*", "?A?", "AB-*", "ab*", "AB*CDEFGHIJKL"};
  g_autoptr (BoloPlateRules) rules = load_rules ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *message = NULL;
    BoloIndexPattern pattern;

    g_assert_false (bolo_pattern_compile (rules, texts[i], &pattern, &message));
    g_assert_cmpuint (strlen (message), >, 10);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/index-parts/keys", test_keys);
  g_test_add_func ("/index-parts/sum", test_sum);
  g_test_add_func ("/index-parts/sorter", test_sorter);
  g_test_add_func ("/index-parts/sorter-without-disk", test_sorter_without_disk);
  g_test_add_func ("/index-parts/patterns", test_patterns);
  g_test_add_func ("/index-parts/patterns-at-random", test_patterns_at_random);
  g_test_add_func ("/index-parts/patterns-refused", test_patterns_refused);
  return g_test_run ();
}
