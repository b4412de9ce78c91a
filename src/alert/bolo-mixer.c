/* bolo-mixer.c: puts tones and words in order, the graver first, and gives out samples
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-mixer"

#include "bolo-mixer.h"

#include <string.h>

#define ANNOUNCEMENTS_MAX 8                  /* more nobody could take in */
#define STALE_US (3 * G_USEC_PER_SEC)        /* a tone that late misleads */
#define WORDS_WAIT (BOLO_MIXER_RATE * 3 / 2) /* samples: 1.5 s for speech to be made */
#define PAUSE (BOLO_MIXER_RATE * 3 / 20)     /* samples: 150 ms before words */

typedef enum {
  STEP_TONE,  /* sounds, or waits to */
  STEP_WORDS, /* are said, or wait to be said or to be made */
} Step;

typedef struct {
  guint64 number;
  int priority;
  char *tag;
  GBytes *tone;
  GBytes *words; /* (nullable) */
  gboolean awaits_words;
  Step step;
  gsize at;      /* samples of the step that were given out */
  gsize n_waits; /* samples of silence given out before the words */
  gint64 added_us;
} Announcement;

struct _BoloMixer {
  gatomicrefcount references;
  GMutex lock;
  GPtrArray *waiting; /* (mutex lock): of Announcement; the first is the one that sounds */
  guint64 n_added;    /* (mutex lock) */
  double volume;      /* (mutex lock) */
};

static void
announcement_free (gpointer data)
{
  Announcement *self = data;

  g_clear_pointer (&self->tag, g_free);
  g_clear_pointer (&self->tone, g_bytes_unref);
  g_clear_pointer (&self->words, g_bytes_unref);
  g_free (self);
}

BoloMixer *
bolo_mixer_new (void)
{
  BoloMixer *self = g_new0 (BoloMixer, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  self->waiting = g_ptr_array_new_with_free_func (announcement_free);
  self->volume = 1.0;
  return self;
}

BoloMixer *
bolo_mixer_ref (BoloMixer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bolo_mixer_unref (BoloMixer *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Tones before words, the graver before the lesser, the older before the newer. */
static gboolean
comes_before (const Announcement *a, const Announcement *b)
{
  if (a->step != b->step)
    return a->step < b->step;
  if (a->priority != b->priority)
    return a->priority < b->priority;
  return a->number < b->number;
}

/* Under the lock: brings the next step to the front. */
static void
choose_next (BoloMixer *self)
{
  guint best = 0;

  for (guint i = 1; i < self->waiting->len; i++)
    if (comes_before (g_ptr_array_index (self->waiting, i),
                      g_ptr_array_index (self->waiting, best)))
      best = i;
  if (best > 0) {
    gpointer first = self->waiting->pdata[0];

    self->waiting->pdata[0] = self->waiting->pdata[best];
    self->waiting->pdata[best] = first;
  }
}

/* Under the lock: ends the first one's step, which may end it. */
static void
end_step (BoloMixer *self)
{
  Announcement *current = g_ptr_array_index (self->waiting, 0);
  gboolean has_words = current->words != NULL || current->awaits_words;

  if (current->step == STEP_TONE && has_words) {
    current->step = STEP_WORDS;
    current->at = 0;
  } else
    g_ptr_array_remove_index (self->waiting, 0);
  choose_next (self);
}

/* Under the lock: the one that sounds gives way; its tone was heard, its words come again. */
static void
give_way (BoloMixer *self)
{
  Announcement *current = g_ptr_array_index (self->waiting, 0);

  if (current->step == STEP_TONE && current->at > 0) {
    end_step (self);
    return;
  }
  current->at = 0;
  current->n_waits = 0;
}

/* Under the lock: the least grave one goes, the newest of equals. */
static void
drop_one (BoloMixer *self)
{
  guint worst = 0;

  for (guint i = 1; i < self->waiting->len; i++) {
    const Announcement *candidate = g_ptr_array_index (self->waiting, i);
    const Announcement *held = g_ptr_array_index (self->waiting, worst);

    if (candidate->priority >= held->priority)
      worst = i;
  }
  g_ptr_array_remove_index (self->waiting, worst);
}

guint64
bolo_mixer_add (BoloMixer *self, int priority, GBytes *tone, gboolean has_words, const char *tag)
{
  g_autoptr (GMutexLocker) locker = NULL;
  Announcement *added;
  gboolean is_at_once;

  g_return_val_if_fail (self != NULL && tone != NULL && tag != NULL, 0);

  added = g_new0 (Announcement, 1);
  added->priority = priority;
  added->tone = g_bytes_ref (tone);
  added->awaits_words = has_words;
  added->tag = g_strdup (tag);
  added->added_us = g_get_monotonic_time ();

  locker = g_mutex_locker_new (&self->lock);
  added->number = ++self->n_added;
  is_at_once = self->waiting->len == 0 ||
               priority <= ((Announcement *) g_ptr_array_index (self->waiting, 0))->priority;
  if (is_at_once && self->waiting->len > 0)
    give_way (self);
  if (self->waiting->len >= ANNOUNCEMENTS_MAX)
    drop_one (self);
  g_ptr_array_insert (self->waiting, is_at_once ? 0 : -1, added);
  return added->number;
}

void
bolo_mixer_give_words (BoloMixer *self, guint64 number, GBytes *words)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);

  locker = g_mutex_locker_new (&self->lock);
  for (guint i = 0; i < self->waiting->len; i++) {
    Announcement *announcement = g_ptr_array_index (self->waiting, i);

    if (announcement->number != number)
      continue;
    announcement->awaits_words = FALSE;
    g_clear_pointer (&announcement->words, g_bytes_unref);
    announcement->words = words != NULL ? g_bytes_ref (words) : NULL;
  }
}

void
bolo_mixer_silence (BoloMixer *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);

  locker = g_mutex_locker_new (&self->lock);
  g_ptr_array_set_size (self->waiting, 0);
}

