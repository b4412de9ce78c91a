/* bolo-event.c: what happens on patrol, as one JSON object a line
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-event.h"

#include "bolo-json-writer.h"

#include <string.h>

static BoloJsonWriter *
begin (const char *event, const char *id, gint64 time_us, const char *camera)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();

  bolo_json_writer_add_text (writer, "event", event);
  bolo_json_writer_add_text (writer, "id", id);
  bolo_json_writer_add_time (writer, "time", time_us);
  bolo_json_writer_add_text (writer, "camera", camera);
  return writer;
}

static void
add_position (BoloJsonWriter *writer, const BoloFix *fix)
{
  if (fix == NULL) {
    bolo_json_writer_add_text (writer, "position", NULL);
    return;
  }
  bolo_json_writer_begin_object (writer, "position");
  bolo_json_writer_add_number (writer, "lat", fix->latitude_deg, 7);
  bolo_json_writer_add_number (writer, "lon", fix->longitude_deg, 7);
  bolo_json_writer_add_number (writer, "accuracy_m", fix->accuracy_m, 1);
  bolo_json_writer_add_number (writer, "speed_mps", fix->speed_mps, 2);
  bolo_json_writer_add_number (writer, "heading_deg", fix->heading_deg, 1);
  bolo_json_writer_add_int (writer, "age_ms", fix->age_ms);
  /* An instant that was measured itself is the best case of one between two measurements. */
  bolo_json_writer_add_text (writer, "how",
                             bolo_fix_how_to_string (fix->how == BOLO_FIX_HOW_EXTRAPOLATED
                                                       ? BOLO_FIX_HOW_EXTRAPOLATED
                                                       : BOLO_FIX_HOW_INTERPOLATED));
  if (fix->clock_offset_us != G_MININT64)
    bolo_json_writer_add_number (writer, "clock_offset_ms", (double) fix->clock_offset_us / 1000,
                                 1);
  bolo_json_writer_end_object (writer);
}

static void
add_character (BoloJsonWriter *writer, char character, double probability)
{
  const char text[] = {character, '\0'};

  bolo_json_writer_add_text (writer, "c", text);
  bolo_json_writer_add_number (writer, "p", probability, 3);
}

void
bolo_event_add_characters (BoloJsonWriter *writer, const BoloReadCharacter *characters, guint n)
{
  g_return_if_fail (writer != NULL && (n == 0 || characters != NULL));

  bolo_json_writer_begin_array (writer, "chars");
  for (guint i = 0; i < n; i++) {
    bolo_json_writer_begin_object (writer, NULL);
    add_character (writer, characters[i].character, characters[i].probability);
    bolo_json_writer_begin_array (writer, "alt");
    for (int k = 0; k < BOLO_ALTERNATIVES_MAX && characters[i].alternatives[k].character != '\0';
         k++) {
      bolo_json_writer_begin_object (writer, NULL);
      add_character (writer, characters[i].alternatives[k].character,
                     characters[i].alternatives[k].probability);
      bolo_json_writer_end_object (writer);
    }
    bolo_json_writer_end_array (writer);
    bolo_json_writer_end_object (writer);
  }
  bolo_json_writer_end_array (writer);
}

void
bolo_event_add_region (BoloJsonWriter *writer,
                       const char *region,
                       float confidence,
                       gboolean is_read)
{
  g_return_if_fail (writer != NULL);

  bolo_json_writer_add_text (writer, "region", region);
  bolo_json_writer_add_number (writer, "region_confidence", region != NULL ? confidence : 0, 3);
  bolo_json_writer_add_text (writer, "region_by",
                             region == NULL ? "not read"
                             : is_read      ? "plate"
                                            : "syntax");
}

static void
add_since_readable (BoloJsonWriter *writer, gint64 since_readable_ms)
{
  if (since_readable_ms >= 0)
    bolo_json_writer_add_int (writer, "since_readable_ms", since_readable_ms);
  else
    bolo_json_writer_add_text (writer, "since_readable_ms", NULL);
}

static void
add_clone (BoloJsonWriter *writer, const BoloClone *clone)
{
  if (clone == NULL) {
    bolo_json_writer_add_text (writer, "possible_clone", NULL);
    return;
  }
  bolo_json_writer_begin_object (writer, "possible_clone");
  bolo_json_writer_add_text (writer, "sighting", clone->sighting);
  bolo_json_writer_add_text (writer, "camera", clone->camera);
  bolo_json_writer_add_time (writer, "captured", clone->at_us);
  bolo_json_writer_add_number (writer, "distance_m", clone->distance_m, 0);
  bolo_json_writer_add_number (writer, "needed_mps", clone->needed_mps, 1);
  bolo_json_writer_end_object (writer);
}

