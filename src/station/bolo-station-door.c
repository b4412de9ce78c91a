/* bolo-station-door.c: lets cars in: who they are, and not too many at once
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-door"

#include "bolo-station-door.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "bolo-station-keys.h"
#include "bolo-station-stream.h"

/* libsoup's own server waits for ever for a handshake, for a request, for the rest of one. */
#define CERTIFICATE_KEY "bolo-station-certificate"
#define SWEEP_S 1
/* A TLS record: its kind, version and length, then so much at most. */
#define RECORD_HEAD_BYTES 5
#define RECORD_HANDSHAKE 22
#define RECORD_BYTES_MAX 16640

const BoloStationLimits bolo_station_limits = {
  .handshake_s = 20,
  .idle_s = 120,
  .n_handshakes = 256,
  .n_per_caller = 32,
  .n_connections = 800,
};

/* Atomically counted: connections outlive the door. */
typedef struct {
  GHashTable *callers; /* (owned): fingerprint to how many connections */
  GPtrArray *places;   /* (owned) of Place, which their connections own */
} Register;

struct _BoloStationDoor {
  GSocket *listener;            /* (owned) */
  GTlsCertificate *certificate; /* (owned) */
  GTlsDatabase *authority;      /* (owned) */
  BoloStationLimits limits;
  BoloStationEnter enter;
  gpointer data;
  GSource *source;   /* (owned) */
  guint sweep;       /* source */
  GQueue handshakes; /* of Caller, the oldest first; owned by their calls */
  Register *callers; /* (owned) */
};

/* Caller: a connection on its way in. */
typedef struct {
  BoloStationDoor *door;     /* (nullable): it was closed meanwhile */
  GSocketConnection *raw;    /* (owned) */
  GTlsConnection *tls;       /* (owned) (nullable): from its hello on */
  GCancellable *cancellable; /* (owned) */
  GSource *hello;            /* (owned) (nullable): until it has said it whole */
  guint deadline;
} Caller;

static void
register_clear (gpointer data)
{
  g_hash_table_unref (((Register *) data)->callers);
  g_ptr_array_unref (((Register *) data)->places);
}

static void
register_unref (Register *self)
{
  g_atomic_rc_box_release_full (self, register_clear);
}

/* ---- who is in ----------------------------------------------------------------------------- */

/* One connection that is in; goes with it. */
typedef struct {
  Register *callers;          /* (owned) */
  GSocketConnection *raw;     /* (owned) */
  GTlsConnection *connection; /* that it goes with */
  char *fingerprint;          /* (owned) */
  gboolean was_left;          /* the caller had hung up when it was looked at last */
} Place;

static void
leave (gpointer data, GObject *connection)
{
  Place *place = data;
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (place->callers->callers, place->fingerprint));

  if (n <= 1)
    g_hash_table_remove (place->callers->callers, place->fingerprint);
  else
    g_hash_table_insert (place->callers->callers, g_strdup (place->fingerprint),
                         GUINT_TO_POINTER (n - 1));
  g_ptr_array_remove_fast (place->callers->places, place);
  register_unref (place->callers);
  g_object_unref (place->raw);
  g_free (place->fingerprint);
  g_free (place);
}

static gboolean
has_hung_up (GSocketConnection *raw)
{
  struct tcp_info info = {0};
  socklen_t length = sizeof info;

  return getsockopt (g_socket_get_fd (g_socket_connection_get_socket (raw)), IPPROTO_TCP, TCP_INFO,
                     &info, &length) == 0 &&
         info.tcpi_state == TCP_CLOSE_WAIT;
}

/* libsoup before 3.3 reads a caller's goodbye and lets the connection lie, open: it would be
 * counted, and hold its socket, for ever. */
