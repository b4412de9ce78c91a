/* bolo-json-writer.c: builds one JSON object as a line of text
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-json-writer.h"

#include "bolo-clock.h"

#include <math.h>
#include <string.h>

/* Of most records. */
#define SIZE 1024

/* The same bytes as JSON-GLib's generator, which builds a tree of everything first: a record that
 * is sent once more must not look like another one. */
struct _BoloJsonWriter {
  GString *text;      /* (owned) */
  gboolean has_value; /* the object or array that is open has one: a comma comes before the next */
};

BoloJsonWriter *
bolo_json_writer_new (void)
{
  BoloJsonWriter *self = g_new0 (BoloJsonWriter, 1);

  self->text = g_string_sized_new (SIZE);
  g_string_append_c (self->text, '{');
  return self;
}

void
bolo_json_writer_free (BoloJsonWriter *self)
{
  g_return_if_fail (self != NULL);

  g_string_free (self->text, TRUE);
  g_free (self);
}

static void
append_escaped (GString *out, char mark)
{
  static const char marks[] = "\"\\\b\f\n\r\t";
  static const char letters[] = "\"\\bfnrt";
  const char *found = strchr (marks, mark);

  if (found != NULL) {
    g_string_append_c (out, '\\');
    g_string_append_c (out, letters[found - marks]);
  } else {
    g_string_append_printf (out, "\\u%04x", (guint) (guchar) mark);
  }
}

static void
append_text (GString *out, const char *text)
{
  const char *plain = text;

  g_string_append_c (out, '"');
  for (; *text != '\0'; text++) {
    guchar mark = (guchar) *text;

    if (mark >= ' ' && mark != '"' && mark != '\\' && mark != 0x7f)
      continue;
    g_string_append_len (out, plain, text - plain);
    append_escaped (out, *text);
    plain = text + 1;
  }
  g_string_append_len (out, plain, text - plain);
  g_string_append_c (out, '"');
}

static void
begin_value (BoloJsonWriter *self, const char *name)
{
  if (self->has_value)
    g_string_append_c (self->text, ',');
  self->has_value = TRUE;
  if (name == NULL)
    return;
  append_text (self->text, name);
  g_string_append_c (self->text, ':');
}

static void
begin_inner (BoloJsonWriter *self, const char *name, char mark)
{
  begin_value (self, name);
  g_string_append_c (self->text, mark);
  self->has_value = FALSE;
}

static void
end_inner (BoloJsonWriter *self, char mark)
{
  g_string_append_c (self->text, mark);
  self->has_value = TRUE;
}

void
bolo_json_writer_begin_object (BoloJsonWriter *self, const char *name)
{
  g_return_if_fail (self != NULL);

  begin_inner (self, name, '{');
}

void
bolo_json_writer_end_object (BoloJsonWriter *self)
{
  g_return_if_fail (self != NULL);

  end_inner (self, '}');
}

void
bolo_json_writer_begin_array (BoloJsonWriter *self, const char *name)
{
  g_return_if_fail (self != NULL);

  begin_inner (self, name, '[');
}

void
bolo_json_writer_end_array (BoloJsonWriter *self)
{
  g_return_if_fail (self != NULL);

  end_inner (self, ']');
}

void
bolo_json_writer_add_text (BoloJsonWriter *self, const char *name, const char *text)
{
  g_return_if_fail (self != NULL);

  begin_value (self, name);
  if (text != NULL)
    append_text (self->text, text);
  else
    g_string_append (self->text, "null");
}

void
bolo_json_writer_add_int (BoloJsonWriter *self, const char *name, gint64 value)
{
  g_return_if_fail (self != NULL);

  begin_value (self, name);
  g_string_append_printf (self->text, "%" G_GINT64_FORMAT, value);
}

/* With a point or an exponent: it is no whole number. */
static void
append_number (GString *out, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_dtostr (digits, sizeof digits, value);
  g_string_append (out, digits);
  if (strpbrk (digits, ".e") == NULL)
    g_string_append (out, ".0");
}

void
bolo_json_writer_add_number (BoloJsonWriter *self, const char *name, double value, int decimals)
{
  double scale;

  g_return_if_fail (self != NULL);
  g_return_if_fail (decimals >= 0 && decimals <= 9);

  scale = pow (10, decimals);
  begin_value (self, name);
  if (isfinite (value))
    append_number (self->text, round (value * scale) / scale);
  else
    g_string_append (self->text, "null");
}

void
bolo_json_writer_add_boolean (BoloJsonWriter *self, const char *name, gboolean value)
{
  g_return_if_fail (self != NULL);

  begin_value (self, name);
  g_string_append (self->text, value ? "true" : "false");
}

void
bolo_json_writer_add_time (BoloJsonWriter *self, const char *name, gint64 utc_us)
{
  g_autofree char *text = bolo_time_format_utc (utc_us);

  bolo_json_writer_add_text (self, name, text);
}

char *
bolo_json_writer_finish (BoloJsonWriter *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_steal_pointer (&self->text);
  g_free (self);
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}
