/* bolo-cli-bench-read.c: boloctl bench read: how long a picture takes on one core
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "boloctl"

#include "bolo-cli.h"

#include <string.h>
#include <time.h>

#include "bolo-cli-read.h"
#include "bolo-error.h"
#include "bolo-metric.h"
#include "bolo-paths.h"
#include "bolo-picture.h"
#include "bolo-still.h"

#define MAX_REPEATS 1000

typedef struct {
  GArray *decode; /* of double, milliseconds */
  GArray *detect;
  GArray *read;
  GArray *total;
  GArray *cpu; /* of detect and read together, the thread's own */
  guint n_plates;
  int repeats;
} Bench;

/* Of one picture. */
typedef struct {
  double detect_ms;
  double read_ms;
  double cpu_ms;
  guint n_plates;
} Times;

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;

  return first < second ? -1 : first > second;
}

static double
get_percentile (GArray *values, double fraction)
{
  if (values->len == 0)
    return 0;
  g_array_sort (values, compare_doubles);
  return g_array_index (values, double, (guint) (fraction * (values->len - 1) + 0.5));
}

static void
clear_bench (Bench *bench)
{
  g_array_unref (bench->decode);
  g_array_unref (bench->detect);
  g_array_unref (bench->read);
  g_array_unref (bench->total);
  g_array_unref (bench->cpu);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, clear_bench)

/* Of this thread alone: on a busy machine it tells nearly what an idle one would. */
static double
get_cpu_ms (void)
{
  struct timespec now = {0};

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* One reading of @image; the least of each stage's times stays in @least. */
static gboolean
read_once (
  BoloCv *cv, const BoloCvImage *image, BoloPlateRules *rules, Times *least, GError **error)
{
  g_auto (BoloStillResult) result = {0};
  double cpu_ms = get_cpu_ms ();

  if (!bolo_still_read (cv, image, rules, &result, error))
    return FALSE;
  least->cpu_ms = MIN (least->cpu_ms, get_cpu_ms () - cpu_ms);
  least->detect_ms = MIN (least->detect_ms, result.detect_ms);
  least->read_ms = MIN (least->read_ms, result.read_ms);
  least->n_plates = 0;
  for (guint i = 0; i < result.readings->len; i++)
    least->n_plates += g_array_index (result.readings, BoloReading, i).confidence >= 0.5f;
  return TRUE;
}

static gboolean
measure (Bench *bench, BoloCv *cv, BoloPlateRules *rules, const char *path, GError **error)
{
  gint64 started_us = g_get_monotonic_time ();
  g_autoptr (BoloPicture) picture = bolo_picture_load (path, BOLO_PICTURE_GRAY8, error);
  double decode_ms = (double) (g_get_monotonic_time () - started_us) / 1000.0;
  Times least = {G_MAXDOUBLE, G_MAXDOUBLE, G_MAXDOUBLE, 0};
  double total_ms;
  BoloCvImage image;

  if (picture == NULL)
    return FALSE;
  image = (BoloCvImage){picture->pixels, picture->width, picture->height, picture->stride};
  for (int i = 0; i < bench->repeats; i++)
    if (!read_once (cv, &image, rules, &least, error))
      return FALSE;
  total_ms = decode_ms + least.detect_ms + least.read_ms;
  g_array_append_val (bench->decode, decode_ms);
  g_array_append_val (bench->detect, least.detect_ms);
  g_array_append_val (bench->read, least.read_ms);
  g_array_append_val (bench->total, total_ms);
  g_array_append_val (bench->cpu, least.cpu_ms);
  bench->n_plates += least.n_plates;
  return TRUE;
}

static void
print_bench (BoloCli *cli, Bench *bench)
{
  BoloJsonWriter *writer;
  const struct {
    const char *name;
    double median;
  } stages[] = {
    {"decode", get_percentile (bench->decode, 0.5)},
    {"detect", get_percentile (bench->detect, 0.5)},
    {"read", get_percentile (bench->read, 0.5)},
    {"total", get_percentile (bench->total, 0.5)},
    {"cpu", get_percentile (bench->cpu, 0.5)},
  };
  double p95_ms = get_percentile (bench->total, 0.95);

  if (!cli->is_json) {
    printf ("%u pictures, %u plates; median ms:", bench->total->len, bench->n_plates);
    for (gsize i = 0; i < G_N_ELEMENTS (stages); i++)
      printf (" %s %.1f", stages[i].name, stages[i].median);
    printf ("; p95 %.1f ms; peak memory %.0f MB\n", p95_ms, bolo_process_get_peak_rss_mb ());
    return;
  }
  writer = bolo_json_writer_new ();
  bolo_json_writer_add_number (writer, "pictures", bench->total->len, 0);
  bolo_json_writer_add_number (writer, "plates", bench->n_plates, 0);
  bolo_json_writer_begin_object (writer, "ms");
  for (gsize i = 0; i < G_N_ELEMENTS (stages); i++)
    bolo_json_writer_add_number (writer, stages[i].name, stages[i].median, 2);
  bolo_json_writer_end_object (writer);
  bolo_json_writer_add_number (writer, "p95_ms", p95_ms, 2);
  bolo_json_writer_add_number (writer, "threads", 1, 0);
  bolo_json_writer_add_number (writer, "peak_rss_mb", bolo_process_get_peak_rss_mb (), 1);
  bolo_cli_read_print (writer);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Pictures of the folder, in the order of their names. (transfer full) (nullable) */
static GPtrArray *
list_pictures (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) foreign = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &foreign);
  const char *name;

  if (dir == NULL) {
    bolo_error_take_foreign (error, g_steal_pointer (&foreign), "Cannot read the folder");
    return NULL;
  }
  while ((name = g_dir_read_name (dir)) != NULL)
    if (bolo_picture_is_named_so (name))
      g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  if (paths->len == 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND,
                 "%s holds no pictures; name a folder with JPEG or PNG files", folder);
    return NULL;
  }
  g_ptr_array_sort (paths, compare_names);
  return g_steal_pointer (&paths);
}

