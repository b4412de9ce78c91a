/* test-server.c: the server in this process, asked by libsoup's client: 200 cars, slow ones,
 * quitters SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-batch-result.h"
#include "bolo-json-reader.h"
#include "bolo-station-keys.h"
#include "bolo-station-server.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#define PATIENCE_S 120
#define N_CARS 4

typedef struct {
  char *folder;
  char *keys;
  char *database;
  BoloStationPlace place;
  BoloStationParts parts;
  BoloStationServer *server;
  guint port;
  guint late;
} Fixture;

static gboolean
on_late (gpointer user_data)
{
  g_assert_not_reached ();
}

static void
make_parts (Fixture *fixture)
{
  char *const cars[] = {(char *) "car1", (char *) "car2", NULL};
  char *const hosts[] = {(char *) "127.0.0.1", NULL};
  g_autoptr (GError) error = NULL;

  bolo_station_keys_make (fixture->keys, cars, hosts, 2, &error);
  g_assert_no_error (error);
  fixture->parts.name = "Test";
  fixture->parts.certificates = fixture->keys;
  fixture->parts.clock = bolo_clock_new_system ();
  fixture->parts.faults = bolo_station_faults_new (NULL, 0, &error);
  fixture->parts.offers = bolo_station_offers_new (fixture->folder, NULL, NULL, "Test",
                                                   bolo_station_keys_load (fixture->keys, NULL),
                                                   fixture->parts.clock, &error);
  g_assert_no_error (error);
  fixture->place.path = fixture->database;
  fixture->parts.intake =
    bolo_station_intake_new (&fixture->place, fixture->parts.clock, fixture->parts.faults, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("bolo-server-XXXXXX", NULL);
  fixture->keys = g_build_filename (fixture->folder, "keys", NULL);
  fixture->database = g_build_filename (fixture->folder, "station.db", NULL);
  make_parts (fixture);
  fixture->server = bolo_station_server_new (&fixture->parts, &error);
  g_assert_no_error (error);
  g_assert_true (bolo_station_server_listen (fixture->server, "127.0.0.1", &fixture->port, &error));
  fixture->late = g_timeout_add_seconds (PATIENCE_S, on_late, NULL);
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
  g_source_remove (fixture->late);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->keys);
  g_free (fixture->database);
}

static gboolean
on_accept (SoupMessage *message,
           GTlsCertificate *certificate,
           GTlsCertificateFlags flaws,
           gpointer user_data)
{
  return FALSE;
}

static gboolean
on_request_certificate (SoupMessage *message,
                        GTlsClientConnection *connection,
                        gpointer certificate)
{
  soup_message_set_tls_client_certificate (message, certificate);
  return TRUE;
}

/* A car: a session with a connection of its own. */
static SoupSession *
make_car (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->keys, "authority.pem", NULL);
  g_autoptr (GTlsDatabase) authority = g_tls_file_database_new (path, NULL);

  return soup_session_new_with_options ("tls-database", authority, "timeout", PATIENCE_S, NULL);
}

static GTlsCertificate *
load_certificate (Fixture *fixture, const char *car)
{
  g_autofree char *certificate = g_strdup_printf ("%s/%s.pem", fixture->keys, car);
  g_autofree char *key = g_strdup_printf ("%s/%s.key", fixture->keys, car);
  GTlsCertificate *loaded = g_tls_certificate_new_from_files (certificate, key, NULL);

  g_assert_nonnull (loaded);
  return loaded;
}

static SoupMessage *
make_message (Fixture *fixture, const char *method, const char *path, GTlsCertificate *certificate)
{
  g_autofree char *uri = g_strdup_printf ("https://127.0.0.1:%u%s", fixture->port, path);
  SoupMessage *message = soup_message_new (method, uri);

  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_accept), NULL);
  g_signal_connect_data (message, "request-certificate", G_CALLBACK (on_request_certificate),
                         g_object_ref (certificate),
                         (GClosureNotify) (void (*) (void)) g_object_unref, 0);
  return message;
}

static char *
make_records (guint first, guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = first; i < first + n; i++)
    g_string_append_printf (text,
                            "{\"topic\":\"sighting\",\"id\":\"00000000-0000-4000-8000-%012u\","
                            "\"state\":1,\"body\":{\"n\":%u,\"text\":\"%0700u\"}}\n",
                            i, i, i);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

typedef struct {
  guint n_stored;
  guint n_known;
  guint n_other;
  guint n_answers;
} Tally;

static void
count_line (Tally *tally, const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloBatchResult) result = bolo_batch_result_parse (line, strlen (line), &error);

  g_assert_no_error (error);
  tally->n_stored += result->outcome == BOLO_BATCH_STORED;
  tally->n_known += result->outcome == BOLO_BATCH_KNOWN;
  tally->n_other += result->outcome > BOLO_BATCH_KNOWN;
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Tally *tally = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
    soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  g_auto (GStrv) lines = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    count_line (tally, lines[i]);
  tally->n_answers++;
}

static void
send_batch (
  Fixture *fixture, SoupSession *car, GTlsCertificate *certificate, const char *text, Tally *tally)
{
  g_autoptr (SoupMessage) message = make_message (fixture, "POST", "/v1/batch", certificate);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  soup_message_set_request_body_from_bytes (message, BOLO_BATCH_CONTENT_TYPE, body);
  soup_session_send_and_read_async (car, message, G_PRIORITY_DEFAULT, NULL, on_answer, tally);
}

static void
wait_for (const guint *value, guint wanted)
{
  while (*value < wanted)
    g_main_context_iteration (NULL, TRUE);
}

/* Some cars at once; 200 are in the tests of whole programs, for GLib shakes hands in a few threads
 * that client and server share here. */
