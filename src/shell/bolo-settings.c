/* bolo-settings.c: the one place that names a GSettings key: looks and volume
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-settings.h"

#include "bolo-dimmer.h"

#include <gio/gio.h>

#define SCHEMA_ID "org.boloanpr.Bolo"
#define KEY_THEME "theme"
#define KEY_VOLUME "volume"
#define KEY_BRIGHTNESS "brightness"
#define DEFAULT_VOLUME 0.8
#define DEFAULT_BRIGHTNESS 1.0

struct _BoloSettings {
  GObject parent_instance;

  GSettings *settings; /* (owned) (nullable): NULL where the schema is not installed */
  BoloTheme theme;
  double volume;
  double brightness;
};

G_DEFINE_FINAL_TYPE (BoloSettings, bolo_settings, G_TYPE_OBJECT)

typedef enum {
  PROP_THEME = 1,
  PROP_VOLUME,
  PROP_BRIGHTNESS,
} BoloSettingsProperty;
static GParamSpec *props[PROP_BRIGHTNESS + 1];

static void
take_theme (BoloSettings *self, BoloTheme theme)
{
  if (self->theme == theme)
    return;
  self->theme = theme;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_THEME]);
}

static void
take_volume (BoloSettings *self, double volume)
{
  if (self->volume == volume)
    return;
  self->volume = volume;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_VOLUME]);
}

static void
take_brightness (BoloSettings *self, double brightness)
{
  if (self->brightness == brightness)
    return;
  self->brightness = brightness;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BRIGHTNESS]);
}

static void
on_settings_changed (GSettings *settings, const char *key, BoloSettings *self)
{
  take_theme (self, (BoloTheme) g_settings_get_enum (settings, KEY_THEME));
  take_volume (self, g_settings_get_int (settings, KEY_VOLUME) / 100.0);
  take_brightness (self, g_settings_get_int (settings, KEY_BRIGHTNESS) / 100.0);
}

static void
bolo_settings_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BoloSettings *self = BOLO_SETTINGS (object);

  switch ((BoloSettingsProperty) id) {
  case PROP_THEME:
    g_value_set_int (value, self->theme);
    break;
  case PROP_VOLUME:
    g_value_set_double (value, self->volume);
    break;
  case PROP_BRIGHTNESS:
    g_value_set_double (value, self->brightness);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_settings_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BoloSettings *self = BOLO_SETTINGS (object);

  switch ((BoloSettingsProperty) id) {
  case PROP_THEME:
    bolo_settings_set_theme (self, (BoloTheme) g_value_get_int (value));
    break;
  case PROP_VOLUME:
    bolo_settings_set_volume (self, g_value_get_double (value));
    break;
  case PROP_BRIGHTNESS:
    bolo_settings_set_brightness (self, g_value_get_double (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
bolo_settings_dispose (GObject *object)
{
  BoloSettings *self = BOLO_SETTINGS (object);

  g_clear_object (&self->settings);

  G_OBJECT_CLASS (bolo_settings_parent_class)->dispose (object);
}

static void
bolo_settings_class_init (BoloSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bolo_settings_get_property;
  object_class->set_property = bolo_settings_set_property;
  object_class->dispose = bolo_settings_dispose;

  props[PROP_THEME] = g_param_spec_int ("theme", NULL, NULL, BOLO_THEME_AUTO, BOLO_THEME_NIGHT,
                                        BOLO_THEME_AUTO, flags);
  props[PROP_VOLUME] = g_param_spec_double ("volume", NULL, NULL, 0, 1, DEFAULT_VOLUME, flags);
  props[PROP_BRIGHTNESS] =
    g_param_spec_double ("brightness", NULL, NULL, 0, 1, DEFAULT_BRIGHTNESS, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
bolo_settings_init (BoloSettings *self)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  self->theme = BOLO_THEME_AUTO;
  self->volume = DEFAULT_VOLUME;
  self->brightness = DEFAULT_BRIGHTNESS;
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, SCHEMA_ID, TRUE);
  if (schema == NULL) {
    g_message ("The settings schema %s is not installed: looks and volume are not kept", SCHEMA_ID);
    return;
  }
  self->settings = g_settings_new_full (schema, NULL, NULL);
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (on_settings_changed), self, 0);
  on_settings_changed (self->settings, KEY_THEME, self);
}

BoloSettings *
bolo_settings_new (void)
{
  return g_object_new (BOLO_TYPE_SETTINGS, NULL);
}

BoloTheme
bolo_settings_get_theme (BoloSettings *self)
{
  g_return_val_if_fail (BOLO_IS_SETTINGS (self), BOLO_THEME_AUTO);
  return self->theme;
}

void
bolo_settings_set_theme (BoloSettings *self, BoloTheme theme)
{
  g_return_if_fail (BOLO_IS_SETTINGS (self));

  if (self->settings != NULL)
    g_settings_set_enum (self->settings, KEY_THEME, theme);
  take_theme (self, theme);
}

double
bolo_settings_get_volume (BoloSettings *self)
{
  g_return_val_if_fail (BOLO_IS_SETTINGS (self), DEFAULT_VOLUME);
  return self->volume;
}

void
bolo_settings_set_volume (BoloSettings *self, double volume)
{
  g_return_if_fail (BOLO_IS_SETTINGS (self));

  volume = CLAMP (volume, 0, 1);
  if (self->settings != NULL)
    g_settings_set_int (self->settings, KEY_VOLUME, (int) (volume * 100 + 0.5));
  take_volume (self, volume);
}

double
bolo_settings_get_brightness (BoloSettings *self)
{
  g_return_val_if_fail (BOLO_IS_SETTINGS (self), DEFAULT_BRIGHTNESS);
  return self->brightness;
}

void
bolo_settings_set_brightness (BoloSettings *self, double brightness)
{
  g_return_if_fail (BOLO_IS_SETTINGS (self));

  brightness = CLAMP (brightness, BOLO_BRIGHTNESS_LEAST, 1);
  if (self->settings != NULL)
    g_settings_set_int (self->settings, KEY_BRIGHTNESS, (int) (brightness * 100 + 0.5));
  take_brightness (self, brightness);
}
