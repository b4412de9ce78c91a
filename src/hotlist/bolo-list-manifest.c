/* bolo-list-manifest.c: names the files of a list's current revision; renaming it is the swap
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-manifest"

#include "bolo-list-manifest.h"

#include "bolo-key-file.h"
#include "bolo-list-files.h"

#include <string.h>

#define NAME_MAX_LENGTH 64

gboolean
bolo_list_name_is_good (const char *name)
{
  gsize length;

  g_return_val_if_fail (name != NULL, FALSE);

  length = strspn (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_");
  return length > 0 && length <= NAME_MAX_LENGTH && name[length] == '\0' && name[0] != '-';
}

void
bolo_list_manifest_free (BoloListManifest *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->revision, g_free);
  g_clear_pointer (&self->checksum, g_free);
  g_free (self);
}

static gboolean
load_name (BoloKeyFile *file, const char *key, char **value, GError **error)
{
  *value = bolo_key_file_get_string (file, "list", key, "");
  if (bolo_list_name_is_good (*value))
    return TRUE;
  bolo_key_file_set_error (file, "list", key, "the manifest is damaged; import the list again",
                           error);
  return FALSE;
}

BoloListManifest *
bolo_list_manifest_load (const char *lists, const char *name, GError **error)
{
  static const char *const keys[] = {"name", "kind",      "revision", "sha256",
                                     "map",  "loaded_us", "dated_us", NULL};
  static const BoloKeySpec specs[] = {{"list", keys}, {NULL, NULL}};
  g_autoptr (BoloListManifest) self = NULL;
  g_autoptr (BoloKeyFile) file = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (lists != NULL && name != NULL, NULL);

  path = g_build_filename (lists, name, "manifest.ini", NULL);
  file = bolo_key_file_load (path, specs, error);
  if (file == NULL)
    return NULL;
  self = g_new0 (BoloListManifest, 1);
  if (!load_name (file, "name", &self->name, error) ||
      !load_name (file, "kind", &self->kind, error) ||
      !load_name (file, "revision", &self->revision, error) ||
      !load_name (file, "sha256", &self->checksum, error) ||
      !bolo_key_file_get_boolean (file, "list", "map", FALSE, &self->has_map, error) ||
      !bolo_key_file_get_int (file, "list", "loaded_us", 0, G_MAXINT64, 0, &self->loaded_us,
                              error) ||
      !bolo_key_file_get_int (file, "list", "dated_us", 0, G_MAXINT64, 0, &self->dated_us, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
bolo_list_manifest_save (const BoloListManifest *self, const char *lists, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (self != NULL && lists != NULL, FALSE);

  path = g_build_filename (lists, self->name, "manifest.ini", NULL);
  text = g_strdup_printf ("# The list's current revision; written by Bolo, not by hand.\n"
                          "[list]\nname=%s\nkind=%s\nrevision=%s\nsha256=%s\nmap=%s\n"
                          "loaded_us=%" G_GINT64_FORMAT "\ndated_us=%" G_GINT64_FORMAT "\n",
                          self->name, self->kind, self->revision, self->checksum,
                          self->has_map ? "true" : "false", self->loaded_us, self->dated_us);
  return bolo_list_files_replace (path, text, error);
}
