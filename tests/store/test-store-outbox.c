/* test-store-outbox.c: everything that is stored waits to be sent, in order, until its very state
 * is taken SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "bolo-error.h"
#include "bolo-health.h"
#include "bolo-store-samples.h"

#define LATER_US (SAMPLE_START_US + G_TIME_SPAN_DAY)

typedef struct {
  char *folder;
  BoloClock *clock;
  BoloStore *store;
} Fixture;

static void
open_store (Fixture *fixture)
{
  static const char *const receivers[] = {"hq", "national hit picture", NULL};

  fixture->store = sample_open_store (fixture->folder, fixture->clock, receivers);
}

static void
close_store (Fixture *fixture)
{
  g_assert_true (bolo_store_close (fixture->store, 10000));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&fixture->store));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = sample_make_folder ();
  fixture->clock = bolo_clock_new_manual (SAMPLE_START_US);
  open_store (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  close_store (fixture);
  g_object_unref (fixture->clock);
  sample_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static GPtrArray *
list (Fixture *fixture, const char *receiver, int max_urgency)
{
  const BoloUnsentQuery query = {receiver, LATER_US, max_urgency, 100, 1000000, TRUE};
  g_autoptr (GError) error = NULL;
  GPtrArray *items = bolo_store_list_unsent (fixture->store, &query, &error);

  g_assert_no_error (error);
  return items;
}

/* (transfer full): "hit 2, sighting 1 …": topics and the last digit of the ids. */
static char *
describe (GPtrArray *items)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++) {
    const BoloOutgoing *item = items->pdata[i];
    g_autofree char *sighting = bolo_outgoing_get_sighting_id (item);
    const char *id = sighting != NULL ? sighting : item->id;

    g_string_append_printf (text, "%s%s %s", i > 0 ? ", " : "", bolo_topic_to_string (item->topic),
                            id + strlen (id) - 1);
  }
  return g_string_free (text, FALSE);
}

static void
answer_all (Fixture *fixture, const char *receiver, GPtrArray *items)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < items->len; i++)
    bolo_outgoing_answer (items->pdata[i], BOLO_RESULT_STORED, NULL);
  g_assert_true (bolo_store_settle (fixture->store, receiver, items, LATER_US, &error));
  g_assert_no_error (error);
}

static void
add_sighting (Fixture *fixture, guint number, BoloSightingState state)
{
  g_autoptr (BoloSighting) sighting = sample_sighting (number, state, SAMPLE_START_US + number);

  bolo_store_add_sighting (fixture->store, sighting);
  sample_flush (fixture->store);
}

static void
add_hit (Fixture *fixture, guint number)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (number, BOLO_SIGHTING_CLOSED, SAMPLE_START_US + number);
  g_autoptr (BoloHit) hit = sample_hit (number, sighting);

  bolo_store_add_hit (fixture->store, hit);
  sample_flush (fixture->store);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) texts = NULL;
  g_autoptr (GPtrArray) pictures = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  add_sighting (fixture, 1, BOLO_SIGHTING_CLOSED);
  add_hit (fixture, 2);
  add_hit (fixture, 3);
  bolo_store_add_note (fixture->store, "health", NULL, "gps lost", SAMPLE_START_US);
  bolo_store_add_note (fixture->store, "sign-on", "PC 1", "", SAMPLE_START_US);
  sample_flush (fixture->store);
  texts = list (fixture, "hq", BOLO_URGENCY_PICTURE);
  g_assert_cmpuint (texts->len, ==, 6);
  g_assert_cmpint (((BoloOutgoing *) texts->pdata[5])->topic, ==, BOLO_TOPIC_HEALTH);
  g_ptr_array_set_size (texts, 5);
  first = describe (texts);
  g_assert_cmpstr (first, ==, "hit 3, hit 2, sighting 1, sighting 2, sighting 3");
  answer_all (fixture, "hq", texts);
  g_clear_pointer (&texts, g_ptr_array_unref);
  texts = list (fixture, "hq", BOLO_URGENCY_PICTURE);
  answer_all (fixture, "hq", texts);
  /* Now the pictures, those of hits first, each with its sighting. */
  pictures = list (fixture, "hq", BOLO_URGENCY_PICTURE);
  second = describe (pictures);
  g_assert_cmpstr (second, ==, "picture 2, picture 2, picture 3, picture 3");
  g_assert_nonnull (((BoloOutgoing *) pictures->pdata[0])->sighting);
  g_assert_nonnull (((BoloOutgoing *) pictures->pdata[0])->sha256);
  answer_all (fixture, "hq", pictures);
  none = list (fixture, "hq", BOLO_URGENCY_REST);
  g_assert_cmpuint (none->len, ==, 0);
  rest = list (fixture, "hq", BOLO_URGENCY_PICTURE);
  third = describe (rest);
  g_assert_cmpstr (third, ==, "picture 1, picture 1");
}

