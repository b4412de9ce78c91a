/* test-bundle.c: a bundle is read back whole by its receiver, and not otherwise by anybody
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-bundle.h"
#include "bolo-error.h"

#include <string.h>

typedef struct {
  BoloListKey *car;
  BoloListKey *station;
  BoloListKey *trusted; /* lent: what find gives */
  GByteArray *bundle;
  GByteArray *plain;
} Fixture;

static BoloListKey *
make_key (const char *name)
{
  g_autoptr (GError) error = NULL;
  BoloListKey *key = bolo_list_key_generate (name, &error);

  g_assert_no_error (error);
  return key;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->car = make_key ("KT12");
  self->station = make_key ("northshire");
  self->trusted = self->car;
  self->bundle = g_byte_array_new ();
  self->plain = g_byte_array_new ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  bolo_list_key_free (self->car);
  bolo_list_key_free (self->station);
  g_byte_array_unref (self->bundle);
  g_byte_array_unref (self->plain);
}

static gboolean
append (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  g_byte_array_append (data, bytes, (guint) length);
  return TRUE;
}

static gboolean
append_plain (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  return append (bytes, length, ((Fixture *) data)->plain, error);
}

static const BoloListKey *
find (const char *name, gpointer data)
{
  Fixture *self = data;

  return g_str_equal (name, self->trusted->name) ? self->trusted : NULL;
}

static guint8 *
make_plain (gsize length)
{
  guint8 *bytes = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) (i * 31 >> 2);
  return bytes;
}

static void
write_bundle (Fixture *self, const BoloListKey *signer, gsize length)
{
  g_auto (BoloBundleHead) head = {.kind = BOLO_BUNDLE_FROM_CAR,
                                  .from = g_strdup ("KT12"),
                                  .to = g_strdup ("northshire"),
                                  .number = 7,
                                  .issued_us = G_GINT64_CONSTANT (1773446400123000)};
  g_autofree guint8 *plain = make_plain (length);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloBundleWriter) writer = NULL;

  g_byte_array_set_size (self->bundle, 0);
  writer = bolo_bundle_writer_new (&head, signer, self->station, append, self->bundle, &error);
  g_assert_no_error (error);
  /* In uneven pieces. */
  for (gsize at = 0, n = 1; at < length; at += n, n = n * 3 + 1)
    g_assert_true (bolo_bundle_writer_add (writer, plain + at, MIN (n, length - at), &error));
  g_assert_true (bolo_bundle_writer_finish (writer, &error));
  g_assert_no_error (error);
}

/* Reads in pieces of @step; the error's code, or -1. */
static int
read_as (Fixture *self, const BoloListKey *receiver, gsize step)
{
  g_autoptr (BoloBundleReader) reader = bolo_bundle_reader_new (receiver, find, append_plain, self);
  g_autoptr (GError) error = NULL;
  const BoloBundleHead *head;

  g_byte_array_set_size (self->plain, 0);
  for (gsize at = 0; error == NULL && at < self->bundle->len; at += step)
    bolo_bundle_reader_push (reader, self->bundle->data + at, MIN (step, self->bundle->len - at),
                             &error);
  if (error == NULL) {
    head = bolo_bundle_reader_finish (reader, &error);
    g_assert_true ((head != NULL) == (error == NULL));
    if (head != NULL) {
      g_assert_cmpstr (head->from, ==, "KT12");
      g_assert_cmpstr (head->to, ==, "northshire");
      g_assert_cmpuint (head->number, ==, 7);
      g_assert_cmpint (head->issued_us, ==, G_GINT64_CONSTANT (1773446400123000));
    }
  }
  if (error == NULL)
    return -1;
  g_assert_true (error->domain == BOLO_ERROR);
  g_assert_null (strchr (error->message, '\n'));
  g_clear_error (&error);
  g_assert_null (bolo_bundle_reader_finish (reader, &error)); /* and it stays refused */
  g_assert_nonnull (error);
  return error->code;
}

static void
test_there_and_back (Fixture *self, gconstpointer data)
{
  static const gsize lengths[] = {0,
                                  1,
                                  1000,
                                  BOLO_BUNDLE_CHUNK_BYTES - 1,
                                  BOLO_BUNDLE_CHUNK_BYTES,
                                  BOLO_BUNDLE_CHUNK_BYTES + 1,
                                  300 * 1000};
  static const gsize steps[] = {7, 4096, 1 << 20};

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autofree guint8 *plain = make_plain (lengths[i]);

    write_bundle (self, self->car, lengths[i]);
    for (guint j = 0; j < G_N_ELEMENTS (steps); j++) {
      g_assert_cmpint (read_as (self, self->station, steps[j]), ==, -1);
      g_assert_cmpmem (self->plain->data, self->plain->len, plain, lengths[i]);
    }
  }
}

/* Nothing of what is in it can be seen in it. */
static void
test_encrypted (Fixture *self, gconstpointer data)
{
  g_autofree guint8 *plain = make_plain (5000);

  write_bundle (self, self->car, 5000);
  g_assert_null (memmem (self->bundle->data, self->bundle->len, plain, 32));
}

static void
test_strangers (Fixture *self, gconstpointer data)
{
  g_autoptr (BoloListKey) stranger = make_key ("KT12");

  write_bundle (self, self->car, 100);
  g_assert_cmpint (read_as (self, self->car, 64), ==, BOLO_ERROR_PERMISSION);
  g_assert_cmpint (read_as (self, stranger, 64), ==, BOLO_ERROR_PERMISSION);
  self->trusted = self->station;
  g_assert_cmpint (read_as (self, self->station, 64), ==, BOLO_ERROR_SIGNATURE);
  /* Forged: by another key of the same name. */
  self->trusted = self->car;
  write_bundle (self, stranger, 100);
  g_assert_cmpint (read_as (self, self->station, 64), ==, BOLO_ERROR_SIGNATURE);
}

