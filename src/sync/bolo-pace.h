/* bolo-pace.h: how much to send at a time, and how long to wait after a failure; pure
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* BoloPace: one link's. Plain data; zeroes are a link of which nothing is known. */
typedef struct {
  double rate_bps;  /* bytes a second, smoothed; 0: not known */
  gsize last_bytes; /* that the last batch had, or might have had */
  guint n_failures; /* in a row */
} BoloPace;

#define BOLO_PACE_FIRST_BYTES (32 * 1024)
#define BOLO_PACE_MIN_BYTES (8 * 1024)
#define BOLO_PACE_WAIT_MAX_S 300

/* Bytes for the next batch: about a second of the link, at most four times the last one, so that
 * what is urgent never stands behind more than that. @max: what the other side takes. */
gsize bolo_pace_get_bytes (const BoloPace *self, gsize max);
/* For what has not been sent over the link yet, where it is known how fast texts go, which are
 * packed to a sixth at best: a careful guess instead of small steps from nothing. */
void bolo_pace_begin_like (BoloPace *self, const BoloPace *texts);
/* A batch of @bytes, with @room for so many, has taken @us from its first byte to the answer. Items
 * do not always fill the room: what follows grows by the room, and by the rate. */
void bolo_pace_note_sent (BoloPace *self, gsize bytes, gsize room, gint64 us);
/* It broke off: what follows is small again. Returns how long to wait before the next try in
 * microseconds: 1 s doubled up to 300 s, shortened by a random part of up to a half, which
 * @random (from 0 to 1) decides. @refused: at once the longest. @asked_s: what the other side asked
 * for, at least. */
gint64 bolo_pace_note_failure (BoloPace *self, gboolean refused, guint asked_s, double random);
/* The link is there again, or something came through. */
void bolo_pace_forget_failures (BoloPace *self);

G_END_DECLS
