/* bolo-json-reader.c: JSON from outside as values, with limits, and with a sentence for what is
 * wrong SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-json-reader.h"

#include "bolo-clock.h"
#include "bolo-error.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* What JSON has outside of its texts: marks, numbers, and the letters of true, false and null. */
#define OUTSIDE_TEXTS "{}[]:, \t\r\n+-.0123456789eEtrufalsn"

struct _BoloJsonReader {
  JsonNode *root;     /* (owned): holds the object */
  JsonObject *object; /* (owned) */
  char *source;       /* (owned) */
};

static BoloJsonReader *
make_reader (JsonNode *node, const char *source)
{
  BoloJsonReader *self = g_new0 (BoloJsonReader, 1);

  self->root = json_node_ref (node);
  self->object = json_object_ref (json_node_get_object (node));
  self->source = g_strdup (source);
  return self;
}

void
bolo_json_reader_free (BoloJsonReader *self)
{
  g_return_if_fail (self != NULL);

  json_object_unref (self->object);
  json_node_unref (self->root);
  g_free (self->source);
  g_free (self);
}

/* The first byte behind the text that begins at @at with its quote; @end where it does not end. */
static const char *
skip_text (const char *at, const char *end)
{
  for (at++; at < end && *at != '"'; at++)
    if (*at == '\\')
      at++;
  return at < end ? at + 1 : end;
}

/* JSON-GLib 1.6 goes down once a level on the stack, without a limit; and it takes comments, texts
 * in single quotes and assignments, which JSON has not. So we look first. */
static gboolean
is_plain (const char *text, gsize length)
{
  const char *end = text + length;
  guint depth = 0;

  for (const char *at = text; at < end;) {
    if (*at == '"') {
      at = skip_text (at, end);
      continue;
    }
    if ((*at == '{' || *at == '[') && ++depth > BOLO_JSON_DEPTH_MAX)
      return FALSE;
    if ((*at == '}' || *at == ']') && depth-- == 0)
      return FALSE;
    if (*at == '\0' || strchr (OUTSIDE_TEXTS, *at) == NULL)
      return FALSE;
    at++;
  }
  return TRUE;
}

BoloJsonReader *
bolo_json_reader_new (const char *text, gsize length, const char *source, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonNode *root;

  g_return_val_if_fail (text != NULL && source != NULL, NULL);

  if (length <= G_MAXINT32 && g_utf8_validate_len (text, length, NULL) && is_plain (text, length)) {
    parser = json_parser_new_immutable ();
    if (json_parser_load_from_data (parser, text, (gssize) length, NULL)) {
      root = json_parser_get_root (parser);
      if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
        return make_reader (root, source);
    }
  }
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "%s is not a JSON object", source);
  return NULL;
}

gboolean
bolo_json_reader_has (BoloJsonReader *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, FALSE);

  return json_object_has_member (self->object, name) &&
         !json_object_get_null_member (self->object, name);
}

static gboolean
fail (BoloJsonReader *self, const char *name, const char *what, GError **error)
{
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "%s: \"%s\" must be %s", self->source,
               name, what);
  return FALSE;
}

static JsonNode *
get_value (BoloJsonReader *self, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (self->object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type
           ? node
           : NULL;
}

gboolean
bolo_json_reader_get_text (BoloJsonReader *self, const char *name, char **text, GError **error)
{
  g_return_val_if_fail (self != NULL && name != NULL && text != NULL, FALSE);

  g_free (*text);
  *text = bolo_json_reader_dup_text (self, name);
  return *text != NULL || fail (self, name, "a text", error);
}

gboolean
bolo_json_reader_get_int (BoloJsonReader *self,
                          const char *name,
                          gint64 minimum,
                          gint64 maximum,
                          gint64 *value,
                          GError **error)
{
  JsonNode *node;
  g_autofree char *what = NULL;

  g_return_val_if_fail (self != NULL && name != NULL && value != NULL, FALSE);

  node = get_value (self, name, G_TYPE_INT64);
  if (node != NULL) {
    *value = json_node_get_int (node);
    if (*value >= minimum && *value <= maximum)
      return TRUE;
  }
  what = g_strdup_printf ("a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, minimum,
                          maximum);
  return fail (self, name, what, error);
}

gboolean
bolo_json_reader_get_time (BoloJsonReader *self, const char *name, gint64 *utc_us, GError **error)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (self != NULL && name != NULL && utc_us != NULL, FALSE);

  text = bolo_json_reader_dup_text (self, name);
  *utc_us = text != NULL ? bolo_time_parse_utc (text) : -1;
  return *utc_us >= 0 || fail (self, name, "a time like 2026-03-14T17:40:23.933Z", error);
}

