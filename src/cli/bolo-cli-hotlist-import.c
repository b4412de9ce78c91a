/* bolo-cli-hotlist-import.c: boloctl hotlist import: takes a list in and says what became of it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli-hotlist.h"

#include "bolo-error.h"

#include <string.h>
#include <unistd.h>

#define PROBLEMS_SHOWN 20 /* on a terminal; --json tells them all */
#define PROGRESS_AFTER_US (1 * G_USEC_PER_SEC)
#define PROGRESS_EVERY_US (G_USEC_PER_SEC / 5)

/* Telling: what is told while the import is under way. */
typedef struct {
  BoloCli *cli;
  gint64 next_us; /* monotonic: when to tell the progress again */
} Telling;

static void
print_problem (const BoloListProblem *problem)
{
  BoloJsonWriter *line = bolo_json_writer_new ();

  bolo_json_writer_add_text (line, "event", "problem");
  bolo_json_writer_add_int (line, "row", (gint64) problem->row);
  bolo_json_writer_add_int (line, "line", (gint64) problem->line);
  bolo_json_writer_add_text (line, "column", problem->column);
  bolo_json_writer_add_text (line, "value", problem->value);
  bolo_json_writer_add_text (line, "reason", problem->reason);
  bolo_json_writer_add_boolean (line, "rejected", problem->is_rejected);
  bolo_cli_hotlist_print (line);
}

static void
on_problem (const BoloListProblem *problem, gpointer data)
{
  Telling *telling = data;

  if (telling->cli->is_json)
    print_problem (problem);
}

static void
on_progress (guint64 n_rows, double fraction, gpointer data)
{
  Telling *telling = data;
  gint64 now_us = g_get_monotonic_time ();
  g_autofree char *text = NULL;

  if (now_us < telling->next_us)
    return;
  telling->next_us = now_us + PROGRESS_EVERY_US;
  if (fraction >= 0)
    text = g_strdup_printf ("Importing… %" G_GUINT64_FORMAT " rows, %d %%", n_rows,
                            (int) (fraction * 100));
  else
    text = g_strdup_printf ("Importing… %" G_GUINT64_FORMAT " rows", n_rows);
  bolo_cli_progress (telling->cli, text);
}

static void
print_report_json (const BoloImportReport *report)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();

  bolo_json_writer_add_text (writer, "event", "imported");
  bolo_json_writer_add_text (writer, "name", report->name);
  bolo_json_writer_add_text (writer, "kind", report->kind);
  bolo_json_writer_add_text (writer, "revision", report->revision);
  bolo_json_writer_add_text (writer, "format", report->format);
  bolo_json_writer_add_text (writer, "contents", report->is_delta ? "delta" : "full");
  bolo_json_writer_add_text (writer, "trust", bolo_trust_to_string (report->trust));
  bolo_json_writer_add_text (writer, "signer", report->signer);
  bolo_json_writer_add_int (writer, "rows", (gint64) report->n_rows);
  bolo_json_writer_add_int (writer, "inserted", (gint64) report->n_inserted);
  bolo_json_writer_add_int (writer, "deleted", (gint64) report->n_deleted);
  bolo_json_writer_add_int (writer, "entries", (gint64) report->n_entries);
  bolo_json_writer_add_int (writer, "rejected", (gint64) report->n_rejected);
  bolo_json_writer_add_int (writer, "warnings", (gint64) report->n_warnings);
  bolo_json_writer_add_int (writer, "weeded", (gint64) report->n_weeded);
  bolo_json_writer_add_int (writer, "covert", (gint64) report->n_covert);
  bolo_cli_hotlist_print (writer);
}

static void
print_problems (const BoloImportReport *report)
{
  guint n_shown = MIN (report->problems->len, PROBLEMS_SHOWN);
  guint64 n_problems = report->n_rejected + report->n_warnings;

  for (guint i = 0; i < n_shown; i++) {
    g_autofree char *sentence =
      bolo_list_problem_to_string (g_ptr_array_index (report->problems, i));

    printf ("%s\n", sentence);
  }
  if (n_problems > n_shown)
    printf ("and %" G_GUINT64_FORMAT " more; --json tells them all\n", n_problems - n_shown);
}

