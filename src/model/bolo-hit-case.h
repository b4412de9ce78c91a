/* bolo-hit-case.h: one open encounter as a face shows it: the hit and what was said of it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

#include "bolo-disposition.h"
#include "bolo-hit.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_HIT_NEW,
  BOLO_HIT_SEEN,
  BOLO_HIT_PLATE_MATCHES, /* UNCONFIRMED until a check is recorded */
  BOLO_HIT_CONFIRMED,
  BOLO_HIT_MISREAD,
  BOLO_HIT_SILENCED,
} BoloHitState;

/* BoloHitCase: one encounter. Lives on main. Properties, all notified:
 *  "hit" (its newest hit; boxed pointer), "state" (BoloHitState as int), "is-stored" (what was
 *  announced as durable), "sightings" (how many passes it has met), "cameras" (text).
 * It never leaves by itself: a face may move handled ones out of the way, the list keeps them. */
#define BOLO_TYPE_HIT_CASE (bolo_hit_case_get_type ())
G_DECLARE_FINAL_TYPE (BoloHitCase, bolo_hit_case, BOLO, HIT_CASE, GObject)

BoloHitCase *bolo_hit_case_new (const BoloHit *hit);
/* (transfer none) */
const BoloHit *bolo_hit_case_get_hit (BoloHitCase *self);
/* A later or better hit of the same encounter: the card is updated, never sounded again. */
void bolo_hit_case_update (BoloHitCase *self, const BoloHit *hit);
BoloHitState bolo_hit_case_get_state (BoloHitCase *self);
/* Moves on by the rules (a confirmed one is never unconfirmed by "seen"). FALSE: nothing changed.
 */
gboolean bolo_hit_case_apply (BoloHitCase *self, BoloDispositionKind kind);
/* Wants an officer's answer still: new, seen or plate-matches. */
gboolean bolo_hit_case_is_open (BoloHitCase *self);
gboolean bolo_hit_case_get_is_stored (BoloHitCase *self);
void bolo_hit_case_set_is_stored (BoloHitCase *self, gboolean is_stored);
guint bolo_hit_case_get_sightings (BoloHitCase *self);
/* Camera names joined by ", " (transfer none). */
const char *bolo_hit_case_get_cameras (BoloHitCase *self);

G_END_DECLS