BoloJsonReader *
bolo_json_reader_get_object (BoloJsonReader *self, const char *name, GError **error)
{
  JsonNode *node;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  node = json_object_get_member (self->object, name);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return make_reader (node, self->source);
  fail (self, name, "an object", error);
  return NULL;
}

static JsonArray *
get_array (BoloJsonReader *self, const char *name, guint max, GError **error)
{
  JsonNode *node = json_object_get_member (self->object, name);
  g_autofree char *what = NULL;

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node) &&
      json_array_get_length (json_node_get_array (node)) <= max)
    return json_node_get_array (node);
  what = g_strdup_printf ("an array of at most %u", max);
  fail (self, name, what, error);
  return NULL;
}

GPtrArray *
bolo_json_reader_get_objects (BoloJsonReader *self, const char *name, guint max, GError **error)
{
  g_autoptr (GPtrArray) objects =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_json_reader_free);
  JsonArray *array;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  array = get_array (self, name, max, error);
  if (array == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (!JSON_NODE_HOLDS_OBJECT (node)) {
      fail (self, name, "an array of objects", error);
      return NULL;
    }
    g_ptr_array_add (objects, make_reader (node, self->source));
  }
  return g_steal_pointer (&objects);
}

char **
bolo_json_reader_get_texts (BoloJsonReader *self, const char *name, guint max, GError **error)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  JsonArray *array;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  array = get_array (self, name, max, error);
  if (array == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING) {
      fail (self, name, "an array of texts", error);
      return NULL;
    }
    g_ptr_array_add (texts, json_node_dup_string (node));
  }
  g_ptr_array_add (texts, NULL);
  return (char **) g_ptr_array_steal (texts, NULL);
}

char *
bolo_json_reader_dup_text (BoloJsonReader *self, const char *name)
{
  JsonNode *node;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  node = get_value (self, name, G_TYPE_STRING);
  return node != NULL ? json_node_dup_string (node) : NULL;
}

double
bolo_json_reader_peek_number (BoloJsonReader *self, const char *name, double fallback)
{
  g_return_val_if_fail (self != NULL && name != NULL, fallback);

  return get_value (self, name, G_TYPE_DOUBLE) != NULL ||
             get_value (self, name, G_TYPE_INT64) != NULL
           ? json_object_get_double_member (self->object, name)
           : fallback;
}

gboolean
bolo_json_reader_peek_boolean (BoloJsonReader *self, const char *name, gboolean fallback)
{
  g_return_val_if_fail (self != NULL && name != NULL, fallback);

  return get_value (self, name, G_TYPE_BOOLEAN) != NULL
           ? json_object_get_boolean_member (self->object, name)
           : fallback;
}

char **
bolo_json_reader_get_names (BoloJsonReader *self)
{
  g_autoptr (GList) members = NULL;
  g_autoptr (GPtrArray) names = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  members = json_object_get_members (self->object);
  names = g_ptr_array_new ();
  for (GList *l = members; l != NULL; l = l->next)
    g_ptr_array_add (names, g_strdup (l->data));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_steal (names, NULL);
}

static const char *
skip_space (const char *at, const char *end)
{
  while (at < end && strchr (" \t\r\n", *at) != NULL)
    at++;
  return at;
}

/* The first byte behind the value that begins at @at. */
static const char *
skip_value (const char *at, const char *end)
{
  guint depth = 0;

  while (at < end) {
    if (*at == '"') {
      at = skip_text (at, end);
      continue;
    }
    if (depth == 0 && strchr (",}]", *at) != NULL)
      break;
    depth += *at == '{' || *at == '[';
    depth -= *at == '}' || *at == ']';
    at++;
  }
  return at;
}

gboolean
bolo_json_find_value (
  const char *text, gsize length, const char *name, const char **value, gsize *value_length)
{
  const char *end = text + length;
  const char *at;
  gsize name_length;
  gboolean is_found = FALSE;

  g_return_val_if_fail (text != NULL && name != NULL && value != NULL, FALSE);

  name_length = strlen (name);
  at = skip_space (text, end);
  while (at < end && (*at == '{' || *at == ',')) {
    const char *member = skip_space (at + 1, end);
    const char *member_end;
    const char *begin;

    if (member >= end || *member != '"')
      break;
    member_end = skip_text (member, end);
    begin = skip_space (member_end, end);
    if (begin >= end || *begin != ':')
      break;
    begin = skip_space (begin + 1, end);
    at = skip_value (begin, end);
    if ((gsize) (member_end - member) != name_length + 2 ||
        memcmp (member + 1, name, name_length) != 0)
      continue;
    /* As JSON-GLib does, the last of members with one name counts. */
    *value = begin;
    *value_length = (gsize) (at - begin);
    while (*value_length > 0 && strchr (" \t\r\n", begin[*value_length - 1]) != NULL)
      (*value_length)--;
    is_found = TRUE;
  }
  return is_found;
}
