/* bolo-plate-wildcard.c: marks of which only a part is known: "AB?2*"
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-plate-wildcard"

#include "bolo-plate-wildcard.h"

#include <string.h>

static const char mark_characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

gboolean
bolo_plate_has_wildcard (const char *normalised)
{
  g_return_val_if_fail (normalised != NULL, FALSE);

  return strpbrk (normalised, "?*") != NULL;
}

static gboolean
refuse (char **message, char *sentence)
{
  if (message != NULL)
    *message = sentence;
  else
    g_free (sentence);
  return FALSE;
}

gboolean
bolo_plate_check_wildcard (const char *normalised, char **message)
{
  guint n_known = 0;
  guint length = 0;

  g_return_val_if_fail (normalised != NULL, FALSE);

  for (const char *at = normalised; *at != '\0'; at++) {
    gboolean is_known = strchr (mark_characters, *at) != NULL;

    if (!is_known && *at != '?' && *at != '*')
      return refuse (message, g_strdup ("only letters, digits, ? for one character and * for any "
                                        "number of them can stand in a mark"));
    n_known += is_known;
    length += *at != '*';
  }
  if (length > BOLO_PLATE_LENGTH_MAX)
    return refuse (message,
                   g_strdup_printf ("a mark has at most %d characters", BOLO_PLATE_LENGTH_MAX));
  if (length == 0 ||
      (bolo_plate_has_wildcard (normalised) && n_known < BOLO_PLATE_WILDCARD_KNOWN_MIN))
    return refuse (message, g_strdup_printf ("give at least %d known characters of the mark",
                                             BOLO_PLATE_WILDCARD_KNOWN_MIN));
  return TRUE;
}

#define NO_WAY G_MAXUINT8

/* Cost of a known character: 0 the same, 1 a look-alike, NO_WAY another one. */
static guint
get_cost (char wanted, char seen, BoloPlateRules *rules)
{
  if (wanted == '?' || wanted == seen)
    return 0;
  return rules != NULL && bolo_plate_rules_fold_character (rules, wanted) ==
                            bolo_plate_rules_fold_character (rules, seen)
           ? 1
           : NO_WAY;
}

/* Pattern and text are at most a mark long (stars apart), so a table of the fewest look-alikes from
 * each place to both ends is small. */
typedef struct {
  const char *pattern;
  const char *text;
  BoloPlateRules *rules;
  guint n_pattern;
  guint n_text;
  guint8 cost[2 * BOLO_PLATE_LENGTH_MAX + 2][BOLO_PLATE_LENGTH_MAX + 1];
} Table;

static guint
add_cost (guint a, guint b)
{
  return a == NO_WAY || b == NO_WAY ? NO_WAY : a + b;
}

static void
fill (Table *table)
{
  for (guint p = table->n_pattern + 1; p-- > 0;) {
    for (guint t = table->n_text + 1; t-- > 0;) {
      guint best = NO_WAY;

      if (p == table->n_pattern)
        best = t == table->n_text ? 0 : NO_WAY;
      else if (table->pattern[p] == '*')
        best =
          MIN (table->cost[p + 1][t], t < table->n_text ? table->cost[p][t + 1] : (guint8) NO_WAY);
      else if (t < table->n_text)
        best = add_cost (get_cost (table->pattern[p], table->text[t], table->rules),
                         table->cost[p + 1][t + 1]);
      table->cost[p][t] = (guint8) best;
    }
  }
}

static void
trace (const Table *table, guint8 *differs)
{
  guint p = 0, t = 0, n = 0;

  while (p < table->n_pattern) {
    if (table->pattern[p] == '*') {
      if (table->cost[p + 1][t] == table->cost[p][t])
        p++;
      else
        t++;
      continue;
    }
    if (get_cost (table->pattern[p], table->text[t], table->rules) == 1)
      differs[n++] = (guint8) t;
    p++;
    t++;
  }
}

/* "**" is "*": a pattern has at most one more star than other characters. */
static gsize
squeeze (const char *pattern, char *squeezed, gsize size)
{
  gsize n = 0;

  for (; *pattern != '\0' && n + 1 < size; pattern++)
    if (*pattern != '*' || n == 0 || squeezed[n - 1] != '*')
      squeezed[n++] = *pattern;
  squeezed[n] = '\0';
  return n;
}

gboolean
bolo_plate_wildcard_meets (
  const char *pattern, const char *text, BoloPlateRules *rules, guint8 *differs, guint *n_differs)
{
  char squeezed[2 * BOLO_PLATE_LENGTH_MAX + 2];
  Table table;

  g_return_val_if_fail (pattern != NULL && text != NULL, FALSE);

  table.n_text = (guint) strlen (text);
  table.n_pattern = (guint) squeeze (pattern, squeezed, sizeof squeezed);
  if (table.n_text > BOLO_PLATE_LENGTH_MAX)
    return FALSE;
  table.pattern = squeezed;
  table.text = text;
  table.rules = rules;
  fill (&table);
  if (table.cost[0][0] == NO_WAY)
    return FALSE;
  if (n_differs != NULL)
    *n_differs = table.cost[0][0];
  if (differs != NULL)
    trace (&table, differs);
  return TRUE;
}

static void
append_alike (GString *glob, char known, BoloPlateRules *rules)
{
  char folded = bolo_plate_rules_fold_character (rules, known);
  g_autoptr (GString) alike = g_string_new (NULL);

  for (const char *other = mark_characters; *other != '\0'; other++)
    if (bolo_plate_rules_fold_character (rules, *other) == folded)
      g_string_append_c (alike, *other);
  if (alike->len > 1)
    g_string_append_printf (glob, "[%s]", alike->str);
  else
    g_string_append_c (glob, known);
}

char *
bolo_plate_wildcard_to_glob (const char *pattern, BoloPlateRules *rules)
{
  GString *glob;

  g_return_val_if_fail (pattern != NULL && rules != NULL, NULL);

  glob = g_string_new (NULL);
  for (; *pattern != '\0'; pattern++) {
    if (*pattern == '?' || *pattern == '*')
      g_string_append_c (glob, *pattern);
    else
      append_alike (glob, *pattern, rules);
  }
  return g_string_free (glob, FALSE);
}
