/* bolo-db-files.c: the files of a database as a set: sync the names, set aside, remove
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-db-files"

#include "bolo-db-files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "bolo-error.h"

#define ASIDE ".damaged-"
/* "20260314T172000Z" */
#define STAMP_LENGTH 16
/* Names tried for one second before giving up. */
#define MAX_ASIDE 1000

/* The WAL goes first: a cut in between leaves a file whose commits are kept, not a log without
 * its file. */
static const char *const suffixes[] = {"-wal", "-shm", "-journal", ""};

gboolean
bolo_db_files_sync_directory (const char *directory, GError **error)
{
  int fd;
  int saved_errno = 0;

  g_return_val_if_fail (directory != NULL, FALSE);
  fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || fsync (fd) != 0)
    saved_errno = errno;
  if (fd >= 0)
    close (fd);
  if (saved_errno != 0) {
    g_autofree char *what = g_strdup_printf ("Cannot sync %s", directory);

    bolo_error_set_errno (error, saved_errno, what);
    return FALSE;
  }
  return TRUE;
}

static char *
choose_aside (const char *path, gint64 now_us)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  g_autofree char *first = g_strconcat (path, ASIDE, stamp, NULL);

  for (int number = 2; g_file_test (first, G_FILE_TEST_EXISTS) && number < MAX_ASIDE; number++) {
    g_free (first);
    first = g_strdup_printf ("%s" ASIDE "%s-%d", path, stamp, number);
  }
  return g_steal_pointer (&first);
}

char *
bolo_db_files_set_aside (const char *path, gint64 now_us, GError **error)
{
  g_autofree char *aside = NULL;
  g_autofree char *directory = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  aside = choose_aside (path, now_us);
  directory = g_path_get_dirname (path);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *from = g_strconcat (path, suffixes[i], NULL);
    g_autofree char *to = g_strconcat (aside, suffixes[i], NULL);

    if (g_rename (from, to) != 0 && errno != ENOENT) {
      int saved_errno = errno;
      g_autofree char *what = g_strdup_printf ("Cannot set %s aside", from);

      bolo_error_set_errno (error, saved_errno, what);
      return NULL;
    }
  }
  if (!bolo_db_files_sync_directory (directory, error))
    return NULL;
  return g_steal_pointer (&aside);
}

gint64
bolo_db_files_get_set_aside_us (const char *name)
{
  const char *at;
  g_autofree char *stamp = NULL;
  g_autoptr (GDateTime) time = NULL;

  g_return_val_if_fail (name != NULL, -1);
  at = strstr (name, ASIDE);
  if (at == NULL || strlen (at + strlen (ASIDE)) < STAMP_LENGTH)
    return -1;
  stamp = g_strndup (at + strlen (ASIDE), STAMP_LENGTH);
  time = g_date_time_new_from_iso8601 (stamp, NULL);
  return time == NULL ? -1 : g_date_time_to_unix (time) * G_USEC_PER_SEC;
}

gboolean
bolo_db_files_remove (const char *path, GError **error)
{
  g_autofree char *directory = NULL;

  g_return_val_if_fail (path != NULL, FALSE);
  directory = g_path_get_dirname (path);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *file = g_strconcat (path, suffixes[i], NULL);

    if (g_unlink (file) != 0 && errno != ENOENT) {
      int saved_errno = errno;
      g_autofree char *what = g_strdup_printf ("Cannot remove %s", file);

      bolo_error_set_errno (error, saved_errno, what);
      return FALSE;
    }
  }
  return bolo_db_files_sync_directory (directory, error);
}

gint64
bolo_db_files_get_size (const char *path)
{
  gint64 bytes = 0;

  g_return_val_if_fail (path != NULL, 0);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *file = g_strconcat (path, suffixes[i], NULL);
    GStatBuf info;

    if (g_stat (file, &info) == 0)
      bytes += info.st_size;
  }
  return bytes;
}
