/* test-sync-state.c: outgoing items, shared hits, and the state that a screen shows of sync
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <math.h>

#include "bolo-sync-state.h"

#define NOW_US (G_GINT64_CONSTANT (1773446400) * G_USEC_PER_SEC)

static void
test_topics (void)
{
  for (int i = 0; i < BOLO_N_TOPICS; i++) {
    BoloTopic topic = BOLO_TOPIC_PICTURE;

    g_assert_true (bolo_topic_from_string (bolo_topic_to_string ((BoloTopic) i), &topic));
    g_assert_cmpint (topic, ==, i);
  }
  for (int i = BOLO_VERIFICATION_UNCONFIRMED; i <= BOLO_VERIFICATION_MISREAD; i++) {
    BoloVerification verification;

    g_assert_true (bolo_verification_from_string (
      bolo_verification_to_string ((BoloVerification) i), &verification));
    g_assert_cmpint (verification, ==, i);
  }
  g_assert_false (bolo_topic_from_string ("hits", &(BoloTopic){0}));
  g_assert_false (bolo_topic_from_string (NULL, &(BoloTopic){0}));
  g_assert_false (bolo_verification_from_string ("seen", &(BoloVerification){0}));
  g_assert_cmpstr (bolo_sync_phase_to_string (BOLO_SYNC_OFF), ==, "off");
  g_assert_cmpstr (bolo_sync_phase_to_string (BOLO_SYNC_REFUSED), ==, "refused");
}

static void
test_outgoing (void)
{
  g_autoptr (BoloOutgoing) picture = bolo_outgoing_new (BOLO_TOPIC_PICTURE, "s-1/overview", 3);
  g_autoptr (BoloOutgoing) watch = bolo_outgoing_new (BOLO_TOPIC_WATCH, "w-1", 1);
  g_autofree char *sighting = bolo_outgoing_get_sighting_id (picture);
  const BoloColumn *column;

  g_assert_cmpstr (sighting, ==, "s-1");
  g_assert_true (bolo_outgoing_is_overview (picture));
  g_assert_null (bolo_outgoing_get_sighting_id (watch));
  g_assert_false (bolo_outgoing_is_overview (watch));
  g_assert_null (watch->columns);
  bolo_outgoing_add_text (watch, "mark", "AB12CDE");
  bolo_outgoing_add_time (watch, "added", NOW_US);
  bolo_outgoing_add_number (watch, "kind", 2);
  g_assert_cmpuint (watch->columns->len, ==, 3);
  column = watch->columns->pdata[1];
  g_assert_cmpint (column->kind, ==, BOLO_COLUMN_TIME);
  g_assert_cmpint (column->number, ==, NOW_US);
  g_assert_cmpint (watch->result, ==, BOLO_RESULT_UNKNOWN);
  bolo_outgoing_answer (watch, BOLO_RESULT_REJECTED, "too old");
  bolo_outgoing_answer (watch, BOLO_RESULT_AGAIN, "the disk is full");
  g_assert_cmpint (watch->result, ==, BOLO_RESULT_AGAIN);
  g_assert_cmpstr (watch->reason, ==, "the disk is full");
  bolo_outgoing_answer (watch, BOLO_RESULT_STORED, NULL);
  g_assert_null (watch->reason);
}

static void
test_counts (void)
{
  BoloUnsentCounts counts = {.oldest_us = -1};

  bolo_unsent_counts_add (&counts, "sighting", 2, 3000, 50, 0);
  bolo_unsent_counts_add (&counts, "picture", 1, 20000, 40, 1);
  bolo_unsent_counts_add (&counts, "picture", 0, 0, -1, 1);
  bolo_unsent_counts_add (&counts, "from a newer Bolo", 9, 9, 1, 9);
  g_assert_cmpint (counts.items[BOLO_TOPIC_SIGHTING], ==, 2);
  g_assert_cmpint (counts.items[BOLO_TOPIC_PICTURE], ==, 1);
  g_assert_cmpint (counts.bytes, ==, 23000);
  g_assert_cmpint (counts.picture_bytes, ==, 20000);
  g_assert_cmpint (counts.oldest_us, ==, 40);
  g_assert_cmpint (counts.rejected, ==, 2);
}

static BoloSharedHit *
make_shared (const char *id, gint64 time_us, BoloVerification verification)
{
  const BoloSharedHitFields fields = {
    .number = 7,
    .car = "KT12",
    .id = id,
    .mark = "AB12CDE",
    .category = "stolen",
    .match = "exact",
    .time_us = time_us,
    .latitude_deg = 51.4816,
    .longitude_deg = -3.1791,
    .verification = verification,
  };

  return bolo_shared_hit_new (&fields);
}

static void
test_way (void)
{
  g_autoptr (BoloSharedHit) hit = make_shared ("h-1", NOW_US, BOLO_VERIFICATION_UNCONFIRMED);
  g_autoptr (BoloSharedHit) nowhere = NULL;
  BoloFix here = {.latitude_deg = 51.4716, .longitude_deg = -3.1791};
  BoloSharedHitFields fields = *bolo_shared_hit_get_fields (hit);
  double distance_m = 0;
  double bearing_deg = -1;

  g_assert_true (bolo_shared_hit_get_way (hit, &here, &distance_m, &bearing_deg));
  g_assert_cmpfloat_with_epsilon (distance_m, 1112, 5);
  g_assert_cmpfloat_with_epsilon (bearing_deg, 0, 0.01);
  here.latitude_deg = 51.4816;
  here.longitude_deg = -3.1691;
  g_assert_true (bolo_shared_hit_get_way (hit, &here, &distance_m, &bearing_deg));
  g_assert_cmpfloat_with_epsilon (distance_m, 693, 5);
  g_assert_cmpfloat_with_epsilon (bearing_deg, 270, 0.1);
  g_assert_false (bolo_shared_hit_get_way (hit, NULL, &distance_m, &bearing_deg));
  fields.latitude_deg = NAN;
  nowhere = bolo_shared_hit_new (&fields);
  g_assert_false (bolo_shared_hit_get_way (nowhere, &here, &distance_m, &bearing_deg));
}

static void
on_changed (BoloSyncState *state, guint *n_changes)
{
  (*n_changes)++;
}

static void
on_asked (BoloSyncState *state, int ask, int *last)
{
  *last = ask;
}

static void
test_figures (void)
{
  g_autoptr (BoloSyncState) state = bolo_sync_state_new ();
  g_autofree char *failure = g_strdup ("The station did not answer");
  BoloSyncFigures figures = *bolo_sync_state_get_figures (state);
  BoloReceipt receipt = {.path = (char *) "/state/receipts/1.json",
                         .station = (char *) "Northshire",
                         .counts = {[BOLO_TOPIC_HIT] = 3, [BOLO_TOPIC_PICTURE] = 4},
                         .sha256 = (char *) "ab"};
  guint n_changes = 0;
  int asked = -1;

  g_assert_cmpint (figures.phase, ==, BOLO_SYNC_OFF);
  g_assert_cmpint (figures.last_contact_us, ==, -1);
  g_assert_cmpint (figures.left_s, ==, -1);
  g_signal_connect (state, "changed", G_CALLBACK (on_changed), &n_changes);
  g_signal_connect (state, "asked", G_CALLBACK (on_asked), &asked);
  figures.phase = BOLO_SYNC_WAITING;
  figures.remote = "hq";
  figures.failure = failure;
  figures.unsent[BOLO_TOPIC_HIT] = 2;
  figures.unsent[BOLO_TOPIC_PICTURE] = 40;
  bolo_sync_state_set_figures (state, &figures);
  g_clear_pointer (&failure, g_free);
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_cmpstr (bolo_sync_state_get_figures (state)->failure, ==, "The station did not answer");
  g_assert_cmpint (bolo_sync_state_get_n_unsent (state), ==, 42);
  /* What it gave out itself may come back. */
  figures = *bolo_sync_state_get_figures (state);
  bolo_sync_state_set_figures (state, &figures);
  g_assert_cmpstr (bolo_sync_state_get_figures (state)->remote, ==, "hq");
  bolo_sync_state_set_receipt (state, &receipt);
  bolo_sync_state_set_receipt (state, bolo_sync_state_get_receipt (state));
  g_assert_cmpuint (n_changes, ==, 3);
  g_assert_cmpstr (bolo_sync_state_get_receipt (state)->path, ==, "/state/receipts/1.json");
  g_assert_cmpint (bolo_receipt_get_n_items (bolo_sync_state_get_receipt (state)), ==, 7);
  bolo_sync_state_ask (state, BOLO_SYNC_ASK_END_OF_SHIFT);
  g_assert_cmpint (asked, ==, BOLO_SYNC_ASK_END_OF_SHIFT);
}

