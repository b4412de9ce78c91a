/* bolo-cli-bench-match.c: boloctl bench match: how fast a list of any size answers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli-bench-list.h"
#include "bolo-cli-marks.h"
#include "bolo-error.h"
#include "bolo-json-writer.h"
#include "bolo-metric.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define N_COLD 500            /* each waits for the disk */
#define N_RANDOM_READS 100000 /* for the memory that they take */
#define N_DELTA 10000
#define N_READER_TIMES 4000000 /* more than a reader gets done beside a delta */
#define ALONE_US 500000        /* as long as a delta takes, or longer */
#define READS_SEED_OFFSET 7919 /* reads come from another seed than the list */
#define NOW_US G_GINT64_CONSTANT (1773446400000000)

/* Times of one kind of look-up, in microseconds. */
typedef struct {
  double *us; /* (owned) */
  guint n;
} Times;

typedef struct {
  BoloBenchList list;
  gint64 n_queries;
  double build_s;
  double build_cpu_s;
  double open_ms;
  double open_cold_ms;
  double rss_growth_mb;
  double delta_s;
  Times alone;  /* a reader's, by itself */
  Times beside; /* the same reader's, while the delta was taken */
  Times exact_hit;
  Times exact_miss;
  Times near;
  Times pattern;
  Times cold;
} Bench;

static void
bench_clear (Bench *bench)
{
  bolo_bench_list_clear (&bench->list);
  g_free (bench->exact_hit.us);
  g_free (bench->exact_miss.us);
  g_free (bench->near.us);
  g_free (bench->pattern.us);
  g_free (bench->cold.us);
  g_free (bench->alone.us);
  g_free (bench->beside.us);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, bench_clear)

static double
get_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double) now.tv_sec * 1e6 + (double) now.tv_nsec / 1e3;
}

/* What of this process lies in memory, MB. */
static double
get_rss_mb (void)
{
  g_autofree char *text = NULL;
  guint64 pages = 0;

  if (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL)) {
    g_auto (GStrv) parts = g_strsplit (text, " ", 3);

    if (g_strv_length (parts) > 1)
      pages = g_ascii_strtoull (parts[1], NULL, 10);
  }
  return (double) pages * (double) sysconf (_SC_PAGESIZE) / 1e6;
}

static int
compare_doubles (const void *a, const void *b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;

  return first < second ? -1 : first > second;
}

static double
get_percentile (Times *times, double fraction)
{
  return times->n == 0 ? 0 : times->us[MIN ((guint) (fraction * times->n), times->n - 1)];
}

static gboolean
build (Bench *bench, BoloCli *cli, gint64 n_entries, guint64 seed, GError **error)
{
  double began_us = get_us ();
  double began_cpu_s = bolo_process_get_cpu_s ();

  if (!bolo_bench_list_build (&bench->list, cli, n_entries, seed, error))
    return FALSE;
  bench->build_s = (get_us () - began_us) / 1e6;
  bench->build_cpu_s = bolo_process_get_cpu_s () - began_cpu_s;
  return TRUE;
}

static gboolean
open_list (Bench *bench, double *ms, GError **error)
{
  double began_us = get_us ();

  if (!bolo_bench_list_open (&bench->list, error))
    return FALSE;
  *ms = (get_us () - began_us) / 1e3;
  return TRUE;
}

/* One timed look-up; returns how many entries it met, weeded ones too. */
static guint
ask (Bench *bench,
     const char *mark,
     guint64 nth,
     BoloMatchKind loosest,
     gboolean leaves_near,
     double *us)
{
  BoloReadCharacter characters[BOLO_MARK_MAX];
  BoloMatchQuery query = {.text = mark,
                          .characters = characters,
                          .n_characters = (guint) strlen (mark),
                          .now_us = NOW_US,
                          .loosest = loosest,
                          .leaves_near = leaves_near};
  BoloMatchCounts counts;
  GPtrArray *matches;
  double began_us;
  guint n;

  bolo_cli_make_characters (bench->list.seed, nth, mark, characters);
  began_us = get_us ();
  matches = bolo_list_index_match_reading (bench->list.index, &query, &counts);
  n = matches->len + counts.n_weeded;
  g_ptr_array_unref (matches);
  *us = get_us () - began_us;
  return n;
}

static void
add_time (Times *times, gint64 n_max, double us)
{
  if (times->us == NULL)
    times->us = g_new (double, n_max);
  if (times->n < n_max)
    times->us[times->n++] = us;
}

static void
measure_random_reads (Bench *bench)
{
  double before_mb = get_rss_mb ();

  for (guint64 i = 0; i < N_RANDOM_READS; i++) {
    char mark[BOLO_MARK_MAX + 1];
    double us;

    bolo_cli_make_mark (bench->list.seed + READS_SEED_OFFSET, i, mark);
    ask (bench, mark, i, BOLO_MATCH_PATTERN, FALSE, &us);
  }
  bench->rss_growth_mb = get_rss_mb () - before_mb;
}

