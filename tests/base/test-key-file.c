/* test-key-file.c: values, and the sentence for each kind of mistake
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-key-file.h"

#include <glib/gstdio.h>

static const char *const camera_keys[] = {"source", "width", "rate", "is_on", "mode", "list", NULL};
static const char *const any_keys[] = {"*", NULL};
static const BoloKeySpec specs[] = {
  {"camera *", camera_keys},
  {"free", any_keys},
  {NULL, NULL},
};

static BoloKeyFile *
load (const char *text, GError **error)
{
  return bolo_key_file_load_data (text, -1, "test.conf", specs, error);
}

static void
test_values (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloKeyFile) file = load ("# comment\n\n[camera front]\nsource = rtsp://x \n"
                                       "width=1280\nrate=12.5\nis_on=yes\nmode=Fast\n"
                                       "list=a; b ;c\n[free]\nanything=1\n",
                                       &error);
  const char *const modes[] = {"slow", "fast", NULL};
  g_autofree char *source = NULL;
  g_auto (GStrv) list = NULL;
  gint64 width;
  double rate;
  gboolean is_on;
  int mode;

  g_assert_no_error (error);
  source = bolo_key_file_get_string (file, "camera front", "source", NULL);
  g_assert_cmpstr (source, ==, "rtsp://x");
  g_assert_true (bolo_key_file_get_int (file, "camera front", "width", 1, 9999, 0, &width, &error));
  g_assert_cmpint (width, ==, 1280);
  g_assert_true (bolo_key_file_get_double (file, "camera front", "rate", 0, 60, 1, &rate, &error));
  g_assert_cmpfloat (rate, ==, 12.5);
  g_assert_true (bolo_key_file_get_boolean (file, "camera front", "is_on", FALSE, &is_on, &error));
  g_assert_true (is_on);
  g_assert_true (bolo_key_file_get_choice (file, "camera front", "mode", modes, 0, &mode, &error));
  g_assert_cmpint (mode, ==, 1);
  list = bolo_key_file_get_list (file, "camera front", "list");
  g_assert_cmpuint (g_strv_length (list), ==, 3);
  g_assert_cmpstr (list[1], ==, "b");
  g_assert_cmpuint (bolo_key_file_get_line (file, "camera front", "width"), ==, 5);
}

static void
test_absent_keys_fall_back (void)
{
  g_autoptr (BoloKeyFile) file = load ("[camera a]\n", NULL);
  g_autofree char *source = bolo_key_file_get_string (file, "camera a", "source", "none");
  g_auto (GStrv) list = bolo_key_file_get_list (file, "camera a", "list");
  gint64 width;
  guint count;

  g_assert_cmpstr (source, ==, "none");
  g_assert_cmpuint (g_strv_length (list), ==, 0);
  g_assert_true (bolo_key_file_get_int (file, "camera a", "width", 1, 10, 640, &width, NULL));
  g_assert_cmpint (width, ==, 640);
  g_assert_true (bolo_key_file_get_uint (file, "camera a", "count", 1, 10, 4, &count, NULL));
  g_assert_cmpuint (count, ==, 4);
}

typedef struct {
  const char *text;
  const char *sentence;
} Mistake;

static void
test_mistakes_in_the_file (void)
{
  const Mistake mistakes[] = {
    {"[camera a]\nsorce=x\n",
     "test.conf:2: unknown key 'sorce' in [camera a]; did you mean 'source'?"},
    {"[camera a]\nqqqqqqqqq=x\n",
     "test.conf:2: unknown key 'qqqqqqqqq' in [camera a]; known are: source, width, rate, "
     "is_on, mode, list"},
    {"\n[fre]\nx=1\n", "test.conf:2: unknown section [fre]; did you mean [free]?"},
    {"[free]\nno equals here\n", "test.conf:2: a line must be [section], key=value or # comment"},
    {"key=1\n", "test.conf:1: a line must be [section], key=value or # comment"},
    {"[free]\nx=\xff\xfe\n", "test.conf: not a UTF-8 text file; save it as UTF-8"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (load (mistakes[i].text, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_cmpstr (error->message, ==, mistakes[i].sentence);
  }
}

static void
test_mistakes_in_a_value (void)
{
  g_autoptr (BoloKeyFile) file =
    load ("[camera a]\nwidth=wide\nrate=99\nis_on=maybe\nmode=odd\n", NULL);
  const char *const modes[] = {"slow", "fast", NULL};
  g_autoptr (GError) error = NULL;
  gint64 width;
  guint count = 5;
  double rate;
  gboolean is_on;
  int mode;

  g_assert_false (bolo_key_file_get_int (file, "camera a", "width", 1, 9, 0, &width, &error));
  g_assert_cmpstr (error->message, ==,
                   "test.conf:2: width=wide must be a whole number from 1 to 9");
  g_clear_error (&error);
  g_assert_false (bolo_key_file_get_uint (file, "camera a", "rate", 0, 60, 7, &count, &error));
  g_assert_cmpstr (error->message, ==, "test.conf:3: rate=99 must be a whole number from 0 to 60");
  g_assert_cmpuint (count, ==, 5);
  g_clear_error (&error);
  g_assert_false (bolo_key_file_get_double (file, "camera a", "rate", 0, 60, 0, &rate, &error));
  g_assert_cmpstr (error->message, ==, "test.conf:3: rate=99 must be a number from 0 to 60");
  g_clear_error (&error);
  g_assert_false (bolo_key_file_get_boolean (file, "camera a", "is_on", FALSE, &is_on, &error));
  g_assert_cmpstr (error->message, ==,
                   "test.conf:4: is_on=maybe must be one of: false, true, no, yes, 0, 1");
  g_clear_error (&error);
  g_assert_false (bolo_key_file_get_choice (file, "camera a", "mode", modes, 0, &mode, &error));
  g_assert_cmpstr (error->message, ==, "test.conf:5: mode=odd must be one of: slow, fast");
}

static void
test_missing_file (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_key_file_load ("/nonexistent/bolo.conf", specs, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_assert_true (g_str_has_prefix (error->message, "Cannot read /nonexistent/bolo.conf: "));
}

static void
test_empty_file (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "bolo-empty-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloKeyFile) file = NULL;
  g_auto (GStrv) groups = NULL;
  int descriptor = g_mkstemp (path);

  g_assert_cmpint (descriptor, >=, 0);
  g_close (descriptor, NULL);
  file = bolo_key_file_load (path, specs, &error);
  g_assert_no_error (error);
  groups = bolo_key_file_get_groups (file);
  g_assert_cmpuint (g_strv_length (groups), ==, 0);
  g_unlink (path);
}

static void
test_nearest_word (void)
{
  const char *const words[] = {"source", "width", NULL};

  g_assert_cmpstr (bolo_nearest_word ("widht", words), ==, "width");
  g_assert_cmpstr (bolo_nearest_word ("SOURCE", words), ==, "source");
  g_assert_null (bolo_nearest_word ("zzzzzz", words));
  g_assert_null (bolo_nearest_word ("x", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key-file/values", test_values);
  g_test_add_func ("/key-file/fallbacks", test_absent_keys_fall_back);
  g_test_add_func ("/key-file/mistakes/file", test_mistakes_in_the_file);
  g_test_add_func ("/key-file/mistakes/value", test_mistakes_in_a_value);
  g_test_add_func ("/key-file/missing", test_missing_file);
  g_test_add_func ("/key-file/empty", test_empty_file);
  g_test_add_func ("/key-file/nearest", test_nearest_word);
  return g_test_run ();
}
