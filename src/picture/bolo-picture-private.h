/* bolo-picture-private.h: what the files of this room share
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-picture.h"

G_BEGIN_DECLS

/* Decode what bolo_picture_probe () has accepted. (transfer full) */
BoloPicture *bolo_picture_decode_jpeg (
  const guint8 *data, gsize length, const char *name, BoloPictureFormat format, GError **error);
BoloPicture *bolo_picture_decode_png (
  const guint8 *data, gsize length, const char *name, BoloPictureFormat format, GError **error);

/* Eight bits of luma from red, green, blue (BT.601). */
static inline guint8
bolo_picture_get_luma (guint red, guint green, guint blue)
{
  return (guint8) ((red * 77 + green * 150 + blue * 29 + 128) >> 8);
}

G_END_DECLS
