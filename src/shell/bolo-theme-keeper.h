/* bolo-theme-keeper.h: day or night colours, by the officer or by the sun
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

#include "bolo-fix.h"
#include "bolo-settings.h"

G_BEGIN_DECLS

/* BoloThemeKeeper: loads our style sheets for the display and keeps libadwaita's colour scheme in
 * step. Dark is the basis. Main. Property "is-day" (notified). */
#define BOLO_TYPE_THEME_KEEPER (bolo_theme_keeper_get_type ())
G_DECLARE_FINAL_TYPE (BoloThemeKeeper, bolo_theme_keeper, BOLO, THEME_KEEPER, GObject)

BoloThemeKeeper *bolo_theme_keeper_new (GdkDisplay *display, BoloTheme theme);
void bolo_theme_keeper_set_theme (BoloThemeKeeper *self, BoloTheme theme);
/* Where and when we are; @fix: (nullable). */
void bolo_theme_keeper_update (BoloThemeKeeper *self, const BoloFix *fix, gint64 utc_us);
gboolean bolo_theme_keeper_is_day (BoloThemeKeeper *self);

G_END_DECLS
