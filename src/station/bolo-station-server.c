/* bolo-station-server.c: the station's HTTPS server: who may speak, and who answers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-server"

#include "bolo-station-server.h"

#include "bolo-error.h"
#include "bolo-station-answers.h"
#include "bolo-station-door.h"
#include "bolo-station-keys.h"
#include "bolo-station-page.h"
#include "bolo-station-reply.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#define VISIT_KEY "bolo-station-visit"
#define HAVE_BYTES_MAX (2 * 1024 * 1024)
#define RECEIPT_BYTES_MAX 4096
#define LISTEN_BACKLOG 512

struct _BoloStationServer {
  GObject parent_instance;

  BoloStationParts parts;
  GTlsCertificate *certificate; /* (owned) */
  GTlsDatabase *authority;      /* (owned) */
  BoloStationDoor *door;        /* (owned) (nullable): from listen to stop */
  SoupServer *soup;             /* (owned) */
  SoupServer *page;             /* (owned) (nullable): the web page in clear, on loopback */
};

G_DEFINE_FINAL_TYPE (BoloStationServer, bolo_station_server, G_TYPE_OBJECT)

typedef enum {
  BODY_NONE,
  BODY_BATCH,
  BODY_COLLECT,
  BODY_DISCARD,
} BodyUse;

typedef struct {
  const char *method;
  const char *path; /* one that ends in '/' takes what stands behind it, but for "/" itself */
  BodyUse body;
  gsize body_max; /* of what is collected */
  void (*answer) (BoloStationVisit *visit);
} Route;

static const Route routes[] = {
  {"GET", "/v1/hello", BODY_NONE, 0, bolo_station_answer_hello},
  {"POST", "/v1/batch", BODY_BATCH, 0, bolo_station_answer_batch},
  {"POST", "/v1/have", BODY_COLLECT, HAVE_BYTES_MAX, bolo_station_answer_have},
  {"GET", "/v1/lists", BODY_NONE, 0, bolo_station_answer_lists},
  {"GET", "/v1/files/", BODY_NONE, 0, bolo_station_answer_file},
  {"GET", "/v1/shared", BODY_NONE, 0, bolo_station_answer_shared},
  {"POST", "/v1/receipt", BODY_COLLECT, RECEIPT_BYTES_MAX, bolo_station_answer_receipt},
  {"POST", "/v1/discard", BODY_DISCARD, 0, bolo_station_answer_discard},
  {"GET", "/", BODY_NONE, 0, bolo_station_answer_page},
};

const char *const *
bolo_station_server_get_paths (void)
{
  static const char *const paths[] = {
    "GET /v1/hello",  "POST /v1/batch",   "POST /v1/have",    "GET /v1/lists", "GET /v1/files/FILE",
    "GET /v1/shared", "POST /v1/receipt", "POST /v1/discard", "GET /",         NULL};

  G_STATIC_ASSERT (G_N_ELEMENTS (paths) == G_N_ELEMENTS (routes) + 1);
  return paths;
}

void
bolo_station_server_harden (void)
{
  /* GLib's TLS has no call for it: glib-networking reads this once, when the first connection is
   * made. Nothing may stand in front, so an administrator's own value is not taken. */
  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:-VERS-ALL:+VERS-TLS1.3", TRUE);
}

static const Route *
find_route (const char *method, const char *path, const char **rest, gboolean *is_path)
{
  *is_path = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++) {
    gsize length = strlen (routes[i].path);
    gboolean is_folder = length > 1 && routes[i].path[length - 1] == '/';

    if (is_folder ? strncmp (path, routes[i].path, length) != 0
                  : strcmp (path, routes[i].path) != 0)
      continue;
    *is_path = TRUE;
    *rest = path + length;
    if (strcmp (method, routes[i].method) == 0)
      return &routes[i];
  }
  return NULL;
}

