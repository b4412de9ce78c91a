/* bolo-picture-png.c: PNG to pixels and back, through libpng
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-picture"

#include "bolo-picture.h"

#include <string.h>

#include <png.h>

#include "bolo-error.h"
#include "bolo-picture-private.h"

/* libpng's simple interface decodes into whole buffers; damage is an error, not a jump. */
BoloPicture *
bolo_picture_decode_png (
  const guint8 *data, gsize length, const char *name, BoloPictureFormat format, GError **error)
{
  png_image image = {.version = PNG_IMAGE_VERSION};
  const png_color grey = {128, 128, 128}; /* behind what is transparent */
  g_autoptr (BoloPicture) picture = NULL;

  if (!png_image_begin_read_from_memory (&image, data, length)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "%s is a damaged PNG picture: %s",
                 name, image.message);
    png_image_free (&image);
    return NULL;
  }
  image.format = format == BOLO_PICTURE_RGB ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  picture = bolo_picture_new (format, (int) image.width, (int) image.height);
  /* A warning may mean that the pixels are not whole. */
  if (!png_image_finish_read (&image, &grey, picture->pixels, picture->stride, NULL) ||
      PNG_IMAGE_FAILED (image)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "%s is a damaged PNG picture: %s",
                 name, image.message);
    png_image_free (&image);
    return NULL;
  }
  png_image_free (&image);
  return g_steal_pointer (&picture);
}

GBytes *
bolo_picture_encode_png (const BoloPicture *self, GError **error)
{
  png_image image = {.version = PNG_IMAGE_VERSION};
  png_alloc_size_t n_bytes = 0;
  g_autofree guint8 *bytes = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  image.width = (png_uint_32) self->width;
  image.height = (png_uint_32) self->height;
  image.format = self->format == BOLO_PICTURE_RGB ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  n_bytes = PNG_IMAGE_PNG_SIZE_MAX (image);
  bytes = g_malloc (n_bytes);
  if (!png_image_write_to_memory (&image, bytes, &n_bytes, FALSE, self->pixels, self->stride,
                                  NULL)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INTERNAL, "Cannot make a PNG picture: %s",
                 image.message);
    png_image_free (&image);
    return NULL;
  }
  png_image_free (&image);
  return g_bytes_new (bytes, n_bytes);
}
