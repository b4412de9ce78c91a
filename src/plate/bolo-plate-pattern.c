/* bolo-plate-pattern.c: a small pattern language for marks, unrolled to one mask a character
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-plate-pattern"

#include "bolo-plate-pattern.h"

#include <string.h>

#define PARTS_MAX                                                                                  \
  16                  /* no mark has more runs than characters; the rest is room for optional ones \
                       */
#define FORMS_MAX 256 /* a pattern that unrolls to more is a mistake, not a syntax */

typedef struct {
  guint64 mask;
  guint minimum;
  guint maximum;
} Part;

guint64
bolo_plate_form_get_bit (char character)
{
  if (character >= '0' && character <= '9')
    return G_GUINT64_CONSTANT (1) << (character - '0');
  if (character >= 'A' && character <= 'Z')
    return G_GUINT64_CONSTANT (1) << (character - 'A' + 10);
  return 0;
}

/* Reads "A-HJ" up to ']'; NULL when it never ends or names something strange. */
static const char *
parse_class (const char *cursor, guint64 *mask)
{
  *mask = 0;
  while (*cursor != '\0' && *cursor != ']') {
    char last = cursor[0];
    const char *next = cursor + 1;

    if (cursor[1] == '-' && cursor[2] != '\0' && cursor[2] != ']') {
      last = cursor[2];
      next = cursor + 3;
    }
    if (!bolo_plate_form_get_bit (*cursor) || !bolo_plate_form_get_bit (last) || last < *cursor)
      return NULL;
    for (char character = *cursor; character <= last; character++)
      *mask |= bolo_plate_form_get_bit (character);
    cursor = next;
  }
  return *cursor == ']' && *mask != 0 ? cursor + 1 : NULL;
}

/* Reads "{2}" or "{1,3}". */
static const char *
parse_repeat (const char *cursor, Part *part)
{
  char *end = NULL;

  if (*cursor != '{')
    return cursor;
  part->minimum = (guint) g_ascii_strtoull (cursor + 1, &end, 10);
  if (end == cursor + 1)
    return NULL;
  part->maximum = part->minimum;
  if (*end == ',') {
    const char *from = end + 1;

    part->maximum = (guint) g_ascii_strtoull (from, &end, 10);
    if (end == from)
      return NULL;
  }
  if (*end != '}' || part->maximum < part->minimum || part->maximum == 0 ||
      part->maximum > BOLO_PLATE_LENGTH_MAX)
    return NULL;
  return end + 1;
}

/* Appends a form for each choice of repeats, the longest choice first. */
static gboolean
unroll_parts (const Part *parts, guint n_parts, GArray *forms, gsize first)
{
  guint counts[PARTS_MAX];

  for (guint i = 0; i < n_parts; i++)
    counts[i] = parts[i].maximum;
  for (;;) {
    BoloPlateForm form = {0};
    guint total = 0;
    guint turn = n_parts;

    for (guint i = 0; i < n_parts; i++)
      total += counts[i];
    if (total > 0 && total <= BOLO_PLATE_LENGTH_MAX) {
      for (guint i = 0; i < n_parts; i++)
        for (guint k = 0; k < counts[i]; k++)
          form.masks[form.length++] = parts[i].mask;
      g_array_append_val (forms, form);
      if (forms->len - first > FORMS_MAX)
        return FALSE;
    }
    while (turn > 0 && counts[turn - 1] == parts[turn - 1].minimum) {
      counts[turn - 1] = parts[turn - 1].maximum;
      turn--;
    }
    if (turn == 0)
      return forms->len > first;
    counts[turn - 1]--;
  }
}

gboolean
bolo_plate_pattern_unroll (const char *pattern, GArray *forms, char **message)
{
  Part parts[PARTS_MAX];
  guint n_parts = 0;
  const char *cursor = pattern;

  g_return_val_if_fail (pattern != NULL && forms != NULL && message != NULL, FALSE);

  while (*cursor != '\0') {
    const char *from = cursor;
    Part part = {.minimum = 1, .maximum = 1};

    if (n_parts == PARTS_MAX) {
      *message = g_strdup_printf ("the pattern has more than %d parts", PARTS_MAX);
      return FALSE;
    }
    if (*cursor == '[') {
      cursor = parse_class (cursor + 1, &part.mask);
    } else {
      part.mask = bolo_plate_form_get_bit (*cursor);
      cursor = part.mask != 0 ? cursor + 1 : NULL;
    }
    cursor = cursor != NULL ? parse_repeat (cursor, &part) : NULL;
    if (cursor == NULL) {
      *message =
        g_strdup_printf ("the pattern is wrong at '%s'; write classes as [A-Z]{1,3}", from);
      return FALSE;
    }
    parts[n_parts++] = part;
  }
  if (n_parts == 0 || !unroll_parts (parts, n_parts, forms, forms->len)) {
    *message = g_strdup_printf ("the pattern fits no mark of 1 to %d characters, or too many kinds",
                                BOLO_PLATE_LENGTH_MAX);
    return FALSE;
  }
  return TRUE;
}

gboolean
bolo_plate_form_matches (const BoloPlateForm *form, const char *text)
{
  g_return_val_if_fail (form != NULL && text != NULL, FALSE);

  for (guint i = 0; i < form->length; i++)
    if (text[i] == '\0' || !(form->masks[i] & bolo_plate_form_get_bit (text[i])))
      return FALSE;
  return text[form->length] == '\0';
}
