/* test-list-csv.c: good rows become entries, bad ones are named by row and column
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-csv.h"

#include "bolo-error.h"

#include <glib/gstdio.h>
#include <string.h>

#define WHOLE_ROW                                                                                  \
  "ab12 cde,FORD,FOCUS,BLUE,STOP,FIREARMS; VIOLENT,STOLEN,E41,\"Seen with \"\"Bob\"\", armed\","   \
  "43 HANTS,14/03/2026,PNC1,OFFICIAL,CAD 7,Wait for help,REF9\n"

typedef struct {
  GPtrArray *entries;  /* of BoloListEntry */
  GPtrArray *problems; /* of BoloListProblem */
  guint n_rejected;
} Result;

static void
result_clear (Result *self)
{
  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->problems);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static BoloPlateRules *
load_rules (void)
{
  g_autofree char *directory = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  BoloPlateRules *rules = bolo_plate_rules_load (directory, NULL);

  g_assert_nonnull (rules);
  return rules;
}

static BoloListFormat *
make_format (const char *map)
{
  g_autofree char *directory = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  BoloListFormat *format;

  if (map == NULL)
    return bolo_list_format_new_uk ();
  directory = g_dir_make_tmp ("bolo-csv-XXXXXX", NULL);
  path = g_build_filename (directory, "map.conf", NULL);
  g_file_set_contents (path, map, -1, NULL);
  format = bolo_list_format_load (path, &error);
  g_assert_no_error (error);
  g_unlink (path);
  g_rmdir (directory);
  return format;
}

static Result
read_bytes (const char *text, gsize length, const char *map)
{
  Result result = {g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_entry_unref),
                   g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_problem_free), 0};
  g_autoptr (BoloPlateRules) rules = load_rules ();
  g_autoptr (BoloListFormat) format = make_format (map);
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListReader) reader = bolo_list_reader_new (bytes, format, rules, &error);
  BoloListStep step;
  BoloListRow row;

  g_assert_no_error (error);
  while ((step = bolo_list_reader_next (reader, &row, result.problems)) != BOLO_LIST_STEP_END) {
    BoloListEntry *entry;

    if (step == BOLO_LIST_STEP_REJECTED) {
      result.n_rejected++;
      continue;
    }
    entry = bolo_list_reader_make_entry (reader, row.offset);
    g_assert_nonnull (entry);
    g_assert_cmpstr (entry->plate, ==, row.plate);
    g_assert_cmpint (entry->weed_us, ==, row.weed_us);
    g_assert_cmpint (entry->is_covert, ==, row.is_covert);
    g_ptr_array_add (result.entries, entry);
  }
  return result;
}

static Result
read_text (const char *text)
{
  return read_bytes (text, strlen (text), NULL);
}

static const BoloListProblem *
get_problem (Result *result, guint nth)
{
  g_assert_cmpuint (nth, <, result->problems->len);
  return g_ptr_array_index (result->problems, nth);
}

static const BoloListEntry *
get_entry (Result *result, guint nth)
{
  g_assert_cmpuint (nth, <, result->entries->len);
  return g_ptr_array_index (result->entries, nth);
}

static void
test_whole_row (void)
{
  g_auto (Result) result = read_text (WHOLE_ROW);
  const BoloListEntry *entry = get_entry (&result, 0);

  g_assert_cmpuint (result.entries->len, ==, 1);
  g_assert_cmpuint (result.problems->len, ==, 0);
  g_assert_cmpstr (entry->plate, ==, "AB12CDE");
  g_assert_cmpstr (entry->plate_folded, ==, "AB12CDE");
  g_assert_cmpstr (entry->make, ==, "FORD");
  g_assert_cmpstr (entry->model, ==, "FOCUS");
  g_assert_cmpstr (entry->colour, ==, "BLUE");
  g_assert_cmpint (entry->action, ==, BOLO_ACTION_STOP);
  g_assert_cmpstr (entry->markers[0], ==, "FIREARMS");
  g_assert_cmpstr (entry->markers[1], ==, "VIOLENT");
  g_assert_null (entry->markers[2]);
  g_assert_cmpstr (entry->reason, ==, "STOLEN");
  g_assert_cmpstr (entry->grading, ==, "E41");
  g_assert_cmpstr (entry->information, ==, "Seen with \"Bob\", armed");
  g_assert_cmpstr (entry->force, ==, "43 HANTS");
  g_assert_cmpint (entry->weed_us, ==, G_GINT64_CONSTANT (1773532800) * G_USEC_PER_SEC);
  g_assert_cmpstr (entry->pnc_id, ==, "PNC1");
  g_assert_cmpstr (entry->marking, ==, "OFFICIAL");
  g_assert_cmpstr (entry->cad, ==, "CAD 7");
  g_assert_cmpstr (entry->instructions, ==, "Wait for help");
  g_assert_cmpstr (entry->source_reference, ==, "REF9");
}

