/* bolo-truth.c: what really passed in a recording
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-truth.h"

#include "bolo-error.h"

#include <json-glib/json-glib.h>

/* A shift of 12 hours is about 10,000 passes of 300 bytes; this is twenty times that. */
#define FILE_LIMIT (64 * 1024 * 1024)

void
bolo_truth_pass_free (BoloTruthPass *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->vehicle);
  g_free (self->camera);
  g_free (self->plate);
  g_free (self->scene);
  g_free (self->list);
  g_free (self);
}

static char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_dup_string (node);
}

static gint64
get_int (JsonObject *object, const char *name, gint64 fallback)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return fallback;
  return json_node_get_int (node);
}

static gboolean
parse_wanted (const char *text, BoloWanted *wanted)
{
  const char *const names[] = {"none", "overt", "covert", "weeded", "decoy"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_strcmp0 (text, names[i]) == 0) {
      *wanted = (BoloWanted) i;
      return TRUE;
    }
  }
  return FALSE;
}

static BoloTruthPass *
parse_line (const char *line, const char *path, guint number, GError **error)
{
  g_autoptr (BoloTruthPass) pass = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) local = NULL;
  g_autofree char *wanted = NULL;
  JsonObject *object;

  if (!json_parser_load_from_data (parser, line, -1, &local) ||
      !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser))) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s:%u: not a JSON object; make the recording again", path, number);
    return NULL;
  }
  object = json_node_get_object (json_parser_get_root (parser));
  pass = g_new0 (BoloTruthPass, 1);
  pass->vehicle = get_text (object, "vehicle");
  pass->camera = get_text (object, "camera");
  pass->plate = get_text (object, "plate");
  pass->scene = get_text (object, "scene");
  pass->list = get_text (object, "list");
  pass->first_ms = get_int (object, "first_ms", -1);
  pass->last_ms = get_int (object, "last_ms", -1);
  pass->readable_ms = get_int (object, "readable_ms", pass->first_ms);
  wanted = get_text (object, "wanted");
  if (pass->camera == NULL || pass->plate == NULL || pass->vehicle == NULL || pass->first_ms < 0 ||
      pass->last_ms < pass->first_ms || !parse_wanted (wanted, &pass->wanted)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "%s:%u: vehicle, camera, plate, first_ms, last_ms or wanted is missing or wrong; "
                 "make the recording again",
                 path, number);
    return NULL;
  }
  return g_steal_pointer (&pass);
}

GPtrArray *
bolo_truth_load (const char *path, GError **error)
{
  g_autoptr (GPtrArray) passes = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gsize length;

  g_return_val_if_fail (path != NULL, NULL);

  if (!g_file_get_contents (path, &text, &length, &local)) {
    bolo_error_take_foreign (error, g_steal_pointer (&local), "Cannot read the recording's truth");
    return NULL;
  }
  if (length > FILE_LIMIT) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "%s: over 64 MiB, not a truth file",
                 path);
    return NULL;
  }
  passes = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_truth_pass_free);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    BoloTruthPass *pass;

    if (*g_strstrip (lines[i]) == '\0')
      continue;
    pass = parse_line (lines[i], path, i + 1, error);
    if (pass == NULL)
      return NULL;
    g_ptr_array_add (passes, pass);
  }
  return g_steal_pointer (&passes);
}