static void
add_sighting (BoloJsonWriter *writer, const BoloSighting *sighting)
{
  bolo_json_writer_add_text (writer, "state", bolo_sighting_state_to_string (sighting->state));
  bolo_json_writer_add_text (writer, "text", sighting->text);
  if (sighting->previous_text != NULL)
    bolo_json_writer_add_text (writer, "previous_text", sighting->previous_text);
  bolo_json_writer_add_number (writer, "confidence", sighting->confidence, 3);
  bolo_json_writer_add_int (writer, "looks", sighting->looks);
  bolo_event_add_characters (writer, sighting->characters, sighting->n_characters);
  bolo_json_writer_add_text (writer, "syntax", sighting->syntax);
  bolo_event_add_region (writer, sighting->region, sighting->region_confidence,
                         sighting->is_region_read);
  bolo_json_writer_add_time (writer, "captured", sighting->captured_us);
  bolo_json_writer_add_text (writer, "captured_by",
                             bolo_captured_by_to_string (sighting->captured_by));
  add_position (writer, sighting->fix);
  bolo_json_writer_add_int (writer, "latency_ms", sighting->latency_ms);
  add_since_readable (writer, sighting->since_readable_ms);
  add_clone (writer, sighting->clone);
}

char *
bolo_event_format_sighting (const BoloSighting *sighting, gint64 time_us)
{
  BoloJsonWriter *writer;

  g_return_val_if_fail (sighting != NULL, NULL);

  writer = begin ("sighting", sighting->id, time_us, sighting->camera);
  add_sighting (writer, sighting);
  return bolo_json_writer_finish (writer);
}

static void
add_markers (BoloJsonWriter *writer, char **markers)
{
  bolo_json_writer_begin_array (writer, "markers");
  for (guint i = 0; markers != NULL && markers[i] != NULL; i++)
    bolo_json_writer_add_text (writer, NULL, markers[i]);
  bolo_json_writer_end_array (writer);
}

/* What was listed, and what was seen. */
static void
add_doubts (BoloJsonWriter *writer, const BoloMatch *match, const BoloSighting *sighting)
{
  const struct {
    BoloDoubts doubt;
    const char *what;
    const char *listed;
    const char *seen;
  } doubts[] = {
    {BOLO_DOUBT_REGION, "region", match->entry->region, sighting->region},
    {BOLO_DOUBT_COLOUR, "colour", match->entry->colour, sighting->colour},
    {BOLO_DOUBT_TYPE, "type", match->entry->body, sighting->body},
  };

  bolo_json_writer_begin_array (writer, "contradictions");
  for (gsize i = 0; i < G_N_ELEMENTS (doubts); i++) {
    if ((match->doubts & doubts[i].doubt) == 0)
      continue;
    bolo_json_writer_begin_object (writer, NULL);
    bolo_json_writer_add_text (writer, "what", doubts[i].what);
    bolo_json_writer_add_text (writer, "listed", doubts[i].listed);
    bolo_json_writer_add_text (writer, "seen", doubts[i].seen);
    bolo_json_writer_end_object (writer);
  }
  bolo_json_writer_end_array (writer);
}

/* Officers stay out of events: who silenced it is in the record. */
static void
add_silence (BoloJsonWriter *writer, const BoloSilence *silence)
{
  if (silence == NULL) {
    bolo_json_writer_add_text (writer, "silenced", NULL);
    return;
  }
  bolo_json_writer_begin_object (writer, "silenced");
  bolo_json_writer_add_text (writer, "as", bolo_silence_kind_to_string (silence->kind));
  bolo_json_writer_add_text (writer, "reason", silence->reason);
  bolo_json_writer_add_time (writer, "until", silence->until_us);
  bolo_json_writer_end_object (writer);
}

static void
add_match (BoloJsonWriter *writer, const char *name, const BoloHit *hit, const BoloMatch *match)
{
  bolo_json_writer_begin_object (writer, name);
  bolo_json_writer_add_text (writer, "kind", bolo_match_kind_to_string (match->kind));
  bolo_json_writer_add_text (writer, "entry", match->entry->entry_id);
  bolo_json_writer_begin_array (writer, "differs");
  for (guint i = 0; i < match->n_differs; i++)
    bolo_json_writer_add_int (writer, NULL, match->differs[i]);
  bolo_json_writer_end_array (writer);
  bolo_json_writer_add_number (writer, "score", match->score, 3);
  bolo_json_writer_add_text (writer, "list", match->entry->list);
  bolo_json_writer_add_text (writer, "age", bolo_list_age_to_string (match->age));
  bolo_json_writer_add_text (writer, "trust", bolo_trust_to_string (match->entry->list_trust));
  bolo_json_writer_add_boolean (writer, "place_unknown", match->is_place_unknown);
  add_doubts (writer, match, hit->sighting);
  add_silence (writer, match->silence);
  bolo_json_writer_end_object (writer);
}

