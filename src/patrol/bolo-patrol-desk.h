/* bolo-patrol-desk.h: the patrol's desk: lists and records as officers ask of them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-desk-work.h"
#include "bolo-hotlist.h"
#include "bolo-match-review.h"
#include "bolo-store.h"
#include "bolo-watch-list.h"

G_BEGIN_DECLS

/* BoloPatrolDeskParts: what the desk works with; referenced, but @desk and @review, which are lent
 * and outlive it. */
typedef struct {
  const char *state_dir; /* (nullable): nothing is kept, and nothing can be asked */
  BoloPlateRules *rules;
  const BoloDeskRules *desk;
  BoloMatchReview *review; /* is told of silences */
  BoloHotlist *hotlist;
  BoloStore *store; /* (nullable) */
  BoloClock *clock;
  BoloIdSource *ids;
} BoloPatrolDeskParts;

/* BoloPatrolDesk: implements BoloDesk. Main; the disk is its worker's. Signal "health"
 * (BoloHealth *): "watch". */
#define BOLO_TYPE_PATROL_DESK (bolo_patrol_desk_get_type ())
G_DECLARE_FINAL_TYPE (BoloPatrolDesk, bolo_patrol_desk, BOLO, PATROL_DESK, GObject)

/* Blocks, at start only: what was made in the car before is in force at once. */
BoloPatrolDesk *bolo_patrol_desk_new (const BoloPatrolDeskParts *parts);
/* Looks every two seconds for what has expired and for what another program has changed. */
void bolo_patrol_desk_start (BoloPatrolDesk *self);
/* Who asks from now on; NULL: nobody has signed on. */
void bolo_patrol_desk_set_officer (BoloPatrolDesk *self, const char *officer);
/* (transfer none): those in force now. */
BoloWatchList *bolo_patrol_desk_get_watch_list (BoloPatrolDesk *self);
/* FALSE: it was still at work. Idempotent. */
gboolean bolo_patrol_desk_stop (BoloPatrolDesk *self, guint deadline_ms);

G_END_DECLS
