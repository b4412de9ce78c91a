/* bolo-match-review.h: what a match is worth here and now: time, place, age, silences, doubts
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hit.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* BoloReviewCounts: sightings' matches that were no hit, and why. Of what is covert nothing is
 * counted, so that no number gives it away. */
typedef struct {
  guint64 n_weeded;
  guint64 n_out_of_time; /* outside their window or on another day */
  guint64 n_elsewhere;
  guint64 n_place_unknown; /* hits all the same */
  guint64 n_silenced;      /* hits that make no alarm */
  guint64 n_own;           /* of vehicles of one's own: kept, never shown */
} BoloReviewCounts;

/* BoloMatchReview: the rules of the moment. Main thread; no I/O; same calls, same answers. */
typedef struct _BoloMatchReview BoloMatchReview;

/* @zone: whose days of the week lists mean. */
BoloMatchReview *bolo_match_review_new (BoloPlateRules *rules, GTimeZone *zone);
void bolo_match_review_free (BoloMatchReview *self);
/* Which entries are covert beyond those that say so themselves: kinds that the policy hides. */
typedef gboolean (*BoloReviewHides) (const BoloListEntry *entry, gpointer user_data);
void bolo_match_review_set_hides (BoloMatchReview *self, BoloReviewHides hides, gpointer user_data);
/* Marks as people write them; they raise nothing. */
void bolo_match_review_set_own_marks (BoloMatchReview *self, const char *const *marks);
/* @silences (nullable): of BoloSilence. */
void bolo_match_review_set_silences (BoloMatchReview *self, GPtrArray *silences);

/* (transfer full): of BoloMatch, those of @matches that hold at the sighting's place and @now_us,
 * in their order, each with what there is to say of it. @matches is not changed. */
GPtrArray *bolo_match_review_take (BoloMatchReview *self,
                                   GPtrArray *matches,
                                   const BoloSighting *sighting,
                                   gint64 now_us);
const BoloReviewCounts *bolo_match_review_get_counts (BoloMatchReview *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloMatchReview, bolo_match_review_free)

G_END_DECLS
