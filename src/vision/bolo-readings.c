/* bolo-readings.c: keeps the best reading of each plate in a picture
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-readings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bolo-boxes.h"

#define WHOLE_CONFIDENCE 0.3f /* of a reading that makes another one a part of it */
#define SAME_IOU 0.2f
#define BORDER_PROBABILITY 0.9f /* a stroke as sure as this is no border */

static void
cut (BoloReading *reading, guint from, guint n)
{
  memmove (reading->characters, reading->characters + from, n * sizeof reading->characters[0]);
  memset (reading->characters + n, 0, (BOLO_MARK_MAX - n) * sizeof reading->characters[0]);
  memmove (reading->text, reading->text + from, n);
  reading->text[n] = '\0';
  reading->n_characters = n;
}

static gboolean
may_be_border (const BoloReadCharacter *character)
{
  return (character->character == 'I' || character->character == '1') &&
         character->probability < BORDER_PROBABILITY;
}

static gboolean
is_known (BoloPlateRules *rules, const char *text)
{
  g_autofree char *resolved = bolo_plate_rules_resolve (rules, text);

  return bolo_plate_rules_get_syntax (rules, resolved, NULL) != NULL;
}

void
bolo_reading_trim (BoloReading *reading, BoloPlateRules *rules)
{
  g_autofree char *shorter = NULL;
  guint n, band;

  g_return_if_fail (reading != NULL);

  if (rules == NULL || reading->n_characters < 2 || is_known (rules, reading->text))
    return;
  n = reading->n_characters;
  band = bolo_plate_rules_count_band (rules, reading->text);
  shorter = g_strndup (reading->text, n - 1);
  if (band > 0)
    cut (reading, band, n - band);
  else if (may_be_border (&reading->characters[n - 1]) && is_known (rules, shorter))
    cut (reading, 0, n - 1);
  else if (may_be_border (&reading->characters[0]) && is_known (rules, reading->text + 1))
    cut (reading, 1, n - 1);
}

void
bolo_reading_resolve (BoloReading *reading, BoloPlateRules *rules)
{
  g_autofree char *resolved = NULL;

  g_return_if_fail (reading != NULL);

  if (rules == NULL || reading->n_characters == 0)
    return;
  resolved = bolo_plate_rules_resolve (rules, reading->text);
  if (strlen (resolved) != reading->n_characters)
    return;
  for (guint i = 0; i < reading->n_characters; i++) {
    reading->characters[i].character = resolved[i];
    for (int k = 0; k < BOLO_ALTERNATIVES_MAX; k++)
      if (reading->characters[i].alternatives[k].character == resolved[i])
        reading->characters[i].alternatives[k].character = reading->text[i];
  }
  g_strlcpy (reading->text, resolved, sizeof reading->text);
}

static int
compare_readings (const void *a, const void *b)
{
  const BoloReading *first = a;
  const BoloReading *second = b;

  if (first->confidence != second->confidence)
    return first->confidence > second->confidence ? -1 : 1;
  return first->detection > second->detection ? -1 : first->detection < second->detection;
}

static BoloCvBox
get_bounds (const BoloReading *reading)
{
  BoloCvBox box = {.left = INFINITY, .top = INFINITY, .right = -INFINITY, .bottom = -INFINITY};

  for (int i = 0; i < 4; i++) {
    box.left = MIN (box.left, reading->corners[i][0]);
    box.right = MAX (box.right, reading->corners[i][0]);
    box.top = MIN (box.top, reading->corners[i][1]);
    box.bottom = MAX (box.bottom, reading->corners[i][1]);
  }
  return box;
}

static gboolean
are_same_plate (const BoloReading *a, const BoloReading *b)
{
  BoloCvBox box_a = get_bounds (a);
  BoloCvBox box_b = get_bounds (b);

  return bolo_box_get_iou (&box_a, &box_b) > SAME_IOU || bolo_box_holds_centre (&box_a, &box_b) ||
         bolo_box_holds_centre (&box_b, &box_a);
}

/* A look that is too near finds parts of a plate, and reads them well. */
static gboolean
is_part_of (const BoloReading *part, const BoloReading *whole)
{
  return whole->n_characters > part->n_characters && whole->confidence >= WHOLE_CONFIDENCE &&
         strstr (whole->text, part->text) != NULL;
}

static guint
remove_at (BoloReading *readings, guint n, guint index)
{
  memmove (&readings[index], &readings[index + 1], (n - index - 1) * sizeof *readings);
  return n - 1;
}

static gboolean
is_part_of_any (const BoloReading *readings, guint n, guint index)
{
  for (guint i = 0; i < n; i++)
    if (i != index && is_part_of (&readings[index], &readings[i]) &&
        are_same_plate (&readings[index], &readings[i]))
      return TRUE;
  return FALSE;
}

guint
bolo_readings_drop_repeated (BoloReading *readings, guint n)
{
  g_return_val_if_fail (n == 0 || readings != NULL, 0);

  if (n < 2)
    return n;
  qsort (readings, n, sizeof *readings, compare_readings);
  for (guint i = 0; i < n;) {
    if (is_part_of_any (readings, n, i))
      n = remove_at (readings, n, i);
    else
      i++;
  }
  for (guint i = 0; i < n; i++)
    for (guint j = n - 1; j > i; j--)
      if (are_same_plate (&readings[i], &readings[j]))
        n = remove_at (readings, n, j);
  return n;
}
