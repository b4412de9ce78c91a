/* test-list-parser.c: good rows become entries, bad ones are named by row and column
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-parser.h"

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
  g_autoptr (GInputStream) stream =
    g_memory_input_stream_new_from_data (text, (gssize) length, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListParser) parser =
    bolo_list_parser_new (stream, format, rules, BOLO_LIST_INSERT, &error);
  BoloListParsed step;
  BoloListRow row;

  g_assert_no_error (error);
  while ((step = bolo_list_parser_next (parser, &row, result.problems, &error)) !=
         BOLO_LIST_PARSED_END) {
    g_assert_no_error (error);
    if (step == BOLO_LIST_PARSED_REJECTED) {
      g_assert_null (row.entry);
      result.n_rejected++;
    } else
      g_ptr_array_add (result.entries, row.entry);
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
  g_assert_cmpstr (get_entry (&result, 2)->extra[0], ==, "17");
  g_assert_cmpstr (get_entry (&result, 2)->extra[1], ==, "extra");
  g_assert_cmpstr (get_entry (&result, 2)->extra[3], ==, "more");
  g_assert_null (get_entry (&result, 2)->extra[4]);
}

static void
test_bad_rows (void)
{
  g_auto (Result) result = read_text ("AB12CDE,FORD\n"
                                      ",VW\n"
                                      "no plate here!,VW\n"
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
  g_assert_cmpstr (get_problem (&result, 1)->value, ==, "no plate here!");
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
    g_autoptr (GInputStream) stream =
      g_memory_input_stream_new_from_data (cases[i].bytes, (gssize) cases[i].length, NULL);
    g_autoptr (GError) error = NULL;

    g_assert_null (bolo_list_parser_new (stream, format, rules, BOLO_LIST_INSERT, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, cases[i].sentence));
  }
}

/* Rows lie across every border of the bytes that are held at a time. */
static void
test_long_lists (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (Result) result = {0};
  guint n_rows = 0;

  for (; text->len < 3 * 1024 * 1024; n_rows++)
    g_string_append_printf (text, "AB12CDE,%u,\"%*s\"\r\n", n_rows, (int) (n_rows % 977), "x");
  result = read_bytes (text->str, text->len, NULL);
  g_assert_cmpuint (result.entries->len, ==, n_rows);
  g_assert_cmpuint (result.problems->len, ==, 0);
  for (guint i = 0; i < n_rows; i++) {
    g_autofree char *make = g_strdup_printf ("%u", i);

    g_assert_cmpstr (get_entry (&result, i)->make, ==, make);
    g_assert_cmpstr (get_entry (&result, i)->model, ==, "x");
  }
}

/* A line far longer than what is held at a time costs itself only. */
static void
test_endless_lines (void)
{
  static const char *const begins[] = {"A1,", "A1,\"", "A1,\"x\"", "", "\"\"\""};

  for (guint i = 0; i < G_N_ELEMENTS (begins); i++)
    for (guint n = 0; n < 3; n++) {
      g_autofree char *filling = g_strnfill (3 * 1024 * 1024 + n, n == 2 ? ' ' : 'y');
      g_autofree char *text =
        g_strconcat ("AB12CDE\n", begins[i], filling, n == 1 ? "\n" : "\r\n", "AB12CDF\n", NULL);
      g_auto (Result) result = read_bytes (text, strlen (text), NULL);

      g_assert_cmpuint (result.entries->len, ==, 2);
      g_assert_cmpuint (result.n_rejected, ==, 1);
      g_assert_cmpuint (get_problem (&result, 0)->row, ==, 2);
      g_assert_cmpstr (get_entry (&result, 1)->plate, ==, "AB12CDF");
    }
}

static void
test_patterns (void)
{
  g_auto (Result) result = read_text ("AB?2*\n*\nA?*\n?1A\nab 1* de\n");

  g_assert_cmpuint (result.entries->len, ==, 3);
  g_assert_cmpuint (result.n_rejected, ==, 2);
  g_assert_true (get_entry (&result, 0)->is_pattern);
  g_assert_cmpstr (get_entry (&result, 0)->plate, ==, "AB?2*");
  g_assert_cmpstr (get_entry (&result, 1)->plate, ==, "?1A");
  g_assert_cmpstr (get_entry (&result, 2)->plate, ==, "AB1*DE");
  g_assert_cmpuint (get_problem (&result, 0)->row, ==, 2);
}

#define WIDE_MAP                                                                                   \
  "[format]\nheader=yes\n[columns]\nplate=P\nregion=R\nplate_type=T\nbody=B\nyear=Y\n"             \
  "category=C\npriority=Pr\nhandling=H\nori=O\nevent_date=E\nvalid_from=F\nvalid_until=U\n"        \
  "days=D\narea=A\ncovert=Cov\noperation=Op\n[constants]\nforce=43\n"
#define WIDE_HEADER "P,R,T,B,Y,C,Pr,H,O,E,F,U,D,A,Cov,Op,Colour code\n"

