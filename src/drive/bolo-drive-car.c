/* bolo-drive-car.c: paints one vehicle into a frame
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-car.h"

#include <math.h>

#define WHEEL_CORNERS 30
#define MAX_CORNERS 32

/* What all parts of a vehicle need. */
typedef struct {
  cairo_t *cr;
  const BoloDriveSeen *seen;
  const BoloDriveView *view;
  const BoloDriveLighting *lighting;
  const BoloDriveBody *body;
  double light[3]; /* red, green, blue */
  double haze;
} Painter;

static void
init_painter (Painter *self,
              cairo_t *cr,
              const BoloDriveSeen *seen,
              const BoloDriveView *view,
              const BoloDriveLighting *lighting)
{
  float reach = 0.55f * bolo_drive_lighting_get_reach (lighting, seen->distance_m);

  self->cr = cr;
  self->seen = seen;
  self->view = view;
  self->lighting = lighting;
  self->body = bolo_drive_body_get (seen->vehicle->make->body);
  for (guint c = 0; c < 3; c++)
    self->light[c] = lighting->ambient[2 - c] + reach;
  self->haze = CLAMP (seen->distance_m / 300, 0, 1);
}

static void
set_colour (Painter *self, double red, double green, double blue, double shade, double alpha)
{
  const double base[3] = {red, green, blue};
  double shown[3];

  for (guint c = 0; c < 3; c++) {
    double far = self->lighting->sky_low[2 - c] / 255 * 0.8;
    shown[c] = MIN (base[c] * self->light[c] * shade, 1);
    shown[c] += self->haze * (far - shown[c]);
  }
  cairo_set_source_rgba (self->cr, shown[0], shown[1], shown[2], alpha);
}

static void
set_lamp_colour (Painter *self, double red, double green, double blue, double strength)
{
  gboolean is_parked = self->seen->vehicle->way.motion == BOLO_DRIVE_MOTION_PARKED;
  double lamp = is_parked ? 0 : strength * self->lighting->lamps;
  double r = red * (self->light[0] * 0.7 + lamp);
  double g = green * (self->light[1] * 0.7 + lamp);
  double b = blue * (self->light[2] * 0.7 + lamp);

  if (self->lighting->is_infrared)
    r = g = b = (r + g + b) / 3;
  cairo_set_source_rgb (self->cr, MIN (r, 1), MIN (g, 1), MIN (b, 1));
}

/* Puts the polygon on the path; FALSE if part of it is behind the camera or it is turned away
 * (corners run clockwise in the picture when it faces us). */
static gboolean
trace (Painter *self, const BoloDrivePoint *points, guint n, gboolean may_turn)
{
  double at[MAX_CORNERS][2];
  double area = 0;

  g_return_val_if_fail (n <= MAX_CORNERS, FALSE);
  for (guint i = 0; i < n; i++) {
    if (!bolo_drive_view_project (self->view, &points[i], &at[i][0], &at[i][1], NULL))
      return FALSE;
    at[i][0] = CLAMP (at[i][0], -8000, 8000);
    at[i][1] = CLAMP (at[i][1], -8000, 8000);
  }
  for (guint i = 0; i < n; i++) {
    guint next = (i + 1) % n;
    area += at[i][0] * at[next][1] - at[next][0] * at[i][1];
  }
  if (!may_turn && area <= 0)
    return FALSE;
  cairo_new_path (self->cr);
  for (guint i = 0; i < n; i++)
    cairo_line_to (self->cr, at[i][0], at[i][1]);
  cairo_close_path (self->cr);
  return TRUE;
}

static BoloDrivePoint
get_point (const Painter *self, double along, double left, double up)
{
  return bolo_drive_frame_map (&self->seen->frame, along - self->body->length / 2, left, up);
}

