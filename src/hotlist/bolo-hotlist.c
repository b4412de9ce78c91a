/* bolo-hotlist.c: the lists that the car holds: import, revisions, the index in force
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-hotlist"

#include "bolo-hotlist.h"

#include "bolo-error.h"
#include "bolo-list-files.h"
#include "bolo-list-index-private.h"
#include "bolo-list-manifest.h"

#include <string.h>

#define REVISION_LENGTH 16 /* of a SHA-256 in hexadecimal: enough to tell revisions apart */
#define STAGING ".staging" /* no list can be called so */
#define MAP_BYTES_MAX (1024 * 1024)

/* BoloHotlist: one an engine, owned by patrol or by a command. */
struct _BoloHotlist {
  GObject parent_instance;

  char *lists;           /* (owned): STATE/lists */
  BoloPlateRules *rules; /* (owned) */
  BoloClock *clock;      /* (owned) */
  GHashTable *titles;    /* (owned) (mutex lock): list name to title */
  GMutex work;           /* held through import, load and remove */
  GMutex lock;           /* held for a moment */
  BoloListIndex *index;  /* (owned) (mutex lock) */
};

G_DEFINE_FINAL_TYPE (BoloHotlist, bolo_hotlist, G_TYPE_OBJECT)

/* Import: what one import carries from step to step. */
typedef struct {
  const char *path;
  const char *map_path; /* (nullable) */
  char *staging;        /* folder */
  BoloListManifest *manifest;
  BoloListFormat *format;
  BoloListData *data;
  BoloImportReport *report;
} Import;

static void
import_clear (Import *self)
{
  if (self->staging != NULL && g_file_test (self->staging, G_FILE_TEST_IS_DIR))
    bolo_list_files_remove_directory (self->staging, NULL);
  g_clear_pointer (&self->staging, g_free);
  g_clear_pointer (&self->manifest, bolo_list_manifest_free);
  g_clear_pointer (&self->format, bolo_list_format_unref);
  g_clear_pointer (&self->data, bolo_list_data_unref);
  g_clear_pointer (&self->report, bolo_import_report_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, import_clear)

void
bolo_import_report_free (BoloImportReport *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->revision, g_free);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_free (self);
}

static void
bolo_hotlist_finalize (GObject *object)
{
  BoloHotlist *self = BOLO_HOTLIST (object);

  g_clear_pointer (&self->lists, g_free);
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
  self->rules = bolo_plate_rules_ref (rules);
  self->clock = g_object_ref (clock);
  self->index = bolo_list_index_new (none, NULL, rules);
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
  BoloListIndex *index = bolo_list_index_new (lists, failures, self->rules);
  BoloListIndex *old;

  g_mutex_lock (&self->lock);
  old = g_steal_pointer (&self->index);
  self->index = index;
  g_mutex_unlock (&self->lock);
  bolo_list_index_unref (old);
}

/* As publish, with @data (nullable) in the place of what is called @name. */
static void
publish_changed (BoloHotlist *self, const char *name, BoloListData *data)
{
  g_autoptr (BoloListIndex) old = bolo_hotlist_ref_index (self);
  g_autoptr (GPtrArray) lists = g_ptr_array_new ();
  g_autoptr (GPtrArray) failures = g_ptr_array_new ();
  GPtrArray *held = bolo_list_index_peek_data (old);
  GPtrArray *failed = bolo_list_index_peek_failures (old);

  for (guint i = 0; i < held->len; i++)
    if (!g_str_equal (bolo_list_data_get_info (g_ptr_array_index (held, i))->name, name))
      g_ptr_array_add (lists, g_ptr_array_index (held, i));
  for (guint i = 0; i < failed->len; i++)
    if (!g_str_equal (g_ptr_array_index (failed, i), name))
      g_ptr_array_add (failures, g_ptr_array_index (failed, i));
  if (data != NULL)
    g_ptr_array_add (lists, data);
  publish (self, lists, failures);
}

