/* bolo-clock-offset.c: how far our clock is from GPS time: the median of recent differences
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-clock-offset.h"

void
bolo_clock_offset_add (BoloClockOffset *self, gint64 difference_us)
{
  g_return_if_fail (self != NULL);

  self->differences_us[self->next] = difference_us;
  self->next = (self->next + 1) % BOLO_CLOCK_OFFSET_WINDOW;
  self->count = MIN (self->count + 1, BOLO_CLOCK_OFFSET_WINDOW);
}

void
bolo_clock_offset_clear (BoloClockOffset *self)
{
  g_return_if_fail (self != NULL);

  self->count = 0;
  self->next = 0;
}

gint64
bolo_clock_offset_get_median_us (const BoloClockOffset *self)
{
  gint64 sorted[BOLO_CLOCK_OFFSET_WINDOW];

  g_return_val_if_fail (self != NULL, G_MININT64);

  if (self->count == 0)
    return G_MININT64;
  for (guint i = 0; i < self->count; i++) {
    guint at = i;

    for (; at > 0 && sorted[at - 1] > self->differences_us[i]; at--)
      sorted[at] = sorted[at - 1];
    sorted[at] = self->differences_us[i];
  }
  return sorted[self->count / 2];
}
