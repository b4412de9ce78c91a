/* bolo-read-row.h: one sighting: its patch, its mark as a plate, camera and time
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"

G_BEGIN_DECLS

#define BOLO_TYPE_READ_ROW (bolo_read_row_get_type ())
G_DECLARE_FINAL_TYPE (BoloReadRow, bolo_read_row, BOLO, READ_ROW, GtkWidget)

void bolo_read_row_set_sighting (BoloReadRow *self, BoloFace *face, const BoloSighting *sighting);
/* (transfer none) (nullable) */
const BoloSighting *bolo_read_row_get_sighting (BoloReadRow *self);

G_END_DECLS
