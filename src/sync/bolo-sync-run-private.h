/* bolo-sync-run-private.h: what a run consists of, for the files that it consists of
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-pace.h"
#include "bolo-receipt-sum.h"
#include "bolo-sync-feed.h"
#include "bolo-sync-lanes.h"
#include "bolo-sync-run.h"

G_BEGIN_DECLS

struct _BoloSyncRun {
  BoloRunParts parts;
  BoloRunNotify notify;
  GCancellable *stop; /* (owned) */

  GMutex mutex;
  GCond changed;
  guint wishes;         /* (mutex mutex): of BoloRunWish */
  gboolean is_metered;  /* (mutex mutex) */
  GCancellable *call;   /* (mutex mutex) (owned) (nullable): of what the transport does now */
  gint64 call_us;       /* (mutex mutex): monotonic, since when */
  gboolean is_yielding; /* (mutex mutex): it is a download, and ends for a hit */

  /* (thread worker) */
  BoloSyncFeed *feed;       /* (owned) */
  BoloSyncLanes *lanes;     /* (owned) (nullable): on a fast link */
  GCancellable *lanes_call; /* (owned) (nullable): of all that goes in lanes */
  gint64 done_us;           /* monotonic: the last batch was through */
  BoloListTaker *taker;     /* (owned) (nullable) */
  BoloTransportTraits traits;
  BoloPace texts;
  BoloPace pictures;
  BoloSyncFigures figures;
  char *failure;       /* (owned) (nullable) */
  char *rejection;     /* (owned) (nullable) */
  GError *lists_error; /* (owned) (nullable): why lists are refused; records go all the same */
  GPtrArray *doubtful; /* (owned) (nullable): sent, and nobody knows whether it arrived */
  GHashTable *kept;    /* (owned): of pictures under way, "ID STATE" to bytes kept there */
  BoloReceiptSum *sum; /* (owned) */
  guint64 n_in_sum;
  gint64 after;   /* shared hits up to this one are known */
  gint64 told_us; /* monotonic, all of these */
  gint64 counted_us;
  gint64 lists_due_us;
  gint64 shared_due_us;
  gboolean is_connected;
  gboolean is_end_of_shift;
  gboolean are_pictures; /* the last batch was of pictures */
  gboolean is_fast;      /* it was through in no time */
};

/* Before the transport is asked for anything: the (transfer full) cancellable for it; a call that
 * @is_yielding is broken off for a hit. */
GCancellable *bolo_sync_run_begin_call (BoloSyncRun *self, gboolean is_yielding);
/* @error: of the call; one that was broken off because the link has changed says so. */
void bolo_sync_run_end_call (BoloSyncRun *self, GError **error);
/* One more goes under the same cancellable, and one of several has ended. */
void bolo_sync_run_go_on_with_call (BoloSyncRun *self);
void bolo_sync_run_explain_call (BoloSyncRun *self, GError **error);
gboolean bolo_sync_run_take_wish (BoloSyncRun *self, BoloRunWish wish);
gboolean bolo_sync_run_may_send_pictures (BoloSyncRun *self);
void bolo_sync_run_set_phase (BoloSyncRun *self, BoloSyncPhase phase);
/* The other side is there, and has done what it was asked. */
void bolo_sync_run_note_contact (BoloSyncRun *self);

/* bolo-sync-batch.c: what goes to the other side. */
/* (transfer full) (nullable): the next batch, empty when nothing waits. */
GPtrArray *bolo_sync_batch_take (BoloSyncRun *self, gboolean wants_pictures, GError **error);
/* TRUE: it is through, or on its way; then another one may go beside it. */
gboolean
bolo_sync_batch_send (BoloSyncRun *self, GPtrArray *items, gboolean wants_pictures, GError **error);
/* The oldest that is on its way, when it is through. */
gboolean bolo_sync_batch_collect (BoloSyncRun *self, GError **error);
/* Something has failed: all that is on its way comes to its end. */
void bolo_sync_batch_drain (BoloSyncRun *self);
/* What of the batches that broke off has arrived. */
gboolean bolo_sync_batch_ask_of_doubtful (BoloSyncRun *self, GError **error);

/* bolo-sync-run-fetch.c: what comes from the other side. */
gboolean bolo_sync_fetch_lists (BoloSyncRun *self, GError **error);
gboolean bolo_sync_fetch_shared (BoloSyncRun *self, GError **error);
/* An item that is kept there belongs on the next receipt. */
void bolo_sync_fetch_note_kept (BoloSyncRun *self, const BoloOutgoing *item);
gboolean bolo_sync_fetch_is_receipt_due (BoloSyncRun *self);
gboolean bolo_sync_fetch_receipt (BoloSyncRun *self, GError **error);

G_END_DECLS
