/* bolo-hit.h: a sighting met a list entry, and how
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-entry.h"
#include "bolo-sighting.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_MATCH_EXACT,
  BOLO_MATCH_FOLDED,
  BOLO_MATCH_NEAR,
  BOLO_MATCH_PATTERN,
} BoloMatchKind;

/* BoloMatch: one entry that a text met. Plain data, owned by its array. */
typedef struct {
  BoloListEntry *entry;
  BoloMatchKind kind;
  guint n_differs;
  guint8 differs[BOLO_MARK_MAX]; /* indices of the read characters that differ */
} BoloMatch;

void bolo_match_free (BoloMatch *self);

/* BoloHit: immutable, atomically counted; a later state of the same hit has the same id. */
typedef struct {
  char *id;
  char *encounter; /* id of the encounter that it belongs to */
  BoloSighting *sighting;
  GPtrArray *matches; /* of BoloMatch, the gravest first; at least one */
  char *category;     /* policy's key of the leading entry */
  char *words;        /* (nullable): what is to be said */
  int priority;       /* 1 (gravest) to 4 */
  gint64 list_age_s;  /* of the leading entry's list */
  gboolean is_covert; /* raises nothing in the car */
  gboolean is_quiet;  /* shown, not sounded (low priority, single look, not exact) */
  gint64 created_us;  /* UTC */
  gint64 created_monotonic_us;
} BoloHit;

BoloHit *bolo_hit_new (void);
BoloHit *bolo_hit_copy (const BoloHit *self);
BoloHit *bolo_hit_ref (const BoloHit *self);
void bolo_hit_unref (const BoloHit *self);
const BoloMatch *bolo_hit_get_leading (const BoloHit *self);
const char *bolo_match_kind_to_string (BoloMatchKind kind);
const char *bolo_action_to_string (BoloAction action);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloMatch, bolo_match_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloHit, bolo_hit_unref)

G_END_DECLS
