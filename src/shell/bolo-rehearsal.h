/* bolo-rehearsal.h: the hit card, painted once before the first hit has to wait for that
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hit-card.h"

G_BEGIN_DECLS

/* BoloRehearsal: while it is there, a made-up hit is on the card, so faint that nobody sees it, for
 * a frame in each level. Styles, fonts and symbols are looked up then: 150 ms and more, which the
 * first hit's card need not take. Main. */
typedef struct _BoloRehearsal BoloRehearsal;

typedef void (*BoloRehearsalDone) (gpointer user_data);

/* The card has to come to the front by itself. @done is called once all was painted. */
BoloRehearsal *bolo_rehearsal_new (BoloHitCard *card, BoloRehearsalDone done, gpointer user_data);
/* Leaves the card empty, at any time; its level is to be set again. */
void bolo_rehearsal_free (BoloRehearsal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloRehearsal, bolo_rehearsal_free)

G_END_DECLS
