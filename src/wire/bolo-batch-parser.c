/* bolo-batch-parser.c: the body of a batch, pushed in pieces, as whole items
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-batch-parser"

#include "bolo-batch-parser.h"

#include "bolo-error.h"
#include "bolo-json-scan.h"
#include "bolo-sum.h"

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

/* What a header may say. */
enum {
  TOPIC,
  ID,
  STATE,
  BODY,
  HASH,
  TOTAL,
  OFFSET,
  BYTES,
};

static const char *const names[] = {"topic",  "id",    "state",  "body",
                                    "sha256", "total", "offset", "bytes"};

/* (transfer full): what is wrong with it, in a sentence; NULL: nothing. */
static char *
read_picture (BoloBatchItem *item, const BoloJsonSpan *said, gsize n_bytes)
{
  g_autofree char *digits = bolo_json_span_dup_text (&said[HASH]);
  gint64 total = 0;
  gint64 offset = 0;

  if (digits == NULL || !bolo_json_span_get_int (&said[TOTAL], 1, BOLO_BATCH_PICTURE_MAX, &total) ||
      !bolo_json_span_get_int (&said[OFFSET], 0, total, &offset))
    return g_strdup_printf (
      "a picture must have \"sha256\", a \"total\" of at most %d bytes and an "
      "\"offset\" in it",
      BOLO_BATCH_PICTURE_MAX);
  item->total = (gsize) total;
  item->offset = (gsize) offset;
  if (read_hash (digits, item->hash) && n_bytes <= item->total - item->offset)
    return NULL;
  return g_strdup ("the picture has no hash, or its bytes reach over its end");
}

/* What can be wrong without the end of the item being lost; likewise. */
static char *
read_item (BoloBatchItem *item, const BoloJsonSpan *said, gsize n_bytes)
{
  item->word = bolo_json_span_dup_text (&said[TOPIC]);
  item->id = bolo_json_span_dup_text (&said[ID]);
  if (item->word == NULL || item->id == NULL ||
      !bolo_json_span_get_int (&said[STATE], 1, G_MAXINT64, &item->state))
    return g_strdup ("an item must have the texts \"topic\" and \"id\" and a \"state\" from 1 on");
  item->topic = bolo_batch_topic_from_word (item->word);
  if (item->topic == BOLO_BATCH_TOPIC_NONE || !bolo_batch_id_is_good (item->topic, item->id))
    return g_strdup ("the topic is not known, or the id is not one of that topic");
  if (item->topic == BOLO_BATCH_PICTURE)
    return read_picture (item, said, n_bytes);
  if (n_bytes > 0)
    return g_strdup ("only pictures have bytes behind their header");
  if (!bolo_json_span_is_object (&said[BODY]))
    return g_strdup ("a record must have \"body\", an object, its name written without escapes");
  item->body = g_strndup (said[BODY].at, said[BODY].length);
  bolo_sum_data (said[BODY].at, said[BODY].length, item->hash);
  return NULL;
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
  g_autoptr (BoloBatchItem) item = NULL;
  BoloJsonSpan said[G_N_ELEMENTS (names)];
  gint64 n_bytes = 0;

  if (!bolo_json_scan (line, length, names, said, G_N_ELEMENTS (names)))
    return fail (self, "does not begin with a JSON object of one line", error);
  if (said[BYTES].at != NULL &&
      !bolo_json_span_get_int (&said[BYTES], 0, (gint64) self->item_bytes_max, &n_bytes))
    return fail (self, "says no number of bytes that the station takes at once", error);
  item = g_atomic_rc_box_new0 (BoloBatchItem);
  self->n_bytes = (gsize) n_bytes;
  item->problem = read_item (item, said, self->n_bytes);
  if (item->problem != NULL) {
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
