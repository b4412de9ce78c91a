/* bolo-cli-hotlist.c: boloctl hotlist: imports, lists, matches and removes lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-cli.h"

#include "bolo-error.h"
#include "bolo-hotlist.h"
#include "bolo-json-writer.h"
#include "bolo-list-csv.h"
#include "bolo-paths.h"

#include <string.h>

#define PROBLEMS_SHOWN 20 /* on a terminal; --json tells them all */

/* What the sub-commands share. */
typedef struct {
  BoloCli *cli;
  BoloPlateRules *rules;
  BoloClock *clock;
  BoloHotlist *hotlist;
  /* options */
  char *name;
  char *kind;
  char *format;
  char *map;
} Hotlist;

static void
hotlist_clear (Hotlist *self)
{
  g_clear_object (&self->hotlist);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->format, g_free);
  g_clear_pointer (&self->map, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Hotlist, hotlist_clear)

/* @writer (transfer full) */
static void
print_json (BoloJsonWriter *writer)
{
  g_autofree char *line = bolo_json_writer_finish (writer);

  puts (line);
}

static void
add_time (BoloJsonWriter *writer, const char *name, gint64 time_us)
{
  if (time_us == G_MAXINT64)
    bolo_json_writer_add_text (writer, name, NULL);
  else
    bolo_json_writer_add_time (writer, name, time_us);
}

/* ---- import -------------------------------------------------------------------------------- */

static void
print_report_json (const BoloImportReport *report)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();

  for (guint i = 0; i < report->problems->len; i++) {
    const BoloListProblem *problem = g_ptr_array_index (report->problems, i);
    BoloJsonWriter *line = bolo_json_writer_new ();

    bolo_json_writer_add_text (line, "event", "problem");
    bolo_json_writer_add_int (line, "row", (gint64) problem->row);
    bolo_json_writer_add_int (line, "line", (gint64) problem->line);
    bolo_json_writer_add_text (line, "column", problem->column);
    bolo_json_writer_add_text (line, "value", problem->value);
    bolo_json_writer_add_text (line, "reason", problem->reason);
    bolo_json_writer_add_boolean (line, "rejected", problem->is_rejected);
    print_json (line);
  }
  bolo_json_writer_add_text (writer, "event", "imported");
  bolo_json_writer_add_text (writer, "name", report->name);
  bolo_json_writer_add_text (writer, "kind", report->kind);
  bolo_json_writer_add_text (writer, "revision", report->revision);
  bolo_json_writer_add_int (writer, "entries", (gint64) report->n_entries);
  bolo_json_writer_add_int (writer, "rejected", (gint64) report->n_rejected);
  bolo_json_writer_add_int (writer, "warnings", (gint64) report->n_warnings);
  bolo_json_writer_add_int (writer, "weeded", (gint64) report->n_weeded);
  bolo_json_writer_add_int (writer, "covert", (gint64) report->n_covert);
  print_json (writer);
}

static void
print_report (const BoloImportReport *report)
{
  guint n_shown = MIN (report->problems->len, PROBLEMS_SHOWN);
  guint64 n_problems = report->n_rejected + report->n_warnings;

  for (guint i = 0; i < n_shown; i++) {
    g_autofree char *sentence =
      bolo_list_problem_to_string (g_ptr_array_index (report->problems, i));

    printf ("%s\n", sentence);
  }
  if (n_problems > n_shown)
    printf ("and %" G_GUINT64_FORMAT " more; --json tells the first %d\n", n_problems - n_shown,
            1000);
  printf ("%s: %" G_GUINT64_FORMAT " entries in force (%" G_GUINT64_FORMAT
          " past their weed date, %" G_GUINT64_FORMAT " covert), %" G_GUINT64_FORMAT
          " rows left out, revision %s\n",
          report->name, report->n_entries, report->n_weeded, report->n_covert, report->n_rejected,
          report->revision);
}

/* The name without folder and ending, where it can be a list's: "stolen" of "/x/stolen.csv". */
static char *
make_name (const char *path)
{
  char *name = g_path_get_basename (path);
  char *dot = strrchr (name, '.');

  if (dot != NULL && dot > name)
    *dot = '\0';
  return name;
}

static int
import_list (Hotlist *self, int argc, char **argv)
{
  g_autoptr (BoloImportReport) report = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;

  if (argc != 2)
    return bolo_cli_misuse (self->cli, "import takes one file");
  if (self->format != NULL && !g_str_equal (self->format, "csv") &&
      !g_str_equal (self->format, "auto")) {
    g_set_error (&error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED,
                 "lists in the format '%s' cannot be read yet; use csv", self->format);
    return bolo_cli_fail (self->cli, error);
  }
  name = self->name != NULL ? g_strdup (self->name) : make_name (argv[1]);
  bolo_cli_progress (self->cli, "Importing…");
  bolo_hotlist_import (self->hotlist, argv[1], name, self->kind != NULL ? self->kind : name,
                       self->map, &report, &error);
  bolo_cli_progress (self->cli, NULL);
  if (g_error_matches (error, BOLO_ERROR, BOLO_ERROR_NOTHING_TO_DO)) {
    if (!self->cli->is_json)
      printf ("%s\n", error->message);
    return BOLO_CLI_DONE;
  }
  if (error != NULL)
    return bolo_cli_fail (self->cli, error);
  if (self->cli->is_json)
    print_report_json (report);
  else
    print_report (report);
  return BOLO_CLI_DONE;
}

