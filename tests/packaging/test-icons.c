/* test-icons.c: draws each icon as the toolkit will, and looks whether anything is there
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <stdlib.h>

/* How much of a picture is painted, from 0 to 1. */
static double
get_coverage (GdkPixbuf *pixbuf)
{
  int width = gdk_pixbuf_get_width (pixbuf);
  int height = gdk_pixbuf_get_height (pixbuf);
  int stride = gdk_pixbuf_get_rowstride (pixbuf);
  const guint8 *pixels = gdk_pixbuf_read_pixels (pixbuf);
  double sum = 0;

  g_assert_cmpint (gdk_pixbuf_get_n_channels (pixbuf), ==, 4);
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++)
      sum += pixels[y * stride + x * 4 + 3] / 255.0;
  }
  return sum / (width * height);
}

static void
test_icon (gconstpointer data)
{
  const char *path = data;

  for (int size = 16; size <= 96; size *= 2) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new_from_file_at_size (path, size, size, &error);
    double coverage;

    g_assert_no_error (error);
    g_assert_cmpint (gdk_pixbuf_get_width (pixbuf), ==, size);
    coverage = get_coverage (pixbuf);
    g_assert_cmpfloat (coverage, >, 0.05);
    g_assert_cmpfloat (coverage, <, 0.95);
  }
}

static void
test_empty_is_seen (void)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, 16, 16);

  gdk_pixbuf_fill (pixbuf, 0);
  g_assert_cmpfloat (get_coverage (pixbuf), ==, 0);
}

static guint
add_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint count = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
      count += add_folder (path);
    } else if (g_str_has_suffix (name, ".svg")) {
      g_autofree char *test = g_strconcat ("/icons/", name, NULL);

      g_test_add_data_func_full (test, g_steal_pointer (&path), test_icon, g_free);
      count++;
    }
  }
  return count;
}

int
main (int argc, char **argv)
{
  g_autofree char *icons = NULL;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/icons/empty-is-seen", test_empty_is_seen);
  icons = g_build_filename (g_getenv ("BOLO_SOURCE_DIR"), "icons", NULL);
  g_assert_cmpuint (add_folder (icons), >, 30);
  return g_test_run ();
}
