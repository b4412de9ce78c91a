/* bolo-station-pack.c: a station's pictures, in files beside its database
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-pack"

#include "bolo-station-pack.h"

#include "bolo-db-files.h"
#include "bolo-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define PREFIX "pictures-"
/* A file is of one day, so that what is purged is gone a day later at most; and no larger than a
 * medium for backups likes. */
#define FILE_BYTES (G_GINT64_CONSTANT (1) << 30)
#define IOV_PICTURES 64

struct _BoloStationPack {
  BoloDb *db;          /* lent */
  char *folder;        /* (owned) */
  GPtrArray *pictures; /* (owned): GBytes that were not written yet */
  gint64 number;       /* of the file that they go to; 0: none was added */
  gint64 begin;        /* in it: where what counts ends, and this transaction's begin */
  gint64 written;      /* in it: where the first of pictures belongs */
  gint64 end;          /* in it: where the last of them ends */
  int file;            /* -1: none is open */
  gint64 file_number;  /* of file */
  gboolean is_purged;  /* files have lost their rows in this transaction */
};

gboolean
bolo_station_pack_create_tables (BoloDb *db, GError **error)
{
  return bolo_db_execute (db,
                          "CREATE TABLE pack (number INTEGER PRIMARY KEY AUTOINCREMENT,"
                          " day INTEGER NOT NULL, bytes INTEGER NOT NULL,"
                          " last_us INTEGER NOT NULL) STRICT;"
                          "ALTER TABLE item ADD COLUMN pack INTEGER;"
                          "ALTER TABLE item ADD COLUMN start INTEGER;"
                          "ALTER TABLE item ADD COLUMN length INTEGER;",
                          error);
}

/* ---- files --------------------------------------------------------------------------------- */

static char *
get_path (BoloStationPack *self, gint64 number)
{
  g_autofree char *name = g_strdup_printf (PREFIX "%" G_GINT64_FORMAT, number);

  return g_build_filename (self->folder, name, NULL);
}

static gboolean
fail (BoloStationPack *self, GError **error)
{
  int code = errno;
  g_autofree char *path = get_path (self, self->number);
  g_autofree char *what = g_strdup_printf ("Cannot write %s", path);

  bolo_error_set_errno (error, code, what);
  return FALSE;
}

static void
close_file (BoloStationPack *self)
{
  if (self->file >= 0)
    close (self->file);
  self->file = -1;
}

static gboolean
open_file (BoloStationPack *self, GError **error)
{
  g_autofree char *path = get_path (self, self->number);

  if (self->file >= 0 && self->file_number == self->number)
    return TRUE;
  close_file (self);
  self->file = g_open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  self->file_number = self->number;
  return self->file >= 0 || fail (self, error);
}

/* All of @parts, which change on the way. */
static gboolean
write_parts (BoloStationPack *self, struct iovec *parts, int n, gint64 at, GError **error)
{
  while (n > 0) {
    gssize written = pwritev (self->file, parts, n, at);

    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return fail (self, error);
    at += written;
    for (; n > 0 && (gsize) written >= parts->iov_len; parts++, n--)
      written -= (gssize) parts->iov_len;
    if (n > 0) {
      parts->iov_base = (guint8 *) parts->iov_base + written;
      parts->iov_len -= (gsize) written;
    }
  }
  return TRUE;
}

static gboolean
write_pictures (BoloStationPack *self, GError **error)
{
  for (guint i = 0; i < self->pictures->len;) {
    struct iovec parts[IOV_PICTURES];
    gint64 length = 0;
    int n = 0;

    for (; n < IOV_PICTURES && i < self->pictures->len; n++, i++) {
      gsize size;

      parts[n].iov_base = (void *) g_bytes_get_data (self->pictures->pdata[i], &size);
      parts[n].iov_len = size;
      length += (gint64) size;
    }
    if (!write_parts (self, parts, n, self->written, error))
      return FALSE;
    self->written += length;
  }
  g_ptr_array_set_size (self->pictures, 0);
  return TRUE;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static gint64
get_day (gint64 now_us)
{
  return now_us / G_TIME_SPAN_DAY;
}

static gboolean
begin_file (BoloStationPack *self, gint64 now_us, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (self->db, "INSERT INTO pack (day, bytes, last_us) VALUES (?1, 0, ?2)", error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, get_day (now_us));
  bolo_statement_bind_int64 (statement, 2, now_us);
  if (!bolo_statement_run (statement, error))
    return FALSE;
  self->number = bolo_db_get_last_row (self->db);
  self->begin = 0;
  return TRUE;
}

/* Another process may have written since: what counts is what stands in the table now. What the
 * file holds beyond that is of a transaction that did not come through. */
static gboolean
choose_file (BoloStationPack *self, gint64 now_us, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    self->db, "SELECT number, bytes, day FROM pack ORDER BY number DESC LIMIT 1", error);
  gboolean has_row;

  if (statement == NULL || !bolo_statement_step (statement, &has_row, error))
    return FALSE;
  if (has_row && bolo_statement_get_int64 (statement, 1) < FILE_BYTES &&
      bolo_statement_get_int64 (statement, 2) == get_day (now_us)) {
    self->number = bolo_statement_get_int64 (statement, 0);
    self->begin = bolo_statement_get_int64 (statement, 1);
  }
  bolo_statement_reset (statement);
  if (self->number == 0 && !begin_file (self, now_us, error))
    return FALSE;
  self->written = self->end = self->begin;
  return TRUE;
}

