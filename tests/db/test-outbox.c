/* test-outbox.c: what is to be sent stays until it is acknowledged, in order, once
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-outbox.h"

static BoloDb *
open_outbox (void)
{
  g_autoptr (GError) error = NULL;
  BoloDb *db = bolo_db_open (":memory:", NULL, BOLO_DB_CREATE, &error);
  const BoloDbStep steps[] = {bolo_outbox_create};

  g_assert_no_error (error);
  g_assert_true (bolo_db_migrate (db, steps, 1, &error));
  g_assert_no_error (error);
  return db;
}

static void
add (BoloDb *db, const char *topic, const char *record, int urgency)
{
  g_autoptr (GError) error = NULL;

  bolo_outbox_add (db, topic, record, urgency, 100, &error);
  g_assert_no_error (error);
}

static char *
list (BoloDb *db, gint64 now_us, guint max)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = bolo_outbox_list_due (db, now_us, max, &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < items->len; i++) {
    BoloOutboxItem *item = items->pdata[i];

    g_assert_cmpint (item->added_us, ==, 100);
    g_string_append_printf (text, "%s/%s/%d ", item->topic, item->record, item->attempts);
  }
  return g_string_free (text, FALSE);
}

static void
test_order (void)
{
  g_autoptr (BoloDb) db = open_outbox ();
  g_autoptr (GError) error = NULL;
  g_autofree char *all = NULL;
  g_autofree char *two = NULL;
  gint64 count = 0;

  add (db, "sighting", "a", 5);
  add (db, "sighting", "b", 5);
  add (db, "hit", "c", 0);
  add (db, "sighting", "a", 5);
  g_assert_true (bolo_outbox_get_count (db, &count, &error));
  g_assert_cmpint (count, ==, 3);
  all = list (db, 100, 10);
  g_assert_cmpstr (all, ==, "hit/c/0 sighting/a/0 sighting/b/0 ");
  two = list (db, 100, 2);
  g_assert_cmpstr (two, ==, "hit/c/0 sighting/a/0 ");
}

static void
test_life (void)
{
  g_autoptr (BoloDb) db = open_outbox ();
  g_autoptr (GError) error = NULL;
  g_autofree char *early = NULL;
  g_autofree char *late = NULL;
  g_autofree char *left = NULL;

  add (db, "hit", "a", 0);
  add (db, "hit", "b", 0);
  g_assert_true (bolo_outbox_postpone (db, 1, 500, &error));
  early = list (db, 499, 10);
  g_assert_cmpstr (early, ==, "hit/b/0 ");
  late = list (db, 500, 10);
  g_assert_cmpstr (late, ==, "hit/a/1 hit/b/0 ");
  g_assert_true (bolo_outbox_remove (db, "hit", "a", &error));
  g_assert_true (bolo_outbox_remove (db, "hit", "a", &error));
  g_assert_no_error (error);
  left = list (db, 500, 10);
  g_assert_cmpstr (left, ==, "hit/b/0 ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outbox/order", test_order);
  g_test_add_func ("/outbox/life", test_life);
  return g_test_run ();
}
