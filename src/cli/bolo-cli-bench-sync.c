/* bolo-cli-bench-sync.c: boloctl bench sync: how fast a backlog reaches a station on this machine
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli.h"

#include "bolo-cli-bench-records.h"
#include "bolo-error.h"
#include "bolo-list-files.h"
#include "bolo-metric.h"
#include "bolo-paths.h"
#include "bolo-sync-queues.h"
#include "bolo-sync.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <malloc.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_RECORDS 10000
#define CAR "car1" /* that a station's development certificates have */
/* More than 64 MB waiting to be written would be lost, as in a car whose disk stands still. */
#define MAX_WAITING 256
#define MAX_WAITING_BYTES (16 * 1024 * 1024)
#define SPAN_US (8 * G_TIME_SPAN_HOUR)
/* With the patch 50 kB a read: a whole shift is 10,000 reads and 500 MB. */
#define OVERVIEW_BYTES 47000
#define OVERVIEW_BYTES_MAX 500000
#define STOP_MS 20000

typedef struct {
  char *folder;         /* (owned): all that is made, removed at the end */
  char *car;            /* (owned) */
  char *certificates;   /* (owned) */
  char *url;            /* (owned) */
  GSubprocess *station; /* (owned) */
  BoloClock *clock;     /* (owned) */
  gint64 n_records;
  gint64 overview_bytes;
  double seconds;
  gint64 items;
  gint64 bytes;
  double rss_mb;
  double curl_s;
  double car_cpu_s;
  double station_cpu_s;
} Bench;

static void
bench_clear (Bench *bench)
{
  if (bench->station != NULL) {
    g_subprocess_send_signal (bench->station, SIGTERM);
    g_subprocess_wait (bench->station, NULL, NULL);
  }
  g_clear_object (&bench->station);
  if (bench->folder != NULL)
    bolo_list_files_remove_directory (bench->folder, NULL);
  g_clear_object (&bench->clock);
  g_free (bench->folder);
  g_free (bench->car);
  g_free (bench->certificates);
  g_free (bench->url);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, bench_clear)

/* ---- the station --------------------------------------------------------------------------- */

/* The one that was built with us, else the installed one. */
static char *
find_station (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  char *beside = g_build_filename (folder, "bolo-station", NULL);

  if (g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return beside;
  g_free (beside);
  return g_find_program_in_path ("bolo-station");
}

static gboolean
start_station (Bench *bench, GError **error)
{
  g_autofree char *program = find_station ();
  g_autofree char *state = g_build_filename (bench->folder, "station", NULL);
  g_autoptr (GDataInputStream) out = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *line = NULL;

  if (program == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND,
                 "there is no bolo-station to send to; build or install it");
    return FALSE;
  }
  bench->station = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &local, program, "serve",
                                     "--state", state, "--development", "--port", "0", NULL);
  if (bench->station != NULL) {
    out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (bench->station));
    line = g_data_input_stream_read_line (out, NULL, NULL, NULL);
  }
  if (line == NULL || !g_str_has_prefix (line, "listening on ")) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "bolo-station does not start%s%s",
                 local != NULL ? ": " : "", local != NULL ? local->message : "");
    return FALSE;
  }
  bench->url = g_strdup_printf ("https://localhost%s", strrchr (line, ':'));
  bench->certificates = g_build_filename (state, "certificates", NULL);
  return TRUE;
}

static gboolean
write_config (Bench *bench, GError **error)
{
  const char *c = bench->certificates;
  g_autofree char *path = g_build_filename (bench->car, BOLO_SYNC_CONFIG_FILE, NULL);
  g_autofree char *text = g_strdup_printf (
    "[remote bench]\nurl=%s\nauthority=%s/authority.pem\ncertificate=%s/" CAR ".pem\n"
    "key=%s/" CAR ".key\npictures=always\nshared=no\n",
    bench->url, c, c, c);

  return bolo_list_files_replace (path, text, error);
}

