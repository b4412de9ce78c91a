/* bolo-tone.c: makes the samples of an alarm tone
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-tone"

#include "bolo-tone.h"

#include <math.h>

#define PEAK 0.7      /* of full scale: room for speech to be as loud */
#define RELEASE_MS 15 /* long enough not to click */

static gsize
count_samples (guint duration_ms, guint rate)
{
  return (gsize) duration_ms * rate / 1000;
}

/* 0 to 1 as a raised cosine: no edge that a small loudspeaker would turn into a click. */
static double
ramp (gsize at, gsize length)
{
  return at >= length ? 1.0 : 0.5 - 0.5 * cos (G_PI * (double) (at + 1) / (double) (length + 1));
}

static void
append_silence (GArray *samples, gsize length)
{
  g_array_set_size (samples, samples->len + (guint) length);
}

static void
append_pulse (GArray *samples, const BoloAlertTone *tone, guint rate, double pitch)
{
  gsize length = count_samples (tone->pulse_ms, rate);
  gsize attack = count_samples (tone->attack_ms, rate);
  gsize release = MIN (count_samples (RELEASE_MS, rate), length / 2);
  double low = 2 * G_PI * tone->low_hz * pitch / rate;
  double high = 2 * G_PI * tone->high_hz * pitch / rate;
  double high_level =
    tone->high_hz > 0 && tone->high_hz * pitch < rate / 2.0 ? tone->high_level : 0;

  for (gsize i = 0; i < length; i++) {
    double wave =
      (sin (low * (double) i) + high_level * sin (high * (double) i)) / (1 + high_level);
    double level = PEAK * ramp (i, attack) * ramp (length - 1 - i, release);
    gint16 sample = (gint16) lrint (wave * level * G_MAXINT16);

    g_array_append_val (samples, sample);
  }
}

GBytes *
bolo_tone_render (const BoloAlertTone *tone, guint rate)
{
  GArray *samples;
  gsize length;

  g_return_val_if_fail (tone != NULL && rate >= 8000, NULL);

  samples = g_array_new (FALSE, TRUE, sizeof (gint16));
  for (guint burst = 0; burst < tone->n_bursts; burst++) {
    if (burst > 0)
      append_silence (samples, count_samples (tone->burst_gap_ms, rate));
    for (guint pulse = 0; pulse < tone->n_pulses; pulse++) {
      double share = tone->n_pulses > 1 ? (double) pulse / (tone->n_pulses - 1) : 0;

      if (pulse > 0)
        append_silence (samples, count_samples (tone->gap_ms, rate));
      append_pulse (samples, tone, rate, pow (tone->glide, share));
    }
  }
  length = samples->len * sizeof (gint16);
  return g_bytes_new_take (g_array_free (samples, FALSE), length);
}
