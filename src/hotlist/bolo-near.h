/* bolo-near.h: which marks a read may stand for, and how likely each is
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-match-query.h"
#include "bolo-match-rules.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* A read is near a listed mark (both folded) when
 * - of as many characters one or two differ, each of them one of the reader's own alternatives, or
 * - one character is another, or is missing, or too many (an edit).
 * The cost is what makes the listed mark less likely than the one that was read. All is pure. */

/* BoloNearRead: a read, made ready. */
typedef struct {
  const BoloPlateConfusions *confusions;
  guint length;
  char folded[BOLO_PLATE_LENGTH_MAX + 1];
  guint32 right[BOLO_PLATE_LENGTH_MAX];
  guint32 wrong[BOLO_PLATE_LENGTH_MAX];
  guint n_alternatives[BOLO_PLATE_LENGTH_MAX];
  struct {
    char character; /* folded, another than that of the read */
    guint32 cost;
  } alternatives[BOLO_PLATE_LENGTH_MAX][BOLO_ALTERNATIVES_MAX];
} BoloNearRead;

typedef struct {
  guint64 hash;             /* bolo_mark_key_hash of the folded mark */
  guint32 cost_alternative; /* by the reader's alternatives alone; BOLO_CONFUSION_NEVER: not so */
  guint32 cost;             /* by any way, the cheapest */
  guint32 length;           /* of the mark */
} BoloNearCandidate;

void bolo_near_read_init (BoloNearRead *self, BoloPlateRules *rules, const BoloMatchQuery *query);
/* One character of the read, at @at, is @listed in truth. Cost by the alternatives, and by any
 * way. */
void bolo_near_get_instead (
  const BoloNearRead *self, guint at, char listed, guint32 *cost_alternative, guint32 *cost);
guint32 bolo_near_get_extra (const BoloNearRead *self, guint at);
/* @listed was passed over before character @at (which may be the length: at the end). */
guint32 bolo_near_get_missing (const BoloNearRead *self, guint at, char listed);
/* Appends every mark that @rules allow to @candidates (of BoloNearCandidate), each once. */
void bolo_near_list (const BoloNearRead *self, const BoloMatchRules *rules, GArray *candidates);
/* Where a near mark parts from the read, both folded: indices of read characters that are others,
 * or the place of the one that is missing or too many. How many; @differs has BOLO_MARK_MAX places.
 */
guint bolo_near_get_differences (const char *read, const char *listed, guint8 *differs);

G_END_DECLS