/* So far; 0 where /proc does not say. */
static double
get_station_cpu_s (Bench *bench)
{
  g_autofree char *path =
    g_strdup_printf ("/proc/%s/stat", g_subprocess_get_identifier (bench->station));
  g_autofree char *text = NULL;
  unsigned long long user, system;
  const char *rest;

  /* The name in its brackets may hold anything. */
  if (!g_file_get_contents (path, &text, NULL, NULL) || (rest = strrchr (text, ')')) == NULL ||
      sscanf (rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system) != 2)
    return 0;
  return (double) (user + system) / (double) sysconf (_SC_CLK_TCK);
}

/* ---- the car ------------------------------------------------------------------------------- */

static BoloStore *
open_store (Bench *bench, BoloSyncConfig **config, GError **error)
{
  g_autoptr (BoloStore) store = bolo_store_new (bench->car, bench->clock);
  g_auto (GStrv) receivers = NULL;

  *config = bolo_sync_config_load_state (bench->car, error);
  if (*config == NULL)
    return NULL;
  receivers = bolo_sync_config_get_receivers (*config);
  bolo_store_set_receivers (store, (const char *const *) receivers);
  if (!bolo_sync_queues_prepare (bench->car, *config, bench->clock, error) ||
      !bolo_store_open (store, error))
    return NULL;
  return g_steal_pointer (&store);
}

static guint
get_max_waiting (Bench *bench)
{
  return (guint) CLAMP (MAX_WAITING_BYTES / bench->overview_bytes, 1, MAX_WAITING);
}

static gboolean
fill (Bench *bench, BoloCli *cli, GError **error)
{
  guint max_waiting = get_max_waiting (bench);
  gint64 now_us = bolo_clock_get_utc_us (bench->clock);
  g_autoptr (BoloBenchRecords) records = bolo_bench_records_new (
    bench->n_records, now_us - SPAN_US, SPAN_US, (gsize) bench->overview_bytes, NULL);
  g_autoptr (BoloSyncConfig) config = NULL;
  g_autoptr (BoloStore) store = open_store (bench, &config, error);

  if (store == NULL)
    return FALSE;
  bolo_cli_progress (cli, "Making records");
  for (gint64 i = 0; i < bench->n_records; i++) {
    g_autoptr (BoloSighting) sighting = bolo_bench_records_make_sighting (records, i);

    if (i % BOLO_BENCH_SIGHTINGS_PER_HIT == 0) {
      g_autoptr (BoloHit) hit = bolo_bench_records_make_hit (records, sighting);

      bolo_store_add_hit (store, hit);
    } else {
      bolo_store_add_sighting (store, sighting);
    }
    while (bolo_store_get_n_waiting (store) > max_waiting)
      g_main_context_iteration (NULL, TRUE);
  }
  if (bolo_store_close (store, STOP_MS * 3))
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_TIMED_OUT, "the records could not be written in time");
  return FALSE;
}

/* From here on the peak counts: what filling took is forgotten. */
static void
reset_peak (void)
{
  int file = open ("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

  if (file >= 0) {
    if (write (file, "5", 1) != 1)
      g_debug ("the peak cannot be reset: %s", g_strerror (errno));
    close (file);
  }
}

static void
on_ended (BoloSync *sync, GMainLoop *loop)
{
  g_main_loop_quit (loop);
}

/* A figure for less than was asked for would be none. Each sighting has two pictures. */
static gboolean
check_items (Bench *bench, GError **error)
{
  gint64 n_hits = (bench->n_records - 1) / BOLO_BENCH_SIGHTINGS_PER_HIT + 1;
  gint64 expected = 3 * bench->n_records + n_hits;

  if (bench->items == expected)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INTERNAL,
               "%" G_GINT64_FORMAT " items were sent where %" G_GINT64_FORMAT
               " were to be; the journal has lost the others",
               bench->items, expected);
  return FALSE;
}

