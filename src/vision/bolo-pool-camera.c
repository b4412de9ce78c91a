/* bolo-pool-camera.c: what the pool keeps of each camera: its reader, ids and recent frames
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-vision"

#include "bolo-pool-camera.h"

static gint64
get_weight (BoloCameraRole role)
{
  switch (role) {
  case BOLO_CAMERA_ROLE_ONCOMING:
    return 4; /* in view for half a second */
  case BOLO_CAMERA_ROLE_LANE:
  case BOLO_CAMERA_ROLE_PARKED:
    return 2;
  case BOLO_CAMERA_ROLE_OVERVIEW:
  default:
    return 1;
  }
}

BoloPoolCamera *
bolo_pool_camera_new (const BoloCameraInfo *info,
                      BoloMailbox *frames,
                      BoloLookBoard *looks,
                      BoloCameraReader *reader)
{
  BoloPoolCamera *self = g_new0 (BoloPoolCamera, 1);

  self->info = bolo_camera_info_ref (info);
  self->frames = bolo_mailbox_ref (frames);
  self->looks = looks != NULL ? bolo_look_board_ref (looks) : NULL;
  self->weight = get_weight (info->role);
  self->partner = -1;
  self->reader = reader;
  self->sightings = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_sighting_unref);
  self->ids = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return self;
}

void
bolo_pool_camera_free (BoloPoolCamera *self)
{
  bolo_camera_info_unref (self->info);
  bolo_mailbox_unref (self->frames);
  g_clear_pointer (&self->looks, bolo_look_board_unref);
  g_clear_pointer (&self->reader, bolo_camera_reader_free);
  g_ptr_array_unref (self->sightings);
  g_hash_table_unref (self->ids);
  g_clear_pointer (&self->head, bolo_frame_unref);
  bolo_pool_camera_forget (self);
  g_free (self);
}

void
bolo_pool_camera_remember (BoloPoolCamera *self, BoloFrame *frame)
{
  guint at = self->n_recent++ % BOLO_POOL_CAMERA_RECENT;

  g_clear_pointer (&self->recent[at], bolo_frame_unref);
  self->recent[at] = bolo_frame_ref (frame);
}

void
bolo_pool_camera_forget (BoloPoolCamera *self)
{
  for (guint i = 0; i < BOLO_POOL_CAMERA_RECENT; i++)
    g_clear_pointer (&self->recent[i], bolo_frame_unref);
}

BoloFrame *
bolo_pool_camera_get_nearest (BoloPoolCamera *self, gint64 captured_us)
{
  BoloFrame *nearest = NULL;

  for (guint i = 0; i < BOLO_POOL_CAMERA_RECENT; i++) {
    BoloFrame *frame = self->recent[i];

    if (frame == NULL)
      continue;
    if (nearest == NULL ||
        ABS (frame->captured_us - captured_us) < ABS (nearest->captured_us - captured_us))
      nearest = frame;
  }
  return nearest != NULL ? bolo_frame_ref (nearest) : NULL;
}

void
bolo_pool_camera_collect (BoloPoolCamera *self, BoloIdSource *ids, GPtrArray *sightings)
{
  for (guint i = 0; i < self->sightings->len; i++) {
    BoloSighting *sighting = g_ptr_array_index (self->sightings, i);
    gpointer key = GSIZE_TO_POINTER ((gsize) sighting->track);
    const char *id = g_hash_table_lookup (self->ids, key);

    if (id == NULL) {
      char *made = bolo_id_source_next (ids, "sighting");

      g_hash_table_insert (self->ids, key, made);
      id = made;
      self->n_sightings++;
    }
    sighting->id = g_strdup (id);
    if (sighting->state == BOLO_SIGHTING_CLOSED)
      g_hash_table_remove (self->ids, key);
    g_ptr_array_add (sightings, bolo_sighting_ref (sighting));
  }
  g_ptr_array_set_size (self->sightings, 0);
}
