/* bolo-settings.h: the one place that names a GSettings key: looks and volume
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* As the schema's enum. */
typedef enum {
  BOLO_THEME_AUTO, /* by the sun at the fix; night while there is no fix */
  BOLO_THEME_DAY,
  BOLO_THEME_NIGHT,
} BoloTheme;

/* BoloSettings: looks and volume. Where the schema is not installed it keeps the defaults in memory
 * and says so once. Main. Properties, notified: "theme" (BoloTheme as int), "volume" and
 * "brightness" (0 to 1). */
#define BOLO_TYPE_SETTINGS (bolo_settings_get_type ())
G_DECLARE_FINAL_TYPE (BoloSettings, bolo_settings, BOLO, SETTINGS, GObject)

BoloSettings *bolo_settings_new (void);
BoloTheme bolo_settings_get_theme (BoloSettings *self);
void bolo_settings_set_theme (BoloSettings *self, BoloTheme theme);
double bolo_settings_get_volume (BoloSettings *self);
void bolo_settings_set_volume (BoloSettings *self, double volume);
double bolo_settings_get_brightness (BoloSettings *self);
void bolo_settings_set_brightness (BoloSettings *self, double brightness);

G_END_DECLS
