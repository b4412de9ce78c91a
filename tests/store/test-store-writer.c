/* test-store-writer.c: hits go before reads, what fails is said once, and a late start catches up
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <sqlite3.h>
#include <string.h>

#include "bolo-cut-vfs.h"
#include "bolo-error.h"
#include "bolo-store-samples.h"
#include "bolo-store-writer.h"

/* Everything that a writer says, in order; filled on its worker. */
typedef struct {
  GMutex mutex;
  GPtrArray *said; /* (mutex mutex) texts */
} Log;

typedef struct {
  char *folder;
  BoloClock *clock;
  BoloCutVfs *vfs;
  BoloWorker *worker;
  BoloStoreWriter *writer;
  Log log;
} Fixture;

static void
say (Log *log, char *text)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&log->mutex);

  g_ptr_array_add (log->said, text);
}

static void
on_stored (char **ids, gpointer data)
{
  for (; *ids != NULL; ids++) {
    guint number = 0;

    if (sample_parse_id (*ids, "hit", &number))
      say (data, g_strdup_printf ("hit %u", number));
    else if (sample_parse_id (*ids, "sighting", &number))
      say (data, g_strdup_printf ("sighting %u", number));
    else
      say (data, g_strdup ("other"));
  }
}

static void
on_health (const BoloHealth *health, gpointer data)
{
  say (data, g_strdup_printf ("health %s", bolo_health_state_to_string (health->state)));
}

static void
on_problem (const BoloProblem *problem, gpointer data)
{
  say (data, g_strdup_printf ("problem %s", problem->title));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const BoloWriterNotify notify = {on_stored, on_health, on_problem, &fixture->log, NULL};

  fixture->folder = sample_make_folder ();
  fixture->clock = bolo_clock_new_manual (SAMPLE_START_US);
  fixture->vfs = bolo_cut_vfs_new ("bolo-cut");
  fixture->worker = bolo_worker_new ("test-writer");
  g_mutex_init (&fixture->log.mutex);
  fixture->log.said = g_ptr_array_new_with_free_func (g_free);
  fixture->writer =
    bolo_store_writer_new (fixture->folder, "bolo-cut", fixture->clock, fixture->worker, &notify);
}

/* ---- on the worker ---- */

static gboolean
do_open (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_store_writer_open (fixture->writer, FALSE, &error));
  g_assert_no_error (error);
  return G_SOURCE_REMOVE;
}

static gboolean
do_write_all (gpointer data)
{
  Fixture *fixture = data;

  bolo_store_writer_write_all (fixture->writer, NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
do_close (gpointer data)
{
  Fixture *fixture = data;

  bolo_store_writer_close (fixture->writer, NULL);
  return G_SOURCE_REMOVE;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bolo_worker_post (fixture->worker, do_close, fixture, NULL);
  g_assert_true (bolo_worker_stop (fixture->worker, 10000));
  bolo_store_writer_unref (fixture->writer);
  g_assert_finalize_object (fixture->worker);
  g_assert_finalize_object (fixture->clock);
  bolo_cut_vfs_free (fixture->vfs);
  g_ptr_array_unref (fixture->log.said);
  g_mutex_clear (&fixture->log.mutex);
  sample_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

/* ---- on main ---- */

typedef struct {
  Fixture *fixture;
  const char *text;
} Wanted;

static int
find (Fixture *fixture, const char *text)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&fixture->log.mutex);

  for (guint i = 0; i < fixture->log.said->len; i++) {
    if (g_str_has_prefix (fixture->log.said->pdata[i], text))
      return (int) i;
  }
  return -1;
}

static guint
count (Fixture *fixture, const char *text)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&fixture->log.mutex);
  guint n = 0;

  for (guint i = 0; i < fixture->log.said->len; i++)
    n += g_str_has_prefix (fixture->log.said->pdata[i], text);
  return n;
}

static gboolean
is_said (gpointer data)
{
  const Wanted *wanted = data;

  return find (wanted->fixture, wanted->text) >= 0;
}

static void
wait_for (Fixture *fixture, const char *text)
{
  Wanted wanted = {fixture, text};

  sample_wait (is_said, &wanted);
}

static gboolean
has_none_waiting (gpointer data)
{
  return bolo_store_writer_get_n_waiting (((Fixture *) data)->writer) == 0;
}

static void
add (Fixture *fixture, guint number, gboolean with_hit)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (number, BOLO_SIGHTING_CLOSED, SAMPLE_START_US + number);

  if (with_hit) {
    g_autoptr (BoloHit) hit = sample_hit (number, sighting);

    bolo_store_writer_add (fixture->writer, bolo_record_new_hit (hit));
  } else {
    bolo_store_writer_add (fixture->writer, bolo_record_new_sighting (sighting));
  }
}

static gboolean
do_mark (gpointer data)
{
  Fixture *fixture = data;

  say (&fixture->log, g_strdup ("mark"));
  return G_SOURCE_REMOVE;
}

