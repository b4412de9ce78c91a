/* test-touch.c: real fingers on the real window: what is tapped is what is recorded
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <adwaita.h>

#include "bolo-shell-setup.h"
#include "bolo-shell-stage.h"
#include "bolo-stepper.h"
#include "bolo-text-pad.h"

/* Long enough for a tap that should do nothing to have done it. */
#define QUIET_MS 300

static const BoloFakeHit stolen = {.read = "KX68YZT", .reason = "Stolen in Digbeth."};
static const BoloFakeHit second = {.read = "AB12CDE"};
static const BoloFakeHit firearms = {
  .read = "LN19HKV", .list_kind = "response", .priority = 1, .markers = "FI"};

static GtkWidget *
root_of (BoloShellStage *stage)
{
  return GTK_WIDGET (stage->window);
}

static guint
count (BoloShellStage *stage)
{
  return bolo_fake_engine_get_dispositions (stage->engine)->len;
}

typedef struct {
  BoloShellStage *stage;
  guint n;
} Count;

static gboolean
has_count (gpointer data)
{
  Count *wanted = data;

  return count (wanted->stage) >= wanted->n;
}

static void
wait_for_count (BoloShellStage *stage, guint n)
{
  Count wanted = {stage, n};

  bolo_stage_wait (has_count, &wanted, "the tap is recorded");
  g_assert_cmpuint (count (stage), ==, n);
}

