/* bolo-list-layers.c: one list as it is in force: a base and the overlays over it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-layers"

#include "bolo-list-layers.h"

#include "bolo-error.h"
#include "bolo-index-masks.h"
#include "bolo-index-patterns.h"
#include "bolo-mark-key.h"

#include <string.h>

#define FIND_AT_ONCE 64 /* look-ups whose answers are kept on the stack */
/* Entries of one mark in one layer that are looked at; more is a broken list. */
#define SAME_MARK_MAX 4096

struct _BoloListLayers {
  gatomicrefcount references;
  BoloListInfo info; /* (owned) texts */
  BoloMatchRules match_rules;
  GPtrArray *files; /* (owned): of BoloIndexFile, the base first */
  BoloPlateRules *rules;
};

static void
copy_info (BoloListLayers *self, const BoloListInfo *info)
{
  self->info = *info;
  self->info.name = g_strdup (info->name);
  self->info.title = g_strdup (info->title != NULL ? info->title : info->name);
  self->info.kind = g_strdup (info->kind);
  self->info.revision = g_strdup (info->revision);
  self->info.signer = g_strdup (info->signer);
  bolo_match_rules_init (&self->match_rules);
  if (info->match_rules != NULL)
    self->match_rules = *info->match_rules;
  self->info.match_rules = &self->match_rules;
  self->info.n_entries = 0;
  self->info.n_covert = 0;
}

BoloListLayers *
bolo_list_layers_new (const BoloListInfo *info,
                      GPtrArray *files,
                      BoloPlateRules *rules,
                      GError **error)
{
  g_autoptr (BoloListLayers) self = NULL;

  g_return_val_if_fail (info != NULL && files != NULL && files->len > 0 && rules != NULL, NULL);

  self = g_new0 (BoloListLayers, 1);
  g_atomic_ref_count_init (&self->references);
  copy_info (self, info);
  self->rules = bolo_plate_rules_ref (rules);
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_index_file_unref);
  for (guint i = 0; i < files->len; i++) {
    BoloIndexFile *file = g_ptr_array_index (files, i);
    const BoloIndexHeader *header = bolo_index_file_get_header (file);

    if (header->below_id !=
        bolo_index_masks_make_below_id ((BoloIndexFile *const *) files->pdata, i)) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "the stored changes of the list %s do not belong to it; import it again",
                   info->name);
      return NULL;
    }
    g_ptr_array_add (self->files, bolo_index_file_ref (file));
    self->info.n_entries += header->n_entries + header->n_patterns;
    self->info.n_entries -= MIN (self->info.n_entries, header->n_masks);
    self->info.n_covert += header->n_covert;
    self->info.n_covert -= MIN (self->info.n_covert, header->n_masked_covert);
  }
  return g_steal_pointer (&self);
}

BoloListLayers *
bolo_list_layers_ref (BoloListLayers *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bolo_list_layers_unref (BoloListLayers *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->info.name, g_free);
  g_clear_pointer (&self->info.title, g_free);
  g_clear_pointer (&self->info.kind, g_free);
  g_clear_pointer (&self->info.revision, g_free);
  g_clear_pointer (&self->info.signer, g_free);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_free (self);
}

const BoloListInfo *
bolo_list_layers_get_info (const BoloListLayers *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->info;
}

GPtrArray *
bolo_list_layers_get_files (BoloListLayers *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->files;
}

guint64
bolo_list_layers_count_weeded (BoloListLayers *self, gint64 now_us)
{
  gint64 count = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->files->len; i++)
    count += bolo_index_file_count_weeded (g_ptr_array_index (self->files, i), now_us);
  return count > 0 ? (guint64) count : 0;
}

guint
bolo_list_layers_get_n_damaged (BoloListLayers *self)
{
  guint n_damaged = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->files->len; i++)
    n_damaged += bolo_index_file_get_n_damaged (g_ptr_array_index (self->files, i));
  return n_damaged;
}

