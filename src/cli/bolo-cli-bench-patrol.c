/* bolo-cli-bench-patrol.c: boloctl bench patrol: cameras in a loop, live, everything on
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli.h"

#include "bolo-camera-config.h"
#include "bolo-error.h"
#include "bolo-json-writer.h"
#include "bolo-patrol.h"

#include <glib-unix.h>
#include <glib/gstdio.h>

typedef struct {
  int cameras;
  char *size;
  double rate;
  double seconds;
  char *recording;
  BoloPatrol *patrol;
  GMainLoop *loop;
  double cpu_s; /* at the start of what is measured */
  gint64 start_us;
} Bench;

static gboolean
on_end (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

/* The first @n cameras that are read; overview-only ones are taken along with their pair. */
static gboolean
choose_cameras (BoloPatrolConfig *config, int n, GError **error)
{
  if ((int) config->cameras->len < n) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "%s has %u cameras, not %d",
                 config->recording, config->cameras->len, n);
    return FALSE;
  }
  g_ptr_array_set_size (config->cameras, n);
  return TRUE;
}

static void
add_metric (BoloJsonWriter *writer, const char *name, BoloMetric *metric)
{
  bolo_json_writer_begin_object (writer, name);
  bolo_json_writer_add_number (writer, "p50", bolo_metric_get_percentile (metric, 0.5), 3);
  bolo_json_writer_add_number (writer, "p95", bolo_metric_get_percentile (metric, 0.95), 3);
  bolo_json_writer_add_number (writer, "p99", bolo_metric_get_percentile (metric, 0.99), 3);
  bolo_json_writer_end_object (writer);
}

static void
print_result (const Bench *bench)
{
  g_autoptr (BoloPatrolSummary) summary = bolo_patrol_get_summary (bench->patrol);
  BoloJsonWriter *writer = bolo_json_writer_new ();
  g_autofree char *text = NULL;
  double wall_s = (double) (g_get_monotonic_time () - bench->start_us) / G_USEC_PER_SEC;
  guint64 in = 0, read = 0, plates = 0;
  double decode_ms = 0;

  for (guint i = 0; i < summary->cameras->len; i++) {
    const BoloPatrolCamera *camera = g_ptr_array_index (summary->cameras, i);

    in += camera->frames_in;
    read += camera->frames_read;
    plates += camera->plates;
    decode_ms += camera->decode_ms / summary->cameras->len;
  }
  bolo_json_writer_add_int (writer, "frames_in", (gint64) in);
  bolo_json_writer_add_number (writer, "frames_read_pct",
                               in > 0 ? 100.0 * (double) read / (double) in : 0, 3);
  bolo_json_writer_add_number (writer, "plates_per_frame",
                               read > 0 ? (double) plates / (double) read : 0, 3);
  add_metric (writer, "latency_ms", summary->latency_ms);
  add_metric (writer, "since_readable_ms", summary->since_readable_ms);
  add_metric (writer, "stored_ms", summary->stored_ms);
  bolo_json_writer_begin_object (writer, "stage_ms");
  bolo_json_writer_add_number (writer, "decode", decode_ms, 3);
  bolo_json_writer_add_number (writer, "detect", bolo_metric_get_mean (summary->detect_ms), 3);
  bolo_json_writer_add_number (writer, "read", bolo_metric_get_mean (summary->read_ms), 3);
  bolo_json_writer_add_number (writer, "match", bolo_metric_get_mean (summary->match_ms), 3);
  bolo_json_writer_add_number (writer, "publish", bolo_metric_get_mean (summary->publish_ms), 3);
  bolo_json_writer_end_object (writer);
  bolo_json_writer_add_number (writer, "cpu_cores",
                               (bolo_process_get_cpu_s () - bench->cpu_s) / wall_s, 3);
  bolo_json_writer_add_number (writer, "peak_rss_mb", bolo_process_get_peak_rss_mb (), 3);
  bolo_json_writer_add_number (writer, "rate", bench->rate, 3);
  bolo_json_writer_add_number (writer, "seconds", wall_s, 3);
  bolo_json_writer_add_text (writer, "backend", summary->backend);
  text = bolo_json_writer_finish (writer);
  printf ("%s\n", text);
}