static int
run (BoloCli *cli, const char *folder, const char *models, int repeats)
{
  g_autofree char *plate_data = bolo_paths_get_data_file ("plate");
  g_autofree char *shipped = bolo_paths_get_data_file ("models");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) paths = list_pictures (folder, &error);
  g_autoptr (BoloPlateRules) rules = NULL;
  g_autoptr (BoloCv) cv = NULL;
  g_auto (Bench) bench = {
    .decode = g_array_new (FALSE, FALSE, sizeof (double)),
    .detect = g_array_new (FALSE, FALSE, sizeof (double)),
    .read = g_array_new (FALSE, FALSE, sizeof (double)),
    .total = g_array_new (FALSE, FALSE, sizeof (double)),
    .cpu = g_array_new (FALSE, FALSE, sizeof (double)),
    .repeats = repeats,
  };

  if (paths == NULL)
    return bolo_cli_fail (cli, error);
  rules = bolo_plate_rules_load (plate_data, &error);
  if (rules == NULL)
    return bolo_cli_fail (cli, error);
  cv = bolo_cv_new (models != NULL ? models : shipped, BOLO_CV_BACKEND_BEST, &error);
  if (cv == NULL)
    return bolo_cli_fail (cli, error);
  for (guint i = 0; i < paths->len; i++) {
    bolo_cli_progress (cli, g_ptr_array_index (paths, i));
    if (!measure (&bench, cv, rules, g_ptr_array_index (paths, i), &error))
      return bolo_cli_fail (cli, error);
  }
  bolo_cli_progress (cli, NULL);
  print_bench (cli, &bench);
  return BOLO_CLI_DONE;
}

int
bolo_cli_bench_read (BoloCli *cli, int argc, char **argv)
{
  g_autofree char *models = NULL;
  int repeats = 1;
  const GOptionEntry entries[] = {
    {"models", 0, 0, G_OPTION_ARG_FILENAME, &models, "Other models than the shipped ones", "DIR"},
    {"repeats", 0, 0, G_OPTION_ARG_INT, &repeats,
     "Reads each picture so often and takes the least time (1)", "N"},
    G_OPTION_ENTRY_NULL,
  };

  if (!bolo_cli_parse (cli, &argc, &argv, entries, "DIR",
                       "Reads the pictures of a folder on one core and says how long it took."))
    return BOLO_CLI_USAGE;
  if (argc != 2)
    return bolo_cli_misuse (cli, "name one folder of pictures");
  if (repeats < 1 || repeats > MAX_REPEATS)
    return bolo_cli_misuse (cli, "--repeats takes 1 to 1000");
  return run (cli, argv[1], models, repeats);
}
