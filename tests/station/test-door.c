/* test-door.c: callers that say nothing, too little or too often keep no car out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-station-door.h"
#include "bolo-station-keys.h"

#include <glib/gstdio.h>

#define PATIENCE_US (60 * G_USEC_PER_SEC)

typedef struct {
  char *folder;
  BoloStationDoor *door;
  BoloStationLimits limits;
  GSocketAddress *address;
  GTlsDatabase *authority;
  GPtrArray *entered; /* of GTlsConnection */
  GTlsCertificate *last;
} Fixture;

static void
on_enter (GTlsConnection *connection, GSocketAddress *local, GSocketAddress *remote, gpointer data)
{
  Fixture *self = data;

  g_ptr_array_add (self->entered, g_object_ref (connection));
  self->last = bolo_station_door_get_certificate (remote);
  g_assert_nonnull (self->last);
}

static GTlsCertificate *
load (Fixture *self, const char *name)
{
  g_autofree char *certificate = g_strdup_printf ("%s/%s.pem", self->folder, name);
  g_autofree char *key = g_strdup_printf ("%s/%s.key", self->folder, name);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *loaded = g_tls_certificate_new_from_files (certificate, key, &error);

  g_assert_no_error (error);
  return loaded;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  char *const cars[] = {(char *) "car1", (char *) "car2", NULL};
  char *const hosts[] = {(char *) "127.0.0.1", NULL};
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocket) listener = NULL;
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autofree char *authority = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("bolo-door-XXXXXX", NULL);
  g_assert_true (bolo_station_keys_make (self->folder, cars, hosts, 2, &error));
  certificate = load (self, "station");
  authority = g_build_filename (self->folder, "authority.pem", NULL);
  self->authority = g_tls_file_database_new (authority, &error);
  g_assert_no_error (error);
  listener =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_socket_set_listen_backlog (listener, 512);
  g_assert_true (g_socket_bind (listener, any, TRUE, &error) && g_socket_listen (listener, &error));
  self->address = g_socket_get_local_address (listener, &error);
  self->entered = g_ptr_array_new_with_free_func (g_object_unref);
  self->limits = (BoloStationLimits){
    .handshake_s = 2, .idle_s = 2, .n_handshakes = 20, .n_per_caller = 3, .n_connections = 4};
  self->door =
    bolo_station_door_new (listener, certificate, self->authority, &self->limits, on_enter, self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  const char *name;

  g_clear_pointer (&self->door, bolo_station_door_free);
  g_ptr_array_unref (self->entered);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (self->authority);
  g_object_unref (self->address);
  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (self->folder);
  g_free (self->folder);
}

static void
iterate_until (gboolean (*condition) (Fixture *self, guint wanted), Fixture *self, guint wanted)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;

  while (!condition (self, wanted)) {
    g_assert_cmpint (g_get_monotonic_time (), <, until_us);
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  }
}

/* ---- callers ------------------------------------------------------------------------------- */

static GSocket *
call (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  GSocket *socket =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);

  g_assert_true (g_socket_connect (socket, self->address, NULL, &error));
  g_assert_no_error (error);
  return socket;
}

typedef struct {
  GTlsConnection *tls;
  gboolean is_done;
  gboolean is_in; /* the client's side of it */
} Call;

static void
on_shaken (GObject *source, GAsyncResult *result, gpointer data)
{
  Call *one = data;

  one->is_in = g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, NULL);
  one->is_done = TRUE;
}

/* A car that comes in properly, as far as it can tell. */
static void
shake_hands (Fixture *self, const char *name, Call *one)
{
  g_autoptr (GSocket) socket = call (self);
  g_autoptr (GSocketConnection) raw = g_socket_connection_factory_create_connection (socket);
  g_autoptr (GTlsCertificate) certificate = load (self, name);
  g_autoptr (GError) error = NULL;
  GIOStream *tls =
    g_tls_client_connection_new (G_IO_STREAM (raw), G_SOCKET_CONNECTABLE (self->address), &error);

  g_assert_no_error (error);
  one->tls = G_TLS_CONNECTION (tls);
  g_tls_connection_set_database (one->tls, self->authority);
  g_tls_connection_set_certificate (one->tls, certificate);
  g_tls_connection_handshake_async (one->tls, G_PRIORITY_DEFAULT, NULL, on_shaken, one);
  while (!one->is_done)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
has_entered (Fixture *self, guint wanted)
{
  return self->entered->len >= wanted;
}

static gboolean
has_connections (Fixture *self, guint wanted)
{
  return bolo_station_door_get_n_connections (self->door) == wanted;
}

static gboolean
has_handshakes (Fixture *self, guint wanted)
{
  return bolo_station_door_get_n_handshakes (self->door) == wanted;
}

/* On a machine that stands still for long, several are let go at once. */
static gboolean
has_at_most (Fixture *self, guint wanted)
{
  return bolo_station_door_get_n_handshakes (self->door) <= wanted;
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  g_assert_cmpint (n, <=, 0);
  *(gboolean *) data = TRUE;
}

/* Until the other side has closed the connection. */
static void
wait_for_end (Call *one)
{
  gboolean is_over = FALSE;
  char byte;

  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (one->tls)), &byte, 1,
                             G_PRIORITY_DEFAULT, NULL, on_read, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
}