static void
sweep (BoloStationDoor *self, gboolean is_at_once)
{
  GPtrArray *places = self->callers->places;

  for (guint i = places->len; i-- > 0;) {
    Place *place = g_ptr_array_index (places, i);
    gboolean is_left = has_hung_up (place->raw);

    if (is_left && (place->was_left || is_at_once)) {
      g_object_weak_unref (G_OBJECT (place->connection), leave, place);
      g_io_stream_close (G_IO_STREAM (place->raw), NULL, NULL);
      leave (place, NULL);
    } else {
      place->was_left = is_left;
    }
  }
}

static gboolean
on_sweep_due (gpointer user_data)
{
  sweep (user_data, FALSE);
  return G_SOURCE_CONTINUE;
}

/* The sentence for who is not let in. */
static const char *
take_place (BoloStationDoor *self, Caller *caller, GTlsCertificate *certificate)
{
  g_autofree char *fingerprint = bolo_station_keys_get_fingerprint (certificate);
  Register *callers = self->callers;
  Place *place;
  guint n;

  if (fingerprint == NULL)
    return "its certificate cannot be read";
  n = GPOINTER_TO_UINT (g_hash_table_lookup (callers->callers, fingerprint));
  if (n >= self->limits.n_per_caller || callers->places->len >= self->limits.n_connections) {
    sweep (self, TRUE);
    n = GPOINTER_TO_UINT (g_hash_table_lookup (callers->callers, fingerprint));
  }
  if (n >= self->limits.n_per_caller)
    return "it holds too many connections already";
  if (callers->places->len >= self->limits.n_connections)
    return "the station holds as many connections as it can";
  g_hash_table_insert (callers->callers, g_strdup (fingerprint), GUINT_TO_POINTER (n + 1));
  place = g_new0 (Place, 1);
  place->callers = g_atomic_rc_box_acquire (callers);
  place->raw = g_object_ref (caller->raw);
  place->connection = caller->tls;
  place->fingerprint = g_steal_pointer (&fingerprint);
  g_ptr_array_add (callers->places, place);
  g_object_weak_ref (G_OBJECT (caller->tls), leave, place);
  return NULL;
}

/* ---- who is on the way in ------------------------------------------------------------------ */

static void
caller_free (Caller *self)
{
  if (self->door != NULL)
    g_queue_remove (&self->door->handshakes, self);
  g_clear_handle_id (&self->deadline, g_source_remove);
  if (self->hello != NULL)
    g_source_destroy (self->hello);
  g_clear_pointer (&self->hello, g_source_unref);
  g_clear_object (&self->tls);
  g_object_unref (self->raw);
  g_object_unref (self->cancellable);
  g_free (self);
}

