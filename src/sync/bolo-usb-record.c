/* bolo-usb-record.c: what the car remembers of each bundle that it has written to a stick
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-usb"

#include "bolo-usb-record.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "bolo-new-file.h"

#define START "usb-"
#define END ".items"
#define MAGIC "bolo-usb-record 1"
#define DIGEST sizeof (BoloUsbKey)
#define PIECE_BYTES (64 * 1024)
#define HEAD_MAX 512

struct _BoloUsbRecord {
  guint64 number;
  char *receiver;      /* (owned): hash of its public key */
  char *sha256;        /* (owned) (nullable): of the file; NULL while it is written */
  guint64 size;        /* of the file */
  GChecksum *file;     /* (owned): while it is written */
  GByteArray *digests; /* (owned): DIGEST bytes an item; sorted, when it is saved or loaded */
};

static char *
hash_key (const BoloListKey *key)
{
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, key->public_key, sizeof key->public_key);
}

BoloUsbRecord *
bolo_usb_record_new (guint64 number, const BoloListKey *receiver)
{
  BoloUsbRecord *self = g_new0 (BoloUsbRecord, 1);

  self->number = number;
  self->receiver = hash_key (receiver);
  self->file = g_checksum_new (G_CHECKSUM_SHA256);
  self->digests = g_byte_array_new ();
  return self;
}

void
bolo_usb_record_free (BoloUsbRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->receiver);
  g_free (self->sha256);
  g_clear_pointer (&self->file, g_checksum_free);
  g_clear_pointer (&self->digests, g_byte_array_unref);
  g_free (self);
}

guint64
bolo_usb_record_get_number (const BoloUsbRecord *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->number;
}

guint
bolo_usb_record_get_n_items (const BoloUsbRecord *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (guint) (self->digests->len / DIGEST);
}

gboolean
bolo_usb_record_is_for (const BoloUsbRecord *self, const BoloListKey *receiver)
{
  g_autofree char *hash = NULL;

  g_return_val_if_fail (self != NULL && receiver != NULL, FALSE);

  hash = hash_key (receiver);
  return g_str_equal (hash, self->receiver);
}

/* ---- items --------------------------------------------------------------------------------- */

void
bolo_usb_key_set (BoloUsbKey *self, const BoloOutgoing *item)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *name = NULL;
  guint8 whole[32];
  gsize length = sizeof whole;

  g_return_if_fail (self != NULL && item != NULL);

  name = g_strdup_printf ("%s %s %" G_GINT64_FORMAT, bolo_topic_to_string (item->topic), item->id,
                          item->state);
  g_checksum_update (sum, (const guchar *) name, -1);
  g_checksum_get_digest (sum, whole, &length);
  memcpy (self->bytes, whole, sizeof self->bytes);
}

static int
compare_digests (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, DIGEST);
}

void
bolo_usb_record_add (BoloUsbRecord *self, const BoloUsbKey *key)
{
  g_return_if_fail (self != NULL && key != NULL);

  g_byte_array_append (self->digests, key->bytes, sizeof key->bytes);
}

void
bolo_usb_record_add_bytes (BoloUsbRecord *self, const guint8 *bytes, gsize length)
{
  g_return_if_fail (self != NULL && self->file != NULL);

  g_checksum_update (self->file, bytes, (gssize) length);
  self->size += length;
}

gboolean
bolo_usb_record_has (const BoloUsbRecord *self, const BoloUsbKey *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, FALSE);

  return self->digests->len > 0 && bsearch (key, self->digests->data, self->digests->len / DIGEST,
                                            DIGEST, compare_digests) != NULL;
}

/* ---- the file ------------------------------------------------------------------------------ */

static char *
make_name (guint64 number)
{
  return g_strdup_printf (START "%06" G_GUINT64_FORMAT END, number);
}

