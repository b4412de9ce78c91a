/* test-sync-run.c: whatever the other side does, every state arrives once and leaves by its answer
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "bolo-error.h"
#include "bolo-list-files.h"
#include "bolo-store-samples.h"
#include "bolo-sync-queues.h"
#include "bolo-sync-run.h"
#include "bolo-worker.h"
#include "test-transport.h"

typedef struct {
  char *folder;
  BoloClock *clock;
  BoloStore *store;
  BoloHotlist *hotlist; /* (nullable) */
  BoloRemote remote;
  TestTransport *transport;
  BoloSyncRun *run;
  BoloWorker *worker;
  /* of the run; (mutex mutex) */
  GMutex mutex;
  GCond changed;
  BoloSyncFigures figures;
  char *failure;
  char *receipt;
  guint n_told;
  gboolean has_said_lost; /* at any time */
  gboolean has_ended;
  gboolean is_done;
  GError *error;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const char *const receivers[] = {"hq", NULL};

  fixture->folder = sample_make_folder ();
  fixture->clock = bolo_clock_new_system ();
  fixture->store = sample_open_store (fixture->folder, fixture->clock, receivers);
  fixture->remote.name = (char *) "hq";
  fixture->remote.pictures = BOLO_PICTURES_UNMETERED;
  fixture->remote.interval_s = 60;
  fixture->transport = test_transport_new ();
  g_mutex_init (&fixture->mutex);
  g_cond_init (&fixture->changed);
}

static void
remove_folder (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    g_assert_true (bolo_list_files_remove_directory (path, NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->run != NULL)
    bolo_sync_run_stop (fixture->run);
  if (fixture->worker != NULL)
    g_assert_true (bolo_worker_stop (fixture->worker, 10000));
  g_clear_object (&fixture->worker);
  bolo_sync_run_free (fixture->run);
  g_assert_true (bolo_store_close (fixture->store, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (fixture->store);
  g_assert_finalize_object (fixture->transport);
  g_object_unref (fixture->clock);
  g_clear_object (&fixture->hotlist);
  remove_folder (fixture, "receipts");
  remove_folder (fixture, "sync");
  sample_remove_folder (fixture->folder);
  g_clear_error (&fixture->error);
  g_free (fixture->failure);
  g_free (fixture->receipt);
  g_free (fixture->folder);
  g_mutex_clear (&fixture->mutex);
  g_cond_clear (&fixture->changed);
}

static void
add_sighting (Fixture *fixture, guint number)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (number, BOLO_SIGHTING_CLOSED, SAMPLE_START_US + number);

  bolo_store_add_sighting (fixture->store, sighting);
}

static void
add_hit (Fixture *fixture, guint number)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (number, BOLO_SIGHTING_CLOSED, SAMPLE_START_US + number);
  g_autoptr (BoloHit) hit = sample_hit (number, sighting);

  bolo_store_add_hit (fixture->store, hit);
}

static void
fill (Fixture *fixture, guint n_sightings, guint n_hits)
{
  for (guint i = 1; i <= n_sightings; i++)
    add_sighting (fixture, i);
  for (guint i = 1; i <= n_hits; i++)
    add_hit (fixture, n_sightings + i);
  sample_flush (fixture->store);
}

/* ---- running ------------------------------------------------------------------------------- */

static void
on_figures (const BoloSyncFigures *figures, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_mutex_lock (&fixture->mutex);
  fixture->figures = *figures;
  g_free (fixture->failure);
  fixture->failure = g_strdup (figures->failure);
  fixture->has_said_lost =
    fixture->has_said_lost ||
    (figures->failure != NULL && g_str_has_prefix (figures->failure, "The link was lost"));
  fixture->n_told++;
  g_cond_broadcast (&fixture->changed);
  g_mutex_unlock (&fixture->mutex);
}

static void
on_receipt (const char *path, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_free (fixture->receipt);
  fixture->receipt = g_strdup (path);
}

static gboolean
on_worker (gpointer user_data)
{
  Fixture *fixture = user_data;
  gboolean is_done = bolo_sync_run_loop (fixture->run, &fixture->error);

  g_mutex_lock (&fixture->mutex);
  fixture->is_done = is_done;
  fixture->has_ended = TRUE;
  g_cond_broadcast (&fixture->changed);
  g_mutex_unlock (&fixture->mutex);
  return G_SOURCE_REMOVE;
}

static void
start (Fixture *fixture, BoloRunEnd end)
{
  const BoloRunParts parts = {
    .remote = &fixture->remote,
    .transport = BOLO_TRANSPORT (fixture->transport),
    .store = fixture->store,
    .hotlist = fixture->hotlist,
    .state_dir = fixture->folder,
    .clock = fixture->clock,
    .end = end,
  };
  const BoloRunNotify notify = {on_figures, NULL, NULL, on_receipt, fixture};

  fixture->run = bolo_sync_run_new (&parts, &notify);
  fixture->worker = bolo_worker_new ("test-sync");
  bolo_worker_post (fixture->worker, on_worker, fixture, NULL);
}

static void
wait_until (Fixture *fixture, gboolean (*condition) (Fixture *fixture))
{
  gint64 until_us = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&fixture->mutex);
  while (!condition (fixture))
    g_assert_true (g_cond_wait_until (&fixture->changed, &fixture->mutex, until_us));
  g_mutex_unlock (&fixture->mutex);
}