static void
measure_cold (Bench *bench)
{
  for (guint64 i = 0; i < N_COLD; i++) {
    char mark[BOLO_MARK_MAX + 1];
    double us;

    bolo_cli_make_mark (bench->list.seed, i * 7919 % (guint64) bench->list.n_entries, mark);
    ask (bench, mark, i, BOLO_MATCH_FOLDED, TRUE, &us);
    add_time (&bench->cold, N_COLD, us);
  }
}

static void
measure_warm (Bench *bench)
{
  for (guint64 i = 0; i < (guint64) bench->n_queries; i++) {
    char mark[BOLO_MARK_MAX + 1];
    guint64 listed = (i * G_GUINT64_CONSTANT (2654435761)) % (guint64) bench->list.n_entries;
    double us;
    guint n;

    bolo_cli_make_mark (bench->list.seed, listed, mark);
    n = ask (bench, mark, i, BOLO_MATCH_FOLDED, TRUE, &us);
    add_time (n > 0 ? &bench->exact_hit : &bench->exact_miss, bench->n_queries, us);
    bolo_cli_make_mark (bench->list.seed + READS_SEED_OFFSET, i, mark);
    n = ask (bench, mark, i, BOLO_MATCH_FOLDED, TRUE, &us);
    add_time (n > 0 ? &bench->exact_hit : &bench->exact_miss, bench->n_queries, us);
    if (n > 0)
      continue; /* what is met exactly is not looked for nearby */
    ask (bench, mark, i, BOLO_MATCH_NEAR, FALSE, &us);
    add_time (&bench->near, bench->n_queries, us);
    ask (bench, mark, i, BOLO_MATCH_PATTERN, TRUE, &us);
    add_time (&bench->pattern, bench->n_queries, us);
  }
}

/* A reader that goes on matching while others change what is in force. */
typedef struct {
  Bench *bench;
  gboolean is_beside; /* atomic */
  gboolean is_done;   /* atomic */
} Reader;

static gpointer
keep_reading (gpointer data)
{
  Reader *reader = data;
  Bench *bench = reader->bench;
  BoloBenchList *list = &bench->list;

  for (guint64 i = 0; !g_atomic_int_get (&reader->is_done); i++) {
    BoloMatchQuery query = {.now_us = NOW_US, .loosest = BOLO_MATCH_FOLDED, .leaves_near = TRUE};
    Times *times = g_atomic_int_get (&reader->is_beside) ? &bench->beside : &bench->alone;
    char mark[BOLO_MARK_MAX + 1];
    BoloListIndex *index;
    double began_us;

    bolo_cli_make_mark (list->seed + READS_SEED_OFFSET, i, mark);
    query.text = mark;
    began_us = get_us ();
    index = bolo_bench_list_ref_index (list);
    g_ptr_array_unref (bolo_list_index_match_reading (index, &query, NULL));
    bolo_list_index_unref (index);
    add_time (times, N_READER_TIMES, get_us () - began_us);
  }
  return NULL;
}

/* Changes as a morning's: half of them deletions. To the first match on what is new. */
static gboolean
take_delta (Bench *bench, GError **error)
{
  BoloBenchList *list = &bench->list;
  g_autofree char *folder = bolo_bench_list_make_folder (list, "delta", error);
  g_autoptr (BoloIndexBuilder) builder = NULL;
  g_autoptr (BoloListEntry) base = bolo_list_entry_new ();
  BoloListEntry entry = *base; /* its texts are lent */
  char plate[BOLO_MARK_MAX + 1];
  double began_us = get_us ();
  double us;

  if (folder == NULL)
    return FALSE;
  builder = bolo_index_builder_new (folder, list->rules, list->files, error);
  if (builder == NULL)
    return FALSE;
  for (guint64 i = 0; i < N_DELTA / 2; i++) {
    bolo_cli_make_mark (list->seed, i * 17 % (guint64) list->n_entries, plate);
    if (!bolo_index_builder_remove (builder, plate, NULL, error))
      return FALSE;
    bolo_cli_fill_entry (list->seed + 1, i, plate, &entry);
    if (!bolo_index_builder_add (builder, &entry, i + 1, error))
      return FALSE;
  }
  if (!bolo_index_builder_finish (builder, NULL, error) ||
      !bolo_bench_list_add_layer (list, "delta", error))
    return FALSE;
  if (ask (bench, plate, 0, BOLO_MATCH_FOLDED, TRUE, &us) == 0) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INTERNAL, "an added entry was not met");
    return FALSE;
  }
  bench->delta_s = (get_us () - began_us) / 1e6;
  return TRUE;
}

/* A delta beside a reader: how long it takes, and how long the reader waits for an answer, beside
 * how long it waited when nothing was changed. */