static void
paint_shadow (Painter *self)
{
  double length = self->body->length;
  double strength = 0.42 * MIN (self->lighting->ambient[1] * 1.6, 1);

  for (guint i = 0; i < 2; i++) {
    double more = i == 0 ? 0.22 : 0.02;
    BoloDrivePoint points[4] = {
      get_point (self, -more, 0.9 + more, 0),
      get_point (self, length + more, 0.9 + more, 0),
      get_point (self, length + more, -0.9 - more, 0),
      get_point (self, -more, -0.9 - more, 0),
    };
    if (trace (self, points, 4, TRUE)) {
      cairo_set_source_rgba (self->cr, 0, 0, 0, strength);
      cairo_fill (self->cr);
    }
  }
}

/* Tyres seen under the bumper and from the side. */
static void
paint_wheel (Painter *self, double axle, double side)
{
  double half = self->body->ribs[1].half - 0.02;
  double radius = self->body->wheel;
  static const double rings[3][4] = {
    {1.16, 0.05, 0.05, 0.055},
    {1.0, 0.10, 0.10, 0.10},
    {0.62, 0.52, 0.53, 0.55},
  };

  for (guint ring = 0; ring < 3; ring++) {
    BoloDrivePoint points[WHEEL_CORNERS];
    for (guint i = 0; i < WHEEL_CORNERS; i++) {
      double angle = side * 2 * G_PI * i / WHEEL_CORNERS;
      double up = radius + radius * rings[ring][0] * sin (angle);
      points[i] = get_point (self, axle + radius * rings[ring][0] * cos (angle),
                             side * (half + 0.03), MAX (up, 0));
    }
    if (!trace (self, points, WHEEL_CORNERS, FALSE))
      return;
    set_colour (self, rings[ring][1], rings[ring][2], rings[ring][3], 1, 1);
    cairo_fill (self->cr);
  }
}

static void
paint_tyre_end (Painter *self, gboolean is_rear, double side)
{
  double half = self->body->ribs[1].half;
  double along = is_rear ? self->body->axles[0] - self->body->wheel * 0.8
                         : self->body->axles[1] + self->body->wheel * 0.8;
  double outer = side * (half - 0.02);
  double inner = side * (half - 0.22);
  BoloDrivePoint points[4] = {
    get_point (self, along, inner, 0.36),
    get_point (self, along, outer, 0.36),
    get_point (self, along, outer, 0.0),
    get_point (self, along, inner, 0.0),
  };
  if (trace (self, points, 4, TRUE)) {
    set_colour (self, 0.07, 0.07, 0.075, 1, 1);
    cairo_fill (self->cr);
  }
}

/* The sky on the upper part of upright sheet metal, the road's shade on the lower, on the path. */
static void
paint_shine (Painter *self, const BoloDrivePoint *low, const BoloDrivePoint *high, double slope)
{
  double u[2];
  double v[2];

  if (slope < 0.5 || !bolo_drive_view_project (self->view, low, &u[0], &v[0], NULL) ||
      !bolo_drive_view_project (self->view, high, &u[1], &v[1], NULL)) {
    cairo_new_path (self->cr);
    return;
  }
  if (v[0] < v[1]) {
    double swapped = v[0];
    v[0] = v[1];
    v[1] = swapped;
  }
  double shine = 0.16 * self->lighting->sky_low[1] / 255.0;
  cairo_pattern_t *sheen = cairo_pattern_create_linear (0, v[0], 0, v[1]);
  cairo_pattern_add_color_stop_rgba (sheen, 0, 0, 0, 0, 0.22);
  cairo_pattern_add_color_stop_rgba (sheen, 0.55, 0, 0, 0, 0.0);
  cairo_pattern_add_color_stop_rgba (sheen, 0.56, 1, 1, 1, 0.0);
  cairo_pattern_add_color_stop_rgba (sheen, 1, 1, 1, 1, shine);
  cairo_set_source (self->cr, sheen);
  cairo_fill (self->cr);
  cairo_pattern_destroy (sheen);
}

