/* bolo-note-table.c: what else the journal must say: sign-ons, purges, equipment
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-note-table"

#include "bolo-note-table.h"

BoloNote *
bolo_note_new (const char *kind, const char *officer, const char *text, gint64 at_us)
{
  BoloNote *self = g_new0 (BoloNote, 1);

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
  g_free (self->kind);
  g_free (self->officer);
  g_free (self->text);
  g_free (self);
}

gboolean
bolo_note_table_add (BoloDb *journal, const BoloNote *note, GError **error)
{
  BoloStatement *statement = bolo_db_prepare (
    journal, "INSERT INTO note (kind, officer, text, at_us) VALUES (?1, ?2, ?3, ?4)", error);

  if (statement == NULL)
    return FALSE;
  bolo_statement_bind_text (statement, 1, note->kind);
  bolo_statement_bind_text (statement, 2, note->officer);
  bolo_statement_bind_text (statement, 3, note->text);
  bolo_statement_bind_int64 (statement, 4, note->at_us);
  return bolo_statement_run (statement, error);
}
