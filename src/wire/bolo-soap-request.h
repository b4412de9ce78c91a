/* bolo-soap-request.h: writes the envelope of a SOAP 1.1 call, rpc/encoded
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-soap-service.h"

G_BEGIN_DECLS

#define BOLO_SOAP_ENVELOPE "http://schemas.xmlsoap.org/soap/envelope/"
#define BOLO_SOAP_ENCODING "http://schemas.xmlsoap.org/soap/encoding/"
#define BOLO_XML_SCHEMA "http://www.w3.org/2001/XMLSchema"
#define BOLO_XML_INSTANCE "http://www.w3.org/2001/XMLSchema-instance"

/* BoloSoapValues: what a call is given, by the meaning of its parts. One thread at a time. What is
 * in it is wiped when it is freed: one of it is a secret. */
typedef struct _BoloSoapValues BoloSoapValues;

BoloSoapValues *bolo_soap_values_new (void);
void bolo_soap_values_free (BoloSoapValues *self);
/* @text NULL: the part has no value, as one that was never set. */
void bolo_soap_values_set_text (BoloSoapValues *self, const char *meaning, const char *text);
void bolo_soap_values_set_int (BoloSoapValues *self, const char *meaning, gint64 value);
void bolo_soap_values_set_bytes (BoloSoapValues *self, const char *meaning, GBytes *bytes);
/* One more string, or record (meaning, text, meaning, text, …, NULL), of an array. */
void bolo_soap_values_add_text (BoloSoapValues *self, const char *meaning, const char *text);
void
bolo_soap_values_add_record (BoloSoapValues *self, const char *meaning, const char *const *pairs);

/* The envelope in UTF-8. INVALID_DATA names the part whose value is not of its type, never the
 * value: it may be the secret or a mark. (transfer full): wiped when the last of it is let go. */
GBytes *bolo_soap_request_write (const BoloSoapService *service,
                                 const BoloSoapValues *values,
                                 GError **error);
/* Is @text a value of that type? What XML cannot hold is none. Any thread. */
gboolean bolo_soap_text_is_of (const char *text, BoloSoapType type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloSoapValues, bolo_soap_values_free)

G_END_DECLS
