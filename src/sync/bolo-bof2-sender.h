/* bolo-bof2-sender.h: reads and pictures out of a batch to a BOF2 back office
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-bof2-client.h"
#include "bolo-bof2-ledger.h"
#include "bolo-outgoing.h"

G_BEGIN_DECLS

/* A picture of a sighting, for sendCapture. (transfer full) (nullable). sync's worker. */
typedef GBytes *(*BoloBof2PictureSource) (const char *sighting,
                                          gboolean is_overview,
                                          gpointer user_data);

/* BoloBof2Sender: all lent. @source (nullable). */
typedef struct {
  const BoloBof2Config *config;
  BoloBof2Client *client;
  BoloBof2Ledger *ledger;
  BoloClock *clock;
  BoloBof2PictureSource source;
  gpointer source_data;
} BoloBof2Sender;

/* Gives hits, sightings and pictures (BoloOutgoing) their answers; all others it leaves. BOF2 knows
 * a read and not its states: a sighting goes once, when its pass is over or something hit, and the
 * answer to it is the answer to all its states of that mark; a corrected mark goes as a read of its
 * own. FALSE: it broke off, and what has no answer yet is to be sent again. */
gboolean bolo_bof2_sender_send (BoloBof2Sender *self,
                                GPtrArray *items,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
