/* bolo-https-link.c: requests to one station over TLS 1.3, each with a deadline
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-https-link"

#include "bolo-https-link.h"

#include <libsoup/soup.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "bolo-error.h"
#include "bolo-json-reader.h"
#include "bolo-transport.h"
#include "bolo-worker.h"

/* Unsent bytes that the kernel may hold: what is urgent stands behind no more than these. A fast
 * link gets more, for else the two sides wait for each other at every 16 kB. */
#define UNSENT_MIN 16384
#define UNSENT_MAX (1024 * 1024)
#define UNSENT_S 0.02
#define READ_BYTES 65536
/* Whatever is under way was cancelled before. */
#define STOP_MS 10000
#define STATUS_TOO_MANY_REQUESTS 429 /* libsoup has no name for it */

/* libsoup hands on 8 kB of a body at a time: without blocking each of them takes three turns of a
 * main loop, which cost more than TLS does. So requests block, on a worker of the link's own, and
 * who waits for them keeps the deadline. */
struct _BoloHttpsLink {
  char *url;                    /* (owned) */
  GTlsCertificate *certificate; /* (owned) */
  GTlsDatabase *authority;      /* (owned) */
  GHashTable *denied;           /* (owned) set of SHA-256 */
  BoloWorker *worker;           /* (owned) */
  SoupSession *session;         /* (owned) (nullable) (thread worker) */
  guint asked_s;
  GSocket *socket;  /* (owned) (nullable): of the last connection */
  int unsent_bytes; /* that its kernel may hold */

  /* of the request under way */
  GCancellable *cancellable; /* (owned) (nullable) */
  char *refusal;             /* (owned) (nullable): why the other side is not talked to */
  gboolean is_late;

  GMutex mutex;
  GCond changed;
  gboolean is_done; /* (mutex mutex): the worker has come to the end of it */
};

void
bolo_https_reply_clear (BoloHttpsReply *self)
{
  g_clear_pointer (&self->body, g_byte_array_unref);
}

/* ---- who is there -------------------------------------------------------------------------- */

static void
refuse (BoloHttpsLink *self, const char *sentence)
{
  if (self->refusal == NULL)
    self->refusal = g_strdup (sentence);
  g_cancellable_cancel (self->cancellable);
}

static char *
get_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  return der != NULL ? g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len) : NULL;
}

/* The certificate is in order; is it one that was withdrawn, and is the protocol new enough? Here
 * nothing of the request has been written yet. */
static void
check_handshake (BoloHttpsLink *self, GTlsConnection *tls)
{
  GTlsCertificate *peer = g_tls_connection_get_peer_certificate (tls);
  g_autofree char *fingerprint = peer != NULL ? get_fingerprint (peer) : NULL;

  if (g_tls_connection_get_protocol_version (tls) < G_TLS_PROTOCOL_VERSION_TLS_1_3)
    refuse (self, "The station speaks an older TLS than 1.3; nothing was sent");
  else if (fingerprint == NULL || g_hash_table_contains (self->denied, fingerprint))
    refuse (self, "The station's certificate was withdrawn; nothing was sent");
}

static void
limit_unsent (BoloHttpsLink *self)
{
  if (self->socket != NULL)
    g_socket_set_option (self->socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, self->unsent_bytes, NULL);
}

static void
take_connection (BoloHttpsLink *self, GIOStream *stream)
{
  if (!G_IS_SOCKET_CONNECTION (stream))
    return;
  g_set_object (&self->socket, g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)));
  self->unsent_bytes = UNSENT_MIN;
  limit_unsent (self);
}

static void
on_network_event (SoupMessage *message,
                  GSocketClientEvent event,
                  GIOStream *stream,
                  BoloHttpsLink *self)
{
  if (event == G_SOCKET_CLIENT_CONNECTED)
    take_connection (self, stream);
  /* Who asks libsoup for it in mid-handshake waits for the worker, and the worker for him. */
  else if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING && G_IS_TLS_CONNECTION (stream))
    g_tls_connection_set_certificate (G_TLS_CONNECTION (stream), self->certificate);
  else if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED && G_IS_TLS_CONNECTION (stream))
    check_handshake (self, G_TLS_CONNECTION (stream));
}

