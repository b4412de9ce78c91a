/* bolo-slow-matcher.c: the rules of matching written down as plainly as can be, to test against
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-slow-matcher.h"

#include "bolo-near.h"

#include <math.h>
#include <string.h>

#define MATCHES_MAX 64

typedef struct {
  BoloListEntry *entry; /* its plate_folded is filled */
  guint64 row;
  guint list; /* filled while matching */
  guint cost;
} Row;

struct _BoloSlowList {
  char *name;
  BoloPlateRules *rules;
  GArray *rows;      /* of Row */
  guint n_ended;     /* rows of layers that have ended */
  guint64 row_max;   /* of those */
  guint64 row_added; /* of all */
  BoloMatchRules match_rules;
};

static void
row_clear (gpointer data)
{
  Row *row = data;

  bolo_list_entry_unref (row->entry);
}

BoloSlowList *
bolo_slow_list_new (const char *name, BoloPlateRules *rules, const BoloMatchRules *match_rules)
{
  BoloSlowList *self = g_new0 (BoloSlowList, 1);

  self->name = g_strdup (name);
  self->rules = rules;
  self->match_rules = *match_rules;
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_array_set_clear_func (self->rows, row_clear);
  return self;
}

void
bolo_slow_list_free (BoloSlowList *self)
{
  g_free (self->name);
  g_array_unref (self->rows);
  g_free (self);
}

static gboolean
is_good (const BoloListEntry *entry)
{
  guint n_known = 0;
  guint n_elements = 0;

  if (!entry->is_pattern)
    return bolo_plate_is_mark (entry->plate);
  for (const char *cursor = entry->plate; *cursor != '\0'; cursor++) {
    n_known += g_ascii_isalnum (*cursor) ? 1 : 0;
    n_elements += cursor[0] == '*' && cursor[1] == '*' ? 0 : 1;
  }
  return n_known >= 2 && n_elements <= BOLO_PLATE_LENGTH_MAX;
}

gboolean
bolo_slow_list_add (BoloSlowList *self, const BoloListEntry *entry, guint64 row)
{
  Row one = {.row = row};

  if (!is_good (entry))
    return FALSE;
  one.entry = bolo_list_entry_copy (entry);
  one.entry->list = g_strdup (self->name);
  one.entry->plate_folded = bolo_plate_rules_fold (self->rules, entry->plate);
  one.entry->entry_id = g_strdup_printf ("%s/%" G_GUINT64_FORMAT, self->name, row);
  g_array_append_val (self->rows, one);
  self->row_added = MAX (self->row_added, row);
  return TRUE;
}

void
bolo_slow_list_remove (BoloSlowList *self, const char *mark, const char *pnc_id)
{
  for (guint i = self->n_ended; i > 0; i--) {
    const BoloListEntry *entry = g_array_index (self->rows, Row, i - 1).entry;

    if ((mark == NULL || g_str_equal (entry->plate, mark)) &&
        (pnc_id == NULL || g_str_equal (entry->pnc_id, pnc_id))) {
      g_array_remove_index (self->rows, i - 1);
      self->n_ended--;
    }
  }
}

void
bolo_slow_list_end_layer (BoloSlowList *self)
{
  self->n_ended = self->rows->len;
  self->row_max = MAX (self->row_max, self->row_added);
}

guint64
bolo_slow_list_get_row_max (BoloSlowList *self)
{
  return self->row_max;
}

guint64
bolo_slow_list_count (BoloSlowList *self, gint64 now_us)
{
  guint64 count = 0;

  for (guint i = 0; i < self->rows->len; i++)
    count += now_us == G_MAXINT64 || g_array_index (self->rows, Row, i).entry->weed_us <= now_us;
  return count;
}

/* Read: what is asked, with what follows from it for all entries. */
typedef struct {
  const BoloMatchQuery *query;
  BoloPlateRules *rules;
  char *resolved;
  char *folded;
  BoloNearRead near;
} Read;

