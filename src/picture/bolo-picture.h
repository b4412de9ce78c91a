/* bolo-picture.h: pixels in memory, and the way to JPEG and PNG files and back
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOLO_PICTURE_MIN_WIDTH 16 /* no mark can be read in less */
#define BOLO_PICTURE_MIN_HEIGHT 8
#define BOLO_PICTURE_MAX_SIDE 30000
#define BOLO_PICTURE_MAX_PIXELS 100000000  /* 100 megapixels: 300 MB as RGB */
#define BOLO_PICTURE_MAX_BYTES (128 << 20) /* of a file */

typedef enum {
  BOLO_PICTURE_GRAY8,
  BOLO_PICTURE_RGB,
} BoloPictureFormat;

typedef enum {
  BOLO_PICTURE_JPEG,
  BOLO_PICTURE_PNG,
} BoloPictureFileKind;

/* BoloPicture: atomically counted; immutable once handed on. Rows follow each other at @stride
 * bytes. */
typedef struct {
  BoloPictureFormat format;
  int width;
  int height;
  int stride;
  guint8 *pixels; /* (owned) */
} BoloPicture;

/* What the first bytes of a file say. */
typedef struct {
  BoloPictureFileKind kind;
  int width;
  int height;
} BoloPictureInfo;

/* Planes of a camera's frame, lent: luma, then the chroma planes of I420 (@u, @v) or NV12
 * (@uv); all three NULL: grey. */
typedef struct {
  int width;
  int height;
  const guint8 *luma;
  int luma_stride;
  const guint8 *u;
  const guint8 *v;
  const guint8 *uv;
  int chroma_stride;
} BoloPicturePlanes;

/* Pixels are zero. NULL never: sizes must be within the limits above. Any thread for all. */
BoloPicture *bolo_picture_new (BoloPictureFormat format, int width, int height);
BoloPicture *bolo_picture_ref (BoloPicture *self);
void bolo_picture_unref (BoloPicture *self);
int bolo_picture_format_get_bytes (BoloPictureFormat format);

/* Reads kind and size from @data without decoding. @name is for the sentence. INVALID_DATA when
 * it is no JPEG or PNG, or its size is outside the limits. */
gboolean bolo_picture_probe (
  const guint8 *data, gsize length, const char *name, BoloPictureInfo *info, GError **error);
/* Probes, then decodes to @format. (transfer full) or NULL with one clear sentence. */
BoloPicture *bolo_picture_decode (
  const guint8 *data, gsize length, const char *name, BoloPictureFormat format, GError **error);
/* As decode, from a file: blocks. NOT_FOUND, PERMISSION or INVALID_DATA. */
BoloPicture *bolo_picture_load (const char *path, BoloPictureFormat format, GError **error);
/* TRUE when @path ends as pictures do (.jpg, .jpeg, .png; any case). */
gboolean bolo_picture_is_named_so (const char *path);

/* The part of @self that lies in the rectangle, cut to its edges; at least 1 x 1.
 * (transfer full) */
BoloPicture *bolo_picture_crop (const BoloPicture *self, int x, int y, int width, int height);
/* Box-filtered when shrinking, bilinear when growing. (transfer full) */
BoloPicture *bolo_picture_scale (const BoloPicture *self, int width, int height);
/* Cuts the rectangle from a frame's planes and scales it to @out_width x @out_height, in colour
 * where there is chroma, else in grey. BT.601, video range. (transfer full) */
BoloPicture *bolo_picture_new_from_planes (const BoloPicturePlanes *planes,
                                           int x,
                                           int y,
                                           int width,
                                           int height,
                                           int out_width,
                                           int out_height);

/* At most @max_bytes, the best quality that fits from 88 downwards, then smaller pictures.
 * (transfer full), NULL only if even the smallest does not fit. */
GBytes *bolo_picture_encode_jpeg (const BoloPicture *self, gsize max_bytes, GError **error);
/* @jpeg itself where it is one of at most these sides and bytes, else one made of it, with its
 * proportions. INVALID_DATA for what is no picture, NO_SPACE where nothing fits. (transfer full) */
GBytes *bolo_picture_fit_jpeg (
  GBytes *jpeg, const char *name, int max_width, int max_height, gsize max_bytes, GError **error);
/* (transfer full) */
GBytes *bolo_picture_encode_png (const BoloPicture *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloPicture, bolo_picture_unref)

G_END_DECLS
