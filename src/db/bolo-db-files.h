/* bolo-db-files.h: the files of a database as a set: sync the names, set aside, remove
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All functions: any thread, but the database must not be open. A database is up to four files:
 * PATH, PATH-wal, PATH-shm, PATH-journal. */

/* Makes the names in a folder durable. */
gboolean bolo_db_files_sync_directory (const char *directory, GError **error);
/* Renames a damaged database to PATH.damaged-20260314T172000Z (a number follows if that is taken).
 * (transfer full): the new path. Never deletes. */
char *bolo_db_files_set_aside (const char *path, gint64 now_us, GError **error);
/* UTC in the name of a file that was set aside; -1 if @name is not one. */
gint64 bolo_db_files_get_set_aside_us (const char *name);
/* Removes all files of the database at @path; nothing there is not an error. */
gboolean bolo_db_files_remove (const char *path, GError **error);
/* Bytes of all its files together. */
gint64 bolo_db_files_get_size (const char *path);

G_END_DECLS
