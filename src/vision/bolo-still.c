/* bolo-still.c: a pyramid of looks at one picture, its candidates read, each plate kept once
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-still.h"

#include <math.h>
#include <string.h>

#include "bolo-readings.h"
#include "bolo-voter.h"

/* Longest side of the looks. Plates of 20 to 500 pixels of a look are found, so that these find
 * plates from a sixtieth of the picture to all of it. */
static const int look_sides[] = {320, 640, 1280, 2560, 3840};

#define THRESHOLD 0.3f          /* every candidate is read: the reader is the second stage */
#define MAX_BOXES 32            /* of one look */
#define MAX_LOOK_PIXELS 2500000 /* larger looks are cut into tiles */
#define TILE_WIDTH 1600
#define TILE_HEIGHT 1216
#define TILE_OVERLAP 320 /* of the look: a plate of this width is whole in one tile */
#define LEAST_CONFIDENCE 0.02f

static int
round_up_32 (int value)
{
  return MAX ((value + 31) / 32 * 32, 32);
}

static gboolean
look (BoloCv *cv,
      const BoloCvImage *image,
      const BoloCvImage *part,
      int net_width,
      int net_height,
      GArray *candidates,
      GError **error)
{
  BoloCvBox boxes[MAX_BOXES];
  guint n = 0;
  gsize offset = (gsize) (part->data - image->data);
  float dy = (float) (offset / (gsize) image->stride);
  float dx = (float) (offset % (gsize) image->stride);

  if (!bolo_cv_detect (cv, part, net_width, net_height, THRESHOLD, boxes, MAX_BOXES, &n, error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    boxes[i].left += dx;
    boxes[i].right += dx;
    boxes[i].top += dy;
    boxes[i].bottom += dy;
    for (int c = 0; c < 4; c++) {
      boxes[i].corners[c][0] += dx;
      boxes[i].corners[c][1] += dy;
    }
  }
  g_array_append_vals (candidates, boxes, n);
  return TRUE;
}

/* One look at @scale in overlapping tiles. */
static gboolean
look_in_tiles (
  BoloCv *cv, const BoloCvImage *image, double scale, GArray *candidates, GError **error)
{
  int width = (int) (TILE_WIDTH / scale);
  int height = (int) (TILE_HEIGHT / scale);
  int overlap = (int) (TILE_OVERLAP / scale);

  for (int y = 0; y == 0 || y + overlap < image->height; y += height - overlap)
    for (int x = 0; x == 0 || x + overlap < image->width; x += width - overlap) {
      BoloCvImage part = {image->data + (gsize) y * (gsize) image->stride + x,
                          MIN (width, image->width - x), MIN (height, image->height - y),
                          image->stride};

      if (!look (cv, image, &part, round_up_32 ((int) (part.width * scale)),
                 round_up_32 ((int) (part.height * scale)), candidates, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_candidates (BoloCv *cv, const BoloCvImage *image, GArray *candidates, GError **error)
{
  int longest = MAX (image->width, image->height);

  for (gsize i = 0; i < G_N_ELEMENTS (look_sides); i++) {
    double scale = (double) look_sides[i] / longest;
    int width;
    int height;

    /* a little larger than it is, at most: growing shows nothing new */
    if (i > 0 && scale > 1.0 && (i > 1 || scale > 2.0) && look_sides[i - 1] >= longest)
      break;
    scale = MIN (scale, 2.0);
    width = (int) lround (image->width * scale);
    height = (int) lround (image->height * scale);
    if ((gint64) width * height > MAX_LOOK_PIXELS) {
      if (!look_in_tiles (cv, image, scale, candidates, error))
        return FALSE;
    } else if (!look (cv, image, image, round_up_32 (width), round_up_32 (height), candidates,
                      error)) {
      return FALSE;
    }
  }
  return TRUE;
}

/* A picture is its own vote: the syntaxes settle what the reading leaves open. */
static void
settle (BoloReading *reading, BoloPlateRules *rules)
{
  g_autoptr (BoloVoter) voter = bolo_voter_new (rules);
  BoloVote vote;

  bolo_voter_add (voter, reading, 1);
  if (rules == NULL || !bolo_voter_decide (voter, &vote))
    return;
  g_strlcpy (reading->text, vote.text, sizeof reading->text);
  memcpy (reading->characters, vote.characters, sizeof reading->characters);
}

gboolean
bolo_still_read (BoloCv *cv,
                 const BoloCvImage *image,
                 BoloPlateRules *rules,
                 BoloStillResult *result,
                 GError **error)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (BoloCvBox));
  g_autoptr (GArray) readings = g_array_new (FALSE, FALSE, sizeof (BoloReading));
  gint64 started = g_get_monotonic_time ();
  gint64 found;

  g_return_val_if_fail (cv != NULL && image != NULL && result != NULL, FALSE);

  memset (result, 0, sizeof *result);
  if (!find_candidates (cv, image, candidates, error))
    return FALSE;
  found = g_get_monotonic_time ();
  for (guint i = 0; i < candidates->len; i++) {
    BoloReading reading;

    if (!bolo_cv_read (cv, image, &g_array_index (candidates, BoloCvBox, i), &reading, error))
      return FALSE;
    if (reading.n_characters > 0 && reading.confidence >= LEAST_CONFIDENCE)
      g_array_append_val (readings, reading);
  }
  g_array_set_size (readings, bolo_readings_drop_repeated (
                                (BoloReading *) (gpointer) readings->data, readings->len));
  for (guint i = 0; i < readings->len; i++)
    settle (&g_array_index (readings, BoloReading, i), rules);
  result->readings = g_steal_pointer (&readings);
  result->detect_ms = (double) (found - started) / 1000.0;
  result->read_ms = (double) (g_get_monotonic_time () - found) / 1000.0;
  return TRUE;
}

gboolean
bolo_still_read_crop (BoloCv *cv,
                      const BoloCvImage *image,
                      BoloPlateRules *rules,
                      BoloStillResult *result,
                      GError **error)
{
  /* the whole picture, less the margins that reading adds again */
  float dx = (float) image->width * 0.03f;
  float dy = (float) image->height * 0.05f;
  float right = (float) image->width - dx;
  float bottom = (float) image->height - dy;
  BoloCvBox box = {.left = dx,
                   .top = dy,
                   .right = right,
                   .bottom = bottom,
                   .corners = {{dx, dy}, {right, dy}, {right, bottom}, {dx, bottom}},
                   .score = 1};
  gint64 started = g_get_monotonic_time ();
  BoloReading reading;

  g_return_val_if_fail (cv != NULL && result != NULL, FALSE);

  memset (result, 0, sizeof *result);
  if (!bolo_cv_read (cv, image, &box, &reading, error))
    return FALSE;
  result->readings = g_array_new (FALSE, FALSE, sizeof (BoloReading));
  if (reading.n_characters > 0) {
    settle (&reading, rules);
    g_array_append_val (result->readings, reading);
  }
  result->read_ms = (double) (g_get_monotonic_time () - started) / 1000.0;
  return TRUE;
}

void
bolo_still_result_clear (BoloStillResult *result)
{
  g_return_if_fail (result != NULL);

  g_clear_pointer (&result->readings, g_array_unref);
}
