/* bolo-list-format.c: how a wanted list is written: columns, delimiter, dates, encoding
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-format"

#include "bolo-list-format-private.h"

#include "bolo-list-date.h"

BoloListFormat *
bolo_list_format_new_empty (void)
{
  BoloListFormat *self = g_new0 (BoloListFormat, 1);

  g_atomic_ref_count_init (&self->references);
  for (int i = 0; i < BOLO_LIST_N_COLUMNS; i++)
    self->fields[i].index = -1;
  self->header = BOLO_LIST_HEADER_AUTO;
  self->delimiter = ',';
  self->quote = '"';
  self->marker_delimiter = ';';
  self->dates = g_strdupv ((char **) bolo_list_date_get_default_formats ());
  return self;
}

BoloListFormat *
bolo_list_format_new_uk (void)
{
  BoloListFormat *self = bolo_list_format_new_empty ();

  self->title = g_strdup ("UK list, 16 columns");
  self->zone = g_time_zone_new_identifier ("Europe/London");
  for (int i = 0; i < BOLO_LIST_N_UK_COLUMNS; i++)
    self->fields[i].index = i;
  return self;
}

BoloListFormat *
bolo_list_format_ref (BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bolo_list_format_unref (BoloListFormat *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  for (guint i = 0; i < BOLO_LIST_N_COLUMNS; i++) {
    g_free (self->fields[i].name);
    g_free (self->constants[i]);
  }
  for (guint i = 0; i < self->n_extra; i++) {
    g_free (self->extra[i].name);
    g_free (self->extra_names[i]);
  }
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->footer, g_free);
  g_clear_pointer (&self->encoding, g_free);
  g_clear_pointer (&self->dates, g_strfreev);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->types, g_hash_table_unref);
  g_clear_pointer (&self->signs.names, g_strfreev);
  g_free (self);
}

const char *
bolo_list_format_get_title (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->title;
}

BoloListLayout
bolo_list_format_get_layout (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, BOLO_LIST_LAYOUT_DELIMITED);

  return self->layout;
}

int
bolo_list_format_get_index (const BoloListFormat *self, BoloListColumn column)
{
  g_return_val_if_fail (self != NULL && (guint) column < BOLO_LIST_N_COLUMNS, -1);

  return self->fields[column].index;
}

const char *
bolo_list_format_get_name (const BoloListFormat *self, BoloListColumn column)
{
  g_return_val_if_fail (self != NULL && (guint) column < BOLO_LIST_N_COLUMNS, NULL);

  return self->fields[column].name;
}

gboolean
bolo_list_format_needs_header (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < BOLO_LIST_N_COLUMNS; i++)
    if (self->fields[i].name != NULL)
      return TRUE;
  for (guint i = 0; i < self->n_extra; i++)
    if (self->extra[i].name != NULL)
      return TRUE;
  return FALSE;
}

BoloListHeader
bolo_list_format_get_header (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, BOLO_LIST_HEADER_AUTO);

  return self->header;
}

char
bolo_list_format_get_delimiter (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, ',');

  return self->delimiter;
}

char
bolo_list_format_get_quote (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, '"');

  return self->quote;
}

char
bolo_list_format_get_marker_delimiter (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, ';');

  return self->marker_delimiter;
}

const char *
bolo_list_format_get_encoding (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->encoding;
}

gboolean
bolo_list_format_is_covert (const BoloListFormat *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_covert;
}

gboolean
bolo_list_format_parse_date (const BoloListFormat *self, const char *text, gint64 *end_of_day_us)
{
  g_return_val_if_fail (self != NULL && text != NULL && end_of_day_us != NULL, FALSE);

  if (!bolo_list_date_read_day ((const char *const *) self->dates, text, end_of_day_us))
    return FALSE;
  *end_of_day_us = bolo_list_date_to_utc (self->zone, *end_of_day_us + BOLO_LIST_DAY_US);
  return TRUE;
}
