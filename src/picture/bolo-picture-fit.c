/* bolo-picture-fit.c: makes a stored JPEG small enough for whoever takes only small ones
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-picture"

#include "bolo-picture.h"

/* The side that belongs to the other one when that is cut down; never nothing. */
static int
scale_side (int side, int other, int other_max)
{
  return MAX ((int) (((gint64) side * other_max + other / 2) / other), 1);
}

static void
fit_size (int *width, int *height, int max_width, int max_height)
{
  if (*width > max_width) {
    *height = scale_side (*height, *width, max_width);
    *width = max_width;
  }
  if (*height > max_height) {
    *width = scale_side (*width, *height, max_height);
    *height = max_height;
  }
}

GBytes *
bolo_picture_fit_jpeg (
  GBytes *jpeg, const char *name, int max_width, int max_height, gsize max_bytes, GError **error)
{
  g_autoptr (BoloPicture) picture = NULL;
  g_autoptr (BoloPicture) smaller = NULL;
  BoloPictureInfo info;
  const guint8 *data;
  gsize length = 0;
  int width;
  int height;

  g_return_val_if_fail (jpeg != NULL && name != NULL, NULL);
  g_return_val_if_fail (max_width > 0 && max_height > 0, NULL);

  data = g_bytes_get_data (jpeg, &length);
  if (!bolo_picture_probe (data, length, name, &info, error))
    return NULL;
  width = info.width;
  height = info.height;
  fit_size (&width, &height, max_width, max_height);
  if (info.kind == BOLO_PICTURE_JPEG && length <= max_bytes && width == info.width &&
      height == info.height)
    return g_bytes_ref (jpeg); /* each encoding costs some of what can be seen */
  picture = bolo_picture_decode (data, length, name, BOLO_PICTURE_RGB, error);
  if (picture == NULL)
    return NULL;
  smaller = bolo_picture_scale (picture, width, height);
  return bolo_picture_encode_jpeg (smaller, max_bytes, error);
}
