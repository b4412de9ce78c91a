/* test-key-file-noise.c: files with slips in them, by the thousand: sound, or refused in a sentence
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-key-file.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *const camera_keys[] = {"source", "width", "rate", "mode", NULL};
static const char *const any_keys[] = {"*", NULL};
static const BoloKeySpec specs[] = {
  {"camera *", camera_keys},
  {"free", any_keys},
  {NULL, NULL},
};

static const char sound[] = "# a comment\n"
                            "\n"
                            "[camera front]\n"
                            "source=rtsp://192.0.2.1/one\n"
                            "width=1280\n"
                            "[camera rear]\n"
                            "rate=12.5\n"
                            "mode=fast;slow\n"
                            "[free]\n"
                            "anything=ümläut\n";

/* One line, with the file's name in front, and of the right kind. */
static void
check_sentence (const GError *error)
{
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_true (g_str_has_prefix (error->message, "noise.conf:"));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_cmpuint (strlen (error->message), >, strlen ("noise.conf:1: "));
}

/* Every key that a loaded file has was allowed, and stands on a line. */
static void
check_loaded (BoloKeyFile *file)
{
  g_auto (GStrv) groups = bolo_key_file_get_groups (file);

  for (guint i = 0; groups[i] != NULL; i++) {
    g_auto (GStrv) keys = bolo_key_file_get_keys (file, groups[i]);

    g_assert_true (g_str_has_prefix (groups[i], "camera ") || g_str_equal (groups[i], "free"));
    g_assert_cmpuint (bolo_key_file_get_line (file, groups[i], NULL), >, 0);
    for (guint j = 0; keys[j] != NULL; j++) {
      g_autofree char *value = bolo_key_file_get_string (file, groups[i], keys[j], NULL);
      g_auto (GStrv) list = bolo_key_file_get_list (file, groups[i], keys[j]);

      g_assert_cmpuint (bolo_key_file_get_line (file, groups[i], keys[j]), >, 0);
      if (!g_str_equal (groups[i], "free"))
        g_assert_true (g_strv_contains (camera_keys, keys[j]));
      g_assert_nonnull (list);
    }
  }
}

static void
try_bytes (const char *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloKeyFile) file =
    bolo_key_file_load_data (bytes, (gssize) length, "noise.conf", specs, &error);

  if (file == NULL) {
    check_sentence (error);
    return;
  }
  g_assert_no_error (error);
  check_loaded (file);
}

static void
test_changed_bytes (void)
{
  for (guint round = 0; round < 20000; round++) {
    g_autofree char *bytes = g_memdup2 (sound, sizeof sound);
    gint32 length = (gint32) sizeof sound - 1;

    for (int changes = g_test_rand_int_range (1, 6); changes > 0; changes--)
      bytes[g_test_rand_int_range (0, length)] = (char) g_test_rand_int_range (0, 256);
    try_bytes (bytes, (gsize) length);
  }
}

static void
test_cut_and_pasted (void)
{
  gint32 length = (gint32) sizeof sound - 1;

  for (guint round = 0; round < 20000; round++) {
    gint32 from = g_test_rand_int_range (0, length);
    gint32 count = g_test_rand_int_range (0, length - from + 1);
    gint32 to = g_test_rand_int_range (0, length);
    g_autoptr (GString) text = g_string_new (NULL);

    g_string_append_len (text, sound, to);
    g_string_append_len (text, sound + from, count);
    g_string_append_len (text, sound + to, length - to);
    try_bytes (text->str, text->len);
  }
}

static void
test_every_prefix (void)
{
  for (gsize length = 0; length < sizeof sound; length++)
    try_bytes (sound, length);
}

/* A NUL must not hide what stands after it. */
static void
test_nul (void)
{
  static const char text[] = "[free]\na=1\n\0[camera front]\nsorce=x\n";
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_key_file_load_data (text, sizeof text - 1, "noise.conf", specs, &error));
  check_sentence (error);
  g_assert_nonnull (strstr (error->message, "UTF-8"));
}

