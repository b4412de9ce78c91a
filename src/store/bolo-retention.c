/* bolo-retention.c: what is too old goes, from the rows and from the bytes of the files
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-retention"

#include "bolo-retention.h"

#include "bolo-db-files.h"
#include "bolo-error.h"
#include "bolo-journal.h"
#include "bolo-note-table.h"

/* Sightings a transaction: some 20 ms, so that a hit which comes meanwhile is not late. */
#define CHUNK 200
/* How often a hit may interrupt the rewriting before it is left to the next purge. */
#define MAX_REWRITES 20
/* In the journal's upkeep: rows were deleted since the file was last rewritten. SQLite's
 * secure_delete does not reach the copies that a page keeps after its rows were moved to another
 * page; only rewriting the file does. */
#define REWRITE_DUE "rewrite-due"

typedef struct {
  BoloArchive *archive;
  BoloDb *journal;
  BoloPurgeReport *report;
  gint64 older_than_us;
  const BoloRetentionHooks *hooks;
  guint generation; /* of the archive, when the purge began */
} Purge;

/* FALSE when the journal was found damaged meanwhile and set aside: nothing is left to do in it. */
static gboolean
let_through (Purge *purge)
{
  if (purge->hooks->pause != NULL)
    purge->hooks->pause (purge->hooks->user_data);
  return bolo_archive_is_open (purge->archive) &&
         bolo_archive_get_generation (purge->archive) == purge->generation;
}

static gboolean
run_bound (BoloDb *journal, const char *sql, gint64 value, guint *n_changed, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (journal, sql, error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, value);
  if (!bolo_statement_run (statement, error))
    return FALSE;
  if (n_changed != NULL)
    *n_changed += (guint) bolo_db_get_n_changed (journal);
  return TRUE;
}

/* Nothing goes that is still to be sent: a sighting stays as long as somebody waits for one of its
 * states, a hit of it, a word on that hit, or one of its pictures. */
#define IN_OUTBOX(id, topic)                                                                       \
  "EXISTS (SELECT 1 FROM outbox WHERE record = " id " AND topic = '" topic "' AND waits <> 0)"
#define WAITED_FOR                                                                                 \
  "(" IN_OUTBOX (                                                                                  \
    "sighting.id",                                                                                 \
    "sighting") " OR EXISTS (SELECT 1 FROM sighting_state AS s"                                    \
                " JOIN hit_state AS h ON h.sighting_state = s.number WHERE s.sighting = "          \
                "sighting.id"                                                                      \
                " AND (" IN_OUTBOX (                                                               \
                  "h.hit",                                                                         \
                  "hit") " OR EXISTS (SELECT 1 FROM disposition AS d"                              \
                         " WHERE d.hit = h.hit AND " IN_OUTBOX (                                   \
                           "d.id",                                                                 \
                           "disposition") ")))"                                                    \
                                          " OR sighting.id IN (SELECT id FROM temp.pictured))"

static gboolean
fill_doomed (Purge *purge, guint *n_doomed, GError **error)
{
  BoloStatement *statement;

  if (!bolo_db_execute (purge->journal, "DELETE FROM temp.doomed", error))
    return FALSE;
  statement = bolo_db_prepare (purge->journal,
                               "INSERT INTO temp.doomed (id) SELECT id FROM sighting"
                               " WHERE due_us < ?1 AND NOT " WAITED_FOR " ORDER BY due_us LIMIT ?2",
                               error);
  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, purge->older_than_us);
  bolo_statement_bind_int64 (statement, 2, CHUNK);
  if (!bolo_statement_run (statement, error))
    return FALSE;
  *n_doomed = (guint) bolo_db_get_n_changed (purge->journal);
  return TRUE;
}

#define DOOMED_STATES                                                                              \
  "(SELECT number FROM sighting_state WHERE sighting IN (SELECT id FROM temp.doomed))"

static gboolean
insert_id (BoloDb *journal, const char *id, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (journal, "INSERT OR IGNORE INTO temp.pictured (id) VALUES (?1)", error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, id);
  return bolo_statement_run (statement, error);
}

