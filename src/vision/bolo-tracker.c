/* bolo-tracker.c: follows plates from frame to frame by place, size and text
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-tracker.h"

#include <math.h>
#include <string.h>

#define MAX_TEXTS 6 /* different texts that a track remembers */
#define SHORTEST 2  /* characters of a text: 8 N is a mark */
#define PART 3      /* of a text that may be a part of another */
#define TELLING 4   /* of one that tells a vehicle wherever it turns up */

/* A reading of this confidence says what it says; below, it says "something like it". */
#define CONFIDENT 0.5f
/* Texts of one plate, read well, differ by less. */
#define DIFFERENT_EDITS 3

/* Gates, in plate widths from the predicted place. */
#define GATE_SAME_TEXT 30.0 /* anywhere: 50 m/s oncoming moves by many widths a frame */
#define GATE_LIKE_TEXT 4.0
#define GATE_KNOWN_MOTION 1.2
#define GATE_UNKNOWN_MOTION 2.0
/* Logarithm of the change in size. */
#define GATE_SIZE 0.55
#define GATE_SIZE_SAME_TEXT 1.5
/* By place alone only this long after the last look. */
#define PLACE_KEEP_US (7 * G_USEC_PER_SEC / 10)

typedef struct {
  char text[BOLO_MARK_MAX + 1];
  float weight; /* sum of confidences */
  float best;   /* highest confidence */
} Text;

typedef struct {
  guint64 number;
  gint64 last_us;
  double x;
  double y;
  double width;
  double speed_x; /* pixels a microsecond */
  double speed_y;
  double growth; /* logarithm of the width, a microsecond */
  guint n_looks;
  guint n_texts;
  Text texts[MAX_TEXTS]; /* heaviest first */
} Track;

typedef struct {
  double cost;
  guint track;
  guint reading;
} Pair;

struct _BoloTracker {
  GArray *tracks; /* (owned) of Track, oldest first */
  guint64 n_made;
};

static char
fold (char c)
{
  if (c == 'O' || c == 'Q')
    return '0';
  return c == 'I' ? '1' : c;
}

guint
bolo_text_get_distance (const char *a, const char *b)
{
  guint row[BOLO_MARK_MAX + 1];
  gsize length_a;
  gsize length_b;

  g_return_val_if_fail (a != NULL && b != NULL, 0);

  length_a = MIN (strlen (a), BOLO_MARK_MAX);
  length_b = MIN (strlen (b), BOLO_MARK_MAX);
  for (gsize j = 0; j <= length_b; j++)
    row[j] = (guint) j;
  for (gsize i = 1; i <= length_a; i++) {
    guint diagonal = row[0];

    row[0] = (guint) i;
    for (gsize j = 1; j <= length_b; j++) {
      guint replaced = diagonal + (fold (a[i - 1]) != fold (b[j - 1]));

      diagonal = row[j];
      row[j] = MIN (replaced, MIN (row[j], row[j - 1]) + 1);
    }
  }
  return row[length_b];
}

BoloTracker *
bolo_tracker_new (void)
{
  BoloTracker *self = g_new0 (BoloTracker, 1);

  self->tracks = g_array_new (FALSE, FALSE, sizeof (Track));
  return self;
}

void
bolo_tracker_free (BoloTracker *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->tracks);
  g_free (self);
}

guint
bolo_tracker_get_n_tracks (BoloTracker *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->tracks->len;
}

static void
get_place (const BoloReading *reading, double *x, double *y, double *width)
{
  *x = 0;
  *y = 0;
  for (int i = 0; i < 4; i++) {
    *x += reading->corners[i][0] / 4.0;
    *y += reading->corners[i][1] / 4.0;
  }
  *width = MAX (reading->width_px, 4.0f);
}

/* Fewest edits between the reading and what the track has said before, and how sure the track
 * was of it; a text that the track met once, badly, counts less than its leading one. */
static guint
get_text_distance (const Track *track, const BoloReading *reading, float *sure)
{
  guint least = G_MAXUINT;

  *sure = 0;
  for (guint i = 0; i < track->n_texts; i++) {
    const Text *text = &track->texts[i];
    guint distance;

    if (i > 0 && text->weight < 0.3f * track->texts[0].weight)
      continue;
    distance = bolo_text_get_distance (text->text, reading->text);
    /* a plate that enters or leaves the picture is read in part */
    if (distance > 1 &&
        (strstr (text->text, reading->text) != NULL || strstr (reading->text, text->text) != NULL))
      distance = 1;
    if (distance < least) {
      least = distance;
      *sure = text->best;
    }
  }
  return least;
}

