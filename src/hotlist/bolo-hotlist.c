/* bolo-hotlist.c: the lists that the car holds: import, revisions, the index in force
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-hotlist"

#include "bolo-hotlist.h"

#include "bolo-error.h"
#include "bolo-list-files.h"
#include "bolo-list-index-private.h"
#include "bolo-list-manifest.h"
#include "bolo-list-revision.h"
#include "bolo-list-trust.h"

#include <string.h>

#define DOOMED ".removed" /* no list can be called so */

/* BoloHotlist: one an engine, owned by patrol or by a command. */
struct _BoloHotlist {
  GObject parent_instance;

  char *lists;           /* (owned): STATE/lists */
  char *keys;            /* (owned): STATE/list-keys */
  char *settings_path;   /* (owned): STATE/lists.conf */
  BoloPlateRules *rules; /* (owned) */
  BoloClock *clock;      /* (owned) */
  GHashTable *titles;    /* (owned) (mutex lock): list name to title */
  GMutex work;           /* held through import, load and remove */
  GMutex lock;           /* held for a moment */
  BoloListIndex *index;  /* (owned) (mutex lock) */
};

G_DEFINE_FINAL_TYPE (BoloHotlist, bolo_hotlist, G_TYPE_OBJECT)

static void
bolo_hotlist_finalize (GObject *object)
{
  BoloHotlist *self = BOLO_HOTLIST (object);

  g_clear_pointer (&self->lists, g_free);
  g_clear_pointer (&self->keys, g_free);
  g_clear_pointer (&self->settings_path, g_free);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->titles, g_hash_table_unref);
  g_clear_pointer (&self->index, bolo_list_index_unref);
  g_mutex_clear (&self->work);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (bolo_hotlist_parent_class)->finalize (object);
}

static void
bolo_hotlist_class_init (BoloHotlistClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_hotlist_finalize;
}

static void
bolo_hotlist_init (BoloHotlist *self)
{
  g_mutex_init (&self->work);
  g_mutex_init (&self->lock);
  self->titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

BoloHotlist *
bolo_hotlist_new (const char *state_dir, BoloPlateRules *rules, BoloClock *clock)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  BoloHotlist *self;

  g_return_val_if_fail (state_dir != NULL && rules != NULL && BOLO_IS_CLOCK (clock), NULL);

  self = g_object_new (BOLO_TYPE_HOTLIST, NULL);
  self->lists = g_build_filename (state_dir, "lists", NULL);
  self->keys = g_build_filename (state_dir, "list-keys", NULL);
  self->settings_path = g_build_filename (state_dir, "lists.conf", NULL);
  self->rules = bolo_plate_rules_ref (rules);
  self->clock = g_object_ref (clock);
  self->index = bolo_list_index_new_layers (none, NULL, rules);
  return self;
}

void
bolo_hotlist_set_title (BoloHotlist *self, const char *name, const char *title)
{
  g_return_if_fail (BOLO_IS_HOTLIST (self) && name != NULL && title != NULL);

  g_mutex_lock (&self->lock);
  g_hash_table_insert (self->titles, g_strdup (name), g_strdup (title));
  g_mutex_unlock (&self->lock);
}

BoloListIndex *
bolo_hotlist_ref_index (BoloHotlist *self)
{
  BoloListIndex *index;

  g_return_val_if_fail (BOLO_IS_HOTLIST (self), NULL);

  g_mutex_lock (&self->lock);
  index = bolo_list_index_ref (self->index);
  g_mutex_unlock (&self->lock);
  return index;
}

GPtrArray *
bolo_hotlist_match (BoloHotlist *self, const char *text, gint64 now_us)
{
  g_autoptr (BoloListIndex) index = NULL;
  g_autofree char *normalised = NULL;

  g_return_val_if_fail (BOLO_IS_HOTLIST (self) && text != NULL, NULL);

  index = bolo_hotlist_ref_index (self);
  normalised = bolo_plate_rules_normalise (self->rules, text);
  return bolo_list_index_match (index, normalised, now_us);
}

