/* bolo-watch-list.c: the watch entries of the moment, ready to be matched
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-watch-list"

#include "bolo-watch-list.h"

#include "bolo-plate-wildcard.h"
#include "bolo-watch.h"

#include <string.h>

struct _BoloWatchList {
  gatomicrefcount references;
  GPtrArray *entries;    /* (owned) of BoloListEntry */
  BoloPlateRules *rules; /* (owned) */
};

BoloWatchList *
bolo_watch_list_new (GPtrArray *watches, BoloPlateRules *rules)
{
  BoloWatchList *self;

  g_return_val_if_fail (rules != NULL, NULL);

  self = g_new0 (BoloWatchList, 1);
  g_atomic_ref_count_init (&self->references);
  self->rules = bolo_plate_rules_ref (rules);
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_list_entry_unref);
  for (guint i = 0; watches != NULL && i < watches->len; i++) {
    const BoloWatch *watch = g_ptr_array_index (watches, i);
    g_autofree char *folded = bolo_plate_rules_fold (rules, watch->mark);

    g_ptr_array_add (self->entries, bolo_watch_make_entry (watch, folded));
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

void
bolo_watch_list_match (BoloWatchList *self,
                       const char *normalised,
                       gint64 now_us,
                       GPtrArray *matches)
{
  g_return_if_fail (self != NULL && normalised != NULL && matches != NULL);

  for (guint i = 0; i < self->entries->len; i++) {
    BoloListEntry *entry = g_ptr_array_index (self->entries, i);
    guint8 differs[BOLO_PLATE_LENGTH_MAX];
    guint n_differs = 0;
    BoloMatch *match;

    if (bolo_list_entry_is_weeded (entry, now_us) ||
        !bolo_plate_wildcard_meets (entry->plate, normalised, self->rules, differs, &n_differs))
      continue;
    match = g_new0 (BoloMatch, 1);
    match->entry = bolo_list_entry_ref (entry);
    match->kind = entry->is_pattern ? BOLO_MATCH_PATTERN
                  : n_differs > 0   ? BOLO_MATCH_FOLDED
                                    : BOLO_MATCH_EXACT;
    match->score = get_score (entry, normalised);
    match->n_differs = n_differs;
    memcpy (match->differs, differs, n_differs);
    g_ptr_array_add (matches, match);
  }
}
