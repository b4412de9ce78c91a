/* bolo-plate-view.h: a mark drawn as a UK number plate
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"

G_BEGIN_DECLS

/* BoloPlateView: a mark in the prescribed characters on a plate; a character that differs is boxed
 * and underlined. Its accessible name is the mark, spelled. Main. Properties: "height-mm" (of the
 * plate), "label" (what the mark is, for the accessible name: "Listed"). */
#define BOLO_TYPE_PLATE_VIEW (bolo_plate_view_get_type ())
G_DECLARE_FINAL_TYPE (BoloPlateView, bolo_plate_view, BOLO, PLATE_VIEW, GtkWidget)

/* @outlines: (nullable): a bold font is used without. */
void bolo_plate_view_set_outlines (BoloPlateView *self, BoloOutlines *outlines);
/* @text: spaced for display; (nullable): an empty plate. Bit n of @differs marks the n-th
 * character, spaces not counted. */
void bolo_plate_view_set_mark (BoloPlateView *self, const char *text, guint differs);
const char *bolo_plate_view_get_text (BoloPlateView *self);
guint bolo_plate_view_get_differs (BoloPlateView *self);

G_END_DECLS
