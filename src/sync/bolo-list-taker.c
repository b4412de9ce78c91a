/* bolo-list-taker.c: takes lists that a transport has brought into the hotlist room
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-taker"

#include "bolo-list-taker.h"

#include <glib/gstdio.h>

#include "bolo-error.h"
#include "bolo-list-files.h"
#include "bolo-list-manifest.h"

#define NUMBERS "numbers.ini"
#define ALL "numbers" /* the group of what transports remember */
#define LISTS "lists" /* and of the revisions that came from here */

struct _BoloListTaker {
  BoloHotlist *hotlist; /* (owned) */
  BoloClock *clock;     /* (owned) */
  char *lists;          /* (owned): STATE/lists */
  char *folder;         /* (owned): STATE/sync/REMOTE */
  char *unsigned_by;    /* (owned) (nullable) */
  GKeyFile *numbers;    /* (owned) */
  GHashTable *arrivals; /* (owned): name to BoloListArrival */
  BoloListTakerNotify notify;
  gpointer user_data;
};

BoloListTaker *
bolo_list_taker_new (BoloHotlist *hotlist,
                     const char *state_dir,
                     const char *remote,
                     BoloClock *clock,
                     BoloListTakerNotify notify,
                     gpointer user_data)
{
  BoloListTaker *self;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (BOLO_IS_HOTLIST (hotlist), NULL);
  g_return_val_if_fail (state_dir != NULL && remote != NULL, NULL);

  self = g_new0 (BoloListTaker, 1);
  self->hotlist = g_object_ref (hotlist);
  self->clock = g_object_ref (clock);
  self->lists = g_build_filename (state_dir, "lists", NULL);
  self->folder = g_build_filename (state_dir, "sync", remote, NULL);
  self->numbers = g_key_file_new ();
  self->arrivals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) bolo_list_arrival_free);
  self->notify = notify;
  self->user_data = user_data;
  if (!bolo_list_files_make_directory (self->folder, &error))
    g_warning ("%s", error->message);
  return self;
}

void
bolo_list_taker_free (BoloListTaker *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->hotlist);
  g_object_unref (self->clock);
  g_key_file_unref (self->numbers);
  g_hash_table_unref (self->arrivals);
  g_free (self->lists);
  g_free (self->folder);
  g_free (self->unsigned_by);
  g_free (self);
}

const char *
bolo_list_taker_get_folder (BoloListTaker *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->folder;
}

void
bolo_list_taker_set_word (BoloListTaker *self, const char *unsigned_by)
{
  g_return_if_fail (self != NULL);

  g_free (self->unsigned_by);
  self->unsigned_by = g_strdup (unsigned_by);
}

/* ---- numbers ------------------------------------------------------------------------------- */

/* A stick and a link may bring lists of one remote at the same time, each with a taker. */
static void
load_numbers (BoloListTaker *self)
{
  g_autofree char *path = g_build_filename (self->folder, NUMBERS, NULL);
  g_autoptr (GKeyFile) numbers = g_key_file_new ();
  g_autoptr (GError) error = NULL;

  if (!g_key_file_load_from_file (numbers, path, G_KEY_FILE_NONE, &error) &&
      !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_warning ("%s cannot be read and is begun anew: %s", path, error->message);
  g_key_file_unref (self->numbers);
  self->numbers = g_steal_pointer (&numbers);
}

/* @value below 0: there is none any more. */
static gboolean
save_number (BoloListTaker *self, const char *group, const char *key, gint64 value, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, NUMBERS, NULL);
  g_autofree char *text = NULL;
  int lock = bolo_list_files_lock (self->folder, error);
  gboolean is_saved;

  if (lock < 0)
    return FALSE;
  load_numbers (self);
  if (value < 0)
    g_key_file_remove_key (self->numbers, group, key, NULL);
  else
    g_key_file_set_int64 (self->numbers, group, key, value);
  text = g_key_file_to_data (self->numbers, NULL, NULL);
  is_saved = bolo_list_files_replace (path, text, error);
  bolo_list_files_unlock (lock);
  return is_saved;
}

gint64
bolo_list_taker_get_number (BoloListTaker *self, const char *key)
{
  g_return_val_if_fail (self != NULL && key != NULL, 0);

  load_numbers (self);
  return g_key_file_get_int64 (self->numbers, ALL, key, NULL);
}

gboolean
bolo_list_taker_set_number (BoloListTaker *self, const char *key, gint64 value, GError **error)
{
  g_return_val_if_fail (self != NULL && key != NULL && value >= 0, FALSE);

  return bolo_list_taker_get_number (self, key) == value ||
         save_number (self, ALL, key, value, error);
}

gint64
bolo_list_taker_get_held (BoloListTaker *self, const char *name)
{
  g_autoptr (BoloListManifest) manifest = NULL;

  g_return_val_if_fail (self != NULL && name != NULL, 0);

  if (!bolo_list_name_is_good (name))
    return 0;
  manifest = bolo_list_manifest_load (self->lists, name, NULL);
  if (manifest == NULL)
    return 0;
  if (manifest->number > 0)
    return (gint64) manifest->number;
  load_numbers (self);
  return g_key_file_get_int64 (self->numbers, LISTS, name, NULL);
}

