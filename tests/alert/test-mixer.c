/* test-mixer.c: the graver alarm first, words after tones, nothing lost that should be heard
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-mixer.h"

#include "bolo-tone.h"

#include <math.h>
#include <string.h>

#define PAUSE 3307 /* samples before words */

/* @length samples that all have @value: so it is seen in what the mixer gives which sound it is. */
static GBytes *
make_samples (gint16 value, gsize length)
{
  gint16 *samples = g_new (gint16, length);

  for (gsize i = 0; i < length; i++)
    samples[i] = value;
  return g_bytes_new_take (samples, length * sizeof (gint16));
}

static guint64
add (BoloMixer *mixer, int priority, gint16 value, gsize length, gint16 words)
{
  g_autoptr (GBytes) tone = make_samples (value, length);
  g_autofree char *tag = g_strdup_printf ("tag%d", value);
  guint64 number = bolo_mixer_add (mixer, priority, tone, words != 0, tag);

  if (words != 0) {
    g_autoptr (GBytes) samples = make_samples (words, length);

    bolo_mixer_give_words (mixer, number, samples);
  }
  return number;
}

/* What comes out in @length samples: each value and how often, "100x50 0x10 …". */
static char *
read_out (BoloMixer *mixer, gsize length)
{
  g_autofree gint16 *samples = g_new (gint16, length);
  g_autoptr (GString) text = g_string_new (NULL);
  gsize offset = 0;
  gsize run = 0;

  g_free (bolo_mixer_read (mixer, samples, length, &offset));
  for (gsize i = 0; i < length; i++) {
    run++;
    if (i + 1 == length || samples[i + 1] != samples[i]) {
      g_string_append_printf (text, "%s%dx%zu", text->len > 0 ? " " : "", samples[i], run);
      run = 0;
    }
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
expect (BoloMixer *mixer, gsize length, const char *expected)
{
  g_autofree char *text = read_out (mixer, length);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_silence_when_idle (void)
{
  g_autoptr (BoloMixer) mixer = bolo_mixer_new ();

  g_assert_true (bolo_mixer_is_idle (mixer));
  expect (mixer, 100, "0x100");
}

static void
test_tone_then_words (void)
{
  g_autoptr (BoloMixer) mixer = bolo_mixer_new ();

  add (mixer, 2, 100, 50, 7);
  g_assert_false (bolo_mixer_is_idle (mixer));
  expect (mixer, 60 + PAUSE + 50, "100x50 0x3307 7x50 0x10");
  g_assert_true (bolo_mixer_is_idle (mixer));
}

static void
test_tag_and_offset (void)
{
  g_autoptr (BoloMixer) mixer = bolo_mixer_new ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *none = NULL;
  gint16 samples[64];
  gsize offset = 99;

  add (mixer, 2, 100, 100, 0);
  add (mixer, 3, 200, 100, 0);
  first = bolo_mixer_read (mixer, samples, 64, &offset);
  g_assert_cmpstr (first, ==, "tag100");
  g_assert_cmpuint (offset, ==, 0);
  second = bolo_mixer_read (mixer, samples, 64, &offset);
  g_assert_cmpstr (second, ==, "tag200");
  g_assert_cmpuint (offset, ==, 36);
  none = bolo_mixer_read (mixer, samples, 64, &offset);
  g_assert_null (none);
}

static void
test_graver_interrupts (void)
{
  g_autoptr (BoloMixer) mixer = bolo_mixer_new ();

  add (mixer, 3, 100, 50, 7);
  expect (mixer, 20, "100x20");
  add (mixer, 1, 200, 50, 9);
  /* The graver tone at once, the graver words, then the lesser ones; the lesser tone was heard. */
  expect (mixer, 50 + 2 * PAUSE + 100 + 10, "200x50 0x3307 9x50 0x3307 7x50 0x10");
}

static void
test_equal_interrupts_words (void)
{
  g_autoptr (BoloMixer) mixer = bolo_mixer_new ();

  add (mixer, 2, 100, 50, 7);
  expect (mixer, 50 + PAUSE + 10, "100x50 0x3307 7x10");
  add (mixer, 2, 200, 50, 9);
  /* Interrupted words are said again from the beginning, and first: they are the older ones. */
  expect (mixer, 50 + 2 * PAUSE + 100, "200x50 0x3307 7x50 0x3307 9x50");
}

static void
test_lesser_waits (void)
{
  g_autoptr (BoloMixer) mixer = bolo_mixer_new ();

  add (mixer, 1, 100, 50, 7);
  expect (mixer, 10, "100x10");
  add (mixer, 3, 200, 50, 9);
  expect (mixer, 40 + 50 + 2 * PAUSE + 100, "100x40 200x50 0x3307 7x50 0x3307 9x50");
}

static void
test_words_that_never_come (void)
{
  g_autoptr (BoloMixer) mixer = bolo_mixer_new ();
  g_autoptr (GBytes) tone = make_samples (100, 10);
  guint64 number = bolo_mixer_add (mixer, 2, tone, TRUE, "tag");
  g_autofree char *before = read_out (mixer, BOLO_MIXER_RATE);
  g_autofree char *after = NULL;

  g_assert_false (bolo_mixer_is_idle (mixer));
  after = read_out (mixer, BOLO_MIXER_RATE);
  g_assert_true (bolo_mixer_is_idle (mixer));
  /* Too late for them. */
  bolo_mixer_give_words (mixer, number, tone);
  expect (mixer, 20, "0x20");
  number = bolo_mixer_add (mixer, 2, tone, TRUE, "tag");
  bolo_mixer_give_words (mixer, number, NULL);
  expect (mixer, 20, "100x10 0x10");
  expect (mixer, PAUSE, "0x3307");
  g_assert_true (bolo_mixer_is_idle (mixer));
}

static void
test_silence_and_volume (void)
{
  g_autoptr (BoloMixer) mixer = bolo_mixer_new ();

  bolo_mixer_set_volume (mixer, 0.5);
  add (mixer, 2, 100, 50, 7);
  add (mixer, 1, 200, 50, 9);
  expect (mixer, 10, "100x10");
  bolo_mixer_silence (mixer);
  expect (mixer, 20, "0x20");
  g_assert_true (bolo_mixer_is_idle (mixer));
}

static void
test_many (void)
{
  g_autoptr (BoloMixer) mixer = bolo_mixer_new ();
  g_autofree char *text = NULL;

  add (mixer, 1, 1, 10, 0);
  for (gint16 i = 2; i < 40; i++)
    add (mixer, 3, i, 10, 0);
  text = read_out (mixer, 2000);
  /* The grave one and seven others; the rest was too much for anyone. */
  g_assert_true (g_str_has_prefix (text, "1x10 "));
  g_assert_true (g_str_has_suffix (text, "0x1920"));
}

/* Loudness of @hz in samples, by Goertzel, as an amplitude of full scale. */
static double
measure (const gint16 *samples, gsize length, double hz)
{
  double factor = 2 * cos (2 * G_PI * hz / BOLO_MIXER_RATE);
  double last = 0, before = 0;

  for (gsize i = 0; i < length; i++) {
    double now = samples[i] / 32768.0 + factor * last - before;

    before = last;
    last = now;
  }
  return 2 * sqrt (last * last + before * before - factor * last * before) / (double) length;
}

static void
test_tone_samples (void)
{
  const BoloAlertTone tone = {.low_hz = 880,
                              .high_hz = 3000,
                              .high_level = 0.5,
                              .attack_ms = 10,
                              .pulse_ms = 100,
                              .gap_ms = 50,
                              .n_pulses = 2,
                              .n_bursts = 2,
                              .burst_gap_ms = 200,
                              .glide = 1};
  g_autoptr (GBytes) bytes = bolo_tone_render (&tone, BOLO_MIXER_RATE);
  gsize size = 0;
  const gint16 *samples = g_bytes_get_data (bytes, &size);
  gsize pulse = BOLO_MIXER_RATE / 10;
  int loudest = 0;

  g_assert_cmpuint (size / 2, ==, 4 * pulse + 2 * (BOLO_MIXER_RATE / 20) + BOLO_MIXER_RATE / 5);
  for (gsize i = 0; i < size / 2; i++)
    loudest = MAX (loudest, ABS (samples[i]));
  g_assert_cmpint (loudest, <, 32767 * 0.75);
  g_assert_cmpint (loudest, >, 32767 * 0.5);
  /* The first sample is almost nothing, after the attack it is loud, at the end nothing again. */
  g_assert_cmpint (ABS (samples[0]), <, 200);
  g_assert_cmpfloat (measure (samples + 221, pulse - 600, 880), >, 0.3);
  g_assert_cmpfloat (measure (samples + 221, pulse - 600, 3000), >, 0.15);
  g_assert_cmpfloat (measure (samples + 221, pulse - 600, 1900), <, 0.05);
  g_assert_cmpint (ABS (samples[pulse - 1]), <, 400);
  g_assert_cmpint (samples[pulse + 10], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mixer/idle", test_silence_when_idle);
  g_test_add_func ("/mixer/tone-then-words", test_tone_then_words);
  g_test_add_func ("/mixer/tag-and-offset", test_tag_and_offset);
  g_test_add_func ("/mixer/graver-interrupts", test_graver_interrupts);
  g_test_add_func ("/mixer/equal-interrupts-words", test_equal_interrupts_words);
  g_test_add_func ("/mixer/lesser-waits", test_lesser_waits);
  g_test_add_func ("/mixer/words-never-come", test_words_that_never_come);
  g_test_add_func ("/mixer/silence-and-volume", test_silence_and_volume);
  g_test_add_func ("/mixer/many", test_many);
  g_test_add_func ("/tone/samples", test_tone_samples);
  return g_test_run ();
}