/* Cost of the reading being the track's next look; negative: it is not. */
static double
get_cost (const Track *track, const BoloReading *reading, gint64 now_us)
{
  gint64 gap_us = now_us - track->last_us;
  double x, y, width, expected, distance, change, gate, size_gate;
  gboolean has_texts = track->n_texts > 0 && reading->n_characters >= SHORTEST;
  gboolean is_same = FALSE;
  float sure = 0;
  guint edits = has_texts ? get_text_distance (track, reading, &sure) : 0;

  get_place (reading, &x, &y, &width);
  expected = track->width * exp (CLAMP (track->growth * (double) gap_us, -1.0, 1.0));
  distance = hypot (x - (track->x + track->speed_x * (double) gap_us),
                    y - (track->y + track->speed_y * (double) gap_us)) /
             MAX (width, expected);
  change = fabs (log (width / expected));
  gate = track->n_looks > 1 ? GATE_KNOWN_MOTION : GATE_UNKNOWN_MOTION;
  size_gate = GATE_SIZE;
  is_same = has_texts && edits == 0;
  if (is_same) {
    gate = reading->n_characters >= TELLING ? GATE_SAME_TEXT : GATE_LIKE_TEXT;
    size_gate = GATE_SIZE_SAME_TEXT;
  } else if (has_texts && edits <= 2 && reading->n_characters >= 5) {
    gate = GATE_LIKE_TEXT;
    size_gate = GATE_SIZE_SAME_TEXT;
  } else if (has_texts && edits >= DIFFERENT_EDITS && reading->confidence >= CONFIDENT &&
             sure >= CONFIDENT) {
    return -1;
  }
  if (distance > gate || change > size_gate)
    return -1;
  if (!is_same && gap_us > PLACE_KEEP_US)
    return -1;
  /* Texts first: in a parked row the neighbour may be nearer to the predicted place. */
  return (has_texts ? 1.5 * edits : 1.5) + MIN (distance, 6.0) + change;
}

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  const Pair *first = a;
  const Pair *second = b;

  if (first->cost != second->cost)
    return first->cost < second->cost ? -1 : 1;
  if (first->track != second->track)
    return first->track < second->track ? -1 : 1;
  return first->reading < second->reading ? -1 : first->reading > second->reading;
}

static void
add_text (Track *track, const BoloReading *reading)
{
  guint at = 0;

  if (reading->n_characters < SHORTEST)
    return;
  while (at < track->n_texts && !g_str_equal (track->texts[at].text, reading->text))
    at++;
  if (at == track->n_texts) {
    if (track->n_texts == MAX_TEXTS) /* the lightest gives way */
      at = MAX_TEXTS - 1;
    else
      track->n_texts++;
    memset (&track->texts[at], 0, sizeof track->texts[at]);
    g_strlcpy (track->texts[at].text, reading->text, sizeof track->texts[at].text);
  }
  track->texts[at].weight += reading->confidence;
  track->texts[at].best = MAX (track->texts[at].best, reading->confidence);
  while (at > 0 && track->texts[at].weight > track->texts[at - 1].weight) {
    Text swap = track->texts[at];

    track->texts[at] = track->texts[at - 1];
    track->texts[at - 1] = swap;
    at--;
  }
}

static void
extend_track (Track *track, const BoloReading *reading, gint64 now_us)
{
  double x, y, width;
  double gap_us = (double) (now_us - track->last_us);

  get_place (reading, &x, &y, &width);
  if (track->n_looks > 0 && gap_us > 0) {
    /* the newest step counts most: perspective makes near plates ever faster */
    double share = track->n_looks == 1 ? 1.0 : 0.7;

    track->speed_x += share * ((x - track->x) / gap_us - track->speed_x);
    track->speed_y += share * ((y - track->y) / gap_us - track->speed_y);
    track->growth += share * (log (width / track->width) / gap_us - track->growth);
  }
  track->x = x;
  track->y = y;
  track->width = width;
  track->last_us = now_us;
  track->n_looks++;
  add_text (track, reading);
}

static void
collect_pairs (
  BoloTracker *self, gint64 now_us, const BoloReading *readings, guint n, GArray *pairs)
{
  for (guint t = 0; t < self->tracks->len; t++)
    for (guint r = 0; r < n; r++) {
      Pair pair = {0, t, r};

      pair.cost = get_cost (&g_array_index (self->tracks, Track, t), &readings[r], now_us);
      if (pair.cost >= 0)
        g_array_append_val (pairs, pair);
    }
  g_array_sort (pairs, compare_pairs);
}

void
bolo_tracker_assign (
  BoloTracker *self, gint64 captured_us, const BoloReading *readings, guint n, guint64 *tracks)
{
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  guint n_before;

  g_return_if_fail (self != NULL);
  g_return_if_fail (n == 0 || (readings != NULL && tracks != NULL));

  for (guint r = 0; r < n; r++)
    tracks[r] = 0;
  collect_pairs (self, captured_us, readings, n, pairs);
  n_before = self->tracks->len;
  for (guint i = 0; i < pairs->len; i++) {
    const Pair *pair = &g_array_index (pairs, Pair, i);
    Track *track = &g_array_index (self->tracks, Track, pair->track);

    if (tracks[pair->reading] != 0 || pair->track >= n_before)
      continue;
    if (track->n_looks > 0 && track->last_us == captured_us)
      continue; /* has its look of this frame */
    extend_track (track, &readings[pair->reading], captured_us);
    tracks[pair->reading] = track->number;
  }
  for (guint r = 0; r < n; r++)
    if (tracks[r] == 0) {
      Track track = {.number = ++self->n_made, .last_us = captured_us};

      extend_track (&track, &readings[r], captured_us);
      g_array_append_val (self->tracks, track);
      tracks[r] = track.number;
    }
}

void
bolo_tracker_end (BoloTracker *self, gint64 now_us, GArray *ended)
{
  g_return_if_fail (self != NULL && ended != NULL);

  for (guint t = 0; t < self->tracks->len;) {
    const Track *track = &g_array_index (self->tracks, Track, t);

    if (now_us != G_MAXINT64 && now_us - track->last_us < BOLO_TRACKER_KEEP_US) {
      t++;
      continue;
    }
    g_array_append_val (ended, track->number);
    g_array_remove_index (self->tracks, t);
  }
}
