/* bolo-cli-marks.c: makes up lists and reads with realistic marks, from a seed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli-marks.h"

#include <string.h>

#define WEED_FIRST_US G_GINT64_CONSTANT (1767225600000000) /* 2026-01-01 */
#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

/* Dice: a stream of numbers of its own for each (seed, nth). */
typedef struct {
  guint64 state;
} Dice;

static guint64
scatter (guint64 value)
{
  value = (value ^ (value >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  value = (value ^ (value >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return value ^ (value >> 31);
}

static Dice
make_dice (guint64 seed, guint64 nth)
{
  return (Dice){scatter (seed * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + 1) ^ scatter (nth + 1)};
}

/* 0 to @n - 1. */
static guint
roll (Dice *dice, guint n)
{
  dice->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint) ((scatter (dice->state) >> 32) * n >> 32);
}

static char *
put_letters (Dice *dice, char *at, guint n, const char *letters)
{
  guint n_letters = (guint) strlen (letters);

  for (guint i = 0; i < n; i++)
    *at++ = letters[roll (dice, n_letters)];
  return at;
}

/* @n digits; the first is not 0. */
static char *
put_digits (Dice *dice, char *at, guint n)
{
  for (guint i = 0; i < n; i++)
    *at++ = (char) ('0' + (i == 0 ? 1 + roll (dice, 9) : roll (dice, 10)));
  return at;
}

static const char all_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char no_iq[] = "ABCDEFGHJKLMNOPRSTUVWXYZ";
static const char no_iqz[] = "ABCDEFGHJKLMNOPRSTUVWXY";

static char *
put_current (Dice *dice, char *at)
{
  guint year = 1 + roll (dice, 25); /* 2001 to 2025 */

  if (roll (dice, 2) == 0)
    year += 50;
  at = put_letters (dice, at, 2, no_iqz);
  *at++ = (char) ('0' + year / 10);
  *at++ = (char) ('0' + year % 10);
  return put_letters (dice, at, 3, no_iq);
}

static char *
put_dateless (Dice *dice, char *at)
{
  guint n_letters = 1 + roll (dice, 3);
  guint n_digits = 1 + roll (dice, n_letters == 3 ? 3 : 4);

  if (roll (dice, 2) == 0)
    return put_digits (dice, put_letters (dice, at, n_letters, no_iq), n_digits);
  return put_letters (dice, put_digits (dice, at, n_digits), n_letters, no_iq);
}

void
bolo_cli_make_mark (guint64 seed, guint64 nth, char mark[BOLO_MARK_MAX + 1])
{
  Dice dice = make_dice (seed, nth);
  guint share = roll (&dice, 100);
  char *at = mark;

  if (share < 70) {
    at = put_current (&dice, at);
  } else if (share < 85) {
    at = put_letters (&dice, at, 1, no_iq);
    at = put_digits (&dice, at, 1 + roll (&dice, 3));
    at = put_letters (&dice, at, 3, no_iq);
  } else if (share < 89) {
    at = put_letters (&dice, at, 3, no_iq);
    at = put_digits (&dice, at, 1 + roll (&dice, 3));
    at = put_letters (&dice, at, 1, no_iq);
  } else if (share < 94) {
    at = put_dateless (&dice, at);
  } else if (share < 97) {
    at = put_letters (&dice, at, 1, no_iqz);
    at = put_letters (&dice, at, 1, "IZ");
    at = put_letters (&dice, at, roll (&dice, 2), all_letters);
    at = put_digits (&dice, at, 4);
  } else if (share < 98) {
    at = put_digits (&dice, at, 3);
    at = put_letters (&dice, at, 1, "DX");
    at = put_digits (&dice, at, 3);
  } else {
    at = put_letters (&dice, at, 5 + roll (&dice, 4), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  }
  *at = '\0';
}

void
bolo_cli_fill_entry (guint64 seed, guint64 nth, char plate[BOLO_MARK_MAX + 1], BoloListEntry *entry)
{
  static const char *const makes[] = {"FORD", "VAUXHALL", "VW", "BMW", "AUDI", "TOYOTA", "KIA"};
  static const char *const models[] = {"FOCUS", "CORSA", "GOLF", "320D", "A3", "YARIS", "CEED"};
  static const char *const colours[] = {"BLACK", "WHITE", "GREY", "BLUE", "RED", "SILVER"};
  static const char *const reasons[] = {"NO INSURANCE", "NO KEEPER", "STOLEN VEHICLE",
                                        "DISQUALIFIED DRIVER", "DRUGS INTELLIGENCE"};
  Dice dice = make_dice (seed ^ G_GUINT64_CONSTANT (0x656e747279), nth);
  guint kind = roll (&dice, G_N_ELEMENTS (makes));

  bolo_cli_make_mark (seed, nth, plate);
  entry->plate = plate;
  entry->make = (char *) makes[kind];
  entry->model = (char *) models[kind];
  entry->colour = (char *) colours[roll (&dice, G_N_ELEMENTS (colours))];
  entry->action_text = (char *) "STOP";
  entry->reason = (char *) reasons[roll (&dice, G_N_ELEMENTS (reasons))];
  entry->force = (char *) "EXAMPLE";
  entry->is_covert = nth % 50 == 0;
  entry->weed_us = roll (&dice, 3) == 0 ? G_MAXINT64 : WEED_FIRST_US + roll (&dice, 1000) * DAY_US;
}

void
bolo_cli_make_characters (guint64 seed,
                          guint64 nth,
                          const char *mark,
                          BoloReadCharacter characters[BOLO_MARK_MAX])
{
  Dice dice = make_dice (seed ^ G_GUINT64_CONSTANT (0x72656164), nth);

  for (guint i = 0; mark[i] != '\0' && i < BOLO_MARK_MAX; i++) {
    BoloReadCharacter *character = &characters[i];
    /* Most are read for sure; some leave a tenth or a third to others. */
    float rest = roll (&dice, 4) > 0 ? 0.01f : 0.05f + 0.01f * (float) roll (&dice, 30);

    *character = (BoloReadCharacter){.character = mark[i], .probability = 1 - rest};
    for (guint k = 0; k < BOLO_ALTERNATIVES_MAX; k++) {
      rest *= 0.5f;
      character->alternatives[k].character =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[roll (&dice, 36)];
      character->alternatives[k].probability = rest;
    }
  }
}

void
bolo_cli_make_pattern (guint64 seed, guint64 nth, char pattern[BOLO_MARK_MAX + 1])
{
  Dice dice = make_dice (seed ^ G_GUINT64_CONSTANT (0x706174), nth);
  char *end = put_current (&dice, pattern);

  *end = '\0';
  if (roll (&dice, 2) == 0) {
    pattern[4 + roll (&dice, 2)] = '*';
    strchr (pattern, '*')[1] = '\0';
    return;
  }
  pattern[roll (&dice, 4)] = '?';
  pattern[4 + roll (&dice, 3)] = '?';
}
