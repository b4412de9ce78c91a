/* bolo-bof2-client.c: calls the services of a BOF2 back office
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-bof2-client"

#include "bolo-bof2-client.h"

#include <libsoup/soup.h>
#include <string.h>

#include "bolo-bof2-answers.h"
#include "bolo-error.h"
#include "bolo-transport.h"

#define PIECE_BYTES (32 * 1024)
#define SHORT_REPLY_BYTES_MAX (1024 * 1024) /* of all answers but lists */

struct _BoloBof2Client {
  const BoloBof2Config *config;
  BoloClock *clock;             /* (owned) */
  GMainContext *context;        /* (owned): of the session's; the worker's own waits meanwhile */
  SoupSession *session;         /* (owned) */
  GTlsDatabase *authority;      /* (owned) (nullable) */
  GTlsCertificate *certificate; /* (owned) (nullable) */
  BoloBof2Answers *answers;     /* (owned) */
  gboolean has_offset;
  gint64 offset_s;
};

/* ---- making -------------------------------------------------------------------------------- */

static gboolean
load_certificates (BoloBof2Client *self, GError **error)
{
  const BoloBof2Config *config = self->config;
  GError *local = NULL;

  if (config->authority != NULL)
    self->authority = g_tls_file_database_new (config->authority, &local);
  if (local == NULL && config->certificate != NULL)
    self->certificate = g_tls_certificate_new_from_files (config->certificate, config->key, &local);
  if (local == NULL)
    return TRUE;
  bolo_error_take_foreign (error, local, "The certificates that bof2.conf names cannot be used");
  return FALSE;
}

