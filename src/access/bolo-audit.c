/* bolo-audit.c: who asked for what, when and why: rows that are added and never changed
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-audit"

#include "bolo-audit.h"

#include "bolo-db.h"
#include "bolo-error.h"
#include "bolo-unsent.h"

#include <string.h>

#define FILE_NAME "audit.db"
/* About what a row weighs when it is sent. */
#define SENT_BYTES 500
/* All that is kept, for a receiver that is new. */
#define FILL "SELECT 'audit', CAST (number AS TEXT), 1, 5, 500, at_us FROM audit"
/* What the first row links to. */
#define NO_HASH "0000000000000000000000000000000000000000000000000000000000000000"
#define COLUMNS "number, act, at_us, officer, subject, reason, reference, authoriser, details, hash"

struct _BoloAudit {
  BoloDb *db; /* (owned) */
};

/* Acts on the disk: append-only numbers, so that the enumeration may be sorted anew. */
static const struct {
  gint64 number;
  const char *name;
} acts[] = {
  [BOLO_AUDIT_SEARCHED] = {1, "searched"},
  [BOLO_AUDIT_WATCH_ADDED] = {2, "watch-added"},
  [BOLO_AUDIT_WATCH_REMOVED] = {3, "watch-removed"},
  [BOLO_AUDIT_WATCH_EXPIRED] = {4, "watch-expired"},
  [BOLO_AUDIT_ENTRY_SILENCED] = {5, "entry-silenced"},
  [BOLO_AUDIT_SILENCE_REMOVED] = {6, "silence-removed"},
  [BOLO_AUDIT_SILENCE_EXPIRED] = {7, "silence-expired"},
};

void
bolo_audit_record_free (BoloAuditRecord *self)
{
  if (self == NULL)
    return;
  g_free (self->officer);
  g_free (self->subject);
  g_free (self->reason);
  g_free (self->reference);
  g_free (self->authoriser);
  g_free (self->details);
  g_free (self->hash);
  g_free (self);
}

const char *
bolo_audit_act_to_string (BoloAuditAct act)
{
  g_return_val_if_fail ((gsize) act < G_N_ELEMENTS (acts), NULL);

  return acts[act].name;
}

/* The triggers keep an honest program honest; the chain finds the others. */
static gboolean
make_tables (BoloDb *db, GError **error)
{
  return bolo_db_execute (
    db,
    "CREATE TABLE audit ("
    " number INTEGER PRIMARY KEY, act INTEGER NOT NULL, at_us INTEGER NOT NULL, officer TEXT,"
    " subject TEXT, reason TEXT, reference TEXT, authoriser TEXT, details TEXT,"
    " hash TEXT NOT NULL) STRICT;"
    "CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE (ABORT, 'the audit is never changed'); END;"
    "CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit"
    " BEGIN SELECT RAISE (ABORT, 'the audit is never cut'); END;",
    error);
}

static const BoloDbStep steps[] = {make_tables, bolo_outbox_create, bolo_outbox_add_receivers};

BoloAudit *
bolo_audit_open (const char *state_dir, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (BoloDb) db = NULL;
  BoloAudit *self;

  g_return_val_if_fail (state_dir != NULL, NULL);

  path = g_build_filename (state_dir, FILE_NAME, NULL);
  db = bolo_db_open (path, NULL, BOLO_DB_CREATE, error);
  if (db == NULL || !bolo_db_migrate (db, steps, G_N_ELEMENTS (steps), error) ||
      !bolo_db_sync_directory (db, error))
    return NULL;
  self = g_new0 (BoloAudit, 1);
  self->db = g_steal_pointer (&db);
  return self;
}

void
bolo_audit_close (BoloAudit *self)
{
  if (self == NULL)
    return;
  bolo_db_close (self->db);
  g_free (self);
}

/* Each text with its length before it, so that no two records can be written alike. */
static void
add_text (GChecksum *sum, const char *text)
{
  g_autofree char *length =
    text != NULL ? g_strdup_printf ("%" G_GSIZE_FORMAT ":", strlen (text)) : g_strdup ("-:");

  g_checksum_update (sum, (const guchar *) length, -1);
  if (text != NULL)
    g_checksum_update (sum, (const guchar *) text, -1);
}

static char *
make_hash (const BoloAuditRecord *record, const char *previous)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *numbers =
    g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, record->number,
                     acts[record->act].number, record->at_us);

  add_text (sum, previous);
  add_text (sum, numbers);
  add_text (sum, record->officer);
  add_text (sum, record->subject);
  add_text (sum, record->reason);
  add_text (sum, record->reference);
  add_text (sum, record->authoriser);
  add_text (sum, record->details);
  return g_strdup (g_checksum_get_string (sum));
}

