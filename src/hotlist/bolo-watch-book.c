/* bolo-watch-book.c: STATE/watch.db: what officers added to the lists in the car
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-watch-book"

#include "bolo-watch-book.h"

#include "bolo-db-files.h"
#include "bolo-db.h"
#include "bolo-error.h"
#include "bolo-unsent.h"

#define FILE_NAME "watch.db"
/* About what a row weighs when it is sent. */
#define SENT_BYTES 400
#define WATCH_COLUMNS "id, mark, reason, category, description, officer, added_us, expires_us"
#define SILENCE_COLUMNS "id, list, plate, reference, kind, reason, officer, added_us, until_us"
/* All that is kept, for a receiver that is new. */
#define FILL                                                                                       \
  "SELECT 'watch', id, 1, 2, 400, added_us FROM watch UNION ALL"                                   \
  " SELECT 'watch-end', id, 1, 2, 400, ended_us FROM watch WHERE ended_us IS NOT NULL UNION ALL"   \
  " SELECT 'silence', id, 1, 2, 400, added_us FROM silence UNION ALL"                              \
  " SELECT 'silence-end', id, 1, 2, 400, ended_us FROM silence WHERE ended_us IS NOT NULL"

struct _BoloWatchBook {
  BoloDb *db; /* (owned) */
};

/* A row is never edited but for its end, and stays until the back office has it. */
static gboolean
make_tables (BoloDb *db, GError **error)
{
  return bolo_db_execute (
    db,
    "CREATE TABLE watch ("
    " id TEXT PRIMARY KEY, mark TEXT NOT NULL, reason TEXT NOT NULL, category TEXT NOT NULL,"
    " description TEXT, officer TEXT NOT NULL, added_us INTEGER NOT NULL,"
    " expires_us INTEGER NOT NULL, ended_us INTEGER, ended_by TEXT) STRICT, WITHOUT ROWID;"
    "CREATE TABLE silence ("
    " id TEXT PRIMARY KEY, list TEXT NOT NULL, plate TEXT NOT NULL, reference TEXT,"
    " kind INTEGER NOT NULL, reason TEXT NOT NULL, officer TEXT NOT NULL,"
    " added_us INTEGER NOT NULL, until_us INTEGER NOT NULL, ended_us INTEGER, ended_by TEXT)"
    " STRICT, WITHOUT ROWID;",
    error);
}

static const BoloDbStep steps[] = {make_tables, bolo_outbox_create, bolo_outbox_add_receivers};

/* On the disk: append-only numbers. */
static const gint64 kind_numbers[] = {
  [BOLO_SILENCE_RECOVERED] = 1,
  [BOLO_SILENCE_NOT_THIS_VEHICLE] = 2,
};

static BoloDb *
open_file (const char *path, GError **error)
{
  g_autoptr (BoloDb) db = bolo_db_open (path, NULL, BOLO_DB_CREATE, error);

  if (db == NULL || !bolo_db_migrate (db, steps, G_N_ELEMENTS (steps), error) ||
      !bolo_db_check (db, -1, error) || !bolo_db_sync_directory (db, error))
    return NULL;
  return g_steal_pointer (&db);
}

BoloWatchBook *
bolo_watch_book_open (const char *state_dir, gint64 now_us, char **set_aside, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *aside = NULL;
  g_autoptr (BoloDb) db = NULL;
  g_autoptr (GError) local = NULL;
  BoloWatchBook *self;

  g_return_val_if_fail (state_dir != NULL, NULL);

  path = g_build_filename (state_dir, FILE_NAME, NULL);
  db = open_file (path, &local);
  if (db == NULL && g_error_matches (local, BOLO_ERROR, BOLO_ERROR_INVALID_DATA)) {
    aside = bolo_db_files_set_aside (path, now_us, error);
    if (aside == NULL)
      return NULL;
    g_warning ("%s was damaged; it was set aside as %s and a new one begun", path, aside);
    g_clear_error (&local);
    db = open_file (path, &local);
  }
  if (db == NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  self = g_new0 (BoloWatchBook, 1);
  self->db = g_steal_pointer (&db);
  if (set_aside != NULL)
    *set_aside = g_steal_pointer (&aside);
  return self;
}

void
bolo_watch_book_close (BoloWatchBook *self)
{
  if (self == NULL)
    return;
  bolo_db_close (self->db);
  g_free (self);
}

/* ---- writing ------------------------------------------------------------------------------- */

static gboolean
queue (BoloWatchBook *self, BoloTopic topic, const char *id, gint64 now_us, GError **error)
{
  return bolo_unsent_add (self->db, topic, id, 1, BOLO_URGENCY_WATCH, SENT_BYTES, now_us, error);
}

static gboolean
insert_watch (BoloWatchBook *self, const BoloWatch *watch, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    self->db, "INSERT INTO watch (" WATCH_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, watch->id);
  bolo_statement_bind_text (statement, 2, watch->mark);
  bolo_statement_bind_text (statement, 3, watch->reason);
  bolo_statement_bind_text (statement, 4, watch->category);
  bolo_statement_bind_text (statement, 5, watch->description);
  bolo_statement_bind_text (statement, 6, watch->officer);
  bolo_statement_bind_int64 (statement, 7, watch->added_us);
  bolo_statement_bind_int64 (statement, 8, watch->expires_us);
  return bolo_statement_run (statement, error) &&
         queue (self, BOLO_TOPIC_WATCH, watch->id, watch->added_us, error);
}