BoloBof2Client *
bolo_bof2_client_new (const BoloBof2Config *config,
                      const char *folder,
                      BoloClock *clock,
                      GError **error)
{
  g_autoptr (BoloBof2Client) self = NULL;

  g_return_val_if_fail (config != NULL && folder != NULL && BOLO_IS_CLOCK (clock), NULL);

  self = g_new0 (BoloBof2Client, 1);
  self->config = config;
  self->clock = g_object_ref (clock);
  self->context = g_main_context_new ();
  self->answers = bolo_bof2_answers_new (folder, clock, config->secret);
  if (!load_certificates (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
bolo_bof2_client_free (BoloBof2Client *self)
{
  g_return_if_fail (self != NULL);

  bolo_bof2_client_close (self);
  g_main_context_unref (self->context);
  g_clear_object (&self->authority);
  g_clear_object (&self->certificate);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->answers, bolo_bof2_answers_free);
  g_free (self);
}

void
bolo_bof2_client_close (BoloBof2Client *self)
{
  g_return_if_fail (self != NULL);

  if (self->session == NULL)
    return;
  g_main_context_push_thread_default (self->context);
  soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_main_context_pop_thread_default (self->context);
}

/* Belongs to the thread that first calls. */
static SoupSession *
get_session (BoloBof2Client *self)
{
  if (self->session == NULL) {
    self->session = soup_session_new_with_options (
      "max-conns", 1, "timeout", BOLO_TRANSPORT_STALL_S, "user-agent", "bolo ", NULL);
    if (self->authority != NULL)
      soup_session_set_tls_database (self->session, self->authority);
  }
  return self->session;
}

void
bolo_bof2_client_get_caller (BoloBof2Client *self, BoloBof2Caller *caller)
{
  g_return_if_fail (self != NULL && caller != NULL);

  *caller = (BoloBof2Caller){.secret = self->config->secret,
                             .username = self->config->username,
                             .feed = self->config->feed,
                             .source = self->config->source};
}

BoloSoapValues *
bolo_bof2_client_begin (BoloBof2Client *self)
{
  BoloSoapValues *values;

  g_return_val_if_fail (self != NULL, NULL);

  values = bolo_soap_values_new ();
  bolo_soap_values_set_text (values, "secret", self->config->secret);
  bolo_soap_values_set_text (values, "username", self->config->username);
  bolo_soap_values_set_text (values, "source", self->config->source_id);
  return values;
}

gboolean
bolo_bof2_client_get_clock_offset_s (BoloBof2Client *self, gint64 *offset_s)
{
  g_return_val_if_fail (self != NULL && offset_s != NULL, FALSE);

  *offset_s = self->offset_s;
  return self->has_offset;
}

/* ---- calling ------------------------------------------------------------------------------- */

static SoupMessage *
make_message (BoloBof2Client *self,
              const BoloSoapService *service,
              GBytes *envelope,
              GError **error)
{
  g_autofree char *url = g_strconcat (self->config->url, "/", service->path, NULL);
  g_autofree char *action = g_strconcat ("\"", service->action, "\"", NULL);
  SoupMessage *message = soup_message_new (SOUP_METHOD_POST, url);

  if (message == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "bof2.conf: url and the path of %s make no address", service->operation);
    return NULL;
  }
  soup_message_headers_replace (soup_message_get_request_headers (message), "SOAPAction", action);
  soup_message_set_request_body_from_bytes (message, "text/xml; charset=utf-8", envelope);
  /* A call holds the secret: it goes where the configuration says and nowhere else. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  /* Given now and not when it is asked for: the question would wait for this thread's context,
   * which waits for the answer. */
  soup_message_set_tls_client_certificate (message, self->certificate);
  return message;
}

/* Why no answer came, in our words. */
static void
take_link_error (GError **error, GError *local, const char *operation)
{
  BoloError code = BOLO_ERROR_OFFLINE;

  if (local->domain == BOLO_ERROR) {
    g_propagate_error (error, local);
    return;
  }
  if (local->domain == G_TLS_ERROR)
    code = BOLO_ERROR_AUTH;
  else if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    code = BOLO_ERROR_TIMED_OUT;
  g_set_error (error, BOLO_ERROR, code, "The BOF2 back office did not answer to %s: %s", operation,
               local->message);
  g_error_free (local);
}

/* What a status means that no answer to the call comes with. */
static void
set_status_error (GError **error, guint status, const char *operation)
{
  BoloError code = BOLO_ERROR_BUSY;
  const char *what = "try later";

  if (status == SOUP_STATUS_UNAUTHORIZED || status == SOUP_STATUS_FORBIDDEN) {
    code = BOLO_ERROR_AUTH;
    what = "it does not know this car; ask the force about certificate and account";
  } else if (status == SOUP_STATUS_NOT_FOUND || status / 100 == 3) {
    code = BOLO_ERROR_NOT_SUPPORTED;
    what = "there is no such service; see url and path in bof2.conf";
  } else if (status == SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE) {
    code = BOLO_ERROR_NOT_SUPPORTED;
    what = "the call is too large for it; see most in bof2.conf";
  }
  g_set_error (error, BOLO_ERROR, code, "The BOF2 back office answered %u to %s: %s", status,
               operation, what);
}

static void
note_clock (BoloBof2Client *self, SoupMessage *message)
{
  const char *text =
    soup_message_headers_get_one (soup_message_get_response_headers (message), "Date");
  g_autoptr (GDateTime) date = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;

  self->has_offset = date != NULL;
  if (date != NULL)
    self->offset_s =
      bolo_clock_get_utc_us (self->clock) / G_USEC_PER_SEC - g_date_time_to_unix (date);
}

static BoloSoapReply *
read_reply (BoloBof2Client *self,
            BoloSoapReader *reader,
            GInputStream *body,
            GCancellable *cancellable,
            GError **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE_BYTES);

  for (;;) {
    gssize length = g_input_stream_read (body, piece, PIECE_BYTES, cancellable, error);

    if (length < 0)
      return NULL;
    if (length == 0)
      return bolo_soap_reader_finish (reader, error);
    if (!bolo_soap_reader_push (reader, piece, (gsize) length, error))
      return NULL;
  }
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* TLS asks this thread for its certificate while it shakes hands, and would wait for ever if nobody
 * turned its context: so nothing here blocks but the turning. */
static GInputStream *
send_message (BoloBof2Client *self, SoupMessage *message, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  soup_session_send_async (get_session (self), message, G_PRIORITY_DEFAULT, cancellable, on_sent,
                           &result);
  while (result == NULL)
    g_main_context_iteration (self->context, TRUE);
  return soup_session_send_finish (self->session, result, error);
}

/* SOAP 1.1 answers with 200, and a fault with 500; any other status comes without an answer. */
static BoloSoapReply *
talk (BoloBof2Client *self,
      const BoloSoapService *service,
      SoupMessage *message,
      BoloSoapReader *reader,
      GCancellable *cancellable,
      GError **error)
{
  g_autoptr (GInputStream) body = NULL;
  BoloSoapReply *reply;
  GError *local = NULL;
  guint status;

  body = send_message (self, message, cancellable, &local);
  if (body == NULL) {
    take_link_error (error, local, service->operation);
    return NULL;
  }
  note_clock (self, message);
  status = soup_message_get_status (message);
  if (status != SOUP_STATUS_OK && status != SOUP_STATUS_INTERNAL_SERVER_ERROR) {
    set_status_error (error, status, service->operation);
    return NULL;
  }
  reply = read_reply (self, reader, body, cancellable, &local);
  if (reply == NULL && status == SOUP_STATUS_INTERNAL_SERVER_ERROR) {
    g_error_free (local);
    set_status_error (error, status, service->operation);
  } else if (reply == NULL)
    take_link_error (error, local, service->operation);
  return reply;
}

BoloSoapReply *
bolo_bof2_client_call (BoloBof2Client *self,
                       const char *operation,
                       const BoloSoapValues *values,
                       BoloSoapSink sink,
                       gpointer sink_data,
                       GCancellable *cancellable,
                       GError **error)
{
  const BoloSoapService *service;
  g_autoptr (BoloSoapReader) reader = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) envelope = NULL;
  BoloSoapReply *reply;

  g_return_val_if_fail (self != NULL && operation != NULL && values != NULL, NULL);

  service = bolo_soap_table_find (self->config->services, operation);
  g_return_val_if_fail (service != NULL, NULL);
  envelope = bolo_soap_request_write (service, values, error);
  if (envelope == NULL)
    return NULL;
  message = make_message (self, service, envelope, error);
  if (message == NULL)
    return NULL;
  reader = bolo_soap_reader_new (service, sink != NULL ? self->config->reply_bytes_max
                                                       : SHORT_REPLY_BYTES_MAX);
  if (sink != NULL)
    bolo_soap_reader_set_sink (reader, "deltas", sink, sink_data);
  g_main_context_push_thread_default (self->context);
  reply = talk (self, service, message, reader, cancellable, error);
  g_main_context_pop_thread_default (self->context);
  if (reply != NULL && reply->is_fault)
    bolo_bof2_answers_add (self->answers, operation, "fault", reply->text);
  return reply;
}

BoloBof2Verdict
bolo_bof2_client_judge (BoloBof2Client *self, const char *operation, const BoloSoapReply *reply)
{
  BoloBof2Verdict verdict;

  g_return_val_if_fail (self != NULL && operation != NULL && reply != NULL, BOLO_BOF2_UNKNOWN);

  verdict = bolo_bof2_rules_judge (self->config->rules, reply);
  bolo_bof2_answers_add (self->answers, operation, bolo_bof2_verdict_to_string (verdict),
                         reply->text);
  return verdict;
}