/* Far more who say nothing than may wait: a car comes in among them, and they are let go. */
static void
test_silent (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) silent = g_ptr_array_new_with_free_func (g_object_unref);
  Call car = {0};

  for (guint i = 0; i < 150; i++) {
    GSocket *socket = call (self);

    /* Some begin a handshake and do not go on. */
    if (i % 3 == 0)
      g_assert_cmpint (g_socket_send (socket, "\x16\x03\x01", 3, NULL, NULL), ==, 3);
    g_ptr_array_add (silent, socket);
  }
  shake_hands (self, "car1", &car);
  iterate_until (has_entered, self, 1);
  g_assert_true (car.is_in);
  g_assert_cmpuint (bolo_station_door_get_n_handshakes (self->door), <=, 20);
  iterate_until (has_handshakes, self, 0);
  g_assert_cmpuint (self->entered->len, ==, 1);
  g_object_unref (car.tls);
}

/* Who speaks another language or hangs up in mid-word goes at once; who stops there, in the end. */
static void
test_half_said (Fixture *self, gconstpointer data)
{
  static const char half[] = "\x16\x03\x01\x02\x00 and nothing more";
  g_autoptr (GSocket) other = call (self);
  g_autoptr (GSocket) quitter = call (self);
  g_autoptr (GSocket) silent = call (self);

  iterate_until (has_handshakes, self, 3);
  g_assert_cmpint (g_socket_send (other, "GET / HTTP/1.1\r\n", 16, NULL, NULL), ==, 16);
  iterate_until (has_at_most, self, 2);
  g_assert_cmpint (g_socket_send (quitter, half, sizeof half, NULL, NULL), ==, sizeof half);
  g_assert_cmpint (g_socket_send (silent, half, sizeof half, NULL, NULL), ==, sizeof half);
  g_assert_true (g_socket_close (quitter, NULL));
  iterate_until (has_at_most, self, 1);
  iterate_until (has_at_most, self, 0);
  g_assert_cmpuint (self->entered->len, ==, 0);
}

/* Nobody has closed the connections of those who hung up: they are counted no more all the same. */
static void
test_hung_up (Fixture *self, gconstpointer data)
{
  Call calls[6] = {0};

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++) {
    shake_hands (self, "car1", &calls[i]);
    iterate_until (has_entered, self, i + 1);
    g_assert_true (g_io_stream_close (G_IO_STREAM (calls[i].tls), NULL, NULL));
  }
  iterate_until (has_connections, self, 0);
  g_assert_cmpuint (self->entered->len, ==, G_N_ELEMENTS (calls));
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    g_object_unref (calls[i].tls);
}

/* Those of one certificate are counted, and given back when they go. */
static void
test_too_many (Fixture *self, gconstpointer data)
{
  Call calls[6] = {0};

  for (guint i = 0; i < 3; i++)
    shake_hands (self, "car1", &calls[i]);
  iterate_until (has_entered, self, 3);
  shake_hands (self, "car1", &calls[3]);
  wait_for_end (&calls[3]);
  g_assert_cmpuint (self->entered->len, ==, 3);
  /* Another car is let in, and then the house is full. */
  shake_hands (self, "car2", &calls[4]);
  iterate_until (has_entered, self, 4);
  shake_hands (self, "car2", &calls[5]);
  wait_for_end (&calls[5]);
  g_assert_cmpuint (bolo_station_door_get_n_connections (self->door), ==, 4);
  g_ptr_array_set_size (self->entered, 0);
  iterate_until (has_connections, self, 0);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    g_object_unref (calls[i].tls);
}

/* On a connection on which nothing moves, reading ends by itself. */
static void
test_idle (Fixture *self, gconstpointer data)
{
  Call car = {0};
  gboolean is_over = FALSE;
  char byte;

  shake_hands (self, "car1", &car);
  iterate_until (has_entered, self, 1);
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (self->entered->pdata[0])),
                             &byte, 1, G_PRIORITY_DEFAULT, NULL, on_read, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (car.tls);
}

/* Closed while somebody is on the way in. */
static void
test_closed (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocket) silent = call (self);

  iterate_until (has_handshakes, self, 1);
  g_clear_pointer (&self->door, bolo_station_door_free);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/station/door/silent", test_silent);
  ADD ("/station/door/half-said", test_half_said);
  ADD ("/station/door/too-many", test_too_many);
  ADD ("/station/door/hung-up", test_hung_up);
  ADD ("/station/door/idle", test_idle);
  ADD ("/station/door/closed", test_closed);
  return g_test_run ();
}
