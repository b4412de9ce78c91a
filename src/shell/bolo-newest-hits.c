/* bolo-newest-hits.c: the newest hit cases, each a button
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-newest-hits.h"

#include "bolo-hit-row.h"

#define N_HITS 2

struct _BoloNewestHits {
  GtkBox parent_instance;

  BoloFace *face;             /* (owned) (nullable) */
  GtkWidget *buttons[N_HITS]; /* children */
};

G_DEFINE_FINAL_TYPE (BoloNewestHits, bolo_newest_hits, GTK_TYPE_BOX)

typedef enum {
  SIGNAL_CASE_CHOSEN,
  N_SIGNALS,
} BoloNewestHitsSignal;
static guint signals[N_SIGNALS];

static BoloHitRow *
get_row (BoloNewestHits *self, guint i)
{
  return BOLO_HIT_ROW (gtk_button_get_child (GTK_BUTTON (self->buttons[i])));
}

static void
on_clicked (GtkButton *button, BoloNewestHits *self)
{
  BoloHitCase *hit_case = bolo_hit_row_get_case (BOLO_HIT_ROW (gtk_button_get_child (button)));

  if (hit_case != NULL)
    g_signal_emit (self, signals[SIGNAL_CASE_CHOSEN], 0, hit_case);
}

static void
on_cases_changed (
  GListModel *cases, guint position, guint removed, guint added, BoloNewestHits *self)
{
  guint n_cases = g_list_model_get_n_items (cases);

  for (guint i = 0; i < N_HITS; i++) {
    g_autoptr (BoloHitCase) hit_case = NULL;

    if (i < n_cases)
      hit_case = g_list_model_get_item (cases, n_cases - 1 - i);
    bolo_hit_row_set_case (get_row (self, i), self->face, hit_case);
    gtk_widget_set_visible (self->buttons[i], hit_case != NULL);
  }
}

static void
bolo_newest_hits_dispose (GObject *object)
{
  BoloNewestHits *self = BOLO_NEWEST_HITS (object);

  g_clear_object (&self->face);

  G_OBJECT_CLASS (bolo_newest_hits_parent_class)->dispose (object);
}

static void
bolo_newest_hits_class_init (BoloNewestHitsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bolo_newest_hits_dispose;

  signals[SIGNAL_CASE_CHOSEN] =
    g_signal_new ("case-chosen", BOLO_TYPE_NEWEST_HITS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, BOLO_TYPE_HIT_CASE);
}

static void
bolo_newest_hits_init (BoloNewestHits *self)
{
  for (guint i = 0; i < N_HITS; i++) {
    self->buttons[i] = gtk_button_new ();
    gtk_button_set_child (GTK_BUTTON (self->buttons[i]), GTK_WIDGET (bolo_hit_row_new ()));
    gtk_widget_set_visible (self->buttons[i], FALSE);
    gtk_widget_add_css_class (self->buttons[i], "hit-chip");
    g_signal_connect_object (self->buttons[i], "clicked", G_CALLBACK (on_clicked), self, 0);
    gtk_box_append (GTK_BOX (self), self->buttons[i]);
  }
}

void
bolo_newest_hits_set_face (BoloNewestHits *self, BoloFace *face)
{
  GListModel *cases;

  g_return_if_fail (BOLO_IS_NEWEST_HITS (self));
  g_return_if_fail (BOLO_IS_FACE (face) && self->face == NULL);

  self->face = g_object_ref (face);
  cases = bolo_engine_get_cases (bolo_face_get_engine (face));
  g_signal_connect_object (cases, "items-changed", G_CALLBACK (on_cases_changed), self, 0);
  on_cases_changed (cases, 0, 0, 0, self);
}

void
bolo_newest_hits_set_plate_height (BoloNewestHits *self, double height_mm)
{
  g_return_if_fail (BOLO_IS_NEWEST_HITS (self));

  for (guint i = 0; i < N_HITS; i++)
    bolo_hit_row_set_plate_height (get_row (self, i), height_mm);
}

void
bolo_newest_hits_set_side_by_side (BoloNewestHits *self)
{
  g_return_if_fail (BOLO_IS_NEWEST_HITS (self));

  gtk_box_set_homogeneous (GTK_BOX (self), TRUE);
  for (guint i = 0; i < N_HITS; i++) {
    bolo_hit_row_set_narrow (get_row (self, i), TRUE);
    gtk_widget_set_hexpand (self->buttons[i], TRUE);
  }
}
