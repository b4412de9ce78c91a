/* bolo-envelope.h: a text and who signed it, for manifests, configurations, receipts and deny lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-key.h"

G_BEGIN_DECLS

/* What a signature is for: one for a receipt can never pass for one of a manifest. */
#define BOLO_ENVELOPE_MANIFEST "bolo-manifest-v1"
#define BOLO_ENVELOPE_CONFIGURATION "bolo-configuration-v1"
#define BOLO_ENVELOPE_RECEIPT "bolo-receipt-v1"
#define BOLO_ENVELOPE_DENIED "bolo-denied-v1"

/* Of a whole envelope, as it is on the wire. */
#define BOLO_ENVELOPE_TEXT_MAX (4 * 1024 * 1024)
#define BOLO_ENVELOPE_SIGNATURE_BYTES 64

/* BoloEnvelope: {"signed":"…","key":"NAME","signature":"128 hexadecimal digits"}. Owned. Nothing in
 * it may be believed before verify. */
typedef struct {
  char *text; /* "signed" */
  char *key;  /* its name: look for it among those that you trust */
  guint8 signature[BOLO_ENVELOPE_SIGNATURE_BYTES];
} BoloEnvelope;

/* Signs @purpose, a line feed and @text with @key's secret half. (transfer full): the envelope as
 * one line of JSON, without a line feed. INTERNAL where libsodium does not start. Any thread. */
char *
bolo_envelope_seal (const char *purpose, const char *text, const BoloListKey *key, GError **error);
/* INVALID_DATA names @source: too long, not JSON, a member missing, no good name of a key. Any
 * thread. */
BoloEnvelope *
bolo_envelope_parse (const char *json, gsize length, const char *source, GError **error);
void bolo_envelope_free (BoloEnvelope *self);
/* BOLO_ERROR_SIGNATURE unless @key made it, for this @purpose. Any thread. */
gboolean bolo_envelope_verify (const BoloEnvelope *self,
                               const char *purpose,
                               const BoloListKey *key,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloEnvelope, bolo_envelope_free)

G_END_DECLS
