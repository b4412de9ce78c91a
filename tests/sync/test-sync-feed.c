/* test-sync-feed.c: what is read ahead comes behind what is under way, and a failure is told
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-store-samples.h"
#include "bolo-sync-feed.h"

#define N_SIGHTINGS 9

typedef struct {
  char *folder;
  BoloClock *clock;
  BoloStore *store;
  BoloSyncFeed *feed;
  BoloUnsentQuery query; /* three texts */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const char *const receivers[] = {"hq", NULL};
  g_autoptr (GError) error = NULL;

  fixture->folder = sample_make_folder ();
  fixture->clock = bolo_clock_new_system ();
  fixture->store = sample_open_store (fixture->folder, fixture->clock, receivers);
  for (guint i = 1; i <= N_SIGHTINGS; i++) {
    g_autoptr (BoloSighting) sighting =
      sample_sighting (i, BOLO_SIGHTING_CLOSED, SAMPLE_START_US + i);

    bolo_store_add_sighting (fixture->store, sighting);
  }
  sample_flush (fixture->store);
  fixture->query = (BoloUnsentQuery){
    "hq", G_MAXINT64 - 1, BOLO_URGENCY_REST, 3, 1000000, FALSE, NULL,
  };
  fixture->feed =
    bolo_sync_feed_open (fixture->folder, fixture->store, fixture->clock, "hq", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bolo_sync_feed_close (fixture->feed);
  g_assert_true (bolo_store_close (fixture->store, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->store);
  g_object_unref (fixture->clock);
  sample_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static GPtrArray *
take (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *items = bolo_sync_feed_take (fixture->feed, &fixture->query, NULL, &error);

  g_assert_no_error (error);
  return items;
}

/* Sightings @from to @to, in their order. */
static void
assert_sightings (GPtrArray *items, guint from, guint to)
{
  g_assert_cmpuint (items->len, ==, to - from + 1);
  for (guint i = 0; i < items->len; i++) {
    g_autofree char *id = sample_id ("sighting", from + i);

    g_assert_cmpstr (((BoloOutgoing *) items->pdata[i])->id, ==, id);
  }
}

static void
settle (Fixture *fixture, GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    bolo_outgoing_answer (items->pdata[i], BOLO_RESULT_STORED, NULL);
  bolo_sync_feed_settle (fixture->feed, items, 0);
}

static void
test_ahead (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) first = take (fixture);
  g_autoptr (GPtrArray) second = NULL;
  g_autoptr (GPtrArray) third = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  BoloUnsentCounts counts;
  g_autoptr (GError) error = NULL;

  assert_sightings (first, 1, 3);
  bolo_sync_feed_read_ahead (fixture->feed, &fixture->query, first);
  settle (fixture, first);
  second = take (fixture);
  assert_sightings (second, 4, 6);
  /* The first is out by now. The second is lost on the way: it comes again. */
  bolo_sync_feed_read_ahead (fixture->feed, &fixture->query, second);
  third = take (fixture);
  assert_sightings (third, 7, 9);
  settle (fixture, third);
  rest = take (fixture);
  assert_sightings (rest, 4, 6);
  g_assert_true (bolo_sync_feed_count (fixture->feed, &counts, &error));
  g_assert_cmpint (counts.items[BOLO_TOPIC_SIGHTING], ==, 3);
}

/* A hit goes before what was read ahead, and so does what has become allowed meanwhile. */
static void
test_forget (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (N_SIGHTINGS + 1, BOLO_SIGHTING_CLOSED, SAMPLE_START_US + 100);
  g_autoptr (BoloHit) hit = sample_hit (N_SIGHTINGS + 1, sighting);
  g_autoptr (GPtrArray) first = take (fixture);
  g_autoptr (GPtrArray) next = NULL;
  g_autoptr (GPtrArray) all = NULL;

  bolo_sync_feed_read_ahead (fixture->feed, &fixture->query, first);
  bolo_store_add_hit (fixture->store, hit);
  sample_flush (fixture->store);
  bolo_sync_feed_forget (fixture->feed);
  next = take (fixture);
  g_assert_cmpint (((BoloOutgoing *) next->pdata[0])->topic, ==, BOLO_TOPIC_HIT);
  bolo_sync_feed_read_ahead (fixture->feed, &fixture->query, next);
  fixture->query.max_urgency = BOLO_URGENCY_PICTURE;
  fixture->query.max = 100;
  all = take (fixture);
  g_assert_cmpuint (all->len, ==, N_SIGHTINGS + 2);
}

/* What is answered while the end comes is settled all the same. */
static void
test_close (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) first = take (fixture);
  BoloUnsentCounts counts = {.oldest_us = -1};
  g_autoptr (GError) error = NULL;

  bolo_sync_feed_read_ahead (fixture->feed, &fixture->query, first);
  settle (fixture, first);
  bolo_sync_feed_close (g_steal_pointer (&fixture->feed));
  g_assert_true (bolo_store_count_unsent (fixture->store, "hq", &counts, &error));
  g_assert_cmpint (counts.items[BOLO_TOPIC_SIGHTING], ==, N_SIGHTINGS - 3);
}

/* Answers that cannot be written are told once, to who asks next, whatever was read ahead. */
static void
test_fails_behind (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) first = take (fixture);
  g_autoptr (GPtrArray) next = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_store_close (fixture->store, 10000));
  settle (fixture, first);
  bolo_sync_feed_read_ahead (fixture->feed, &fixture->query, first);
  next = bolo_sync_feed_take (fixture->feed, &fixture->query, NULL, &error);
  g_assert_null (next);
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_BUSY);
}

static void
test_no_folder (void)
{
  g_autoptr (BoloClock) clock = bolo_clock_new_system ();
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_sync_feed_open ("/nowhere/at/all", NULL, clock, "hq", &error));
  g_assert_nonnull (error);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/sync-feed/ahead", test_ahead);
  ADD ("/sync-feed/forget", test_forget);
  ADD ("/sync-feed/close", test_close);
  ADD ("/sync-feed/fails-behind", test_fails_behind);
  g_test_add_func ("/sync-feed/no-folder", test_no_folder);
  return g_test_run ();
}
