/* bolo-hit-notes.c: what an officer must know of a hit before acting on it, in words
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-hit-notes.h"

#include <glib/gi18n-lib.h>

#include "bolo-alert-policy.h"

char *
bolo_format_day (gint64 utc_us)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (utc_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  /* Translators: day, month and time of day of a moment, see g_date_time_format */
  return local != NULL ? g_date_time_format (local, _ ("%e %b %H:%M")) : g_strdup ("");
}

static void
add_line (GString *text, const char *line)
{
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, line);
}

static void
add_silence (GString *text, const BoloSilence *silence)
{
  g_autofree char *until = bolo_format_day (silence->until_us);
  g_autofree char *line = NULL;

  if (silence->kind == BOLO_SILENCE_RECOVERED) {
    /* Translators: id of an officer, what he wrote, a day and time */
    line = g_strdup_printf (_ ("RECOVERED, says %s: %s (until %s)"), silence->officer,
                            silence->reason, until);
  } else {
    /* Translators: id of an officer, what he wrote, a day and time */
    line = g_strdup_printf (_ ("NOT THIS VEHICLE, says %s: %s (until %s)"), silence->officer,
                            silence->reason, until);
  }
  add_line (text, line);
}

static void
add_doubts (GString *text, const BoloMatch *match, const BoloSighting *sighting)
{
  const struct {
    BoloDoubts doubt;
    const char *listed;
    const char *seen;
  } doubts[] = {
    {BOLO_DOUBT_REGION, match->entry->region, sighting->region},
    {BOLO_DOUBT_COLOUR, match->entry->colour, sighting->colour},
    {BOLO_DOUBT_TYPE, match->entry->body, sighting->body},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (doubts); i++) {
    g_autofree char *line = NULL;

    if ((match->doubts & doubts[i].doubt) == 0)
      continue;
    /* Translators: a colour, a type of vehicle or a country: on the list, and as the camera saw it
     */
    line = g_strdup_printf (_ ("Listed as %s; seen as %s?"), doubts[i].listed, doubts[i].seen);
    add_line (text, line);
  }
}

static void
add_clone (GString *text, BoloFace *face, const BoloClone *clone)
{
  g_autofree char *when = bolo_format_clock (clone->at_us);
  g_autofree char *line = NULL;

  /* Translators: the mark was seen where one vehicle cannot have been: kilometres, time, camera */
  line = g_strdup_printf (_ ("POSSIBLE CLONE: %.0f km away at %s (%s)"), clone->distance_m / 1000,
                          when, bolo_face_get_camera_title (face, clone->camera));
  add_line (text, line);
}

char *
bolo_hit_notes_get_warnings (BoloFace *face, const BoloHit *hit)
{
  const BoloMatch *match = bolo_hit_get_leading (hit);
  GString *text = g_string_new (NULL);

  if (match->silence != NULL)
    add_silence (text, match->silence);
  if (hit->sighting->clone != NULL)
    add_clone (text, face, hit->sighting->clone);
  if (match->age == BOLO_LIST_OLD)
    add_line (text, _ ("OLD LIST"));
  if (match->is_place_unknown)
    add_line (text, _ ("POSITION UNKNOWN: it holds in one area only"));
  add_doubts (text, match, hit->sighting);
  return g_string_free (text, FALSE);
}

char *
bolo_hit_notes_get_warning_word (const BoloHit *hit)
{
  const BoloMatch *match = bolo_hit_get_leading (hit);

  if (match->silence != NULL && match->silence->kind == BOLO_SILENCE_RECOVERED)
    return g_strdup (_ ("RECOVERED?"));
  if (match->silence != NULL)
    return g_strdup (_ ("NOT THIS VEHICLE?"));
  if (hit->sighting->clone != NULL)
    return g_strdup (_ ("POSSIBLE CLONE"));
  if (match->age == BOLO_LIST_STALE)
    return g_strdup (_ ("STALE LIST"));
  if (match->is_place_unknown)
    return g_strdup (_ ("POSITION UNKNOWN"));
  if (match->doubts != 0)
    return g_strdup (_ ("NOT AS LISTED?"));
  if (match->entry->list_trust == BOLO_TRUST_UNSIGNED)
    return g_strdup (_ ("UNSIGNED LIST"));
  return g_strdup ("");
}

char *
bolo_match_get_words (const BoloMatch *match)
{
  int percent = (int) (match->score * 100 + 0.5);

  switch (match->kind) {
  case BOLO_MATCH_EXACT:
    return g_strdup (_ ("exact"));
  case BOLO_MATCH_FOLDED:
    /* Translators: of a match: the same but for characters that look alike */
    return g_strdup (_ ("similar"));
  case BOLO_MATCH_NEAR:
    /* Translators: of a match: one character may have been misread; then how likely */
    return g_strdup_printf (_ ("near, %d %%"), percent);
  case BOLO_MATCH_PATTERN:
  default:
    /* Translators: of a match: it fits a pattern; then how much of the mark the pattern knows */
    return g_strdup_printf (_ ("pattern, %d %%"), percent);
  }
}

char *
bolo_hit_notes_get_more (const BoloHit *hit)
{
  guint n_more = hit->matches->len - 1;

  if (n_more == 0)
    return g_strdup ("");
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u more entry", "%u more entries", n_more),
                          n_more);
}

static char *
get_title (BoloFace *face, const BoloListEntry *entry)
{
  BoloAlertPolicy *policy = bolo_face_get_policy (face);
  const BoloAlertRule *rule =
    policy != NULL ? bolo_alert_policy_get (policy, entry->list_kind) : NULL;

  return g_strdup (rule != NULL && rule->title != NULL ? _ (rule->title) : entry->list_kind);
}

char *
bolo_hit_notes_get_others (BoloFace *face, const BoloHit *hit)
{
  GString *text = g_string_new (NULL);

  for (guint i = 1; i < hit->matches->len; i++) {
    const BoloMatch *match = g_ptr_array_index (hit->matches, i);
    g_autofree char *title = get_title (face, match->entry);
    g_autofree char *kind = bolo_match_get_words (match);
    g_autofree char *mark = bolo_face_format_mark (face, match->entry->plate);
    g_autofree char *line = NULL;

    /* Translators: another entry for the mark: category, listed mark, kind of match, list */
    line = g_strdup_printf (_ ("%s: %s (%s), list %s"), title, mark, kind, match->entry->list);
    add_line (text, line);
    if (match->entry->reason != NULL && *match->entry->reason != '\0')
      g_string_append_printf (text, ": %s", match->entry->reason);
  }
  return g_string_free (text, FALSE);
}
