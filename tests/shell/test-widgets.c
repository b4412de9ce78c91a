/* test-widgets.c: each widget class can be made, named and ended by itself
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <adwaita.h>

#include "bolo-camera-tile.h"
#include "bolo-check-panel.h"
#include "bolo-dimmer.h"
#include "bolo-driver-page.h"
#include "bolo-equipment-page.h"
#include "bolo-evidence.h"
#include "bolo-fake-engine.h"
#include "bolo-fake-scene.h"
#include "bolo-fit.h"
#include "bolo-frame-paintable.h"
#include "bolo-hit-card.h"
#include "bolo-hit-row.h"
#include "bolo-hits-page.h"
#include "bolo-live-page.h"
#include "bolo-newest-hits.h"
#include "bolo-panel-controls.h"
#include "bolo-plate-view.h"
#include "bolo-reads-list.h"
#include "bolo-shell-setup.h"
#include "bolo-sign-on.h"
#include "bolo-status-line.h"
#include "bolo-stepper.h"
#include "bolo-symbol.h"
#include "bolo-text-pad.h"

static void
test_every_class (void)
{
  const GType types[] = {
    BOLO_TYPE_CAMERA_TILE, BOLO_TYPE_CHECK_PANEL, BOLO_TYPE_DRIVER_PAGE, BOLO_TYPE_EQUIPMENT_PAGE,
    BOLO_TYPE_EVIDENCE,    BOLO_TYPE_FIT,         BOLO_TYPE_HIT_CARD,    BOLO_TYPE_HIT_ROW,
    BOLO_TYPE_HITS_PAGE,   BOLO_TYPE_LIVE_PAGE,   BOLO_TYPE_PLATE_VIEW,  BOLO_TYPE_READ_ROW,
    BOLO_TYPE_READS_LIST,  BOLO_TYPE_SIGN_ON,     BOLO_TYPE_STATUS_LINE, BOLO_TYPE_SYMBOL,
    BOLO_TYPE_TEXT_PAD,    BOLO_TYPE_STEPPER,     BOLO_TYPE_DIMMER,      BOLO_TYPE_PANEL_CONTROLS,
    BOLO_TYPE_NEWEST_HITS,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++) {
    GtkWidget *widget = g_object_ref_sink (g_object_new (types[i], NULL));

    g_test_message ("%s", G_OBJECT_TYPE_NAME (widget));
    g_assert_true (GTK_IS_WIDGET (widget));
    g_assert_finalize_object (widget);
  }
}

static double
get_value (GObject *object, const char *property)
{
  double value;

  g_object_get (object, property, &value, NULL);
  return value;
}

/* Whole steps, also from between two; never below the least, never above 1. */
static void
test_stepper (void)
{
  g_autoptr (BoloStepper) stepper =
    g_object_ref_sink (g_object_new (BOLO_TYPE_STEPPER, "title", "Loudness", "least", 0.4, "value",
                                     0.5, "less-name", "Quieter", "more-name", "Louder", NULL));
  GtkWidget *box = gtk_widget_get_first_child (GTK_WIDGET (stepper));
  GtkWidget *less = gtk_widget_get_first_child (box);
  GtkWidget *more = gtk_widget_get_last_child (box);

  g_signal_emit_by_name (more, "clicked");
  g_assert_cmpfloat_with_epsilon (get_value (G_OBJECT (stepper), "value"), 0.6, 1e-9);
  for (guint i = 0; i < 4; i++)
    g_signal_emit_by_name (more, "clicked");
  g_assert_cmpfloat (get_value (G_OBJECT (stepper), "value"), ==, 1);
  g_assert_false (gtk_widget_get_sensitive (more));
  g_object_set (stepper, "value", 0.5, NULL);
  g_assert_true (gtk_widget_get_sensitive (more));
  for (guint i = 0; i < 4; i++)
    g_signal_emit_by_name (less, "clicked");
  g_assert_cmpfloat_with_epsilon (get_value (G_OBJECT (stepper), "value"), 0.4, 1e-9);
  g_assert_false (gtk_widget_get_sensitive (less));
  gtk_test_accessible_assert_property (less, GTK_ACCESSIBLE_PROPERTY_LABEL, "Quieter");
}

