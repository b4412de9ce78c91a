/* bolo-list-files.h: files that are either wholly there or not, for lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All of these wait for the disk: never on the main thread. Errors name the path. */

/* Copies the regular file @from to the new file @to, for as long as it is needed: it is not made
 * durable. @checksum: fed with its bytes. @modified_us (out): when @from was last changed, UTC.
 * @size (out). INVALID_DATA beyond @bytes_max. */
gboolean bolo_list_files_copy (const char *from,
                               const char *to,
                               gint64 bytes_max,
                               GChecksum *checksum,
                               gint64 *modified_us,
                               guint64 *size,
                               GError **error);
/* (transfer full): all of a small regular file, NUL-terminated; INVALID_DATA beyond @bytes_max and
 * where it holds NUL bytes. */
char *bolo_list_files_read_small (const char *path, gsize bytes_max, GError **error);
/* Makes a new folder in @parent, called @prefix and six letters or digits. (transfer full): its
 * name. */
char *bolo_list_files_make_new (const char *parent, const char *prefix, GError **error);
/* Makes what came and went in a folder durable. */
gboolean bolo_list_files_sync (const char *directory, GError **error);
/* Replaces @path by @text, durable: a reader sees the old or the new one, whatever happens. */
gboolean bolo_list_files_replace (const char *path, const char *text, GError **error);
/* Makes a folder and its parents, mode 0700, durable. */
gboolean bolo_list_files_make_directory (const char *path, GError **error);
/* Renames a folder and makes that durable. An older one of the same name is removed first. */
gboolean bolo_list_files_rename_directory (const char *from, const char *to, GError **error);
/* Removes a folder with the files and folders in it; links are not followed. */
gboolean bolo_list_files_remove_directory (const char *path, GError **error);
/* Keeps other programs of ours from changing @directory; waits for them. -1: not possible. */
int bolo_list_files_lock (const char *directory, GError **error);
void bolo_list_files_unlock (int lock);

G_END_DECLS