gboolean
bolo_usb_record_save (BoloUsbRecord *self, const char *folder, GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *head = NULL;
  g_autoptr (BoloNewFile) file = NULL;

  g_return_val_if_fail (self != NULL && self->file != NULL && folder != NULL, FALSE);

  if (self->digests->len > 0)
    qsort (self->digests->data, self->digests->len / DIGEST, DIGEST, compare_digests);
  self->sha256 = g_strdup (g_checksum_get_string (self->file));
  name = make_name (self->number);
  hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, self->digests->data, self->digests->len);
  head = g_strdup_printf (MAGIC " %" G_GUINT64_FORMAT " %s %" G_GUINT64_FORMAT " %s %s\n",
                          self->number, self->sha256, self->size, self->receiver, hash);
  file = bolo_new_file_open (folder, name, error);
  return file != NULL && bolo_new_file_write (file, head, strlen (head), error) &&
         bolo_new_file_write (file, self->digests->data, self->digests->len, error) &&
         bolo_new_file_commit (file, error);
}

/* (nullable): it is damaged. */
static BoloUsbRecord *
parse (const char *bytes, gsize length)
{
  g_autoptr (BoloUsbRecord) self = g_new0 (BoloUsbRecord, 1);
  const char *end = memchr (bytes, '\n', MIN (length, HEAD_MAX));
  gsize head = end != NULL ? (gsize) (end - bytes) + 1 : 0;
  g_autofree char *line = g_strndup (bytes, head);
  g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", -1);
  g_autofree char *hash = NULL;

  if (head == 0 || g_strv_length (words) != 7 || !g_str_has_prefix (line, MAGIC " ") ||
      !g_ascii_string_to_unsigned (words[2], 10, 1, G_MAXINT64, &self->number, NULL) ||
      !g_ascii_string_to_unsigned (words[4], 10, 1, G_MAXINT64, &self->size, NULL) ||
      (length - head) % DIGEST != 0)
    return NULL;
  self->digests = g_byte_array_new ();
  g_byte_array_append (self->digests, (const guint8 *) bytes + head, (guint) (length - head));
  hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, self->digests->data, self->digests->len);
  self->sha256 = g_strdup (words[3]);
  self->receiver = g_strdup (words[5]);
  return g_str_equal (hash, words[6]) ? g_steal_pointer (&self) : NULL;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint64 left = (*(BoloUsbRecord *const *) a)->number;
  guint64 right = (*(BoloUsbRecord *const *) b)->number;

  return left < right ? -1 : left > right;
}

GPtrArray *
bolo_usb_record_load_all (const char *folder)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_usb_record_free);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *bytes = NULL;
    BoloUsbRecord *record;
    gsize length;

    if (!g_str_has_prefix (name, START) || !g_str_has_suffix (name, END) ||
        !g_file_get_contents (path, &bytes, &length, NULL))
      continue;
    record = parse (bytes, length);
    if (record != NULL) {
      g_ptr_array_add (all, record);
      continue;
    }
    g_message ("%s is damaged; what was written then is written once more", path);
    g_unlink (path);
  }
  g_ptr_array_sort (all, compare_numbers);
  return all;
}

void
bolo_usb_record_forget (const BoloUsbRecord *self, const char *folder)
{
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (self != NULL && folder != NULL);

  name = make_name (self->number);
  path = g_build_filename (folder, name, NULL);
  g_unlink (path);
}

/* ---- the bundle ---------------------------------------------------------------------------- */

gboolean
bolo_usb_record_proves (const BoloUsbRecord *self,
                        const char *path,
                        gboolean (*goes_on) (gpointer data, GError **error),
                        gpointer data,
                        GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *piece = g_malloc (PIECE_BYTES);
  gboolean is_good = TRUE;
  guint64 size = 0;
  gssize n = -1;
  GStatBuf info;
  int file;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  if (g_stat (path, &info) < 0 || (guint64) info.st_size != self->size)
    return FALSE;
  file = open (path, O_RDONLY | O_CLOEXEC);
  while (is_good && file >= 0 && (n = read (file, piece, PIECE_BYTES)) > 0) {
    g_checksum_update (sum, piece, n);
    size += (guint64) n;
    is_good = goes_on == NULL || goes_on (data, error);
  }
  if (file >= 0)
    close (file);
  return is_good && n == 0 && size == self->size &&
         g_str_equal (g_checksum_get_string (sum), self->sha256);
}
