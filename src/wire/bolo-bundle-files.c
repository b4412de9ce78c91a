/* bolo-bundle-files.c: files, one after the other, as a bundle to a car holds them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-bundle-files.h"

#include "bolo-error.h"

#include <string.h>

#define HEAD_MAX (BOLO_BUNDLE_FILE_NAME_MAX + 32)

struct _BoloBundleFiles {
  BoloBundleFilesTaker taker;
  gpointer data;
  GString *head;     /* (owned): what has come of a file's head */
  GHashTable *names; /* (owned): set: of those that have come */
  gboolean is_in_file;
  guint64 left; /* bytes of the file that are still to come */
};

gboolean
bolo_bundle_file_name_is_good (const char *name)
{
  gsize length;

  g_return_val_if_fail (name != NULL, FALSE);

  length = strlen (name);
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (name[i]) && strchr ("-_.", name[i]) == NULL)
      return FALSE;
  return length > 0 && length <= BOLO_BUNDLE_FILE_NAME_MAX && name[0] != '.';
}

char *
bolo_bundle_files_make_head (const char *name, guint64 bytes)
{
  g_return_val_if_fail (name != NULL, NULL);

  if (!bolo_bundle_file_name_is_good (name) || bytes > G_MAXINT64)
    return NULL;
  return g_strdup_printf ("file %s %" G_GUINT64_FORMAT "\n", name, bytes);
}

BoloBundleFiles *
bolo_bundle_files_new (const BoloBundleFilesTaker *taker, gpointer data)
{
  BoloBundleFiles *self;

  g_return_val_if_fail (taker != NULL, NULL);

  self = g_new0 (BoloBundleFiles, 1);
  self->taker = *taker;
  self->data = data;
  self->head = g_string_new (NULL);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
bolo_bundle_files_free (BoloBundleFiles *self)
{
  g_return_if_fail (self != NULL);

  g_string_free (self->head, TRUE);
  g_hash_table_unref (self->names);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "the bundle holds no files for a car: %s", why);
  return FALSE;
}

static gboolean
end_if_whole (BoloBundleFiles *self, GError **error)
{
  if (!self->is_in_file || self->left > 0)
    return TRUE;
  self->is_in_file = FALSE;
  return self->taker.end (self->data, error);
}

static gboolean
begin_file (BoloBundleFiles *self, GError **error)
{
  g_auto (GStrv) words = g_strsplit (self->head->str, " ", 4);
  g_autofree char *again = NULL;
  guint64 bytes = 0;

  if (g_strv_length (words) != 3 ||
      !g_ascii_string_to_unsigned (words[2], 10, 0, G_MAXINT64, &bytes, NULL))
    return refuse (error, "a file has no name and size");
  again = bolo_bundle_files_make_head (words[1], bytes);
  g_string_append_c (self->head, '\n');
  if (g_strcmp0 (again, self->head->str) != 0)
    return refuse (error, "a file has no good name and size");
  if (g_hash_table_size (self->names) >= BOLO_BUNDLE_FILES_MAX ||
      !g_hash_table_add (self->names, g_strdup (words[1])))
    return refuse (error, "there are too many, or one twice");
  g_string_truncate (self->head, 0);
  self->is_in_file = TRUE;
  self->left = bytes;
  return self->taker.begin (words[1], bytes, self->data, error) && end_if_whole (self, error);
}

static gboolean
take_head (BoloBundleFiles *self, const guint8 **bytes, gsize *length, GError **error)
{
  const guint8 *end = memchr (*bytes, '\n', *length);
  gsize n = end != NULL ? (gsize) (end - *bytes) : *length;

  if (self->head->len + n > HEAD_MAX || memchr (*bytes, '\0', n) != NULL)
    return refuse (error, "a file has no name and size");
  g_string_append_len (self->head, (const char *) *bytes, (gssize) n);
  if (end != NULL)
    n++;
  *bytes += n;
  *length -= n;
  return end == NULL || begin_file (self, error);
}

static gboolean
take_bytes (BoloBundleFiles *self, const guint8 **bytes, gsize *length, GError **error)
{
  gsize n = (gsize) MIN (self->left, *length);

  if (!self->taker.add (*bytes, n, self->data, error))
    return FALSE;
  self->left -= n;
  *bytes += n;
  *length -= n;
  return end_if_whole (self, error);
}

gboolean
bolo_bundle_files_push (BoloBundleFiles *self, const guint8 *bytes, gsize length, GError **error)
{
  g_return_val_if_fail (self != NULL && (bytes != NULL || length == 0), FALSE);

  while (length > 0)
    if (!(self->is_in_file ? take_bytes (self, &bytes, &length, error)
                           : take_head (self, &bytes, &length, error)))
      return FALSE;
  return TRUE;
}

gboolean
bolo_bundle_files_finish (BoloBundleFiles *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->is_in_file || self->head->len > 0)
    return refuse (error, "the last one is cut off");
  return TRUE;
}
