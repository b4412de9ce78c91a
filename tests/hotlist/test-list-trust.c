/* test-list-trust.c: only the right list, from the right hand, in the right order is taken
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-case.h"

#include "bolo-error.h"

#include <glib/gstdio.h>
#include <string.h>

static void
refuse (ListCase *self, int code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (list_case_import (self, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, BOLO_ERROR, code);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strchr (error->message, '\n'));
}

static void
take (ListCase *self)
{
  g_autoptr (BoloImportReport) report = NULL;
  g_autoptr (GError) error = NULL;

  list_case_import (self, &report, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report->trust, ==, BOLO_TRUST_SIGNED);
}

static void
take_number (ListCase *self, const char *text, guint64 number, guint64 base)
{
  list_case_write (self, text);
  list_case_sign (self, self->key, "voi", number, base);
  take (self);
}

static void
test_signed (ListCase *self, gconstpointer data)
{
  g_autoptr (BoloListIndex) index = NULL;
  g_autoptr (GPtrArray) matches = NULL;
  const BoloListEntry *entry;

  take_number (self, "AB12CDE\n", 1, 0);
  index = bolo_hotlist_ref_index (self->hotlist);
  matches = bolo_list_index_match (index, "AB12CDE", LIST_CASE_NOW_US);
  g_assert_cmpuint (matches->len, ==, 1);
  entry = ((BoloMatch *) g_ptr_array_index (matches, 0))->entry;
  g_assert_cmpint (entry->list_trust, ==, BOLO_TRUST_SIGNED);
  g_assert_cmpstr (entry->list_signer, ==, "hq");
  g_assert_cmpstr (entry->list_revision, ==, "r1");
  g_assert_cmpint (bolo_list_index_get_list (index, 0)->dated_us, ==, LIST_CASE_ISSUED_US);
}

static void
test_unsigned (ListCase *self, gconstpointer data)
{
  g_autoptr (GPtrArray) matches = NULL;
  g_autoptr (GError) error = NULL;
  const BoloListEntry *entry;

  list_case_write (self, "AB12CDE\n");
  self->options.signature = NULL;
  refuse (self, BOLO_ERROR_SIGNATURE, "--unsigned-by");
  self->options.unsigned_by = "4711";
  g_assert_true (list_case_import (self, NULL, &error));
  g_assert_no_error (error);
  matches = bolo_hotlist_match (self->hotlist, "AB12CDE", LIST_CASE_NOW_US);
  entry = ((BoloMatch *) g_ptr_array_index (matches, 0))->entry;
  g_assert_cmpint (entry->list_trust, ==, BOLO_TRUST_UNSIGNED);
  g_assert_cmpstr (entry->list_signer, ==, "4711");
}

static void
test_wrong_hands (ListCase *self, gconstpointer data)
{
  g_autoptr (BoloListKey) stranger = bolo_list_key_generate ("stranger", NULL);
  g_autoptr (BoloListKey) impostor = bolo_list_key_generate ("hq", NULL);

  take_number (self, "AB12CDE\n", 1, 0);
  list_case_write (self, "AB12CDF\n");
  list_case_sign (self, stranger, "voi", 2, 0);
  refuse (self, BOLO_ERROR_SIGNATURE, "not trusted");
  list_case_sign (self, impostor, "voi", 2, 0);
  refuse (self, BOLO_ERROR_SIGNATURE, "not by the key hq");
  list_case_sign (self, self->key, "stolen", 2, 0);
  refuse (self, BOLO_ERROR_SIGNATURE, "of the list stolen");
  g_assert_true (list_case_is_whole (self, "AB12CDE", "AB12CDF"));
  list_case_configure (self, "[lists]\nkeys=other\n");
  list_case_sign (self, self->key, "voi", 2, 0);
  refuse (self, BOLO_ERROR_SIGNATURE, "may not sign");
  list_case_configure (self, "[lists]\nkeys=other\n[list voi]\nkeys=hq\n");
  take (self);
}

static void
test_wrong_bytes (ListCase *self, gconstpointer data)
{
  take_number (self, "AB12CDE\n", 1, 0);
  list_case_write (self, "AB12CDF\n");
  list_case_sign (self, self->key, "voi", 2, 0);
  list_case_write (self, "AB12CDG\n");
  refuse (self, BOLO_ERROR_SIGNATURE, "not what was signed");
  list_case_write (self, "AB12CDF\nAB12CDG\n");
  refuse (self, BOLO_ERROR_SIGNATURE, "not as long");
  list_case_write (self, "");
  refuse (self, BOLO_ERROR_SIGNATURE, "not as long");
  self->options.kind = "stolen";
  list_case_write (self, "AB12CDF\n");
  refuse (self, BOLO_ERROR_SIGNATURE, "of the kind");
  g_unlink (self->signature_path);
  refuse (self, BOLO_ERROR_NOT_FOUND, "list.sig");
  g_assert_true (list_case_is_whole (self, "AB12CDE", "AB12CDF"));
}

/* What was taken once is not taken again, whatever was taken since. */
static void
test_replay (ListCase *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  take_number (self, "AB12CDE\n", 5, 0);
  refuse (self, BOLO_ERROR_NOTHING_TO_DO, "in force already");
  take_number (self, "AB12CDF\n", 6, 0);
  list_case_write (self, "AB12CDE\n");
  list_case_sign (self, self->key, "voi", 5, 0);
  refuse (self, BOLO_ERROR_STALE, "not newer than 6");
  list_case_sign (self, self->key, "voi", 6, 0);
  refuse (self, BOLO_ERROR_STALE, "not newer than 6");
  /* Nor after a list that somebody answered for, … */
  list_case_write (self, "AB12CDG\n");
  self->options.signature = NULL;
  self->options.unsigned_by = "4711";
  g_assert_true (list_case_import (self, NULL, &error));
  self->options.signature = self->signature_path;
  self->options.unsigned_by = NULL;
  list_case_write (self, "AB12CDE\n");
  list_case_sign (self, self->key, "voi", 5, 0);
  refuse (self, BOLO_ERROR_STALE, "not newer than 6");
  /* … but the newest signed one may come back. */
  take_number (self, "AB12CDF\n", 6, 0);
  g_assert_true (list_case_is_whole (self, "AB12CDF", "AB12CDG"));
}

