/* bolo-model-card.h: what the card beside a model file says, and the file checked against it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-calibration.h"

G_BEGIN_DECLS

/* BoloModelCard: a checked model file and how it is to be used. Immutable; owned by one. */
typedef struct {
  char *path;       /* of the .onnx file */
  GBytes *contents; /* its bytes, checksum checked */
  /* detector */
  int stride;
  float unit;
  float nms_iou;
  float threshold;
  /* reader */
  int width;
  int height;
  int columns;
  int blank;
  char alphabet[65];
  char **regions;     /* (nullable): codes, the classes behind the blank; one more is "not read" */
  int n_regions;      /* those classes, 0 without */
  gboolean has_cover; /* one class more, the last: something covers the column */
  float margin_x;
  float margin_y;
  float box_margin;
  float two_line_below_aspect;
  float two_line_part;
  BoloCalibration calibration;
} BoloModelCard;

/* Loads DIRECTORY/@kind.ini and DIRECTORY/@kind.onnx ("detector", "reader") and the
 * calibration beside them. One clear sentence:
 * NOT_FOUND, or INVALID_DATA for a file that is not the one that the card describes. */
BoloModelCard *bolo_model_card_load (const char *directory, const char *kind, GError **error);
void bolo_model_card_free (BoloModelCard *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloModelCard, bolo_model_card_free)

G_END_DECLS