static void
test_every_cut (Fixture *self, gconstpointer data)
{
  guint length;

  write_bundle (self, self->car, 300);
  length = self->bundle->len;
  for (guint cut = 0; cut < length; cut++) {
    g_byte_array_set_size (self->bundle, cut);
    g_assert_cmpint (read_as (self, self->station, 4096), ==, BOLO_ERROR_INVALID_DATA);
    g_byte_array_set_size (self->bundle, 0);
    write_bundle (self, self->car, 300);
  }
  g_byte_array_append (self->bundle, (const guint8 *) "x", 1);
  g_assert_cmpint (read_as (self, self->station, 4096), ==, BOLO_ERROR_INVALID_DATA);
}

static void
test_every_bit (Fixture *self, gconstpointer data)
{
  write_bundle (self, self->car, 300);
  for (guint bit = 0; bit < self->bundle->len * 8; bit++) {
    self->bundle->data[bit / 8] ^= (guint8) (1 << bit % 8);
    g_assert_cmpint (read_as (self, self->station, 4096), >=, 0);
    self->bundle->data[bit / 8] ^= (guint8) (1 << bit % 8);
  }
  g_assert_cmpint (read_as (self, self->station, 4096), ==, -1);
}

/* Two bundles of the same car: no part of one can stand in the other. */
static void
test_swapped (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) first = g_byte_array_new ();

  write_bundle (self, self->car, 300);
  g_byte_array_append (first, self->bundle->data, self->bundle->len);
  write_bundle (self, self->car, 300);
  g_assert_cmpuint (first->len, ==, self->bundle->len);
  memcpy (self->bundle->data + self->bundle->len - 64, first->data + first->len - 64, 64);
  g_assert_cmpint (read_as (self, self->station, 4096), ==, BOLO_ERROR_SIGNATURE);
}

static gboolean
fail (const guint8 *bytes, gsize length, gpointer data, GError **error)
{
  g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE, "the disk is full");
  return FALSE;
}

static void
test_sinks_that_fail (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloBundleReader) reader = NULL;
  g_auto (BoloBundleHead) head = {.from = g_strdup ("a"), .to = g_strdup ("b"), .number = 1};

  g_assert_null (bolo_bundle_writer_new (&head, self->car, self->station, fail, NULL, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE);
  g_clear_error (&error);
  write_bundle (self, self->car, 300);
  reader = bolo_bundle_reader_new (self->station, find, fail, self);
  g_assert_false (bolo_bundle_reader_push (reader, self->bundle->data, self->bundle->len, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE);
}

/* Before anything is proved: which of the files on a stick are for us. */
static void
test_peek (Fixture *self, gconstpointer data)
{
  g_auto (BoloBundleHead) head = {0};
  const char *bytes;
  gsize end;

  write_bundle (self, self->car, 1000);
  bytes = (const char *) self->bundle->data;
  end = (gsize) (g_strstr_len (bytes, self->bundle->len, "\n\n") - bytes) + 2;
  g_assert_true (bolo_bundle_head_peek (bytes, end, &head));
  g_assert_cmpstr (head.from, ==, "KT12");
  g_assert_cmpstr (head.to, ==, "northshire");
  g_assert_cmpuint (head.number, ==, 7);
  for (gsize cut = 0; cut < end; cut++) {
    g_auto (BoloBundleHead) none = {0};

    g_assert_false (bolo_bundle_head_peek (bytes, cut, &none));
    g_assert_null (none.from);
  }
}

/* One that goes with earlier ones says from which number on; nothing else may stand there. */
static void
test_since (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *line;
    guint64 since;
    gboolean is_good;
  } cases[] = {{"since: 3\n", 3, TRUE},
               {"since: 7\n", 0, FALSE},
               {"since: 0\n", 0, FALSE},
               {"since: x\n", 0, FALSE},
               {"since: 03\n", 0, FALSE},
               {"since: 3\nsince: 3\n", 0, FALSE},
               {"", 0, TRUE}};

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text =
      g_strdup_printf ("bolo-bundle 1\nkind: from-car\nfrom: a\nto: b\nnumber: 7\n%s"
                       "issued: 2026-03-14T17:20:00.000Z\nkey: a\n\n",
                       cases[i].line);
    g_auto (BoloBundleHead) head = {0};

    g_assert_cmpint (bolo_bundle_head_peek (text, strlen (text), &head), ==, cases[i].is_good);
    if (cases[i].is_good)
      g_assert_cmpuint (head.since, ==, cases[i].since);
  }
}

static void
test_bad_heads (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *from, *to;
    guint64 number;
  } heads[] = {{"a b", "c", 1}, {"a", "", 1}, {"a\nb", "c", 1}, {"a", "c", 0}};

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++) {
    g_auto (BoloBundleHead) head = {
      .from = g_strdup (heads[i].from), .to = g_strdup (heads[i].to), .number = heads[i].number};
    g_autoptr (GError) error = NULL;

    g_assert_null (
      bolo_bundle_writer_new (&head, self->car, self->station, append, self->bundle, &error));
    g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/bundle/there-and-back", test_there_and_back);
  ADD ("/bundle/encrypted", test_encrypted);
  ADD ("/bundle/strangers", test_strangers);
  ADD ("/bundle/every-cut", test_every_cut);
  ADD ("/bundle/every-bit", test_every_bit);
  ADD ("/bundle/swapped", test_swapped);
  ADD ("/bundle/sinks-that-fail", test_sinks_that_fail);
  ADD ("/bundle/peek", test_peek);
  ADD ("/bundle/since", test_since);
  ADD ("/bundle/bad-heads", test_bad_heads);
  return g_test_run ();
}
