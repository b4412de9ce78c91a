/* bolo-sighting.c: one vehicle's pass before one camera
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-sighting.h"

static void
sighting_clear (gpointer data)
{
  BoloSighting *self = data;

  g_free (self->id);
  g_free (self->camera);
  g_free (self->text);
  g_free (self->previous_text);
  g_free (self->syntax);
  g_free (self->region);
  g_free (self->colour);
  g_free (self->body);
  g_free (self->overview_camera);
  g_free (self->officer);
  g_clear_pointer (&self->fix, bolo_fix_unref);
  g_clear_pointer (&self->clone, bolo_clone_unref);
  g_clear_pointer (&self->patch_jpeg, g_bytes_unref);
  g_clear_pointer (&self->overview_jpeg, g_bytes_unref);
}

BoloSighting *
bolo_sighting_new (void)
{
  BoloSighting *self = g_atomic_rc_box_new0 (BoloSighting);

  self->first_media_ms = -1;
  self->last_media_ms = -1;
  self->best_media_ms = -1;
  self->agreed_media_ms = -1;
  self->since_readable_ms = -1;
  return self;
}

BoloSighting *
bolo_sighting_copy (const BoloSighting *self)
{
  BoloSighting *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = bolo_sighting_new ();
  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->camera = g_strdup (self->camera);
  copy->text = g_strdup (self->text);
  copy->previous_text = g_strdup (self->previous_text);
  copy->syntax = g_strdup (self->syntax);
  copy->region = g_strdup (self->region);
  copy->colour = g_strdup (self->colour);
  copy->body = g_strdup (self->body);
  copy->overview_camera = g_strdup (self->overview_camera);
  copy->officer = g_strdup (self->officer);
  copy->fix = self->fix != NULL ? bolo_fix_ref (self->fix) : NULL;
  copy->clone = self->clone != NULL ? bolo_clone_ref (self->clone) : NULL;
  copy->patch_jpeg = self->patch_jpeg != NULL ? g_bytes_ref (self->patch_jpeg) : NULL;
  copy->overview_jpeg = self->overview_jpeg != NULL ? g_bytes_ref (self->overview_jpeg) : NULL;
  return copy;
}

BoloSighting *
bolo_sighting_ref (const BoloSighting *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloSighting *) self);
}

void
bolo_sighting_unref (const BoloSighting *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full ((BoloSighting *) self, sighting_clear);
}

const char *
bolo_sighting_state_to_string (BoloSightingState state)
{
  switch (state) {
  case BOLO_SIGHTING_PROVISIONAL:
    return "provisional";
  case BOLO_SIGHTING_CLOSED:
    return "closed";
  case BOLO_SIGHTING_CORRECTED:
    return "corrected";
  default:
    g_return_val_if_reached (NULL);
  }
}
