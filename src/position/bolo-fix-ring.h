/* bolo-fix-ring.h: measured positions in order of time, and the fix between them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-fix.h"

G_BEGIN_DECLS

/* Beside a measurement further away than this nothing is said. */
#define BOLO_FIX_RING_REACH_US (5 * G_USEC_PER_SEC)

/* BoloFixRing: pure values; not thread-safe. */
typedef struct _BoloFixRing BoloFixRing;

/* @capacity: how many measurements are kept, 0 for all. (transfer full) */
BoloFixRing *bolo_fix_ring_new (guint capacity);
void bolo_fix_ring_free (BoloFixRing *self);
/* FALSE when @fix is not newer than the newest one (a report sent twice), or lies at 0,0. */
gboolean bolo_fix_ring_add (BoloFixRing *self, const BoloFix *fix);
void bolo_fix_ring_clear (BoloFixRing *self);
guint bolo_fix_ring_get_length (BoloFixRing *self);
/* (transfer none) (nullable): the newest one not after @until_us; valid until the next change. */
const BoloFix *bolo_fix_ring_get_newest (BoloFixRing *self, gint64 until_us);
/* (transfer full) (nullable): the fix at @utc_us from measurements not after @until_us. */
BoloFix *bolo_fix_ring_get_at (BoloFixRing *self, gint64 utc_us, gint64 until_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloFixRing, bolo_fix_ring_free)

G_END_DECLS
