/* bolo-status-line.c: cameras, GPS, clock, lists, storage, sound and station, an icon and a word
 * each SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-status-line.h"

#include <glib/gi18n-lib.h>

#include "bolo-health-words.h"
#include "bolo-sync-words.h"

#define STATION BOLO_N_STATUSES /* the last item */

struct _BoloStatusLine {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkBox *parts;
  GtkImage *level_icon;
  GtkLabel *level;
  GtkLabel *clock;

  BoloFace *face; /* (owned) (nullable) */
  BoloLevel level_shown;
  gboolean is_discreet;
  struct {
    GtkWidget *box;
    GtkWidget *icon;
    GtkWidget *words;
    gboolean is_trouble;
  } items[BOLO_N_STATUSES + 1]; /* children of parts */
};

G_DEFINE_FINAL_TYPE (BoloStatusLine, bolo_status_line, GTK_TYPE_WIDGET)

static void
show (
  BoloStatusLine *self, guint item, const char *icon_name, const char *words, BoloHealthState state)
{
  g_autofree char *name = NULL;

  gtk_image_set_from_icon_name (GTK_IMAGE (self->items[item].icon), icon_name);
  gtk_label_set_text (GTK_LABEL (self->items[item].words), words);
  gtk_widget_set_css_classes (
    self->items[item].box, (const char *[]){"status", bolo_health_words_get_class (state), NULL});
  self->items[item].is_trouble = state == BOLO_HEALTH_DEGRADED || state == BOLO_HEALTH_LOST;
  name = g_strdup_printf ("%s: %s", words, bolo_health_words_get_state (state));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->items[item].box),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* Where something is wrong it alone has words, and so it is on a driver's line, whose words are
 * larger (16'); icons have the state as well. */
static void
update_words (BoloStatusLine *self)
{
  gboolean shows_all = self->level_shown == BOLO_LEVEL_OPERATOR;

  for (guint i = 0; i < G_N_ELEMENTS (self->items); i++)
    shows_all = shows_all && !self->items[i].is_trouble;
  for (guint i = 0; i < G_N_ELEMENTS (self->items); i++)
    gtk_widget_set_visible (self->items[i].words, shows_all || self->items[i].is_trouble);
}

/* A car without a station has no such item. */
static void
update_station (BoloStatusLine *self)
{
  BoloSyncState *sync = bolo_engine_get_sync (bolo_face_get_engine (self->face));
  gboolean is_off = sync == NULL || bolo_sync_state_get_figures (sync)->phase == BOLO_SYNC_OFF;
  BoloHealthState state;
  g_autofree char *words = NULL;

  gtk_widget_set_visible (self->items[STATION].box, !is_off);
  if (is_off) {
    self->items[STATION].is_trouble = FALSE;
    update_words (self);
    return;
  }
  words = bolo_sync_words_get_status (sync, bolo_face_get_utc_us (self->face), &state);
  show (self, STATION,
        state == BOLO_HEALTH_DEGRADED || state == BOLO_HEALTH_LOST ? "bolo-link-lost-symbolic"
                                                                   : "bolo-link-symbolic",
        words, state);
  update_words (self);
}

static void
update_health (BoloStatusLine *self)
{
  BoloEngine *engine = bolo_face_get_engine (self->face);

  for (guint i = 0; i < BOLO_N_STATUSES; i++) {
    BoloStatusWords words;

    bolo_health_words_get (bolo_engine_get_health (engine), bolo_engine_get_cameras (engine)->len,
                           (BoloStatusPart) i, &words);
    if (i == BOLO_STATUS_SOUND && self->is_discreet && words.state == BOLO_HEALTH_OK)
      show (self, i, "bolo-discreet-symbolic", _ ("Discreet"), words.state);
    else
      show (self, i, words.icon_name, words.words, words.state);
    bolo_status_words_clear (&words);
  }
  update_words (self);
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
  for (guint i = 0; i < G_N_ELEMENTS (self->items); i++) {
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
  BoloSyncState *sync;

  g_return_if_fail (BOLO_IS_STATUS_LINE (self));
  g_return_if_fail (BOLO_IS_FACE (face) && self->face == NULL);

  self->face = g_object_ref (face);
  g_signal_connect_object (bolo_face_get_engine (face), "health", G_CALLBACK (on_health), self, 0);
  sync = bolo_engine_get_sync (bolo_face_get_engine (face));
  if (sync != NULL)
    g_signal_connect_object (sync, "changed", G_CALLBACK (update_station), self, G_CONNECT_SWAPPED);
  update_health (self);
  update_station (self);
  bolo_status_line_update (self);
}

void
bolo_status_line_set_level (BoloStatusLine *self, BoloLevel level)
{
  g_return_if_fail (BOLO_IS_STATUS_LINE (self));

  self->level_shown = level;
  gtk_widget_set_visible (GTK_WIDGET (self->level), level == BOLO_LEVEL_OPERATOR);
  if (self->face != NULL) {
    update_health (self);
    update_station (self);
  }
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
bolo_status_line_set_discreet (BoloStatusLine *self, gboolean is_discreet)
{
  g_return_if_fail (BOLO_IS_STATUS_LINE (self));

  self->is_discreet = is_discreet;
  if (self->face != NULL)
    update_health (self);
}

void
bolo_status_line_update (BoloStatusLine *self)
{
  g_autofree char *clock = NULL;

  g_return_if_fail (BOLO_IS_STATUS_LINE (self));

  clock = bolo_format_clock (bolo_face_get_utc_us (self->face));
  gtk_label_set_text (self->clock, clock);
}
