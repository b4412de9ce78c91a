/* bolo-list-signs.c: whether a row looks as rows of a format do
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-list-signs.h"

#include "bolo-list-format-private.h"

#include <string.h>

static gboolean
is_of (const char *text, gsize minimum, gsize maximum, gboolean (*is_good) (char))
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length < minimum || length > maximum)
    return FALSE;
  for (; *text != '\0'; text++)
    if (!is_good (*text))
      return FALSE;
  return TRUE;
}

static gboolean
is_code_letter (char character)
{
  return g_ascii_isupper (character) || character == '0'; /* some feeds have 0 for O */
}

static gboolean
is_alphanumeric (char character)
{
  return g_ascii_isalnum (character);
}

/* Does the entry have what @column should hold, in the way such a column looks? */
static gboolean
is_typical (const BoloListEntry *entry, BoloListColumn column)
{
  switch (column) {
  case BOLO_LIST_COLUMN_PLATE:
    return !entry->is_pattern;
  case BOLO_LIST_COLUMN_TYPE_CODE:
    return entry->category != NULL; /* a kind of record that is known */
  case BOLO_LIST_COLUMN_ORI:
    return is_of (entry->ori, 7, 9, is_alphanumeric);
  case BOLO_LIST_COLUMN_REGION:
    return is_of (entry->region, 2, 2, is_code_letter);
  case BOLO_LIST_COLUMN_EVENT_DATE:
    return entry->event_us != G_MININT64;
  case BOLO_LIST_COLUMN_MAKE:
    return entry->make != NULL;
  default:
    return TRUE;
  }
}

gboolean
bolo_list_signs_fit (const BoloListFormat *format, const BoloListEntry *entry, guint n_fields)
{
  g_return_val_if_fail (format != NULL && entry != NULL, FALSE);

  if (format->signs.n_fields > 0 && n_fields != format->signs.n_fields)
    return FALSE;
  for (guint i = 0; i < BOLO_LIST_N_COLUMNS; i++)
    if ((format->signs.columns & (1u << i)) && !is_typical (entry, (BoloListColumn) i))
      return FALSE;
  return TRUE;
}

gboolean
bolo_list_signs_miss (const BoloListFormat *format, const BoloListEntry *entry)
{
  guint32 columns;

  g_return_val_if_fail (format != NULL && entry != NULL, FALSE);

  columns = format->signs.columns & ~(1u << BOLO_LIST_COLUMN_PLATE);
  for (guint i = 0; i < BOLO_LIST_N_COLUMNS; i++)
    if ((columns & (1u << i)) && is_typical (entry, (BoloListColumn) i))
      return FALSE;
  return columns != 0;
}
