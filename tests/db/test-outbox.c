/* test-outbox.c: what is to be sent stays until it is acknowledged by each, in order, once
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-outbox.h"

static const char *const nobody[] = {NULL};
static const char *const hq[] = {"hq", NULL};
static const char *const both[] = {"hq", "national hit picture", NULL};

/* What a file keeps: nothing, as far as these tests need it. */
#define NOTHING "SELECT 'hit', 'kept', 1, 0, 10, 5 WHERE 0"
#define KEPT "SELECT 'hit', 'kept', 1, 0, 10, 5 UNION ALL SELECT 'sighting', 'seen', 2, 4, 20, 6"

static void
set_receivers (BoloDb *db, const char *const *receivers, const char *fill)
{
  g_autoptr (GError) error = NULL;

  bolo_outbox_set_receivers (db, receivers, fill, &error);
  g_assert_no_error (error);
}

static BoloDb *
open_outbox (const char *const *receivers)
{
  g_autoptr (GError) error = NULL;
  BoloDb *db = bolo_db_open (":memory:", NULL, BOLO_DB_CREATE, &error);
  const BoloDbStep steps[] = {bolo_outbox_create, bolo_outbox_add_receivers};

  g_assert_no_error (error);
  g_assert_true (bolo_db_migrate (db, steps, G_N_ELEMENTS (steps), &error));
  g_assert_no_error (error);
  set_receivers (db, receivers, NOTHING);
  return db;
}

static void
add (BoloDb *db, const char *topic, const char *record, gint64 state, int urgency)
{
  const BoloOutboxItem item = {
    .topic = (char *) topic,
    .record = (char *) record,
    .state = state,
    .urgency = urgency,
    .bytes = 100,
    .added_us = 100 + state,
  };
  g_autoptr (GError) error = NULL;

  bolo_outbox_add (db, &item, &error);
  g_assert_no_error (error);
}

static GPtrArray *
list_items (BoloDb *db, const char *receiver, gint64 now_us, guint max, gint64 bytes)
{
  g_autoptr (GError) error = NULL;
  const BoloOutboxQuery query = {receiver, now_us, 9, max, bytes, NULL, NULL};
  GPtrArray *items = bolo_outbox_list_due (db, &query, &error);

  g_assert_no_error (error);
  return items;
}

static char *
list (BoloDb *db, const char *receiver, gint64 now_us, guint max)
{
  g_autoptr (GPtrArray) items = list_items (db, receiver, now_us, max, G_MAXINT32);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++) {
    BoloOutboxItem *item = items->pdata[i];

    g_string_append_printf (text, "%s/%s/%d/%u ", item->topic, item->record, (int) item->state,
                            item->attempts);
  }
  return g_string_free (text, FALSE);
}

static void
settle (BoloDb *db, const char *receiver, const BoloOutboxItem *item, BoloOutboxWord word)
{
  const BoloOutboxAnswer answer = {item->number, item->record, item->state, word, "unknown list"};
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_outbox_settle (db, receiver, &answer, 1, 500, &error));
  g_assert_no_error (error);
}

#define assert_list(db, receiver, expected)                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *found_ = list (db, receiver, 1000, 100);                                      \
    g_assert_cmpstr (found_, ==, expected);                                                        \
  }                                                                                                \
  G_STMT_END

static void
test_order (void)
{
  g_autoptr (BoloDb) db = open_outbox (hq);
  g_autoptr (GPtrArray) hits = NULL;
  g_autoptr (GPtrArray) few = NULL;
  g_autoptr (GPtrArray) light = NULL;
  g_autoptr (GPtrArray) heavy = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_empty = FALSE;

  g_assert_true (bolo_outbox_is_empty (db, &is_empty, &error));
  g_assert_true (is_empty);
  add (db, "sighting", "a", 1, 4);
  add (db, "sighting", "b", 1, 4);
  add (db, "hit", "c", 1, 0);
  add (db, "hit", "d", 1, 0);
  add (db, "disposition", "e", 1, 1);
  add (db, "sighting", "a", 1, 4); /* the same once more */
  g_assert_true (bolo_outbox_is_empty (db, &is_empty, &error));
  g_assert_false (is_empty);
  assert_list (db, "hq", "hit/d/1/0 hit/c/1/0 disposition/e/1/0 sighting/a/1/0 sighting/b/1/0 ");
  assert_list (db, "nobody", "");
  hits = bolo_outbox_list_due (db, &(BoloOutboxQuery){"hq", 1000, 0, 100, G_MAXINT32, NULL, NULL},
                               &error);
  g_assert_no_error (error);
  g_assert_cmpuint (hits->len, ==, 2);
  few = list_items (db, "hq", 1000, 3, G_MAXINT32);
  g_assert_cmpuint (few->len, ==, 3);
  light = list_items (db, "hq", 1000, 100, 250);
  g_assert_cmpuint (light->len, ==, 2);
  /* One that is too large by itself goes alone. */
  heavy = list_items (db, "hq", 1000, 100, 1);
  g_assert_cmpuint (heavy->len, ==, 1);
}