static gboolean
is_self_signed (GTlsCertificate *certificate)
{
  g_autofree char *issuer = NULL;
  g_autofree char *subject = NULL;

  g_object_get (certificate, "issuer-name", &issuer, "subject-name", &subject, NULL);
  return g_strcmp0 (issuer, subject) == 0;
}

/* Asked only where something is wrong with the certificate. */
static gboolean
on_accept_certificate (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       BoloHttpsLink *self)
{
  const char *what = "is no good";

  if (errors & G_TLS_CERTIFICATE_REVOKED)
    what = "was withdrawn";
  else if (errors & G_TLS_CERTIFICATE_UNKNOWN_CA)
    what = is_self_signed (certificate) ? "is signed by itself" : "is of another authority";
  else if (errors & G_TLS_CERTIFICATE_EXPIRED)
    what = "has expired";
  else if (errors & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    what = "is not valid yet";
  else if (errors & G_TLS_CERTIFICATE_BAD_IDENTITY)
    what = "is for another address";
  if (self->refusal == NULL)
    self->refusal = g_strdup_printf ("The station's certificate %s; nothing was sent", what);
  return FALSE;
}

/* ---- certificates -------------------------------------------------------------------------- */

static gboolean
take_foreign (GError **error, GError *foreign, const char *what, const char *path)
{
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_AUTH, "%s %s cannot be used: %s", what, path,
               foreign->message);
  g_error_free (foreign);
  return FALSE;
}

static gboolean
load_certificates (BoloHttpsLink *self, const BoloRemote *remote, GError **error)
{
  g_autoptr (GDateTime) end = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  GError *local = NULL;

  self->authority = g_tls_file_database_new (remote->authority, &local);
  if (self->authority == NULL)
    return take_foreign (error, local, "The authority", remote->authority);
  self->certificate = g_tls_certificate_new_from_files (remote->certificate, remote->key, &local);
  if (self->certificate == NULL)
    return take_foreign (error, local, "This car's certificate", remote->certificate);
  end = g_tls_certificate_get_not_valid_after (self->certificate);
  if (end != NULL && g_date_time_compare (end, now) < 0) {
    g_autofree char *date = g_date_time_format (end, "%Y-%m-%d");

    g_set_error (error, BOLO_ERROR, BOLO_ERROR_AUTH,
                 "This car's certificate has expired on %s; nothing is sent until it has a new one",
                 date);
    return FALSE;
  }
  return TRUE;
}

/* ---- on the worker ------------------------------------------------------------------------- */

