/* bolo-list-trust.c: whose lists are taken: the trusted keys, and what a signature must prove
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-trust"

#include "bolo-list-trust.h"

#include "bolo-error.h"
#include "bolo-list-files.h"

#include <string.h>

#define SUFFIX ".pub"
#define KEYS_MAX 256

static BoloListKey *
load_key (const char *path, GError **error)
{
  g_autofree char *text = bolo_list_files_read_small (path, BOLO_LIST_KEY_TEXT_MAX, error);

  return text != NULL ? bolo_list_key_parse (text, strlen (text), path, error) : NULL;
}

static char *
make_path (const char *directory, const char *name)
{
  g_autofree char *file = g_strconcat (name, SUFFIX, NULL);

  return g_build_filename (directory, file, NULL);
}

gboolean
bolo_list_trust_add (const char *directory, const char *path, char **name, GError **error)
{
  g_autoptr (BoloListKey) key = NULL;
  g_autoptr (BoloListKey) held = NULL;
  g_autofree char *target = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (directory != NULL && path != NULL, FALSE);

  key = load_key (path, error);
  if (key == NULL)
    return FALSE;
  if (key->has_secret) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s is the secret half of a key, which belongs to who signs; give its public half",
                 path);
    return FALSE;
  }
  target = make_path (directory, key->name);
  held = g_file_test (target, G_FILE_TEST_EXISTS) ? load_key (target, NULL) : NULL;
  if (held != NULL && memcmp (held->public_key, key->public_key, sizeof key->public_key) != 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_BUSY,
                 "another key called %s is trusted; remove %s first, if this one is to take its "
                 "place",
                 key->name, target);
    return FALSE;
  }
  text = bolo_list_key_to_text (key, FALSE);
  if (name != NULL)
    *name = g_strdup (key->name);
  return bolo_list_files_make_directory (directory, error) &&
         bolo_list_files_replace (target, text, error);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

char **
bolo_list_trust_list (const char *directory)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GDir) folder = NULL;
  const char *file;

  g_return_val_if_fail (directory != NULL, NULL);

  folder = g_dir_open (directory, 0, NULL);
  while (folder != NULL && names->len < KEYS_MAX && (file = g_dir_read_name (folder)) != NULL) {
    g_autofree char *name = g_strndup (file, strlen (file) - MIN (strlen (file), strlen (SUFFIX)));

    if (g_str_has_suffix (file, SUFFIX) && bolo_list_name_is_good (name))
      g_ptr_array_add (names, g_steal_pointer (&name));
  }
  g_ptr_array_sort (names, compare_texts);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

BoloListSignature *
bolo_list_trust_read_signature (const char *directory,
                                const char *path,
                                const BoloListRules *rules,
                                GError **error)
{
  g_autoptr (BoloListSignature) signature = NULL;
  g_autoptr (BoloListKey) key = NULL;
  g_autofree char *text = NULL;
  g_autofree char *key_path = NULL;

  g_return_val_if_fail (directory != NULL && path != NULL && rules != NULL, NULL);

  text = bolo_list_files_read_small (path, BOLO_LIST_SIGNATURE_TEXT_MAX, error);
  if (text != NULL)
    signature = bolo_list_signature_parse (text, strlen (text), path, error);
  if (signature == NULL)
    return NULL;
  key_path = make_path (directory, signature->key);
  if (!g_file_test (key_path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE,
                 "%s is by the key %s, which is not trusted here; see boloctl hotlist trust", path,
                 signature->key);
    return NULL;
  }
  if (rules->keys != NULL && !g_strv_contains ((const char *const *) rules->keys, signature->key)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE,
                 "%s is by the key %s, which may not sign this list (see lists.conf)", path,
                 signature->key);
    return NULL;
  }
  key = load_key (key_path, error);
  if (key == NULL || !bolo_list_signature_verify (signature, key, error))
    return NULL;
  return g_steal_pointer (&signature);
}

static gboolean
refuse (GError **error, BoloError code, const char *reason)
{
  g_set_error_literal (error, BOLO_ERROR, code, reason);
  return FALSE;
}

/* What is signed is in order; is it the next? */
static gboolean
check_order (const BoloListSignature *signature, const BoloListManifest *held, GError **error)
{
  guint64 number = held != NULL ? held->number : 0;
  gboolean is_signed = held != NULL && held->trust == BOLO_TRUST_SIGNED;
  gboolean is_same = number == signature->number && held != NULL &&
                     g_strcmp0 (held->signed_sha256, signature->sha256) == 0;

  if (is_same && is_signed) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOTHING_TO_DO,
                 "number %" G_GUINT64_FORMAT " is the list %s that is in force already", number,
                 signature->name);
    return FALSE;
  }
  if (signature->number < number || (signature->number == number && !is_same)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_STALE,
                 "number %" G_GUINT64_FORMAT " of the list %s is not newer than %" //
                 G_GUINT64_FORMAT ", which was taken before; ask its owner for the newest",
                 signature->number, signature->name, number);
    return FALSE;
  }
  if (signature->is_delta && (!is_signed || signature->base != number)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_STALE,
                 "the changes are to number %" G_GUINT64_FORMAT " of the list %s, which is not "
                 "what is held; import the whole list",
                 signature->base, signature->name);
    return FALSE;
  }
  return TRUE;
}

gboolean
bolo_list_trust_check (const BoloListSignature *signature,
                       const char *name,
                       const char *sha256,
                       guint64 size,
                       const BoloListManifest *held,
                       GError **error)
{
  g_return_val_if_fail (signature != NULL && name != NULL && sha256 != NULL, FALSE);

  if (!g_str_equal (signature->name, name)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE,
                 "the signature is of the list %s, not of %s; give the one that belongs to it",
                 signature->name, name);
    return FALSE;
  }
  if (signature->size != size)
    return refuse (error, BOLO_ERROR_SIGNATURE,
                   "the list is not as long as its signature says; fetch it again");
  if (!g_str_equal (signature->sha256, sha256))
    return refuse (error, BOLO_ERROR_SIGNATURE, "the list is not what was signed; fetch it again");
  return check_order (signature, held, error);
}
