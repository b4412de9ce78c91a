/* bolo-still.c: one picture: its candidates read, each plate kept once
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-still.h"

#include <math.h>
#include <string.h>

#include "bolo-readings.h"
#include "bolo-scan.h"
#include "bolo-voter.h"

#define LEAST_CONFIDENCE 0.02f
#define UNSURE 0.9f         /* read so, the corners may be off */
#define MAX_LOOKS 2         /* straight ones */
#define STRAIGHT_SCORE 0.3f /* of a plate in a straight look */
#define NEVER_READ 0.7f     /* of such texts so many are right, as of the voter's */
#define CUT 2.0f            /* pixels from the picture's border: a part may be missing */

/* The text that was voted for, if one was. One that no look read so was settled by the syntaxes. */
static void
take_vote (BoloReading *reading, BoloVoter *voter)
{
  BoloVote vote;

  if (!bolo_voter_decide (voter, &vote))
    return;
  if (vote.looks == 0)
    reading->raw_confidence *= NEVER_READ;
  g_strlcpy (reading->text, vote.text, sizeof reading->text);
  memcpy (reading->characters, vote.characters, sizeof reading->characters);
  reading->n_characters = vote.n_characters;
  g_strlcpy (reading->region, vote.region != NULL ? vote.region : "", sizeof reading->region);
  reading->region_confidence = vote.region_confidence;
  reading->is_region_read = vote.is_region_read;
}

/* A picture is its own vote: the syntaxes settle what the reading leaves open. */
static void
settle (BoloReading *reading, BoloPlateRules *rules)
{
  g_autoptr (BoloVoter) voter = bolo_voter_new (rules);

  bolo_voter_add (voter, reading, 1);
  if (rules != NULL)
    take_vote (reading, voter);
}

/* A plate at the picture's left or right border; one that fills the picture is meant to. */
static gboolean
is_cut (const BoloReading *reading, const BoloCvImage *image)
{
  float left = INFINITY;
  float right = -INFINITY;

  for (int i = 0; i < 4; i++) {
    left = MIN (left, reading->corners[i][0]);
    right = MAX (right, reading->corners[i][0]);
  }
  return (left < CUT || right > (float) image->width - CUT) &&
         right - left < (float) image->width / 2;
}

/* How often such a reading is right, once its text is settled. */
static void
judge (BoloReading *reading, BoloCv *cv, const BoloCvImage *image, BoloPlateRules *rules)
{
  const BoloReadingFacts facts = {
    .raw = reading->raw_confidence,
    .n_characters = reading->n_characters,
    .has_digit = strpbrk (reading->text, "0123456789") != NULL,
    .fits_syntax =
      rules == NULL || bolo_plate_rules_get_syntax (rules, reading->text, NULL) != NULL,
    .is_cut = is_cut (reading, image),
    .covered = reading->covered};

  reading->confidence = bolo_cv_judge (cv, &facts);
}

/* Of two readings that say the same the surer; of two that do not, the surer with what is left of
 * its chance when the other has its own. */
static float
get_joint_confidence (const BoloReading *a, const BoloReading *b)
{
  float more = MAX (a->raw_confidence, b->raw_confidence);
  float less = MIN (a->raw_confidence, b->raw_confidence);

  return g_str_equal (a->text, b->text) ? more : more * (1 - less) / MAX (1 - more * less, 1e-3f);
}

/* Two readings of one plate become one: the surer, with the text that they say together. */
static void
join (BoloReading *reading, const BoloReading *second, BoloPlateRules *rules)
{
  g_autoptr (BoloVoter) voter = bolo_voter_new (rules);
  float confidence = get_joint_confidence (reading, second);

  bolo_voter_add (voter, reading, 1);
  bolo_voter_add (voter, second, 1);
  if (second->raw_confidence > reading->raw_confidence)
    *reading = *second;
  reading->raw_confidence = confidence;
  take_vote (reading, voter);
}

/* Reads the plate; an unsure reading may come of corners that are off, so that the plate is looked
 * at straight and read again, and once more from there. */
static gboolean
read_well (BoloCv *cv,
           const BoloCvImage *image,
           const BoloCvBox *box,
           BoloPlateRules *rules,
           BoloReading *reading,
           GError **error)
{
  BoloCvBox straight = *box;

  if (!bolo_cv_read (cv, image, box, reading, error))
    return FALSE;
  bolo_reading_trim (reading, rules);
  for (int i = 0; i < MAX_LOOKS; i++) {
    BoloReading another;
    gboolean is_found, is_same;

    if (reading->n_characters == 0 || reading->raw_confidence >= UNSURE)
      break;
    if (!bolo_cv_look_straight (cv, image, &straight, STRAIGHT_SCORE, &straight, &is_found, error))
      return FALSE;
    if (!is_found)
      break;
    if (!bolo_cv_read (cv, image, &straight, &another, error))
      return FALSE;
    bolo_reading_trim (&another, rules);
    is_same = g_str_equal (another.text, reading->text);
    if (another.n_characters > 0)
      join (reading, &another, rules);
    if (is_same)
      break;
  }
  /* Joined first, as calibrate.py fits it. */
  reading->confidence = bolo_cv_calibrate (cv, reading->raw_confidence, reading->covered);
  return TRUE;
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
  if (!bolo_scan (cv, image, candidates, error))
    return FALSE;
  found = g_get_monotonic_time ();
  for (guint i = 0; i < candidates->len; i++) {
    BoloReading reading;

    if (!read_well (cv, image, &g_array_index (candidates, BoloCvBox, i), rules, &reading, error))
      return FALSE;
    if (reading.n_characters == 0 || reading.confidence < LEAST_CONFIDENCE)
      continue;
    settle (&reading, rules);
    judge (&reading, cv, image, rules);
    g_array_append_val (readings, reading);
  }
  g_array_set_size (readings, bolo_readings_drop_repeated (
                                (BoloReading *) (gpointer) readings->data, readings->len));
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
    bolo_reading_trim (&reading, rules);
    settle (&reading, rules);
    judge (&reading, cv, image, rules);
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