static gboolean
has_ended (Fixture *fixture)
{
  return fixture->has_ended;
}

static gboolean
is_idle (Fixture *fixture)
{
  return fixture->figures.phase == BOLO_SYNC_IDLE;
}

static gboolean
is_waiting (Fixture *fixture)
{
  return fixture->figures.phase == BOLO_SYNC_WAITING;
}

static void
run_to_end (Fixture *fixture, BoloRunEnd end)
{
  start (fixture, end);
  wait_until (fixture, has_ended);
}

static gint64
count_unsent (Fixture *fixture)
{
  BoloUnsentCounts counts = {.oldest_us = -1};
  g_autoptr (GError) error = NULL;
  gint64 sum = 0;

  g_assert_true (bolo_store_count_unsent (fixture->store, "hq", &counts, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < BOLO_N_TOPICS; i++)
    sum += counts.items[i];
  return sum;
}

/* All of it is there, once: sightings, hits, two pictures each. */
static void
assert_whole (Fixture *fixture, guint n_sightings, guint n_hits)
{
  g_assert_cmpuint (fixture->transport->log->len, ==, 3 * n_sightings + 4 * n_hits);
  g_assert_cmpint (count_unsent (fixture), ==, 0);
}

/* ---- tests --------------------------------------------------------------------------------- */

static void
test_order (Fixture *fixture, gconstpointer data)
{
  GPtrArray *log = fixture->transport->log;
  g_autofree char *newest = sample_id ("hit", 32);
  g_autofree char *text = NULL;

  fill (fixture, 30, 2);
  run_to_end (fixture, BOLO_RUN_UNTIL_DONE);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->is_done);
  assert_whole (fixture, 30, 2);
  g_assert_nonnull (strstr (log->pdata[0], newest));
  for (guint i = 0; i < log->len; i++) {
    const char *topic = i < 2 ? "hit " : i < 34 ? "sighting " : "picture ";

    g_assert_true (g_str_has_prefix (log->pdata[i], topic));
  }
  /* Pictures of hits before the others. */
  g_assert_nonnull (strstr (log->pdata[34], "/"));
  g_assert_cmpuint (test_transport_count (fixture->transport, "receipt 98"), ==, 1);
  g_assert_true (g_file_get_contents (fixture->receipt, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\"items\":98"));
  g_assert_cmpint (fixture->figures.sent, ==, 98);
}

