/* bolo-symbol.c: a category's symbol on its colour
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-symbol.h"

#define CORNER_PX 8

struct _BoloSymbol {
  GtkWidget parent_instance;

  GtkWidget *image; /* child */
  GdkRGBA colour;
};

G_DEFINE_FINAL_TYPE (BoloSymbol, bolo_symbol, GTK_TYPE_WIDGET)

static void
bolo_symbol_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BoloSymbol *self = BOLO_SYMBOL (widget);
  graphene_rect_t bounds;
  GskRoundedRect field;

  if (!gtk_widget_compute_bounds (widget, widget, &bounds))
    return;
  gsk_rounded_rect_init_from_rect (&field, &bounds, CORNER_PX);
  gtk_snapshot_push_rounded_clip (snapshot, &field);
  gtk_snapshot_append_color (snapshot, &self->colour, &bounds);
  gtk_snapshot_pop (snapshot);
  gtk_widget_snapshot_child (widget, self->image, snapshot);
}

static void
bolo_symbol_dispose (GObject *object)
{
  g_clear_pointer (&BOLO_SYMBOL (object)->image, gtk_widget_unparent);
  G_OBJECT_CLASS (bolo_symbol_parent_class)->dispose (object);
}

static void
bolo_symbol_class_init (BoloSymbolClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_symbol_dispose;
  widget_class->snapshot = bolo_symbol_snapshot;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "symbol");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bolo_symbol_init (BoloSymbol *self)
{
  self->image = gtk_image_new ();
  gtk_widget_set_parent (self->image, GTK_WIDGET (self));
  gdk_rgba_parse (&self->colour, "#808080");
}

void
bolo_symbol_set (BoloSymbol *self, const char *icon_name, const char *colour, const char *words)
{
  g_return_if_fail (BOLO_IS_SYMBOL (self));

  gtk_image_set_from_icon_name (GTK_IMAGE (self->image), icon_name);
  if (colour == NULL || !gdk_rgba_parse (&self->colour, colour))
    gdk_rgba_parse (&self->colour, "#808080");
  /* Dark on a light field, light on a dark one: relative luminance as in WCAG, roughly. */
  if (0.3f * self->colour.red + 0.59f * self->colour.green + 0.11f * self->colour.blue > 0.58f)
    gtk_widget_add_css_class (GTK_WIDGET (self), "on-light");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "on-light");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words != NULL ? words : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const char *
bolo_symbol_get_icon_name (BoloSymbol *self)
{
  g_return_val_if_fail (BOLO_IS_SYMBOL (self), NULL);
  return gtk_image_get_icon_name (GTK_IMAGE (self->image));
}
