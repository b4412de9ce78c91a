/* bolo-sync-run.h: drains the outboxes to one remote and brings its lists; sync's worker
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-id.h"
#include "bolo-store.h"
#include "bolo-sync-config.h"
#include "bolo-transport.h"

G_BEGIN_DECLS

/* What may be asked of a run while it is under way; bits. */
typedef enum {
  BOLO_RUN_MORE = 1 << 0,         /* something new waits; does not shorten a wait after a failure */
  BOLO_RUN_URGENT = 1 << 1,       /* likewise, a hit: it goes at once */
  BOLO_RUN_NOW = 1 << 2,          /* somebody asks: do not wait longer */
  BOLO_RUN_LINK_UP = 1 << 3,      /* likewise, and what failed before is forgotten */
  BOLO_RUN_END_OF_SHIFT = 1 << 4, /* pictures too, whatever the link costs; then a receipt */
} BoloRunWish;

/* When a run ends by itself. */
typedef enum {
  BOLO_RUN_FOR_EVER,   /* never */
  BOLO_RUN_UNTIL_DONE, /* when everything is sent, or somebody must do something */
  BOLO_RUN_ONCE,       /* likewise, or when it has not got through three times in a row */
} BoloRunEnd;

/* BoloRunNotify: in the worker; each (nullable) but figures. */
typedef struct {
  void (*figures) (const BoloSyncFigures *figures, gpointer user_data);
  void (*list) (const BoloListArrival *arrival, gpointer user_data);
  void (*shared) (GPtrArray *hits, gpointer user_data);
  void (*receipt) (const char *path, gpointer user_data);
  gpointer user_data;
} BoloRunNotify;

/* BoloRunParts: what a run works with, all lent for its life. */
typedef struct {
  const BoloRemote *remote;
  BoloTransport *transport;
  BoloStore *store;     /* (nullable) */
  BoloHotlist *hotlist; /* (nullable): no lists are fetched */
  const char *state_dir;
  BoloClock *clock;
  BoloRunEnd end;
} BoloRunParts;

/* BoloSyncRun: made and freed anywhere; run on one worker; wish and set_metered from any thread. */
typedef struct _BoloSyncRun BoloSyncRun;

BoloSyncRun *bolo_sync_run_new (const BoloRunParts *parts, const BoloRunNotify *notify);
void bolo_sync_run_free (BoloSyncRun *self);
void bolo_sync_run_wish (BoloSyncRun *self, BoloRunWish wish);
void bolo_sync_run_set_metered (BoloSyncRun *self, gboolean is_metered);
/* Any thread: the loop ends within seconds. */
void bolo_sync_run_stop (BoloSyncRun *self);
/* The worker: until it is stopped or ends by itself. TRUE: everything that was to be
 * sent is sent. */
gboolean bolo_sync_run_loop (BoloSyncRun *self, GError **error);

G_END_DECLS
