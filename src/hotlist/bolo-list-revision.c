/* bolo-list-revision.c: a list's revisions on the disk: opened, imported, merged, swapped, cleaned
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-revision"

#include "bolo-list-revision.h"

#include "bolo-error.h"
#include "bolo-list-files.h"
#include "bolo-list-import.h"
#include "bolo-list-manifest.h"
#include "bolo-list-trust.h"

#include <glib/gstdio.h>
#include <string.h>

#define REVISION_LENGTH 16 /* of a SHA-256 in hexadecimal: enough to tell revisions apart */
#define LAYER_PREFIX "layer-"
#define INCOMING "incoming" /* the list's file as it came, while it is read */
#define FILE_BYTES_MAX (G_GINT64_CONSTANT (8) << 30)
#define MAP_BYTES_MAX (1024 * 1024)
#define OPEN_TRIES 3

/* Staged: an import between the file that came and the manifest that names what was made of it. */
typedef struct {
  const BoloListStore *store;
  const BoloImportOptions *options;
  BoloImportReport *report;
  BoloListManifest *held; /* (nullable) */
  BoloListManifest *past; /* (nullable): of a list of this name that was removed */
  BoloListManifest *next;
  BoloListLayers *current;      /* (nullable): what is in force */
  BoloListSignature *signature; /* (nullable) */
  const BoloListRules *rules;
  char *folder;   /* of the list */
  char *layer;    /* name of the layer that is made; … */
  char *path;     /* … its folder, … */
  char *incoming; /* … and the list's file in it */
  char *sha256;   /* of that */
  guint64 size;
  gboolean is_kept; /* the layer is named by a manifest, or may be: it stays */
} Staged;

static void
staged_clear (Staged *self)
{
  if (self->path != NULL && !self->is_kept)
    bolo_list_files_remove_directory (self->path, NULL);
  if (self->folder != NULL && self->held == NULL && !self->is_kept)
    g_rmdir (self->folder); /* unless something is in it */
  g_clear_pointer (&self->held, bolo_list_manifest_free);
  g_clear_pointer (&self->past, bolo_list_manifest_free);
  g_clear_pointer (&self->next, bolo_list_manifest_free);
  g_clear_pointer (&self->current, bolo_list_layers_unref);
  g_clear_pointer (&self->signature, bolo_list_signature_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->layer, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->incoming, g_free);
  g_clear_pointer (&self->sha256, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Staged, staged_clear)

/* ---- opening ------------------------------------------------------------------------------- */

static BoloListLayers *
open_layers (const BoloListStore *store,
             const BoloListManifest *manifest,
             const char *title,
             GError **error)
{
  g_autoptr (GPtrArray) files =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_index_file_unref);
  const BoloListRules *rules = bolo_list_settings_find (store->settings, manifest->name);
  BoloListInfo info = {.name = manifest->name,
                       .title = (char *) title,
                       .kind = manifest->kind,
                       .revision = manifest->revision,
                       .signer = manifest->signer,
                       .trust = manifest->trust,
                       .n_rejected = manifest->n_rejected,
                       .loaded_us = manifest->loaded_us,
                       .dated_us = manifest->dated_us,
                       .warn_age_us = rules->warn_age_us,
                       .stale_age_us = rules->stale_age_us};

  for (guint i = 0; manifest->layers[i] != NULL; i++) {
    g_autofree char *folder =
      g_build_filename (store->lists, manifest->name, manifest->layers[i], NULL);
    BoloIndexFile *file = bolo_index_file_open (folder, store->rules, error);

    if (file == NULL)
      return NULL;
    g_ptr_array_add (files, file);
  }
  return bolo_list_layers_new (&info, files, store->rules, error);
}

BoloListLayers *
bolo_list_revision_open (const BoloListStore *store,
                         const char *name,
                         const char *title,
                         GError **error)
{
  g_autofree char *seen = NULL;

  g_return_val_if_fail (store != NULL && name != NULL, NULL);

  for (guint i = 1;; i++) {
    g_autoptr (BoloListManifest) manifest = bolo_list_manifest_load (store->lists, name, error);
    g_autoptr (GError) local = NULL;
    BoloListLayers *layers;
    gboolean is_new;

    if (manifest == NULL)
      return NULL;
    if (!g_str_equal (manifest->name, name)) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "the stored list %s is damaged; import it again", name);
      return NULL;
    }
    layers = open_layers (store, manifest, title, &local);
    if (layers != NULL)
      return layers;
    /* Another program may have swapped a new revision in, and cleaned up, since we read which
     * layers there are. */
    is_new = seen == NULL || !g_str_equal (seen, manifest->layers[0]);
    g_free (seen);
    seen = g_strdup (manifest->layers[0]);
    if (i == OPEN_TRIES || (i > 1 && !is_new)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  }
}

