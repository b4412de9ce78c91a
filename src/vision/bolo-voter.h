/* bolo-voter.h: turns the readings of one vehicle pass into one text
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-plate-rules.h"
#include "bolo-reading.h"

G_BEGIN_DECLS

/* What the readings say together. Texts are lent by the rules and the voter. */
typedef struct {
  char text[BOLO_MARK_MAX + 1];
  guint n_characters;
  BoloReadCharacter characters[BOLO_MARK_MAX];
  float confidence;   /* 0 to 1 */
  guint looks;        /* readings that said this very text */
  guint readings;     /* all readings that had a text */
  const char *syntax; /* (nullable) */
  const char *region; /* (nullable) */
  float region_confidence;
  gboolean is_region_read; /* off the plates' look; else guessed from the syntax */
} BoloVote;

/* BoloVoter: one vehicle's readings. Pure: no clock, no pixels. Not thread-safe. Memory is bounded
 * however long the vehicle stays in view. */
typedef struct _BoloVoter BoloVoter;

/* @rules (nullable): a text that fits a syntax is preferred where the readings leave it open; it
 * never wins against what was plainly read. */
BoloVoter *bolo_voter_new (BoloPlateRules *rules);
void bolo_voter_free (BoloVoter *self);
/* @weight: how much this look is worth beside its own confidence (sharp and large ones more). */
void bolo_voter_add (BoloVoter *self, const BoloReading *reading, float weight);
/* FALSE while no reading had a text. */
gboolean bolo_voter_decide (BoloVoter *self, BoloVote *vote);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloVoter, bolo_voter_free)

G_END_DECLS
