/* bolo-list-manifest.c: names the files of a list's current revision; renaming it is the swap
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-manifest"

#include "bolo-list-manifest.h"

#include "bolo-error.h"
#include "bolo-key-file.h"
#include "bolo-list-files.h"

#include <string.h>

#define GROUP "list"
#define NAME_MAX_LENGTH 64
#define SIGNER_MAX_LENGTH 128
#define LAYERS_MAX 64
#define PAST ".past" /* no list can be called so */

gboolean
bolo_list_name_is_good (const char *name)
{
  gsize length;

  g_return_val_if_fail (name != NULL, FALSE);

  length = strspn (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_");
  return length > 0 && length <= NAME_MAX_LENGTH && name[length] == '\0' && name[0] != '-';
}

gboolean
bolo_list_revision_is_good (const char *revision)
{
  gsize length;

  g_return_val_if_fail (revision != NULL, FALSE);

  length = strlen (revision);
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (revision[i]))
      return FALSE;
  return length > 0 && length <= NAME_MAX_LENGTH;
}

static gboolean
is_signer (const char *text)
{
  return *text != '\0' && strlen (text) <= SIGNER_MAX_LENGTH && g_utf8_validate (text, -1, NULL) &&
         strpbrk (text, "\r\n") == NULL;
}

void
bolo_list_manifest_free (BoloListManifest *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->revision, g_free);
  g_clear_pointer (&self->source, g_free);
  g_clear_pointer (&self->format, g_free);
  g_clear_pointer (&self->layers, g_strfreev);
  g_clear_pointer (&self->signer, g_free);
  g_clear_pointer (&self->signed_sha256, g_free);
  g_free (self);
}

static gboolean
load_text (BoloKeyFile *file,
           const char *key,
           gboolean (*is_good) (const char *),
           char **value,
           GError **error)
{
  *value = bolo_key_file_get_string (file, GROUP, key, "");
  if (is_good (*value))
    return TRUE;
  bolo_key_file_set_error (file, GROUP, key, "the manifest is damaged; import the list again",
                           error);
  return FALSE;
}

static gboolean
load_layers (BoloListManifest *self, BoloKeyFile *file, GError **error)
{
  guint n_layers = 0;

  self->layers = bolo_key_file_get_list (file, GROUP, "layers");
  while (self->layers[n_layers] != NULL && n_layers <= LAYERS_MAX &&
         bolo_list_name_is_good (self->layers[n_layers]))
    n_layers++;
  if (n_layers > 0 && n_layers <= LAYERS_MAX && self->layers[n_layers] == NULL)
    return TRUE;
  bolo_key_file_set_error (file, GROUP, "layers", "the manifest is damaged; import the list again",
                           error);
  return FALSE;
}

static gboolean
load_trust (BoloListManifest *self, BoloKeyFile *file, GError **error)
{
  static const char *const choices[] = {"unsigned", "signed", NULL};
  int trust = BOLO_TRUST_UNSIGNED;

  if (!bolo_key_file_get_choice (file, GROUP, "trust", choices, trust, &trust, error) ||
      !load_text (file, "signer", is_signer, &self->signer, error))
    return FALSE;
  self->trust = (BoloTrust) trust;
  self->signed_sha256 = bolo_key_file_get_string (file, GROUP, "signed_sha256", NULL);
  return TRUE;
}

static gboolean
load_numbers (BoloListManifest *self, BoloKeyFile *file, GError **error)
{
  gint64 number;
  gint64 n_rejected;

  if (!bolo_key_file_get_int (file, GROUP, "number", 0, G_MAXINT64, 0, &number, error) ||
      !bolo_key_file_get_int (file, GROUP, "rejected", 0, G_MAXINT64, 0, &n_rejected, error) ||
      !bolo_key_file_get_int (file, GROUP, "loaded_us", 0, G_MAXINT64, 0, &self->loaded_us,
                              error) ||
      !bolo_key_file_get_int (file, GROUP, "dated_us", 0, G_MAXINT64, 0, &self->dated_us, error))
    return FALSE;
  self->number = (guint64) number;
  self->n_rejected = (guint64) n_rejected;
  return TRUE;
}