/* Each kind of trouble, one after the other, on the first sends. */
static void
test_trouble (Fixture *fixture, gconstpointer data)
{
  const TestBehaviour behaviour = (TestBehaviour) GPOINTER_TO_INT (data);

  fill (fixture, 8, 2);
  test_transport_do (fixture->transport, behaviour);
  run_to_end (fixture, BOLO_RUN_UNTIL_DONE);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->is_done);
  assert_whole (fixture, 8, 2);
  /* What was lost was asked for, and nothing went a second time that was there. */
  if (behaviour != TEST_AGAIN)
    g_assert_cmpuint (test_transport_count (fixture->transport, "ask"), ==, 1);
  g_assert_cmpuint (fixture->transport->n_twice, ==, 0);
  g_assert_cmpuint (test_transport_count (fixture->transport, "connect"), ==, 2);
  g_assert_cmpuint (test_transport_count (fixture->transport, "send"), <, 20);
}

static void
test_rejected (Fixture *fixture, gconstpointer data)
{
  fill (fixture, 3, 0);
  test_transport_do (fixture->transport, TEST_REJECT);
  run_to_end (fixture, BOLO_RUN_UNTIL_DONE);
  g_assert_true (fixture->is_done);
  g_assert_cmpuint (fixture->transport->log->len, ==, 6); /* the pictures */
  g_assert_cmpint (fixture->figures.rejected, ==, 3);
  g_assert_cmpint (count_unsent (fixture), ==, 0);
}

/* A picture that is larger than a batch goes in pieces, and on from where it was after a cut. */
static void
test_pieces (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (1, BOLO_SIGHTING_CLOSED, SAMPLE_START_US + 1);
  GHashTableIter iter;
  gpointer piece;
  guint n = 0;

  g_clear_pointer (&sighting->overview_jpeg, g_bytes_unref);
  sighting->overview_jpeg = sample_picture ("overview", 1, 300000);
  fixture->transport->traits.piece_bytes = 20000;
  bolo_store_add_sighting (fixture->store, sighting);
  sample_flush (fixture->store);
  test_transport_do (fixture->transport, TEST_TAKE);
  test_transport_do (fixture->transport, TEST_TAKE);
  test_transport_do (fixture->transport, TEST_CUT_AFTER);
  test_transport_do (fixture->transport, TEST_CUT_BEFORE);
  run_to_end (fixture, BOLO_RUN_UNTIL_DONE);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->is_done);
  assert_whole (fixture, 1, 0);
  g_hash_table_iter_init (&iter, fixture->transport->pieces);
  while (g_hash_table_iter_next (&iter, NULL, &piece)) {
    g_autoptr (GBytes) bytes =
      g_bytes_new (((GByteArray *) piece)->data, ((GByteArray *) piece)->len);

    n += g_bytes_equal (bytes, sighting->overview_jpeg);
  }
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (test_transport_count (fixture->transport, "send"), >=, 15);
}

/* 40 sightings with pictures that make batches large enough for two connections. */
static void
fill_large (Fixture *fixture)
{
  fixture->transport->traits.piece_bytes = 1024 * 1024;
  fixture->transport->has_seconds = TRUE;
  for (guint i = 1; i <= 40; i++) {
    g_autoptr (BoloSighting) sighting =
      sample_sighting (i, BOLO_SIGHTING_CLOSED, SAMPLE_START_US + i);

    g_clear_pointer (&sighting->overview_jpeg, g_bytes_unref);
    sighting->overview_jpeg = sample_picture ("overview", i, 100000);
    bolo_store_add_sighting (fixture->store, sighting);
  }
  sample_flush (fixture->store);
}

/* On a fast link the next batch goes while the one before is written down there; whatever becomes
 * of one of them, everything is there once. */
static void
test_beside (Fixture *fixture, gconstpointer data)
{
  const TestBehaviour behaviour = (TestBehaviour) GPOINTER_TO_INT (data);

  fill_large (fixture);
  test_transport_do_beside (fixture->transport, behaviour);
  test_transport_do_beside (fixture->transport, TEST_TAKE);
  test_transport_do_beside (fixture->transport, behaviour);
  run_to_end (fixture, BOLO_RUN_UNTIL_DONE);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->is_done);
  assert_whole (fixture, 40, 0);
  g_assert_cmpuint (fixture->transport->n_met, ==, 2);
  g_assert_cmpuint (fixture->transport->n_twice, ==, 0);
  g_assert_cmpint (fixture->figures.sent, ==, 120);
  /* What was put off comes after a first receipt. */
  if (behaviour != TEST_AGAIN)
    g_assert_cmpuint (test_transport_count (fixture->transport, "receipt 120"), ==, 1);
  if (behaviour == TEST_TAKE)
    g_assert_cmpuint (test_transport_count (fixture->transport, "second"), ==, 2);
  /* One sends at a time; the next is packed meanwhile, else the first would have waited in vain. */
  g_assert_cmpuint (fixture->transport->n_going_max, ==, 1);
}