/* From a place on, item by item: each once, in order, however few are taken at a time. */
static void
test_walk (void)
{
  g_autoptr (BoloDb) db = open_outbox (hq);
  g_autoptr (GString) seen = g_string_new (NULL);
  BoloOutboxMark mark;
  gboolean has_mark = FALSE;
  gboolean is_more = TRUE;

  add (db, "sighting", "a", 1, 4);
  add (db, "hit", "b", 1, 0);
  add (db, "hit", "c", 1, 0);
  add (db, "audit", "d", 1, 5);
  add (db, "sighting", "e", 1, 4);
  while (is_more) {
    g_autoptr (GError) error = NULL;
    const BoloOutboxQuery query = {"hq", G_MAXINT64, 9, 1, G_MAXINT32, has_mark ? &mark : NULL,
                                   NULL};
    g_autoptr (GPtrArray) items = bolo_outbox_list_due (db, &query, &error);
    const BoloOutboxItem *item;

    g_assert_no_error (error);
    is_more = items->len > 0;
    if (!is_more)
      break;
    item = items->pdata[0];
    g_string_append (seen, item->record);
    mark = (BoloOutboxMark){item->urgency, item->number};
    has_mark = TRUE;
    g_assert_cmpuint (seen->len, <=, 5);
  }
  g_assert_cmpstr (seen->str, ==, "cbaed");
}

/* What is on its way already takes no room from what comes behind it. */
static void
test_except (void)
{
  g_autoptr (BoloDb) db = open_outbox (hq);
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) next = NULL;
  g_autoptr (GHashTable) rows = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GError) error = NULL;
  const BoloOutboxQuery query = {"hq", 1000, 9, 2, G_MAXINT32, NULL, rows};

  add (db, "sighting", "a", 1, 4);
  add (db, "sighting", "b", 1, 4);
  add (db, "sighting", "c", 1, 4);
  add (db, "hit", "d", 1, 0);
  first = list_items (db, "hq", 1000, 2, G_MAXINT32);
  for (guint i = 0; i < first->len; i++)
    g_hash_table_add (rows, &((BoloOutboxItem *) first->pdata[i])->number);
  add (db, "hit", "e", 1, 0);
  next = bolo_outbox_list_due (db, &query, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (next->len, ==, 2);
  g_assert_cmpstr (((BoloOutboxItem *) next->pdata[0])->record, ==, "e");
  g_assert_cmpstr (((BoloOutboxItem *) next->pdata[1])->record, ==, "b");
}

static void
test_states (void)
{
  g_autoptr (BoloDb) db = open_outbox (hq);
  g_autoptr (GPtrArray) sent = NULL;
  g_autoptr (GError) error = NULL;

  add (db, "sighting", "a", 1, 4);
  sent = list_items (db, "hq", 1000, 100, G_MAXINT32);
  /* While it is on its way, the record gets a later state. */
  add (db, "sighting", "a", 2, 4);
  settle (db, "hq", sent->pdata[0], BOLO_OUTBOX_TAKEN);
  assert_list (db, "hq", "sighting/a/2/0 ");
  /* Twice does no harm, and nothing that has the number now goes with it. */
  settle (db, "hq", sent->pdata[0], BOLO_OUTBOX_TAKEN);
  assert_list (db, "hq", "sighting/a/2/0 ");
  g_clear_pointer (&sent, g_ptr_array_unref);
  sent = list_items (db, "hq", 1000, 100, G_MAXINT32);
  settle (db, "hq", sent->pdata[0], BOLO_OUTBOX_TAKEN);
  add (db, "sighting", "b", 1, 4);
  settle (db, "hq", sent->pdata[0], BOLO_OUTBOX_TAKEN);
  assert_list (db, "hq", "sighting/b/1/0 ");
}

