/* bolo-bof2-client.h: calls the services of a BOF2 back office
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-bof2-config.h"
#include "bolo-clock.h"

G_BEGIN_DECLS

/* BoloBof2Client: sync's worker; every call blocks, at most BOLO_TRANSPORT_STALL_S without a byte.
 * What the back office answers is kept word for word, the secret cut out, in
 * FOLDER/answers.jsonl (and answers.jsonl.1 before it), which only its owner can read. Neither
 * calls nor answers are logged. */
typedef struct _BoloBof2Client BoloBof2Client;

/* @config and @clock are lent for its life. NOT_FOUND, INVALID_DATA: the certificates named cannot
 * be read. */
BoloBof2Client *bolo_bof2_client_new (const BoloBof2Config *config,
                                      const char *folder,
                                      BoloClock *clock,
                                      GError **error);
void bolo_bof2_client_free (BoloBof2Client *self);

/* Calls @operation. A fault is an answer; an error is none: OFFLINE, TIMED_OUT, BUSY, AUTH,
 * INVALID_DATA (not the answer to this call), PERMISSION, NOT_FOUND (no such service). @sink
 * (nullable): for the member "deltas". (transfer full) */
BoloSoapReply *bolo_bof2_client_call (BoloBof2Client *self,
                                      const char *operation,
                                      const BoloSoapValues *values,
                                      BoloSoapSink sink,
                                      gpointer sink_data,
                                      GCancellable *cancellable,
                                      GError **error);
/* With "secret", "username" and "source" set, as the lists' services want them. (transfer full) */
BoloSoapValues *bolo_bof2_client_begin (BoloBof2Client *self);
void bolo_bof2_client_get_caller (BoloBof2Client *self, BoloBof2Caller *caller);
/* What the rules make of an answer; written to the answers. */
BoloBof2Verdict
bolo_bof2_client_judge (BoloBof2Client *self, const char *operation, const BoloSoapReply *reply);
/* Our clock less the server's at its last answer, in seconds; FALSE where it did not say. */
gboolean bolo_bof2_client_get_clock_offset_s (BoloBof2Client *self, gint64 *offset_s);
/* Ends open connections. */
void bolo_bof2_client_close (BoloBof2Client *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloBof2Client, bolo_bof2_client_free)

G_END_DECLS
