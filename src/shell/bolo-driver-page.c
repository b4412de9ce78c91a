/* bolo-driver-page.c: what a driver may see while no hit is on the card
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-driver-page.h"

#include <glib/gi18n-lib.h>

#include "bolo-newest-hits.h"
#include "bolo-panel-controls.h"

/* Characters of 7 mm: 30' at 800 mm. */
#define PLATE_HEIGHT_MM 10.0

struct _BoloDriverPage {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkImage *state_icon;
  GtkLabel *state;
  BoloNewestHits *hits;
  GtkWidget *take_seat;
  BoloPanelControls *controls;

  BoloFace *face; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (BoloDriverPage, bolo_driver_page, GTK_TYPE_WIDGET)

typedef enum {
  SIGNAL_CASE_CHOSEN,
  N_SIGNALS,
} BoloDriverPageSignal;
static guint signals[N_SIGNALS];

/* Reading, or how many cameras do not. */
static void
update_state (BoloDriverPage *self)
{
  BoloEngine *engine = bolo_face_get_engine (self->face);
  GPtrArray *health = bolo_engine_get_health (engine);
  guint n_cameras = bolo_engine_get_cameras (engine)->len;
  guint n_lost = 0;
  gboolean is_reading = TRUE;

  for (guint i = 0; i < health->len; i++) {
    const BoloHealth *part = g_ptr_array_index (health, i);

    if (g_str_has_prefix (part->what, "camera:") && part->state == BOLO_HEALTH_LOST)
      n_lost++;
    if (g_str_equal (part->what, "vision") && part->state == BOLO_HEALTH_LOST)
      is_reading = FALSE;
  }
  if (!is_reading || (n_cameras > 0 && n_lost >= n_cameras)) {
    gtk_label_set_text (self->state, _ ("Not reading"));
    gtk_image_set_from_icon_name (self->state_icon, "bolo-camera-lost-symbolic");
    gtk_widget_add_css_class (GTK_WIDGET (self->state), "lost");
  } else if (n_lost > 0) {
    g_autofree char *text = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "Reading, %u camera lost", "Reading, %u cameras lost", n_lost),
      n_lost);

    gtk_label_set_text (self->state, text);
    gtk_image_set_from_icon_name (self->state_icon, "bolo-camera-lost-symbolic");
    gtk_widget_remove_css_class (GTK_WIDGET (self->state), "lost");
  } else {
    gtk_label_set_text (self->state, _ ("Reading"));
    gtk_image_set_from_icon_name (self->state_icon, "bolo-camera-symbolic");
    gtk_widget_remove_css_class (GTK_WIDGET (self->state), "lost");
  }
}

static void
on_health (BoloEngine *engine, const BoloHealth *health, BoloDriverPage *self)
{
  update_state (self);
}

static void
on_case_chosen (BoloNewestHits *hits, BoloHitCase *hit_case, BoloDriverPage *self)
{
  g_signal_emit (self, signals[SIGNAL_CASE_CHOSEN], 0, hit_case);
}

static void
bolo_driver_page_dispose (GObject *object)
{
  BoloDriverPage *self = BOLO_DRIVER_PAGE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->face);

  G_OBJECT_CLASS (bolo_driver_page_parent_class)->dispose (object);
}

static void
bolo_driver_page_class_init (BoloDriverPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_driver_page_dispose;

  signals[SIGNAL_CASE_CHOSEN] =
    g_signal_new ("case-chosen", BOLO_TYPE_DRIVER_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, BOLO_TYPE_HIT_CASE);

  g_type_ensure (BOLO_TYPE_NEWEST_HITS);
  g_type_ensure (BOLO_TYPE_PANEL_CONTROLS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-driver-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloDriverPage, box);
  gtk_widget_class_bind_template_child (widget_class, BoloDriverPage, state_icon);
  gtk_widget_class_bind_template_child (widget_class, BoloDriverPage, state);
  gtk_widget_class_bind_template_child (widget_class, BoloDriverPage, hits);
  gtk_widget_class_bind_template_child (widget_class, BoloDriverPage, take_seat);
  gtk_widget_class_bind_template_child (widget_class, BoloDriverPage, controls);
  gtk_widget_class_set_css_name (widget_class, "driverpage");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_driver_page_init (BoloDriverPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bolo_panel_controls_set_brief (self->controls);
  bolo_newest_hits_set_plate_height (self->hits, PLATE_HEIGHT_MM);
  g_signal_connect_object (self->hits, "case-chosen", G_CALLBACK (on_case_chosen), self, 0);
}

void
bolo_driver_page_set_face (BoloDriverPage *self, BoloFace *face)
{
  BoloEngine *engine;

  g_return_if_fail (BOLO_IS_DRIVER_PAGE (self));
  g_return_if_fail (BOLO_IS_FACE (face) && self->face == NULL);

  self->face = g_object_ref (face);
  engine = bolo_face_get_engine (face);
  bolo_newest_hits_set_face (self->hits, face);
  g_signal_connect_object (engine, "health", G_CALLBACK (on_health), self, 0);
  update_state (self);
}

void
bolo_driver_page_set_settings (BoloDriverPage *self, BoloSettings *settings)
{
  g_return_if_fail (BOLO_IS_DRIVER_PAGE (self));
  bolo_panel_controls_set_settings (self->controls, settings);
}

void
bolo_driver_page_set_offers_seat (BoloDriverPage *self, gboolean offers_seat)
{
  g_return_if_fail (BOLO_IS_DRIVER_PAGE (self));
  gtk_widget_set_visible (self->take_seat, offers_seat);
}
