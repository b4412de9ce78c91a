/* bolo-health-board.c: the newest state of each part of the equipment
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-health-board.h"

struct _BoloHealthBoard {
  GPtrArray *all; /* (owned) of BoloHealth */
};

BoloHealthBoard *
bolo_health_board_new (void)
{
  BoloHealthBoard *self = g_new0 (BoloHealthBoard, 1);

  self->all = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_health_unref);
  return self;
}

void
bolo_health_board_free (BoloHealthBoard *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->all);
  g_free (self);
}

gboolean
bolo_health_board_put (BoloHealthBoard *self, const BoloHealth *health)
{
  g_return_val_if_fail (self != NULL && health != NULL, FALSE);

  for (guint i = 0; i < self->all->len; i++) {
    const BoloHealth *old = g_ptr_array_index (self->all, i);

    if (g_strcmp0 (old->what, health->what) != 0)
      continue;
    if (old->state == health->state && g_strcmp0 (old->detail, health->detail) == 0)
      return FALSE;
    self->all->pdata[i] = bolo_health_ref (health);
    bolo_health_unref (old);
    return TRUE;
  }
  g_ptr_array_add (self->all, bolo_health_ref (health));
  return TRUE;
}

GPtrArray *
bolo_health_board_get_all (BoloHealthBoard *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->all;
}
