/* bolo-scan.c: looks over a whole picture coarsely, and finely only where there is a hint of a
 * plate SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-scan.h"

#include <math.h>

#include "bolo-boxes.h"

/* Longest sides of the looks. Plates of 20 to 500 pixels of a look are found, hints of them at half
 * of that; a finer look at the hint's place then finds the plate, or nothing. */
#define COARSE_SIDE 640
#define NEAR_SIDE 320
#define LARGE_SIDE 1600 /* longer pictures have a look of their own between coarse and fine */
#define MIDDLE_SIDE 1280
#define MAX_GROWTH 2.0 /* of a small picture: more shows nothing new */

#define THRESHOLD 0.3f  /* every candidate is read: the reader is the second stage */
#define HINT 0.05f      /* weaker ones are not worth a finer look */
#define STRONG 0.5f     /* surely a plate */
#define NEAR_SHARE 0.2f /* of the picture's width: perhaps a part of something nearer */
#define SMALL_SIDE 1000 /* a plate may well fill a picture no larger than this */

/* Fine looks: a window of the look's pixels in which a plate as wide as the hint has FINE_PLATE of
 * them. A plate that was large enough in the look that hinted at it needs none; one that has
 * LEAST_PLATE in another's window was looked at with it. */
#define LEAST_PLATE 32.0f
#define SMALL_PLATE 56.0f
#define FINE_PLATE 80.0
#define FINE_WIDTH 192
#define FINE_HEIGHT 96
#define MAX_FINE 8
#define MAX_FINE_LARGE 32 /* of a very large picture */
#define FINER 1.4         /* at least: else the hint's own look is as good */

/* A fainter hint of a plate that is large enough: what stands close by hides it, or it is seen from
 * the side. It is looked at straight. */
#define STRAIGHT_HINT 0.1f
#define MAX_STRAIGHT 6

/* A faint hint as long as plates are, and too long to be looked at as one: perhaps the plate is its
 * middle, the rest lamps at its ends. It is looked at nearer, in a window in which it is this wide.
 */
#define LONG 3.5f /* times as wide as high */
#define NEARER_PLATE 256.0
#define NEARER_WIDTH 320
#define NEARER_HEIGHT 160
#define MAX_NEARER 4

#define MAX_BOXES 32  /* of one look */
#define SAME_IOU 0.6f /* two looks' boxes of one plate: the finer look's is read */

typedef struct {
  BoloCvBox box;
  double scale; /* of the look that found it: its pixels to one of the picture */
} Candidate;

typedef struct {
  BoloCv *cv;
  const BoloCvImage *image;
  GArray *candidates; /* (owned) of Candidate */
} Scan;

static void
clear_scan (Scan *scan)
{
  g_array_unref (scan->candidates);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scan, clear_scan)

static int
round_up_32 (double value)
{
  return MAX (((int) ceil (value) + 31) / 32 * 32, 32);
}

/* Looks at the part of the picture from @x, @y. */
static gboolean
look (Scan *scan, int x, int y, int width, int height, double scale, float least, GError **error)
{
  const BoloCvImage *image = scan->image;
  BoloCvImage part = {image->data + (gsize) y * (gsize) image->stride + x, width, height,
                      image->stride};
  BoloCvBox boxes[MAX_BOXES];
  guint n = 0;

  if (!bolo_cv_detect (scan->cv, &part, round_up_32 (width * scale), round_up_32 (height * scale),
                       least, boxes, MAX_BOXES, &n, error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    Candidate candidate = {boxes[i], scale};

    bolo_box_move (&candidate.box, (float) x, (float) y);
    g_array_append_val (scan->candidates, candidate);
  }
  return TRUE;
}

static int
get_longest (const BoloCvImage *image)
{
  return MAX (image->width, image->height);
}

static gboolean
look_whole (Scan *scan, int side, float least, GError **error)
{
  const BoloCvImage *image = scan->image;
  double scale = MIN ((double) side / get_longest (image), MAX_GROWTH);

  return look (scan, 0, 0, image->width, image->height, scale, least, error);
}

static float
get_width (const BoloCvBox *box)
{
  return box->right - box->left;
}

/* Something very near may have been missed, or found in parts. */
static gboolean
wants_near_look (const Scan *scan)
{
  gboolean has_plate = FALSE;

  if (get_longest (scan->image) <= SMALL_SIDE)
    return TRUE;
  for (guint i = 0; i < scan->candidates->len; i++) {
    const BoloCvBox *box = &g_array_index (scan->candidates, Candidate, i).box;

    has_plate |= box->score >= STRONG;
    if (box->score >= THRESHOLD && get_width (box) > NEAR_SHARE * (float) scan->image->width)
      return TRUE;
  }
  return !has_plate;
}

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *first = a;
  const Candidate *second = b;

  if (first->box.score != second->box.score)
    return first->box.score > second->box.score ? -1 : 1;
  if (first->box.top != second->box.top)
    return first->box.top < second->box.top ? -1 : 1;
  return first->box.left < second->box.left ? -1 : first->box.left > second->box.left;
}

