/* bolo-list-import.c: makes a layer of a list from a file
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-import"

#include "bolo-list-import.h"

#include "bolo-error.h"
#include "bolo-list-package.h"
#include "bolo-list-recogniser.h"
#include "bolo-paths.h"

#include <string.h>
#include <sys/stat.h>

#define ROWS_PER_PROGRESS 4096

/* Run: one import under way. */
typedef struct {
  BoloListImport *import;
  BoloListPackage *package;
  BoloListFormat *format;
  BoloIndexBuilder *builder;
  GPtrArray *found; /* problems of the row at hand */
  guint64 n_before; /* rows of the parts before */
  guint64 n_deletions;
  guint64 n_packed; /* bytes of the file, 0: of no use for the progress */
} Run;

static void
run_clear (Run *self)
{
  g_clear_pointer (&self->package, bolo_list_package_free);
  g_clear_pointer (&self->format, bolo_list_format_unref);
  g_clear_pointer (&self->builder, bolo_index_builder_free);
  g_clear_pointer (&self->found, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

BoloImportReport *
bolo_import_report_new (const char *name)
{
  BoloImportReport *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_new0 (BoloImportReport, 1);
  self->name = g_strdup (name);
  self->problems = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_problem_free);
  return self;
}

void
bolo_import_report_free (BoloImportReport *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->revision, g_free);
  g_clear_pointer (&self->format, g_free);
  g_clear_pointer (&self->signer, g_free);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, reason);
  return FALSE;
}

/* ---- the format ---------------------------------------------------------------------------- */

static GBytes *
read_sample (BoloListPackage *package, GError **error)
{
  g_autoptr (GInputStream) stream = bolo_list_package_read (package, 0, error);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) local = NULL;
  gsize length = 0;

  if (stream == NULL)
    return NULL;
  bytes = g_malloc (BOLO_LIST_SAMPLE_BYTES);
  if (!g_input_stream_read_all (stream, bytes, BOLO_LIST_SAMPLE_BYTES, &length, NULL, &local)) {
    if (local->domain == BOLO_ERROR)
      g_propagate_error (error, g_steal_pointer (&local));
    else
      bolo_error_take_foreign (error, g_steal_pointer (&local), "Cannot read the list");
    return NULL;
  }
  return g_bytes_new_take (g_steal_pointer (&bytes), length);
}

