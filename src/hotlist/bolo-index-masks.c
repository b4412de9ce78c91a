/* bolo-index-masks.c: what an overlay takes away from the layers below it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-index-masks"

#include "bolo-index-masks.h"

#include "bolo-error.h"
#include "bolo-index-patterns.h"
#include "bolo-mark-key.h"

struct _BoloIndexMasks {
  BoloPlateRules *rules;
  GPtrArray *below;  /* (owned): of BoloIndexFile */
  GHashTable *taken; /* (owned): set of gint64, layer << 32 | place */
  GHashTable *ids;   /* (owned): set of texts, pnc_ids that go whatever their mark */
  GArray *sorted;    /* (owned) (nullable) */
};

BoloIndexMasks *
bolo_index_masks_new (BoloPlateRules *rules, GPtrArray *below)
{
  BoloIndexMasks *self;

  g_return_val_if_fail (rules != NULL, NULL);

  self = g_new0 (BoloIndexMasks, 1);
  self->rules = bolo_plate_rules_ref (rules);
  self->below = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_index_file_unref);
  for (guint i = 0; below != NULL && i < below->len; i++)
    g_ptr_array_add (self->below, bolo_index_file_ref (g_ptr_array_index (below, i)));
  self->taken = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
bolo_index_masks_free (BoloIndexMasks *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->rules, bolo_plate_rules_unref);
  g_clear_pointer (&self->below, g_ptr_array_unref);
  g_clear_pointer (&self->taken, g_hash_table_unref);
  g_clear_pointer (&self->ids, g_hash_table_unref);
  g_clear_pointer (&self->sorted, g_array_unref);
  g_free (self);
}

guint64
bolo_index_masks_get_row_max (const BoloIndexMasks *self)
{
  guint64 row_max = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->below->len; i++)
    row_max =
      MAX (row_max, bolo_index_file_get_header (g_ptr_array_index (self->below, i))->row_max);
  return row_max;
}

guint64
bolo_index_masks_make_below_id (BoloIndexFile *const *layers, guint n_layers)
{
  BoloIndexSum sum = {0};

  for (guint i = 0; i < n_layers; i++)
    bolo_index_sum_update (&sum, &bolo_index_file_get_header (layers[i])->id, sizeof (guint64));
  return n_layers == 0 ? 0 : bolo_index_sum_get (&sum);
}

guint64
bolo_index_masks_get_below_id (const BoloIndexMasks *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return bolo_index_masks_make_below_id ((BoloIndexFile *const *) self->below->pdata,
                                         self->below->len);
}

/* Is it gone already, by an overlay below or by us? */
static gboolean
is_taken (BoloIndexMasks *self, guint layer, guint32 place)
{
  gint64 key = (gint64) ((guint64) layer << 32 | place);

  if (g_hash_table_contains (self->taken, &key))
    return TRUE;
  for (guint i = layer + 1; i < self->below->len; i++)
    if (bolo_index_file_masks (g_ptr_array_index (self->below, i), layer, place))
      return TRUE;
  return FALSE;
}

static void
take (BoloIndexMasks *self,
      guint layer,
      guint32 place,
      const BoloListEntry *entry,
      BoloIndexLayout *layout)
{
  gint64 *key;

  if (is_taken (self, layer, place))
    return;
  key = g_new (gint64, 1);
  *key = (gint64) ((guint64) layer << 32 | place);
  g_hash_table_add (self->taken, key);
  bolo_index_layout_count (layout, entry, 0, -1);
}

/* (transfer full) (nullable) */
static BoloListEntry *
read_entry (BoloIndexMasks *self, guint layer, guint32 place, GError **error)
{
  BoloListEntry *entry = bolo_index_file_read (g_ptr_array_index (self->below, layer), place, NULL);

  if (entry == NULL)
    g_set_error_literal (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                         "the list in force is damaged; import all of it again");
  return entry;
}

/* Takes the record at @place if it is of @mark and @pnc_id. */
static gboolean
consider (BoloIndexMasks *self,
          guint layer,
          guint32 place,
          const char *mark,
          const char *pnc_id,
          BoloIndexLayout *layout,
          GError **error)
{
  g_autoptr (BoloListEntry) entry = read_entry (self, layer, place, error);

  if (entry == NULL)
    return FALSE;
  if (g_str_equal (entry->plate, mark) &&
      (pnc_id == NULL || g_strcmp0 (entry->pnc_id, pnc_id) == 0))
    take (self, layer, place, entry, layout);
  return TRUE;
}

