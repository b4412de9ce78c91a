/* bolo-drive-scenario.c: what is to be driven: a documented key file, loaded and checked
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-drive-scenario.h"

#include <string.h>

#include "bolo-clock.h"
#include "bolo-error.h"
#include "bolo-key-file.h"

static const char *const drive_keys[] = {
  "title", "start",    "seed",      "duration_s",  "width", "height",
  "rate",  "latitude", "longitude", "heading_deg", NULL,
};
static const char *const traffic_keys[] = {"vehicles", "phases", "light", NULL};
static const char *const wanted_keys[] = {"overt",  "covert",     "weeded",
                                          "decoys", "other_rows", NULL};
static const char *const camera_keys[] = {
  "title",    "looks",     "role",   "spectrum", "overview", "heading_deg",
  "view_deg", "forward_m", "left_m", "height_m", "horizon",  NULL,
};
static const BoloKeySpec specs[] = {
  {"drive", drive_keys},
  {"traffic", traffic_keys},
  {"wanted", wanted_keys},
  {"camera *", camera_keys},
  {NULL, NULL},
};
static const char *const phase_names[] = {"overtaking", "overtaken", "town", NULL};
static const char *const light_names[] = {"day", "dusk", "night", NULL};
static const char *const role_names[] = {"lane", "oncoming", "parked", "overview", NULL};
static const char *const spectrum_names[] = {"colour", "infrared", NULL};

static void
camera_free (BoloDriveCamera *camera)
{
  g_free (camera->name);
  g_free (camera->title);
  g_free (camera->looks);
  g_free (camera->role);
  g_free (camera->overview);
  g_free (camera);
}

void
bolo_drive_scenario_free (BoloDriveScenario *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_clear_pointer (&self->cameras, g_ptr_array_unref);
  g_clear_pointer (&self->phases, g_array_unref);
  g_clear_pointer (&self->lights, g_array_unref);
  g_free (self);
}

guint
bolo_drive_scenario_get_n_frames (const BoloDriveScenario *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return (guint) (self->duration_s * self->rate + 0.5);
}

const BoloDriveStretch *
bolo_drive_scenario_find (const GArray *stretches, double time_s)
{
  g_return_val_if_fail (stretches != NULL && stretches->len > 0, NULL);
  for (guint i = 0; i < stretches->len; i++) {
    const BoloDriveStretch *stretch = &g_array_index (stretches, BoloDriveStretch, i);
    if (time_s < stretch->end_s)
      return stretch;
  }
  return &g_array_index (stretches, BoloDriveStretch, stretches->len - 1);
}

/* "town:20;overtaking:22": seconds each. Repeated and cut (@is_scaled: stretched instead) to
 * fill the drive. */
static GArray *
load_stretches (BoloKeyFile *file,
                const char *key,
                const char *const *names,
                const char *fallback,
                double duration_s,
                gboolean is_scaled,
                GError **error)
{
  g_autofree char *text = bolo_key_file_get_string (file, "traffic", key, fallback);
  g_auto (GStrv) parts = g_strsplit (text, ";", 0);
  g_autoptr (GArray) given = g_array_new (FALSE, TRUE, sizeof (BoloDriveStretch));
  double total_s = 0;

  for (guint i = 0; parts[i] != NULL; i++) {
    g_strstrip (parts[i]);
    if (*parts[i] == '\0')
      continue;
    char *colon = strchr (parts[i], ':');
    char *end = NULL;
    double length_s = colon == NULL ? -1 : g_ascii_strtod (colon + 1, &end);
    if (colon == NULL || end == colon + 1 || *end != '\0' || !(length_s >= 1 && length_s <= 3600)) {
      g_autofree char *message =
        g_strdup_printf ("'%s' is not NAME:SECONDS with 1 to 3600 seconds", parts[i]);
      bolo_key_file_set_error (file, "traffic", key, message, error);
      return NULL;
    }
    *colon = '\0';
    BoloDriveStretch stretch = {-1, 0, length_s};
    for (int k = 0; names[k] != NULL; k++) {
      if (strcmp (names[k], parts[i]) == 0)
        stretch.kind = k;
    }
    if (stretch.kind < 0) {
      const char *near = bolo_nearest_word (parts[i], names);
      g_autofree char *known = g_strjoinv (", ", (char **) names);
      g_autofree char *message =
        near != NULL ? g_strdup_printf ("'%s' is unknown; did you mean '%s'?", parts[i], near)
                     : g_strdup_printf ("'%s' is unknown; use one of %s", parts[i], known);
      bolo_key_file_set_error (file, "traffic", key, message, error);
      return NULL;
    }
    total_s += length_s;
    g_array_append_val (given, stretch);
  }
  if (given->len == 0) {
    bolo_key_file_set_error (file, "traffic", key, "names no stretch; give NAME:SECONDS", error);
    return NULL;
  }

  GArray *filled = g_array_new (FALSE, TRUE, sizeof (BoloDriveStretch));
  double factor = is_scaled ? duration_s / total_s : 1;
  double at_s = 0;
  for (guint i = 0; at_s < duration_s - 0.001; i++) {
    BoloDriveStretch stretch = g_array_index (given, BoloDriveStretch, i % given->len);
    stretch.start_s = at_s;
    at_s += stretch.end_s * factor;
    stretch.end_s = MIN (at_s, duration_s);
    g_array_append_val (filled, stretch);
  }
  return filled;
}

