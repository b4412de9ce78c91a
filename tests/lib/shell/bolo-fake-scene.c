/* bolo-fake-scene.c: made-up pictures of a car and its plate, for tests
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-fake-scene.h"

#include <cairo.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

static void
draw_plate (cairo_t *cr, double x, double y, double width, const char *mark)
{
  double height = width * 111 / 520;
  cairo_text_extents_t extents;

  cairo_set_source_rgb (cr, 0.93, 0.79, 0.16);
  cairo_rectangle (cr, x, y, width, height);
  cairo_fill (cr);
  cairo_select_font_face (cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size (cr, height * 0.9);
  cairo_text_extents (cr, mark, &extents);
  cairo_save (cr);
  cairo_translate (cr, x + width / 2, y + height / 2);
  cairo_scale (cr, MIN (1.0, width * 0.9 / MAX (extents.width, 1)), 1);
  cairo_move_to (cr, -extents.width / 2 - extents.x_bearing,
                 -extents.height / 2 - extents.y_bearing);
  cairo_set_source_rgb (cr, 0.07, 0.07, 0.07);
  cairo_show_text (cr, mark);
  cairo_restore (cr);
}

static void
draw_street (cairo_t *cr, double width, double height)
{
  cairo_pattern_t *sky = cairo_pattern_create_linear (0, 0, 0, height * 0.5);

  cairo_pattern_add_color_stop_rgb (sky, 0, 0.35, 0.45, 0.58);
  cairo_pattern_add_color_stop_rgb (sky, 1, 0.72, 0.74, 0.74);
  cairo_set_source (cr, sky);
  cairo_rectangle (cr, 0, 0, width, height * 0.5);
  cairo_fill (cr);
  cairo_pattern_destroy (sky);
  cairo_set_source_rgb (cr, 0.27, 0.33, 0.24);
  cairo_rectangle (cr, 0, height * 0.42, width, height * 0.58);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0.26, 0.27, 0.29);
  cairo_move_to (cr, width * 0.46, height * 0.45);
  cairo_line_to (cr, width * 0.54, height * 0.45);
  cairo_line_to (cr, width * 1.1, height);
  cairo_line_to (cr, -width * 0.1, height);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
draw_car (cairo_t *cr, double x, double y, double width)
{
  double height = width * 0.72;

  cairo_set_source_rgb (cr, 0.13, 0.2, 0.36);
  cairo_rectangle (cr, x, y + height * 0.35, width, height * 0.5);
  cairo_fill (cr);
  cairo_move_to (cr, x + width * 0.12, y + height * 0.37);
  cairo_line_to (cr, x + width * 0.22, y);
  cairo_line_to (cr, x + width * 0.78, y);
  cairo_line_to (cr, x + width * 0.88, y + height * 0.37);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0.55, 0.63, 0.7);
  cairo_move_to (cr, x + width * 0.2, y + height * 0.34);
  cairo_line_to (cr, x + width * 0.27, y + height * 0.06);
  cairo_line_to (cr, x + width * 0.73, y + height * 0.06);
  cairo_line_to (cr, x + width * 0.8, y + height * 0.34);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0.75, 0.1, 0.1);
  cairo_rectangle (cr, x + width * 0.03, y + height * 0.42, width * 0.14, height * 0.12);
  cairo_rectangle (cr, x + width * 0.83, y + height * 0.42, width * 0.14, height * 0.12);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0.05, 0.05, 0.05);
  cairo_rectangle (cr, x + width * 0.06, y + height * 0.85, width * 0.16, height * 0.15);
  cairo_rectangle (cr, x + width * 0.78, y + height * 0.85, width * 0.16, height * 0.15);
  cairo_fill (cr);
}

static void
draw_scene (cairo_t *cr, int width, int height, const char *mark, double phase, float corners[4][2])
{
  double car = width * (0.16 + 0.3 * phase);
  double x = width * 0.5 - car / 2 + width * 0.06 * phase;
  double y = height * 0.44 + height * 0.02 * phase - car * 0.1;
  double plate = car * 0.42;
  double plate_x = x + (car - plate) / 2, plate_y = y + car * 0.72 * 0.56;

  draw_street (cr, width, height);
  draw_car (cr, x, y, car);
  draw_plate (cr, plate_x, plate_y, plate, mark);
  for (int i = 0; i < 4; i++) {
    corners[i][0] = (float) (plate_x + (i == 1 || i == 2 ? plate : 0));
    corners[i][1] = (float) (plate_y + (i >= 2 ? plate * 111 / 520 : 0));
  }
}

BoloFrame *
bolo_fake_scene_draw (
  int width, int height, const char *mark, double phase, gint64 captured_us, float corners[4][2])
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);
  g_autofree guint8 *rgb = g_malloc ((gsize) width * (gsize) height * 3);
  BoloFrame description = {.format = BOLO_FRAME_FORMAT_RGB,
                           .width = width,
                           .height = height,
                           .planes = {rgb},
                           .strides = {width * 3},
                           .captured_us = captured_us,
                           .media_ms = -1};

  draw_scene (cr, width, height, mark, phase, corners);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  for (int y = 0; y < height; y++) {
    const guint32 *from =
      (const guint32 *) (gconstpointer) (cairo_image_surface_get_data (surface) +
                                         y * cairo_image_surface_get_stride (surface));

    for (int x = 0; x < width; x++) {
      rgb[(y * width + x) * 3] = (guint8) (from[x] >> 16);
      rgb[(y * width + x) * 3 + 1] = (guint8) (from[x] >> 8);
      rgb[(y * width + x) * 3 + 2] = (guint8) from[x];
    }
  }
  cairo_surface_destroy (surface);
  return bolo_frame_new_copy (&description);
}

GBytes *
bolo_fake_scene_encode (int width, int height, const char *mark, gboolean is_patch)
{
  float corners[4][2];
  g_autoptr (BoloFrame) frame = bolo_fake_scene_draw (
    is_patch ? width * 4 : width, is_patch ? height * 8 : height, mark, 1, 0, corners);
  g_autoptr (GdkPixbuf) picture =
    gdk_pixbuf_new_from_data (frame->planes[0], GDK_COLORSPACE_RGB, FALSE, 8, frame->width,
                              frame->height, frame->strides[0], NULL, NULL);
  g_autoptr (GdkPixbuf) part = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = 0;
  char *bytes = NULL;

  if (is_patch) {
    int x = (int) corners[0][0] - 4, y = (int) corners[0][1] - 4;

    part = gdk_pixbuf_new_subpixbuf (picture, x, y, (int) corners[2][0] + 4 - x,
                                     (int) corners[2][1] + 4 - y);
  } else {
    part = g_object_ref (picture);
  }
  gdk_pixbuf_save_to_buffer (part, &bytes, &size, "jpeg", &error, "quality", "85", NULL);
  g_assert_no_error (error);
  return g_bytes_new_take (bytes, size);
}
