/* bolo-db.h: one SQLite file, opened so that what is committed stays
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-statement.h"

G_BEGIN_DECLS

/* BoloDb: a connection. All its functions belong to the thread that opened it. */
typedef struct _BoloDb BoloDb;

typedef enum {
  BOLO_DB_CREATE = 1 << 0,    /* makes the file if it is not there */
  BOLO_DB_READ_ONLY = 1 << 1, /* never writes rows (the WAL's index may still be made) */
  /* For pictures: a new file gets pages of 16 kB, for each is read and written by a call of its
   * own; the log is brought into the file every 4 MB, as ever. */
  BOLO_DB_LARGE_PAGES = 1 << 2,
  /* The log is brought into the file every 16 MB only. Who waits for it, waits longer. */
  BOLO_DB_LARGE_LOG = 1 << 3,
} BoloDbFlags;

/* One step of a schema; runs inside a transaction that the caller owns. */
typedef gboolean (*BoloDbStep) (BoloDb *db, GError **error);
/* TRUE: give up what runs now (bolo_db_vacuum, bolo_db_check) with BOLO_ERROR_BUSY. */
typedef gboolean (*BoloDbInterrupt) (gpointer user_data);

/* Asks the VFS to make the names in a folder durable; the argument is the folder's path. A VFS
 * that does not know it leaves that to us. For test VFSes. */
#define BOLO_DB_FCNTL_SYNC_DIRECTORY 20260314

/* Opens with WAL, synchronous=FULL, foreign keys, secure deletes. @vfs (nullable) names another
 * SQLite VFS than the default. Errors: NO_SPACE, PERMISSION, INVALID_DATA (not a database or
 * damaged), NOT_FOUND, BUSY, DEVICE_LOST. */
BoloDb *bolo_db_open (const char *path, const char *vfs, BoloDbFlags flags, GError **error);
void bolo_db_close (BoloDb *self);
const char *bolo_db_get_path (BoloDb *self);

/* Several statements without results. */
gboolean bolo_db_execute (BoloDb *self, const char *sql, GError **error);
/* (transfer none): the connection keeps one statement for each @sql; it comes back reset and
 * without values, so the same text must not be in use twice at a time. */
BoloStatement *bolo_db_prepare (BoloDb *self, const char *sql, GError **error);
/* The first column of the first row, @fallback if there is no row. */
gboolean
bolo_db_get_int64 (BoloDb *self, const char *sql, gint64 fallback, gint64 *value, GError **error);

gboolean bolo_db_begin (BoloDb *self, GError **error);
/* What is read from here to the end is of one instant, and the file is locked once for all of it,
 * not for each statement. Within a transaction both do nothing. */
gboolean bolo_db_begin_reading (BoloDb *self, GError **error);
void bolo_db_end_reading (BoloDb *self);
/* For what may happen once more: a power cut can undo it, never by halves, and never what another
 * transaction before or after it has brought to the disk, which takes it along. */
gboolean bolo_db_begin_lightly (BoloDb *self, GError **error);
/* TRUE only when it is on the disk (but for one that was begun lightly). On FALSE everything since
 * begin is undone. */
gboolean bolo_db_commit (BoloDb *self, GError **error);
void bolo_db_roll_back (BoloDb *self);
/* Inside a transaction: undo one record without losing the others. */
gboolean bolo_db_set_mark (BoloDb *self, GError **error);
gboolean bolo_db_release_mark (BoloDb *self, GError **error);
void bolo_db_return_to_mark (BoloDb *self);

gint64 bolo_db_get_last_row (BoloDb *self);
int bolo_db_get_n_changed (BoloDb *self);

/* Brings user_version up to @n_steps; steps[n] leads from version n to n + 1, one transaction
 * each. NOT_SUPPORTED when the file is newer than we are. */
gboolean bolo_db_migrate (BoloDb *self, const BoloDbStep *steps, int n_steps, GError **error);
int bolo_db_get_version (BoloDb *self, GError **error);

/* Writes zeros over a blob in its place: its bytes are in the file no more after a checkpoint. */
gboolean bolo_db_overwrite_blob (
  BoloDb *self, const char *table, const char *column, gint64 row, GError **error);
/* Moves the WAL's content into the file and empties it; BUSY when a reader is in the way. */
gboolean bolo_db_checkpoint (BoloDb *self, GError **error);
/* Rewrites the file without what was deleted. */
gboolean bolo_db_vacuum (BoloDb *self, GError **error);
/* Looks for damage, at most for @budget_us (-1: to the end, indexes too); INVALID_DATA when it
 * finds some. */
gboolean bolo_db_check (BoloDb *self, gint64 budget_us, GError **error);
/* Asked every few thousand steps of SQLite; NULL: nothing interrupts. */
void bolo_db_set_interrupt (BoloDb *self, BoloDbInterrupt interrupt, gpointer user_data);

/* Makes the name of a new file durable; before anything in it is called stored. */
gboolean bolo_db_sync_directory (BoloDb *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloDb, bolo_db_close)

G_END_DECLS
