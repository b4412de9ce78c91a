/* bolo-live-page.c: the operator's live page: camera tiles, newest reads, newest hits
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-live-page.h"

#include "bolo-camera-tile.h"
#include "bolo-newest-hits.h"
#include "bolo-reads-list.h"

struct _BoloLivePage {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkGrid *tiles;
  BoloReadsList *reads;
  BoloNewestHits *hits;
  GtkWidget *no_hits;

  BoloFace *face;       /* (owned) (nullable) */
  GPtrArray *tile_list; /* (owned) of BoloCameraTile, children of tiles */
};

G_DEFINE_FINAL_TYPE (BoloLivePage, bolo_live_page, GTK_TYPE_WIDGET)

typedef enum {
  SIGNAL_CASE_CHOSEN,
  N_SIGNALS,
} BoloLivePageSignal;
static guint signals[N_SIGNALS];

static void
show_health (BoloLivePage *self, const BoloHealth *health)
{
  if (!g_str_has_prefix (health->what, "camera:"))
    return;
  for (guint i = 0; i < self->tile_list->len; i++) {
    BoloCameraTile *tile = g_ptr_array_index (self->tile_list, i);

    if (g_strcmp0 (bolo_camera_tile_get_camera (tile), health->what + strlen ("camera:")) == 0)
      bolo_camera_tile_set_health (tile, health);
  }
}

static void
on_health (BoloEngine *engine, const BoloHealth *health, BoloLivePage *self)
{
  show_health (self, health);
}

static void
on_sighting (BoloEngine *engine, const BoloSighting *sighting, BoloLivePage *self)
{
  bolo_reads_list_add (self->reads, sighting);
}

static void
on_case_chosen (BoloNewestHits *hits, BoloHitCase *hit_case, BoloLivePage *self)
{
  g_signal_emit (self, signals[SIGNAL_CASE_CHOSEN], 0, hit_case);
}

static void
on_cases_changed (GListModel *cases, guint position, guint removed, guint added, BoloLivePage *self)
{
  gtk_widget_set_visible (self->no_hits, g_list_model_get_n_items (cases) == 0);
}

static void
bolo_live_page_dispose (GObject *object)
{
  BoloLivePage *self = BOLO_LIVE_PAGE (object);

  g_clear_pointer (&self->tile_list, g_ptr_array_unref);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->face);

  G_OBJECT_CLASS (bolo_live_page_parent_class)->dispose (object);
}

static void
bolo_live_page_class_init (BoloLivePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_live_page_dispose;

  signals[SIGNAL_CASE_CHOSEN] =
    g_signal_new ("case-chosen", BOLO_TYPE_LIVE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, BOLO_TYPE_HIT_CASE);

  g_type_ensure (BOLO_TYPE_NEWEST_HITS);
  g_type_ensure (BOLO_TYPE_READS_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-live-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloLivePage, box);
  gtk_widget_class_bind_template_child (widget_class, BoloLivePage, tiles);
  gtk_widget_class_bind_template_child (widget_class, BoloLivePage, reads);
  gtk_widget_class_bind_template_child (widget_class, BoloLivePage, hits);
  gtk_widget_class_bind_template_child (widget_class, BoloLivePage, no_hits);
  gtk_widget_class_set_css_name (widget_class, "livepage");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_live_page_init (BoloLivePage *self)
{
  self->tile_list = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  bolo_newest_hits_set_side_by_side (self->hits);
  g_signal_connect_object (self->hits, "case-chosen", G_CALLBACK (on_case_chosen), self, 0);
}

static void
add_tiles (BoloLivePage *self, GPtrArray *cameras)
{
  guint n_columns = cameras->len <= 1 ? 1 : cameras->len <= 4 ? 2 : 3;

  for (guint i = 0; i < cameras->len; i++) {
    BoloCameraTile *tile = bolo_camera_tile_new ();

    bolo_camera_tile_set_camera (tile, self->face, g_ptr_array_index (cameras, i));
    gtk_widget_set_hexpand (GTK_WIDGET (tile), TRUE);
    gtk_grid_attach (self->tiles, GTK_WIDGET (tile), (int) (i % n_columns), (int) (i / n_columns),
                     1, 1);
    g_ptr_array_add (self->tile_list, tile);
  }
}

void
bolo_live_page_set_face (BoloLivePage *self, BoloFace *face)
{
  BoloEngine *engine;
  GListModel *cases;
  GPtrArray *health;

  g_return_if_fail (BOLO_IS_LIVE_PAGE (self));
  g_return_if_fail (BOLO_IS_FACE (face) && self->face == NULL);

  self->face = g_object_ref (face);
  engine = bolo_face_get_engine (face);
  bolo_reads_list_set_face (self->reads, face);
  add_tiles (self, bolo_engine_get_cameras (engine));

  bolo_newest_hits_set_face (self->hits, face);
  cases = bolo_engine_get_cases (engine);
  g_signal_connect_object (cases, "items-changed", G_CALLBACK (on_cases_changed), self, 0);
  on_cases_changed (cases, 0, 0, 0, self);
  g_signal_connect_object (engine, "sighting", G_CALLBACK (on_sighting), self, 0);
  g_signal_connect_object (engine, "health", G_CALLBACK (on_health), self, 0);
  health = bolo_engine_get_health (engine);
  for (guint i = 0; i < health->len; i++)
    show_health (self, g_ptr_array_index (health, i));
}

guint64
bolo_live_page_get_n_shown (BoloLivePage *self)
{
  guint64 n_shown = 0;

  g_return_val_if_fail (BOLO_IS_LIVE_PAGE (self), 0);

  for (guint i = 0; i < self->tile_list->len; i++)
    n_shown += bolo_camera_tile_get_n_shown (g_ptr_array_index (self->tile_list, i));
  return n_shown;
}

guint
bolo_live_page_get_n_tiles (BoloLivePage *self)
{
  g_return_val_if_fail (BOLO_IS_LIVE_PAGE (self), 0);
  return self->tile_list->len;
}