static gboolean
insert_silence (BoloWatchBook *self, const BoloSilence *silence, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    self->db,
    "INSERT INTO silence (" SILENCE_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, silence->id);
  bolo_statement_bind_text (statement, 2, silence->list);
  bolo_statement_bind_text (statement, 3, silence->plate);
  bolo_statement_bind_text (statement, 4, silence->reference);
  bolo_statement_bind_int64 (statement, 5, kind_numbers[silence->kind]);
  bolo_statement_bind_text (statement, 6, silence->reason);
  bolo_statement_bind_text (statement, 7, silence->officer);
  bolo_statement_bind_int64 (statement, 8, silence->added_us);
  bolo_statement_bind_int64 (statement, 9, silence->until_us);
  return bolo_statement_run (statement, error) &&
         queue (self, BOLO_TOPIC_SILENCE, silence->id, silence->added_us, error);
}

/* Commits what was written, or undoes it. */
static gboolean
finish (BoloWatchBook *self, gboolean is_written, GError **error)
{
  if (is_written)
    return bolo_db_commit (self->db, error);
  bolo_db_roll_back (self->db);
  return FALSE;
}

gboolean
bolo_watch_book_add (BoloWatchBook *self, const BoloWatch *watch, GError **error)
{
  g_return_val_if_fail (self != NULL && watch != NULL, FALSE);

  return bolo_db_begin (self->db, error) && finish (self, insert_watch (self, watch, error), error);
}

gboolean
bolo_watch_book_silence (BoloWatchBook *self, const BoloSilence *silence, GError **error)
{
  g_return_val_if_fail (self != NULL && silence != NULL, FALSE);

  return bolo_db_begin (self->db, error) &&
         finish (self, insert_silence (self, silence, error), error);
}

typedef struct {
  const char *id;
  const char *officer;
  gint64 now_us;
  const char *sql;
  BoloTopic topic; /* under which the end is sent */
} End;

static gboolean
write_end (BoloWatchBook *self, const End *end, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (self->db, end->sql, error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, end->id);
  bolo_statement_bind_int64 (statement, 2, end->now_us);
  bolo_statement_bind_text (statement, 3, end->officer);
  if (!bolo_statement_run (statement, error))
    return FALSE;
  if (bolo_db_get_n_changed (self->db) == 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND,
                 "there is nothing of this kind in force with the id %s", end->id);
    return FALSE;
  }
  return queue (self, end->topic, end->id, end->now_us, error);
}

gboolean
bolo_watch_book_remove (
  BoloWatchBook *self, const char *id, const char *officer, gint64 now_us, GError **error)
{
  const End end = {id, officer, now_us,
                   "UPDATE watch SET ended_us = ?2, ended_by = ?3"
                   " WHERE id = ?1 AND ended_us IS NULL",
                   BOLO_TOPIC_WATCH_END};

  g_return_val_if_fail (self != NULL && id != NULL, FALSE);

  return bolo_db_begin (self->db, error) && finish (self, write_end (self, &end, error), error);
}

gboolean
bolo_watch_book_end_silence (
  BoloWatchBook *self, const char *id, const char *officer, gint64 now_us, GError **error)
{
  const End end = {id, officer, now_us,
                   "UPDATE silence SET ended_us = ?2, ended_by = ?3"
                   " WHERE id = ?1 AND ended_us IS NULL",
                   BOLO_TOPIC_SILENCE_END};

  g_return_val_if_fail (self != NULL && id != NULL, FALSE);

  return bolo_db_begin (self->db, error) && finish (self, write_end (self, &end, error), error);
}

