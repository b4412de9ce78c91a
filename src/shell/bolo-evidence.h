/* bolo-evidence.h: a kept picture (plate patch, overview), decoded off the main loop
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-face.h"

G_BEGIN_DECLS

/* BoloEvidence: shows a JPEG or PNG, or says that there is none. Main. Property "label": what the
 * picture is, for the accessible name. "fills": its edges may be cut off to fill the place. */
#define BOLO_TYPE_EVIDENCE (bolo_evidence_get_type ())
G_DECLARE_FINAL_TYPE (BoloEvidence, bolo_evidence, BOLO, EVIDENCE, GtkWidget)

/* @picture: (nullable). What was shown before goes at once: a picture never stands beside another
 * vehicle's mark. The same bytes again change nothing. */
void bolo_evidence_set_picture (BoloEvidence *self, BoloFace *face, GBytes *picture);
/* Whether a decoded picture is shown. */
gboolean bolo_evidence_has_picture (BoloEvidence *self);

G_END_DECLS
