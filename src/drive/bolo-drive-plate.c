/* bolo-drive-plate.c: paints a number plate once, flat and large, for the frames to take from
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-plate.h"

#include <cairo.h>
#include <math.h>
#include <string.h>

#include "bolo-drive-random.h"

#define PIXELS_A_MM 2.0
#define LONG_WIDTH_MM 520.0
#define LONG_HEIGHT_MM 111.0
#define SQUARE_WIDTH_MM 285.0
#define SQUARE_HEIGHT_MM 203.0
#define BAND_MM 44.0

static const char *const makers[] = {
  "NORTHGATE MOTORS GU14 7AB",
  "HILL AND PARR LEEDS",
  "ASHDOWN CARS BN1",
  "MERE GARAGE CW8 1QX",
  "TYNE AUTOS",
  "PLATEWORKS B6 4TT",
  "KERR OF PERTH",
};

void
bolo_drive_plate_get_size (const BoloDrivePlateStyle *style, double *width_mm, double *height_mm)
{
  *width_mm = style->is_two_line ? SQUARE_WIDTH_MM : LONG_WIDTH_MM;
  *height_mm = style->is_two_line ? SQUARE_HEIGHT_MM : LONG_HEIGHT_MM;
}

static void
trace_glyph (cairo_t *cr, const BoloOutlineGlyph *glyph)
{
  for (guint i = 0; i < glyph->n_steps; i++) {
    const BoloOutlineStep *step = &glyph->steps[i];
    switch (step->command) {
    case BOLO_OUTLINE_MOVE:
      cairo_move_to (cr, step->points[0][0], step->points[0][1]);
      break;
    case BOLO_OUTLINE_LINE:
      cairo_line_to (cr, step->points[0][0], step->points[0][1]);
      break;
    case BOLO_OUTLINE_CURVE:
      cairo_curve_to (cr, step->points[0][0], step->points[0][1], step->points[1][0],
                      step->points[1][1], step->points[2][0], step->points[2][1]);
      break;
    case BOLO_OUTLINE_CLOSE:
      cairo_close_path (cr);
      break;
    }
  }
}

/* Text with its top left at @x, @y; @scale 1 is the statutory size. */
static void
draw_text (cairo_t *cr,
           BoloOutlines *outlines,
           const char *text,
           double x,
           double y,
           double scale,
           double pen)
{
  const BoloOutlineSizes *sizes = bolo_outlines_get_sizes (outlines);

  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_scale (cr, scale, scale);
  cairo_set_line_width (cr, pen);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_MITER);
  cairo_set_miter_limit (cr, 4);
  gboolean is_first = TRUE;
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == ' ') {
      cairo_translate (cr, sizes->group_gap, 0);
      is_first = TRUE;
      continue;
    }
    const BoloOutlineGlyph *glyph = bolo_outlines_get_glyph (outlines, *c);
    if (glyph == NULL)
      continue;
    if (!is_first)
      cairo_translate (cr, sizes->character_gap, 0);
    is_first = FALSE;
    cairo_new_path (cr);
    trace_glyph (cr, glyph);
    cairo_stroke (cr);
    cairo_translate (cr, glyph->advance_mm, 0);
  }
  cairo_restore (cr);
}

static void
draw_band (cairo_t *cr, BoloOutlines *outlines, BoloDriveBand band, double height_mm)
{
  if (band == BOLO_DRIVE_BAND_GREEN) {
    cairo_set_source_rgb (cr, 0.0, 0.50, 0.25);
    cairo_rectangle (cr, 0, 0, BAND_MM, height_mm);
    cairo_fill (cr);
    return;
  }
  cairo_set_source_rgb (cr, 0.02, 0.18, 0.55);
  cairo_rectangle (cr, 0, 0, BAND_MM, height_mm);
  cairo_fill (cr);
  if (band == BOLO_DRIVE_BAND_GB) {
    cairo_set_source_rgb (cr, 0.95, 0.85, 0.1);
    for (guint i = 0; i < 12; i++) {
      double angle = i * G_PI / 6;
      cairo_arc (cr, BAND_MM / 2 + 12 * cos (angle), height_mm * 0.36 + 12 * sin (angle), 2.2, 0,
                 2 * G_PI);
      cairo_fill (cr);
    }
  } else {
    double top = height_mm * 0.22;
    cairo_set_source_rgb (cr, 0.95, 0.95, 0.95);
    cairo_set_line_width (cr, 6);
    cairo_move_to (cr, 7, top);
    cairo_line_to (cr, BAND_MM - 7, top + 24);
    cairo_move_to (cr, BAND_MM - 7, top);
    cairo_line_to (cr, 7, top + 24);
    cairo_stroke (cr);
    cairo_set_source_rgb (cr, 0.8, 0.1, 0.15);
    cairo_rectangle (cr, BAND_MM / 2 - 3, top, 6, 24);
    cairo_rectangle (cr, 7, top + 9, BAND_MM - 14, 6);
    cairo_fill (cr);
  }
  cairo_set_source_rgb (cr, 0.95, 0.95, 0.95);
  draw_text (cr, outlines, band == BOLO_DRIVE_BAND_GB ? "GB" : "UK", 9.5, height_mm * 0.65, 0.23,
             12);
}