/* ---- cleaning ------------------------------------------------------------------------------ */

void
bolo_list_revision_clean (const BoloListStore *store, const char *name)
{
  g_autoptr (BoloListManifest) manifest = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GDir) directory = NULL;
  g_autoptr (GError) error = NULL;
  const char *child;

  g_return_if_fail (store != NULL && name != NULL);

  manifest = bolo_list_manifest_load (store->lists, name, &error);
  /* A manifest that is damaged says nothing of what may go. */
  if (manifest == NULL && !g_error_matches (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND) &&
      !g_error_matches (error, BOLO_ERROR, BOLO_ERROR_STALE))
    return;
  path = g_build_filename (store->lists, name, NULL);
  directory = g_dir_open (path, 0, NULL);
  while (directory != NULL && (child = g_dir_read_name (directory)) != NULL) {
    g_autofree char *old = g_build_filename (path, child, NULL);
    gboolean is_named =
      manifest != NULL && g_strv_contains ((const char *const *) manifest->layers, child);

    if (!is_named && g_file_test (old, G_FILE_TEST_IS_DIR))
      bolo_list_files_remove_directory (old, NULL);
  }
}

/* What killed imports have left, of this list and of others: as large as the lists are, and their
 * names may never come again. Under the folder's lock. */
static void
sweep (const BoloListStore *store, const char *name)
{
  g_autoptr (GDir) directory = g_dir_open (store->lists, 0, NULL);
  const char *child;

  while (directory != NULL && (child = g_dir_read_name (directory)) != NULL) {
    g_autofree char *path = g_build_filename (store->lists, child, NULL);
    g_autofree char *unfinished = g_build_filename (path, BOLO_LIST_MANIFEST_UNFINISHED, NULL);

    if (!bolo_list_name_is_good (child) || !g_file_test (path, G_FILE_TEST_IS_DIR))
      continue;
    bolo_list_revision_clean (store, child);
    g_unlink (unfinished);
    if (!g_str_equal (child, name))
      g_rmdir (path); /* unless a manifest is in it */
  }
  bolo_list_files_sync (store->lists, NULL);
}

/* ---- staging ------------------------------------------------------------------------------- */

static gboolean
begin (Staged *self, GError **error)
{
  const char *name = self->options->name;

  self->folder = g_build_filename (self->store->lists, name, NULL);
  if (!bolo_list_files_make_directory (self->folder, error))
    return FALSE;
  sweep (self->store, name);
  self->held = bolo_list_manifest_load (self->store->lists, name, NULL);
  if (self->held == NULL)
    self->past = bolo_list_manifest_recall (self->store->lists, name);
  self->current = self->held != NULL ? open_layers (self->store, self->held, NULL, NULL) : NULL;
  self->layer = bolo_list_files_make_new (self->folder, LAYER_PREFIX, error);
  if (self->layer == NULL)
    return FALSE;
  self->path = g_build_filename (self->folder, self->layer, NULL);
  self->incoming = g_build_filename (self->path, INCOMING, NULL);
  return TRUE;
}

/* Copies the outside file into a folder of ours, so that what is checked is what is read. */
static gboolean
copy_in (Staged *self, gint64 *modified_us, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  if (!bolo_list_files_copy (self->options->path, self->incoming, FILE_BYTES_MAX, sum, modified_us,
                             &self->size, error))
    return FALSE;
  self->sha256 = g_strdup (g_checksum_get_string (sum));
  return TRUE;
}

static const char *
choose_word (const Staged *self)
{
  if (self->options->format != NULL && !g_str_equal (self->options->format, "auto"))
    return self->options->format;
  return self->signature != NULL ? self->signature->format : "auto";
}

/* (transfer full) (nullable): one hash of all that the import depends on. */
static char *
make_source (const Staged *self, const char *kind, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *map = NULL;
  g_autofree char *facts = NULL;

  if (self->options->map != NULL) {
    map = bolo_list_files_read_small (self->options->map, MAP_BYTES_MAX, error);
    if (map == NULL)
      return NULL;
  }
  facts = g_strdup_printf ("%s\n%s\n%s\n%d\n%s", self->sha256, kind, choose_word (self),
                           self->options->is_delta, map != NULL ? map : "");
  g_checksum_update (sum, (const guchar *) facts, -1);
  return g_strndup (g_checksum_get_string (sum), REVISION_LENGTH);
}

static gboolean
is_held (const Staged *self, const char *source)
{
  /* Stored, but perhaps not to be opened: then it is worth to be imported again. */
  return self->held != NULL && self->current != NULL && self->held->trust == BOLO_TRUST_UNSIGNED &&
         g_str_equal (self->held->source, source);
}