/* In lock-step a hit wakes nothing: the flush alone commits. */
static void
test_waits_for_flush (Fixture *fixture, gconstpointer data)
{
  bolo_store_writer_set_waits_for_flush (fixture->writer);
  bolo_worker_post (fixture->worker, do_open, fixture, NULL);
  add (fixture, 1, FALSE);
  add (fixture, 500, TRUE);
  bolo_worker_post (fixture->worker, do_mark, fixture, NULL);
  wait_for (fixture, "mark");
  g_assert_cmpuint (bolo_store_writer_get_n_waiting (fixture->writer), ==, 2);
  bolo_worker_post (fixture->worker, do_write_all, fixture, NULL);
  wait_for (fixture, "sighting 1");
  g_assert_cmpint (find (fixture, "mark"), <, find (fixture, "hit 500"));
}

/* What was added before anything was open is written when it is: the hit before all reads. */
static void
test_hit_first (Fixture *fixture, gconstpointer data)
{
  for (guint i = 1; i <= 100; i++)
    add (fixture, i, FALSE);
  add (fixture, 500, TRUE);
  g_assert_cmpuint (bolo_store_writer_get_n_waiting (fixture->writer), ==, 101);
  bolo_worker_post (fixture->worker, do_open, fixture, NULL);
  bolo_worker_post (fixture->worker, do_write_all, fixture, NULL);
  wait_for (fixture, "sighting 100");
  sample_wait (has_none_waiting, fixture);
  g_assert_cmpuint (count (fixture, "sighting"), ==, 101);
  /* Its own sighting is announced with it. */
  g_assert_cmpint (find (fixture, "sighting 500"), <, find (fixture, "hit 500"));
  g_assert_cmpint (find (fixture, "hit 500"), <, find (fixture, "sighting 1"));
  /* Groups: far fewer commits than records. */
  g_assert_cmpfloat (bolo_store_writer_get_commit_ms (fixture->writer, 0.5), >, 0);
}

/* One sentence for one failure, however often it is tried. */
static void
test_said_once (Fixture *fixture, gconstpointer data)
{
  bolo_worker_post (fixture->worker, do_open, fixture, NULL);
  wait_for (fixture, "health");
  bolo_cut_vfs_fail_writes (fixture->vfs, SQLITE_FULL);
  add (fixture, 1, TRUE);
  wait_for (fixture, "health lost");
  for (guint i = 0; i < 5; i++)
    bolo_worker_post (fixture->worker, do_write_all, fixture, NULL);
  bolo_cut_vfs_fail_writes (fixture->vfs, SQLITE_OK);
  wait_for (fixture, "hit 1");
  sample_wait (has_none_waiting, fixture);
  g_assert_cmpuint (count (fixture, "health lost"), ==, 1);
  g_assert_cmpuint (count (fixture, "hit 1"), ==, 1);
  g_assert_cmpuint (count (fixture, "problem"), ==, 0);
  g_assert_cmpuint (bolo_store_writer_get_n_lost (fixture->writer), ==, 0);
}

/* A record of ours that breaks a rule is a problem for the officer, not a wall for the rest. */
static void
test_lost_record (Fixture *fixture, gconstpointer data)
{
  g_test_expect_message ("bolo-archive", G_LOG_LEVEL_WARNING, "*could not be stored*");
  bolo_store_writer_add (fixture->writer,
                         bolo_record_new_note (bolo_note_new ("sign-on", NULL, NULL, 1)));
  add (fixture, 1, TRUE);
  bolo_worker_post (fixture->worker, do_open, fixture, NULL);
  bolo_worker_post (fixture->worker, do_write_all, fixture, NULL);
  wait_for (fixture, "hit 1");
  wait_for (fixture, "problem A record could not be stored");
  sample_wait (has_none_waiting, fixture);
  g_test_assert_expected_messages ();
}

/* Many threads may add; nothing is lost between them and the worker's sleep. */
typedef struct {
  Fixture *fixture;
  guint first;
} Adder;

static gpointer
add_many (gpointer data)
{
  const Adder *adder = data;

  for (guint i = 0; i < 100; i++) {
    add (adder->fixture, adder->first + i, i % 10 == 0);
    if (i % 20 == 0)
      g_thread_yield ();
  }
  return NULL;
}

static gboolean
has_all_hits (gpointer data)
{
  return count (data, "hit") == 40;
}

static void
test_threads (Fixture *fixture, gconstpointer data)
{
  GThread *threads[4];
  Adder adders[G_N_ELEMENTS (threads)];

  bolo_worker_post (fixture->worker, do_open, fixture, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++) {
    adders[i] = (Adder){fixture, 1000 * i};
    threads[i] = g_thread_new ("test-adder", add_many, &adders[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  sample_wait (has_all_hits, fixture);
  sample_wait (has_none_waiting, fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/store-writer/hit-first", test_hit_first);
  ADD ("/store-writer/waits-for-flush", test_waits_for_flush);
  ADD ("/store-writer/said-once", test_said_once);
  ADD ("/store-writer/lost-record", test_lost_record);
  ADD ("/store-writer/threads", test_threads);
  return g_test_run ();
}
