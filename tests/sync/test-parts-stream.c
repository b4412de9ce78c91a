/* test-parts-stream.c: pieces of memory read as one, in any steps, and from the beginning once more
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "bolo-parts-stream.h"

#define N_PARTS 40

/* Texts in small pieces, and between them bytes that are referenced; *whole (transfer full) is what
 * they come to. */
static BoloPartsStream *
make (GByteArray **whole)
{
  BoloPartsStream *stream = bolo_parts_stream_new ();

  *whole = g_byte_array_new ();
  for (guint i = 0; i < N_PARTS; i++) {
    g_autofree char *text = g_strdup_printf ("{\"part\":%u}\n", i);
    gsize length = i % 7 * 1000; /* one in seven is empty */
    g_autofree guint8 *data = g_malloc (length + 1);
    g_autoptr (GBytes) bytes = NULL;

    for (gsize k = 0; k < length; k++)
      data[k] = (guint8) (i + 3 * k);
    g_byte_array_append (*whole, (guint8 *) text, (guint) strlen (text));
    bolo_parts_stream_add_text (stream, (guint8 *) text, strlen (text));
    if (i % 3 != 0) {
      g_byte_array_append (*whole, data, (guint) length);
      bytes = g_bytes_new (data, length);
      bolo_parts_stream_add_bytes (stream, bytes);
    }
  }
  return stream;
}

static void
check_rest (GInputStream *stream, const GByteArray *whole, gsize at, gsize step)
{
  g_autofree guint8 *buffer = g_malloc (step);
  g_autoptr (GError) error = NULL;
  gssize n;

  while ((n = g_input_stream_read (stream, buffer, step, NULL, &error)) > 0) {
    g_assert_cmpmem (buffer, (gsize) n, whole->data + at, MIN (step, whole->len - at));
    at += (gsize) n;
  }
  g_assert_no_error (error);
  g_assert_cmpuint (at, ==, whole->len);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (stream)), ==, (goffset) whole->len);
}

static void
test_read (void)
{
  static const gsize steps[] = {1, 7, 13, 1000, 8192, 1000000};

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (GByteArray) whole = NULL;
    g_autoptr (BoloPartsStream) stream = make (&whole);

    g_assert_cmpuint (bolo_parts_stream_get_size (stream), ==, whole->len);
    check_rest (G_INPUT_STREAM (stream), whole, 0, steps[i]);
  }
}

static void
test_seek (void)
{
  g_autoptr (GByteArray) whole = NULL;
  g_autoptr (BoloPartsStream) stream = make (&whole);
  GSeekable *seekable = G_SEEKABLE (stream);
  g_autoptr (GError) error = NULL;

  check_rest (G_INPUT_STREAM (stream), whole, 0, 8192);
  for (gsize at = 0; at <= whole->len; at += 97) {
    g_assert_true (g_seekable_seek (seekable, (goffset) at, G_SEEK_SET, NULL, &error));
    g_assert_cmpint (g_seekable_tell (seekable), ==, (goffset) at);
    check_rest (G_INPUT_STREAM (stream), whole, at, 8192);
  }
  g_assert_true (g_seekable_seek (seekable, -5, G_SEEK_END, NULL, &error));
  g_assert_true (g_seekable_seek (seekable, -5, G_SEEK_CUR, NULL, &error));
  check_rest (G_INPUT_STREAM (stream), whole, whole->len - 10, 3);
  g_assert_false (g_seekable_seek (seekable, (goffset) whole->len + 1, G_SEEK_SET, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_false (g_seekable_can_truncate (seekable));
}

static void
test_empty (void)
{
  g_autoptr (BoloPartsStream) stream = bolo_parts_stream_new ();
  g_autoptr (GError) error = NULL;
  guint8 byte;

  g_assert_cmpuint (bolo_parts_stream_get_size (stream), ==, 0);
  g_assert_cmpint (g_input_stream_read (G_INPUT_STREAM (stream), &byte, 1, NULL, &error), ==, 0);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parts-stream/read", test_read);
  g_test_add_func ("/parts-stream/seek", test_seek);
  g_test_add_func ("/parts-stream/empty", test_empty);
  return g_test_run ();
}
