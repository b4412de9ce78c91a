/* bolo-watch.c: what officers add to the lists in the car: watch entries, and silences of entries
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-watch.h"

#include <string.h>

static void
watch_clear (gpointer data)
{
  BoloWatch *self = data;

  g_free (self->id);
  g_free (self->mark);
  g_free (self->reason);
  g_free (self->category);
  g_free (self->description);
  g_free (self->officer);
}

BoloWatch *
bolo_watch_new (void)
{
  return g_atomic_rc_box_new0 (BoloWatch);
}

BoloWatch *
bolo_watch_ref (const BoloWatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloWatch *) self);
}

void
bolo_watch_unref (const BoloWatch *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full ((BoloWatch *) self, watch_clear);
}

BoloListEntry *
bolo_watch_make_entry (const BoloWatch *self, const char *plate_folded)
{
  BoloListEntry *entry;

  g_return_val_if_fail (self != NULL, NULL);

  entry = bolo_list_entry_new ();
  entry->list = g_strdup (BOLO_WATCH_LIST);
  entry->list_kind = g_strdup (self->category);
  entry->entry_id = g_strdup_printf (BOLO_WATCH_LIST "/%s", self->id);
  entry->plate = g_strdup (self->mark);
  entry->plate_folded = g_strdup (plate_folded);
  entry->is_pattern = strpbrk (self->mark, "?*") != NULL;
  entry->reason = g_strdup (self->reason);
  entry->information = g_strdup (self->description);
  entry->source_reference = g_strdup (self->id);
  /* Neither a stop nor unknown words: the kind alone says how it alarms. */
  entry->action = BOLO_ACTION_UNKNOWN;
  entry->weed_us = self->expires_us;
  entry->list_trust = BOLO_TRUST_OWN;
  entry->list_signer = g_strdup (self->officer);
  entry->list_loaded_us = self->added_us;
  entry->list_dated_us = self->added_us;
  return entry;
}

static void
silence_clear (gpointer data)
{
  BoloSilence *self = data;

  g_free (self->id);
  g_free (self->list);
  g_free (self->plate);
  g_free (self->reference);
  g_free (self->reason);
  g_free (self->officer);
}

BoloSilence *
bolo_silence_new (void)
{
  return g_atomic_rc_box_new0 (BoloSilence);
}

BoloSilence *
bolo_silence_ref (const BoloSilence *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloSilence *) self);
}

void
bolo_silence_unref (const BoloSilence *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full ((BoloSilence *) self, silence_clear);
}

const char *
bolo_list_entry_get_reference (const BoloListEntry *entry)
{
  g_return_val_if_fail (entry != NULL, NULL);

  return entry->source_reference != NULL ? entry->source_reference : entry->pnc_id;
}

gboolean
bolo_silence_covers (const BoloSilence *self, const BoloListEntry *entry, gint64 now_us)
{
  g_return_val_if_fail (self != NULL && entry != NULL, FALSE);

  return now_us < self->until_us && g_strcmp0 (self->list, entry->list) == 0 &&
         g_strcmp0 (self->plate, entry->plate) == 0 &&
         g_strcmp0 (self->reference, bolo_list_entry_get_reference (entry)) == 0;
}

const char *
bolo_silence_kind_to_string (BoloSilenceKind kind)
{
  switch (kind) {
  case BOLO_SILENCE_RECOVERED:
    return "recovered";
  case BOLO_SILENCE_NOT_THIS_VEHICLE:
    return "not-this-vehicle";
  default:
    g_return_val_if_reached (NULL);
  }
}
