/* test-window.c: what is on screen in which level, with names, sizes and fixed places
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <adwaita.h>
#include <math.h>

#include "bolo-camera-tile.h"
#include "bolo-evidence.h"
#include "bolo-hit-card.h"
#include "bolo-plate-view.h"
#include "bolo-reads-list.h"
#include "bolo-shell-setup.h"
#include "bolo-shell-stage.h"
#include "bolo-sign-on.h"
#include "bolo-symbol.h"
#include "bolo-text-pad.h"
#include "bolo-theme-keeper.h"

/* 19 mm at the 5.9 px/mm of the default panel. */
#define ACTION_PX 112
#define FREE_TEXT "keys taken in a burglary"

static const BoloFakeHit stolen = {.read = "KX68YZT",
                                   .reason = "Stolen in Digbeth, " FREE_TEXT "."};
static const BoloFakeHit firearms = {.read = "LN19HKV",
                                     .list_kind = "response",
                                     .priority = 1,
                                     .markers = "FI,VI",
                                     .reason = FREE_TEXT};
static const BoloFakeHit similar = {.read = "BD51SMR",
                                    .listed = "BD5ISMR",
                                    .list_kind = "stolen",
                                    .is_quiet = TRUE,
                                    .reason = FREE_TEXT};

static GtkWidget *
root_of (BoloShellStage *stage)
{
  return GTK_WIDGET (stage->window);
}

typedef struct {
  const char *step;
  guint n_widgets;
} Watch;

/* Regulation 109: nothing that moves, nothing to read at length, nothing to type or scroll. */
static gboolean
check_driver_safe (GtkWidget *widget, gpointer data)
{
  Watch *watch = data;
  const GType forbidden[] = {GTK_TYPE_PICTURE,   GTK_TYPE_VIDEO,       GTK_TYPE_MEDIA_CONTROLS,
                             GTK_TYPE_EDITABLE,  GTK_TYPE_TEXT_VIEW,   GTK_TYPE_SCROLLED_WINDOW,
                             GTK_TYPE_SCROLLBAR, GTK_TYPE_SCROLLABLE,  BOLO_TYPE_CAMERA_TILE,
                             BOLO_TYPE_EVIDENCE, BOLO_TYPE_READS_LIST, BOLO_TYPE_TEXT_PAD};

  for (gsize i = 0; i < G_N_ELEMENTS (forbidden); i++) {
    if (G_TYPE_CHECK_INSTANCE_TYPE (widget, forbidden[i])) {
      g_printerr ("At '%s' a %s is on the driver's screen\n", watch->step,
                  G_OBJECT_TYPE_NAME (widget));
      g_test_fail ();
    }
  }
  if (GTK_IS_IMAGE (widget) &&
      gtk_image_get_storage_type (GTK_IMAGE (widget)) == GTK_IMAGE_PAINTABLE)
    g_test_fail ();
  if (GTK_IS_LABEL (widget))
    g_assert_null (strstr (gtk_label_get_text (GTK_LABEL (widget)), FREE_TEXT));
  watch->n_widgets++;
  return TRUE;
}

static void
assert_driver_safe (BoloShellStage *stage, const char *step)
{
  Watch watch = {.step = step};

  g_assert_cmpint (bolo_window_get_level (stage->window), ==, BOLO_LEVEL_DRIVER_SAFE);
  bolo_shell_stage_draw (stage);
  bolo_stage_walk (root_of (stage), check_driver_safe, &watch);
  g_assert_cmpuint (watch.n_widgets, >, 20);
}

static void
feed (BoloShellStage *stage, int second)
{
  static const char *const cameras[] = {"front", "oncoming", "left", "rear"};
  static const char *const marks[] = {"AB12CDE", "FJ07EAX", "P842OTW", "WR63PLK", "YD20UVS"};

  for (gsize i = 0; i < G_N_ELEMENTS (cameras); i++)
    bolo_fake_engine_put_frame (stage->engine, cameras[i], marks[second % 5], 0.5, TRUE);
  bolo_fake_engine_add_sighting (stage->engine, cameras[second % 4], marks[second % 5]);
}

