/* bolo-dimmer.c: darkens what is in it, for a panel whose own light cannot be turned down
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-dimmer.h"

struct _BoloDimmer {
  GtkWidget parent_instance;

  GtkWidget *child; /* (nullable) */
  double brightness;
};

G_DEFINE_FINAL_TYPE (BoloDimmer, bolo_dimmer, GTK_TYPE_WIDGET)

typedef enum {
  PROP_CHILD = 1,
  PROP_BRIGHTNESS,
} BoloDimmerProperty;
static GParamSpec *props[PROP_BRIGHTNESS + 1];

static void
bolo_dimmer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BoloDimmer *self = BOLO_DIMMER (widget);

  GTK_WIDGET_CLASS (bolo_dimmer_parent_class)->snapshot (widget, snapshot);
  if (self->brightness < 1) {
    gtk_snapshot_append_color (snapshot, &(GdkRGBA){0, 0, 0, (float) (1 - self->brightness)},
                               &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                                    (float) gtk_widget_get_height (widget)));
  }
}

static void
bolo_dimmer_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BoloDimmer *self = BOLO_DIMMER (object);

  switch ((BoloDimmerProperty) id) {
  case PROP_CHILD:
    g_value_set_object (value, self->child);
    break;
  case PROP_BRIGHTNESS:
    g_value_set_double (value, self->brightness);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
set_brightness (BoloDimmer *self, double brightness)
{
  brightness = CLAMP (brightness, BOLO_BRIGHTNESS_LEAST, 1);
  if (self->brightness == brightness)
    return;
  self->brightness = brightness;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BRIGHTNESS]);
}

static void
bolo_dimmer_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BoloDimmer *self = BOLO_DIMMER (object);

  switch ((BoloDimmerProperty) id) {
  case PROP_CHILD:
    g_clear_pointer (&self->child, gtk_widget_unparent);
    self->child = g_value_get_object (value);
    if (self->child != NULL)
      gtk_widget_set_parent (self->child, GTK_WIDGET (self));
    break;
  case PROP_BRIGHTNESS:
    set_brightness (self, g_value_get_double (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_dimmer_dispose (GObject *object)
{
  g_clear_pointer (&BOLO_DIMMER (object)->child, gtk_widget_unparent);
  G_OBJECT_CLASS (bolo_dimmer_parent_class)->dispose (object);
}

static void
bolo_dimmer_class_init (BoloDimmerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bolo_dimmer_get_property;
  object_class->set_property = bolo_dimmer_set_property;
  object_class->dispose = bolo_dimmer_dispose;
  widget_class->snapshot = bolo_dimmer_snapshot;

  props[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_BRIGHTNESS] =
    g_param_spec_double ("brightness", NULL, NULL, 0, 1, 1,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_dimmer_init (BoloDimmer *self)
{
  self->brightness = 1;
}
