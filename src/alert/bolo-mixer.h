/* bolo-mixer.h: puts tones and words in order, the graver first, and gives out samples
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOLO_MIXER_RATE                                                                            \
  22050 /* samples a second, one channel, signed 16 bit: what speech is made in */

/* BoloMixer: announcements wait here for the sound device. A new one of the same or a graver
 * priority sounds at once, over the words or the tone of the one before, whose words follow later;
 * a lesser one waits. Atomically counted; any thread; its lock is held for microseconds. */
typedef struct _BoloMixer BoloMixer;

BoloMixer *bolo_mixer_new (void);
BoloMixer *bolo_mixer_ref (BoloMixer *self);
void bolo_mixer_unref (BoloMixer *self);
/* @tone: samples. @has_words: give_words will follow. @tag: given back when the tone starts.
 * Returns the announcement's number. One whose tone has not begun within 3 s is dropped: an alarm
 * that comes late misleads. */
guint64
bolo_mixer_add (BoloMixer *self, int priority, GBytes *tone, gboolean has_words, const char *tag);
/* @words (nullable): samples; NULL: there will be none. */
void bolo_mixer_give_words (BoloMixer *self, guint64 number, GBytes *words);
/* Drops everything, what sounds now included. */
void bolo_mixer_silence (BoloMixer *self);
/* 0 to 1. */
void bolo_mixer_set_volume (BoloMixer *self, double volume);
/* Fills @samples with the next @length ones, silence where there is nothing. Returns (transfer
 * full) (nullable) the tag of a tone that starts within them, @offset samples from their beginning.
 */
char *bolo_mixer_read (BoloMixer *self, gint16 *samples, gsize length, gsize *offset);
gboolean bolo_mixer_is_idle (BoloMixer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloMixer, bolo_mixer_unref)

G_END_DECLS
