/* test-list-index.c: what a mark meets: exactly, folded, not weeded, from many threads
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-index-builder.h"
#include "bolo-list-files.h"
#include "bolo-list-index-private.h"
#include "bolo-list-parser.h"

#include <string.h>

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define MARCH_14_2026_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)

static BoloPlateRules *
load_rules (void)
{
  g_autofree char *directory = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  BoloPlateRules *rules = bolo_plate_rules_load (directory, NULL);

  g_assert_nonnull (rules);
  return rules;
}

/* Reads all of @text into the layer at @folder; how many rows were bad. */
static guint64
build (BoloPlateRules *rules, const char *folder, const char *text)
{
  g_autoptr (BoloListFormat) format = bolo_list_format_new_uk ();
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (text, -1, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloIndexBuilder) builder = bolo_index_builder_new (folder, rules, NULL, &error);
  g_autoptr (BoloListParser) parser =
    bolo_list_parser_new (stream, format, rules, BOLO_LIST_INSERT, &error);
  guint64 n_rejected = 0;
  BoloListParsed step;
  BoloListRow row;

  g_assert_no_error (error);
  while ((step = bolo_list_parser_next (parser, &row, NULL, &error)) != BOLO_LIST_PARSED_END) {
    g_assert_cmpint (step, !=, BOLO_LIST_PARSED_FAILED);
    if (step == BOLO_LIST_PARSED_REJECTED) {
      n_rejected++;
      continue;
    }
    g_assert_true (bolo_index_builder_add (builder, row.entry, row.row, &error));
    bolo_list_entry_unref (row.entry);
  }
  g_assert_true (bolo_index_builder_finish (builder, NULL, &error));
  return n_rejected;
}

static BoloListLayers *
make_list (BoloPlateRules *rules, const char *name, const char *text, gint64 dated_us)
{
  BoloListInfo info = {.name = (char *) name,
                       .kind = (char *) "stolen",
                       .revision = (char *) "r1",
                       .loaded_us = MARCH_14_2026_US,
                       .dated_us = dated_us,
                       .warn_age_us = 2 * DAY_US,
                       .stale_age_us = 3 * DAY_US};
  g_autoptr (GPtrArray) files =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_index_file_unref);
  g_autofree char *folder = g_dir_make_tmp ("bolo-index-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  BoloListLayers *layers;

  info.n_rejected = build (rules, folder, text);
  g_ptr_array_add (files, bolo_index_file_open (folder, rules, &error));
  g_assert_no_error (error);
  layers = bolo_list_layers_new (&info, files, rules, &error);
  g_assert_no_error (error);
  g_assert_true (bolo_list_files_remove_directory (folder, NULL)); /* it is mapped */
  return layers;
}

/* An index of one or two lists; the second is called "a", so that it comes first. */
static BoloListIndex *
make_index (const char *text, const char *second)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (GPtrArray) lists =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_layers_unref);

  g_ptr_array_add (lists, make_list (rules, "m", text, MARCH_14_2026_US));
  if (second != NULL)
    g_ptr_array_add (lists, make_list (rules, "a", second, MARCH_14_2026_US - DAY_US));
  return bolo_list_index_new_layers (lists, NULL, rules);
}

static const BoloMatch *
get_match (GPtrArray *matches, guint nth)
{
  g_assert_cmpuint (nth, <, matches->len);
  return g_ptr_array_index (matches, nth);
}

static void
test_exact (void)
{
  g_autoptr (BoloListIndex) index = make_index ("AB12CDE,FORD\nXY99ZZZ,VW\n", NULL);
  g_autoptr (GPtrArray) matches = bolo_list_index_match (index, "XY99ZZZ", MARCH_14_2026_US);
  g_autoptr (GPtrArray) none = bolo_list_index_match (index, "XY99ZZA", MARCH_14_2026_US);
  g_autoptr (GPtrArray) strange = bolo_list_index_match (index, "what?", MARCH_14_2026_US);
  const BoloMatch *match = get_match (matches, 0);

  g_assert_cmpuint (matches->len, ==, 1);
  g_assert_cmpint (match->kind, ==, BOLO_MATCH_EXACT);
  g_assert_cmpuint (match->n_differs, ==, 0);
  g_assert_cmpstr (match->entry->entry_id, ==, "m/2");
  g_assert_cmpstr (match->entry->list, ==, "m");
  g_assert_cmpstr (match->entry->list_kind, ==, "stolen");
  g_assert_cmpstr (match->entry->list_revision, ==, "r1");
  g_assert_cmpstr (match->entry->make, ==, "VW");
  g_assert_cmpint (match->entry->list_dated_us, ==, MARCH_14_2026_US);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (strange->len, ==, 0);
}

