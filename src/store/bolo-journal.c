/* bolo-journal.c: the schema of journal.db, step by step
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-journal"

#include "bolo-journal.h"

#include "bolo-outbox.h"

/* Nothing here is ever edited: a sighting's or a hit's later state is a row more. due_us is the
 * time from which a record's age counts, one for all states of a sighting and for its pictures, so
 * that a purge takes them together. hit in disposition is not a foreign key: the hit may stand in
 * a journal that had to be set aside. */
static gboolean
make_tables (BoloDb *db, GError **error)
{
  return bolo_db_execute (
    db,
    "CREATE TABLE sighting ("
    " id TEXT PRIMARY KEY, camera TEXT NOT NULL, track INTEGER NOT NULL,"
    " due_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX sighting_due ON sighting (due_us);"

    "CREATE TABLE sighting_state ("
    " number INTEGER PRIMARY KEY,"
    " sighting TEXT NOT NULL REFERENCES sighting (id),"
    " state INTEGER NOT NULL, text TEXT NOT NULL, previous_text TEXT,"
    " confidence REAL, looks INTEGER NOT NULL, is_single_look INTEGER NOT NULL,"
    " characters TEXT NOT NULL, syntax TEXT, region TEXT,"
    " corners TEXT NOT NULL, width_px REAL,"
    " first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, captured_us INTEGER NOT NULL,"
    " captured_by INTEGER NOT NULL, first_media_ms INTEGER NOT NULL,"
    " last_media_ms INTEGER NOT NULL, best_media_ms INTEGER NOT NULL,"
    " agreed_media_ms INTEGER NOT NULL, agreed_us INTEGER NOT NULL,"
    " published_us INTEGER NOT NULL, latency_ms INTEGER NOT NULL,"
    " since_readable_ms INTEGER NOT NULL,"
    " fix_time_us INTEGER, latitude_deg REAL, longitude_deg REAL, accuracy_m REAL,"
    " speed_mps REAL, heading_deg REAL, fix_age_ms INTEGER, clock_offset_us INTEGER,"
    " fix_how INTEGER,"
    " media_day TEXT, patch INTEGER, overview INTEGER, overview_camera TEXT, officer TEXT,"
    " UNIQUE (sighting, state, published_us, text)) STRICT;"
    "CREATE INDEX sighting_state_text ON sighting_state (text, captured_us);"
    "CREATE INDEX sighting_state_captured ON sighting_state (captured_us);"

    "CREATE TABLE hit ("
    " id TEXT PRIMARY KEY, encounter TEXT NOT NULL, created_us INTEGER NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "CREATE INDEX hit_created ON hit (created_us);"

    "CREATE TABLE hit_state ("
    " number INTEGER PRIMARY KEY, hit TEXT NOT NULL REFERENCES hit (id),"
    " sighting_state INTEGER NOT NULL REFERENCES sighting_state (number),"
    " category TEXT NOT NULL, words TEXT, priority INTEGER NOT NULL,"
    " list_age_s INTEGER NOT NULL, is_covert INTEGER NOT NULL, is_quiet INTEGER NOT NULL,"
    " officer TEXT) STRICT;"
    "CREATE INDEX hit_state_hit ON hit_state (hit);"
    "CREATE INDEX hit_state_sighting ON hit_state (sighting_state);"

    "CREATE TABLE hit_match ("
    " hit_state INTEGER NOT NULL REFERENCES hit_state (number), position INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, differs TEXT NOT NULL,"
    " list TEXT, list_kind TEXT, entry_id TEXT, plate TEXT, plate_folded TEXT,"
    " make TEXT, model TEXT, colour TEXT, action INTEGER NOT NULL, action_text TEXT,"
    " is_covert INTEGER NOT NULL, markers TEXT, reason TEXT, grading TEXT, information TEXT,"
    " force TEXT, weed_us INTEGER, pnc_id TEXT, marking TEXT, cad TEXT, instructions TEXT,"
    " source_reference TEXT, list_revision TEXT, list_loaded_us INTEGER NOT NULL,"
    " list_dated_us INTEGER NOT NULL,"
    " PRIMARY KEY (hit_state, position)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE disposition ("
    " id TEXT PRIMARY KEY, hit TEXT NOT NULL, kind INTEGER NOT NULL, officer TEXT,"
    " checked_by TEXT, checked_how TEXT, at_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX disposition_hit ON disposition (hit, at_us);"

    "CREATE TABLE note ("
    " number INTEGER PRIMARY KEY, kind TEXT NOT NULL, officer TEXT, text TEXT NOT NULL,"
    " at_us INTEGER NOT NULL) STRICT;"
    "CREATE INDEX note_kind ON note (kind, at_us);"

    "CREATE TABLE upkeep (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;",
    error);
}

