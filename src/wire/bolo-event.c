/* bolo-event.c: what happens on patrol, as one JSON object a line
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-event.h"

#include "bolo-clock.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/* @decimals keeps lines short and equal from machine to machine; not finite gives null. */
static void
add_number (JsonBuilder *builder, const char *name, double value, int decimals)
{
  double scale = pow (10, decimals);

  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, round (value * scale) / scale);
  else
    json_builder_add_null_value (builder);
}

static void
add_time (JsonBuilder *builder, const char *name, gint64 utc_us)
{
  g_autofree char *text = bolo_time_format_utc (utc_us);

  add_text (builder, name, text);
}

static JsonBuilder *
begin (const char *event, const char *id, gint64 time_us, const char *camera)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_text (builder, "event", event);
  add_text (builder, "id", id);
  add_time (builder, "time", time_us);
  add_text (builder, "camera", camera);
  return builder;
}

static char *
finish (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static void
add_position (JsonBuilder *builder, const BoloFix *fix)
{
  json_builder_set_member_name (builder, "position");
  if (fix == NULL) {
    json_builder_add_null_value (builder);
    return;
  }
  json_builder_begin_object (builder);
  add_number (builder, "lat", fix->latitude_deg, 7);
  add_number (builder, "lon", fix->longitude_deg, 7);
  add_number (builder, "accuracy_m", fix->accuracy_m, 1);
  add_number (builder, "speed_mps", fix->speed_mps, 2);
  add_number (builder, "heading_deg", fix->heading_deg, 1);
  add_int (builder, "age_ms", fix->age_ms);
  add_text (builder, "how", bolo_fix_how_to_string (fix->how));
  if (fix->clock_offset_us != G_MININT64)
    add_number (builder, "clock_offset_ms", (double) fix->clock_offset_us / 1000, 1);
  json_builder_end_object (builder);
}

static void
add_since_readable (JsonBuilder *builder, gint64 since_readable_ms)
{
  json_builder_set_member_name (builder, "since_readable_ms");
  if (since_readable_ms >= 0)
    json_builder_add_int_value (builder, since_readable_ms);
  else
    json_builder_add_null_value (builder);
}

static void
add_sighting (JsonBuilder *builder, const BoloSighting *sighting)
{
  add_text (builder, "state", bolo_sighting_state_to_string (sighting->state));
  add_text (builder, "text", sighting->text);
  if (sighting->previous_text != NULL)
    add_text (builder, "previous_text", sighting->previous_text);
  add_number (builder, "confidence", sighting->confidence, 3);
  add_int (builder, "looks", sighting->looks);
  add_text (builder, "syntax", sighting->syntax);
  add_text (builder, "region", sighting->region);
  add_time (builder, "captured", sighting->captured_us);
  add_text (builder, "captured_by", bolo_captured_by_to_string (sighting->captured_by));
  add_position (builder, sighting->fix);
  add_int (builder, "latency_ms", sighting->latency_ms);
  add_since_readable (builder, sighting->since_readable_ms);
}

char *
bolo_event_format_sighting (const BoloSighting *sighting, gint64 time_us)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (sighting != NULL, NULL);

  builder = begin ("sighting", sighting->id, time_us, sighting->camera);
  add_sighting (builder, sighting);
  return finish (builder);
}

static void
add_markers (JsonBuilder *builder, char **markers)
{
  json_builder_set_member_name (builder, "markers");
  json_builder_begin_array (builder);
  for (guint i = 0; markers != NULL && markers[i] != NULL; i++)
    json_builder_add_string_value (builder, markers[i]);
  json_builder_end_array (builder);
}

static void
add_match (JsonBuilder *builder, const BoloMatch *match)
{
  json_builder_begin_object (builder);
  add_text (builder, "kind", bolo_match_kind_to_string (match->kind));
  add_text (builder, "entry", match->entry->entry_id);
  json_builder_set_member_name (builder, "differs");
  json_builder_begin_array (builder);
  for (guint i = 0; i < match->n_differs; i++)
    json_builder_add_int_value (builder, match->differs[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

char *
bolo_event_format_hit (const BoloHit *hit, gint64 time_us)
{
  g_autoptr (JsonBuilder) builder = NULL;
  const BoloMatch *leading;

  g_return_val_if_fail (hit != NULL && hit->sighting != NULL, NULL);

  leading = bolo_hit_get_leading (hit);
  builder = begin ("hit", hit->id, time_us, hit->sighting->camera);
  add_sighting (builder, hit->sighting);
  add_text (builder, "sighting", hit->sighting->id);
  add_text (builder, "encounter", hit->encounter);
  add_text (builder, "list", leading->entry->list);
  add_int (builder, "list_age_s", hit->list_age_s);
  add_text (builder, "category", hit->category);
  add_int (builder, "priority", hit->priority);
  add_text (builder, "action", bolo_action_to_string (leading->entry->action));
  json_builder_set_member_name (builder, "covert");
  json_builder_add_boolean_value (builder, hit->is_covert);
  json_builder_set_member_name (builder, "quiet");
  json_builder_add_boolean_value (builder, hit->is_quiet);
  add_markers (builder, leading->entry->markers);
  json_builder_set_member_name (builder, "match");
  add_match (builder, leading);
  json_builder_set_member_name (builder, "others");
  json_builder_begin_array (builder);
  for (guint i = 1; i < hit->matches->len; i++)
    add_match (builder, g_ptr_array_index (hit->matches, i));
  json_builder_end_array (builder);
  return finish (builder);
}

char *
bolo_event_format_alarm (
  const BoloHit *hit, const char *id, const char *tone, gint64 first_sample_us, gint64 time_us)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (hit != NULL && hit->sighting != NULL, NULL);

  builder = begin ("alarm", id, time_us, hit->sighting->camera);
  add_text (builder, "encounter", hit->encounter);
  add_text (builder, "hit", hit->id);
  add_text (builder, "tone_name", tone);
  if (first_sample_us >= 0)
    add_time (builder, "tone", first_sample_us);
  else
    add_text (builder, "tone", NULL);
  add_text (builder, "words", hit->words);
  return finish (builder);
}

char *
bolo_event_format_stored (const char *const *ids, const char *id, gint64 time_us)
{
  g_autoptr (JsonBuilder) builder = NULL;

  g_return_val_if_fail (ids != NULL, NULL);

  builder = begin ("stored", id, time_us, NULL);
  json_builder_set_member_name (builder, "ids");
  json_builder_begin_array (builder);
  for (guint i = 0; ids[i] != NULL; i++)
    json_builder_add_string_value (builder, ids[i]);
  json_builder_end_array (builder);
  return finish (builder);
}

char *
bolo_event_format_health (const BoloHealth *health, const char *id, gint64 time_us)
{
  g_autoptr (JsonBuilder) builder = NULL;
  gboolean is_camera;

  g_return_val_if_fail (health != NULL, NULL);

  is_camera = g_str_has_prefix (health->what, "camera:");
  builder = begin ("health", id, time_us, is_camera ? health->what + strlen ("camera:") : NULL);
  add_text (builder, "what", health->what);
  add_text (builder, "state", bolo_health_state_to_string (health->state));
  add_time (builder, "since", health->since_us);
  add_text (builder, "detail", health->detail);
  add_text (builder, "remedy", health->remedy);
  return finish (builder);
}
