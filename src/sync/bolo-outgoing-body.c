/* bolo-outgoing-body.c: an item's record as the text that is sent, the same every time
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-outgoing-body.h"

#include "bolo-event.h"

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
