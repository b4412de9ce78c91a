/* bolo-outbox.c: what of a file is still to be sent, and to whom; the same in every file
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-outbox"

#include "bolo-outbox.h"

#include <string.h>

#include "bolo-error.h"

/* Bits of a signed number of 64 bits, with some air. */
#define MAX_RECEIVERS 60
/* The bit of a receiver, and a condition on a topic that it takes. */
#define BIT "(SELECT bit FROM receiver WHERE name = ?1)"
#define TAKES(topic) "(topics IS NULL OR instr (topics, ' ' || " topic " || ' ') > 0)"
#define COLUMNS "number, topic, record, state, urgency, bytes, attempts, added_us"

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

/* waits and refused are sets of receivers' bits; a row with neither is removed. The order holds
 * what waits only, so that rows that were set aside are never passed over again and again. */
gboolean
bolo_outbox_add_receivers (BoloDb *db, GError **error)
{
  return bolo_db_execute (
    db,
    "DROP TABLE outbox;"
    "CREATE TABLE outbox ("
    " number INTEGER PRIMARY KEY, topic TEXT NOT NULL, record TEXT NOT NULL,"
    " state INTEGER NOT NULL, urgency INTEGER NOT NULL, bytes INTEGER NOT NULL,"
    " waits INTEGER NOT NULL, refused INTEGER NOT NULL DEFAULT 0,"
    " attempts INTEGER NOT NULL DEFAULT 0, added_us INTEGER NOT NULL,"
    " next_us INTEGER NOT NULL DEFAULT 0, reason TEXT,"
    " UNIQUE (record, topic, state)) STRICT;"
    "CREATE INDEX outbox_order ON outbox (urgency, number) WHERE waits <> 0;"
    "CREATE TABLE receiver ("
    " bit INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, topics TEXT) STRICT;",
    error);
}

/* ---- who there is -------------------------------------------------------------------------- */

typedef struct {
  gint64 bit;
  char *name;   /* (owned) */
  char *topics; /* (owned) (nullable): " hit picture " */
} Receiver;

static void
receiver_free (gpointer data)
{
  Receiver *receiver = data;

  g_free (receiver->name);
  g_free (receiver->topics);
  g_free (receiver);
}

