/* bolo-live-page.h: the operator's live page: camera tiles, newest reads, newest hits
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"

G_BEGIN_DECLS

/* BoloLivePage: main. Signal "case-chosen" (BoloHitCase): the officer tapped a hit. */
#define BOLO_TYPE_LIVE_PAGE (bolo_live_page_get_type ())
G_DECLARE_FINAL_TYPE (BoloLivePage, bolo_live_page, BOLO, LIVE_PAGE, GtkWidget)

void bolo_live_page_set_face (BoloLivePage *self, BoloFace *face);
/* Frames shown so far by all tiles, and how many tiles there are. */
guint64 bolo_live_page_get_n_shown (BoloLivePage *self);
guint bolo_live_page_get_n_tiles (BoloLivePage *self);

G_END_DECLS