static gboolean
load_place (BoloKeyFile *file, const char *group, BoloDriveCamera *camera, GError **error)
{
  return bolo_key_file_get_double (file, group, "heading_deg", -180, 360, 0, &camera->heading_deg,
                                   error) &&
         bolo_key_file_get_double (file, group, "view_deg", 8, 100, 40, &camera->view_deg, error) &&
         bolo_key_file_get_double (file, group, "forward_m", -3, 3, 0.5, &camera->forward_m,
                                   error) &&
         bolo_key_file_get_double (file, group, "left_m", -1.2, 1.2, 0, &camera->left_m, error) &&
         bolo_key_file_get_double (file, group, "height_m", 0.3, 3.5, 1.4, &camera->height_m,
                                   error) &&
         bolo_key_file_get_double (file, group, "horizon", 0.1, 0.7, 0.42, &camera->horizon, error);
}

static BoloDriveCamera *
load_camera (BoloKeyFile *file, const char *group, GError **error)
{
  BoloDriveCamera *camera = g_new0 (BoloDriveCamera, 1);
  int role = 0;
  int spectrum = 0;

  camera->name = g_strstrip (g_strdup (group + strlen ("camera")));
  camera->title = bolo_key_file_get_string (file, group, "title", camera->name);
  camera->looks = bolo_key_file_get_string (file, group, "looks", "front");
  camera->overview = bolo_key_file_get_string (file, group, "overview", NULL);
  gboolean is_good =
    bolo_key_file_get_choice (file, group, "role", role_names, 0, &role, error) &&
    bolo_key_file_get_choice (file, group, "spectrum", spectrum_names, 0, &spectrum, error) &&
    load_place (file, group, camera, error);
  camera->role = g_strdup (role_names[role]);
  camera->is_infrared = spectrum == 1;
  for (const char *c = camera->name; is_good && *c != '\0'; c++) {
    if (!g_ascii_isalnum (*c) && *c != '-')
      is_good = FALSE;
  }
  if (*camera->name == '\0')
    is_good = FALSE;
  if (!is_good) {
    if (error != NULL && *error == NULL)
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "%s: [%s]: a camera's name is made of letters, digits and '-'",
                   bolo_key_file_get_name (file), group);
    camera_free (camera);
    return NULL;
  }
  return camera;
}