/* Sightings whose pictures are still to be sent, from the days that are old enough. */
static gboolean
find_pictured (Purge *purge, GError **error)
{
  BoloMedia *media = bolo_archive_get_media (purge->archive);
  g_autoptr (GHashTable) sightings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) days = bolo_media_list_days (media, error);
  GHashTableIter iter;
  gpointer id;

  if (days == NULL || !bolo_db_execute (purge->journal, "DELETE FROM temp.pictured", error))
    return FALSE;
  for (guint i = 0; days[i] != NULL; i++) {
    g_autoptr (GError) local = NULL;

    if (bolo_media_get_day_end_us (days[i]) - G_TIME_SPAN_DAY >= purge->older_than_us)
      break;
    /* A day's file that cannot be read has nothing that could be sent. */
    if (!bolo_media_find_unsent (media, days[i], sightings, &local))
      g_warning ("%s", local->message);
  }
  g_hash_table_iter_init (&iter, sightings);
  while (g_hash_table_iter_next (&iter, &id, NULL)) {
    if (!insert_id (purge->journal, id, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
count_unsent (Purge *purge, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (purge->journal, "SELECT count(*) FROM sighting WHERE due_us < ?1", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, purge->older_than_us);
  if (!bolo_statement_step (statement, &has_row, error))
    return FALSE;
  purge->report->unsent = has_row ? (guint) bolo_statement_get_int64 (statement, 0) : 0;
  bolo_statement_reset (statement);
  return TRUE;
}

/* Leaves first, so that no foreign key is ever broken. */
static gboolean
delete_doomed (Purge *purge, GError **error)
{
  const struct {
    const char *sql;
    guint *n_changed;
  } steps[] = {
    {"DELETE FROM hit_match WHERE hit_state IN"
     " (SELECT number FROM hit_state WHERE sighting_state IN " DOOMED_STATES ")",
     NULL},
    {"INSERT INTO temp.doomed_hit (id) SELECT DISTINCT hit FROM hit_state"
     " WHERE sighting_state IN " DOOMED_STATES,
     NULL},
    {"DELETE FROM hit_state WHERE sighting_state IN " DOOMED_STATES, NULL},
    {"DELETE FROM temp.doomed_hit WHERE id IN (SELECT hit FROM hit_state)", NULL},
    {"DELETE FROM outbox WHERE record IN (SELECT id FROM disposition"
     " WHERE hit IN (SELECT id FROM temp.doomed_hit))",
     NULL},
    {"DELETE FROM disposition WHERE hit IN (SELECT id FROM temp.doomed_hit)",
     &purge->report->dispositions},
    {"DELETE FROM hit WHERE id IN (SELECT id FROM temp.doomed_hit)", &purge->report->hits},
    {"DELETE FROM outbox WHERE record IN (SELECT id FROM temp.doomed_hit)"
     " OR record IN (SELECT id FROM temp.doomed)",
     NULL},
    {"DELETE FROM temp.doomed_hit", NULL},
    {"DELETE FROM sighting_state WHERE sighting IN (SELECT id FROM temp.doomed)", NULL},
    {"DELETE FROM sighting WHERE id IN (SELECT id FROM temp.doomed)", &purge->report->sightings},
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    BoloStatement *statement = bolo_db_prepare (purge->journal, steps[i].sql, error);

    if (statement == NULL || !bolo_statement_run (statement, error))
      return FALSE;
    if (steps[i].n_changed != NULL)
      *steps[i].n_changed += (guint) bolo_db_get_n_changed (purge->journal);
  }
  return TRUE;
}

static gboolean
delete_chunk (Purge *purge, guint *n_doomed, GError **error)
{
  if (!bolo_db_begin (purge->journal, error))
    return FALSE;
  if (!fill_doomed (purge, n_doomed, error) ||
      (*n_doomed > 0 && (!delete_doomed (purge, error) ||
                         !bolo_journal_set_upkeep (purge->journal, REWRITE_DUE, 1, error)))) {
    bolo_db_roll_back (purge->journal);
    return FALSE;
  }
  return bolo_db_commit (purge->journal, error);
}

/* What stands for itself: dispositions whose hit is in another journal, old notes. */
static gboolean
delete_strays (Purge *purge, GError **error)
{
  const gint64 longest_us = (gint64) BOLO_RETENTION_MAX_DAYS * G_TIME_SPAN_DAY;
  gint64 now_us = bolo_clock_get_utc_us (bolo_archive_get_clock (purge->archive));
  guint n_strays = 0;
  guint n_before = purge->report->dispositions;

  if (!run_bound (purge->journal,
                  "DELETE FROM disposition WHERE at_us < ?1"
                  " AND hit NOT IN (SELECT id FROM hit)"
                  " AND NOT " IN_OUTBOX ("disposition.id", "disposition"),
                  purge->older_than_us, &purge->report->dispositions, error) ||
      !run_bound (purge->journal,
                  "DELETE FROM note WHERE at_us < ?1 AND kind <> '" BOLO_NOTE_PURGE "'"
                  " AND (id IS NULL OR NOT " IN_OUTBOX ("note.id", "health") ")",
                  purge->older_than_us, &n_strays, error) ||
      !run_bound (purge->journal, "DELETE FROM note WHERE at_us < ?1",
                  MIN (purge->older_than_us, now_us - longest_us), &n_strays, error))
    return FALSE;
  n_strays += purge->report->dispositions - n_before;
  return n_strays == 0 || bolo_journal_set_upkeep (purge->journal, REWRITE_DUE, 1, error);
}

static gboolean
delete_rows (Purge *purge, GError **error)
{
  guint n_doomed = CHUNK;

  if (!bolo_db_execute (purge->journal,
                        "CREATE TEMP TABLE IF NOT EXISTS doomed (id TEXT PRIMARY KEY);"
                        "CREATE TEMP TABLE IF NOT EXISTS doomed_hit (id TEXT PRIMARY KEY);"
                        "CREATE TEMP TABLE IF NOT EXISTS pictured (id TEXT PRIMARY KEY);",
                        error) ||
      !find_pictured (purge, error))
    return FALSE;
  while (n_doomed == CHUNK) {
    if (!delete_chunk (purge, &n_doomed, error))
      return FALSE;
    if (!let_through (purge)) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA, "The journal was set aside");
      return FALSE;
    }
  }
  return delete_strays (purge, error) && count_unsent (purge, error);
}

/* *@is_whole becomes FALSE when the day's file must stay. */
static void
spare_unsent (BoloMedia *media, const char *day, gboolean *is_whole)
{
  g_autoptr (GHashTable) sightings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (bolo_media_find_unsent (media, day, sightings, NULL) && g_hash_table_size (sightings) > 0)
    *is_whole = FALSE;
}

/* Rows first, pictures after them: a cut in between leaves a picture that nothing names. */
static gboolean
delete_pictures (Purge *purge, GError **error)
{
  BoloMedia *media = bolo_archive_get_media (purge->archive);
  g_auto (GStrv) days = bolo_media_list_days (media, error);

  if (days == NULL)
    return FALSE;
  for (guint i = 0; days[i] != NULL; i++) {
    gint64 end_us = bolo_media_get_day_end_us (days[i]);
    gboolean is_whole = end_us <= purge->older_than_us;

    if (end_us - G_TIME_SPAN_DAY >= purge->older_than_us)
      break; /* the days are in order */
    if (is_whole)
      spare_unsent (media, days[i], &is_whole);
    if (is_whole ? !bolo_media_remove_day (media, days[i], &purge->report->pictures, error)
                 : !bolo_media_erase_before (media, days[i], purge->older_than_us,
                                             &purge->report->pictures, error))
      return FALSE;
    purge->report->files += is_whole;
  }
  return TRUE;
}

/* All that a set-aside file holds is older than the moment when it was set aside. */
static gboolean
delete_set_aside (Purge *purge, GError **error)
{
  g_autoptr (GPtrArray) paths = bolo_archive_list_set_aside (purge->archive);

  for (guint i = 0; i < paths->len; i++) {
    g_autofree char *name = g_path_get_basename (paths->pdata[i]);

    if (bolo_db_files_get_set_aside_us (name) >= purge->older_than_us)
      continue;
    if (!bolo_db_files_remove (paths->pdata[i], error))
      return FALSE;
    purge->report->files++;
  }
  return TRUE;
}

static gboolean
note_purge (Purge *purge, const char *officer, GError **error)
{
  g_autofree char *limit = bolo_time_format_utc (purge->older_than_us);
  const BoloPurgeReport *report = purge->report;
  g_autofree char *text = g_strdup_printf (
    "older than %s: %u sightings, %u hits, %u dispositions, %u pictures, %u files", limit,
    report->sightings, report->hits, report->dispositions, report->pictures, report->files);
  g_autoptr (BoloNote) note =
    bolo_note_new (BOLO_NOTE_PURGE, officer, text,
                   bolo_clock_get_utc_us (bolo_archive_get_clock (purge->archive)));

  g_message ("Purged what is %s", text);
  return bolo_note_table_add (purge->journal, note, error);
}

/* BUSY when something urgent waits, or comes meanwhile. */
static gboolean
try_to_rewrite (Purge *purge, GError **error)
{
  const BoloRetentionHooks *hooks = purge->hooks;
  gboolean is_done;

  if (hooks->is_wanted != NULL && hooks->is_wanted (hooks->user_data)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_BUSY, "Something urgent waits");
    return FALSE;
  }
  bolo_db_set_interrupt (purge->journal, hooks->is_wanted, hooks->user_data);
  is_done = bolo_db_vacuum (purge->journal, error);
  bolo_db_set_interrupt (purge->journal, NULL, NULL);
  return is_done;
}

