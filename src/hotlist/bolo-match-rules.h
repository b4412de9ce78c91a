/* bolo-match-rules.h: how loosely a list's marks may be met, as its key file says
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-key-file.h"
#include "bolo-plate-mark.h"

G_BEGIN_DECLS

/* BoloMatchRules: a plain value. Near costs are thousandths of a nat, as BoloPlateConfusions tells
 * them: the first that is too much, by the length of the listed mark. 0: such marks are met exactly
 * or folded only. */
typedef struct {
  gboolean has_folded;
  gboolean has_edits; /* also what the reader gave no alternative for: one character at most */
  guint32 near_limit[BOLO_PLATE_LENGTH_MAX + 1];
} BoloMatchRules;

/* What holds where a list says nothing; docs/matching.md has the measurement. */
void bolo_match_rules_init (BoloMatchRules *self);
/* Keys of a list's group, for a BoloKeySpec. */
#define BOLO_MATCH_RULES_KEYS "folded", "near", "near_score"
/* Takes what @group of @file says, the rest as init has it. */
gboolean
bolo_match_rules_load (BoloMatchRules *self, BoloKeyFile *file, const char *group, GError **error);
/* The loosest of both, so that one search serves both lists. */
void bolo_match_rules_widen (BoloMatchRules *self, const BoloMatchRules *other);

G_END_DECLS