static void
test_later (void)
{
  g_autoptr (BoloDb) db = open_outbox (hq);
  g_autoptr (GPtrArray) items = NULL;
  g_autofree char *early = NULL;
  g_autofree char *due = NULL;
  g_autoptr (GError) error = NULL;

  add (db, "hit", "a", 1, 0);
  add (db, "hit", "b", 1, 0);
  items = list_items (db, "hq", 100, 100, G_MAXINT32);
  settle (db, "hq", items->pdata[1], BOLO_OUTBOX_LATER);
  early = list (db, "hq", 499, 100);
  due = list (db, "hq", 500, 100);
  g_assert_cmpstr (early, ==, "hit/b/1/0 ");
  g_assert_cmpstr (due, ==, "hit/b/1/0 hit/a/1/1 ");
}

static void
take_count (const BoloOutboxCount *count, gpointer user_data)
{
  GString *text = user_data;

  g_string_append_printf (text, "%s %d %d %d %d; ", count->topic, (int) count->items,
                          (int) count->bytes, (int) count->oldest_us, (int) count->refused);
}

static char *
count (BoloDb *db, const char *receiver)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_outbox_count (db, receiver, take_count, text, &error));
  g_assert_no_error (error);
  return g_string_free (text, FALSE);
}

static void
test_two (void)
{
  g_autoptr (BoloDb) db = open_outbox (both);
  g_autoptr (GPtrArray) items = NULL;
  g_autofree char *at_hq = NULL;
  g_autofree char *national = NULL;
  g_autofree char *last = NULL;
  g_autoptr (GPtrArray) audit = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_empty = TRUE;

  add (db, "hit", "a", 1, 0);
  add (db, "audit", "1", 1, 5);
  assert_list (db, "national", "hit/a/1/0 ");
  items = list_items (db, "national", 1000, 100, G_MAXINT32);
  /* Each for itself: one refuses it, the other takes it. */
  settle (db, "national", items->pdata[0], BOLO_OUTBOX_REFUSED);
  assert_list (db, "national", "");
  assert_list (db, "hq", "hit/a/1/0 audit/1/1/0 ");
  at_hq = count (db, "hq");
  g_assert_cmpstr (at_hq, ==, "audit 1 100 101 0; hit 1 100 101 0; ");
  national = count (db, "national");
  g_assert_cmpstr (national, ==, "audit 0 0 -1 0; hit 0 0 -1 1; ");
  settle (db, "hq", items->pdata[0], BOLO_OUTBOX_TAKEN);
  last = count (db, "national");
  g_assert_cmpstr (last, ==, "audit 0 0 -1 0; hit 0 0 -1 1; ");
  /* One that is gone is waited for no more. */
  set_receivers (db, hq, NOTHING);
  assert_list (db, "hq", "audit/1/1/0 ");
  audit = list_items (db, "hq", 1000, 100, G_MAXINT32);
  settle (db, "hq", audit->pdata[0], BOLO_OUTBOX_REFUSED);
  g_assert_true (bolo_outbox_is_empty (db, &is_empty, &error)); /* it is still counted and shown */
  g_assert_false (is_empty);
  set_receivers (db, nobody, NOTHING);
  assert_list (db, "hq", "");
  add (db, "hit", "b", 1, 0);
  set_receivers (db, hq, NOTHING);
  assert_list (db, "hq", "");
}

static void
test_fill (void)
{
  g_autoptr (BoloDb) db = open_outbox (nobody);

  set_receivers (db, hq, KEPT);
  assert_list (db, "hq", "hit/kept/1/0 sighting/seen/2/0 ");
  /* Only for who is new, and only what that one takes. */
  set_receivers (db, both, KEPT);
  assert_list (db, "hq", "hit/kept/1/0 sighting/seen/2/0 ");
  assert_list (db, "national", "hit/kept/1/0 ");
  set_receivers (db, both, "SELECT 'hit', 'never', 1, 0, 10, 5");
  assert_list (db, "national", "hit/kept/1/0 ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outbox/order", test_order);
  g_test_add_func ("/outbox/walk", test_walk);
  g_test_add_func ("/outbox/except", test_except);
  g_test_add_func ("/outbox/states", test_states);
  g_test_add_func ("/outbox/later", test_later);
  g_test_add_func ("/outbox/two", test_two);
  g_test_add_func ("/outbox/fill", test_fill);
  return g_test_run ();
}