static void
test_state_on_its_way (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) sent = NULL;
  g_autoptr (GPtrArray) left = NULL;
  const BoloOutgoing *item;

  add_sighting (fixture, 1, BOLO_SIGHTING_PROVISIONAL);
  sent = list (fixture, "hq", BOLO_URGENCY_REST);
  add_sighting (fixture, 1, BOLO_SIGHTING_CLOSED);
  answer_all (fixture, "hq", sent);
  left = list (fixture, "hq", BOLO_URGENCY_REST);
  g_assert_cmpuint (left->len, ==, 1);
  item = left->pdata[0];
  g_assert_cmpint (item->sighting->state, ==, BOLO_SIGHTING_CLOSED);
  g_assert_cmpint (item->state, >, ((BoloOutgoing *) sent->pdata[0])->state);
  /* The same states once more are the same items. */
  add_sighting (fixture, 1, BOLO_SIGHTING_CLOSED);
  close_store (fixture);
  open_store (fixture);
  g_clear_pointer (&left, g_ptr_array_unref);
  left = list (fixture, "hq", BOLO_URGENCY_REST);
  g_assert_cmpuint (left->len, ==, 1);
}

static void
test_each_for_itself (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) texts = NULL;
  g_autoptr (GPtrArray) left = NULL;
  BoloUnsentCounts counts = {.oldest_us = -1};
  g_autoptr (GError) error = NULL;

  add_hit (fixture, 1);
  texts = list (fixture, "national", BOLO_URGENCY_REST);
  g_assert_cmpuint (texts->len, ==, 1);
  answer_all (fixture, "national", texts);
  left = list (fixture, "hq", BOLO_URGENCY_REST);
  g_assert_cmpuint (left->len, ==, 2);
  g_assert_true (bolo_store_count_unsent (fixture->store, "national", &counts, &error));
  g_assert_no_error (error);
  g_assert_cmpint (counts.items[BOLO_TOPIC_HIT], ==, 0);
  g_assert_cmpint (counts.items[BOLO_TOPIC_SIGHTING], ==, 0);
  g_assert_cmpint (counts.items[BOLO_TOPIC_PICTURE], ==, 2);
  g_assert_cmpint (counts.bytes, ==, counts.picture_bytes);
  g_assert_cmpint (counts.oldest_us, >, 0);
}

static void
on_health (BoloStore *store, const BoloHealth *health, char **detail)
{
  if (g_strcmp0 (health->what, "unsent") != 0)
    return;
  g_free (*detail);
  *detail = g_strdup_printf ("%s: %s", bolo_health_state_to_string (health->state), health->detail);
}

static void
test_said (Fixture *fixture, gconstpointer data)
{
  g_autofree char *detail = NULL;
  g_autoptr (GPtrArray) items = NULL;

  g_signal_connect (fixture->store, "health", G_CALLBACK (on_health), &detail);
  add_sighting (fixture, 1, BOLO_SIGHTING_CLOSED);
  bolo_clock_advance_to (fixture->clock, SAMPLE_START_US + 8 * G_TIME_SPAN_DAY);
  bolo_purge_report_free (sample_purge (fixture->store, SAMPLE_START_US + G_TIME_SPAN_DAY));
  g_assert_cmpstr (detail, ==,
                   "degraded: 1 records older than 7 days are not sent yet, and are kept until "
                   "they are");
  items = list (fixture, "hq", BOLO_URGENCY_REST);
  answer_all (fixture, "hq", items);
  g_clear_pointer (&items, g_ptr_array_unref);
  for (guint i = 0; i < 2; i++) {
    items = list (fixture, i == 0 ? "hq" : "national", BOLO_URGENCY_PICTURE);
    answer_all (fixture, i == 0 ? "hq" : "national", items);
    g_clear_pointer (&items, g_ptr_array_unref);
  }
  bolo_purge_report_free (sample_purge (fixture->store, SAMPLE_START_US + G_TIME_SPAN_DAY));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (detail, ==, "ok: No record is overdue to be sent");
}

static const BoloColumn *
get_column (const BoloOutgoing *item, const char *name)
{
  for (guint i = 0; item->columns != NULL && i < item->columns->len; i++) {
    const BoloColumn *column = item->columns->pdata[i];

    if (g_str_equal (column->name, name))
      return column;
  }
  g_assert_not_reached ();
}

