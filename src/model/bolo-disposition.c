/* bolo-disposition.c: what an officer said of a hit
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-disposition.h"

static void
disposition_clear (gpointer data)
{
  BoloDisposition *self = data;

  g_free (self->id);
  g_free (self->hit);
  g_free (self->officer);
  g_free (self->checked_by);
  g_free (self->checked_how);
}

BoloDisposition *
bolo_disposition_new (void)
{
  return g_atomic_rc_box_new0 (BoloDisposition);
}

BoloDisposition *
bolo_disposition_ref (const BoloDisposition *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloDisposition *) self);
}

void
bolo_disposition_unref (const BoloDisposition *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full ((BoloDisposition *) self, disposition_clear);
}

const char *
bolo_disposition_kind_to_string (BoloDispositionKind kind)
{
  switch (kind) {
  case BOLO_DISPOSITION_SEEN:
    return "seen";
  case BOLO_DISPOSITION_PLATE_MATCHES:
    return "plate-matches";
  case BOLO_DISPOSITION_CONFIRMED:
    return "confirmed";
  case BOLO_DISPOSITION_MISREAD:
    return "misread";
  case BOLO_DISPOSITION_SILENCED:
    return "silenced";
  default:
    g_return_val_if_reached (NULL);
  }
}
