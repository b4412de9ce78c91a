/* bolo-batch-parser.c: the body of a batch, pushed in pieces, as whole items
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-batch-parser"

#include "bolo-batch-parser.h"

#include "bolo-error.h"
#include "bolo-json-reader.h"

#include <string.h>

#define HASH_DIGITS (2 * BOLO_BATCH_HASH_BYTES)
/* What was taken is cut from the buffer's front when it is this much, or half. */
#define COMPACT_BYTES 65536
/* Enough to say which item was meant. */
#define ECHO_MAX 128

struct _BoloBatchParser {
  gsize item_bytes_max;
  GByteArray *buffer; /* (owned) */
  gsize at;           /* in it: the first byte that was not taken */
  gsize searched;     /* in it: up to here there is no line feed behind at */
  guint64 n_items;

  BoloBatchItem *item; /* (owned) (nullable): its bytes are being waited for */
  gsize n_bytes;       /* of it */
  gboolean is_broken;
};

BoloBatchParser *
bolo_batch_parser_new (gsize item_bytes_max)
{
  BoloBatchParser *self;

  g_return_val_if_fail (item_bytes_max <= BOLO_BATCH_PICTURE_MAX, NULL);

  self = g_new0 (BoloBatchParser, 1);
  self->item_bytes_max = item_bytes_max;
  self->buffer = g_byte_array_new ();
  return self;
}

void
bolo_batch_parser_free (BoloBatchParser *self)
{
  g_return_if_fail (self != NULL);

  g_byte_array_unref (self->buffer);
  g_clear_pointer (&self->item, bolo_batch_item_unref);
  g_free (self);
}

void
bolo_batch_parser_push (BoloBatchParser *self, const void *data, gsize length)
{
  g_return_if_fail (self != NULL && (data != NULL || length == 0) && length <= G_MAXINT32);

  if (self->at > 0 && (self->at >= COMPACT_BYTES || self->at * 2 >= self->buffer->len)) {
    g_byte_array_remove_range (self->buffer, 0, (guint) self->at);
    self->searched -= MIN (self->searched, self->at);
    self->at = 0;
  }
  g_byte_array_append (self->buffer, data, (guint) length);
}

static BoloBatchItem *
fail (BoloBatchParser *self, const char *what, GError **error)
{
  self->is_broken = TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "item %" G_GUINT64_FORMAT " of the batch %s", self->n_items + 1, what);
  return NULL;
}

static gboolean
read_hash (const char *digits, guint8 *hash)
{
  if (strlen (digits) != HASH_DIGITS || strspn (digits, "0123456789abcdef") != HASH_DIGITS)
    return FALSE;
  for (guint i = 0; i < BOLO_BATCH_HASH_BYTES; i++)
    hash[i] = (guint8) (g_ascii_xdigit_value (digits[2 * i]) << 4 |
                        g_ascii_xdigit_value (digits[2 * i + 1]));
  return TRUE;
}

static gboolean
read_picture (BoloBatchItem *item, BoloJsonReader *reader, gsize n_bytes, GError **error)
{
  g_autofree char *digits = NULL;
  gint64 total;
  gint64 offset;

  if (!bolo_json_reader_get_text (reader, "sha256", &digits, error) ||
      !bolo_json_reader_get_int (reader, "total", 1, BOLO_BATCH_PICTURE_MAX, &total, error) ||
      !bolo_json_reader_get_int (reader, "offset", 0, total, &offset, error))
    return FALSE;
  item->total = (gsize) total;
  item->offset = (gsize) offset;
  if (read_hash (digits, item->hash) && n_bytes <= item->total - item->offset)
    return TRUE;
  g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                       "the picture has no hash, or its bytes reach over its end");
  return FALSE;
}

static gboolean
read_body (
  BoloBatchItem *item, BoloJsonReader *reader, const char *line, gsize length, GError **error)
{
  g_autoptr (BoloJsonReader) body = bolo_json_reader_get_object (reader, "body", error);
  g_autoptr (GChecksum) checksum = NULL;
  const char *value;
  gsize value_length;
  gsize hash_length = BOLO_BATCH_HASH_BYTES;

  if (body == NULL)
    return FALSE;
  if (!bolo_json_find_value (line, length, "body", &value, &value_length)) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         "the item writes the name \"body\" with escapes");
    return FALSE;
  }
  item->body = g_strndup (value, value_length);
  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (checksum, (const guchar *) value, (gssize) value_length);
  g_checksum_get_digest (checksum, item->hash, &hash_length);
  return TRUE;
}