/* What only the record has: it is for the back office, not for a screen. */
static void
add_record_parts (BoloJsonWriter *writer, const BoloSighting *sighting)
{
  bolo_json_writer_add_text (writer, "officer", sighting->officer);
  bolo_json_writer_begin_array (writer, "corners");
  for (int i = 0; i < 4; i++) {
    bolo_json_writer_begin_array (writer, NULL);
    bolo_json_writer_add_number (writer, NULL, sighting->corners[i][0], 1);
    bolo_json_writer_add_number (writer, NULL, sighting->corners[i][1], 1);
    bolo_json_writer_end_array (writer);
  }
  bolo_json_writer_end_array (writer);
  bolo_json_writer_add_text (writer, "overview_camera", sighting->overview_camera);
}

static BoloJsonWriter *
begin_hit (const BoloHit *hit, gint64 time_us)
{
  const BoloMatch *leading = bolo_hit_get_leading (hit);
  BoloJsonWriter *writer = begin ("hit", hit->id, time_us, hit->sighting->camera);

  add_sighting (writer, hit->sighting);
  bolo_json_writer_add_text (writer, "sighting", hit->sighting->id);
  bolo_json_writer_add_text (writer, "encounter", hit->encounter);
  bolo_json_writer_add_text (writer, "list", leading->entry->list);
  bolo_json_writer_add_int (writer, "list_age_s", hit->list_age_s);
  bolo_json_writer_add_text (writer, "category", hit->category);
  bolo_json_writer_add_int (writer, "priority", hit->priority);
  bolo_json_writer_add_text (writer, "action", bolo_action_to_string (leading->entry->action));
  bolo_json_writer_add_boolean (writer, "covert", hit->is_covert);
  bolo_json_writer_add_boolean (writer, "quiet", hit->is_quiet);
  add_markers (writer, leading->entry->markers);
  add_match (writer, "match", hit, leading);
  bolo_json_writer_begin_array (writer, "others");
  for (guint i = 1; i < hit->matches->len; i++)
    add_match (writer, NULL, hit, g_ptr_array_index (hit->matches, i));
  bolo_json_writer_end_array (writer);
  return writer;
}

char *
bolo_event_format_hit (const BoloHit *hit, gint64 time_us)
{
  g_return_val_if_fail (hit != NULL && hit->sighting != NULL, NULL);

  return bolo_json_writer_finish (begin_hit (hit, time_us));
}

char *
bolo_event_format_sighting_record (const BoloSighting *sighting)
{
  BoloJsonWriter *writer;

  g_return_val_if_fail (sighting != NULL, NULL);

  writer = begin ("sighting", sighting->id, sighting->published_us, sighting->camera);
  add_sighting (writer, sighting);
  add_record_parts (writer, sighting);
  return bolo_json_writer_finish (writer);
}

char *
bolo_event_format_hit_record (const BoloHit *hit)
{
  BoloJsonWriter *writer;

  g_return_val_if_fail (hit != NULL && hit->sighting != NULL, NULL);

  writer = begin_hit (hit, hit->sighting->published_us);
  add_record_parts (writer, hit->sighting);
  return bolo_json_writer_finish (writer);
}

char *
bolo_event_format_alarm (
  const BoloHit *hit, const char *id, const char *tone, gint64 first_sample_us, gint64 time_us)
{
  BoloJsonWriter *writer;

  g_return_val_if_fail (hit != NULL && hit->sighting != NULL, NULL);

  writer = begin ("alarm", id, time_us, hit->sighting->camera);
  bolo_json_writer_add_text (writer, "encounter", hit->encounter);
  bolo_json_writer_add_text (writer, "hit", hit->id);
  bolo_json_writer_add_text (writer, "tone_name", tone);
  if (first_sample_us >= 0)
    bolo_json_writer_add_time (writer, "tone", first_sample_us);
  else
    bolo_json_writer_add_text (writer, "tone", NULL);
  bolo_json_writer_add_text (writer, "words", hit->words);
  return bolo_json_writer_finish (writer);
}

char *
bolo_event_format_stored (const char *const *ids, const char *id, gint64 time_us)
{
  BoloJsonWriter *writer;

  g_return_val_if_fail (ids != NULL, NULL);

  writer = begin ("stored", id, time_us, NULL);
  bolo_json_writer_begin_array (writer, "ids");
  for (guint i = 0; ids[i] != NULL; i++)
    bolo_json_writer_add_text (writer, NULL, ids[i]);
  bolo_json_writer_end_array (writer);
  return bolo_json_writer_finish (writer);
}

char *
bolo_event_format_health (const BoloHealth *health, const char *id, gint64 time_us)
{
  BoloJsonWriter *writer;
  gboolean is_camera;

  g_return_val_if_fail (health != NULL, NULL);

  is_camera = g_str_has_prefix (health->what, "camera:");
  writer = begin ("health", id, time_us, is_camera ? health->what + strlen ("camera:") : NULL);
  bolo_json_writer_add_text (writer, "what", health->what);
  bolo_json_writer_add_text (writer, "state", bolo_health_state_to_string (health->state));
  bolo_json_writer_add_time (writer, "since", health->since_us);
  bolo_json_writer_add_text (writer, "detail", health->detail);
  bolo_json_writer_add_text (writer, "remedy", health->remedy);
  return bolo_json_writer_finish (writer);
}