/* Several remotes keep their order and their own figures; most of what waits is said. */
static void
test_remotes (void)
{
  g_autoptr (BoloSyncState) state = bolo_sync_state_new ();
  BoloSyncFigures figures = {.phase = BOLO_SYNC_IDLE, .remote = "hq"};

  bolo_sync_state_set_figures (state, &figures);
  figures = (BoloSyncFigures){.phase = BOLO_SYNC_REFUSED, .remote = "national", .failure = "no"};
  figures.unsent[BOLO_TOPIC_SIGHTING] = 9;
  bolo_sync_state_set_figures (state, &figures);
  figures = (BoloSyncFigures){.phase = BOLO_SYNC_SENDING, .remote = "hq"};
  figures.unsent[BOLO_TOPIC_SIGHTING] = 2;
  bolo_sync_state_set_figures (state, &figures);
  g_assert_cmpuint (bolo_sync_state_get_remotes (state)->len, ==, 2);
  g_assert_cmpstr (bolo_sync_state_get_figures (state)->remote, ==, "hq");
  g_assert_cmpint (bolo_sync_state_get_figures (state)->phase, ==, BOLO_SYNC_SENDING);
  g_assert_cmpstr (((BoloSyncFigures *) bolo_sync_state_get_remotes (state)->pdata[1])->failure, ==,
                   "no");
  g_assert_cmpint (bolo_sync_state_get_n_unsent (state), ==, 9);
}

