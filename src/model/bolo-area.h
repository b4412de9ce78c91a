/* bolo-area.h: a part of the world: none, a circle or a polygon
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOLO_AREA_POINTS_MAX 64

typedef enum {
  BOLO_AREA_NONE, /* no bound: everywhere */
  BOLO_AREA_CIRCLE,
  BOLO_AREA_POLYGON,
} BoloAreaKind;

/* WGS 84, degrees. */
typedef struct {
  double latitude;
  double longitude;
} BoloAreaPoint;

/* BoloArea: a plain value; all zero is "none". A circle has one point, its centre; a polygon has 3
 * to BOLO_AREA_POINTS_MAX, the last joined to the first. */
typedef struct {
  BoloAreaKind kind;
  guint8 n_points;
  float radius_m;        /* of a circle */
  BoloAreaPoint *points; /* (owned) (nullable) */
} BoloArea;

/* Frees what it holds and makes it "none". */
void bolo_area_clear (BoloArea *self);
/* Takes what is given; FALSE, and nothing changed, where it is no area: a point off the globe, too
 * few or too many points, a radius that is not above 0. */
gboolean bolo_area_set_circle (BoloArea *self, BoloAreaPoint centre, double radius_m);
gboolean bolo_area_set_polygon (BoloArea *self, const BoloAreaPoint *points, guint n_points);
/* @copy is cleared first. */
void bolo_area_copy (const BoloArea *self, BoloArea *copy);
gboolean bolo_area_equal (const BoloArea *a, const BoloArea *b);
/* "circle 51.5 -0.12 500" or "polygon 51.5 -0.12 51.6 -0.1 …"; metres, latitude first. NULL where
 * there is none. (transfer full) (nullable) */
char *bolo_area_to_string (const BoloArea *self);
/* Reads what to_string writes; FALSE, and nothing changed, where @text is no area. */
gboolean bolo_area_parse (BoloArea *self, const char *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoloArea, bolo_area_clear)

G_END_DECLS
