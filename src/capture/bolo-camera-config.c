/* bolo-camera-config.c: one camera as its key file describes it, checked
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-capture"

#include "bolo-camera-config.h"

#include "bolo-error.h"

#include <math.h>
#include <string.h>

/* Room for the jitter of a camera on the car's own wire; rtspsrc's 2000 ms would be most of the
 * time that we have for an alarm. */
#define DEFAULT_LATENCY_MS 100
/* What sensor, encoder and wire of an ordinary network camera take. */
#define DEFAULT_DELAY_MS 80
#define DEFAULT_PREVIEW_WIDTH 640
#define MAX_PREVIEW_RATE 15.0
#define MAX_SIDE 8192
#define MAX_MASK_POINTS 64

static const char *const camera_keys[] = {
  "name",          "title",        "source",     "file",  "looks",    "heading_deg",
  "mounting",      "role",         "spectrum",   "crop",  "mask",     "overview",
  "exposure",      "gain",         "frame_rate", "width", "height",   "delay_ms",
  "latency_ms",    "transport",    "user",       "loop",  "max_rate", "password_file",
  "preview_width", "preview_rate", NULL,
};

static const char *const looks_choices[] = {
  "front", "rear", "left", "right", "front-left", "front-right", "rear-left", "rear-right", NULL,
};

static const char *const role_choices[] = {"lane", "oncoming", "parked", "overview", NULL};
static const char *const spectrum_choices[] = {"colour", "infrared", NULL};
static const char *const transport_choices[] = {"tcp", "udp", "auto", NULL};
static const char *const source_schemes[] = {"libcamera", "v4l2", "rtsp", "rtsps", "replay", NULL};

/* What the readers below share. */
typedef struct {
  BoloKeyFile *file;
  const char *group;
  char *folder; /* (owned): for relative paths */
} Reading;

const char *const *
bolo_camera_config_get_keys (void)
{
  return camera_keys;
}

static BoloCameraConfig *
config_new (const char *name)
{
  BoloCameraConfig *self = g_atomic_rc_box_new0 (BoloCameraConfig);

  self->info = bolo_camera_info_new (name);
  self->masks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  self->latency_ms = DEFAULT_LATENCY_MS;
  self->delay_ms = DEFAULT_DELAY_MS;
  self->preview_width = DEFAULT_PREVIEW_WIDTH;
  self->preview_rate = MAX_PREVIEW_RATE;
  self->has_preview = TRUE;
  return self;
}

BoloCameraConfig *
bolo_camera_config_ref (const BoloCameraConfig *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloCameraConfig *) self);
}

static void
config_clear (gpointer data)
{
  BoloCameraConfig *self = data;

  if (self->password != NULL)
    explicit_bzero (self->password, strlen (self->password));
  bolo_camera_info_unref (self->info);
  g_ptr_array_unref (self->masks);
  g_free (self->file);
  g_free (self->device);
  g_free (self->user);
  g_free (self->password);
  g_free (self->password_file);
  g_free (self->exposure);
  g_free (self->gain);
}

void
bolo_camera_config_unref (const BoloCameraConfig *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full ((BoloCameraConfig *) self, config_clear);
}

static void
set_error (const Reading *reading, const char *key, GError **error, const char *message)
{
  bolo_key_file_set_error (reading->file, reading->group, key, message, error);
}