static void
test_short_and_wide_rows (void)
{
  g_auto (Result) result =
    read_text ("AB12CDE\nAB12CDF,VW\r\nAB12CDG,,,,,,,,,,,,,,,R,extra,more\n");

  g_assert_cmpuint (result.entries->len, ==, 3);
  g_assert_cmpuint (result.problems->len, ==, 0);
  g_assert_null (get_entry (&result, 0)->make);
  g_assert_cmpint (get_entry (&result, 0)->weed_us, ==, G_MAXINT64);
  g_assert_cmpint (get_entry (&result, 0)->action, ==, BOLO_ACTION_UNKNOWN);
  g_assert_null (get_entry (&result, 0)->action_text);
  g_assert_cmpstr (get_entry (&result, 1)->make, ==, "VW");
  g_assert_cmpstr (get_entry (&result, 2)->source_reference, ==, "R");
}

static void
test_bad_rows (void)
{
  g_auto (Result) result = read_text ("AB12CDE,FORD\n"
                                      ",VW\n"
                                      "no plate here?,VW\n"
                                      "\n"
                                      "AB12CDF,\"VW\n"
                                      "AB12CDG,\"VW\" Golf\n"
                                      "AB12CDH,VW,,,,,,,,,31/02/2026\n"
                                      "AB12CDJ,VW\n");

  g_assert_cmpuint (result.entries->len, ==, 3);
  g_assert_cmpuint (result.n_rejected, ==, 4);
  g_assert_cmpstr (get_entry (&result, 2)->plate, ==, "AB12CDJ");
  g_assert_cmpuint (result.problems->len, ==, 5);
  g_assert_cmpuint (get_problem (&result, 0)->row, ==, 2);
  g_assert_cmpstr (get_problem (&result, 0)->column, ==, "VRM");
  g_assert_true (get_problem (&result, 0)->is_rejected);
  g_assert_cmpstr (get_problem (&result, 1)->value, ==, "no plate here?");
  g_assert_cmpuint (get_problem (&result, 2)->row, ==, 4);
  g_assert_cmpuint (get_problem (&result, 2)->line, ==, 5);
  g_assert_cmpstr (get_problem (&result, 2)->column, ==, "Vehicle make");
  g_assert_cmpstr (get_problem (&result, 3)->column, ==, "Vehicle make");
  g_assert_cmpstr (get_problem (&result, 4)->column, ==, "Weed date");
  g_assert_cmpstr (get_problem (&result, 4)->value, ==, "31/02/2026");
  g_assert_false (get_problem (&result, 4)->is_rejected);
  g_assert_cmpint (get_entry (&result, 1)->weed_us, ==, G_MAXINT64);
}

static void
test_sentence (void)
{
  g_auto (Result) result = read_text ("AB12CDE,,,,,,,,,,never\n");
  g_autofree char *sentence = bolo_list_problem_to_string (get_problem (&result, 0));

  g_assert_cmpstr (sentence, ==,
                   "row 1 (line 1), column Weed date: 'never' is not a date, so the entry is never "
                   "weeded; the row was kept");
}

static void
test_actions (void)
{
  static const struct {
    const char *row;
    BoloAction action;
    gboolean is_covert;
    guint n_problems;
  } cases[] = {
    {"A1,,,,STOP\n", BOLO_ACTION_STOP, FALSE, 0},
    {"A1,,,,stop\n", BOLO_ACTION_STOP, FALSE, 0},
    {"A1,,,,SILENT\n", BOLO_ACTION_SILENT, TRUE, 0},
    {"A1,,,,Stop/Silent\n", BOLO_ACTION_SILENT, TRUE, 0},
    {"A1,,,,COVERT - do not stop\n", BOLO_ACTION_SILENT, TRUE, 0},
    {"A1,,,,SILENTLY\n", BOLO_ACTION_UNKNOWN, FALSE, 1},
    {"A1,,,,FOLLOW\n", BOLO_ACTION_UNKNOWN, FALSE, 1},
    {"A1,,,,\n", BOLO_ACTION_UNKNOWN, FALSE, 0},
    {"A1,,,,STOP,X;COVERT\n", BOLO_ACTION_STOP, TRUE, 0},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Result) result = read_text (cases[i].row);

    g_test_message ("%s", cases[i].row);
    g_assert_cmpint (get_entry (&result, 0)->action, ==, cases[i].action);
    g_assert_cmpint (get_entry (&result, 0)->is_covert, ==, cases[i].is_covert);
    g_assert_cmpuint (result.problems->len, ==, cases[i].n_problems);
  }
}

