/* bolo-measure.h: how smoothly the terminal ran: frame clock, main loop, tiles, hit to card
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"
#include "bolo-live-page.h"

G_BEGIN_DECLS

/* BoloMeasure: main. It keeps the frame clock running, so that its intervals mean something. */
typedef struct _BoloMeasure BoloMeasure;

BoloMeasure *bolo_measure_new (BoloFace *face, GtkWidget *window, BoloLivePage *page);
void bolo_measure_free (BoloMeasure *self);
/* A hit that has just come is on the card; its time ends when that frame is painted. */
void bolo_measure_add_hit (BoloMeasure *self, const BoloHit *hit);
/* Stops measuring; the window may go. */
void bolo_measure_stop (BoloMeasure *self);
/* One JSON object. (transfer full) */
char *bolo_measure_to_json (BoloMeasure *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloMeasure, bolo_measure_free)

G_END_DECLS
