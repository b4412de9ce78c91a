/* bolo-journal.h: the schema of journal.db, step by step
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-db.h"

G_BEGIN_DECLS

#define BOLO_JOURNAL_FILE "journal.db"
#define BOLO_JOURNAL_VERSION 6

/* Brings a journal to this version. The store's worker. */
gboolean bolo_journal_migrate (BoloDb *journal, GError **error);
/* Lets a reader, who changes nothing, look up sightings in a journal of an earlier @version. */
gboolean bolo_journal_show_as_now (BoloDb *journal, int version, GError **error);
/* A few numbers that the journal keeps of its own upkeep. */
gboolean bolo_journal_set_upkeep (BoloDb *journal, const char *key, gint64 value, GError **error);
gboolean bolo_journal_get_upkeep (
  BoloDb *journal, const char *key, gint64 fallback, gint64 *value, GError **error);

G_END_DECLS