/* ---- list ---------------------------------------------------------------------------------- */

static void
print_list (Hotlist *self, const BoloListInfo *info, guint64 n_weeded, gint64 now_us)
{
  gint64 age_s = MAX (0, now_us - info->dated_us) / G_USEC_PER_SEC;
  BoloJsonWriter *writer;

  if (!self->cli->is_json) {
    printf ("%-20s %-14s %8" G_GUINT64_FORMAT " entries, %" G_GUINT64_FORMAT
            " past their weed date, %" G_GINT64_FORMAT " h %02d min old\n",
            info->name, info->kind, info->n_entries, n_weeded, age_s / 3600,
            (int) (age_s / 60 % 60));
    return;
  }
  writer = bolo_json_writer_new ();
  bolo_json_writer_add_text (writer, "name", info->name);
  bolo_json_writer_add_text (writer, "kind", info->kind);
  bolo_json_writer_add_text (writer, "revision", info->revision);
  bolo_json_writer_add_int (writer, "entries", (gint64) info->n_entries);
  bolo_json_writer_add_int (writer, "rejected", (gint64) info->n_rejected);
  bolo_json_writer_add_int (writer, "weeded", (gint64) n_weeded);
  add_time (writer, "loaded", info->loaded_us);
  add_time (writer, "dated", info->dated_us);
  bolo_json_writer_add_int (writer, "age_s", age_s);
  print_json (writer);
}

static int
show_lists (Hotlist *self, int argc, char **argv)
{
  g_autoptr (BoloListIndex) index = bolo_hotlist_ref_index (self->hotlist);
  gint64 now_us = bolo_clock_get_utc_us (self->clock);

  if (argc != 1)
    return bolo_cli_misuse (self->cli, "list takes no arguments");
  for (guint i = 0; i < bolo_list_index_get_n_lists (index); i++) {
    const BoloListInfo *info = bolo_list_index_get_list (index, i);

    print_list (self, info, bolo_list_index_count_weeded (index, info->name, now_us), now_us);
  }
  if (bolo_list_index_get_n_lists (index) == 0 && !self->cli->is_json)
    printf ("no lists; import one with boloctl hotlist import\n");
  return BOLO_CLI_DONE;
}

/* ---- match --------------------------------------------------------------------------------- */

static void
print_match_json (const char *plate, const BoloMatch *match)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();
  const BoloListEntry *entry = match->entry;

  bolo_json_writer_add_text (writer, "plate", plate);
  bolo_json_writer_add_text (writer, "list", entry->list);
  bolo_json_writer_add_text (writer, "kind", entry->list_kind);
  bolo_json_writer_add_text (writer, "entry", entry->entry_id);
  bolo_json_writer_add_text (writer, "entry_plate", entry->plate);
  bolo_json_writer_add_text (writer, "match", bolo_match_kind_to_string (match->kind));
  bolo_json_writer_begin_array (writer, "differs");
  for (guint i = 0; i < match->n_differs; i++)
    bolo_json_writer_add_int (writer, NULL, match->differs[i]);
  bolo_json_writer_end_array (writer);
  bolo_json_writer_add_text (writer, "make", entry->make);
  bolo_json_writer_add_text (writer, "model", entry->model);
  bolo_json_writer_add_text (writer, "colour", entry->colour);
  bolo_json_writer_add_text (writer, "action", entry->action_text);
  bolo_json_writer_begin_array (writer, "markers");
  for (guint i = 0; entry->markers != NULL && entry->markers[i] != NULL; i++)
    bolo_json_writer_add_text (writer, NULL, entry->markers[i]);
  bolo_json_writer_end_array (writer);
  bolo_json_writer_add_text (writer, "reason", entry->reason);
  add_time (writer, "weed", entry->weed_us);
  print_json (writer);
}

static void
print_match (const char *plate, const BoloMatch *match)
{
  const BoloListEntry *entry = match->entry;
  g_autofree char *markers =
    entry->markers != NULL ? g_strjoinv (", ", entry->markers) : g_strdup ("");

  printf ("%s: %s%s%s in %s (%s), %s as %s%s%s\n", plate, markers, *markers != '\0' ? "; " : "",
          entry->reason != NULL ? entry->reason : "no reason given", entry->list, entry->list_kind,
          bolo_match_kind_to_string (match->kind), entry->plate,
          entry->action_text != NULL ? ", action " : "",
          entry->action_text != NULL ? entry->action_text : "");
}