/* What can be wrong without the end of the item being lost. */
static gboolean
read_item (BoloBatchItem *item,
           BoloJsonReader *reader,
           const char *line,
           gsize length,
           gsize n_bytes,
           GError **error)
{
  if (!bolo_json_reader_get_text (reader, "topic", &item->word, error) ||
      !bolo_json_reader_get_text (reader, "id", &item->id, error) ||
      !bolo_json_reader_get_int (reader, "state", 1, G_MAXINT64, &item->state, error))
    return FALSE;
  item->topic = bolo_batch_topic_from_word (item->word);
  if (item->topic == BOLO_BATCH_TOPIC_NONE || !bolo_batch_id_is_good (item->topic, item->id)) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         "the topic is not known, or the id is not one of that topic");
    return FALSE;
  }
  if (item->topic == BOLO_BATCH_PICTURE)
    return read_picture (item, reader, n_bytes, error);
  if (n_bytes > 0) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         "only pictures have bytes behind their header");
    return FALSE;
  }
  return read_body (item, reader, line, length, error);
}

static void
cut_echo (char **text)
{
  if (*text == NULL)
    *text = g_strdup ("");
  else if (strlen (*text) > ECHO_MAX) {
    char *cut = g_utf8_substring (*text, 0, MIN (ECHO_MAX / 4, g_utf8_strlen (*text, -1)));

    g_free (*text);
    *text = cut;
  }
}

static BoloBatchItem *
begin_item (BoloBatchParser *self, const char *line, gsize length, GError **error)
{
  g_autoptr (BoloJsonReader) reader = bolo_json_reader_new (line, length, "it", NULL);
  g_autoptr (BoloBatchItem) item = NULL;
  g_autoptr (GError) problem = NULL;
  gint64 n_bytes = 0;

  if (reader == NULL)
    return fail (self, "does not begin with a JSON object of one line", error);
  if (bolo_json_reader_has (reader, "bytes") &&
      !bolo_json_reader_get_int (reader, "bytes", 0, (gint64) self->item_bytes_max, &n_bytes, NULL))
    return fail (self, "says no number of bytes that the station takes at once", error);
  item = g_atomic_rc_box_new0 (BoloBatchItem);
  self->n_bytes = (gsize) n_bytes;
  if (!read_item (item, reader, line, length, self->n_bytes, &problem)) {
    item->problem = g_strdup (problem->message);
    g_clear_pointer (&item->body, g_free);
    cut_echo (&item->word);
    cut_echo (&item->id);
  }
  return g_steal_pointer (&item);
}

/* Whether the header is there, or will never be. */
static gboolean
take_header (BoloBatchParser *self, GError **error)
{
  const guint8 *data = self->buffer->data;
  const guint8 *begin = data + self->at;
  const guint8 *end;
  gsize from = MAX (self->searched, self->at);

  end = self->buffer->len > from ? memchr (data + from, '\n', self->buffer->len - from) : NULL;
  self->searched = end != NULL ? (gsize) (end - data) + 1 : self->buffer->len;
  if ((end == NULL && self->buffer->len - self->at >= BOLO_BATCH_HEADER_MAX) ||
      (end != NULL && (gsize) (end - begin) >= BOLO_BATCH_HEADER_MAX)) {
    fail (self, "has a header of more than 65,536 bytes", error);
    return FALSE;
  }
  if (end == NULL)
    return FALSE;
  self->item = begin_item (self, (const char *) begin, (gsize) (end - begin), error);
  self->at += (gsize) (end - begin) + 1;
  return self->item != NULL;
}

BoloBatchItem *
bolo_batch_parser_next (BoloBatchParser *self, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->is_broken)
    return fail (self, "was wrong", error);
  if (self->item == NULL && !take_header (self, error))
    return NULL;
  if (self->buffer->len - self->at < self->n_bytes)
    return NULL;
  if (self->item->topic == BOLO_BATCH_PICTURE && self->item->problem == NULL)
    self->item->bytes = g_bytes_new (self->buffer->data + self->at, self->n_bytes);
  self->at += self->n_bytes;
  self->searched = self->at;
  self->n_items++;
  return g_steal_pointer (&self->item);
}

gboolean
bolo_batch_parser_finish (BoloBatchParser *self, BoloBatchItem **rest)
{
  gsize n_left;

  g_return_val_if_fail (self != NULL && rest != NULL, FALSE);

  *rest = NULL;
  n_left = self->buffer->len - self->at;
  if (!self->is_broken && self->item == NULL && n_left == 0)
    return TRUE;
  if (self->item != NULL && self->item->topic == BOLO_BATCH_PICTURE &&
      self->item->problem == NULL && n_left > 0) {
    self->item->bytes = g_bytes_new (self->buffer->data + self->at, n_left);
    *rest = g_steal_pointer (&self->item);
  }
  self->is_broken = TRUE;
  return FALSE;
}
