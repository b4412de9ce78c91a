/* bolo-cli-bench-nets.c: boloctl bench nets: both nets by every library that can run them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "boloctl"

#include "bolo-cli.h"

#include <math.h>
#include <time.h>

#include "bolo-cli-read.h"
#include "bolo-cv.h"
#include "bolo-paths.h"

#define MAX_REPEATS 1000

typedef struct {
  const char *net;
  int width;
  int height;
} Input;

/* What the terminal gives to the nets: a plate, a camera's coarse look, its fine look, a still. */
static const Input inputs[] = {
  {"reader", 160, 48},
  {"detector", 320, 192},
  {"detector", 640, 384},
  {"detector", 1280, 736},
};

static const struct {
  BoloCvBackend backend;
  const char *name;
} backends[] = {
  {BOLO_CV_BACKEND_ONEDNN, "oneDNN"},
  {BOLO_CV_BACKEND_OPENCV, "OpenCV"},
  {BOLO_CV_BACKEND_ONEDNN_BFLOAT16, "bfloat16"},
};

typedef struct {
  BoloCv *cv[G_N_ELEMENTS (backends)]; /* (owned) */
  double least_ms[G_N_ELEMENTS (backends)][G_N_ELEMENTS (inputs)];
  double difference[G_N_ELEMENTS (backends)][G_N_ELEMENTS (inputs)]; /* to the first back end */
  gsize n; /* back ends that this processor can */
} Bench;

static void
clear_bench (Bench *bench)
{
  for (gsize b = 0; b < G_N_ELEMENTS (backends); b++)
    g_clear_pointer (&bench->cv[b], bolo_cv_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, clear_bench)

/* Of this thread alone, so that a busy machine tells nearly what an idle one does. */
static double
get_cpu_ms (void)
{
  struct timespec now = {0};

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* Numbers of a normalised picture's kind, the same each time. */
static float *
make_input (const Input *input)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  gsize n = (gsize) input->width * (gsize) input->height;
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = (float) g_rand_double_range (rand, -2, 2);
  return values;
}

static gboolean
run_once (
  Bench *bench, gsize b, gsize i, const float *values, float **output, gsize *n, GError **error)
{
  double started_ms = get_cpu_ms ();
  double ms;

  if (!bolo_cv_run_raw (bench->cv[b], inputs[i].net, values, inputs[i].width, inputs[i].height,
                        output, n, error))
    return FALSE;
  ms = get_cpu_ms () - started_ms;
  bench->least_ms[b][i] = bench->least_ms[b][i] > 0 ? MIN (bench->least_ms[b][i], ms) : ms;
  return TRUE;
}

static double
get_difference (const float *a, const float *b, gsize n)
{
  double most = 0;

  for (gsize i = 0; i < n; i++)
    most = MAX (most, fabs ((double) a[i] - (double) b[i]));
  return most;
}

/* The back ends in turn, so that what else the machine does meets them alike. */
static gboolean
measure (Bench *bench, gsize i, int repeats, GError **error)
{
  g_autofree float *values = make_input (&inputs[i]);

  for (int r = 0; r < repeats; r++) {
    g_autofree float *first = NULL;
    gsize n_first = 0;

    for (gsize b = 0; b < bench->n; b++) {
      g_autofree float *output = NULL;
      gsize n = 0;

      if (!run_once (bench, b, i, values, &output, &n, error))
        return FALSE;
      if (b == 0) {
        first = g_steal_pointer (&output);
        n_first = n;
      } else {
        bench->difference[b][i] =
          n == n_first ? get_difference (first, output, n) : (double) INFINITY;
      }
    }
  }
  return TRUE;
}

static void
print_json (const Bench *bench, int repeats)
{
  for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++) {
    BoloJsonWriter *writer = bolo_json_writer_new ();

    bolo_json_writer_add_text (writer, "net", inputs[i].net);
    bolo_json_writer_add_int (writer, "width", inputs[i].width);
    bolo_json_writer_add_int (writer, "height", inputs[i].height);
    bolo_json_writer_add_int (writer, "repeats", repeats);
    bolo_json_writer_begin_object (writer, "cpu_ms");
    for (gsize b = 0; b < bench->n; b++)
      bolo_json_writer_add_number (writer, backends[b].name, bench->least_ms[b][i], 3);
    bolo_json_writer_end_object (writer);
    bolo_json_writer_begin_object (writer, "difference");
    for (gsize b = 1; b < bench->n; b++)
      bolo_json_writer_add_number (writer, backends[b].name, bench->difference[b][i], 7);
    bolo_json_writer_end_object (writer);
    bolo_cli_read_print (writer);
  }
}

static void
print_text (const Bench *bench, int repeats)
{
  printf (
    "Least CPU milliseconds of %d runs, one thread (largest difference to oneDNN's outputs)\n",
    repeats);
  for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++) {
    printf ("%-8s %4d x %-4d", inputs[i].net, inputs[i].width, inputs[i].height);
    for (gsize b = 0; b < bench->n; b++)
      printf ("  %s %7.2f (%.1e)", backends[b].name, bench->least_ms[b][i],
              bench->difference[b][i]);
    printf ("\n");
  }
}

static int
run (BoloCli *cli, const char *models, int repeats)
{
  g_autofree char *shipped = bolo_paths_get_data_file ("models");
  g_autoptr (GError) error = NULL;
  g_auto (Bench) bench = {0};

  bench.n = G_N_ELEMENTS (backends) - (bolo_cv_has_bfloat16 () ? 0 : 1);
  for (gsize b = 0; b < bench.n; b++) {
    bench.cv[b] = bolo_cv_new (models != NULL ? models : shipped, backends[b].backend, &error);
    if (bench.cv[b] == NULL)
      return bolo_cli_fail (cli, error);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++) {
    bolo_cli_progress (cli, inputs[i].net);
    if (!measure (&bench, i, repeats, &error))
      return bolo_cli_fail (cli, error);
  }
  bolo_cli_progress (cli, NULL);
  if (cli->is_json)
    print_json (&bench, repeats);
  else
    print_text (&bench, repeats);
  return BOLO_CLI_DONE;
}

int
bolo_cli_bench_nets (BoloCli *cli, int argc, char **argv)
{
  int repeats = 20;
  g_autofree char *models = NULL;
  const GOptionEntry entries[] = {
    {"models", 0, 0, G_OPTION_ARG_FILENAME, &models, "Other models than the shipped ones", "DIR"},
    {"repeats", 0, 0, G_OPTION_ARG_INT, &repeats, "How often each is run (20)", "N"},
    G_OPTION_ENTRY_NULL,
  };

  if (!bolo_cli_parse (cli, &argc, &argv, entries, NULL,
                       "Runs both nets by every library that can, on the same numbers."))
    return BOLO_CLI_USAGE;
  if (argc > 1 || repeats < 1 || repeats > MAX_REPEATS)
    return bolo_cli_misuse (cli, "--repeats takes 1 to 1000");
  return run (cli, models, repeats);
}
