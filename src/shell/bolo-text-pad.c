/* bolo-text-pad.c: a keypad on the screen for ids and references
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-text-pad.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* As long as a force's longest reference is likely to be; the engine keeps what it gets. */
#define TEXT_MAX 24
#define N_COLUMNS 10

static const char keys[] = "1234567890QWERTYUIOPASDFGHJKL/ZXCVBNM-";

struct _BoloTextPad {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *caption;
  GtkLabel *display;
  GtkGrid *grid;

  GString *text; /* (owned) */
  gboolean has_wildcards;
};

G_DEFINE_FINAL_TYPE (BoloTextPad, bolo_text_pad, GTK_TYPE_WIDGET)

typedef enum {
  PROP_TEXT = 1,
  PROP_CAPTION,
} BoloTextPadProperty;
static GParamSpec *props[PROP_CAPTION + 1];

typedef enum {
  SIGNAL_ACTIVATED,
  N_SIGNALS,
} BoloTextPadSignal;
static guint signals[N_SIGNALS];

static void
text_changed (BoloTextPad *self)
{
  g_autofree char *shown = g_strconcat (self->text->str, "_", NULL);

  gtk_label_set_text (self->display, shown);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TEXT]);
}

static void
append (BoloTextPad *self, char c)
{
  if (self->text->len >= TEXT_MAX)
    return;
  g_string_append_c (self->text, c);
  text_changed (self);
}

static void
remove_last (BoloTextPad *self)
{
  if (self->text->len == 0)
    return;
  g_string_truncate (self->text, self->text->len - 1);
  text_changed (self);
}

static void
on_key_clicked (GtkButton *button, BoloTextPad *self)
{
  append (self, gtk_button_get_label (button)[0]);
}

static void
on_space_clicked (GtkButton *button, BoloTextPad *self)
{
  append (self, ' ');
}

static void
on_delete_clicked (GtkButton *button, BoloTextPad *self)
{
  remove_last (self);
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller,
                guint value,
                guint code,
                GdkModifierType state,
                BoloTextPad *self)
{
  guint32 c = gdk_keyval_to_unicode (value);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (value == GDK_KEY_BackSpace) {
    remove_last (self);
    return GDK_EVENT_STOP;
  }
  if (value == GDK_KEY_Return || value == GDK_KEY_KP_Enter) {
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
    return GDK_EVENT_STOP;
  }
  if (c < 128 && c != 0 &&
      (g_ascii_isalnum ((char) c) ||
       strchr (self->has_wildcards ? "?* " : "/- ", (char) c) != NULL)) {
    append (self, g_ascii_toupper ((char) c));
    return GDK_EVENT_STOP;
  }
  return GDK_EVENT_PROPAGATE;
}

/* Keys reach the pad wherever the focus is: the controller sits on the window while mapped. */
static void
bolo_text_pad_root (GtkWidget *widget)
{
  BoloTextPad *self = BOLO_TEXT_PAD (widget);
  GtkEventController *controller;

  GTK_WIDGET_CLASS (bolo_text_pad_parent_class)->root (widget);
  controller = gtk_event_controller_key_new ();
  gtk_event_controller_set_name (controller, "bolo-text-pad");
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "key-pressed", G_CALLBACK (on_key_pressed), self, 0);
  g_object_set_data (G_OBJECT (self), "controller", controller);
  gtk_widget_add_controller (GTK_WIDGET (gtk_widget_get_root (widget)), controller);
}

static void
bolo_text_pad_unroot (GtkWidget *widget)
{
  GtkEventController *controller = g_object_get_data (G_OBJECT (widget), "controller");

  gtk_widget_remove_controller (GTK_WIDGET (gtk_widget_get_root (widget)), controller);
  GTK_WIDGET_CLASS (bolo_text_pad_parent_class)->unroot (widget);
}