static gboolean
measure_delta (Bench *bench, GError **error)
{
  Reader reader = {.bench = bench};
  GThread *thread = g_thread_new ("reader", keep_reading, &reader);
  gboolean is_taken;

  g_usleep (ALONE_US);
  g_atomic_int_set (&reader.is_beside, TRUE);
  is_taken = take_delta (bench, error);
  g_atomic_int_set (&reader.is_done, TRUE);
  g_thread_join (thread);
  return is_taken;
}

static gboolean
run (Bench *bench, BoloCli *cli, GError **error)
{
  double ms = 0;

  bolo_cli_progress (cli, "Measuring");
  bolo_bench_list_forget (&bench->list);
  if (!open_list (bench, &bench->open_cold_ms, error))
    return FALSE;
  measure_cold (bench);
  bolo_bench_list_warm (&bench->list);
  /* Opened anew, so that no page of it is ours yet. */
  if (!open_list (bench, &bench->open_ms, error))
    return FALSE;
  measure_random_reads (bench);
  measure_warm (bench);
  return open_list (bench, &ms, error) && measure_delta (bench, error);
}

static void
add_times (BoloJsonWriter *writer, const char *name, Times *times)
{
  if (times->n > 0)
    qsort (times->us, times->n, sizeof *times->us, compare_doubles);
  bolo_json_writer_begin_object (writer, name);
  bolo_json_writer_add_number (writer, "p50", get_percentile (times, 0.5), 2);
  bolo_json_writer_add_number (writer, "p99", get_percentile (times, 0.99), 2);
  bolo_json_writer_add_number (writer, "max", get_percentile (times, 1), 2);
  bolo_json_writer_add_int (writer, "n", times->n);
  bolo_json_writer_end_object (writer);
}

static void
print_result (Bench *bench)
{
  BoloJsonWriter *writer = bolo_json_writer_new (); /* finish frees it */
  g_autofree char *line = NULL;

  bolo_json_writer_add_int (writer, "entries", bench->list.n_entries);
  bolo_json_writer_add_number (writer, "build_s", bench->build_s, 2);
  bolo_json_writer_add_number (writer, "build_cpu_s", bench->build_cpu_s, 2);
  bolo_json_writer_add_number (writer, "open_ms", bench->open_ms, 3);
  add_times (writer, "exact_hit_us", &bench->exact_hit);
  add_times (writer, "exact_miss_us", &bench->exact_miss);
  add_times (writer, "near_us", &bench->near);
  add_times (writer, "pattern_us", &bench->pattern);
  add_times (writer, "cold_us", &bench->cold);
  bolo_json_writer_add_number (writer, "open_cold_ms", bench->open_cold_ms, 3);
  bolo_json_writer_add_number (writer, "rss_growth_mb", bench->rss_growth_mb, 1);
  bolo_json_writer_add_number (writer, "delta_s", bench->delta_s, 3);
  add_times (writer, "reader_alone_us", &bench->alone);
  add_times (writer, "delta_reader_us", &bench->beside);
  bolo_json_writer_add_number (writer, "index_mb", (double) bench->list.summary.index_bytes / 1e6,
                               1);
  bolo_json_writer_add_number (writer, "rows_mb", (double) bench->list.summary.rows_bytes / 1e6, 1);
  bolo_json_writer_add_number (writer, "peak_rss_mb", bolo_process_get_peak_rss_mb (), 1);
  line = bolo_json_writer_finish (writer);
  printf ("%s\n", line);
}

int
bolo_cli_bench_match (BoloCli *cli, int argc, char **argv)
{
  g_auto (Bench) bench = {.n_queries = 100000};
  gint64 n_entries = 1000000;
  gint64 seed = 1;
  g_autoptr (GError) error = NULL;
  gboolean is_done;
  const GOptionEntry entries[] = {
    {"entries", 0, 0, G_OPTION_ARG_INT64, &n_entries, "How long the list is (1000000)", "N"},
    {"queries", 0, 0, G_OPTION_ARG_INT64, &bench.n_queries, "How many reads of a kind (100000)",
     "Q"},
    {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "What list and reads are made of (1)", "S"},
    G_OPTION_ENTRY_NULL,
  };

  if (!bolo_cli_parse (cli, &argc, &argv, entries, NULL,
                       "Makes a list of realistic marks, opens it and matches reads against it, in "
                       "a folder of its own under --state, which it removes. 110 bytes of disk an "
                       "entry."))
    return BOLO_CLI_USAGE;
  if (argc != 1 || n_entries < 1 || n_entries > BOLO_BENCH_ENTRIES_MAX || bench.n_queries < 100 ||
      bench.n_queries > 10000000 || seed < 0)
    return bolo_cli_misuse (cli, "--entries takes 1 to 100000000, --queries 100 to 10000000");
  is_done = build (&bench, cli, n_entries, (guint64) seed, &error) && run (&bench, cli, &error);
  bolo_cli_progress (cli, NULL);
  if (is_done)
    print_result (&bench);
  return is_done ? BOLO_CLI_DONE : bolo_cli_fail (cli, error);
}
