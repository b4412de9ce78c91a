/* bolo-announcer.h: sounds, says and notifies hits, never in anyone's way
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

#include "bolo-alert-policy.h"
#include "bolo-clock.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_SPEECH_FULL,     /* "Firearms. Stolen vehicle." */
  BOLO_SPEECH_DISCREET, /* "Alert." */
  BOLO_SPEECH_OFF,
} BoloSpeech;

/* BoloAnnouncerConfig: how it sounds. */
typedef struct {
  const char *audio_sink; /* "auto", "pulse", "alsa", "fake" or a gst-launch description */
  BoloSpeech speech;
  gboolean notify;
  double volume; /* 0 to 1 */
} BoloAnnouncerConfig;

/* BoloAnnouncer: owns its workers (sound, speech, notification), which never wait for each other.
 * Its functions are for the main thread and return at once. Signals come in the context that it was
 * given:
 *  "played"  (const char *hit id, gint64 first_sample_due_utc_us, const char *tone,
 *             const char *words): the tone was handed to the sound device; due counts its latency
 *  "health"  (BoloHealth *): "sound", "speech", "notification", on each change */
#define BOLO_TYPE_ANNOUNCER (bolo_announcer_get_type ())
G_DECLARE_FINAL_TYPE (BoloAnnouncer, bolo_announcer, BOLO, ANNOUNCER, GObject)

BoloAnnouncer *bolo_announcer_new (BoloAlertPolicy *policy,
                                   const BoloAnnouncerConfig *config,
                                   BoloClock *clock,
                                   GMainContext *context);
/* Opens sound, speech and the notification service in the background; health follows. */
void bolo_announcer_start (BoloAnnouncer *self);
/* Tone, then words, and a notification that names the category only. Covert and quiet hits are
 * refused: nothing happens. @list_title is not said; for later use (nullable). */
void bolo_announcer_announce (BoloAnnouncer *self, const BoloHit *hit, const char *list_title);
/* Ends what sounds now. */
void bolo_announcer_silence (BoloAnnouncer *self);
void bolo_announcer_set_volume (BoloAnnouncer *self, double volume);
void bolo_announcer_set_speech (BoloAnnouncer *self, BoloSpeech speech);
/* Ends the workers; a notification service or sound device that hangs is left behind after
 * @deadline_ms. Idempotent. */
void bolo_announcer_stop (BoloAnnouncer *self, guint deadline_ms);

G_END_DECLS
