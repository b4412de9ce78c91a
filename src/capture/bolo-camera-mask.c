/* bolo-camera-mask.c: paints regions of a frame black before anyone sees it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera-mask.h"

#include <math.h>
#include <string.h>

#define BLACK_LUMA 16
#define NO_CHROMA 128

/* Sorted x where the polygon's edges cross the line @y. */
static guint
find_crossings (const GArray *polygon, double y, double *crossings, guint maximum)
{
  guint n = 0;

  for (guint i = 0; i < polygon->len && n < maximum; i++) {
    const BoloCameraPoint *a = &g_array_index (polygon, BoloCameraPoint, i);
    const BoloCameraPoint *b = &g_array_index (polygon, BoloCameraPoint, (i + 1) % polygon->len);
    double x;
    guint at = n;

    if ((a->y <= y) == (b->y <= y))
      continue;
    x = a->x + (y - a->y) / (b->y - a->y) * (b->x - a->x);
    for (; at > 0 && crossings[at - 1] > x; at--)
      crossings[at] = crossings[at - 1];
    crossings[at] = x;
    n++;
  }
  return n;
}

/* Paints the samples from @first to @last (inclusive, luma) of the row @y, and their chroma. */
static void
paint_span (const BoloCameraCanvas *canvas, int y, int first, int last)
{
  gsize row = y / 2;

  first = MAX (first, 0);
  last = MIN (last, canvas->width - 1);
  if (first > last)
    return;
  memset (canvas->planes[0] + (gsize) y * canvas->strides[0] + first, BLACK_LUMA, last - first + 1);
  if (canvas->format == BOLO_FRAME_FORMAT_I420) {
    for (int plane = 1; plane < 3; plane++)
      memset (canvas->planes[plane] + row * canvas->strides[plane] + first / 2, NO_CHROMA,
              last / 2 - first / 2 + 1);
  } else if (canvas->format == BOLO_FRAME_FORMAT_NV12) {
    memset (canvas->planes[1] + row * canvas->strides[1] + (first / 2) * 2, NO_CHROMA,
            (last / 2 - first / 2 + 1) * 2);
  }
}

static void
paint_polygon (const BoloCameraCanvas *canvas, const GArray *polygon, int offset_x, int offset_y)
{
  double crossings[64];

  for (int y = 0; y < canvas->height; y++) {
    guint n = find_crossings (polygon, y + offset_y + 0.5, crossings, G_N_ELEMENTS (crossings));

    for (guint i = 0; i + 1 < n; i += 2)
      paint_span (canvas, y, (int) floor (crossings[i]) - offset_x,
                  (int) ceil (crossings[i + 1]) - offset_x);
  }
}

void
bolo_camera_mask_paint (const BoloCameraCanvas *canvas,
                        GPtrArray *masks,
                        int offset_x,
                        int offset_y)
{
  g_return_if_fail (canvas != NULL);
  g_return_if_fail (masks != NULL);

  for (guint i = 0; i < masks->len; i++)
    paint_polygon (canvas, g_ptr_array_index (masks, i), offset_x, offset_y);
}
