/* bolo-station-configuration.c: the files that a station pushes, tried and put in their places
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-lists"

#include "bolo-station-configuration.h"

#include <glib/gstdio.h>
#include <string.h>

#include "bolo-error.h"
#include "bolo-json-reader.h"
#include "bolo-list-files.h"
#include "bolo-list-settings.h"
#include "bolo-pushed-policy.h"
#include "bolo-sync-config.h"

#define LISTS_CONFIG_FILE "lists.conf"

static gboolean
may_be_pushed (const char *name, GError **error)
{
  if (g_str_equal (name, BOLO_SYNC_CONFIG_FILE) || g_str_equal (name, LISTS_CONFIG_FILE) ||
      g_str_equal (name, BOLO_ALERT_POLICY_FILE))
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "the station pushes a file %s, which may not be pushed; see bolo-sync.conf(5)",
               name);
  return FALSE;
}

static gboolean
parses (const char *name, const char *path, GError **error)
{
  BoloListSettings *settings;
  gboolean is_good;

  if (g_str_equal (name, BOLO_SYNC_CONFIG_FILE)) {
    g_autoptr (BoloSyncConfig) config = bolo_sync_config_load (path, error);

    return config != NULL;
  }
  settings = bolo_list_settings_load (path, error);
  is_good = settings != NULL;
  g_clear_pointer (&settings, bolo_list_settings_free);
  return is_good;
}

/* Each beside its place, as it is to be read there. */
static gboolean
try_beside (const BoloStationPush *push, const char *name, const char *text, GError **error)
{
  g_autofree char *trial = g_strconcat (name, ".pushed", NULL);
  g_autofree char *path = g_build_filename (push->state_dir, trial, NULL);
  gboolean is_good = bolo_list_files_replace (path, text, error) && parses (name, path, error);

  g_unlink (path);
  return is_good;
}

static gboolean
try_file (const BoloStationPush *push, BoloJsonReader *files, const char *name, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (BoloAlertPolicy) policy = NULL;

  if (!may_be_pushed (name, error) || !bolo_json_reader_get_text (files, name, &text, error))
    return FALSE;
  if (!g_str_equal (name, BOLO_ALERT_POLICY_FILE))
    return try_beside (push, name, text, error);
  policy = bolo_alert_policy_parse (text, name, error);
  return policy != NULL;
}

/* A configuration without one takes back what waits. */
static gboolean
put_policy (const BoloStationPush *push, BoloJsonReader *files, GError **error)
{
  g_autofree char *text = NULL;
  BoloPushedPolicy policy = {push->number, (char *) push->remote, (char *) push->station};

  if (!bolo_json_reader_has (files, BOLO_ALERT_POLICY_FILE))
    return bolo_pushed_policy_withdraw (push->state_dir, push->remote, error);
  if (!bolo_json_reader_get_text (files, BOLO_ALERT_POLICY_FILE, &text, error))
    return FALSE;
  policy.text = text;
  return bolo_pushed_policy_keep (push->state_dir, &policy, error);
}

static gboolean
put_file (const BoloStationPush *push, BoloJsonReader *files, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (push->state_dir, name, NULL);
  g_autofree char *text = NULL;

  return bolo_json_reader_get_text (files, name, &text, error) &&
         bolo_list_files_replace (path, text, error);
}

static gboolean
put_files (const BoloStationPush *push, BoloJsonReader *files, char **names, GError **error)
{
  for (guint i = 0; names[i] != NULL; i++) {
    if (!try_file (push, files, names[i], error))
      return FALSE;
  }
  /* First, for it may still be refused as a replay. */
  if (!put_policy (push, files, error))
    return FALSE;
  for (guint i = 0; names[i] != NULL; i++) {
    if (!g_str_equal (names[i], BOLO_ALERT_POLICY_FILE) && !put_file (push, files, names[i], error))
      return FALSE;
  }
  return TRUE;
}

gboolean
bolo_station_configuration_apply (const BoloStationPush *push, GError **error)
{
  g_autoptr (BoloJsonReader) reader = NULL;
  g_autoptr (BoloJsonReader) files = NULL;
  g_auto (GStrv) names = NULL;
  gint64 number;

  g_return_val_if_fail (push != NULL && push->text != NULL, FALSE);

  reader =
    bolo_json_reader_new (push->text, strlen (push->text), "the pushed configuration", error);
  if (reader == NULL || !bolo_json_reader_get_int (reader, "number", 1, G_MAXINT64, &number, error))
    return FALSE;
  if (number != push->number) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_STALE,
                 "it is signed as number %" G_GINT64_FORMAT ", which is refused as a replay",
                 number);
    return FALSE;
  }
  files = bolo_json_reader_get_object (reader, "files", error);
  names = files != NULL ? bolo_json_reader_get_names (files) : NULL;
  return names != NULL && put_files (push, files, names, error);
}
