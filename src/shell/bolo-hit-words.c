/* bolo-hit-words.c: a hit in words and symbols, as the officer reads them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-hit-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "bolo-alert-policy.h"

/* A marker of a list's own is cut to what fits a glance. */
#define MARKER_CHARACTERS 16

typedef struct {
  const char *kind;
  const char *symbol;
  const char *colour;
  const char *title;
} Category;

/* Where no policy is given. The official symbol chart goes into the policy file. */
static const Category categories[] = {
  {"stolen", "bolo-stolen-symbolic", "#d7263d", N_ ("Stolen vehicle")},
  {"response", "bolo-response-symbolic", "#b5179e", N_ ("Response required")},
  {"no-insurance", "bolo-no-insurance-symbolic", "#1f78c8", N_ ("No insurance")},
  {"voi", "bolo-force-voi-symbolic", "#e07a1f", N_ ("Vehicle of interest")},
  {"watch", "bolo-unknown-symbolic", "#b5179e", N_ ("Watch entry")},
};
static const Category unknown_category = {NULL, "bolo-unknown-symbolic", "#d7263d",
                                          N_ ("Listed vehicle")};

typedef struct {
  const char *code; /* the two letters of a national warning signal, or how the word begins */
  const char *symbol;
  const char *words;
} Marker;

static const Marker markers[] = {
  {"FI", "bolo-marker-firearms-symbolic", N_ ("FIREARMS")},
  {"FIREARM", "bolo-marker-firearms-symbolic", N_ ("FIREARMS")},
  {"GUN", "bolo-marker-firearms-symbolic", N_ ("FIREARMS")},
  {"WE", "bolo-marker-weapons-symbolic", N_ ("WEAPONS")},
  {"WEAPON", "bolo-marker-weapons-symbolic", N_ ("WEAPONS")},
  {"VI", "bolo-marker-violent-symbolic", N_ ("VIOLENT")},
  {"VIOLEN", "bolo-marker-violent-symbolic", N_ ("VIOLENT")},
  {"DR", "bolo-marker-drugs-symbolic", N_ ("DRUGS")},
  {"DRUG", "bolo-marker-drugs-symbolic", N_ ("DRUGS")},
};

static const Category *
find_category (const char *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (categories); i++) {
    if (g_strcmp0 (kind, categories[i].kind) == 0)
      return &categories[i];
  }
  return &unknown_category;
}

static const BoloListEntry *
leading_entry (const BoloHit *hit)
{
  return bolo_hit_get_leading (hit)->entry;
}

static const BoloAlertRule *
rule_of (BoloFace *face, const BoloHit *hit)
{
  BoloAlertPolicy *policy = bolo_face_get_policy (face);

  return policy != NULL ? bolo_alert_policy_get (policy, leading_entry (hit)->list_kind) : NULL;
}

const char *
bolo_hit_words_get_symbol (BoloFace *face, const BoloHit *hit)
{
  const BoloAlertRule *rule = rule_of (face, hit);

  if (rule != NULL && rule->symbol != NULL)
    return rule->symbol;
  return find_category (leading_entry (hit)->list_kind)->symbol;
}

const char *
bolo_hit_words_get_colour (BoloFace *face, const BoloHit *hit)
{
  const BoloAlertRule *rule = rule_of (face, hit);

  if (rule != NULL && rule->colour != NULL)
    return rule->colour;
  return find_category (leading_entry (hit)->list_kind)->colour;
}

char *
bolo_hit_words_get_category (BoloFace *face, const BoloHit *hit)
{
  const BoloAlertRule *rule = rule_of (face, hit);
  const Category *category = find_category (leading_entry (hit)->list_kind);

  /* The policy's words are in the message catalogue where Bolo ships them. */
  if (rule != NULL && rule->title != NULL && *rule->title != '\0')
    return g_strdup (_ (rule->title));
  return g_strdup (_ (category->title));
}

/* Lists shout: "FORD" reads better as "Ford". A name of up to @longest_code letters ("BMW") stays.
 */