static void
test_dimmer (void)
{
  g_autoptr (BoloDimmer) dimmer = g_object_ref_sink (g_object_new (BOLO_TYPE_DIMMER, NULL));

  g_assert_cmpfloat (get_value (G_OBJECT (dimmer), "brightness"), ==, 1);
  g_object_set (dimmer, "brightness", 0.0, NULL);
  g_assert_cmpfloat (get_value (G_OBJECT (dimmer), "brightness"), ==, BOLO_BRIGHTNESS_LEAST);
}

/* Each icon that the code names is in the bundle: a missing one would be a blank button. */
static void
test_icons (void)
{
  static const char *const names[] = {
    "bolo-camera-symbolic",         "bolo-camera-lost-symbolic",     "bolo-gps-symbolic",
    "bolo-gps-lost-symbolic",       "bolo-link-lost-symbolic",       "bolo-link-symbolic",
    "bolo-clock-symbolic",          "bolo-clock-wrong-symbolic",     "bolo-list-symbolic",
    "bolo-list-stale-symbolic",     "bolo-storage-symbolic",         "bolo-sound-symbolic",
    "bolo-storage-full-symbolic",   "bolo-sound-off-symbolic",       "bolo-stolen-symbolic",
    "bolo-response-symbolic",       "bolo-no-insurance-symbolic",    "bolo-force-voi-symbolic",
    "bolo-unknown-symbolic",        "bolo-marker-firearms-symbolic", "bolo-marker-weapons-symbolic",
    "bolo-marker-violent-symbolic", "bolo-marker-drugs-symbolic",    "bolo-marker-warning-symbolic",
    "bolo-operator-symbolic",       "bolo-driver-safe-symbolic",     "bolo-day-symbolic",
    "bolo-night-symbolic",          "bolo-officer-symbolic",         "bolo-discreet-symbolic",
    "bolo-equipment-symbolic",      "bolo-erase-symbolic",
  };
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_test_message ("%s", names[i]);
    g_assert_true (gtk_icon_theme_has_icon (theme, names[i]));
  }
}

static void
on_count (guint *count)
{
  (*count)++;
}

static void
test_text_pad (void)
{
  BoloTextPad *pad = g_object_ref_sink (g_object_new (BOLO_TYPE_TEXT_PAD, NULL));
  guint n_notified = 0;

  g_signal_connect_swapped (pad, "notify::text", G_CALLBACK (on_count), &n_notified);
  g_assert_cmpstr (bolo_text_pad_get_text (pad), ==, "");
  bolo_text_pad_set_text (pad, "PC 4127");
  g_assert_cmpstr (bolo_text_pad_get_text (pad), ==, "PC 4127");
  g_assert_cmpuint (n_notified, ==, 1);
  /* However much is given, no more than a reference is kept. */
  bolo_text_pad_set_text (pad, "0123456789012345678901234567890123456789");
  g_assert_cmpuint (strlen (bolo_text_pad_get_text (pad)), ==, 24);
  bolo_text_pad_set_text (pad, NULL);
  g_assert_cmpstr (bolo_text_pad_get_text (pad), ==, "");
  g_assert_finalize_object (pad);
}