/* What is sent is what was stored, state by state. */
static void
test_contents (Fixture *fixture, gconstpointer data)
{
  g_autofree char *hit_id = sample_id ("hit", 1);
  g_autoptr (BoloDisposition) said = sample_disposition (1, hit_id, BOLO_DISPOSITION_CONFIRMED);
  g_autoptr (BoloSighting) sighting =
    sample_sighting (1, BOLO_SIGHTING_CORRECTED, SAMPLE_START_US + 1);
  g_autoptr (BoloHit) later = sample_hit (1, sighting);
  g_autoptr (GPtrArray) items = NULL;
  const BoloOutgoing *item;

  add_hit (fixture, 1);
  bolo_store_add_disposition (fixture->store, said);
  bolo_store_add_disposition (fixture->store, said);
  bolo_store_add_hit (fixture->store, later);
  bolo_store_add_note (fixture->store, "health", "PC 1", "camera:front lost", SAMPLE_START_US + 9);
  sample_flush (fixture->store);
  items = list (fixture, "hq", BOLO_URGENCY_REST);
  g_assert_cmpuint (items->len, ==, 6);
  item = items->pdata[0];
  g_assert_cmpstr (item->id, ==, hit_id);
  g_assert_cmpint (item->hit->sighting->state, ==, BOLO_SIGHTING_CORRECTED);
  g_assert_cmpuint (item->hit->matches->len, ==, later->matches->len);
  item = items->pdata[1];
  g_assert_cmpstr (item->id, ==, hit_id);
  g_assert_cmpint (item->hit->sighting->state, ==, BOLO_SIGHTING_CLOSED);
  item = items->pdata[2];
  g_assert_cmpstr (item->id, ==, said->id);
  g_assert_cmpstr (get_column (item, "hit")->text, ==, hit_id);
  g_assert_cmpint (get_column (item, "kind")->number, ==, 3);
  g_assert_cmpint (get_column (item, "at")->kind, ==, BOLO_COLUMN_TIME);
  g_assert_cmpint (item->disposition->kind, ==, BOLO_DISPOSITION_CONFIRMED);
  item = items->pdata[5];
  g_assert_true (g_uuid_string_is_valid (item->id));
  g_assert_cmpstr (get_column (item, "text")->text, ==, "camera:front lost");
  g_assert_cmpstr (get_column (item, "officer")->text, ==, "PC 1");
  g_assert_cmpint (get_column (item, "at")->number, ==, SAMPLE_START_US + 9);
}

/* What could not be taken comes back when it is due, what was refused does not; over a restart. */
static void
test_again (Fixture *fixture, gconstpointer data)
{
  const BoloUnsentQuery early = {"hq", SAMPLE_START_US + 50, BOLO_URGENCY_REST, 100, 1000000,
                                 FALSE};
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GPtrArray) now = NULL;
  g_autoptr (GPtrArray) due = NULL;
  g_autofree char *what = NULL;
  BoloUnsentCounts counts = {.oldest_us = -1};
  g_autoptr (GError) error = NULL;

  add_sighting (fixture, 1, BOLO_SIGHTING_CLOSED);
  add_sighting (fixture, 2, BOLO_SIGHTING_CLOSED);
  add_sighting (fixture, 3, BOLO_SIGHTING_CLOSED);
  items = list (fixture, "hq", BOLO_URGENCY_REST);
  bolo_outgoing_answer (items->pdata[0], BOLO_RESULT_AGAIN, "the disk is full");
  bolo_outgoing_answer (items->pdata[1], BOLO_RESULT_REJECTED, "no such car");
  g_assert_true (bolo_store_settle (fixture->store, "hq", items, SAMPLE_START_US + 100, &error));
  g_assert_no_error (error);
  close_store (fixture);
  open_store (fixture);
  now = bolo_store_list_unsent (fixture->store, &early, &error);
  g_assert_no_error (error);
  what = describe (now);
  g_assert_cmpstr (what, ==, "sighting 3");
  due = list (fixture, "hq", BOLO_URGENCY_REST);
  g_assert_cmpuint (due->len, ==, 2);
  g_assert_cmpuint (((BoloOutgoing *) due->pdata[0])->attempts, ==, 1);
  g_assert_true (bolo_store_count_unsent (fixture->store, "hq", &counts, &error));
  g_assert_cmpint (counts.items[BOLO_TOPIC_SIGHTING], ==, 2);
  g_assert_cmpint (counts.rejected, ==, 1);
}

/* A store that is closed says so; nothing is lost by asking. */
static void
test_closed (Fixture *fixture, gconstpointer data)
{
  const BoloUnsentQuery query = {"hq", LATER_US, BOLO_URGENCY_REST, 100, 1000000, FALSE};
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  BoloUnsentCounts counts = {.oldest_us = -1};
  g_autoptr (GError) error = NULL;

  add_sighting (fixture, 1, BOLO_SIGHTING_CLOSED);
  g_assert_true (bolo_store_close (fixture->store, 10000));
  g_assert_null (bolo_store_list_unsent (fixture->store, &query, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_false (bolo_store_settle (fixture->store, "hq", nothing, 0, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_false (bolo_store_count_unsent (fixture->store, "hq", &counts, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_BUSY);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store-outbox/order", test_order);
  ADD ("/store-outbox/state-on-its-way", test_state_on_its_way);
  ADD ("/store-outbox/each-for-itself", test_each_for_itself);
  ADD ("/store-outbox/said", test_said);
  ADD ("/store-outbox/contents", test_contents);
  ADD ("/store-outbox/again", test_again);
  ADD ("/store-outbox/closed", test_closed);
  return g_test_run ();
}