static gboolean
choose_format (Run *run, GError **error)
{
  const BoloImportOptions *options = run->import->options;
  g_autofree char *directory = bolo_paths_get_data_file ("lists");
  const char *word = run->import->format;
  char **reason = &run->import->report->format;
  g_autoptr (GBytes) sample = NULL;

  if (options->map != NULL) {
    run->format = bolo_list_format_load (options->map, error);
    *reason = g_strdup_printf ("taken as its column map %s says", options->map);
  } else if (!g_str_equal (word, "auto")) {
    run->format = bolo_list_formats_load (directory, word, error);
    if (run->format != NULL)
      *reason = g_strdup_printf ("taken as %s (%s), as was asked",
                                 bolo_list_format_get_title (run->format), word);
  } else {
    sample = read_sample (run->package, error);
    if (sample != NULL)
      run->format =
        bolo_list_formats_recognise (directory, bolo_list_package_get_part (run->package, 0)->name,
                                     sample, run->import->rules, reason, error);
  }
  return run->format != NULL;
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* Hands the row's problems on; the report keeps the first ones. */
static void
tell_problems (Run *run)
{
  const BoloImportOptions *options = run->import->options;
  BoloImportReport *report = run->import->report;

  while (run->found->len > 0) {
    BoloListProblem *problem = g_ptr_array_steal_index (run->found, 0);

    if (options->on_problem != NULL)
      options->on_problem (problem, options->data);
    if (report->problems->len < BOLO_IMPORT_PROBLEMS_MAX)
      g_ptr_array_add (report->problems, problem);
    else
      bolo_list_problem_free (problem);
  }
}

static void
reject (Run *run, const BoloListRow *row, const char *reason)
{
  const char *plate = row->entry->plate;

  g_ptr_array_add (run->found,
                   bolo_list_problem_new (row->row, row->line, TRUE,
                                          bolo_list_column_get_title (BOLO_LIST_COLUMN_PLATE),
                                          plate, strlen (plate), reason));
}

/* FALSE: the import cannot go on. @is_taken (out): the row counts. */
static gboolean
take_row (Run *run, const BoloListRow *row, gboolean *is_taken, GError **error)
{
  BoloImportReport *report = run->import->report;
  g_autoptr (GError) local = NULL;

  *is_taken = FALSE;
  if (row->operation == BOLO_LIST_DELETE && !report->is_delta) {
    reject (run, row, "is a deletion in a whole list");
    return TRUE;
  }
  if (row->operation == BOLO_LIST_DELETE) {
    *is_taken =
      bolo_index_builder_remove (run->builder, row->entry->plate, row->entry->pnc_id, error);
    run->n_deletions += *is_taken;
    return *is_taken;
  }
  *is_taken = bolo_index_builder_add (run->builder, row->entry, run->n_before + row->row, &local);
  if (*is_taken)
    return TRUE;
  if (!g_error_matches (local, BOLO_ERROR, BOLO_ERROR_INVALID_DATA)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  reject (run, row, local->message);
  return TRUE;
}

static void
tell_progress (Run *run, BoloListParser *parser)
{
  const BoloImportOptions *options = run->import->options;
  guint64 n_rows = run->import->report->n_rows;

  if (options->on_progress != NULL && n_rows % ROWS_PER_PROGRESS == 0)
    options->on_progress (n_rows,
                          run->n_packed > 0
                            ? (double) bolo_list_parser_get_offset (parser) / (double) run->n_packed
                            : -1,
                          options->data);
}

static gboolean
read_rows (Run *run, BoloListParser *parser, GError **error)
{
  BoloImportReport *report = run->import->report;
  BoloListParsed step;
  BoloListRow row;

  while ((step = bolo_list_parser_next (parser, &row, run->found, error)) != BOLO_LIST_PARSED_END) {
    gboolean is_taken = FALSE;

    if (step == BOLO_LIST_PARSED_FAILED)
      return FALSE;
    report->n_rows++;
    tell_progress (run, parser);
    if (step == BOLO_LIST_PARSED_ROW) {
      gboolean is_going_on = take_row (run, &row, &is_taken, error);

      report->n_inserted += is_taken && row.operation == BOLO_LIST_INSERT;
      bolo_list_entry_unref (row.entry);
      if (!is_going_on)
        return FALSE;
    }
    report->n_rejected += !is_taken;
    report->n_warnings += is_taken && run->found->len > 0;
    tell_problems (run);
  }
  run->n_before = report->n_rows;
  return TRUE;
}

/* ---- the whole ----------------------------------------------------------------------------- */

/* A delta is one by its owner's word, by its name or by its rows; a signature has the last word. */
static gboolean
check_delta (Run *run, const BoloListPart *part, BoloListParser *parser, GError **error)
{
  BoloListImport *import = run->import;
  gboolean is_delta = part->is_delta || bolo_list_parser_has_operations (parser);

  if (import->is_delta_signed && is_delta && !import->is_delta)
    return refuse (error, "the file holds changes, but its signature says that it is a whole list");
  import->report->is_delta = import->is_delta || is_delta;
  if (import->report->is_delta && import->below == NULL)
    return refuse (error, "the file holds changes to a list that is not held; import the whole "
                          "list first");
  return TRUE;
}

static gboolean
read_part (Run *run, guint nth, GError **error)
{
  BoloListImport *import = run->import;
  const BoloListPart *part = bolo_list_package_get_part (run->package, nth);
  g_autoptr (GInputStream) stream = bolo_list_package_read (run->package, nth, error);
  g_autoptr (BoloListParser) parser = NULL;

  if (stream == NULL)
    return FALSE;
  parser = bolo_list_parser_new (stream, run->format, import->rules, part->operation, error);
  if (parser == NULL || !check_delta (run, part, parser, error))
    return FALSE;
  if (run->builder == NULL)
    run->builder = bolo_index_builder_new (import->layer, import->rules,
                                           import->report->is_delta ? import->below : NULL, error);
  return run->builder != NULL && read_rows (run, parser, error);
}

static gboolean
check_report (const BoloListImport *self, const Run *run, GError **error)
{
  const BoloImportReport *report = self->report;
  guint64 n_good = report->n_inserted + run->n_deletions;

  if (n_good == 0) {
    g_autofree char *first =
      report->problems->len > 0
        ? bolo_list_problem_to_string (g_ptr_array_index (report->problems, 0))
        : g_strdup ("it is empty");

    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "no row can be used (%s); the list in force stays", first);
    return FALSE;
  }
  if (report->n_rejected * 100 > report->n_rows * self->max_bad_percent) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                 " rows cannot be used, which is more than %u %%; the list in force stays",
                 report->n_rejected, report->n_rows, self->max_bad_percent);
    return FALSE;
  }
  return TRUE;
}

static guint64
get_size (const char *path)
{
  struct stat status;

  return stat (path, &status) == 0 ? (guint64) status.st_size : 0;
}

gboolean
bolo_list_import_run (BoloListImport *self, BoloIndexSummary *summary, GError **error)
{
  g_auto (Run) run = {.import = self};
  g_autofree char *name = NULL;
  guint n_parts;

  g_return_val_if_fail (self != NULL && self->report != NULL && summary != NULL, FALSE);

  name = g_path_get_basename (self->options->path);
  run.found = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_problem_free);
  run.package = bolo_list_package_open (self->path, name, error);
  if (run.package == NULL || !choose_format (&run, error))
    return FALSE;
  n_parts = bolo_list_package_get_n_parts (run.package);
  /* Of a ZIP the bytes that are read say nothing of how much is left. */
  run.n_packed = bolo_list_package_is_packed (run.package) ? 0 : get_size (self->path);
  for (guint i = 0; i < n_parts; i++)
    if (!read_part (&run, i, error))
      return FALSE;
  return check_report (self, &run, error) &&
         bolo_index_builder_finish (run.builder, summary, error);
}
