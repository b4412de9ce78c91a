/* bolo-entry-codec.c: a list entry as bytes in a rows file, and back
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-entry-codec"

#include "bolo-entry-codec.h"

#include <string.h>

#define VERSION 1
#define VARINT_BYTES_MAX 10

/* Field numbers. Append only: a number once written means the same for ever. Below FIRST_NUMBER and
 * from FIRST_BLOB on a field is a length and bytes, between them one number. */
enum {
  FIELD_MARKER = 40,
  FIELD_EXTRA = 41,
  FIRST_NUMBER = 64,
  FIELD_ROW = 64,
  FIELD_YEAR = 65,
  FIELD_PRIORITY = 66,
  FIELD_ACTION = 67,
  FIELD_FLAGS = 68,
  FIELD_DAYS = 69,
  FIELD_EVENT = 70,
  FIELD_VALID_FROM = 71,
  FIELD_VALID_UNTIL = 72,
  FIELD_WEED = 73,
  FIRST_BLOB = 128,
  FIELD_AREA = 128,
};

#define FLAG_COVERT 1
#define FLAG_PATTERN 2

typedef struct {
  guint8 field;
  gsize offset;
} TextField;

static const TextField text_fields[] = {
  {1, G_STRUCT_OFFSET (BoloListEntry, plate)},
  {2, G_STRUCT_OFFSET (BoloListEntry, region)},
  {3, G_STRUCT_OFFSET (BoloListEntry, plate_type)},
  {4, G_STRUCT_OFFSET (BoloListEntry, make)},
  {5, G_STRUCT_OFFSET (BoloListEntry, model)},
  {6, G_STRUCT_OFFSET (BoloListEntry, colour)},
  {7, G_STRUCT_OFFSET (BoloListEntry, body)},
  {8, G_STRUCT_OFFSET (BoloListEntry, type_code)},
  {9, G_STRUCT_OFFSET (BoloListEntry, category)},
  {10, G_STRUCT_OFFSET (BoloListEntry, action_text)},
  {11, G_STRUCT_OFFSET (BoloListEntry, reason)},
  {12, G_STRUCT_OFFSET (BoloListEntry, grading)},
  {13, G_STRUCT_OFFSET (BoloListEntry, handling)},
  {14, G_STRUCT_OFFSET (BoloListEntry, information)},
  {15, G_STRUCT_OFFSET (BoloListEntry, force)},
  {16, G_STRUCT_OFFSET (BoloListEntry, ori)},
  {17, G_STRUCT_OFFSET (BoloListEntry, pnc_id)},
  {18, G_STRUCT_OFFSET (BoloListEntry, marking)},
  {19, G_STRUCT_OFFSET (BoloListEntry, cad)},
  {20, G_STRUCT_OFFSET (BoloListEntry, instructions)},
  {21, G_STRUCT_OFFSET (BoloListEntry, source_reference)},
};

/* A walk over bytes that never leaves them. */
typedef struct {
  const guint8 *at;
  const guint8 *end;
} Cursor;

static void
put_varint (GByteArray *bytes, guint64 value)
{
  guint8 buffer[VARINT_BYTES_MAX];
  guint length = 0;

  while (value >= 0x80) {
    buffer[length++] = (guint8) (value | 0x80);
    value >>= 7;
  }
  buffer[length++] = (guint8) value;
  g_byte_array_append (bytes, buffer, length);
}

static gboolean
get_varint (Cursor *cursor, guint64 *value)
{
  *value = 0;
  for (guint shift = 0; cursor->at < cursor->end && shift < 64; shift += 7) {
    guint8 byte = *cursor->at++;

    *value |= (guint64) (byte & 0x7f) << shift;
    if (byte < 0x80)
      return TRUE;
  }
  return FALSE;
}

static void
put_blob (GByteArray *bytes, guint8 field, gconstpointer data, gsize length)
{
  g_byte_array_append (bytes, &field, 1);
  put_varint (bytes, length);
  g_byte_array_append (bytes, data, (guint) length);
}

/* Small numbers of either sign stay small: 0 -1 1 -2 become 0 1 2 3. */
static void
put_number (GByteArray *bytes, guint8 field, gint64 value)
{
  g_byte_array_append (bytes, &field, 1);
  put_varint (bytes, ((guint64) value << 1) ^ (value < 0 ? G_MAXUINT64 : 0));
}

static gint64
undo_zigzag (guint64 value)
{
  return (gint64) ((value >> 1) ^ (value & 1 ? G_MAXUINT64 : 0));
}

static void
put_double (GByteArray *bytes, double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  bits = GUINT64_TO_LE (bits);
  g_byte_array_append (bytes, (const guint8 *) &bits, sizeof bits);
}

