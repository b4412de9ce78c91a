/* bolo-position.h: where the car is and was, and how far its clock is from GPS time
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

#include "bolo-clock.h"
#include "bolo-fix.h"
#include "bolo-health.h"

G_BEGIN_DECLS

/* BoloPosition: measurements from gpsd or from a recording's track, and the fix at any instant
 * between them.
 *
 * Signals, in the context given at construction:
 *   "fix" (const BoloFix *, valid during the call): a new measurement, on our clock
 *   "health" (const BoloHealth *, valid during the call): a change of "gps" or "clock" */
#define BOLO_TYPE_POSITION (bolo_position_get_type ())
G_DECLARE_FINAL_TYPE (BoloPosition, bolo_position, BOLO, POSITION, GObject)

/* Reads from gpsd at @host and @port ("2947"). @context (nullable): the default one.
 * (transfer full) */
BoloPosition *bolo_position_new_gpsd (const char *host,
                                      const char *port,
                                      BoloClock *clock,
                                      GMainContext *context);
/* Reads the whole of @path at once (NMEA with RMC, at most 64 MiB). @start_utc_us: when the
 * recording begins; sentences dated before it by more than a day are an error, as the track is
 * then not this recording's. (transfer full), NULL with one clear sentence in @error. */
BoloPosition *bolo_position_new_replay (
  const char *path, gint64 start_utc_us, BoloClock *clock, GMainContext *context, GError **error);

/* From which difference to GPS time the clock is shown as wrong; default 1 s. Before start. */
void bolo_position_set_clock_warning (BoloPosition *self, gint64 difference_us);

/* Owner, in the context. Returns at once; what comes of it is health. */
void bolo_position_start (BoloPosition *self);
/* Owner; must come before the last unref of a started position. FALSE when that took longer than
 * @deadline_ms (it then ends by itself). Idempotent. */
gboolean bolo_position_stop (BoloPosition *self, guint deadline_ms);
/* Owner, in the context. Replay: tells what became known since the last call; with a manual clock
 * patrol calls this after each step, with others a timer of the context does. gpsd: nothing. */
void bolo_position_poll (BoloPosition *self);

/* Any thread. (transfer full) (nullable): where the car was at @utc_us of our clock; NULL where
 * that is not known. */
BoloFix *bolo_position_get_fix_at (BoloPosition *self, gint64 utc_us);
/* Any thread. (transfer full) (nullable): where it is now. */
BoloFix *bolo_position_get_current (BoloPosition *self);
/* Any thread. Our clock less GPS time; G_MININT64 while unknown. */
gint64 bolo_position_get_clock_offset_us (BoloPosition *self);
/* Any thread. (transfer full): the state told last. @what: "gps" or "clock". */
BoloHealth *bolo_position_get_health (BoloPosition *self, const char *what);

G_END_DECLS
