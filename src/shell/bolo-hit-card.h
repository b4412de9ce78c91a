/* bolo-hit-card.h: the hit over all else, in both levels
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"

G_BEGIN_DECLS

/* BoloHitCard: shows one case. Its buttons stand at the bottom, always in the same places, and
 * activate actions of the window: win.plate-matches (win.seen in the driver-safe level, where there
 * is no picture to compare), win.misread, win.silence, win.record-check, win.put-aside. A tap
 * anywhere else on it activates win.seen. Main.
 * Signals: "check-recorded" (char *checked_by, char *checked_how). */
#define BOLO_TYPE_HIT_CARD (bolo_hit_card_get_type ())
G_DECLARE_FINAL_TYPE (BoloHitCard, bolo_hit_card, BOLO, HIT_CARD, GtkWidget)

void bolo_hit_card_set_face (BoloHitCard *self, BoloFace *face);
/* @hit_case: (nullable). Another case closes the check panel. */
void bolo_hit_card_set_case (BoloHitCard *self, BoloHitCase *hit_case);
/* (transfer none) (nullable) */
BoloHitCase *bolo_hit_card_get_case (BoloHitCard *self);
void bolo_hit_card_set_level (BoloHitCard *self, BoloLevel level);
/* How many hits follow this one. */
void bolo_hit_card_set_waiting (BoloHitCard *self, guint waiting);
/* Opens the panel that records a check; operator level only. */
void bolo_hit_card_open_check (BoloHitCard *self);
gboolean bolo_hit_card_is_checking (BoloHitCard *self);
/* Shown as out of reach for the moment after a change. */
void bolo_hit_card_set_guarded (BoloHitCard *self, gboolean is_guarded);

G_END_DECLS
