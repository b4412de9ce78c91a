/* bolo-sync-config.c: sync.conf: whom records go to and lists come from
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-sync-config"

#include "bolo-sync-config.h"

#include <string.h>

#include "bolo-error.h"
#include "bolo-key-file.h"
#include "bolo-list-manifest.h"

#define PREFIX "remote "
#define STICK "stick"
#define INTERVAL_DEFAULT_S 60
#define INTERVAL_MAX_S 3600
/* What BOF2 takes; it has no place for anything else. */
#define BOF2_TOPICS "hit sighting picture"

static const char *const types[] = {"https", "bof2", "usb", NULL};

static void
remote_free (gpointer data)
{
  BoloRemote *remote = data;

  g_free (remote->name);
  g_free (remote->url);
  g_free (remote->authority);
  g_free (remote->certificate);
  g_free (remote->key);
  g_strfreev (remote->station_keys);
  g_free (remote->car_key);
  g_clear_pointer (&remote->settings, g_free);
  g_clear_pointer (&remote->extra, g_hash_table_unref);
  g_free (remote);
}

static BoloSyncConfig *
config_new (void)
{
  BoloSyncConfig *self = g_atomic_rc_box_new0 (BoloSyncConfig);

  self->remotes = g_ptr_array_new_with_free_func (remote_free);
  return self;
}

BoloSyncConfig *
bolo_sync_config_ref (const BoloSyncConfig *self)
{
  return g_atomic_rc_box_acquire ((BoloSyncConfig *) self);
}

static void
config_clear (gpointer data)
{
  g_ptr_array_unref (((BoloSyncConfig *) data)->remotes);
  g_free (((BoloSyncConfig *) data)->stick_folder);
}

void
bolo_sync_config_unref (const BoloSyncConfig *self)
{
  g_atomic_rc_box_release_full ((BoloSyncConfig *) self, config_clear);
}

/* ---- one remote ---------------------------------------------------------------------------- */

/* (transfer full): an absolute path; NULL with a sentence where there is no such file. */
static char *
load_path (BoloKeyFile *file, const char *group, const char *key, GError **error)
{
  g_autofree char *value = bolo_key_file_get_string (file, group, key, NULL);
  g_autofree char *relative = g_path_get_dirname (bolo_key_file_get_name (file));
  g_autofree char *folder = g_canonicalize_filename (relative, NULL);
  g_autofree char *path = NULL;

  if (value == NULL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s: [%s] needs %s=, the path of a file", bolo_key_file_get_name (file), group,
                 key);
    return NULL;
  }
  path = g_canonicalize_filename (value, folder);
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR)) {
    g_autofree char *sentence = g_strdup_printf ("there is no file %s", path);

    bolo_key_file_set_error (file, group, key, sentence, error);
    return NULL;
  }
  return g_steal_pointer (&path);
}

static gboolean
load_url (BoloKeyFile *file, const char *group, BoloRemote *remote, GError **error)
{
  g_autofree char *value = bolo_key_file_get_string (file, group, "url", "");
  g_autoptr (GUri) uri = g_uri_parse (value, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || g_strcmp0 (g_uri_get_scheme (uri), "https") != 0 ||
      g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      g_uri_get_query (uri) != NULL || g_uri_get_userinfo (uri) != NULL) {
    if (bolo_key_file_has_key (file, group, "url"))
      bolo_key_file_set_error (file, group, "url",
                               "an address is wanted as https://station.example:8443", error);
    else
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "%s: [%s] needs url=", bolo_key_file_get_name (file), group);
    return FALSE;
  }
  while (g_str_has_suffix (value, "/"))
    value[strlen (value) - 1] = '\0';
  remote->url = g_steal_pointer (&value);
  return TRUE;
}

