/* test-bundle-files.c: files come out of a bundle as they went in, however the bytes come
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-bundle-files.h"
#include "bolo-error.h"

#include <string.h>

typedef struct {
  GString *told; /* "name=contents;" */
  guint64 left;
  gboolean is_full;
} Told;

static gboolean
begin (const char *name, guint64 bytes, gpointer data, GError **error)
{
  Told *told = data;

  told->left = bytes;
  g_string_append_printf (told->told, "%s=", name);
  if (told->is_full)
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE, "the disk is full");
  return !told->is_full;
}

static gboolean
add (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  Told *told = data;

  g_assert_cmpuint (length, >, 0);
  g_assert_cmpuint (length, <=, told->left);
  told->left -= length;
  g_string_append_len (told->told, (const char *) bytes, (gssize) length);
  return TRUE;
}

static gboolean
end (gpointer data, GError **error)
{
  Told *told = data;

  g_assert_cmpuint (told->left, ==, 0);
  g_string_append_c (told->told, ';');
  return TRUE;
}

static const BoloBundleFilesTaker taker = {begin, add, end};

/* (transfer full) (nullable): what came of it. */
static char *
take (const char *text, gsize length, gsize step, gboolean is_full, GError **error)
{
  Told told = {.told = g_string_new (NULL), .is_full = is_full};
  g_autoptr (BoloBundleFiles) files = bolo_bundle_files_new (&taker, &told);
  gboolean is_good = TRUE;

  for (gsize at = 0; is_good && at < length; at += step)
    is_good =
      bolo_bundle_files_push (files, (const guint8 *) text + at, MIN (step, length - at), error);
  is_good = is_good && bolo_bundle_files_finish (files, error);
  return g_string_free (told.told, !is_good);
}

static void
test_there (void)
{
  static const char text[] = "file manifest 5\nab\nde"
                             "file empty 0\n"
                             "file v-1.zip 3\nfil";

  for (gsize step = 1; step < sizeof text; step++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *told = take (text, strlen (text), step, FALSE, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (told, ==, "manifest=ab\nde;empty=;v-1.zip=fil;");
  }
}

static void
test_nothing (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *told = take ("", 0, 1, FALSE, &error);

  g_assert_cmpstr (told, ==, "");
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "file",
    "file a",
    "file a 1",
    "file a 2\nx",
    "file ../a 1\nx",
    "file .a 1\nx",
    "file a/b 1\nx",
    "file a 01\nx",
    "file a -1\nx",
    "file a  1\nx",
    "file a 1 \nx",
    "File a 1\nx",
    "file a 1\nxfile a 1\nx",
    "file a 99999999999999999999\nx",
    "file aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1\nx",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (gsize step = 1; step < 200; step *= 5) {
      g_autoptr (GError) error = NULL;
      g_autofree char *told = take (texts[i], strlen (texts[i]), step, FALSE, &error);

      g_assert_null (told);
      g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    }
}

static void
test_full (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *told = take ("file a 1\nx", 10, 3, TRUE, &error);

  g_assert_null (told);
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bundle-files/there", test_there);
  g_test_add_func ("/bundle-files/nothing", test_nothing);
  g_test_add_func ("/bundle-files/refused", test_refused);
  g_test_add_func ("/bundle-files/full", test_full);
  return g_test_run ();
}
