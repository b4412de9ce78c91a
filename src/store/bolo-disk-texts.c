/* bolo-disk-texts.c: small values of a reading as text in one column, and back
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-disk-texts.h"

#include <string.h>

/* Nine digits bring any float back as it was. */
#define FLOAT_FORMAT "%.9g"

static void
append_float (GString *text, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, g_ascii_formatd (buffer, sizeof buffer, FLOAT_FORMAT, value));
}

char *
bolo_disk_text_from_characters (const BoloReadCharacter *characters, guint n_characters)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (n_characters, BOLO_MARK_MAX); i++) {
    const BoloReadCharacter *read = &characters[i];

    g_string_append_printf (text, "%s%c:", i == 0 ? "" : " ", read->character);
    append_float (text, read->probability);
    for (guint j = 0; j < BOLO_ALTERNATIVES_MAX && read->alternatives[j].character != 0; j++) {
      g_string_append_printf (text, "/%c:", read->alternatives[j].character);
      append_float (text, read->alternatives[j].probability);
    }
  }
  return g_string_free (text, FALSE);
}

/* "A:0.991" */
static gboolean
parse_one (const char *text, char *character, float *probability)
{
  char *end = NULL;

  if (strlen (text) < 3 || text[1] != ':')
    return FALSE;
  *probability = (float) g_ascii_strtod (text + 2, &end);
  *character = text[0];
  return *end == '\0';
}

static gboolean
parse_character (const char *text, BoloReadCharacter *read)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", BOLO_ALTERNATIVES_MAX + 1);

  memset (read, 0, sizeof *read);
  if (parts[0] == NULL || !parse_one (parts[0], &read->character, &read->probability))
    return FALSE;
  for (guint j = 0; j < BOLO_ALTERNATIVES_MAX && parts[j + 1] != NULL; j++) {
    if (!parse_one (parts[j + 1], &read->alternatives[j].character,
                    &read->alternatives[j].probability))
      return FALSE;
  }
  return TRUE;
}

guint
bolo_disk_text_to_characters (const char *text, BoloReadCharacter *characters)
{
  g_auto (GStrv) parts = NULL;
  guint n = 0;

  if (text == NULL || *text == '\0')
    return 0;
  parts = g_strsplit (text, " ", -1);
  while (n < BOLO_MARK_MAX && parts[n] != NULL && parse_character (parts[n], &characters[n]))
    n++;
  return n;
}

char *
bolo_disk_text_from_corners (const float corners[4][2])
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < 8; i++) {
    if (i > 0)
      g_string_append_c (text, ' ');
    append_float (text, corners[i / 2][i % 2]);
  }
  return g_string_free (text, FALSE);
}

void
bolo_disk_text_to_corners (const char *text, float corners[4][2])
{
  const char *at = text != NULL ? text : "";
  char *end = NULL;

  for (int i = 0; i < 8; i++) {
    corners[i / 2][i % 2] = (float) g_ascii_strtod (at, &end);
    at = end;
  }
}

char *
bolo_disk_text_from_differs (const BoloMatch *match)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (match->n_differs, BOLO_MARK_MAX); i++)
    g_string_append_printf (text, "%s%u", i == 0 ? "" : " ", match->differs[i]);
  return g_string_free (text, FALSE);
}

void
bolo_disk_text_to_differs (const char *text, BoloMatch *match)
{
  const char *at = text != NULL ? text : "";

  match->n_differs = 0;
  while (*at != '\0' && match->n_differs < BOLO_MARK_MAX) {
    char *end = NULL;
    guint64 index = g_ascii_strtoull (at, &end, 10);

    if (end == at || index >= BOLO_MARK_MAX)
      return;
    match->differs[match->n_differs++] = (guint8) index;
    at = *end == ' ' ? end + 1 : end;
  }
}
