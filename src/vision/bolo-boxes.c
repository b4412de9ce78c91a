/* bolo-boxes.c: peaks of the heat map become boxes with corners, each plate once
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-boxes.h"

#include <math.h>

#define MAX_PEAKS 512 /* of one picture; the weakest are left out beyond */
#define MIN_SIDE 2.0f /* pixels of the net's input */

typedef struct {
  float logit;
  int x;
  int y;
} Peak;

static int
compare_peaks (gconstpointer a, gconstpointer b)
{
  const Peak *first = a;
  const Peak *second = b;

  if (first->logit != second->logit)
    return first->logit > second->logit ? -1 : 1;
  return first->y != second->y ? first->y - second->y : first->x - second->x;
}

static gboolean
is_peak (const float *heat, int width, int height, int x, int y)
{
  float value = heat[y * width + x];

  for (int dy = -1; dy <= 1; dy++)
    for (int dx = -1; dx <= 1; dx++) {
      int nx = x + dx;
      int ny = y + dy;
      float other;

      if ((dx == 0 && dy == 0) || nx < 0 || ny < 0 || nx >= width || ny >= height)
        continue;
      other = heat[ny * width + nx];
      /* of two equal neighbours the first one is the peak */
      if (other > value || (other == value && (dy < 0 || (dy == 0 && dx < 0))))
        return FALSE;
    }
  return TRUE;
}

static void
fill_box (BoloCvBox *box,
          const float *maps,
          int width,
          int height,
          const Peak *peak,
          const BoloBoxesRule *rule)
{
  gsize plane = (gsize) width * (gsize) height;
  const float *at = maps + (gsize) peak->y * (gsize) width + (gsize) peak->x;
  float x = (float) (peak->x * rule->stride) + (float) rule->stride / 2;
  float y = (float) (peak->y * rule->stride) + (float) rule->stride / 2;

  box->score = 1.0f / (1.0f + expf (-peak->logit));
  box->left = x - rule->unit * at[plane];
  box->top = y - rule->unit * at[2 * plane];
  box->right = x + rule->unit * at[3 * plane];
  box->bottom = y + rule->unit * at[4 * plane];
  for (gsize corner = 0; corner < 4; corner++) {
    box->corners[corner][0] = x + rule->unit * at[(5 + 2 * corner) * plane];
    box->corners[corner][1] = y + rule->unit * at[(6 + 2 * corner) * plane];
  }
}

/* A quad that is folded or far from its box is no plate; numbers that are none neither. */
static gboolean
is_sound (const BoloCvBox *box)
{
  float area = 0;

  if (!(box->right - box->left >= MIN_SIDE && box->bottom - box->top >= MIN_SIDE))
    return FALSE;
  for (int i = 0; i < 4; i++) {
    const float *a = box->corners[i];
    const float *b = box->corners[(i + 1) % 4];

    area += a[0] * b[1] - b[0] * a[1];
  }
  return area > 0 && isfinite (area);
}

float
bolo_box_get_iou (const BoloCvBox *a, const BoloCvBox *b)
{
  float width = MIN (a->right, b->right) - MAX (a->left, b->left);
  float height = MIN (a->bottom, b->bottom) - MAX (a->top, b->top);
  float both;

  if (width <= 0 || height <= 0)
    return 0;
  both = width * height;
  return both / ((a->right - a->left) * (a->bottom - a->top) +
                 (b->right - b->left) * (b->bottom - b->top) - both);
}

gboolean
bolo_box_holds_centre (const BoloCvBox *box, const BoloCvBox *other)
{
  float x = (other->left + other->right) / 2;
  float y = (other->top + other->bottom) / 2;

  return x >= box->left && x <= box->right && y >= box->top && y <= box->bottom;
}

void
bolo_box_move (BoloCvBox *box, float dx, float dy)
{
  box->left += dx;
  box->right += dx;
  box->top += dy;
  box->bottom += dy;
  for (int i = 0; i < 4; i++) {
    box->corners[i][0] += dx;
    box->corners[i][1] += dy;
  }
}

void
bolo_box_get_quad_size (const BoloCvBox *box, float *width, float *height)
{
  const float (*c)[2] = box->corners;

  *width = (hypotf (c[1][0] - c[0][0], c[1][1] - c[0][1]) +
            hypotf (c[2][0] - c[3][0], c[2][1] - c[3][1])) /
           2;
  *height = (hypotf (c[3][0] - c[0][0], c[3][1] - c[0][1]) +
             hypotf (c[2][0] - c[1][0], c[2][1] - c[1][1])) /
            2;
}

static gboolean
is_covered (const BoloCvBox *boxes, guint n, const BoloCvBox *box, float nms_iou)
{
  for (guint i = 0; i < n; i++)
    if (bolo_box_get_iou (&boxes[i], box) > nms_iou || bolo_box_holds_centre (&boxes[i], box))
      return TRUE;
  return FALSE;
}

guint
bolo_boxes_decode (
  const float *maps, int width, int height, const BoloBoxesRule *rule, BoloCvBox *boxes, guint max)
{
  g_autoptr (GArray) peaks = NULL;
  float least;
  guint n = 0;

  g_return_val_if_fail (maps != NULL && rule != NULL && boxes != NULL, 0);
  g_return_val_if_fail (width > 0 && height > 0, 0);

  peaks = g_array_sized_new (FALSE, FALSE, sizeof (Peak), 64);
  least = logf (rule->threshold / MAX (1.0f - rule->threshold, 1e-6f));
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      Peak peak = {maps[y * width + x], x, y};

      if (peak.logit >= least && is_peak (maps, width, height, x, y))
        g_array_append_val (peaks, peak);
    }
  g_array_sort (peaks, compare_peaks);
  for (guint i = 0; i < MIN (peaks->len, MAX_PEAKS) && n < max; i++) {
    BoloCvBox box;

    fill_box (&box, maps, width, height, &g_array_index (peaks, Peak, i), rule);
    if (is_sound (&box) && !is_covered (boxes, n, &box, rule->nms_iou))
      boxes[n++] = box;
  }
  return n;
}
