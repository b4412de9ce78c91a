/* bolo-sign-on.c: asks who answers for what is done from now on
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-sign-on.h"

#include "bolo-text-pad.h"

struct _BoloSignOn {
  GtkWidget parent_instance;

  GtkWidget *box;
  BoloTextPad *pad;
  GtkWidget *icon;
  GtkWidget *back;
  GtkWidget *accept_driver;
  GtkWidget *accept_operator;
};

G_DEFINE_FINAL_TYPE (BoloSignOn, bolo_sign_on, GTK_TYPE_WIDGET)

typedef enum {
  SIGNAL_DECLARED,
  SIGNAL_LEFT,
  N_SIGNALS,
} BoloSignOnSignal;
static guint signals[N_SIGNALS];

static void
declare (BoloSignOn *self, BoloSeat seat)
{
  g_autofree char *officer = g_strstrip (g_strdup (bolo_text_pad_get_text (self->pad)));

  if (*officer == '\0')
    return;
  g_signal_emit (self, signals[SIGNAL_DECLARED], 0, officer, (int) seat);
  bolo_text_pad_set_text (self->pad, "");
}

/* Also by Return on a keyboard: the seat that shows less. */
static void
on_accept_driver (BoloSignOn *self)
{
  declare (self, BOLO_SEAT_DRIVER);
}

static void
on_accept_operator (BoloSignOn *self)
{
  declare (self, BOLO_SEAT_OPERATOR);
}

static void
on_back (BoloSignOn *self)
{
  bolo_text_pad_set_text (self->pad, "");
  g_signal_emit (self, signals[SIGNAL_LEFT], 0);
}

static void
on_text_changed (BoloSignOn *self)
{
  g_autofree char *officer = g_strstrip (g_strdup (bolo_text_pad_get_text (self->pad)));

  gtk_widget_set_sensitive (self->accept_driver, *officer != '\0');
  gtk_widget_set_sensitive (self->accept_operator, *officer != '\0');
}

static void
bolo_sign_on_dispose (GObject *object)
{
  g_clear_pointer (&BOLO_SIGN_ON (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (bolo_sign_on_parent_class)->dispose (object);
}

static void
bolo_sign_on_class_init (BoloSignOnClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_sign_on_dispose;

  signals[SIGNAL_DECLARED] =
    g_signal_new ("declared", BOLO_TYPE_SIGN_ON, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT);
  signals[SIGNAL_LEFT] = g_signal_new ("left", BOLO_TYPE_SIGN_ON, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);

  g_type_ensure (BOLO_TYPE_TEXT_PAD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-sign-on.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloSignOn, box);
  gtk_widget_class_bind_template_child (widget_class, BoloSignOn, pad);
  gtk_widget_class_bind_template_child (widget_class, BoloSignOn, icon);
  gtk_widget_class_bind_template_child (widget_class, BoloSignOn, back);
  gtk_widget_class_bind_template_child (widget_class, BoloSignOn, accept_driver);
  gtk_widget_class_bind_template_child (widget_class, BoloSignOn, accept_operator);
  gtk_widget_class_bind_template_callback (widget_class, on_accept_driver);
  gtk_widget_class_bind_template_callback (widget_class, on_accept_operator);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_bind_template_callback (widget_class, on_text_changed);
  gtk_widget_class_set_css_name (widget_class, "signon");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_sign_on_init (BoloSignOn *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bolo_sign_on_set_can_leave (BoloSignOn *self, gboolean can_leave)
{
  g_return_if_fail (BOLO_IS_SIGN_ON (self));
  /* One place for both: the page is full. */
  gtk_widget_set_visible (self->icon, !can_leave);
  gtk_widget_set_visible (self->back, can_leave);
}
