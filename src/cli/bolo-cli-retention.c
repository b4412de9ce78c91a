/* bolo-cli-retention.c: boloctl retention: what is kept how long, and purging what is due
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli.h"

#include "bolo-error.h"
#include "bolo-health.h"
#include "bolo-key-file.h"
#include "bolo-retention-days.h"
#include "bolo-store.h"

#include <string.h>

typedef struct {
  gint64 days;
  char *officer; /* (owned) (nullable) */
  char *source;  /* (owned): where the days come from */
} Rule;

static void
rule_clear (Rule *rule)
{
  g_free (rule->officer);
  g_free (rule->source);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rule, rule_clear)

/* Only our own key is checked here; the patrol checks the rest when it starts. */
static gboolean
load_rule (const char *config, Rule *rule, GError **error)
{
  static const char *const any[] = {"*", NULL};
  static const char *const ours[] = {"retention_days", NULL};
  const BoloKeySpec specs[] = {{"store", ours}, {"*", any}, {NULL, NULL}};
  g_autoptr (BoloKeyFile) file = NULL;

  rule->days = BOLO_RETENTION_DEFAULT_DAYS;
  rule->source = g_strdup ("the default");
  if (config == NULL)
    return TRUE;
  file = bolo_key_file_load (config, specs, error);
  if (file == NULL ||
      !bolo_key_file_get_int (file, "store", "retention_days", 1, BOLO_RETENTION_MAX_DAYS,
                              BOLO_RETENTION_DEFAULT_DAYS, &rule->days, error))
    return FALSE;
  rule->officer = bolo_key_file_get_string (file, "patrol", "officer", NULL);
  if (bolo_key_file_has_key (file, "store", "retention_days")) {
    g_free (rule->source);
    rule->source = g_strdup (config);
  }
  return TRUE;
}

static gint64
get_limit_us (BoloClock *clock, const Rule *rule)
{
  return bolo_clock_get_utc_us (clock) - rule->days * G_TIME_SPAN_DAY;
}

/* (transfer full): "2026-03-14T17:20:00.000Z", quoted for JSON; @none if there is none. */
static char *
format_time (gint64 time_us, gboolean is_json, const char *none)
{
  g_autofree char *text = time_us >= 0 ? bolo_time_format_utc (time_us) : NULL;

  if (text == NULL)
    return g_strdup (none);
  return is_json ? g_strdup_printf ("\"%s\"", text) : g_steal_pointer (&text);
}

static void
print_counts (BoloCli *cli, const Rule *rule, const BoloStoreCounts *counts)
{
  const char *none = cli->is_json ? "null" : "none";
  g_autofree char *oldest = format_time (counts->oldest_us, cli->is_json, none);
  g_autofree char *newest = format_time (counts->newest_us, cli->is_json, none);
  g_autofree char *purge =
    format_time (counts->last_purge_us, cli->is_json, cli->is_json ? "null" : "never");
  const char *format =
    cli->is_json ? "{\"retention_days\":%" G_GINT64_FORMAT ",\"sightings\":%" G_GINT64_FORMAT
                   ",\"due\":%" G_GINT64_FORMAT ",\"hits\":%" G_GINT64_FORMAT
                   ",\"dispositions\":%" G_GINT64_FORMAT ",\"notes\":%" G_GINT64_FORMAT
                   ",\"oldest\":%s,\"newest\":%s,\"last_purge\":%s,\"media_files\":%u"
                   ",\"set_aside_files\":%u,\"bytes\":%" G_GINT64_FORMAT "}\n"
                 : "kept                %" G_GINT64_FORMAT " days\n"
                   "sightings           %" G_GINT64_FORMAT "\n"
                   "due to be purged    %" G_GINT64_FORMAT "\n"
                   "hits                %" G_GINT64_FORMAT "\n"
                   "dispositions        %" G_GINT64_FORMAT "\n"
                   "notes               %" G_GINT64_FORMAT "\n"
                   "oldest              %s\nnewest              %s\nlast purge          %s\n"
                   "days with pictures  %u\nfiles set aside     %u\n"
                   "bytes on disk       %" G_GINT64_FORMAT "\n";

  /* Both formats take the same values in the same order. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  printf (format, rule->days, counts->sightings, counts->sightings_due, counts->hits,
          counts->dispositions, counts->notes, oldest, newest, purge, counts->media_files,
          counts->set_aside_files, counts->bytes);
#pragma GCC diagnostic pop
}

static int
show (BoloCli *cli, const Rule *rule)
{
  g_autoptr (BoloClock) clock = bolo_clock_new_system ();
  g_autoptr (BoloStore) store = bolo_store_new (cli->state, clock);
  g_autoptr (BoloStoreCounts) counts = NULL;
  g_autoptr (GError) error = NULL;

  if (bolo_store_open_for_reading (store, &error)) {
    counts = bolo_store_count (store, get_limit_us (clock, rule), &error);
  } else if (g_error_matches (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND)) {
    /* Nothing has been kept yet: that is an answer, not a failure. */
    g_clear_error (&error);
    counts = g_new0 (BoloStoreCounts, 1);
    counts->oldest_us = counts->newest_us = counts->last_purge_us = -1;
  }
  if (counts == NULL)
    return bolo_cli_fail (cli, error);
  print_counts (cli, rule, counts);
  if (!cli->is_json)
    printf ("At most %d days may be configured ([store] retention_days); these are from %s.\n",
            BOLO_RETENTION_MAX_DAYS, rule->source);
  return BOLO_CLI_DONE;
}