static gboolean
on_quiet_over (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
let_pass (void)
{
  gboolean is_over = FALSE;

  g_timeout_add (QUIET_MS, on_quiet_over, &is_over);
  bolo_stage_wait (is_true, &is_over, "some time passes");
}

static void
tap_action (BoloShellStage *stage, const char *action)
{
  bolo_stage_tap (bolo_stage_find_button (root_of (stage), action, NULL));
}

static void
assert_last (BoloShellStage *stage, BoloHitCase *hit_case, BoloDispositionKind kind)
{
  BoloDisposition *last = bolo_shell_stage_get_last_disposition (stage);

  g_assert_nonnull (last);
  g_assert_cmpint (last->kind, ==, kind);
  g_assert_cmpstr (last->hit, ==, bolo_hit_case_get_hit (hit_case)->id);
  g_assert_cmpstr (last->officer, ==, "PC 4127");
}

static void
test_misread (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  BoloHitCase *hit_case = bolo_fake_engine_add_hit (stage->engine, &stolen);

  bolo_shell_stage_settle (stage);
  tap_action (stage, "win.misread");
  wait_for_count (stage, 1);
  assert_last (stage, hit_case, BOLO_DISPOSITION_MISREAD);
  g_assert_cmpint (bolo_hit_case_get_state (hit_case), ==, BOLO_HIT_MISREAD);
}

static void
test_two_in_a_row (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  BoloHitCase *first = bolo_fake_engine_add_hit (stage->engine, &stolen);
  BoloHitCase *next = bolo_fake_engine_add_hit (stage->engine, &second);

  bolo_shell_stage_settle (stage);
  /* A hasty double tap: the second one falls on the next hit's card, and must do nothing. */
  tap_action (stage, "win.misread");
  tap_action (stage, "win.misread");
  wait_for_count (stage, 1);
  let_pass ();
  g_assert_cmpuint (count (stage), ==, 1);
  assert_last (stage, first, BOLO_DISPOSITION_MISREAD);
  g_assert_cmpint (bolo_hit_case_get_state (next), ==, BOLO_HIT_NEW);
  g_assert_true (bolo_case_queue_get_current (bolo_window_get_queue (stage->window)) == next);

  bolo_shell_stage_settle (stage);
  tap_action (stage, "win.silence");
  wait_for_count (stage, 2);
  assert_last (stage, next, BOLO_DISPOSITION_SILENCED);
  g_assert_null (bolo_case_queue_get_current (bolo_window_get_queue (stage->window)));
}

static void
test_newer_one_waits (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  BoloHitCase *first = bolo_fake_engine_add_hit (stage->engine, &stolen);
  graphene_rect_t place;

  bolo_shell_stage_settle (stage);
  place = bolo_stage_get_place (bolo_stage_find_button (root_of (stage), "win.silence", NULL));
  bolo_stage_finger_down (place.origin.x + 40, place.origin.y + 40);
  let_pass ();
  bolo_fake_engine_add_hit (stage->engine, &second);
  bolo_shell_stage_draw (stage);
  bolo_stage_finger_up ();
  /* The card under the finger was not replaced, and the tap counts for it. */
  wait_for_count (stage, 1);
  assert_last (stage, first, BOLO_DISPOSITION_SILENCED);
}

static void
test_graver_one_takes_no_tap (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  BoloHitCase *first = bolo_fake_engine_add_hit (stage->engine, &stolen);
  BoloHitCase *grave;
  graphene_rect_t place;

  bolo_shell_stage_settle (stage);
  place = bolo_stage_get_place (bolo_stage_find_button (root_of (stage), "win.silence", NULL));
  bolo_stage_finger_down (place.origin.x + 40, place.origin.y + 40);
  let_pass ();
  grave = bolo_fake_engine_add_hit (stage->engine, &firearms);
  g_assert_true (bolo_case_queue_get_current (bolo_window_get_queue (stage->window)) == grave);
  bolo_shell_stage_settle (stage);
  /* Even after the guard: a finger that came down on another card answers nothing. */
  bolo_stage_finger_up ();
  let_pass ();
  g_assert_cmpuint (count (stage), ==, 0);
  g_assert_true (bolo_hit_case_is_open (first));
  g_assert_cmpint (bolo_hit_case_get_state (grave), ==, BOLO_HIT_NEW);

  tap_action (stage, "win.silence");
  wait_for_count (stage, 1);
  assert_last (stage, grave, BOLO_DISPOSITION_SILENCED);
  g_assert_true (bolo_case_queue_get_current (bolo_window_get_queue (stage->window)) == first);
}

static void
test_tap_anywhere_is_seen (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  BoloHitCase *hit_case = bolo_fake_engine_add_hit (stage->engine, &stolen);

  bolo_shell_stage_settle (stage);
  bolo_stage_tap_at (250, 250);
  wait_for_count (stage, 1);
  assert_last (stage, hit_case, BOLO_DISPOSITION_SEEN);
  /* Seen is no answer: the card stays. */
  g_assert_true (bolo_case_queue_get_current (bolo_window_get_queue (stage->window)) == hit_case);
  bolo_stage_tap_at (250, 250);
  let_pass ();
  g_assert_cmpuint (count (stage), ==, 1);
}

static void
tap_key (BoloShellStage *stage, const char *key)
{
  BoloTextPad *pad = BOLO_TEXT_PAD (bolo_stage_find_type (root_of (stage), BOLO_TYPE_TEXT_PAD));

  bolo_stage_tap (bolo_stage_find_button (GTK_WIDGET (pad), NULL, key));
}

typedef struct {
  BoloShellStage *stage;
  const char *text;
} Typed;

static gboolean
has_typed (gpointer data)
{
  Typed *typed = data;
  GtkWidget *pad = bolo_stage_find_type (root_of (typed->stage), BOLO_TYPE_TEXT_PAD);

  return pad != NULL && g_strcmp0 (bolo_text_pad_get_text (BOLO_TEXT_PAD (pad)), typed->text) == 0;
}

static void
wait_for_text (BoloShellStage *stage, const char *text)
{
  Typed typed = {stage, text};

  bolo_stage_wait (has_typed, &typed, "the keys are written");
}

static gboolean
is_case_gone (gpointer data)
{
  return bolo_case_queue_get_current (bolo_window_get_queue (BOLO_WINDOW (data))) == NULL;
}

static void
test_confirm (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  BoloHitCase *hit_case = bolo_fake_engine_add_hit (stage->engine, &stolen);
  BoloDisposition *last;

  bolo_shell_stage_settle (stage);
  /* No check before the picture was compared. */
  tap_action (stage, "win.record-check");
  let_pass ();
  g_assert_null (bolo_stage_find_type (root_of (stage), BOLO_TYPE_TEXT_PAD));
  g_assert_cmpint (bolo_hit_case_get_state (hit_case), ==, BOLO_HIT_SEEN);

  tap_action (stage, "win.plate-matches");
  wait_for_count (stage, 2);
  g_assert_cmpint (bolo_hit_case_get_state (hit_case), ==, BOLO_HIT_PLATE_MATCHES);
  g_assert_true (bolo_stage_shows_text (root_of (stage), "UNCONFIRMED"));

  bolo_shell_stage_draw (stage);
  tap_action (stage, "win.record-check");
  wait_for_text (stage, "");
  bolo_shell_stage_draw (stage);
  tap_key (stage, "J");
  wait_for_text (stage, "J");
  tap_key (stage, "7");
  wait_for_text (stage, "J7");
  bolo_stage_tap (bolo_stage_find_button (root_of (stage), NULL, "Control room"));
  let_pass ();
  bolo_stage_tap (bolo_stage_find_button (root_of (stage), NULL, "Confirm"));
  let_pass ();
  last = bolo_shell_stage_get_last_disposition (stage);
  assert_last (stage, hit_case, BOLO_DISPOSITION_CONFIRMED);
  g_assert_cmpstr (last->checked_by, ==, "J7");
  g_assert_cmpstr (last->checked_how, ==, "control room");
  g_assert_cmpint (bolo_hit_case_get_state (hit_case), ==, BOLO_HIT_CONFIRMED);
  g_assert_true (bolo_stage_shows_text (root_of (stage), "CONFIRMED"));

  bolo_shell_stage_settle (stage);
  tap_action (stage, "win.put-aside");
  bolo_stage_wait (is_case_gone, stage->window, "the confirmed hit is put aside");
}

static void
test_driver (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_DRIVER);
  BoloHitCase *hit_case, *other;

  bolo_fake_engine_set_speed (stage->engine, 20);
  hit_case = bolo_fake_engine_add_hit (stage->engine, &stolen);
  other = bolo_fake_engine_add_hit (stage->engine, &second);
  bolo_shell_stage_settle (stage);
  bolo_fake_engine_set_speed (stage->engine, 20);
  tap_action (stage, "win.seen");
  wait_for_count (stage, 1);
  assert_last (stage, hit_case, BOLO_DISPOSITION_SEEN);
  g_assert_true (bolo_hit_case_is_open (hit_case));

  bolo_fake_engine_set_speed (stage->engine, 20);
  bolo_shell_stage_settle (stage);
  tap_action (stage, "win.misread");
  wait_for_count (stage, 2);
  assert_last (stage, other, BOLO_DISPOSITION_MISREAD);
}

