/* bolo-list-match.c: one search for a mark through all lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-match"

#include "bolo-list-match.h"

#include "bolo-mark-key.h"
#include "bolo-near.h"

#include <math.h>
#include <string.h>

/* Search: what one match carries from step to step. */
typedef struct {
  GPtrArray *lists;
  BoloPlateRules *rules;
  const BoloMatchQuery *query;
  BoloMatchCounts counts;
  char folded[BOLO_PLATE_LENGTH_MAX + 1];
  guint length;
  GPtrArray *matches; /* the result */
} Search;

/* Something that was met, not read yet. */
typedef struct {
  guint32 cost; /* the least first */
  guint32 list;
  BoloListPlace at;
} Found;

/* What is asked for a list by name goes before what it was opened with. */
static const BoloMatchRules *
get_rules (Search *search, guint list)
{
  const BoloListInfo *info = bolo_list_layers_get_info (g_ptr_array_index (search->lists, list));
  const BoloMatchRules *rules = NULL;

  if (search->query->rules != NULL)
    rules = g_hash_table_lookup (search->query->rules, info->name);
  return rules != NULL ? rules : info->match_rules;
}

/* Takes over @entry, which is of @list. */
static BoloMatch *
make_match (Search *search, guint list, BoloListEntry *entry, BoloMatchKind kind, double score)
{
  const BoloListInfo *info = bolo_list_layers_get_info (g_ptr_array_index (search->lists, list));
  BoloMatch *match = g_new0 (BoloMatch, 1);

  match->entry = entry;
  match->kind = kind;
  match->score = score;
  match->age = bolo_list_info_get_age (info, search->query->now_us);
  return match;
}

static void
mark_differences (BoloMatch *match, const char *read)
{
  /* As long as the read, unless the rows are damaged. */
  gsize length = strlen (match->entry->plate);

  for (guint i = 0; read[i] != '\0' && i < BOLO_MARK_MAX; i++)
    if (i >= length || read[i] != match->entry->plate[i])
      match->differs[match->n_differs++] = (guint8) i;
}

/* (transfer full) (nullable): the entry, if it is there and in force. */
static BoloListEntry *
take_entry (Search *search, guint list, BoloListPlace at)
{
  g_autoptr (BoloListEntry) entry =
    bolo_list_layers_make_entry (g_ptr_array_index (search->lists, list), at);

  if (entry == NULL) {
    search->counts.n_damaged++;
    return NULL;
  }
  if (bolo_list_entry_is_weeded (entry, search->query->now_us)) {
    search->counts.n_weeded += !entry->is_covert;
    return NULL;
  }
  return g_steal_pointer (&entry);
}

/* Exact: the mark as it was read, or as its syntax has it where the law draws two characters
 * alike. */
static gboolean
is_exact (Search *search, const BoloListEntry *entry, char **resolved)
{
  if (g_str_equal (entry->plate, search->query->text))
    return TRUE;
  if (*resolved == NULL)
    *resolved = bolo_plate_rules_resolve (search->rules, search->query->text);
  return g_str_equal (entry->plate, *resolved);
}

static void
match_marks (Search *search)
{
  guint64 hash = bolo_mark_key_hash (bolo_mark_key_pack (search->folded));
  g_autoptr (GArray) places = NULL;
  g_autoptr (GPtrArray) folded = NULL;
  g_autofree char *resolved = NULL;

  for (guint list = 0; list < search->lists->len; list++) {
    BoloListLayers *layers = g_ptr_array_index (search->lists, list);
    gboolean takes_folded =
      search->query->loosest >= BOLO_MATCH_FOLDED && get_rules (search, list)->has_folded;
    guint n_exact = 0;
    guint n_folded = 0;

    if (places == NULL)
      places = g_array_new (FALSE, FALSE, sizeof (BoloListPlace));
    g_array_set_size (places, 0);
    bolo_list_layers_find (layers, &hash, 1, places, NULL);
    for (guint i = 0; i < places->len; i++) {
      BoloListEntry *entry = take_entry (search, list, g_array_index (places, BoloListPlace, i));

      if (entry == NULL)
        continue;
      if (is_exact (search, entry, &resolved)) {
        if (n_exact++ < BOLO_LIST_MATCHES_MAX)
          g_ptr_array_add (search->matches, make_match (search, list, entry, BOLO_MATCH_EXACT, 1));
        else
          bolo_list_entry_unref (entry);
      } else if (takes_folded && n_folded++ < BOLO_LIST_MATCHES_MAX) {
        BoloMatch *match = make_match (search, list, entry, BOLO_MATCH_FOLDED, 1);

        mark_differences (match, search->query->text);
        if (folded == NULL)
          folded = g_ptr_array_new ();
        g_ptr_array_add (folded, match);
      } else {
        bolo_list_entry_unref (entry);
      }
    }
  }
  for (guint i = 0; folded != NULL && i < folded->len; i++)
    g_ptr_array_add (search->matches, g_ptr_array_index (folded, i));
}

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const Found *first = a;
  const Found *second = b;

  if (first->cost != second->cost)
    return first->cost < second->cost ? -1 : 1;
  if (first->list != second->list)
    return first->list < second->list ? -1 : 1;
  if (first->at.layer != second->at.layer)
    return first->at.layer < second->at.layer ? -1 : 1;
  return first->at.place < second->at.place ? -1 : first->at.place > second->at.place;
}