static void
test_headers (void)
{
  const char *map = "[format]\ndelimiter=semicolon\n[columns]\nplate=Mark\nreason=Why\n";
  const char *named = "Why;Other;MARK\nstolen;x;ab12cde\n;;?\n";
  g_auto (Result) found = read_text ("VRM,Make\nAB12CDE,FORD\n,bad\n");
  g_auto (Result) absent = read_text ("AB12CDE,FORD\n");
  g_auto (Result) mapped = read_bytes (named, strlen (named), map);

  g_assert_cmpuint (found.entries->len, ==, 1);
  g_assert_cmpuint (get_problem (&found, 0)->row, ==, 2);
  g_assert_cmpuint (get_problem (&found, 0)->line, ==, 3);
  g_assert_cmpuint (absent.entries->len, ==, 1);
  g_assert_cmpstr (get_entry (&mapped, 0)->plate, ==, "AB12CDE");
  g_assert_cmpstr (get_entry (&mapped, 0)->reason, ==, "stolen");
  g_assert_cmpstr (get_problem (&mapped, 0)->column, ==, "VRM");
}

static void
test_covert_list (void)
{
  const char *text = "AB12CDE,,,,STOP\n";
  g_auto (Result) result = read_bytes (text, strlen (text), "[format]\ncovert=true\n");

  g_assert_true (get_entry (&result, 0)->is_covert);
}

static void
test_encodings (void)
{
  const char *latin = "AB12CDE,CITRO\xcbN,\x80\n";
  const char *nul = "AB12CDE,A\0B\nAB12CDF\n";
  g_auto (Result) mapped = read_bytes (latin, strlen (latin), "[format]\nencoding=WINDOWS-1252\n");
  g_auto (Result) damaged = read_bytes (latin, strlen (latin), NULL);
  g_auto (Result) marked = read_text ("\xef\xbb\xbf"
                                      "AB12CDE\n");
  g_auto (Result) holed = read_bytes (nul, 20, NULL);

  g_assert_cmpstr (get_entry (&mapped, 0)->make, ==, "CITROËN");
  g_assert_cmpstr (get_entry (&mapped, 0)->model, ==, "€");
  g_assert_cmpstr (get_entry (&damaged, 0)->make, ==, "CITRO\xef\xbf\xbdN");
  g_assert_cmpuint (damaged.problems->len, ==, 2);
  g_assert_cmpstr (get_problem (&damaged, 0)->column, ==, "Vehicle make");
  g_assert_cmpstr (get_entry (&marked, 0)->plate, ==, "AB12CDE");
  g_assert_cmpuint (holed.n_rejected, ==, 1);
  g_assert_cmpuint (holed.entries->len, ==, 1);
}

static void
test_twins_are_resolved (void)
{
  g_auto (Result) result = read_text ("AB12CD0\nABI2CDE\n");

  g_assert_cmpstr (get_entry (&result, 0)->plate, ==, "AB12CDO");
  g_assert_cmpstr (get_entry (&result, 0)->plate_folded, ==, "AB12CD0");
  g_assert_cmpstr (get_entry (&result, 1)->plate, ==, "AB12CDE");
}

static void
test_long_rows (void)
{
  g_autofree char *filling = g_strnfill (BOLO_LIST_ROW_BYTES_MAX, 'x');
  g_autofree char *text =
    g_strconcat ("AB12CDE,", filling, "\nAB12CDF,\"", filling, "\"\nAB12CDG\n", NULL);
  g_auto (Result) result = read_text (text);

  g_assert_cmpuint (result.n_rejected, ==, 2);
  g_assert_cmpuint (result.entries->len, ==, 1);
  g_assert_cmpstr (get_entry (&result, 0)->plate, ==, "AB12CDG");
  g_assert_cmpuint (strlen (get_problem (&result, 0)->value), <, 256);
}

static void
test_not_lists (void)
{
  static const struct {
    const char *bytes;
    gsize length;
    const char *map;
    const char *sentence;
  } cases[] = {
    {"\xff\xfe"
     "A\0",
     4, NULL, "UTF-16"},
    {"PK\x03\x04zip", 7, NULL, "packed"},
    {"A,B\n1,2\n", 8, "[columns]\nplate=VRM\n", "'VRM'"},
    {"", 0, "[columns]\nplate=VRM\n", "names its columns"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (BoloPlateRules) rules = load_rules ();
    g_autoptr (BoloListFormat) format = make_format (cases[i].map);
    g_autoptr (GBytes) bytes = g_bytes_new_static (cases[i].bytes, cases[i].length);
    g_autoptr (GError) error = NULL;

    g_assert_null (bolo_list_reader_new (bytes, format, rules, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, cases[i].sentence));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list-csv/whole-row", test_whole_row);
  g_test_add_func ("/list-csv/short-and-wide-rows", test_short_and_wide_rows);
  g_test_add_func ("/list-csv/bad-rows", test_bad_rows);
  g_test_add_func ("/list-csv/sentence", test_sentence);
  g_test_add_func ("/list-csv/actions", test_actions);
  g_test_add_func ("/list-csv/headers", test_headers);
  g_test_add_func ("/list-csv/covert-list", test_covert_list);
  g_test_add_func ("/list-csv/encodings", test_encodings);
  g_test_add_func ("/list-csv/twins-are-resolved", test_twins_are_resolved);
  g_test_add_func ("/list-csv/long-rows", test_long_rows);
  g_test_add_func ("/list-csv/not-lists", test_not_lists);
  return g_test_run ();
}
