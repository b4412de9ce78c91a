/* bolo-hit.c: a sighting met a list entry, and how
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-hit.h"

BoloMatch *
bolo_match_copy (const BoloMatch *self)
{
  BoloMatch *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (BoloMatch, 1);
  *copy = *self;
  copy->entry = bolo_list_entry_ref (self->entry);
  copy->silence = self->silence != NULL ? bolo_silence_ref (self->silence) : NULL;
  return copy;
}

const char *
bolo_list_age_to_string (BoloListAge age)
{
  switch (age) {
  case BOLO_LIST_FRESH:
    return "fresh";
  case BOLO_LIST_OLD:
    return "old";
  case BOLO_LIST_STALE:
    return "stale";
  default:
    g_return_val_if_reached (NULL);
  }
}

void
bolo_match_free (BoloMatch *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->entry, bolo_list_entry_unref);
  g_clear_pointer (&self->silence, bolo_silence_unref);
  g_free (self);
}

static void
hit_clear (gpointer data)
{
  BoloHit *self = data;

  g_free (self->id);
  g_free (self->encounter);
  g_free (self->category);
  g_free (self->words);
  g_clear_pointer (&self->sighting, bolo_sighting_unref);
  g_clear_pointer (&self->matches, g_ptr_array_unref);
}

BoloHit *
bolo_hit_new (void)
{
  return g_atomic_rc_box_new0 (BoloHit);
}

BoloHit *
bolo_hit_copy (const BoloHit *self)
{
  BoloHit *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = bolo_hit_new ();
  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->encounter = g_strdup (self->encounter);
  copy->category = g_strdup (self->category);
  copy->words = g_strdup (self->words);
  copy->sighting = self->sighting != NULL ? bolo_sighting_ref (self->sighting) : NULL;
  copy->matches = self->matches != NULL ? g_ptr_array_ref (self->matches) : NULL;
  return copy;
}

BoloHit *
bolo_hit_ref (const BoloHit *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloHit *) self);
}

void
bolo_hit_unref (const BoloHit *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full ((BoloHit *) self, hit_clear);
}

const BoloMatch *
bolo_hit_get_leading (const BoloHit *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (self->matches != NULL && self->matches->len > 0, NULL);

  return g_ptr_array_index (self->matches, 0);
}

const char *
bolo_match_kind_to_string (BoloMatchKind kind)
{
  switch (kind) {
  case BOLO_MATCH_EXACT:
    return "exact";
  case BOLO_MATCH_FOLDED:
    return "folded";
  case BOLO_MATCH_NEAR:
    return "near";
  case BOLO_MATCH_PATTERN:
    return "pattern";
  default:
    g_return_val_if_reached (NULL);
  }
}

const char *
bolo_action_to_string (BoloAction action)
{
  switch (action) {
  case BOLO_ACTION_STOP:
    return "stop";
  case BOLO_ACTION_SILENT:
    return "silent";
  case BOLO_ACTION_UNKNOWN:
    return "unknown";
  default:
    g_return_val_if_reached (NULL);
  }
}
