/* bolo-boxes.h: from the detector's maps to boxes
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-cv-box.h"

G_BEGIN_DECLS

#define BOLO_BOXES_MAPS 13 /* heat, four sides, eight corner coordinates */

/* How the maps are to be understood; from the model's card. */
typedef struct {
  int stride;
  float unit;
  float threshold;
  float nms_iou;
} BoloBoxesRule;

/* Peaks of the heat map, best first, without those that overlap a better one; at most @max.
 * @maps: BOLO_BOXES_MAPS planes of @height rows of @width. Pixels of the net's input. Pure. */
guint bolo_boxes_decode (
  const float *maps, int width, int height, const BoloBoxesRule *rule, BoloCvBox *boxes, guint max);
/* Intersection over union. */
float bolo_box_get_iou (const BoloCvBox *a, const BoloCvBox *b);
/* Does @box hold the middle of @other? */
gboolean bolo_box_holds_centre (const BoloCvBox *box, const BoloCvBox *other);
/* Width and height of the quad, means of opposite sides. */
void bolo_box_get_quad_size (const BoloCvBox *box, float *width, float *height);
void bolo_box_move (BoloCvBox *box, float dx, float dy);

G_END_DECLS