static gboolean
get_newest (BoloAudit *self, gint64 *number, char **hash, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    self->db, "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", error);
  gboolean has_row = FALSE;

  if (statement == NULL || !bolo_statement_step (statement, &has_row, error))
    return FALSE;
  *number = has_row ? bolo_statement_get_int64 (statement, 0) : 0;
  *hash = has_row ? bolo_statement_get_text (statement, 1) : g_strdup (NO_HASH);
  bolo_statement_reset (statement);
  return TRUE;
}

static gboolean
insert (BoloAudit *self, const BoloAuditRecord *record, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    self->db, "INSERT INTO audit (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    error);
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT, record->number);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, record->number);
  bolo_statement_bind_int64 (statement, 2, acts[record->act].number);
  bolo_statement_bind_int64 (statement, 3, record->at_us);
  bolo_statement_bind_text (statement, 4, record->officer);
  bolo_statement_bind_text (statement, 5, record->subject);
  bolo_statement_bind_text (statement, 6, record->reason);
  bolo_statement_bind_text (statement, 7, record->reference);
  bolo_statement_bind_text (statement, 8, record->authoriser);
  bolo_statement_bind_text (statement, 9, record->details);
  bolo_statement_bind_text (statement, 10, record->hash);
  return bolo_statement_run (statement, error) &&
         bolo_unsent_add (self->db, BOLO_TOPIC_AUDIT, name, 1, BOLO_URGENCY_REST, SENT_BYTES,
                          record->at_us, error);
}

gboolean
bolo_audit_append (BoloAudit *self, BoloAuditRecord *record, GError **error)
{
  g_autofree char *previous = NULL;

  g_return_val_if_fail (self != NULL && record != NULL, FALSE);
  g_return_val_if_fail ((gsize) record->act < G_N_ELEMENTS (acts), FALSE);

  /* The transaction takes the file's lock first, so that what is read is still the newest. */
  if (!bolo_db_begin (self->db, error))
    return FALSE;
  g_clear_pointer (&record->hash, g_free);
  if (!get_newest (self, &record->number, &previous, error)) {
    bolo_db_roll_back (self->db);
    return FALSE;
  }
  record->number++;
  record->hash = make_hash (record, previous);
  if (!insert (self, record, error)) {
    bolo_db_roll_back (self->db);
    return FALSE;
  }
  return bolo_db_commit (self->db, error);
}

static gboolean
read_act (gint64 number, BoloAuditAct *act, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++) {
    if (acts[i].number == number) {
      *act = (BoloAuditAct) i;
      return TRUE;
    }
  }
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "the audit holds an act %" G_GINT64_FORMAT
               " that this Bolo does not know; use the newer one that wrote it",
               number);
  return FALSE;
}

static BoloAuditRecord *
read_record (BoloStatement *statement, GError **error)
{
  g_autoptr (BoloAuditRecord) record = g_new0 (BoloAuditRecord, 1);

  record->number = bolo_statement_get_int64 (statement, 0);
  if (!read_act (bolo_statement_get_int64 (statement, 1), &record->act, error))
    return NULL;
  record->at_us = bolo_statement_get_int64 (statement, 2);
  record->officer = bolo_statement_get_text (statement, 3);
  record->subject = bolo_statement_get_text (statement, 4);
  record->reason = bolo_statement_get_text (statement, 5);
  record->reference = bolo_statement_get_text (statement, 6);
  record->authoriser = bolo_statement_get_text (statement, 7);
  record->details = bolo_statement_get_text (statement, 8);
  record->hash = bolo_statement_get_text (statement, 9);
  return g_steal_pointer (&record);
}

/* Called with each record in order; FALSE ends it. */
typedef gboolean (*RecordFunc) (BoloAuditRecord *record, gpointer data, GError **error);

static gboolean
for_each (BoloAudit *self, gint64 from, RecordFunc func, gpointer data, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    self->db, "SELECT " COLUMNS " FROM audit WHERE number >= ?1 ORDER BY number", error);
  gboolean has_row = TRUE;
  gboolean is_good = TRUE;

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, from);
  while (is_good && has_row) {
    BoloAuditRecord *record;

    if (!bolo_statement_step (statement, &has_row, error))
      return FALSE;
    if (!has_row)
      break;
    record = read_record (statement, error);
    is_good = record != NULL && func (record, data, error);
  }
  bolo_statement_reset (statement);
  return is_good;
}

/* What the next row of a sound chain has. */
typedef struct {
  gint64 number;
  char *previous; /* (owned) */
} Chain;

