/* bolo-outlines.h: the shapes of plate characters as centre-line strokes in millimetres
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  BOLO_OUTLINE_MOVE,  /* 1 point */
  BOLO_OUTLINE_LINE,  /* 1 point */
  BOLO_OUTLINE_CURVE, /* 3 points: two controls and the end of a cubic */
  BOLO_OUTLINE_CLOSE, /* none */
} BoloOutlineCommand;

/* One step of a pen; y runs down, origin at the top left of the character's cell. */
typedef struct {
  BoloOutlineCommand command;
  double points[3][2]; /* mm */
} BoloOutlineStep;

/* One character; stroke @steps with a pen of the stroke's width, butt caps, mitred joins. */
typedef struct {
  double advance_mm;
  guint n_steps;
  const BoloOutlineStep *steps;
} BoloOutlineGlyph;

/* What a plate of this style measures, mm. */
typedef struct {
  double height; /* of a character */
  double stroke;
  double character_gap;
  double group_gap;
  double line_gap;
  double margin;
  double plate_width;
  double plate_height;
} BoloOutlineSizes;

/* BoloOutlines: a loaded outline file. Immutable, atomically counted, any thread. */
typedef struct _BoloOutlines BoloOutlines;

/* @path: "…/data/plate/outlines-gb.ini". */
BoloOutlines *bolo_outlines_load (const char *path, GError **error);
BoloOutlines *bolo_outlines_ref (BoloOutlines *self);
void bolo_outlines_unref (BoloOutlines *self);
const BoloOutlineSizes *bolo_outlines_get_sizes (BoloOutlines *self);
/* (nullable) (transfer none): NULL for a character that the file does not draw. */
const BoloOutlineGlyph *bolo_outlines_get_glyph (BoloOutlines *self, char character);
/* Width of @text drawn on one line, a space being the gap between groups; characters that the file
 * does not draw are left out. */
double bolo_outlines_get_width_mm (BoloOutlines *self, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloOutlines, bolo_outlines_unref)

G_END_DECLS