static void
draw_screws (
  cairo_t *cr, const BoloDrivePlateStyle *style, GRand *random, double width_mm, double height_mm)
{
  double y = style->is_two_line ? height_mm / 2 : height_mm * 0.5;
  double inset = style->is_two_line ? 12 : 9;
  if (!style->is_two_line && bolo_drive_random_chance (random, 0.5)) {
    y = height_mm * 0.12;
    inset = width_mm * 0.27;
  }
  for (guint i = 0; i < 2; i++) {
    double x = i == 0 ? inset : width_mm - inset;
    double grey = bolo_drive_random_between (random, 0.35, 0.8);
    if (style->is_rear && !style->is_old)
      cairo_set_source_rgb (cr, 0.75, 0.62, 0.1);
    else
      cairo_set_source_rgb (cr, grey, grey, grey);
    cairo_arc (cr, x, y, 5, 0, 2 * G_PI);
    cairo_fill (cr);
  }
}

static void
draw_mark (cairo_t *cr,
           const BoloDrivePlateStyle *style,
           BoloOutlines *outlines,
           double width_mm,
           double height_mm)
{
  const BoloOutlineSizes *sizes = bolo_outlines_get_sizes (outlines);
  const char *display = style->mark.display;

  if (!style->is_two_line) {
    double left = style->band == BOLO_DRIVE_BAND_NONE ? 0 : BAND_MM;
    double text_mm = bolo_outlines_get_width_mm (outlines, display);
    double scale = MIN (1, (width_mm - left - 2 * sizes->margin) / text_mm);
    double y = (height_mm - sizes->height * scale) / 2 - (style->has_maker ? 2 : 0);
    draw_text (cr, outlines, display, left + (width_mm - left - text_mm * scale) / 2, y, scale,
               sizes->stroke);
    return;
  }
  const char *space = strchr (display, ' ');
  g_autofree char *first =
    g_strndup (display, space != NULL ? (gsize) (space - display) : strlen (display));
  const char *second = space != NULL ? space + 1 : "";
  double line_mm = sizes->height + sizes->line_gap;
  double top = (height_mm - 2 * sizes->height - sizes->line_gap) / 2;
  double first_mm = bolo_outlines_get_width_mm (outlines, first);
  double second_mm = bolo_outlines_get_width_mm (outlines, second);
  draw_text (cr, outlines, first, (width_mm - first_mm) / 2, top, 1, sizes->stroke);
  draw_text (cr, outlines, second, (width_mm - second_mm) / 2, top + line_mm, 1, sizes->stroke);
}

static void
draw_dirt (
  cairo_t *cr, const BoloDrivePlateStyle *style, GRand *random, double width_mm, double height_mm)
{
  cairo_pattern_t *film = cairo_pattern_create_linear (0, 0, 0, height_mm);
  cairo_pattern_add_color_stop_rgba (film, 0, 0.35, 0.31, 0.26, 0.10 * style->dirt);
  cairo_pattern_add_color_stop_rgba (film, 1, 0.30, 0.26, 0.20, 0.45 * style->dirt);
  cairo_set_source (cr, film);
  cairo_paint (cr);
  cairo_pattern_destroy (film);
  for (guint i = 0; i < (guint) (60 * style->dirt); i++) {
    cairo_set_source_rgba (cr, 0.28, 0.24, 0.19, bolo_drive_random_between (random, 0.1, 0.4));
    cairo_arc (cr, bolo_drive_random_between (random, 0, width_mm),
               bolo_drive_random_between (random, 0, height_mm),
               bolo_drive_random_between (random, 0.6, 3.5), 0, 2 * G_PI);
    cairo_fill (cr);
  }
}

