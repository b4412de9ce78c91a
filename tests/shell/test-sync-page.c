/* test-sync-page.c: the station page and the status line's last item, under a real finger
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <adwaita.h>
#include <math.h>

#include "bolo-shell-setup.h"
#include "bolo-shell-stage.h"
#include "bolo-sync-page.h"

typedef struct {
  BoloShellStage *stage;
  const char *text;
} Awaited;

static GtkWidget *
root_of (BoloShellStage *stage)
{
  return GTK_WIDGET (stage->window);
}

static BoloSyncState *
sync_of (BoloShellStage *stage)
{
  return bolo_engine_get_sync (BOLO_ENGINE (stage->engine));
}

static gboolean
shows (gpointer data)
{
  Awaited *awaited = data;

  return bolo_stage_shows_text (root_of (awaited->stage), awaited->text);
}

static void
wait_for (BoloShellStage *stage, const char *text)
{
  Awaited awaited = {stage, text};

  bolo_stage_wait (shows, &awaited, text);
  bolo_shell_stage_draw (stage);
}

static void
tap_text (BoloShellStage *stage, const char *text)
{
  GtkWidget *button = bolo_stage_find_button (root_of (stage), NULL, text);

  g_assert_nonnull (button);
  bolo_stage_tap (button);
}

static BoloShellStage *
make_stage (BoloSeat seat)
{
  BoloShellStage *stage = bolo_shell_stage_new (seat);

  bolo_engine_set_officer (BOLO_ENGINE (stage->engine), "PC 4127");
  gtk_widget_activate_action (root_of (stage), "win.page", "s", "station");
  bolo_shell_stage_draw (stage);
  return stage;
}

static void
set_waiting (BoloShellStage *stage)
{
  gint64 now_us = bolo_clock_get_utc_us (bolo_engine_get_clock (BOLO_ENGINE (stage->engine)));
  BoloSyncFigures figures = {.phase = BOLO_SYNC_WAITING,
                             .remote = "Northshire",
                             .last_contact_us = now_us - 120 * G_USEC_PER_SEC,
                             .next_try_us = now_us + 30 * G_USEC_PER_SEC,
                             .oldest_us = now_us - 600 * G_USEC_PER_SEC,
                             .rejected = 1,
                             .rejection = "The picture is torn.",
                             .failure = "The station does not answer.",
                             .left_s = -1};

  figures.unsent[BOLO_TOPIC_HIT] = 2;
  figures.unsent[BOLO_TOPIC_SIGHTING] = 40;
  figures.unsent[BOLO_TOPIC_PICTURE] = 80;
  bolo_sync_state_set_figures (sync_of (stage), &figures);
}

static void
test_no_station (void)
{
  g_autoptr (BoloShellStage) stage = make_stage (BOLO_SEAT_OPERATOR);

  wait_for (stage, "No station is set up");
  g_assert_false (
    gtk_widget_get_sensitive (bolo_stage_find_button (root_of (stage), NULL, "Try now")));
}

static void
on_asked (BoloSyncState *state, int ask, int *last)
{
  *last = ask;
}

static gboolean
is_asked (gpointer data)
{
  return *(int *) data >= 0;
}

static void
test_asks (void)
{
  g_autoptr (BoloShellStage) stage = make_stage (BOLO_SEAT_OPERATOR);
  int last = -1;

  g_signal_connect (sync_of (stage), "asked", G_CALLBACK (on_asked), &last);
  set_waiting (stage);
  wait_for (stage, "122 records are not sent yet");
  g_assert_true (bolo_stage_shows_text (root_of (stage), "The station does not answer."));
  g_assert_true (bolo_stage_shows_text (root_of (stage), "2 hits, 40 sightings, 0 others"));
  g_assert_true (bolo_stage_shows_text (root_of (stage), "The picture is torn."));
  g_assert_true (bolo_stage_shows_text (root_of (stage), "122 left"));
  tap_text (stage, "Try now");
  bolo_stage_wait (is_asked, &last, "asked to try now");
  g_assert_cmpint (last, ==, BOLO_SYNC_ASK_NOW);
  last = -1;
  tap_text (stage, "End of shift: send all");
  bolo_stage_wait (is_asked, &last, "asked to send all");
  g_assert_cmpint (last, ==, BOLO_SYNC_ASK_END_OF_SHIFT);
}

/* A second back office, a stick and what was signed for before are on the same page. */
static void
test_stick (void)
{
  g_autoptr (BoloShellStage) stage = make_stage (BOLO_SEAT_OPERATOR);
  BoloSyncFigures national = {.phase = BOLO_SYNC_REFUSED,
                              .remote = "national",
                              .last_contact_us = -1,
                              .next_try_us = -1,
                              .oldest_us = -1,
                              .left_s = -1,
                              .failure = "The national service does not know this car."};
  const BoloReceipt receipt = {.path = (char *) "/r/1.json",
                               .station = (char *) "Northshire",
                               .counts = {[BOLO_TOPIC_HIT] = 60, [BOLO_TOPIC_SIGHTING] = 940},
                               .bytes = 2100000,
                               .sha256 = (char *) "0123456789abcdef0123456789abcdef"};
  BoloStick stick = {.phase = BOLO_STICK_IN};
  int last = -1;

  g_signal_connect (sync_of (stage), "asked", G_CALLBACK (on_asked), &last);
  set_waiting (stage);
  g_assert_null (bolo_stage_find_button (root_of (stage), NULL, "Write to USB stick"));
  bolo_sync_state_set_figures (sync_of (stage), &national);
  bolo_sync_state_set_receipt (sync_of (stage), &receipt);
  bolo_sync_state_set_stick (sync_of (stage), &stick);
  wait_for (stage, "A USB stick is in");
  g_assert_true (bolo_stage_shows_text (root_of (stage), "The national service does not know"));
  g_assert_true (bolo_stage_shows_text (root_of (stage), "Receipt signed by Northshire"));
  g_assert_true (
    bolo_stage_shows_text (root_of (stage), "1000 records, of these 60 hits and 0 pictures, 2.1"));
  g_assert_true (bolo_stage_shows_text (root_of (stage), "Refused"));
  tap_text (stage, "Write to USB stick");
  bolo_stage_wait (is_asked, &last, "asked to write");
  g_assert_cmpint (last, ==, BOLO_SYNC_ASK_STICK);
  stick = (BoloStick){.phase = BOLO_STICK_BUSY, .items = 10, .of_items = 122};
  bolo_sync_state_set_stick (sync_of (stage), &stick);
  wait_for (stage, "Writing: 10 of 122 records");
  g_assert_false (gtk_widget_get_sensitive (
    bolo_stage_find_button (root_of (stage), NULL, "Write to USB stick")));
  stick = (BoloStick){.phase = BOLO_STICK_FAILED, .failure = "There is no space left on it."};
  bolo_sync_state_set_stick (sync_of (stage), &stick);
  wait_for (stage, "There is no space left on it.");
}

