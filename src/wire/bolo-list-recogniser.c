/* bolo-list-recogniser.c: which of the known formats a list is in, and by what it was known
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-recogniser"

#include "bolo-list-recogniser.h"

#include "bolo-error.h"
#include "bolo-key-file.h"
#include "bolo-list-format-private.h"
#include "bolo-list-parser.h"
#include "bolo-list-signs.h"

#include <string.h>

#define ROWS_TRIED 50
#define FITTING_PERCENT 90

/* In the order in which they are tried: those that ask for more come first. "csv" is coded, the
 * others are files. */
static const char *const words[] = {
  "pips", "ncic", "ncic-wa", "oh-leads", "ca-doj", "ncic-mn", "ncic-tx", "csv", NULL,
};

const char *const *
bolo_list_formats_get_words (void)
{
  return words;
}

BoloListFormat *
bolo_list_formats_load (const char *directory, const char *word, GError **error)
{
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (directory != NULL && word != NULL, NULL);

  if (g_str_equal (word, "csv"))
    return bolo_list_format_new_uk ();
  if (!g_strv_contains (words, word)) {
    g_autofree char *all = g_strjoinv (", ", (char **) words);
    const char *near = bolo_nearest_word (word, words);

    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND,
                 "there is no list format '%s'%s%s; there are auto, %s", word,
                 near != NULL ? ", did you mean " : "", near != NULL ? near : "", all);
    return NULL;
  }
  file = g_strconcat (word, ".conf", NULL);
  path = g_build_filename (directory, file, NULL);
  return bolo_list_format_load (path, error);
}

static gboolean
fits_name (const BoloListFormat *format, const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; format->signs.names != NULL && format->signs.names[i] != NULL; i++)
    if (g_pattern_match_simple (format->signs.names[i], lower))
      return TRUE;
  return FALSE;
}

/* How many of the first rows fit, of how many. */
static void
count_fitting (
  BoloListFormat *format, GBytes *sample, BoloPlateRules *rules, guint *n_fitting, guint *n_rows)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (sample);
  g_autoptr (BoloListParser) parser =
    bolo_list_parser_new (stream, format, rules, BOLO_LIST_INSERT, NULL);

  *n_fitting = 0;
  *n_rows = 0;
  while (parser != NULL && *n_rows < ROWS_TRIED) {
    BoloListRow row;
    BoloListParsed step = bolo_list_parser_next (parser, &row, NULL, NULL);

    if (step == BOLO_LIST_PARSED_END || step == BOLO_LIST_PARSED_FAILED)
      return;
    (*n_rows)++;
    if (step != BOLO_LIST_PARSED_ROW)
      continue;
    if (bolo_list_signs_fit (format, row.entry, bolo_list_parser_get_n_fields (parser)))
      (*n_fitting)++;
    bolo_list_entry_unref (row.entry);
  }
}

/* @sample without the line that its end cuts through; the very first line stays. */
static GBytes *
cut_sample (GBytes *sample)
{
  gsize length;
  const char *text = g_bytes_get_data (sample, &length);
  const char *end = length == BOLO_LIST_SAMPLE_BYTES ? memrchr (text, '\n', length) : NULL;

  return g_bytes_new_from_bytes (sample, 0, end != NULL ? (gsize) (end - text) + 1 : length);
}

BoloListFormat *
bolo_list_formats_recognise (const char *directory,
                             const char *name,
                             GBytes *sample,
                             BoloPlateRules *rules,
                             char **reason,
                             GError **error)
{
  g_autoptr (GBytes) cut = NULL;

  g_return_val_if_fail (directory != NULL && name != NULL && sample != NULL, NULL);
  g_return_val_if_fail (rules != NULL && reason != NULL, NULL);

  cut = cut_sample (sample);
  for (guint i = 0; words[i + 1] != NULL; i++) { /* all but csv, which asks for nothing */
    g_autoptr (BoloListFormat) format = bolo_list_formats_load (directory, words[i], error);
    guint n_fitting;
    guint n_rows;

    if (format == NULL)
      return NULL;
    if (format->signs.names != NULL) {
      if (!fits_name (format, name))
        continue;
      *reason = g_strdup_printf ("taken as %s (%s), for it is called so", format->title, words[i]);
      return g_steal_pointer (&format);
    }
    count_fitting (format, cut, rules, &n_fitting, &n_rows);
    if (n_fitting == 0 || n_fitting * 100 < n_rows * FITTING_PERCENT)
      continue;
    *reason = g_strdup_printf ("taken as %s (%s), for %u of its first %u rows are written so",
                               format->title, words[i], n_fitting, n_rows);
    return g_steal_pointer (&format);
  }
  *reason = g_strdup ("taken as UK list, 16 columns (csv), for it is like no other known format");
  return bolo_list_format_new_uk ();
}
