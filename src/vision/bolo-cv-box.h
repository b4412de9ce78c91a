/* bolo-cv-box.h: the structs of numbers that go in and out of bolo-cv.h
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Grey pixels, lent: the luma plane of a frame as it is. */
typedef struct {
  const guint8 *data;
  int width;
  int height;
  int stride;
} BoloCvImage;

/* A plate found. Corners clockwise from the top left of the text, pixels of the image given. */
typedef struct {
  float left;
  float top;
  float right;
  float bottom;
  float corners[4][2];
  float score;
} BoloCvBox;

G_END_DECLS