/* ---- how each list stands ------------------------------------------------------------------ */

static BoloListArrival *
get_arrival (BoloListTaker *self, const char *name)
{
  BoloListArrival *arrival = g_hash_table_lookup (self->arrivals, name);

  if (arrival == NULL) {
    arrival = bolo_list_arrival_new (name);
    g_hash_table_insert (self->arrivals, g_strdup (name), arrival);
  }
  return arrival;
}

void
bolo_list_taker_tell (BoloListTaker *self, const BoloListArrival *arrival)
{
  g_return_if_fail (self != NULL && arrival != NULL);

  if (self->notify != NULL)
    self->notify (arrival, self->user_data);
}

void
bolo_list_taker_note_newest (BoloListTaker *self, const char *name, gint64 number)
{
  BoloListArrival *arrival;

  g_return_if_fail (self != NULL && name != NULL);

  arrival = get_arrival (self, name);
  arrival->number = number;
  arrival->held = bolo_list_taker_get_held (self, name);
  arrival->checked_us = bolo_clock_get_utc_us (self->clock);
  if (arrival->held == number)
    g_clear_pointer (&arrival->failure, g_free);
  bolo_list_taker_tell (self, arrival);
}

void
bolo_list_taker_note_progress (BoloListTaker *self, const char *name, gint64 done, gint64 total)
{
  BoloListArrival *arrival;

  g_return_if_fail (self != NULL && name != NULL);

  arrival = get_arrival (self, name);
  arrival->bytes_done = done;
  arrival->bytes = total;
  bolo_list_taker_tell (self, arrival);
}

void
bolo_list_taker_note_failure (BoloListTaker *self, const char *name, const char *failure)
{
  BoloListArrival *arrival;

  g_return_if_fail (self != NULL && name != NULL && failure != NULL);

  arrival = get_arrival (self, name);
  g_free (arrival->failure);
  arrival->failure = g_strdup (failure);
  g_warning ("list %s: %s", name, failure);
  bolo_list_taker_tell (self, arrival);
}

void
bolo_list_taker_clear_failure (BoloListTaker *self, const char *name)
{
  BoloListArrival *arrival;

  g_return_if_fail (self != NULL && name != NULL);

  arrival = g_hash_table_lookup (self->arrivals, name);
  if (arrival == NULL || arrival->failure == NULL)
    return;
  g_clear_pointer (&arrival->failure, g_free);
  bolo_list_taker_tell (self, arrival);
}

/* ---- taking -------------------------------------------------------------------------------- */

static void
note_taken (BoloListTaker *self, const BoloListFile *file)
{
  BoloListArrival *arrival = get_arrival (self, file->name);
  g_autoptr (GError) error = NULL;

  if (!save_number (self, LISTS, file->name, file->number, &error))
    g_warning ("%s", error->message);
  g_clear_pointer (&arrival->failure, g_free);
  arrival->held = bolo_list_taker_get_held (self, file->name);
  bolo_list_taker_tell (self, arrival);
}

gboolean
bolo_list_taker_take (BoloListTaker *self, const BoloListFile *file, GError **error)
{
  const BoloImportOptions options = {
    .path = file->path,
    .name = file->name,
    .kind = file->kind,
    .format = file->format,
    .map = file->map,
    .signature = file->signature,
    .unsigned_by = file->signature == NULL ? self->unsigned_by : NULL,
    .is_delta = file->is_delta,
  };
  g_autoptr (BoloImportReport) report = NULL;
  g_autoptr (GError) local = NULL;
  gboolean is_in_force;

  g_return_val_if_fail (self != NULL && file != NULL, FALSE);
  g_return_val_if_fail (file->name != NULL && file->path != NULL, FALSE);

  is_in_force = bolo_hotlist_import (self->hotlist, &options, &report, &local) ||
                g_error_matches (local, BOLO_ERROR, BOLO_ERROR_NOTHING_TO_DO);
  if (is_in_force || !g_error_matches (local, BOLO_ERROR, BOLO_ERROR_NO_SPACE)) {
    g_unlink (file->path);
    if (file->signature != NULL)
      g_unlink (file->signature);
  }
  if (!is_in_force) {
    bolo_list_taker_note_failure (self, file->name, local->message);
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  note_taken (self, file);
  return TRUE;
}

gboolean
bolo_list_taker_drop (BoloListTaker *self, const char *name, GError **error)
{
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (self != NULL && name != NULL, FALSE);

  g_hash_table_remove (self->arrivals, name);
  if (bolo_hotlist_remove (self->hotlist, name, &local)) {
    g_message ("the list %s was withdrawn and is no longer in force", name);
    return save_number (self, LISTS, name, -1, error);
  }
  if (g_error_matches (local, BOLO_ERROR, BOLO_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