static gboolean
check_kind (const Staged *self, const char *kind, GError **error)
{
  if (!bolo_list_name_is_good (kind)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "'%s' cannot name a list or its kind; use 1 to 64 letters, digits, '-' and '_'",
                 kind);
    return FALSE;
  }
  if (self->signature != NULL && !g_str_equal (self->signature->kind, kind)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE,
                 "the list is signed as of the kind %s, not %s; leave --kind away",
                 self->signature->kind, kind);
    return FALSE;
  }
  return TRUE;
}

static const char *
choose_kind (const Staged *self)
{
  if (self->options->kind != NULL)
    return self->options->kind;
  if (self->signature != NULL)
    return self->signature->kind;
  return self->held != NULL ? self->held->kind : self->options->name;
}

/* What the manifest will say, but for what the rows tell. */
static gboolean
describe (Staged *self, gint64 modified_us, GError **error)
{
  const BoloListSignature *signature = self->signature;
  const BoloListManifest *known = self->held != NULL ? self->held : self->past;
  const char *kind = choose_kind (self);
  BoloListManifest *next;

  if (!check_kind (self, kind, error))
    return FALSE;
  next = g_new0 (BoloListManifest, 1);
  self->next = next;
  next->source = make_source (self, kind, error);
  if (next->source == NULL)
    return FALSE;
  next->name = g_strdup (self->options->name);
  next->kind = g_strdup (kind);
  next->loaded_us = self->store->now_us;
  next->dated_us =
    CLAMP (signature != NULL ? signature->issued_us : modified_us, 0, self->store->now_us);
  next->number = known != NULL ? known->number : 0;
  next->signed_sha256 = known != NULL ? g_strdup (known->signed_sha256) : NULL;
  next->trust = signature != NULL ? BOLO_TRUST_SIGNED : BOLO_TRUST_UNSIGNED;
  if (signature == NULL) {
    next->revision = g_strdup (next->source);
    next->signer = g_strdup (self->options->unsigned_by);
    return TRUE;
  }
  next->revision = g_strdup (signature->revision);
  next->signer = g_strdup (signature->key);
  next->number = signature->number;
  g_free (next->signed_sha256);
  next->signed_sha256 = g_strdup (self->sha256);
  return TRUE;
}

/* Who says that this is the list? */
static gboolean
check_trust (Staged *self, GError **error)
{
  const BoloImportOptions *options = self->options;

  if (options->signature != NULL) {
    self->signature =
      bolo_list_trust_read_signature (self->store->keys, options->signature, self->rules, error);
    return self->signature != NULL;
  }
  if (!self->rules->takes_unsigned) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE,
                 "the list %s is taken with a signature only (see lists.conf); give it with --sig",
                 options->name);
    return FALSE;
  }
  if (options->unsigned_by != NULL && *options->unsigned_by != '\0')
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE,
               "%s is not signed; give its signature with --sig, or take it on your word with "
               "--unsigned-by OFFICER",
               options->path);
  return FALSE;
}

static gboolean
build (Staged *self, GError **error)
{
  BoloListImport import = {
    .options = self->options,
    .rules = self->store->rules,
    .path = self->incoming,
    .layer = self->path,
    .format = choose_word (self),
    .is_delta = self->signature != NULL ? self->signature->is_delta : self->options->is_delta,
    .is_delta_signed = self->signature != NULL,
    .below = self->current != NULL ? bolo_list_layers_get_files (self->current) : NULL,
    .max_bad_percent = self->rules->max_bad_percent,
    .report = self->report,
  };
  BoloIndexSummary summary = {0};

  if (!bolo_list_import_run (&import, &summary, error)) {
    g_prefix_error (error, "%s: ", self->options->path);
    return FALSE;
  }
  self->report->n_deleted = summary.n_removed;
  return g_unlink (self->incoming) == 0;
}

/* Names the layer, over those that were there where it holds changes to them. */
static gboolean
swap_in (Staged *self, GError **error)
{
  g_autoptr (GPtrArray) layers = g_ptr_array_new ();

  for (guint i = 0; self->report->is_delta && self->held->layers[i] != NULL; i++)
    g_ptr_array_add (layers, g_strdup (self->held->layers[i]));
  g_ptr_array_add (layers, g_strdup (self->layer));
  g_ptr_array_add (layers, NULL);
  self->next->layers = (char **) g_ptr_array_free (g_steal_pointer (&layers), FALSE);
  self->next->n_rejected = self->report->n_rejected;
  self->next->format = g_strdup (self->report->format);
  if (!bolo_list_files_sync (self->path, error) || !bolo_list_files_sync (self->folder, error) ||
      !bolo_list_files_sync (self->store->lists, error))
    return FALSE;
  self->is_kept = TRUE; /* a manifest that fails late may still have been renamed */
  return bolo_list_manifest_save (self->next, self->store->lists, error);
}

