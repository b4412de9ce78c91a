/* bolo-station-bench.c: bolo-station bench: how fast a station takes what cars send
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-bench"

#include "bolo-station-main.h"

#include "bolo-batch.h"
#include "bolo-error.h"
#include "bolo-metric.h"
#include "bolo-station-keys.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define RECORDS_DEFAULT 20000
#define RECORDS_MAX 10000000
#define CARS_DEFAULT 10
#define CARS_MAX 1000
#define BATCH_RECORDS 250
#define DAYS 2
/* Each is written durably, which takes longer than what is to be measured; more cars share them. */
#define N_CERTIFICATES 10
#define TIMEOUT_S 120

typedef struct {
  char *folder; /* (owned): of its own, removed in the end */
  char *keys;   /* (owned) */
  const char *postgres;
  GSubprocess *station; /* (owned) (nullable) */
  char *host;           /* (owned) */
  guint16 port;
  gint64 n_records;
  int n_cars;
  BoloMetric *batch_ms; /* (owned) */
  gint n_stored;        /* (atomic) */
  gint64 n_bytes;       /* (mutex mutex) */
  GMutex mutex;
  GError *error; /* (mutex mutex) (owned) (nullable): the first one */
} Bench;

/* One car, in a thread of its own. */
typedef struct {
  Bench *bench;
  guint number;
  gint64 first;
  gint64 n;
  GIOStream *stream; /* (owned) */
} Car;

/* As long as what a car really sends. */
static char *
make_body (guint car, gint64 number)
{
  return g_strdup_printf (
    "{\"event\":\"sighting\",\"id\":\"%08x-0000-4000-8000-%012" G_GINT64_MODIFIER
    "x\",\"time\":\"2026-03-14T17:40:23.933Z\",\"camera\":\"front\",\"track\":%" G_GINT64_FORMAT
    ",\"state\":\"closed\",\"text\":\"AB%02dCDE\",\"confidence\":0.9871,\"looks\":7,\"chars\":["
    "{\"c\":\"A\",\"p\":0.991,\"alt\":[{\"c\":\"4\",\"p\":0.006}]},{\"c\":\"B\",\"p\":0.998,"
    "\"alt\":[]},{\"c\":\"1\",\"p\":0.981,\"alt\":[{\"c\":\"I\",\"p\":0.012}]},{\"c\":\"2\",\"p\":"
    "0.999,\"alt\":[]},{\"c\":\"C\",\"p\":0.993,\"alt\":[]},{\"c\":\"D\",\"p\":0.990,\"alt\":[]},"
    "{\"c\":\"E\",\"p\":0.997,\"alt\":[]}],\"syntax\":\"current\",\"region\":\"GB\",\"corners\":"
    "[512.5,300.1,640.2,301.0,640.9,330.7,512.9,329.8],\"position\":{\"lat\":51.2781,\"lon\":"
    "0.5217,\"accuracy_m\":4.1,\"speed_mps\":13.41,\"heading_deg\":271.3,\"age_ms\":120,\"how\":"
    "\"interpolated\"},\"latency_ms\":231,\"officer\":\"PC 1234\"}",
    car, number, number, (int) (number % 100));
}

static GByteArray *
make_batch (const Car *car, gint64 first, gint64 n)
{
  GByteArray *batch = g_byte_array_new ();

  for (gint64 i = first; i < first + n; i++) {
    g_autofree char *body = make_body (car->number, i);
    g_autofree char *id =
      g_strdup_printf ("%08x-0000-4000-8000-%012" G_GINT64_MODIFIER "x", car->number, i);

    bolo_batch_write_record (batch, BOLO_BATCH_SIGHTING, id, 1, body, NULL);
  }
  return batch;
}