static void
visit_free (gpointer data)
{
  BoloStationVisit *visit = data;

  g_clear_pointer (&visit->batch, bolo_station_batch_leave);
  g_clear_pointer (&visit->body, g_byte_array_unref);
  g_free (visit->car);
  g_free (visit);
}

static void
on_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  BoloStationVisit *visit = user_data;
  gsize length;
  const guint8 *data = g_bytes_get_data (chunk, &length);

  visit->n_bytes += length;
  if (visit->body != NULL && visit->n_bytes <= visit->body_max)
    g_byte_array_append (visit->body, data, (guint) length);
}

static void
begin_body (BoloStationVisit *visit, const Route *route)
{
  if (route->body == BODY_BATCH) {
    visit->batch = bolo_station_batch_begin (visit->message, visit->parts->intake,
                                             visit->parts->faults, visit->car);
    return;
  }
  soup_message_body_set_accumulate (soup_server_message_get_request_body (visit->message), FALSE);
  if (route->body == BODY_COLLECT) {
    visit->body = g_byte_array_new ();
    visit->body_max = route->body_max;
  }
  g_signal_connect (visit->message, "got-chunk", G_CALLBACK (on_chunk), visit);
}

/* The sentence for who is not let in; NULL for who is, with (out) @car for cars. */
static const char *
refuse (BoloStationServer *self, SoupServerMessage *message, const Route *route, char **car)
{
  GTlsCertificate *certificate =
    bolo_station_door_get_certificate (soup_server_message_get_remote_address (message));
  g_autofree char *fingerprint = NULL;
  g_autoptr (BoloStationOffer) offer = NULL;

  *car = NULL;
  if (certificate == NULL)
    return "no certificate was shown";
  fingerprint = bolo_station_keys_get_fingerprint (certificate);
  offer = bolo_station_offers_get (self->parts.offers);
  if (fingerprint == NULL || bolo_station_denied_has (offer->denied, fingerprint))
    return "this certificate is denied; give the car to its station";
  /* GLib does not look at it: the station's own certificate would pass as a car's. */
  if (!bolo_station_keys_is_for_clients (certificate))
    return "this certificate is not for clients";
  if (strcmp (route->path, "/") == 0)
    return bolo_station_keys_is_operator (certificate)
             ? NULL
             : "the web page is for certificates with the organisational unit 'operator'";
  *car = bolo_station_keys_get_car (certificate);
  return *car != NULL ? NULL : "the certificate's common name is not the id of a car";
}

/* Before any byte of the body is looked at. */
static void
on_early (SoupServer *soup,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer user_data)
{
  BoloStationServer *self = user_data;
  BoloStationVisit *visit;
  const Route *route;
  const char *rest = NULL;
  const char *refusal;
  gboolean is_path;
  g_autofree char *car = NULL;

  route = find_route (soup_server_message_get_method (message), path, &rest, &is_path);
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  if (route == NULL) {
    bolo_station_reply_error (message,
                              is_path ? SOUP_STATUS_METHOD_NOT_ALLOWED : SOUP_STATUS_NOT_FOUND,
                              "there is no such thing here; see docs/protocol.md", FALSE, 0);
    return;
  }
  refusal = soup == self->page ? NULL : refuse (self, message, route, &car);
  if (refusal != NULL || (soup == self->page && strcmp (route->path, "/") != 0)) {
    g_message ("Refused %s from %s: %s", path, soup_server_message_get_remote_host (message),
               refusal != NULL ? refusal : "only the web page is shown in clear");
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection",
                                  "close");
    bolo_station_reply_error (message, SOUP_STATUS_FORBIDDEN,
                              refusal != NULL ? refusal : "only the web page is shown in clear",
                              FALSE, 0);
    return;
  }
  visit = g_new0 (BoloStationVisit, 1);
  visit->parts = &self->parts;
  visit->message = message;
  visit->car = g_steal_pointer (&car);
  g_object_set_data_full (G_OBJECT (message), VISIT_KEY, visit, visit_free);
  if (visit->car != NULL) {
    bolo_station_visit_note (visit, 0);
    if (bolo_station_reply_strikes (message, self->parts.faults))
      return;
  }
  begin_body (visit, route);
}

