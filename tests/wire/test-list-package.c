/* test-list-package.c: lists in and out of a ZIP; a ZIP that is not what it says is refused whole
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-error.h"
#include "bolo-list-package.h"

#include <glib/gstdio.h>
#include <string.h>
#include <zip.h>

typedef struct {
  const char *name;
  const char *text;
} Member;

/* (transfer full): a ZIP of @members, the last with a NULL name. */
static GBytes *
make_zip (const Member *members, zip_uint16_t encryption)
{
  zip_error_t error;
  zip_source_t *buffer;
  zip_t *zip;
  zip_stat_t stat;
  char *bytes;

  zip_error_init (&error);
  buffer = zip_source_buffer_create (NULL, 0, 0, &error);
  zip = zip_open_from_source (buffer, ZIP_CREATE | ZIP_TRUNCATE, &error);
  g_assert_nonnull (zip);
  zip_source_keep (buffer);
  for (guint i = 0; members[i].name != NULL; i++) {
    zip_source_t *source = zip_source_buffer (zip, members[i].text, strlen (members[i].text), 0);
    zip_int64_t index = zip_file_add (zip, members[i].name, source, ZIP_FL_ENC_UTF_8);

    g_assert_cmpint (index, >=, 0);
    if (encryption != ZIP_EM_NONE)
      g_assert_cmpint (zip_file_set_encryption (zip, (zip_uint64_t) index, encryption, "secret"),
                       ==, 0);
  }
  g_assert_cmpint (zip_close (zip), ==, 0);
  g_assert_cmpint (zip_source_stat (buffer, &stat), ==, 0);
  bytes = g_malloc (stat.size);
  g_assert_cmpint (zip_source_open (buffer), ==, 0);
  g_assert_cmpint (zip_source_read (buffer, bytes, stat.size), ==, (zip_int64_t) stat.size);
  zip_source_close (buffer);
  zip_source_free (buffer);
  zip_error_fini (&error);
  return g_bytes_new_take (bytes, stat.size);
}

