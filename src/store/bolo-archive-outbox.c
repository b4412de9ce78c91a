/* bolo-archive-outbox.c: what is still to be sent of the journal and the day files together
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-archive"

#include "bolo-archive.h"

#include "bolo-error.h"
#include "bolo-journal-outbox.h"
#include "bolo-sighting-table.h"

/* A transport that sends the picture with its sighting's particulars. The sighting may have been
 * kept in a journal that was set aside: then the picture goes alone. */
static gboolean
add_sightings (BoloArchive *self, GPtrArray *items, GError **error)
{
  for (guint i = 0; i < items->len; i++) {
    BoloOutgoing *item = items->pdata[i];
    g_autofree char *id = bolo_outgoing_get_sighting_id (item);
    g_autoptr (GError) local = NULL;

    item->sighting = bolo_sighting_table_load_newest (bolo_archive_get_journal (self), id, &local);
    if (item->sighting == NULL && !g_error_matches (local, BOLO_ERROR, BOLO_ERROR_NOT_FOUND)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  }
  return TRUE;
}

GPtrArray *
bolo_archive_list_unsent (BoloArchive *self, const BoloUnsentQuery *query, GError **error)
{
  const BoloUnsentFile file = bolo_journal_outbox_get_file (bolo_archive_get_journal (self));
  g_autoptr (GPtrArray) items = bolo_unsent_list (&file, query, error);

  /* Text before pictures. */
  if (items == NULL || items->len > 0 || query->max_urgency < BOLO_URGENCY_HIT_PICTURE)
    return g_steal_pointer (&items);
  g_clear_pointer (&items, g_ptr_array_unref);
  items = bolo_media_list_unsent (bolo_archive_get_media (self), query, error);
  if (items == NULL || (query->with_sightings && !add_sightings (self, items, error)))
    return NULL;
  return g_steal_pointer (&items);
}

gboolean
bolo_archive_settle (
  BoloArchive *self, const char *receiver, GPtrArray *items, gint64 later_us, GError **error)
{
  const BoloUnsentFile file = bolo_journal_outbox_get_file (bolo_archive_get_journal (self));

  return bolo_unsent_settle (&file, receiver, items, later_us, error) &&
         bolo_media_settle (bolo_archive_get_media (self), receiver, items, later_us, error);
}

gboolean
bolo_archive_count_unsent (BoloArchive *self,
                           const char *receiver,
                           BoloUnsentCounts *counts,
                           GError **error)
{
  const BoloUnsentFile file = bolo_journal_outbox_get_file (bolo_archive_get_journal (self));

  return bolo_unsent_count (&file, receiver, counts, error) &&
         bolo_media_count_unsent (bolo_archive_get_media (self), receiver, counts, error);
}
