/* test-hotlist.c: lists come in, are swapped whole, survive damage and go
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-hotlist.h"

#include "bolo-error.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define N_KILLED_ROWS 2000    /* enough that an import is mostly reading and building */
#define KILLED_AFTER_US 12000 /* about what an import takes */
#define NOW_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)

typedef struct {
  char *state;
  char *csv;
  BoloPlateRules *rules;
  BoloClock *clock;
  BoloHotlist *hotlist;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *plate = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);

  fixture->state = g_dir_make_tmp ("bolo-hotlist-XXXXXX", NULL);
  fixture->csv = g_build_filename (fixture->state, "in.csv", NULL);
  fixture->rules = bolo_plate_rules_load (plate, NULL);
  fixture->clock = bolo_clock_new_manual (NOW_US);
  fixture->hotlist = bolo_hotlist_new (fixture->state, fixture->rules, fixture->clock);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    remove_tree (child);
  }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->hotlist);
  g_object_unref (fixture->clock);
  bolo_plate_rules_unref (fixture->rules);
  remove_tree (fixture->state);
  g_free (fixture->state);
  g_free (fixture->csv);
}

/* The options of an unsigned import that somebody answers for. */
static BoloImportOptions
make_options (Fixture *fixture, const char *name)
{
  return (BoloImportOptions){.path = fixture->csv, .name = name, .unsigned_by = "tester"};
}

static gboolean
import (
  Fixture *fixture, const char *text, const char *name, BoloImportReport **report, GError **error)
{
  const BoloImportOptions options = make_options (fixture, name);

  g_assert_true (g_file_set_contents (fixture->csv, text, -1, NULL));
  return bolo_hotlist_import (fixture->hotlist, &options, report, error);
}

static guint
count_matches (Fixture *fixture, const char *text)
{
  g_autoptr (GPtrArray) matches = bolo_hotlist_match (fixture->hotlist, text, NOW_US);

  return matches->len;
}

/* As after a restart: another object on the same folder. */
static void
reopen (Fixture *fixture, GPtrArray *problems)
{
  g_autoptr (GError) error = NULL;

  g_object_unref (fixture->hotlist);
  fixture->hotlist = bolo_hotlist_new (fixture->state, fixture->rules, fixture->clock);
  g_assert_true (bolo_hotlist_load (fixture->hotlist, problems, &error));
  g_assert_no_error (error);
}

static void
test_import (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloImportReport) report = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListIndex) index = NULL;

  g_assert_true (import (fixture,
                         "AB12 CDE,FORD,,,STOP\n,nothing\nAB12CDF,,,,SILENT,,,,,,01/01/2020\n"
                         "AB12CDG,,,,,,,,,,soon\n",
                         "voi", &report, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (report->n_entries, ==, 3);
  g_assert_cmpuint (report->n_rejected, ==, 1);
  g_assert_cmpuint (report->n_warnings, ==, 1);
  g_assert_cmpuint (report->n_weeded, ==, 1);
  g_assert_cmpuint (report->n_covert, ==, 1);
  g_assert_cmpuint (report->problems->len, ==, 2);
  g_assert_cmpuint (count_matches (fixture, "ab12-cde"), ==, 1);
  g_assert_cmpuint (count_matches (fixture, "AB12CDF"), ==, 0);
  index = bolo_hotlist_ref_index (fixture->hotlist);
  g_assert_cmpint (bolo_list_index_find_list (index, "voi")->loaded_us, ==, NOW_US);
  g_assert_cmpint (bolo_list_index_find_list (index, "voi")->dated_us, <=, NOW_US);
}

static void
test_restart (Fixture *fixture, gconstpointer data)
{
  g_assert_true (import (fixture, "AB12CDE\n", "one", NULL, NULL));
  g_assert_true (import (fixture, "AB12CDF\n", "two", NULL, NULL));
  reopen (fixture, NULL);
  g_assert_cmpuint (count_matches (fixture, "AB12CDE"), ==, 1);
  g_assert_cmpuint (count_matches (fixture, "AB12CDF"), ==, 1);
}

static void
test_new_revision (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloListIndex) before = NULL;
  g_autoptr (GPtrArray) old = NULL;
  g_autofree char *folder = g_build_filename (fixture->state, "lists", "voi", NULL);
  g_autoptr (GDir) directory = NULL;
  guint n_children = 0;

  g_assert_true (import (fixture, "AB12CDE\n", "voi", NULL, NULL));
  before = bolo_hotlist_ref_index (fixture->hotlist);
  g_assert_true (import (fixture, "AB12CDF\n", "voi", NULL, NULL));
  g_assert_cmpuint (count_matches (fixture, "AB12CDE"), ==, 0);
  g_assert_cmpuint (count_matches (fixture, "AB12CDF"), ==, 1);
  /* Who still holds the old index matches in it, although its files are gone. */
  old = bolo_list_index_match (before, "AB12CDE", NOW_US);
  g_assert_cmpuint (old->len, ==, 1);
  directory = g_dir_open (folder, 0, NULL);
  while (g_dir_read_name (directory) != NULL)
    n_children++;
  g_assert_cmpuint (n_children, ==, 2);
}