static GPtrArray *
list_receivers (BoloDb *db, GError **error)
{
  g_autoptr (GPtrArray) receivers = g_ptr_array_new_with_free_func (receiver_free);
  BoloStatement *statement =
    bolo_db_prepare (db, "SELECT bit, name, topics FROM receiver ORDER BY bit", error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return NULL;
  while (has_row) {
    Receiver *receiver;

    if (!bolo_statement_step (statement, &has_row, error))
      return NULL;
    if (!has_row)
      break;
    receiver = g_new0 (Receiver, 1);
    receiver->bit = bolo_statement_get_int64 (statement, 0);
    receiver->name = bolo_statement_get_text (statement, 1);
    receiver->topics = bolo_statement_get_text (statement, 2);
    g_ptr_array_add (receivers, receiver);
  }
  bolo_statement_reset (statement);
  return g_steal_pointer (&receivers);
}

/* (transfer full): "NAME TOPIC TOPIC" taken apart. */
static Receiver *
parse_receiver (const char *text)
{
  Receiver *receiver = g_new0 (Receiver, 1);
  const char *blank = strchr (text, ' ');

  receiver->name = blank != NULL ? g_strndup (text, (gsize) (blank - text)) : g_strdup (text);
  receiver->topics = blank != NULL ? g_strconcat (blank, " ", NULL) : NULL;
  return receiver;
}

static Receiver *
find_receiver (GPtrArray *receivers, const Receiver *like)
{
  for (guint i = 0; i < receivers->len; i++) {
    Receiver *receiver = receivers->pdata[i];

    if (g_str_equal (receiver->name, like->name) && g_strcmp0 (receiver->topics, like->topics) == 0)
      return receiver;
  }
  return NULL;
}

static gboolean
run_for_bit (BoloDb *db, const char *sql, gint64 bit, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (db, sql, error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, bit);
  return bolo_statement_run (statement, error);
}

static gboolean
drop_receiver (BoloDb *db, gint64 bit, GError **error)
{
  return run_for_bit (db,
                      "UPDATE outbox SET waits = waits & ~?1, refused = refused & ~?1"
                      " WHERE (waits | refused) & ?1",
                      bit, error) &&
         bolo_db_execute (db, "DELETE FROM outbox WHERE waits = 0 AND refused = 0", error) &&
         run_for_bit (db, "DELETE FROM receiver WHERE bit = ?1", bit, error);
}

static gboolean
fill_for (BoloDb *db, const Receiver *receiver, const char *fill, GError **error)
{
  g_autofree char *sql = g_strconcat (
    "INSERT INTO outbox (topic, record, state, urgency, bytes, added_us, waits)"
    " SELECT k.topic, k.record, k.state, k.urgency, k.bytes, k.added_us, r.bit"
    " FROM (SELECT NULL AS topic, NULL AS record, NULL AS state, NULL AS urgency,"
    " NULL AS bytes, NULL AS added_us WHERE 0 UNION ALL ",
    fill, ") AS k JOIN receiver AS r ON r.bit = ?1 AND ", TAKES ("k.topic"),
    " WHERE true ON CONFLICT (record, topic, state) DO UPDATE SET waits = waits | excluded.waits",
    NULL);

  return run_for_bit (db, sql, receiver->bit, error);
}

static gboolean
take_receiver (BoloDb *db, GPtrArray *known, Receiver *receiver, const char *fill, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (db, "INSERT INTO receiver (bit, name, topics) VALUES (?1, ?2, ?3)", error);
  gint64 used = 0;

  if (statement == NULL)
    return FALSE;
  for (guint i = 0; i < known->len; i++)
    used |= ((Receiver *) known->pdata[i])->bit;
  for (receiver->bit = 1; (used & receiver->bit) != 0; receiver->bit <<= 1)
    ;
  bolo_statement_bind_int64 (statement, 1, receiver->bit);
  bolo_statement_bind_text (statement, 2, receiver->name);
  bolo_statement_bind_text (statement, 3, receiver->topics);
  return bolo_statement_run (statement, error) && fill_for (db, receiver, fill, error);
}

/* Drops who is not wanted any more, then takes who is new; @known is kept up. */
static gboolean
change_receivers (BoloDb *db, GPtrArray *known, GPtrArray *wanted, const char *fill, GError **error)
{
  for (guint i = known->len; i > 0; i--) {
    Receiver *receiver = known->pdata[i - 1];

    if (find_receiver (wanted, receiver) != NULL)
      continue;
    if (!drop_receiver (db, receiver->bit, error))
      return FALSE;
    g_ptr_array_remove_index (known, i - 1);
  }
  for (guint i = 0; i < wanted->len; i++) {
    Receiver *receiver = wanted->pdata[i];

    if (find_receiver (known, receiver) != NULL)
      continue;
    if (!take_receiver (db, known, receiver, fill, error))
      return FALSE;
    g_ptr_array_add (known, parse_receiver (receiver->name));
    ((Receiver *) known->pdata[known->len - 1])->bit = receiver->bit;
    ((Receiver *) known->pdata[known->len - 1])->topics = g_strdup (receiver->topics);
  }
  return TRUE;
}

static gboolean
is_same (GPtrArray *known, GPtrArray *wanted)
{
  if (known->len != wanted->len)
    return FALSE;
  for (guint i = 0; i < known->len; i++) {
    if (find_receiver (wanted, known->pdata[i]) == NULL)
      return FALSE;
  }
  return TRUE;
}

gboolean
bolo_outbox_set_receivers (BoloDb *db,
                           const char *const *receivers,
                           const char *fill,
                           GError **error)
{
  g_autoptr (GPtrArray) wanted = g_ptr_array_new_with_free_func (receiver_free);
  g_autoptr (GPtrArray) known = NULL;

  g_return_val_if_fail (db != NULL && receivers != NULL && fill != NULL, FALSE);
  for (guint i = 0; receivers[i] != NULL; i++)
    g_ptr_array_add (wanted, parse_receiver (receivers[i]));
  g_return_val_if_fail (wanted->len <= MAX_RECEIVERS, FALSE);
  /* Mostly nothing has changed: then nothing is locked. */
  known = list_receivers (db, error);
  if (known == NULL)
    return FALSE;
  if (is_same (known, wanted))
    return TRUE;
  if (!bolo_db_begin (db, error))
    return FALSE;
  g_clear_pointer (&known, g_ptr_array_unref);
  known = list_receivers (db, error);
  if (known == NULL || !change_receivers (db, known, wanted, fill, error)) {
    bolo_db_roll_back (db);
    return FALSE;
  }
  return bolo_db_commit (db, error);
}

/* ---- items --------------------------------------------------------------------------------- */

gboolean
bolo_outbox_add (BoloDb *db, const BoloOutboxItem *item, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    db,
    "INSERT INTO outbox (topic, record, state, urgency, bytes, added_us, waits)"
    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, bits FROM (SELECT sum (bit) AS bits FROM"
    " receiver WHERE " TAKES ("?1") ") WHERE bits > 0"
                                    " ON CONFLICT (record, topic, state) DO NOTHING",
    error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, item->topic);
  bolo_statement_bind_text (statement, 2, item->record);
  bolo_statement_bind_int64 (statement, 3, item->state);
  bolo_statement_bind_int64 (statement, 4, item->urgency);
  bolo_statement_bind_int64 (statement, 5, item->bytes);
  bolo_statement_bind_int64 (statement, 6, item->added_us);
  return bolo_statement_run (statement, error);
}

static BoloOutboxItem *
read_item (BoloStatement *statement)
{
  BoloOutboxItem *item = g_new0 (BoloOutboxItem, 1);

  item->number = bolo_statement_get_int64 (statement, 0);
  item->topic = bolo_statement_get_text (statement, 1);
  item->record = bolo_statement_get_text (statement, 2);
  item->state = bolo_statement_get_int64 (statement, 3);
  item->urgency = (int) bolo_statement_get_int64 (statement, 4);
  item->bytes = bolo_statement_get_int64 (statement, 5);
  item->attempts = (guint) bolo_statement_get_int64 (statement, 6);
  item->added_us = bolo_statement_get_int64 (statement, 7);
  return item;
}

/* How much more may be listed. */
typedef struct {
  guint items;
  gint64 bytes;
} Room;

#define DUE                                                                                        \
  "SELECT " COLUMNS " FROM outbox INDEXED BY outbox_order WHERE waits <> 0 AND next_us <= ?2"      \
  " AND waits & " BIT " <> 0 AND "

static gboolean
list_some (BoloDb *db,
           const char *sql,
           const BoloOutboxQuery *query,
           const BoloOutboxMark *after,
           Room *room,
           GPtrArray *items,
           GError **error)
{
  BoloStatement *statement = bolo_db_prepare (db, sql, error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, query->receiver);
  bolo_statement_bind_int64 (statement, 2, query->now_us);
  bolo_statement_bind_int64 (statement, 3, query->max_urgency);
  bolo_statement_bind_int64 (statement, 4, after->urgency);
  bolo_statement_bind_int64 (statement, 5, after->number);
  while (has_row && room->items > 0 && room->bytes > 0) {
    BoloOutboxItem *item;
    gint64 number;

    if (!bolo_statement_step (statement, &has_row, error))
      return FALSE;
    if (!has_row)
      break;
    number = bolo_statement_get_int64 (statement, 0);
    if (query->except != NULL && g_hash_table_contains (query->except, &number))
      continue;
    item = read_item (statement);
    room->items--;
    room->bytes -= item->bytes;
    /* One that is larger than what is left waits for the next time, but never for ever. */
    if (room->bytes < 0 && items->len > 0)
      bolo_outbox_item_free (item);
    else
      g_ptr_array_add (items, item);
  }
  bolo_statement_reset (statement);
  return TRUE;
}

GPtrArray *
bolo_outbox_list_due (BoloDb *db, const BoloOutboxQuery *query, GError **error)
{
  g_autoptr (GPtrArray) items =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_outbox_item_free);
  BoloOutboxMark hits = {0, G_MAXINT64};
  BoloOutboxMark others = {0, G_MAXINT64};
  Room room;

  g_return_val_if_fail (db != NULL && query != NULL && query->receiver != NULL, NULL);
  room = (Room){query->max, MAX (query->max_bytes, 1)};
  if (query->after != NULL)
    hits = *query->after;
  if (query->after != NULL && query->after->urgency > 0)
    others = *query->after;
  if (!list_some (
        db, DUE "urgency = 0 AND urgency <= ?3 AND ?4 = 0 AND number < ?5 ORDER BY number DESC",
        query, &hits, &room, items, error) ||
      !list_some (db, DUE "(urgency, number) > (?4, ?5) AND urgency <= ?3 ORDER BY urgency, number",
                  query, &others, &room, items, error))
    return NULL;
  return g_steal_pointer (&items);
}