static void
finish (BoloHttpsLink *self)
{
  g_mutex_lock (&self->mutex);
  self->is_done = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/* Runs @func (data) there, until @deadline_us (monotonic; G_MAXINT64: none), when what is under way
 * is cancelled, and then to its end. */
static void
run_on_worker (BoloHttpsLink *self, GSourceFunc func, gpointer data, gint64 deadline_us)
{
  g_mutex_lock (&self->mutex);
  self->is_done = FALSE;
  bolo_worker_post (self->worker, func, data, NULL);
  while (!self->is_done) {
    if (deadline_us == G_MAXINT64) {
      g_cond_wait (&self->changed, &self->mutex);
    } else if (!g_cond_wait_until (&self->changed, &self->mutex, deadline_us) && !self->is_done) {
      self->is_late = TRUE;
      deadline_us = G_MAXINT64;
      g_mutex_unlock (&self->mutex);
      g_cancellable_cancel (self->cancellable);
      g_mutex_lock (&self->mutex);
    }
  }
  g_mutex_unlock (&self->mutex);
}

/* No proxy: what leaves the car goes to the station and nowhere else. */
static gboolean
on_begin (gpointer user_data)
{
  BoloHttpsLink *self = user_data;

  self->session = soup_session_new_with_options (
    "tls-database", self->authority, "timeout", BOLO_TRANSPORT_STALL_S, "max-conns", 1,
    "max-conns-per-host", 1, "proxy-resolver", NULL, "user-agent", "Bolo", NULL);
  finish (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_end (gpointer user_data)
{
  BoloHttpsLink *self = user_data;

  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  return G_SOURCE_REMOVE;
}

/* ---- life ---------------------------------------------------------------------------------- */

BoloHttpsLink *
bolo_https_link_new (const BoloRemote *remote, GError **error)
{
  g_autoptr (BoloHttpsLink) self = NULL;

  g_return_val_if_fail (remote != NULL && remote->type == BOLO_REMOTE_HTTPS, NULL);

  self = g_new0 (BoloHttpsLink, 1);
  self->url = g_strdup (remote->url);
  self->denied = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->worker = bolo_worker_new ("bolo-https");
  if (!load_certificates (self, remote, error))
    return NULL;
  run_on_worker (self, on_begin, self, G_MAXINT64);
  return g_steal_pointer (&self);
}

void
bolo_https_link_free (BoloHttpsLink *self)
{
  if (self == NULL)
    return;
  bolo_worker_post (self->worker, on_end, self, NULL);
  bolo_worker_stop (self->worker, STOP_MS);
  g_object_unref (self->worker);
  g_clear_object (&self->socket);
  g_clear_object (&self->certificate);
  g_clear_object (&self->authority);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->denied, g_hash_table_unref);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self->refusal);
  g_free (self->url);
  g_free (self);
}

void
bolo_https_link_set_denied (BoloHttpsLink *self, const char *const *denied)
{
  g_return_if_fail (self != NULL);

  g_hash_table_remove_all (self->denied);
  for (guint i = 0; denied != NULL && denied[i] != NULL; i++)
    g_hash_table_add (self->denied, g_strdup (denied[i]));
}

void
bolo_https_link_set_rate (BoloHttpsLink *self, double bps)
{
  g_return_if_fail (self != NULL);

  self->unsent_bytes = (int) CLAMP (bps * UNSENT_S, UNSENT_MIN, UNSENT_MAX);
  limit_unsent (self);
}

guint
bolo_https_link_get_asked_s (BoloHttpsLink *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->asked_s;
}

/* ---- one request --------------------------------------------------------------------------- */

static void
on_cancelled (GCancellable *outer, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* A request, and what came of it. */
typedef struct {
  BoloHttpsLink *link; /* lent, as all of it */
  const BoloHttpsRequest *request;
  BoloHttpsReply *reply;
  GCancellable *outer; /* (nullable) */
  GError *error;       /* (nullable) */
  gboolean is_good;
} Call;

static void
on_wrote_body (SoupMessage *message, Call *call)
{
  call->reply->written_us = g_get_monotonic_time ();
  if (call->request->on_body_sent != NULL)
    call->request->on_body_sent (call->request->body_sent_data);
}

static SoupMessage *
make_message (BoloHttpsLink *self, Call *call)
{
  const BoloHttpsRequest *request = call->request;
  g_autofree char *url = g_strconcat (self->url, request->path, NULL);
  SoupMessage *message = soup_message_new (request->method, url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  /* Sending twice does no harm: a POST may go over the connection that is there. */
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
  if (request->body != NULL)
    soup_message_set_request_body (message, request->content_type, request->body,
                                   (gssize) request->body_bytes);
  if (request->is_gzipped)
    soup_message_headers_replace (headers, "Content-Encoding", "gzip");
  for (guint i = 0; request->headers != NULL && request->headers[i] != NULL; i += 2)
    soup_message_headers_replace (headers, request->headers[i], request->headers[i + 1]);
  g_signal_connect (message, "network-event", G_CALLBACK (on_network_event), self);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_accept_certificate), self);
  g_signal_connect (message, "wrote-body", G_CALLBACK (on_wrote_body), call);
  return message;
}

/* Reads the answer to its end, into @reply or, where it is what was asked for, into the sink. What
 * has come counts also when the rest does not. */
static gboolean
read_reply (BoloHttpsLink *self,
            const BoloHttpsRequest *request,
            GInputStream *stream,
            BoloHttpsReply *reply,
            GError **error)
{
  gboolean is_good =
    reply->status == SOUP_STATUS_OK || reply->status == SOUP_STATUS_PARTIAL_CONTENT;
  g_autoptr (GOutputStream) sink = NULL;
  g_autofree guint8 *buffer = g_malloc (READ_BYTES);
  gssize n;

  if (is_good && request->open_sink != NULL) {
    sink = request->open_sink (reply->status, request->sink_data, error);
    if (sink == NULL)
      return FALSE;
  }
  while ((n = g_input_stream_read (stream, buffer, READ_BYTES, self->cancellable, error)) > 0) {
    if (sink != NULL) {
      reply->sink_bytes += (guint64) n;
      if (!g_output_stream_write_all (sink, buffer, (gsize) n, NULL, self->cancellable, error))
        return FALSE;
    } else {
      g_byte_array_append (reply->body, buffer, (guint) n);
    }
    if (sink == NULL ? reply->body->len > request->reply_max
                     : reply->sink_bytes > request->reply_max) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "The station's answer to %s is longer than it may be", request->path);
      return FALSE;
    }
  }
  return n == 0 && (sink == NULL || g_output_stream_close (sink, NULL, error));
}

