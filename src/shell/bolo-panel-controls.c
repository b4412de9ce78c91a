/* bolo-panel-controls.c: how loud and how bright, by touch
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-panel-controls.h"

#include "bolo-stepper.h"

struct _BoloPanelControls {
  GtkWidget parent_instance;

  GtkWidget *box;
  BoloStepper *volume;
  BoloStepper *brightness;
};

G_DEFINE_FINAL_TYPE (BoloPanelControls, bolo_panel_controls, GTK_TYPE_WIDGET)

static void
bolo_panel_controls_dispose (GObject *object)
{
  g_clear_pointer (&BOLO_PANEL_CONTROLS (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (bolo_panel_controls_parent_class)->dispose (object);
}

static void
bolo_panel_controls_class_init (BoloPanelControlsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_panel_controls_dispose;

  g_type_ensure (BOLO_TYPE_STEPPER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-panel-controls.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloPanelControls, box);
  gtk_widget_class_bind_template_child (widget_class, BoloPanelControls, volume);
  gtk_widget_class_bind_template_child (widget_class, BoloPanelControls, brightness);
  gtk_widget_class_set_css_name (widget_class, "panelcontrols");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_panel_controls_init (BoloPanelControls *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bolo_panel_controls_set_settings (BoloPanelControls *self, BoloSettings *settings)
{
  const GBindingFlags flags = G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE;

  g_return_if_fail (BOLO_IS_PANEL_CONTROLS (self));
  g_return_if_fail (BOLO_IS_SETTINGS (settings));

  g_object_bind_property (settings, "volume", self->volume, "value", flags);
  g_object_bind_property (settings, "brightness", self->brightness, "value", flags);
}

void
bolo_panel_controls_set_brief (BoloPanelControls *self)
{
  g_return_if_fail (BOLO_IS_PANEL_CONTROLS (self));

  g_object_set (self->volume, "shows-title", FALSE, NULL);
  g_object_set (self->brightness, "shows-title", FALSE, NULL);
}
