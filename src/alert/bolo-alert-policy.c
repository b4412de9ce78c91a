/* bolo-alert-policy.c: which list kind raises which alarm, as a data file says it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-alert-policy"

#include "bolo-alert-policy.h"

#include "bolo-error.h"
#include "bolo-key-file.h"

#include <string.h>

#define MINUTE_US (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)
#define UNKNOWN_ACTION_PRIORITY 2 /* an action that nobody knows is taken for a stop */

struct _BoloAlertPolicy {
  gatomicrefcount references;
  GHashTable *kinds;    /* (owned): name to BoloAlertRule */
  GHashTable *markers;  /* (owned): spelling to BoloAlertRule (borrowed from rules) */
  GHashTable *tones;    /* (owned): name to BoloAlertTone */
  GPtrArray *rules;     /* (owned): the markers' BoloAlertRules */
  BoloAlertRule *other; /* (borrowed): kinds' "default" */
  BoloAlertLimits limits;
  char *similar_tone;  /* (owned): of marks that are only like the listed one */
  char *similar_words; /* (owned) */
};

static void
rule_free (BoloAlertRule *self)
{
  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->words, g_free);
  g_clear_pointer (&self->symbol, g_free);
  g_clear_pointer (&self->colour, g_free);
  g_clear_pointer (&self->tone, g_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloAlertRule, rule_free)

