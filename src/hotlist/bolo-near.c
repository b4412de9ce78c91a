/* bolo-near.c: which marks a read may stand for, and how likely each is
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-near"

#include "bolo-near.h"

#include "bolo-mark-key.h"

#include <string.h>

static guint32
subtract (guint32 cost, guint32 less)
{
  return cost > less ? cost - less : 0;
}

/* Alternatives that fold into the read character are no others; of two that fold into one, the
 * likelier counts. */
static void
take_alternatives (BoloNearRead *self, BoloPlateRules *rules, guint at, const BoloReadCharacter *of)
{
  for (guint i = 0; i < BOLO_ALTERNATIVES_MAX && of->alternatives[i].character != '\0'; i++) {
    char character = bolo_plate_rules_fold_character (rules, of->alternatives[i].character);
    guint32 cost = subtract (
      bolo_plate_confusions_make_cost ((double) of->alternatives[i].probability), self->right[at]);
    guint n = self->n_alternatives[at];
    guint k = 0;

    if (character == self->folded[at] || bolo_mark_key_digit (character) == 0)
      continue;
    while (k < n && self->alternatives[at][k].character != character)
      k++;
    if (k == n) {
      self->alternatives[at][k].character = character;
      self->alternatives[at][k].cost = cost;
      self->n_alternatives[at]++;
    } else {
      self->alternatives[at][k].cost = MIN (self->alternatives[at][k].cost, cost);
    }
  }
}

void
bolo_near_read_init (BoloNearRead *self, BoloPlateRules *rules, const BoloMatchQuery *query)
{
  gboolean has_characters;

  g_return_if_fail (self != NULL && rules != NULL && query != NULL);

  self->confusions = bolo_plate_rules_get_confusions (rules);
  self->length = bolo_mark_key_fold (rules, query->text, self->folded);
  has_characters = query->characters != NULL && query->n_characters == self->length;
  for (guint i = 0; i < self->length; i++) {
    double probability = has_characters ? (double) query->characters[i].probability : -1;

    self->right[i] = bolo_plate_confusions_get_right (self->confusions, probability);
    self->wrong[i] = bolo_plate_confusions_get_wrong (self->confusions, probability);
    self->n_alternatives[i] = 0;
    if (has_characters)
      take_alternatives (self, rules, i, &query->characters[i]);
  }
}

void
bolo_near_get_instead (
  const BoloNearRead *self, guint at, char listed, guint32 *cost_alternative, guint32 *cost)
{
  guint32 by_table = self->wrong[at] +
                     bolo_plate_confusions_get_instead (self->confusions, self->folded[at], listed);

  *cost_alternative = BOLO_CONFUSION_NEVER;
  for (guint i = 0; i < self->n_alternatives[at]; i++)
    if (self->alternatives[at][i].character == listed)
      *cost_alternative = self->alternatives[at][i].cost;
  *cost = MIN (*cost_alternative, subtract (by_table, self->right[at]));
}

guint32
bolo_near_get_extra (const BoloNearRead *self, guint at)
{
  guint32 cost =
    self->wrong[at] + bolo_plate_confusions_get_extra (self->confusions, self->folded[at],
                                                       at == 0 || at + 1 == self->length);

  return subtract (cost, self->right[at]);
}

guint32
bolo_near_get_missing (const BoloNearRead *self, guint at, char listed)
{
  return bolo_plate_confusions_get_missing (self->confusions, listed,
                                            at == 0 || at == self->length);
}

static void
add (GArray *candidates, guint64 key, guint length, guint32 cost_alternative, guint32 cost)
{
  BoloNearCandidate candidate = {bolo_mark_key_hash (key), cost_alternative, cost, length};

  g_array_append_val (candidates, candidate);
}

/* Characters of which one is another. @weights: of each place in the number. */
static void
list_instead (const BoloNearRead *self,
              const BoloMatchRules *rules,
              guint64 key,
              const guint64 *weights,
              GArray *candidates)
{
  guint32 most = rules->near_limit[self->length];

  for (guint at = 0; at < self->length; at++) {
    guint read = bolo_mark_key_digit (self->folded[at]);

    for (guint digit = 1; digit < BOLO_MARK_KEY_BASE; digit++) {
      char listed = bolo_mark_key_character (digit);
      guint32 by_alternative;
      guint32 cost;

      if (digit == read)
        continue;
      bolo_near_get_instead (self, at, listed, &by_alternative, &cost);
      if (!rules->has_edits)
        cost = by_alternative;
      if (cost < most)
        add (candidates, key + (guint64) digit * weights[at] - (guint64) read * weights[at],
             self->length, by_alternative, cost);
    }
  }
}

