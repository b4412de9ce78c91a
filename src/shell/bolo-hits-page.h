/* bolo-hits-page.h: all hits of the shift, newest first
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"

G_BEGIN_DECLS

/* BoloHitsPage: main. Signal "case-chosen" (BoloHitCase). */
#define BOLO_TYPE_HITS_PAGE (bolo_hits_page_get_type ())
G_DECLARE_FINAL_TYPE (BoloHitsPage, bolo_hits_page, BOLO, HITS_PAGE, GtkWidget)

void bolo_hits_page_set_face (BoloHitsPage *self, BoloFace *face);

G_END_DECLS