static char *
get_string (const Reading *reading, const char *key)
{
  g_autofree char *text = bolo_key_file_get_string (reading->file, reading->group, key, NULL);

  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static char *
resolve_path (const Reading *reading, const char *path)
{
  return g_path_is_absolute (path) ? g_strdup (path)
                                   : g_build_filename (reading->folder, path, NULL);
}

static gboolean
name_is_good (const char *name)
{
  gsize length = strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

  return length > 0 && length <= 40 && name[length] == '\0';
}

/* --- source ---------------------------------------------------------------------------------- */

/* Takes the credentials out of @uri, so that no later sentence or log can hold them. */
static gboolean
read_rtsp_uri (const Reading *reading, BoloCameraConfig *self, const char *uri, GError **error)
{
  const GUriFlags flags = G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD;
  g_autofree char *scheme = NULL;
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;
  g_autofree char *host = NULL;
  g_autofree char *path = NULL;
  g_autofree char *query = NULL;
  int port = -1;

  if (!g_uri_split_with_user (uri, flags, &scheme, &user, &password, NULL, &host, &port, &path,
                              &query, NULL, NULL) ||
      host == NULL || *host == '\0') {
    set_error (reading, "source", error,
               "this is not an RTSP address; write rtsp://HOST:PORT/PATH, "
               "and the credentials with user= and password_file=");
    return FALSE;
  }
  self->source = BOLO_CAMERA_SOURCE_RTSP;
  self->device = g_uri_join (flags, scheme, NULL, host, port, path, query, NULL);
  if (user != NULL && *user != '\0')
    self->user = g_uri_unescape_string (user, NULL);
  if (password != NULL)
    self->password = g_uri_unescape_string (password, NULL);
  return TRUE;
}

static void
set_scheme_error (const Reading *reading, const char *scheme, GError **error)
{
  const char *nearest = bolo_nearest_word (scheme, source_schemes);
  g_autofree char *message = NULL;

  if (nearest != NULL)
    message = g_strdup_printf ("unknown source '%s:'; did you mean '%s:'?", scheme, nearest);
  else
    message = g_strdup ("unknown source; write libcamera:NAME, v4l2:/dev/videoN, rtsp://HOST/PATH "
                        "or replay:FILE");
  set_error (reading, "source", error, message);
}

static gboolean
read_source_text (const Reading *reading, BoloCameraConfig *self, const char *text, GError **error)
{
  const char *colon = strchr (text, ':');
  const char *rest = colon != NULL ? colon + 1 : "";
  g_autofree char *scheme = colon != NULL ? g_strndup (text, colon - text) : g_strdup (text);

  if (g_str_equal (scheme, "rtsp") || g_str_equal (scheme, "rtsps"))
    return read_rtsp_uri (reading, self, text, error);
  if (g_str_equal (scheme, "libcamera")) {
    self->source = BOLO_CAMERA_SOURCE_LIBCAMERA;
    self->device = g_strdup (rest);
    return TRUE;
  }
  if (g_str_equal (scheme, "v4l2") && *rest == '/') {
    self->source = BOLO_CAMERA_SOURCE_V4L2;
    self->device = g_strdup (rest);
    return TRUE;
  }
  if (g_str_equal (scheme, "replay") && *rest != '\0') {
    self->source = BOLO_CAMERA_SOURCE_REPLAY;
    self->device = resolve_path (reading, rest);
    return TRUE;
  }
  if (g_str_equal (scheme, "v4l2"))
    set_error (reading, "source", error, "v4l2: wants a device node, such as v4l2:/dev/video0");
  else if (g_str_equal (scheme, "replay"))
    set_error (reading, "source", error, "replay: wants a clip's path, such as replay:front.mkv");
  else
    set_scheme_error (reading, scheme, error);
  return FALSE;
}

static gboolean
read_source (const Reading *reading, BoloCameraConfig *self, GError **error)
{
  g_autofree char *text = get_string (reading, "source");
  g_autofree char *clip = get_string (reading, "file");

  if (clip != NULL) {
    if (text != NULL) {
      set_error (reading, "file", error, "a camera has either source= or file=, not both");
      return FALSE;
    }
    self->source = BOLO_CAMERA_SOURCE_REPLAY;
    self->device = resolve_path (reading, clip);
    return TRUE;
  }
  if (text == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s: [%s] has no source; write source=v4l2:/dev/video0, libcamera:NAME, "
                 "rtsp://HOST/PATH or replay:FILE",
                 bolo_key_file_get_name (reading->file), reading->group);
    return FALSE;
  }
  return read_source_text (reading, self, text, error);
}

static gboolean
read_access (const Reading *reading, BoloCameraConfig *self, GError **error)
{
  g_autofree char *user = get_string (reading, "user");
  g_autofree char *password_file = get_string (reading, "password_file");
  int transport = BOLO_CAMERA_TRANSPORT_TCP;

  if (user != NULL) {
    g_free (self->user);
    self->user = g_steal_pointer (&user);
  }
  if (password_file != NULL)
    self->password_file = resolve_path (reading, password_file);
  if (self->password_file != NULL && self->user == NULL) {
    set_error (reading, "password_file", error, "there is a password but no user=");
    return FALSE;
  }
  if (!bolo_key_file_get_choice (reading->file, reading->group, "transport", transport_choices,
                                 BOLO_CAMERA_TRANSPORT_TCP, &transport, error))
    return FALSE;
  self->transport = transport;
  return TRUE;
}

