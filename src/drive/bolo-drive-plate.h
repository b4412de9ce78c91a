/* bolo-drive-plate.h: paints a number plate once, flat and large, for the frames to take from
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-mark.h"
#include "bolo-outlines.h"

G_BEGIN_DECLS

#define BOLO_DRIVE_PLATE_LEVELS 6

typedef enum {
  BOLO_DRIVE_BAND_NONE,
  BOLO_DRIVE_BAND_GB,    /* blue, circle of stars */
  BOLO_DRIVE_BAND_UK,    /* blue, flag */
  BOLO_DRIVE_BAND_GREEN, /* no emissions */
} BoloDriveBand;

/* How one plate is made. */
typedef struct {
  BoloDriveMark mark;
  gboolean is_rear; /* yellow, else white */
  gboolean is_old;  /* silver on black: not reflecting */
  gboolean is_two_line;
  gboolean has_border;
  gboolean has_maker; /* small words under the mark */
  gboolean has_screws;
  BoloDriveBand band;
  double dirt; /* 0 clean to 1 */
  guint32 seed;
} BoloDrivePlateStyle;

/* BoloDrivePlate: a picture of 4 bytes a pixel (blue, green, red, -) with half-size levels under
 * it. Immutable, any thread. */
typedef struct {
  double width_mm;
  double height_mm;
  gboolean is_reflecting;
  int widths[BOLO_DRIVE_PLATE_LEVELS];
  int heights[BOLO_DRIVE_PLATE_LEVELS];
  guint8 *levels[BOLO_DRIVE_PLATE_LEVELS]; /* (owned) */
} BoloDrivePlate;

/* Size without painting. */
void
bolo_drive_plate_get_size (const BoloDrivePlateStyle *style, double *width_mm, double *height_mm);
BoloDrivePlate *bolo_drive_plate_new (const BoloDrivePlateStyle *style, BoloOutlines *outlines);
void bolo_drive_plate_free (BoloDrivePlate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloDrivePlate, bolo_drive_plate_free)

G_END_DECLS