static gboolean
load_cameras (BoloKeyFile *file, BoloDriveScenario *self, GError **error)
{
  g_auto (GStrv) groups = bolo_key_file_get_groups (file);

  for (guint i = 0; groups[i] != NULL; i++) {
    if (!g_str_has_prefix (groups[i], "camera "))
      continue;
    BoloDriveCamera *camera = load_camera (file, groups[i], error);
    if (camera == NULL)
      return FALSE;
    g_ptr_array_add (self->cameras, camera);
  }
  if (self->cameras->len < 1 || self->cameras->len > 8) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s: there are %u cameras; add 1 to 8 groups [camera NAME]",
                 bolo_key_file_get_name (file), self->cameras->len);
    return FALSE;
  }
  for (guint i = 0; i < self->cameras->len; i++) {
    const BoloDriveCamera *camera = g_ptr_array_index (self->cameras, i);
    gboolean is_found = camera->overview == NULL;
    for (guint k = 0; k < self->cameras->len; k++) {
      const BoloDriveCamera *other = g_ptr_array_index (self->cameras, k);
      is_found = is_found || (k != i && strcmp (other->name, camera->overview) == 0);
    }
    if (!is_found) {
      g_autofree char *group = g_strdup_printf ("camera %s", camera->name);
      bolo_key_file_set_error (file, group, "overview", "is not another camera of this file",
                               error);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
load_drive (BoloKeyFile *file, BoloDriveScenario *self, GError **error)
{
  guint width = 0;
  guint height = 0;
  guint rate = 0;
  guint seed = 0;
  g_autofree char *start =
    bolo_key_file_get_string (file, "drive", "start", "2026-03-14T17:20:00Z");

  self->title = bolo_key_file_get_string (file, "drive", "title", "A drive");
  self->start_us = bolo_time_parse_utc (start);
  if (self->start_us < 0) {
    bolo_key_file_set_error (file, "drive", "start", "is not a UTC time like 2026-03-14T17:20:00Z",
                             error);
    return FALSE;
  }
  if (!bolo_key_file_get_uint (file, "drive", "seed", 0, G_MAXINT32, 1, &seed, error) ||
      !bolo_key_file_get_uint (file, "drive", "width", 320, 3840, 1280, &width, error) ||
      !bolo_key_file_get_uint (file, "drive", "height", 180, 2160, 720, &height, error) ||
      !bolo_key_file_get_uint (file, "drive", "rate", 5, 60, 15, &rate, error) ||
      !bolo_key_file_get_double (file, "drive", "duration_s", 2, 7200, 60, &self->duration_s,
                                 error) ||
      !bolo_key_file_get_double (file, "drive", "latitude", -80, 80, 51.2362, &self->latitude_deg,
                                 error) ||
      !bolo_key_file_get_double (file, "drive", "longitude", -180, 180, -0.6201,
                                 &self->longitude_deg, error) ||
      !bolo_key_file_get_double (file, "drive", "heading_deg", 0, 360, 258, &self->heading_deg,
                                 error))
    return FALSE;
  if (width % 2 != 0 || height % 2 != 0) {
    bolo_key_file_set_error (file, "drive", width % 2 != 0 ? "width" : "height",
                             "must be even, for half-size colour", error);
    return FALSE;
  }
  self->seed = seed;
  self->width = (int) width;
  self->height = (int) height;
  self->rate = (int) rate;
  return TRUE;
}

static gboolean
load_all (BoloKeyFile *file, BoloDriveScenario *self, GError **error)
{
  if (!load_drive (file, self, error) || !load_cameras (file, self, error) ||
      !bolo_key_file_get_uint (file, "traffic", "vehicles", 1, 5000, 40, &self->n_vehicles,
                               error) ||
      !bolo_key_file_get_uint (file, "wanted", "overt", 0, 500, 5, &self->n_overt, error) ||
      !bolo_key_file_get_uint (file, "wanted", "covert", 0, 50, 1, &self->n_covert, error) ||
      !bolo_key_file_get_uint (file, "wanted", "weeded", 0, 50, 1, &self->n_weeded, error) ||
      !bolo_key_file_get_uint (file, "wanted", "decoys", 0, 500, 3, &self->n_decoys, error) ||
      !bolo_key_file_get_uint (file, "wanted", "other_rows", 0, 100000, 200, &self->n_other_rows,
                               error))
    return FALSE;
  guint n_marked = self->n_overt + self->n_covert + self->n_weeded + self->n_decoys;
  if (n_marked > self->n_vehicles) {
    g_autofree char *message =
      g_strdup_printf ("is less than the %u wanted ones and decoys together", n_marked);
    bolo_key_file_set_error (file, "traffic", "vehicles", message, error);
    return FALSE;
  }
  if (self->n_decoys > 0 && n_marked == self->n_decoys) {
    bolo_key_file_set_error (file, "wanted", "decoys", "needs a wanted one to be like", error);
    return FALSE;
  }
  self->phases = load_stretches (file, "phases", phase_names, "overtaking:22;overtaken:18;town:20",
                                 self->duration_s, FALSE, error);
  if (self->phases == NULL)
    return FALSE;
  self->lights = load_stretches (file, "light", light_names, "day:28;dusk:14;night:18",
                                 self->duration_s, TRUE, error);
  return self->lights != NULL;
}

static BoloDriveScenario *
from_key_file (BoloKeyFile *file, gint64 seed, GError **error)
{
  g_autoptr (BoloDriveScenario) self = g_new0 (BoloDriveScenario, 1);

  self->cameras = g_ptr_array_new_with_free_func ((GDestroyNotify) camera_free);
  if (!load_all (file, self, error))
    return NULL;
  if (seed >= 0)
    self->seed = (guint32) seed;
  return g_steal_pointer (&self);
}

BoloDriveScenario *
bolo_drive_scenario_load (const char *path, gint64 seed, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (BoloKeyFile) file = bolo_key_file_load (path, specs, error);
  return file == NULL ? NULL : from_key_file (file, seed, error);
}

BoloDriveScenario *
bolo_drive_scenario_load_data (const char *text, const char *name, gint64 seed, GError **error)
{
  g_return_val_if_fail (text != NULL && name != NULL, NULL);
  g_autoptr (BoloKeyFile) file = bolo_key_file_load_data (text, -1, name, specs, error);
  return file == NULL ? NULL : from_key_file (file, seed, error);
}