static char *
leave_out (const char *text, guint at)
{
  return g_strdup_printf ("%.*s%s", (int) at, text, text + at + 1);
}

/* All ways of reading @listed as @read, each with its cost; the cheapest counts. */
static guint32
get_near_cost (const Read *read, const char *listed, gboolean has_edits)
{
  guint n_read = (guint) strlen (read->folded);
  guint n_listed = (guint) strlen (listed);
  guint32 cheapest = BOLO_CONFUSION_NEVER;
  guint n_differ = 0;
  guint32 by_alternatives = 0;
  guint32 any = 0;

  for (guint i = 0; n_read == n_listed && i < n_read; i++) {
    guint32 one_alternative;
    guint32 one;

    if (read->folded[i] == listed[i])
      continue;
    bolo_near_get_instead (&read->near, i, listed[i], &one_alternative, &one);
    n_differ++;
    by_alternatives = MIN (by_alternatives + one_alternative, BOLO_CONFUSION_NEVER);
    any = one;
  }
  if (n_differ == 1)
    cheapest = has_edits ? any : by_alternatives;
  if (n_differ == 2)
    cheapest = by_alternatives;
  for (guint i = 0; has_edits && n_read == n_listed + 1 && i < n_read; i++) {
    g_autofree char *without = leave_out (read->folded, i);

    if (g_str_equal (without, listed))
      cheapest = MIN (cheapest, bolo_near_get_extra (&read->near, i));
  }
  for (guint i = 0; has_edits && n_listed == n_read + 1 && i < n_listed; i++) {
    g_autofree char *without = leave_out (listed, i);

    if (g_str_equal (without, read->folded))
      cheapest = MIN (cheapest, bolo_near_get_missing (&read->near, i, listed[i]));
  }
  return cheapest;
}

static gboolean
fits (const char *pattern, const char *mark)
{
  if (*pattern == '\0')
    return *mark == '\0';
  if (*pattern == '*')
    return fits (pattern + 1, mark) || (*mark != '\0' && fits (pattern, mark + 1));
  return *mark != '\0' && (*pattern == '?' || *pattern == *mark) && fits (pattern + 1, mark + 1);
}

/* How @entry is met, or FALSE. @cost (out): the smaller the better among one kind. */
static gboolean
meets (const Read *read,
       const BoloMatchRules *rules,
       const BoloListEntry *entry,
       BoloMatchKind *kind,
       guint *cost)
{
  const char *text = read->query->text;

  *cost = 0;
  if (entry->is_pattern) {
    *kind = BOLO_MATCH_PATTERN;
    *cost = (guint) strlen (text);
    for (const char *cursor = entry->plate; *cursor != '\0'; cursor++)
      *cost -= g_ascii_isalnum (*cursor) && *cost > 0 ? 1 : 0;
    return fits (entry->plate_folded, read->folded);
  }
  if (g_str_equal (entry->plate, text) || g_str_equal (entry->plate, read->resolved)) {
    *kind = BOLO_MATCH_EXACT;
    return TRUE;
  }
  *kind = BOLO_MATCH_FOLDED;
  if (g_str_equal (entry->plate_folded, read->folded))
    return TRUE;
  *kind = BOLO_MATCH_NEAR;
  *cost = get_near_cost (read, entry->plate_folded, rules->has_edits);
  return *cost < rules->near_limit[strlen (entry->plate)];
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const Row *first = a;
  const Row *second = b;

  if (first->cost != second->cost)
    return first->cost < second->cost ? -1 : 1;
  if (first->list != second->list)
    return first->list < second->list ? -1 : 1;
  return first->row < second->row ? -1 : 1;
}

