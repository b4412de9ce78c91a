/* bolo-id.c: record ids; random in service, a fixed sequence in lock-step replay
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-id.h"

#include <string.h>

struct _BoloIdSource {
  gatomicrefcount references;
  char *seed; /* (owned) (nullable): NULL gives random ids */

  GMutex mutex;
  GHashTable *counts; /* (mutex mutex) kind -> number of ids given */
};

BoloIdSource *
bolo_id_source_new (const char *seed)
{
  BoloIdSource *self = g_new0 (BoloIdSource, 1);

  g_atomic_ref_count_init (&self->references);
  self->seed = g_strdup (seed);
  g_mutex_init (&self->mutex);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

BoloIdSource *
bolo_id_source_ref (BoloIdSource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bolo_id_source_unref (BoloIdSource *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_hash_table_unref (self->counts);
  g_mutex_clear (&self->mutex);
  g_free (self->seed);
  g_free (self);
}

/* RFC 4122 layout with version 5 (name-based, SHA-1) bits. */
static char *
uuid_from_digest (const guint8 *digest)
{
  guint8 bytes[16];

  memcpy (bytes, digest, sizeof bytes);
  bytes[6] = (guint8) ((bytes[6] & 0x0f) | 0x50);
  bytes[8] = (guint8) ((bytes[8] & 0x3f) | 0x80);
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6],
                          bytes[7], bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13],
                          bytes[14], bytes[15]);
}

char *
bolo_id_source_next (BoloIdSource *self, const char *kind)
{
  g_autoptr (GChecksum) checksum = NULL;
  g_autofree char *name = NULL;
  guint8 digest[20];
  gsize length = sizeof digest;
  guint count;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (kind != NULL, NULL);

  if (self->seed == NULL)
    return g_uuid_string_random ();

  g_mutex_lock (&self->mutex);
  count = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, kind)) + 1;
  g_hash_table_insert (self->counts, g_strdup (kind), GUINT_TO_POINTER (count));
  g_mutex_unlock (&self->mutex);

  name = g_strdup_printf ("%s/%s/%u", self->seed, kind, count);
  checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_checksum_update (checksum, (const guchar *) name, -1);
  g_checksum_get_digest (checksum, digest, &length);
  return uuid_from_digest (digest);
}
