/* bolo-hit-table.c: hits, their states and what they met, in the journal
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-hit-table"

#include "bolo-hit-table.h"

#include "bolo-disk-numbers.h"
#include "bolo-disk-texts.h"
#include "bolo-error.h"
#include "bolo-sighting-table.h"

/* A marker is one line in the list that it came from, so a line break keeps them apart. */
#define MARKER_BREAK "\n"

#define MATCH_COLUMNS                                                                              \
  "hit_state, position, kind, differs, list, list_kind, entry_id, plate, plate_folded, make,"      \
  " model, colour, action, action_text, is_covert, markers, reason, grading, information, force,"  \
  " weed_us, pnc_id, marking, cad, instructions, source_reference, list_revision,"                 \
  " list_loaded_us, list_dated_us, score, age, place_unknown, doubts, trust, signer, region, "     \
  "body,"                                                                                          \
  " silence, silence_reason, silence_officer, silence_until_us"

/* Column numbers of MATCH_COLUMNS; a parameter is one more. */
enum {
  HIT_STATE,
  POSITION,
  KIND,
  DIFFERS,
  LIST,
  LIST_KIND,
  ENTRY_ID,
  PLATE,
  PLATE_FOLDED,
  MAKE,
  MODEL,
  COLOUR,
  ACTION,
  ACTION_TEXT,
  IS_COVERT,
  MARKERS,
  REASON,
  GRADING,
  INFORMATION,
  FORCE,
  WEED_US,
  PNC_ID,
  MARKING,
  CAD,
  INSTRUCTIONS,
  SOURCE_REFERENCE,
  LIST_REVISION,
  LIST_LOADED_US,
  LIST_DATED_US,
  SCORE,
  AGE,
  PLACE_UNKNOWN,
  DOUBTS,
  TRUST,
  SIGNER,
  REGION,
  BODY,
  SILENCE,
  SILENCE_REASON,
  SILENCE_OFFICER,
  SILENCE_UNTIL_US,
};

static gboolean
add_hit (BoloDb *journal, const BoloHit *hit, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (journal,
                                              "INSERT INTO hit (id, encounter, created_us)"
                                              " VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING",
                                              error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, hit->id);
  bolo_statement_bind_text (statement, 2, hit->encounter);
  bolo_statement_bind_int64 (statement, 3, hit->created_us);
  return bolo_statement_run (statement, error);
}

