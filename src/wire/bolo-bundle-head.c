/* bolo-bundle-head.c: what stands before the sealed part of a bundle
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-bundle-private.h"

#include "bolo-clock.h"

#include <string.h>

enum {
  LINE_TITLE,
  LINE_KIND,
  LINE_FROM,
  LINE_TO,
  LINE_NUMBER,
  LINE_ISSUED,
  LINE_KEY,
  LINE_EMPTY,
  N_LINES,
};

#define SINCE "\nsince: "

static const char *const kinds[] = {"from-car", "to-car"};

void
bolo_bundle_head_clear (BoloBundleHead *self)
{
  g_clear_pointer (&self->from, g_free);
  g_clear_pointer (&self->to, g_free);
  g_clear_pointer (&self->key, g_free);
}

void
bolo_bundle_head_copy (const BoloBundleHead *self, BoloBundleHead *copy)
{
  *copy = *self;
  copy->from = g_strdup (self->from);
  copy->to = g_strdup (self->to);
  copy->key = g_strdup (self->key);
}

char *
bolo_bundle_head_to_text (const BoloBundleHead *head)
{
  g_autofree char *issued = bolo_time_format_utc (head->issued_us);
  g_autofree char *since =
    head->since > 0 ? g_strdup_printf (SINCE "%" G_GUINT64_FORMAT, head->since) : g_strdup ("");

  if (head->from == NULL || head->to == NULL || head->key == NULL ||
      !bolo_list_key_name_is_good (head->from) || !bolo_list_key_name_is_good (head->to) ||
      !bolo_list_key_name_is_good (head->key) || head->number < 1 || head->number > G_MAXINT64 ||
      head->since >= head->number || issued == NULL)
    return NULL;
  return g_strdup_printf (BUNDLE_TITLE "\nkind: %s\nfrom: %s\nto: %s\nnumber: %" G_GUINT64_FORMAT
                                       "%s\nissued: %s\nkey: %s\n\n",
                          kinds[head->kind], head->from, head->to, head->number, since, issued,
                          head->key);
}

/* (transfer full) (nullable): what stands behind "KEY: ". */
static char *
read_value (const char *line, const char *key)
{
  gsize length = strlen (key);

  if (strncmp (line, key, length) != 0 || strncmp (line + length, ": ", 2) != 0)
    return NULL;
  return g_strdup (line + length + 2);
}

/* (transfer full) (nullable): the text without the line that it may have. */
static char *
cut_since (const char *text, BoloBundleHead *head)
{
  const char *at = strstr (text, SINCE);
  const char *value = at != NULL ? at + strlen (SINCE) : NULL;
  g_autofree char *number = NULL;

  if (at == NULL)
    return g_strdup (text);
  number = g_strndup (value, strcspn (value, "\n"));
  if (!g_ascii_string_to_unsigned (number, 10, 1, G_MAXINT64, &head->since, NULL))
    return NULL;
  return g_strdup_printf ("%.*s%s", (int) (at - text), text, value + strlen (number));
}

gboolean
bolo_bundle_head_parse (const char *text, BoloBundleHead *head)
{
  g_autofree char *rest = cut_since (text, head);
  g_auto (GStrv) lines = g_strsplit (rest != NULL ? rest : "", "\n", N_LINES + 2);
  g_autofree char *kind = NULL;
  g_autofree char *number = NULL;
  g_autofree char *issued = NULL;
  g_autofree char *again = NULL;

  if (g_strv_length (lines) != N_LINES + 1)
    return FALSE;
  kind = read_value (lines[LINE_KIND], "kind");
  number = read_value (lines[LINE_NUMBER], "number");
  issued = read_value (lines[LINE_ISSUED], "issued");
  head->from = read_value (lines[LINE_FROM], "from");
  head->to = read_value (lines[LINE_TO], "to");
  head->key = read_value (lines[LINE_KEY], "key");
  if (kind == NULL || number == NULL || issued == NULL ||
      !g_ascii_string_to_unsigned (number, 10, 1, G_MAXINT64, &head->number, NULL))
    return FALSE;
  head->kind =
    g_str_equal (kind, kinds[BOLO_BUNDLE_TO_CAR]) ? BOLO_BUNDLE_TO_CAR : BOLO_BUNDLE_FROM_CAR;
  head->issued_us = bolo_time_parse_utc (issued);
  if (head->issued_us < 0)
    return FALSE;
  /* One head has one text: what we would not write is none. */
  again = bolo_bundle_head_to_text (head);
  return g_strcmp0 (again, text) == 0;
}

gboolean
bolo_bundle_head_peek (const char *bytes, gsize length, BoloBundleHead *head)
{
  g_autofree char *text = NULL;
  const char *end;

  g_return_val_if_fail (bytes != NULL && head != NULL, FALSE);

  end = g_strstr_len (bytes, (gssize) length, "\n\n");
  if (end == NULL)
    return FALSE;
  text = g_strndup (bytes, (gsize) (end - bytes) + 2);
  if (strlen (text) == (gsize) (end - bytes) + 2 && bolo_bundle_head_parse (text, head))
    return TRUE;
  bolo_bundle_head_clear (head);
  return FALSE;
}
