/* bolo-clock-offset.h: how far our clock is from GPS time: the median of recent differences
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOLO_CLOCK_OFFSET_WINDOW 15

/* BoloClockOffset: plain struct, zeroed is empty; not thread-safe. */
typedef struct {
  gint64 differences_us[BOLO_CLOCK_OFFSET_WINDOW];
  guint count;
  guint next;
} BoloClockOffset;

/* @difference_us: our clock when a report came, less the GPS time in it. */
void bolo_clock_offset_add (BoloClockOffset *self, gint64 difference_us);
void bolo_clock_offset_clear (BoloClockOffset *self);
/* G_MININT64 while empty. */
gint64 bolo_clock_offset_get_median_us (const BoloClockOffset *self);

G_END_DECLS