static GIOStream *
connect_car (const Car *car, GError **error)
{
  const Bench *bench = car->bench;
  g_autofree char *certificate_path =
    g_strdup_printf ("%s/bench%u.pem", bench->keys, car->number % N_CERTIFICATES);
  g_autofree char *key_path =
    g_strdup_printf ("%s/bench%u.key", bench->keys, car->number % N_CERTIFICATES);
  g_autofree char *authority_path = g_build_filename (bench->keys, "authority.pem", NULL);
  g_autoptr (GTlsDatabase) authority = g_tls_file_database_new (authority_path, error);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GSocketConnection) plain = NULL;
  g_autoptr (GIOStream) secure = NULL;

  if (authority == NULL)
    return NULL;
  certificate = g_tls_certificate_new_from_files (certificate_path, key_path, error);
  if (certificate == NULL)
    return NULL;
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, TIMEOUT_S);
  plain = g_socket_client_connect_to_host (client, bench->host, bench->port, NULL, error);
  if (plain == NULL)
    return NULL;
  address = g_network_address_new (bench->host, bench->port);
  secure = g_tls_client_connection_new (G_IO_STREAM (plain), address, error);
  if (secure == NULL)
    return NULL;
  g_tls_connection_set_database (G_TLS_CONNECTION (secure), authority);
  g_tls_connection_set_certificate (G_TLS_CONNECTION (secure), certificate);
  if (!g_tls_connection_handshake (G_TLS_CONNECTION (secure), NULL, error))
    return NULL;
  return g_steal_pointer (&secure);
}

/* The answer's body; of HTTP only what the station writes. (transfer full) (nullable) */
static char *
read_answer (GDataInputStream *input, GError **error)
{
  gsize length = 0;
  gboolean is_good = FALSE;
  g_autofree char *body = NULL;

  for (guint i = 0;; i++) {
    g_autofree char *line = g_data_input_stream_read_line (input, NULL, NULL, error);

    if (line == NULL) {
      if (error != NULL && *error == NULL)
        g_set_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE, "the station closed the connection");
      return NULL;
    }
    g_strchomp (line);
    if (i == 0)
      is_good = strstr (line, " 200 ") != NULL;
    if (g_ascii_strncasecmp (line, "Content-Length: ", strlen ("Content-Length: ")) == 0)
      length = g_ascii_strtoull (line + strlen ("Content-Length: "), NULL, 10);
    if (*line == '\0')
      break;
  }
  body = g_malloc0 (length + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (input), body, length, NULL, NULL, error))
    return NULL;
  if (is_good)
    return g_steal_pointer (&body);
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INTERNAL, "the station answered: %.200s", body);
  return NULL;
}

static gint
count_stored (const char *answer)
{
  gint n = 0;

  for (const char *at = answer; (at = strstr (at, "\"result\":\"stored\"")) != NULL; at++)
    n++;
  return n;
}

static gboolean
send_batch (
  const Car *car, GIOStream *stream, GDataInputStream *input, GByteArray *batch, GError **error)
{
  Bench *bench = car->bench;
  gint64 start_us = g_get_monotonic_time ();
  g_autofree char *head =
    g_strdup_printf ("POST /v1/batch HTTP/1.1\r\nHost: %s\r\nContent-Type: "
                     "application/vnd.bolo.batch\r\nContent-Length: %u\r\n\r\n",
                     bench->host, batch->len);
  GOutputStream *output = g_io_stream_get_output_stream (stream);
  g_autofree char *answer = NULL;

  g_byte_array_prepend (batch, (const guint8 *) head, (guint) strlen (head));
  if (!g_output_stream_write_all (output, batch->data, batch->len, NULL, NULL, error))
    return FALSE;
  answer = read_answer (input, error);
  if (answer == NULL)
    return FALSE;
  bolo_metric_add (bench->batch_ms, (double) (g_get_monotonic_time () - start_us) / 1000);
  g_atomic_int_add (&bench->n_stored, count_stored (answer));
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&bench->mutex);
  bench->n_bytes += batch->len;
  return TRUE;
}

static gboolean
run_car (const Car *car, GError **error)
{
  g_autoptr (GDataInputStream) input =
    g_data_input_stream_new (g_io_stream_get_input_stream (car->stream));

  g_data_input_stream_set_newline_type (input, G_DATA_STREAM_NEWLINE_TYPE_LF);
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (input), FALSE);
  for (gint64 at = 0; at < car->n; at += BATCH_RECORDS) {
    g_autoptr (GByteArray) batch =
      make_batch (car, car->first + at, MIN (BATCH_RECORDS, car->n - at));

    if (!send_batch (car, car->stream, input, batch, error))
      return FALSE;
  }
  return TRUE;
}

static gpointer
car_main (gpointer data)
{
  const Car *car = data;
  g_autoptr (GError) error = NULL;

  if (run_car (car, &error))
    return NULL;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&car->bench->mutex);
  if (car->bench->error == NULL)
    car->bench->error = g_steal_pointer (&error);
  return NULL;
}

