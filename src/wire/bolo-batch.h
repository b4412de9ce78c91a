/* bolo-batch.h: records and pictures on their way to a station, item by item
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOLO_BATCH_CONTENT_TYPE "application/vnd.bolo.batch"
#define BOLO_BATCH_RESULTS_TYPE "application/x-ndjson"
/* A header line with its line feed. */
#define BOLO_BATCH_HEADER_MAX 65536
/* Of a whole picture. */
#define BOLO_BATCH_PICTURE_MAX (16 * 1024 * 1024)
#define BOLO_BATCH_ID_MAX 64
#define BOLO_BATCH_HASH_BYTES 32

/* BoloBatchTopic: numbers on the station's disk, so they only grow at the end. */
typedef enum {
  BOLO_BATCH_TOPIC_NONE = 0,
  BOLO_BATCH_HIT = 1,
  BOLO_BATCH_SIGHTING = 2,
  BOLO_BATCH_DISPOSITION = 3,
  BOLO_BATCH_WATCH = 4,
  BOLO_BATCH_WATCH_END = 5,
  BOLO_BATCH_SILENCE = 6,
  BOLO_BATCH_SILENCE_END = 7,
  BOLO_BATCH_AUDIT = 8,
  BOLO_BATCH_HEALTH = 9,
  BOLO_BATCH_PICTURE = 10,
  BOLO_BATCH_N_TOPICS,
} BoloBatchTopic;

/* "hit", "watch-end", …; NULL for NONE. */
const char *bolo_batch_topic_get_word (BoloBatchTopic topic);
/* NONE for what is no topic. */
BoloBatchTopic bolo_batch_topic_from_word (const char *word);
/* Whether @id is of the form that its topic asks for: a UUID in lower case; for audit its number;
 * for pictures UUID/patch or UUID/overview. */
gboolean bolo_batch_id_is_good (BoloBatchTopic topic, const char *id);

/* Writing. @out grows by one whole item; FALSE with INVALID_DATA, and nothing written, where the
 * item could never be read: a bad id, a line feed in @body, a header above BOLO_BATCH_HEADER_MAX.
 */

/* @body: one JSON object as text without line feeds; it goes out byte for byte. */
gboolean bolo_batch_write_record (GByteArray *out,
                                  BoloBatchTopic topic,
                                  const char *id,
                                  gint64 state,
                                  const char *body,
                                  GError **error);
/* @bytes: what belongs at @offset of a JPEG of @total bytes whose SHA-256 is @sha256 (64 digits).
 */
gboolean bolo_batch_write_picture (GByteArray *out,
                                   const char *id,
                                   gint64 state,
                                   const char *sha256,
                                   gsize total,
                                   gsize offset,
                                   const guint8 *bytes,
                                   gsize n_bytes,
                                   GError **error);
/* The same without its bytes, of which @n_bytes must follow. */
gboolean bolo_batch_write_picture_head (GByteArray *out,
                                        const char *id,
                                        gint64 state,
                                        const char *sha256,
                                        gsize total,
                                        gsize offset,
                                        gsize n_bytes,
                                        GError **error);

/* BoloBatchItem: an item as it was read. Atomically counted, never changed. */
typedef struct {
  char *word; /* the topic as it stood */
  BoloBatchTopic topic;
  char *id;
  gint64 state;
  char *body;                         /* (nullable) as it stood; NULL for pictures */
  guint8 hash[BOLO_BATCH_HASH_BYTES]; /* SHA-256 of body, or of the whole JPEG as its header says */
  gsize total;                        /* of a picture */
  gsize offset;
  GBytes *bytes; /* (nullable): of a picture; what had come, where the body broke off */
  /* (nullable): one sentence where the item itself is wrong, though its end was found. It is to be
   * answered "rejected"; topic may be NONE, id may be what was sent, and body and bytes are NULL.
   */
  char *problem;
} BoloBatchItem;

BoloBatchItem *bolo_batch_item_ref (const BoloBatchItem *self);
void bolo_batch_item_unref (BoloBatchItem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloBatchItem, bolo_batch_item_unref)

G_END_DECLS
