/* vision-scene.c: paints cars with legible plates into grey frames
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "vision-scene.h"

#include <math.h>
#include <string.h>

#include "bolo-drive-plate.h"
#include "bolo-drive-warp.h"

struct _VisionScene {
  int width;
  int height;
  BoloOutlines *outlines; /* (owned) */
  guint8 *pixels;         /* (owned) 4 bytes a pixel */
  guint8 *grey;           /* (owned) */
};

static void
set_pixel (VisionScene *self, int x, int y, int value)
{
  guint8 *at;

  if (x < 0 || y < 0 || x >= self->width || y >= self->height)
    return;
  at = self->pixels + 4 * ((gsize) y * (gsize) self->width + (gsize) x);
  at[0] = at[1] = at[2] = (guint8) CLAMP (value, 0, 255);
}

VisionScene *
vision_scene_new (int width, int height)
{
  VisionScene *self = g_new0 (VisionScene, 1);
  g_autofree char *path =
    g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", "outlines-gb.ini", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (5);

  self->width = width;
  self->height = height;
  self->outlines = bolo_outlines_load (path, &error);
  g_assert_no_error (error);
  self->pixels = g_malloc0 (4 * (gsize) width * (gsize) height);
  self->grey = g_malloc0 ((gsize) width * (gsize) height);
  /* sky above, road below, a little grain in both */
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      set_pixel (self, x, y,
                 (y < height / 3 ? 170 - y * 60 / height : 90 + y * 40 / height) +
                   g_rand_int_range (random, -4, 5));
  return self;
}

void
vision_scene_free (VisionScene *self)
{
  if (self == NULL)
    return;
  bolo_outlines_unref (self->outlines);
  g_free (self->pixels);
  g_free (self->grey);
  g_free (self);
}

void
vision_scene_fill (
  VisionScene *self, double left, double top, double right, double bottom, int grey)
{
  for (int y = (int) top; y < (int) bottom; y++)
    for (int x = (int) left; x < (int) right; x++)
      set_pixel (self, x, y, grey + (x * 7 + y * 13) % 5);
}

/* A dark body with a window, lamps and a shadow around where the plate will be. */
static void
paint_body (VisionScene *self, double x, double y, double plate_width)
{
  double unit = plate_width / 52; /* a plate is 52 cm wide */

  vision_scene_fill (self, x - 90 * unit, y - 95 * unit, x + 90 * unit, y + 45 * unit, 60);
  vision_scene_fill (self, x - 70 * unit, y - 85 * unit, x + 70 * unit, y - 45 * unit, 115);
  vision_scene_fill (self, x - 86 * unit, y - 25 * unit, x - 62 * unit, y - 8 * unit, 180);
  vision_scene_fill (self, x + 62 * unit, y - 25 * unit, x + 86 * unit, y - 8 * unit, 180);
  vision_scene_fill (self, x - 92 * unit, y + 45 * unit, x + 92 * unit, y + 55 * unit, 30);
}

/* "AB12CDE" as it is spaced on a plate. */
static void
space (const char *text, char *display, gsize size)
{
  gsize length = strlen (text);
  gsize at = length == 7 ? 4 : 0;

  if (at == 0)
    g_strlcpy (display, text, size);
  else
    g_snprintf (display, size, "%.4s %s", text, text + at);
}

void
vision_scene_add_car (VisionScene *self,
                      const char *text,
                      gboolean is_two_line,
                      double x,
                      double y,
                      double plate_width,
                      double roll_deg)
{
  BoloDrivePlateStyle style = {.is_two_line = is_two_line, .has_border = TRUE, .seed = 3};
  const BoloDrivePlateLight light = {.gain = {0.8f, 0.8f, 0.8f}, .is_grey = TRUE};
  double corners[4][2];
  double cosine = cos (roll_deg * G_PI / 180);
  double sine = sin (roll_deg * G_PI / 180);
  g_autoptr (BoloDrivePlate) plate = NULL;
  double half_width = plate_width / 2;
  double half_height;

  g_strlcpy (style.mark.text, text, sizeof style.mark.text);
  space (text, style.mark.display, sizeof style.mark.display);
  plate = bolo_drive_plate_new (&style, self->outlines);
  half_height = half_width * plate->height_mm / plate->width_mm;
  for (int i = 0; i < 4; i++) {
    double dx = i == 0 || i == 3 ? -half_width : half_width;
    double dy = i < 2 ? -half_height : half_height;

    corners[i][0] = x + dx * cosine - dy * sine;
    corners[i][1] = y + dx * sine + dy * cosine;
  }
  paint_body (self, x, y, is_two_line ? plate_width * 1.8 : plate_width);
  bolo_drive_warp_plate (self->pixels, self->width, self->height, plate, &corners, 1, &light);
}

BoloCvImage
vision_scene_get_image (VisionScene *self)
{
  gsize n = (gsize) self->width * (gsize) self->height;

  for (gsize i = 0; i < n; i++)
    self->grey[i] = self->pixels[4 * i + 1];
  return (BoloCvImage){self->grey, self->width, self->height, self->width};
}

BoloFrame *
vision_scene_make_frame (VisionScene *self, gint64 captured_us, guint64 sequence)
{
  BoloCvImage image = vision_scene_get_image (self);
  gsize n_chroma = (gsize) ((self->width + 1) / 2) * (gsize) ((self->height + 1) / 2);
  g_autofree guint8 *chroma = g_malloc (n_chroma);
  BoloFrame description = {
    .format = BOLO_FRAME_FORMAT_I420,
    .width = self->width,
    .height = self->height,
    .planes = {image.data, chroma, chroma},
    .strides = {image.stride, (self->width + 1) / 2, (self->width + 1) / 2},
    .captured_us = captured_us,
    .media_ms = captured_us / 1000,
    .sequence = sequence,
    .captured_by = BOLO_CAPTURED_BY_RECORDING,
  };

  memset (chroma, 128, n_chroma);
  return bolo_frame_new_copy (&description);
}
