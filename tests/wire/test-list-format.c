/* test-list-format.c: column maps say how a list is written, and wrong ones say what is wrong
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-format.h"

#include "bolo-error.h"

#include <glib/gstdio.h>
#include <string.h>

static BoloListFormat *
load (const char *text, GError **error)
{
  g_autofree char *directory = g_dir_make_tmp ("bolo-format-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "map.conf", NULL);
  BoloListFormat *format;

  g_file_set_contents (path, text, -1, NULL);
  format = bolo_list_format_load (path, error);
  g_unlink (path);
  g_rmdir (directory);
  return format;
}

static void
test_uk (void)
{
  g_autoptr (BoloListFormat) format = bolo_list_format_new_uk ();

  g_assert_cmpint (bolo_list_format_get_index (format, BOLO_LIST_COLUMN_PLATE), ==, 0);
  g_assert_cmpint (bolo_list_format_get_index (format, BOLO_LIST_COLUMN_WEED_DATE), ==, 10);
  g_assert_cmpint (bolo_list_format_get_index (format, BOLO_LIST_COLUMN_SOURCE_REFERENCE), ==, 15);
  g_assert_cmpstr (bolo_list_column_get_title (BOLO_LIST_COLUMN_WEED_DATE), ==, "Weed date");
  g_assert_cmpint (bolo_list_format_get_delimiter (format), ==, ',');
  g_assert_false (bolo_list_format_needs_header (format));
  g_assert_null (bolo_list_format_get_encoding (format));
}

static void
test_map (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListFormat) format =
    load ("[format]\ndelimiter=semicolon\nquote=none\nencoding=WINDOWS-1252\ndates=DD.MM.YYYY\n"
          "covert=true\nmarker_delimiter=/\n"
          "[columns]\nplate=Kennzeichen\nmake=3\n",
          &error);

  g_assert_no_error (error);
  g_assert_cmpint (bolo_list_format_get_delimiter (format), ==, ';');
  g_assert_cmpint (bolo_list_format_get_quote (format), ==, '\0');
  g_assert_cmpint (bolo_list_format_get_marker_delimiter (format), ==, '/');
  g_assert_cmpstr (bolo_list_format_get_encoding (format), ==, "WINDOWS-1252");
  g_assert_cmpstr (bolo_list_format_get_name (format, BOLO_LIST_COLUMN_PLATE), ==, "Kennzeichen");
  g_assert_cmpint (bolo_list_format_get_index (format, BOLO_LIST_COLUMN_PLATE), ==, -1);
  g_assert_cmpint (bolo_list_format_get_index (format, BOLO_LIST_COLUMN_MAKE), ==, 2);
  g_assert_cmpint (bolo_list_format_get_index (format, BOLO_LIST_COLUMN_WEED_DATE), ==, -1);
  g_assert_cmpint (bolo_list_format_get_header (format), ==, BOLO_LIST_HEADER_YES);
  g_assert_true (bolo_list_format_needs_header (format));
  g_assert_true (bolo_list_format_is_covert (format));
}

/* The example that is installed is one that works. */
static void
test_example (void)
{
  g_autofree char *path =
    g_build_filename (g_getenv ("BOLO_DATA_DIR"), "examples", "list-map.conf", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListFormat) format = bolo_list_format_load (path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (bolo_list_format_get_index (format, BOLO_LIST_COLUMN_FORCE), ==, 3);
  g_assert_true (bolo_list_format_needs_header (format));
  g_assert_false (bolo_list_format_is_covert (format));
}

static void
test_wrong_maps (void)
{
  static const struct {
    const char *text;
    const char *sentence;
  } cases[] = {
    {"[format]\ndelimitr=,\n", "did you mean 'delimiter'"},
    {"[format]\ndelimiter=ab\n", ":2:"},
    {"[format]\ndelimiter=none\n", "sign of its own"},
    {"[format]\ndelimiter=\"\n", "sign of its own"},
    {"[format]\nheader=maybe\n", ":2:"},
    {"[format]\nencoding=EBCDIC\n", ":2:"},
    {"[format]\ndates=DD/MM\n", "DD/MM/YYYY"},
    {"[format]\ndates=\n", "DD/MM/YYYY"},
    {"[format]\nheader=no\n[columns]\nplate=VRM\n", "header row"},
    {"[columns]\nmake=2\n", "plate"},
    {"[columns]\nplate=0\n", "1 to 256"},
    {"[columns]\nplate=300\n", "1 to 256"},
    {"[colums]\nplate=1\n", "[columns]"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", cases[i].text);
    g_assert_null (load (cases[i].text, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, cases[i].sentence));
  }
}

static void
test_dates (void)
{
  /* The first moment after 14 March 2026. */
  const gint64 end = G_GINT64_CONSTANT (1773532800) * G_USEC_PER_SEC;
  static const char *const good[] = {"14/03/2026",  "2026-03-14",           "20260314",
                                     "14-03-2026",  "14.03.2026",           "14-MAR-2026",
                                     "14 Mar 2026", "2026-03-14T10:00:00Z", "14/03/2026 23:59"};
  static const char *const bad[] = {"",           "31/02/2026", "14/13/2026", "03/14/2026",
                                    "14/3/2026",  "14/03/26",   "tomorrow",   "14/03/2026x",
                                    "00/00/0000", "14-XYZ-2026"};
  g_autoptr (BoloListFormat) format = bolo_list_format_new_uk ();
  gint64 value = 0;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_assert_true (bolo_list_format_parse_date (format, good[i], &value));
    g_assert_cmpint (value, ==, end);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_test_message ("%s", bad[i]);
    g_assert_false (bolo_list_format_parse_date (format, bad[i], &value));
  }
}

static void
test_american_dates (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloListFormat) format = load ("[format]\ndates=MM/DD/YYYY\n", &error);
  gint64 value = 0;

  g_assert_no_error (error);
  g_assert_true (bolo_list_format_parse_date (format, "03/14/2026", &value));
  g_assert_false (bolo_list_format_parse_date (format, "14/03/2026", &value));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list-format/uk", test_uk);
  g_test_add_func ("/list-format/map", test_map);
  g_test_add_func ("/list-format/example", test_example);
  g_test_add_func ("/list-format/wrong-maps", test_wrong_maps);
  g_test_add_func ("/list-format/dates", test_dates);
  g_test_add_func ("/list-format/american-dates", test_american_dates);
  return g_test_run ();
}
