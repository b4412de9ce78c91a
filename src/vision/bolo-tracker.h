/* bolo-tracker.h: which readings of following frames are of one vehicle
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-reading.h"

G_BEGIN_DECLS

/* How long a track is kept for a plate that has gone from view, media time. */
#define BOLO_TRACKER_KEEP_US (2 * G_USEC_PER_SEC)

/* BoloTracker: one camera's tracks. Pure: no clock, no pixels; the same readings give the same
 * tracks. Not thread-safe.
 *
 * A plate of oncoming traffic is met in three to eight frames and never overlaps itself, so a
 * track is followed by its predicted place, its size and above all its text. Plates that differ
 * are never one track, near as they may stand; one text is one track, far as it may have moved. */
typedef struct _BoloTracker BoloTracker;

BoloTracker *bolo_tracker_new (void);
void bolo_tracker_free (BoloTracker *self);
/* Gives each of the @n readings of the frame captured at @captured_us (never falling) its track:
 * tracks[i], from 1; each track at most once. Readings without text are followed by place alone. */
void bolo_tracker_assign (
  BoloTracker *self, gint64 captured_us, const BoloReading *readings, guint n, guint64 *tracks);
/* Moves the numbers of tracks that were not seen for BOLO_TRACKER_KEEP_US before @now_us
 * (G_MAXINT64: all) to @ended (of guint64), oldest first. */
void bolo_tracker_end (BoloTracker *self, gint64 now_us, GArray *ended);
guint bolo_tracker_get_n_tracks (BoloTracker *self);

/* Edits (insert, drop, replace) from one text to the other, O and 0, I and 1 being the same;
 * texts longer than BOLO_MARK_MAX are cut. Pure. */
guint bolo_text_get_distance (const char *a, const char *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloTracker, bolo_tracker_free)

G_END_DECLS
