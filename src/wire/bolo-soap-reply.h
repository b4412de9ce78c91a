/* bolo-soap-reply.h: reads the envelope that answers a SOAP 1.1 call, as it comes in
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-soap-service.h"

G_BEGIN_DECLS

/* BoloSoapReply: what a call came back with. Owned. */
typedef struct {
  gboolean is_fault;
  char *text; /* (nullable): the returned value as it was written; of a fault "CODE: SENTENCE" */
  GPtrArray *records; /* of GHashTable, meaning to text; a member that is nil is not in it */
} BoloSoapReply;

void bolo_soap_reply_free (BoloSoapReply *self);
/* (nullable) (transfer none) */
const char *bolo_soap_reply_get (const BoloSoapReply *self, guint nth, const char *meaning);

/* Takes bytes that a long Base64 member holds, decoded. FALSE ends the reading with its error. */
typedef gboolean (*BoloSoapSink) (const guint8 *bytes, gsize length, gpointer data, GError **error);

/* BoloSoapReader: one reply under way. One thread at a time. Takes no document type, so there are
 * no entities and nothing is fetched; at most @bytes_max bytes, 64 levels, 100,000 elements and 4
 * MiB of text besides what goes to a sink. @service is lent for its life. */
typedef struct _BoloSoapReader BoloSoapReader;

BoloSoapReader *bolo_soap_reader_new (const BoloSoapService *service, gsize bytes_max);
void bolo_soap_reader_free (BoloSoapReader *self);
/* The member of that meaning is not kept, but goes to @sink as it comes. */
void bolo_soap_reader_set_sink (BoloSoapReader *self,
                                const char *meaning,
                                BoloSoapSink sink,
                                gpointer data);
/* INVALID_DATA: these bytes are no reply to the call, whatever follows; or the sink's error. */
gboolean
bolo_soap_reader_push (BoloSoapReader *self, const void *bytes, gsize length, GError **error);
/* After the last byte. A fault is a reply, too. (transfer full) */
BoloSoapReply *bolo_soap_reader_finish (BoloSoapReader *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloSoapReply, bolo_soap_reply_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloSoapReader, bolo_soap_reader_free)

G_END_DECLS