static char *
tidy (const char *text, glong longest_code)
{
  g_autofree char *lower = NULL;
  char *tidied;

  if (text == NULL)
    return NULL;
  tidied = g_strstrip (g_strdup (text));
  if (g_utf8_strlen (tidied, -1) > longest_code && g_ascii_isupper (tidied[0])) {
    gboolean is_word = TRUE;

    for (const char *c = tidied; *c != '\0'; c++)
      is_word = is_word && (g_ascii_isupper (*c) || *c == ' ');
    for (char *c = tidied + 1; is_word && *c != '\0'; c++) {
      if (c[-1] != ' ')
        *c = g_ascii_tolower (*c);
    }
  }
  return tidied;
}

char *
bolo_hit_words_get_vehicle (const BoloHit *hit)
{
  const BoloListEntry *entry = leading_entry (hit);
  const char *parts[] = {entry->colour, entry->make, entry->model};
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    /* No colour is a code: "RED". */
    g_autofree char *part = tidy (parts[i], i == 0 ? 0 : 3);

    if (part == NULL || *part == '\0')
      continue;
    if (text->len > 0)
      g_string_append_c (text, ' ');
    g_string_append (text, part);
  }
  return g_string_free (text, FALSE);
}

char *
bolo_hit_words_get_age (gint64 age_s)
{
  gint64 minutes = MAX (age_s, 0) / 60;

  if (minutes < 60) {
    /* Translators: age of a list */
    return g_strdup_printf (_ ("%d min old"), (int) minutes);
  }
  if (minutes < 24 * 60) {
    /* Translators: age of a list in hours and minutes */
    return g_strdup_printf (_ ("%d h %d min old"), (int) (minutes / 60), (int) (minutes % 60));
  }
  return g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%d day old", "%d days old", (gulong) (minutes / (24 * 60))),
    (int) (minutes / (24 * 60)));
}

char *
bolo_hit_words_get_list (const BoloHit *hit)
{
  g_autofree char *age = bolo_hit_words_get_age (hit->list_age_s);
  const char *list = leading_entry (hit)->list;
  gboolean is_stale = bolo_hit_get_leading (hit)->age == BOLO_LIST_STALE;
  gboolean is_unsigned = leading_entry (hit)->list_trust == BOLO_TRUST_UNSIGNED;

  if (is_stale && is_unsigned) {
    /* Translators: too old and not signed: name of a list, then its age */
    return g_strdup_printf (_ ("STALE, UNSIGNED list %s, %s"), list, age);
  }
  if (is_stale) {
    /* Translators: too old to be relied on: name of a list, then its age */
    return g_strdup_printf (_ ("STALE list %s, %s"), list, age);
  }
  if (is_unsigned) {
    /* Translators: nobody has signed it: name of a list, then its age */
    return g_strdup_printf (_ ("UNSIGNED list %s, %s"), list, age);
  }
  /* Translators: name of a list, then its age ("3 h 5 min old") */
  return g_strdup_printf (_ ("List %s, %s"), list, age);
}

gboolean
bolo_hit_words_is_exact (const BoloHit *hit)
{
  return bolo_hit_get_leading (hit)->kind == BOLO_MATCH_EXACT;
}

guint
bolo_hit_words_get_differs (const BoloHit *hit)
{
  const BoloMatch *match = bolo_hit_get_leading (hit);
  guint differs = 0;

  for (guint i = 0; i < match->n_differs; i++)
    differs |= 1u << MIN (match->differs[i], 31);
  return differs;
}

