/* test-kill.c: kills a writing process at random instants; what it announced is there
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bolo-store-samples.h"

/* A child's first record; each child begins a million later, so that no number comes twice. */
#define NUMBERS_A_CHILD 1000000
#define MIN_LIFE_MS 20
#define MAX_LIFE_MS 700

/* ---- the child: writes for ever, and says what is stored ---- */

static void
on_stored (BoloStore *store, char **ids, gpointer data)
{
  for (; *ids != NULL; ids++)
    printf ("%s\n", *ids);
  fflush (stdout);
}

static int
run_child (const char *folder, guint first)
{
  g_autoptr (BoloClock) clock = bolo_clock_new_system ();
  g_autoptr (BoloStore) store = bolo_store_new (folder, clock);
  g_autoptr (GError) error = NULL;

  g_signal_connect (store, "stored", G_CALLBACK (on_stored), NULL);
  if (!bolo_store_open (store, &error)) {
    fprintf (stderr, "%s\n", error->message);
    return 1;
  }
  for (guint i = first;; i++) {
    g_autoptr (BoloSighting) sighting =
      sample_sighting (i, BOLO_SIGHTING_PROVISIONAL, SAMPLE_START_US + (gint64) i * 1000);

    if (i % 5 == 0) {
      g_autoptr (BoloHit) hit = sample_hit (i, sighting);

      bolo_store_add_hit (store, hit);
    } else {
      bolo_store_add_sighting (store, sighting);
    }
    while (bolo_store_get_n_waiting (store) > 100 || i % 7 == 0) {
      g_main_context_iteration (NULL, FALSE);
      if (bolo_store_get_n_waiting (store) <= 100)
        break;
      g_usleep (500);
    }
  }
  return 0;
}

/* ---- the parent ---- */

typedef struct {
  char *folder;
  char *program;
  GHashTable *announced; /* ids */
} Fixture;

static gboolean
on_end_of_life (gpointer data)
{
  GSubprocess *child = data;

  g_subprocess_send_signal (child, SIGKILL);
  return G_SOURCE_REMOVE;
}

typedef struct {
  Fixture *fixture;
  GSubprocess *child;
  gboolean is_counting; /* the time that the child has left */
  gboolean is_ended;
} Listening;

static void
count_down (Listening *self)
{
  self->is_counting = TRUE;
  g_timeout_add ((guint) g_test_rand_int_range (MIN_LIFE_MS, MAX_LIFE_MS), on_end_of_life,
                 self->child);
}

static void
on_line (GObject *source, GAsyncResult *result, gpointer data)
{
  Listening *listening = data;
  g_autofree char *line =
    g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, NULL);

  if (line == NULL) {
    listening->is_ended = TRUE;
    return;
  }
  /* The last line may be cut off; a whole id has 36 characters. */
  if (strlen (line) == 36)
    g_hash_table_add (listening->fixture->announced, g_steal_pointer (&line));
  if (!listening->is_counting)
    count_down (listening);
  g_data_input_stream_read_line_async (G_DATA_INPUT_STREAM (source), G_PRIORITY_DEFAULT, NULL,
                                       on_line, listening);
}

static gboolean
has_ended (gpointer data)
{
  return ((Listening *) data)->is_ended;
}

/* The first child lives until it has announced something, for else a slow machine puts nothing to
 * the test; the others die at any instant. */
static void
live_and_die (Fixture *fixture, guint number)
{
  g_autofree char *first = g_strdup_printf ("%u", number * NUMBERS_A_CHILD);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, fixture->program, "--child",
                      fixture->folder, first, NULL);
  g_autoptr (GDataInputStream) lines = NULL;
  Listening listening = {.fixture = fixture, .child = child};
  guint before = g_hash_table_size (fixture->announced);

  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, on_line, &listening);
  if (number > 0)
    count_down (&listening);
  sample_wait (has_ended, &listening);
  g_assert_true (g_subprocess_wait (child, NULL, &error));
  g_assert_true (g_subprocess_get_if_signaled (child));
  g_assert_cmpint (g_subprocess_get_term_sig (child), ==, SIGKILL);
  g_test_message ("%u announced before the kill", g_hash_table_size (fixture->announced) - before);
}

static GHashTable *
list_stored (BoloStore *store)
{
  const BoloStoreQuery query = {NULL, G_MININT64, G_MAXINT64, 0, NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) sightings = bolo_store_list_sightings (store, &query, &error);
  g_autoptr (GPtrArray) hits = bolo_store_list_hits (store, G_MININT64, G_MAXINT64, &error);
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < sightings->len; i++)
    g_hash_table_add (ids, g_strdup (((BoloSighting *) sightings->pdata[i])->id));
  for (guint i = 0; i < hits->len; i++)
    g_hash_table_add (ids, g_strdup (((BoloHit *) hits->pdata[i])->id));
  return ids;
}

static void
check (Fixture *fixture)
{
  g_autoptr (BoloClock) clock = bolo_clock_new_system ();
  g_autoptr (BoloStore) store = bolo_store_new (fixture->folder, clock);
  g_autoptr (GHashTable) stored = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start_us = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer id;

  g_assert_true (bolo_store_open (store, &error));
  g_assert_no_error (error);
  g_test_message ("open again after %.1f ms",
                  (double) (g_get_monotonic_time () - start_us) / 1000.0);
  g_assert_true (bolo_store_verify (store, &error));
  g_assert_no_error (error);
  stored = list_stored (store);
  g_hash_table_iter_init (&iter, fixture->announced);
  while (g_hash_table_iter_next (&iter, &id, NULL)) {
    guint number;

    g_assert_true (g_hash_table_contains (stored, id));
    if (sample_parse_id (id, "sighting", &number)) {
      g_autoptr (GBytes) expected = sample_picture ("patch", number, 900 + number % 2000);
      g_autoptr (GBytes) found = bolo_store_load_picture (store, id, BOLO_PICTURE_PATCH, &error);

      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (found, expected));
    }
  }
  g_assert_true (bolo_store_close (store, 10000));
}

static void
test_kills (gconstpointer data)
{
  guint n_kills = GPOINTER_TO_UINT (data);
  Fixture fixture = {0};

  fixture.folder = sample_make_folder ();
  fixture.program = g_file_read_link ("/proc/self/exe", NULL);
  fixture.announced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < n_kills; i++) {
    live_and_die (&fixture, i);
    check (&fixture);
  }
  /* Else nothing was put to the test. */
  g_assert_cmpuint (g_hash_table_size (fixture.announced), >, 0);
  g_hash_table_unref (fixture.announced);
  sample_remove_folder (fixture.folder);
  g_free (fixture.folder);
  g_free (fixture.program);
}

int
main (int argc, char **argv)
{
  guint n_kills = 3;

  if (argc == 4 && strcmp (argv[1], "--child") == 0)
    return run_child (argv[2], (guint) atoi (argv[3]));
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    n_kills = (guint) atoi (argv[1]);
  g_test_add_data_func ("/kill/store", GUINT_TO_POINTER (n_kills), test_kills);
  return g_test_run ();
}
