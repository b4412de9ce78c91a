/* bolo-sync.h: the car's whole exchange with its remotes, on main
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-health.h"
#include "bolo-sync-run.h"

G_BEGIN_DECLS

/* BoloSync: a worker a remote, what they tell in one BoloSyncState. Main. Signals:
 *  "health" (BoloHealth *)  "sync", or "sync:NAME" of a second remote; on change
 *  "ended" ()               every run has ended by itself (bolo_sync_set_end) */
#define BOLO_TYPE_SYNC (bolo_sync_get_type ())
G_DECLARE_FINAL_TYPE (BoloSync, bolo_sync, BOLO, SYNC, GObject)

/* BoloSyncParts: what it works with. The store is lent, open, and outlives stop. */
typedef struct {
  const BoloSyncConfig *config;
  const char *only; /* (nullable): the one remote to talk to */
  const char *state_dir;
  BoloStore *store;     /* (nullable) */
  BoloHotlist *hotlist; /* (nullable) */
  BoloClock *clock;
  BoloRunEnd end;
} BoloSyncParts;

/* For a program that speaks to the remotes of @config and to nobody else (a camera's certificate
 * may be one that the system vouches for): it trusts no authority but those that are named there.
 * Before bolo_sync_start (). */
void bolo_sync_trust_only (const BoloSyncConfig *config);

BoloSync *bolo_sync_new (const BoloSyncParts *parts);
/* (transfer none) */
BoloSyncState *bolo_sync_get_state (BoloSync *self);
void bolo_sync_start (BoloSync *self);
/* Something was stored; @is_hit: it goes at once. */
void bolo_sync_note_stored (BoloSync *self, gboolean is_hit);
/* FALSE: one was still at work at the deadline and is left behind. Idempotent. */
gboolean bolo_sync_stop (BoloSync *self, guint deadline_ms);
/* Whether every run has sent all that it was to send; after "ended". @failure (nullable) (out)
 * (transfer full): else why not. */
gboolean bolo_sync_is_done (BoloSync *self, char **failure);

G_END_DECLS