static gboolean
has_officer (gpointer data)
{
  return bolo_engine_get_officer (data) != NULL;
}

static void
test_sign_on (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);

  bolo_fake_engine_sign_off (stage->engine);
  gtk_widget_activate_action (root_of (stage), "win.sign-on", NULL);
  bolo_shell_stage_settle (stage);
  tap_key (stage, "P");
  wait_for_text (stage, "P");
  tap_key (stage, "4");
  wait_for_text (stage, "P4");
  tap_key (stage, "9");
  wait_for_text (stage, "P49");
  /* The last key takes one away. */
  bolo_stage_tap_at (965, 500);
  wait_for_text (stage, "P4");
  bolo_shell_stage_draw (stage);
  bolo_stage_tap (bolo_stage_find_button (root_of (stage), NULL, "Operator"));
  bolo_stage_wait (has_officer, stage->engine, "the officer is signed on");
  g_assert_cmpstr (bolo_engine_get_officer (BOLO_ENGINE (stage->engine)), ==, "P4");
  bolo_shell_stage_draw (stage);
  g_assert_null (bolo_stage_find_type (root_of (stage), BOLO_TYPE_TEXT_PAD));
}

static gboolean
is_louder (gpointer data)
{
  return bolo_fake_engine_get_volume (data) > 0.9;
}

/* Loudness, from the driver's own page, in one tap. */
static void
test_louder (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_NONE);
  GtkWidget *stepper;

  bolo_shell_stage_settle (stage);
  stepper = bolo_stage_find_type (root_of (stage), BOLO_TYPE_STEPPER);
  g_assert_cmpfloat (bolo_fake_engine_get_volume (stage->engine), <, 0.9);
  bolo_stage_tap (gtk_widget_get_last_child (gtk_widget_get_first_child (stepper)));
  bolo_stage_wait (is_louder, stage->engine, "it is louder");
  g_assert_true (bolo_stage_shows_text (root_of (stage), "100 %"));
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
  g_test_add_func ("/shell/touch/misread", test_misread);
  g_test_add_func ("/shell/touch/two-in-a-row", test_two_in_a_row);
  g_test_add_func ("/shell/touch/newer-one-waits", test_newer_one_waits);
  g_test_add_func ("/shell/touch/graver-one-takes-no-tap", test_graver_one_takes_no_tap);
  g_test_add_func ("/shell/touch/tap-anywhere-is-seen", test_tap_anywhere_is_seen);
  g_test_add_func ("/shell/touch/confirm", test_confirm);
  g_test_add_func ("/shell/touch/driver", test_driver);
  g_test_add_func ("/shell/touch/sign-on", test_sign_on);
  g_test_add_func ("/shell/touch/louder", test_louder);
  return g_test_run ();
}
