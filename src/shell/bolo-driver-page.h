/* bolo-driver-page.h: what a driver may see while no hit is on the card
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"
#include "bolo-settings.h"

G_BEGIN_DECLS

/* BoloDriverPage: whether Bolo reads, and the last hits as symbol and mark; loudness and
 * brightness a tap a step. No picture, no free text, nothing that scrolls. Main. Signal
 * "case-chosen" (BoloHitCase). */
#define BOLO_TYPE_DRIVER_PAGE (bolo_driver_page_get_type ())
G_DECLARE_FINAL_TYPE (BoloDriverPage, bolo_driver_page, BOLO, DRIVER_PAGE, GtkWidget)

void bolo_driver_page_set_face (BoloDriverPage *self, BoloFace *face);
/* For loudness and brightness; once. */
void bolo_driver_page_set_settings (BoloDriverPage *self, BoloSettings *settings);
/* Offers "win.take-seat": nobody has signed on and the driver cannot now. */
void bolo_driver_page_set_offers_seat (BoloDriverPage *self, gboolean offers_seat);

G_END_DECLS