/* --- what it is and where it looks ----------------------------------------------------------- */

static gboolean
read_looks (const Reading *reading, BoloCameraConfig *self, GError **error)
{
  BoloCameraInfo *info = self->info;
  int looks = 0;
  int role = BOLO_CAMERA_ROLE_LANE;
  int spectrum = 0;

  if (!bolo_key_file_get_choice (reading->file, reading->group, "looks", looks_choices, 0, &looks,
                                 error) ||
      !bolo_key_file_get_choice (reading->file, reading->group, "role", role_choices,
                                 BOLO_CAMERA_ROLE_LANE, &role, error) ||
      !bolo_key_file_get_choice (reading->file, reading->group, "spectrum", spectrum_choices, 0,
                                 &spectrum, error) ||
      !bolo_key_file_get_double (reading->file, reading->group, "heading_deg", -360, 360, NAN,
                                 &info->heading_deg, error))
    return FALSE;
  g_free (info->looks);
  info->looks = g_strdup (looks_choices[looks]);
  info->role = role;
  info->is_infrared = spectrum == 1;
  return TRUE;
}

static void
read_titles (const Reading *reading, BoloCameraConfig *self)
{
  BoloCameraInfo *info = self->info;
  g_autofree char *title = get_string (reading, "title");

  if (title != NULL) {
    g_free (info->title);
    info->title = g_steal_pointer (&title);
  }
  g_free (info->mounting);
  info->mounting = get_string (reading, "mounting");
  g_free (info->overview);
  info->overview = get_string (reading, "overview");
}

/* --- picture --------------------------------------------------------------------------------- */

static gboolean
read_number (const char *text, double maximum, double *value)
{
  char *end = NULL;

  *value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && *value >= 0 && *value <= maximum;
}

static gboolean
read_crop (const Reading *reading, BoloCameraConfig *self, GError **error)
{
  g_autofree char *text = get_string (reading, "crop");
  g_auto (GStrv) parts = NULL;

  if (text == NULL)
    return TRUE;
  parts = g_strsplit (text, ",", -1);
  for (int i = 0; i < 4; i++) {
    double value = 0;

    if (g_strv_length (parts) != 4 || !read_number (g_strstrip (parts[i]), MAX_SIDE, &value)) {
      set_error (reading, "crop", error, "crop wants X,Y,WIDTH,HEIGHT in pixels of the source");
      return FALSE;
    }
    self->crop[i] = (int) value & ~1; /* chroma has half as many samples */
  }
  if (self->crop[2] >= 16 && self->crop[3] >= 16)
    return TRUE;
  set_error (reading, "crop", error, "a crop is at least 16 pixels wide and high");
  return FALSE;
}

static GArray *
read_polygon (const char *text)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (BoloCameraPoint));
  g_auto (GStrv) corners = g_strsplit_set (text, " \t", -1);

  for (gsize i = 0; corners[i] != NULL; i++) {
    g_auto (GStrv) pair = g_strsplit (corners[i], ",", -1);
    BoloCameraPoint point;

    if (*corners[i] == '\0')
      continue;
    if (g_strv_length (pair) != 2 || !read_number (pair[0], MAX_SIDE, &point.x) ||
        !read_number (pair[1], MAX_SIDE, &point.y))
      return NULL;
    g_array_append_val (points, point);
  }
  if (points->len < 3 || points->len > MAX_MASK_POINTS)
    return NULL;
  return g_steal_pointer (&points);
}

