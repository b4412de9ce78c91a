/* bolo-scorer.h: holds what the patrol said against what really passed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hit.h"

G_BEGIN_DECLS

/* BoloScore: of a whole recording. A pass is read exactly when a closed or corrected sighting of
 * its camera, overlapping it in time, says its plate character by character; a vehicle, when any
 * of its passes is. */
typedef struct {
  guint vehicles;
  guint vehicles_exact;
  guint passes;
  guint passes_exact;
  guint passes_misread;  /* a sighting of something like the plate, with other text */
  guint passes_unseen;   /* no sighting like it */
  guint false_sightings; /* closed ones of two looks or more like no pass of their time */
  guint outside;   /* of the same, those that say a vehicle of the truth: far off, or turned away */
  guint overt;     /* vehicles wanted, overt and current */
  guint overt_hit; /* of those: an exact or folded hit */
  guint overt_exact_hit; /* of those: an exact one */
  guint covert_raised;   /* covert vehicles shown or sounded: must be 0 */
  guint weeded_raised;   /* past-weed vehicles hit: must be 0 */
  guint decoys_exact;    /* decoys that were exact hits: must be 0 */
  guint double_alarms;   /* vehicles that alarmed more than once: must be 0 */
  guint false_alarms;    /* alarms for no wanted vehicle of the truth: must be 0 */
} BoloScore;

/* BoloCameraScore: of the passes before one camera. */
typedef struct {
  char *camera;
  guint passes;
  guint passes_exact;
  guint passes_misread;
  guint looks_median;  /* frames that agreed on the text of an exactly read pass */
  double since_p95_ms; /* from readable to the first publication */
} BoloCameraScore;

/* BoloScorer: main thread, pure. Truth is lent for its life. */
typedef struct _BoloScorer BoloScorer;

BoloScorer *bolo_scorer_new (GPtrArray *truth, gint64 start_us);
void bolo_scorer_free (BoloScorer *self);
/* Milliseconds of the recording from the first readable frame of the pass that @sighting is of,
 * to @at_us (UTC); -1 when it is like none. @loop_us: how much of its time are earlier rounds of a
 * recording that plays in a loop. */
gint64 bolo_scorer_get_since_readable_ms (BoloScorer *self,
                                          const BoloSighting *sighting,
                                          gint64 at_us,
                                          gint64 loop_us);
void bolo_scorer_add_sighting (BoloScorer *self, const BoloSighting *sighting);
void bolo_scorer_add_hit (BoloScorer *self, const BoloHit *hit);
void bolo_scorer_add_alarm (BoloScorer *self, const BoloHit *hit);
void bolo_scorer_get_score (BoloScorer *self, BoloScore *score);
/* (transfer full) of BoloCameraScore, in the order in which the truth names them. */
GPtrArray *bolo_scorer_get_cameras (BoloScorer *self);
/* One line a missed pass: vehicle, camera, scene, what was read instead. Plates are the
 * recording's own, made up. (transfer full) */
char **bolo_scorer_describe_misses (BoloScorer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloScorer, bolo_scorer_free)

G_END_DECLS
