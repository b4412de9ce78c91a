/* bolo-desk-panel.h: asks for a watch entry, a search or a silence, by touch
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"
#include "bolo-hit.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_DESK_PANEL_WATCH,
  BOLO_DESK_PANEL_SEARCH,
  BOLO_DESK_PANEL_SILENCE,
} BoloDeskPanelKind;

/* BoloDeskPanel: keypad and choices; what is asked is audited by the engine before it is done, and
 * the answer stands here. For the operator level only. Main. Signal "left": the officer is done
 * with it. */
#define BOLO_TYPE_DESK_PANEL (bolo_desk_panel_get_type ())
G_DECLARE_FINAL_TYPE (BoloDeskPanel, bolo_desk_panel, BOLO, DESK_PANEL, GtkWidget)

/* @match (nullable): whose entry is to be silenced. */
void bolo_desk_panel_start (BoloDeskPanel *self,
                            BoloFace *face,
                            BoloDeskPanelKind kind,
                            const BoloMatch *match);

G_END_DECLS
