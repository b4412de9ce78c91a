/* bolo-sync-page.h: what is to go to the station, how far it has come, and the end of a shift
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"

G_BEGIN_DECLS

/* BoloSyncPage: of the operator's level only: it shows marks that other cars met. Signal
 * "hits-asked" (): the officer wants the hits that are not resolved yet. */
#define BOLO_TYPE_SYNC_PAGE (bolo_sync_page_get_type ())
G_DECLARE_FINAL_TYPE (BoloSyncPage, bolo_sync_page, BOLO, SYNC_PAGE, GtkWidget)

/* Once. */
void bolo_sync_page_set_face (BoloSyncPage *self, BoloFace *face);
/* How many hits nobody has said anything final of. */
void bolo_sync_page_set_open_hits (BoloSyncPage *self, guint n_open);

G_END_DECLS