void
bolo_mixer_set_volume (BoloMixer *self, double volume)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (self != NULL);

  locker = g_mutex_locker_new (&self->lock);
  self->volume = CLAMP (volume, 0.0, 1.0);
}

gboolean
bolo_mixer_is_idle (BoloMixer *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (self != NULL, TRUE);

  locker = g_mutex_locker_new (&self->lock);
  return self->waiting->len == 0;
}

/* Copies what is left of @source into @samples at @volume; returns how many. */
static gsize
copy_samples (Announcement *current, GBytes *source, gint16 *samples, gsize length, double volume)
{
  gsize size = 0;
  const gint16 *from = g_bytes_get_data (source, &size);
  gsize left = size / sizeof (gint16) - current->at;
  gsize n_copied = MIN (left, length);

  for (gsize i = 0; i < n_copied; i++)
    samples[i] = (gint16) (from[current->at + i] * volume);
  current->at += n_copied;
  return n_copied;
}

/* Under the lock: gives out what the first announcement has for these samples; 0: its step ended.
 */
static gsize
read_current (BoloMixer *self, gint16 *samples, gsize length, char **tag)
{
  Announcement *current = g_ptr_array_index (self->waiting, 0);

  if (current->step == STEP_TONE) {
    if (current->at == 0 && *tag == NULL)
      *tag = g_strdup (current->tag);
    return copy_samples (current, current->tone, samples, length, self->volume);
  }
  if (current->n_waits < PAUSE || (current->awaits_words && current->n_waits < WORDS_WAIT)) {
    gsize n_waits = MIN (length, PAUSE);

    current->n_waits += n_waits;
    return n_waits;
  }
  return current->words != NULL
           ? copy_samples (current, current->words, samples, length, self->volume)
           : 0;
}

static gboolean
is_stale (const Announcement *announcement)
{
  return announcement->step == STEP_TONE && announcement->at == 0 &&
         g_get_monotonic_time () - announcement->added_us > STALE_US;
}

char *
bolo_mixer_read (BoloMixer *self, gint16 *samples, gsize length, gsize *offset)
{
  g_autoptr (GMutexLocker) locker = NULL;
  char *tag = NULL;
  gsize at = 0;

  g_return_val_if_fail (self != NULL && samples != NULL && offset != NULL, NULL);

  memset (samples, 0, length * sizeof *samples);
  locker = g_mutex_locker_new (&self->lock);
  while (at < length && self->waiting->len > 0) {
    gboolean had_tag = tag != NULL;
    gsize n_read;

    if (is_stale (g_ptr_array_index (self->waiting, 0))) {
      g_ptr_array_remove_index (self->waiting, 0);
      choose_next (self);
      continue;
    }
    n_read = read_current (self, samples + at, length - at, &tag);
    if (tag != NULL && !had_tag)
      *offset = at;
    if (n_read == 0)
      end_step (self);
    at += n_read;
  }
  return tag;
}