/* Appends to @found what @list has of the candidates that its own rules allow. */
static void
find_near (Search *search, guint list, GArray *candidates, GArray *found)
{
  BoloListLayers *layers = g_ptr_array_index (search->lists, list);
  const BoloMatchRules *rules = get_rules (search, list);
  g_autofree guint64 *hashes = g_new (guint64, candidates->len);
  g_autofree guint32 *costs = g_new (guint32, candidates->len);
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (BoloListPlace));
  g_autoptr (GArray) which = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint n = 0;

  for (guint i = 0; i < candidates->len; i++) {
    const BoloNearCandidate *candidate = &g_array_index (candidates, BoloNearCandidate, i);
    guint32 cost = rules->has_edits ? candidate->cost : candidate->cost_alternative;

    if (cost >= rules->near_limit[candidate->length])
      continue;
    hashes[n] = candidate->hash;
    costs[n++] = cost;
  }
  bolo_list_layers_find (layers, hashes, n, places, which);
  for (guint i = 0; i < places->len; i++) {
    Found one = {costs[g_array_index (which, guint32, i)], list,
                 g_array_index (places, BoloListPlace, i)};

    g_array_append_val (found, one);
  }
}

static void
match_near (Search *search)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (BoloNearCandidate));
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Found));
  g_autofree guint *n_taken = g_new0 (guint, search->lists->len + 1);
  BoloMatchRules rules = {0};
  BoloNearRead read;

  for (guint list = 0; list < search->lists->len; list++)
    bolo_match_rules_widen (&rules, get_rules (search, list));
  bolo_near_read_init (&read, search->rules, search->query);
  bolo_near_list (&read, &rules, candidates);
  for (guint list = 0; list < search->lists->len; list++)
    find_near (search, list, candidates, found);
  g_array_sort (found, compare_found);
  for (guint i = 0; i < found->len; i++) {
    const Found *one = &g_array_index (found, Found, i);
    BoloListEntry *entry;
    BoloMatch *match;

    if (n_taken[one->list] >= BOLO_LIST_MATCHES_MAX)
      continue;
    entry = take_entry (search, one->list, one->at);
    if (entry == NULL)
      continue;
    n_taken[one->list]++;
    match = make_match (search, one->list, entry, BOLO_MATCH_NEAR, exp (-0.001 * one->cost));
    match->n_differs =
      bolo_near_get_differences (search->folded, entry->plate_folded, match->differs);
    g_ptr_array_add (search->matches, match);
  }
}

static void
match_patterns (Search *search)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (BoloListPlace));
  g_autoptr (GArray) literals = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Found));
  g_autofree guint *n_taken = g_new0 (guint, search->lists->len + 1);

  for (guint list = 0; list < search->lists->len; list++) {
    g_array_set_size (places, 0);
    g_array_set_size (literals, 0);
    bolo_list_layers_find_patterns (g_ptr_array_index (search->lists, list), search->folded,
                                    search->length, places, literals);
    for (guint i = 0; i < places->len; i++) {
      guint32 n_literals = MIN (g_array_index (literals, guint32, i), search->length);
      Found one = {search->length - n_literals, list, g_array_index (places, BoloListPlace, i)};

      g_array_append_val (found, one);
    }
  }
  g_array_sort (found, compare_found);
  for (guint i = 0; i < found->len; i++) {
    const Found *one = &g_array_index (found, Found, i);
    BoloListEntry *entry;

    if (n_taken[one->list] >= BOLO_LIST_MATCHES_MAX)
      continue;
    entry = take_entry (search, one->list, one->at);
    if (entry == NULL)
      continue;
    n_taken[one->list]++;
    g_ptr_array_add (search->matches,
                     make_match (search, one->list, entry, BOLO_MATCH_PATTERN,
                                 (double) (search->length - one->cost) / search->length));
  }
}

GPtrArray *
bolo_list_match (GPtrArray *lists,
                 BoloPlateRules *rules,
                 const BoloMatchQuery *query,
                 BoloMatchCounts *counts)
{
  Search search = {.lists = lists, .rules = rules, .query = query};

  g_return_val_if_fail (lists != NULL && rules != NULL && query != NULL && query->text != NULL,
                        NULL);

  search.matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  if (bolo_plate_is_mark (query->text)) {
    search.length = bolo_mark_key_fold (rules, query->text, search.folded);
    match_marks (&search);
    if (query->loosest >= BOLO_MATCH_NEAR && !query->leaves_near && search.matches->len == 0)
      match_near (&search);
    if (query->loosest >= BOLO_MATCH_PATTERN)
      match_patterns (&search);
  }
  if (counts != NULL)
    *counts = search.counts;
  return search.matches;
}
