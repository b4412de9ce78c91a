/* test-probe.c: what is refused before a pixel is decoded, and with which words
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "bolo-error.h"
#include "bolo-picture.h"

/* A PNG header that claims a size and has nothing behind it. */
static GBytes *
make_png_claim (guint32 width, guint32 height)
{
  guint8 bytes[33] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
  guint32 be_width = GUINT32_TO_BE (width);
  guint32 be_height = GUINT32_TO_BE (height);

  memcpy (bytes + 16, &be_width, 4);
  memcpy (bytes + 20, &be_height, 4);
  bytes[24] = 8;
  return g_bytes_new (bytes, sizeof bytes);
}

static void
assert_refused (GBytes *bytes, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloPicture) picture = NULL;
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  picture = bolo_picture_decode (data, length, "street.jpg", BOLO_PICTURE_GRAY8, &error);
  g_assert_null (picture);
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "street.jpg"));
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_no_picture (void)
{
  g_autoptr (GBytes) text = g_bytes_new_static ("dear diary, today I was renamed", 31);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  assert_refused (text, "is not a picture");
  assert_refused (nothing, "is not a picture");
}

static void
test_sizes (void)
{
  static const struct {
    guint32 width;
    guint32 height;
    const char *words;
  } cases[] = {
    {1, 1, "1 x 1 pixels: too small"},
    {15, 400, "too small"},
    {400, 7, "too small"},
    {0, 0, "too small"},
    {20000, 20000, "20000 x 20000 pixels: more than 100 megapixels"},
    {4294967295u, 4294967295u, "more than 100 megapixels"},
    {30001, 10, "more than 100 megapixels"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) bytes = make_png_claim (cases[i].width, cases[i].height);

    assert_refused (bytes, cases[i].words);
  }
}

static void
test_claim_without_pixels (void)
{
  g_autoptr (GBytes) bytes = make_png_claim (64, 64);

  assert_refused (bytes, "damaged PNG");
}

static void
test_jpeg_header (void)
{
  /* SOI, fill byte, APP0 of 4, SOF0: 480 rows of 640 */
  const guint8 whole[] = {0xff, 0xd8, 0xff, 0xff, 0xe0, 0, 4,    1, 2, 0xff, 0xc0,
                          0,    11,   8,    1,    0xe0, 2, 0x80, 1, 1, 17,   0};
  const guint8 no_marker[] = {0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0x12, 0x34, 0x56, 0x78};
  BoloPictureInfo info;
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_picture_probe (whole, sizeof whole, "a", &info, &error));
  g_assert_no_error (error);
  g_assert_cmpint (info.kind, ==, BOLO_PICTURE_JPEG);
  g_assert_cmpint (info.width, ==, 640);
  g_assert_cmpint (info.height, ==, 480);
  /* every torn beginning of it is refused, none is read beyond its end */
  for (gsize length = 3; length < 18; length++) {
    g_autofree guint8 *torn = g_memdup2 (whole, length);
    g_autoptr (GError) torn_error = NULL;

    g_assert_false (bolo_picture_probe (torn, length, "a", &info, &torn_error));
    g_assert_error (torn_error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  }
  g_assert_false (bolo_picture_probe (no_marker, sizeof no_marker, "a", &info, NULL));
}

static void
test_files (void)
{
  g_autofree char *folder = g_dir_make_tmp ("bolo-picture-XXXXXX", NULL);
  g_autofree char *missing = g_build_filename (folder, "none.jpg", NULL);
  g_autofree char *pipe = g_build_filename (folder, "pipe.jpg", NULL);
  g_autofree char *empty = g_build_filename (folder, "empty.png", NULL);
  const char *const paths[] = {folder, pipe, empty};
  const char *const words[] = {"is not a file", "is not a file", "is not a picture"};
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_picture_load (missing, BOLO_PICTURE_RGB, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, missing));
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (GError) file_error = NULL;

    g_assert_null (bolo_picture_load (paths[i], BOLO_PICTURE_RGB, &file_error));
    g_assert_error (file_error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (file_error->message, words[i]));
  }
  g_unlink (pipe);
  g_unlink (empty);
  g_rmdir (folder);
}

static void
test_names (void)
{
  g_assert_true (bolo_picture_is_named_so ("/a/B.JPG"));
  g_assert_true (bolo_picture_is_named_so ("b.jpeg"));
  g_assert_true (bolo_picture_is_named_so ("b.png"));
  g_assert_false (bolo_picture_is_named_so (".png"));
  g_assert_false (bolo_picture_is_named_so ("b.mp4"));
  g_assert_false (bolo_picture_is_named_so ("jpg"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/picture/probe/no-picture", test_no_picture);
  g_test_add_func ("/picture/probe/sizes", test_sizes);
  g_test_add_func ("/picture/probe/claim-without-pixels", test_claim_without_pixels);
  g_test_add_func ("/picture/probe/jpeg-header", test_jpeg_header);
  g_test_add_func ("/picture/probe/files", test_files);
  g_test_add_func ("/picture/probe/names", test_names);
  return g_test_run ();
}