static void
test_folded (void)
{
  /* Not a mark of any UK syntax, so that nothing can say which of the twins is meant. */
  g_autoptr (BoloListIndex) index = make_index ("XO1IXXXX\n", NULL);
  g_autoptr (GPtrArray) matches = bolo_list_index_match (index, "X0IIXXXX", MARCH_14_2026_US);
  g_autoptr (GPtrArray) near = bolo_list_index_match (index, "X01IXXXY", MARCH_14_2026_US);
  const BoloMatch *match = get_match (matches, 0);

  g_assert_cmpint (match->kind, ==, BOLO_MATCH_FOLDED);
  g_assert_cmpuint (match->n_differs, ==, 2);
  g_assert_cmpuint (match->differs[0], ==, 1);
  g_assert_cmpuint (match->differs[1], ==, 2);
  g_assert_cmpuint (near->len, ==, 0);
}

static void
test_twins_of_a_syntax_are_exact (void)
{
  g_autoptr (BoloListIndex) index = make_index ("AB12CD0\n", NULL);
  g_autoptr (GPtrArray) as_read = bolo_list_index_match (index, "AB12CDO", MARCH_14_2026_US);
  g_autoptr (GPtrArray) as_listed = bolo_list_index_match (index, "AB12CD0", MARCH_14_2026_US);

  g_assert_cmpint (get_match (as_read, 0)->kind, ==, BOLO_MATCH_EXACT);
  g_assert_cmpint (get_match (as_listed, 0)->kind, ==, BOLO_MATCH_EXACT);
}

static void
test_weeded (void)
{
  g_autoptr (BoloListIndex) index =
    make_index ("AB12CDE,,,,STOP,,,,,,13/03/2026\nAB12CDE,,,,STOP,,,,,,14/03/2026\n", NULL);
  g_autoptr (GPtrArray) day = bolo_list_index_match (index, "AB12CDE", MARCH_14_2026_US);
  g_autoptr (GPtrArray) last =
    bolo_list_index_match (index, "AB12CDE", MARCH_14_2026_US + DAY_US - 1);
  g_autoptr (GPtrArray) over = bolo_list_index_match (index, "AB12CDE", MARCH_14_2026_US + DAY_US);

  g_assert_cmpuint (day->len, ==, 1);
  g_assert_cmpstr (get_match (day, 0)->entry->entry_id, ==, "m/2");
  g_assert_cmpuint (last->len, ==, 1);
  g_assert_cmpuint (over->len, ==, 0);
  g_assert_cmpuint (bolo_list_index_count_weeded (index, NULL, MARCH_14_2026_US), ==, 1);
  g_assert_cmpuint (bolo_list_index_count_weeded (index, "m", MARCH_14_2026_US + DAY_US), ==, 2);
  g_assert_cmpuint (bolo_list_index_count_weeded (index, "other", MARCH_14_2026_US), ==, 0);
}

static void
test_covert_is_marked (void)
{
  g_autoptr (BoloListIndex) index = make_index ("AB12CDE,,,,SILENT\nAB12CDF,,,,STOP\n", NULL);
  g_autoptr (GPtrArray) matches = bolo_list_index_match (index, "AB12CDE", MARCH_14_2026_US);

  g_assert_true (get_match (matches, 0)->entry->is_covert);
  g_assert_cmpuint (bolo_list_index_get_list (index, 0)->n_covert, ==, 1);
}

static void
test_order (void)
{
  g_autoptr (BoloListIndex) index =
    make_index ("XO1XXXXX,one\nX01XXXXX,two\nX01XXXXX,three\n", "XOIXXXXX,four\nX01XXXXX,five\n");
  g_autoptr (GPtrArray) matches = bolo_list_index_match (index, "X01XXXXX", MARCH_14_2026_US);
  static const char *const makes[] = {"five", "two", "three", "four", "one"};

  g_assert_cmpuint (matches->len, ==, G_N_ELEMENTS (makes));
  for (guint i = 0; i < G_N_ELEMENTS (makes); i++) {
    g_assert_cmpstr (get_match (matches, i)->entry->make, ==, makes[i]);
    g_assert_cmpint (get_match (matches, i)->kind, ==,
                     i < 3 ? BOLO_MATCH_EXACT : BOLO_MATCH_FOLDED);
  }
}

static void
test_many_rows (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (BoloListIndex) index = NULL;

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, "A%uXYZ,make%u\n", i, i);
  index = make_index (text->str, NULL);
  g_assert_cmpuint (bolo_list_index_get_n_entries (index), ==, 20000);
  for (guint i = 0; i < 20000; i += 997) {
    g_autofree char *mark = g_strdup_printf ("A%uXYZ", i);
    g_autofree char *make = g_strdup_printf ("make%u", i);
    g_autoptr (GPtrArray) matches = bolo_list_index_match (index, mark, MARCH_14_2026_US);

    g_assert_cmpuint (matches->len, ==, 1);
    g_assert_cmpstr (get_match (matches, 0)->entry->make, ==, make);
  }
}

static void
test_same_mark_without_end (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (BoloListIndex) index = NULL;
  g_autoptr (GPtrArray) matches = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append (text, "AB12CDE\n");
  index = make_index (text->str, NULL);
  matches = bolo_list_index_match (index, "AB12CDE", MARCH_14_2026_US);
  g_assert_cmpuint (matches->len, ==, 64);
}

