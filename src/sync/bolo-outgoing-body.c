/* bolo-outgoing-body.c: an item's record as the text that is sent, the same every time
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-outgoing-body.h"

#include "bolo-event.h"

static const BoloBatchTopic words[BOLO_N_TOPICS] = {
  [BOLO_TOPIC_HIT] = BOLO_BATCH_HIT,           [BOLO_TOPIC_DISPOSITION] = BOLO_BATCH_DISPOSITION,
  [BOLO_TOPIC_WATCH] = BOLO_BATCH_WATCH,       [BOLO_TOPIC_WATCH_END] = BOLO_BATCH_WATCH_END,
  [BOLO_TOPIC_SILENCE] = BOLO_BATCH_SILENCE,   [BOLO_TOPIC_SILENCE_END] = BOLO_BATCH_SILENCE_END,
  [BOLO_TOPIC_SIGHTING] = BOLO_BATCH_SIGHTING, [BOLO_TOPIC_AUDIT] = BOLO_BATCH_AUDIT,
  [BOLO_TOPIC_HEALTH] = BOLO_BATCH_HEALTH,     [BOLO_TOPIC_PICTURE] = BOLO_BATCH_PICTURE,
};

static char *
format_columns (GPtrArray *columns)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();

  for (guint i = 0; i < columns->len; i++) {
    const BoloColumn *column = columns->pdata[i];

    if (column->kind == BOLO_COLUMN_NUMBER)
      bolo_json_writer_add_int (writer, column->name, column->number);
    else if (column->kind == BOLO_COLUMN_TIME && column->number >= 0)
      bolo_json_writer_add_time (writer, column->name, column->number);
    else
      bolo_json_writer_add_text (writer, column->name, column->text);
  }
  return bolo_json_writer_finish (writer);
}

char *
bolo_outgoing_body_format (const BoloOutgoing *item)
{
  g_return_val_if_fail (item != NULL, NULL);

  if (item->hit != NULL)
    return bolo_event_format_hit_record (item->hit);
  if (item->topic == BOLO_TOPIC_SIGHTING && item->sighting != NULL)
    return bolo_event_format_sighting_record (item->sighting);
  return item->columns != NULL ? format_columns (item->columns) : NULL;
}

BoloBatchTopic
bolo_outgoing_body_get_topic (const BoloOutgoing *item)
{
  g_return_val_if_fail (item != NULL, BOLO_BATCH_TOPIC_NONE);

  return words[item->topic];
}

static gboolean
write_picture_head (GByteArray *text, const BoloOutgoing *item, GBytes **picture, GError **error)
{
  gsize total = g_bytes_get_size (item->picture);
  gsize offset = MIN (item->offset, total);
  gsize length = item->length > 0 ? MIN (item->length, total - offset) : total - offset;

  if (!bolo_batch_write_picture_head (text, item->id, item->state, item->sha256, total, offset,
                                      length, error))
    return FALSE;
  *picture = g_bytes_new_from_bytes (item->picture, offset, length);
  return TRUE;
}

gboolean
bolo_outgoing_body_write_head (GByteArray *text, BoloOutgoing *item, GBytes **picture)
{
  g_autofree char *record = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_written;

  g_return_val_if_fail (text != NULL && item != NULL && picture != NULL, FALSE);

  *picture = NULL;
  if (item->picture != NULL) {
    is_written = write_picture_head (text, item, picture, &error);
  } else {
    record = bolo_outgoing_body_format (item);
    is_written = record != NULL && bolo_batch_write_record (text, words[item->topic], item->id,
                                                            item->state, record, &error);
  }
  if (!is_written)
    bolo_outgoing_answer (item, BOLO_RESULT_REJECTED,
                          error != NULL ? error->message : "This record has no contents");
  return is_written;
}

gboolean
bolo_outgoing_body_write (GByteArray *body, BoloOutgoing *item)
{
  g_autoptr (GBytes) picture = NULL;
  gsize length;
  const guint8 *bytes;

  if (!bolo_outgoing_body_write_head (body, item, &picture))
    return FALSE;
  if (picture == NULL)
    return TRUE;
  bytes = g_bytes_get_data (picture, &length);
  g_byte_array_append (body, bytes, (guint) length);
  return TRUE;
}
