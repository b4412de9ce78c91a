/* test-csv-record.c: records end where they should, and a fault costs its own line only
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-csv-record.h"

#include <string.h>

#define LIMIT 64

/* "a|b|c" of the record's fields, with what was found and where it goes on. */
static void
expect (const char *text, gsize offset, BoloCsvStatus status, const char *fields, gsize next)
{
  BoloCsvRecord record;
  g_autoptr (GString) joined = g_string_new (NULL);

  g_assert_cmpint (bolo_csv_find_record (text, strlen (text), offset, ',', '"', LIMIT, &record), ==,
                   status);
  for (guint i = 0; status == BOLO_CSV_GOOD && i < record.n_fields; i++) {
    g_autofree char *field = bolo_csv_field_dup (&record.fields[i], '"');

    g_string_append_printf (joined, "%s%s", i > 0 ? "|" : "", field);
  }
  if (status == BOLO_CSV_GOOD)
    g_assert_cmpstr (joined->str, ==, fields);
  g_assert_cmpuint (record.next, ==, next);
}

static void
test_good (void)
{
  expect ("a,b,c\nd", 0, BOLO_CSV_GOOD, "a|b|c", 6);
  expect ("a,b,c\nd", 6, BOLO_CSV_GOOD, "d", 7);
  expect ("a,,\r\nd", 0, BOLO_CSV_GOOD, "a||", 5);
  expect ("a\rb", 0, BOLO_CSV_GOOD, "a", 2);
  expect (",\n", 0, BOLO_CSV_GOOD, "|", 2);
  expect ("\"a,b\",c\n", 0, BOLO_CSV_GOOD, "a,b|c", 8);
  expect ("\"a\"\"b\"\n", 0, BOLO_CSV_GOOD, "a\"b", 7);
  expect ("\"a\nb\",c\nd", 0, BOLO_CSV_GOOD, "a\nb|c", 8);
  expect (" \"a\" ,b\n", 0, BOLO_CSV_GOOD, "a|b", 8);
  expect ("5' 10\" tall,b\n", 0, BOLO_CSV_GOOD, "5' 10\" tall|b", 14);
  expect ("\"\"\n", 0, BOLO_CSV_GOOD, "", 3);
}

static void
test_blank_and_end (void)
{
  expect ("\na", 0, BOLO_CSV_BLANK, NULL, 1);
  expect (" \t\r\na", 0, BOLO_CSV_BLANK, NULL, 4);
  expect ("", 0, BOLO_CSV_END, NULL, 0);
  expect ("a\n", 2, BOLO_CSV_END, NULL, 2);
}

static void
test_faults (void)
{
  g_autofree char *wide = g_strnfill (BOLO_CSV_FIELDS_MAX, ',');
  g_autofree char *wide_line = g_strconcat (wide, "\nx", NULL);
  g_autofree char *filling = g_strnfill (LIMIT + 1, 'x');
  g_autofree char *long_line = g_strconcat (filling, "\nx", NULL);
  g_autofree char *long_quote = g_strconcat ("\"", filling, "\"\nx", NULL);
  BoloCsvRecord record;

  expect ("a,\"b\nc,d\n", 0, BOLO_CSV_UNCLOSED, NULL, 5);
  expect ("a,\"b", 0, BOLO_CSV_UNCLOSED, NULL, 4);
  expect ("\"a\"b,c\nd", 0, BOLO_CSV_TRAILING, NULL, 7);
  expect (wide_line, 0, BOLO_CSV_TOO_WIDE, NULL, BOLO_CSV_FIELDS_MAX + 1);
  expect (long_line, 0, BOLO_CSV_TOO_LONG, NULL, LIMIT + 2);
  expect (long_quote, 0, BOLO_CSV_UNCLOSED, NULL, LIMIT + 4);
  /* The field at fault is the one behind the good ones. */
  bolo_csv_find_record ("a,\"b", 4, 0, ',', '"', LIMIT, &record);
  g_assert_cmpuint (record.n_fields, ==, 1);
}

static void
test_without_quotes (void)
{
  BoloCsvRecord record;
  g_autofree char *field = NULL;

  g_assert_cmpint (bolo_csv_find_record ("\"a;b\n", 5, 0, ';', '\0', LIMIT, &record), ==,
                   BOLO_CSV_GOOD);
  g_assert_cmpuint (record.n_fields, ==, 2);
  field = bolo_csv_field_dup (&record.fields[0], '\0');
  g_assert_cmpstr (field, ==, "\"a");
}

static void
test_tab_delimiter (void)
{
  BoloCsvRecord record;

  g_assert_cmpint (bolo_csv_find_record ("a\t\tc\n", 5, 0, '\t', '"', LIMIT, &record), ==,
                   BOLO_CSV_GOOD);
  g_assert_cmpuint (record.n_fields, ==, 3);
  g_assert_cmpuint (record.fields[1].length, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv-record/good", test_good);
  g_test_add_func ("/csv-record/blank-and-end", test_blank_and_end);
  g_test_add_func ("/csv-record/faults", test_faults);
  g_test_add_func ("/csv-record/without-quotes", test_without_quotes);
  g_test_add_func ("/csv-record/tab-delimiter", test_tab_delimiter);
  return g_test_run ();
}