/* Which characters differ; of one missing or too many, where. */
static void
tell_near (BoloMatch *match, const char *folded)
{
  const char *listed = match->entry->plate_folded;
  guint length = (guint) strlen (folded);

  for (guint i = 0; i < length && strlen (listed) == length; i++)
    if (folded[i] != listed[i])
      match->differs[match->n_differs++] = (guint8) i;
  for (guint i = 0; i < length && match->n_differs == 0; i++)
    if (folded[i] != listed[i] || i + 1 == length)
      match->differs[match->n_differs++] = (guint8) i;
}

static void
add_matches (GArray *met, BoloMatchKind kind, const Read *read, GPtrArray *matches)
{
  const BoloMatchQuery *query = read->query;
  gsize length = strlen (query->text);
  guint n_taken[16] = {0};

  g_array_sort (met, compare_rows);
  for (guint i = 0; i < met->len; i++) {
    const Row *row = &g_array_index (met, Row, i);
    BoloMatch *match;

    if (n_taken[row->list]++ >= MATCHES_MAX)
      continue;
    match = g_new0 (BoloMatch, 1);
    match->entry = bolo_list_entry_ref (row->entry);
    match->kind = kind;
    match->score = 1;
    if (kind == BOLO_MATCH_PATTERN)
      match->score = (double) (length - row->cost) / (double) length;
    if (kind == BOLO_MATCH_NEAR) {
      match->score = exp (-0.001 * row->cost);
      tell_near (match, read->folded);
    }
    for (guint k = 0; kind == BOLO_MATCH_FOLDED && k < length; k++)
      if (query->text[k] != row->entry->plate[k])
        match->differs[match->n_differs++] = (guint8) k;
    g_ptr_array_add (matches, match);
  }
}

GPtrArray *
bolo_slow_match (GPtrArray *lists,
                 BoloPlateRules *rules,
                 const BoloMatchQuery *query,
                 BoloMatchCounts *counts)
{
  GPtrArray *matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);

  Read read = {query, rules, bolo_plate_rules_resolve (rules, query->text),
               bolo_plate_rules_fold (rules, query->text)};

  *counts = (BoloMatchCounts){0};
  bolo_near_read_init (&read.near, rules, query);
  for (BoloMatchKind kind = BOLO_MATCH_EXACT; kind <= BOLO_MATCH_PATTERN; kind++) {
    g_autoptr (GArray) met = g_array_new (FALSE, FALSE, sizeof (Row));

    for (guint list = 0; list < lists->len; list++) {
      BoloSlowList *plain = g_ptr_array_index (lists, list);

      for (guint i = 0; i < plain->rows->len; i++) {
        Row row = g_array_index (plain->rows, Row, i);
        BoloMatchKind how;

        if (!meets (&read, &plain->match_rules, row.entry, &how, &row.cost) || how != kind)
          continue;
        /* Exact and folded are one look-up: both are seen whatever is asked for. */
        if (kind > query->loosest && kind > BOLO_MATCH_FOLDED)
          continue;
        if (kind == BOLO_MATCH_NEAR && (query->leaves_near || matches->len > 0))
          continue;
        row.list = list;
        if (row.entry->weed_us <= query->now_us)
          counts->n_weeded += !row.entry->is_covert;
        else if (kind <= query->loosest &&
                 (kind != BOLO_MATCH_FOLDED || plain->match_rules.has_folded))
          g_array_append_val (met, row);
      }
    }
    add_matches (met, kind, &read, matches);
  }
  g_free (read.resolved);
  g_free (read.folded);
  return matches;
}

char *
bolo_slow_tell (GPtrArray *matches)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < matches->len; i++) {
    const BoloMatch *match = g_ptr_array_index (matches, i);

    g_string_append_printf (text, "%s %s %s %.6f%s", bolo_match_kind_to_string (match->kind),
                            match->entry->entry_id, match->entry->plate, match->score,
                            match->entry->is_covert ? " covert" : "");
    for (guint k = 0; k < match->n_differs; k++)
      g_string_append_printf (text, " [%u]", match->differs[k]);
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}