static void
test_moving_track (void)
{
  /* Standing, setting off, a town street, lights, a dual carriageway, a tunnel without a fix. */
  static const double speeds[] = {0, 0.2, 0.8, 3.1, 8.9, 13.4, 12.9, 6.0, 0.6, 0.3,
                                  0, 2.2, 9.0, 17,  31,  30,   -1,   -1,  28,  14};
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_DRIVER);
  guint n_driver = 0, n_operator = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (speeds); i++) {
    gboolean is_moving = speeds[i] < 0 || speeds[i] > 0.5;
    g_autofree char *step = g_strdup_printf ("second %u, %.1f m/s", (guint) i, speeds[i]);

    bolo_fake_engine_set_speed (stage->engine, speeds[i]);
    feed (stage, (int) i);
    if (i == 5)
      bolo_fake_engine_add_hit (stage->engine, &stolen);
    if (i == 6)
      bolo_fake_engine_add_hit (stage->engine, &similar);
    if (i == 13)
      bolo_fake_engine_add_hit (stage->engine, &firearms);
    if (i == 15)
      bolo_fake_engine_raise_problem (stage->engine, "The disk is full", "Nothing is kept.",
                                      FREE_TEXT);
    if (is_moving) {
      assert_driver_safe (stage, step);
      n_driver++;
    } else {
      bolo_shell_stage_draw (stage);
      g_assert_cmpint (bolo_window_get_level (stage->window), ==, BOLO_LEVEL_OPERATOR);
      n_operator++;
    }
  }
  g_assert_cmpuint (n_driver, ==, 16);
  g_assert_cmpuint (n_operator, ==, 4);
}

static void
test_driver_card (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_DRIVER);
  GtkWidget *root = root_of (stage);
  BoloHitCase *hit_case;

  bolo_fake_engine_set_speed (stage->engine, 13);
  hit_case = bolo_fake_engine_add_hit (stage->engine, &firearms);
  bolo_shell_stage_settle (stage);
  assert_driver_safe (stage, "the card");
  g_assert_true (bolo_stage_shows_text (root, "Response"));
  g_assert_true (bolo_stage_shows_text (root, "FIREARMS"));
  g_assert_true (bolo_stage_shows_text (root, "VIOLENT"));
  g_assert_true (bolo_stage_shows_text (root, "Blue Ford Focus"));
  g_assert_true (bolo_stage_shows_text (root, "List response-west-midlands"));
  g_assert_true (bolo_stage_shows_text (root, "UNCONFIRMED"));
  g_assert_cmpstr (
    bolo_plate_view_get_text (BOLO_PLATE_VIEW (bolo_stage_find_type (root, BOLO_TYPE_PLATE_VIEW))),
    ==, "LN19 HKV");
  g_assert_nonnull (bolo_stage_find_button (root, "win.seen", NULL));
  g_assert_null (bolo_stage_find_button (root, "win.plate-matches", NULL));
  g_assert_null (bolo_stage_find_button (root, "win.record-check", NULL));

  gtk_widget_activate_action (root, "win.seen", NULL);
  g_assert_cmpint (bolo_hit_case_get_state (hit_case), ==, BOLO_HIT_SEEN);
  g_assert_null (bolo_case_queue_get_current (bolo_window_get_queue (stage->window)));
  g_assert_true (bolo_hit_case_is_open (hit_case));
}

static gboolean
has_rehearsed (gpointer data)
{
  return !bolo_window_is_rehearsing (((BoloShellStage *) data)->window);
}