static void
on_request (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  BoloStationVisit *visit = g_object_get_data (G_OBJECT (message), VISIT_KEY);
  const char *rest = NULL;
  gboolean is_path;
  const Route *route = find_route (soup_server_message_get_method (message), path, &rest, &is_path);

  g_return_if_fail (visit != NULL && route != NULL);

  visit->rest = rest;
  visit->query = query;
  if (visit->body != NULL && visit->n_bytes > visit->body_max)
    bolo_station_reply_error (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
                              "the request is longer than it may be", FALSE, 0);
  else
    route->answer (visit);
}

static void
set_up (BoloStationServer *self, SoupServer *soup)
{
  soup_server_add_early_handler (soup, NULL, on_early, self, NULL);
  soup_server_add_handler (soup, NULL, on_request, self, NULL);
}

static GTlsCertificate *
load_certificate (const char *folder, GError **error)
{
  g_autofree char *certificate = g_build_filename (folder, "station.pem", NULL);
  g_autofree char *key = g_build_filename (folder, "station.key", NULL);
  GError *local = NULL;
  GTlsCertificate *loaded = g_tls_certificate_new_from_files (certificate, key, &local);

  if (loaded == NULL)
    bolo_error_take_foreign (error, local, "Cannot read the station's certificate");
  return loaded;
}

static GTlsDatabase *
load_authority (const char *folder, GError **error)
{
  g_autofree char *relative = g_build_filename (folder, "authority.pem", NULL);
  g_autofree char *path = g_canonicalize_filename (relative, NULL);
  GError *local = NULL;
  GTlsDatabase *database = g_tls_file_database_new (path, &local);

  if (database == NULL)
    bolo_error_take_foreign (error, local, "Cannot read the authority's certificate");
  return database;
}

BoloStationServer *
bolo_station_server_new (const BoloStationParts *parts, GError **error)
{
  g_autoptr (BoloStationServer) self = NULL;
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GTlsDatabase) authority = NULL;

  g_return_val_if_fail (parts != NULL, NULL);

  certificate = load_certificate (parts->certificates, error);
  authority = certificate != NULL ? load_authority (parts->certificates, error) : NULL;
  if (authority == NULL)
    return NULL;
  self = g_object_new (BOLO_TYPE_STATION_SERVER, NULL);
  self->parts = *parts;
  self->certificate = g_steal_pointer (&certificate);
  self->authority = g_steal_pointer (&authority);
  self->soup = soup_server_new ("server-header", "bolo-station", NULL);
  set_up (self, self->soup);
  return g_steal_pointer (&self);
}

static guint
get_port (SoupServer *soup)
{
  GSList *uris = soup_server_get_uris (soup);
  guint port = uris != NULL ? (guint) g_uri_get_port (uris->data) : 0;

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return port;
}

/* libsoup's own listening keeps ten callers waiting and lets the others try again in a second:
 * after a cut of the link all cars call at once. */
static GSocket *
open_socket (const char *address, guint port, GError **error)
{
  g_autoptr (GSocketAddress) where =
    g_inet_socket_address_new_from_string (address != NULL ? address : "::", port);
  g_autoptr (GSocket) opened = NULL;

  if (where == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "'%s' is no address; like 192.0.2.7",
                 address);
    return NULL;
  }
  opened = g_socket_new (g_socket_address_get_family (where), G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_TCP, error);
  if (opened == NULL)
    return NULL;
  g_socket_set_listen_backlog (opened, LISTEN_BACKLOG);
  if (!g_socket_bind (opened, where, TRUE, error) || !g_socket_listen (opened, error))
    return NULL;
  return g_steal_pointer (&opened);
}