static void
test_lists (void)
{
  g_autoptr (BoloListIndex) index = make_index ("AB12CDE\n,bad\n", "AB12CDF\nAB12CDG\n");

  g_assert_cmpuint (bolo_list_index_get_n_lists (index), ==, 2);
  g_assert_cmpstr (bolo_list_index_get_list (index, 0)->name, ==, "a");
  g_assert_cmpstr (bolo_list_index_get_list (index, 0)->title, ==, "a");
  g_assert_cmpuint (bolo_list_index_find_list (index, "m")->n_rejected, ==, 1);
  g_assert_null (bolo_list_index_find_list (index, "x"));
}

static void
test_health (void)
{
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GPtrArray) failures = g_ptr_array_new ();
  g_autoptr (BoloListIndex) empty = bolo_list_index_new_layers (none, NULL, rules);
  g_autoptr (BoloListIndex) full = make_index ("AB12CDE\n", "AB12CDF\n");
  g_autoptr (BoloListIndex) failed = NULL;
  g_autoptr (BoloHealth) lost = bolo_list_index_get_health (empty, MARCH_14_2026_US);
  g_autoptr (BoloHealth) good = bolo_list_index_get_health (full, MARCH_14_2026_US);
  g_autoptr (BoloHealth) broken = NULL;

  g_ptr_array_add (failures, (gpointer) "voi");
  failed = bolo_list_index_new_layers (none, failures, rules);
  broken = bolo_list_index_get_health (failed, MARCH_14_2026_US);
  g_assert_cmpint (lost->state, ==, BOLO_HEALTH_LOST);
  g_assert_cmpint (good->state, ==, BOLO_HEALTH_OK);
  g_assert_nonnull (strstr (broken->detail, "voi"));
  g_assert_nonnull (broken->remedy);
}

/* By its limits a list is warned of, then stale, and each hit says so. */
static void
test_ages (void)
{
  static const struct {
    gint64 days;
    BoloListAge age;
    BoloHealthState state;
    const char *words;
  } cases[] = {
    {0, BOLO_LIST_FRESH, BOLO_HEALTH_OK, "in force"},
    {2, BOLO_LIST_FRESH, BOLO_HEALTH_OK, "in force"},
    {3, BOLO_LIST_OLD, BOLO_HEALTH_DEGRADED, "is 72 hours old"},
    {4, BOLO_LIST_STALE, BOLO_HEALTH_DEGRADED, "is stale"},
  };
  g_autoptr (BoloListIndex) index = make_index ("AB12CDE\n", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 now_us = MARCH_14_2026_US + cases[i].days * DAY_US;
    g_autoptr (BoloHealth) health = bolo_list_index_get_health (index, now_us);
    g_autoptr (GPtrArray) matches = NULL;

    g_assert_cmpint (bolo_list_info_get_age (bolo_list_index_get_list (index, 0), now_us), ==,
                     cases[i].age);
    g_assert_cmpint (health->state, ==, cases[i].state);
    g_assert_nonnull (strstr (health->detail, cases[i].words));
    matches = bolo_list_index_match (index, "AB12CDE", now_us);
    g_assert_cmpuint (matches->len, ==, 1);
    g_assert_cmpint (((BoloMatch *) g_ptr_array_index (matches, 0))->age, ==, cases[i].age);
  }
  g_assert_cmpstr (bolo_list_age_to_string (BOLO_LIST_FRESH), ==, "fresh");
  g_assert_cmpstr (bolo_list_age_to_string (BOLO_LIST_OLD), ==, "old");
  g_assert_cmpstr (bolo_list_age_to_string (BOLO_LIST_STALE), ==, "stale");
}

static gpointer
match_many (gpointer data)
{
  BoloListIndex *index = data;
  guint n_found = 0;

  for (guint i = 0; i < 2000; i++) {
    g_autoptr (GPtrArray) matches = bolo_list_index_match (index, "AB12CDE", MARCH_14_2026_US);

    n_found += matches->len;
  }
  return GUINT_TO_POINTER (n_found);
}

static void
test_threads (void)
{
  g_autoptr (BoloListIndex) index = make_index ("AB12CDE,FORD,FOCUS\nAB12CDF\n", NULL);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("match", match_many, index);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (threads[i])), ==, 2000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list-index/exact", test_exact);
  g_test_add_func ("/list-index/folded", test_folded);
  g_test_add_func ("/list-index/twins", test_twins_of_a_syntax_are_exact);
  g_test_add_func ("/list-index/weeded", test_weeded);
  g_test_add_func ("/list-index/covert", test_covert_is_marked);
  g_test_add_func ("/list-index/order", test_order);
  g_test_add_func ("/list-index/many-rows", test_many_rows);
  g_test_add_func ("/list-index/same-mark", test_same_mark_without_end);
  g_test_add_func ("/list-index/lists", test_lists);
  g_test_add_func ("/list-index/health", test_health);
  g_test_add_func ("/list-index/ages", test_ages);
  g_test_add_func ("/list-index/threads", test_threads);
  return g_test_run ();
}