static gboolean
remove_mark (BoloIndexMasks *self,
             guint layer,
             const char *mark,
             const char *pnc_id,
             BoloIndexLayout *layout,
             GError **error)
{
  BoloIndexFile *file = g_ptr_array_index (self->below, layer);
  char folded[BOLO_PLATE_LENGTH_MAX + 1];
  BoloIndexRange range;
  guint64 hash;

  bolo_mark_key_fold (self->rules, mark, folded);
  hash = bolo_mark_key_hash (bolo_mark_key_pack (folded));
  bolo_index_file_find (file, &hash, 1, &range);
  for (guint32 i = 0; i < range.count; i++)
    if (!consider (self, layer, bolo_index_file_get_place (file, range.first + i), mark, pnc_id,
                   layout, error))
      return FALSE;
  return TRUE;
}

static gboolean
remove_pattern (BoloIndexMasks *self,
                guint layer,
                const BoloIndexPattern *wanted,
                const char *mark,
                const char *pnc_id,
                BoloIndexLayout *layout,
                GError **error)
{
  BoloIndexFile *file = g_ptr_array_index (self->below, layer);
  guint n_patterns = 0;
  const BoloIndexPattern *patterns =
    bolo_index_file_get_patterns (file, bolo_pattern_get_first (wanted), &n_patterns);

  for (guint i = 0; i < n_patterns; i++)
    if (patterns[i].needs == wanted->needs &&
        !consider (self, layer, patterns[i].place, mark, pnc_id, layout, error))
      return FALSE;
  return TRUE;
}

gboolean
bolo_index_masks_remove (BoloIndexMasks *self,
                         const char *mark,
                         const char *pnc_id,
                         BoloIndexLayout *layout,
                         GError **error)
{
  BoloIndexPattern pattern;
  gboolean is_mark;
  gboolean is_pattern;

  g_return_val_if_fail (self != NULL && (mark != NULL || pnc_id != NULL), FALSE);

  if (mark == NULL) {
    g_hash_table_add (self->ids, g_strdup (pnc_id));
    return TRUE;
  }
  is_mark = bolo_plate_is_mark (mark);
  is_pattern = bolo_pattern_compile (self->rules, mark, &pattern, NULL);
  for (guint layer = 0; layer < self->below->len; layer++)
    if ((is_mark && !remove_mark (self, layer, mark, pnc_id, layout, error)) ||
        (is_pattern && !remove_pattern (self, layer, &pattern, mark, pnc_id, layout, error)))
      return FALSE;
  return TRUE; /* what can be in no list is in none */
}

gboolean
bolo_index_masks_remove_place (
  BoloIndexMasks *self, guint layer, guint32 place, BoloIndexLayout *layout, GError **error)
{
  g_autoptr (BoloListEntry) entry = NULL;

  g_return_val_if_fail (self != NULL && layer < self->below->len, FALSE);

  entry = read_entry (self, layer, place, error);
  if (entry == NULL)
    return FALSE;
  take (self, layer, place, entry, layout);
  return TRUE;
}

static gboolean
remove_ids (BoloIndexMasks *self, guint layer, BoloIndexLayout *layout, GError **error)
{
  BoloIndexFile *file = g_ptr_array_index (self->below, layer);
  guint64 place = BOLO_INDEX_PLACE_FIRST;

  for (;;) {
    g_autoptr (GError) local = NULL;
    guint64 at = place;
    g_autoptr (BoloListEntry) entry = bolo_index_file_read_next (file, &place, NULL, &local);

    if (local != NULL) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    if (entry == NULL)
      return TRUE;
    if (entry->pnc_id != NULL && g_hash_table_contains (self->ids, entry->pnc_id))
      take (self, layer, (guint32) at, entry, layout);
  }
}

static int
compare_masks (gconstpointer a, gconstpointer b)
{
  guint64 first = *(const guint64 *) a;
  guint64 second = *(const guint64 *) b;

  return first < second ? -1 : first > second;
}

gboolean
bolo_index_masks_finish (BoloIndexMasks *self, BoloIndexLayout *layout, GError **error)
{
  GHashTableIter iter;
  gpointer key;

  g_return_val_if_fail (self != NULL && self->sorted == NULL, FALSE);

  for (guint layer = 0; g_hash_table_size (self->ids) > 0 && layer < self->below->len; layer++)
    if (!remove_ids (self, layer, layout, error))
      return FALSE;
  self->sorted = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_hash_table_iter_init (&iter, self->taken);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_array_append_vals (self->sorted, key, 1);
  g_array_sort (self->sorted, compare_masks);
  return TRUE;
}

GArray *
bolo_index_masks_get (BoloIndexMasks *self)
{
  g_return_val_if_fail (self != NULL && self->sorted != NULL, NULL);

  return self->sorted;
}