static void
test_same_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) again = NULL;
  g_autoptr (GError) after_restart = NULL;

  g_assert_true (import (fixture, "AB12CDE\n", "voi", NULL, NULL));
  g_assert_false (import (fixture, "AB12CDE\n", "voi", NULL, &again));
  g_assert_error (again, BOLO_ERROR, BOLO_ERROR_NOTHING_TO_DO);
  reopen (fixture, NULL);
  g_assert_false (import (fixture, "AB12CDE\n", "voi", NULL, &after_restart));
  g_assert_error (after_restart, BOLO_ERROR, BOLO_ERROR_NOTHING_TO_DO);
  g_assert_true (import (fixture, "AB12CDE\n", "other", NULL, NULL));
}

static void
test_bad_files_change_nothing (Fixture *fixture, gconstpointer data)
{
  static const char *const bad[] = {"", "\n\n", ",x\n?,y\n", "PK\x03\x04"};

  g_assert_true (import (fixture, "AB12CDE\n", "voi", NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (import (fixture, bad[i], "voi", NULL, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, "in.csv"));
    g_assert_cmpuint (count_matches (fixture, "AB12CDE"), ==, 1);
  }
  reopen (fixture, NULL);
  g_assert_cmpuint (count_matches (fixture, "AB12CDE"), ==, 1);
}

static void
test_wrong_calls (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) named = NULL;
  g_autoptr (GError) mapped = NULL;
  BoloImportOptions options = make_options (fixture, "voi");

  options.path = "/nonexistent.csv";
  g_assert_false (bolo_hotlist_import (fixture->hotlist, &options, NULL, &missing));
  g_assert_error (missing, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (missing->message, "/nonexistent.csv"));
  g_assert_false (import (fixture, "AB12CDE\n", "../voi", NULL, &named));
  g_assert_error (named, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  options.path = fixture->csv;
  options.map = "/nonexistent.conf";
  g_assert_false (bolo_hotlist_import (fixture->hotlist, &options, NULL, &mapped));
  g_assert_error (mapped, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
}

static void
test_map_is_kept (Fixture *fixture, gconstpointer data)
{
  g_autofree char *map = g_build_filename (fixture->state, "map.conf", NULL);
  BoloImportOptions options = make_options (fixture, "voi");
  g_autoptr (GError) error = NULL;

  g_file_set_contents (map, "[format]\ndelimiter=semicolon\n[columns]\nplate=2\n", -1, NULL);
  g_file_set_contents (fixture->csv, "x;AB12CDE\n", -1, NULL);
  options.map = map;
  g_assert_true (bolo_hotlist_import (fixture->hotlist, &options, NULL, &error));
  g_assert_no_error (error);
  g_unlink (map);
  reopen (fixture, NULL);
  g_assert_cmpuint (count_matches (fixture, "AB12CDE"), ==, 1);
}

static void
damage (Fixture *fixture, const char *name)
{
  g_autofree char *folder = g_build_filename (fixture->state, "lists", name, NULL);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *child;

  while ((child = g_dir_read_name (directory)) != NULL) {
    g_autofree char *rows = g_build_filename (folder, child, "rows", NULL);

    if (g_file_test (rows, G_FILE_TEST_EXISTS))
      g_assert_true (g_file_set_contents (rows, "XX99XXX\n", -1, NULL));
  }
}

static void
test_damage (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BoloListIndex) index = NULL;
  g_autoptr (BoloHealth) health = NULL;

  g_assert_true (import (fixture, "AB12CDE\n", "one", NULL, NULL));
  g_assert_true (import (fixture, "AB12CDF\n", "two", NULL, NULL));
  damage (fixture, "one");
  g_test_expect_message ("bolo-hotlist", G_LOG_LEVEL_WARNING, "*one*damaged*");
  reopen (fixture, problems);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_cmpuint (count_matches (fixture, "XX99XXX"), ==, 0);
  g_assert_cmpuint (count_matches (fixture, "AB12CDF"), ==, 1);
  index = bolo_hotlist_ref_index (fixture->hotlist);
  health = bolo_list_index_get_health (index, NOW_US);
  g_assert_cmpint (health->state, ==, BOLO_HEALTH_DEGRADED);
  /* The very same list mends it. */
  g_assert_true (import (fixture, "AB12CDE\n", "one", NULL, NULL));
  g_assert_cmpuint (count_matches (fixture, "AB12CDE"), ==, 1);
  g_clear_pointer (&index, bolo_list_index_unref);
  g_clear_pointer (&health, bolo_health_unref);
  index = bolo_hotlist_ref_index (fixture->hotlist);
  health = bolo_list_index_get_health (index, NOW_US);
  g_assert_cmpint (health->state, ==, BOLO_HEALTH_OK);
}

/* A kill in mid-import leaves a layer that nobody names. */
static void
test_leftovers (Fixture *fixture, gconstpointer data)
{
  g_autofree char *orphan = g_build_filename (fixture->state, "lists", "voi", "layer-feed00", NULL);
  g_autofree char *rows = g_build_filename (orphan, "rows", NULL);
  g_autofree char *first = g_build_filename (fixture->state, "lists", "new", NULL);
  g_autofree char *begun = g_build_filename (first, "layer-feed00", NULL);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);

  g_assert_true (import (fixture, "AB12CDE\n", "voi", NULL, NULL));
  g_mkdir_with_parents (orphan, 0700);
  g_file_set_contents (rows, "half a li", -1, NULL);
  g_mkdir_with_parents (begun, 0700);
  reopen (fixture, problems);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpuint (count_matches (fixture, "AB12CDE"), ==, 1);
  g_assert_true (import (fixture, "AB12CDF\n", "voi", NULL, NULL));
  g_assert_true (import (fixture, "AB12CDG\n", "new", NULL, NULL));
  g_assert_false (g_file_test (orphan, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (begun, G_FILE_TEST_EXISTS));
}

static void
test_remove (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (import (fixture, "AB12CDE\n", "voi", NULL, NULL));
  g_assert_true (bolo_hotlist_remove (fixture->hotlist, "voi", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_matches (fixture, "AB12CDE"), ==, 0);
  reopen (fixture, NULL);
  g_assert_cmpuint (count_matches (fixture, "AB12CDE"), ==, 0);
  g_assert_false (bolo_hotlist_remove (fixture->hotlist, "voi", &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
}

static void
test_recording_list (Fixture *fixture, gconstpointer data)
{
  g_autofree char *lists = g_build_filename (fixture->state, "lists", NULL);
  g_autoptr (BoloImportReport) report = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListIndex) index = NULL;

  g_file_set_contents (fixture->csv, "AB12CDE\nAB12CDF\nAB12CDG\n,\n", -1, NULL);
  bolo_hotlist_set_title (fixture->hotlist, "voi", "Force VOI");
  g_assert_true (bolo_hotlist_load_recording_list (fixture->hotlist, fixture->csv, "voi", "voi",
                                                   NULL, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (report->n_rejected, ==, 1);
  g_assert_cmpuint (count_matches (fixture, "AB12CDE"), ==, 1);
  g_assert_false (g_file_test (lists, G_FILE_TEST_EXISTS));
  index = bolo_hotlist_ref_index (fixture->hotlist);
  g_assert_cmpint (bolo_list_index_find_list (index, "voi")->dated_us, ==, NOW_US);
  g_assert_cmpstr (bolo_list_index_find_list (index, "voi")->title, ==, "Force VOI");
  g_assert_false (bolo_hotlist_load_recording_list (fixture->hotlist, "/nonexistent", "x", "voi",
                                                    NULL, NULL, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
}

static void
test_read_only_state (Fixture *fixture, gconstpointer data)
{
  g_autofree char *lists = g_build_filename (fixture->state, "lists", NULL);
  g_autoptr (GError) error = NULL;

  /* A file where the folder should be: not even root can write there. */
  g_assert_true (g_file_set_contents (lists, "", -1, NULL));
  g_assert_false (import (fixture, "AB12CDE\n", "voi", NULL, &error));
  g_assert_nonnull (strstr (error->message, lists));
}

typedef struct {
  Fixture *fixture;
  int stop; /* (atomic) */
  guint n_wrong;
} Reader;

/* The two revisions hold different marks: any index has exactly one of them. */
static gpointer
match_without_end (gpointer data)
{
  Reader *reader = data;

  while (!g_atomic_int_get (&reader->stop)) {
    g_autoptr (BoloListIndex) index = bolo_hotlist_ref_index (reader->fixture->hotlist);
    g_autoptr (GPtrArray) one = bolo_list_index_match (index, "AB12CDE", NOW_US);
    g_autoptr (GPtrArray) two = bolo_list_index_match (index, "AB12CDF", NOW_US);

    if (one->len + two->len != 1)
      reader->n_wrong++;
  }
  return NULL;
}

static void
test_swap_is_whole (Fixture *fixture, gconstpointer data)
{
  Reader reader = {.fixture = fixture};
  GThread *thread;

  g_assert_true (import (fixture, "AB12CDE\n", "voi", NULL, NULL));
  thread = g_thread_new ("reader", match_without_end, &reader);
  for (guint i = 0; i < 10; i++)
    g_assert_true (import (fixture, i % 2 ? "AB12CDE\n" : "AB12CDF\n", "voi", NULL, NULL));
  g_atomic_int_set (&reader.stop, 1);
  g_thread_join (thread);
  g_assert_cmpuint (reader.n_wrong, ==, 0);
}

/* Imports two lists in turn until it is killed. */
static int
import_for_ever (char **argv)
{
  g_autofree char *plate = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  g_autoptr (BoloPlateRules) rules = bolo_plate_rules_load (plate, NULL);
  g_autoptr (BoloClock) clock = bolo_clock_new_manual (NOW_US);
  g_autoptr (BoloHotlist) hotlist = bolo_hotlist_new (argv[2], rules, clock);

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  for (guint i = 0;; i++) {
    const BoloImportOptions options = {
      .path = argv[3 + i % 2], .name = "voi", .unsigned_by = "tester"};
    g_autoptr (GError) error = NULL;

    if (bolo_hotlist_import (hotlist, &options, NULL, &error)) {
      if (write (STDOUT_FILENO, ".", 1) != 1)
        return 1;
    } else if (!g_error_matches (error, BOLO_ERROR, BOLO_ERROR_NOTHING_TO_DO))
      return 1;
  }
}

/* A list of many rows, all marks of which begin with @letters. */
static void
write_many (const char *path, const char *letters)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < N_KILLED_ROWS; i++)
    g_string_append_printf (text, "%s%u,FORD,FOCUS,BLUE,STOP\n", letters, i);
  g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, NULL));
}

/* How many of some of the rows are there. */
static guint
count_many (Fixture *fixture, const char *letters)
{
  guint n_found = 0;

  for (guint i = 0; i < N_KILLED_ROWS; i += N_KILLED_ROWS / 10) {
    g_autofree char *mark = g_strdup_printf ("%s%u", letters, i);

    n_found += count_matches (fixture, mark);
  }
  return n_found;
}

/* After @n_imports of the child, and then @after_us. */
static void
kill_once (Fixture *fixture, const char *other, guint n_imports, gulong after_us, guint *n_seen)
{
  char dots[8];

  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BoloListIndex) index = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self, "--import-for-ever",
                      fixture->state, other, fixture->csv, NULL);

  g_assert_no_error (error);
  g_assert_true (g_input_stream_read_all (g_subprocess_get_stdout_pipe (child), dots, n_imports,
                                          NULL, NULL, NULL));
  g_usleep (after_us);
  g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
  g_assert_true (g_subprocess_get_if_signaled (child)); /* it had not ended by itself */
  reopen (fixture, problems);
  g_assert_cmpuint (problems->len, ==, 0);
  index = bolo_hotlist_ref_index (fixture->hotlist);
  g_assert_cmpuint (bolo_list_index_get_n_entries (index), ==, N_KILLED_ROWS);
  g_assert_cmpuint (count_many (fixture, "AB") + count_many (fixture, "XY"), ==, 10);
  g_assert_true (count_many (fixture, "AB") == 0 || count_many (fixture, "XY") == 0);
  n_seen[count_many (fixture, "XY") > 0]++;
}

/* Killed at any instant: the list is there, whole, the one or the other. */
static void
test_kills (Fixture *fixture, gconstpointer data)
{
  const char *wanted = g_getenv ("BOLO_TEST_KILLS");
  guint n_kills = wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : 10;
  g_autofree char *other = g_build_filename (fixture->state, "other.csv", NULL);
  const BoloImportOptions options = make_options (fixture, "voi");
  g_autoptr (GRand) random = g_rand_new_with_seed (20);
  guint n_seen[2] = {0, 0};

  write_many (fixture->csv, "AB");
  write_many (other, "XY");
  g_assert_true (bolo_hotlist_import (fixture->hotlist, &options, NULL, NULL));
  for (guint i = 0; i < n_kills; i++)
    kill_once (fixture, other, i % 3, (gulong) g_rand_int_range (random, 0, KILLED_AFTER_US),
               n_seen);
  g_test_message ("%u times the one, %u times the other", n_seen[0], n_seen[1]);
  g_assert_true (n_seen[0] > 0 && n_seen[1] > 0);
}

static GSubprocess *
start_child (Fixture *fixture)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *child =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self, "--import-for-ever",
                      fixture->state, fixture->csv, fixture->csv, NULL);

  g_assert_no_error (error);
  return child;
}

