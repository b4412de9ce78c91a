/* bolo-note-table.c: what else the journal must say: sign-ons, purges, equipment
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-note-table"

#include "bolo-note-table.h"

#include "bolo-error.h"

BoloNote *
bolo_note_new (const char *kind, const char *officer, const char *text, gint64 at_us)
{
  BoloNote *self = g_new0 (BoloNote, 1);

  self->id = g_uuid_string_random ();
  self->kind = g_strdup (kind);
  self->officer = g_strdup (officer);
  self->text = g_strdup (text);
  self->at_us = at_us;
  return self;
}

void
bolo_note_free (BoloNote *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->kind);
  g_free (self->officer);
  g_free (self->text);
  g_free (self);
}

gboolean
bolo_note_table_add (BoloDb *journal, const BoloNote *note, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    journal, "INSERT INTO note (kind, officer, text, at_us, id) VALUES (?1, ?2, ?3, ?4, ?5)",
    error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, note->kind);
  bolo_statement_bind_text (statement, 2, note->officer);
  bolo_statement_bind_text (statement, 3, note->text);
  bolo_statement_bind_int64 (statement, 4, note->at_us);
  bolo_statement_bind_text (statement, 5, note->id);
  return bolo_statement_run (statement, error);
}

BoloNote *
bolo_note_table_load (BoloDb *journal, const char *id, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    journal, "SELECT id, kind, officer, text, at_us FROM note WHERE id = ?1", error);
  g_autoptr (BoloNote) note = NULL;
  gboolean has_row;

  if (statement == NULL)
    return NULL;
  bolo_statement_bind_text (statement, 1, id);
  if (!bolo_statement_step (statement, &has_row, error))
    return NULL;
  if (has_row) {
    note = g_new0 (BoloNote, 1);
    note->id = bolo_statement_get_text (statement, 0);
    note->kind = bolo_statement_get_text (statement, 1);
    note->officer = bolo_statement_get_text (statement, 2);
    note->text = bolo_statement_get_text (statement, 3);
    note->at_us = bolo_statement_get_int64 (statement, 4);
  } else {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND, "No note %s", id);
  }
  bolo_statement_reset (statement);
  return g_steal_pointer (&note);
}