static void
wait_until_two_are_beside (Fixture *fixture)
{
  TestTransport *transport = fixture->transport;
  gint64 until_us = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&transport->mutex);
  while (transport->n_met < 2)
    g_assert_true (g_cond_wait_until (&transport->changed, &transport->mutex, until_us));
  g_mutex_unlock (&transport->mutex);
}

/* What the two that are on their way first meet with. */
typedef struct {
  const char *path;
  TestBehaviour first;
  TestBehaviour second;
} Fates;

static const Fates all_fates[] = {
  {"/sync-run/alone/cut-after/first", TEST_CUT_AFTER, TEST_TAKE},
  {"/sync-run/alone/cut-after/second", TEST_TAKE, TEST_CUT_AFTER},
  {"/sync-run/alone/cut-before/first", TEST_CUT_BEFORE, TEST_TAKE},
  {"/sync-run/alone/cut-before/second", TEST_TAKE, TEST_CUT_BEFORE},
  {"/sync-run/alone/half/first", TEST_HALF, TEST_TAKE},
  {"/sync-run/alone/half/second", TEST_TAKE, TEST_HALF},
  {"/sync-run/alone/reject/first", TEST_REJECT, TEST_TAKE},
  {"/sync-run/alone/reject/second", TEST_TAKE, TEST_REJECT},
  {"/sync-run/alone/forget-last/first", TEST_FORGET_LAST, TEST_TAKE},
  {"/sync-run/alone/forget-last/second", TEST_TAKE, TEST_FORGET_LAST},
  {"/sync-run/alone/hang/first", TEST_HANG, TEST_TAKE},
  {"/sync-run/alone/hang/second", TEST_TAKE, TEST_HANG},
};

/* How many items the call number @n over second connections had; with @and_before those too that
 * went before it, whichever way. */
static guint
get_n_beside (TestTransport *transport, guint n, gboolean and_before)
{
  guint sum = 0;

  for (guint i = 0; i < transport->calls->len; i++) {
    const char *call = transport->calls->pdata[i];
    gboolean is_beside = g_str_has_prefix (call, "beside ");
    guint n_items = (guint) g_ascii_strtoull (strchr (call, ' '), NULL, 10);

    if (is_beside || g_str_has_prefix (call, "send "))
      sum += n_items;
    if (is_beside && n-- == 0)
      return and_before ? sum : n_items;
  }
  g_assert_not_reached ();
}

/* Where the first item with this beginning came; the log's length: nowhere. */
static guint
find_in_log (TestTransport *transport, const char *prefix)
{
  guint i = 0;

  while (i < transport->log->len && !g_str_has_prefix (transport->log->pdata[i], prefix))
    i++;
  return i;
}

/* Links come up again and again: what hangs is broken off by one of them. */
static gpointer
wish_links (gpointer user_data)
{
  Fixture *fixture = user_data;
  gboolean is_over = FALSE;

  while (!is_over) {
    bolo_sync_run_wish (fixture->run, BOLO_RUN_LINK_UP);
    g_mutex_lock (&fixture->mutex);
    g_cond_wait_until (&fixture->changed, &fixture->mutex,
                       g_get_monotonic_time () + G_TIME_SPAN_SECOND / 4);
    is_over = fixture->has_ended;
    g_mutex_unlock (&fixture->mutex);
  }
  return NULL;
}

/* One alone fails, the other is acknowledged: nothing is lost or doubled; and a hit that comes
 * meanwhile stands behind what was on its way then and behind nothing else. */
