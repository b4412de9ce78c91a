/* test-batch.c: batches written, read in pieces, cut off and wrong; and their answers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-batch-parser.h"
#include "bolo-batch-result.h"
#include "bolo-error.h"

#include <string.h>

#define HIT "0a1b2c3d-0000-4000-8000-000000000001"
#define SIGHTING "0a1b2c3d-0000-4000-8000-000000000002"
#define BODY "{\"event\":\"hit\",\"lat\":51.50,\"note\":\"\\\"}{\\\"\"}"
#define PICTURE_BYTES 5000

static GByteArray *
make_picture (char **sha256)
{
  GByteArray *picture = g_byte_array_new ();

  for (guint i = 0; i < PICTURE_BYTES; i++) {
    guint8 byte = (guint8) (i % 7 == 0 ? '\n' : i);

    g_byte_array_append (picture, &byte, 1);
  }
  *sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, picture->data, picture->len);
  return picture;
}

static GByteArray *
make_batch (void)
{
  GByteArray *out = g_byte_array_new ();
  g_autofree char *sha256 = NULL;
  g_autoptr (GByteArray) picture = make_picture (&sha256);
  g_autoptr (GError) error = NULL;

  g_assert_true (bolo_batch_write_record (out, BOLO_BATCH_HIT, HIT, 2, BODY, &error));
  g_assert_true (bolo_batch_write_picture (out, SIGHTING "/patch", 1, sha256, picture->len, 100,
                                           picture->data + 100, picture->len - 100, &error));
  g_assert_true (bolo_batch_write_record (out, BOLO_BATCH_AUDIT, "7", 1, "{}", &error));
  g_assert_no_error (error);
  return out;
}

static GPtrArray *
read_pieces (BoloBatchParser *parser, const guint8 *data, gsize length, gsize piece)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_batch_item_unref);
  BoloBatchItem *item;
  g_autoptr (GError) error = NULL;

  for (gsize at = 0; at < length; at += piece) {
    bolo_batch_parser_push (parser, data + at, MIN (piece, length - at));
    while ((item = bolo_batch_parser_next (parser, &error)) != NULL)
      g_ptr_array_add (items, item);
    g_assert_no_error (error);
  }
  return items;
}

static void
check_pieces (gsize piece)
{
  g_autoptr (GByteArray) batch = make_batch ();
  g_autoptr (BoloBatchParser) parser = bolo_batch_parser_new (PICTURE_BYTES);
  g_autoptr (GPtrArray) items = read_pieces (parser, batch->data, batch->len, piece);
  g_autofree char *sha256 = NULL;
  g_autoptr (GByteArray) picture = make_picture (&sha256);
  g_autoptr (BoloBatchItem) rest = NULL;
  const BoloBatchItem *item;
  gsize length;
  const guint8 *bytes;

  g_assert_true (bolo_batch_parser_finish (parser, &rest));
  g_assert_null (rest);
  g_assert_cmpuint (items->len, ==, 3);
  item = items->pdata[0];
  g_assert_cmpint (item->topic, ==, BOLO_BATCH_HIT);
  g_assert_cmpstr (item->id, ==, HIT);
  g_assert_cmpint (item->state, ==, 2);
  g_assert_cmpstr (item->body, ==, BODY); /* byte for byte: 51.50 stays 51.50 */
  item = items->pdata[1];
  bytes = g_bytes_get_data (item->bytes, &length);
  g_assert_cmpmem (bytes, length, picture->data + 100, picture->len - 100);
  g_assert_cmpuint (item->offset, ==, 100);
  g_assert_cmpuint (item->total, ==, PICTURE_BYTES);
  g_assert_cmphex (
    item->hash[0], ==,
    (guint) (g_ascii_xdigit_value (sha256[0]) * 16 + g_ascii_xdigit_value (sha256[1])));
  item = items->pdata[2];
  g_assert_cmpstr (item->word, ==, "audit");
  g_assert_cmpstr (item->body, ==, "{}");
}

static void
test_pieces (void)
{
  static const gsize pieces[] = {1, 2, 7, 100, 4096, 100000};

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    check_pieces (pieces[i]);
}