/* Was the place of @hint looked at already, together with another? */
static gboolean
is_settled (const Scan *scan, guint n_hints, const Candidate *hint, const GArray *windows)
{
  for (guint i = n_hints; i < scan->candidates->len; i++)
    if (bolo_box_holds_centre (&g_array_index (scan->candidates, Candidate, i).box, &hint->box))
      return TRUE;
  for (guint i = 0; i < windows->len; i++) {
    const Candidate *window = &g_array_index (windows, Candidate, i);
    float margin = get_width (&hint->box) / 4;

    if (get_width (&hint->box) * (float) window->scale >= LEAST_PLATE &&
        hint->box.left - margin >= window->box.left &&
        hint->box.right + margin <= window->box.right && hint->box.top >= window->box.top &&
        hint->box.bottom <= window->box.bottom)
      return TRUE;
  }
  return FALSE;
}

/* Looks at a window of so many pixels of the look, its middle where the hint's is. */
static gboolean
look_at (Scan *scan,
         const BoloCvBox *hint,
         double scale,
         int look_width,
         int look_height,
         BoloCvBox *window,
         GError **error)
{
  const BoloCvImage *image = scan->image;
  int width = MIN ((int) (look_width / scale), image->width);
  int height = MIN ((int) (look_height / scale), image->height);
  int x = (int) ((hint->left + hint->right) / 2) - width / 2;
  int y = (int) ((hint->top + hint->bottom) / 2) - height / 2;

  x = CLAMP (x, 0, image->width - width);
  y = CLAMP (y, 0, image->height - height);
  window->left = (float) x;
  window->top = (float) y;
  window->right = (float) (x + width);
  window->bottom = (float) (y + height);
  return look (scan, x, y, width, height, scale, THRESHOLD, error);
}

static gboolean
look_finely (Scan *scan, const Candidate *hint, double scale, GArray *windows, GError **error)
{
  Candidate window = {.scale = scale};
  gboolean is_done = look_at (scan, &hint->box, scale, FINE_WIDTH, FINE_HEIGHT, &window.box, error);

  g_array_append_val (windows, window);
  return is_done;
}

static gboolean
is_found (const Scan *scan, const BoloCvBox *hint)
{
  for (guint i = 0; i < scan->candidates->len; i++) {
    const BoloCvBox *box = &g_array_index (scan->candidates, Candidate, i).box;

    if (box->score >= THRESHOLD &&
        (bolo_box_holds_centre (box, hint) || bolo_box_holds_centre (hint, box)))
      return TRUE;
  }
  return FALSE;
}

/* What is left of the hints, the strongest first. */
static gboolean
look_straight_at_hints (Scan *scan, guint n_hints, GError **error)
{
  guint n_looks = 0;

  for (guint i = 0; i < n_hints && n_looks < MAX_STRAIGHT; i++) {
    BoloCvBox hint = g_array_index (scan->candidates, Candidate, i).box;
    Candidate candidate = {0};
    gboolean is_plate;

    if (hint.score >= THRESHOLD || hint.score < STRAIGHT_HINT || is_found (scan, &hint))
      continue;
    n_looks++;
    if (!bolo_cv_look_straight (scan->cv, scan->image, &hint, THRESHOLD, &candidate.box, &is_plate,
                                error))
      return FALSE;
    /* the faint first look stays half of what is known */
    candidate.box.score = MAX ((candidate.box.score + hint.score) / 2, THRESHOLD);
    candidate.scale = FINE_PLATE / (double) MAX (get_width (&hint), 1.0f);
    if (is_plate)
      g_array_append_val (scan->candidates, candidate);
  }
  return TRUE;
}