static void
test_alone (Fixture *fixture, gconstpointer data)
{
  const Fates *fates = data;
  TestTransport *transport = fixture->transport;
  gboolean is_rejected = fates->first == TEST_REJECT || fates->second == TEST_REJECT;
  gboolean hangs = fates->first == TEST_HANG || fates->second == TEST_HANG;
  guint n_rejected = 0;

  fill_large (fixture);
  transport->is_held = TRUE;
  test_transport_do_beside (transport, fates->first);
  test_transport_do_beside (transport, fates->second);
  start (fixture, BOLO_RUN_UNTIL_DONE);
  wait_until_two_are_beside (fixture);
  add_hit (fixture, 41);
  sample_flush (fixture->store);
  bolo_sync_run_wish (fixture->run, BOLO_RUN_URGENT);
  g_mutex_lock (&transport->mutex);
  transport->is_held = FALSE;
  g_cond_broadcast (&transport->changed);
  g_mutex_unlock (&transport->mutex);
  if (hangs)
    g_thread_join (g_thread_new ("test-links", wish_links, fixture));
  wait_until (fixture, has_ended);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->is_done);
  /* In words of the link: nobody has stopped anything. */
  g_assert_cmpint (fixture->has_said_lost, ==, hangs);
  g_assert_cmpint (count_unsent (fixture), ==, 0);
  if (is_rejected)
    n_rejected = get_n_beside (transport, fates->first == TEST_REJECT ? 0 : 1, FALSE);
  g_assert_cmpint (fixture->figures.rejected, ==, n_rejected);
  g_assert_cmpuint (transport->log->len, ==, 3 * 40 + 4 - n_rejected);
  g_assert_cmpuint (transport->n_twice, ==, 0);
  g_assert_cmpuint (find_in_log (transport, "sighting "), ==, 0);
  g_assert_cmpuint (find_in_log (transport, "picture "), ==, 40);
  g_assert_cmpuint (find_in_log (transport, "hit "), <=, get_n_beside (transport, 1, TRUE));
}

/* With two on their way it still ends at once, and nothing is lost. */
static void
test_stop_beside (Fixture *fixture, gconstpointer data)
{
  fill_large (fixture);
  test_transport_do_beside (fixture->transport, TEST_HANG);
  test_transport_do_beside (fixture->transport, TEST_HANG);
  start (fixture, BOLO_RUN_UNTIL_DONE);
  wait_until_two_are_beside (fixture);
  bolo_sync_run_stop (fixture->run);
  wait_until (fixture, has_ended);
  g_assert_false (fixture->is_done);
  g_assert_cmpint (count_unsent (fixture) + fixture->transport->log->len, ==, 120);
}

static void
test_metered (Fixture *fixture, gconstpointer data)
{
  fill (fixture, 5, 0);
  start (fixture, BOLO_RUN_FOR_EVER);
  bolo_sync_run_set_metered (fixture->run, TRUE);
  wait_until (fixture, is_idle);
  /* It may have begun before it was told. */
  bolo_sync_run_stop (fixture->run);
  wait_until (fixture, has_ended);
  g_assert_true (fixture->figures.is_metered);
  g_assert_true (fixture->figures.is_holding_images || count_unsent (fixture) == 0);
}

static void
test_never_pictures (Fixture *fixture, gconstpointer data)
{
  fixture->remote.pictures = BOLO_PICTURES_NEVER;
  fill (fixture, 5, 0);
  run_to_end (fixture, BOLO_RUN_UNTIL_DONE);
  g_assert_true (fixture->is_done);
  g_assert_cmpuint (fixture->transport->log->len, ==, 5);
  g_assert_true (fixture->figures.is_holding_images);
  g_assert_cmpint (count_unsent (fixture), ==, 10);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  fixture->transport->connect_error =
    g_error_new (BOLO_ERROR, BOLO_ERROR_AUTH, "The station's certificate has expired");
  fixture->transport->n_refusals = 1000;
  fill (fixture, 2, 0);
  run_to_end (fixture, BOLO_RUN_UNTIL_DONE);
  g_assert_false (fixture->is_done);
  g_assert_error (fixture->error, BOLO_ERROR, BOLO_ERROR_AUTH);
  g_assert_cmpuint (test_transport_count (fixture->transport, "connect"), ==, 1);
  g_assert_cmpuint (test_transport_count (fixture->transport, "send"), ==, 0);
  g_assert_cmpint (count_unsent (fixture), ==, 6);
}