static void
fill_report (const Staged *self)
{
  BoloImportReport *report = self->report;

  report->kind = g_strdup (self->next->kind);
  report->revision = g_strdup (self->next->revision);
  report->trust = self->next->trust;
  report->signer = g_strdup (self->next->signer);
}

gboolean
bolo_list_revision_import (const BoloListStore *store,
                           const BoloImportOptions *options,
                           BoloImportReport *report,
                           GError **error)
{
  g_auto (Staged) self = {.store = store, .options = options, .report = report};
  gint64 modified_us = 0;

  g_return_val_if_fail (store != NULL && options != NULL && report != NULL, FALSE);

  self.rules = bolo_list_settings_find (store->settings, options->name);
  /* Who signed is looked at before the list's file: it may be gibibytes. */
  if (!check_trust (&self, error) || !begin (&self, error) || !copy_in (&self, &modified_us, error))
    return FALSE;
  if (self.signature != NULL &&
      !bolo_list_trust_check (self.signature, options->name, self.sha256, self.size,
                              self.held != NULL ? self.held : self.past, error))
    return FALSE;
  if (!describe (&self, modified_us, error))
    return FALSE;
  if (self.signature == NULL && is_held (&self, self.next->source)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOTHING_TO_DO,
                 "%s is the list %s that is in force already", options->path, options->name);
    return FALSE;
  }
  fill_report (&self);
  if (!build (&self, error) || !swap_in (&self, error))
    return FALSE;
  bolo_list_revision_clean (store, options->name);
  return TRUE;
}

/* ---- merging, replaying ----------------------------------------------------------- */

gboolean
bolo_list_revision_merge (const BoloListStore *store, BoloListLayers *layers, GError **error)
{
  g_autoptr (BoloListManifest) manifest = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *layer = NULL;
  g_autofree char *path = NULL;
  g_autofree char *base = NULL;
  BoloListMerge merge;
  const char *name;

  g_return_val_if_fail (store != NULL && layers != NULL, FALSE);

  merge = bolo_list_layers_get_due_merge (layers);
  if (merge == BOLO_LIST_MERGE_NOTHING) {
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_NOTHING_TO_DO, "there is nothing to merge");
    return FALSE;
  }
  name = bolo_list_layers_get_info (layers)->name;
  manifest = bolo_list_manifest_load (store->lists, name, error);
  if (manifest == NULL)
    return FALSE;
  folder = g_build_filename (store->lists, name, NULL);
  layer = bolo_list_files_make_new (folder, LAYER_PREFIX, error);
  if (layer == NULL)
    return FALSE;
  path = g_build_filename (folder, layer, NULL);
  base = merge == BOLO_LIST_MERGE_CHANGES ? g_strdup (manifest->layers[0]) : NULL;
  g_strfreev (manifest->layers);
  manifest->layers =
    base != NULL ? g_strdupv ((char *[]){base, layer, NULL}) : g_strdupv ((char *[]){layer, NULL});
  if (!bolo_list_layers_merge (layers, merge, path, NULL, NULL, error) ||
      !bolo_list_files_sync (path, error) || !bolo_list_files_sync (folder, error) ||
      !bolo_list_manifest_save (manifest, store->lists, error)) {
    bolo_list_revision_clean (store, name);
    return FALSE;
  }
  bolo_list_revision_clean (store, name);
  return TRUE;
}

/* The layer's files are removed while they are open: they live as long as the index does. */
BoloListLayers *
bolo_list_revision_replay (const BoloListStore *store,
                           const BoloImportOptions *options,
                           const char *title,
                           BoloImportReport *report,
                           GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *lists = NULL;
  g_autofree char *layer = NULL;
  BoloListStore elsewhere = *store;
  g_auto (Staged) self = {.options = options, .report = report};
  g_autoptr (GError) local = NULL;
  BoloListLayers *layers;
  gint64 modified_us;

  lists = g_dir_make_tmp ("bolo-replay-XXXXXX", &local);
  if (lists == NULL) {
    bolo_error_take_foreign (error, g_steal_pointer (&local), "Cannot make a folder");
    return NULL;
  }
  elsewhere.lists = lists;
  self.store = &elsewhere;
  self.rules = bolo_list_settings_find (store->settings, options->name);
  layers = NULL;
  if (begin (&self, error) && copy_in (&self, &modified_us, error) &&
      /* As of the recording's start, so that a replay tells the same age each time. */
      describe (&self, store->now_us, error)) {
    self.next->trust = BOLO_TRUST_REPLAY;
    fill_report (&self);
    self.next->layers = g_strdupv ((char *[]){self.layer, NULL});
    if (build (&self, error)) {
      self.next->n_rejected = report->n_rejected;
      layers = open_layers (&elsewhere, self.next, title, error);
    }
  }
  bolo_list_files_remove_directory (lists, NULL);
  self.is_kept = TRUE; /* gone already */
  return layers;
}
