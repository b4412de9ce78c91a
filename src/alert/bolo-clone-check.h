/* bolo-clone-check.h: a mark at two places that no vehicle could reach in the time
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-sighting.h"

G_BEGIN_DECLS

/* BoloCloneLimits: what no vehicle does. */
typedef struct {
  double speed_mps;  /* faster than this as the crow flies */
  double distance_m; /* over at least this far: nearer ones say more of the fix than of the car */
  gint64 kept_us;    /* older sightings are forgotten */
  guint max_kept;    /* marks remembered; the oldest go first */
} BoloCloneLimits;

/* BoloCloneCheck: where marks were seen last, by whomever. Main thread; no I/O; same calls, same
 * answers. */
typedef struct _BoloCloneCheck BoloCloneCheck;

BoloCloneCheck *bolo_clone_check_new (const BoloCloneLimits *limits);
void bolo_clone_check_free (BoloCloneCheck *self);
/* Takes a sighting, own or synced from elsewhere, in any order of time. (transfer full) (nullable):
 * the earlier or later one that it cannot be reconciled with, the one that needs the greatest
 * speed. Sightings without a fix, seen in one frame only, or that look like a misread
 * (@confidence below 0.9) are neither remembered nor judged: a misread is no clone. */
BoloClone *bolo_clone_check_take (BoloCloneCheck *self, const BoloSighting *sighting);
guint bolo_clone_check_get_n_kept (BoloCloneCheck *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloCloneCheck, bolo_clone_check_free)

G_END_DECLS