static const char *
describe_flaw (GTlsCertificateFlags flaws)
{
  if (flaws & G_TLS_CERTIFICATE_EXPIRED)
    return "it has expired";
  if (flaws & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return "it is not valid yet";
  if (flaws & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return "it is not by this station's authority";
  return "it does not hold";
}

static gboolean
on_accept_certificate (GTlsConnection *connection,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags flaws,
                       gpointer user_data)
{
  g_autofree char *fingerprint = NULL;

  if (flaws == 0)
    return TRUE;
  fingerprint = bolo_station_keys_get_fingerprint (certificate);
  g_message ("Refused the certificate %.16s…: %s", fingerprint, describe_flaw (flaws));
  return FALSE;
}

static void
enter (BoloStationDoor *self, Caller *caller)
{
  GTlsCertificate *certificate = g_tls_connection_get_peer_certificate (caller->tls);
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (caller->raw, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (caller->raw, NULL);
  const char *refusal;

  if (certificate == NULL || local == NULL || remote == NULL)
    return;
  refusal = take_place (self, caller, certificate);
  if (refusal != NULL) {
    g_message ("Let a caller go: %s", refusal);
    return;
  }
  g_object_set_data_full (G_OBJECT (remote), CERTIFICATE_KEY, g_object_ref (certificate),
                          g_object_unref);
  self->enter (caller->tls, local, remote, self->data);
}

static void
on_handshake (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Caller *caller = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error))
    g_debug ("a caller was not let in: %s", error->message);
  else if (caller->door != NULL)
    enter (caller->door, caller);
  caller_free (caller);
}

/* All is said at once: a connection that is made without an authority of its own reads those of
 * the whole system first, which takes 8 ms, where this takes 0.04 ms.
 */
static GTlsConnection *
make_connection (BoloStationDoor *self, Caller *caller, GError **error)
{
  GType type = g_tls_backend_get_server_connection_type (g_tls_backend_get_default ());
  g_autoptr (GIOStream) stream = bolo_station_stream_new (G_IO_STREAM (caller->raw));
  gpointer connection;

  connection =
    g_initable_new (type, NULL, error, "base-io-stream", stream, "certificate", self->certificate,
                    "database", self->authority, "authentication-mode",
                    G_TLS_AUTHENTICATION_REQUIRED, "require-close-notify", FALSE, NULL);
  if (connection != NULL)
    g_signal_connect (connection, "accept-certificate", G_CALLBACK (on_accept_certificate), NULL);
  return connection;
}

static void
shake_hands (Caller *caller)
{
  g_autoptr (GError) error = NULL;

  caller->tls = make_connection (caller->door, caller, &error);
  if (caller->tls == NULL) {
    g_warning ("a caller cannot be talked to: %s", error->message);
    caller_free (caller);
    return;
  }
  g_tls_connection_handshake_async (caller->tls, G_PRIORITY_DEFAULT, caller->cancellable,
                                    on_handshake, caller);
}

/* How many bytes a hello is of which the head is there; 0: it is none. */
static int
get_hello_bytes (GSocket *socket)
{
  guint8 head[RECORD_HEAD_BYTES];
  int length;

  if (recv (g_socket_get_fd (socket), head, sizeof head, MSG_PEEK | MSG_DONTWAIT) != sizeof head)
    return 0;
  length = head[3] << 8 | head[4];
  return head[0] == RECORD_HANDSHAKE && length <= RECORD_BYTES_MAX ? RECORD_HEAD_BYTES + length : 0;
}

/* Called when the head is there, then when the whole is; also when the caller is gone or let go. */
static gboolean
on_hello (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Caller *caller = user_data;
  int needed = get_hello_bytes (socket);
  gboolean is_whole;

  is_whole = g_socket_get_available_bytes (socket) >= needed;
  if (g_cancellable_is_cancelled (caller->cancellable) || needed == 0 ||
      (condition & (G_IO_HUP | G_IO_ERR)) != 0 || (!is_whole && has_hung_up (caller->raw))) {
    caller_free (caller);
    return G_SOURCE_REMOVE;
  }
  if (!is_whole)
    return g_socket_set_option (socket, SOL_SOCKET, SO_RCVLOWAT, needed, NULL);
  g_socket_set_option (socket, SOL_SOCKET, SO_RCVLOWAT, 1, NULL);
  g_clear_pointer (&caller->hello, g_source_unref);
  shake_hands (caller);
  return G_SOURCE_REMOVE;
}

/* A handshake takes one of few threads from its first step on: it begins when the caller has said
 * its part of that, so that those who say nothing, or half of it, keep no thread from the others.
 */
static void
await_hello (Caller *caller, GSocket *socket)
{
  g_socket_set_option (socket, SOL_SOCKET, SO_RCVLOWAT, RECORD_HEAD_BYTES, NULL);
  caller->hello = g_socket_create_source (socket, G_IO_IN, caller->cancellable);
  g_source_set_static_name (caller->hello, "bolo-station-hello");
  g_source_set_callback (caller->hello, G_SOURCE_FUNC (on_hello), caller, NULL);
  g_source_attach (caller->hello, g_main_context_get_thread_default ());
}

static gboolean
on_deadline (gpointer user_data)
{
  Caller *caller = user_data;

  caller->deadline = 0;
  g_cancellable_cancel (caller->cancellable);
  return G_SOURCE_REMOVE;
}

/* Whoever floods the door pushes out, first of all, those who have said nothing for longest. */
static void
make_room (BoloStationDoor *self)
{
  Caller *oldest;

  if (g_queue_get_length (&self->handshakes) < self->limits.n_handshakes)
    return;
  oldest = g_queue_pop_head (&self->handshakes);
  oldest->door = NULL;
  g_cancellable_cancel (oldest->cancellable);
}

static void
greet (BoloStationDoor *self, GSocket *socket)
{
  Caller *caller;

  g_socket_set_timeout (socket, self->limits.idle_s);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  caller = g_new0 (Caller, 1);
  caller->raw = g_socket_connection_factory_create_connection (socket);
  make_room (self);
  caller->door = self;
  caller->cancellable = g_cancellable_new ();
  caller->deadline = g_timeout_add_seconds (self->limits.handshake_s, on_deadline, caller);
  g_source_set_name_by_id (caller->deadline, "bolo-station-handshake");
  g_queue_push_tail (&self->handshakes, caller);
  await_hello (caller, socket);
}

static gboolean
on_call (GSocket *listener, GIOCondition condition, gpointer user_data)
{
  BoloStationDoor *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, &error);

  if (socket != NULL)
    greet (self, socket);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    g_message ("a caller could not be accepted: %s", error->message);
  return G_SOURCE_CONTINUE;
}

