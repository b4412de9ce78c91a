/* test-list-layers.c: lists on disk: built, opened, overlaid, merged, matched and damaged
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-list-files.h"
#include "bolo-list-index-private.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define NOW_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)

typedef struct {
  char *folder;
  BoloPlateRules *rules;
  GPtrArray *files; /* of BoloIndexFile */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *plate = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);

  fixture->folder = g_dir_make_tmp ("bolo-layers-XXXXXX", NULL);
  fixture->rules = bolo_plate_rules_load (plate, NULL);
  fixture->files = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_index_file_unref);
  g_assert_nonnull (fixture->rules);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_unref (fixture->files);
  bolo_plate_rules_unref (fixture->rules);
  g_assert_true (bolo_list_files_remove_directory (fixture->folder, NULL));
  g_free (fixture->folder);
}

/* A folder for the next layer. (transfer full) */
static char *
make_folder (Fixture *fixture, const char *name)
{
  char *folder = g_build_filename (fixture->folder, name, NULL);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  return folder;
}

static void
add (BoloIndexBuilder *builder, const char *plate, guint64 row, const char *id)
{
  g_autoptr (BoloListEntry) entry = bolo_list_entry_new ();
  g_autoptr (GError) error = NULL;

  entry->plate = g_strdup (plate);
  entry->is_pattern = strpbrk (plate, "?*") != NULL;
  entry->pnc_id = g_strdup (id);
  g_assert_true (bolo_index_builder_add (builder, entry, row, &error));
  g_assert_no_error (error);
}

static BoloIndexBuilder *
begin (Fixture *fixture, const char *name)
{
  g_autofree char *folder = make_folder (fixture, name);
  g_autoptr (GError) error = NULL;
  BoloIndexBuilder *builder =
    bolo_index_builder_new (folder, fixture->rules, fixture->files, &error);

  g_assert_no_error (error);
  return builder;
}

static void
end (Fixture *fixture, BoloIndexBuilder *builder, const char *name, BoloIndexSummary *summary)
{
  g_autofree char *folder = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  BoloIndexFile *file;

  g_assert_true (bolo_index_builder_finish (builder, summary, &error));
  g_assert_no_error (error);
  bolo_index_builder_free (builder);
  file = bolo_index_file_open (folder, fixture->rules, &error);
  g_assert_no_error (error);
  g_assert_true (bolo_index_file_verify (file, &error));
  g_assert_no_error (error);
  g_ptr_array_add (fixture->files, file);
}

static BoloListLayers *
make_layers (Fixture *fixture, const char *name)
{
  const BoloListInfo info = {.name = (char *) name,
                             .kind = (char *) "stolen",
                             .revision = (char *) "r1",
                             .signer = (char *) "key",
                             .trust = BOLO_TRUST_SIGNED,
                             .loaded_us = NOW_US,
                             .dated_us = NOW_US - 1};
  g_autoptr (GError) error = NULL;
  BoloListLayers *layers = bolo_list_layers_new (&info, fixture->files, fixture->rules, &error);

  g_assert_no_error (error);
  return layers;
}

/* (transfer full): "exact:m/1 folded:m/2[3]" */
static char *
tell (GPtrArray *matches)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < matches->len; i++) {
    const BoloMatch *match = g_ptr_array_index (matches, i);

    g_string_append_printf (text, "%s%s:%s", i > 0 ? " " : "",
                            bolo_match_kind_to_string (match->kind), match->entry->entry_id);
    for (guint k = 0; k < match->n_differs; k++)
      g_string_append_printf (text, "[%u]", match->differs[k]);
  }
  return g_string_free (text, FALSE);
}

