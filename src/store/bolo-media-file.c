/* bolo-media-file.c: a day's file of pictures: its tables, and what its pictures hash to
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-media-file.h"

#include "bolo-outbox.h"
#include "bolo-sum.h"

/* data stands last and the rows are only ever appended, so that no page holds a stale copy of a
 * picture: erasing in place is enough to be rid of it. */
static gboolean
make_tables (BoloDb *db, GError **error)
{
  return bolo_db_execute (db,
                          "CREATE TABLE picture ("
                          " number INTEGER PRIMARY KEY, sighting TEXT NOT NULL,"
                          " kind INTEGER NOT NULL, due_us INTEGER NOT NULL, data BLOB NOT NULL)"
                          " STRICT;"
                          "CREATE INDEX picture_due ON picture (due_us);"
                          "CREATE TABLE erased (number INTEGER PRIMARY KEY) STRICT;",
                          error);
}

/* 2: pictures wait to be sent, for each receiver */
static gboolean
add_outbox (BoloDb *db, GError **error)
{
  return bolo_outbox_create (db, error) && bolo_outbox_add_receivers (db, error);
}

/* 3: what a picture's SHA-256 was when it was taken; older ones have none. A table of its own, so
 * that data goes on standing last. */
static gboolean
add_sums (BoloDb *db, GError **error)
{
  return bolo_db_execute (
    db, "CREATE TABLE sum (number INTEGER PRIMARY KEY, sha256 BLOB NOT NULL) STRICT;", error);
}

/* All that is kept, for a receiver that is new: the journal knows which belong to hits, this file
 * does not. */
#define FILL                                                                                       \
  "SELECT 'picture', " BOLO_MEDIA_FILE_RECORD ", number, 7, length (data), due_us FROM picture"    \
  " WHERE number NOT IN (SELECT number FROM erased)"
BoloDb *
bolo_media_file_open (const char *path,
                      const char *vfs,
                      BoloDbFlags flags,
                      const char *const *receivers,
                      GError **error)
{
  const BoloDbStep steps[] = {make_tables, add_outbox, add_sums};
  g_autoptr (BoloDb) db = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  db = bolo_db_open (path, vfs, flags, error);
  if (db == NULL)
    return NULL;
  if (flags & BOLO_DB_READ_ONLY)
    return g_steal_pointer (&db);
  if (!bolo_db_migrate (db, steps, G_N_ELEMENTS (steps), error))
    return NULL;
  if (receivers != NULL && !bolo_outbox_set_receivers (db, receivers, FILL, error))
    return NULL;
  return g_steal_pointer (&db);
}

/* ---- sums ---------------------------------------------------------------------------------- */

gboolean
bolo_media_file_keep_sum (BoloDb *db, gint64 number, GBytes *picture, GError **error)
{
  BoloStatement *statement;
  guint8 sum[BOLO_SUM_BYTES];
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (db != NULL && picture != NULL, FALSE);

  statement =
    bolo_db_prepare (db, "INSERT OR REPLACE INTO sum (number, sha256) VALUES (?1, ?2)", error);
  if (statement == NULL)
    return FALSE;
  bolo_sum_bytes (picture, sum);
  bytes = g_bytes_new (sum, sizeof sum);
  bolo_statement_bind_int64 (statement, 1, number);
  bolo_statement_bind_bytes (statement, 2, bytes);
  return bolo_statement_run (statement, error);
}

gboolean
bolo_media_file_drop_sum (BoloDb *db, gint64 number, GError **error)
{
  BoloStatement *statement;

  g_return_val_if_fail (db != NULL, FALSE);

  statement = bolo_db_prepare (db, "DELETE FROM sum WHERE number = ?1", error);
  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, number);
  return bolo_statement_run (statement, error);
}

char *
bolo_media_file_get_sum (BoloDb *db, gint64 number, GBytes *picture, GError **error)
{
  g_autoptr (GBytes) sum = NULL;
  BoloStatement *statement;
  gboolean has_row;

  g_return_val_if_fail (db != NULL && picture != NULL, NULL);

  statement = bolo_db_prepare (db, "SELECT sha256 FROM sum WHERE number = ?1", error);
  if (statement == NULL)
    return NULL;
  bolo_statement_bind_int64 (statement, 1, number);
  if (!bolo_statement_step (statement, &has_row, error))
    return NULL;
  if (has_row)
    sum = bolo_statement_get_bytes (statement, 0);
  bolo_statement_reset (statement);
  if (sum != NULL && g_bytes_get_size (sum) == BOLO_SUM_BYTES)
    return bolo_sum_to_text (g_bytes_get_data (sum, NULL));
  return bolo_sum_bytes_to_text (picture);
}
