/* bolo-stick-watch.h: notices a stick in its folder, and exchanges with it when asked; main
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hotlist.h"
#include "bolo-store.h"
#include "bolo-sync-config.h"
#include "bolo-sync-state.h"

G_BEGIN_DECLS

/* BoloStickWatch: on main, with a worker of its own on which all that waits for a stick or a disk
 * is done. It tells the state: the stick, and the figures of remotes that have no link. */
#define BOLO_TYPE_STICK_WATCH (bolo_stick_watch_get_type ())
G_DECLARE_FINAL_TYPE (BoloStickWatch, bolo_stick_watch, BOLO, STICK_WATCH, GObject)

/* Plain data. The store is lent, open, and outlives stop. */
typedef struct {
  const BoloSyncConfig *config;
  const char *state_dir;
  BoloStore *store;     /* (nullable) */
  BoloHotlist *hotlist; /* (nullable) */
  BoloClock *clock;
  BoloSyncState *state;
} BoloStickWatchParts;

/* (nullable): no remote takes sticks. Without a folder in sync.conf there is never one in. */
BoloStickWatch *bolo_stick_watch_new (const BoloStickWatchParts *parts);
void bolo_stick_watch_start (BoloStickWatch *self);
/* With each remote that takes sticks, one after the other; nothing while one is under way. */
void bolo_stick_watch_exchange (BoloStickWatch *self);
/* Something was stored. */
void bolo_stick_watch_note_stored (BoloStickWatch *self);
/* FALSE: it was still at work at the deadline and is left behind. Idempotent. */
gboolean bolo_stick_watch_stop (BoloStickWatch *self, guint deadline_ms);

G_END_DECLS