/* What the officer was told of a match beside the entry itself; NULL in rows of before. */
static gboolean
add_match_notes (BoloDb *db, GError **error)
{
  return bolo_db_execute (db,
                          "ALTER TABLE hit_state ADD COLUMN is_own INTEGER;"
                          "ALTER TABLE hit_match ADD COLUMN score REAL;"
                          "ALTER TABLE hit_match ADD COLUMN age INTEGER;"
                          "ALTER TABLE hit_match ADD COLUMN place_unknown INTEGER;"
                          "ALTER TABLE hit_match ADD COLUMN doubts INTEGER;"
                          "ALTER TABLE hit_match ADD COLUMN trust INTEGER;"
                          "ALTER TABLE hit_match ADD COLUMN signer TEXT;"
                          "ALTER TABLE hit_match ADD COLUMN region TEXT;"
                          "ALTER TABLE hit_match ADD COLUMN body TEXT;"
                          "ALTER TABLE hit_match ADD COLUMN silence TEXT;"
                          "ALTER TABLE hit_match ADD COLUMN silence_reason TEXT;"
                          "ALTER TABLE hit_match ADD COLUMN silence_officer TEXT;"
                          "ALTER TABLE hit_match ADD COLUMN silence_until_us INTEGER;",
                          error);
}

/* Whom things are for, and a name under which a note can be sent. */
static gboolean
add_receivers (BoloDb *db, GError **error)
{
  return bolo_outbox_add_receivers (db, error) &&
         bolo_db_execute (db,
                          "ALTER TABLE note ADD COLUMN id TEXT;"
                          "CREATE INDEX note_id ON note (id) WHERE id NOT NULL;",
                          error);
}

/* Where else the mark was seen, too far away for one vehicle. */
static gboolean
add_clone (BoloDb *db, GError **error)
{
  return bolo_db_execute (db,
                          "ALTER TABLE sighting_state ADD COLUMN clone_sighting TEXT;"
                          "ALTER TABLE sighting_state ADD COLUMN clone_camera TEXT;"
                          "ALTER TABLE sighting_state ADD COLUMN clone_at_us INTEGER;"
                          "ALTER TABLE sighting_state ADD COLUMN clone_distance_m REAL;"
                          "ALTER TABLE sighting_state ADD COLUMN clone_needed_mps REAL;",
                          error);
}

/* How sure the issuing region is and who says it; NULL in rows of before, whose bytes stay what
 * they were sent as. */
static gboolean
add_region (BoloDb *db, GError **error)
{
  return bolo_db_execute (db,
                          "ALTER TABLE sighting_state ADD COLUMN region_confidence REAL;"
                          "ALTER TABLE sighting_state ADD COLUMN is_region_read INTEGER;",
                          error);
}

static const BoloDbStep steps[BOLO_JOURNAL_VERSION] = {
  make_tables,        /* 1 */
  bolo_outbox_create, /* 2: what sync will send */
  add_match_notes,    /* 3: silences, ages, doubts */
  add_receivers,      /* 4: each state of a record, for each receiver */
  add_clone,          /* 5: possible clones */
  add_region,         /* 6: how sure the region is */
};

gboolean
bolo_journal_migrate (BoloDb *journal, GError **error)
{
  return bolo_db_migrate (journal, steps, BOLO_JOURNAL_VERSION, error);
}

gboolean
bolo_journal_show_as_now (BoloDb *journal, int version, GError **error)
{
  const char *clone = version < 5 ? ", NULL AS clone_sighting, NULL AS clone_camera,"
                                    " NULL AS clone_at_us, NULL AS clone_distance_m,"
                                    " NULL AS clone_needed_mps"
                                  : "";
  g_autofree char *sql =
    g_strdup_printf ("PRAGMA query_only=OFF;"
                     "CREATE TEMP VIEW sighting_state AS SELECT *%s, NULL AS region_confidence,"
                     " NULL AS is_region_read FROM main.sighting_state;"
                     "PRAGMA query_only=ON;",
                     clone);

  return bolo_db_execute (journal, sql, error);
}

gboolean
bolo_journal_set_upkeep (BoloDb *journal, const char *key, gint64 value, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (journal,
                     "INSERT INTO upkeep (key, value) VALUES (?1, ?2)"
                     " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                     error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, key);
  bolo_statement_bind_int64 (statement, 2, value);
  return bolo_statement_run (statement, error);
}

gboolean
bolo_journal_get_upkeep (
  BoloDb *journal, const char *key, gint64 fallback, gint64 *value, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (journal, "SELECT value FROM upkeep WHERE key = ?1", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, key);
  if (!bolo_statement_step (statement, &has_row, error))
    return FALSE;
  *value = has_row ? bolo_statement_get_int64 (statement, 0) : fallback;
  bolo_statement_reset (statement);
  return TRUE;
}