/* What went wrong, in our words. */
static void
explain (BoloHttpsLink *self, GError *foreign, GCancellable *outer, GError **error)
{
  g_autoptr (GError) owned = foreign;

  if (self->refusal != NULL)
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_AUTH, self->refusal);
  else if (foreign->domain == BOLO_ERROR)
    g_propagate_error (error, g_steal_pointer (&owned));
  else if (self->is_late)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_TIMED_OUT, "The station was too slow to answer");
  else if (outer != NULL && g_cancellable_is_cancelled (outer))
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_BUSY, "Sending was stopped");
  else if (g_error_matches (foreign, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_TIMED_OUT,
                 "Nothing came from the station for %d seconds", BOLO_TRANSPORT_STALL_S);
  else if (g_error_matches (foreign, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED) ||
           g_error_matches (foreign, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_AUTH,
                 "The station does not accept this car's certificate; nothing was sent");
  else if (g_error_matches (foreign, G_TLS_ERROR, G_TLS_ERROR_NOT_TLS))
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE,
                 "What answers in the station's place speaks no TLS: is this a network that wants "
                 "a sign-on?");
  else if (g_error_matches (foreign, G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE))
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_AUTH,
                 "The station and this car do not agree on a secure connection: %s",
                 foreign->message);
  else
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE, "The station cannot be reached: %s",
                 foreign->message);
}

/* {"error":"one sentence","retry":true,"after_s":N} */
static void
explain_status (BoloHttpsLink *self, const BoloHttpsReply *reply, GError **error)
{
  g_autoptr (BoloJsonReader) reader = bolo_json_reader_new (
    (const char *) reply->body->data, reply->body->len, "the station's answer", NULL);
  g_autofree char *said = reader != NULL ? bolo_json_reader_dup_text (reader, "error") : NULL;
  gboolean may_retry = reply->status >= 500 || reply->status == STATUS_TOO_MANY_REQUESTS ||
                       reply->status == SOUP_STATUS_REQUEST_TIMEOUT;
  BoloError code = BOLO_ERROR_INVALID_DATA;

  if (reader != NULL) {
    g_autofree char *text = NULL;
    const char *value;
    gsize length;

    if (bolo_json_find_value ((const char *) reply->body->data, reply->body->len, "retry", &value,
                              &length))
      text = g_strndup (value, length);
    if (text != NULL)
      may_retry = g_str_equal (text, "true");
    self->asked_s = MAX (
      self->asked_s, (guint) CLAMP (bolo_json_reader_peek_number (reader, "after_s", 0), 0, 3600));
  }
  if (may_retry)
    code = BOLO_ERROR_BUSY;
  else if (reply->status == SOUP_STATUS_UNAUTHORIZED || reply->status == SOUP_STATUS_FORBIDDEN)
    code = BOLO_ERROR_AUTH;
  else if (reply->status == SOUP_STATUS_NOT_FOUND)
    code = BOLO_ERROR_NOT_FOUND;
  if (said != NULL)
    g_set_error (error, BOLO_ERROR, (int) code, "The station says: %s", said);
  else
    g_set_error (error, BOLO_ERROR, (int) code, "The station answered with status %u",
                 reply->status);
}