static BoloListData *
read_list (BoloHotlist *self,
           GBytes *bytes,
           BoloListFormat *format,
           const BoloListManifest *manifest,
           GPtrArray *problems,
           guint64 *n_warnings,
           GError **error)
{
  g_autofree char *title = NULL;
  BoloListInfo info = {.name = manifest->name,
                       .kind = manifest->kind,
                       .revision = manifest->revision,
                       .loaded_us = manifest->loaded_us,
                       .dated_us = manifest->dated_us};

  g_mutex_lock (&self->lock);
  title = g_strdup (g_hash_table_lookup (self->titles, manifest->name));
  g_mutex_unlock (&self->lock);
  info.title = title;
  return bolo_list_data_new (bytes, format, self->rules, &info, problems, n_warnings, error);
}

/* Opens the revision that @name's manifest names and proves that its bytes are what they were. */
static BoloListData *
open_revision (BoloHotlist *self, const char *name, GError **error)
{
  g_autoptr (BoloListManifest) manifest = bolo_list_manifest_load (self->lists, name, error);
  g_autoptr (BoloListFormat) format = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *rows = NULL;
  g_autofree char *map = NULL;
  g_autofree char *checksum = NULL;

  if (manifest == NULL)
    return NULL;
  rows = g_build_filename (self->lists, name, manifest->revision, "rows.csv", NULL);
  map = g_build_filename (self->lists, name, manifest->revision, "map.conf", NULL);
  bytes = bolo_list_files_map (rows, error);
  if (bytes == NULL)
    return NULL;
  checksum = bolo_list_files_make_checksum (bytes);
  if (!g_str_equal (checksum, manifest->checksum) || !g_str_equal (manifest->name, name)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "the stored list %s is damaged; import it again", name);
    return NULL;
  }
  format = manifest->has_map ? bolo_list_format_load (map, error) : bolo_list_format_new_uk ();
  if (format == NULL)
    return NULL;
  return read_list (self, bytes, format, manifest, NULL, NULL, error);
}

/* Removes what a power cut or a kill left of imports; revisions that no manifest names. */
static void
clean_list (BoloHotlist *self, const char *name)
{
  g_autoptr (BoloListManifest) manifest = bolo_list_manifest_load (self->lists, name, NULL);
  g_autofree char *path = g_build_filename (self->lists, name, NULL);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *child;

  if (manifest == NULL)
    return;
  while (directory != NULL && (child = g_dir_read_name (directory)) != NULL) {
    g_autofree char *old = g_build_filename (path, child, NULL);

    if (!g_str_equal (child, manifest->revision) && g_file_test (old, G_FILE_TEST_IS_DIR))
      bolo_list_files_remove_directory (old, NULL);
  }
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
    g_autofree char *path = g_build_filename (self->lists, name, NULL);

    if (bolo_list_name_is_good (name) && g_file_test (path, G_FILE_TEST_IS_DIR))
      g_ptr_array_add (names, g_strdup (name));
  }
  g_ptr_array_sort (names, compare_texts);
  return g_steal_pointer (&names);
}

gboolean
bolo_hotlist_load (BoloHotlist *self, GPtrArray *problems, GError **error)
{
  g_autoptr (GMutexLocker) work = NULL;
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GPtrArray) lists =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_data_unref);
  g_autoptr (GPtrArray) failures = g_ptr_array_new ();

  g_return_val_if_fail (BOLO_IS_HOTLIST (self), FALSE);

  work = g_mutex_locker_new (&self->work);
  names = list_names (self, error);
  if (names == NULL)
    return FALSE;
  for (guint i = 0; i < names->len; i++) {
    char *name = g_ptr_array_index (names, i);
    g_autoptr (GError) local = NULL;
    BoloListData *data = open_revision (self, name, &local);

    if (data != NULL) {
      g_ptr_array_add (lists, data);
      continue;
    }
    g_warning ("The list %s is not in force: %s", name, local->message);
    g_ptr_array_add (failures, name);
    if (problems != NULL)
      g_ptr_array_add (problems, g_strdup_printf ("%s: %s", name, local->message));
  }
  publish (self, lists, failures);
  return TRUE;
}

static gboolean
check_names (const char *name, const char *kind, GError **error)
{
  if (!bolo_list_name_is_good (name) || !bolo_list_name_is_good (kind)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "'%s' cannot name a list or its kind; use 1 to 64 letters, digits, '-' and '_'",
                 bolo_list_name_is_good (name) ? kind : name);
    return FALSE;
  }
  return TRUE;
}

