/* bolo-sound.h: keeps the sound device open and fed, so that an alarm starts within milliseconds
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

#include "bolo-clock.h"
#include "bolo-mixer.h"

G_BEGIN_DECLS

/* BoloSound: plays what the mixer gives, silence where it gives nothing; the device never sleeps.
 * Functions for the owner's thread; none waits but stop. Signals, in the context that it was given:
 *  "started" (const char *tag, gint64 due_utc_us): when a tone's first sample is heard
 *  "health"  (BoloHealth *): "sound", on each change. A device that fails is tried again. */
#define BOLO_TYPE_SOUND (bolo_sound_get_type ())
G_DECLARE_FINAL_TYPE (BoloSound, bolo_sound, BOLO, SOUND, GObject)

/* @sink: "auto", "pulse", "alsa", "fake" or a gst-launch description. */
BoloSound *
bolo_sound_new (const char *sink, BoloMixer *mixer, BoloClock *clock, GMainContext *context);
/* FALSE: the device still holds the worker, which ends by itself later. */
gboolean bolo_sound_stop (BoloSound *self, guint deadline_ms);

G_END_DECLS