static gboolean
purge_rows (BoloWatchBook *self, gint64 ended_before_us, guint *n_purged, GError **error)
{
  static const char *const sql[] = {
    "DELETE FROM watch WHERE ended_us < ?1 AND NOT EXISTS"
    " (SELECT 1 FROM outbox WHERE record = watch.id AND waits <> 0)",
    "DELETE FROM silence WHERE ended_us < ?1 AND NOT EXISTS"
    " (SELECT 1 FROM outbox WHERE record = silence.id AND waits <> 0)",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (sql); i++) {
    BoloStatement *statement = bolo_db_prepare (self->db, sql[i], error);

    if (statement == NULL)
      return FALSE;
    bolo_statement_bind_int64 (statement, 1, ended_before_us);
    if (!bolo_statement_run (statement, error))
      return FALSE;
    *n_purged += (guint) bolo_db_get_n_changed (self->db);
  }
  /* What a receiver refused is kept as long as what it refused. */
  return bolo_db_execute (self->db,
                          "DELETE FROM outbox WHERE waits = 0 AND record NOT IN"
                          " (SELECT id FROM watch UNION ALL SELECT id FROM silence)",
                          error);
}

gboolean
bolo_watch_book_purge (BoloWatchBook *self, gint64 ended_before_us, guint *n_purged, GError **error)
{
  guint n = 0;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!bolo_db_begin (self->db, error) ||
      !finish (self, purge_rows (self, ended_before_us, &n, error), error))
    return FALSE;
  if (n_purged != NULL)
    *n_purged = n;
  /* Rows that were moved leave copies behind, and the log has them all. */
  return n == 0 || (bolo_db_vacuum (self->db, error) && bolo_db_checkpoint (self->db, error));
}

/* ---- reading ------------------------------------------------------------------------------- */

static gpointer
read_watch (BoloStatement *statement)
{
  BoloWatch *watch = bolo_watch_new ();

  watch->id = bolo_statement_get_text (statement, 0);
  watch->mark = bolo_statement_get_text (statement, 1);
  watch->reason = bolo_statement_get_text (statement, 2);
  watch->category = bolo_statement_get_text (statement, 3);
  watch->description = bolo_statement_get_text (statement, 4);
  watch->officer = bolo_statement_get_text (statement, 5);
  watch->added_us = bolo_statement_get_int64 (statement, 6);
  watch->expires_us = bolo_statement_get_int64 (statement, 7);
  return watch;
}

static gpointer
read_silence (BoloStatement *statement)
{
  BoloSilence *silence = bolo_silence_new ();

  silence->id = bolo_statement_get_text (statement, 0);
  silence->list = bolo_statement_get_text (statement, 1);
  silence->plate = bolo_statement_get_text (statement, 2);
  silence->reference = bolo_statement_get_text (statement, 3);
  /* What a newer Bolo wrote is still somebody's word that this is not the one. */
  silence->kind = bolo_statement_get_int64 (statement, 4) == kind_numbers[BOLO_SILENCE_RECOVERED]
                    ? BOLO_SILENCE_RECOVERED
                    : BOLO_SILENCE_NOT_THIS_VEHICLE;
  silence->reason = bolo_statement_get_text (statement, 5);
  silence->officer = bolo_statement_get_text (statement, 6);
  silence->added_us = bolo_statement_get_int64 (statement, 7);
  silence->until_us = bolo_statement_get_int64 (statement, 8);
  return silence;
}

