/* bolo-clone.c: another sighting of the same mark, where one vehicle cannot have been
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-clone.h"

static void
clone_clear (gpointer data)
{
  BoloClone *self = data;

  g_free (self->sighting);
  g_free (self->camera);
}

BoloClone *
bolo_clone_new (void)
{
  return g_atomic_rc_box_new0 (BoloClone);
}

BoloClone *
bolo_clone_ref (const BoloClone *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloClone *) self);
}

void
bolo_clone_unref (const BoloClone *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full ((BoloClone *) self, clone_clear);
}