/* Removing a list does not open the door to an older one of it; the same one may come back. */
static void
test_removed (ListCase *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  take_number (self, "AB12CDE\n", 6, 0);
  bolo_hotlist_remove (self->hotlist, "voi", &error);
  g_assert_no_error (error);
  list_case_write (self, "ZZ99ZZZ\n");
  list_case_sign (self, self->key, "voi", 5, 0);
  refuse (self, BOLO_ERROR_STALE, "not newer than 6");
  list_case_sign (self, self->key, "voi", 6, 0);
  refuse (self, BOLO_ERROR_STALE, "not newer than 6");
  list_case_sign (self, self->key, "voi", 7, 6);
  refuse (self, BOLO_ERROR_STALE, "import the whole list");
  take_number (self, "AB12CDE\n", 6, 0);
  bolo_hotlist_remove (self->hotlist, "voi", &error);
  g_assert_no_error (error);
  take_number (self, "ZZ99ZZZ\n", 7, 0);
}

static void
test_deltas (ListCase *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  take_number (self, "AB12CDE\nAB12CDF\nCD34EFG,FORD\n", 1, 0);
  /* Changes to what is not held are not guessed at. */
  self->options.path = list_case_rename (self, "x_del.csv");
  list_case_write (self, "AB12CDE\n");
  list_case_sign (self, self->key, "voi", 3, 2);
  refuse (self, BOLO_ERROR_STALE, "number 2");
  take_number (self, "AB12CDE\n", 2, 1);
  g_assert_true (list_case_is_whole (self, "AB12CDF", "AB12CDE"));
  self->options.path = list_case_rename (self, "x_ins.csv");
  take_number (self, "AB12CDE,BACK\nGH78JKL\n", 3, 2);
  g_assert_true (list_case_is_whole (self, "GH78JKL", "ZZ99ZZZ"));
  g_assert_cmpuint (list_case_count (self, "AB12CDE"), ==, 1);
  /* A signature that calls changes a whole list is believed less than the file's name. */
  list_case_write (self, "AB12CDE\n");
  list_case_sign (self, self->key, "voi", 4, 0);
  refuse (self, BOLO_ERROR_INVALID_DATA, "signature says");
  /* Changes on somebody's word make the whole list unsigned; then signed changes fit no more. */
  self->options.signature = NULL;
  self->options.unsigned_by = "4711";
  g_assert_true (list_case_import (self, NULL, &error));
  self->options.signature = self->signature_path;
  self->options.unsigned_by = NULL;
  list_case_write (self, "JK90LMN\n");
  list_case_sign (self, self->key, "voi", 4, 3);
  refuse (self, BOLO_ERROR_STALE, "import the whole list");
  list_case_reopen (self);
  g_assert_cmpuint (list_case_count (self, "AB12CDE"), ==, 2);
}

