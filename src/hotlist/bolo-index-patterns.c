/* bolo-index-patterns.c: marks with wildcards: "AB?2*"
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-index-patterns"

#include "bolo-index-patterns.h"

#include "bolo-mark-key.h"

#include <string.h>

static gboolean
refuse (char **message, const char *reason)
{
  if (message != NULL)
    *message = g_strdup (reason);
  return FALSE;
}

gboolean
bolo_pattern_compile (BoloPlateRules *rules,
                      const char *text,
                      BoloIndexPattern *pattern,
                      char **message)
{
  g_return_val_if_fail (rules != NULL && text != NULL && pattern != NULL, FALSE);

  *pattern = (BoloIndexPattern){0};
  for (const char *cursor = text; *cursor != '\0'; cursor++) {
    guint digit = bolo_mark_key_digit (bolo_plate_rules_fold_character (rules, *cursor));

    if (digit == 0 && *cursor != '?' && *cursor != '*')
      return refuse (message, "a pattern is made of A-Z, 0-9, '?' and '*'");
    if (*cursor == '*' && cursor > text && cursor[-1] == '*')
      continue;
    if (pattern->n_elements == BOLO_PLATE_LENGTH_MAX)
      return refuse (message, "a pattern has at most 12 characters");
    if (*cursor == '*') {
      pattern->elements[pattern->n_elements++] = BOLO_INDEX_ANY_SOME;
      pattern->has_some = 1;
      continue;
    }
    pattern->length_min++;
    pattern->elements[pattern->n_elements++] = *cursor == '?' ? BOLO_INDEX_ANY_ONE : (guint8) digit;
    if (*cursor == '?')
      continue;
    pattern->n_literals++;
    pattern->needs |= G_GUINT64_CONSTANT (1) << (digit - 1);
  }
  if (pattern->n_literals < BOLO_PATTERN_LITERALS_MIN)
    return refuse (message, "a pattern needs at least 2 letters or digits beside '?' and '*'");
  return TRUE;
}

guint
bolo_pattern_get_first (const BoloIndexPattern *pattern)
{
  g_return_val_if_fail (pattern != NULL, 0);

  return pattern->elements[0] < BOLO_MARK_KEY_BASE ? pattern->elements[0] : 0;
}

gboolean
bolo_pattern_fits (const BoloIndexPattern *pattern, const char *folded, guint length)
{
  guint n_elements;
  guint element = 0;
  guint at = 0;
  guint star_element = G_MAXUINT; /* element after the last '*' */
  guint star_at = 0;              /* where the mark goes on after what that '*' took */

  g_return_val_if_fail (pattern != NULL && folded != NULL, FALSE);

  n_elements = MIN (pattern->n_elements, BOLO_PLATE_LENGTH_MAX);
  while (at < length) {
    guint8 wanted = element < n_elements ? pattern->elements[element] : 0;

    if (wanted == BOLO_INDEX_ANY_SOME) {
      star_element = ++element;
      star_at = at;
    } else if (wanted == BOLO_INDEX_ANY_ONE ||
               (wanted != 0 && wanted == bolo_mark_key_digit (folded[at]))) {
      element++;
      at++;
    } else if (star_element != G_MAXUINT) {
      /* The last '*' takes one more; what stood after it is tried anew. */
      at = ++star_at;
      element = star_element;
    } else {
      return FALSE;
    }
  }
  while (element < n_elements && pattern->elements[element] == BOLO_INDEX_ANY_SOME)
    element++;
  return element == n_elements;
}