static gboolean
read_masks (const Reading *reading, BoloCameraConfig *self, GError **error)
{
  g_auto (GStrv) texts = bolo_key_file_get_list (reading->file, reading->group, "mask");

  for (gsize i = 0; texts[i] != NULL; i++) {
    g_autoptr (GArray) polygon = NULL;

    if (*g_strstrip (texts[i]) == '\0')
      continue;
    polygon = read_polygon (texts[i]);
    if (polygon == NULL) {
      set_error (reading, "mask", error,
                 "a mask is at least three corners 'X,Y X,Y X,Y' in pixels of the source, "
                 "masks are separated by ';'");
      return FALSE;
    }
    g_ptr_array_add (self->masks, g_steal_pointer (&polygon));
  }
  return TRUE;
}

static gboolean
read_int (
  const Reading *reading, const char *key, int minimum, int maximum, int *value, GError **error)
{
  gint64 number = 0;

  if (!bolo_key_file_get_int (reading->file, reading->group, key, minimum, maximum, *value, &number,
                              error))
    return FALSE;
  *value = (int) number;
  return TRUE;
}

/* "auto" or a number, kept as text for the driver. */
static gboolean
read_hint (const Reading *reading, const char *key, char **hint, GError **error)
{
  g_autofree char *text = get_string (reading, key);
  g_autofree char *message = NULL;
  double value = 0;

  if (text == NULL)
    return TRUE;
  if (!g_str_equal (text, "auto") && !read_number (text, 1e6, &value)) {
    message = g_strdup_printf ("%s is 'auto' or a number", key);
    set_error (reading, key, error, message);
    return FALSE;
  }
  *hint = g_steal_pointer (&text);
  return TRUE;
}

static gboolean
read_picture (const Reading *reading, BoloCameraConfig *self, GError **error)
{
  BoloKeyFile *file = reading->file;
  const char *group = reading->group;

  return read_crop (reading, self, error) && read_masks (reading, self, error) &&
         read_hint (reading, "exposure", &self->exposure, error) &&
         read_hint (reading, "gain", &self->gain, error) &&
         read_int (reading, "width", 16, MAX_SIDE, &self->width, error) &&
         read_int (reading, "height", 16, MAX_SIDE, &self->height, error) &&
         read_int (reading, "delay_ms", 0, 5000, &self->delay_ms, error) &&
         read_int (reading, "latency_ms", 0, 2000, &self->latency_ms, error) &&
         read_int (reading, "preview_width", 0, 1280, &self->preview_width, error) &&
         bolo_key_file_get_double (file, group, "frame_rate", 1, 240, 0, &self->frame_rate,
                                   error) &&
         bolo_key_file_get_double (file, group, "preview_rate", 1, MAX_PREVIEW_RATE,
                                   MAX_PREVIEW_RATE, &self->preview_rate, error) &&
         bolo_key_file_get_double (file, group, "max_rate", 0.1, 240, 0, &self->max_rate, error) &&
         bolo_key_file_get_boolean (file, group, "loop", FALSE, &self->is_looping, error);
}

/* --- loading --------------------------------------------------------------------------------- */

static char *
get_name (const Reading *reading, const char *fallback, GError **error)
{
  g_autofree char *name = get_string (reading, "name");

  if (name == NULL)
    name = g_strdup (fallback);
  if (name != NULL && name_is_good (name))
    return g_steal_pointer (&name);
  if (bolo_key_file_has_key (reading->file, reading->group, "name"))
    set_error (reading, "name", error, "a camera's name is of letters, digits and '-', at most 40");
  else
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s: [%s] has no usable name; write name= with letters, digits and '-'",
                 bolo_key_file_get_name (reading->file), reading->group);
  return NULL;
}

BoloCameraConfig *
bolo_camera_config_new_from_group (BoloKeyFile *file,
                                   const char *group,
                                   const char *name,
                                   GError **error)
{
  g_autoptr (BoloCameraConfig) self = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *own_name = NULL;
  Reading reading;

  g_return_val_if_fail (file != NULL, NULL);
  g_return_val_if_fail (group != NULL, NULL);

  folder = g_path_get_dirname (bolo_key_file_get_name (file));
  reading = (Reading){file, group, folder};
  own_name = get_name (&reading, name, error);
  if (own_name == NULL)
    return NULL;
  self = config_new (own_name);
  self->file = g_strdup (bolo_key_file_get_name (file));
  read_titles (&reading, self);
  if (!read_source (&reading, self, error) || !read_access (&reading, self, error) ||
      !read_looks (&reading, self, error) || !read_picture (&reading, self, error))
    return NULL;
  return g_steal_pointer (&self);
}

