/* bolo-clone.h: another sighting of the same mark, where one vehicle cannot have been
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloClone: "possible clone". Immutable, atomically counted. */
typedef struct {
  char *sighting; /* the other one */
  char *camera;
  gint64 at_us;      /* UTC of it */
  double distance_m; /* between the two fixes */
  double needed_mps; /* at least, all that is not known well taken in the vehicle's favour */
} BoloClone;

BoloClone *bolo_clone_new (void);
BoloClone *bolo_clone_ref (const BoloClone *self);
void bolo_clone_unref (const BoloClone *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloClone, bolo_clone_unref)

G_END_DECLS
