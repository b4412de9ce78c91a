/* bolo-drive-light.h: how bright things are for a camera at a time of the drive
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-scenario.h"

G_BEGIN_DECLS

/* BoloDriveLighting: what a camera makes of the light. Plain data; colours blue, green, red. */
typedef struct {
  float ambient[3]; /* on matt things, 1 = day */
  float sky_high[3];
  float sky_low[3];
  float headlights;  /* our own lamps (infra-red: our flash) on what they reach, 0 to 1 */
  float lamps;       /* how strongly other vehicles' lamps shine, 0 to 1 */
  float plate;       /* least brightness of a plate, from the surroundings */
  float noise;       /* of the sensor, grey levels (standard deviation) */
  double exposure_s; /* shutter open */
  gboolean is_infrared;
  gboolean looks_ahead; /* our headlights are in its view */
} BoloDriveLighting;

void bolo_drive_lighting_get (const BoloDriveScenario *scenario,
                              const BoloDriveCamera *camera,
                              double time_s,
                              BoloDriveLighting *lighting);
/* Our lamps' share at @distance_m, 0 to 1. */
float bolo_drive_lighting_get_reach (const BoloDriveLighting *self, double distance_m);

G_END_DECLS
