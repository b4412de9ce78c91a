/* bolo-health-words.c: the parts of the equipment as an icon and a word each
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-health-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  const char *what; /* of BoloHealth */
  const char *icon;
  const char *lost_icon;
  const char *title;
  const char *ok;
  const char *degraded;
  const char *lost;
} Part;

/* Translators: the words of the status line; as short as can be understood. */
static const Part parts[BOLO_N_STATUSES] = {
  [BOLO_STATUS_CAMERAS] = {"camera", "bolo-camera-symbolic", "bolo-camera-lost-symbolic",
                           N_ ("Camera"), N_ ("Cameras"), N_ ("Cameras"), N_ ("No camera")},
  [BOLO_STATUS_GPS] = {"gps", "bolo-gps-symbolic", "bolo-gps-lost-symbolic", N_ ("GPS"), N_ ("GPS"),
                       N_ ("GPS weak"), N_ ("No GPS")},
  [BOLO_STATUS_CLOCK] = {"clock", "bolo-clock-symbolic", "bolo-clock-wrong-symbolic", N_ ("Clock"),
                         N_ ("Clock"), N_ ("Clock off"), N_ ("Clock off")},
  [BOLO_STATUS_LISTS] = {"lists", "bolo-list-symbolic", "bolo-list-stale-symbolic", N_ ("Lists"),
                         N_ ("Lists"), N_ ("Lists old"), N_ ("No lists")},
  [BOLO_STATUS_STORAGE] = {"storage", "bolo-storage-symbolic", "bolo-storage-full-symbolic",
                           N_ ("Storage"), N_ ("Storage"), N_ ("Disk low"), N_ ("Not storing")},
  [BOLO_STATUS_SOUND] = {"sound", "bolo-sound-symbolic", "bolo-sound-off-symbolic", N_ ("Sound"),
                         N_ ("Sound"), N_ ("Sound"), N_ ("No sound")},
};

static const Part other_parts[] = {
  {"speech", "bolo-sound-symbolic", "bolo-sound-off-symbolic", N_ ("Speech")},
  {"notification", "bolo-list-symbolic", "bolo-list-stale-symbolic", N_ ("Notifications")},
  {"sync", "bolo-link-symbolic", "bolo-link-lost-symbolic", N_ ("Station")},
  {"policy", "bolo-sound-symbolic", "bolo-sound-off-symbolic", N_ ("Alert policy")},
  {"vision", "bolo-camera-symbolic", "bolo-camera-lost-symbolic", N_ ("Plate reading")},
};

static const BoloHealth *
find (GPtrArray *health, const char *what)
{
  for (guint i = 0; health != NULL && i < health->len; i++) {
    const BoloHealth *part = g_ptr_array_index (health, i);

    if (g_str_equal (part->what, what))
      return part;
  }
  return NULL;
}

static void
get_cameras (GPtrArray *health, guint n_cameras, BoloStatusWords *words)
{
  const BoloHealth *vision = find (health, "vision");
  guint n_working = 0;
  guint n_starting = 0;

  for (guint i = 0; health != NULL && i < health->len; i++) {
    const BoloHealth *part = g_ptr_array_index (health, i);

    if (!g_str_has_prefix (part->what, "camera:"))
      continue;
    n_working += part->state == BOLO_HEALTH_OK || part->state == BOLO_HEALTH_DEGRADED ? 1 : 0;
    n_starting += part->state == BOLO_HEALTH_STARTING ? 1 : 0;
  }
  words->state = n_working == n_cameras                ? BOLO_HEALTH_OK
                 : n_working + n_starting == n_cameras ? BOLO_HEALTH_STARTING
                 : n_working > 0                       ? BOLO_HEALTH_DEGRADED
                                                       : BOLO_HEALTH_LOST;
  if (n_cameras == 0)
    words->state = BOLO_HEALTH_LOST;
  if (vision != NULL && vision->state == BOLO_HEALTH_LOST) {
    words->state = BOLO_HEALTH_LOST;
    words->words = g_strdup (_ ("Not reading"));
  } else if (n_working == 0 && words->state == BOLO_HEALTH_LOST) {
    words->words = g_strdup (_ (parts[BOLO_STATUS_CAMERAS].lost));
  } else {
    /* Translators: cameras that work, of how many */
    words->words = g_strdup_printf (_ ("Cameras %u/%u"), n_working, n_cameras);
  }
}

