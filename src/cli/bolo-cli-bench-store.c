/* bolo-cli-bench-store.c: boloctl bench store: how fast the journal takes, finds and purges
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli.h"

#include "bolo-cli-bench-records.h"
#include "bolo-error.h"
#include "bolo-metric.h"
#include "bolo-paths.h"
#include "bolo-store.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

/* Records that may wait at a time: enough for full groups, too few to fill the memory's cap. */
#define MAX_WAITING 256
#define N_SEARCHES 200
#define MAX_REMOTES 8
#define PURGE 7 /* its place among the figures */
#define FIRST_US G_GINT64_CONSTANT (1773500000000000)
#define OVERVIEW_BYTES 20000
/* Spreads the records over some days, however many they are. */
#define SPAN_US (4 * G_TIME_SPAN_DAY)

typedef struct {
  BoloStore *store;          /* (owned) */
  BoloClock *clock;          /* (owned) */
  BoloBenchRecords *records; /* (owned) */
  GRand *random;             /* (owned) */
  char *folder;              /* (owned) */
  gint64 n_records;
  gint64 n_remotes;
  GHashTable *hits;      /* (owned) id to when it was added, of those not stored yet */
  BoloMetric *hit_ms;    /* (owned) */
  BoloMetric *search_ms; /* (owned) */
  double insert_s;
  double purge_s;
} Bench;

static void
bench_clear (Bench *bench)
{
  g_clear_object (&bench->store);
  g_clear_object (&bench->clock);
  g_clear_pointer (&bench->records, bolo_bench_records_free);
  g_clear_pointer (&bench->random, g_rand_free);
  g_clear_pointer (&bench->folder, g_free);
  g_clear_pointer (&bench->hits, g_hash_table_unref);
  g_clear_pointer (&bench->hit_ms, bolo_metric_free);
  g_clear_pointer (&bench->search_ms, bolo_metric_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, bench_clear)

static void
add_hit (Bench *bench, const BoloSighting *sighting)
{
  g_autoptr (BoloHit) hit = bolo_bench_records_make_hit (bench->records, sighting);
  gint64 *added_us = g_new (gint64, 1);

  *added_us = g_get_monotonic_time ();
  g_hash_table_insert (bench->hits, g_strdup (hit->id), added_us);
  bolo_store_add_hit (bench->store, hit);
}

static void
on_stored (BoloStore *store, char **ids, Bench *bench)
{
  gint64 now_us = g_get_monotonic_time ();

  for (; *ids != NULL; ids++) {
    const gint64 *added_us = g_hash_table_lookup (bench->hits, *ids);

    if (added_us == NULL)
      continue;
    bolo_metric_add (bench->hit_ms, (double) (now_us - *added_us) / 1000.0);
    g_hash_table_remove (bench->hits, *ids);
  }
}

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **found = user_data;

  *found = g_object_ref (result);
}

static gboolean
insert (Bench *bench, BoloCli *cli, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  gint64 start_us = g_get_monotonic_time ();

  bolo_cli_progress (cli, "Inserting");
  for (gint64 i = 0; i < bench->n_records; i++) {
    g_autoptr (BoloSighting) sighting = bolo_bench_records_make_sighting (bench->records, i);

    /* A short wait only: the last commit may end without waking this loop. */
    while (bolo_store_get_n_waiting (bench->store) >= MAX_WAITING) {
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (500);
    }
    if (i % BOLO_BENCH_SIGHTINGS_PER_HIT == 0)
      add_hit (bench, sighting);
    else
      bolo_store_add_sighting (bench->store, sighting);
  }
  bolo_store_flush_async (bench->store, NULL, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  bench->insert_s = (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC;
  return bolo_store_flush_finish (bench->store, result, error);
}

static gboolean
search (Bench *bench, BoloCli *cli, GError **error)
{
  bolo_cli_progress (cli, "Searching");
  for (int i = 0; i < N_SEARCHES; i++) {
    gint64 number = (gint64) (g_rand_double (bench->random) * (double) bench->n_records);
    g_autofree char *text = bolo_bench_records_make_text (number);
    const BoloStoreQuery query = {text, G_MININT64, G_MAXINT64, 100, NULL};
    gint64 start_us = g_get_monotonic_time ();
    g_autoptr (GPtrArray) found = bolo_store_list_sightings (bench->store, &query, error);

    if (found == NULL)
      return FALSE;
    bolo_metric_add (bench->search_ms, (double) (g_get_monotonic_time () - start_us) / 1000.0);
    if (found->len == 0) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INTERNAL, "A stored record was not found");
      return FALSE;
    }
  }
  return TRUE;
}

