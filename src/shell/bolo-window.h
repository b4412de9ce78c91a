/* bolo-window.h: the terminal's one window: what is on it, in which level
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

#include "bolo-case-queue.h"
#include "bolo-face.h"
#include "bolo-live-page.h"
#include "bolo-settings.h"

G_BEGIN_DECLS

/* After another hit came to the card, or the level changed, buttons take no tap for so long. */
#define BOLO_GUARD_MS 600

/* BoloWindow: main. Signal "hit-shown" (BoloHitCase): a hit that has just come is on the card. */
#define BOLO_TYPE_WINDOW (bolo_window_get_type ())
G_DECLARE_FINAL_TYPE (BoloWindow, bolo_window, BOLO, WINDOW, AdwApplicationWindow)

/* @application: (nullable), for tests. @theme: (nullable): "auto", "day", "night"; NULL: settings.
 */
BoloWindow *bolo_window_new (GtkApplication *application,
                             BoloFace *face,
                             BoloSettings *settings,
                             BoloSeat seat,
                             const char *theme);
BoloLevel bolo_window_get_level (BoloWindow *self);
/* (transfer none) */
BoloCaseQueue *bolo_window_get_queue (BoloWindow *self);
BoloLivePage *bolo_window_get_live_page (BoloWindow *self);
/* Before the window is presented: paints the hit card once, unseen, so that the first hit's is as
 * quick as the next one's. */
void bolo_window_rehearse (BoloWindow *self);
gboolean bolo_window_is_rehearsing (BoloWindow *self);
gboolean bolo_window_is_guarded (BoloWindow *self);

G_END_DECLS