/* Two characters that are both the reader's alternatives. */
static void
list_pairs (const BoloNearRead *self,
            const BoloMatchRules *rules,
            guint64 key,
            const guint64 *weights,
            GArray *candidates)
{
  for (guint a = 0; a < self->length; a++)
    for (guint i = 0; i < self->n_alternatives[a]; i++) {
      guint64 first = key + ((guint64) bolo_mark_key_digit (self->alternatives[a][i].character) -
                             bolo_mark_key_digit (self->folded[a])) *
                              weights[a];

      for (guint b = a + 1; b < self->length; b++)
        for (guint k = 0; k < self->n_alternatives[b]; k++) {
          guint32 cost = self->alternatives[a][i].cost + self->alternatives[b][k].cost;
          guint64 second =
            first + ((guint64) bolo_mark_key_digit (self->alternatives[b][k].character) -
                     bolo_mark_key_digit (self->folded[b])) *
                      weights[b];

          if (cost < rules->near_limit[self->length])
            add (candidates, second, self->length, cost, cost);
        }
    }
}

/* One of a run of equal characters too many is the same whichever it is: the cheapest counts, and
 * the mark is told at the end of the run. */
static void
list_extra (const BoloNearRead *self,
            const BoloMatchRules *rules,
            const guint64 *weights,
            GArray *candidates)
{
  guint32 cheapest = BOLO_CONFUSION_NEVER;

  if (self->length < 2)
    return;
  for (guint at = 0; at < self->length; at++) {
    guint64 key = 0;

    cheapest = MIN (cheapest, bolo_near_get_extra (self, at));
    if (at + 1 < self->length && self->folded[at + 1] == self->folded[at])
      continue;
    if (cheapest < rules->near_limit[self->length - 1]) {
      for (guint i = 0; i < self->length; i++)
        if (i != at)
          key += bolo_mark_key_digit (self->folded[i]) * weights[i > at ? i - 1 : i];
      add (candidates, key, self->length - 1, BOLO_CONFUSION_NEVER, cheapest);
    }
    cheapest = BOLO_CONFUSION_NEVER;
  }
}

/* The cheapest place for one more @listed in the run of them that ends before @at. */
static guint32
get_missing_in_run (const BoloNearRead *self, guint at, char listed)
{
  guint32 cheapest = bolo_near_get_missing (self, at, listed);

  while (at > 0 && self->folded[at - 1] == listed) {
    at--;
    cheapest = MIN (cheapest, bolo_near_get_missing (self, at, listed));
  }
  return cheapest;
}

static void
list_missing (const BoloNearRead *self,
              const BoloMatchRules *rules,
              const guint64 *weights,
              GArray *candidates)
{
  guint64 before = 0; /* of the characters before @at */
  guint64 after = 0;  /* of those from @at on, one place further */

  if (self->length + 1 > BOLO_PLATE_LENGTH_MAX)
    return;
  for (guint i = 0; i < self->length; i++)
    after += bolo_mark_key_digit (self->folded[i]) * weights[i + 1];
  for (guint at = 0; at <= self->length; at++) {
    for (guint digit = 1; digit < BOLO_MARK_KEY_BASE; digit++) {
      char listed = bolo_mark_key_character (digit);
      guint32 cost;

      if (at < self->length && self->folded[at] == listed)
        continue; /* told at the end of its run */
      cost = get_missing_in_run (self, at, listed);
      if (cost < rules->near_limit[self->length + 1])
        add (candidates, before + digit * weights[at] + after, self->length + 1,
             BOLO_CONFUSION_NEVER, cost);
    }
    if (at < self->length) {
      guint64 digit = bolo_mark_key_digit (self->folded[at]);

      before += digit * weights[at];
      after -= digit * weights[at + 1];
    }
  }
}

void
bolo_near_list (const BoloNearRead *self, const BoloMatchRules *rules, GArray *candidates)
{
  guint64 weights[BOLO_PLATE_LENGTH_MAX + 1];
  guint64 key;

  g_return_if_fail (self != NULL && rules != NULL && candidates != NULL);

  weights[0] = 1;
  for (guint i = 1; i <= BOLO_PLATE_LENGTH_MAX; i++)
    weights[i] = weights[i - 1] * BOLO_MARK_KEY_BASE; /* the last is never used whole */
  key = bolo_mark_key_pack (self->folded);
  list_instead (self, rules, key, weights, candidates);
  list_pairs (self, rules, key, weights, candidates);
  if (rules->has_edits) {
    list_extra (self, rules, weights, candidates);
    list_missing (self, rules, weights, candidates);
  }
}

guint
bolo_near_get_differences (const char *read, const char *listed, guint8 *differs)
{
  gsize length;
  guint n = 0;
  guint at = 0;

  g_return_val_if_fail (read != NULL && *read != '\0' && listed != NULL && differs != NULL, 0);

  length = strlen (read);
  if (strlen (listed) == length) {
    for (; at < length && n < BOLO_MARK_MAX; at++)
      if (read[at] != listed[at])
        differs[n++] = (guint8) at;
    return n;
  }
  while (read[at] != '\0' && read[at] == listed[at])
    at++;
  differs[n++] = (guint8) MIN (at, length - 1);
  return n;
}
