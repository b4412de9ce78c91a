/* bolo-match-query.h: what a search of the lists is asked, and what it leaves out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hit.h"
#include "bolo-reading.h"

G_BEGIN_DECLS

/* BoloMatchQuery: what is asked. @text: as bolo_plate_rules_normalise gives it. */
typedef struct {
  const char *text;
  const BoloReadCharacter *characters; /* (nullable): of the text, as the reader gave them */
  guint n_characters;
  gint64 now_us;         /* UTC: what is past its weed date then is left out */
  BoloMatchKind loosest; /* kinds beyond it are not looked for */
  gboolean leaves_near;  /* near ones are not looked for either */
  GHashTable *rules;     /* (nullable): name of a list to the BoloMatchRules that it has */
} BoloMatchQuery;

/* BoloMatchCounts: what was met and is not among the matches. */
typedef struct {
  guint n_weeded;  /* past their weed date, covert ones apart */
  guint n_damaged; /* the disk's copy of the entry cannot be read: a match that cannot be told */
} BoloMatchCounts;

G_END_DECLS
