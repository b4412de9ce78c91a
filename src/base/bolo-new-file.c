/* bolo-new-file.c: a file that is wholly there or not at all, whenever its medium is pulled out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-new-file"

#include "bolo-new-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "bolo-error.h"

struct _BoloNewFile {
  char *folder;
  char *path;
  char *part; /* (nullable): path of what is written; NULL when it has got its name */
  int file;
};

static gboolean
fail (const BoloNewFile *self, GError **error)
{
  int saved = errno;
  g_autofree char *what = g_strdup_printf ("Cannot write %s", self->path);

  if (saved == EIO || saved == ENODEV || saved == ENXIO)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_DEVICE_LOST,
                 "%s: the medium was pulled out or is broken; nothing on it counts as written",
                 what);
  else if (saved == EFBIG)
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NO_SPACE,
                 "%s: files cannot be so large on this medium; use one with another file system",
                 what);
  else
    bolo_error_set_errno (error, saved, what);
  return FALSE;
}

BoloNewFile *
bolo_new_file_open (const char *folder, const char *name, GError **error)
{
  g_autoptr (BoloNewFile) self = NULL;
  g_autofree char *part = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (folder != NULL && name != NULL, NULL);

  part = g_strdup_printf (".%s.part", name);
  path = g_build_filename (folder, part, NULL);
  self = g_new0 (BoloNewFile, 1);
  self->folder = g_strdup (folder);
  self->path = g_build_filename (folder, name, NULL);
  g_unlink (path);
  self->file = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->file < 0) {
    fail (self, error);
    return NULL;
  }
  self->part = g_steal_pointer (&path);
  return g_steal_pointer (&self);
}

gboolean
bolo_new_file_write (BoloNewFile *self, const void *bytes, gsize length, GError **error)
{
  const guint8 *at = bytes;

  g_return_val_if_fail (self != NULL && (bytes != NULL || length == 0), FALSE);
  g_return_val_if_fail (self->file >= 0, FALSE);

  while (length > 0) {
    gssize n = write (self->file, at, length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail (self, error);
    at += n;
    length -= (gsize) n;
  }
  return TRUE;
}

static gboolean
sync_folder (const BoloNewFile *self)
{
  int folder = open (self->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean is_done = folder >= 0 && fsync (folder) == 0;
  int saved = errno;

  if (folder >= 0)
    close (folder);
  errno = saved;
  return is_done;
}

gboolean
bolo_new_file_commit (BoloNewFile *self, GError **error)
{
  int file;

  g_return_val_if_fail (self != NULL && self->file >= 0, FALSE);

  if (fsync (self->file) < 0)
    return fail (self, error);
  file = self->file;
  self->file = -1;
  /* Some file systems tell only now that they could not write. */
  if (close (file) < 0 || g_rename (self->part, self->path) < 0)
    return fail (self, error);
  g_clear_pointer (&self->part, g_free);
  return sync_folder (self) || fail (self, error);
}

void
bolo_new_file_remove_unfinished (const char *folder, const char *start, const char *end)
{
  g_autofree char *begin = g_strconcat (".", start, NULL);
  g_autofree char *tail = g_strconcat (end, ".part", NULL);
  g_autoptr (GDir) opened = g_dir_open (folder, 0, NULL);
  const char *name;

  g_return_if_fail (folder != NULL && start != NULL && end != NULL);

  while (opened != NULL && (name = g_dir_read_name (opened)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_str_has_prefix (name, begin) && g_str_has_suffix (name, tail) && g_unlink (path) < 0)
      g_message ("%s is not whole, but cannot be removed", path);
  }
}

void
bolo_new_file_free (BoloNewFile *self)
{
  g_return_if_fail (self != NULL);

  if (self->file >= 0)
    close (self->file);
  if (self->part != NULL)
    g_unlink (self->part);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->part);
  g_free (self);
}