/* libsoup takes the end of a connection for the end of a body. */
static gboolean
is_whole (SoupMessage *message, const BoloHttpsReply *reply)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  guint64 came = reply->body->len + reply->sink_bytes;

  return soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH ||
         came >= (guint64) soup_message_headers_get_content_length (headers);
}

static gboolean
send_and_read (BoloHttpsLink *self, Call *call, GError **error)
{
  const BoloHttpsRequest *request = call->request;
  BoloHttpsReply *reply = call->reply;
  g_autoptr (SoupMessage) message = make_message (self, call);
  g_autoptr (GInputStream) stream = NULL;
  GError *local = NULL;
  const char *after;

  g_debug ("request %s %s", request->method, request->path);
  reply->sent_us = g_get_monotonic_time ();
  stream = soup_session_send (self->session, message, self->cancellable, &local);
  reply->status = stream != NULL ? soup_message_get_status (message) : 0;
  if (stream == NULL || !read_reply (self, request, stream, reply, &local)) {
    explain (self, local, call->outer, error);
    soup_session_abort (self->session);
    return FALSE;
  }
  if (!is_whole (message, reply)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE, "The station's answer broke off");
    soup_session_abort (self->session);
    return FALSE;
  }
  /* Without this the connection would not be free for the next request. */
  g_input_stream_close (stream, NULL, NULL);
  reply->done_us = g_get_monotonic_time ();
  g_debug ("answer to %s %s: %u over connection %" G_GUINT64_FORMAT, request->method, request->path,
           reply->status, soup_message_get_connection_id (message));
  after = soup_message_headers_get_one (soup_message_get_response_headers (message), "Retry-After");
  self->asked_s = after != NULL ? (guint) CLAMP (g_ascii_strtoll (after, NULL, 10), 0, 3600) : 0;
  if (reply->status == SOUP_STATUS_OK || reply->status == SOUP_STATUS_PARTIAL_CONTENT)
    return TRUE;
  explain_status (self, reply, error);
  return FALSE;
}

static gboolean
on_call (gpointer user_data)
{
  Call *call = user_data;

  call->is_good = send_and_read (call->link, call, &call->error);
  finish (call->link);
  return G_SOURCE_REMOVE;
}

gboolean
bolo_https_link_run (BoloHttpsLink *self,
                     const BoloHttpsRequest *request,
                     BoloHttpsReply *reply,
                     GCancellable *cancellable,
                     GError **error)
{
  Call call = {self, request, reply, cancellable};
  gint64 deadline_us = G_MAXINT64;
  gulong handler = 0;

  g_return_val_if_fail (self != NULL && request != NULL && reply != NULL, FALSE);

  *reply = (BoloHttpsReply){.body = g_byte_array_new ()};
  self->asked_s = 0;
  g_clear_pointer (&self->refusal, g_free);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->is_late = FALSE;
  if (cancellable != NULL)
    handler =
      g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), self->cancellable, NULL);
  if (request->deadline_s > 0)
    deadline_us = g_get_monotonic_time () + (gint64) request->deadline_s * G_TIME_SPAN_SECOND;
  run_on_worker (self, on_call, &call, deadline_us);
  if (handler != 0)
    g_cancellable_disconnect (cancellable, handler);
  if (!call.is_good)
    g_propagate_error (error, call.error);
  return call.is_good;
}