static gboolean
check_size (const BoloPatrolConfig *config, const char *size, GError **error)
{
  g_autofree char *path = g_build_filename (config->recording, "recording.ini", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *made = NULL;

  if (size == NULL || !g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return TRUE;
  made = g_strdup_printf ("%dx%d", g_key_file_get_integer (file, "recording", "width", NULL),
                          g_key_file_get_integer (file, "recording", "height", NULL));
  if (g_strcmp0 (made, size) == 0)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND,
               "%s is of %s: render one of %s with bolo-drive and give it as --recording",
               config->recording, made, size);
  return FALSE;
}

static int
run_bench (BoloCli *cli, Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *state = g_dir_make_tmp ("bolo-bench-XXXXXX", &error);
  BoloPatrolOptions options = {
    .state_dir = state,
    .has_preview = TRUE,
    .is_silent = TRUE,
    .is_looping = TRUE,
    .max_rate = bench->rate,
  };
  g_autoptr (BoloPatrolConfig) config = NULL;
  g_autoptr (BoloPatrol) patrol = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  const char *remove[] = {"rm", "-rf", "--", state, NULL};

  if (state == NULL)
    return bolo_cli_fail (cli, error);
  config = bolo_patrol_config_load_recording (bench->recording, &error);
  if (config == NULL || !check_size (config, bench->size, &error) ||
      !choose_cameras (config, bench->cameras, &error))
    return bolo_cli_fail (cli, error);
  config->officer = g_strdup ("bench");
  patrol = bolo_patrol_new (g_steal_pointer (&config), &options, &error);
  if (patrol == NULL)
    return bolo_cli_fail (cli, error);
  bench->patrol = patrol;
  bench->cpu_s = bolo_process_get_cpu_s ();
  bench->start_us = g_get_monotonic_time ();
  bolo_patrol_start (patrol);
  g_timeout_add ((guint) (bench->seconds * 1000), on_end, loop);
  g_main_loop_run (loop);
  print_result (bench);
  bolo_patrol_stop (patrol);
  g_spawn_sync (NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  return BOLO_CLI_DONE;
}

int
bolo_cli_bench_patrol (BoloCli *cli, int argc, char **argv)
{
  Bench bench = {.cameras = 4, .rate = 10, .seconds = 60};
  g_autofree char *size = NULL;
  g_autofree char *recording = NULL;
  const GOptionEntry entries[] = {
    {"cameras", 0, 0, G_OPTION_ARG_INT, &bench.cameras, "How many cameras", "N"},
    {"size", 0, 0, G_OPTION_ARG_STRING, &size, "Frame size that must be", "WxH"},
    {"rate", 0, 0, G_OPTION_ARG_DOUBLE, &bench.rate, "Frames a second from each", "N"},
    {"for", 0, 0, G_OPTION_ARG_DOUBLE, &bench.seconds, "How long", "SECONDS"},
    {"recording", 0, 0, G_OPTION_ARG_FILENAME, &recording, "What to play in a loop", "DIR"},
    G_OPTION_ENTRY_NULL,
  };

  if (!bolo_cli_parse (cli, &argc, &argv, entries, NULL,
                       "Plays a recording's cameras in a loop and measures"))
    return BOLO_CLI_USAGE;
  if (bench.cameras < 1 || bench.rate <= 0 || bench.seconds <= 0)
    return bolo_cli_misuse (cli, "--cameras, --rate and --for must be above 0");
  if (recording == NULL)
    recording = g_strdup (".demo");
  bench.size = size;
  bench.recording = recording;
  return run_bench (cli, &bench);
}
