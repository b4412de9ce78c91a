/* test-answers.c: compressed and chunked bodies, long waits, and the web page, by a client by hand
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-batch-result.h"
#include "bolo-station-keys.h"
#include "bolo-station-server.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define PATIENCE_S 120

typedef struct {
  char *folder;
  char *keys;
  char *database;
  BoloStationPlace place;
  BoloStationParts parts;
  BoloStationServer *server;
  guint port;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  char *const cars[] = {(char *) "car1", NULL};
  char *const hosts[] = {(char *) "127.0.0.1", NULL};
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("bolo-answers-XXXXXX", NULL);
  fixture->keys = g_build_filename (fixture->folder, "keys", NULL);
  fixture->database = g_build_filename (fixture->folder, "station.db", NULL);
  bolo_station_keys_make (fixture->keys, cars, hosts, 2, &error);
  g_assert_no_error (error);
  fixture->parts.name = "Test & <more>";
  fixture->parts.certificates = fixture->keys;
  fixture->parts.clock = bolo_clock_new_system ();
  fixture->parts.faults = bolo_station_faults_new (NULL, 0, &error);
  fixture->parts.offers = bolo_station_offers_new (fixture->folder, NULL, NULL, "Test",
                                                   bolo_station_keys_load (fixture->keys, NULL),
                                                   fixture->parts.clock, &error);
  fixture->place.path = fixture->database;
  fixture->parts.intake =
    bolo_station_intake_new (&fixture->place, fixture->parts.clock, fixture->parts.faults, &error);
  g_assert_no_error (error);
  fixture->server = bolo_station_server_new (&fixture->parts, &error);
  g_assert_true (bolo_station_server_listen (fixture->server, "127.0.0.1", &fixture->port, &error));
  g_assert_no_error (error);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *inner = g_build_filename (path, name, NULL);

    remove_tree (inner);
  }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bolo_station_server_stop (fixture->server);
  bolo_station_intake_close (fixture->parts.intake);
  bolo_station_offers_stop (fixture->parts.offers);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->server);
  g_assert_finalize_object (fixture->parts.intake);
  g_assert_finalize_object (fixture->parts.offers);
  g_object_unref (fixture->parts.clock);
  bolo_station_faults_free (fixture->parts.faults);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->keys);
  g_free (fixture->database);
}

/* Talk: what a client in a thread of its own writes, piece by piece, and what it read. */
typedef struct {
  guint port;
  const char *folder;
  const char *name; /* of the certificate */
  const char *bytes;
  gsize length;
  gsize piece;
  char *answer; /* all of it, until the server closed */
  gint is_done; /* (atomic) */
} Talk;

static gboolean
on_accept (GTlsConnection *connection,
           GTlsCertificate *certificate,
           GTlsCertificateFlags flaws,
           gpointer user_data)
{
  return TRUE; /* who the station is, others test */
}

static GIOStream *
connect_to (const Talk *talk)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autofree char *certificate_path = g_strdup_printf ("%s/%s.pem", talk->folder, talk->name);
  g_autofree char *key_path = g_strdup_printf ("%s/%s.key", talk->folder, talk->name);
  g_autoptr (GTlsCertificate) certificate =
    g_tls_certificate_new_from_files (certificate_path, key_path, NULL);
  g_autoptr (GSocketConnection) plain = NULL;
  GIOStream *secure;
  g_autoptr (GError) error = NULL;

  g_socket_client_set_timeout (client, PATIENCE_S);
  plain = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) talk->port, NULL, &error);
  g_assert_no_error (error);
  secure = g_tls_client_connection_new (G_IO_STREAM (plain), NULL, &error);
  g_tls_connection_set_certificate (G_TLS_CONNECTION (secure), certificate);
  g_signal_connect (secure, "accept-certificate", G_CALLBACK (on_accept), NULL);
  g_assert_true (g_tls_connection_handshake (G_TLS_CONNECTION (secure), NULL, &error));
  g_assert_cmpint (g_tls_connection_get_protocol_version (G_TLS_CONNECTION (secure)), ==,
                   G_TLS_PROTOCOL_VERSION_TLS_1_3);
  return secure;
}