static gboolean
add_state (BoloDb *journal, const BoloHit *hit, gint64 sighting_state, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (journal,
                     "INSERT INTO hit_state (hit, sighting_state, category, words, priority,"
                     " list_age_s, is_covert, is_quiet, officer, is_own)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                     error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, hit->id);
  bolo_statement_bind_int64 (statement, 2, sighting_state);
  bolo_statement_bind_text (statement, 3, hit->category);
  bolo_statement_bind_text (statement, 4, hit->words);
  bolo_statement_bind_int64 (statement, 5, hit->priority);
  bolo_statement_bind_int64 (statement, 6, hit->list_age_s);
  bolo_statement_bind_int64 (statement, 7, hit->is_covert);
  bolo_statement_bind_int64 (statement, 8, hit->is_quiet);
  bolo_statement_bind_text (statement, 9, hit->sighting->officer);
  bolo_statement_bind_int64 (statement, 10, hit->is_own);
  return bolo_statement_run (statement, error);
}

static void
bind_entry_texts (BoloStatement *statement, const BoloListEntry *entry)
{
  g_autofree char *markers =
    entry->markers != NULL ? g_strjoinv (MARKER_BREAK, entry->markers) : NULL;
  const struct {
    int column;
    const char *value;
  } texts[] = {
    {LIST, entry->list},
    {LIST_KIND, entry->list_kind},
    {ENTRY_ID, entry->entry_id},
    {PLATE, entry->plate},
    {PLATE_FOLDED, entry->plate_folded},
    {MAKE, entry->make},
    {MODEL, entry->model},
    {COLOUR, entry->colour},
    {ACTION_TEXT, entry->action_text},
    {MARKERS, markers},
    {REASON, entry->reason},
    {GRADING, entry->grading},
    {INFORMATION, entry->information},
    {FORCE, entry->force},
    {PNC_ID, entry->pnc_id},
    {MARKING, entry->marking},
    {CAD, entry->cad},
    {INSTRUCTIONS, entry->instructions},
    {SOURCE_REFERENCE, entry->source_reference},
    {LIST_REVISION, entry->list_revision},
    {SIGNER, entry->list_signer},
    {REGION, entry->region},
    {BODY, entry->body},
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    bolo_statement_bind_text (statement, texts[i].column + 1, texts[i].value);
}

/* Ages, doubts and trusts are enumerations that only grow at their ends. */
static void
bind_notes (BoloStatement *statement, const BoloMatch *match)
{
  const BoloSilence *silence = match->silence;

  bolo_statement_bind_double (statement, SCORE + 1, match->score);
  bolo_statement_bind_int64 (statement, AGE + 1, match->age);
  bolo_statement_bind_int64 (statement, PLACE_UNKNOWN + 1, match->is_place_unknown);
  bolo_statement_bind_int64 (statement, DOUBTS + 1, match->doubts);
  bolo_statement_bind_int64 (statement, TRUST + 1, match->entry->list_trust);
  if (silence == NULL)
    return;
  bolo_statement_bind_text (statement, SILENCE + 1, bolo_silence_kind_to_string (silence->kind));
  bolo_statement_bind_text (statement, SILENCE_REASON + 1, silence->reason);
  bolo_statement_bind_text (statement, SILENCE_OFFICER + 1, silence->officer);
  bolo_statement_bind_int64 (statement, SILENCE_UNTIL_US + 1, silence->until_us);
}

static gboolean
add_match (
  BoloDb *journal, gint64 hit_state, guint position, const BoloMatch *match, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (journal,
                     "INSERT INTO hit_match (" MATCH_COLUMNS ") VALUES ("
                     "?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,"
                     "?21,?22,?23,?24,?25,?26,?27,?28,?29,?30,?31,?32,?33,?34,?35,?36,?37,?38,"
                     "?39,?40,?41)",
                     error);
  g_autofree char *differs = bolo_disk_text_from_differs (match);
  const BoloListEntry *entry = match->entry;

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, HIT_STATE + 1, hit_state);
  bolo_statement_bind_int64 (statement, POSITION + 1, position);
  bolo_statement_bind_int64 (statement, KIND + 1,
                             bolo_disk_number_from_value (BOLO_DISK_MATCH_KIND, (int) match->kind));
  bolo_statement_bind_text (statement, DIFFERS + 1, differs);
  bind_entry_texts (statement, entry);
  bolo_statement_bind_int64 (statement, ACTION + 1,
                             bolo_disk_number_from_value (BOLO_DISK_ACTION, (int) entry->action));
  bolo_statement_bind_int64 (statement, IS_COVERT + 1, entry->is_covert);
  if (entry->weed_us != G_MAXINT64)
    bolo_statement_bind_int64 (statement, WEED_US + 1, entry->weed_us);
  bolo_statement_bind_int64 (statement, LIST_LOADED_US + 1, entry->list_loaded_us);
  bolo_statement_bind_int64 (statement, LIST_DATED_US + 1, entry->list_dated_us);
  bind_notes (statement, match);
  return bolo_statement_run (statement, error);
}

/* The very state, from a recording that was played before. */
static gboolean
has_state (
  BoloDb *journal, const BoloHit *hit, gint64 sighting_state, gboolean *is_there, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (journal,
                     "SELECT 1 FROM hit_state WHERE hit = ?1 AND sighting_state = ?2"
                     " AND category = ?3 AND priority = ?4 AND is_covert = ?5 AND is_quiet = ?6",
                     error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, hit->id);
  bolo_statement_bind_int64 (statement, 2, sighting_state);
  bolo_statement_bind_text (statement, 3, hit->category);
  bolo_statement_bind_int64 (statement, 4, hit->priority);
  bolo_statement_bind_int64 (statement, 5, hit->is_covert);
  bolo_statement_bind_int64 (statement, 6, hit->is_quiet);
  if (!bolo_statement_step (statement, is_there, error))
    return FALSE;
  bolo_statement_reset (statement);
  return TRUE;
}

gboolean
bolo_hit_table_add (
  BoloDb *journal, const BoloHit *hit, gint64 sighting_state, gint64 *number, GError **error)
{
  gboolean is_there = FALSE;

  *number = 0;
  if (!has_state (journal, hit, sighting_state, &is_there, error))
    return FALSE;
  if (is_there)
    return TRUE;
  if (!add_hit (journal, hit, error) || !add_state (journal, hit, sighting_state, error))
    return FALSE;
  *number = bolo_db_get_last_row (journal);
  for (guint i = 0; hit->matches != NULL && i < hit->matches->len; i++) {
    if (!add_match (journal, *number, i, hit->matches->pdata[i], error))
      return FALSE;
  }
  return TRUE;
}

static void
read_entry_texts (BoloStatement *statement, BoloListEntry *entry)
{
  g_autofree char *markers = bolo_statement_get_text (statement, MARKERS);
  const struct {
    int column;
    char **value;
  } texts[] = {
    {LIST, &entry->list},
    {LIST_KIND, &entry->list_kind},
    {ENTRY_ID, &entry->entry_id},
    {PLATE, &entry->plate},
    {PLATE_FOLDED, &entry->plate_folded},
    {MAKE, &entry->make},
    {MODEL, &entry->model},
    {COLOUR, &entry->colour},
    {ACTION_TEXT, &entry->action_text},
    {REASON, &entry->reason},
    {GRADING, &entry->grading},
    {INFORMATION, &entry->information},
    {FORCE, &entry->force},
    {PNC_ID, &entry->pnc_id},
    {MARKING, &entry->marking},
    {CAD, &entry->cad},
    {INSTRUCTIONS, &entry->instructions},
    {SOURCE_REFERENCE, &entry->source_reference},
    {LIST_REVISION, &entry->list_revision},
    {SIGNER, &entry->list_signer},
    {REGION, &entry->region},
    {BODY, &entry->body},
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    *texts[i].value = bolo_statement_get_text (statement, texts[i].column);
  if (markers != NULL)
    entry->markers = g_strsplit (markers, MARKER_BREAK, -1);
}

/* NULL reads as 0: a row of before has nothing to say. */
static void
read_notes (BoloStatement *statement, BoloMatch *match)
{
  g_autofree char *kind = bolo_statement_get_text (statement, SILENCE);
  BoloSilence *silence;

  match->score =
    bolo_statement_is_null (statement, SCORE) ? 1 : bolo_statement_get_double (statement, SCORE);
  match->age = (BoloListAge) CLAMP (bolo_statement_get_int64 (statement, AGE), BOLO_LIST_FRESH,
                                    BOLO_LIST_STALE);
  match->is_place_unknown = bolo_statement_get_int64 (statement, PLACE_UNKNOWN) != 0;
  match->doubts = (guint) bolo_statement_get_int64 (statement, DOUBTS);
  match->entry->list_trust = (BoloTrust) CLAMP (bolo_statement_get_int64 (statement, TRUST),
                                                BOLO_TRUST_UNSIGNED, BOLO_TRUST_REPLAY);
  if (kind == NULL)
    return;
  silence = bolo_silence_new ();
  silence->list = g_strdup (match->entry->list);
  silence->plate = g_strdup (match->entry->plate);
  silence->kind = g_str_equal (kind, bolo_silence_kind_to_string (BOLO_SILENCE_RECOVERED))
                    ? BOLO_SILENCE_RECOVERED
                    : BOLO_SILENCE_NOT_THIS_VEHICLE;
  silence->reason = bolo_statement_get_text (statement, SILENCE_REASON);
  silence->officer = bolo_statement_get_text (statement, SILENCE_OFFICER);
  silence->until_us = bolo_statement_get_int64 (statement, SILENCE_UNTIL_US);
  match->silence = silence;
}

static BoloMatch *
read_match (BoloStatement *statement)
{
  BoloMatch *match = g_new0 (BoloMatch, 1);
  BoloListEntry *entry = bolo_list_entry_new ();
  g_autofree char *differs = bolo_statement_get_text (statement, DIFFERS);
  int kind = BOLO_MATCH_PATTERN;
  int action = BOLO_ACTION_UNKNOWN;

  bolo_disk_number_to_value (BOLO_DISK_MATCH_KIND, bolo_statement_get_int64 (statement, KIND),
                             &kind);
  bolo_disk_number_to_value (BOLO_DISK_ACTION, bolo_statement_get_int64 (statement, ACTION),
                             &action);
  read_entry_texts (statement, entry);
  entry->action = (BoloAction) action;
  entry->is_covert = bolo_statement_get_int64 (statement, IS_COVERT) != 0;
  entry->weed_us = bolo_statement_is_null (statement, WEED_US)
                     ? G_MAXINT64
                     : bolo_statement_get_int64 (statement, WEED_US);
  entry->list_loaded_us = bolo_statement_get_int64 (statement, LIST_LOADED_US);
  entry->list_dated_us = bolo_statement_get_int64 (statement, LIST_DATED_US);
  match->kind = (BoloMatchKind) kind;
  match->entry = entry;
  read_notes (statement, match);
  bolo_disk_text_to_differs (differs, match);
  return match;
}

static gboolean
load_matches (BoloDb *journal, BoloHit *hit, gint64 hit_state, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    journal, "SELECT " MATCH_COLUMNS " FROM hit_match WHERE hit_state = ?1 ORDER BY position",
    error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return FALSE;
  if (hit->matches == NULL)
    hit->matches = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_match_free);
  bolo_statement_bind_int64 (statement, 1, hit_state);
  while (has_row) {
    if (!bolo_statement_step (statement, &has_row, error))
      return FALSE;
    if (has_row)
      g_ptr_array_add (hit->matches, read_match (statement));
  }
  bolo_statement_reset (statement);
  return TRUE;
}

static BoloHit *
read_hit (BoloStatement *statement)
{
  BoloHit *hit = bolo_hit_new ();

  hit->id = bolo_statement_get_text (statement, 2);
  hit->encounter = bolo_statement_get_text (statement, 3);
  hit->created_us = bolo_statement_get_int64 (statement, 4);
  hit->category = bolo_statement_get_text (statement, 5);
  hit->words = bolo_statement_get_text (statement, 6);
  hit->priority = (int) bolo_statement_get_int64 (statement, 7);
  hit->list_age_s = bolo_statement_get_int64 (statement, 8);
  hit->is_covert = bolo_statement_get_int64 (statement, 9) != 0;
  hit->is_quiet = bolo_statement_get_int64 (statement, 10) != 0;
  hit->is_own = bolo_statement_get_int64 (statement, 11) != 0;
  return hit;
}

#define HIT_COLUMNS                                                                                \
  "s.number, s.sighting_state, h.id, h.encounter, h.created_us, s.category, s.words,"              \
  " s.priority, s.list_age_s, s.is_covert, s.is_quiet, s.is_own"

/* The rows of hit_state and sighting_state that belong to each hit, in @rows two by two. */
static GPtrArray *
list_states (BoloDb *journal, gint64 from_us, gint64 to_us, GArray *rows, GError **error)
{
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_hit_unref);
  BoloStatement *statement = bolo_db_prepare (
    journal,
    "SELECT " HIT_COLUMNS " FROM hit AS h JOIN hit_state AS s"
    " ON s.number = (SELECT max(number) FROM hit_state WHERE hit = h.id)"
    " WHERE h.created_us >= ?1 AND h.created_us < ?2 ORDER BY h.created_us, s.number",
    error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return NULL;
  bolo_statement_bind_int64 (statement, 1, from_us);
  bolo_statement_bind_int64 (statement, 2, to_us);
  while (has_row) {
    gint64 numbers[2];

    if (!bolo_statement_step (statement, &has_row, error))
      return NULL;
    if (!has_row)
      continue;
    g_ptr_array_add (hits, read_hit (statement));
    numbers[0] = bolo_statement_get_int64 (statement, 0);
    numbers[1] = bolo_statement_get_int64 (statement, 1);
    g_array_append_vals (rows, numbers, 2);
  }
  bolo_statement_reset (statement);
  return g_steal_pointer (&hits);
}

BoloHit *
bolo_hit_table_load (BoloDb *journal, gint64 number, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    journal,
    "SELECT " HIT_COLUMNS " FROM hit_state AS s JOIN hit AS h ON h.id = s.hit WHERE s.number = ?1",
    error);
  g_autoptr (BoloHit) hit = NULL;
  gint64 sighting_state = 0;
  gboolean has_row;

  if (statement == NULL)
    return NULL;
  bolo_statement_bind_int64 (statement, 1, number);
  if (!bolo_statement_step (statement, &has_row, error))
    return NULL;
  if (has_row) {
    hit = read_hit (statement);
    sighting_state = bolo_statement_get_int64 (statement, 1);
  } else {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "No hit in row %" G_GINT64_FORMAT,
                 number);
  }
  bolo_statement_reset (statement);
  if (hit == NULL || !load_matches (journal, hit, number, error))
    return NULL;
  hit->sighting = bolo_sighting_table_load (journal, sighting_state, error);
  return hit->sighting != NULL ? g_steal_pointer (&hit) : NULL;
}

GPtrArray *
bolo_hit_table_list (BoloDb *journal, gint64 from_us, gint64 to_us, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) hits = list_states (journal, from_us, to_us, rows, error);

  if (hits == NULL)
    return NULL;
  for (guint i = 0; i < hits->len; i++) {
    BoloHit *hit = hits->pdata[i];

    if (!load_matches (journal, hit, g_array_index (rows, gint64, 2 * i), error))
      return NULL;
    hit->sighting =
      bolo_sighting_table_load (journal, g_array_index (rows, gint64, 2 * i + 1), error);
    if (hit->sighting == NULL)
      return NULL;
  }
  return g_steal_pointer (&hits);
}
