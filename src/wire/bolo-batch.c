/* bolo-batch.c: records and pictures on their way to a station, item by item
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-batch"

#include "bolo-batch.h"

#include "bolo-error.h"

#include <string.h>

#define UUID_LENGTH 36
#define HASH_DIGITS (2 * BOLO_BATCH_HASH_BYTES)

static const char *const words[] = {
  NULL,      "hit",         "sighting", "disposition", "watch",   "watch-end",
  "silence", "silence-end", "audit",    "health",      "picture",
};
G_STATIC_ASSERT (G_N_ELEMENTS (words) == BOLO_BATCH_N_TOPICS);

const char *
bolo_batch_topic_get_word (BoloBatchTopic topic)
{
  return topic < BOLO_BATCH_N_TOPICS ? words[topic] : NULL;
}

BoloBatchTopic
bolo_batch_topic_from_word (const char *word)
{
  g_return_val_if_fail (word != NULL, BOLO_BATCH_TOPIC_NONE);

  for (guint i = 1; i < BOLO_BATCH_N_TOPICS; i++)
    if (strcmp (words[i], word) == 0)
      return i;
  return BOLO_BATCH_TOPIC_NONE;
}

static gboolean
begins_with_uuid (const char *id)
{
  for (guint i = 0; i < UUID_LENGTH; i++) {
    if (i == 8 || i == 13 || i == 18 || i == 23 ? id[i] != '-'
                                                : strchr ("0123456789abcdef", id[i]) == NULL)
      return FALSE;
    if (id[i] == '\0')
      return FALSE;
  }
  return TRUE;
}

gboolean
bolo_batch_id_is_good (BoloBatchTopic topic, const char *id)
{
  guint64 number;

  g_return_val_if_fail (id != NULL, FALSE);

  switch (topic) {
  case BOLO_BATCH_TOPIC_NONE:
  case BOLO_BATCH_N_TOPICS:
    return FALSE;
  case BOLO_BATCH_AUDIT:
    return id[0] != '0' && g_ascii_string_to_unsigned (id, 10, 1, G_MAXINT64, &number, NULL);
  case BOLO_BATCH_PICTURE:
    return begins_with_uuid (id) && (strcmp (id + UUID_LENGTH, "/patch") == 0 ||
                                     strcmp (id + UUID_LENGTH, "/overview") == 0);
  default:
    return begins_with_uuid (id) && id[UUID_LENGTH] == '\0';
  }
}

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "a batch cannot hold %s", what);
  return FALSE;
}

static void
append_text (GByteArray *out, const char *text)
{
  g_byte_array_append (out, (const guint8 *) text, (guint) strlen (text));
}

gboolean
bolo_batch_write_record (GByteArray *out,
                         BoloBatchTopic topic,
                         const char *id,
                         gint64 state,
                         const char *body,
                         GError **error)
{
  g_autofree char *begin = NULL;

  g_return_val_if_fail (out != NULL && id != NULL && body != NULL, FALSE);

  if (topic == BOLO_BATCH_PICTURE || !bolo_batch_id_is_good (topic, id) || state < 1)
    return fail (error, "a record without its topic, its id and its state");
  if (body[0] != '{' || strpbrk (body, "\r\n") != NULL)
    return fail (error, "a record that is not one line of JSON");
  begin = g_strdup_printf (
    "{\"topic\":\"%s\",\"id\":\"%s\",\"state\":%" G_GINT64_FORMAT ",\"body\":", words[topic], id,
    state);
  if (strlen (begin) + strlen (body) + strlen ("}\n") > BOLO_BATCH_HEADER_MAX)
    return fail (error, "a record of more than 65,536 bytes");
  append_text (out, begin);
  append_text (out, body);
  append_text (out, "}\n");
  return TRUE;
}

gboolean
bolo_batch_write_picture_head (GByteArray *out,
                               const char *id,
                               gint64 state,
                               const char *sha256,
                               gsize total,
                               gsize offset,
                               gsize n_bytes,
                               GError **error)
{
  g_autofree char *header = NULL;

  g_return_val_if_fail (out != NULL && id != NULL && sha256 != NULL, FALSE);

  if (!bolo_batch_id_is_good (BOLO_BATCH_PICTURE, id) || state < 1 ||
      strlen (sha256) != HASH_DIGITS || strspn (sha256, "0123456789abcdef") != HASH_DIGITS)
    return fail (error, "a picture without its id, its state and its hash");
  if (total == 0 || total > BOLO_BATCH_PICTURE_MAX || offset > total || n_bytes > total - offset)
    return fail (error, "bytes that are not of their picture, or one of more than 16 MiB");
  header = g_strdup_printf ("{\"topic\":\"picture\",\"id\":\"%s\",\"state\":%" G_GINT64_FORMAT
                            ",\"sha256\":\"%s\",\"total\":%" G_GSIZE_FORMAT
                            ",\"offset\":%" G_GSIZE_FORMAT ",\"bytes\":%" G_GSIZE_FORMAT "}\n",
                            id, state, sha256, total, offset, n_bytes);
  append_text (out, header);
  return TRUE;
}

gboolean
bolo_batch_write_picture (GByteArray *out,
                          const char *id,
                          gint64 state,
                          const char *sha256,
                          gsize total,
                          gsize offset,
                          const guint8 *bytes,
                          gsize n_bytes,
                          GError **error)
{
  g_return_val_if_fail (bytes != NULL, FALSE);

  if (!bolo_batch_write_picture_head (out, id, state, sha256, total, offset, n_bytes, error))
    return FALSE;
  g_byte_array_append (out, bytes, (guint) n_bytes);
  return TRUE;
}

BoloBatchItem *
bolo_batch_item_ref (const BoloBatchItem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloBatchItem *) self);
}

static void
clear_item (BoloBatchItem *self)
{
  g_free (self->word);
  g_free (self->id);
  g_free (self->body);
  g_free (self->problem);
  g_clear_pointer (&self->bytes, g_bytes_unref);
}

void
bolo_batch_item_unref (BoloBatchItem *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, (GDestroyNotify) clear_item);
}