/* Between two ribs, right across the body. */
static void
paint_skin (Painter *self, guint rib)
{
  const BoloDriveRib *low = &self->body->ribs[rib];
  const BoloDriveRib *high = &self->body->ribs[rib + 1];
  const BoloDrivePaint *paint = self->seen->vehicle->paint;
  BoloDrivePoint points[4] = {
    bolo_drive_body_map_rib (self->body, &self->seen->frame, rib, 1),
    bolo_drive_body_map_rib (self->body, &self->seen->frame, rib + 1, 1),
    bolo_drive_body_map_rib (self->body, &self->seen->frame, rib + 1, -1),
    bolo_drive_body_map_rib (self->body, &self->seen->frame, rib, -1),
  };
  double slope = fabs (high->up - low->up) / hypot (high->along - low->along, high->up - low->up);
  double shade = 1.12 - 0.34 * slope;
  if (rib == 0 || rib == BOLO_DRIVE_N_RIBS - 2)
    shade = 0.45;

  if (!trace (self, points, 4, FALSE))
    return;
  if (rib == 0 || rib == BOLO_DRIVE_N_RIBS - 2) {
    set_colour (self, paint->red * 0.5 + 0.05, paint->green * 0.5 + 0.05, paint->blue * 0.5 + 0.05,
                shade, 1);
    cairo_fill (self->cr);
    return;
  }
  set_colour (self, paint->red + 0.03, paint->green + 0.03, paint->blue + 0.03, shade, 1);
  cairo_fill_preserve (self->cr);
  paint_shine (self, &points[0], &points[1], slope);
}

/* A window in the skin after @rib, a little smaller than it. */
static void
paint_window (Painter *self, guint rib)
{
  const BoloDriveRib *a = &self->body->ribs[rib];
  const BoloDriveRib *b = &self->body->ribs[rib + 1];
  BoloDrivePoint points[4];
  const double corners[4][2] = {{0.10, 0.92}, {0.93, 0.90}, {0.93, -0.90}, {0.10, -0.92}};

  for (guint i = 0; i < 4; i++) {
    double part = corners[i][0];
    double half = a->half + part * (b->half - a->half);
    points[i] = get_point (self, a->along + part * (b->along - a->along), half * corners[i][1],
                           a->up + part * (b->up - a->up));
  }
  if (!trace (self, points, 4, FALSE))
    return;
  set_colour (self, 0.13, 0.15, 0.17, 1, 1);
  cairo_fill_preserve (self->cr);
  double u[2];
  double v[2];
  if (!bolo_drive_view_project (self->view, &points[0], &u[0], &v[0], NULL) ||
      !bolo_drive_view_project (self->view, &points[1], &u[1], &v[1], NULL))
    return;
  /* The sky in the glass. */
  cairo_pattern_t *sky = cairo_pattern_create_linear (u[0], v[0], u[1], v[1]);
  double shine = self->lighting->sky_low[1] / 255.0;
  cairo_pattern_add_color_stop_rgba (sky, 0, shine, shine, shine, 0.05);
  cairo_pattern_add_color_stop_rgba (sky, 1, shine, shine, shine, 0.42);
  cairo_set_source (self->cr, sky);
  cairo_fill (self->cr);
  cairo_pattern_destroy (sky);
}

/* A window on one side from a slanted edge (low and high corner) to the upright pillar. */
static void
paint_side_window (Painter *self,
                   double side,
                   const double low[3],
                   const double high[3],
                   double pillar,
                   gboolean is_behind)
{
  BoloDrivePoint points[4] = {
    get_point (self, low[0], side * low[1], low[2]),
    get_point (self, high[0], side * high[1], high[2]),
    get_point (self, pillar, side * high[1], high[2] + 0.01),
    get_point (self, pillar, side * low[1], low[2]),
  };

  if (trace (self, points, 4, TRUE)) {
    set_colour (self, 0.13, 0.15, 0.17, is_behind ? 0.9 : 1.15, 1);
    cairo_fill (self->cr);
  }
}

