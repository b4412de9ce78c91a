/* bolo-json-writer.c: builds one JSON object as a line of text
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-json-writer.h"

#include "bolo-clock.h"

#include <json-glib/json-glib.h>
#include <math.h>

struct _BoloJsonWriter {
  JsonBuilder *builder; /* (owned) */
};

BoloJsonWriter *
bolo_json_writer_new (void)
{
  BoloJsonWriter *self = g_new0 (BoloJsonWriter, 1);

  self->builder = json_builder_new ();
  json_builder_begin_object (self->builder);
  return self;
}

void
bolo_json_writer_free (BoloJsonWriter *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->builder);
  g_free (self);
}

static void
set_name (BoloJsonWriter *self, const char *name)
{
  if (name != NULL)
    json_builder_set_member_name (self->builder, name);
}

void
bolo_json_writer_begin_object (BoloJsonWriter *self, const char *name)
{
  g_return_if_fail (self != NULL);

  set_name (self, name);
  json_builder_begin_object (self->builder);
}

void
bolo_json_writer_end_object (BoloJsonWriter *self)
{
  g_return_if_fail (self != NULL);

  json_builder_end_object (self->builder);
}

void
bolo_json_writer_begin_array (BoloJsonWriter *self, const char *name)
{
  g_return_if_fail (self != NULL);

  set_name (self, name);
  json_builder_begin_array (self->builder);
}

void
bolo_json_writer_end_array (BoloJsonWriter *self)
{
  g_return_if_fail (self != NULL);

  json_builder_end_array (self->builder);
}

void
bolo_json_writer_add_text (BoloJsonWriter *self, const char *name, const char *text)
{
  g_return_if_fail (self != NULL);

  set_name (self, name);
  if (text != NULL)
    json_builder_add_string_value (self->builder, text);
  else
    json_builder_add_null_value (self->builder);
}

void
bolo_json_writer_add_int (BoloJsonWriter *self, const char *name, gint64 value)
{
  g_return_if_fail (self != NULL);

  set_name (self, name);
  json_builder_add_int_value (self->builder, value);
}

void
bolo_json_writer_add_number (BoloJsonWriter *self, const char *name, double value, int decimals)
{
  double scale;

  g_return_if_fail (self != NULL);
  g_return_if_fail (decimals >= 0 && decimals <= 9);

  scale = pow (10, decimals);
  set_name (self, name);
  if (isfinite (value))
    json_builder_add_double_value (self->builder, round (value * scale) / scale);
  else
    json_builder_add_null_value (self->builder);
}

void
bolo_json_writer_add_boolean (BoloJsonWriter *self, const char *name, gboolean value)
{
  g_return_if_fail (self != NULL);

  set_name (self, name);
  json_builder_add_boolean_value (self->builder, value);
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
  g_autoptr (JsonNode) root = NULL;
  char *line;

  g_return_val_if_fail (self != NULL, NULL);

  json_builder_end_object (self->builder);
  root = json_builder_get_root (self->builder);
  line = json_to_string (root, FALSE);
  bolo_json_writer_free (self);
  return line;
}