/* And at the long ones among what is left of those, or too faint for that. */
static gboolean
look_nearer_at_hints (Scan *scan, guint n_hints, GError **error)
{
  guint n_looks = 0;

  for (guint i = 0; i < n_hints && n_looks < MAX_NEARER; i++) {
    Candidate hint = g_array_index (scan->candidates, Candidate, i);
    BoloCvBox window;
    double scale;

    if (hint.box.score >= THRESHOLD || get_width (&hint.box) * (float) hint.scale <= SMALL_PLATE ||
        get_width (&hint.box) < LONG * (hint.box.bottom - hint.box.top) ||
        is_found (scan, &hint.box))
      continue;
    scale = MIN (NEARER_PLATE / (double) get_width (&hint.box), MAX_GROWTH);
    if (scale < FINER * hint.scale)
      continue;
    n_looks++;
    if (!look_at (scan, &hint.box, scale, NEARER_WIDTH, NEARER_HEIGHT, &window, error))
      return FALSE;
  }
  return TRUE;
}

/* The strongest hints first; what the whole looks found large enough needs none. */
static gboolean
look_at_hints (Scan *scan, GError **error)
{
  g_autoptr (GArray) windows = g_array_new (FALSE, FALSE, sizeof (Candidate));
  guint n_hints = scan->candidates->len;
  guint most = get_longest (scan->image) > LARGE_SIDE ? MAX_FINE_LARGE : MAX_FINE;

  g_array_sort (scan->candidates, compare_candidates);
  for (guint i = 0; i < n_hints && windows->len < most; i++) {
    Candidate hint = g_array_index (scan->candidates, Candidate, i);
    double scale = MIN (FINE_PLATE / (double) get_width (&hint.box), 1.0);

    if ((double) get_width (&hint.box) * hint.scale > (double) SMALL_PLATE ||
        scale < FINER * hint.scale || is_settled (scan, n_hints, &hint, windows))
      continue;
    if (!look_finely (scan, &hint, scale, windows, error))
      return FALSE;
  }
  return look_straight_at_hints (scan, n_hints, error) &&
         look_nearer_at_hints (scan, n_hints, error);
}

/* Of one plate's boxes those of the finest look; hints that came to nothing go. */
static void
choose (const Scan *scan, GArray *boxes)
{
  const GArray *all = scan->candidates;

  for (guint i = 0; i < all->len; i++) {
    const Candidate *one = &g_array_index (all, Candidate, i);
    gboolean is_best = one->box.score >= THRESHOLD;

    for (guint j = 0; j < all->len && is_best; j++) {
      const Candidate *other = &g_array_index (all, Candidate, j);

      if (i != j && other->box.score >= THRESHOLD &&
          bolo_box_get_iou (&one->box, &other->box) > SAME_IOU)
        is_best = one->scale > other->scale || (one->scale == other->scale && i < j);
    }
    if (is_best)
      g_array_append_val (boxes, one->box);
  }
}

gboolean
bolo_scan (BoloCv *cv, const BoloCvImage *image, GArray *boxes, GError **error)
{
  g_auto (Scan) scan = {cv, image, g_array_new (FALSE, FALSE, sizeof (Candidate))};

  g_return_val_if_fail (cv != NULL && image != NULL && boxes != NULL, FALSE);

  if (!look_whole (&scan, COARSE_SIDE, HINT, error))
    return FALSE;
  if (wants_near_look (&scan) && !look_whole (&scan, NEAR_SIDE, THRESHOLD, error))
    return FALSE;
  if (get_longest (image) > LARGE_SIDE && !look_whole (&scan, MIDDLE_SIDE, HINT, error))
    return FALSE;
  if (!look_at_hints (&scan, error))
    return FALSE;
  choose (&scan, boxes);
  return TRUE;
}