static void
test_stick (void)
{
  g_autoptr (BoloSyncState) state = bolo_sync_state_new ();
  g_autofree char *failure = g_strdup ("No space left");
  BoloStick stick = {.phase = BOLO_STICK_FAILED, .items = 4, .failure = failure};
  guint n_changes = 0;

  g_assert_cmpint (bolo_sync_state_get_stick (state)->phase, ==, BOLO_STICK_NONE);
  g_signal_connect (state, "changed", G_CALLBACK (on_changed), &n_changes);
  bolo_sync_state_set_stick (state, &stick);
  g_clear_pointer (&failure, g_free);
  bolo_sync_state_set_stick (state, bolo_sync_state_get_stick (state));
  g_assert_cmpuint (n_changes, ==, 2);
  g_assert_cmpstr (bolo_sync_state_get_stick (state)->failure, ==, "No space left");
  g_assert_cmpint (bolo_sync_state_get_stick (state)->items, ==, 4);
}

static void
test_lists (void)
{
  g_autoptr (BoloSyncState) state = bolo_sync_state_new ();
  g_autoptr (BoloListArrival) voi = bolo_list_arrival_new ("voi");
  g_autoptr (BoloListArrival) anpr = bolo_list_arrival_new ("anpr");
  GPtrArray *lists = bolo_sync_state_get_lists (state);

  voi->number = 7;
  voi->failure = g_strdup ("the list is not signed");
  bolo_sync_state_set_list (state, voi);
  bolo_sync_state_set_list (state, anpr);
  voi->held = 7;
  g_clear_pointer (&voi->failure, g_free);
  bolo_sync_state_set_list (state, voi);
  g_assert_cmpuint (lists->len, ==, 2);
  g_assert_cmpstr (((BoloListArrival *) lists->pdata[0])->name, ==, "anpr");
  g_assert_cmpint (((BoloListArrival *) lists->pdata[1])->held, ==, 7);
  g_assert_null (((BoloListArrival *) lists->pdata[1])->failure);
}

static void
test_shared (void)
{
  g_autoptr (BoloSyncState) state = bolo_sync_state_new ();
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) later = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (BoloSharedHit) first = NULL;
  GListModel *shared = bolo_sync_state_get_shared (state);

  g_ptr_array_add (hits, make_shared ("h-1", NOW_US, BOLO_VERIFICATION_UNCONFIRMED));
  g_ptr_array_add (hits, make_shared ("h-2", NOW_US + 1, BOLO_VERIFICATION_UNCONFIRMED));
  bolo_sync_state_add_shared (state, hits, NOW_US);
  g_ptr_array_add (later, make_shared ("h-1", NOW_US, BOLO_VERIFICATION_CONFIRMED));
  bolo_sync_state_add_shared (state, later, NOW_US);
  g_assert_cmpuint (g_list_model_get_n_items (shared), ==, 2);
  first = g_list_model_get_item (shared, 0);
  g_assert_cmpstr (bolo_shared_hit_get_fields (first)->id, ==, "h-1");
  g_assert_cmpint (bolo_shared_hit_get_fields (first)->verification, ==,
                   BOLO_VERIFICATION_CONFIRMED);
  bolo_sync_state_add_shared (state, none, NOW_US + G_TIME_SPAN_HOUR + 1);
  g_assert_cmpuint (g_list_model_get_n_items (shared), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync-state/topics", test_topics);
  g_test_add_func ("/sync-state/outgoing", test_outgoing);
  g_test_add_func ("/sync-state/counts", test_counts);
  g_test_add_func ("/sync-state/way", test_way);
  g_test_add_func ("/sync-state/figures", test_figures);
  g_test_add_func ("/sync-state/remotes", test_remotes);
  g_test_add_func ("/sync-state/stick", test_stick);
  g_test_add_func ("/sync-state/lists", test_lists);
  g_test_add_func ("/sync-state/shared", test_shared);
  return g_test_run ();
}
