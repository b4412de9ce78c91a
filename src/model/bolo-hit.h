/* bolo-hit.h: a sighting met a list entry, and how
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-entry.h"
#include "bolo-sighting.h"
#include "bolo-watch.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_MATCH_EXACT,
  BOLO_MATCH_FOLDED,
  BOLO_MATCH_NEAR,
  BOLO_MATCH_PATTERN,
} BoloMatchKind;

/* How old the list is, by the limits that are set for it. */
typedef enum {
  BOLO_LIST_FRESH,
  BOLO_LIST_OLD,   /* said, as a warning */
  BOLO_LIST_STALE, /* said on every hit */
} BoloListAge;

/* Where an entry and what was seen do not agree: questions, never a reason to drop a match. */
typedef enum {
  BOLO_DOUBT_REGION = 1 << 0,
  BOLO_DOUBT_COLOUR = 1 << 1,
  BOLO_DOUBT_TYPE = 1 << 2,
} BoloDoubts;

/* BoloMatch: one entry that a text met. Plain data, owned by its array. */
typedef struct {
  BoloListEntry *entry;
  BoloMatchKind kind;
  double
    score; /* 0 to 1; 1 for exact and folded. Near: how likely the read is of the listed mark, to
              how likely of the mark that was read. Pattern: the share of its known characters */
  guint n_differs;
  guint8 differs[BOLO_MARK_MAX]; /* indices of the read characters that differ */
  /* what there is to say of it here and now */
  BoloListAge age;
  gboolean is_place_unknown; /* it holds in an area, and nobody knows whether we are in it */
  gboolean is_own;           /* a vehicle of one's own: raises nothing in the car */
  guint doubts;              /* of BoloDoubts */
  BoloSilence *silence;      /* (nullable): an officer's word against it; it makes no alarm */
} BoloMatch;

BoloMatch *bolo_match_copy (const BoloMatch *self);
void bolo_match_free (BoloMatch *self);
/* "fresh", "old", "stale" */
const char *bolo_list_age_to_string (BoloListAge age);

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
  gboolean is_own;    /* a vehicle of one's own: likewise */
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
