/* bolo-preview.h: which frame of a camera to show, so that its plates' boxes belong to it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-frame.h"
#include "bolo-mailbox.h"
#include "bolo-reading.h"

G_BEGIN_DECLS

/* BoloPreview: takes frames from a preview mailbox and holds each back until the readers have
 * looked at it or passed it by, at most 250 ms, so that a box is drawn on the very frame in which
 * it was found. Plain, for one thread. */
typedef struct _BoloPreview BoloPreview;

/* Both are referenced; @looks is (nullable): nothing is held back then. */
BoloPreview *bolo_preview_new (BoloMailbox *frames, BoloLookBoard *looks);
void bolo_preview_free (BoloPreview *self);
/* @now_us: monotonic. A frame newer than any before it, or NULL when there is nothing new to show.
 * (transfer full). *has_looks tells whether @looks was filled for this very frame. */
const BoloFrame *
bolo_preview_step (BoloPreview *self, gint64 now_us, BoloLooks *looks, gboolean *has_looks);
/* Forgets what is held back. */
void bolo_preview_clear (BoloPreview *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloPreview, bolo_preview_free)

G_END_DECLS
