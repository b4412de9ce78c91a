/* test-match-property.c: the index against a matcher that is slow and obvious, on random lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Usage: test-match-property [READS [SEED]]; with READS it makes that many instead of a few.
 */
#include "bolo-list-files.h"
#include "bolo-list-index-private.h"
#include "bolo-slow-matcher.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)
#define READS_PER_WORLD 1000
#define READS_BY_DEFAULT 40000

/* World: some random lists, once as files with overlays, once as plain arrays. */
typedef struct {
  GRand *random;
  BoloPlateRules *rules;
  char *folder;
  const char *alphabet;
  guint n_lists;
  GPtrArray *layers; /* of BoloListLayers */
  GPtrArray *plain;  /* of BoloSlowList */
  guint n_files;
} World;

/* Few characters and short marks, so that things meet. */
static void
make_mark (World *world, char *mark, guint longest)
{
  guint length = (guint) g_rand_int_range (world->random, 1, (gint32) longest + 1);
  gint32 n_letters = (gint32) strlen (world->alphabet);

  for (guint i = 0; i < length; i++)
    mark[i] = world->alphabet[g_rand_int_range (world->random, 0, n_letters)];
  mark[length] = '\0';
}

static void
make_pattern (World *world, char *pattern)
{
  make_mark (world, pattern, 6);
  for (char *cursor = pattern; *cursor != '\0'; cursor++) {
    int dice = g_rand_int_range (world->random, 0, 5);

    if (dice < 2)
      *cursor = "?*"[dice];
  }
}

static BoloListEntry *
make_entry (World *world)
{
  BoloListEntry *entry = bolo_list_entry_new ();
  char mark[BOLO_PLATE_LENGTH_MAX + 1] = "";

  entry->is_pattern = g_rand_int_range (world->random, 0, 5) == 0;
  if (entry->is_pattern)
    make_pattern (world, mark);
  else
    make_mark (world, mark, g_rand_int_range (world->random, 0, 20) == 0 ? 12 : 6);
  entry->plate = g_strdup (mark);
  entry->pnc_id = g_strdup_printf ("id%d", g_rand_int_range (world->random, 0, 20));
  entry->is_covert = g_rand_boolean (world->random);
  if (g_rand_int_range (world->random, 0, 4) == 0)
    entry->weed_us = NOW_US + g_rand_int_range (world->random, -2, 3);
  return entry;
}

/* Some entries are taken away by mark, by id or by both. */
static void
remove_some (World *world, BoloIndexBuilder *builder, BoloSlowList *plain)
{
  for (int i = g_rand_int_range (world->random, 0, 6); i > 0; i--) {
    int how = g_rand_int_range (world->random, 1, 4);
    g_autofree char *id = g_strdup_printf ("id%d", g_rand_int_range (world->random, 0, 20));
    char mark[BOLO_PLATE_LENGTH_MAX + 1] = "";
    const char *mark_or_none = how & 1 ? mark : NULL;
    const char *id_or_none = how & 2 ? id : NULL;

    if (g_rand_int_range (world->random, 0, 5) == 0)
      make_pattern (world, mark);
    else
      make_mark (world, mark, 3);
    g_assert_true (bolo_index_builder_remove (builder, mark_or_none, id_or_none, NULL));
    bolo_slow_list_remove (plain, mark_or_none, id_or_none);
  }
}

static BoloIndexFile *
build_layer (World *world, GPtrArray *below, BoloSlowList *plain)
{
  g_autofree char *name = g_strdup_printf ("%u", world->n_files++);
  g_autofree char *folder = g_build_filename (world->folder, name, NULL);
  g_autoptr (BoloIndexBuilder) builder = NULL;
  g_autoptr (GError) error = NULL;
  guint64 row_base = bolo_slow_list_get_row_max (plain);
  BoloIndexFile *file;
  int n_entries = g_rand_int_range (world->random, 0, below->len == 0 ? 300 : 20);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  builder = bolo_index_builder_new (folder, world->rules, below, &error);
  g_assert_no_error (error);
  if (below->len > 0)
    remove_some (world, builder, plain);
  for (int i = 1; i <= n_entries; i++) {
    g_autoptr (BoloListEntry) entry = make_entry (world);
    gboolean is_taken = bolo_index_builder_add (builder, entry, (guint64) i, NULL);

    g_assert_cmpint (is_taken, ==, bolo_slow_list_add (plain, entry, row_base + (guint64) i));
  }
  bolo_slow_list_end_layer (plain);
  g_assert_true (bolo_index_builder_finish (builder, NULL, &error));
  g_assert_no_error (error);
  file = bolo_index_file_open (folder, world->rules, &error);
  g_assert_no_error (error);
  return file;
}