/* ---- the door ------------------------------------------------------------------------------ */

BoloStationDoor *
bolo_station_door_new (GSocket *listener,
                       GTlsCertificate *certificate,
                       GTlsDatabase *authority,
                       const BoloStationLimits *limits,
                       BoloStationEnter enter_call,
                       gpointer data)
{
  BoloStationDoor *self;

  g_return_val_if_fail (G_IS_SOCKET (listener) && limits != NULL && enter_call != NULL, NULL);

  self = g_new0 (BoloStationDoor, 1);
  self->listener = g_object_ref (listener);
  self->certificate = g_object_ref (certificate);
  self->authority = g_object_ref (authority);
  self->limits = *limits;
  self->enter = enter_call;
  self->data = data;
  g_queue_init (&self->handshakes);
  self->callers = g_atomic_rc_box_new0 (Register);
  self->callers->callers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->callers->places = g_ptr_array_new ();
  self->sweep = g_timeout_add_seconds (SWEEP_S, on_sweep_due, self);
  g_source_set_name_by_id (self->sweep, "bolo-station-sweep");
  g_socket_set_blocking (listener, FALSE);
  self->source = g_socket_create_source (listener, G_IO_IN, NULL);
  g_source_set_static_name (self->source, "bolo-station-door");
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_call), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  return self;
}

void
bolo_station_door_free (BoloStationDoor *self)
{
  Caller *caller;

  g_return_if_fail (self != NULL);

  g_clear_handle_id (&self->sweep, g_source_remove);
  g_source_destroy (self->source);
  g_source_unref (self->source);
  while ((caller = g_queue_pop_head (&self->handshakes)) != NULL) {
    caller->door = NULL;
    g_cancellable_cancel (caller->cancellable);
  }
  register_unref (self->callers);
  g_object_unref (self->listener);
  g_object_unref (self->certificate);
  g_object_unref (self->authority);
  g_free (self);
}

guint
bolo_station_door_get_n_connections (BoloStationDoor *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->callers->places->len;
}

guint
bolo_station_door_get_n_handshakes (BoloStationDoor *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_queue_get_length (&self->handshakes);
}

GTlsCertificate *
bolo_station_door_get_certificate (GSocketAddress *remote)
{
  return remote != NULL ? g_object_get_data (G_OBJECT (remote), CERTIFICATE_KEY) : NULL;
}
