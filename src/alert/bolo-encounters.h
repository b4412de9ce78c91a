/* bolo-encounters.h: makes hits of matches, and one alarm of all the hits of one encounter
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-alert-policy.h"
#include "bolo-clock.h"
#include "bolo-id.h"

G_BEGIN_DECLS

/* BoloEncounters: remembers whom the car met. Main thread; no I/O; same calls, same answers. */
typedef struct _BoloEncounters BoloEncounters;

BoloEncounters *bolo_encounters_new (BoloAlertPolicy *policy, BoloIdSource *ids, BoloClock *clock);
void bolo_encounters_free (BoloEncounters *self);

/* Takes a sighting in any state with what it matched (@matches (nullable): none; not changed).
 *
 * Returns (transfer full) (nullable) the hit to show and keep, NULL when there is nothing to show.
 * A later state of the same sighting gives the same hit id; another pass of the same encounter a
 * new hit id with the same encounter. A sighting whose corrected text matches nothing any more
 * gives its hit again, quiet, with the corrected sighting: it stays on screen and is marked.
 *
 * @sounds (out): TRUE at most once an encounter: announce this hit now.
 * @covert (out) (transfer full) (nullable): the hit that is journalled only, when covert entries
 * matched, alone or beside others, or the vehicle is one's own. Never shown, sounded or notified.
 */
BoloHit *bolo_encounters_add (BoloEncounters *self,
                              const BoloSighting *sighting,
                              GPtrArray *matches,
                              gboolean *sounds,
                              BoloHit **covert);
/* An officer silenced or dismissed it: it will not sound again while it lasts. */
void bolo_encounters_silence (BoloEncounters *self, const char *encounter);
guint bolo_encounters_get_n_open (BoloEncounters *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloEncounters, bolo_encounters_free)

G_END_DECLS