/* (nullable) (transfer full): all of a part, NULL when it cannot be read. */
static char *
read_part (BoloListPackage *package, guint nth)
{
  g_autoptr (GInputStream) stream = bolo_list_package_read (package, nth, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[1000];
  gssize length;

  while (stream != NULL &&
         (length = g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL)) != 0) {
    if (length < 0)
      return NULL;
    g_string_append_len (text, buffer, length);
  }
  return stream != NULL ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static void
test_names (void)
{
  static const struct {
    const char *name;
    gboolean is_delta;
    BoloListOperation operation;
  } cases[] = {
    {"voi.csv", FALSE, BOLO_LIST_INSERT},
    {"voi_ins.pips", TRUE, BOLO_LIST_INSERT},
    {"VOI_DEL.PIPS", TRUE, BOLO_LIST_DELETE},
    {"7_voi_R.dat", FALSE, BOLO_LIST_INSERT},
    {"7_voi_D.dat", TRUE, BOLO_LIST_DELETE},
    {"7_voi_I.dat", TRUE, BOLO_LIST_INSERT},
    {"plan_d.csv", FALSE, BOLO_LIST_INSERT},
    {"_del", TRUE, BOLO_LIST_DELETE},
    {"", FALSE, BOLO_LIST_INSERT},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new_static ("AB12CDE\n", 8);
    g_autoptr (BoloListPackage) package = bolo_list_package_open_bytes (bytes, cases[i].name, NULL);
    const BoloListPart *part = bolo_list_package_get_part (package, 0);
    g_autofree char *text = read_part (package, 0);

    g_test_message ("%s", cases[i].name);
    g_assert_cmpint (part->is_delta, ==, cases[i].is_delta);
    g_assert_cmpint (part->operation, ==, cases[i].operation);
    g_assert_cmpstr (text, ==, "AB12CDE\n");
  }
}

static void
test_zip (void)
{
  const Member whole[] = {{"7_voi_R.dat", "AB12CDE\n"}, {NULL, NULL}};
  const Member delta[] = {
    {"voi_ins.pips", "AB12CDE\n"}, {"voi_del.pips", "AB12CDF\n"}, {NULL, NULL}};
  g_autoptr (GBytes) one = make_zip (whole, ZIP_EM_NONE);
  g_autoptr (GBytes) two = make_zip (delta, ZIP_EM_NONE);
  g_autoptr (BoloListPackage) package = bolo_list_package_open_bytes (one, "x.zip", NULL);
  g_autoptr (BoloListPackage) changes = bolo_list_package_open_bytes (two, "x.zip", NULL);
  g_autofree char *text = read_part (package, 0);
  g_autofree char *first = read_part (changes, 0);

  g_assert_cmpuint (bolo_list_package_get_n_parts (package), ==, 1);
  g_assert_cmpstr (text, ==, "AB12CDE\n");
  g_assert_cmpuint (bolo_list_package_get_n_parts (changes), ==, 2);
  g_assert_cmpint (bolo_list_package_get_part (changes, 0)->operation, ==, BOLO_LIST_DELETE);
  g_assert_cmpstr (first, ==, "AB12CDF\n");
}

static void
test_file (void)
{
  const Member members[] = {{"voi.csv", "AB12CDE\n"}, {NULL, NULL}};
  g_autoptr (GBytes) bytes = make_zip (members, ZIP_EM_NONE);
  g_autofree char *folder = g_dir_make_tmp ("bolo-package-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a", NULL);
  g_autoptr (BoloListPackage) package = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                                      (gssize) g_bytes_get_size (bytes), NULL));
  package = bolo_list_package_open (path, "voi.zip", &error);
  g_assert_no_error (error);
  text = read_part (package, 0);
  g_assert_cmpstr (text, ==, "AB12CDE\n");
  g_unlink (path);
  g_assert_null (bolo_list_package_open (path, "voi.zip", &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
  g_rmdir (folder);
}

static void
test_odd_members (void)
{
  static const Member cases[][3] = {
    {{NULL, NULL}},
    {{"a.csv", "x"}, {"b.csv", "y"}, {NULL, NULL}},
    {{"a.csv", "x"}, {"a_del.csv", "y"}, {NULL, NULL}},
    {{"in/a.csv", "x"}, {NULL, NULL}},
    {{"../a.csv", "x"}, {NULL, NULL}},
    {{"..\\a.csv", "x"}, {NULL, NULL}},
    {{"folder/", ""}, {NULL, NULL}},
    {{"7_voi_Q.dat", "x"}, {NULL, NULL}},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GError) error = NULL;

    if (cases[i][0].name == NULL) /* a ZIP without a member, which libzip does not write */
      bytes = g_bytes_new_static ("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);
    else
      bytes = make_zip (cases[i], ZIP_EM_NONE);
    g_assert_null (bolo_list_package_open_bytes (bytes, "x.zip", &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
    g_test_message ("%s", error->message);
  }
}

static void
test_encrypted (void)
{
  const Member members[] = {{"voi.csv", "AB12CDE\n"}, {NULL, NULL}};
  g_autoptr (GBytes) bytes = make_zip (members, ZIP_EM_AES_256);
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_list_package_open_bytes (bytes, "x.zip", &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "encrypted"));
}

static void
test_bomb (void)
{
  g_autofree char *zeros = g_strnfill (64 * 1024 * 1024, '0');
  const Member members[] = {{"voi.csv", zeros}, {NULL, NULL}};
  g_autoptr (GBytes) bytes = make_zip (members, ZIP_EM_NONE);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_bytes_get_size (bytes), <, 1024 * 1024);
  g_assert_null (bolo_list_package_open_bytes (bytes, "x.zip", &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "far more"));
}

/* A changed byte is found by the time the part has been read to its end, or changes nothing. */
static void
test_damage (void)
{
  const char *text = "AB12CDE,FORD,FOCUS,BLUE,STOP\nAB12CDF,VW,GOLF,RED,STOP\n";
  const Member members[] = {{"voi.csv", text}, {NULL, NULL}};
  g_autoptr (GBytes) bytes = make_zip (members, ZIP_EM_NONE);
  guint n_refused = 0;
  gsize length;
  const guint8 *good = g_bytes_get_data (bytes, &length);

  for (gsize at = 0; at < length; at++)
    for (guint bit = 0; bit < 8; bit++) {
      g_autofree guint8 *bad = g_memdup2 (good, length);
      g_autoptr (GBytes) damaged = NULL;
      g_autoptr (BoloListPackage) package = NULL;
      g_autofree char *read = NULL;

      bad[at] ^= (guint8) (1u << bit);
      damaged = g_bytes_new (bad, length);
      package = bolo_list_package_open_bytes (damaged, "x.zip", NULL);
      if (package == NULL || at < 4) { /* without its first bytes it is no ZIP, but a bad list */
        n_refused++;
        continue;
      }
      read = read_part (package, 0);
      if (read == NULL)
        n_refused++;
      else
        g_assert_cmpstr (read, ==, text);
    }
  g_assert_cmpuint (n_refused, >, length * 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list-package/names", test_names);
  g_test_add_func ("/list-package/zip", test_zip);
  g_test_add_func ("/list-package/file", test_file);
  g_test_add_func ("/list-package/odd-members", test_odd_members);
  g_test_add_func ("/list-package/encrypted", test_encrypted);
  g_test_add_func ("/list-package/bomb", test_bomb);
  g_test_add_func ("/list-package/damage", test_damage);
  return g_test_run ();
}