/* What is covert is for the back office, or a role that may see it; there is none yet. A mark that
 * only covert entries are for is answered as one that is not listed. */
static void
leave_out_covert (GPtrArray *matches)
{
  for (guint i = matches->len; i-- > 0;) {
    const BoloMatch *match = g_ptr_array_index (matches, i);

    if (match->entry->is_covert || match->entry->action == BOLO_ACTION_SILENT)
      g_ptr_array_remove_index (matches, i);
  }
}

static int
match_plates (Hotlist *self, int argc, char **argv)
{
  gint64 now_us = bolo_clock_get_utc_us (self->clock);

  if (argc < 2)
    return bolo_cli_misuse (self->cli, "match needs one plate or more");
  for (int i = 1; i < argc; i++) {
    g_autofree char *plate = bolo_plate_rules_normalise (self->rules, argv[i]);
    g_autoptr (GPtrArray) matches = NULL;

    if (!bolo_plate_is_mark (plate)) {
      g_autoptr (GError) error =
        g_error_new (BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                     "'%s' is no registration mark; give 1 to %d letters and digits", argv[i],
                     BOLO_PLATE_LENGTH_MAX);

      return bolo_cli_fail (self->cli, error);
    }
    matches = bolo_hotlist_match (self->hotlist, plate, now_us);
    leave_out_covert (matches);
    for (guint k = 0; k < matches->len; k++) {
      if (self->cli->is_json)
        print_match_json (plate, g_ptr_array_index (matches, k));
      else
        print_match (plate, g_ptr_array_index (matches, k));
    }
    if (matches->len == 0 && !self->cli->is_json)
      printf ("%s: not listed\n", plate);
  }
  return BOLO_CLI_DONE;
}

static int
remove_list (Hotlist *self, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc != 2)
    return bolo_cli_misuse (self->cli, "remove takes the name of one list");
  if (!bolo_hotlist_remove (self->hotlist, argv[1], &error))
    return bolo_cli_fail (self->cli, error);
  if (!self->cli->is_json)
    printf ("%s is removed\n", argv[1]);
  return BOLO_CLI_DONE;
}

/* ---- the command --------------------------------------------------------------------------- */

static gboolean
open_hotlist (Hotlist *self, GError **error)
{
  g_autofree char *plate = bolo_paths_get_data_file ("plate");
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);

  if (!bolo_paths_ensure_state (self->cli->state, error))
    return FALSE;
  self->rules = bolo_plate_rules_load (plate, error);
  if (self->rules == NULL)
    return FALSE;
  self->clock = bolo_clock_new_system ();
  self->hotlist = bolo_hotlist_new (self->cli->state, self->rules, self->clock);
  return bolo_hotlist_load (self->hotlist, problems, error);
}

int
bolo_cli_hotlist (BoloCli *cli, int argc, char **argv)
{
  static const struct {
    const char *name;
    int (*run) (Hotlist *self, int argc, char **argv);
  } commands[] = {{"import", import_list},
                  {"list", show_lists},
                  {"match", match_plates},
                  {"remove", remove_list}};
  g_auto (Hotlist) self = {.cli = cli};
  const GOptionEntry entries[] = {
    {"name", 0, 0, G_OPTION_ARG_STRING, &self.name,
     "import: what to call the list (default: its file)", "N"},
    {"kind", 0, 0, G_OPTION_ARG_STRING, &self.kind,
     "import: the alert policy's kind (default: the name)", "KIND"},
    {"format", 0, 0, G_OPTION_ARG_STRING, &self.format, "import: csv or auto", "FORMAT"},
    {"map", 0, 0, G_OPTION_ARG_FILENAME, &self.map, "import: a column map, see bolo-list-map(5)",
     "FILE"},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;

  if (argc > 1 && bolo_cli_watch_knows (argv[1]))
    return bolo_cli_watch (cli, argc - 1, argv + 1);
  if (!bolo_cli_parse (
        cli, &argc, &argv, entries,
        "import FILE | list | match PLATE… | remove NAME | watch | unwatch | silence | "
        "unsilence",
        "Keeps the lists of wanted vehicles."))
    return BOLO_CLI_USAGE;
  if (argc < 2)
    return bolo_cli_misuse (
      cli, "say import, list, match, remove, watch, unwatch, silence or unsilence");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (!g_str_equal (argv[1], commands[i].name))
      continue;
    if (!open_hotlist (&self, &error))
      return bolo_cli_fail (cli, error);
    return commands[i].run (&self, argc - 1, argv + 1);
  }
  return bolo_cli_misuse (cli,
                          "there is no such sub-command; say import, list, match, remove, watch, "
                          "unwatch, silence or unsilence");
}
