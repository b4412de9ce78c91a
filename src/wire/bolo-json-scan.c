/* bolo-json-scan.c: finds members of a JSON object where they stand, without taking it apart
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-json-scan.h"

#include "bolo-json-reader.h"

#include <errno.h>
#include <string.h>

typedef struct {
  const char *at;
  const char *end;
  guint depth;
} Scan;

/* ---- the grammar --------------------------------------------------------------------------- */

static void
skip_space (Scan *scan)
{
  while (scan->at < scan->end &&
         (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\r' || *scan->at == '\n'))
    scan->at++;
}

static gboolean
take (Scan *scan, char mark)
{
  if (scan->at >= scan->end || *scan->at != mark)
    return FALSE;
  scan->at++;
  return TRUE;
}

static gboolean
take_word (Scan *scan, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (scan->end - scan->at) < length || memcmp (scan->at, word, length) != 0)
    return FALSE;
  scan->at += length;
  return TRUE;
}

static gboolean
take_escape (Scan *scan)
{
  if (scan->at < scan->end && *scan->at != '\0' && strchr ("\"\\/bfnrt", *scan->at) != NULL) {
    scan->at++;
    return TRUE;
  }
  if (!take (scan, 'u') || scan->end - scan->at < 4)
    return FALSE;
  for (guint i = 0; i < 4; i++)
    if (!g_ascii_isxdigit (*scan->at++))
      return FALSE;
  return TRUE;
}

static gboolean
take_text (Scan *scan)
{
  if (!take (scan, '"'))
    return FALSE;
  while (scan->at < scan->end) {
    char mark = *scan->at++;

    if (mark == '"')
      return TRUE;
    if (mark == '\0' || (mark == '\\' && !take_escape (scan)))
      return FALSE;
  }
  return FALSE;
}

static gboolean
take_digits (Scan *scan)
{
  const char *begin = scan->at;

  while (scan->at < scan->end && g_ascii_isdigit (*scan->at))
    scan->at++;
  return scan->at > begin;
}

static gboolean
take_number (Scan *scan)
{
  take (scan, '-');
  if (!take (scan, '0') && !take_digits (scan))
    return FALSE;
  if (take (scan, '.') && !take_digits (scan))
    return FALSE;
  if (!take (scan, 'e') && !take (scan, 'E'))
    return TRUE;
  if (!take (scan, '-'))
    take (scan, '+');
  return take_digits (scan);
}

static gboolean take_value (Scan *scan);

static gboolean
take_list (Scan *scan, char end)
{
  skip_space (scan);
  if (take (scan, end))
    return TRUE;
  do {
    skip_space (scan);
    if (end == '}') {
      if (!take_text (scan))
        return FALSE;
      skip_space (scan);
      if (!take (scan, ':'))
        return FALSE;
      skip_space (scan);
    }
    if (!take_value (scan))
      return FALSE;
    skip_space (scan);
  } while (take (scan, ','));
  return take (scan, end);
}

static gboolean
take_value (Scan *scan)
{
  gboolean is_good;

  if (scan->at >= scan->end)
    return FALSE;
  switch (*scan->at) {
  case '{':
  case '[':
    if (++scan->depth > BOLO_JSON_DEPTH_MAX)
      return FALSE;
    is_good = take_list (scan, *scan->at++ == '{' ? '}' : ']');
    scan->depth--;
    return is_good;
  case '"':
    return take_text (scan);
  case 't':
    return take_word (scan, "true");
  case 'f':
    return take_word (scan, "false");
  case 'n':
    return take_word (scan, "null");
  default:
    return take_number (scan);
  }
}

/* ---- members ------------------------------------------------------------------------------- */

static void
note (const char *name,
      gsize length,
      const BoloJsonSpan *value,
      const char *const *names,
      BoloJsonSpan *spans,
      guint n)
{
  for (guint i = 0; i < n; i++)
    if (strlen (names[i]) == length && memcmp (names[i], name, length) == 0)
      spans[i] = value->at[0] != 'n' ? *value : (BoloJsonSpan){0};
}

static gboolean
scan_members (Scan *scan, const char *const *names, BoloJsonSpan *spans, guint n)
{
  do {
    BoloJsonSpan value;
    const char *name;
    gsize length;

    skip_space (scan);
    name = scan->at + 1;
    if (!take_text (scan))
      return FALSE;
    length = (gsize) (scan->at - name) - 1;
    skip_space (scan);
    if (!take (scan, ':'))
      return FALSE;
    skip_space (scan);
    value.at = scan->at;
    if (!take_value (scan))
      return FALSE;
    value.length = (gsize) (scan->at - value.at);
    note (name, length, &value, names, spans, n);
    skip_space (scan);
  } while (take (scan, ','));
  return take (scan, '}');
}

gboolean
bolo_json_scan (
  const char *text, gsize length, const char *const *names, BoloJsonSpan *spans, guint n)
{
  Scan scan = {text, text + length, 1};

  g_return_val_if_fail (text != NULL && (n == 0 || (names != NULL && spans != NULL)), FALSE);

  for (guint i = 0; i < n; i++)
    spans[i] = (BoloJsonSpan){0};
  if (!g_utf8_validate_len (text, length, NULL))
    return FALSE;
  skip_space (&scan);
  if (!take (&scan, '{'))
    return FALSE;
  skip_space (&scan);
  if (!take (&scan, '}') && !scan_members (&scan, names, spans, n))
    return FALSE;
  skip_space (&scan);
  return scan.at == scan.end;
}

/* ---- values -------------------------------------------------------------------------------- */

/* Of four digits that are there. */
static gunichar
read_unit (const char *at)
{
  gunichar unit = 0;

  for (guint i = 0; i < 4; i++)
    unit = unit << 4 | (gunichar) g_ascii_xdigit_value (at[i]);
  return unit;
}

/* What stands behind "\u" at @at; 0: it is no character. */
static gunichar
read_character (const char *at, const char *end, gsize *length)
{
  gunichar unit = read_unit (at);
  gunichar low;

  *length = 4;
  if (unit < 0xd800 || unit > 0xdfff)
    return unit;
  if (unit > 0xdbff || end - at < 10 || at[4] != '\\' || at[5] != 'u')
    return 0;
  low = read_unit (at + 6);
  *length = 10;
  return low >= 0xdc00 && low <= 0xdfff ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : 0;
}

static char *
unescape (const char *at, const char *end)
{
  static const char marks[] = "bfnrt";
  static const char meant[] = "\b\f\n\r\t";
  g_autoptr (GString) text = g_string_sized_new ((gsize) (end - at));

  while (at < end) {
    const char *mark;

    if (*at != '\\') {
      g_string_append_c (text, *at++);
      continue;
    }
    at++;
    mark = strchr (marks, *at);
    if (*at == 'u') {
      gsize length;
      gunichar character = read_character (at + 1, end, &length);

      if (character == 0)
        return NULL;
      g_string_append_unichar (text, character);
      at += length;
    } else {
      g_string_append_c (text, mark != NULL ? meant[mark - marks] : *at);
    }
    at++;
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
bolo_json_span_dup_text (const BoloJsonSpan *self)
{
  const char *end;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->at == NULL || self->at[0] != '"')
    return NULL;
  end = self->at + self->length - 1;
  if (memchr (self->at, '\\', self->length) != NULL)
    return unescape (self->at + 1, end);
  return g_strndup (self->at + 1, (gsize) (end - self->at) - 1);
}

gboolean
bolo_json_span_get_int (const BoloJsonSpan *self, gint64 minimum, gint64 maximum, gint64 *value)
{
  char digits[24] = "";
  gint64 number;

  g_return_val_if_fail (self != NULL && value != NULL, FALSE);

  if (self->at == NULL || self->length >= sizeof digits)
    return FALSE;
  memcpy (digits, self->at, self->length);
  if (digits[strspn (digits, "-0123456789")] != '\0')
    return FALSE;
  errno = 0;
  number = g_ascii_strtoll (digits, NULL, 10);
  if (errno != 0 || number < minimum || number > maximum)
    return FALSE;
  *value = number;
  return TRUE;
}

gboolean
bolo_json_span_is_object (const BoloJsonSpan *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->at != NULL && self->at[0] == '{';
}