/* Puts a new index in force; who holds the old one keeps it as long as it likes. */
static void
publish (BoloHotlist *self, GPtrArray *lists, GPtrArray *failures)
{
  BoloListIndex *index = bolo_list_index_new_layers (lists, failures, self->rules);
  BoloListIndex *old;

  g_mutex_lock (&self->lock);
  old = g_steal_pointer (&self->index);
  self->index = index;
  g_mutex_unlock (&self->lock);
  bolo_list_index_unref (old);
}

/* As publish, with @layers (nullable) in the place of what is called @name. */
static void
publish_changed (BoloHotlist *self, const char *name, BoloListLayers *layers)
{
  g_autoptr (BoloListIndex) old = bolo_hotlist_ref_index (self);
  g_autoptr (GPtrArray) lists = g_ptr_array_new ();
  g_autoptr (GPtrArray) failures = g_ptr_array_new ();
  GPtrArray *held = bolo_list_index_peek_layers (old);
  GPtrArray *failed = bolo_list_index_peek_failures (old);

  for (guint i = 0; i < held->len; i++)
    if (!g_str_equal (bolo_list_layers_get_info (g_ptr_array_index (held, i))->name, name))
      g_ptr_array_add (lists, g_ptr_array_index (held, i));
  for (guint i = 0; i < failed->len; i++)
    if (!g_str_equal (g_ptr_array_index (failed, i), name))
      g_ptr_array_add (failures, g_ptr_array_index (failed, i));
  if (layers != NULL)
    g_ptr_array_add (lists, layers);
  publish (self, lists, failures);
}

/* (transfer full) (nullable) */
static char *
dup_title (BoloHotlist *self, const char *name)
{
  char *title;

  g_mutex_lock (&self->lock);
  title = g_strdup (g_hash_table_lookup (self->titles, name));
  g_mutex_unlock (&self->lock);
  return title;
}

static BoloListStore
make_store (BoloHotlist *self, const BoloListSettings *settings)
{
  return (BoloListStore){.lists = self->lists,
                         .keys = self->keys,
                         .settings = settings,
                         .rules = self->rules,
                         .now_us = bolo_clock_get_utc_us (self->clock)};
}

static BoloListLayers *
open_list (BoloHotlist *self, const BoloListSettings *settings, const char *name, GError **error)
{
  BoloListStore store = make_store (self, settings);
  g_autofree char *title = dup_title (self, name);

  return bolo_list_revision_open (&store, name, title, error);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* (transfer full): names of the folders under lists/, sorted. */
static GPtrArray *
list_names (BoloHotlist *self, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) directory = g_dir_open (self->lists, 0, &local);
  const char *name;

  if (directory == NULL) {
    if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      return g_steal_pointer (&names);
    bolo_error_take_foreign (error, g_steal_pointer (&local), "Cannot read the lists");
    return NULL;
  }
  while ((name = g_dir_read_name (directory)) != NULL) {
    g_autofree char *manifest = g_build_filename (self->lists, name, "manifest.ini", NULL);

    /* Without a manifest it is a list's first import, under way or cut off. */
    if (bolo_list_name_is_good (name) && g_file_test (manifest, G_FILE_TEST_EXISTS))
      g_ptr_array_add (names, g_strdup (name));
  }
  g_ptr_array_sort (names, compare_texts);
  return g_steal_pointer (&names);
}

/* @failures: names, lent by @names. */
static void
open_lists (BoloHotlist *self,
            const BoloListSettings *settings,
            GPtrArray *names,
            GPtrArray *failures,
            GPtrArray *problems)
{
  g_autoptr (GPtrArray) lists =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_layers_unref);

  for (guint i = 0; i < names->len; i++) {
    char *name = g_ptr_array_index (names, i);
    g_autoptr (GError) local = NULL;
    BoloListLayers *layers = open_list (self, settings, name, &local);

    if (layers != NULL) {
      g_ptr_array_add (lists, layers);
      continue;
    }
    g_warning ("The list %s is not in force: %s", name, local->message);
    g_ptr_array_add (failures, name);
    if (problems != NULL)
      g_ptr_array_add (problems, g_strdup_printf ("%s: %s", name, local->message));
  }
  publish (self, lists, failures);
}