/* A gap between panels, from one point of the side to another. */
static void
paint_side_line (
  Painter *self, double side, double from_along, double from_up, double to_along, double to_up)
{
  double half = self->body->ribs[2].half + 0.004;
  BoloDrivePoint points[2] = {
    get_point (self, from_along, side * half, from_up),
    get_point (self, to_along, side * half, to_up),
  };
  double u, v, depth;

  if (!bolo_drive_view_project (self->view, &points[0], &u, &v, &depth))
    return;
  cairo_new_path (self->cr);
  cairo_move_to (self->cr, u, v);
  if (!bolo_drive_view_project (self->view, &points[1], &u, &v, NULL))
    return;
  cairo_line_to (self->cr, u, v);
  cairo_set_line_width (self->cr, CLAMP (0.012 * self->view->focal_px / depth, 0.4, 3));
  cairo_set_source_rgba (self->cr, 0, 0, 0, 0.4);
  cairo_stroke (self->cr);
}

static void
paint_side (Painter *self, double side)
{
  const BoloDriveBody *body = self->body;
  const BoloDrivePaint *paint = self->seen->vehicle->paint;
  BoloDrivePoint points[MAX_CORNERS];
  guint n = 0;

  for (guint i = 0; i < BOLO_DRIVE_N_RIBS; i++) {
    guint rib = side > 0 ? BOLO_DRIVE_N_RIBS - 1 - i : i;
    points[n++] = bolo_drive_body_map_rib (body, &self->seen->frame, rib, side);
  }
  if (!trace (self, points, n, FALSE))
    return;
  set_colour (self, paint->red + 0.02, paint->green + 0.02, paint->blue + 0.02, 0.74, 1);
  cairo_fill_preserve (self->cr);
  BoloDrivePoint sill = get_point (self, body->length / 2, side * body->ribs[2].half, 0.2);
  BoloDrivePoint waist =
    get_point (self, body->length / 2, side * body->ribs[2].half, body->ribs[3].up);
  paint_shine (self, &sill, &waist, 1);
  /* Side windows between waist and roof, with a pillar behind the front door. */
  static const guint ribs[4] = {3, 4, 6, 7};
  static const double inset[4][2] = {{0.28, 0.06}, {0.12, -0.06}, {-0.05, -0.06}, {-0.30, 0.05}};
  double corners[4][3];
  for (guint i = 0; i < 4; i++) {
    const BoloDriveRib *rib = &body->ribs[ribs[i]];
    corners[i][0] = rib->along + inset[i][0];
    corners[i][1] = rib->half + 0.005;
    corners[i][2] = rib->up + inset[i][1];
  }
  double pillar = (body->ribs[4].along + body->ribs[6].along) / 2 + 0.1;
  paint_side_window (self, side, corners[0], corners[1], pillar - 0.04, TRUE);
  paint_side_window (self, side, corners[3], corners[2], pillar + 0.04, FALSE);
  paint_side_line (self, side, pillar, body->ribs[3].up - 0.02, pillar, 0.32);
  paint_side_line (self, side, body->axles[0] + 0.35, 0.34, body->axles[1] - 0.36, 0.34);
  paint_side_line (self, side, body->axles[1] - 0.36, 0.34, body->ribs[7].along - 0.12,
                   body->ribs[7].up - 0.03);
  for (guint i = 0; i < 2; i++)
    paint_wheel (self, body->axles[i], side);
}

/* Wing mirrors stand out beside the windscreen's foot. */
static void
paint_mirrors (Painter *self)
{
  const BoloDriveRib *foot = &self->body->ribs[BOLO_DRIVE_RIB_WINDSCREEN + 1];
  const BoloDrivePaint *paint = self->seen->vehicle->paint;

  for (int side = -1; side <= 1; side += 2) {
    double inner = side * (foot->half + 0.03);
    double outer = side * (foot->half + 0.20);
    double along = foot->along - 0.35;
    BoloDrivePoint points[4] = {
      get_point (self, along, inner, foot->up + 0.14),
      get_point (self, along, outer, foot->up + 0.13),
      get_point (self, along, outer, foot->up + 0.02),
      get_point (self, along, inner, foot->up),
    };
    if (trace (self, points, 4, TRUE)) {
      set_colour (self, paint->red, paint->green, paint->blue, 0.6, 1);
      cairo_fill (self->cr);
    }
  }
}

