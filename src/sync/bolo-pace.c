/* bolo-pace.c: how much to send at a time, and how long to wait after a failure; pure
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-pace.h"

#define BATCH_S 1.0
#define GROWTH 4
#define PACKED_TO 6
#define LEAST_BYTES (BOLO_PACE_FIRST_BYTES / GROWTH) /* from which the first batch grows */
/* How much of a new measurement goes into the rate: some three batches back. */
#define SHARE 0.4
/* Below this a batch says more of the round trip than of the rate. */
#define MIN_MEASURED_US 2000

gsize
bolo_pace_get_bytes (const BoloPace *self, gsize max)
{
  double wanted;

  g_return_val_if_fail (self != NULL, 0);

  if (self->rate_bps <= 0)
    return MIN (BOLO_PACE_FIRST_BYTES, max);
  wanted = self->rate_bps * BATCH_S;
  if (self->last_bytes > 0)
    wanted = MIN (wanted, GROWTH * (double) MAX (self->last_bytes, LEAST_BYTES));
  wanted = CLAMP (wanted, BOLO_PACE_MIN_BYTES, (double) MAX (max, BOLO_PACE_MIN_BYTES));
  return (gsize) wanted;
}

void
bolo_pace_begin_like (BoloPace *self, const BoloPace *texts)
{
  g_return_if_fail (self != NULL && texts != NULL);

  if (self->rate_bps > 0 || texts->rate_bps <= 0)
    return;
  self->rate_bps = texts->rate_bps / PACKED_TO;
  self->last_bytes = (gsize) (self->rate_bps * BATCH_S / GROWTH);
}

void
bolo_pace_note_sent (BoloPace *self, gsize bytes, gsize room, gint64 us)
{
  double rate;

  g_return_if_fail (self != NULL);

  self->last_bytes = MAX (bytes, room);
  rate = (double) bytes * G_USEC_PER_SEC / (double) MAX (us, MIN_MEASURED_US);
  self->rate_bps = self->rate_bps <= 0 ? rate : (1 - SHARE) * self->rate_bps + SHARE * rate;
}

gint64
bolo_pace_note_failure (BoloPace *self, gboolean refused, guint asked_s, double random)
{
  double wait_s;

  g_return_val_if_fail (self != NULL, 0);

  self->n_failures++;
  self->last_bytes = LEAST_BYTES;
  wait_s = refused || self->n_failures > 9
             ? BOLO_PACE_WAIT_MAX_S
             : MIN (1u << (self->n_failures - 1), BOLO_PACE_WAIT_MAX_S);
  wait_s *= 1.0 - 0.5 * CLAMP (random, 0, 1);
  wait_s = MAX (wait_s, MIN (asked_s, BOLO_PACE_WAIT_MAX_S));
  return (gint64) (wait_s * G_USEC_PER_SEC);
}

void
bolo_pace_forget_failures (BoloPace *self)
{
  g_return_if_fail (self != NULL);

  self->n_failures = 0;
}