gboolean
bolo_hotlist_load (BoloHotlist *self, GPtrArray *problems, GError **error)
{
  g_autoptr (GMutexLocker) work = NULL;
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GPtrArray) failures = g_ptr_array_new ();
  g_autoptr (BoloListSettings) settings = NULL;
  g_autoptr (GError) local = NULL;

  g_return_val_if_fail (BOLO_IS_HOTLIST (self), FALSE);

  work = g_mutex_locker_new (&self->work);
  names = list_names (self, error);
  if (names == NULL)
    return FALSE;
  settings = bolo_list_settings_load (self->settings_path, &local);
  if (settings == NULL) { /* lists without their age limits are better than none */
    g_warning ("Age limits of lists are not in force: %s", local->message);
    if (problems != NULL)
      g_ptr_array_add (problems, g_strdup (local->message));
    settings = bolo_list_settings_new_default ();
  }
  open_lists (self, settings, names, failures, problems);
  return TRUE;
}

static gboolean
check_name (const char *name, GError **error)
{
  if (!bolo_list_name_is_good (name)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "'%s' cannot name a list or its kind; use 1 to 64 letters, digits, '-' and '_'",
                 name);
    return FALSE;
  }
  return TRUE;
}

static void
finish_report (BoloImportReport *report, BoloListLayers *layers, gint64 now_us)
{
  const BoloListInfo *info = bolo_list_layers_get_info (layers);

  report->n_entries = info->n_entries;
  report->n_covert = info->n_covert;
  report->n_weeded = bolo_list_layers_count_weeded (layers, now_us);
}

/* Changes that have become many are merged with what they change; should that not succeed, they
 * stay what they are. */
static void
merge_if_due (BoloHotlist *self, const BoloListStore *store, BoloListLayers *layers)
{
  g_autoptr (BoloListLayers) merged = NULL;
  g_autoptr (GError) error = NULL;
  const char *name = bolo_list_layers_get_info (layers)->name;

  if (bolo_list_revision_merge (store, layers, &error))
    merged = open_list (self, store->settings, name, &error);
  if (merged != NULL)
    publish_changed (self, name, merged);
  else if (!g_error_matches (error, BOLO_ERROR, BOLO_ERROR_NOTHING_TO_DO))
    g_warning ("The changes of the list %s are not merged: %s", name, error->message);
}

/* What a kill has left of a list that was being removed. */
static void
sweep_removed (BoloHotlist *self)
{
  g_autofree char *doomed = g_build_filename (self->lists, DOOMED, NULL);

  if (g_file_test (doomed, G_FILE_TEST_EXISTS))
    bolo_list_files_remove_directory (doomed, NULL);
}

/* Under both locks: this object's and the folder's. */
static gboolean
import_locked (BoloHotlist *self,
               const BoloImportOptions *options,
               BoloImportReport *report,
               GError **error)
{
  g_autoptr (BoloListSettings) settings = bolo_list_settings_load (self->settings_path, error);
  g_autoptr (BoloListLayers) layers = NULL;
  BoloListStore store;

  if (settings == NULL)
    return FALSE;
  store = make_store (self, settings);
  sweep_removed (self);
  if (!bolo_list_revision_import (&store, options, report, error))
    return FALSE;
  layers = open_list (self, settings, options->name, error);
  if (layers == NULL)
    return FALSE;
  finish_report (report, layers, store.now_us);
  publish_changed (self, options->name, layers);
  merge_if_due (self, &store, layers);
  return TRUE;
}

