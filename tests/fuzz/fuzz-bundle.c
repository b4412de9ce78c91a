/* fuzz-bundle.c: any bytes as a bundle on a stick; and any bytes as what is in one
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fuzz-list.h"

#include "bolo-bundle.h"

#include <string.h>

static gboolean
append (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  if (data != NULL)
    g_byte_array_append (data, bytes, (guint) length);
  return bytes != NULL;
}

static gpointer
make_key (gpointer name)
{
  return bolo_list_key_generate (name, NULL);
}

/* Made once, and never freed: whose key it is does not matter. */
static BoloListKey *
get_key (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, make_key, (gpointer) "fuzz");
}

static const BoloListKey *
find (const char *name, gpointer data)
{
  g_assert_true (bolo_list_key_name_is_good (name));
  return get_key ();
}

static void
read_bundle (const guint8 *data, size_t size, size_t step, gboolean is_good)
{
  g_autoptr (BoloBundleReader) reader = bolo_bundle_reader_new (get_key (), find, append, NULL);
  g_autoptr (GError) error = NULL;

  for (size_t at = 0; error == NULL && at < size; at += step)
    bolo_bundle_reader_push (reader, data + at, MIN (step, size - at), &error);
  if (error == NULL)
    bolo_bundle_reader_finish (reader, &error);
  if (is_good)
    g_assert_no_error (error);
  else
    fuzz_check_error (error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_auto (BoloBundleHead) head = {.from = g_strdup ("a"), .to = g_strdup ("b"), .number = 1};
  g_autoptr (GByteArray) bundle = g_byte_array_new ();
  g_autoptr (BoloBundleWriter) writer =
    bolo_bundle_writer_new (&head, get_key (), get_key (), append, bundle, NULL);
  guint flipped;

  read_bundle (data, size, MAX (size, 1), FALSE); /* nobody can make one without the key */
  read_bundle (data, size, 3, FALSE);
  g_assert_true (bolo_bundle_writer_add (writer, data, size, NULL));
  g_assert_true (bolo_bundle_writer_finish (writer, NULL));
  read_bundle (bundle->data, bundle->len, 1000, TRUE);
  flipped = size > 0 ? data[0] * 131u % bundle->len : 0;
  bundle->data[flipped] ^= 1;
  read_bundle (bundle->data, bundle->len, 1000, FALSE);
  return 0;
}
