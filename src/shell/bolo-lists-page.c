/* bolo-lists-page.c: the lists held, and what officers added to them in this car
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-lists-page.h"

#include <glib/gi18n-lib.h>

#include "bolo-desk-panel.h"
#include "bolo-hit-notes.h"
#include "bolo-hit-words.h"

struct _BoloListsPage {
  GtkWidget parent_instance;

  GtkStack *stack; /* "lists", "panel" */
  GtkListBox *list;
  GtkLabel *message;
  BoloDeskPanel *panel;

  BoloFace *face; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (BoloListsPage, bolo_lists_page, GTK_TYPE_WIDGET)

/* What a row shows; texts are taken. */
typedef struct {
  const char *icon_name;
  char *title;
  char *detail;
  const char *state; /* (nullable) */
  const char *class;
  BoloAskWhat remove; /* with an id: what removes it */
  const char *id;     /* (nullable) */
} Row;

static BoloDesk *
get_desk (BoloListsPage *self)
{
  return bolo_engine_get_desk (bolo_face_get_engine (self->face));
}

static void
on_removed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BoloListsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = bolo_desk_ask_finish (BOLO_DESK (source), result, &error);

  if (self->stack == NULL)
    return;
  gtk_label_set_text (self->message, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message), error != NULL);
}

static void
on_remove_clicked (GtkButton *button, BoloListsPage *self)
{
  const BoloAsk ask = {
    .what = (BoloAskWhat) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "what")),
    .id = g_object_get_data (G_OBJECT (button), "id")};

  gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
  bolo_desk_ask_async (get_desk (self), &ask, NULL, on_removed, g_object_ref (self));
}

static GtkWidget *
make_label (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
make_remove_button (BoloListsPage *self, const Row *row)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Remove"));
  g_autofree char *name = NULL;

  /* Translators: accessible name of a button: what it removes */
  name = g_strdup_printf (_ ("Remove %s"), row->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_add_css_class (button, "choice");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data (G_OBJECT (button), "what", GINT_TO_POINTER (row->remove));
  g_object_set_data_full (G_OBJECT (button), "id", g_strdup (row->id), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_remove_clicked), self, 0);
  return button;
}

static void
add_row (BoloListsPage *self, Row row)
{
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *last = NULL;

  gtk_grid_set_column_spacing (GTK_GRID (grid), 16);
  gtk_grid_attach (GTK_GRID (grid), gtk_image_new_from_icon_name (row.icon_name), 0, 0, 1, 2);
  gtk_grid_attach (GTK_GRID (grid), make_label (row.title, "part"), 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), make_label (row.detail, "detail"), 1, 1, 1, 1);
  if (row.id != NULL) {
    last = make_remove_button (self, &row);
  } else if (row.state != NULL) {
    last = gtk_label_new (row.state);
    gtk_widget_add_css_class (last, "state");
    gtk_widget_set_valign (last, GTK_ALIGN_CENTER);
  }
  if (last != NULL)
    gtk_grid_attach (GTK_GRID (grid), last, 2, 0, 1, 2);
  gtk_widget_set_css_classes (grid, (const char *[]){"equipment", row.class, NULL});
  gtk_list_box_append (self->list, grid);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (gtk_widget_get_parent (grid)), FALSE);
  g_free (row.title);
  g_free (row.detail);
}

static void
add_heading (BoloListsPage *self, const char *text)
{
  GtkWidget *label = make_label (text, "heading");

  gtk_list_box_append (self->list, label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (gtk_widget_get_parent (label)), FALSE);
}

static char *
get_trust (const BoloListState *list)
{
  switch (list->trust) {
  case BOLO_TRUST_SIGNED:
    /* Translators: name of the key that signed a list */
    return g_strdup_printf (_ ("signed by %s"), list->signer != NULL ? list->signer : "?");
  case BOLO_TRUST_REPLAY:
    return g_strdup (_ ("of a recording"));
  case BOLO_TRUST_OWN:
    return g_strdup (_ ("made in this car"));
  case BOLO_TRUST_UNSIGNED:
  default:
    return g_strdup (_ ("UNSIGNED"));
  }
}

static void
add_list (BoloListsPage *self, const BoloListState *list)
{
  gint64 age_s = (bolo_face_get_utc_us (self->face) - list->dated_us) / G_USEC_PER_SEC;
  g_autofree char *age = bolo_hit_words_get_age (age_s);
  g_autofree char *trust = get_trust (list);
  g_autofree char *loaded = bolo_format_day (list->loaded_us);
  gboolean is_good = list->is_in_force && list->age == BOLO_LIST_FRESH;
  Row row = {.icon_name = is_good ? "bolo-list-symbolic" : "bolo-list-stale-symbolic"};

  row.title = g_strdup (list->title);
  /* Translators: of a list: entries, rows left out, age, trust, day it was loaded, revision */
  row.detail = g_strdup_printf (_ ("%lu entries, %lu left out, %s, %s\nLoaded %s, revision %s"),
                                (gulong) list->n_entries, (gulong) list->n_rejected, age, trust,
                                loaded, list->revision != NULL ? list->revision : "?");
  if (!list->is_in_force) {
    row.state = _ ("Not in force");
    row.class = "lost";
  } else if (list->age == BOLO_LIST_STALE) {
    row.state = _ ("Stale");
    row.class = "degraded";
  } else if (list->age == BOLO_LIST_OLD) {
    row.state = _ ("Old");
    row.class = "degraded";
  } else {
    row.state = _ ("In force");
    row.class = "ok";
  }
  add_row (self, row);
}