gboolean
bolo_hotlist_import (BoloHotlist *self,
                     const BoloImportOptions *options,
                     BoloImportReport **report,
                     GError **error)
{
  g_autoptr (GMutexLocker) work = NULL;
  g_autoptr (BoloImportReport) made = NULL;
  gboolean is_imported;
  int lock;

  g_return_val_if_fail (BOLO_IS_HOTLIST (self) && options != NULL, FALSE);
  g_return_val_if_fail (options->path != NULL && options->name != NULL, FALSE);

  work = g_mutex_locker_new (&self->work);
  if (!check_name (options->name, error) ||
      (options->kind != NULL && !check_name (options->kind, error)) ||
      !bolo_list_files_make_directory (self->lists, error))
    return FALSE;
  lock = bolo_list_files_lock (self->lists, error);
  if (lock < 0)
    return FALSE;
  made = bolo_import_report_new (options->name);
  is_imported = import_locked (self, options, made, error);
  bolo_list_files_unlock (lock);
  if (report != NULL)
    *report = g_steal_pointer (&made);
  return is_imported;
}

gboolean
bolo_hotlist_load_recording_list (BoloHotlist *self,
                                  const char *path,
                                  const char *name,
                                  const char *kind,
                                  const char *map_path,
                                  BoloImportReport **report,
                                  GError **error)
{
  const BoloImportOptions options = {.path = path, .name = name, .kind = kind, .map = map_path};
  g_autoptr (GMutexLocker) work = NULL;
  g_autoptr (BoloListSettings) settings = bolo_list_settings_new_default ();
  g_autoptr (BoloImportReport) made = NULL;
  g_autoptr (BoloListLayers) layers = NULL;
  g_autofree char *title = NULL;
  BoloListStore store;

  g_return_val_if_fail (BOLO_IS_HOTLIST (self) && path != NULL, FALSE);
  g_return_val_if_fail (name != NULL && kind != NULL, FALSE);

  work = g_mutex_locker_new (&self->work);
  if (!check_name (name, error) || !check_name (kind, error))
    return FALSE;
  store = make_store (self, settings);
  title = dup_title (self, name);
  made = bolo_import_report_new (name);
  layers = bolo_list_revision_replay (&store, &options, title, made, error);
  if (layers == NULL)
    return FALSE;
  finish_report (made, layers, store.now_us);
  publish_changed (self, name, layers);
  if (report != NULL)
    *report = g_steal_pointer (&made);
  return TRUE;
}

gboolean
bolo_hotlist_trust (BoloHotlist *self, const char *path, char **name, GError **error)
{
  g_return_val_if_fail (BOLO_IS_HOTLIST (self) && path != NULL, FALSE);

  return bolo_list_trust_add (self->keys, path, name, error);
}

char **
bolo_hotlist_get_trusted (BoloHotlist *self)
{
  g_return_val_if_fail (BOLO_IS_HOTLIST (self), NULL);

  return bolo_list_trust_list (self->keys);
}

/* Under the folder's lock. The manifest goes first: without it the list is not there. */
static gboolean
remove_locked (BoloHotlist *self, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (self->lists, name, NULL);
  g_autofree char *doomed = g_build_filename (self->lists, DOOMED, NULL);
  g_autoptr (BoloListManifest) held = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "there is no list called %s", name);
    return FALSE;
  }
  held = bolo_list_manifest_load (self->lists, name, NULL);
  if (held != NULL && !bolo_list_manifest_keep_number (held, self->lists, error))
    return FALSE;
  return bolo_list_files_rename_directory (path, doomed, error) &&
         bolo_list_files_remove_directory (doomed, error);
}

gboolean
bolo_hotlist_remove (BoloHotlist *self, const char *name, GError **error)
{
  g_autoptr (GMutexLocker) work = NULL;
  gboolean is_removed;
  int lock;

  g_return_val_if_fail (BOLO_IS_HOTLIST (self) && name != NULL, FALSE);

  work = g_mutex_locker_new (&self->work);
  if (!check_name (name, error) || !bolo_list_files_make_directory (self->lists, error))
    return FALSE;
  lock = bolo_list_files_lock (self->lists, error);
  if (lock < 0)
    return FALSE;
  is_removed = remove_locked (self, name, error);
  bolo_list_files_unlock (lock);
  if (is_removed)
    publish_changed (self, name, NULL);
  return is_removed;
}
