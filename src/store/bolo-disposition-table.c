/* bolo-disposition-table.c: what officers said of hits, in the journal
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-disposition-table"

#include "bolo-disposition-table.h"

#include "bolo-disk-numbers.h"
#include "bolo-error.h"

gboolean
bolo_disposition_table_add (BoloDb *journal,
                            const BoloDisposition *disposition,
                            gboolean *is_new,
                            GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (journal,
                     "INSERT INTO disposition (id, hit, kind, officer, checked_by, checked_how,"
                     " at_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING",
                     error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, disposition->id);
  bolo_statement_bind_text (statement, 2, disposition->hit);
  bolo_statement_bind_int64 (
    statement, 3, bolo_disk_number_from_value (BOLO_DISK_DISPOSITION, (int) disposition->kind));
  bolo_statement_bind_text (statement, 4, disposition->officer);
  bolo_statement_bind_text (statement, 5, disposition->checked_by);
  bolo_statement_bind_text (statement, 6, disposition->checked_how);
  bolo_statement_bind_int64 (statement, 7, disposition->at_us);
  if (!bolo_statement_run (statement, error))
    return FALSE;
  *is_new = bolo_db_get_n_changed (journal) > 0;
  return TRUE;
}

static BoloDisposition *
read_disposition (BoloStatement *statement)
{
  BoloDisposition *disposition = bolo_disposition_new ();
  int kind = BOLO_DISPOSITION_SEEN;

  bolo_disk_number_to_value (BOLO_DISK_DISPOSITION, bolo_statement_get_int64 (statement, 2), &kind);
  disposition->id = bolo_statement_get_text (statement, 0);
  disposition->hit = bolo_statement_get_text (statement, 1);
  disposition->kind = (BoloDispositionKind) kind;
  disposition->officer = bolo_statement_get_text (statement, 3);
  disposition->checked_by = bolo_statement_get_text (statement, 4);
  disposition->checked_how = bolo_statement_get_text (statement, 5);
  disposition->at_us = bolo_statement_get_int64 (statement, 6);
  return disposition;
}

GPtrArray *
bolo_disposition_table_list (BoloDb *journal, const char *hit, GError **error)
{
  g_autoptr (GPtrArray) found =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_disposition_unref);
  BoloStatement *statement =
    bolo_db_prepare (journal,
                     "SELECT id, hit, kind, officer, checked_by, checked_how, at_us"
                     " FROM disposition WHERE hit = ?1 ORDER BY at_us, id",
                     error);
  gboolean has_row = TRUE;

  if (statement == NULL)
    return NULL;
  bolo_statement_bind_text (statement, 1, hit);
  while (has_row) {
    if (!bolo_statement_step (statement, &has_row, error))
      return NULL;
    if (has_row)
      g_ptr_array_add (found, read_disposition (statement));
  }
  bolo_statement_reset (statement);
  return g_steal_pointer (&found);
}

BoloDisposition *
bolo_disposition_table_load (BoloDb *journal, const char *id, GError **error)
{
  BoloStatement *statement =
    bolo_db_prepare (journal,
                     "SELECT id, hit, kind, officer, checked_by, checked_how, at_us"
                     " FROM disposition WHERE id = ?1",
                     error);
  BoloDisposition *disposition = NULL;
  gboolean has_row;

  if (statement == NULL)
    return NULL;
  bolo_statement_bind_text (statement, 1, id);
  if (!bolo_statement_step (statement, &has_row, error))
    return NULL;
  if (has_row)
    disposition = read_disposition (statement);
  else
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "No disposition %s", id);
  bolo_statement_reset (statement);
  return disposition;
}