/* Deletions go first, wherever they stand: what is deleted and inserted is there. */
static void
test_operations (ListCase *self, gconstpointer data)
{
  g_autofree char *map = g_build_filename (self->state, "map.conf", NULL);
  g_autoptr (BoloImportReport) report = NULL;
  g_autoptr (GError) error = NULL;

  take_number (self, "AB12CDE,OLD\nAB12CDF,OLD,,,,,,,,,,P1\nAB12CDF,OLD,,,,,,,,,,P2\n", 1, 0);
  g_assert_true (
    g_file_set_contents (map, "[columns]\noperation=1\nplate=2\nmake=3\npnc_id=4\n", -1, NULL));
  list_case_write (self, "ADD,AB12CDE,NEW\nDEL,AB12CDE\nDEL,AB12CDF,,P1\nWHAT,AB12CDG\n");
  self->options.map = map;
  list_case_sign (self, self->key, "voi", 2, 1);
  g_assert_true (list_case_import (self, &report, &error));
  g_assert_no_error (error);
  g_assert_true (report->is_delta);
  g_assert_cmpuint (report->n_inserted, ==, 1);
  g_assert_cmpuint (report->n_deleted, ==, 2);
  g_assert_cmpuint (report->n_rejected, ==, 1);
  g_assert_cmpuint (report->n_entries, ==, 2);
  g_assert_cmpuint (list_case_count (self, "AB12CDE"), ==, 1);
  g_assert_cmpuint (list_case_count (self, "AB12CDF"), ==, 1);
}

/* (transfer full): what lies in the folder of the list voi. */
static GPtrArray *
list_children (ListCase *self)
{
  g_autofree char *folder = g_build_filename (self->state, "lists", "voi", NULL);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  GPtrArray *children = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    g_ptr_array_add (children, g_strdup (name));
  return children;
}

/* Eighteen changes, an entry each, over the @n_rows of the list. */
static void
take_many_changes (ListCase *self, guint n_rows)
{
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GString) rows = g_string_new (NULL);
  guint n_stayed = 0;

  for (guint i = 0; i < n_rows; i++)
    g_string_append_printf (rows, "B%uXYZ\n", i);
  take_number (self, rows->str, 1, 0);
  before = list_children (self);
  self->options.path = list_case_rename (self, "x_ins.csv");
  for (guint i = 2; i < 20; i++) {
    g_autofree char *text = g_strdup_printf ("A%uXYZ\n", i);

    take_number (self, text, i, i - 1);
  }
  list_case_reopen (self);
  for (guint i = 2; i < 20; i++) {
    g_autofree char *mark = g_strdup_printf ("A%uXYZ", i);

    g_assert_cmpuint (list_case_count (self, mark), ==, 1);
  }
  g_assert_cmpuint (list_case_count (self, "B1XYZ"), ==, 1);
  after = list_children (self);
  g_assert_cmpuint (after->len, <=, 2 + 8); /* the manifest, the base, at most 8 deltas */
  for (guint i = 0; i < before->len; i++)
    n_stayed +=
      g_ptr_array_find_with_equal_func (after, g_ptr_array_index (before, i), g_str_equal, NULL);
  /* Only the manifest's name stays; where the list is long, its base as well. */
  g_assert_cmpuint (before->len, ==, 2);
  g_assert_cmpuint (n_stayed, ==, n_rows > 1000 ? 2 : 1);
}

/* Many changes are merged with what they change, and say the same afterwards. */
static void
test_merge (ListCase *self, gconstpointer data)
{
  take_many_changes (self, 2);
}

/* A long list is not written anew for a few changes: they become one layer over it. */
static void
test_merge_changes (ListCase *self, gconstpointer data)
{
  take_many_changes (self, 2000);
}

static void
test_trust (ListCase *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->state, "x.pub", NULL);
  g_autoptr (BoloListKey) other = bolo_list_key_generate ("hq", NULL);
  g_autofree char *public = bolo_list_key_to_text (other, FALSE);
  g_autofree char *secret = bolo_list_key_to_text (other, TRUE);
  g_auto (GStrv) names = bolo_hotlist_get_trusted (self->hotlist);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_strv_length (names), ==, 1);
  g_assert_cmpstr (names[0], ==, "hq");
  g_assert_true (g_file_set_contents (path, public, -1, NULL));
  g_assert_false (bolo_hotlist_trust (self->hotlist, path, NULL, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, secret, -1, NULL));
  g_assert_false (bolo_hotlist_trust (self->hotlist, path, NULL, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (ListCase *, gconstpointer);
  } tests[] = {
    {"/list-trust/signed", test_signed},
    {"/list-trust/unsigned", test_unsigned},
    {"/list-trust/wrong-hands", test_wrong_hands},
    {"/list-trust/wrong-bytes", test_wrong_bytes},
    {"/list-trust/replay", test_replay},
    {"/list-trust/removed", test_removed},
    {"/list-trust/deltas", test_deltas},
    {"/list-trust/operations", test_operations},
    {"/list-trust/merge", test_merge},
    {"/list-trust/merge-changes", test_merge_changes},
    {"/list-trust/keys", test_trust},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, ListCase, NULL, list_case_set_up, tests[i].test,
                list_case_tear_down);
  return g_test_run ();
}
