/* bolo-note-table.h: what else the journal must say: sign-ons, purges, equipment
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-db.h"

G_BEGIN_DECLS

/* The kind under which a purge logs itself; kept longer than others. */
#define BOLO_NOTE_PURGE "purge"
/* What the equipment said of itself; the only kind that is sent. */
#define BOLO_NOTE_HEALTH "health"

/* BoloNote: never holds a mark. Plain data. */
typedef struct {
  char *id; /* UUID */
  char *kind;
  char *officer; /* (nullable) */
  char *text;
  gint64 at_us; /* UTC */
} BoloNote;

BoloNote *bolo_note_new (const char *kind, const char *officer, const char *text, gint64 at_us);
void bolo_note_free (BoloNote *self);

/* The store's worker. */
gboolean bolo_note_table_add (BoloDb *journal, const BoloNote *note, GError **error);
/* (transfer full); NOT_FOUND. */
BoloNote *bolo_note_table_load (BoloDb *journal, const char *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloNote, bolo_note_free)

G_END_DECLS
