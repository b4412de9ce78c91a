/* bolo-announcer.c: sounds, says and notifies hits, never in anyone's way
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-announcer"

#include "bolo-announcer.h"

#include "bolo-health.h"
#include "bolo-mixer.h"
#include "bolo-notifier.h"
#include "bolo-sound.h"
#include "bolo-speaker.h"
#include "bolo-tone.h"

#define DISCREET_WORDS "Alert."
#define PENDING_MAX                                                                                \
  64 /* announcements whose tone never started; a lost device must not pile them up */

/* What was announced and has not started to sound. */
typedef struct {
  char *tone;
  char *words; /* (nullable) */
} Pending;

/* BoloAnnouncer: owned by patrol or by a command; lives in one thread, its parts on workers. */
struct _BoloAnnouncer {
  GObject parent_instance;

  BoloAlertPolicy *policy; /* (owned) */
  BoloClock *clock;        /* (owned) */
  GMainContext *context;   /* (owned) (nullable) */
  char *sink;              /* (owned) */
  BoloSpeech speech;
  gboolean is_notifying;
  gboolean is_stopped;

  BoloMixer *mixer;       /* (owned) */
  BoloSound *sound;       /* (owned) (nullable) */
  BoloSpeaker *speaker;   /* (owned) (nullable) */
  BoloNotifier *notifier; /* (owned) (nullable) */
  GHashTable *tones;      /* (owned): name to GBytes */
  GHashTable *pending;    /* (owned): hit id to Pending */
};

G_DEFINE_FINAL_TYPE (BoloAnnouncer, bolo_announcer, G_TYPE_OBJECT)

typedef enum {
  SIGNAL_PLAYED,
  SIGNAL_HEALTH,
  N_SIGNALS,
} BoloAnnouncerSignal;
static guint signals[N_SIGNALS];

static void
pending_free (gpointer data)
{
  Pending *self = data;

  g_clear_pointer (&self->tone, g_free);
  g_clear_pointer (&self->words, g_free);
  g_free (self);
}

static void
on_started (BoloAnnouncer *self, const char *hit, gint64 due_utc_us)
{
  const Pending *pending = g_hash_table_lookup (self->pending, hit);

  if (pending == NULL)
    return;
  g_signal_emit (self, signals[SIGNAL_PLAYED], 0, hit, due_utc_us, pending->tone, pending->words);
  g_hash_table_remove (self->pending, hit);
}

static void
on_health (BoloAnnouncer *self, const BoloHealth *health)
{
  g_signal_emit (self, signals[SIGNAL_HEALTH], 0, health);
}

static void
bolo_announcer_dispose (GObject *object)
{
  BoloAnnouncer *self = BOLO_ANNOUNCER (object);

  bolo_announcer_stop (self, 0);
  g_clear_object (&self->sound);
  g_clear_object (&self->speaker);
  g_clear_object (&self->notifier);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (bolo_announcer_parent_class)->dispose (object);
}

static void
bolo_announcer_finalize (GObject *object)
{
  BoloAnnouncer *self = BOLO_ANNOUNCER (object);

  g_clear_pointer (&self->policy, bolo_alert_policy_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->sink, g_free);
  g_clear_pointer (&self->mixer, bolo_mixer_unref);
  g_clear_pointer (&self->tones, g_hash_table_unref);
  g_clear_pointer (&self->pending, g_hash_table_unref);
  G_OBJECT_CLASS (bolo_announcer_parent_class)->finalize (object);
}