static gboolean
check_link (BoloAuditRecord *taken, gpointer data, GError **error)
{
  g_autoptr (BoloAuditRecord) record = taken;
  Chain *chain = data;
  g_autofree char *hash = make_hash (record, chain->previous);

  if (record->number != chain->number || g_strcmp0 (hash, record->hash) != 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                 "row %" G_GINT64_FORMAT " of the audit is not what was written there; keep the "
                 "file as it is and tell the data protection officer",
                 chain->number);
    return FALSE;
  }
  chain->number++;
  g_free (chain->previous);
  chain->previous = g_steal_pointer (&hash);
  return TRUE;
}

gboolean
bolo_audit_verify (BoloAudit *self, gint64 *n_records, GError **error)
{
  Chain chain = {1, g_strdup (NO_HASH)};
  gboolean is_sound;

  g_return_val_if_fail (self != NULL, FALSE);

  is_sound = for_each (self, G_MININT64, check_link, &chain, error);
  g_free (chain.previous);
  if (n_records != NULL)
    *n_records = chain.number - 1;
  return is_sound;
}

static gboolean
keep_record (BoloAuditRecord *record, gpointer data, GError **error)
{
  g_ptr_array_add (data, record);
  return TRUE;
}

GPtrArray *
bolo_audit_list (BoloAudit *self, gint64 from_number, GError **error)
{
  g_autoptr (GPtrArray) records =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_audit_record_free);

  g_return_val_if_fail (self != NULL, NULL);

  if (!for_each (self, from_number, keep_record, records, error))
    return NULL;
  return g_steal_pointer (&records);
}

/* ---- sending ------------------------------------------------------------------------------- */

gboolean
bolo_audit_set_receivers (BoloAudit *self, const char *const *receivers, GError **error)
{
  g_return_val_if_fail (self != NULL && receivers != NULL, FALSE);

  return bolo_outbox_set_receivers (self->db, receivers, FILL, error);
}

static gboolean
load_item (gpointer owner, BoloOutgoing *item, GError **error)
{
  BoloAudit *self = owner;
  BoloStatement *statement =
    bolo_db_prepare (self->db, "SELECT " COLUMNS " FROM audit WHERE number = ?1", error);
  g_autoptr (BoloAuditRecord) record = NULL;
  gboolean has_row;

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_int64 (statement, 1, g_ascii_strtoll (item->id, NULL, 10));
  if (!bolo_statement_step (statement, &has_row, error))
    return FALSE;
  if (has_row)
    record = read_record (statement, error);
  else
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "row %s of the audit is gone", item->id);
  bolo_statement_reset (statement);
  if (record == NULL)
    return FALSE;
  bolo_outgoing_add_number (item, "number", record->number);
  bolo_outgoing_add_text (item, "act", bolo_audit_act_to_string (record->act));
  bolo_outgoing_add_time (item, "at", record->at_us);
  bolo_outgoing_add_text (item, "officer", record->officer);
  bolo_outgoing_add_text (item, "subject", record->subject);
  bolo_outgoing_add_text (item, "reason", record->reason);
  bolo_outgoing_add_text (item, "reference", record->reference);
  bolo_outgoing_add_text (item, "authoriser", record->authoriser);
  bolo_outgoing_add_text (item, "details", record->details);
  bolo_outgoing_add_text (item, "hash", record->hash);
  return TRUE;
}

static BoloUnsentFile
get_file (BoloAudit *self)
{
  return (BoloUnsentFile){self->db, BOLO_TOPIC_BIT (BOLO_TOPIC_AUDIT), NULL, load_item, self};
}

GPtrArray *
bolo_audit_list_unsent (BoloAudit *self, const BoloUnsentQuery *query, GError **error)
{
  BoloUnsentFile file;

  g_return_val_if_fail (self != NULL && query != NULL, NULL);

  file = get_file (self);
  return bolo_unsent_list (&file, query, error);
}

gboolean
bolo_audit_settle (
  BoloAudit *self, const char *receiver, GPtrArray *items, gint64 later_us, GError **error)
{
  BoloUnsentFile file;

  g_return_val_if_fail (self != NULL && receiver != NULL && items != NULL, FALSE);

  file = get_file (self);
  return bolo_unsent_settle (&file, receiver, items, later_us, error);
}

gboolean
bolo_audit_count_unsent (BoloAudit *self,
                         const char *receiver,
                         BoloUnsentCounts *counts,
                         GError **error)
{
  BoloUnsentFile file;

  g_return_val_if_fail (self != NULL && receiver != NULL && counts != NULL, FALSE);

  file = get_file (self);
  return bolo_unsent_count (&file, receiver, counts, error);
}