/* Without a hotlist there is no taker, and nobody is asked for lists. */
static void
give_lists (Fixture *fixture)
{
  g_autofree char *plate = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloPlateRules) rules = bolo_plate_rules_load (plate, &error);

  g_assert_no_error (error);
  fixture->hotlist = bolo_hotlist_new (fixture->folder, rules, fixture->clock);
}

/* What is wrong with the lists is said, and keeps no record in the car. */
static void
test_lists_refused (Fixture *fixture, gconstpointer data)
{
  fixture->transport->lists_error =
    g_error_new (BOLO_ERROR, BOLO_ERROR_STALE, "the manifest is refused as a replay");
  give_lists (fixture);
  fill (fixture, 4, 1);
  run_to_end (fixture, BOLO_RUN_ONCE);
  g_assert_false (fixture->is_done);
  g_assert_error (fixture->error, BOLO_ERROR, BOLO_ERROR_STALE);
  assert_whole (fixture, 4, 1);
  g_assert_cmpuint (test_transport_count (fixture->transport, "lists"), ==, 1);
  g_assert_cmpuint (test_transport_count (fixture->transport, "connect"), ==, 1);
}

static void
test_once (Fixture *fixture, gconstpointer data)
{
  fixture->transport->connect_error = g_error_new (BOLO_ERROR, BOLO_ERROR_OFFLINE, "no link");
  fixture->transport->n_refusals = 1000;
  fill (fixture, 1, 0);
  run_to_end (fixture, BOLO_RUN_ONCE);
  g_assert_false (fixture->is_done);
  g_assert_error (fixture->error, BOLO_ERROR, BOLO_ERROR_OFFLINE);
  g_assert_cmpuint (test_transport_count (fixture->transport, "connect"), ==, 3);
}

/* New records do not shorten a wait after a failure; a link that comes up does. */
static void
test_no_storm (Fixture *fixture, gconstpointer data)
{
  fixture->transport->connect_error = g_error_new (BOLO_ERROR, BOLO_ERROR_BUSY, "come back later");
  fixture->transport->n_refusals = 1;
  fixture->transport->traits.asked_s = 300;
  fill (fixture, 1, 0);
  start (fixture, BOLO_RUN_FOR_EVER);
  wait_until (fixture, is_waiting);
  for (guint i = 2; i < 40; i++) {
    add_sighting (fixture, i);
    bolo_sync_run_wish (fixture->run, BOLO_RUN_MORE);
    bolo_sync_run_wish (fixture->run, BOLO_RUN_URGENT);
  }
  sample_flush (fixture->store);
  g_assert_cmpuint (test_transport_count (fixture->transport, "connect"), ==, 1);
  g_assert_cmpint (fixture->figures.next_try_us, >, 0);
  bolo_sync_run_wish (fixture->run, BOLO_RUN_LINK_UP);
  wait_until (fixture, is_idle);
  g_assert_cmpuint (test_transport_count (fixture->transport, "connect"), ==, 2);
}

/* While it idles, a hit goes as it is stored, and the lists were looked for. */
static void
test_idle (Fixture *fixture, gconstpointer data)
{
  g_autofree char *hit = sample_id ("hit", 1);

  start (fixture, BOLO_RUN_FOR_EVER);
  wait_until (fixture, is_idle);
  add_hit (fixture, 1);
  sample_flush (fixture->store);
  bolo_sync_run_wish (fixture->run, BOLO_RUN_URGENT);
  for (guint i = 0; i < 6000 && count_unsent (fixture) > 0; i++)
    g_usleep (10000);
  assert_whole (fixture, 0, 1);
  g_assert_nonnull (strstr (fixture->transport->log->pdata[0], hit));
}