static void
on_problem (BoloStore *store, const BoloProblem *problem, BoloCli *cli)
{
  fprintf (stderr, "boloctl %s: %s. %s.\n", cli->command, problem->title, problem->remedy);
}

static void
on_purged (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **found = user_data;

  *found = g_object_ref (result);
}

static void
print_report (BoloCli *cli, const BoloPurgeReport *report)
{
  g_autofree char *limit = bolo_time_format_utc (report->older_than_us);
  char seconds[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (seconds, sizeof seconds, "%.3f", report->seconds);
  if (cli->is_json)
    printf ("{\"older_than\":\"%s\",\"sightings\":%u,\"hits\":%u,\"dispositions\":%u,"
            "\"pictures\":%u,\"files\":%u,\"bytes\":%" G_GINT64_FORMAT
            ",\"seconds\":%s,\"complete\":%s}\n",
            limit, report->sightings, report->hits, report->dispositions, report->pictures,
            report->files, report->bytes, seconds, report->is_complete ? "true" : "false");
  else
    printf ("Purged what is older than %s: %u sightings, %u hits, %u pictures, %u files, "
            "%" G_GINT64_FORMAT " bytes, in %s s\n",
            limit, report->sightings, report->hits, report->pictures, report->files, report->bytes,
            seconds);
}

static int
run (BoloCli *cli, const Rule *rule)
{
  g_autoptr (BoloClock) clock = bolo_clock_new_system ();
  g_autoptr (BoloStore) store = bolo_store_new (cli->state, clock);
  g_autoptr (BoloPurgeReport) report = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (store, "problem", G_CALLBACK (on_problem), cli);
  if (!bolo_store_open (store, &error))
    return bolo_cli_fail (cli, error);
  bolo_cli_progress (cli, "Purging");
  bolo_store_purge_async (store, get_limit_us (clock, rule), rule->officer, NULL, on_purged,
                          &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  bolo_cli_progress (cli, NULL);
  report = bolo_store_purge_finish (store, result, &error);
  if (report == NULL)
    return bolo_cli_fail (cli, error);
  print_report (cli, report);
  return BOLO_CLI_DONE;
}

int
bolo_cli_retention (BoloCli *cli, int argc, char **argv)
{
  g_auto (Rule) rule = {0};
  g_autofree char *officer = NULL;
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    {"officer", 0, 0, G_OPTION_ARG_STRING, &officer, "Who asks for the purge; noted with it", "ID"},
    G_OPTION_ENTRY_NULL,
  };

  if (!bolo_cli_parse (cli, &argc, &argv, entries, "show|run",
                       "Shows what is kept how long; run deletes what is older, from the disk's "
                       "files too."))
    return BOLO_CLI_USAGE;
  if (argc != 2 || (strcmp (argv[1], "show") != 0 && strcmp (argv[1], "run") != 0))
    return bolo_cli_misuse (cli, "say show or run");
  if (!load_rule (cli->config, &rule, &error))
    return bolo_cli_fail (cli, error);
  if (officer != NULL) {
    g_free (rule.officer);
    rule.officer = g_steal_pointer (&officer);
  }
  return strcmp (argv[1], "show") == 0 ? show (cli, &rule) : run (cli, &rule);
}