/* Rules from strict to looser than anyone would have them. */
static void
make_rules (World *world, BoloMatchRules *rules)
{
  bolo_match_rules_init (rules);
  rules->has_folded = g_rand_int_range (world->random, 0, 4) > 0;
  rules->has_edits = g_rand_boolean (world->random);
  for (guint i = 0; g_rand_boolean (world->random) && i <= BOLO_PLATE_LENGTH_MAX; i++)
    rules->near_limit[i] = (guint32) g_rand_int_range (world->random, 0, 12000);
}

/* As after many deltas: the overlays become one, or all becomes a new base. */
static void
merge_some (World *world, const BoloListInfo *info, GPtrArray *files)
{
  BoloListMerge merge = (BoloListMerge) g_rand_int_range (world->random, 0, 3);
  g_autofree char *name = g_strdup_printf ("%u", world->n_files++);
  g_autofree char *folder = g_build_filename (world->folder, name, NULL);
  g_autoptr (BoloListLayers) layers = NULL;
  g_autoptr (GError) error = NULL;

  if (merge == BOLO_LIST_MERGE_NOTHING)
    return;
  layers = bolo_list_layers_new (info, files, world->rules, NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (bolo_list_layers_merge (layers, merge, folder, NULL, NULL, &error));
  g_assert_no_error (error);
  g_ptr_array_set_size (files, merge == BOLO_LIST_MERGE_CHANGES ? 1 : 0);
  g_ptr_array_add (files, bolo_index_file_open (folder, world->rules, &error));
  g_assert_no_error (error);
}

static void
add_list (World *world, const char *name)
{
  g_autoptr (GPtrArray) files =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_index_file_unref);
  BoloMatchRules rules;
  const BoloListInfo info = {.name = (char *) name, .match_rules = &rules};
  BoloSlowList *plain;
  BoloListLayers *layers;

  make_rules (world, &rules);
  plain = bolo_slow_list_new (name, world->rules, &rules);
  for (int n = g_rand_int_range (world->random, 1, 4); n > 0; n--)
    g_ptr_array_add (files, build_layer (world, files, plain));
  merge_some (world, &info, files);
  layers = bolo_list_layers_new (&info, files, world->rules, NULL);
  g_assert_nonnull (layers);
  g_assert_cmpuint (bolo_list_layers_get_info (layers)->n_entries, ==,
                    bolo_slow_list_count (plain, G_MAXINT64));
  g_assert_cmpuint (bolo_list_layers_count_weeded (layers, NOW_US), ==,
                    bolo_slow_list_count (plain, NOW_US));
  g_ptr_array_add (world->layers, layers);
  g_ptr_array_add (world->plain, plain);
}

static void
assert_same (const BoloMatchQuery *query, GPtrArray *fast, GPtrArray *slow)
{
  g_autofree char *told_fast = bolo_slow_tell (fast);
  g_autofree char *told_slow = bolo_slow_tell (slow);

  if (strcmp (told_fast, told_slow) != 0)
    g_printerr ("read %s\n", query->text);
  g_assert_cmpstr (told_fast, ==, told_slow);
}

static void
make_characters (World *world, const char *text, BoloReadCharacter *characters)
{
  static const float probabilities[] = {1, 0.999f, 0.9f, 0.6f, 0.3f, 0};
  gint32 n_letters = (gint32) strlen (world->alphabet);

  for (guint i = 0; text[i] != '\0'; i++) {
    characters[i] = (BoloReadCharacter){.character = text[i]};
    characters[i].probability =
      probabilities[g_rand_int_range (world->random, 0, G_N_ELEMENTS (probabilities))];
    for (int k = g_rand_int_range (world->random, 0, BOLO_ALTERNATIVES_MAX + 1) - 1; k >= 0; k--) {
      characters[i].alternatives[k].character =
        world->alphabet[g_rand_int_range (world->random, 0, n_letters)];
      characters[i].alternatives[k].probability = (float) g_rand_double (world->random);
    }
  }
}

