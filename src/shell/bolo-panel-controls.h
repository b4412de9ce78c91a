/* bolo-panel-controls.h: how loud and how bright, by touch
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "bolo-settings.h"

G_BEGIN_DECLS

/* BoloPanelControls: main. Neither can be brought to nothing here: a hit must be heard and read. */
#define BOLO_TYPE_PANEL_CONTROLS (bolo_panel_controls_get_type ())
G_DECLARE_FINAL_TYPE (BoloPanelControls, bolo_panel_controls, BOLO, PANEL_CONTROLS, GtkWidget)

/* Icons and figures only, for larger letters. */
void bolo_panel_controls_set_brief (BoloPanelControls *self);
/* Once. */
void bolo_panel_controls_set_settings (BoloPanelControls *self, BoloSettings *settings);

G_END_DECLS
