/* test-outlines.c: the shipped characters are all there and measure what the law says
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-outlines.h"

#include "bolo-error.h"

#include <glib/gstdio.h>
#include <math.h>

static BoloOutlines *
load_shipped (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
    g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", "outlines-gb.ini", NULL);
  BoloOutlines *outlines = bolo_outlines_load (path, &error);

  g_assert_no_error (error);
  return outlines;
}

static void
test_shipped (void)
{
  g_autoptr (BoloOutlines) outlines = load_shipped ();
  const BoloOutlineSizes *sizes = bolo_outlines_get_sizes (outlines);

  g_assert_cmpfloat (sizes->height, ==, 79);
  g_assert_cmpfloat (sizes->stroke, ==, 14);
  g_assert_cmpfloat (sizes->plate_width, ==, 520);
  for (const char *c = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"; *c != '\0'; c++) {
    const BoloOutlineGlyph *glyph = bolo_outlines_get_glyph (outlines, *c);

    g_assert_nonnull (glyph);
    g_assert_cmpfloat (glyph->advance_mm, ==, *c == '1' || *c == 'I' ? 14 : 50);
    g_assert_cmpint (glyph->steps[0].command, ==, BOLO_OUTLINE_MOVE);
    for (guint i = 0; i < glyph->n_steps; i++)
      for (guint k = 0; k < 3; k++) {
        g_assert_cmpfloat (glyph->steps[i].points[k][0], <=, glyph->advance_mm + 1);
        g_assert_cmpfloat (glyph->steps[i].points[k][1], <=, sizes->height + 1);
      }
  }
  g_assert_null (bolo_outlines_get_glyph (outlines, 'a'));
  g_assert_null (bolo_outlines_get_glyph (outlines, (char) 0xe9));
}

static void
test_width (void)
{
  g_autoptr (BoloOutlines) outlines = load_shipped ();

  /* Six wide characters and a 1, five gaps and the group's. */
  g_assert_cmpfloat (bolo_outlines_get_width_mm (outlines, "AB12 CDE"), ==,
                     6 * 50 + 14 + 5 * 11 + 33);
  g_assert_cmpfloat (bolo_outlines_get_width_mm (outlines, ""), ==, 0);
  g_assert_cmpfloat (bolo_outlines_get_width_mm (outlines, " A?"), ==, 50);
}

static void
test_wrong (void)
{
  static const char *const glyphs[] = {
    "A=50",
    "A=50;",
    "A=;M 0 0 L 1 1",
    "A=50;L 0 0 L 1 1",
    "A=50;M 0",
    "A=50;M 0 0 Q 1 1",
    "A=50;M 0 0 C 1 1 2 2",
    "A=-5;M 0 0 L 1 1",
    "AB=50;M 0 0 L 1 1",
    "A=50;M nan 0 L 1 1",
    "A=50;M 1e9 0 L 1 1",
  };
  g_autofree char *directory = g_dir_make_tmp ("bolo-outlines-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "o.ini", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (glyphs); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *text = g_strdup_printf ("[outline]\nheight_mm=79\n[glyphs]\n%s\n", glyphs[i]);

    g_file_set_contents (path, text, -1, NULL);
    g_test_message ("%s", glyphs[i]);
    g_assert_null (bolo_outlines_load (path, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, ":4:"));
  }
  g_unlink (path);
  g_rmdir (directory);
}

static void
test_missing (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_outlines_load ("/nonexistent/outlines.ini", &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outlines/shipped", test_shipped);
  g_test_add_func ("/outlines/width", test_width);
  g_test_add_func ("/outlines/wrong", test_wrong);
  g_test_add_func ("/outlines/missing", test_missing);
  return g_test_run ();
}