/* Keeps the sentence of an error of ours, and adds one to others'. */
static gboolean
fail_to_listen (guint port, GError *local, GError **error)
{
  g_autofree char *what = g_strdup_printf ("Cannot listen on port %u", port);

  if (local->domain == BOLO_ERROR)
    g_propagate_error (error, local);
  else
    bolo_error_take_foreign (error, local, what);
  return FALSE;
}

/* libsoup keeps connections alive only while it listens itself: on a socket that has lost its name
 * and that nobody can call. */
static gboolean
keep_alive (BoloStationServer *self, GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("bolo-station-XXXXXX", error);
  g_autofree char *path = folder != NULL ? g_build_filename (folder, "none", NULL) : NULL;
  g_autoptr (GSocketAddress) address = path != NULL ? g_unix_socket_address_new (path) : NULL;
  g_autoptr (GSocket) opened =
    address != NULL
      ? g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error)
      : NULL;
  gboolean is_done = opened != NULL && g_socket_bind (opened, address, FALSE, error) &&
                     g_socket_listen (opened, error) &&
                     soup_server_listen_socket (self->soup, opened, 0, error);

  if (path != NULL)
    g_unlink (path);
  if (folder != NULL)
    g_rmdir (folder);
  return is_done;
}

static void
on_enter (GTlsConnection *connection, GSocketAddress *local, GSocketAddress *remote, gpointer data)
{
  BoloStationServer *self = data;
  g_autoptr (GError) error = NULL;

  if (!soup_server_accept_iostream (self->soup, G_IO_STREAM (connection), local, remote, &error))
    g_message ("a caller could not be served: %s", error->message);
}

gboolean
bolo_station_server_listen (BoloStationServer *self,
                            const char *address,
                            guint *port,
                            GError **error)
{
  GError *local = NULL;
  g_autoptr (GSocket) opened = NULL;
  g_autoptr (GSocketAddress) where = NULL;

  g_return_val_if_fail (BOLO_IS_STATION_SERVER (self) && port != NULL, FALSE);

  opened = open_socket (address, *port, &local);
  if (opened != NULL && keep_alive (self, &local))
    where = g_socket_get_local_address (opened, &local);
  if (where == NULL)
    return fail_to_listen (*port, local, error);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (where));
  self->door = bolo_station_door_new (opened, self->certificate, self->authority,
                                      &bolo_station_limits, on_enter, self);
  return TRUE;
}

gboolean
bolo_station_server_listen_page (BoloStationServer *self, guint *port, GError **error)
{
  GError *local = NULL;
  g_autoptr (GSocket) opened = NULL;

  g_return_val_if_fail (BOLO_IS_STATION_SERVER (self) && port != NULL, FALSE);

  self->page = soup_server_new ("server-header", "bolo-station", NULL);
  set_up (self, self->page);
  opened = open_socket ("127.0.0.1", *port, &local);
  if (opened == NULL || !soup_server_listen_socket (self->page, opened, 0, &local))
    return fail_to_listen (*port, local, error);
  *port = get_port (self->page);
  return TRUE;
}

void
bolo_station_server_stop (BoloStationServer *self)
{
  g_return_if_fail (BOLO_IS_STATION_SERVER (self));

  g_clear_pointer (&self->door, bolo_station_door_free);
  soup_server_disconnect (self->soup);
  if (self->page != NULL)
    soup_server_disconnect (self->page);
}

static void
bolo_station_server_finalize (GObject *object)
{
  BoloStationServer *self = BOLO_STATION_SERVER (object);

  g_clear_pointer (&self->door, bolo_station_door_free);
  g_clear_object (&self->soup);
  g_clear_object (&self->page);
  g_clear_object (&self->certificate);
  g_clear_object (&self->authority);
  G_OBJECT_CLASS (bolo_station_server_parent_class)->finalize (object);
}

static void
bolo_station_server_class_init (BoloStationServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_station_server_finalize;
}

static void
bolo_station_server_init (BoloStationServer *self)
{
}