static void
paint_badge (Painter *self, gboolean is_rear, double up)
{
  double along = is_rear ? -0.01 : self->body->length + 0.005;
  BoloDrivePoint points[12];

  for (guint i = 0; i < G_N_ELEMENTS (points); i++) {
    double angle = 2 * G_PI * i / G_N_ELEMENTS (points);
    points[i] = get_point (self, along, 0.06 * cos (angle), up + 0.04 * sin (angle));
  }
  if (trace (self, points, G_N_ELEMENTS (points), TRUE)) {
    set_colour (self, 0.72, 0.73, 0.76, 1, 1);
    cairo_fill (self->cr);
  }
}

/* A flat patch on the tail or the nose: from @inner to @outer to one side, @low to @high. */
static gboolean
trace_patch (
  Painter *self, gboolean is_rear, double inner, double outer, double low, double high, double back)
{
  double along = is_rear ? -0.006 : self->body->length + 0.006;
  double top_along = is_rear ? along + back : along - back;
  BoloDrivePoint points[4] = {
    get_point (self, top_along, inner, high),
    get_point (self, top_along, outer, high),
    get_point (self, along, outer, low),
    get_point (self, along, inner, low),
  };
  return trace (self, points, 4, TRUE);
}

static void
paint_tail (Painter *self)
{
  const BoloDriveBody *body = self->body;
  double half = body->ribs[2].half;
  double low = body->ribs[2].up - 0.26;
  gboolean is_tall = self->seen->vehicle->make->body == BOLO_DRIVE_BODY_VAN;

  /* Bumper, then the recess round the plate, then lamps. */
  if (trace_patch (self, TRUE, half * 0.97, -half * 0.97, body->ribs[1].up - 0.12,
                   body->ribs[1].up + 0.03, 0)) {
    set_colour (self, 0.12, 0.12, 0.125, 1, 0.85);
    cairo_fill (self->cr);
  }
  if (trace_patch (self, TRUE, 0.34, -0.34, body->rear_plate_up - 0.11, body->rear_plate_up + 0.11,
                   0)) {
    set_colour (self, 0.05, 0.05, 0.05, 1, 0.22);
    cairo_fill (self->cr);
  }
  for (int side = -1; side <= 1; side += 2) {
    double inner = side * (is_tall ? half - 0.16 : half - 0.30);
    if (trace_patch (self, TRUE, inner, side * (half - 0.01), low, low + (is_tall ? 0.5 : 0.24),
                     0.03)) {
      set_lamp_colour (self, 0.78, 0.05, 0.04, 0.55);
      cairo_fill (self->cr);
    }
    if (trace_patch (self, TRUE, inner + side * 0.03, side * (half - 0.05), low + 0.03, low + 0.09,
                     0.01)) {
      set_lamp_colour (self, 0.85, 0.80, 0.74, 0.1);
      cairo_fill (self->cr);
    }
  }
}

static void
paint_nose (Painter *self)
{
  const BoloDriveBody *body = self->body;
  double half = body->ribs[9].half;
  double top = body->ribs[9].up;

  if (trace_patch (self, FALSE, half * 0.62, -half * 0.62, top - 0.02, top + 0.12, 0.08)) {
    set_colour (self, 0.06, 0.06, 0.065, 1, 1);
    cairo_fill (self->cr);
  }
  if (trace_patch (self, FALSE, half * 0.7, -half * 0.7, body->ribs[10].up - 0.15,
                   body->ribs[10].up - 0.04, 0)) {
    set_colour (self, 0.06, 0.06, 0.065, 1, 1);
    cairo_fill (self->cr);
  }
  for (int side = -1; side <= 1; side += 2) {
    if (trace_patch (self, FALSE, side * (half - 0.33), side * (half - 0.02), top - 0.03,
                     top + 0.14, 0.16)) {
      set_lamp_colour (self, 0.56, 0.59, 0.63, 1.9);
      cairo_fill (self->cr);
    }
  }
}

