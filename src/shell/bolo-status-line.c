/* bolo-status-line.c: cameras, GPS, clock, lists, storage and sound, an icon and a word each
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-status-line.h"

#include <glib/gi18n-lib.h>

#include "bolo-health-words.h"

struct _BoloStatusLine {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkBox *parts;
  GtkImage *level_icon;
  GtkLabel *level;
  GtkLabel *clock;

  BoloFace *face; /* (owned) (nullable) */
  BoloLevel level_shown;
  struct {
    GtkWidget *box;
    GtkWidget *icon;
    GtkWidget *words;
  } items[BOLO_N_STATUSES]; /* children of parts */
};

G_DEFINE_FINAL_TYPE (BoloStatusLine, bolo_status_line, GTK_TYPE_WIDGET)

static void
update_health (BoloStatusLine *self)
{
  BoloEngine *engine = bolo_face_get_engine (self->face);

  for (guint i = 0; i < BOLO_N_STATUSES; i++) {
    BoloStatusWords words;
    g_autofree char *name = NULL;

    bolo_health_words_get (bolo_engine_get_health (engine), bolo_engine_get_cameras (engine)->len,
                           (BoloStatusPart) i, &words);
    gtk_image_set_from_icon_name (GTK_IMAGE (self->items[i].icon), words.icon_name);
    gtk_label_set_text (GTK_LABEL (self->items[i].words), words.words);
    /* A driver's words are larger (16'), so only trouble has any; the icon has the state as well.
     */
    gtk_widget_set_visible (self->items[i].words, self->level_shown == BOLO_LEVEL_OPERATOR ||
                                                    words.state == BOLO_HEALTH_DEGRADED ||
                                                    words.state == BOLO_HEALTH_LOST);
    gtk_widget_set_css_classes (
      self->items[i].box,
      (const char *[]){"status", bolo_health_words_get_class (words.state), NULL});
    name = g_strdup_printf ("%s: %s", words.words, bolo_health_words_get_state (words.state));
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->items[i].box),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    bolo_status_words_clear (&words);
  }
}

static void
on_health (BoloEngine *engine, const BoloHealth *health, BoloStatusLine *self)
{
  update_health (self);
}

static void
bolo_status_line_dispose (GObject *object)
{
  BoloStatusLine *self = BOLO_STATUS_LINE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->face);

  G_OBJECT_CLASS (bolo_status_line_parent_class)->dispose (object);
}

static void
bolo_status_line_class_init (BoloStatusLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_status_line_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-status-line.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloStatusLine, box);
  gtk_widget_class_bind_template_child (widget_class, BoloStatusLine, parts);
  gtk_widget_class_bind_template_child (widget_class, BoloStatusLine, level_icon);
  gtk_widget_class_bind_template_child (widget_class, BoloStatusLine, level);
  gtk_widget_class_bind_template_child (widget_class, BoloStatusLine, clock);
  gtk_widget_class_set_css_name (widget_class, "statusline");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_status_line_init (BoloStatusLine *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < BOLO_N_STATUSES; i++) {
    self->items[i].box = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS,
                                       "spacing", 6, NULL);
    self->items[i].icon = gtk_image_new ();
    self->items[i].words = gtk_label_new (NULL);
    gtk_box_append (GTK_BOX (self->items[i].box), self->items[i].icon);
    gtk_box_append (GTK_BOX (self->items[i].box), self->items[i].words);
    gtk_box_append (self->parts, self->items[i].box);
  }
}

void
bolo_status_line_set_face (BoloStatusLine *self, BoloFace *face)
{
  g_return_if_fail (BOLO_IS_STATUS_LINE (self));
  g_return_if_fail (BOLO_IS_FACE (face) && self->face == NULL);

  self->face = g_object_ref (face);
  g_signal_connect_object (bolo_face_get_engine (face), "health", G_CALLBACK (on_health), self, 0);
  update_health (self);
  bolo_status_line_update (self);
}

void
bolo_status_line_set_level (BoloStatusLine *self, BoloLevel level)
{
  g_return_if_fail (BOLO_IS_STATUS_LINE (self));

  self->level_shown = level;
  gtk_widget_set_visible (GTK_WIDGET (self->level), level == BOLO_LEVEL_OPERATOR);
  if (self->face != NULL)
    update_health (self);
  if (level == BOLO_LEVEL_OPERATOR) {
    gtk_image_set_from_icon_name (self->level_icon, "bolo-operator-symbolic");
    /* Translators: presentation level: everything is shown */
    gtk_label_set_text (self->level, _ ("Operator"));
  } else {
    gtk_image_set_from_icon_name (self->level_icon, "bolo-driver-safe-symbolic");
    /* Translators: presentation level: only what a driver may see */
    gtk_label_set_text (self->level, _ ("Driver"));
  }
}

void
bolo_status_line_update (BoloStatusLine *self)
{
  g_autofree char *clock = NULL;

  g_return_if_fail (BOLO_IS_STATUS_LINE (self));

  clock = bolo_format_clock (bolo_face_get_utc_us (self->face));
  gtk_label_set_text (self->clock, clock);
}
