/* bolo-hit-row.h: one hit in a list: symbol, mark, category, state
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"

G_BEGIN_DECLS

/* BoloHitRow: shows a case and follows its changes. Nothing on it is more than a driver may see. */
#define BOLO_TYPE_HIT_ROW (bolo_hit_row_get_type ())
G_DECLARE_FINAL_TYPE (BoloHitRow, bolo_hit_row, BOLO, HIT_ROW, GtkWidget)

BoloHitRow *bolo_hit_row_new (void);
/* @hit_case: (nullable) */
void bolo_hit_row_set_case (BoloHitRow *self, BoloFace *face, BoloHitCase *hit_case);
/* State and place below the mark instead of beside it. */
void bolo_hit_row_set_narrow (BoloHitRow *self, gboolean is_narrow);
void bolo_hit_row_set_plate_height (BoloHitRow *self, double height_mm);
/* (transfer none) (nullable) */
BoloHitCase *bolo_hit_row_get_case (BoloHitRow *self);

G_END_DECLS