BoloListManifest *
bolo_list_manifest_load (const char *lists, const char *name, GError **error)
{
  /* sha256 and map are of manifests from before there were layers. */
  static const char *const keys[] = {
    "name",          "kind",   "revision", "source",    "format",   "layers", "trust", "signer",
    "signed_sha256", "number", "rejected", "loaded_us", "dated_us", "sha256", "map",   NULL};
  static const BoloKeySpec specs[] = {{GROUP, keys}, {NULL, NULL}};
  g_autoptr (BoloListManifest) self = NULL;
  g_autoptr (BoloKeyFile) file = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (lists != NULL && name != NULL, NULL);

  path = g_build_filename (lists, name, "manifest.ini", NULL);
  file = bolo_key_file_load (path, specs, error);
  if (file == NULL)
    return NULL;
  if (bolo_key_file_has_key (file, GROUP, "sha256")) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_STALE,
                 "the list %s was stored by an earlier Bolo; import it again", name);
    return NULL;
  }
  self = g_new0 (BoloListManifest, 1);
  if (!load_text (file, "name", bolo_list_name_is_good, &self->name, error) ||
      !load_text (file, "kind", bolo_list_name_is_good, &self->kind, error) ||
      !load_text (file, "revision", bolo_list_revision_is_good, &self->revision, error) ||
      !load_text (file, "source", bolo_list_name_is_good, &self->source, error) ||
      !load_text (file, "format", is_signer, &self->format, error) ||
      !load_layers (self, file, error) || !load_trust (self, file, error) ||
      !load_numbers (self, file, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
bolo_list_manifest_save (const BoloListManifest *self, const char *lists, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *path = NULL;
  g_autofree char *layers = NULL;

  g_return_val_if_fail (self != NULL && lists != NULL, FALSE);

  layers = g_strjoinv (";", self->layers);
  path = g_build_filename (lists, self->name, "manifest.ini", NULL);
  g_string_append_printf (text,
                          "# The list's current revision; written by Bolo, not by hand.\n"
                          "[" GROUP "]\nname=%s\nkind=%s\nrevision=%s\nsource=%s\nformat=%s\n"
                          "layers=%s\ntrust=%s\nsigner=%s\n",
                          self->name, self->kind, self->revision, self->source, self->format,
                          layers, bolo_trust_to_string (self->trust), self->signer);
  if (self->signed_sha256 != NULL)
    g_string_append_printf (text, "signed_sha256=%s\n", self->signed_sha256);
  g_string_append_printf (text,
                          "number=%" G_GUINT64_FORMAT "\nrejected=%" G_GUINT64_FORMAT
                          "\nloaded_us=%" G_GINT64_FORMAT "\ndated_us=%" G_GINT64_FORMAT "\n",
                          self->number, self->n_rejected, self->loaded_us, self->dated_us);
  return bolo_list_files_replace (path, text->str, error);
}

gboolean
bolo_list_manifest_keep_number (const BoloListManifest *self, const char *lists, GError **error)
{
  g_autofree char *past = NULL;
  g_autofree char *folder = NULL;

  g_return_val_if_fail (self != NULL && lists != NULL, FALSE);

  if (self->number == 0)
    return TRUE;
  past = g_build_filename (lists, PAST, NULL);
  folder = g_build_filename (past, self->name, NULL);
  return bolo_list_files_make_directory (folder, error) && bolo_list_files_sync (lists, error) &&
         bolo_list_files_sync (past, error) && bolo_list_manifest_save (self, past, error);
}

BoloListManifest *
bolo_list_manifest_recall (const char *lists, const char *name)
{
  g_autofree char *past = NULL;
  BoloListManifest *self;

  g_return_val_if_fail (lists != NULL && name != NULL, NULL);

  past = g_build_filename (lists, PAST, NULL);
  self = bolo_list_manifest_load (past, name, NULL);
  if (self != NULL)
    self->trust = BOLO_TRUST_UNSIGNED;
  return self;
}