/* The card is in front, too faint to be seen, and takes no tap; then all is as before. */
static void
test_rehearsal (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  BoloHitCard *card;

  bolo_window_rehearse (stage->window);
  card = BOLO_HIT_CARD (bolo_stage_find_type (root_of (stage), BOLO_TYPE_HIT_CARD));
  g_assert_nonnull (card);
  g_assert_cmpfloat (gtk_widget_get_opacity (GTK_WIDGET (card)), <, 0.005);
  g_assert_nonnull (bolo_stage_find_button (root_of (stage), "win.plate-matches", NULL));
  gtk_widget_activate_action (root_of (stage), "win.plate-matches", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (bolo_engine_get_cases (BOLO_ENGINE (stage->engine))),
                    ==, 0);
  bolo_stage_wait (has_rehearsed, stage, "the card's rehearsal is over");
  g_assert_null (bolo_stage_find_type (root_of (stage), BOLO_TYPE_HIT_CARD));
  g_assert_null (bolo_hit_card_get_case (card));
  g_assert_cmpfloat (gtk_widget_get_opacity (GTK_WIDGET (card)), ==, 1);
  g_assert_cmpint (bolo_window_get_level (stage->window), ==, BOLO_LEVEL_OPERATOR);
}

/* A hit does not wait for it. */
static void
test_hit_in_rehearsal (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_DRIVER);
  BoloHitCase *hit_case;
  BoloHitCard *card;

  bolo_fake_engine_set_speed (stage->engine, 13);
  bolo_window_rehearse (stage->window);
  hit_case = bolo_fake_engine_add_hit (stage->engine, &firearms);
  g_assert_false (bolo_window_is_rehearsing (stage->window));
  card = BOLO_HIT_CARD (bolo_stage_find_type (root_of (stage), BOLO_TYPE_HIT_CARD));
  g_assert_true (bolo_hit_card_get_case (card) == hit_case);
  g_assert_cmpfloat (gtk_widget_get_opacity (GTK_WIDGET (card)), ==, 1);
  assert_driver_safe (stage, "a hit while the card is rehearsed");
  bolo_window_rehearse (stage->window); /* too late: a hit is there */
  g_assert_false (bolo_window_is_rehearsing (stage->window));
}

static void
test_check_closes_when_moving (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_DRIVER);
  BoloHitCard *card;

  bolo_fake_engine_add_hit (stage->engine, &stolen);
  bolo_shell_stage_settle (stage);
  card = BOLO_HIT_CARD (bolo_stage_find_type (root_of (stage), BOLO_TYPE_HIT_CARD));
  gtk_widget_activate_action (root_of (stage), "win.plate-matches", NULL);
  gtk_widget_activate_action (root_of (stage), "win.record-check", NULL);
  g_assert_true (bolo_hit_card_is_checking (card));
  bolo_shell_stage_draw (stage);
  g_assert_nonnull (bolo_stage_find_type (root_of (stage), BOLO_TYPE_TEXT_PAD));

  bolo_fake_engine_set_speed (stage->engine, 4);
  g_assert_false (bolo_hit_card_is_checking (card));
  assert_driver_safe (stage, "setting off while a check is written down");
}

static void
test_sign_on_only_standing (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_DRIVER);

  bolo_fake_engine_sign_off (stage->engine);
  bolo_fake_engine_set_speed (stage->engine, 9);
  assert_driver_safe (stage, "nobody signed on");
  bolo_fake_engine_set_speed (stage->engine, 0);
  bolo_shell_stage_draw (stage);
  g_assert_nonnull (bolo_stage_find_type (root_of (stage), BOLO_TYPE_TEXT_PAD));
}

