/* bolo-check-panel.h: records who confirmed a hit and how
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"

G_BEGIN_DECLS

/* BoloCheckPanel: control room or PNC, and the operator's name or the reference. Main. Signals
 * "recorded" (char *checked_by, char *checked_how) and "left" (). */
#define BOLO_TYPE_CHECK_PANEL (bolo_check_panel_get_type ())
G_DECLARE_FINAL_TYPE (BoloCheckPanel, bolo_check_panel, BOLO, CHECK_PANEL, GtkWidget)

/* What is being confirmed; the fields are emptied. */
void bolo_check_panel_start (BoloCheckPanel *self, BoloFace *face, const BoloHit *hit);

G_END_DECLS
