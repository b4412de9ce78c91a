/* bolo-read-row.c: one sighting: its patch, its mark as a plate, camera and time
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-read-row.h"

#include <glib/gi18n-lib.h>

#include "bolo-evidence.h"
#include "bolo-hit-words.h"
#include "bolo-plate-view.h"

struct _BoloReadRow {
  GtkWidget parent_instance;

  GtkWidget *box;
  BoloEvidence *patch;
  BoloPlateView *plate;
  GtkLabel *where;
  GtkLabel *doubt;

  const BoloSighting *sighting; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (BoloReadRow, bolo_read_row, GTK_TYPE_WIDGET)

static void
bolo_read_row_dispose (GObject *object)
{
  BoloReadRow *self = BOLO_READ_ROW (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->sighting, bolo_sighting_unref);

  G_OBJECT_CLASS (bolo_read_row_parent_class)->dispose (object);
}

static void
bolo_read_row_class_init (BoloReadRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_read_row_dispose;

  g_type_ensure (BOLO_TYPE_EVIDENCE);
  g_type_ensure (BOLO_TYPE_PLATE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-read-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloReadRow, box);
  gtk_widget_class_bind_template_child (widget_class, BoloReadRow, patch);
  gtk_widget_class_bind_template_child (widget_class, BoloReadRow, plate);
  gtk_widget_class_bind_template_child (widget_class, BoloReadRow, where);
  gtk_widget_class_bind_template_child (widget_class, BoloReadRow, doubt);
  gtk_widget_class_set_css_name (widget_class, "readrow");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_read_row_init (BoloReadRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bolo_read_row_set_sighting (BoloReadRow *self, BoloFace *face, const BoloSighting *sighting)
{
  g_autofree char *mark = NULL;
  g_autofree char *where = NULL;

  g_return_if_fail (BOLO_IS_READ_ROW (self));
  g_return_if_fail (sighting != NULL);

  bolo_sighting_ref (sighting);
  g_clear_pointer (&self->sighting, bolo_sighting_unref);
  self->sighting = sighting;

  mark = bolo_face_format_mark (face, sighting->text);
  where = bolo_hit_words_get_where (face, sighting);
  bolo_evidence_set_picture (self->patch, face, sighting->patch_jpeg);
  bolo_plate_view_set_outlines (self->plate, bolo_face_get_outlines (face));
  bolo_plate_view_set_mark (self->plate, mark, 0);
  gtk_label_set_text (self->where, where);
  gtk_label_set_text (self->doubt, sighting->state == BOLO_SIGHTING_CORRECTED ? _ ("corrected")
                                   : sighting->is_single_look                 ? _ ("one picture")
                                                                              : "");
}

const BoloSighting *
bolo_read_row_get_sighting (BoloReadRow *self)
{
  g_return_val_if_fail (BOLO_IS_READ_ROW (self), NULL);
  return self->sighting;
}