static void
draw_plate (cairo_t *cr,
            const BoloDrivePlateStyle *style,
            BoloOutlines *outlines,
            double width_mm,
            double height_mm)
{
  g_autoptr (GRand) random = bolo_drive_random_new (style->seed, BOLO_DRIVE_STREAM_PLATE, 0);

  if (style->is_old)
    cairo_set_source_rgb (cr, 0.05, 0.05, 0.05);
  else if (style->is_rear)
    cairo_set_source_rgb (cr, 0.97, 0.77, 0.06);
  else
    cairo_set_source_rgb (cr, 0.94, 0.94, 0.93);
  cairo_paint (cr);
  if (style->band != BOLO_DRIVE_BAND_NONE)
    draw_band (cr, outlines, style->band, height_mm);
  if (style->is_old)
    cairo_set_source_rgb (cr, 0.78, 0.79, 0.80);
  else
    cairo_set_source_rgb (cr, 0.05, 0.05, 0.06);
  if (style->has_border) {
    cairo_set_line_width (cr, 2);
    cairo_rectangle (cr, 2.5, 2.5, width_mm - 5, height_mm - 5);
    cairo_stroke (cr);
  }
  draw_mark (cr, style, outlines, width_mm, height_mm);
  if (style->has_maker) {
    const char *maker = makers[g_rand_int_range (random, 0, G_N_ELEMENTS (makers))];
    double maker_mm = bolo_outlines_get_width_mm (outlines, maker) * 0.055;
    draw_text (cr, outlines, maker, (width_mm - maker_mm) / 2, height_mm - 10, 0.055, 11);
  }
  if (style->has_screws)
    draw_screws (cr, style, random, width_mm, height_mm);
  draw_dirt (cr, style, random, width_mm, height_mm);
}

/* Each pixel of the next level is the mean of four. */
static void
make_levels (BoloDrivePlate *self)
{
  for (guint level = 1; level < BOLO_DRIVE_PLATE_LEVELS; level++) {
    int width = self->widths[level] = MAX (self->widths[level - 1] / 2, 1);
    int height = self->heights[level] = MAX (self->heights[level - 1] / 2, 1);
    int above = self->widths[level - 1];
    const guint8 *from = self->levels[level - 1];
    guint8 *to = self->levels[level] = g_malloc ((gsize) width * height * 4);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width * 4; x++) {
        const guint8 *at = from + ((gsize) 2 * y * above + 2 * (x / 4)) * 4 + x % 4;
        to[(gsize) y * width * 4 + x] =
          (guint8) ((at[0] + at[4] + at[above * 4] + at[above * 4 + 4] + 2) / 4);
      }
    }
  }
}

BoloDrivePlate *
bolo_drive_plate_new (const BoloDrivePlateStyle *style, BoloOutlines *outlines)
{
  g_return_val_if_fail (style != NULL && outlines != NULL, NULL);
  BoloDrivePlate *self = g_new0 (BoloDrivePlate, 1);

  bolo_drive_plate_get_size (style, &self->width_mm, &self->height_mm);
  self->is_reflecting = !style->is_old;
  self->widths[0] = (int) (self->width_mm * PIXELS_A_MM) & ~1;
  self->heights[0] = (int) (self->height_mm * PIXELS_A_MM) & ~1;
  gsize stride = (gsize) self->widths[0] * 4;
  self->levels[0] = g_malloc0 (stride * self->heights[0]);
  cairo_surface_t *surface = cairo_image_surface_create_for_data (
    self->levels[0], CAIRO_FORMAT_RGB24, self->widths[0], self->heights[0], (int) stride);
  cairo_t *cr = cairo_create (surface);
  cairo_scale (cr, PIXELS_A_MM, PIXELS_A_MM);
  draw_plate (cr, style, outlines, self->width_mm, self->height_mm);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  cairo_surface_destroy (surface);
  make_levels (self);
  return self;
}

void
bolo_drive_plate_free (BoloDrivePlate *self)
{
  if (self == NULL)
    return;
  for (guint level = 0; level < BOLO_DRIVE_PLATE_LEVELS; level++)
    g_free (self->levels[level]);
  g_free (self);
}
