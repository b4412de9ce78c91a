/* bolo-reads-list.c: the newest reads, at most six, replaced rather than scrolled
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-reads-list.h"

struct _BoloReadsList {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkBox *rows;
  GtkLabel *count;

  BoloFace *face;                     /* (owned) (nullable) */
  BoloReadRow *order[BOLO_READS_MAX]; /* top to bottom; children of rows */
  guint n_shown;
  guint64 n_reads;
};

G_DEFINE_FINAL_TYPE (BoloReadsList, bolo_reads_list, GTK_TYPE_WIDGET)

static void
bolo_reads_list_dispose (GObject *object)
{
  BoloReadsList *self = BOLO_READS_LIST (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->face);

  G_OBJECT_CLASS (bolo_reads_list_parent_class)->dispose (object);
}

static void
bolo_reads_list_class_init (BoloReadsListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bolo_reads_list_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/boloanpr/Bolo/ui/bolo-reads-list.ui");
  gtk_widget_class_bind_template_child (widget_class, BoloReadsList, box);
  gtk_widget_class_bind_template_child (widget_class, BoloReadsList, rows);
  gtk_widget_class_bind_template_child (widget_class, BoloReadsList, count);
  gtk_widget_class_set_css_name (widget_class, "readslist");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bolo_reads_list_init (BoloReadsList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < BOLO_READS_MAX; i++) {
    self->order[i] = g_object_new (BOLO_TYPE_READ_ROW, NULL);
    /* Keeps its room from the start, so that nothing moves when the first reads come. */
    gtk_widget_set_opacity (GTK_WIDGET (self->order[i]), 0);
    gtk_box_append (self->rows, GTK_WIDGET (self->order[i]));
  }
}

void
bolo_reads_list_set_face (BoloReadsList *self, BoloFace *face)
{
  g_return_if_fail (BOLO_IS_READS_LIST (self));
  g_set_object (&self->face, face);
}

static gboolean
update_shown (BoloReadsList *self, const BoloSighting *sighting)
{
  for (guint i = 0; i < self->n_shown; i++) {
    if (g_strcmp0 (bolo_read_row_get_sighting (self->order[i])->id, sighting->id) == 0) {
      bolo_read_row_set_sighting (self->order[i], self->face, sighting);
      return TRUE;
    }
  }
  return FALSE;
}

void
bolo_reads_list_add (BoloReadsList *self, const BoloSighting *sighting)
{
  BoloReadRow *row;
  g_autofree char *count = NULL;

  g_return_if_fail (BOLO_IS_READS_LIST (self));
  g_return_if_fail (self->face != NULL && sighting != NULL);

  if (update_shown (self, sighting))
    return;
  /* The closing state of one that has left the list is no news. */
  if (sighting->state == BOLO_SIGHTING_CLOSED && self->n_shown == BOLO_READS_MAX &&
      sighting->captured_us <
        bolo_read_row_get_sighting (self->order[BOLO_READS_MAX - 1])->captured_us)
    return;

  /* The lowest row goes to the top: its picture is decoded anew, the others keep theirs. */
  row = self->order[BOLO_READS_MAX - 1];
  for (guint i = BOLO_READS_MAX - 1; i > 0; i--)
    self->order[i] = self->order[i - 1];
  self->order[0] = row;
  gtk_box_reorder_child_after (self->rows, GTK_WIDGET (row), NULL);
  bolo_read_row_set_sighting (row, self->face, sighting);
  gtk_widget_set_opacity (GTK_WIDGET (row), 1);
  self->n_shown = MIN (self->n_shown + 1, BOLO_READS_MAX);
  self->n_reads++;
  count = g_strdup_printf ("%" G_GUINT64_FORMAT, self->n_reads);
  gtk_label_set_text (self->count, count);
}

guint
bolo_reads_list_get_n_shown (BoloReadsList *self)
{
  g_return_val_if_fail (BOLO_IS_READS_LIST (self), 0);
  return self->n_shown;
}

BoloReadRow *
bolo_reads_list_get_row (BoloReadsList *self, guint index)
{
  g_return_val_if_fail (BOLO_IS_READS_LIST (self), NULL);
  return index < self->n_shown ? self->order[index] : NULL;
}