BoloCameraConfig *
bolo_camera_config_load (const char *path, GError **error)
{
  static const BoloKeySpec specs[] = {{"camera", camera_keys}, {NULL, NULL}};
  g_autoptr (BoloKeyFile) file = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = bolo_key_file_load (path, specs, error);
  if (file == NULL)
    return NULL;
  if (!bolo_key_file_has_group (file, "camera")) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "%s has no group [camera]; add it",
                 path);
    return NULL;
  }
  name = g_path_get_basename (path);
  if (g_str_has_suffix (name, ".conf"))
    name[strlen (name) - strlen (".conf")] = '\0';
  return bolo_camera_config_new_from_group (file, "camera", name, error);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_files (const char *directory, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) foreign = NULL;
  g_autoptr (GDir) folder = g_dir_open (directory, 0, &foreign);
  const char *name;

  if (folder == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND,
                 "The cameras' folder %s cannot be opened; make it, with one .conf file a camera",
                 directory);
    return NULL;
  }
  while ((name = g_dir_read_name (folder)) != NULL) {
    if (g_str_has_suffix (name, ".conf"))
      g_ptr_array_add (paths, g_build_filename (directory, name, NULL));
  }
  g_ptr_array_sort (paths, compare_names);
  return g_steal_pointer (&paths);
}

static const BoloCameraConfig *
find_by_name (GPtrArray *cameras, const char *name)
{
  for (guint i = 0; i < cameras->len; i++) {
    const BoloCameraConfig *camera = g_ptr_array_index (cameras, i);

    if (g_str_equal (camera->info->name, name))
      return camera;
  }
  return NULL;
}

static gboolean
check_overviews (GPtrArray *cameras, GError **error)
{
  for (guint i = 0; i < cameras->len; i++) {
    const BoloCameraConfig *camera = g_ptr_array_index (cameras, i);

    if (camera->info->overview == NULL || find_by_name (cameras, camera->info->overview) != NULL)
      continue;
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s: overview=%s names no camera of this folder", camera->file,
                 camera->info->overview);
    return FALSE;
  }
  return TRUE;
}

GPtrArray *
bolo_camera_config_load_directory (const char *directory, GError **error)
{
  g_autoptr (GPtrArray) paths = NULL;
  g_autoptr (GPtrArray) cameras = NULL;

  g_return_val_if_fail (directory != NULL, NULL);

  paths = list_files (directory, error);
  if (paths == NULL)
    return NULL;
  cameras = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_camera_config_unref);
  for (guint i = 0; i < paths->len; i++) {
    BoloCameraConfig *camera = bolo_camera_config_load (g_ptr_array_index (paths, i), error);
    const BoloCameraConfig *twin;

    if (camera == NULL)
      return NULL;
    twin = find_by_name (cameras, camera->info->name);
    g_ptr_array_add (cameras, camera);
    if (twin != NULL) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "%s: the name '%s' is taken by %s; give one of them another name=", camera->file,
                   camera->info->name, twin->file);
      return NULL;
    }
  }
  return check_overviews (cameras, error) ? g_steal_pointer (&cameras) : NULL;
}

BoloCameraConfig *
bolo_camera_config_new_replay (const char *name, const char *path, gint64 clip_start_us)
{
  BoloCameraConfig *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);

  self = config_new (name);
  self->file = g_strdup (path);
  self->source = BOLO_CAMERA_SOURCE_REPLAY;
  self->device = g_strdup (path);
  self->clip_start_us = clip_start_us;
  self->has_preview = FALSE;
  return self;
}

char *
bolo_camera_config_describe_source (const BoloCameraConfig *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  switch (self->source) {
  case BOLO_CAMERA_SOURCE_LIBCAMERA:
    return g_strdup (*self->device != '\0' ? self->device : "libcamera");
  case BOLO_CAMERA_SOURCE_REPLAY:
    return g_path_get_basename (self->device);
  case BOLO_CAMERA_SOURCE_V4L2:
  case BOLO_CAMERA_SOURCE_RTSP:
    break;
  }
  return g_strdup (self->device);
}
