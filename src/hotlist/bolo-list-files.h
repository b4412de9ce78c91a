/* bolo-list-files.h: files that are either wholly there or not, for lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All of these wait for the disk: never on the main thread. Errors name the path. */

/* Copies the regular file @from to the new file @to and makes it durable. @checksum: fed with its
 * bytes. @modified_us (out): when @from was last changed, UTC. INVALID_DATA beyond @bytes_max. */
gboolean bolo_list_files_copy (const char *from,
                               const char *to,
                               gint64 bytes_max,
                               GChecksum *checksum,
                               gint64 *modified_us,
                               GError **error);
/* Replaces @path by @text, durable: a reader sees the old or the new one, whatever happens. */
gboolean bolo_list_files_replace (const char *path, const char *text, GError **error);
/* Makes a folder and its parents, mode 0700. */
gboolean bolo_list_files_make_directory (const char *path, GError **error);
/* Renames a folder and makes that durable. An older one of the same name is removed first. */
gboolean bolo_list_files_rename_directory (const char *from, const char *to, GError **error);
/* Removes a folder with the files and folders in it; links are not followed. */
gboolean bolo_list_files_remove_directory (const char *path, GError **error);
/* SHA-256 of a file's bytes as they are mapped. (transfer full) */
char *bolo_list_files_make_checksum (GBytes *bytes);
/* Maps a file of ours, read-only. (transfer full) (nullable) */
GBytes *bolo_list_files_map (const char *path, GError **error);
/* Keeps other programs of ours from changing @directory; waits for them. -1: not possible. */
int bolo_list_files_lock (const char *directory, GError **error);
void bolo_list_files_unlock (int lock);

G_END_DECLS
