/* bolo-outbox.c: what of a file is still to be sent; one table, the same in every file
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-outbox"

#include "bolo-outbox.h"

void
bolo_outbox_item_free (BoloOutboxItem *self)
{
  if (self == NULL)
    return;
  g_free (self->topic);
  g_free (self->record);
  g_free (self);
}

gboolean
bolo_outbox_create (BoloDb *db, GError **error)
{
  return bolo_db_execute (db,
                          "CREATE TABLE outbox ("
                          " number INTEGER PRIMARY KEY, topic TEXT NOT NULL, record TEXT NOT NULL,"
                          " urgency INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,"
                          " added_us INTEGER NOT NULL, next_us INTEGER NOT NULL DEFAULT 0,"
                          " UNIQUE (topic, record)) STRICT;"
                          "CREATE INDEX outbox_order ON outbox (urgency, number);",
                          error);
}

gboolean
bolo_outbox_add (
  BoloDb *db, const char *topic, const char *record, int urgency, gint64 now_us, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (db,
                     "INSERT INTO outbox (topic, record, urgency, added_us)"
                     " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (topic, record) DO NOTHING",
                     error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, topic);
  bolo_statement_bind_text (statement, 2, record);
  bolo_statement_bind_int64 (statement, 3, urgency);
  bolo_statement_bind_int64 (statement, 4, now_us);
  return bolo_statement_run (statement, error);
}

static BoloOutboxItem *
read_item (BoloStatement *statement)
{
  BoloOutboxItem *item = g_new0 (BoloOutboxItem, 1);

  item->number = bolo_statement_get_int64 (statement, 0);
  item->topic = bolo_statement_get_text (statement, 1);
  item->record = bolo_statement_get_text (statement, 2);
  item->urgency = (int) bolo_statement_get_int64 (statement, 3);
  item->attempts = (int) bolo_statement_get_int64 (statement, 4);
  item->added_us = bolo_statement_get_int64 (statement, 5);
  item->next_us = bolo_statement_get_int64 (statement, 6);
  return item;
}

GPtrArray *
bolo_outbox_list_due (BoloDb *db, gint64 now_us, guint max, GError **error)
{
  g_autoptr (GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_outbox_item_free);
  BoloStatement *statement =
    bolo_db_prepare (db,
                     "SELECT number, topic, record, urgency, attempts, added_us, next_us"
                     " FROM outbox WHERE next_us <= ?1 ORDER BY urgency, number LIMIT ?2",
                     error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return NULL;
  bolo_statement_bind_int64 (statement, 1, now_us);
  bolo_statement_bind_int64 (statement, 2, max);
  while (has_row) {
    if (!bolo_statement_step (statement, &has_row, error))
      return NULL;
    if (has_row)
      g_ptr_array_add (items, read_item (statement));
  }
  bolo_statement_reset (statement);
  return g_steal_pointer (&items);
}

gboolean
bolo_outbox_postpone (BoloDb *db, gint64 number, gint64 next_us, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    db, "UPDATE outbox SET attempts = attempts + 1, next_us = ?2 WHERE number = ?1", error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, number);
  bolo_statement_bind_int64 (statement, 2, next_us);
  return bolo_statement_run (statement, error);
}

gboolean
bolo_outbox_remove (BoloDb *db, const char *topic, const char *record, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (db, "DELETE FROM outbox WHERE topic = ?1 AND record = ?2", error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, topic);
  bolo_statement_bind_text (statement, 2, record);
  return bolo_statement_run (statement, error);
}

gboolean
bolo_outbox_get_count (BoloDb *db, gint64 *count, GError **error)
{
  return bolo_db_get_int64 (db, "SELECT count(*) FROM outbox", 0, count, error);
}