static void
tone_free (BoloAlertTone *self)
{
  g_clear_pointer (&self->name, g_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloAlertTone, tone_free)

static gboolean
load_minutes (BoloKeyFile *file, const char *key, gint64 fallback, gint64 *value_us, GError **error)
{
  gint64 minutes = 0;

  if (!bolo_key_file_get_int (file, "limits", key, 0, 24 * 60, fallback, &minutes, error))
    return FALSE;
  *value_us = minutes * MINUTE_US;
  return TRUE;
}

static gboolean
load_limits (BoloAlertPolicy *self, BoloKeyFile *file, GError **error)
{
  BoloAlertLimits *limits = &self->limits;

  if (!load_minutes (file, "window_min", 10, &limits->window_us, error) ||
      !load_minutes (file, "place_min", 60, &limits->place_window_us, error) ||
      !load_minutes (file, "flood_min", 10, &limits->flood_window_us, error) ||
      !bolo_key_file_get_double (file, "limits", "window_m", 0, 100000, 500, &limits->window_m,
                                 error) ||
      !bolo_key_file_get_uint (file, "limits", "flood_count", 1, 1000, 10, &limits->flood_count,
                               error) ||
      !bolo_key_file_get_double (file, "limits", "clone_mps", 20, 1000, 70, &limits->clone_mps,
                                 error) ||
      !bolo_key_file_get_double (file, "limits", "clone_m", 100, 100000, 1000, &limits->clone_m,
                                 error))
    return FALSE;
  self->similar_words =
    bolo_key_file_get_string (file, "limits", "similar_words", "Possible match");
  self->similar_tone = bolo_key_file_get_string (file, "limits", "similar_tone", NULL);
  return TRUE;
}

/* The bounds are those of in-car alarm practice: docs/glossary.md, "tone". */
static gboolean
load_tone (BoloAlertPolicy *self, BoloKeyFile *file, const char *group, GError **error)
{
  g_autoptr (BoloAlertTone) tone = g_new0 (BoloAlertTone, 1);

  tone->name = g_strdup (group + strlen ("tone "));
  if (!bolo_key_file_get_double (file, group, "low_hz", 400, 2000, 800, &tone->low_hz, error) ||
      !bolo_key_file_get_double (file, group, "high_hz", 0, 8000, 0, &tone->high_hz, error) ||
      !bolo_key_file_get_double (file, group, "high_level", 0, 1, 0, &tone->high_level, error) ||
      !bolo_key_file_get_double (file, group, "glide", 0.5, 2, 1, &tone->glide, error) ||
      !bolo_key_file_get_uint (file, group, "attack_ms", 1, 30, 10, &tone->attack_ms, error) ||
      !bolo_key_file_get_uint (file, group, "pulse_ms", 20, 2000, 150, &tone->pulse_ms, error) ||
      !bolo_key_file_get_uint (file, group, "gap_ms", 0, 2000, 100, &tone->gap_ms, error) ||
      !bolo_key_file_get_uint (file, group, "pulses", 1, 12, 2, &tone->n_pulses, error) ||
      !bolo_key_file_get_uint (file, group, "bursts", 1, 3, 1, &tone->n_bursts, error) ||
      !bolo_key_file_get_uint (file, group, "burst_gap_ms", 0, 5000, 500, &tone->burst_gap_ms,
                               error))
    return FALSE;
  if (tone->pulse_ms < 2 * tone->attack_ms) {
    bolo_key_file_set_error (file, group, "pulse_ms",
                             "a pulse must last at least twice its attack_ms", error);
    return FALSE;
  }
  g_hash_table_replace (self->tones, tone->name, tone);
  g_steal_pointer (&tone);
  return TRUE;
}

static gboolean
is_colour (const char *text)
{
  return strlen (text) == 7 && text[0] == '#' && strspn (text + 1, "0123456789abcdefABCDEF") == 6;
}

static BoloAlertRule *
load_rule (BoloAlertPolicy *self, BoloKeyFile *file, const char *group, GError **error)
{
  g_autoptr (BoloAlertRule) rule = g_new0 (BoloAlertRule, 1);
  gint64 priority = 0;
  gint64 stop_priority = 0;

  rule->kind = g_strdup (strchr (group, ' ') + 1);
  rule->title = bolo_key_file_get_string (file, group, "title", rule->kind);
  rule->words = bolo_key_file_get_string (file, group, "words", rule->title);
  rule->symbol = bolo_key_file_get_string (file, group, "symbol", "bolo-unknown-symbolic");
  rule->colour = bolo_key_file_get_string (file, group, "colour", "#e4572e");
  rule->tone = bolo_key_file_get_string (file, group, "tone", "");
  if (!bolo_key_file_get_int (file, group, "priority", BOLO_ALERT_PRIORITY_GRAVEST,
                              BOLO_ALERT_PRIORITY_LEAST, 2, &priority, error) ||
      !bolo_key_file_get_int (file, group, "stop_priority", BOLO_ALERT_PRIORITY_GRAVEST, priority,
                              priority, &stop_priority, error) ||
      !bolo_key_file_get_boolean (file, group, "quiet", FALSE, &rule->is_quiet, error) ||
      !bolo_key_file_get_boolean (file, group, "covert", FALSE, &rule->is_covert, error))
    return NULL;
  rule->priority = (int) priority;
  rule->stop_priority = (int) stop_priority;
  if (!is_colour (rule->colour)) {
    bolo_key_file_set_error (file, group, "colour", "write a colour as #rrggbb", error);
    return NULL;
  }
  if (!g_hash_table_contains (self->tones, rule->tone)) {
    g_autofree char *message = g_strdup_printf ("there is no [tone %s] in this file", rule->tone);

    bolo_key_file_set_error (file, group, "tone", message, error);
    return NULL;
  }
  return g_steal_pointer (&rule);
}

static gboolean
load_marker (BoloAlertPolicy *self, BoloKeyFile *file, const char *group, GError **error)
{
  g_auto (GStrv) spellings = bolo_key_file_get_list (file, group, "match");
  BoloAlertRule *rule = load_rule (self, file, group, error);

  if (rule == NULL)
    return FALSE;
  g_ptr_array_add (self->rules, rule);
  if (spellings[0] == NULL) {
    bolo_key_file_set_error (file, group, "match", "a marker needs its spellings: match=A;B",
                             error);
    return FALSE;
  }
  for (guint i = 0; spellings[i] != NULL; i++)
    g_hash_table_insert (self->markers, g_ascii_strup (g_strstrip (spellings[i]), -1), rule);
  return TRUE;
}

static gboolean
load_groups (BoloAlertPolicy *self, BoloKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = bolo_key_file_get_groups (file);

  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], "tone ") && !load_tone (self, file, groups[i], error))
      return FALSE;
  for (guint i = 0; groups[i] != NULL; i++) {
    if (g_str_has_prefix (groups[i], "kind ")) {
      BoloAlertRule *rule = load_rule (self, file, groups[i], error);

      if (rule == NULL)
        return FALSE;
      g_hash_table_replace (self->kinds, rule->kind, rule);
    }
    if (g_str_has_prefix (groups[i], "marker ") && !load_marker (self, file, groups[i], error))
      return FALSE;
  }
  if (self->similar_tone != NULL && !g_hash_table_contains (self->tones, self->similar_tone)) {
    g_autofree char *message =
      g_strdup_printf ("there is no [tone %s] in this file", self->similar_tone);

    bolo_key_file_set_error (file, "limits", "similar_tone", message, error);
    return FALSE;
  }
  self->other = g_hash_table_lookup (self->kinds, "default");
  if (self->other != NULL && !self->other->is_quiet && !self->other->is_covert)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "%s: [kind default] must be there and neither quiet nor covert, for unknown kinds "
               "are loud",
               bolo_key_file_get_name (file));
  return FALSE;
}