/* Half of it: whole days and one in part. */
static gboolean
purge (Bench *bench, BoloCli *cli, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (BoloPurgeReport) report = NULL;

  /* What waits to be sent is not purged. */
  if (bench->n_remotes > 0)
    return TRUE;
  bolo_cli_progress (cli, "Purging");
  bolo_store_purge_async (bench->store, FIRST_US + SPAN_US / 2, "bench", NULL, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  report = bolo_store_purge_finish (bench->store, result, error);
  if (report == NULL)
    return FALSE;
  bench->purge_s = report->seconds;
  return TRUE;
}

static char *
format_ms (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.2f", value));
}

static void
print_result (Bench *bench, BoloCli *cli)
{
  const double values[] = {
    (double) bench->n_records / bench->insert_s,
    bolo_store_get_commit_ms (bench->store, 0.5),
    bolo_store_get_commit_ms (bench->store, 0.99),
    bolo_metric_get_percentile (bench->hit_ms, 0.5),
    bolo_metric_get_percentile (bench->hit_ms, 0.99),
    bolo_metric_get_percentile (bench->search_ms, 0.5),
    bolo_metric_get_percentile (bench->search_ms, 0.99),
    [PURGE] = bench->purge_s,
    bolo_process_get_peak_rss_mb (),
  };
  char *texts[G_N_ELEMENTS (values)];

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    texts[i] = format_ms (values[i]);
  if (bench->n_remotes > 0) {
    g_free (texts[PURGE]);
    texts[PURGE] = g_strdup ("null");
  }
  if (cli->is_json)
    printf ("{\"insert_per_s\":%s,\"commit_ms\":{\"p50\":%s,\"p99\":%s},"
            "\"hit_stored_ms\":{\"p50\":%s,\"p99\":%s},\"search_ms\":{\"p50\":%s,\"p99\":%s},"
            "\"purge_s\":%s,\"peak_rss_mb\":%s,\"records\":%" G_GINT64_FORMAT "}\n",
            texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], texts[6], texts[7],
            texts[8], bench->n_records);
  else
    printf ("insert             %s records a second\n"
            "commit             p50 %s ms, p99 %s ms\n"
            "hit to stored      p50 %s ms, p99 %s ms\n"
            "search             p50 %s ms, p99 %s ms\n"
            "purge of one half  %s s\n"
            "peak memory        %s MB\n",
            texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], texts[6], texts[7],
            texts[8]);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_free (texts[i]);
}

static void
set_receivers (Bench *bench)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) receivers = NULL;

  for (gint64 i = 0; i < bench->n_remotes; i++) {
    g_autofree char *name = g_strdup_printf ("remote%" G_GINT64_FORMAT, i + 1);

    g_strv_builder_add (names, name);
  }
  receivers = g_strv_builder_end (names);
  bolo_store_set_receivers (bench->store, (const char *const *) receivers);
}

static gboolean
prepare (Bench *bench, BoloCli *cli, GError **error)
{
  if (!bolo_paths_ensure_state (cli->state, error))
    return FALSE;
  /* On the disk that is to be measured, but not among the records. */
  bench->folder = g_build_filename (cli->state, "bench-store-XXXXXX", NULL);
  if (g_mkdtemp (bench->folder) == NULL) {
    bolo_error_set_errno (error, errno, "Cannot make a folder to measure in");
    return FALSE;
  }
  bench->random = g_rand_new_with_seed (1);
  bench->records =
    bolo_bench_records_new (bench->n_records, FIRST_US, SPAN_US, OVERVIEW_BYTES, "bench");
  bench->clock = bolo_clock_new_manual (FIRST_US + SPAN_US);
  bench->hits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  bench->hit_ms = bolo_metric_new ();
  bench->search_ms = bolo_metric_new ();
  bench->store = bolo_store_new (bench->folder, bench->clock);
  set_receivers (bench);
  g_signal_connect (bench->store, "stored", G_CALLBACK (on_stored), bench);
  return bolo_store_open (bench->store, error);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (folder);
}

int
bolo_cli_bench_store (BoloCli *cli, int argc, char **argv)
{
  g_auto (Bench) bench = {0};
  gint64 n_records = 10000;
  gint64 n_remotes = 0;
  g_autoptr (GError) error = NULL;
  gboolean is_done;
  const GOptionEntry entries[] = {
    {"records", 0, 0, G_OPTION_ARG_INT64, &n_records, "How many sightings to write (10000)", "N"},
    {"remotes", 0, 0, G_OPTION_ARG_INT64, &n_remotes,
     "Queue all of it for so many, which leaves the purge out (0)", "N"},
    G_OPTION_ENTRY_NULL,
  };

  if (!bolo_cli_parse (cli, &argc, &argv, entries, NULL,
                       "Writes sightings with pictures of 3 and 20 kB and a hit a hundred as fast "
                       "as they are committed, searches, and purges one half; in a folder of its "
                       "own under --state, which it removes."))
    return BOLO_CLI_USAGE;
  if (argc != 1 || n_records < BOLO_BENCH_SIGHTINGS_PER_HIT || n_records > 10000000)
    return bolo_cli_misuse (cli, "--records takes a number from 100 to 10000000");
  if (n_remotes < 0 || n_remotes > MAX_REMOTES)
    return bolo_cli_misuse (cli, "--remotes takes a number from 0 to 8");
  bench.n_records = n_records;
  bench.n_remotes = n_remotes;
  is_done = prepare (&bench, cli, &error) && insert (&bench, cli, &error) &&
            search (&bench, cli, &error) && purge (&bench, cli, &error);
  bolo_cli_progress (cli, NULL);
  if (is_done)
    print_result (&bench, cli);
  if (bench.store != NULL)
    bolo_store_close (bench.store, 10000);
  if (bench.folder != NULL)
    remove_folder (bench.folder);
  return is_done ? BOLO_CLI_DONE : bolo_cli_fail (cli, error);
}
