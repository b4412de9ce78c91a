/* bolo-status-line.h: cameras, GPS, clock, lists, storage and sound, an icon and a word each
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"

G_BEGIN_DECLS

/* BoloStatusLine: always on screen, in both levels; also tells the level and the time. Main. */
#define BOLO_TYPE_STATUS_LINE (bolo_status_line_get_type ())
G_DECLARE_FINAL_TYPE (BoloStatusLine, bolo_status_line, BOLO, STATUS_LINE, GtkWidget)

void bolo_status_line_set_face (BoloStatusLine *self, BoloFace *face);
void bolo_status_line_set_level (BoloStatusLine *self, BoloLevel level);
/* Speech says no category and no mark: said where sound is. */
void bolo_status_line_set_discreet (BoloStatusLine *self, gboolean is_discreet);
/* The time of day; called each second. */
void bolo_status_line_update (BoloStatusLine *self);

G_END_DECLS