static gboolean
send_all (Bench *bench, BoloCli *cli, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (BoloSyncConfig) config = NULL;
  g_autoptr (BoloStore) store = open_store (bench, &config, error);
  BoloSyncParts parts = {.state_dir = bench->car, .clock = bench->clock};
  g_autoptr (BoloSync) sync = NULL;
  g_autofree char *failure = NULL;
  const BoloSyncFigures *figures;
  gint64 start_us;
  gboolean is_done;

  if (store == NULL)
    return FALSE;
  bolo_cli_progress (cli, "Sending them");
  parts.config = config;
  parts.store = store;
  parts.end = BOLO_RUN_ONCE;
  bolo_sync_trust_only (config);
  sync = bolo_sync_new (&parts);
  g_signal_connect (sync, "ended", G_CALLBACK (on_ended), loop);
  reset_peak ();
  start_us = g_get_monotonic_time ();
  bench->car_cpu_s = -bolo_process_get_cpu_s ();
  bench->station_cpu_s = -get_station_cpu_s (bench);
  bolo_sync_start (sync);
  g_main_loop_run (loop);
  bench->seconds = (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC;
  bench->car_cpu_s += bolo_process_get_cpu_s ();
  bench->station_cpu_s += get_station_cpu_s (bench);
  bench->rss_mb = bolo_process_get_peak_rss_mb ();
  figures = bolo_sync_state_get_figures (bolo_sync_get_state (sync));
  bench->items = figures->sent;
  bench->bytes = figures->sent_bytes;
  is_done = bolo_sync_is_done (sync, &failure) && figures->unsent_bytes == 0;
  bolo_sync_stop (sync, STOP_MS);
  bolo_store_close (store, STOP_MS);
  if (!is_done)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE, "not everything was sent: %s",
                 failure != NULL ? failure : "something is left");
  return is_done && check_items (bench, error);
}

/* ---- curl ---------------------------------------------------------------------------------- */

/* As many bytes over one connection, same host, same cipher, to where they are thrown away. */
static gboolean
run_curl (Bench *bench, BoloCli *cli, GError **error)
{
  g_autofree char *zeros = g_build_filename (bench->folder, "body", NULL);
  g_autofree char *authority = g_build_filename (bench->certificates, "authority.pem", NULL);
  g_autofree char *certificate = g_build_filename (bench->certificates, CAR ".pem", NULL);
  g_autofree char *key = g_build_filename (bench->certificates, CAR ".key", NULL);
  g_autofree char *url = g_strconcat (bench->url, "/v1/discard", NULL);
  g_autofree char *body = g_strconcat ("@", zeros, NULL);
  g_autoptr (GSubprocess) curl = NULL;
  g_autofree char *out = NULL;
  int file = open (zeros, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  gboolean is_made = file >= 0 && ftruncate (file, (off_t) bench->bytes) == 0;

  if (file >= 0)
    close (file);
  if (!is_made) {
    bolo_error_set_errno (error, errno, "Cannot make what curl sends");
    return FALSE;
  }
  bolo_cli_progress (cli, "Sending as much with curl");
  curl = g_subprocess_new (
    G_SUBPROCESS_FLAGS_STDOUT_PIPE, error, "curl", "--silent", "--show-error", "--fail", "--cacert",
    authority, "--cert", certificate, "--key", key, "--request", "POST", "--upload-file", zeros,
    "--header", "Expect:", "--output", "/dev/null", "--write-out", "%{time_total}", url, NULL);
  if (curl == NULL || !g_subprocess_communicate_utf8 (curl, NULL, NULL, &out, NULL, error))
    return FALSE;
  bench->curl_s = out != NULL ? g_ascii_strtod (out, NULL) : 0;
  if (g_subprocess_get_successful (curl) && bench->curl_s > 0)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE, "curl could not send to the station");
  return FALSE;
}

/* ---- the whole ----------------------------------------------------------------------------- */