static void
print_report (const BoloImportReport *report)
{
  print_problems (report);
  printf ("%s: %s\n", report->name, report->format);
  if (report->is_delta)
    printf ("%s: %" G_GUINT64_FORMAT " entries added, %" G_GUINT64_FORMAT " taken away\n",
            report->name, report->n_inserted, report->n_deleted);
  printf ("%s: %" G_GUINT64_FORMAT " entries in force (%" G_GUINT64_FORMAT
          " past their weed date, %" G_GUINT64_FORMAT " covert), %" G_GUINT64_FORMAT
          " rows left out, revision %s, %s %s\n",
          report->name, report->n_entries, report->n_weeded, report->n_covert, report->n_rejected,
          report->revision,
          report->trust == BOLO_TRUST_SIGNED ? "signed by the key" : "unsigned, taken by",
          report->signer);
}

/* On a terminal a person can say yes. (transfer full) (nullable): who takes the list. */
static char *
ask_who_takes_it (const char *path)
{
  char answer[16] = "";

  if (!isatty (STDIN_FILENO) || !isatty (STDERR_FILENO))
    return NULL;
  fprintf (stderr, "%s is not signed. Take it on your word, %s? [y/N] ", path, g_get_user_name ());
  fflush (stderr);
  if (fgets (answer, sizeof answer, stdin) == NULL || (*answer != 'y' && *answer != 'Y'))
    return NULL;
  return g_strdup (g_get_user_name ());
}

static BoloImportOptions
make_options (const BoloCliHotlist *self, const char *path, const char *name)
{
  const BoloCliHotlistOptions *options = &self->options;

  return (BoloImportOptions){.path = path,
                             .name = name,
                             .kind = options->kind,
                             .format = options->format,
                             .map = options->map,
                             .signature = options->signature,
                             .unsigned_by = options->unsigned_by,
                             .is_delta = options->is_delta,
                             .on_progress = on_progress,
                             .on_problem = on_problem};
}

static int
check_use (BoloCliHotlist *self, int argc)
{
  const BoloCliHotlistOptions *options = &self->options;

  if (argc != 2)
    return bolo_cli_misuse (self->cli, "import takes one file");
  if (options->map != NULL && options->format != NULL)
    return bolo_cli_misuse (self->cli, "a list has either a --map or a --format");
  if (options->signature != NULL && options->unsigned_by != NULL)
    return bolo_cli_misuse (self->cli, "a list is either signed (--sig) or --unsigned-by somebody");
  if (options->signature != NULL && options->is_delta)
    return bolo_cli_misuse (self->cli, "a signature says itself whether the list is a --delta");
  return BOLO_CLI_DONE;
}

int
bolo_cli_hotlist_import (BoloCliHotlist *self, int argc, char **argv)
{
  Telling telling = {self->cli, g_get_monotonic_time () + PROGRESS_AFTER_US};
  g_autoptr (BoloImportReport) report = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  BoloImportOptions options;

  if (check_use (self, argc) != BOLO_CLI_DONE)
    return BOLO_CLI_USAGE;
  name = self->options.name != NULL ? g_strdup (self->options.name)
                                    : bolo_cli_hotlist_make_name (argv[1]);
  if (self->options.signature == NULL && self->options.unsigned_by == NULL)
    self->options.unsigned_by = ask_who_takes_it (argv[1]);
  options = make_options (self, argv[1], name);
  options.data = &telling;
  bolo_hotlist_import (self->hotlist, &options, &report, &error);
  bolo_cli_progress (self->cli, NULL);
  if (g_error_matches (error, BOLO_ERROR, BOLO_ERROR_NOTHING_TO_DO)) {
    if (!self->cli->is_json)
      printf ("%s\n", error->message);
    return BOLO_CLI_DONE;
  }
  if (error != NULL) {
    if (!self->cli->is_json && report != NULL)
      print_problems (report);
    return bolo_cli_fail (self->cli, error);
  }
  if (self->cli->is_json)
    print_report_json (report);
  else
    print_report (report);
  return BOLO_CLI_DONE;
}
