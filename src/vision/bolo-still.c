/* bolo-still.c: one picture: its candidates read, each plate kept once
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-still.h"

#include <string.h>

#include "bolo-readings.h"
#include "bolo-scan.h"
#include "bolo-voter.h"

#define LEAST_CONFIDENCE 0.02f

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
  if (!bolo_scan (cv, image, candidates, error))
    return FALSE;
  found = g_get_monotonic_time ();
  for (guint i = 0; i < candidates->len; i++) {
    BoloReading reading;

    if (!bolo_cv_read (cv, image, &g_array_index (candidates, BoloCvBox, i), &reading, error))
      return FALSE;
    if (reading.n_characters == 0 || reading.confidence < LEAST_CONFIDENCE)
      continue;
    bolo_reading_trim (&reading, rules);
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
    bolo_reading_trim (&reading, rules);
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