static void
assert_match (Fixture *fixture, const char *read, const char *expected)
{
  g_autoptr (BoloListLayers) layers = make_layers (fixture, "m");
  g_autoptr (GPtrArray) lists = g_ptr_array_new ();
  g_autoptr (BoloListIndex) index = NULL;
  g_autoptr (GPtrArray) matches = NULL;
  g_autofree char *text = NULL;

  g_ptr_array_add (lists, layers);
  index = bolo_list_index_new_layers (lists, NULL, fixture->rules);
  matches = bolo_list_index_match (index, read, NOW_US);
  text = tell (matches);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_base (Fixture *fixture, gconstpointer data)
{
  BoloIndexBuilder *builder = begin (fixture, "base");
  BoloIndexSummary summary;

  add (builder, "AB12CDE", 1, NULL);
  add (builder, "XOIIXXXX", 2, NULL);
  add (builder, "AB12CDE", 3, NULL);
  add (builder, "X0IIXXXX", 4, NULL);
  add (builder, "AB1?CD*", 5, NULL);
  add (builder, "AB12CDO", 6, NULL);
  end (fixture, builder, "base", &summary);
  g_assert_cmpuint (summary.n_entries, ==, 6);
  g_assert_cmpuint (summary.n_patterns, ==, 1);
  assert_match (fixture, "AB12CDE", "exact:m/1 exact:m/3 pattern:m/5");
  assert_match (fixture, "X0IIXXXX", "exact:m/4 folded:m/2[1]");
  assert_match (fixture, "AB12CD0", "exact:m/6 pattern:m/5");
  assert_match (fixture, "ZZ99ZZZ", "");
  assert_match (fixture, "what?", "");
  assert_match (fixture, "", "");
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  end (fixture, begin (fixture, "base"), "base", NULL);
  assert_match (fixture, "AB12CDE", "");
}

static void
test_entry_of_its_list (Fixture *fixture, gconstpointer data)
{
  BoloIndexBuilder *builder = begin (fixture, "base");
  g_autoptr (BoloListLayers) layers = NULL;
  g_autoptr (BoloListEntry) entry = NULL;

  add (builder, "AO12", 9, "id");
  end (fixture, builder, "base", NULL);
  layers = make_layers (fixture, "m");
  entry = bolo_list_layers_make_entry (layers, (BoloListPlace){0, BOLO_INDEX_PLACE_FIRST});
  g_assert_cmpstr (entry->list, ==, "m");
  g_assert_cmpstr (entry->list_kind, ==, "stolen");
  g_assert_cmpstr (entry->entry_id, ==, "m/9");
  g_assert_cmpstr (entry->plate_folded, ==, "A012");
  g_assert_cmpstr (entry->list_revision, ==, "r1");
  g_assert_cmpstr (entry->list_signer, ==, "key");
  g_assert_cmpint (entry->list_trust, ==, BOLO_TRUST_SIGNED);
  g_assert_cmpint (entry->list_loaded_us, ==, NOW_US);
  g_assert_cmpint (entry->list_dated_us, ==, NOW_US - 1);
  g_assert_cmpstr (bolo_list_layers_get_info (layers)->title, ==, "m");
  g_assert_cmpuint (bolo_list_layers_get_info (layers)->n_entries, ==, 1);
}

static void
test_refused_entries (Fixture *fixture, gconstpointer data)
{
  static const char *const plates[] = {"", "ab12", "AB 12", "ABCDEFGHIJKLM", "?1", "A*"};
  BoloIndexBuilder *builder = begin (fixture, "base");

  for (gsize i = 0; i < G_N_ELEMENTS (plates); i++) {
    g_autoptr (BoloListEntry) entry = bolo_list_entry_new ();
    g_autoptr (GError) error = NULL;

    entry->plate = g_strdup (plates[i]);
    entry->is_pattern = strpbrk (plates[i], "?*") != NULL;
    g_assert_false (bolo_index_builder_add (builder, entry, 1, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  }
  add (builder, "AB12CDE", 2, NULL);
  end (fixture, builder, "base", NULL);
  assert_match (fixture, "AB12CDE", "exact:m/2");
}

/* What was not finished leaves nothing behind. */
static void
test_unfinished (Fixture *fixture, gconstpointer data)
{
  BoloIndexBuilder *builder = begin (fixture, "base");
  g_autofree char *folder = g_build_filename (fixture->folder, "base", NULL);
  g_autoptr (GError) error = NULL;

  add (builder, "AB12CDE", 1, NULL);
  bolo_index_builder_free (builder);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_null (bolo_index_file_open (folder, fixture->rules, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (bolo_index_builder_new (folder, fixture->rules, NULL, &error));
  g_assert_nonnull (error);
}

static void
build_base_for_deltas (Fixture *fixture)
{
  BoloIndexBuilder *builder = begin (fixture, "base");

  add (builder, "AB12CDE", 1, "one");
  add (builder, "AB12CDE", 2, "two");
  add (builder, "CD34EFG", 3, "one");
  add (builder, "AB1*", 4, "star");
  add (builder, "GH56JKL", 5, "five");
  end (fixture, builder, "base", NULL);
}

static void
remove_one (BoloIndexBuilder *builder, const char *mark, const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_index_builder_remove (builder, mark, id, &error));
  g_assert_no_error (error);
}

static void
test_overlays (Fixture *fixture, gconstpointer data)
{
  BoloIndexBuilder *builder;
  BoloIndexSummary summary;
  g_autoptr (BoloListLayers) layers = NULL;

  build_base_for_deltas (fixture);
  builder = begin (fixture, "first");
  add (builder, "AB12CDE", 1, "three");
  remove_one (builder, "AB12CDE", "one");
  remove_one (builder, "AB12CDE", "one");
  remove_one (builder, "ZZ99ZZZ", NULL);
  end (fixture, builder, "first", &summary);
  g_assert_cmpuint (summary.n_removed, ==, 1);
  assert_match (fixture, "AB12CDE", "exact:m/2 exact:m/6 pattern:m/4");

  /* What an overlay added, a later one takes away; its own it keeps. */
  builder = begin (fixture, "second");
  add (builder, "CD34EFG", 1, "one");
  remove_one (builder, "AB12CDE", NULL);
  remove_one (builder, NULL, "one");
  remove_one (builder, "AB1*", NULL);
  end (fixture, builder, "second", &summary);
  g_assert_cmpuint (summary.n_removed, ==, 4);
  assert_match (fixture, "AB12CDE", "");
  assert_match (fixture, "CD34EFG", "exact:m/7");
  layers = make_layers (fixture, "m");
  g_assert_cmpuint (bolo_list_layers_get_info (layers)->n_entries, ==, 2);
  g_assert_cmpint (bolo_list_layers_get_due_merge (layers), ==, BOLO_LIST_MERGE_ALL);
}

static void
test_overlay_of_another_base (Fixture *fixture, gconstpointer data)
{
  const BoloListInfo info = {.name = (char *) "m"};
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  BoloIndexBuilder *builder;

  build_base_for_deltas (fixture);
  builder = begin (fixture, "first");
  remove_one (builder, "AB12CDE", NULL);
  end (fixture, builder, "first", NULL);
  g_ptr_array_add (files, g_ptr_array_index (fixture->files, 1));
  g_assert_null (bolo_list_layers_new (&info, files, fixture->rules, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
}

static void
test_merge (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = NULL;
  g_autoptr (BoloListLayers) layers = NULL;
  g_autoptr (GError) error = NULL;
  BoloIndexBuilder *builder;
  BoloIndexSummary summary;
  int is_cancelled = TRUE;

  build_base_for_deltas (fixture);
  builder = begin (fixture, "first");
  add (builder, "AB12CDE", 1, "three");
  remove_one (builder, "AB12CDE", "one");
  end (fixture, builder, "first", NULL);
  layers = make_layers (fixture, "m");
  folder = make_folder (fixture, "merged");
  g_assert_false (
    bolo_list_layers_merge (layers, BOLO_LIST_MERGE_ALL, folder, &is_cancelled, NULL, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_BUSY);
  g_clear_error (&error);
  is_cancelled = FALSE;
  g_assert_true (
    bolo_list_layers_merge (layers, BOLO_LIST_MERGE_ALL, folder, &is_cancelled, &summary, &error));
  g_assert_cmpuint (summary.n_entries, ==, 5);
  g_ptr_array_set_size (fixture->files, 0);
  g_ptr_array_add (fixture->files, bolo_index_file_open (folder, fixture->rules, &error));
  g_assert_no_error (error);
  assert_match (fixture, "AB12CDE", "exact:m/2 exact:m/6 pattern:m/4");
  assert_match (fixture, "GH56JKL", "exact:m/5");
}

/* A long list with a few changes now and then: they become one overlay, the base stays. */
static void
test_merge_changes (Fixture *fixture, gconstpointer data)
{
  BoloIndexBuilder *builder = begin (fixture, "base");
  g_autofree char *folder = NULL;
  g_autoptr (BoloListLayers) layers = NULL;
  g_autoptr (GError) error = NULL;
  BoloIndexSummary summary;

  for (guint i = 1; i <= 1000; i++) {
    g_autofree char *plate = g_strdup_printf ("AB%uCDE", i);

    add (builder, plate, i, NULL);
  }
  end (fixture, builder, "base", NULL);
  for (guint i = 1; i <= BOLO_LIST_LAYERS_MAX; i++) {
    g_autofree char *name = g_strdup_printf ("change%u", i);
    g_autofree char *gone = g_strdup_printf ("AB%uCDE", i);
    g_autofree char *earlier = g_strdup_printf ("XY%uZZZ", i - 1);
    g_autofree char *added = g_strdup_printf ("XY%uZZZ", i);

    layers = make_layers (fixture, "m");
    g_assert_cmpint (bolo_list_layers_get_due_merge (layers), ==, BOLO_LIST_MERGE_NOTHING);
    g_clear_pointer (&layers, bolo_list_layers_unref);
    builder = begin (fixture, name);
    remove_one (builder, gone, NULL);
    remove_one (builder, earlier, NULL);
    add (builder, added, 1, NULL);
    add (builder, "AB1000CDE", 2, NULL);
    end (fixture, builder, name, NULL);
  }
  layers = make_layers (fixture, "m");
  g_assert_cmpint (bolo_list_layers_get_due_merge (layers), ==, BOLO_LIST_MERGE_CHANGES);
  folder = make_folder (fixture, "merged");
  g_assert_true (
    bolo_list_layers_merge (layers, BOLO_LIST_MERGE_CHANGES, folder, NULL, &summary, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (summary.n_entries, ==, 1 + BOLO_LIST_LAYERS_MAX);
  g_assert_cmpuint (summary.n_removed, ==, BOLO_LIST_LAYERS_MAX);
  g_ptr_array_set_size (fixture->files, 1);
  g_ptr_array_add (fixture->files, bolo_index_file_open (folder, fixture->rules, &error));
  g_assert_no_error (error);
  assert_match (fixture, "AB8CDE", "");
  assert_match (fixture, "AB9CDE", "exact:m/9");
  assert_match (fixture, "XY7ZZZ", "");
  assert_match (fixture, "XY8ZZZ", "exact:m/1015");
  assert_match (fixture, "AB1000CDE",
                "exact:m/1000 exact:m/1002 exact:m/1004 exact:m/1006 exact:m/1008 exact:m/1010 "
                "exact:m/1012 exact:m/1014 exact:m/1016");
  g_clear_pointer (&layers, bolo_list_layers_unref);
  layers = make_layers (fixture, "m");
  g_assert_cmpuint (bolo_list_layers_get_info (layers)->n_entries, ==, 1001);
}

static void
test_counts (Fixture *fixture, gconstpointer data)
{
  BoloIndexBuilder *builder = begin (fixture, "base");
  g_autoptr (BoloListLayers) layers = NULL;
  g_autoptr (GPtrArray) lists = g_ptr_array_new ();
  g_autoptr (BoloListIndex) index = NULL;
  g_autoptr (GPtrArray) matches = NULL;
  BoloMatchQuery query = {.text = "AB12CDE", .loosest = BOLO_MATCH_PATTERN};
  BoloMatchCounts counts;

  for (int i = 0; i < 100; i++) {
    g_autoptr (BoloListEntry) entry = bolo_list_entry_new ();

    entry->plate = g_strdup ("AB12CDE");
    entry->weed_us = i < 30 ? NOW_US + i : G_MAXINT64;
    entry->is_covert = i % 10 == 0;
    g_assert_true (bolo_index_builder_add (builder, entry, (guint64) i + 1, NULL));
  }
  end (fixture, builder, "base", NULL);
  builder = begin (fixture, "first");
  add (builder, "XX11XXX", 1, NULL);
  end (fixture, builder, "first", NULL);
  layers = make_layers (fixture, "m");
  g_ptr_array_add (lists, layers);
  index = bolo_list_index_new_layers (lists, NULL, fixture->rules);
  g_assert_cmpuint (bolo_list_index_get_n_entries (index), ==, 101);
  g_assert_cmpuint (bolo_list_index_find_list (index, "m")->n_covert, ==, 10);
  g_assert_cmpuint (bolo_list_index_count_weeded (index, "m", NOW_US - 1), ==, 0);
  g_assert_cmpuint (bolo_list_index_count_weeded (index, NULL, NOW_US + 9), ==, 10);
  g_assert_cmpuint (bolo_list_index_count_weeded (index, NULL, NOW_US + 99), ==, 30);
  query.now_us = NOW_US + 9;
  matches = bolo_list_index_match_reading (index, &query, &counts);
  g_assert_cmpuint (matches->len, ==, 64);
  g_assert_cmpuint (counts.n_weeded, ==, 9); /* nobody is to learn of the covert one */
  g_assert_cmpuint (counts.n_damaged, ==, 0);
  g_assert_true (((BoloMatch *) g_ptr_array_index (matches, 0))->entry->is_covert);
  g_assert_cmpfloat (((BoloMatch *) g_ptr_array_index (matches, 0))->score, ==, 1);
}

/* Deletions count against what was counted below. */
static void
test_counts_of_removed (Fixture *fixture, gconstpointer data)
{
  BoloIndexBuilder *builder = begin (fixture, "base");
  g_autoptr (BoloListLayers) layers = NULL;

  for (int i = 0; i < 10; i++) {
    g_autoptr (BoloListEntry) entry = bolo_list_entry_new ();

    entry->plate = g_strdup (i < 4 ? "AB12CDE" : "CD34EFG");
    entry->weed_us = NOW_US;
    entry->is_covert = TRUE;
    g_assert_true (bolo_index_builder_add (builder, entry, (guint64) i + 1, NULL));
  }
  end (fixture, builder, "base", NULL);
  builder = begin (fixture, "first");
  remove_one (builder, "AB12CDE", NULL);
  end (fixture, builder, "first", NULL);
  layers = make_layers (fixture, "m");
  g_assert_cmpuint (bolo_list_layers_get_info (layers)->n_entries, ==, 6);
  g_assert_cmpuint (bolo_list_layers_get_info (layers)->n_covert, ==, 6);
  g_assert_cmpuint (bolo_list_layers_count_weeded (layers, NOW_US), ==, 6);
  g_assert_cmpuint (bolo_list_layers_count_weeded (layers, NOW_US - 1), ==, 0);
}

/* More weed dates than days: counted by the hour, later by the day, never before their time. */
static void
test_many_weed_dates (Fixture *fixture, gconstpointer data)
{
  BoloIndexBuilder *builder = begin (fixture, "base");
  g_autoptr (BoloListLayers) layers = NULL;
  const guint n = 70000;

  for (guint i = 0; i < n; i++) {
    g_autoptr (BoloListEntry) entry = bolo_list_entry_new ();

    entry->plate = g_strdup_printf ("A%u", i);
    entry->weed_us = NOW_US + (gint64) i * 1000000 + 1;
    g_assert_true (bolo_index_builder_add (builder, entry, i + 1, NULL));
  }
  end (fixture, builder, "base", NULL);
  layers = make_layers (fixture, "m");
  g_assert_cmpuint (bolo_list_layers_count_weeded (layers, NOW_US), ==, 0);
  g_assert_cmpuint (bolo_list_layers_count_weeded (layers, NOW_US + G_GINT64_CONSTANT (7200000000)),
                    ==, 7200);
  g_assert_cmpuint (bolo_list_layers_count_weeded (layers, G_MAXINT64 - 1), ==, n);
}

static void
write_file (Fixture *fixture, const char *name, const char *bytes, gsize length)
{
  g_autofree char *path = g_build_filename (fixture->folder, "base", name, NULL);

  FILE *file;

  g_unlink (path);
  file = fopen (path, "wb");
  g_assert_cmpuint (fwrite (bytes, 1, length, file), ==, length);
  fclose (file);
}

/* Opens and matches a damaged base: an error or fewer matches, one sentence, no crash. */
static gboolean
survives (Fixture *fixture)
{
  const BoloListInfo info = {.name = (char *) "m"};
  g_autofree char *folder = g_build_filename (fixture->folder, "base", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloIndexFile) file = bolo_index_file_open (folder, fixture->rules, &error);
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  g_autoptr (GPtrArray) lists = NULL;
  g_autoptr (BoloListIndex) index = NULL;
  static const char *const reads[] = {"AB12CDE", "CD34EFG", "GH56JKL", "XX11XXX"};

  if (file == NULL) {
    g_assert_cmpuint (strlen (error->message), >, 20);
    g_assert_null (strchr (error->message, '\n'));
    return FALSE;
  }
  if (bolo_index_file_verify (file, &error))
    return TRUE;
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_ptr_array_add (files, file);
  lists = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_layers_unref);
  g_ptr_array_add (lists, bolo_list_layers_new (&info, files, fixture->rules, NULL));
  if (g_ptr_array_index (lists, 0) == NULL) {
    g_ptr_array_set_free_func (lists, NULL);
    return FALSE;
  }
  index = bolo_list_index_new_layers (lists, NULL, fixture->rules);
  for (gsize i = 0; i < G_N_ELEMENTS (reads); i++) {
    g_autoptr (GPtrArray) matches = bolo_list_index_match (index, reads[i], NOW_US);

    g_assert_cmpuint (matches->len, <=, 10);
  }
  bolo_list_index_count_weeded (index, NULL, NOW_US);
  return FALSE;
}

/* Each bit of both files in turn, and each length: all is noticed by verify or at open. */
static void
damage_file (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, "base", name, NULL);
  g_autofree char *bytes = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (gsize at = 0; at < length; at++) {
    guint8 before = (guint8) bytes[at];
    gsize bit = at % 8;

    bytes[at] = (char) (before ^ (1 << bit));
    write_file (fixture, name, bytes, length);
    g_assert_false (survives (fixture));
    bytes[at] = (char) before;
  }
  for (gsize cut = 0; cut < length; cut += 1 + length / 200) {
    write_file (fixture, name, bytes, cut);
    g_assert_false (survives (fixture));
  }
  write_file (fixture, name, bytes, length);
  g_assert_true (survives (fixture));
}

static void
test_damage (Fixture *fixture, gconstpointer data)
{
  build_base_for_deltas (fixture);
  damage_file (fixture, BOLO_INDEX_ROWS_FILE);
  damage_file (fixture, BOLO_INDEX_FILE);
}

static gpointer
match_for_a_while (gpointer data)
{
  BoloListIndex *index = data;

  for (int i = 0; i < 2000; i++) {
    g_autoptr (GPtrArray) matches = bolo_list_index_match (index, "AB12CDE", NOW_US);

    g_assert_cmpuint (matches->len, ==, 3);
  }
  return NULL;
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) lists = g_ptr_array_new ();
  g_autoptr (BoloListLayers) layers = NULL;
  g_autoptr (BoloListIndex) index = NULL;
  GThread *threads[4];

  build_base_for_deltas (fixture);
  layers = make_layers (fixture, "m");
  g_ptr_array_add (lists, layers);
  index = bolo_list_index_new_layers (lists, NULL, fixture->rules);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("matcher", match_for_a_while, index);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/list-layers/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("base", test_base);
  ADD ("empty", test_empty);
  ADD ("entry", test_entry_of_its_list);
  ADD ("refused-entries", test_refused_entries);
  ADD ("unfinished", test_unfinished);
  ADD ("overlays", test_overlays);
  ADD ("overlay-of-another-base", test_overlay_of_another_base);
  ADD ("merge", test_merge);
  ADD ("merge-changes", test_merge_changes);
  ADD ("counts", test_counts);
  ADD ("counts-of-removed", test_counts_of_removed);
  ADD ("many-weed-dates", test_many_weed_dates);
  ADD ("damage", test_damage);
  ADD ("threads", test_threads);
  return g_test_run ();
}
