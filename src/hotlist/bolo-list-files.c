/* bolo-list-files.c: files that are either wholly there or not, for lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-files"

#include "bolo-list-files.h"

#include "bolo-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_BYTES (256 * 1024)

static gboolean
fail (GError **error, const char *what, const char *path)
{
  int saved_errno = errno;
  g_autofree char *sentence = g_strdup_printf ("%s %s", what, path);

  bolo_error_set_errno (error, saved_errno, sentence);
  return FALSE;
}

static gboolean
write_all (int file, const char *bytes, gsize length)
{
  while (length > 0) {
    gssize written = write (file, bytes, length);

    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return FALSE;
    bytes += written;
    length -= (gsize) written;
  }
  return TRUE;
}

static gboolean
sync_directory (const char *path, GError **error)
{
  int directory = g_open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean is_synced = directory >= 0 && fsync (directory) == 0;

  if (!is_synced)
    fail (error, "Cannot make changes durable in", path);
  if (directory >= 0)
    close (directory);
  return is_synced;
}

/* Opens an outside file; only a regular one, so that a pipe cannot hold us up. */
static int
open_source (const char *path, gint64 bytes_max, struct stat *status, GError **error)
{
  int file = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);

  if (file < 0 || fstat (file, status) != 0) {
    fail (error, "Cannot read", path);
  } else if (!S_ISREG (status->st_mode)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "%s is not a file", path);
  } else if (status->st_size > bytes_max) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s is larger than %" G_GINT64_FORMAT " MiB; split it", path, bytes_max >> 20);
  } else
    return file;
  if (file >= 0)
    close (file);
  return -1;
}

static gboolean
copy_bytes (int from, int to, gint64 bytes_max, GChecksum *checksum, guint64 *size)
{
  g_autofree char *buffer = g_malloc (COPY_BYTES);
  gint64 total = 0;

  for (;;) {
    gssize length = read (from, buffer, COPY_BYTES);

    if (length < 0 && errno == EINTR)
      continue;
    if (length < 0)
      return FALSE;
    if (length == 0) {
      *size = (guint64) total;
      return TRUE;
    }
    total += length;
    if (total > bytes_max) { /* it grew while we read it */
      errno = EFBIG;
      return FALSE;
    }
    g_checksum_update (checksum, (const guchar *) buffer, length);
    if (!write_all (to, buffer, (gsize) length))
      return FALSE;
  }
}

gboolean
bolo_list_files_copy (const char *from,
                      const char *to,
                      gint64 bytes_max,
                      GChecksum *checksum,
                      gint64 *modified_us,
                      guint64 *size,
                      GError **error)
{
  struct stat status;
  gboolean is_copied;
  int source;
  int target;

  g_return_val_if_fail (from != NULL && to != NULL && checksum != NULL && size != NULL, FALSE);

  source = open_source (from, bytes_max, &status, error);
  if (source < 0)
    return FALSE;
  if (modified_us != NULL)
    *modified_us = (gint64) status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000;
  target = g_open (to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  is_copied = target >= 0 && copy_bytes (source, target, bytes_max, checksum, size);
  if (!is_copied)
    fail (error, "Cannot write", to);
  if (target >= 0)
    close (target);
  close (source);
  return is_copied;
}

char *
bolo_list_files_read_small (const char *path, gsize bytes_max, GError **error)
{
  g_autofree char *text = NULL;
  struct stat status;
  gsize length = 0;
  int file;

  g_return_val_if_fail (path != NULL, NULL);

  file = open_source (path, (gint64) bytes_max, &status, error);
  if (file < 0)
    return NULL;
  text = g_malloc (bytes_max + 1);
  while (length < bytes_max) {
    gssize n_read = read (file, text + length, bytes_max - length);

    if (n_read < 0 && errno == EINTR)
      continue;
    if (n_read < 0) {
      fail (error, "Cannot read", path);
      close (file);
      return NULL;
    }
    if (n_read == 0)
      break;
    length += (gsize) n_read;
  }
  close (file);
  text[length] = '\0';
  if (memchr (text, '\0', length) != NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "%s is no text", path);
    return NULL;
  }
  return g_steal_pointer (&text);
}

