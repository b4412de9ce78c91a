/* bolo-speaker.c: turns words into samples on a worker of its own
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-speaker"

#include "bolo-speaker.h"

#include "bolo-health.h"
#include "bolo-worker.h"

#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>
#include <stdlib.h>
#include <string.h>

#define LANGUAGE "en-gb"
#define WORDS_A_MINUTE 165
#define PEAK 0.8                           /* of full scale: as loud as the tones */
#define SAMPLES_MAX (10 * BOLO_MIXER_RATE) /* ten seconds: a phrase, not a story */
#define MADE_AT_ONCE 2048                  /* milliseconds of speech a callback may bring */

/* BoloSpeaker: owned by the announcer; espeak-ng itself is one a process and stays on the worker.
 */
struct _BoloSpeaker {
  GObject parent_instance;

  BoloClock *clock;      /* (owned) */
  GMainContext *context; /* (owned) (nullable) */
  BoloWorker *worker;    /* (owned) */
  int rate;              /* (thread worker): of the samples; 0: no speech */
};

G_DEFINE_FINAL_TYPE (BoloSpeaker, bolo_speaker, G_TYPE_OBJECT)

typedef enum {
  SIGNAL_HEALTH,
  N_SIGNALS,
} BoloSpeakerSignal;
static guint signals[N_SIGNALS];

typedef struct {
  BoloSpeaker *speaker;
  BoloHealth *health;
} HealthPost;

static gboolean
on_health_posted (gpointer user_data)
{
  HealthPost *post = user_data;

  g_signal_emit (post->speaker, signals[SIGNAL_HEALTH], 0, post->health);
  return G_SOURCE_REMOVE;
}

static void
health_post_free (gpointer user_data)
{
  HealthPost *post = user_data;

  g_clear_pointer (&post->health, bolo_health_unref);
  g_clear_object (&post->speaker);
  g_free (post);
}

static void
post_health (BoloSpeaker *self, BoloHealthState state, const char *detail, const char *remedy)
{
  HealthPost *post = g_new0 (HealthPost, 1);

  post->speaker = g_object_ref (self);
  post->health =
    bolo_health_new ("speech", state, bolo_clock_get_utc_us (self->clock), detail, remedy);
  bolo_context_post (self->context, on_health_posted, post, health_post_free,
                     "bolo-speaker-health");
}

/* espeak-ng's callback, on the worker inside espeak_Synth. */
static int
on_samples (short *samples, int n_samples, espeak_EVENT *events)
{
  GArray *made = events != NULL ? events->user_data : NULL;

  if (samples == NULL || n_samples <= 0 || made == NULL)
    return 0;
  g_array_append_vals (made, samples, (guint) n_samples);
  return made->len > SAMPLES_MAX;
}

/* espeak-ng is opened once a process and stays open: its espeak_Terminate () waits for ever when
 * its own thread has not come up yet (1.51). Its sample rate tells whether it is open. */
static int
open_library (void)
{
  int rate = espeak_ng_GetSampleRate ();

  return rate > 0 ? rate
                  : espeak_Initialize (AUDIO_OUTPUT_SYNCHRONOUS, MADE_AT_ONCE, NULL,
                                       espeakINITIALIZE_DONT_EXIT);
}

static gboolean
on_open (gpointer user_data)
{
  BoloSpeaker *self = user_data;
  espeak_VOICE voice = {.languages = LANGUAGE};

  self->rate = open_library ();
  if (self->rate <= 0 || espeak_SetVoiceByProperties (&voice) != EE_OK) {
    self->rate = 0;
    post_health (self, BOLO_HEALTH_LOST, "Alarms are not spoken: espeak-ng has no English voice.",
                 "Install espeak-ng-data.");
    return G_SOURCE_REMOVE;
  }
  espeak_SetParameter (espeakRATE, WORDS_A_MINUTE, 0);
  espeak_SetSynthCallback (on_samples);
  post_health (self, BOLO_HEALTH_OK, "Alarms are spoken.", NULL);
  return G_SOURCE_REMOVE;
}