/* Wherever a body breaks off, its whole items are there, and of a picture what had come. */
static void
test_broken_off (void)
{
  g_autoptr (GByteArray) batch = make_batch ();
  gsize record_end = (gsize) ((guint8 *) memchr (batch->data, '\n', batch->len) - batch->data) + 1;
  guint n_rests = 0;

  for (gsize length = 0; length < batch->len; length += length < 400 ? 1 : 97) {
    g_autoptr (BoloBatchParser) parser = bolo_batch_parser_new (PICTURE_BYTES);
    g_autoptr (GPtrArray) items = read_pieces (parser, batch->data, length, 1000);
    g_autoptr (BoloBatchItem) rest = NULL;
    gboolean is_whole = bolo_batch_parser_finish (parser, &rest);

    g_assert_cmpuint (items->len, ==,
                      length < record_end        ? 0
                      : length < batch->len - 50 ? 1
                                                 : items->len);
    g_assert_cmpint (is_whole, ==, length == 0 || length == record_end);
    if (rest != NULL) {
      n_rests++;
      g_assert_cmpstr (rest->id, ==, SIGHTING "/patch");
      g_assert_cmpuint (g_bytes_get_size (rest->bytes), <, PICTURE_BYTES - 100);
    }
  }
  g_assert_cmpuint (n_rests, >, 20);
}

/* The item is wrong, but the next one is found. */
static void
test_item_problems (void)
{
  static const char *const lines[] = {
    "{\"topic\":\"gossip\",\"id\":\"" HIT "\",\"state\":1,\"body\":{}}\n",
    "{\"topic\":\"hit\",\"id\":\"HIT\",\"state\":1,\"body\":{}}\n",
    "{\"topic\":\"hit\",\"id\":\"" HIT "\",\"state\":0,\"body\":{}}\n",
    "{\"topic\":\"hit\",\"id\":\"" HIT "\",\"state\":1,\"body\":[]}\n",
    "{\"topic\":\"hit\",\"id\":\"" HIT "\",\"state\":1}\n",
    "{\"topic\":\"hit\",\"id\":\"" HIT "\",\"state\":1,\"b\\u006fdy\":{}}\n",
    "{\"topic\":\"hit\",\"id\":\"" HIT "\",\"state\":1,\"body\":{},\"bytes\":3}\nab\n",
    "{\"topic\":\"picture\",\"id\":\"" HIT "/patch\",\"state\":1,\"sha256\":\"12\",\"total\":3,"
    "\"offset\":0,\"bytes\":3}\nab\n",
    "{\"topic\":\"picture\",\"id\":\"" HIT "/patch\",\"state\":1,\"total\":3,\"bytes\":3}\nab\n",
    "{\"id\":7}\n",
    "{}\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (BoloBatchParser) parser = bolo_batch_parser_new (100);
    g_autofree char *text =
      g_strconcat (lines[i], "{\"topic\":\"audit\",\"id\":\"7\",\"state\":1,\"body\":{}}\n", NULL);
    g_autoptr (GPtrArray) items =
      read_pieces (parser, (const guint8 *) text, strlen (text), strlen (text));
    const BoloBatchItem *wrong = items->pdata[0];
    const BoloBatchItem *good = items->pdata[1];

    g_assert_cmpuint (items->len, ==, 2);
    g_assert_nonnull (wrong->problem);
    g_assert_nonnull (wrong->id);
    g_assert_null (wrong->body);
    g_assert_null (wrong->bytes);
    g_assert_null (good->problem);
    g_assert_cmpstr (good->id, ==, "7");
  }
}

