/* bolo-fit.c: keeps what is in it from asking for more room than the panel has
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-fit.h"

struct _BoloFit {
  GtkWidget parent_instance;

  GtkWidget *child; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (BoloFit, bolo_fit, GTK_TYPE_WIDGET)

typedef enum {
  PROP_CHILD = 1,
} BoloFitProperty;
static GParamSpec *props[PROP_CHILD + 1];

static void
get_needs (BoloFit *self, int width, int *needed_width, int *needed_height)
{
  gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, needed_width, NULL, NULL, NULL);
  gtk_widget_measure (self->child, GTK_ORIENTATION_VERTICAL, MAX (width, *needed_width),
                      needed_height, NULL, NULL, NULL);
}

static void
bolo_fit_measure (GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline,
                  int *natural_baseline)
{
  *minimum = *natural = 0;
}

static void
bolo_fit_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BoloFit *self = BOLO_FIT (widget);
  int needed_width, needed_height;

  if (self->child == NULL)
    return;
  get_needs (self, width, &needed_width, &needed_height);
  if (needed_width > width || needed_height > height)
    g_debug ("The page needs %d x %d of %d x %d", needed_width, needed_height, width, height);
  gtk_widget_size_allocate (
    self->child, &(GtkAllocation){0, 0, MAX (width, needed_width), MAX (height, needed_height)},
    baseline);
}

static void
bolo_fit_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BoloFit *self = BOLO_FIT (object);

  switch ((BoloFitProperty) id) {
  case PROP_CHILD:
    g_value_set_object (value, self->child);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_fit_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BoloFit *self = BOLO_FIT (object);

  switch ((BoloFitProperty) id) {
  case PROP_CHILD:
    g_clear_pointer (&self->child, gtk_widget_unparent);
    self->child = g_value_get_object (value);
    if (self->child != NULL)
      gtk_widget_set_parent (self->child, GTK_WIDGET (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_fit_dispose (GObject *object)
{
  g_clear_pointer (&BOLO_FIT (object)->child, gtk_widget_unparent);
  G_OBJECT_CLASS (bolo_fit_parent_class)->dispose (object);
}

static void
bolo_fit_class_init (BoloFitClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bolo_fit_get_property;
  object_class->set_property = bolo_fit_set_property;
  object_class->dispose = bolo_fit_dispose;
  widget_class->measure = bolo_fit_measure;
  widget_class->size_allocate = bolo_fit_size_allocate;

  props[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bolo_fit_init (BoloFit *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

gboolean
bolo_fit_is_enough (BoloFit *self)
{
  int needed_width, needed_height;

  g_return_val_if_fail (BOLO_IS_FIT (self) && self->child != NULL, FALSE);

  get_needs (self, gtk_widget_get_width (GTK_WIDGET (self)), &needed_width, &needed_height);
  return needed_width <= gtk_widget_get_width (GTK_WIDGET (self)) &&
         needed_height <= gtk_widget_get_height (GTK_WIDGET (self));
}