/* @text (nullable): instead of what lies at @path. */
static BoloAlertPolicy *
load (const char *path, const char *text, GError **error)
{
  static const char *const limit_keys[] = {
    "window_min", "window_m", "place_min",    "flood_count",   "flood_min",
    "clone_mps",  "clone_m",  "similar_tone", "similar_words", NULL};
  static const char *const kind_keys[] = {"title", "words",    "symbol",        "colour", "tone",
                                          "quiet", "priority", "stop_priority", "covert", NULL};
  static const char *const marker_keys[] = {"match",  "title", "words",    "symbol",
                                            "colour", "tone",  "priority", NULL};
  static const char *const tone_keys[] = {"low_hz",   "high_hz",      "high_level", "attack_ms",
                                          "pulse_ms", "gap_ms",       "pulses",     "bursts",
                                          "glide",    "burst_gap_ms", NULL};
  const BoloKeySpec specs[] = {{"limits", limit_keys},
                               {"kind *", kind_keys},
                               {"marker *", marker_keys},
                               {"tone *", tone_keys},
                               {NULL, NULL}};
  g_autoptr (BoloAlertPolicy) self = NULL;
  g_autoptr (BoloKeyFile) file = NULL;

  file = text != NULL ? bolo_key_file_load_data (text, -1, path, specs, error)
                      : bolo_key_file_load (path, specs, error);
  if (file == NULL)
    return NULL;
  self = g_new0 (BoloAlertPolicy, 1);
  g_atomic_ref_count_init (&self->references);
  self->kinds = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) rule_free);
  self->tones = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) tone_free);
  self->markers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) rule_free);
  if (!load_limits (self, file, error) || !load_groups (self, file, error))
    return NULL;
  return g_steal_pointer (&self);
}

BoloAlertPolicy *
bolo_alert_policy_load (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  return load (path, NULL, error);
}

BoloAlertPolicy *
bolo_alert_policy_parse (const char *text, const char *name, GError **error)
{
  g_return_val_if_fail (text != NULL && name != NULL, NULL);

  return load (name, text, error);
}

BoloAlertPolicy *
bolo_alert_policy_ref (BoloAlertPolicy *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bolo_alert_policy_unref (BoloAlertPolicy *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->markers, g_hash_table_unref);
  g_clear_pointer (&self->kinds, g_hash_table_unref);
  g_clear_pointer (&self->tones, g_hash_table_unref);
  g_clear_pointer (&self->rules, g_ptr_array_unref);
  g_free (self->similar_tone);
  g_free (self->similar_words);
  g_free (self);
}

gboolean
bolo_alert_policy_knows (BoloAlertPolicy *self, const char *kind)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return kind != NULL && g_hash_table_contains (self->kinds, kind);
}

const BoloAlertRule *
bolo_alert_policy_get (BoloAlertPolicy *self, const char *kind)
{
  const BoloAlertRule *rule;

  g_return_val_if_fail (self != NULL, NULL);

  rule = kind != NULL ? g_hash_table_lookup (self->kinds, kind) : NULL;
  return rule != NULL ? rule : self->other;
}

static int
compare_rules (gconstpointer a, gconstpointer b)
{
  const BoloAlertRule *first = *(const BoloAlertRule *const *) a;
  const BoloAlertRule *second = *(const BoloAlertRule *const *) b;

  return first->priority != second->priority ? first->priority - second->priority
                                             : strcmp (first->kind, second->kind);
}

GPtrArray *
bolo_alert_policy_list_overt (BoloAlertPolicy *self)
{
  GPtrArray *rules = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_return_val_if_fail (self != NULL, rules);

  g_hash_table_iter_init (&iter, self->kinds);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const BoloAlertRule *rule = value;

    if (!rule->is_covert && rule != self->other)
      g_ptr_array_add (rules, value);
  }
  g_ptr_array_sort (rules, compare_rules);
  return rules;
}

const BoloAlertRule *
bolo_alert_policy_get_marker (BoloAlertPolicy *self, const char *const *markers)
{
  const BoloAlertRule *gravest = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; markers != NULL && markers[i] != NULL; i++) {
    g_autofree char *spelling = g_ascii_strup (markers[i], -1);
    const BoloAlertRule *rule = g_hash_table_lookup (self->markers, spelling);

    if (rule != NULL && (gravest == NULL || rule->priority < gravest->priority))
      gravest = rule;
  }
  return gravest;
}

const BoloAlertTone *
bolo_alert_policy_get_tone (BoloAlertPolicy *self, const char *name)
{
  const BoloAlertTone *tone;

  g_return_val_if_fail (self != NULL, NULL);

  tone = name != NULL ? g_hash_table_lookup (self->tones, name) : NULL;
  return tone != NULL ? tone : g_hash_table_lookup (self->tones, self->other->tone);
}