static gpointer
talk_main (gpointer data)
{
  Talk *talk = data;
  g_autoptr (GIOStream) stream = connect_to (talk);
  GOutputStream *output = g_io_stream_get_output_stream (stream);
  GInputStream *input = g_io_stream_get_input_stream (stream);
  g_autoptr (GString) answer = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  for (gsize at = 0; at < talk->length; at += talk->piece)
    if (!g_output_stream_write_all (output, talk->bytes + at, MIN (talk->piece, talk->length - at),
                                    NULL, NULL, NULL))
      break;
  while ((n = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (answer, buffer, n);
  talk->answer = g_string_free (g_steal_pointer (&answer), FALSE);
  g_atomic_int_set (&talk->is_done, 1);
  g_main_context_wakeup (NULL);
  return NULL;
}

/* (transfer full): what the server says to @bytes, which must ask it to close. */
static char *
talk_as (Fixture *fixture, const char *name, const char *bytes, gsize length, gsize piece)
{
  Talk talk = {fixture->port, fixture->keys, name, bytes, length, piece, NULL, 0};
  GThread *thread = g_thread_new ("talk", talk_main, &talk);

  while (!g_atomic_int_get (&talk.is_done))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  return talk.answer;
}

static GString *
make_records (guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text,
                            "{\"topic\":\"hit\",\"id\":\"00000000-0000-4000-8000-%012u\","
                            "\"state\":1,\"body\":{\"text\":\"<%u>\",\"category\":\"a&b\"}}\n",
                            i, i);
  return text;
}

static GByteArray *
begin_request (const char *method, const char *path, const char *headers)
{
  GByteArray *request = g_byte_array_new ();
  g_autofree char *head = g_strdup_printf (
    "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s\r\n", method, path, headers);

  g_byte_array_append (request, (const guint8 *) head, (guint) strlen (head));
  return request;
}

static void
check_results (const char *answer, guint n_wanted, const char *word)
{
  const char *body = strstr (answer, "\r\n\r\n");
  g_autofree char *wanted = g_strdup_printf ("\"result\":\"%s\"", word);
  guint n = 0;

  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
  g_assert_nonnull (body);
  for (const char *at = body; (at = strstr (at, wanted)) != NULL; at++)
    n++;
  g_assert_cmpuint (n, ==, n_wanted);
}

/* The same body whole and in the smallest of pieces. */
static void
test_pieces (Fixture *fixture, gconstpointer data)
{
  static const gsize pieces[] = {100000, 1000, 7, 1};

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_autoptr (GString) records = make_records (10);
    g_autofree char *headers =
      g_strdup_printf ("Content-Length: %" G_GSIZE_FORMAT "\r\n", records->len);
    g_autoptr (GByteArray) request = begin_request ("POST", "/v1/batch", headers);
    g_autofree char *answer = NULL;

    g_byte_array_append (request, (const guint8 *) records->str, (guint) records->len);
    answer = talk_as (fixture, "car1", (const char *) request->data, request->len, pieces[i]);
    check_results (answer, 10, i == 0 ? "stored" : "known");
  }
}

static void
append_chunk (GByteArray *request, const guint8 *data, gsize length)
{
  g_autofree char *head = g_strdup_printf ("%" G_GSIZE_MODIFIER "x\r\n", length);

  g_byte_array_append (request, (const guint8 *) head, (guint) strlen (head));
  g_byte_array_append (request, data, (guint) length);
  g_byte_array_append (request, (const guint8 *) "\r\n", 2);
}

static GBytes *
compress (const GString *text)
{
  g_autoptr (GConverter) zipper =
    G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr (GInputStream) plain =
    g_memory_input_stream_new_from_data (text->str, (gssize) text->len, NULL);
  g_autoptr (GInputStream) zipped = g_converter_input_stream_new (plain, zipper);
  g_autoptr (GOutputStream) target = g_memory_output_stream_new_resizable ();

  g_assert_cmpint (
    g_output_stream_splice (target, zipped, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL), >, 0);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (target));
}

/* gzip in HTTP chunks of any size: the borders of both fall anywhere. */
static void
test_compressed_in_chunks (Fixture *fixture, gconstpointer data)
{
  static const gsize sizes[] = {1, 3, 50, 1000, 100000};
  g_autoptr (GString) records = make_records (3000);
  g_autoptr (GBytes) zipped = compress (records);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (zipped, &length);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GByteArray) request = begin_request (
      "POST", "/v1/batch", "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n");
    g_autofree char *answer = NULL;

    for (gsize at = 0; at < length; at += sizes[i])
      append_chunk (request, bytes + at, MIN (sizes[i], length - at));
    append_chunk (request, bytes, 0);
    answer = talk_as (fixture, "car1", (const char *) request->data, request->len, 65536);
    check_results (answer, 3000, i == 0 ? "stored" : "known");
  }
}