void
bolo_health_words_get (GPtrArray *health,
                       guint n_cameras,
                       BoloStatusPart part,
                       BoloStatusWords *words)
{
  const Part *known;
  const BoloHealth *found;

  g_return_if_fail (part < BOLO_N_STATUSES && words != NULL);

  known = &parts[part];
  found = find (health, known->what);
  words->words = NULL;
  if (part == BOLO_STATUS_CAMERAS) {
    get_cameras (health, n_cameras, words);
  } else {
    /* What has not reported yet has not been seen to work. */
    words->state = found != NULL ? found->state : BOLO_HEALTH_STARTING;
    words->words = g_strdup (words->state == BOLO_HEALTH_LOST       ? _ (known->lost)
                             : words->state == BOLO_HEALTH_DEGRADED ? _ (known->degraded)
                                                                    : _ (known->ok));
  }
  if (part == BOLO_STATUS_SOUND && words->state == BOLO_HEALTH_OK) {
    const BoloHealth *speech = find (health, "speech");

    if (speech != NULL && speech->state == BOLO_HEALTH_LOST) {
      words->state = BOLO_HEALTH_DEGRADED;
      g_free (words->words);
      words->words = g_strdup (_ ("No speech"));
    }
  }
  words->icon_name = words->state == BOLO_HEALTH_LOST || words->state == BOLO_HEALTH_DEGRADED
                       ? known->lost_icon
                       : known->icon;
}

void
bolo_status_words_clear (BoloStatusWords *words)
{
  g_clear_pointer (&words->words, g_free);
}

static const Part *
find_part (const char *what)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    if (g_str_equal (parts[i].what, what))
      return &parts[i];
  }
  for (gsize i = 0; i < G_N_ELEMENTS (other_parts); i++) {
    if (g_str_equal (other_parts[i].what, what))
      return &other_parts[i];
  }
  return NULL;
}

char *
bolo_health_words_get_title (const BoloHealth *health)
{
  const Part *part = find_part (health->what);

  if (g_str_has_prefix (health->what, "camera:")) {
    /* Translators: %s is a camera's name */
    return g_strdup_printf (_ ("Camera %s"), health->what + strlen ("camera:"));
  }
  if (g_str_equal (health->what, "watch"))
    return g_strdup (_ ("Watch entries"));
  return g_strdup (part != NULL ? _ (part->title) : health->what);
}

const char *
bolo_health_words_get_icon (const BoloHealth *health)
{
  gboolean is_camera = g_str_has_prefix (health->what, "camera:");
  const Part *part = is_camera ? &parts[BOLO_STATUS_CAMERAS] : find_part (health->what);

  if (g_str_equal (health->what, "watch"))
    part = &parts[BOLO_STATUS_LISTS];
  if (part == NULL)
    return "bolo-unknown-symbolic";
  return health->state == BOLO_HEALTH_LOST || health->state == BOLO_HEALTH_DEGRADED
           ? part->lost_icon
           : part->icon;
}

const char *
bolo_health_words_get_state (BoloHealthState state)
{
  switch (state) {
  case BOLO_HEALTH_OK:
    return _ ("Working");
  case BOLO_HEALTH_STARTING:
    return _ ("Starting");
  case BOLO_HEALTH_DEGRADED:
    return _ ("Limited");
  case BOLO_HEALTH_LOST:
  default:
    return _ ("Not working");
  }
}

const char *
bolo_health_words_get_class (BoloHealthState state)
{
  switch (state) {
  case BOLO_HEALTH_OK:
    return "ok";
  case BOLO_HEALTH_STARTING:
    return "starting";
  case BOLO_HEALTH_DEGRADED:
    return "degraded";
  case BOLO_HEALTH_LOST:
  default:
    return "lost";
  }
}