static void
test_twice (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) apart = NULL;
  g_autoptr (BoloKeyFile) other = NULL;

  g_assert_null (bolo_key_file_load_data ("[camera a]\nwidth=1\nrate=2\n width = 3\n", -1,
                                          "noise.conf", specs, &error));
  g_assert_cmpstr (error->message, ==,
                   "noise.conf:4: 'width' stands in [camera a] a second time, after line 2; keep "
                   "one of them");
  g_clear_error (&error);

  /* a section that is opened again is the same section */
  g_assert_null (
    bolo_key_file_load_data ("[camera a]\nwidth=1\n[camera b]\nwidth=2\n[camera a]\nwidth=3\n", -1,
                             "noise.conf", specs, &error));
  g_assert_true (g_str_has_prefix (error->message, "noise.conf:6: 'width' stands in [camera a]"));

  other = bolo_key_file_load_data ("[camera a]\nwidth=1\n[camera b]\nwidth=2\n#width=3\n", -1,
                                   "noise.conf", specs, &apart);
  g_assert_no_error (apart);
}

static void
test_line_ends (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloKeyFile) file = bolo_key_file_load_data (
    "[camera a]\r\nsource=x y \r\n\r\nwidth=7\r\n", -1, "noise.conf", specs, &error);
  g_autofree char *source = NULL;
  gint64 width = 0;

  g_assert_no_error (error);
  source = bolo_key_file_get_string (file, "camera a", "source", NULL);
  g_assert_cmpstr (source, ==, "x y");
  g_assert_true (bolo_key_file_get_int (file, "camera a", "width", 0, 9, 0, &width, &error));
  g_assert_cmpint (width, ==, 7);
  g_assert_cmpuint (bolo_key_file_get_line (file, "camera a", "width"), ==, 4);
}

/* However many lines stand before it, the line that is named is the right one. */
static void
test_lines_are_right (void)
{
  for (guint before = 0; before < 300; before += 7) {
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autofree char *expected = NULL;

    for (guint i = 0; i < before; i++)
      g_string_append (text, i % 2 == 0 ? "# filling\n" : "\n");
    g_string_append (text, "[camera a]\nwidht=1\n");
    g_assert_null (bolo_key_file_load_data (text->str, -1, "noise.conf", specs, &error));
    expected = g_strdup_printf (
      "noise.conf:%u: unknown key 'widht' in [camera a]; did you mean 'width'?", before + 2);
    g_assert_cmpstr (error->message, ==, expected);
  }
}

static void
test_number_edges (void)
{
  static const char *const wrong[] = {"",    " ",   "1 2", "0x10", "1e400", "nan",
                                      "inf", "--1", "1,5", "12k",  "٣",     "9223372036854775808"};
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *text = g_strdup_printf ("[camera a]\nwidth=%s\n", wrong[i]);
    g_autoptr (GError) whole = NULL;
    g_autoptr (GError) real = NULL;
    g_autoptr (BoloKeyFile) file = bolo_key_file_load_data (text, -1, "noise.conf", specs, NULL);
    gint64 width = 0;
    double rate = 0;

    g_assert_nonnull (file);
    g_assert_false (
      bolo_key_file_get_int (file, "camera a", "width", -10, 100000, 5, &width, &whole));
    check_sentence (whole);
    if (g_str_equal (wrong[i], "0x10"))
      continue; /* a number to strtod; the range decides */
    g_assert_false (
      bolo_key_file_get_double (file, "camera a", "width", -10, 100000, 5, &rate, &real));
    check_sentence (real);
  }
}

static void
test_too_large (void)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *megabyte = g_strnfill (1024 * 1024, '#');
  int fd = g_file_open_tmp ("key-file-XXXXXX.conf", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_autofree char *five =
    g_strconcat (megabyte, megabyte, megabyte, megabyte, megabyte, "\n", NULL);
  g_assert_true (g_file_set_contents (path, five, -1, NULL));
  g_assert_null (bolo_key_file_load (path, specs, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "at most 4 MiB"));
  g_unlink (path);
}

static void
test_folder_instead (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_key_file_load (g_get_tmp_dir (), specs, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == BOLO_ERROR);
  g_assert_nonnull (strstr (error->message, g_get_tmp_dir ()));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key-file/noise/bytes", test_changed_bytes);
  g_test_add_func ("/key-file/noise/pasted", test_cut_and_pasted);
  g_test_add_func ("/key-file/noise/prefixes", test_every_prefix);
  g_test_add_func ("/key-file/nul", test_nul);
  g_test_add_func ("/key-file/twice", test_twice);
  g_test_add_func ("/key-file/line-ends", test_line_ends);
  g_test_add_func ("/key-file/lines", test_lines_are_right);
  g_test_add_func ("/key-file/number-edges", test_number_edges);
  g_test_add_func ("/key-file/too-large", test_too_large);
  g_test_add_func ("/key-file/folder", test_folder_instead);
  return g_test_run ();
}
