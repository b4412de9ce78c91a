/* test-unsent.c: items come out of an outbox filled, and their answers go back to the right ones
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-unsent.h"

typedef struct {
  BoloDb *db;
  BoloUnsentFile file;
  const char *gone;   /* (nullable): the record that has lost its contents */
  const char *broken; /* (nullable): the one that cannot be read */
} Fixture;

static gboolean
load (gpointer owner, BoloOutgoing *item, GError **error)
{
  Fixture *fixture = owner;

  if (g_strcmp0 (item->id, fixture->gone) == 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "gone");
    return FALSE;
  }
  if (g_strcmp0 (item->id, fixture->broken) == 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "broken");
    return FALSE;
  }
  bolo_outgoing_add_text (item, "id", item->id);
  return TRUE;
}

static void
add (Fixture *fixture, BoloTopic topic, const char *id, int urgency)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_unsent_add (fixture->db, topic, id, 1, urgency, 50, 7, &error));
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const char *const receivers[] = {"hq", NULL};
  const BoloDbStep steps[] = {bolo_outbox_create, bolo_outbox_add_receivers};
  g_autoptr (GError) error = NULL;

  fixture->db = bolo_db_open (":memory:", NULL, BOLO_DB_CREATE, &error);
  g_assert_true (bolo_db_migrate (fixture->db, steps, G_N_ELEMENTS (steps), &error));
  g_assert_true (bolo_outbox_set_receivers (fixture->db, receivers,
                                            "SELECT 'hit', '', 1, 1, 1, 1 WHERE 0", &error));
  g_assert_no_error (error);
  fixture->file = (BoloUnsentFile){
    fixture->db, BOLO_TOPIC_BIT (BOLO_TOPIC_HIT) | BOLO_TOPIC_BIT (BOLO_TOPIC_SIGHTING), NULL, load,
    fixture};
  add (fixture, BOLO_TOPIC_SIGHTING, "a", 4);
  add (fixture, BOLO_TOPIC_SIGHTING, "b", 4);
  add (fixture, BOLO_TOPIC_HIT, "c", 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bolo_db_close (fixture->db);
}

static GPtrArray *
list (Fixture *fixture, GError **error)
{
  const BoloUnsentQuery query = {"hq", 100, BOLO_URGENCY_PICTURE, 10, 10000, FALSE};

  return bolo_unsent_list (&fixture->file, &query, error);
}

static gint64
count (Fixture *fixture, gint64 *rejected)
{
  BoloUnsentCounts counts = {.oldest_us = -1};
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_unsent_count (&fixture->file, "hq", &counts, &error));
  g_assert_no_error (error);
  if (rejected != NULL)
    *rejected = counts.rejected;
  return counts.items[BOLO_TOPIC_HIT] + counts.items[BOLO_TOPIC_SIGHTING];
}

static void
test_answers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = list (fixture, &error);
  g_autoptr (GPtrArray) left = NULL;
  BoloOutgoing *item;
  gint64 rejected;

  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 3);
  item = items->pdata[0];
  g_assert_cmpint (item->topic, ==, BOLO_TOPIC_HIT);
  g_assert_cmpstr (item->id, ==, "c");
  g_assert_cmpint (item->state, ==, 1);
  g_assert_cmpuint (item->bytes, ==, 50);
  g_assert_cmpint (item->added_us, ==, 7);
  g_assert_cmpuint (item->columns->len, ==, 1);
  /* Nothing but an answer takes anything out. */
  g_assert_true (bolo_unsent_settle (&fixture->file, "hq", items, 500, &error));
  g_assert_cmpint (count (fixture, NULL), ==, 3);
  bolo_outgoing_answer (items->pdata[0], BOLO_RESULT_KNOWN, NULL);
  bolo_outgoing_answer (items->pdata[1], BOLO_RESULT_AGAIN, "full");
  bolo_outgoing_answer (items->pdata[2], BOLO_RESULT_REJECTED, "no");
  g_assert_true (bolo_unsent_settle (&fixture->file, "hq", items, 500, &error));
  g_assert_cmpint (count (fixture, &rejected), ==, 1);
  g_assert_cmpint (rejected, ==, 1);
  left = list (fixture, &error);
  g_assert_cmpuint (left->len, ==, 0); /* due at 500 only */
}