static GPtrArray *
list (BoloWatchBook *self,
      const char *sql,
      gpointer (*read) (BoloStatement *statement),
      GDestroyNotify unref,
      GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (unref);
  BoloStatement *statement = bolo_db_prepare (self->db, sql, error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return NULL;
  while (has_row) {
    if (!bolo_statement_step (statement, &has_row, error))
      return NULL;
    if (has_row)
      g_ptr_array_add (rows, read (statement));
  }
  bolo_statement_reset (statement);
  return g_steal_pointer (&rows);
}

GPtrArray *
bolo_watch_book_list (BoloWatchBook *self, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  return list (self,
               "SELECT " WATCH_COLUMNS " FROM watch WHERE ended_us IS NULL ORDER BY added_us, id",
               read_watch, (GDestroyNotify) bolo_watch_unref, error);
}

GPtrArray *
bolo_watch_book_list_silences (BoloWatchBook *self, GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  return list (
    self, "SELECT " SILENCE_COLUMNS " FROM silence WHERE ended_us IS NULL ORDER BY added_us, id",
    read_silence, (GDestroyNotify) bolo_silence_unref, error);
}

gboolean
bolo_watch_book_get_change (BoloWatchBook *self, gint64 *change, GError **error)
{
  g_return_val_if_fail (self != NULL && change != NULL, FALSE);

  return bolo_db_get_int64 (self->db, "PRAGMA data_version", 0, change, error);
}

/* ---- sending ------------------------------------------------------------------------------- */

gboolean
bolo_watch_book_set_receivers (BoloWatchBook *self, const char *const *receivers, GError **error)
{
  g_return_val_if_fail (self != NULL && receivers != NULL, FALSE);

  return bolo_outbox_set_receivers (self->db, receivers, FILL, error);
}

static void
fill_watch (BoloOutgoing *item, BoloStatement *statement)
{
  g_autoptr (BoloWatch) watch = read_watch (statement);

  bolo_outgoing_add_text (item, "mark", watch->mark);
  bolo_outgoing_add_text (item, "reason", watch->reason);
  bolo_outgoing_add_text (item, "category", watch->category);
  bolo_outgoing_add_text (item, "description", watch->description);
  bolo_outgoing_add_text (item, "officer", watch->officer);
  bolo_outgoing_add_time (item, "added", watch->added_us);
  bolo_outgoing_add_time (item, "expires", watch->expires_us);
}

static void
fill_silence (BoloOutgoing *item, BoloStatement *statement)
{
  g_autoptr (BoloSilence) silence = read_silence (statement);

  bolo_outgoing_add_text (item, "list", silence->list);
  bolo_outgoing_add_text (item, "plate", silence->plate);
  bolo_outgoing_add_text (item, "reference", silence->reference);
  bolo_outgoing_add_text (item, "kind", bolo_silence_kind_to_string (silence->kind));
  bolo_outgoing_add_text (item, "reason", silence->reason);
  bolo_outgoing_add_text (item, "officer", silence->officer);
  bolo_outgoing_add_time (item, "added", silence->added_us);
  bolo_outgoing_add_time (item, "until", silence->until_us);
}

static void
fill_end (BoloOutgoing *item, BoloStatement *statement)
{
  g_autofree char *officer = bolo_statement_get_text (statement, 2);

  bolo_outgoing_add_time (item, "ended", bolo_statement_get_int64 (statement, 1));
  bolo_outgoing_add_text (item, "ended_by", officer);
}

/* What each topic is read from, and how. */
static const struct {
  BoloTopic topic;
  const char *sql;
  void (*fill) (BoloOutgoing *item, BoloStatement *statement);
} contents[] = {
  {BOLO_TOPIC_WATCH, "SELECT " WATCH_COLUMNS " FROM watch WHERE id = ?1", fill_watch},
  {BOLO_TOPIC_WATCH_END, "SELECT id, ended_us, ended_by FROM watch WHERE id = ?1", fill_end},
  {BOLO_TOPIC_SILENCE, "SELECT " SILENCE_COLUMNS " FROM silence WHERE id = ?1", fill_silence},
  {BOLO_TOPIC_SILENCE_END, "SELECT id, ended_us, ended_by FROM silence WHERE id = ?1", fill_end},
};

static gboolean
load_item (gpointer owner, BoloOutgoing *item, GError **error)
{
  BoloWatchBook *self = owner;
  BoloStatement *statement;
  gboolean has_row;
  guint which = 0;

  while (which < G_N_ELEMENTS (contents) - 1 && contents[which].topic != item->topic)
    which++;
  statement = bolo_db_prepare (self->db, contents[which].sql, error);
  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, item->id);
  if (!bolo_statement_step (statement, &has_row, error))
    return FALSE;
  bolo_outgoing_add_text (item, "id", item->id);
  if (has_row)
    contents[which].fill (item, statement);
  else
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "%s is gone from the book", item->id);
  bolo_statement_reset (statement);
  return has_row;
}

static BoloUnsentFile
get_file (BoloWatchBook *self)
{
  return (BoloUnsentFile){
    self->db,
    BOLO_TOPIC_BIT (BOLO_TOPIC_WATCH) | BOLO_TOPIC_BIT (BOLO_TOPIC_WATCH_END) |
      BOLO_TOPIC_BIT (BOLO_TOPIC_SILENCE) | BOLO_TOPIC_BIT (BOLO_TOPIC_SILENCE_END),
    NULL, load_item, self};
}

GPtrArray *
bolo_watch_book_list_unsent (BoloWatchBook *self, const BoloUnsentQuery *query, GError **error)
{
  BoloUnsentFile file;

  g_return_val_if_fail (self != NULL && query != NULL, NULL);

  file = get_file (self);
  return bolo_unsent_list (&file, query, error);
}

gboolean
bolo_watch_book_settle (
  BoloWatchBook *self, const char *receiver, GPtrArray *items, gint64 later_us, GError **error)
{
  BoloUnsentFile file;

  g_return_val_if_fail (self != NULL && receiver != NULL && items != NULL, FALSE);

  file = get_file (self);
  return bolo_unsent_settle (&file, receiver, items, later_us, error);
}

gboolean
bolo_watch_book_count_unsent (BoloWatchBook *self,
                              const char *receiver,
                              BoloUnsentCounts *counts,
                              GError **error)
{
  BoloUnsentFile file;

  g_return_val_if_fail (self != NULL && receiver != NULL && counts != NULL, FALSE);

  file = get_file (self);
  return bolo_unsent_count (&file, receiver, counts, error);
}