const BoloAlertLimits *
bolo_alert_policy_get_limits (BoloAlertPolicy *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->limits;
}

void
bolo_alert_policy_judge (BoloAlertPolicy *self,
                         const BoloListEntry *entry,
                         BoloAlertVerdict *verdict)
{
  const BoloAlertRule *rule;

  g_return_if_fail (self != NULL && entry != NULL && verdict != NULL);

  rule = bolo_alert_policy_get (self, entry->list_kind);
  verdict->rule = rule;
  verdict->marker = bolo_alert_policy_get_marker (self, (const char *const *) entry->markers);
  verdict->tone = rule->tone;
  verdict->priority = rule->priority;
  verdict->is_loud = !rule->is_quiet;
  verdict->is_covert = entry->is_covert || rule->is_covert || entry->action == BOLO_ACTION_SILENT;
  if (entry->action == BOLO_ACTION_STOP && rule->stop_priority < rule->priority) {
    verdict->priority = rule->stop_priority;
    verdict->is_loud = TRUE;
  }
  if (entry->action == BOLO_ACTION_UNKNOWN && entry->action_text != NULL) {
    verdict->priority = MIN (verdict->priority, UNKNOWN_ACTION_PRIORITY);
    verdict->is_loud = TRUE;
  }
  if (verdict->priority < rule->priority)
    verdict->tone = self->other->tone;
  if (verdict->marker != NULL && verdict->marker->priority < verdict->priority) {
    verdict->priority = verdict->marker->priority;
    verdict->tone = verdict->marker->tone;
    verdict->is_loud = TRUE;
  }
  if (verdict->is_covert)
    verdict->is_loud = FALSE;
}

const char *
bolo_alert_policy_choose_tone (BoloAlertPolicy *self, const BoloHit *hit)
{
  const BoloMatch *leading;
  BoloAlertVerdict verdict;

  g_return_val_if_fail (self != NULL && hit != NULL, NULL);

  leading = bolo_hit_get_leading (hit);
  if (leading == NULL)
    return self->other->tone;
  if (leading->kind != BOLO_MATCH_EXACT && self->similar_tone != NULL)
    return self->similar_tone;
  bolo_alert_policy_judge (self, leading->entry, &verdict);
  return verdict.tone;
}

/* What matches are sorted by; @at keeps the order of equals. */
typedef struct {
  BoloMatch *match;
  gboolean is_covert;
  int priority;
  guint at;
} Ranked;

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  const Ranked *first = a;
  const Ranked *second = b;

  if (first->is_covert != second->is_covert)
    return first->is_covert - second->is_covert;
  if ((first->match->silence != NULL) != (second->match->silence != NULL))
    return first->match->silence != NULL ? 1 : -1;
  if (first->match->kind != second->match->kind)
    return (int) first->match->kind - (int) second->match->kind;
  if (first->priority != second->priority)
    return first->priority - second->priority;
  return (int) first->at - (int) second->at;
}

void
bolo_alert_policy_rank (BoloAlertPolicy *self, GPtrArray *matches)
{
  g_autofree Ranked *ranked = NULL;

  g_return_if_fail (self != NULL && matches != NULL);

  ranked = g_new (Ranked, matches->len);
  for (guint i = 0; i < matches->len; i++) {
    BoloAlertVerdict verdict;

    ranked[i].match = g_ptr_array_index (matches, i);
    ranked[i].at = i;
    bolo_alert_policy_judge (self, ranked[i].match->entry, &verdict);
    ranked[i].priority = verdict.priority;
    ranked[i].is_covert = verdict.is_covert;
  }
  if (matches->len > 0)
    qsort (ranked, matches->len, sizeof *ranked, compare_ranked);
  for (guint i = 0; i < matches->len; i++)
    matches->pdata[i] = ranked[i].match;
}

char *
bolo_alert_policy_make_words (BoloAlertPolicy *self,
                              const BoloAlertVerdict *verdict,
                              BoloMatchKind kind)
{
  g_return_val_if_fail (self != NULL && verdict != NULL, NULL);

  if (kind != BOLO_MATCH_EXACT && verdict->marker != NULL)
    return g_strdup_printf ("%s. %s. %s.", self->similar_words, verdict->marker->words,
                            verdict->rule->words);
  if (kind != BOLO_MATCH_EXACT)
    return g_strdup_printf ("%s. %s.", self->similar_words, verdict->rule->words);
  if (verdict->marker != NULL)
    return g_strdup_printf ("%s. %s.", verdict->marker->words, verdict->rule->words);
  return g_strdup_printf ("%s.", verdict->rule->words);
}