static void
bolo_announcer_class_init (BoloAnnouncerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bolo_announcer_dispose;
  object_class->finalize = bolo_announcer_finalize;
  signals[SIGNAL_PLAYED] =
    g_signal_new ("played", BOLO_TYPE_ANNOUNCER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 4, G_TYPE_STRING, G_TYPE_INT64, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_HEALTH] = g_signal_new ("health", BOLO_TYPE_ANNOUNCER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
bolo_announcer_init (BoloAnnouncer *self)
{
  self->mixer = bolo_mixer_new ();
  self->tones =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pending_free);
}

BoloAnnouncer *
bolo_announcer_new (BoloAlertPolicy *policy,
                    const BoloAnnouncerConfig *config,
                    BoloClock *clock,
                    GMainContext *context)
{
  BoloAnnouncer *self;

  g_return_val_if_fail (policy != NULL && config != NULL && BOLO_IS_CLOCK (clock), NULL);

  self = g_object_new (BOLO_TYPE_ANNOUNCER, NULL);
  self->policy = bolo_alert_policy_ref (policy);
  self->clock = g_object_ref (clock);
  self->context = context != NULL ? g_main_context_ref (context) : NULL;
  self->sink = g_strdup (config->audio_sink != NULL ? config->audio_sink : "auto");
  self->speech = config->speech;
  self->is_notifying = config->notify;
  bolo_mixer_set_volume (self->mixer, config->volume);
  return self;
}

void
bolo_announcer_start (BoloAnnouncer *self)
{
  g_return_if_fail (BOLO_IS_ANNOUNCER (self));
  g_return_if_fail (self->sound == NULL && !self->is_stopped);

  self->sound = bolo_sound_new (self->sink, self->mixer, self->clock, self->context);
  g_signal_connect_object (self->sound, "started", G_CALLBACK (on_started), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sound, "health", G_CALLBACK (on_health), self, G_CONNECT_SWAPPED);
  self->speaker = bolo_speaker_new (self->clock, self->context);
  g_signal_connect_object (self->speaker, "health", G_CALLBACK (on_health), self,
                           G_CONNECT_SWAPPED);
  if (!self->is_notifying)
    return;
  self->notifier = bolo_notifier_new (self->clock, self->context);
  g_signal_connect_object (self->notifier, "health", G_CALLBACK (on_health), self,
                           G_CONNECT_SWAPPED);
}

/* (transfer none): made once a tone, so that an alarm need not wait for it. */
static GBytes *
get_tone (BoloAnnouncer *self, const char *name)
{
  const BoloAlertTone *tone = bolo_alert_policy_get_tone (self->policy, name);
  GBytes *samples = g_hash_table_lookup (self->tones, tone->name);

  if (samples == NULL) {
    samples = bolo_tone_render (tone, BOLO_MIXER_RATE);
    g_hash_table_insert (self->tones, g_strdup (tone->name), samples);
  }
  return samples;
}

static const char *
choose_words (BoloAnnouncer *self, const BoloHit *hit)
{
  switch (self->speech) {
  case BOLO_SPEECH_FULL:
    return hit->words;
  case BOLO_SPEECH_DISCREET:
    return DISCREET_WORDS;
  case BOLO_SPEECH_OFF:
  default:
    return NULL;
  }
}

void
bolo_announcer_announce (BoloAnnouncer *self, const BoloHit *hit, const char *list_title)
{
  const BoloMatch *leading;
  const BoloAlertRule *shown;
  BoloAlertVerdict verdict;
  const char *words;
  Pending *pending;
  guint64 number;

  g_return_if_fail (BOLO_IS_ANNOUNCER (self) && hit != NULL);

  leading = bolo_hit_get_leading (hit);
  if (self->sound == NULL || leading == NULL || hit->is_covert || hit->is_quiet)
    return;
  bolo_alert_policy_judge (self->policy, leading->entry, &verdict);
  words = choose_words (self, hit);
  if (g_hash_table_size (self->pending) >= PENDING_MAX)
    g_hash_table_remove_all (self->pending);
  pending = g_new0 (Pending, 1);
  pending->tone = g_strdup (verdict.tone);
  pending->words = g_strdup (words);
  g_hash_table_replace (self->pending, g_strdup (hit->id), pending);

  number = bolo_mixer_add (self->mixer, hit->priority, get_tone (self, verdict.tone), words != NULL,
                           hit->id);
  if (words != NULL)
    bolo_speaker_say (self->speaker, words, self->mixer, number);
  /* The category only: a notification may be read by whoever stands beside the car. */
  shown = verdict.rule;
  if (self->notifier != NULL)
    bolo_notifier_show (self->notifier, shown->title, shown->symbol, hit->priority <= 2);
}

void
bolo_announcer_silence (BoloAnnouncer *self)
{
  g_return_if_fail (BOLO_IS_ANNOUNCER (self));

  bolo_mixer_silence (self->mixer);
  g_hash_table_remove_all (self->pending);
}

void
bolo_announcer_set_volume (BoloAnnouncer *self, double volume)
{
  g_return_if_fail (BOLO_IS_ANNOUNCER (self));

  bolo_mixer_set_volume (self->mixer, volume);
}

void
bolo_announcer_set_speech (BoloAnnouncer *self, BoloSpeech speech)
{
  g_return_if_fail (BOLO_IS_ANNOUNCER (self));

  self->speech = speech;
}

void
bolo_announcer_stop (BoloAnnouncer *self, guint deadline_ms)
{
  gint64 end_us = g_get_monotonic_time () + (gint64) deadline_ms * 1000;

  g_return_if_fail (BOLO_IS_ANNOUNCER (self));

  if (self->is_stopped || self->sound == NULL)
    return;
  self->is_stopped = TRUE;
  if (self->notifier != NULL)
    bolo_notifier_stop (self->notifier, deadline_ms / 4);
  bolo_speaker_stop (self->speaker, deadline_ms / 4);
  bolo_sound_stop (self->sound, (guint) MAX (0, (end_us - g_get_monotonic_time ()) / 1000));
}
