/* test-list-formats.c: NCIC and its state variants, PIPS, and how a list's format is recognised
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-list-parser.h"
#include "bolo-list-recogniser.h"

#include <string.h>

#define NCIC_LINE "V123456789LA057020020190509AB123456  CA2009MC2009YAMACYLMCBLK"
#define NCIC_SHORT "F00000000100000000020200229XYZ1230H  0H    PC    D0DG     BLK/WHI"
#define WA_LINE "00V0000001WA034010020200115ABC1234   WA2021PC"
#define MN_LINE "V000000001,MN0620900,20200131,ABC123,MN,2021,PC,2009,HOND,CIV,4D,BLU"
#define TX_LINE "W000000002,TX2270000,20200131,DEF456,TX,2021,2012,FORD,F15,PK,WHI"
#define CA_LINE "7ABC123 CA1920200131"
#define OH_LINE                                                                                    \
  "GHJ789    0H01/31/202102/03/2020CHEVROLET               IMP2014BLACK  NIC/W123456789 SEE OFF"

typedef struct {
  BoloPlateRules *rules;
  char *directory;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *plate = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);

  fixture->rules = bolo_plate_rules_load (plate, NULL);
  fixture->directory = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "lists", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bolo_plate_rules_unref (fixture->rules);
  g_free (fixture->directory);
}

/* (transfer full): all entries of @text, read as @word; the test fails where a row is refused. */
static GPtrArray *
read_as (Fixture *fixture, const char *word, const char *text, GPtrArray *problems)
{
  g_autoptr (GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_entry_unref);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListFormat) format = bolo_list_formats_load (fixture->directory, word, &error);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (text, -1, NULL);
  g_autoptr (BoloListParser) parser = NULL;
  BoloListParsed step;
  BoloListRow row;

  g_assert_no_error (error);
  parser = bolo_list_parser_new (stream, format, fixture->rules, BOLO_LIST_INSERT, &error);
  g_assert_no_error (error);
  while ((step = bolo_list_parser_next (parser, &row, problems, &error)) != BOLO_LIST_PARSED_END) {
    g_assert_cmpint (step, ==, BOLO_LIST_PARSED_ROW);
    g_ptr_array_add (entries, row.entry);
  }
  return g_steal_pointer (&entries);
}

static gint64
at_utc (int year, int month, int day)
{
  g_autoptr (GDateTime) time = g_date_time_new_utc (year, month, day, 0, 0, 0);

  return g_date_time_to_unix (time) * G_USEC_PER_SEC;
}

/* The published example, field by field. */
static void
test_ncic (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries =
    read_as (fixture, "ncic", "NCIC LPR EXTRACT\n" NCIC_LINE "\r\n" NCIC_SHORT "\n", NULL);
  const BoloListEntry *entry = g_ptr_array_index (entries, 0);

  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_cmpstr (entry->type_code, ==, "V");
  g_assert_cmpstr (entry->category, ==, "stolen-vehicle");
  g_assert_cmpstr (entry->reason, ==, "Stolen vehicle");
  g_assert_cmpint (entry->priority, ==, 3);
  g_assert_cmpstr (entry->pnc_id, ==, "V123456789");
  g_assert_cmpstr (entry->ori, ==, "LA0570200");
  g_assert_cmpint (entry->event_us, ==, at_utc (2019, 5, 9));
  g_assert_cmpstr (entry->plate, ==, "AB123456");
  g_assert_cmpstr (entry->region, ==, "CA");
  g_assert_cmpstr (entry->extra[0], ==, "plate year");
  g_assert_cmpstr (entry->extra[1], ==, "2009");
  g_assert_cmpstr (entry->plate_type, ==, "MC");
  g_assert_cmpint (entry->year, ==, 2009);
  g_assert_cmpstr (entry->make, ==, "YAMA");
  g_assert_cmpstr (entry->model, ==, "CYL");
  g_assert_cmpstr (entry->body, ==, "MC");
  g_assert_cmpstr (entry->colour, ==, "BLK");
  g_assert_cmpint (entry->action, ==, BOLO_ACTION_UNKNOWN);
  g_assert_false (entry->is_covert);
  entry = g_ptr_array_index (entries, 1);
  g_assert_cmpstr (entry->region, ==, "OH"); /* written with the digit */
  g_assert_cmpstr (entry->make, ==, "DODG");
  g_assert_cmpstr (entry->colour, ==, "BLK/WHI");
  g_assert_cmpint (entry->priority, ==, 1);
  g_assert_cmpint (entry->event_us, ==, at_utc (2020, 2, 29));
}

/* Without a title the first line is an entry, and stays one. */
static void
test_ncic_without_title (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = read_as (fixture, "ncic", NCIC_LINE "\n" NCIC_LINE "\n", NULL);

  g_assert_cmpuint (entries->len, ==, 2);
}

static void
test_ncic_problems (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) problems =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_problem_free);
  g_autoptr (GPtrArray) entries =
    read_as (fixture, "ncic",
             NCIC_LINE "\n"
                       "Y123456789LA057020020190231AB123457  CA2009MC20X9YAMACYLMCBLK\n",
             problems);

  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_cmpuint (problems->len, ==, 3);
  for (guint i = 0; i < problems->len; i++) {
    const BoloListProblem *problem = g_ptr_array_index (problems, i);
    static const char *const columns[] = {"Event date", "Year", "Type code"};

    g_assert_cmpuint (problem->row, ==, 2);
    g_assert_cmpstr (problem->column, ==, columns[i]);
    g_assert_false (problem->is_rejected);
  }
}

