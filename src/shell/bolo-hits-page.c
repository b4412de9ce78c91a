/* bolo-hits-page.c: all hits of the shift, newest first
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-hits-page.h"

#include "bolo-hit-row.h"

struct _BoloHitsPage {
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkListView *list;
  GtkWidget *empty;
  GtkWidget *scroller;

  BoloFace *face; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (BoloHitsPage, bolo_hits_page, GTK_TYPE_WIDGET)

typedef enum {
  SIGNAL_CASE_CHOSEN,
  N_SIGNALS,
} BoloHitsPageSignal;
static guint signals[N_SIGNALS];

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item, BoloHitsPage *self)
{
  gtk_list_item_set_child (item, GTK_WIDGET (bolo_hit_row_new ()));
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item, BoloHitsPage *self)
{
  bolo_hit_row_set_case (BOLO_HIT_ROW (gtk_list_item_get_child (item)), self->face,
                         gtk_list_item_get_item (item));
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *item, BoloHitsPage *self)
{
  bolo_hit_row_set_case (BOLO_HIT_ROW (gtk_list_item_get_child (item)), NULL, NULL);
}

static void
on_activate (GtkListView *list, guint position, BoloHitsPage *self)
{
  g_autoptr (BoloHitCase) hit_case =
    g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (list)), position);

  if (hit_case != NULL)
    g_signal_emit (self, signals[SIGNAL_CASE_CHOSEN], 0, hit_case);
}

static void
on_cases_changed (GListModel *cases, guint position, guint removed, guint added, BoloHitsPage *self)
{
  gtk_stack_set_visible_child (self->stack,
                               g_list_model_get_n_items (cases) > 0 ? self->scroller : self->empty);
}

static int
compare_newest_first (gconstpointer a, gconstpointer b, gpointer user_data)
{
  gint64 first = bolo_hit_case_get_hit ((BoloHitCase *) a)->created_us;
  gint64 second = bolo_hit_case_get_hit ((BoloHitCase *) b)->created_us;

  return (first < second) - (first > second);
}

static void
bolo_hits_page_dispose (GObject *object)
{
  BoloHitsPage *self = BOLO_HITS_PAGE (object);

  if (self->stack != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->stack)));
  g_clear_object (&self->face);

  G_OBJECT_CLASS (bolo_hits_page_parent_class)->dispose (object);
}

static void
bolo_hits_page_class_init (BoloHitsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_hits_page_dispose;

  signals[SIGNAL_CASE_CHOSEN] =
    g_signal_new ("case-chosen", BOLO_TYPE_HITS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, BOLO_TYPE_HIT_CASE);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-hits-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloHitsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BoloHitsPage, list);
  gtk_widget_class_bind_template_child (widget_class, BoloHitsPage, empty);
  gtk_widget_class_bind_template_child (widget_class, BoloHitsPage, scroller);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_set_css_name (widget_class, "hitspage");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_hits_page_init (BoloHitsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bolo_hits_page_set_face (BoloHitsPage *self, BoloFace *face)
{
  GListModel *cases;
  GtkListItemFactory *factory;
  GtkSorter *sorter;
  GtkSortListModel *sorted;

  g_return_if_fail (BOLO_IS_HITS_PAGE (self));
  g_return_if_fail (BOLO_IS_FACE (face) && self->face == NULL);

  self->face = g_object_ref (face);
  factory = gtk_signal_list_item_factory_new ();
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind), self, 0);
  gtk_list_view_set_factory (self->list, factory);
  g_object_unref (factory);

  cases = bolo_engine_get_cases (bolo_face_get_engine (face));
  sorter = GTK_SORTER (gtk_custom_sorter_new (compare_newest_first, NULL, NULL));
  sorted = gtk_sort_list_model_new (g_object_ref (cases), sorter);
  {
    g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (G_LIST_MODEL (sorted));

    gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
  }
  g_signal_connect_object (cases, "items-changed", G_CALLBACK (on_cases_changed), self, 0);
  on_cases_changed (cases, 0, 0, 0, self);
}
