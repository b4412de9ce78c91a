/* bolo-check-panel.c: records who confirmed a hit and how
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-check-panel.h"

#include "bolo-plate-view.h"
#include "bolo-text-pad.h"

struct _BoloCheckPanel {
  GtkWidget parent_instance;

  GtkWidget *box;
  BoloPlateView *plate;
  GtkToggleButton *control_room;
  GtkToggleButton *pnc;
  BoloTextPad *pad;
  GtkWidget *record;
};

G_DEFINE_FINAL_TYPE (BoloCheckPanel, bolo_check_panel, GTK_TYPE_WIDGET)

typedef enum {
  SIGNAL_RECORDED,
  SIGNAL_LEFT,
  N_SIGNALS,
} BoloCheckPanelSignal;
static guint signals[N_SIGNALS];

/* How the check was made, as the record has it; not translated. */
static const char *
get_how (BoloCheckPanel *self)
{
  if (gtk_toggle_button_get_active (self->control_room))
    return "control room";
  if (gtk_toggle_button_get_active (self->pnc))
    return "PNC";
  return NULL;
}

static void
on_changed (BoloCheckPanel *self)
{
  g_autofree char *by = g_strstrip (g_strdup (bolo_text_pad_get_text (self->pad)));

  gtk_widget_set_sensitive (self->record, *by != '\0' && get_how (self) != NULL);
}

static void
on_record (BoloCheckPanel *self)
{
  g_autofree char *by = g_strstrip (g_strdup (bolo_text_pad_get_text (self->pad)));

  if (*by != '\0' && get_how (self) != NULL)
    g_signal_emit (self, signals[SIGNAL_RECORDED], 0, by, get_how (self));
}

static void
on_back (BoloCheckPanel *self)
{
  g_signal_emit (self, signals[SIGNAL_LEFT], 0);
}

static void
bolo_check_panel_dispose (GObject *object)
{
  g_clear_pointer (&BOLO_CHECK_PANEL (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (bolo_check_panel_parent_class)->dispose (object);
}

static void
bolo_check_panel_class_init (BoloCheckPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_check_panel_dispose;

  signals[SIGNAL_RECORDED] =
    g_signal_new ("recorded", BOLO_TYPE_CHECK_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_LEFT] = g_signal_new ("left", BOLO_TYPE_CHECK_PANEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (BOLO_TYPE_TEXT_PAD);
  g_type_ensure (BOLO_TYPE_PLATE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-check-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloCheckPanel, box);
  gtk_widget_class_bind_template_child (widget_class, BoloCheckPanel, plate);
  gtk_widget_class_bind_template_child (widget_class, BoloCheckPanel, control_room);
  gtk_widget_class_bind_template_child (widget_class, BoloCheckPanel, pnc);
  gtk_widget_class_bind_template_child (widget_class, BoloCheckPanel, pad);
  gtk_widget_class_bind_template_child (widget_class, BoloCheckPanel, record);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_record);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
  gtk_widget_class_set_css_name (widget_class, "checkpanel");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_check_panel_init (BoloCheckPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bolo_check_panel_start (BoloCheckPanel *self, BoloFace *face, const BoloHit *hit)
{
  g_autofree char *mark = NULL;

  g_return_if_fail (BOLO_IS_CHECK_PANEL (self));
  g_return_if_fail (hit != NULL);

  mark = bolo_face_format_mark (face, bolo_hit_get_leading (hit)->entry->plate);
  bolo_plate_view_set_outlines (self->plate, bolo_face_get_outlines (face));
  bolo_plate_view_set_mark (self->plate, mark, 0);
  gtk_toggle_button_set_active (self->control_room, FALSE);
  gtk_toggle_button_set_active (self->pnc, FALSE);
  bolo_text_pad_set_text (self->pad, "");
  on_changed (self);
}