static void
check_reads (World *world, guint n_reads)
{
  g_autoptr (BoloListIndex) index = bolo_list_index_new_layers (world->layers, NULL, world->rules);

  for (guint i = 0; i < n_reads; i++) {
    char text[BOLO_PLATE_LENGTH_MAX + 1] = "";
    BoloReadCharacter characters[BOLO_PLATE_LENGTH_MAX];
    BoloMatchQuery query = {.text = text,
                            .leaves_near = g_rand_int_range (world->random, 0, 10) == 0,
                            .now_us = NOW_US,
                            .loosest = (BoloMatchKind) g_rand_int_range (world->random, 0, 4)};
    BoloMatchCounts fast_counts;
    BoloMatchCounts slow_counts;
    g_autoptr (GPtrArray) fast = NULL;
    g_autoptr (GPtrArray) slow = NULL;

    make_mark (world, text, g_rand_int_range (world->random, 0, 50) == 0 ? 12 : 6);
    if (g_rand_int_range (world->random, 0, 4) > 0) {
      make_characters (world, text, characters);
      query.characters = characters;
      query.n_characters = (guint) strlen (text);
    }
    fast = bolo_list_index_match_reading (index, &query, &fast_counts);
    slow = bolo_slow_match (world->plain, world->rules, &query, &slow_counts);
    assert_same (&query, fast, slow);
    g_assert_cmpuint (fast_counts.n_weeded, ==, slow_counts.n_weeded);
    g_assert_cmpuint (fast_counts.n_damaged, ==, 0);
  }
}

/* In memory where the machine has such a place: these files need not outlive a power cut. */
static char *
make_folder (void)
{
  char *folder = g_strdup ("/dev/shm/bolo-property-XXXXXX");

  if (g_mkdtemp (folder) != NULL)
    return folder;
  g_free (folder);
  return g_dir_make_tmp ("bolo-property-XXXXXX", NULL);
}

static void
run_world (guint32 seed, guint n_reads)
{
  static const char *const alphabets[] = {"AB", "AO0I1", "AB018", "0123456789ABCDEFGHIJKLMNOPQ"};
  g_autofree char *plate = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  World world = {.random = g_rand_new_with_seed (seed),
                 .rules = bolo_plate_rules_load (plate, NULL),
                 .folder = make_folder ()};

  world.alphabet = alphabets[seed % G_N_ELEMENTS (alphabets)];
  world.layers = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_layers_unref);
  world.plain = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_slow_list_free);
  for (int n = g_rand_int_range (world.random, 1, 4), i = 0; i < n; i++) {
    const char name[] = {(char) ('a' + i), '\0'};

    add_list (&world, name);
  }
  check_reads (&world, n_reads);
  g_ptr_array_unref (world.layers);
  g_ptr_array_unref (world.plain);
  bolo_plate_rules_unref (world.rules);
  g_assert_true (bolo_list_files_remove_directory (world.folder, NULL));
  g_free (world.folder);
  g_rand_free (world.random);
}

typedef struct {
  guint64 n_reads;
  guint32 seed;
} Amount;

static void
test_worlds (gconstpointer data)
{
  const Amount *amount = data;

  for (guint64 done = 0; done < amount->n_reads; done += READS_PER_WORLD)
    run_world (amount->seed + (guint32) (done / READS_PER_WORLD), READS_PER_WORLD);
  g_test_message ("%" G_GUINT64_FORMAT " reads, no difference", amount->n_reads);
}

int
main (int argc, char *argv[])
{
  Amount amount = {READS_BY_DEFAULT, 1};

  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    amount.n_reads = g_ascii_strtoull (argv[1], NULL, 10);
  if (argc > 2)
    amount.seed = (guint32) g_ascii_strtoull (argv[2], NULL, 10);
  g_test_add_data_func ("/match-property/worlds", &amount, test_worlds);
  return g_test_run ();
}