static void
test_plate_view (void)
{
  BoloPlateView *plate = g_object_ref_sink (
    g_object_new (BOLO_TYPE_PLATE_VIEW, "label", "Listed", "height-mm", 20.0, NULL));
  int width, height;

  bolo_plate_view_set_mark (plate, "AB12 CDE", 1u << 2);
  g_assert_cmpstr (bolo_plate_view_get_text (plate), ==, "AB12 CDE");
  g_assert_cmpuint (bolo_plate_view_get_differs (plate), ==, 4);
  gtk_test_accessible_assert_property (plate, GTK_ACCESSIBLE_PROPERTY_LABEL, "Listed: AB12 CDE");
  gtk_widget_measure (GTK_WIDGET (plate), GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (plate), GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
  /* 20 mm at 5.9 px/mm, and the proportions of a car's plate. */
  g_assert_cmpint (height, ==, 118);
  g_assert_cmpfloat_with_epsilon ((double) width / height, 520.0 / 111.0, 0.02);
  bolo_plate_view_set_mark (plate, NULL, 0);
  g_assert_cmpstr (bolo_plate_view_get_text (plate), ==, "");
  g_assert_finalize_object (plate);
}

static void
test_frame_paintable (void)
{
  BoloFramePaintable *paintable = bolo_frame_paintable_new ();
  BoloLooks looks = {.captured_us = 7, .width = 64, .height = 36, .n_boxes = 1};
  g_autoptr (BoloFrame) frame =
    bolo_fake_scene_draw (64, 36, "AB12 CDE", 0.5, 7, looks.boxes[0].corners);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  guint n_changed = 0;

  g_signal_connect_swapped (paintable, "invalidate-contents", G_CALLBACK (on_count), &n_changed);
  g_assert_cmpint (bolo_frame_paintable_get_captured_us (paintable), ==, G_MININT64);
  bolo_frame_paintable_set_frame (paintable, frame, &looks);
  g_assert_cmpuint (n_changed, ==, 1);
  g_assert_cmpint (bolo_frame_paintable_get_captured_us (paintable), ==, 7);
  g_assert_cmpuint (bolo_frame_paintable_get_n_boxes (paintable), ==, 1);
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (GDK_PAINTABLE (paintable)), ==, 64);
  gdk_paintable_snapshot (GDK_PAINTABLE (paintable), snapshot, 128, 72);
  node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  /* The frame, and two borders around the plate. */
  g_assert_cmpint (gsk_render_node_get_node_type (node), ==, GSK_CONTAINER_NODE);
  g_assert_cmpuint (gsk_container_node_get_n_children (node), ==, 3);

  bolo_frame_paintable_set_frame (paintable, frame, NULL);
  g_assert_cmpuint (bolo_frame_paintable_get_n_boxes (paintable), ==, 0);
  bolo_frame_paintable_set_frame (paintable, NULL, NULL);
  g_assert_cmpint (bolo_frame_paintable_get_captured_us (paintable), ==, G_MININT64);
  g_assert_finalize_object (paintable);
}

static void
test_symbol (void)
{
  BoloSymbol *symbol = g_object_ref_sink (g_object_new (BOLO_TYPE_SYMBOL, NULL));

  bolo_symbol_set (symbol, "bolo-stolen-symbolic", "#d7263d", "Stolen vehicle");
  g_assert_cmpstr (bolo_symbol_get_icon_name (symbol), ==, "bolo-stolen-symbolic");
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (symbol), "on-light"));
  bolo_symbol_set (symbol, "bolo-stolen-symbolic", "#f2c541", "Stolen vehicle");
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (symbol), "on-light"));
  bolo_symbol_set (symbol, "bolo-stolen-symbolic", "no colour", NULL);
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (symbol), "on-light"));
  g_assert_finalize_object (symbol);
}

