/* bolo-theme-keeper.c: day or night colours, by the officer or by the sun
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-theme-keeper.h"

#include <adwaita.h>

#include "bolo-daylight.h"

struct _BoloThemeKeeper {
  GObject parent_instance;

  GdkDisplay *display;     /* (owned) */
  GtkCssProvider *shapes;  /* (owned) sizes and shapes, the same day and night */
  GtkCssProvider *colours; /* (owned) */
  BoloTheme theme;
  gboolean is_day;
};

G_DEFINE_FINAL_TYPE (BoloThemeKeeper, bolo_theme_keeper, G_TYPE_OBJECT)

typedef enum {
  PROP_IS_DAY = 1,
} BoloThemeKeeperProperty;
static GParamSpec *props[PROP_IS_DAY + 1];

static void
apply (BoloThemeKeeper *self)
{
  gtk_css_provider_load_from_resource (self->colours, self->is_day
                                                        ? "/org/boloanpr/Bolo/ui/bolo-day.css"
                                                        : "/org/boloanpr/Bolo/ui/bolo-night.css");
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      self->is_day ? ADW_COLOR_SCHEME_FORCE_LIGHT
                                                   : ADW_COLOR_SCHEME_FORCE_DARK);
}

static void
set_is_day (BoloThemeKeeper *self, gboolean is_day)
{
  if (self->is_day == is_day)
    return;
  self->is_day = is_day;
  apply (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_DAY]);
}

static void
bolo_theme_keeper_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BoloThemeKeeper *self = BOLO_THEME_KEEPER (object);

  switch ((BoloThemeKeeperProperty) id) {
  case PROP_IS_DAY:
    g_value_set_boolean (value, self->is_day);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_theme_keeper_dispose (GObject *object)
{
  BoloThemeKeeper *self = BOLO_THEME_KEEPER (object);

  if (self->display != NULL) {
    gtk_style_context_remove_provider_for_display (self->display,
                                                   GTK_STYLE_PROVIDER (self->shapes));
    gtk_style_context_remove_provider_for_display (self->display,
                                                   GTK_STYLE_PROVIDER (self->colours));
  }
  g_clear_object (&self->display);
  g_clear_object (&self->shapes);
  g_clear_object (&self->colours);

  G_OBJECT_CLASS (bolo_theme_keeper_parent_class)->dispose (object);
}

static void
bolo_theme_keeper_class_init (BoloThemeKeeperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bolo_theme_keeper_get_property;
  object_class->dispose = bolo_theme_keeper_dispose;
  props[PROP_IS_DAY] =
    g_param_spec_boolean ("is-day", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bolo_theme_keeper_init (BoloThemeKeeper *self)
{
  self->shapes = gtk_css_provider_new ();
  self->colours = gtk_css_provider_new ();
}

BoloThemeKeeper *
bolo_theme_keeper_new (GdkDisplay *display, BoloTheme theme)
{
  BoloThemeKeeper *self;

  g_return_val_if_fail (GDK_IS_DISPLAY (display), NULL);

  self = g_object_new (BOLO_TYPE_THEME_KEEPER, NULL);
  self->display = g_object_ref (display);
  self->theme = theme;
  self->is_day = theme == BOLO_THEME_DAY;
  gtk_css_provider_load_from_resource (self->shapes, "/org/boloanpr/Bolo/ui/bolo.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (self->shapes),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (self->colours),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  apply (self);
  return self;
}

void
bolo_theme_keeper_set_theme (BoloThemeKeeper *self, BoloTheme theme)
{
  g_return_if_fail (BOLO_IS_THEME_KEEPER (self));

  self->theme = theme;
  if (theme != BOLO_THEME_AUTO)
    set_is_day (self, theme == BOLO_THEME_DAY);
}

void
bolo_theme_keeper_update (BoloThemeKeeper *self, const BoloFix *fix, gint64 utc_us)
{
  double elevation;

  g_return_if_fail (BOLO_IS_THEME_KEEPER (self));

  if (self->theme != BOLO_THEME_AUTO || fix == NULL)
    return;
  elevation = bolo_daylight_get_elevation_deg (utc_us, fix->latitude_deg, fix->longitude_deg);
  set_is_day (self, bolo_daylight_is_day (elevation, self->is_day));
}

gboolean
bolo_theme_keeper_is_day (BoloThemeKeeper *self)
{
  g_return_val_if_fail (BOLO_IS_THEME_KEEPER (self), FALSE);
  return self->is_day;
}
