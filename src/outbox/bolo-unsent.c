/* bolo-unsent.c: a file's outbox and the items that leave the car, one to the other
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-unsent"

#include "bolo-unsent.h"

#include "bolo-error.h"

gboolean
bolo_unsent_add (BoloDb *db,
                 BoloTopic topic,
                 const char *id,
                 gint64 state,
                 int urgency,
                 gsize bytes,
                 gint64 now_us,
                 GError **error)
{
  const BoloOutboxItem item = {
    .topic = (char *) bolo_topic_to_string (topic),
    .record = (char *) id,
    .state = state,
    .urgency = urgency,
    .bytes = (gint64) bytes,
    .added_us = now_us,
  };

  return bolo_outbox_add (db, &item, error);
}

static BoloOutgoing *
make_item (const BoloUnsentFile *file, const BoloOutboxItem *row)
{
  BoloOutgoing *item = bolo_outgoing_new (BOLO_TOPIC_HIT, row->record, row->state);

  bolo_topic_from_string (row->topic, &item->topic);
  item->queue = g_strdup (file->queue);
  item->file = file->topics;
  item->number = row->number;
  item->urgency = row->urgency;
  item->attempts = row->attempts;
  item->added_us = row->added_us;
  item->bytes = (gsize) row->bytes;
  return item;
}

static gboolean
forget (const BoloUnsentFile *file, const char *receiver, GPtrArray *lost, GError **error)
{
  if (lost->len == 0)
    return TRUE;
  g_warning ("%u items to be sent had lost what they are about, and were dropped from %s",
             lost->len, bolo_db_get_path (file->db));
  for (guint i = 0; i < lost->len; i++)
    bolo_outgoing_answer (lost->pdata[i], BOLO_RESULT_KNOWN, NULL);
  return bolo_unsent_settle (file, receiver, lost, 0, error);
}

static gboolean
is_of_file (const BoloUnsentFile *file, const BoloOutgoing *item)
{
  return (file->topics & BOLO_TOPIC_BIT (item->topic)) != 0 &&
         g_strcmp0 (file->queue, item->queue) == 0;
}

/* (transfer full) (nullable): the rows of those items that are this file's, which are lent. */
static GHashTable *
get_rows_under_way (const BoloUnsentFile *file, GPtrArray *items)
{
  GHashTable *rows;

  if (items == NULL)
    return NULL;
  rows = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (guint i = 0; i < items->len; i++) {
    BoloOutgoing *item = items->pdata[i];

    if (is_of_file (file, item))
      g_hash_table_add (rows, &item->number);
  }
  return rows;
}

/* @lost (inout): items whose record is gone. */
static GPtrArray *
load_items (const BoloUnsentFile *file,
            const BoloUnsentQuery *query,
            GPtrArray *lost,
            GError **error)
{
  g_autoptr (GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_outgoing_free);
  g_autoptr (GHashTable) except = get_rows_under_way (file, query->under_way);
  g_autoptr (GPtrArray) rows = NULL;
  BoloOutboxMark mark;
  gboolean has_mark =
    query->walk != NULL &&
    bolo_unsent_walk_get (query->walk, file->topics, file->queue, &mark.urgency, &mark.number);

  rows = bolo_outbox_list_due (file->db,
                               &(BoloOutboxQuery){
                                 .receiver = query->receiver,
                                 .now_us = query->now_us,
                                 .max_urgency = query->max_urgency,
                                 .max = query->max,
                                 .max_bytes = (gint64) query->max_bytes,
                                 .after = has_mark ? &mark : NULL,
                                 .except = except,
                               },
                               error);
  if (rows == NULL)
    return NULL;
  for (guint i = 0; i < rows->len; i++) {
    g_autoptr (BoloOutgoing) item = make_item (file, rows->pdata[i]);
    g_autoptr (GError) local = NULL;

    if (query->names_only || file->load (file->owner, item, &local)) {
      g_ptr_array_add (items, g_steal_pointer (&item));
    } else if (g_error_matches (local, BOLO_ERROR, BOLO_ERROR_NOT_FOUND)) {
      g_ptr_array_add (lost, g_steal_pointer (&item));
    } else {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  }
  return g_steal_pointer (&items);
}

GPtrArray *
bolo_unsent_list (const BoloUnsentFile *file, const BoloUnsentQuery *query, GError **error)
{
  g_autoptr (GPtrArray) lost = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_outgoing_free);
  g_autoptr (GPtrArray) items = NULL;

  g_return_val_if_fail (file != NULL && query != NULL, NULL);

  if (!bolo_db_begin_reading (file->db, error))
    return NULL;
  items = load_items (file, query, lost, error);
  bolo_db_end_reading (file->db);
  return items != NULL && forget (file, query->receiver, lost, error) ? g_steal_pointer (&items)
                                                                      : NULL;
}

static BoloOutboxWord
get_word (BoloResult result)
{
  switch (result) {
  case BOLO_RESULT_STORED:
  case BOLO_RESULT_KNOWN:
    return BOLO_OUTBOX_TAKEN;
  case BOLO_RESULT_REJECTED:
    return BOLO_OUTBOX_REFUSED;
  case BOLO_RESULT_AGAIN:
    return BOLO_OUTBOX_LATER;
  case BOLO_RESULT_PARTIAL:
  case BOLO_RESULT_UNKNOWN:
    break;
  }
  return BOLO_OUTBOX_UNSAID;
}

gboolean
bolo_unsent_settle (const BoloUnsentFile *file,
                    const char *receiver,
                    GPtrArray *items,
                    gint64 later_us,
                    GError **error)
{
  g_autoptr (GArray) answers = g_array_new (FALSE, FALSE, sizeof (BoloOutboxAnswer));

  g_return_val_if_fail (file != NULL && receiver != NULL && items != NULL, FALSE);

  for (guint i = 0; i < items->len; i++) {
    const BoloOutgoing *item = items->pdata[i];
    const BoloOutboxAnswer answer = {item->number, item->id, item->state, get_word (item->result),
                                     item->reason};

    if (is_of_file (file, item) && answer.word != BOLO_OUTBOX_UNSAID)
      g_array_append_val (answers, answer);
  }
  return answers->len == 0 || bolo_outbox_settle (file->db, receiver, (gpointer) answers->data,
                                                  answers->len, later_us, error);
}

static void
add_count (const BoloOutboxCount *count, gpointer user_data)
{
  bolo_unsent_counts_add (user_data, count->topic, count->items, count->bytes, count->oldest_us,
                          count->refused);
}

gboolean
bolo_unsent_count (const BoloUnsentFile *file,
                   const char *receiver,
                   BoloUnsentCounts *counts,
                   GError **error)
{
  g_return_val_if_fail (file != NULL && receiver != NULL && counts != NULL, FALSE);

  return bolo_outbox_count (file->db, receiver, add_count, counts, error);
}