/* A row's number may have been given anew: record and state are looked at too. */
#define THIS " WHERE number = ?2 AND record = ?3 AND state = ?4"

static BoloStatement *
prepare_this (BoloDb *db, const char *sql, const BoloOutboxAnswer *answer, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (db, sql, error);

  if (statement == NULL)
    return NULL;
  bolo_statement_bind_int64 (statement, 2, answer->number);
  bolo_statement_bind_text (statement, 3, answer->record);
  bolo_statement_bind_int64 (statement, 4, answer->state);
  return statement;
}

/* Mostly there is one receiver, and the row is done with; else it stays for the others. */
static gboolean
take (BoloDb *db, const char *receiver, const BoloOutboxAnswer *answer, GError **error)
{
  BoloStatement *drop = prepare_this (
    db, "DELETE FROM outbox" THIS " AND (waits | refused) & ~" BIT " = 0", answer, error);
  BoloStatement *clear;

  if (drop == NULL)
    return FALSE;
  bolo_statement_bind_text (drop, 1, receiver);
  if (!bolo_statement_run (drop, error))
    return FALSE;
  if (bolo_db_get_n_changed (db) > 0)
    return TRUE;
  clear =
    prepare_this (db, "UPDATE outbox SET waits = waits & ~" BIT ", refused = refused & ~" BIT THIS,
                  answer, error);
  if (clear == NULL)
    return FALSE;
  bolo_statement_bind_text (clear, 1, receiver);
  return bolo_statement_run (clear, error);
}