static void
test_no_seat (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_NONE);

  /* Standing, and yet driver-safe: nobody has said who sees the screen. */
  assert_driver_safe (stage, "no seat");
  bolo_fake_engine_raise_problem (stage->engine, "The disk is full", FREE_TEXT, "Purge.");
  assert_driver_safe (stage, "a problem");
  g_assert_true (bolo_stage_shows_text (root_of (stage), "The disk is full"));
  gtk_widget_activate_action (root_of (stage), "win.dismiss-problem", NULL);
  gtk_widget_activate_action (root_of (stage), "win.sign-on", NULL);
  bolo_shell_stage_draw (stage);
  g_assert_nonnull (bolo_stage_find_type (root_of (stage), BOLO_TYPE_TEXT_PAD));
  bolo_fake_engine_set_speed (stage->engine, 5);
  assert_driver_safe (stage, "setting off while signing on");
  bolo_fake_engine_set_speed (stage->engine, 0);
  assert_driver_safe (stage, "standing again");
}

/* Where no fix ever comes a driver cannot sign on; a passenger can, by saying so, and can go back.
 */
static void
test_seat_without_fix (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_NONE);
  GtkWidget *root = root_of (stage);

  g_assert_null (bolo_stage_find_button (root, "win.take-seat", NULL));
  bolo_fake_engine_sign_off (stage->engine);
  bolo_fake_engine_set_speed (stage->engine, -1);
  assert_driver_safe (stage, "no fix, nobody signed on");
  g_assert_nonnull (bolo_stage_find_button (root, "win.take-seat", NULL));

  gtk_widget_activate_action (root, "win.take-seat", NULL);
  bolo_shell_stage_draw (stage);
  g_assert_nonnull (bolo_stage_find_type (root, BOLO_TYPE_TEXT_PAD));
  g_signal_emit_by_name (bolo_stage_find_button (root, NULL, "Back"), "clicked");
  assert_driver_safe (stage, "went back");

  gtk_widget_activate_action (root, "win.take-seat", NULL);
  bolo_shell_stage_draw (stage);
  g_signal_emit_by_name (bolo_stage_find_type (root, BOLO_TYPE_SIGN_ON), "declared", "PC 1",
                         BOLO_SEAT_OPERATOR);
  bolo_shell_stage_draw (stage);
  g_assert_cmpint (bolo_window_get_level (stage->window), ==, BOLO_LEVEL_OPERATOR);
  g_assert_cmpstr (bolo_engine_get_officer (BOLO_ENGINE (stage->engine)), ==, "PC 1");
  g_assert_null (bolo_stage_find_type (root, BOLO_TYPE_TEXT_PAD));
}

static gboolean
is_flashing (gpointer data)
{
  return gtk_widget_has_css_class (data, "flash");
}

static gboolean
is_not_flashing (gpointer data)
{
  return !gtk_widget_has_css_class (data, "flash");
}

/* Only the gravest, only until it is answered, and never where a driver looks. */
static void
test_flash (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  GtkWidget *card;

  bolo_fake_engine_add_hit (stage->engine, &firearms);
  bolo_shell_stage_settle (stage);
  card = bolo_stage_find_type (root_of (stage), BOLO_TYPE_HIT_CARD);
  bolo_stage_wait (is_flashing, card, "the border is dark");
  bolo_stage_wait (is_not_flashing, card, "the border is lit");
  bolo_stage_wait (is_flashing, card, "the border is dark again");
  gtk_widget_activate_action (root_of (stage), "win.seen", NULL);
  g_assert_false (is_flashing (card));
}

static void
test_operator_seat_stays_operator (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);

  bolo_fake_engine_set_speed (stage->engine, 30);
  bolo_shell_stage_draw (stage);
  g_assert_cmpint (bolo_window_get_level (stage->window), ==, BOLO_LEVEL_OPERATOR);
  g_assert_nonnull (bolo_stage_find_type (root_of (stage), BOLO_TYPE_CAMERA_TILE));
  bolo_fake_engine_set_speed (stage->engine, -1);
  bolo_shell_stage_draw (stage);
  g_assert_cmpint (bolo_window_get_level (stage->window), ==, BOLO_LEVEL_OPERATOR);
}

