/* bolo-clock.h: the time of day and the monotonic time, fakeable for replay and tests
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* BoloClock: the only source of time in Bolo. Thread-safe.
 *  - system: UTC of the machine
 *  - running: UTC starts at a given instant and runs at a given rate (real-time replay)
 *  - manual: UTC stands until it is advanced (lock-step replay, tests)
 * Monotonic time follows the same mode, so that intervals are right in each. */
#define BOLO_TYPE_CLOCK (bolo_clock_get_type ())
G_DECLARE_FINAL_TYPE (BoloClock, bolo_clock, BOLO, CLOCK, GObject)

BoloClock *bolo_clock_new_system (void);
BoloClock *bolo_clock_new_running (gint64 start_utc_us, double rate);
BoloClock *bolo_clock_new_manual (gint64 start_utc_us);

gint64 bolo_clock_get_utc_us (BoloClock *self);
gint64 bolo_clock_get_monotonic_us (BoloClock *self);
gboolean bolo_clock_is_manual (BoloClock *self);
/* Manual clocks only: moves time forward (never back) and wakes all waiters. */
void bolo_clock_advance_to (BoloClock *self, gint64 utc_us);
/* Blocks the calling thread (never main) until UTC reaches @utc_us or @cancelled_fd-like stop:
 * returns FALSE if bolo_clock_release_waiters () was called instead. */
gboolean bolo_clock_wait_until (BoloClock *self, gint64 utc_us);
void bolo_clock_release_waiters (BoloClock *self);

/* "2026-03-14T17:20:00.123Z" and back; -1 on a malformed text. Any thread. */
char *bolo_time_format_utc (gint64 utc_us);
gint64 bolo_time_parse_utc (const char *text);

G_END_DECLS
