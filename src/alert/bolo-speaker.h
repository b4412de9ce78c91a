/* bolo-speaker.h: turns words into samples on a worker of its own
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

#include "bolo-clock.h"
#include "bolo-mixer.h"

G_BEGIN_DECLS

/* BoloSpeaker: functions for the owner's thread, none of which waits but stop. Signal, in the
 * context that it was given: "health" (BoloHealth *): "speech", on each change. */
#define BOLO_TYPE_SPEAKER (bolo_speaker_get_type ())
G_DECLARE_FINAL_TYPE (BoloSpeaker, bolo_speaker, BOLO, SPEAKER, GObject)

BoloSpeaker *bolo_speaker_new (BoloClock *clock, GMainContext *context);
/* Makes the words and gives them to @mixer as announcement @number; gives it nothing where there is
 * no speech. */
void bolo_speaker_say (BoloSpeaker *self, const char *words, BoloMixer *mixer, guint64 number);
gboolean bolo_speaker_stop (BoloSpeaker *self, guint deadline_ms);

G_END_DECLS