static void
test_wide_rows (void)
{
  const char *text =
    WIDE_HEADER "AB12CDE,GB,PC,4D,2009,voi,2,A2,LA1,2026-03-01,2026-03-01 08:00,2026-03-02,Mon-We,"
                "circle 51.5 -0.25 500,no,I,BLK\n"
                "AB12CDF,,,,0000,,,,,,,2026-03-02T10:30:05Z,\"Fri-Mo\",,yes,,\n"
                "AB12CDG,,,,,,,,,,,,,,,delete,\n";
  g_auto (Result) result = read_bytes (text, strlen (text), WIDE_MAP);
  const BoloListEntry *entry = get_entry (&result, 0);
  const gint64 march_us = G_GINT64_CONSTANT (1772323200) * G_USEC_PER_SEC;

  g_assert_cmpuint (result.problems->len, ==, 0);
  g_assert_cmpstr (entry->region, ==, "GB");
  g_assert_cmpstr (entry->plate_type, ==, "PC");
  g_assert_cmpstr (entry->body, ==, "4D");
  g_assert_cmpint (entry->year, ==, 2009);
  g_assert_cmpstr (entry->category, ==, "voi");
  g_assert_cmpint (entry->priority, ==, 2);
  g_assert_cmpstr (entry->handling, ==, "A2");
  g_assert_cmpstr (entry->ori, ==, "LA1");
  g_assert_cmpstr (entry->force, ==, "43");
  g_assert_cmpint (entry->event_us, ==, march_us);
  g_assert_cmpint (entry->valid_from_us, ==,
                   march_us + G_GINT64_CONSTANT (8) * 3600 * G_USEC_PER_SEC);
  g_assert_cmpint (entry->valid_until_us, ==,
                   march_us + G_GINT64_CONSTANT (2) * 86400 * G_USEC_PER_SEC);
  g_assert_cmpint (entry->days, ==, 0x07);
  g_assert_cmpint (entry->area.kind, ==, BOLO_AREA_CIRCLE);
  g_assert_false (entry->is_covert);
  g_assert_cmpstr (entry->extra[0], ==, "Colour code");
  g_assert_cmpstr (entry->extra[1], ==, "BLK");
  entry = get_entry (&result, 1);
  g_assert_cmpint (entry->year, ==, 0);
  g_assert_cmpint (entry->days, ==, 0x71);
  g_assert_true (entry->is_covert);
  g_assert_cmpint (entry->valid_until_us, ==,
                   march_us +
                     (G_GINT64_CONSTANT (86400) + 10 * 3600 + 30 * 60 + 5) * G_USEC_PER_SEC);
}

/* Each bad value is named, and none is read as something that it is not. */
static void
test_bad_values (void)
{
  static const struct {
    const char *row;
    const char *column;
    gboolean is_rejected;
  } cases[] = {
    {"A1,,,,twelve\n", "Year", FALSE},
    {"A1,,,,1492\n", "Year", FALSE},
    {"A1,,,,,,10\n", "Priority", FALSE},
    {"A1,,,,,,,,,yesterday\n", "Event date", FALSE},
    {"A1,,,,,,,,,,2026-03-01 25:00\n", "Valid from", FALSE},
    {"A1,,,,,,,,,,,2026-03-01 8 o'clock\n", "Valid until", FALSE},
    {"A1,,,,,,,,,,,,Mon-Xday\n", "Days", FALSE},
    {"A1,,,,,,,,,,,,M\n", "Days", FALSE},
    {"A1,,,,,,,,,,,,,circle 91 0 5\n", "Area", FALSE},
    {"A1,,,,,,,,,,,,,,perhaps\n", "Covert", FALSE},
    {"A1,,,,,,,,,,,,,,,replace\n", "Operation", TRUE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strconcat (WIDE_HEADER, cases[i].row, NULL);
    g_auto (Result) result = read_bytes (text, strlen (text), WIDE_MAP);

    g_test_message ("%s", cases[i].row);
    g_assert_cmpuint (result.problems->len, ==, 1);
    g_assert_cmpstr (get_problem (&result, 0)->column, ==, cases[i].column);
    g_assert_cmpint (get_problem (&result, 0)->is_rejected, ==, cases[i].is_rejected);
    if (cases[i].is_rejected)
      continue;
    g_assert_cmpint (get_entry (&result, 0)->year, ==, 0);
    g_assert_cmpint (get_entry (&result, 0)->days, ==, BOLO_DAYS_ALL);
    g_assert_cmpint (get_entry (&result, 0)->area.kind, ==, BOLO_AREA_NONE);
    g_assert_cmpint (get_entry (&result, 0)->valid_until_us, ==, G_MAXINT64);
    /* In doubt nothing is given away. */
    g_assert_cmpint (get_entry (&result, 0)->is_covert, ==,
                     strstr (cases[i].row, "perhaps") != NULL);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list-parser/whole-row", test_whole_row);
  g_test_add_func ("/list-parser/short-and-wide-rows", test_short_and_wide_rows);
  g_test_add_func ("/list-parser/bad-rows", test_bad_rows);
  g_test_add_func ("/list-parser/sentence", test_sentence);
  g_test_add_func ("/list-parser/actions", test_actions);
  g_test_add_func ("/list-parser/headers", test_headers);
  g_test_add_func ("/list-parser/covert-list", test_covert_list);
  g_test_add_func ("/list-parser/encodings", test_encodings);
  g_test_add_func ("/list-parser/twins-are-resolved", test_twins_are_resolved);
  g_test_add_func ("/list-parser/long-rows", test_long_rows);
  g_test_add_func ("/list-parser/not-lists", test_not_lists);
  g_test_add_func ("/list-parser/long-lists", test_long_lists);
  g_test_add_func ("/list-parser/endless-lines", test_endless_lines);
  g_test_add_func ("/list-parser/patterns", test_patterns);
  g_test_add_func ("/list-parser/wide-rows", test_wide_rows);
  g_test_add_func ("/list-parser/bad-values", test_bad_values);
  return g_test_run ();
}
