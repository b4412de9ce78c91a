/* test-store-queue.c: what waits keeps its order, hits go first, the cap holds and is counted
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-store-queue.h"
#include "bolo-store-samples.h"

static BoloRecord *
make_sighting (guint number)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (number, BOLO_SIGHTING_CLOSED, SAMPLE_START_US);

  return bolo_record_new_sighting (sighting);
}

static BoloRecord *
make_hit (guint number)
{
  g_autoptr (BoloSighting) sighting =
    sample_sighting (number, BOLO_SIGHTING_CLOSED, SAMPLE_START_US);
  g_autoptr (BoloHit) hit = sample_hit (number, sighting);

  return bolo_record_new_hit (hit);
}

/* "h3 s1 s2" */
static char *
describe (GPtrArray *batch)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; batch != NULL && i < batch->len; i++) {
    const BoloRecord *record = batch->pdata[i];
    const BoloSighting *sighting = bolo_record_get_sighting (record);
    guint number = 0;

    g_assert_true (sample_parse_id (sighting->id, "sighting", &number));
    g_string_append_printf (text, "%s%c%u", i > 0 ? " " : "",
                            record->kind == BOLO_RECORD_HIT ? 'h' : 's', number);
  }
  return g_string_free (text, FALSE);
}

static void
check_take (BoloStoreQueue *queue, gboolean only_urgent, guint max, const char *expected)
{
  g_autoptr (GPtrArray) batch = bolo_store_queue_take (queue, only_urgent, max);
  g_autofree char *found = describe (batch);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_order (void)
{
  BoloStoreQueue *queue = bolo_store_queue_new ();

  g_assert_true (bolo_store_queue_add (queue, make_sighting (1)));
  g_assert_false (bolo_store_queue_add (queue, make_sighting (2)));
  g_assert_false (bolo_store_queue_has_urgent (queue));
  g_assert_false (bolo_store_queue_add (queue, make_hit (3)));
  g_assert_true (bolo_store_queue_has_urgent (queue));
  bolo_store_queue_note_woken (queue);
  g_assert_true (bolo_store_queue_add (queue, make_hit (4)));
  g_assert_cmpuint (bolo_store_queue_get_length (queue), ==, 4);
  check_take (queue, TRUE, 1, "h3");
  check_take (queue, FALSE, 2, "h4 s1");
  check_take (queue, TRUE, 9, "");
  check_take (queue, FALSE, 9, "s2");
  check_take (queue, FALSE, 9, "");
  bolo_store_queue_free (queue);
}

static void
test_put_back (void)
{
  BoloStoreQueue *queue = bolo_store_queue_new ();
  GPtrArray *batch;

  for (guint i = 1; i <= 3; i++)
    bolo_store_queue_add (queue, make_sighting (i));
  bolo_store_queue_add (queue, make_hit (4));
  bolo_store_queue_add (queue, make_hit (5));
  batch = bolo_store_queue_take (queue, FALSE, 4);
  bolo_store_queue_add (queue, make_hit (6));
  bolo_store_queue_put_back (queue, batch);
  check_take (queue, FALSE, 9, "h4 h5 h6 s1 s2 s3");
  bolo_store_queue_free (queue);
}

static void
test_cap (void)
{
  BoloStoreQueue *queue = bolo_store_queue_new ();
  g_autoptr (BoloSighting) sighting = sample_sighting (1, BOLO_SIGHTING_CLOSED, SAMPLE_START_US);
  const gsize size = BOLO_STORE_QUEUE_MAX_BYTES / 8;

  g_clear_pointer (&sighting->overview_jpeg, g_bytes_unref);
  sighting->overview_jpeg = sample_picture ("big", 1, size);
  for (guint i = 0; i < 10; i++)
    bolo_store_queue_add (queue, bolo_record_new_sighting (sighting));
  g_assert_cmpuint (bolo_store_queue_get_n_lost (queue), ==, 3);
  g_assert_cmpuint (bolo_store_queue_get_length (queue), ==, 7);
  /* Hits push out reads, and are never pushed out. */
  for (guint i = 0; i < 10; i++) {
    g_autoptr (BoloHit) hit = sample_hit (i, sighting);

    bolo_store_queue_add (queue, bolo_record_new_hit (hit));
  }
  g_assert_cmpuint (bolo_store_queue_get_n_lost (queue), ==, 10);
  g_assert_cmpuint (bolo_store_queue_get_length (queue), ==, 10);
  bolo_store_queue_free (queue);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-queue/order", test_order);
  g_test_add_func ("/store-queue/put-back", test_put_back);
  g_test_add_func ("/store-queue/cap", test_cap);
  return g_test_run ();
}