char *
bolo_list_files_make_new (const char *parent, const char *prefix, GError **error)
{
  g_autofree char *pattern = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (parent != NULL && prefix != NULL, NULL);

  pattern = g_strconcat (prefix, "XXXXXX", NULL);
  path = g_build_filename (parent, pattern, NULL);
  if (g_mkdtemp_full (path, 0700) == NULL) {
    fail (error, "Cannot make a folder in", parent);
    return NULL;
  }
  return g_path_get_basename (path);
}

gboolean
bolo_list_files_sync (const char *directory, GError **error)
{
  g_return_val_if_fail (directory != NULL, FALSE);

  return sync_directory (directory, error);
}

gboolean
bolo_list_files_replace (const char *path, const char *text, GError **error)
{
  g_autofree char *directory = NULL;
  g_autofree char *temporary = NULL;
  gboolean is_written;
  int file;

  g_return_val_if_fail (path != NULL && text != NULL, FALSE);

  directory = g_path_get_dirname (path);
  temporary = g_strconcat (path, ".new", NULL);
  file = g_open (temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  is_written = file >= 0 && write_all (file, text, strlen (text)) && fsync (file) == 0;
  if (!is_written)
    fail (error, "Cannot write", temporary);
  if (file >= 0)
    close (file);
  if (!is_written)
    return FALSE;
  if (g_rename (temporary, path) != 0)
    return fail (error, "Cannot replace", path);
  return sync_directory (directory, error);
}

gboolean
bolo_list_files_make_directory (const char *path, GError **error)
{
  g_autofree char *parent = NULL;

  g_return_val_if_fail (path != NULL, FALSE);

  parent = g_path_get_dirname (path);
  /* Who made it may have been killed before it was durable. A parent that is not ours need not let
   * us see to that. */
  if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
    sync_directory (parent, NULL);
    return TRUE;
  }
  if (!g_str_equal (parent, path) && !bolo_list_files_make_directory (parent, error))
    return FALSE;
  if (g_mkdir (path, 0700) != 0 && !(errno == EEXIST && g_file_test (path, G_FILE_TEST_IS_DIR)))
    return fail (error, "Cannot make the folder", path);
  return sync_directory (parent, error);
}

gboolean
bolo_list_files_rename_directory (const char *from, const char *to, GError **error)
{
  g_autofree char *parent = NULL;

  g_return_val_if_fail (from != NULL && to != NULL, FALSE);

  parent = g_path_get_dirname (to);
  if (!sync_directory (from, error))
    return FALSE;
  if (g_file_test (to, G_FILE_TEST_EXISTS) && !bolo_list_files_remove_directory (to, error))
    return FALSE;
  if (g_rename (from, to) != 0)
    return fail (error, "Cannot put in place", to);
  return sync_directory (parent, error);
}

gboolean
bolo_list_files_remove_directory (const char *path, GError **error)
{
  g_autoptr (GDir) directory = NULL;
  g_autoptr (GError) local = NULL;
  const char *name;

  g_return_val_if_fail (path != NULL, FALSE);

  directory = g_dir_open (path, 0, &local);
  if (directory == NULL) {
    bolo_error_take_foreign (error, g_steal_pointer (&local), "Cannot remove a folder");
    return FALSE;
  }
  while ((name = g_dir_read_name (directory)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK)) {
      if (!bolo_list_files_remove_directory (child, error))
        return FALSE;
    } else if (g_unlink (child) != 0)
      return fail (error, "Cannot remove", child);
  }
  return g_rmdir (path) == 0 ? TRUE : fail (error, "Cannot remove", path);
}

int
bolo_list_files_lock (const char *directory, GError **error)
{
  g_autofree char *path = NULL;
  int lock;

  g_return_val_if_fail (directory != NULL, -1);

  path = g_build_filename (directory, "lock", NULL);
  lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  while (lock >= 0 && flock (lock, LOCK_EX) != 0)
    if (errno != EINTR) {
      close (lock);
      lock = -1;
    }
  if (lock < 0)
    fail (error, "Cannot lock", path);
  return lock;
}

void
bolo_list_files_unlock (int lock)
{
  if (lock >= 0)
    close (lock);
}
