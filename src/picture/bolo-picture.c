/* bolo-picture.c: pixels in memory, loaded from a file with its claims checked first
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-picture"

#include "bolo-picture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "bolo-error.h"
#include "bolo-picture-private.h"

int
bolo_picture_format_get_bytes (BoloPictureFormat format)
{
  return format == BOLO_PICTURE_RGB ? 3 : 1;
}

BoloPicture *
bolo_picture_new (BoloPictureFormat format, int width, int height)
{
  BoloPicture *self;

  g_return_val_if_fail (width > 0 && width <= BOLO_PICTURE_MAX_SIDE, NULL);
  g_return_val_if_fail (height > 0 && height <= BOLO_PICTURE_MAX_SIDE, NULL);

  self = g_atomic_rc_box_new0 (BoloPicture);
  self->format = format;
  self->width = width;
  self->height = height;
  self->stride = width * bolo_picture_format_get_bytes (format);
  self->pixels = g_malloc0 ((gsize) self->stride * (gsize) height);
  return self;
}

BoloPicture *
bolo_picture_ref (BoloPicture *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
clear_picture (BoloPicture *self)
{
  g_free (self->pixels);
}

void
bolo_picture_unref (BoloPicture *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, (GDestroyNotify) clear_picture);
}

BoloPicture *
bolo_picture_decode (
  const guint8 *data, gsize length, const char *name, BoloPictureFormat format, GError **error)
{
  BoloPictureInfo info;

  g_return_val_if_fail (data != NULL || length == 0, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (!bolo_picture_probe (data, length, name, &info, error))
    return NULL;
  if (info.kind == BOLO_PICTURE_JPEG)
    return bolo_picture_decode_jpeg (data, length, name, format, error);
  return bolo_picture_decode_png (data, length, name, format, error);
}

/* Checks on the open file itself, so that it cannot be swapped for a pipe or a device. */
static gboolean
check_file (int fd, const char *path, GError **error)
{
  struct stat status;

  if (fstat (fd, &status) != 0) {
    g_autofree char *what = g_strdup_printf ("Cannot read %s", path);

    bolo_error_set_errno (error, errno, what);
    return FALSE;
  }
  if (!S_ISREG (status.st_mode)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s is not a file; name a JPEG or PNG picture", path);
    return FALSE;
  }
  if (status.st_size > BOLO_PICTURE_MAX_BYTES) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s has %" G_GINT64_FORMAT " MB; a picture may have at most %d MB", path,
                 (gint64) status.st_size >> 20, BOLO_PICTURE_MAX_BYTES >> 20);
    return FALSE;
  }
  return TRUE;
}

BoloPicture *
bolo_picture_load (const char *path, BoloPictureFormat format, GError **error)
{
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GError) local_error = NULL;
  BoloPicture *picture = NULL;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  /* NONBLOCK: a named pipe must not stop us before it is refused. */
  fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (fd < 0) {
    g_autofree char *what = g_strdup_printf ("Cannot read %s", path);

    bolo_error_set_errno (error, errno, what);
    return NULL;
  }
  if (check_file (fd, path, error)) {
    file = g_mapped_file_new_from_fd (fd, FALSE, &local_error);
    if (file == NULL)
      bolo_error_take_foreign (error, g_steal_pointer (&local_error), path);
    else
      picture = bolo_picture_decode ((const guint8 *) g_mapped_file_get_contents (file),
                                     g_mapped_file_get_length (file), path, format, error);
  }
  close (fd);
  return picture;
}

gboolean
bolo_picture_is_named_so (const char *path)
{
  static const char *const endings[] = {".jpg", ".jpeg", ".png"};
  gsize length;

  g_return_val_if_fail (path != NULL, FALSE);

  length = strlen (path);
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++) {
    gsize ending = strlen (endings[i]);

    if (length > ending && g_ascii_strcasecmp (path + length - ending, endings[i]) == 0)
      return TRUE;
  }
  return FALSE;
}