static gboolean
refuse (BoloDb *db, const char *receiver, const BoloOutboxAnswer *answer, GError **error)
{
  BoloStatement *statement = prepare_this (
    db, "UPDATE outbox SET waits = waits & ~" BIT ", refused = refused | " BIT ", reason = ?5" THIS,
    answer, error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, receiver);
  bolo_statement_bind_text (statement, 5, answer->reason);
  return bolo_statement_run (statement, error);
}

static gboolean
postpone (BoloDb *db, const BoloOutboxAnswer *answer, gint64 later_us, GError **error)
{
  BoloStatement *statement = prepare_this (
    db, "UPDATE outbox SET attempts = attempts + 1, next_us = ?1" THIS, answer, error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, later_us);
  return bolo_statement_run (statement, error);
}

static gboolean
settle_one (
  BoloDb *db, const char *receiver, const BoloOutboxAnswer *answer, gint64 later_us, GError **error)
{
  switch (answer->word) {
  case BOLO_OUTBOX_TAKEN:
    return take (db, receiver, answer, error);
  case BOLO_OUTBOX_REFUSED:
    return refuse (db, receiver, answer, error);
  case BOLO_OUTBOX_LATER:
    return postpone (db, answer, later_us, error);
  case BOLO_OUTBOX_UNSAID:
    return TRUE;
  }
  return TRUE;
}

gboolean
bolo_outbox_settle (BoloDb *db,
                    const char *receiver,
                    const BoloOutboxAnswer *answers,
                    guint n_answers,
                    gint64 later_us,
                    GError **error)
{
  g_return_val_if_fail (db != NULL && receiver != NULL, FALSE);

  /* An item that a power cut brings back is sent once more, and known there. */
  if (!bolo_db_begin_lightly (db, error))
    return FALSE;
  for (guint i = 0; i < n_answers; i++) {
    if (!settle_one (db, receiver, &answers[i], later_us, error)) {
      bolo_db_roll_back (db);
      return FALSE;
    }
  }
  return bolo_db_commit (db, error);
}

gboolean
bolo_outbox_count (
  BoloDb *db, const char *receiver, BoloOutboxCountFunc func, gpointer user_data, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (db,
                     "SELECT topic, sum (waits & b <> 0), sum ((waits & b <> 0) * bytes),"
                     " min (CASE WHEN waits & b <> 0 THEN added_us END), sum (refused & b <> 0)"
                     " FROM outbox, (SELECT coalesce (" BIT ", 0) AS b) GROUP BY topic",
                     error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, receiver);
  while (has_row) {
    g_autofree char *topic = NULL;
    BoloOutboxCount count;

    if (!bolo_statement_step (statement, &has_row, error))
      return FALSE;
    if (!has_row)
      break;
    topic = bolo_statement_get_text (statement, 0);
    count.topic = topic;
    count.items = bolo_statement_get_int64 (statement, 1);
    count.bytes = bolo_statement_get_int64 (statement, 2);
    count.oldest_us =
      bolo_statement_is_null (statement, 3) ? -1 : bolo_statement_get_int64 (statement, 3);
    count.refused = bolo_statement_get_int64 (statement, 4);
    func (&count, user_data);
  }
  bolo_statement_reset (statement);
  return TRUE;
}

gboolean
bolo_outbox_is_empty (BoloDb *db, gboolean *is_empty, GError **error)
{
  gint64 has_one = 0;

  /* A row for which nobody waits is there because somebody has refused it. */
  if (!bolo_db_get_int64 (db, "SELECT EXISTS (SELECT 1 FROM outbox)", 0, &has_one, error))
    return FALSE;
  *is_empty = has_one == 0;
  return TRUE;
}