static gboolean
start_station (Bench *bench, GError **error)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GDataInputStream) input = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GUri) uri = NULL;

  g_ptr_array_add (words, program);
  g_ptr_array_add (words, (gpointer) "serve");
  g_ptr_array_add (words, (gpointer) "--state");
  g_ptr_array_add (words, bench->folder);
  g_ptr_array_add (words, (gpointer) "--port");
  g_ptr_array_add (words, (gpointer) "0");
  g_ptr_array_add (words, (gpointer) "--development");
  if (bench->postgres != NULL) {
    g_ptr_array_add (words, (gpointer) "--postgres");
    g_ptr_array_add (words, (gpointer) bench->postgres);
  }
  g_ptr_array_add (words, NULL);
  bench->station =
    g_subprocess_newv ((const char *const *) words->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE, error);
  if (bench->station == NULL)
    return FALSE;
  input = g_data_input_stream_new (g_subprocess_get_stdout_pipe (bench->station));
  line = g_data_input_stream_read_line (input, NULL, NULL, error);
  uri = line != NULL && g_str_has_prefix (line, "listening on ")
          ? g_uri_parse (line + strlen ("listening on "), G_URI_FLAGS_NONE, NULL)
          : NULL;
  if (uri == NULL) {
    g_clear_error (error);
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INTERNAL, "the station did not start");
    return FALSE;
  }
  bench->host = g_strdup (g_uri_get_host (uri));
  bench->port = (guint16) g_uri_get_port (uri);
  return TRUE;
}

static gboolean
prepare (Bench *bench, const char *parent, GError **error)
{
  g_autoptr (GPtrArray) cars = g_ptr_array_new_with_free_func (g_free);
  char *const hosts[] = {(char *) "127.0.0.1", NULL};

  bench->folder = g_build_filename (parent, "bolo-station-bench-XXXXXX", NULL);
  if (g_mkdtemp (bench->folder) == NULL) {
    bolo_error_set_errno (error, errno, "Cannot make a folder to measure in");
    return FALSE;
  }
  bench->keys = g_build_filename (bench->folder, "certificates", NULL);
  for (int i = 0; i < MIN (bench->n_cars, N_CERTIFICATES); i++)
    g_ptr_array_add (cars, g_strdup_printf ("bench%d", i));
  g_ptr_array_add (cars, NULL);
  return bolo_station_keys_make (bench->keys, (char *const *) cars->pdata, hosts, DAYS, error) &&
         start_station (bench, error);
}

/* One after the other: GLib's client shakes hands in a few threads, in which hundreds at once wait
 * for seconds, and that would be measured. */
static gboolean
connect_cars (Bench *bench, Car *cars, GError **error)
{
  gint64 first = 0;

  for (int i = 0; i < bench->n_cars; i++) {
    gint64 next = bench->n_records * (i + 1) / bench->n_cars;

    cars[i] = (Car){bench, (guint) i, first, next - first, NULL};
    cars[i].stream = connect_car (&cars[i], error);
    if (cars[i].stream == NULL)
      return FALSE;
    first = next;
  }
  return TRUE;
}

static void
disconnect_cars (Car *cars, int n)
{
  for (int i = 0; i < n; i++)
    g_clear_object (&cars[i].stream);
}

/* In seconds, from when all are connected; -1 where a car failed. */
static double
measure (Bench *bench, GError **error)
{
  g_autofree Car *cars = g_new0 (Car, bench->n_cars);
  g_autofree GThread **threads = g_new0 (GThread *, bench->n_cars);
  gint64 start_us;
  gint64 end_us;

  if (!connect_cars (bench, cars, error)) {
    disconnect_cars (cars, bench->n_cars);
    return -1;
  }
  start_us = g_get_monotonic_time ();
  for (int i = 0; i < bench->n_cars; i++)
    threads[i] = g_thread_new ("bolo-car", car_main, &cars[i]);
  for (int i = 0; i < bench->n_cars; i++)
    g_thread_join (threads[i]);
  end_us = g_get_monotonic_time ();
  disconnect_cars (cars, bench->n_cars);
  if (bench->error == NULL && g_atomic_int_get (&bench->n_stored) != bench->n_records)
    g_set_error (&bench->error, BOLO_ERROR, BOLO_ERROR_INTERNAL,
                 "of %" G_GINT64_FORMAT " records %d were stored; is this database new?",
                 bench->n_records, g_atomic_int_get (&bench->n_stored));
  if (bench->error != NULL) {
    g_propagate_error (error, g_steal_pointer (&bench->error));
    return -1;
  }
  return (double) (end_us - start_us) / G_USEC_PER_SEC;
}