static void
check_fatal (const char *text, gsize length)
{
  g_autoptr (BoloBatchParser) parser = bolo_batch_parser_new (100);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloBatchItem) rest = NULL;

  bolo_batch_parser_push (parser, text, length);
  g_assert_null (bolo_batch_parser_next (parser, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (bolo_batch_parser_next (parser, &error)); /* and it stays so */
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_assert_false (bolo_batch_parser_finish (parser, &rest));
  g_assert_null (rest);
}

static void
test_fatal (void)
{
  g_autofree char *long_line = g_strnfill (BOLO_BATCH_HEADER_MAX, 'x');

  check_fatal ("no json\n", 8);
  check_fatal ("[]\n", 3);
  check_fatal ("{\"bytes\":101}\n", 14);
  check_fatal ("{\"bytes\":-1}\n", 13);
  check_fatal ("{\"bytes\":\"1\"}\n", 14);
  check_fatal (long_line, BOLO_BATCH_HEADER_MAX);
}

static void
test_write_refused (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree char *long_body = g_strdup_printf ("{\"a\":\"%*d\"}", BOLO_BATCH_HEADER_MAX, 1);
  g_autofree char *sha256 = g_strnfill (64, 'a');
  const guint8 byte = 0;

  g_assert_false (bolo_batch_write_record (out, BOLO_BATCH_HIT, "x", 1, "{}", NULL));
  g_assert_false (bolo_batch_write_record (out, BOLO_BATCH_HIT, HIT, 0, "{}", NULL));
  g_assert_false (bolo_batch_write_record (out, BOLO_BATCH_HIT, HIT, 1, "{\n}", NULL));
  g_assert_false (bolo_batch_write_record (out, BOLO_BATCH_HIT, HIT, 1, "7", NULL));
  g_assert_false (bolo_batch_write_record (out, BOLO_BATCH_HIT, HIT, 1, long_body, NULL));
  g_assert_false (bolo_batch_write_record (out, BOLO_BATCH_PICTURE, HIT "/patch", 1, "{}", NULL));
  g_assert_false (bolo_batch_write_picture (out, HIT "/patch", 1, "xx", 1, 0, &byte, 1, NULL));
  g_assert_false (bolo_batch_write_picture (out, HIT "/side", 1, sha256, 1, 0, &byte, 1, NULL));
  g_assert_false (bolo_batch_write_picture (out, HIT "/patch", 1, sha256, 1, 1, &byte, 1, NULL));
  g_assert_cmpuint (out->len, ==, 0);
}

static void
test_results (void)
{
  const BoloBatchResult results[] = {
    {(char *) "hit", (char *) HIT, 2, BOLO_BATCH_STORED, 0, NULL},
    {(char *) "picture", (char *) SIGHTING "/patch", 1, BOLO_BATCH_PARTIAL, 77, NULL},
    {(char *) "go\"ssip", (char *) "", 0, BOLO_BATCH_REJECTED, 0,
     (char *) "the topic is not known"},
    {(char *) "audit", (char *) "7", 1, BOLO_BATCH_UNKNOWN, 0, NULL},
  };
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    bolo_batch_result_write (&results[i], text);
  bolo_batch_question_write (text, BOLO_BATCH_WATCH_END, HIT, 1);
  lines = g_strsplit (text->str, "\n", -1);
  g_assert_cmpstr (lines[0], ==,
                   "{\"topic\":\"hit\",\"id\":\"" HIT "\",\"state\":2,\"result\":\"stored\"}");
  g_assert_cmpstr (lines[4], ==, "{\"topic\":\"watch-end\",\"id\":\"" HIT "\",\"state\":1}");
  for (guint i = 0; i < G_N_ELEMENTS (results); i++) {
    g_autoptr (BoloBatchResult) read =
      bolo_batch_result_parse (lines[i], strlen (lines[i]), &error);

    g_assert_no_error (error);
    g_assert_cmpstr (read->word, ==, results[i].word);
    g_assert_cmpstr (read->id, ==, results[i].id);
    g_assert_cmpint (read->state, ==, results[i].state);
    g_assert_cmpint (read->outcome, ==, results[i].outcome);
    g_assert_cmpuint (read->offset, ==, results[i].offset);
    g_assert_cmpstr (read->reason, ==, results[i].reason);
  }
  g_assert_null (bolo_batch_result_parse (lines[4], strlen (lines[4]), &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/batch/pieces", test_pieces);
  g_test_add_func ("/batch/broken-off", test_broken_off);
  g_test_add_func ("/batch/item-problems", test_item_problems);
  g_test_add_func ("/batch/fatal", test_fatal);
  g_test_add_func ("/batch/write-refused", test_write_refused);
  g_test_add_func ("/batch/results", test_results);
  return g_test_run ();
}
