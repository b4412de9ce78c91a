/* bolo-list-entry.c: a wanted mark and why it is wanted
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-entry.h"

static void
list_entry_clear (gpointer data)
{
  BoloListEntry *self = data;

  g_free (self->list);
  g_free (self->list_kind);
  g_free (self->entry_id);
  g_free (self->plate);
  g_free (self->plate_folded);
  g_free (self->make);
  g_free (self->model);
  g_free (self->colour);
  g_free (self->action_text);
  g_strfreev (self->markers);
  g_free (self->reason);
  g_free (self->grading);
  g_free (self->information);
  g_free (self->force);
  g_free (self->pnc_id);
  g_free (self->marking);
  g_free (self->cad);
  g_free (self->instructions);
  g_free (self->source_reference);
  g_free (self->list_revision);
}

BoloListEntry *
bolo_list_entry_new (void)
{
  BoloListEntry *self = g_atomic_rc_box_new0 (BoloListEntry);

  self->weed_us = G_MAXINT64;
  return self;
}

BoloListEntry *
bolo_list_entry_ref (const BoloListEntry *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloListEntry *) self);
}

void
bolo_list_entry_unref (const BoloListEntry *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full ((BoloListEntry *) self, list_entry_clear);
}

gboolean
bolo_list_entry_is_weeded (const BoloListEntry *self, gint64 now_us)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return now_us >= self->weed_us;
}
