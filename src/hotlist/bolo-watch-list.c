/* bolo-watch-list.c: the watch entries of the moment, ready to be matched
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-watch-list"

#include "bolo-watch-list.h"

#include "bolo-mark-key.h"
#include "bolo-match-rules.h"
#include "bolo-near.h"
#include "bolo-plate-wildcard.h"
#include "bolo-watch.h"

#include <math.h>
#include <string.h>

struct _BoloWatchList {
  gatomicrefcount references;
  GPtrArray *entries; /* (owned) of BoloListEntry */
  GHashTable
    *marks; /* (owned): key of a folded mark to the GPtrArray of its entries; no patterns */
  BoloPlateRules *rules; /* (owned) */
};

static void
add_mark (BoloWatchList *self, BoloListEntry *entry)
{
  guint64 hash;
  GPtrArray *same;

  if (entry->is_pattern || !bolo_plate_is_mark (entry->plate_folded))
    return;
  hash = bolo_mark_key_hash (bolo_mark_key_pack (entry->plate_folded));
  same = g_hash_table_lookup (self->marks, &hash);
  if (same == NULL) {
    same = g_ptr_array_new ();
    g_hash_table_insert (self->marks, g_memdup2 (&hash, sizeof hash), same);
  }
  g_ptr_array_add (same, entry);
}

BoloWatchList *
bolo_watch_list_new (GPtrArray *watches, BoloPlateRules *rules)
{
  BoloWatchList *self;

  g_return_val_if_fail (rules != NULL, NULL);

  self = g_new0 (BoloWatchList, 1);
  g_atomic_ref_count_init (&self->references);
  self->rules = bolo_plate_rules_ref (rules);
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_entry_unref);
  self->marks =
    g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; watches != NULL && i < watches->len; i++) {
    const BoloWatch *watch = g_ptr_array_index (watches, i);
    g_autofree char *folded = bolo_plate_rules_fold (rules, watch->mark);

    g_ptr_array_add (self->entries, bolo_watch_make_entry (watch, folded));
    add_mark (self, g_ptr_array_index (self->entries, i));
  }
  return self;
}

BoloWatchList *
bolo_watch_list_ref (BoloWatchList *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bolo_watch_list_unref (BoloWatchList *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_hash_table_unref (self->marks);
  g_ptr_array_unref (self->entries);
  bolo_plate_rules_unref (self->rules);
  g_free (self);
}

guint
bolo_watch_list_get_n_entries (BoloWatchList *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->entries->len;
}

/* Of a pattern: the share of the mark that the pattern knows, as for patterns of any list. */
static double
get_score (const BoloListEntry *entry, const char *normalised)
{
  guint n_known = 0;

  if (!entry->is_pattern)
    return 1.0;
  for (const char *at = entry->plate; *at != '\0'; at++)
    n_known += *at != '?' && *at != '*';
  return MIN (1.0, (double) n_known / (double) strlen (normalised));
}

static void
add_match (GPtrArray *matches,
           BoloListEntry *entry,
           BoloMatchKind kind,
           double score,
           const guint8 *differs,
           guint n_differs)
{
  BoloMatch *match = g_new0 (BoloMatch, 1);

  match->entry = bolo_list_entry_ref (entry);
  match->kind = kind;
  match->score = score;
  match->n_differs = n_differs;
  memcpy (match->differs, differs, n_differs);
  g_ptr_array_add (matches, match);
}

static int
compare_costs (gconstpointer a, gconstpointer b)
{
  const BoloNearCandidate *first = a;
  const BoloNearCandidate *second = b;

  return first->cost < second->cost ? -1 : first->cost > second->cost;
}

static void
match_near (BoloWatchList *self, const BoloMatchQuery *query, GPtrArray *matches)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (BoloNearCandidate));
  const BoloMatchRules *asked =
    query->rules != NULL ? g_hash_table_lookup (query->rules, BOLO_WATCH_LIST) : NULL;
  BoloMatchRules rules;
  BoloNearRead read;

  bolo_match_rules_init (&rules);
  bolo_near_read_init (&read, self->rules, query);
  bolo_near_list (&read, asked != NULL ? asked : &rules, candidates);
  g_array_sort (candidates, compare_costs);
  for (guint i = 0; i < candidates->len; i++) {
    const BoloNearCandidate *candidate = &g_array_index (candidates, BoloNearCandidate, i);
    GPtrArray *same = g_hash_table_lookup (self->marks, &candidate->hash);

    for (guint k = 0; same != NULL && k < same->len; k++) {
      BoloListEntry *entry = g_ptr_array_index (same, k);
      guint8 differs[BOLO_MARK_MAX];
      guint n_differs = bolo_near_get_differences (read.folded, entry->plate_folded, differs);

      if (!bolo_list_entry_is_weeded (entry, query->now_us))
        add_match (matches, entry, BOLO_MATCH_NEAR, exp (-0.001 * candidate->cost), differs,
                   n_differs);
    }
  }
}

static gboolean
has_mark (GPtrArray *matches)
{
  for (guint i = 0; i < matches->len; i++)
    if (((BoloMatch *) g_ptr_array_index (matches, i))->kind <= BOLO_MATCH_FOLDED)
      return TRUE;
  return FALSE;
}

void
bolo_watch_list_match (BoloWatchList *self, const BoloMatchQuery *query, GPtrArray *matches)
{
  g_return_if_fail (self != NULL && query != NULL && query->text != NULL && matches != NULL);

  for (guint i = 0; i < self->entries->len; i++) {
    BoloListEntry *entry = g_ptr_array_index (self->entries, i);
    guint8 differs[BOLO_PLATE_LENGTH_MAX];
    guint n_differs = 0;

    if (bolo_list_entry_is_weeded (entry, query->now_us) ||
        !bolo_plate_wildcard_meets (entry->plate, query->text, self->rules, differs, &n_differs))
      continue;
    add_match (matches, entry,
               entry->is_pattern ? BOLO_MATCH_PATTERN
               : n_differs > 0   ? BOLO_MATCH_FOLDED
                                 : BOLO_MATCH_EXACT,
               get_score (entry, query->text), differs, n_differs);
  }
  if (query->loosest >= BOLO_MATCH_NEAR && !query->leaves_near &&
      bolo_plate_is_mark (query->text) && !has_mark (matches))
    match_near (self, query, matches);
}