/* What another car met is told with its state and never raises anything here. */
static void
test_shared (void)
{
  g_autoptr (BoloShellStage) stage = make_stage (BOLO_SEAT_OPERATOR);
  gint64 now_us = bolo_clock_get_utc_us (bolo_engine_get_clock (BOLO_ENGINE (stage->engine)));
  BoloSharedHitFields fields = {.number = 9,
                                .car = "NS 14",
                                .id = "h1",
                                .mark = "WR63PLK",
                                .category = "stolen",
                                .match = "exact",
                                .time_us = now_us - 125 * G_USEC_PER_SEC,
                                .latitude_deg = NAN,
                                .longitude_deg = NAN};
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func (g_object_unref);

  set_waiting (stage);
  g_ptr_array_add (hits, bolo_shared_hit_new (&fields));
  bolo_sync_state_add_shared (sync_of (stage), hits, now_us);
  wait_for (stage, "WR63 PLK: stolen");
  g_assert_true (
    bolo_stage_shows_text (root_of (stage), "Seen by NS 14 2 min ago, place not known"));
  g_assert_true (bolo_stage_shows_text (root_of (stage), "UNCONFIRMED"));
  g_assert_cmpuint (g_list_model_get_n_items (bolo_engine_get_cases (BOLO_ENGINE (stage->engine))),
                    ==, 0);
}