static gboolean
is_sending (Fixture *fixture)
{
  return fixture->figures.phase == BOLO_SYNC_SENDING;
}

static gboolean
is_all_sent (Fixture *fixture)
{
  return fixture->figures.sent >= 9;
}

static gboolean
has_said_lost (Fixture *fixture)
{
  return fixture->has_said_lost;
}

/* A link that comes up breaks off what has been hanging on the one before. */
static void
test_link_comes_back (Fixture *fixture, gconstpointer data)
{
  fill (fixture, 3, 0);
  test_transport_do (fixture->transport, TEST_HANG);
  start (fixture, BOLO_RUN_FOR_EVER);
  wait_until (fixture, is_sending);
  bolo_sync_run_wish (fixture->run, BOLO_RUN_LINK_UP); /* at once: it may be on the new one */
  g_usleep (3 * G_USEC_PER_SEC);
  g_assert_cmpuint (test_transport_count (fixture->transport, "send"), ==, 1);
  bolo_sync_run_wish (fixture->run, BOLO_RUN_LINK_UP);
  wait_until (fixture, has_said_lost);
  wait_until (fixture, is_all_sent);
  assert_whole (fixture, 3, 0);
}

static void
test_stop (Fixture *fixture, gconstpointer data)
{
  fill (fixture, 3, 0);
  fixture->transport->connect_error = g_error_new (BOLO_ERROR, BOLO_ERROR_OFFLINE, "no link");
  fixture->transport->n_refusals = 1000;
  start (fixture, BOLO_RUN_FOR_EVER);
  wait_until (fixture, is_waiting);
  bolo_sync_run_stop (fixture->run);
  wait_until (fixture, has_ended);
  g_assert_false (fixture->is_done);
  g_assert_cmpint (count_unsent (fixture), ==, 9);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
#define ADD_TROUBLE(path, what)                                                                    \
  g_test_add (path, Fixture, GINT_TO_POINTER (what), set_up, test_trouble, tear_down)
#define ADD_BESIDE(path, what)                                                                     \
  g_test_add (path, Fixture, GINT_TO_POINTER (what), set_up, test_beside, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/sync-run/order", test_order);
  ADD_TROUBLE ("/sync-run/cut-after", TEST_CUT_AFTER);
  ADD_TROUBLE ("/sync-run/cut-before", TEST_CUT_BEFORE);
  ADD_TROUBLE ("/sync-run/half", TEST_HALF);
  ADD_TROUBLE ("/sync-run/again", TEST_AGAIN);
  ADD_TROUBLE ("/sync-run/forget-last", TEST_FORGET_LAST);
  ADD ("/sync-run/rejected", test_rejected);
  ADD ("/sync-run/pieces", test_pieces);
  ADD_BESIDE ("/sync-run/beside", TEST_TAKE);
  ADD_BESIDE ("/sync-run/beside-cut-after", TEST_CUT_AFTER);
  ADD_BESIDE ("/sync-run/beside-cut-before", TEST_CUT_BEFORE);
  ADD_BESIDE ("/sync-run/beside-half", TEST_HALF);
  ADD_BESIDE ("/sync-run/beside-again", TEST_AGAIN);
  ADD_BESIDE ("/sync-run/beside-forget-last", TEST_FORGET_LAST);
  for (guint i = 0; i < G_N_ELEMENTS (all_fates); i++)
    g_test_add (all_fates[i].path, Fixture, &all_fates[i], set_up, test_alone, tear_down);
  ADD ("/sync-run/stop-beside", test_stop_beside);
  ADD ("/sync-run/metered", test_metered);
  ADD ("/sync-run/never-pictures", test_never_pictures);
  ADD ("/sync-run/refused", test_refused);
  ADD ("/sync-run/lists-refused", test_lists_refused);
  ADD ("/sync-run/once", test_once);
  ADD ("/sync-run/no-storm", test_no_storm);
  ADD ("/sync-run/idle", test_idle);
  ADD ("/sync-run/link-comes-back", test_link_comes_back);
  ADD ("/sync-run/stop", test_stop);
  return g_test_run ();
}