/* Rewrites the journal if rows were deleted since the last time; a hit that comes meanwhile goes
 * first, and the rewriting starts again. */
static gboolean
rewrite (Purge *purge, GError **error)
{
  gint64 is_due = 1;
  gboolean is_done = FALSE;

  if (!bolo_journal_get_upkeep (purge->journal, REWRITE_DUE, 0, &is_due, error))
    return FALSE;
  for (int i = 0; is_due && !is_done && i < MAX_REWRITES; i++) {
    g_autoptr (GError) local = NULL;

    is_done = try_to_rewrite (purge, &local);
    if (!is_done && !g_error_matches (local, BOLO_ERROR, BOLO_ERROR_BUSY)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    if (!is_done && !let_through (purge))
      return TRUE;
  }
  if (is_done && !bolo_journal_set_upkeep (purge->journal, REWRITE_DUE, 0, error))
    return FALSE;
  purge->report->is_complete = !is_due || is_done;
  /* Also when nothing was due: a purge may have been cut off just before this. */
  return bolo_db_checkpoint (purge->journal, error);
}

gboolean
bolo_retention_purge (BoloArchive *archive,
                      gint64 older_than_us,
                      const char *officer,
                      const BoloRetentionHooks *hooks,
                      BoloPurgeReport *report,
                      GError **error)
{
  Purge purge = {archive, bolo_archive_get_journal (archive),   report, older_than_us,
                 hooks,   bolo_archive_get_generation (archive)};
  gint64 start_us = g_get_monotonic_time ();
  gint64 bytes = bolo_archive_get_bytes (archive);

  report->older_than_us = older_than_us;
  bolo_archive_forget_placed (archive);
  if (!delete_rows (&purge, error) || !delete_pictures (&purge, error) ||
      !delete_set_aside (&purge, error) || !note_purge (&purge, officer, error) ||
      !rewrite (&purge, error))
    return FALSE;
  report->bytes = bytes - bolo_archive_get_bytes (archive);
  report->seconds = (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC;
  return TRUE;
}