static gboolean
is_masked (BoloListLayers *self, guint layer, guint32 place)
{
  for (guint i = layer + 1; i < self->files->len; i++)
    if (bolo_index_file_masks (g_ptr_array_index (self->files, i), layer, place))
      return TRUE;
  return FALSE;
}

static void
add_range (BoloListLayers *self,
           guint layer,
           BoloIndexRange range,
           guint32 nth,
           GArray *places,
           GArray *which)
{
  BoloIndexFile *file = g_ptr_array_index (self->files, layer);

  for (guint32 i = 0; i < MIN (range.count, SAME_MARK_MAX); i++) {
    BoloListPlace at = {layer, bolo_index_file_get_place (file, range.first + i)};

    if (is_masked (self, layer, at.place))
      continue;
    g_array_append_val (places, at);
    if (which != NULL)
      g_array_append_val (which, nth);
  }
}

void
bolo_list_layers_find (
  BoloListLayers *self, const guint64 *hashes, guint n, GArray *places, GArray *which)
{
  BoloIndexRange ranges[FIND_AT_ONCE];

  g_return_if_fail (self != NULL && (n == 0 || hashes != NULL) && places != NULL);

  for (guint layer = 0; layer < self->files->len; layer++)
    for (guint begin = 0; begin < n; begin += FIND_AT_ONCE) {
      guint count = MIN (n - begin, FIND_AT_ONCE);

      bolo_index_file_find (g_ptr_array_index (self->files, layer), hashes + begin, count, ranges);
      for (guint i = 0; i < count; i++)
        if (ranges[i].count > 0)
          add_range (self, layer, ranges[i], begin + i, places, which);
    }
}

/* Patterns of one layer that begin with @first. */
static void
find_in_group (BoloListLayers *self,
               guint layer,
               guint first,
               const char *folded,
               guint length,
               guint64 has,
               GArray *places,
               GArray *literals)
{
  guint n_patterns = 0;
  const BoloIndexPattern *patterns =
    bolo_index_file_get_patterns (g_ptr_array_index (self->files, layer), first, &n_patterns);

  for (guint i = 0; i < n_patterns; i++) {
    const BoloIndexPattern *pattern = &patterns[i];
    BoloListPlace at = {layer, pattern->place};
    guint32 n_literals = pattern->n_literals;

    if ((pattern->needs & ~has) != 0 || length < pattern->length_min ||
        (length > pattern->length_min && !pattern->has_some) ||
        !bolo_pattern_fits (pattern, folded, length) || is_masked (self, layer, at.place))
      continue;
    g_array_append_val (places, at);
    g_array_append_val (literals, n_literals);
  }
}

void
bolo_list_layers_find_patterns (
  BoloListLayers *self, const char *folded, guint length, GArray *places, GArray *literals)
{
  guint64 has = 0;
  guint first;

  g_return_if_fail (self != NULL && folded != NULL && places != NULL && literals != NULL);

  if (length == 0)
    return;
  for (guint i = 0; i < length; i++)
    has |= G_GUINT64_CONSTANT (1) << (bolo_mark_key_digit (folded[i]) - 1);
  first = bolo_mark_key_digit (folded[0]);
  for (guint layer = 0; layer < self->files->len; layer++) {
    if (bolo_index_file_get_header (g_ptr_array_index (self->files, layer))->n_patterns == 0)
      continue;
    find_in_group (self, layer, 0, folded, length, has, places, literals);
    find_in_group (self, layer, first, folded, length, has, places, literals);
  }
}

BoloListEntry *
bolo_list_layers_make_entry (BoloListLayers *self, BoloListPlace at)
{
  guint64 row = 0;
  BoloListEntry *entry;

  g_return_val_if_fail (self != NULL && at.layer < self->files->len, NULL);

  entry = bolo_index_file_read (g_ptr_array_index (self->files, at.layer), at.place, &row);
  if (entry == NULL)
    return NULL;
  entry->list = g_strdup (self->info.name);
  entry->list_kind = g_strdup (self->info.kind);
  entry->entry_id = g_strdup_printf ("%s/%" G_GUINT64_FORMAT, self->info.name, row);
  entry->plate_folded = bolo_plate_rules_fold (self->rules, entry->plate);
  entry->list_revision = g_strdup (self->info.revision);
  entry->list_trust = self->info.trust;
  entry->list_signer = g_strdup (self->info.signer);
  entry->list_loaded_us = self->info.loaded_us;
  entry->list_dated_us = self->info.dated_us;
  return entry;
}