static void
test_cars_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) cars = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GTlsCertificate) certificate = load_certificate (fixture, "car1");
  Tally tally = {0};

  for (guint i = 0; i < N_CARS; i++) {
    SoupSession *car = make_car (fixture);
    g_autofree char *text = make_records (i * 1000, 1000);

    g_ptr_array_add (cars, car);
    send_batch (fixture, car, certificate, text, &tally);
  }
  wait_for (&tally.n_answers, N_CARS);
  g_assert_cmpuint (tally.n_stored, ==, N_CARS * 1000);
  g_assert_cmpuint (tally.n_known + tally.n_other, ==, 0);
}

/* More handfuls than may wait: the body is held back, and all of it comes in the end. */
static void
test_long_body (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SoupSession) car = make_car (fixture);
  g_autoptr (GTlsCertificate) certificate = load_certificate (fixture, "car1");
  g_autofree char *text = make_records (0, 4000);
  Tally tally = {0};

  g_assert_cmpuint (strlen (text), <, 4 * 1024 * 1024);
  send_batch (fixture, car, certificate, text, &tally);
  wait_for (&tally.n_answers, 1);
  g_assert_cmpuint (tally.n_stored, ==, 4000);
  /* The same connection, the same items. */
  send_batch (fixture, car, certificate, text, &tally);
  wait_for (&tally.n_answers, 2);
  g_assert_cmpuint (tally.n_known, ==, 4000);
}

/* Two cars, and each is the one of its certificate. */
static void
test_two_cars (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SoupSession) one = make_car (fixture);
  g_autoptr (SoupSession) two = make_car (fixture);
  g_autoptr (GTlsCertificate) first = load_certificate (fixture, "car1");
  g_autoptr (GTlsCertificate) second = load_certificate (fixture, "car2");
  g_autofree char *text = make_records (0, 10);
  Tally tally = {0};

  send_batch (fixture, one, first, text, &tally);
  send_batch (fixture, two, second, text, &tally);
  wait_for (&tally.n_answers, 2);
  g_assert_cmpuint (tally.n_stored, ==, 20);
  send_batch (fixture, one, first, text, &tally);
  wait_for (&tally.n_answers, 3);
  g_assert_cmpuint (tally.n_known, ==, 10);
}

static void
on_cancelled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
    soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

  g_assert_true (bytes == NULL || error == NULL);
  (*(guint *) user_data)++;
}

static gboolean
on_quit (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

/* Cars that go in the middle of their body, or of the wait for an answer, at many instants: nothing
 * is left over, and the next car is served. */
static void
test_quitters (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GTlsCertificate) certificate = load_certificate (fixture, "car1");
  g_autofree char *text = make_records (0, 4000);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr (SoupSession) last = make_car (fixture);
  Tally tally = {0};
  guint n_gone = 0;

  for (guint i = 0; i < 40; i++) {
    g_autoptr (SoupSession) car = make_car (fixture);
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (SoupMessage) message = make_message (fixture, "POST", "/v1/batch", certificate);

    soup_message_set_request_body_from_bytes (message, BOLO_BATCH_CONTENT_TYPE, body);
    soup_session_send_and_read_async (car, message, G_PRIORITY_DEFAULT, cancellable, on_cancelled,
                                      &n_gone);
    g_timeout_add_full (G_PRIORITY_HIGH, i * 7, on_quit, g_object_ref (cancellable),
                        g_object_unref);
    wait_for (&n_gone, i + 1);
  }
  send_batch (fixture, last, certificate, text, &tally);
  wait_for (&tally.n_answers, 1);
  g_assert_cmpuint (tally.n_stored + tally.n_known, ==, 4000);
}

static void
on_text (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GBytes) bytes =
    soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);

  *(char **) user_data = bytes != NULL
                           ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
                           : g_strdup ("");
}

static char *
ask (Fixture *fixture, const char *path, guint *status)
{
  g_autoptr (SoupSession) car = make_car (fixture);
  g_autoptr (GTlsCertificate) certificate = load_certificate (fixture, "car1");
  g_autoptr (SoupMessage) message = make_message (fixture, "GET", path, certificate);
  char *text = NULL;

  soup_session_send_and_read_async (car, message, G_PRIORITY_DEFAULT, NULL, on_text, &text);
  while (text == NULL)
    g_main_context_iteration (NULL, TRUE);
  *status = soup_message_get_status (message);
  return text;
}

/* Each path that the server names is answered, and says JSON when it says no. */
static void
test_paths (Fixture *fixture, gconstpointer data)
{
  const char *const *paths = bolo_station_server_get_paths ();

  for (guint i = 0; paths[i] != NULL; i++) {
    g_auto (GStrv) words = g_strsplit (paths[i], " ", 2);
    g_autofree char *text = NULL;
    g_autoptr (BoloJsonReader) reader = NULL;
    guint status = 0;

    text = ask (fixture, words[1], &status);
    reader = bolo_json_reader_new (text, strlen (text), "answer", NULL);
    g_assert_nonnull (reader);
    if (strcmp (words[0], "POST") == 0)
      g_assert_cmpuint (status, ==, SOUP_STATUS_METHOD_NOT_ALLOWED);
    else
      g_assert_cmpuint (status, !=, SOUP_STATUS_METHOD_NOT_ALLOWED);
    g_assert_cmpint (status >= 400, ==, bolo_json_reader_has (reader, "error"));
  }
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
  add_test ("/station/server/cars-at-once", test_cars_at_once);
  add_test ("/station/server/long-body", test_long_body);
  add_test ("/station/server/two-cars", test_two_cars);
  add_test ("/station/server/quitters", test_quitters);
  add_test ("/station/server/paths", test_paths);
  return g_test_run ();
}