static void
test_others (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = list (fixture, &error);

  for (guint i = 0; i < items->len; i++)
    bolo_outgoing_answer (items->pdata[i], BOLO_RESULT_STORED, NULL);
  /* Of another file, and of a topic that waits elsewhere. */
  ((BoloOutgoing *) items->pdata[0])->queue = g_strdup ("2026-03-14");
  ((BoloOutgoing *) items->pdata[1])->topic = BOLO_TOPIC_AUDIT;
  g_assert_true (bolo_unsent_settle (&fixture->file, "hq", items, 0, &error));
  g_assert_cmpint (count (fixture, NULL), ==, 2);
}

static void
test_under_way (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = list (fixture, &error);
  g_autoptr (GPtrArray) names =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_outgoing_free);
  g_autoptr (GPtrArray) rest = NULL;
  BoloUnsentQuery query = {"hq", 100, BOLO_URGENCY_PICTURE, 10, 10000, FALSE};

  query.under_way = names;
  g_ptr_array_add (names, bolo_outgoing_copy_name (items->pdata[0]));
  g_ptr_array_add (names, bolo_outgoing_copy_name (items->pdata[1]));
  /* The row of that number in another file is another item. */
  ((BoloOutgoing *) names->pdata[1])->queue = g_strdup ("2026-03-14");
  rest = bolo_unsent_list (&fixture->file, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rest->len, ==, 2);
  g_assert_cmpstr (((BoloOutgoing *) rest->pdata[0])->id, ==, "a");
  g_assert_cmpstr (((BoloOutgoing *) rest->pdata[1])->id, ==, "b");
}

static void
test_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = NULL;

  fixture->gone = "a";
  g_test_expect_message ("bolo-unsent", G_LOG_LEVEL_WARNING, "1 items*dropped*");
  items = list (fixture, &error);
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 2);
  g_assert_cmpint (count (fixture, NULL), ==, 2);
  /* What cannot be read now is another matter. */
  fixture->broken = "b";
  g_assert_null (list (fixture, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_cmpint (count (fixture, NULL), ==, 2);
}

/* Everything once, without contents where only names are asked for, also what is not due. */
static void
test_walk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloUnsentWalk) walk = bolo_unsent_walk_new ();
  const BoloUnsentQuery query = {.receiver = "hq",
                                 .now_us = G_MAXINT64,
                                 .max_urgency = BOLO_URGENCY_PICTURE,
                                 .max = 1,
                                 .max_bytes = 10000,
                                 .walk = walk,
                                 .names_only = TRUE};
  static const char *const expected[] = {"c", "a", "b"};
  BoloOutgoing other = {.queue = (char *) "2026-03-14", .number = 99};

  fixture->gone = "a";
  other.file = fixture->file.topics;
  for (guint i = 0; i <= G_N_ELEMENTS (expected); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) items = bolo_unsent_list (&fixture->file, &query, &error);
    BoloOutgoing *item;

    g_assert_no_error (error);
    g_assert_cmpuint (items->len, ==, i < G_N_ELEMENTS (expected) ? 1 : 0);
    if (items->len == 0)
      break;
    item = items->pdata[0];
    g_assert_cmpstr (item->id, ==, expected[i]);
    g_assert_null (item->columns);
    bolo_unsent_walk_pass (walk, item);
    /* What was passed in another file says nothing about this one. */
    bolo_unsent_walk_pass (walk, &other);
  }
  g_assert_cmpint (count (fixture, NULL), ==, 3);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/unsent/answers", test_answers);
  ADD ("/unsent/under-way", test_under_way);
  ADD ("/unsent/others", test_others);
  ADD ("/unsent/gone", test_gone);
  ADD ("/unsent/walk", test_walk);
  return g_test_run ();
}
