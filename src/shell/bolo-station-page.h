/* bolo-station-page.h: what is to go to the station, how far it has come, and the end of a shift
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"

G_BEGIN_DECLS

/* BoloStationPage: of the operator's level only: it shows marks that other cars met. Signal
 * "hits-asked" (): the officer wants the hits that are not resolved yet. */
#define BOLO_TYPE_STATION_PAGE (bolo_station_page_get_type ())
G_DECLARE_FINAL_TYPE (BoloStationPage, bolo_station_page, BOLO, STATION_PAGE, GtkWidget)

/* Once. */
void bolo_station_page_set_face (BoloStationPage *self, BoloFace *face);
/* How many hits nobody has said anything final of. */
void bolo_station_page_set_open_hits (BoloStationPage *self, guint n_open);

G_END_DECLS
