/* fuzz-list.c: what the fuzzers of lists share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz-list.h"

#include "bolo-error.h"
#include "bolo-list-parser.h"
#include "bolo-list-recogniser.h"

#include <string.h>

void
fuzz_check_error (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == BOLO_ERROR);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_null (strchr (error->message, '\n'));
}

/* Loaded once: not by each input, of which there are thousands a second. */
static BoloPlateRules *
get_rules (void)
{
  static GOnce once = G_ONCE_INIT;
  g_autofree char *path = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);

  if (once.status != G_ONCE_STATUS_READY)
    g_once (&once, (GThreadFunc) (void (*) (void)) bolo_plate_rules_load, path);
  g_assert_nonnull (once.retval);
  return once.retval;
}

/* Likewise; reading its file takes a hundred times as long as a short list. */
static BoloListFormat *
ref_format (const char *directory, const char *word)
{
  static GHashTable *formats;
  BoloListFormat *format;
  g_autoptr (GError) error = NULL;

  if (formats == NULL)
    formats = g_hash_table_new (g_str_hash, g_str_equal);
  format = g_hash_table_lookup (formats, word);
  if (format == NULL) {
    format = bolo_list_formats_load (directory, word, &error);
    g_assert_no_error (error);
    g_hash_table_insert (formats, g_strdup (word), format);
  }
  return bolo_list_format_ref (format);
}

static BoloListFormat *
make_format (const char *word, const guint8 *data, size_t size)
{
  g_autofree char *path = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "lists", NULL);
  g_autoptr (GBytes) sample = g_bytes_new (data, MIN (size, BOLO_LIST_SAMPLE_BYTES));
  g_autofree char *reason = NULL;
  g_autoptr (GError) error = NULL;
  BoloListFormat *format;

  if (!g_str_equal (word, "auto"))
    return ref_format (path, word);
  format = bolo_list_formats_recognise (path, "list.txt", sample, get_rules (), &reason, &error);
  g_assert_no_error (error);
  return format;
}

static gboolean
is_text (const char *text)
{
  return text == NULL || (*text != '\0' && g_utf8_validate (text, -1, NULL));
}

static void
check_entry (const BoloListEntry *entry)
{
  g_assert_true (entry->is_pattern || bolo_plate_is_mark (entry->plate));
  g_assert_cmpuint (strlen (entry->plate), <=, BOLO_PLATE_LENGTH_MAX);
  g_assert_nonnull (entry->plate_folded);
  g_assert_true (is_text (entry->make) && is_text (entry->information) && is_text (entry->region));
  g_assert_true (is_text (entry->reason) && is_text (entry->pnc_id) && is_text (entry->type_code));
  for (guint i = 0; entry->extra != NULL && entry->extra[i] != NULL; i++)
    g_assert_true (g_utf8_validate (entry->extra[i], -1, NULL));
  g_assert_cmpuint (entry->days, !=, 0);
}

static void
check_problems (GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++) {
    g_autofree char *sentence = bolo_list_problem_to_string (g_ptr_array_index (problems, i));

    g_assert_true (g_utf8_validate (sentence, -1, NULL));
    g_assert_null (strchr (sentence, '\n'));
  }
  g_ptr_array_set_size (problems, 0);
}

void
fuzz_list (const char *word, const guint8 *data, size_t size)
{
  g_autoptr (BoloListFormat) format = make_format (word, data, size);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, (gssize) size, NULL);
  g_autoptr (GPtrArray) problems =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_problem_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListParser) parser =
    bolo_list_parser_new (stream, format, get_rules (), BOLO_LIST_INSERT, &error);
  guint64 last_row = 0;
  BoloListParsed step;
  BoloListRow row;

  if (parser == NULL) {
    fuzz_check_error (error);
    return;
  }
  while ((step = bolo_list_parser_next (parser, &row, problems, &error)) != BOLO_LIST_PARSED_END) {
    g_assert_no_error (error);
    last_row++;
    g_assert_true (step == BOLO_LIST_PARSED_ROW || problems->len > 0);
    g_assert_true ((step == BOLO_LIST_PARSED_ROW) == (row.entry != NULL));
    check_problems (problems);
    if (row.entry == NULL)
      continue;
    g_assert_cmpuint (row.row, ==, last_row);
    check_entry (row.entry);
    bolo_list_entry_unref (row.entry);
  }
  g_assert_cmpuint (bolo_list_parser_get_offset (parser), ==, size);
}
