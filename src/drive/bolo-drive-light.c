/* bolo-drive-light.c: how bright things are for a camera at a time of the drive
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-light.h"

#include <math.h>
#include <string.h>

/* One light turns into the next over this time. */
#define BLEND_S 6.0

static const BoloDriveLighting colour_lights[] = {
  [BOLO_DRIVE_LIGHT_DAY] = {{1.0f, 1.0f, 1.0f},
                            {225, 190, 150},
                            {238, 228, 218},
                            0,
                            0.10f,
                            0.98f,
                            1.8f,
                            1.0 / 1000,
                            FALSE,
                            FALSE},
  [BOLO_DRIVE_LIGHT_DUSK] = {{0.44f, 0.39f, 0.38f},
                             {120, 86, 66},
                             {120, 138, 178},
                             0.25f,
                             0.65f,
                             0.55f,
                             3.6f,
                             1.0 / 600,
                             FALSE,
                             FALSE},
  [BOLO_DRIVE_LIGHT_NIGHT] = {{0.13f, 0.115f, 0.12f},
                              {26, 16, 13},
                              {36, 30, 34},
                              0.62f,
                              1.0f,
                              0.36f,
                              5.5f,
                              1.0 / 400,
                              FALSE,
                              FALSE},
};
static const BoloDriveLighting infrared_lights[] = {
  [BOLO_DRIVE_LIGHT_DAY] = {{0.52f, 0.52f, 0.52f},
                            {120, 120, 120},
                            {140, 140, 140},
                            0.35f,
                            0.05f,
                            0.80f,
                            2.0f,
                            1.0 / 2000,
                            TRUE,
                            FALSE},
  [BOLO_DRIVE_LIGHT_DUSK] = {{0.2f, 0.2f, 0.2f},
                             {50, 50, 50},
                             {62, 62, 62},
                             0.4f,
                             0.35f,
                             0.84f,
                             2.6f,
                             1.0 / 2000,
                             TRUE,
                             FALSE},
  [BOLO_DRIVE_LIGHT_NIGHT] = {{0.05f, 0.05f, 0.05f},
                              {5, 5, 5},
                              {9, 9, 9},
                              0.42f,
                              0.6f,
                              0.86f,
                              3.0f,
                              1.0 / 2000,
                              TRUE,
                              FALSE},
};

static void
blend (BoloDriveLighting *self, const BoloDriveLighting *other, float part)
{
  for (guint c = 0; c < 3; c++) {
    self->ambient[c] += part * (other->ambient[c] - self->ambient[c]);
    self->sky_high[c] += part * (other->sky_high[c] - self->sky_high[c]);
    self->sky_low[c] += part * (other->sky_low[c] - self->sky_low[c]);
  }
  self->headlights += part * (other->headlights - self->headlights);
  self->lamps += part * (other->lamps - self->lamps);
  self->plate += part * (other->plate - self->plate);
  self->noise += part * (other->noise - self->noise);
  self->exposure_s += part * (other->exposure_s - self->exposure_s);
}

void
bolo_drive_lighting_get (const BoloDriveScenario *scenario,
                         const BoloDriveCamera *camera,
                         double time_s,
                         BoloDriveLighting *lighting)
{
  g_return_if_fail (scenario != NULL && camera != NULL && lighting != NULL);
  const BoloDriveLighting *lights = camera->is_infrared ? infrared_lights : colour_lights;
  const BoloDriveStretch *now = bolo_drive_scenario_find (scenario->lights, time_s);

  *lighting = lights[now->kind];
  double left_s = now->end_s - time_s;
  if (left_s < BLEND_S && now->end_s < scenario->duration_s - 0.001) {
    const BoloDriveStretch *next = bolo_drive_scenario_find (scenario->lights, now->end_s + 0.001);
    blend (lighting, &lights[next->kind], (float) (1 - left_s / BLEND_S));
  }
  lighting->looks_ahead = cos (camera->heading_deg * G_PI / 180) > 0.7;
  if (!camera->is_infrared && !lighting->looks_ahead)
    lighting->headlights = 0;
  /* Close things pass a camera that looks sideways fast: it is set to a short exposure. */
  if (strcmp (camera->role, "parked") == 0)
    lighting->exposure_s /= 2.4;
}

float
bolo_drive_lighting_get_reach (const BoloDriveLighting *self, double distance_m)
{
  double part = distance_m / (self->is_infrared ? 22.0 : 26.0);
  return (float) (self->headlights / (1 + part * part));
}