gboolean
bolo_station_pack_add (
  BoloStationPack *self, gint64 now_us, GBytes *picture, BoloStationSpot *spot, GError **error)
{
  g_return_val_if_fail (self != NULL && picture != NULL && spot != NULL, FALSE);

  if (self->number == 0 && !choose_file (self, now_us, error))
    return FALSE;
  spot->pack = self->number;
  spot->start = self->end;
  spot->length = (gint64) g_bytes_get_size (picture);
  self->end += spot->length;
  g_ptr_array_add (self->pictures, g_bytes_ref (picture));
  return TRUE;
}

gboolean
bolo_station_pack_start (BoloStationPack *self, GError **error)
{
  gint64 from;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->pictures->len == 0)
    return TRUE;
  from = self->written;
  if (!open_file (self, error) || !write_pictures (self, error))
    return FALSE;
  /* Only begun: that it is there is seen to by write. */
  if (sync_file_range (self->file, from, self->written - from, SYNC_FILE_RANGE_WRITE) != 0)
    g_debug ("the disk is not told early: %s", g_strerror (errno));
  return TRUE;
}

gboolean
bolo_station_pack_write (BoloStationPack *self, gint64 now_us, GError **error)
{
  BoloStatement *statement;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->number == 0)
    return TRUE;
  if (!open_file (self, error) || !write_pictures (self, error))
    return FALSE;
  if (fdatasync (self->file) != 0)
    return fail (self, error);
  if (self->begin == 0 && !bolo_db_files_sync_directory (self->folder, error))
    return FALSE;
  statement = bolo_db_prepare (
    self->db, "UPDATE pack SET bytes = ?2, last_us = max (last_us, ?3) WHERE number = ?1", error);
  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, self->number);
  bolo_statement_bind_int64 (statement, 2, self->end);
  bolo_statement_bind_int64 (statement, 3, now_us);
  return bolo_statement_run (statement, error);
}

/* Numbers only grow, and the oldest go first. */
static void
remove_orphans (BoloStationPack *self)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  gint64 first = 0;
  const char *name;

  if (folder == NULL ||
      !bolo_db_get_int64 (self->db,
                          "SELECT coalesce ((SELECT min (number) FROM pack),"
                          " (SELECT seq + 1 FROM sqlite_sequence WHERE name = 'pack'))",
                          0, &first, NULL))
    return;
  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);
    guint64 number;

    if (g_str_has_prefix (name, PREFIX) &&
        g_ascii_string_to_unsigned (name + strlen (PREFIX), 10, 1, G_MAXINT64, &number, NULL) &&
        (gint64) number < first && g_unlink (path) != 0)
      g_warning ("%s is purged, but cannot be removed: %s", path, g_strerror (errno));
  }
}

void
bolo_station_pack_end (BoloStationPack *self, gboolean is_committed)
{
  g_return_if_fail (self != NULL);

  if (is_committed && self->is_purged)
    remove_orphans (self);
  self->is_purged = FALSE;
  self->number = 0;
  g_ptr_array_set_size (self->pictures, 0);
}

gboolean
bolo_station_pack_purge (BoloStationPack *self, gint64 before_us, GError **error)
{
  BoloStatement *statement;

  g_return_val_if_fail (self != NULL, FALSE);

  statement = bolo_db_prepare (self->db, "DELETE FROM pack WHERE last_us < ?1", error);
  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, before_us);
  if (!bolo_statement_run (statement, error))
    return FALSE;
  self->is_purged = self->is_purged || bolo_db_get_n_changed (self->db) > 0;
  return TRUE;
}

BoloStationPack *
bolo_station_pack_new (BoloDb *db)
{
  BoloStationPack *self;

  g_return_val_if_fail (db != NULL, NULL);

  self = g_new0 (BoloStationPack, 1);
  self->db = db;
  self->folder = g_path_get_dirname (bolo_db_get_path (db));
  self->pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->file = -1;
  remove_orphans (self);
  return self;
}

void
bolo_station_pack_free (BoloStationPack *self)
{
  if (self == NULL)
    return;
  close_file (self);
  g_ptr_array_unref (self->pictures);
  g_free (self->folder);
  g_free (self);
}