/* Folders of layers in STATE/lists/voi. */
static guint
count_layers (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->state, "lists", "voi", NULL);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    n += g_str_has_prefix (name, "layer-");
  return n;
}

/* The first import of a list, killed as soon as it has begun: FALSE where it was through by then.
 */
static gboolean
kill_first_import (Fixture *fixture)
{
  g_autofree char *manifest =
    g_build_filename (fixture->state, "lists", "voi", "manifest.ini", NULL);
  g_autoptr (GSubprocess) child = start_child (fixture);
  gint64 until_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (count_layers (fixture) == 0)
    g_assert_cmpint (g_get_monotonic_time (), <, until_us);
  g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
  return !g_file_test (manifest, G_FILE_TEST_EXISTS);
}

/* What it leaves is swept by the next import of whatever list, and by a removal that was killed
 * there is nothing left either. */
static void
test_killed_once_for_all (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->state, "lists", "voi", NULL);
  g_autofree char *removed = g_build_filename (fixture->state, "lists", ".removed", "x", NULL);
  gboolean is_killed = FALSE;

  write_many (fixture->csv, "AB");
  for (guint i = 0; i < 50 && !is_killed; i++) {
    is_killed = kill_first_import (fixture);
    if (!is_killed)
      remove_tree (folder);
  }
  g_assert_true (is_killed);
  g_assert_cmpuint (count_layers (fixture), ==, 1);
  g_assert_cmpint (g_mkdir_with_parents (removed, 0700), ==, 0);
  g_assert_true (import (fixture, "XY34ZZZ\n", "local", NULL, NULL));
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (removed, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_matches (fixture, "XY34ZZZ"), ==, 1);
  /* Lists that are in force are not touched. */
  g_assert_true (import (fixture, "AB12CDE\n", "voi", NULL, NULL));
  reopen (fixture, NULL);
  g_assert_cmpuint (count_matches (fixture, "XY34ZZZ"), ==, 1);
  g_assert_cmpuint (count_matches (fixture, "AB12CDE"), ==, 1);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    {"/hotlist/import", test_import},
    {"/hotlist/restart", test_restart},
    {"/hotlist/new-revision", test_new_revision},
    {"/hotlist/same-again", test_same_again},
    {"/hotlist/bad-files", test_bad_files_change_nothing},
    {"/hotlist/wrong-calls", test_wrong_calls},
    {"/hotlist/map", test_map_is_kept},
    {"/hotlist/damage", test_damage},
    {"/hotlist/leftovers", test_leftovers},
    {"/hotlist/remove", test_remove},
    {"/hotlist/recording-list", test_recording_list},
    {"/hotlist/read-only-state", test_read_only_state},
    {"/hotlist/swap-is-whole", test_swap_is_whole},
    {"/hotlist/kills", test_kills},
    {"/hotlist/killed-once-for-all", test_killed_once_for_all},
  };

  if (argc == 5 && g_str_equal (argv[1], "--import-for-ever"))
    return import_for_ever (argv);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