static gboolean
has_both_pictures (gpointer data)
{
  GtkWidget *root = data;
  GtkWidget *card = bolo_stage_find_type (root, BOLO_TYPE_HIT_CARD);
  GtkWidget *first = bolo_stage_find_type (card, BOLO_TYPE_EVIDENCE);

  return first != NULL && bolo_evidence_has_picture (BOLO_EVIDENCE (first));
}

static void
test_operator_card (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  GtkWidget *root = root_of (stage);

  bolo_fake_engine_add_hit (stage->engine, &stolen);
  bolo_shell_stage_settle (stage);
  bolo_stage_wait (has_both_pictures, root, "the card has its pictures");
  g_assert_true (bolo_stage_shows_text (root, "Stolen vehicle"));
  g_assert_true (bolo_stage_shows_text (root, FREE_TEXT));
  g_assert_true (bolo_stage_shows_text (root, "Exact match"));
  g_assert_true (bolo_stage_shows_text (root, "2 h 10 min old"));
  g_assert_true (bolo_stage_shows_text (root, "UNCONFIRMED"));
  g_assert_false (bolo_stage_shows_text (root, "more hit"));
  bolo_fake_engine_add_hit (stage->engine, &similar);
  g_assert_true (bolo_stage_shows_text (root, "1 more hit"));
  /* Nothing covers it but itself: the live pictures are off. */
  g_assert_null (bolo_stage_find_type (root, BOLO_TYPE_CAMERA_TILE));
}

static void
test_not_exact_looks_different (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  GtkWidget *root = root_of (stage);
  GtkWidget *card;

  bolo_fake_engine_add_hit (stage->engine, &similar);
  bolo_shell_stage_settle (stage);
  card = bolo_stage_find_type (root, BOLO_TYPE_HIT_CARD);
  g_assert_true (gtk_widget_has_css_class (card, "not-exact"));
  g_assert_true (bolo_stage_shows_text (root, "NOT EXACT: read 1, listed I"));
  g_assert_true (bolo_stage_shows_text (root, "READ"));
  g_assert_cmpuint (bolo_plate_view_get_differs (
                      BOLO_PLATE_VIEW (bolo_stage_find_type (card, BOLO_TYPE_PLATE_VIEW))),
                    ==, 1u << 3);
}

/* The bottom buttons of the card, where they stand. */
static void
get_places (BoloShellStage *stage, const char *first, graphene_rect_t places[3])
{
  const char *const actions[] = {first, "win.misread", "win.silence"};

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    GtkWidget *button = bolo_stage_find_button (root_of (stage), actions[i], NULL);

    g_assert_nonnull (button);
    places[i] = bolo_stage_get_place (button);
  }
}

static void
test_buttons_never_move (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_DRIVER);
  graphene_rect_t before[3], after[3];

  bolo_fake_engine_add_hit (stage->engine, &stolen);
  bolo_shell_stage_settle (stage);
  get_places (stage, "win.plate-matches", before);
  g_assert_cmpfloat (before[0].size.height, <, ACTION_PX + 10);
  for (int i = 0; i < 3; i++) {
    g_assert_cmpfloat (before[i].size.height, >=, ACTION_PX);
    g_assert_cmpfloat (before[i].size.width, >=, ACTION_PX);
    g_assert_cmpfloat (before[i].origin.x, >=, 0);
    g_assert_cmpfloat (before[i].origin.x + before[i].size.width, <=, 1024);
    g_assert_cmpfloat (before[i].origin.y + before[i].size.height, <=, 600);
    if (i > 0) {
      /* 3 mm between two of them. */
      g_assert_cmpfloat (before[i].origin.x - before[i - 1].origin.x - before[i - 1].size.width, >=,
                         17);
    }
  }

  for (int round = 0; round < 3; round++) {
    if (round == 0)
      bolo_fake_engine_add_hit (stage->engine, &similar);
    if (round == 1)
      bolo_fake_engine_add_hit (stage->engine, &firearms);
    if (round == 2)
      bolo_fake_engine_set_speed (stage->engine, 10);
    bolo_shell_stage_settle (stage);
    get_places (stage, round == 2 ? "win.seen" : "win.plate-matches", after);
    for (int i = 0; i < 3; i++) {
      g_assert_cmpfloat_with_epsilon (before[i].origin.x, after[i].origin.x, 0.5);
      g_assert_cmpfloat_with_epsilon (before[i].size.width, after[i].size.width, 0.5);
      g_assert_cmpfloat_with_epsilon (before[i].origin.y, after[i].origin.y, 0.5);
      g_assert_cmpfloat_with_epsilon (before[i].size.height, after[i].size.height, 0.5);
    }
  }
}