static double
get_double (const guint8 *bytes)
{
  guint64 bits;
  double value;

  memcpy (&bits, bytes, sizeof bits);
  bits = GUINT64_FROM_LE (bits);
  memcpy (&value, &bits, sizeof value);
  return value;
}

static void
put_area (GByteArray *bytes, const BoloArea *area)
{
  g_autoptr (GByteArray) blob = g_byte_array_new ();
  guint8 kind = (guint8) area->kind;

  g_byte_array_append (blob, &kind, 1);
  if (area->kind == BOLO_AREA_CIRCLE)
    put_double (blob, area->radius_m);
  for (guint i = 0; i < area->n_points; i++) {
    put_double (blob, area->points[i].latitude);
    put_double (blob, area->points[i].longitude);
  }
  put_blob (bytes, FIELD_AREA, blob->data, blob->len);
}

static gboolean
get_area (const guint8 *bytes, gsize length, BoloArea *area)
{
  BoloAreaPoint points[BOLO_AREA_POINTS_MAX];
  gboolean is_circle = length > 0 && bytes[0] == BOLO_AREA_CIRCLE;
  gsize head = is_circle ? 1 + sizeof (double) : 1;
  gsize n_points;

  if (length < head || (!is_circle && bytes[0] != BOLO_AREA_POLYGON) ||
      (length - head) % (2 * sizeof (double)) != 0)
    return FALSE;
  n_points = (length - head) / (2 * sizeof (double));
  if (n_points == 0 || n_points > BOLO_AREA_POINTS_MAX)
    return FALSE;
  for (gsize i = 0; i < n_points; i++) {
    const guint8 *at = bytes + head + i * 2 * sizeof (double);

    points[i].latitude = get_double (at);
    points[i].longitude = get_double (at + sizeof (double));
  }
  if (is_circle)
    return n_points == 1 && bolo_area_set_circle (area, points[0], get_double (bytes + 1));
  return bolo_area_set_polygon (area, points, (guint) n_points);
}

static void
put_texts (GByteArray *bytes, guint8 field, char **texts)
{
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    put_blob (bytes, field, texts[i], strlen (texts[i]));
}

static void
put_numbers (GByteArray *bytes, const BoloListEntry *entry, guint64 row)
{
  gint64 flags = (entry->is_covert ? FLAG_COVERT : 0) | (entry->is_pattern ? FLAG_PATTERN : 0);

  put_number (bytes, FIELD_ROW, (gint64) row);
  if (entry->year != 0)
    put_number (bytes, FIELD_YEAR, entry->year);
  if (entry->priority != 0)
    put_number (bytes, FIELD_PRIORITY, entry->priority);
  if (entry->action != BOLO_ACTION_STOP)
    put_number (bytes, FIELD_ACTION, entry->action);
  if (flags != 0)
    put_number (bytes, FIELD_FLAGS, flags);
  if (entry->days != BOLO_DAYS_ALL)
    put_number (bytes, FIELD_DAYS, entry->days);
  if (entry->event_us != G_MININT64)
    put_number (bytes, FIELD_EVENT, entry->event_us);
  if (entry->valid_from_us != G_MININT64)
    put_number (bytes, FIELD_VALID_FROM, entry->valid_from_us);
  if (entry->valid_until_us != G_MAXINT64)
    put_number (bytes, FIELD_VALID_UNTIL, entry->valid_until_us);
  if (entry->weed_us != G_MAXINT64)
    put_number (bytes, FIELD_WEED, entry->weed_us);
}

gboolean
bolo_entry_encode (const BoloListEntry *entry, guint64 row, GByteArray *bytes)
{
  const guint8 version = VERSION;
  guint before;

  g_return_val_if_fail (entry != NULL && bytes != NULL, FALSE);

  before = bytes->len;
  g_byte_array_append (bytes, &version, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (text_fields); i++) {
    const char *text = G_STRUCT_MEMBER (char *, entry, text_fields[i].offset);

    if (text != NULL)
      put_blob (bytes, text_fields[i].field, text, strlen (text));
  }
  put_texts (bytes, FIELD_MARKER, entry->markers);
  put_texts (bytes, FIELD_EXTRA, entry->extra);
  put_numbers (bytes, entry, row);
  if (entry->area.kind != BOLO_AREA_NONE)
    put_area (bytes, &entry->area);
  if (bytes->len - before <= BOLO_ENTRY_BYTES_MAX)
    return TRUE;
  g_byte_array_set_size (bytes, before);
  return FALSE;
}