static void
test_fit (void)
{
  GtkWidget *label = gtk_label_new ("A label that is far too wide for the panel in this car");
  GtkWidget *fit = g_object_ref_sink (g_object_new (BOLO_TYPE_FIT, "child", label, NULL));
  int width, height;

  gtk_widget_measure (fit, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (fit, GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
  g_assert_cmpint (width, ==, 0);
  g_assert_cmpint (height, ==, 0);
  g_assert_false (bolo_fit_is_enough (BOLO_FIT (fit)));
  g_assert_finalize_object (fit);
}

static void
test_hit_row_follows_its_case (void)
{
  g_autoptr (BoloFakeEngine) engine = bolo_fake_engine_new (NULL);
  g_autoptr (BoloFace) face = bolo_face_new (BOLO_ENGINE (engine), NULL, NULL, NULL);
  BoloHitRow *row = g_object_ref_sink (bolo_hit_row_new ());
  BoloFakeHit what = {.read = "AB12CDE", .has_no_pictures = TRUE};
  BoloHitCase *hit_case;

  bolo_fake_engine_add_camera (engine, "front", "Front");
  hit_case = bolo_fake_engine_add_hit (engine, &what);
  bolo_hit_row_set_case (row, face, hit_case);
  g_assert_true (bolo_hit_row_get_case (row) == hit_case);
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Stolen vehicle, AB12CDE, UNCONFIRMED");
  bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_MISREAD);
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Stolen vehicle, AB12CDE, MISREAD");
  bolo_hit_row_set_case (row, NULL, NULL);
  bolo_hit_case_apply (hit_case, BOLO_DISPOSITION_PLATE_MATCHES);
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Stolen vehicle, AB12CDE, MISREAD");
  g_assert_finalize_object (row);
}

static void
on_case_chosen (BoloNewestHits *hits, BoloHitCase *hit_case, gpointer user_data)
{
  BoloHitCase **chosen = user_data;

  *chosen = hit_case;
}

/* Two buttons at the most, the newest first; a tap says whose it was. */
static void
test_newest_hits (void)
{
  g_autoptr (BoloFakeEngine) engine = bolo_fake_engine_new (NULL);
  g_autoptr (BoloFace) face = bolo_face_new (BOLO_ENGINE (engine), NULL, NULL, NULL);
  BoloNewestHits *hits = g_object_ref_sink (g_object_new (BOLO_TYPE_NEWEST_HITS, NULL));
  const char *reads[] = {"AB12CDE", "CD34EFG", "EF56GHJ"};
  BoloHitCase *cases[G_N_ELEMENTS (reads)];
  BoloHitCase *chosen = NULL;
  GtkWidget *first = gtk_widget_get_first_child (GTK_WIDGET (hits));
  GtkWidget *last = gtk_widget_get_last_child (GTK_WIDGET (hits));

  bolo_fake_engine_add_camera (engine, "front", "Front");
  bolo_newest_hits_set_face (hits, face);
  g_signal_connect (hits, "case-chosen", G_CALLBACK (on_case_chosen), &chosen);
  g_assert_false (gtk_widget_get_visible (first));
  for (guint i = 0; i < G_N_ELEMENTS (reads); i++) {
    BoloFakeHit what = {.read = reads[i], .has_no_pictures = TRUE};

    cases[i] = bolo_fake_engine_add_hit (engine, &what);
    g_assert_true (gtk_widget_get_visible (first));
    g_assert_true (gtk_widget_get_visible (last) == (i > 0));
  }
  g_signal_emit_by_name (first, "clicked");
  g_assert_true (chosen == cases[2]);
  g_signal_emit_by_name (last, "clicked");
  g_assert_true (chosen == cases[1]);
  g_assert_finalize_object (hits);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  bolo_shell_setup (gdk_display_get_default (), 0);
  g_test_add_func ("/shell/widgets/every-class", test_every_class);
  g_test_add_func ("/shell/widgets/stepper", test_stepper);
  g_test_add_func ("/shell/widgets/dimmer", test_dimmer);
  g_test_add_func ("/shell/widgets/icons", test_icons);
  g_test_add_func ("/shell/widgets/text-pad", test_text_pad);
  g_test_add_func ("/shell/widgets/plate-view", test_plate_view);
  g_test_add_func ("/shell/widgets/frame-paintable", test_frame_paintable);
  g_test_add_func ("/shell/widgets/symbol", test_symbol);
  g_test_add_func ("/shell/widgets/fit", test_fit);
  g_test_add_func ("/shell/widgets/hit-row", test_hit_row_follows_its_case);
  g_test_add_func ("/shell/widgets/newest-hits", test_newest_hits);
  return g_test_run ();
}