/* An alert policy that the station has sent: that it waits, and then whose it is. */
static void
test_policy (void)
{
  g_autoptr (BoloShellStage) stage = make_stage (BOLO_SEAT_OPERATOR);
  BoloListArrival policy = {.kind = BOLO_ARRIVAL_POLICY,
                            .name = (char *) "alert policy",
                            .from = (char *) "Northshire",
                            .checked_us = -1};

  set_waiting (stage);
  bolo_sync_state_set_list (sync_of (stage), &policy);
  wait_for (stage, "122 records are not sent yet");
  g_assert_false (bolo_stage_shows_text (root_of (stage), "Alert policy, number"));
  policy.number = 8;
  policy.held = 7;
  policy.is_waiting = TRUE;
  bolo_sync_state_set_list (sync_of (stage), &policy);
  wait_for (stage, "Alert policy, number 8");
  g_assert_true (bolo_stage_shows_text (
    root_of (stage), "A new alert policy from Northshire is used from the next start"));
  policy.held = 8;
  policy.is_waiting = FALSE;
  bolo_sync_state_set_list (sync_of (stage), &policy);
  wait_for (stage, "From Northshire");
  g_assert_true (bolo_stage_shows_text (root_of (stage), "In force"));
}

static gboolean
is_elsewhere (gpointer data)
{
  return !bolo_stage_shows_text (root_of (data), "End of shift: send all");
}

static void
test_open_hits (void)
{
  g_autoptr (BoloShellStage) stage = make_stage (BOLO_SEAT_OPERATOR);
  BoloFakeHit uninsured = {
    .read = "LN19HKV", .list_kind = "no-insurance", .priority = 3, .is_quiet = TRUE};

  bolo_fake_engine_add_hit (stage->engine, &uninsured);
  wait_for (stage, "1 hit is not resolved");
  tap_text (stage, "1 hit is not resolved");
  bolo_stage_wait (is_elsewhere, stage, "the page with the hits");
}

/* A driver sees that there is a link, and nothing to read or to scroll. */
static void
test_driver (void)
{
  g_autoptr (BoloShellStage) stage = make_stage (BOLO_SEAT_DRIVER);

  bolo_fake_engine_set_speed (stage->engine, 13);
  set_waiting (stage);
  bolo_shell_stage_settle (stage);
  g_assert_false (bolo_stage_shows_text (root_of (stage), "122 records are not sent yet"));
  g_assert_false (bolo_stage_shows_text (root_of (stage), "122 left"));
}

static gboolean
is_discreet (gpointer data)
{
  return bolo_fake_engine_get_discreet (((BoloShellStage *) data)->engine);
}

/* The rail has no room for day and speech beside the pages: an operator finds them with the
 * equipment, a driver, who has no pages, on the rail. */
static void
test_where_controls_are (void)
{
  g_autoptr (BoloShellStage) stage = make_stage (BOLO_SEAT_DRIVER);
  GtkWidget *root = root_of (stage);

  bolo_fake_engine_set_speed (stage->engine, 0);
  bolo_fake_engine_set_all_well (stage->engine);
  bolo_shell_stage_settle (stage);
  g_assert_null (bolo_stage_find_button (root, "win.discreet", NULL));
  gtk_widget_activate_action (root, "win.page", "s", "equipment");
  wait_for (stage, "Speaks");
  bolo_stage_tap (bolo_stage_find_button (root, "win.discreet", NULL));
  bolo_stage_wait (is_discreet, stage, "speech is discreet");
  gtk_widget_activate_action (root, "win.page", "s", "live");
  wait_for (stage, "Discreet");
  bolo_fake_engine_set_speed (stage->engine, 13);
  bolo_shell_stage_settle (stage);
  g_assert_nonnull (bolo_stage_find_button (root, "win.discreet", NULL));
  g_assert_nonnull (bolo_stage_find_button (root, "win.theme", NULL));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  if (!bolo_stage_has_fingers ()) {
    g_print ("1..0 # SKIP no test seat: run this with tests/lib/shell/with-weston\n");
    return 0;
  }
  adw_init ();
  bolo_shell_setup (gdk_display_get_default (), 0);
  g_test_add_func ("/shell/sync-page/none", test_no_station);
  g_test_add_func ("/shell/sync-page/asks", test_asks);
  g_test_add_func ("/shell/sync-page/stick", test_stick);
  g_test_add_func ("/shell/sync-page/shared", test_shared);
  g_test_add_func ("/shell/sync-page/policy", test_policy);
  g_test_add_func ("/shell/sync-page/open-hits", test_open_hits);
  g_test_add_func ("/shell/sync-page/driver", test_driver);
  g_test_add_func ("/shell/sync-page/where-controls-are", test_where_controls_are);
  return g_test_run ();
}
