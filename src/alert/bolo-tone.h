/* bolo-tone.h: makes the samples of an alarm tone
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-alert-policy.h"

G_BEGIN_DECLS

/* One channel of signed 16-bit samples of this machine's byte order, @rate a second. The first
 * pulse begins with the first sample and is at full loudness after the tone's attack. (transfer
 * full); pure, any thread. */
GBytes *bolo_tone_render (const BoloAlertTone *tone, guint rate);

G_END_DECLS
