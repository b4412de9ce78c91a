/* bolo-retention.h: what is too old goes, from the rows and from the bytes of the files
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-archive.h"
#include "bolo-retention-days.h"

G_BEGIN_DECLS

/* BoloRetentionHooks: how new records get through while a purge runs; each (nullable). */
typedef struct {
  void (*pause) (gpointer user_data);         /* between two steps: commit what has come */
  gboolean (*is_wanted) (gpointer user_data); /* TRUE: stop rewriting, something urgent waits */
  gpointer user_data;
} BoloRetentionHooks;

/* Deletes every sighting due before an instant with all its states, pictures, hits and what was
 * said of them; whole days' files and set-aside files by unlinking, the rest by overwriting, and
 * rewrites the journal. The purge is noted with @officer (nullable). The store's worker. */
gboolean bolo_retention_purge (BoloArchive *archive,
                               gint64 older_than_us,
                               const char *officer,
                               const BoloRetentionHooks *hooks,
                               BoloPurgeReport *report,
                               GError **error);

G_END_DECLS
