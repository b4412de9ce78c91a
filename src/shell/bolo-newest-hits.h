/* bolo-newest-hits.h: the newest hit cases, each a button
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "bolo-face.h"

G_BEGIN_DECLS

/* Buttons of the newest two cases, the newest first; as many as there are. Main thread.
 *
 * Signals:
 * "case-chosen" (BoloHitCase *hit_case) one was tapped. */
#define BOLO_TYPE_NEWEST_HITS (bolo_newest_hits_get_type ())
G_DECLARE_FINAL_TYPE (BoloNewestHits, bolo_newest_hits, BOLO, NEWEST_HITS, GtkBox)

/* Once. */
void bolo_newest_hits_set_face (BoloNewestHits *self, BoloFace *face);
/* How high the marks are shown, in mm. */
void bolo_newest_hits_set_plate_height (BoloNewestHits *self, double height_mm);
/* For buttons side by side: they share the width, each in two rows. */
void bolo_newest_hits_set_side_by_side (BoloNewestHits *self);

G_END_DECLS
