/* test-list-watch.c: lists that another program imports or removes come into force by themselves
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-watch.h"
#include "bolo-paths.h"
#include "test-clip.h"

#define WAIT_S 60

typedef struct {
  char *folder;
  char *state;
  BoloClock *clock;
  BoloPlateRules *rules;
  BoloHotlist *hotlist; /* the patrol's */
  BoloHotlist *other;   /* the other program's */
  BoloListWatch *watch;
  guint n_changed;
} Fixture;

static void
on_changed (Fixture *fixture)
{
  fixture->n_changed++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *plate = bolo_paths_get_data_file ("plate");
  g_autoptr (GError) error = NULL;

  fixture->folder = test_clip_make_folder ();
  fixture->state = g_build_filename (fixture->folder, "state", NULL);
  fixture->clock = bolo_clock_new_system ();
  fixture->rules = bolo_plate_rules_load (plate, &error);
  g_assert_no_error (error);
  fixture->hotlist = bolo_hotlist_new (fixture->state, fixture->rules, fixture->clock);
  fixture->other = bolo_hotlist_new (fixture->state, fixture->rules, fixture->clock);
  g_assert_true (bolo_hotlist_load (fixture->hotlist, NULL, &error));
  g_assert_true (bolo_hotlist_load (fixture->other, NULL, &error));
  fixture->watch = bolo_list_watch_new (fixture->hotlist, fixture->state);
  g_signal_connect_swapped (fixture->watch, "changed", G_CALLBACK (on_changed), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_true (bolo_list_watch_stop (fixture->watch, WAIT_S * 1000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->watch);
  g_object_unref (fixture->other);
  g_object_unref (fixture->hotlist);
  bolo_plate_rules_unref (fixture->rules);
  g_object_unref (fixture->clock);
  g_free (fixture->state);
  test_clip_remove_folder (fixture->folder);
}

static void
import (Fixture *fixture, const char *mark)
{
  g_autofree char *path = g_build_filename (fixture->folder, "list.csv", NULL);
  g_autofree char *row = g_strdup_printf ("%s,FORD,FOCUS,BLUE,STOP,,STOLEN,,,,,,,,,\n", mark);
  const BoloImportOptions options = {.path = path, .name = "stolen", .unsigned_by = "tester"};
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, row, -1, NULL));
  g_assert_true (bolo_hotlist_import (fixture->other, &options, NULL, &error));
  g_assert_no_error (error);
}

static guint
count_matches (Fixture *fixture, const char *mark)
{
  g_autoptr (GPtrArray) matches = bolo_hotlist_match (fixture->hotlist, mark, 0);

  return matches->len;
}

static void
wait_for_change (Fixture *fixture, guint n_changed)
{
  gint64 deadline_us = g_get_monotonic_time () + WAIT_S * G_USEC_PER_SEC;

  while (fixture->n_changed < n_changed) {
    g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  }
}

static void
test_import_replace_remove (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (count_matches (fixture, "AB12CDE"), ==, 0);
  import (fixture, "AB12CDE");
  wait_for_change (fixture, 1);
  g_assert_cmpuint (count_matches (fixture, "AB12CDE"), ==, 1);

  import (fixture, "CD34EFG");
  wait_for_change (fixture, 2);
  g_assert_cmpuint (count_matches (fixture, "AB12CDE"), ==, 0);
  g_assert_cmpuint (count_matches (fixture, "CD34EFG"), ==, 1);

  g_assert_true (bolo_hotlist_remove (fixture->other, "stolen", &error));
  wait_for_change (fixture, 3);
  g_assert_cmpuint (count_matches (fixture, "CD34EFG"), ==, 0);
}

static void
test_stopped_at_once (Fixture *fixture, gconstpointer data)
{
  import (fixture, "AB12CDE");
  g_assert_true (bolo_list_watch_stop (fixture->watch, WAIT_S * 1000));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/list-watch/import", Fixture, NULL, set_up, test_import_replace_remove, tear_down);
  g_test_add ("/list-watch/stop", Fixture, NULL, set_up, test_stopped_at_once, tear_down);
  return g_test_run ();
}