char *
bolo_hit_words_get_match (const BoloHit *hit)
{
  const BoloMatch *match = bolo_hit_get_leading (hit);
  const char *read = hit->sighting->text;
  const char *listed = match->entry->plate;

  if (match->kind == BOLO_MATCH_EXACT && hit->sighting->is_single_look)
    return g_strdup (_ ("Exact match, but seen in one picture only"));
  if (match->kind == BOLO_MATCH_EXACT)
    return g_strdup (_ ("Exact match"));
  if (match->kind == BOLO_MATCH_PATTERN) {
    /* Translators: a part of a mark with ? for one and * for any characters */
    return g_strdup_printf (_ ("NOT EXACT: fits the pattern %s"), listed);
  }
  if (match->kind == BOLO_MATCH_NEAR && strlen (read) != strlen (listed)) {
    /* Translators: the read mark has one character more or less than the listed one */
    return g_strdup_printf (_ ("NOT EXACT: near %s, %d %% likely"), listed,
                            (int) (match->score * 100 + 0.5));
  }
  if (match->kind == BOLO_MATCH_NEAR && match->n_differs == 1 &&
      match->differs[0] < strlen (read)) {
    /* Translators: one character that was read, the one in its place on the list, and how likely it
     * is that it was misread */
    return g_strdup_printf (_ ("NOT EXACT: read %c, listed %c, %d %% likely"),
                            read[match->differs[0]], listed[match->differs[0]],
                            (int) (match->score * 100 + 0.5));
  }
  if (match->n_differs == 1 && match->differs[0] < strlen (read) &&
      match->differs[0] < strlen (listed)) {
    /* Translators: one character that was read, and the one in its place on the list */
    return g_strdup_printf (_ ("NOT EXACT: read %c, listed %c"), read[match->differs[0]],
                            listed[match->differs[0]]);
  }
  return g_strdup (_ ("NOT EXACT: similar mark, compare each character"));
}

const char *
bolo_hit_words_get_state (BoloHitCase *hit_case)
{
  switch (bolo_hit_case_get_state (hit_case)) {
  case BOLO_HIT_CONFIRMED:
    return _ ("CONFIRMED");
  case BOLO_HIT_MISREAD:
    return _ ("MISREAD");
  case BOLO_HIT_SILENCED:
    return _ ("SILENCED");
  case BOLO_HIT_NEW:
  case BOLO_HIT_SEEN:
  case BOLO_HIT_PLATE_MATCHES:
  default:
    return _ ("UNCONFIRMED");
  }
}

const char *
bolo_hit_words_get_state_class (BoloHitCase *hit_case)
{
  switch (bolo_hit_case_get_state (hit_case)) {
  case BOLO_HIT_CONFIRMED:
    return "confirmed";
  case BOLO_HIT_MISREAD:
  case BOLO_HIT_SILENCED:
    return "closed";
  case BOLO_HIT_NEW:
  case BOLO_HIT_SEEN:
  case BOLO_HIT_PLATE_MATCHES:
  default:
    return "unconfirmed";
  }
}

char *
bolo_hit_words_get_where (BoloFace *face, const BoloSighting *sighting)
{
  g_autofree char *clock = bolo_format_clock (sighting->captured_us);

  /* Translators: a camera's title, then the time of day */
  return g_strdup_printf (_ ("%s, %s"), bolo_face_get_camera_title (face, sighting->camera), clock);
}

char *
bolo_hit_words_get_reason (const BoloHit *hit)
{
  const BoloListEntry *entry = leading_entry (hit);
  const char *parts[] = {entry->reason, entry->action_text, entry->information,
                         entry->instructions};
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    if (parts[i] == NULL || *parts[i] == '\0')
      continue;
    if (text->len > 0)
      g_string_append_c (text, '\n');
    g_string_append (text, parts[i]);
  }
  return g_string_free (text, FALSE);
}

static const Marker *
find_marker (const char *marker)
{
  g_autofree char *upper = g_strstrip (g_ascii_strup (marker, -1));
  const Marker *found = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (markers); i++) {
    gboolean is_code = strlen (markers[i].code) == 2;

    if (is_code ? strcmp (upper, markers[i].code) == 0 : strstr (upper, markers[i].code) != NULL)
      found = &markers[i];
    if (found != NULL)
      break;
  }
  return found;
}

char *
bolo_marker_get_words (const char *marker)
{
  const Marker *known = find_marker (marker);
  g_autofree char *upper = NULL;

  if (known != NULL)
    return g_strdup (_ (known->words));
  upper = g_utf8_strup (marker, -1);
  return g_utf8_substring (upper, 0, MIN (g_utf8_strlen (upper, -1), MARKER_CHARACTERS));
}

const char *
bolo_marker_get_symbol (const char *marker)
{
  const Marker *known = find_marker (marker);

  return known != NULL ? known->symbol : "bolo-marker-warning-symbolic";
}