static void
print (Bench *bench, BoloCli *cli)
{
  const double values[] = {
    (double) bench->n_records / bench->seconds,
    (double) bench->bytes / 1e6 / bench->seconds,
    (double) bench->bytes / 1e6 / bench->curl_s,
    bench->curl_s / bench->seconds,
    bench->rss_mb,
    bench->car_cpu_s,
    bench->station_cpu_s,
  };
  char texts[G_N_ELEMENTS (values)][G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_ascii_formatd (texts[i], sizeof texts[i], i == 3 ? "%.3f" : "%.2f", values[i]);
  if (cli->is_json)
    printf ("{\"records_per_s\":%s,\"mb_per_s\":%s,\"curl_mb_per_s\":%s,\"ratio\":%s,"
            "\"peak_rss_mb\":%s,\"car_cpu_s\":%s,\"station_cpu_s\":%s,\"records\":%" G_GINT64_FORMAT
            ",\"items\":%" G_GINT64_FORMAT ",\"bytes\":%" G_GINT64_FORMAT "}\n",
            texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], texts[6], bench->n_records,
            bench->items, bench->bytes);
  else
    printf ("sent               %s records/s, %s MB/s (%" G_GINT64_FORMAT " items)\n"
            "curl, thrown away  %s MB/s; we reach %s of it\n"
            "processor          %s s in the car, %s s in the station\n"
            "peak memory        %s MB\n",
            texts[0], texts[1], bench->items, texts[2], texts[3], texts[5], texts[6], texts[4]);
}

static gboolean
run (Bench *bench, BoloCli *cli, GError **error)
{
  g_autofree char *name = g_strdup_printf ("bench-sync-%d", (int) getpid ());
  /* sync.conf reads its paths from where it lies. */
  g_autofree char *state = g_canonicalize_filename (cli->state, NULL);

  if (!bolo_paths_ensure_state (cli->state, error))
    return FALSE;
  bench->folder = g_build_filename (state, name, NULL);
  bench->car = g_build_filename (bench->folder, "car", NULL);
  bench->clock = bolo_clock_new_system ();
  return bolo_list_files_make_directory (bench->car, error) && start_station (bench, error) &&
         write_config (bench, error) && fill (bench, cli, error) && send_all (bench, cli, error) &&
         run_curl (bench, cli, error);
}

int
bolo_cli_bench_sync (BoloCli *cli, int argc, char **argv)
{
  g_auto (Bench) bench = {.n_records = DEFAULT_RECORDS, .overview_bytes = OVERVIEW_BYTES};
  g_autoptr (GError) error = NULL;
  gboolean is_done;
  const GOptionEntry entries[] = {
    {"records", 0, 0, G_OPTION_ARG_INT64, &bench.n_records, "How many sightings to send (10000)",
     "N"},
    {"overview-bytes", 0, 0, G_OPTION_ARG_INT64, &bench.overview_bytes,
     "How large each overview is (47000)", "N"},
    G_OPTION_ENTRY_NULL,
  };

  if (!bolo_cli_parse (cli, &argc, &argv, entries, NULL,
                       "Starts a bolo-station, sends it sightings with pictures of 3 and 47 kB and "
                       "a hit a hundred, and then as many bytes with curl; in a folder of its own "
                       "under --state, which it removes."))
    return BOLO_CLI_USAGE;
  if (argc != 1 || bench.n_records < 1 || bench.overview_bytes < 1 ||
      bench.overview_bytes > OVERVIEW_BYTES_MAX)
    return bolo_cli_misuse (cli, "bench sync takes --records N, at least 1, and --overview-bytes N "
                                 "from 1 to 500000");
  mallopt (M_ARENA_MAX, 3); /* as in sync */
  is_done = run (&bench, cli, &error);
  bolo_cli_progress (cli, NULL);
  if (!is_done)
    return bolo_cli_fail (cli, error);
  print (&bench, cli);
  return BOLO_CLI_DONE;
}
