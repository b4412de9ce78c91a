/* bolo-usb.h: the car's half of bundles on a stick: what came from the station, what goes there
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hotlist.h"
#include "bolo-store.h"
#include "bolo-sync-config.h"
#include "bolo-sync-state.h"

G_BEGIN_DECLS

/* BoloUsbParts: what an exchange works with. Plain data, all lent. */
typedef struct {
  const BoloRemote *remote;
  BoloStore *store;     /* (nullable) */
  BoloHotlist *hotlist; /* (nullable): no lists are taken */
  const char *state_dir;
  BoloClock *clock;
  GCancellable *cancellable; /* (nullable) */
  /* (nullable): in the thread that exchanges, some times a second */
  void (*progress) (gint64 items, gint64 of_items, gint64 bytes, gint64 of_bytes, gpointer data);
  gpointer data;
} BoloUsbParts;

/* BoloUsbReport: what became of it; owned. Also after a failure. */
typedef struct {
  gint64 n_acknowledged; /* items that left the outbox on the station's word */
  gint64 n_written;      /* items in the bundle; they go on waiting */
  gint64 n_on_stick;     /* items that lie on it unchanged from before; they go on waiting */
  gint64 bytes_written;  /* of the bundle */
  GPtrArray *lists;      /* (owned) of BoloListArrival: that the stick named */
  char *bundle;          /* (owned) (nullable): path of what was written */
  char *receipt;         /* (owned) (nullable): path of what the station signed for */
  char *notice;          /* (owned) (nullable): one sentence, what on the stick is not for us */
} BoloUsbReport;

void bolo_usb_report_clear (BoloUsbReport *self);

/* Whether the remote takes sticks: INVALID_DATA says why not. */
gboolean bolo_usb_is_possible (const BoloRemote *remote, GError **error);
/* What an exchange that was killed has left of what it decrypted. Every exchange does so first. */
void bolo_usb_sweep (const char *state_dir, const char *remote);
/* Takes what @folder holds for this car: acknowledgements, lists, configuration; then writes all
 * that waits for the remote, and is in no bundle of ours that lies there unchanged, into a new one,
 * hits first, and removes those of ours that do not count any more.
 * What could not be taken does not keep the bundle from being written; the error then says so.
 * Blocks; any thread but main, one exchange of a remote at a time. Errors: NOT_FOUND, NO_SPACE,
 * PERMISSION, DEVICE_LOST, SIGNATURE, INVALID_DATA, STALE: each one sentence, nothing lost. */
gboolean bolo_usb_exchange (const BoloUsbParts *parts,
                            const char *folder,
                            BoloUsbReport *report,
                            GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoloUsbReport, bolo_usb_report_clear)

G_END_DECLS