/* What follows a gzip member is not looked over, and half a member is not taken for a whole. */
static void
test_damaged_gzip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) records = make_records (1);
  g_autoptr (GBytes) zipped = compress (records);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (zipped, &length);

  for (guint i = 0; i < 3; i++) {
    g_autoptr (GByteArray) request = begin_request (
      "POST", "/v1/batch", "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n");
    g_autofree char *answer = NULL;

    append_chunk (request, bytes, i == 0 ? 20 : length);
    if (i == 1)
      append_chunk (request, (const guint8 *) "more", 4);
    if (i == 2)
      append_chunk (request, bytes, length);
    append_chunk (request, bytes, 0);
    answer = talk_as (fixture, "car1", (const char *) request->data, request->len, 65536);
    g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 400 "));
    g_assert_null (strstr (answer, "\"stored\""));
  }
}

static void
test_page (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) records = make_records (3);
  g_autofree char *headers = g_strdup_printf (
    "Content-Length: %" G_GSIZE_FORMAT "\r\nBolo-Backlog: 7 nonsense\r\n", records->len);
  g_autoptr (GByteArray) batch = begin_request ("POST", "/v1/batch", headers);
  g_autoptr (GByteArray) request = begin_request ("GET", "/", "");
  g_autofree char *answer = NULL;
  g_autofree char *page = NULL;
  g_autofree char *refused = NULL;

  g_byte_array_append (batch, (const guint8 *) records->str, (guint) records->len);
  answer = talk_as (fixture, "car1", (const char *) batch->data, batch->len, 65536);
  check_results (answer, 3, "stored");
  page = talk_as (fixture, "operator", (const char *) request->data, request->len, 65536);
  g_assert_true (g_str_has_prefix (page, "HTTP/1.1 200 "));
  g_assert_nonnull (strstr (page, "Test &amp; &lt;more&gt;"));
  g_assert_nonnull (strstr (page, "&lt;2&gt;"));
  g_assert_nonnull (strstr (page, "a&amp;b"));
  g_assert_null (strstr (page, "<2>"));
  g_assert_nonnull (strstr (page, "Cache-Control: no-store"));
  /* Marks stand in the table of hits alone. */
  g_assert_true (strstr (page, "&lt;2&gt;") > strstr (page, "<details>"));
  refused = talk_as (fixture, "car1", (const char *) request->data, request->len, 65536);
  g_assert_true (g_str_has_prefix (refused, "HTTP/1.1 403 "));
  g_assert_null (strstr (refused, "&lt;2&gt;"));
}

/* One connection is one car, from its first request to its last. */
static void
test_kept_alive (Fixture *fixture, gconstpointer data)
{
  static const char first[] = "GET /v1/hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  g_autoptr (GByteArray) request = g_byte_array_new ();
  g_autoptr (GByteArray) last = begin_request ("GET", "/v1/shared", "");
  g_autofree char *answer = NULL;
  guint n_ok = 0;

  for (guint i = 0; i < 5; i++)
    g_byte_array_append (request, (const guint8 *) first, (guint) strlen (first));
  g_byte_array_append (request, last->data, last->len);
  answer = talk_as (fixture, "car1", (const char *) request->data, request->len, 65536);
  for (const char *at = answer; (at = strstr (at, "HTTP/1.1 200 ")) != NULL; at++)
    n_ok++;
  g_assert_cmpuint (n_ok, ==, 6);
}

static void
add_test (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  bolo_station_server_harden ();
  g_test_init (&argc, &argv, NULL);
  add_test ("/station/answers/pieces", test_pieces);
  add_test ("/station/answers/compressed-in-chunks", test_compressed_in_chunks);
  add_test ("/station/answers/damaged-gzip", test_damaged_gzip);
  add_test ("/station/answers/page", test_page);
  add_test ("/station/answers/kept-alive", test_kept_alive);
  return g_test_run ();
}