typedef struct {
  guint n_named;
  guint n_unnamed;
} Names;

static gboolean
has_words (GtkWidget *widget)
{
  return bolo_stage_find_type (widget, GTK_TYPE_LABEL) != NULL &&
         bolo_stage_shows_text (widget, "");
}

static gboolean
check_name (GtkWidget *widget, gpointer data)
{
  Names *names = data;
  gboolean needs_name = GTK_IS_BUTTON (widget) || BOLO_IS_PLATE_VIEW (widget) ||
                        BOLO_IS_EVIDENCE (widget) || BOLO_IS_SYMBOL (widget) ||
                        BOLO_IS_CAMERA_TILE (widget);

  if (!needs_name)
    return TRUE;
  if (gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL) ||
      gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget),
                                        GTK_ACCESSIBLE_RELATION_LABELLED_BY) ||
      (GTK_IS_BUTTON (widget) && has_words (widget))) {
    names->n_named++;
  } else {
    g_printerr ("A %s on screen has no accessible name\n", G_OBJECT_TYPE_NAME (widget));
    names->n_unnamed++;
  }
  return TRUE;
}

static void
assert_named (BoloShellStage *stage, guint at_least)
{
  Names names = {0};

  bolo_shell_stage_draw (stage);
  bolo_stage_walk (root_of (stage), check_name, &names);
  g_assert_cmpuint (names.n_unnamed, ==, 0);
  g_assert_cmpuint (names.n_named, >=, at_least);
}