static void
add_keys (BoloTextPad *self)
{
  GtkWidget *button;

  for (guint i = 0; keys[i] != '\0'; i++) {
    char label[2] = {keys[i], '\0'};

    button = gtk_button_new_with_label (label);
    gtk_widget_set_hexpand (button, TRUE);
    gtk_widget_set_vexpand (button, TRUE);
    g_signal_connect_object (button, "clicked", G_CALLBACK (on_key_clicked), self, 0);
    gtk_grid_attach (self->grid, button, (int) (i % N_COLUMNS), (int) (i / N_COLUMNS), 1, 1);
  }
  /* Translators: the space bar of the keypad */
  button = gtk_button_new_with_label (_ ("Space"));
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_space_clicked), self, 0);
  gtk_widget_add_css_class (button, "space");
  gtk_grid_attach (self->grid, button, 8, 3, 1, 1);

  button = gtk_button_new_from_icon_name ("bolo-erase-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Delete the last character"), -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_delete_clicked), self, 0);
  gtk_grid_attach (self->grid, button, 9, 3, 1, 1);
}

static void
bolo_text_pad_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BoloTextPad *self = BOLO_TEXT_PAD (object);

  switch ((BoloTextPadProperty) id) {
  case PROP_TEXT:
    g_value_set_string (value, self->text->str);
    break;
  case PROP_CAPTION:
    g_value_set_string (value, gtk_label_get_text (self->caption));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_text_pad_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BoloTextPad *self = BOLO_TEXT_PAD (object);

  switch ((BoloTextPadProperty) id) {
  case PROP_TEXT:
    bolo_text_pad_set_text (self, g_value_get_string (value));
    break;
  case PROP_CAPTION:
    gtk_label_set_text (self->caption, g_value_get_string (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_text_pad_dispose (GObject *object)
{
  g_clear_pointer (&BOLO_TEXT_PAD (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (bolo_text_pad_parent_class)->dispose (object);
}

static void
bolo_text_pad_finalize (GObject *object)
{
  g_string_free (BOLO_TEXT_PAD (object)->text, TRUE);
  G_OBJECT_CLASS (bolo_text_pad_parent_class)->finalize (object);
}

static void
bolo_text_pad_class_init (BoloTextPadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bolo_text_pad_get_property;
  object_class->set_property = bolo_text_pad_set_property;
  object_class->dispose = bolo_text_pad_dispose;
  object_class->finalize = bolo_text_pad_finalize;
  widget_class->root = bolo_text_pad_root;
  widget_class->unroot = bolo_text_pad_unroot;

  props[PROP_TEXT] = g_param_spec_string (
    "text", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_CAPTION] =
    g_param_spec_string ("caption", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", BOLO_TYPE_TEXT_PAD, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-text-pad.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloTextPad, box);
  gtk_widget_class_bind_template_child (widget_class, BoloTextPad, caption);
  gtk_widget_class_bind_template_child (widget_class, BoloTextPad, display);
  gtk_widget_class_bind_template_child (widget_class, BoloTextPad, grid);
  gtk_widget_class_set_css_name (widget_class, "textpad");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_text_pad_init (BoloTextPad *self)
{
  self->text = g_string_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_keys (self);
  gtk_label_set_text (self->display, "_");
}

/* A key is a child of the grid; what it writes is its label. */
static void
swap_key (BoloTextPad *self, const char *from, const char *to)
{
  for (GtkWidget *key = gtk_widget_get_first_child (GTK_WIDGET (self->grid)); key != NULL;
       key = gtk_widget_get_next_sibling (key)) {
    const char *label = gtk_button_get_label (GTK_BUTTON (key));

    if (g_strcmp0 (label, from) == 0) {
      gtk_button_set_label (GTK_BUTTON (key), to);
      return;
    }
  }
}

void
bolo_text_pad_set_wildcards (BoloTextPad *self, gboolean has_wildcards)
{
  g_return_if_fail (BOLO_IS_TEXT_PAD (self));

  self->has_wildcards = has_wildcards;
  swap_key (self, has_wildcards ? "/" : "?", has_wildcards ? "?" : "/");
  swap_key (self, has_wildcards ? "-" : "*", has_wildcards ? "*" : "-");
}

const char *
bolo_text_pad_get_text (BoloTextPad *self)
{
  g_return_val_if_fail (BOLO_IS_TEXT_PAD (self), NULL);
  return self->text->str;
}

void
bolo_text_pad_set_text (BoloTextPad *self, const char *text)
{
  g_return_if_fail (BOLO_IS_TEXT_PAD (self));

  g_string_assign (self->text, text != NULL ? text : "");
  g_string_truncate (self->text, MIN (self->text->len, TEXT_MAX));
  text_changed (self);
}