static gboolean
load_station_keys (BoloKeyFile *file, const char *group, BoloRemote *remote, GError **error)
{
  remote->station_keys = bolo_key_file_get_list (file, group, "station_keys");
  for (guint i = 0; remote->station_keys[i] != NULL; i++) {
    if (!bolo_list_name_is_good (g_strstrip (remote->station_keys[i]))) {
      bolo_key_file_set_error (file, group, "station_keys",
                               "name keys as boloctl hotlist trust told them", error);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
load_habits (BoloKeyFile *file, const char *group, BoloRemote *remote, GError **error)
{
  static const char *const whens[] = {"always", "unmetered", "never", NULL};
  gint64 interval;
  int when;

  if (!bolo_key_file_get_choice (file, group, "pictures", whens, BOLO_PICTURES_UNMETERED, &when,
                                 error) ||
      !bolo_key_file_get_int (file, group, "interval", 5, INTERVAL_MAX_S, INTERVAL_DEFAULT_S,
                              &interval, error) ||
      !bolo_key_file_get_boolean (file, group, "shared", TRUE, &remote->wants_shared, error))
    return FALSE;
  remote->pictures = (BoloPicturesWhen) when;
  remote->interval_s = (guint) interval;
  return TRUE;
}

static gboolean
load_https (BoloKeyFile *file, const char *group, BoloRemote *remote, GError **error)
{
  remote->authority = load_path (file, group, "authority", error);
  if (remote->authority != NULL)
    remote->certificate = load_path (file, group, "certificate", error);
  if (remote->certificate != NULL)
    remote->key = load_path (file, group, "key", error);
  return remote->key != NULL && load_station_keys (file, group, remote, error);
}

/* What is needed for sticks; of other remotes it may be left out. */
static gboolean
load_stick (BoloKeyFile *file, const char *group, BoloRemote *remote, GError **error)
{
  if (remote->type == BOLO_REMOTE_USB || bolo_key_file_has_key (file, group, "car_key"))
    remote->car_key = load_path (file, group, "car_key", error);
  else
    return TRUE;
  return remote->car_key != NULL;
}

/* Nothing but sticks: a key of each side is all there is. */
static gboolean
load_usb (BoloKeyFile *file, const char *group, BoloRemote *remote, GError **error)
{
  remote->url = g_strdup ("");
  if (!load_station_keys (file, group, remote, error))
    return FALSE;
  if (remote->station_keys[0] != NULL)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "%s: [%s] needs station_keys=, the station's first", bolo_key_file_get_name (file),
               group);
  return FALSE;
}

/* What is in it is looked at when it is needed, so that the other remotes work whatever it says. */
static gboolean
load_bof2 (BoloKeyFile *file, const char *group, BoloRemote *remote, GError **error)
{
  remote->url = bolo_key_file_get_string (file, group, "url", "");
  remote->settings = load_path (file, group, "settings", error);
  return remote->settings != NULL;
}

static void
load_extra (BoloKeyFile *file, const char *group, BoloRemote *remote)
{
  g_auto (GStrv) keys = bolo_key_file_get_keys (file, group);

  for (guint i = 0; keys[i] != NULL; i++)
    g_hash_table_insert (remote->extra, g_strdup (keys[i]),
                         bolo_key_file_get_string (file, group, keys[i], NULL));
}

static gboolean
load_remote (BoloSyncConfig *self, BoloKeyFile *file, const char *group, GError **error)
{
  BoloRemote *remote = g_new0 (BoloRemote, 1);
  int type;

  g_ptr_array_add (self->remotes, remote);
  remote->name = g_strdup (group + strlen (PREFIX));
  remote->extra = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!bolo_list_name_is_good (remote->name)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s: [%s]: a remote's name is 1 to 64 of a-z A-Z 0-9 - _",
                 bolo_key_file_get_name (file), group);
    return FALSE;
  }
  if (!bolo_key_file_get_choice (file, group, "type", types, BOLO_REMOTE_HTTPS, &type, error) ||
      !load_habits (file, group, remote, error))
    return FALSE;
  remote->type = (BoloRemoteType) type;
  load_extra (file, group, remote);
  if (!load_stick (file, group, remote, error))
    return FALSE;
  if (remote->type == BOLO_REMOTE_BOF2)
    return load_bof2 (file, group, remote, error);
  if (remote->type == BOLO_REMOTE_USB)
    return load_usb (file, group, remote, error);
  return load_url (file, group, remote, error) && load_https (file, group, remote, error);
}

static gboolean
load_stick_folder (BoloSyncConfig *self, BoloKeyFile *file, GError **error)
{
  self->stick_folder = bolo_key_file_get_string (file, STICK, "folder", NULL);
  if (self->stick_folder == NULL || g_path_is_absolute (self->stick_folder))
    return TRUE;
  bolo_key_file_set_error (file, STICK, "folder", "an absolute path is wanted, as /media/stick",
                           error);
  return FALSE;
}

/* ---- the file ------------------------------------------------------------------------------ */

BoloSyncConfig *
bolo_sync_config_load (const char *path, GError **error)
{
  static const char *const keys[] = {"type",   "url",          "authority", "certificate",
                                     "key",    "station_keys", "pictures",  "interval",
                                     "shared", "settings",     "car_key",   NULL};
  static const char *const stick_keys[] = {"folder", NULL};
  static const BoloKeySpec specs[] = {{PREFIX "*", keys}, {STICK, stick_keys}, {NULL, NULL}};
  g_autoptr (BoloSyncConfig) self = NULL;
  g_autoptr (BoloKeyFile) file = NULL;
  g_auto (GStrv) groups = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = bolo_key_file_load (path, specs, error);
  if (file == NULL)
    return NULL;
  self = config_new ();
  groups = bolo_key_file_get_groups (file);
  for (guint i = 0; groups[i] != NULL; i++) {
    if (!(g_str_equal (groups[i], STICK) ? load_stick_folder (self, file, error)
                                         : load_remote (self, file, groups[i], error)))
      return NULL;
  }
  return g_steal_pointer (&self);
}

BoloSyncConfig *
bolo_sync_config_load_state (const char *state_dir, GError **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (state_dir != NULL, NULL);

  path = g_build_filename (state_dir, BOLO_SYNC_CONFIG_FILE, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return config_new ();
  return bolo_sync_config_load (path, error);
}

const BoloRemote *
bolo_sync_config_find (const BoloSyncConfig *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  for (guint i = 0; i < self->remotes->len; i++) {
    const BoloRemote *remote = self->remotes->pdata[i];

    if (g_str_equal (remote->name, name))
      return remote;
  }
  return NULL;
}

char **
bolo_sync_config_get_receivers (const BoloSyncConfig *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->remotes->len; i++) {
    const BoloRemote *remote = self->remotes->pdata[i];
    g_autofree char *receiver =
      g_strconcat (remote->name, remote->type == BOLO_REMOTE_BOF2 ? " " BOF2_TOPICS : "", NULL);

    g_strv_builder_add (builder, receiver);
  }
  return g_strv_builder_end (builder);
}
