/* bolo-equipment-page.c: the state of each part of the equipment and what to do about it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-equipment-page.h"

#include "bolo-health-words.h"
#include "bolo-panel-controls.h"

struct _BoloEquipmentPage {
  GtkWidget parent_instance;

  GtkWidget *box;
  BoloPanelControls *controls;
  GtkButton *theme;
  GtkButton *speech;
  GtkListBox *list;

  BoloFace *face;   /* (owned) (nullable) */
  GHashTable *rows; /* (owned) what → row's GtkGrid, a child of list */
};

G_DEFINE_FINAL_TYPE (BoloEquipmentPage, bolo_equipment_page, GTK_TYPE_WIDGET)

static GtkWidget *
make_label (const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
make_row (void)
{
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *state = gtk_label_new (NULL);

  gtk_grid_set_column_spacing (GTK_GRID (grid), 16);
  gtk_grid_attach (GTK_GRID (grid), gtk_image_new (), 0, 0, 1, 2);
  gtk_grid_attach (GTK_GRID (grid), make_label ("part"), 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), make_label ("detail"), 1, 1, 1, 1);
  gtk_widget_add_css_class (state, "state");
  gtk_widget_set_valign (state, GTK_ALIGN_CENTER);
  gtk_grid_attach (GTK_GRID (grid), state, 2, 0, 1, 2);
  return grid;
}

static void
show_health (BoloEquipmentPage *self, const BoloHealth *health)
{
  GtkWidget *row = g_hash_table_lookup (self->rows, health->what);
  g_autofree char *title = bolo_health_words_get_title (health);
  g_autofree char *detail = NULL;

  if (row == NULL) {
    row = make_row ();
    gtk_list_box_append (self->list, row);
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (gtk_widget_get_parent (row)), FALSE);
    g_hash_table_insert (self->rows, g_strdup (health->what), row);
  }
  detail =
    health->remedy != NULL && *health->remedy != '\0'
      ? g_strdup_printf ("%s\n%s", health->detail != NULL ? health->detail : "", health->remedy)
      : g_strdup (health->detail);
  gtk_image_set_from_icon_name (GTK_IMAGE (gtk_grid_get_child_at (GTK_GRID (row), 0, 0)),
                                bolo_health_words_get_icon (health));
  gtk_label_set_text (GTK_LABEL (gtk_grid_get_child_at (GTK_GRID (row), 1, 0)), title);
  gtk_label_set_text (GTK_LABEL (gtk_grid_get_child_at (GTK_GRID (row), 1, 1)),
                      detail != NULL ? detail : "");
  gtk_label_set_text (GTK_LABEL (gtk_grid_get_child_at (GTK_GRID (row), 2, 0)),
                      bolo_health_words_get_state (health->state));
  gtk_widget_set_css_classes (
    row, (const char *[]){"equipment", bolo_health_words_get_class (health->state), NULL});
}

static void
on_health (BoloEngine *engine, const BoloHealth *health, BoloEquipmentPage *self)
{
  show_health (self, health);
}

static void
bolo_equipment_page_dispose (GObject *object)
{
  BoloEquipmentPage *self = BOLO_EQUIPMENT_PAGE (object);

  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->face);

  G_OBJECT_CLASS (bolo_equipment_page_parent_class)->dispose (object);
}

static void
bolo_equipment_page_class_init (BoloEquipmentPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_equipment_page_dispose;

  g_type_ensure (BOLO_TYPE_PANEL_CONTROLS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-equipment-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloEquipmentPage, box);
  gtk_widget_class_bind_template_child (widget_class, BoloEquipmentPage, controls);
  gtk_widget_class_bind_template_child (widget_class, BoloEquipmentPage, theme);
  gtk_widget_class_bind_template_child (widget_class, BoloEquipmentPage, speech);
  gtk_widget_class_bind_template_child (widget_class, BoloEquipmentPage, list);
  gtk_widget_class_set_css_name (widget_class, "equipmentpage");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_equipment_page_init (BoloEquipmentPage *self)
{
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bolo_equipment_page_set_face (BoloEquipmentPage *self, BoloFace *face)
{
  GPtrArray *health;

  g_return_if_fail (BOLO_IS_EQUIPMENT_PAGE (self));
  g_return_if_fail (BOLO_IS_FACE (face) && self->face == NULL);

  self->face = g_object_ref (face);
  g_signal_connect_object (bolo_face_get_engine (face), "health", G_CALLBACK (on_health), self, 0);
  health = bolo_engine_get_health (bolo_face_get_engine (face));
  for (guint i = 0; i < health->len; i++)
    show_health (self, g_ptr_array_index (health, i));
}

void
bolo_equipment_page_set_settings (BoloEquipmentPage *self, BoloSettings *settings)
{
  g_return_if_fail (BOLO_IS_EQUIPMENT_PAGE (self));
  bolo_panel_controls_set_settings (self->controls, settings);
}

void
bolo_equipment_page_set_theme (BoloEquipmentPage *self, const char *words)
{
  g_return_if_fail (BOLO_IS_EQUIPMENT_PAGE (self));
  gtk_button_set_label (self->theme, words);
}

void
bolo_equipment_page_set_speech (BoloEquipmentPage *self, const char *words)
{
  g_return_if_fail (BOLO_IS_EQUIPMENT_PAGE (self));
  gtk_button_set_label (self->speech, words);
}