void
bolo_drive_car_paint (cairo_t *cr,
                      const BoloDriveSeen *seen,
                      const BoloDriveView *view,
                      const BoloDriveLighting *lighting)
{
  Painter self;
  init_painter (&self, cr, seen, view, lighting);
  double x = view->eye.x - seen->frame.x;
  double y = view->eye.y - seen->frame.y;
  double ahead = x * seen->frame.cosine + y * seen->frame.sine;
  double left = -x * seen->frame.sine + y * seen->frame.cosine;
  gboolean sees_rear = ahead < -self.body->length / 2;
  gboolean sees_front = ahead > self.body->length / 2;
  guint n_skins = BOLO_DRIVE_N_RIBS - 1;

  paint_shadow (&self);
  paint_mirrors (&self);
  for (int side = -1; side <= 1; side += 2) {
    if (sees_rear || sees_front)
      paint_tyre_end (&self, sees_rear, side);
  }
  if (fabs (left) > self.body->ribs[1].half)
    paint_side (&self, left > 0 ? 1 : -1);
  /* From the far end to the near one, so that the bonnet covers the windscreen's foot. */
  for (guint i = 0; i < n_skins; i++) {
    guint rib = ahead < 0 ? n_skins - 1 - i : i;
    paint_skin (&self, rib);
    if (rib == BOLO_DRIVE_RIB_REAR_WINDOW || rib == BOLO_DRIVE_RIB_WINDSCREEN)
      paint_window (&self, rib);
  }
  if (sees_rear)
    paint_tail (&self);
  if (sees_front)
    paint_nose (&self);
  paint_badge (&self, sees_rear,
               sees_rear ? self.body->ribs[2].up + 0.01 : self.body->ribs[9].up + 0.05);
}

static void
paint_halo (Painter *self,
            double along,
            double side,
            double up,
            const double colour[3],
            double size_m,
            double strength)
{
  BoloDrivePoint point = get_point (self, along, side, up);
  double u, v, depth;

  if (!bolo_drive_view_project (self->view, &point, &u, &v, &depth))
    return;
  double radius = CLAMP (self->view->focal_px * size_m / depth, 3, 90);
  cairo_pattern_t *halo = cairo_pattern_create_radial (u, v, 0, u, v, radius);
  cairo_pattern_add_color_stop_rgba (halo, 0, colour[0], colour[1], colour[2], strength);
  cairo_pattern_add_color_stop_rgba (halo, 0.25, colour[0], colour[1], colour[2], strength * 0.4);
  cairo_pattern_add_color_stop_rgba (halo, 1, colour[0], colour[1], colour[2], 0);
  cairo_set_source (self->cr, halo);
  cairo_rectangle (self->cr, u - radius, v - radius, 2 * radius, 2 * radius);
  cairo_fill (self->cr);
  cairo_pattern_destroy (halo);
}

void
bolo_drive_car_paint_glare (cairo_t *cr,
                            const BoloDriveSeen *seen,
                            const BoloDriveView *view,
                            const BoloDriveLighting *lighting)
{
  static const double white[3] = {1.0, 0.96, 0.86};
  static const double red[3] = {1.0, 0.12, 0.08};
  static const double grey[3] = {0.8, 0.8, 0.8};
  Painter self;

  if (lighting->lamps < 0.2f || seen->vehicle->way.motion == BOLO_DRIVE_MOTION_PARKED ||
      !seen->has_plate)
    return;
  init_painter (&self, cr, seen, view, lighting);
  cairo_save (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_ADD);
  for (int side = -1; side <= 1; side += 2) {
    if (seen->is_rear)
      paint_halo (&self, 0, side * (self.body->ribs[2].half - 0.15), self.body->ribs[2].up - 0.13,
                  lighting->is_infrared ? grey : red, 0.30, 0.35 * lighting->lamps);
    else
      paint_halo (&self, self.body->length, side * (self.body->ribs[9].half - 0.18),
                  self.body->ribs[9].up + 0.05, lighting->is_infrared ? grey : white, 0.55,
                  0.85 * lighting->lamps);
  }
  cairo_restore (cr);
}
