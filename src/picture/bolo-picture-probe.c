/* bolo-picture-probe.c: what a picture file claims to be, read from its header alone
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-picture"

#include "bolo-picture.h"

#include <string.h>

#include "bolo-error.h"

static guint
get_be16 (const guint8 *data)
{
  return (guint) data[0] << 8 | data[1];
}

static gint64
get_be32 (const guint8 *data)
{
  return (gint64) get_be16 (data) << 16 | get_be16 (data + 2);
}

/* SOF0 to SOF15 hold the size; C4, C8 and CC are tables in the same range. */
static gboolean
is_start_of_frame (guint8 marker)
{
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

static gboolean
probe_jpeg (const guint8 *data, gsize length, gint64 *width, gint64 *height)
{
  gsize at = 2;

  while (at + 4 <= length) {
    guint8 marker;

    if (data[at] != 0xff)
      return FALSE;
    marker = data[at + 1];
    if (marker == 0xff) { /* filling */
      at++;
      continue;
    }
    if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) { /* these have no length */
      at += 2;
      continue;
    }
    if (marker == 0xd9 || marker == 0xda)
      return FALSE;
    if (is_start_of_frame (marker)) {
      if (at + 9 > length)
        return FALSE;
      *height = get_be16 (data + at + 5);
      *width = get_be16 (data + at + 7);
      return TRUE;
    }
    at += 2 + get_be16 (data + at + 2);
  }
  return FALSE;
}

static gboolean
probe_png (const guint8 *data, gsize length, gint64 *width, gint64 *height)
{
  if (length < 33 || memcmp (data + 12, "IHDR", 4) != 0)
    return FALSE;
  *width = get_be32 (data + 16);
  *height = get_be32 (data + 20);
  return TRUE;
}

static gboolean
check_size (gint64 width, gint64 height, const char *name, GError **error)
{
  if (width < BOLO_PICTURE_MIN_WIDTH || height < BOLO_PICTURE_MIN_HEIGHT) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s is %" G_GINT64_FORMAT " x %" G_GINT64_FORMAT
                 " pixels: too small to hold a plate; give at least %d x %d",
                 name, width, height, BOLO_PICTURE_MIN_WIDTH, BOLO_PICTURE_MIN_HEIGHT);
    return FALSE;
  }
  if (width > BOLO_PICTURE_MAX_SIDE || height > BOLO_PICTURE_MAX_SIDE ||
      width * height > BOLO_PICTURE_MAX_PIXELS) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s is %" G_GINT64_FORMAT " x %" G_GINT64_FORMAT
                 " pixels: more than %d megapixels; scale it down first",
                 name, width, height, BOLO_PICTURE_MAX_PIXELS / 1000000);
    return FALSE;
  }
  return TRUE;
}

gboolean
bolo_picture_probe (
  const guint8 *data, gsize length, const char *name, BoloPictureInfo *info, GError **error)
{
  static const guint8 png_signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  gint64 width = 0;
  gint64 height = 0;
  gboolean is_whole;

  g_return_val_if_fail (data != NULL || length == 0, FALSE);
  g_return_val_if_fail (name != NULL && info != NULL, FALSE);

  if (length >= 3 && data[0] == 0xff && data[1] == 0xd8 && data[2] == 0xff) {
    info->kind = BOLO_PICTURE_JPEG;
    is_whole = probe_jpeg (data, length, &width, &height);
  } else if (length >= sizeof png_signature &&
             memcmp (data, png_signature, sizeof png_signature) == 0) {
    info->kind = BOLO_PICTURE_PNG;
    is_whole = probe_png (data, length, &width, &height);
  } else {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s is not a picture, whatever its name says: it does not begin like a JPEG or a "
                 "PNG file",
                 name);
    return FALSE;
  }
  if (!is_whole) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s is damaged: its header ends before it says how large the picture is", name);
    return FALSE;
  }
  if (!check_size (width, height, name, error))
    return FALSE;
  info->width = (int) width;
  info->height = (int) height;
  return TRUE;
}
