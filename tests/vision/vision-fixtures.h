/* vision-fixtures.h: readings made by hand, for tests without pixels
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <string.h>

#include "bolo-plate-rules.h"
#include "bolo-reading.h"

G_BEGIN_DECLS

/* A plate @width wide, a fifth as high, its middle at @x, @y. */
static inline BoloReading
make_reading (const char *text, float confidence, float x, float y, float width)
{
  BoloReading reading = {0};
  float half_width = width / 2;
  float half_height = width / 10;
  const float corners[4][2] = {
    {x - half_width, y - half_height},
    {x + half_width, y - half_height},
    {x + half_width, y + half_height},
    {x - half_width, y + half_height},
  };

  memcpy (reading.corners, corners, sizeof corners);
  g_strlcpy (reading.text, text, sizeof reading.text);
  reading.n_characters = (guint) strlen (text);
  reading.confidence = confidence;
  reading.detection = 0.8f;
  reading.sharpness = 12;
  reading.width_px = width;
  for (guint i = 0; i < reading.n_characters; i++) {
    reading.characters[i].character = text[i];
    reading.characters[i].probability = confidence;
  }
  return reading;
}

/* Says that place @index may also be @character. */
static inline void
add_alternative (BoloReading *reading, guint index, char character, float probability)
{
  reading->characters[index].alternatives[0].character = character;
  reading->characters[index].alternatives[0].probability = probability;
  reading->characters[index].probability = 1 - probability;
}

/* The shipped rules. */
static inline BoloPlateRules *
load_rules (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("BOLO_DATA_DIR"), "plate", NULL);
  g_autoptr (GError) error = NULL;
  BoloPlateRules *rules = bolo_plate_rules_load (path, &error);

  g_assert_no_error (error);
  return rules;
}

G_END_DECLS