static void
add_watch (BoloListsPage *self, const BoloWatch *watch)
{
  g_autofree char *until = bolo_format_day (watch->expires_us);
  g_autofree char *mark = bolo_face_format_mark (self->face, watch->mark);

  add_row (self, (Row){.icon_name = "bolo-unknown-symbolic",
                       /* Translators: a mark, and why it is watched for */
                       .title = g_strdup_printf (_ ("%s: %s"), mark, watch->reason),
                       /* Translators: day and time of its end, id of an officer */
                       .detail = g_strdup_printf (_ ("Until %s, by %s"), until, watch->officer),
                       .class = "ok",
                       .remove = BOLO_ASK_REMOVE_WATCH,
                       .id = watch->id});
}

static void
add_silence (BoloListsPage *self, const BoloSilence *silence)
{
  g_autofree char *until = bolo_format_day (silence->until_us);
  g_autofree char *mark = bolo_face_format_mark (self->face, silence->plate);
  const char *kind =
    silence->kind == BOLO_SILENCE_RECOVERED ? _ ("Recovered") : _ ("Not this vehicle");

  add_row (self,
           (Row){.icon_name = "bolo-sound-off-symbolic",
                 /* Translators: a mark, its list, why its entry is silenced, an officer's words */
                 .title = g_strdup_printf (_ ("%s in %s: %s, %s"), mark, silence->list, kind,
                                           silence->reason),
                 .detail = g_strdup_printf (_ ("Until %s, by %s"), until, silence->officer),
                 .class = "degraded",
                 .remove = BOLO_ASK_REMOVE_SILENCE,
                 .id = silence->id});
}

static void
rebuild (BoloListsPage *self)
{
  g_autoptr (GPtrArray) lists = NULL;
  g_autoptr (GPtrArray) watches = NULL;
  g_autoptr (GPtrArray) silences = NULL;
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  if (get_desk (self) == NULL)
    return;
  lists = bolo_desk_ref_lists (get_desk (self));
  watches = bolo_desk_ref_watches (get_desk (self));
  silences = bolo_desk_ref_silences (get_desk (self));
  if (watches->len > 0)
    add_heading (self, _ ("Watch entries"));
  for (guint i = 0; i < watches->len; i++)
    add_watch (self, g_ptr_array_index (watches, i));
  if (silences->len > 0)
    add_heading (self, _ ("Silenced entries"));
  for (guint i = 0; i < silences->len; i++)
    add_silence (self, g_ptr_array_index (silences, i));
  add_heading (self, lists->len > 0 ? _ ("Lists") : _ ("No lists"));
  for (guint i = 0; i < lists->len; i++)
    add_list (self, g_ptr_array_index (lists, i));
}

static void
open_panel (BoloListsPage *self, BoloDeskPanelKind kind)
{
  if (get_desk (self) == NULL)
    return;
  bolo_desk_panel_start (self->panel, self->face, kind, NULL);
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (self->panel));
}

static void
on_watch (BoloListsPage *self)
{
  open_panel (self, BOLO_DESK_PANEL_WATCH);
}

static void
on_search (BoloListsPage *self)
{
  open_panel (self, BOLO_DESK_PANEL_SEARCH);
}

static void
on_left (BoloListsPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, "lists");
}

/* Ages and ends are of the moment: they are written anew when somebody comes to look. */
static void
bolo_lists_page_map (GtkWidget *widget)
{
  BoloListsPage *self = BOLO_LISTS_PAGE (widget);

  if (self->face != NULL)
    rebuild (self);
  GTK_WIDGET_CLASS (bolo_lists_page_parent_class)->map (widget);
}

static void
bolo_lists_page_dispose (GObject *object)
{
  BoloListsPage *self = BOLO_LISTS_PAGE (object);

  if (self->stack != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->stack)));
  g_clear_object (&self->face);
  G_OBJECT_CLASS (bolo_lists_page_parent_class)->dispose (object);
}

static void
bolo_lists_page_class_init (BoloListsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_lists_page_dispose;
  widget_class->map = bolo_lists_page_map;

  g_type_ensure (BOLO_TYPE_DESK_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-lists-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloListsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BoloListsPage, list);
  gtk_widget_class_bind_template_child (widget_class, BoloListsPage, message);
  gtk_widget_class_bind_template_child (widget_class, BoloListsPage, panel);
  gtk_widget_class_bind_template_callback (widget_class, on_watch);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
  gtk_widget_class_bind_template_callback (widget_class, on_left);
  gtk_widget_class_set_css_name (widget_class, "listspage");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_lists_page_init (BoloListsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bolo_lists_page_set_face (BoloListsPage *self, BoloFace *face)
{
  g_return_if_fail (BOLO_IS_LISTS_PAGE (self));
  g_return_if_fail (BOLO_IS_FACE (face) && self->face == NULL);

  self->face = g_object_ref (face);
  if (get_desk (self) != NULL)
    g_signal_connect_object (get_desk (self), "changed", G_CALLBACK (rebuild), self,
                             G_CONNECT_SWAPPED);
}
