/* bolo-station-judge.h: decides item by item what becomes of it, inside one transaction
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-station-store.h"

G_BEGIN_DECLS

/* BoloStationJob: items of one car that are committed together. */
typedef struct {
  char *car;          /* (owned) */
  char *session;      /* (owned) (nullable) */
  GPtrArray *items;   /* (owned): of BoloBatchItem */
  GPtrArray *results; /* (owned): of BoloBatchResult, after judge */
  GByteArray *sums;   /* (owned) (nullable): what each item's bytes hash to, where it is known */
  gboolean is_last;   /* its car has said all that it wanted to, and waits */
} BoloStationJob;

/* @items (transfer full). */
BoloStationJob *bolo_station_job_new (const char *car, const char *session, GPtrArray *items);
void bolo_station_job_free (BoloStationJob *self);
/* Looks what the job's pictures hash to, so that judge need not. Any thread, before that. */
void bolo_station_job_sum (BoloStationJob *self);
/* Adds what is new of all @jobs to the store, between its begin and its commit, and fills in their
 * results as they are if the commit succeeds. On FALSE the transaction must be rolled back, and no
 * result counts. */
gboolean bolo_station_judge (BoloStationStore *store, GPtrArray *jobs, GError **error);
/* Gives each item AGAIN with @reason. */
void bolo_station_job_postpone (BoloStationJob *self, const char *reason);
/* Fills in the outcome of questions (BoloBatchResult) of @car: KNOWN, PARTIAL or UNKNOWN. */
gboolean bolo_station_answer (BoloStationStore *store,
                              const char *car,
                              GPtrArray *questions,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloStationJob, bolo_station_job_free)

G_END_DECLS