/* Copies the outside files into a folder of ours, and names the revision by their bytes. */
static gboolean
stage (BoloHotlist *self, Import *import, GError **error)
{
  g_autoptr (GChecksum) rows_sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *rows = g_build_filename (import->staging, "rows.csv", NULL);
  g_autofree char *map = g_build_filename (import->staging, "map.conf", NULL);
  BoloListManifest *manifest = import->manifest;
  const char *checksum;

  if (g_file_test (import->staging, G_FILE_TEST_EXISTS) &&
      !bolo_list_files_remove_directory (import->staging, error))
    return FALSE;
  if (!bolo_list_files_make_directory (import->staging, error) ||
      !bolo_list_files_copy (import->path, rows, BOLO_LIST_FILE_BYTES_MAX, rows_sum,
                             &manifest->dated_us, error))
    return FALSE;
  if (import->map_path != NULL) {
    manifest->has_map = TRUE;
    if (!bolo_list_files_copy (import->map_path, map, MAP_BYTES_MAX, sum, NULL, error))
      return FALSE;
  }
  checksum = g_checksum_get_string (rows_sum);
  manifest->checksum = g_strdup (checksum);
  g_checksum_update (sum, (const guchar *) checksum, -1);
  g_checksum_update (sum, (const guchar *) manifest->kind, -1);
  manifest->revision = g_strndup (g_checksum_get_string (sum), REVISION_LENGTH);
  manifest->dated_us = CLAMP (manifest->dated_us, 0, manifest->loaded_us);
  return TRUE;
}

/* Reads @bytes and fills the report. A list of which nothing can be used is refused. */
static gboolean
read_and_report (BoloHotlist *self, Import *import, GBytes *bytes, GError **error)
{
  BoloImportReport *report = g_new0 (BoloImportReport, 1);
  const BoloListInfo *info;

  import->report = report;
  report->problems = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_problem_free);
  import->data = read_list (self, bytes, import->format, import->manifest, report->problems,
                            &report->n_warnings, error);
  if (import->data == NULL) {
    g_prefix_error (error, "%s: ", import->path);
    return FALSE;
  }
  info = bolo_list_data_get_info (import->data);
  report->name = g_strdup (info->name);
  report->kind = g_strdup (info->kind);
  report->revision = g_strdup (info->revision);
  report->n_entries = info->n_entries;
  report->n_rejected = info->n_rejected;
  report->n_covert = info->n_covert;
  report->n_weeded = bolo_list_data_count_weeded (import->data, import->manifest->loaded_us);
  if (report->n_entries == 0) {
    g_autofree char *first =
      report->problems->len > 0
        ? bolo_list_problem_to_string (g_ptr_array_index (report->problems, 0))
        : g_strdup ("it is empty");

    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s: no row can be used (%s); the list in force stays", import->path, first);
    return FALSE;
  }
  return TRUE;
}

/* Makes the staged revision the current one: folder first, then the manifest that names it. */
static gboolean
swap_in (BoloHotlist *self, Import *import, GError **error)
{
  BoloListManifest *manifest = import->manifest;
  g_autofree char *final = g_build_filename (self->lists, manifest->name, manifest->revision, NULL);
  g_autofree char *directory = g_path_get_dirname (final);

  if (!bolo_list_files_make_directory (directory, error) ||
      !bolo_list_files_rename_directory (import->staging, final, error) ||
      !bolo_list_manifest_save (manifest, self->lists, error))
    return FALSE;
  clean_list (self, manifest->name);
  return TRUE;
}

static gboolean
is_current (BoloHotlist *self, const BoloListManifest *staged)
{
  g_autoptr (BoloListManifest) current = bolo_list_manifest_load (self->lists, staged->name, NULL);
  g_autoptr (BoloListIndex) index = bolo_hotlist_ref_index (self);
  const BoloListInfo *info = bolo_list_index_find_list (index, staged->name);

  if (current == NULL || !g_str_equal (current->revision, staged->revision))
    return FALSE;
  /* Stored, but the index may lack it: not loaded yet, or damaged on the disk. */
  return info != NULL && g_str_equal (info->revision, staged->revision);
}