/* Peak memory of the station's process, in MB. */
static double
read_peak_mb (const Bench *bench)
{
  g_autofree char *path =
    g_strdup_printf ("/proc/%s/status", g_subprocess_get_identifier (bench->station));
  g_autofree char *text = NULL;
  const char *at;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  at = strstr (text, "VmHWM:");
  return at != NULL ? (double) g_ascii_strtoull (at + strlen ("VmHWM:"), NULL, 10) / 1024 : 0;
}

static void
print_result (const Bench *bench, double seconds)
{
  const double values[] = {
    (double) bench->n_records / seconds,
    (double) bench->n_bytes / seconds / 1e6,
    bolo_metric_get_percentile (bench->batch_ms, 0.5),
    bolo_metric_get_percentile (bench->batch_ms, 0.99),
    read_peak_mb (bench),
  };
  char texts[G_N_ELEMENTS (values)][G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_ascii_formatd (texts[i], sizeof texts[i], "%.1f", values[i]);
  printf ("{\"records_per_s\":%s,\"mb_per_s\":%s,\"batch_ms\":{\"p50\":%s,\"p99\":%s},"
          "\"station_peak_rss_mb\":%s,\"records\":%" G_GINT64_FORMAT
          ",\"cars\":%d,\"store\":\"%s\"}\n",
          texts[0], texts[1], texts[2], texts[3], texts[4], bench->n_records, bench->n_cars,
          bench->postgres != NULL ? "postgres" : "sqlite");
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *inner = g_build_filename (path, name, NULL);

    if (g_file_test (inner, G_FILE_TEST_IS_SYMLINK))
      g_unlink (inner);
    else
      remove_tree (inner);
  }
  g_remove (path);
}

static void
clean_up (Bench *bench)
{
  if (bench->station != NULL) {
    g_subprocess_send_signal (bench->station, 15);
    g_subprocess_wait (bench->station, NULL, NULL);
  }
  if (bench->folder != NULL)
    remove_tree (bench->folder);
  g_clear_object (&bench->station);
  g_free (bench->folder);
  g_free (bench->keys);
  g_free (bench->host);
  g_clear_error (&bench->error);
  bolo_metric_free (bench->batch_ms);
  g_mutex_clear (&bench->mutex);
}

int
bolo_station_bench (int argc, char **argv)
{
  Bench bench = {.n_records = RECORDS_DEFAULT, .n_cars = CARS_DEFAULT};
  g_autofree char *state = NULL;
  g_autofree char *postgres = NULL;
  g_autoptr (GError) error = NULL;
  double seconds = -1;
  const GOptionEntry entries[] = {
    {"records", 0, 0, G_OPTION_ARG_INT64, &bench.n_records, "How many to send (20000)", "N"},
    {"cars", 0, 0, G_OPTION_ARG_INT, &bench.n_cars, "How many send at once (10)", "N"},
    {"state", 0, 0, G_OPTION_ARG_FILENAME, &state, "The disk to measure on (the temporary folder)",
     "DIR"},
    {"postgres", 0, 0, G_OPTION_ARG_STRING, &postgres, "Measure with this PostgreSQL database",
     "CONNECTION"},
    G_OPTION_ENTRY_NULL,
  };

  if (!bolo_station_parse (
        &argc, &argv, entries, NULL,
        "Starts a station in a folder of its own, lets cars send it records over "
        "TLS on loopback, and prints how fast it took them; as JSON."))
    return BOLO_STATION_USAGE;
  if (argc != 1 || bench.n_cars < 1 || bench.n_cars > CARS_MAX || bench.n_records < bench.n_cars ||
      bench.n_records > RECORDS_MAX)
    return bolo_station_misuse ("bench", "take 1 to 1000 cars, and a record or more for each");
  g_mutex_init (&bench.mutex);
  bench.batch_ms = bolo_metric_new ();
  bench.postgres = postgres;
  if (prepare (&bench, state != NULL ? state : g_get_tmp_dir (), &error))
    seconds = measure (&bench, &error);
  if (seconds > 0)
    print_result (&bench, seconds);
  clean_up (&bench);
  return seconds > 0 ? BOLO_STATION_DONE : bolo_station_fail ("bench", error);
}
