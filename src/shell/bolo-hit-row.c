/* bolo-hit-row.c: one hit in a list: symbol, mark, category, state
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-hit-row.h"

#include <glib/gi18n-lib.h>

#include "bolo-hit-words.h"
#include "bolo-plate-view.h"
#include "bolo-symbol.h"

struct _BoloHitRow {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkBox *columns;
  BoloSymbol *symbol;
  BoloPlateView *plate;
  GtkLabel *category;
  GtkLabel *state;
  GtkLabel *where;

  BoloFace *face;        /* (owned) (nullable) */
  BoloHitCase *hit_case; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (BoloHitRow, bolo_hit_row, GTK_TYPE_WIDGET)

static void
update (BoloHitRow *self)
{
  static const char *const classes[] = {"unconfirmed", "confirmed", "closed"};
  const BoloHit *hit = bolo_hit_case_get_hit (self->hit_case);
  g_autofree char *category = bolo_hit_words_get_category (self->face, hit);
  g_autofree char *mark = bolo_face_format_mark (self->face, hit->sighting->text);
  g_autofree char *where = bolo_hit_words_get_where (self->face, hit->sighting);
  g_autofree char *name = NULL;

  bolo_symbol_set (self->symbol, bolo_hit_words_get_symbol (self->face, hit),
                   bolo_hit_words_get_colour (self->face, hit), category);
  bolo_plate_view_set_outlines (self->plate, bolo_face_get_outlines (self->face));
  bolo_plate_view_set_mark (self->plate, mark, bolo_hit_words_get_differs (hit));
  gtk_label_set_text (self->category, category);
  gtk_label_set_text (self->state, bolo_hit_words_is_exact (hit)
                                     ? bolo_hit_words_get_state (self->hit_case)
                                     : _ ("NOT EXACT"));
  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->state), classes[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->state),
                            bolo_hit_words_get_state_class (self->hit_case));
  gtk_label_set_text (self->where, where);
  /* Translators: accessible name of a hit in a list: category, mark, state */
  name =
    g_strdup_printf (_ ("%s, %s, %s"), category, mark, bolo_hit_words_get_state (self->hit_case));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
on_case_changed (BoloHitCase *hit_case, GParamSpec *pspec, BoloHitRow *self)
{
  update (self);
}

static void
bolo_hit_row_dispose (GObject *object)
{
  BoloHitRow *self = BOLO_HIT_ROW (object);

  bolo_hit_row_set_case (self, self->face, NULL);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->face);

  G_OBJECT_CLASS (bolo_hit_row_parent_class)->dispose (object);
}

static void
bolo_hit_row_class_init (BoloHitRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_hit_row_dispose;

  g_type_ensure (BOLO_TYPE_SYMBOL);
  g_type_ensure (BOLO_TYPE_PLATE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-hit-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloHitRow, box);
  gtk_widget_class_bind_template_child (widget_class, BoloHitRow, columns);
  gtk_widget_class_bind_template_child (widget_class, BoloHitRow, symbol);
  gtk_widget_class_bind_template_child (widget_class, BoloHitRow, plate);
  gtk_widget_class_bind_template_child (widget_class, BoloHitRow, category);
  gtk_widget_class_bind_template_child (widget_class, BoloHitRow, state);
  gtk_widget_class_bind_template_child (widget_class, BoloHitRow, where);
  gtk_widget_class_set_css_name (widget_class, "hitrow");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_hit_row_init (BoloHitRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

BoloHitRow *
bolo_hit_row_new (void)
{
  return g_object_new (BOLO_TYPE_HIT_ROW, NULL);
}

void
bolo_hit_row_set_case (BoloHitRow *self, BoloFace *face, BoloHitCase *hit_case)
{
  g_return_if_fail (BOLO_IS_HIT_ROW (self));

  if (face != NULL)
    g_set_object (&self->face, face);
  if (self->hit_case == hit_case)
    return;
  if (self->hit_case != NULL)
    g_signal_handlers_disconnect_by_data (self->hit_case, self);
  g_set_object (&self->hit_case, hit_case);
  if (hit_case == NULL)
    return;
  g_signal_connect_object (hit_case, "notify::hit", G_CALLBACK (on_case_changed), self, 0);
  g_signal_connect_object (hit_case, "notify::state", G_CALLBACK (on_case_changed), self, 0);
  update (self);
}

void
bolo_hit_row_set_narrow (BoloHitRow *self, gboolean is_narrow)
{
  g_return_if_fail (BOLO_IS_HIT_ROW (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->columns), is_narrow
                                                                    ? GTK_ORIENTATION_VERTICAL
                                                                    : GTK_ORIENTATION_HORIZONTAL);
}

void
bolo_hit_row_set_plate_height (BoloHitRow *self, double height_mm)
{
  g_return_if_fail (BOLO_IS_HIT_ROW (self));
  g_object_set (self->plate, "height-mm", height_mm, NULL);
}

BoloHitCase *
bolo_hit_row_get_case (BoloHitRow *self)
{
  g_return_val_if_fail (BOLO_IS_HIT_ROW (self), NULL);
  return self->hit_case;
}