/* (transfer full) (nullable): a text without NUL inside, valid UTF-8. */
static char *
take_text (const guint8 *bytes, gsize length)
{
  if (!g_utf8_validate_len ((const char *) bytes, length, NULL))
    return NULL;
  return g_strndup ((const char *) bytes, length);
}

static gboolean
append_text (GPtrArray **list, const guint8 *bytes, gsize length)
{
  char *text;

  text = take_text (bytes, length);
  if (text == NULL)
    return FALSE;
  if (*list == NULL)
    *list = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (*list, text);
  return TRUE;
}

static char **
end_texts (GPtrArray **list)
{
  GPtrArray *texts = g_steal_pointer (list);

  if (texts == NULL)
    return NULL;
  g_ptr_array_add (texts, NULL);
  return (char **) g_ptr_array_free (texts, FALSE);
}

static gboolean
take_blob (BoloListEntry *entry, guint8 field, const guint8 *bytes, gsize length)
{
  if (field == FIELD_AREA)
    return get_area (bytes, length, &entry->area);
  for (gsize i = 0; i < G_N_ELEMENTS (text_fields); i++) {
    char **text = &G_STRUCT_MEMBER (char *, entry, text_fields[i].offset);

    if (text_fields[i].field != field)
      continue;
    if (*text != NULL)
      return FALSE;
    *text = take_text (bytes, length);
    return *text != NULL;
  }
  return TRUE;
}

/* Sets @number where @value lies within the bounds. */
static gboolean
take_int (int *number, gint64 value, gint64 minimum, gint64 maximum)
{
  if (value < minimum || value > maximum)
    return FALSE;
  *number = (int) value;
  return TRUE;
}

static gboolean
take_number (BoloListEntry *entry, guint8 field, gint64 value, guint64 *row)
{
  int number = 0;
  gboolean is_good = TRUE;

  switch (field) {
  case FIELD_ROW:
    *row = (guint64) value;
    break;
  case FIELD_YEAR:
    return take_int (&entry->year, value, G_MININT, G_MAXINT);
  case FIELD_PRIORITY:
    return take_int (&entry->priority, value, G_MININT, G_MAXINT);
  case FIELD_ACTION:
    is_good = take_int (&number, value, BOLO_ACTION_STOP, BOLO_ACTION_UNKNOWN);
    entry->action = (BoloAction) number;
    break;
  case FIELD_FLAGS:
    entry->is_covert = (value & FLAG_COVERT) != 0;
    entry->is_pattern = (value & FLAG_PATTERN) != 0;
    break;
  case FIELD_DAYS:
    is_good = take_int (&number, value, 0, BOLO_DAYS_ALL);
    entry->days = (guint8) number;
    break;
  case FIELD_EVENT:
    entry->event_us = value;
    break;
  case FIELD_VALID_FROM:
    entry->valid_from_us = value;
    break;
  case FIELD_VALID_UNTIL:
    entry->valid_until_us = value;
    break;
  case FIELD_WEED:
    entry->weed_us = value;
    break;
  default: /* of a later version */
    break;
  }
  return is_good;
}

BoloListEntry *
bolo_entry_decode (const guint8 *bytes, gsize length, guint64 *row)
{
  g_autoptr (BoloListEntry) entry = NULL;
  g_autoptr (GPtrArray) markers = NULL;
  g_autoptr (GPtrArray) extra = NULL;
  Cursor cursor;
  guint64 found_row = 0;

  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  if (length == 0 || length > BOLO_ENTRY_BYTES_MAX || bytes[0] != VERSION)
    return NULL;
  cursor = (Cursor){bytes + 1, bytes + length};
  entry = bolo_list_entry_new ();
  while (cursor.at < cursor.end) {
    guint8 field = *cursor.at++;
    gboolean is_good;
    guint64 value;

    if (field == 0 || !get_varint (&cursor, &value))
      return NULL;
    if (field >= FIRST_NUMBER && field < FIRST_BLOB) {
      if (!take_number (entry, field, undo_zigzag (value), &found_row))
        return NULL;
      continue;
    }
    if (value > (guint64) (cursor.end - cursor.at))
      return NULL;
    if (field == FIELD_MARKER)
      is_good = append_text (&markers, cursor.at, value);
    else if (field == FIELD_EXTRA)
      is_good = append_text (&extra, cursor.at, value);
    else
      is_good = take_blob (entry, field, cursor.at, value);
    if (!is_good)
      return NULL;
    cursor.at += value;
  }
  if (entry->plate == NULL || *entry->plate == '\0')
    return NULL;
  entry->markers = end_texts (&markers);
  entry->extra = end_texts (&extra);
  if (row != NULL)
    *row = found_row;
  return g_steal_pointer (&entry);
}