static void
test_accessible_names (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  GtkWidget *root = root_of (stage);
  GtkWidget *plate;

  for (int i = 0; i < 7; i++)
    feed (stage, i);
  assert_named (stage, 6 + 4 + 12);
  gtk_widget_activate_action (root, "win.page", "s", "equipment");
  assert_named (stage, 6);
  bolo_fake_engine_add_hit (stage->engine, &stolen);
  bolo_shell_stage_settle (stage);
  assert_named (stage, 5 + 4);
  plate = bolo_stage_find_type (root, BOLO_TYPE_PLATE_VIEW);
  gtk_test_accessible_assert_property (plate, GTK_ACCESSIBLE_PROPERTY_LABEL, "Listed: KX68 YZT");
  gtk_test_accessible_assert_property (bolo_stage_find_type (root, BOLO_TYPE_SYMBOL),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Stolen vehicle");
  gtk_test_accessible_assert_role (bolo_stage_find_type (root, BOLO_TYPE_HIT_CARD),
                                   GTK_ACCESSIBLE_ROLE_ALERT);
  gtk_widget_activate_action (root, "win.plate-matches", NULL);
  gtk_widget_activate_action (root, "win.record-check", NULL);
  assert_named (stage, 40);
}

static void
test_reads_are_replaced (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  BoloReadsList *reads =
    BOLO_READS_LIST (bolo_stage_find_type (root_of (stage), BOLO_TYPE_READS_LIST));

  g_assert_cmpuint (bolo_reads_list_get_n_shown (reads), ==, 0);
  for (int i = 0; i < 9; i++)
    feed (stage, i);
  g_assert_cmpuint (bolo_reads_list_get_n_shown (reads), ==, BOLO_READS_MAX);
  g_assert_cmpstr (bolo_read_row_get_sighting (bolo_reads_list_get_row (reads, 0))->text, ==,
                   "WR63PLK");
  g_assert_cmpstr (bolo_read_row_get_sighting (bolo_reads_list_get_row (reads, 1))->text, ==,
                   "P842OTW");

  /* A later state of one that is shown stays where it is. */
  {
    g_autoptr (BoloSighting) later =
      bolo_sighting_copy (bolo_read_row_get_sighting (bolo_reads_list_get_row (reads, 2)));

    later->state = BOLO_SIGHTING_CORRECTED;
    g_free (later->text);
    later->text = g_strdup ("ZZ99ZZZ");
    bolo_engine_emit_sighting (BOLO_ENGINE (stage->engine), later);
  }
  g_assert_cmpstr (bolo_read_row_get_sighting (bolo_reads_list_get_row (reads, 2))->text, ==,
                   "ZZ99ZZZ");
  bolo_shell_stage_draw (stage);
  g_assert_true (bolo_stage_shows_text (root_of (stage), "corrected"));
}

static gboolean
shows_a_frame (gpointer data)
{
  return bolo_camera_tile_get_n_shown (data) > 0;
}

static void
test_tiles (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  BoloCameraTile *tile =
    BOLO_CAMERA_TILE (bolo_stage_find_type (root_of (stage), BOLO_TYPE_CAMERA_TILE));
  BoloFramePaintable *paintable = bolo_camera_tile_get_paintable (tile);
  gint64 captured_us;

  g_assert_cmpstr (bolo_camera_tile_get_camera (tile), ==, "front");
  captured_us = bolo_fake_engine_put_frame (stage->engine, "front", "AB12CDE", 0.5, TRUE);
  bolo_stage_wait (shows_a_frame, tile, "the tile shows a frame");
  g_assert_cmpint (bolo_frame_paintable_get_captured_us (paintable), ==, captured_us);
  g_assert_cmpuint (bolo_frame_paintable_get_n_boxes (paintable), ==, 1);

  /* A lost camera shows no old picture, and says what is wrong. */
  bolo_fake_engine_set_health (stage->engine, "camera:front", BOLO_HEALTH_LOST, "The cable is out.",
                               "Plug it in.");
  bolo_shell_stage_draw (stage);
  g_assert_cmpint (bolo_frame_paintable_get_captured_us (paintable), ==, G_MININT64);
  g_assert_true (bolo_stage_shows_text (GTK_WIDGET (tile), "The cable is out."));
  g_assert_true (bolo_stage_shows_text (root_of (stage), "Cameras 3/4"));
  bolo_fake_engine_set_health (stage->engine, "camera:front", BOLO_HEALTH_OK, "Back.", NULL);
  bolo_shell_stage_draw (stage);
  g_assert_false (bolo_stage_shows_text (GTK_WIDGET (tile), "The cable is out."));
}

static void
test_day_and_night (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  g_autoptr (BoloThemeKeeper) keeper = NULL;
  AdwStyleManager *manager = adw_style_manager_get_default ();
  BoloFix fix = {.latitude_deg = 52.5, .longitude_deg = -1.9};

  g_assert_true (adw_style_manager_get_dark (manager));
  gtk_widget_activate_action (root_of (stage), "win.theme", NULL);
  g_assert_false (adw_style_manager_get_dark (manager));
  g_assert_cmpint (bolo_settings_get_theme (stage->settings), ==, BOLO_THEME_DAY);
  gtk_widget_activate_action (root_of (stage), "win.theme", NULL);
  g_assert_true (adw_style_manager_get_dark (manager));

  keeper = bolo_theme_keeper_new (gdk_display_get_default (), BOLO_THEME_AUTO);
  g_assert_false (bolo_theme_keeper_is_day (keeper));
  bolo_theme_keeper_update (keeper, NULL, bolo_time_parse_utc ("2026-06-21T12:00:00.000Z"));
  g_assert_false (bolo_theme_keeper_is_day (keeper));
  bolo_theme_keeper_update (keeper, &fix, bolo_time_parse_utc ("2026-06-21T12:00:00.000Z"));
  g_assert_true (bolo_theme_keeper_is_day (keeper));
  bolo_theme_keeper_update (keeper, &fix, bolo_time_parse_utc ("2026-06-21T23:59:00.000Z"));
  g_assert_false (bolo_theme_keeper_is_day (keeper));
}

static void
test_controls (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  GtkWidget *root = root_of (stage);

  g_assert_false (bolo_fake_engine_get_discreet (stage->engine));
  gtk_widget_activate_action (root, "win.discreet", NULL);
  g_assert_true (bolo_fake_engine_get_discreet (stage->engine));
  g_assert_true (bolo_stage_shows_text (root, "Discreet"));
  bolo_settings_set_volume (stage->settings, 0.3);
  g_assert_cmpfloat_with_epsilon (bolo_fake_engine_get_volume (stage->engine), 0.3, 0.006);

  bolo_fake_engine_raise_problem (stage->engine, "The disk is full", "Nothing is kept.", "Purge.");
  bolo_shell_stage_draw (stage);
  g_assert_true (bolo_stage_shows_text (root, "The disk is full"));
  g_assert_true (bolo_stage_shows_text (root, "Nothing is kept. Purge."));
  gtk_widget_activate_action (root, "win.dismiss-problem", NULL);
  g_assert_false (bolo_stage_shows_text (root, "The disk is full"));
}

static void
test_torn_picture (void)
{
  g_autoptr (BoloShellStage) stage = bolo_shell_stage_new (BOLO_SEAT_OPERATOR);
  BoloEvidence *evidence = g_object_ref_sink (g_object_new (BOLO_TYPE_EVIDENCE, NULL));
  g_autoptr (GBytes) torn = g_bytes_new_static ("\xff\xd8\xff\xe0nothing more", 16);

  bolo_evidence_set_picture (evidence, stage->face, torn);
  while (g_object_is_floating (evidence) || G_OBJECT (evidence)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (bolo_evidence_has_picture (evidence));
  bolo_evidence_set_picture (evidence, stage->face, NULL);
  g_assert_false (bolo_evidence_has_picture (evidence));
  g_assert_finalize_object (evidence);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  bolo_shell_setup (gdk_display_get_default (), 0);
  g_test_add_func ("/shell/window/moving-track", test_moving_track);
  g_test_add_func ("/shell/window/driver-card", test_driver_card);
  g_test_add_func ("/shell/window/rehearsal", test_rehearsal);
  g_test_add_func ("/shell/window/hit-in-rehearsal", test_hit_in_rehearsal);
  g_test_add_func ("/shell/window/check-closes-when-moving", test_check_closes_when_moving);
  g_test_add_func ("/shell/window/sign-on-only-standing", test_sign_on_only_standing);
  g_test_add_func ("/shell/window/no-seat", test_no_seat);
  g_test_add_func ("/shell/window/seat-without-fix", test_seat_without_fix);
  g_test_add_func ("/shell/window/flash", test_flash);
  g_test_add_func ("/shell/window/operator-seat", test_operator_seat_stays_operator);
  g_test_add_func ("/shell/window/operator-card", test_operator_card);
  g_test_add_func ("/shell/window/not-exact", test_not_exact_looks_different);
  g_test_add_func ("/shell/window/buttons-never-move", test_buttons_never_move);
  g_test_add_func ("/shell/window/accessible-names", test_accessible_names);
  g_test_add_func ("/shell/window/reads-are-replaced", test_reads_are_replaced);
  g_test_add_func ("/shell/window/tiles", test_tiles);
  g_test_add_func ("/shell/window/day-and-night", test_day_and_night);
  g_test_add_func ("/shell/window/controls", test_controls);
  g_test_add_func ("/shell/window/torn-picture", test_torn_picture);
  return g_test_run ();
}
