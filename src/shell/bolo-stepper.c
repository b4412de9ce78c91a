/* bolo-stepper.c: less, a word with its figure, more: a setting for a gloved finger
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-stepper.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Five taps from one end to the other. */
#define STEP 0.2

struct _BoloStepper {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkButton *less;
  GtkButton *more;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *figure;

  double value;
  double least;
};

G_DEFINE_FINAL_TYPE (BoloStepper, bolo_stepper, GTK_TYPE_WIDGET)

typedef enum {
  PROP_VALUE = 1,
  PROP_LEAST,
  PROP_TITLE,
  PROP_SHOWS_TITLE,
  PROP_ICON_NAME,
  PROP_LESS_NAME,
  PROP_MORE_NAME,
} BoloStepperProperty;
static GParamSpec *props[PROP_MORE_NAME + 1];

static void
update (BoloStepper *self)
{
  /* Translators: per cent, of loudness or brightness */
  g_autofree char *figure = g_strdup_printf (_ ("%d %%"), (int) lround (self->value * 100));

  gtk_label_set_text (self->figure, figure);
  gtk_widget_set_sensitive (GTK_WIDGET (self->less), self->value > self->least + 0.001);
  gtk_widget_set_sensitive (GTK_WIDGET (self->more), self->value < 0.999);
}

static void
set_value (BoloStepper *self, double value)
{
  value = CLAMP (value, 0, 1);
  if (self->value == value)
    return;
  self->value = value;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VALUE]);
}

/* To the next whole step, also from a value that was set elsewhere and lies between two. */
static void
on_less (BoloStepper *self)
{
  set_value (self, MAX (self->least, STEP * (ceil (self->value / STEP - 0.001) - 1)));
}

static void
on_more (BoloStepper *self)
{
  set_value (self, STEP * (floor (self->value / STEP + 0.001) + 1));
}

static void
bolo_stepper_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BoloStepper *self = BOLO_STEPPER (object);

  switch ((BoloStepperProperty) id) {
  case PROP_VALUE:
    g_value_set_double (value, self->value);
    break;
  case PROP_LEAST:
    g_value_set_double (value, self->least);
    break;
  case PROP_SHOWS_TITLE:
    g_value_set_boolean (value, gtk_widget_get_visible (GTK_WIDGET (self->title)));
    break;
  case PROP_TITLE:
  case PROP_ICON_NAME:
  case PROP_LESS_NAME:
  case PROP_MORE_NAME:
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_stepper_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BoloStepper *self = BOLO_STEPPER (object);

  switch ((BoloStepperProperty) id) {
  case PROP_VALUE:
    set_value (self, g_value_get_double (value));
    break;
  case PROP_LEAST:
    self->least = g_value_get_double (value);
    update (self);
    break;
  case PROP_TITLE:
    gtk_label_set_text (self->title, g_value_get_string (value));
    break;
  case PROP_SHOWS_TITLE:
    gtk_widget_set_visible (GTK_WIDGET (self->title), g_value_get_boolean (value));
    break;
  case PROP_ICON_NAME:
    gtk_image_set_from_icon_name (self->icon, g_value_get_string (value));
    break;
  case PROP_LESS_NAME:
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->less), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    g_value_get_string (value), -1);
    break;
  case PROP_MORE_NAME:
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->more), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    g_value_get_string (value), -1);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_stepper_dispose (GObject *object)
{
  g_clear_pointer (&BOLO_STEPPER (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (bolo_stepper_parent_class)->dispose (object);
}

static void
bolo_stepper_class_init (BoloStepperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags words = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bolo_stepper_get_property;
  object_class->set_property = bolo_stepper_set_property;
  object_class->dispose = bolo_stepper_dispose;

  props[PROP_VALUE] =
    g_param_spec_double ("value", NULL, NULL, 0, 1, 1,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_LEAST] = g_param_spec_double ("least", NULL, NULL, 0, 1, STEP,
                                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, words);
  props[PROP_SHOWS_TITLE] = g_param_spec_boolean ("shows-title", NULL, NULL, TRUE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, words);
  props[PROP_LESS_NAME] = g_param_spec_string ("less-name", NULL, NULL, NULL, words);
  props[PROP_MORE_NAME] = g_param_spec_string ("more-name", NULL, NULL, NULL, words);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-stepper.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloStepper, box);
  gtk_widget_class_bind_template_child (widget_class, BoloStepper, less);
  gtk_widget_class_bind_template_child (widget_class, BoloStepper, more);
  gtk_widget_class_bind_template_child (widget_class, BoloStepper, icon);
  gtk_widget_class_bind_template_child (widget_class, BoloStepper, title);
  gtk_widget_class_bind_template_child (widget_class, BoloStepper, figure);
  gtk_widget_class_bind_template_callback (widget_class, on_less);
  gtk_widget_class_bind_template_callback (widget_class, on_more);
  gtk_widget_class_set_css_name (widget_class, "stepper");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_stepper_init (BoloStepper *self)
{
  self->value = 1;
  self->least = STEP;
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}