static void
test_variants (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *word;
    const char *text;
    const char *plate;
    const char *region;
    const char *category;
    const char *make;
    const char *colour;
    const char *body;
    int year;
    int event[3];
  } cases[] = {
    {"ncic-wa",
     "TITLE\n" WA_LINE "\n",
     "ABC1234",
     "WA",
     "stolen-vehicle",
     NULL,
     NULL,
     NULL,
     0,
     {2020, 1, 15}},
    {"ncic-mn",
     MN_LINE "\n",
     "ABC123",
     "MN",
     "stolen-vehicle",
     "HOND",
     "BLU",
     "4D",
     2009,
     {2020, 1, 31}},
    {"ncic-tx",
     TX_LINE "\n",
     "DEF456",
     "TX",
     "wanted-person",
     "FORD",
     "WHI",
     "PK",
     2012,
     {2020, 1, 31}},
    {"ca-doj",
     "SVS TABLE\n" CA_LINE "\nTOTAL RECORDS 1\n",
     "7ABC123",
     "CA",
     NULL,
     NULL,
     NULL,
     NULL,
     0,
     {2020, 1, 31}},
    {"oh-leads",
     OH_LINE "\n",
     "GHJ789",
     "OH",
     NULL,
     "CHEVROLET",
     "BLACK",
     NULL,
     2014,
     {2020, 2, 3}},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) entries = read_as (fixture, cases[i].word, cases[i].text, NULL);
    const BoloListEntry *entry = g_ptr_array_index (entries, 0);

    g_test_message ("%s", cases[i].word);
    g_assert_cmpuint (entries->len, ==, 1);
    g_assert_cmpstr (entry->plate, ==, cases[i].plate);
    g_assert_cmpstr (entry->region, ==, cases[i].region);
    g_assert_cmpstr (entry->category, ==, cases[i].category);
    g_assert_cmpstr (entry->make, ==, cases[i].make);
    g_assert_cmpstr (entry->colour, ==, cases[i].colour);
    g_assert_cmpstr (entry->body, ==, cases[i].body);
    g_assert_cmpint (entry->year, ==, cases[i].year);
    g_assert_cmpint (entry->event_us, ==,
                     at_utc (cases[i].event[0], cases[i].event[1], cases[i].event[2]));
  }
}

static void
test_pips (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = read_as (
    fixture, "pips", "AB12CDE,a,b,c,d,e,99/1X,\"Seen, armed\",17\nAB12CDF,,,,,,,none\n", NULL);
  const BoloListEntry *entry = g_ptr_array_index (entries, 0);

  g_assert_cmpuint (entries->len, ==, 2);
  g_assert_cmpstr (entry->pnc_id, ==, "99/1X");
  g_assert_cmpstr (entry->information, ==, "Seen, armed");
  g_assert_cmpstr (entry->source_reference, ==, "17");
  g_assert_cmpuint (g_strv_length (entry->extra), ==, 10);
  g_assert_cmpstr (entry->extra[8], ==, "field 5");
  g_assert_cmpstr (entry->extra[9], ==, "e");
}

static void
test_recognition (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *name;
    const char *text;
    const char *word;
  } cases[] = {
    {"a.txt", "NCIC LPR EXTRACT\n" NCIC_LINE "\n" NCIC_LINE "\n", "(ncic)"},
    {"a.txt", NCIC_LINE "\n", "(ncic)"},
    {"a.txt", WA_LINE "\n" WA_LINE "\n", "(ncic-wa)"},
    {"a.csv", MN_LINE "\n" MN_LINE "\n", "(ncic-mn)"},
    {"a.csv", TX_LINE "\n", "(ncic-tx)"},
    {"svs.tbl", "SVS\n" CA_LINE "\n" CA_LINE "\nTOTAL RECORD 2\n", "(ca-doj)"},
    {"a.txt", OH_LINE "\n", "(oh-leads)"},
    {"voi_ins.PIPS", "AB12CDE,,,,,,,x\n", "(pips)"},
    {"a.csv", "AB12CDE,FORD,FOCUS,BLUE,STOP\n", "(csv)"},
    {"a.csv", "VRM,Make\nAB12CDE,FORD\n", "(csv)"},
    {"a.csv", "AB12CDE\n", "(csv)"},
    {"a.csv", "", "(csv)"},
    {"a.csv", "\xff\xfe", "(csv)"},
    /* One NCIC line among others makes no NCIC list. */
    {"a.csv", NCIC_LINE "\nAB12CDE\nAB12CDF\nAB12CDG\n", "(csv)"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) sample = g_bytes_new_static (cases[i].text, strlen (cases[i].text));
    g_autofree char *reason = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (BoloListFormat) format = bolo_list_formats_recognise (
      fixture->directory, cases[i].name, sample, fixture->rules, &reason, &error);

    g_assert_no_error (error);
    g_assert_nonnull (format);
    g_test_message ("%s", reason);
    g_assert_nonnull (strstr (reason, cases[i].word));
    g_assert_nonnull (strstr (reason, bolo_list_format_get_title (format)));
  }
}

static void
test_unknown_word (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_list_formats_load (fixture->directory, "ncic-wx", &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "did you mean ncic-wa"));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    {"/list-formats/ncic", test_ncic},
    {"/list-formats/ncic-without-title", test_ncic_without_title},
    {"/list-formats/ncic-problems", test_ncic_problems},
    {"/list-formats/variants", test_variants},
    {"/list-formats/pips", test_pips},
    {"/list-formats/recognition", test_recognition},
    {"/list-formats/unknown-word", test_unknown_word},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