BoloListMerge
bolo_list_layers_get_due_merge (BoloListLayers *self)
{
  guint64 n_base = 0;
  guint64 n_over = 0;

  g_return_val_if_fail (self != NULL, BOLO_LIST_MERGE_NOTHING);

  for (guint i = 0; i < self->files->len; i++) {
    const BoloIndexHeader *header = bolo_index_file_get_header (g_ptr_array_index (self->files, i));

    if (i == 0)
      n_base = header->n_entries + header->n_patterns;
    else
      n_over += header->n_entries + header->n_patterns + header->n_masks;
  }
  if (n_over * 100 > n_base * BOLO_LIST_MERGE_PERCENT)
    return BOLO_LIST_MERGE_ALL;
  return self->files->len > BOLO_LIST_LAYERS_MAX ? BOLO_LIST_MERGE_CHANGES
                                                 : BOLO_LIST_MERGE_NOTHING;
}

/* Takes from the base what @layer takes from it; what it takes from other changes is not added. */
static gboolean
copy_masks (BoloListLayers *self, guint layer, BoloIndexBuilder *builder, GError **error)
{
  guint64 n_masks = 0;
  const guint64 *masks =
    bolo_index_file_get_masks (g_ptr_array_index (self->files, layer), &n_masks);

  for (guint64 i = 0; i < n_masks && masks[i] >> 32 == 0; i++)
    if (!bolo_index_builder_remove_place (builder, 0, (guint32) masks[i], error))
      return FALSE;
  return TRUE;
}

/* Adds what is left of @layer to @builder. */
static gboolean
copy_layer (BoloListLayers *self,
            guint layer,
            BoloIndexBuilder *builder,
            const int *is_cancelled,
            GError **error)
{
  BoloIndexFile *file = g_ptr_array_index (self->files, layer);
  guint64 place = BOLO_INDEX_PLACE_FIRST;

  for (;;) {
    g_autoptr (GError) local = NULL;
    guint64 at = place;
    guint64 row = 0;
    g_autoptr (BoloListEntry) entry = bolo_index_file_read_next (file, &place, &row, &local);

    if (local != NULL) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    if (entry == NULL)
      return TRUE;
    if (is_cancelled != NULL && g_atomic_int_get (is_cancelled)) {
      g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_BUSY, "the merging was called off");
      return FALSE;
    }
    if (!is_masked (self, layer, (guint32) at) &&
        !bolo_index_builder_add (builder, entry, row - bolo_index_builder_get_row_base (builder),
                                 error))
      return FALSE;
  }
}

gboolean
bolo_list_layers_merge (BoloListLayers *self,
                        BoloListMerge merge,
                        const char *directory,
                        const int *is_cancelled,
                        BoloIndexSummary *summary,
                        GError **error)
{
  g_autoptr (BoloIndexBuilder) builder = NULL;
  g_autoptr (GPtrArray) below = g_ptr_array_new ();

  g_return_val_if_fail (self != NULL && directory != NULL, FALSE);
  g_return_val_if_fail (merge != BOLO_LIST_MERGE_NOTHING, FALSE);

  if (merge == BOLO_LIST_MERGE_CHANGES)
    g_ptr_array_add (below, g_ptr_array_index (self->files, 0));
  builder = bolo_index_builder_new (directory, self->rules, below, error);
  if (builder == NULL)
    return FALSE;
  for (guint layer = below->len; layer < self->files->len; layer++)
    if ((merge == BOLO_LIST_MERGE_CHANGES && !copy_masks (self, layer, builder, error)) ||
        !copy_layer (self, layer, builder, is_cancelled, error))
      return FALSE;
  return bolo_index_builder_finish (builder, summary, error);
}