/* Brings the samples to the mixer's rate and to a steady loudness. (transfer full) */
static GBytes *
level_samples (GArray *made, int rate)
{
  gsize length = (gsize) ((double) made->len * BOLO_MIXER_RATE / rate);
  g_autofree gint16 *samples = g_new0 (gint16, MAX (length, 1));
  const gint16 *from = (const gint16 *) (gpointer) made->data;
  int loudest = 1;

  for (guint i = 0; i < made->len; i++)
    loudest = MAX (loudest, abs (from[i]));
  for (gsize i = 0; i < length; i++) {
    gsize at = MIN ((gsize) ((double) i * rate / BOLO_MIXER_RATE), made->len - 1);

    samples[i] = (gint16) (from[at] * PEAK * G_MAXINT16 / loudest);
  }
  return g_bytes_new_take (g_steal_pointer (&samples), length * sizeof (gint16));
}

typedef struct {
  BoloSpeaker *speaker;
  BoloMixer *mixer;
  guint64 number;
  char *words;
} Saying;

static gboolean
on_say (gpointer user_data)
{
  Saying *saying = user_data;
  g_autoptr (GArray) made = g_array_new (FALSE, FALSE, sizeof (gint16));
  g_autoptr (GBytes) samples = NULL;
  gboolean is_made;

  if (saying->speaker->rate > 0) {
    is_made = espeak_Synth (saying->words, strlen (saying->words) + 1, 0, POS_CHARACTER, 0,
                            espeakCHARS_UTF8, NULL, made) == EE_OK;
    if (is_made && made->len > 0)
      samples = level_samples (made, saying->speaker->rate);
    else
      post_health (saying->speaker, BOLO_HEALTH_LOST, "An alarm could not be spoken.",
                   "Restart Bolo; if it stays so, install espeak-ng again.");
  }
  bolo_mixer_give_words (saying->mixer, saying->number, samples);
  return G_SOURCE_REMOVE;
}

static void
saying_free (gpointer user_data)
{
  Saying *saying = user_data;

  g_clear_pointer (&saying->mixer, bolo_mixer_unref);
  g_clear_pointer (&saying->words, g_free);
  g_clear_object (&saying->speaker);
  g_free (saying);
}

static void
bolo_speaker_dispose (GObject *object)
{
  BoloSpeaker *self = BOLO_SPEAKER (object);

  g_clear_object (&self->worker);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->context, g_main_context_unref);
  G_OBJECT_CLASS (bolo_speaker_parent_class)->dispose (object);
}

static void
bolo_speaker_class_init (BoloSpeakerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bolo_speaker_dispose;
  signals[SIGNAL_HEALTH] = g_signal_new ("health", BOLO_TYPE_SPEAKER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
bolo_speaker_init (BoloSpeaker *self)
{
}

BoloSpeaker *
bolo_speaker_new (BoloClock *clock, GMainContext *context)
{
  BoloSpeaker *self;

  g_return_val_if_fail (BOLO_IS_CLOCK (clock), NULL);

  self = g_object_new (BOLO_TYPE_SPEAKER, NULL);
  self->clock = g_object_ref (clock);
  self->context = context != NULL ? g_main_context_ref (context) : NULL;
  self->worker = bolo_worker_new ("bolo-speaker");
  bolo_worker_post (self->worker, on_open, g_object_ref (self), g_object_unref);
  return self;
}

void
bolo_speaker_say (BoloSpeaker *self, const char *words, BoloMixer *mixer, guint64 number)
{
  Saying *saying;

  g_return_if_fail (BOLO_IS_SPEAKER (self) && words != NULL && mixer != NULL);

  saying = g_new0 (Saying, 1);
  saying->speaker = g_object_ref (self);
  saying->mixer = bolo_mixer_ref (mixer);
  saying->number = number;
  saying->words = g_strdup (words);
  bolo_worker_post (self->worker, on_say, saying, saying_free);
}

gboolean
bolo_speaker_stop (BoloSpeaker *self, guint deadline_ms)
{
  g_return_val_if_fail (BOLO_IS_SPEAKER (self), FALSE);

  return bolo_worker_stop (self->worker, deadline_ms);
}