static void
begin_import (BoloHotlist *self,
              Import *import,
              const char *path,
              const char *name,
              const char *kind,
              const char *map_path)
{
  import->path = path;
  import->map_path = map_path;
  import->manifest = g_new0 (BoloListManifest, 1);
  import->manifest->name = g_strdup (name);
  import->manifest->kind = g_strdup (kind);
  import->manifest->loaded_us = bolo_clock_get_utc_us (self->clock);
}

/* Under both locks: this object's and the folder's. */
static gboolean
import_locked (BoloHotlist *self, Import *import, GError **error)
{
  g_autofree char *staged_rows = NULL;
  g_autoptr (GBytes) bytes = NULL;

  import->format = import->map_path != NULL ? bolo_list_format_load (import->map_path, error)
                                            : bolo_list_format_new_uk ();
  import->staging = g_build_filename (self->lists, STAGING, NULL);
  if (import->format == NULL || !stage (self, import, error))
    return FALSE;
  if (is_current (self, import->manifest)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOTHING_TO_DO,
                 "%s is the list %s that is in force already", import->path,
                 import->manifest->name);
    return FALSE;
  }
  staged_rows = g_build_filename (import->staging, "rows.csv", NULL);
  bytes = bolo_list_files_map (staged_rows, error);
  return bytes != NULL && read_and_report (self, import, bytes, error) &&
         swap_in (self, import, error);
}

gboolean
bolo_hotlist_import (BoloHotlist *self,
                     const char *path,
                     const char *name,
                     const char *kind,
                     const char *map_path,
                     BoloImportReport **report,
                     GError **error)
{
  g_auto (Import) import = {0};
  g_autoptr (GMutexLocker) work = NULL;
  gboolean is_imported;
  int lock;

  g_return_val_if_fail (BOLO_IS_HOTLIST (self) && path != NULL, FALSE);
  g_return_val_if_fail (name != NULL && kind != NULL, FALSE);

  work = g_mutex_locker_new (&self->work);
  if (!check_names (name, kind, error) || !bolo_list_files_make_directory (self->lists, error))
    return FALSE;
  lock = bolo_list_files_lock (self->lists, error);
  if (lock < 0)
    return FALSE;
  begin_import (self, &import, path, name, kind, map_path);
  is_imported = import_locked (self, &import, error);
  bolo_list_files_unlock (lock);
  if (!is_imported)
    return FALSE;
  publish_changed (self, name, import.data);
  if (report != NULL)
    *report = g_steal_pointer (&import.report);
  return TRUE;
}

/* (transfer full): an outside file's bytes, read, not mapped: it may change under our feet. */
static GBytes *
read_file (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, &local)) {
    g_autofree char *what = g_strdup_printf ("Cannot read the list %s", path);

    bolo_error_take_foreign (error, g_steal_pointer (&local), what);
    return NULL;
  }
  return g_bytes_new_take (text, length);
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
  g_auto (Import) import = {0};
  g_autoptr (GMutexLocker) work = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (BOLO_IS_HOTLIST (self) && path != NULL, FALSE);
  g_return_val_if_fail (name != NULL && kind != NULL, FALSE);

  work = g_mutex_locker_new (&self->work);
  if (!check_names (name, kind, error))
    return FALSE;
  begin_import (self, &import, path, name, kind, map_path);
  import.format =
    map_path != NULL ? bolo_list_format_load (map_path, error) : bolo_list_format_new_uk ();
  bytes = import.format != NULL ? read_file (path, error) : NULL;
  if (bytes == NULL)
    return FALSE;
  /* A recording's list is as of the recording's start, so that a replay tells the same age. */
  import.manifest->dated_us = import.manifest->loaded_us;
  import.manifest->checksum = bolo_list_files_make_checksum (bytes);
  import.manifest->revision = g_strndup (import.manifest->checksum, REVISION_LENGTH);
  if (!read_and_report (self, &import, bytes, error))
    return FALSE;
  publish_changed (self, name, import.data);
  if (report != NULL)
    *report = g_steal_pointer (&import.report);
  return TRUE;
}

/* Under the folder's lock. The manifest goes first: without it the list is not there. */
static gboolean
remove_locked (BoloHotlist *self, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (self->lists, name, NULL);
  g_autofree char *doomed = g_build_filename (self->lists, STAGING, NULL);

  if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "there is no list called %s", name);
    return FALSE;
  }
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
  if (!check_names (name, "kind", error) || !bolo_list_files_make_directory (self->lists, error))
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
