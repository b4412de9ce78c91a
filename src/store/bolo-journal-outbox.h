/* bolo-journal-outbox.h: what of the journal is still to be sent
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-note-table.h"
#include "bolo-unsent.h"

G_BEGIN_DECLS

/* All functions: the store's worker; the adding ones in the transaction of the record. */

/* @number: the row of the state; it is the state that is sent, for it only grows. */
gboolean bolo_journal_outbox_add_sighting (BoloDb *journal,
                                           const BoloSighting *sighting,
                                           gint64 number,
                                           GError **error);
gboolean
bolo_journal_outbox_add_hit (BoloDb *journal, const BoloHit *hit, gint64 number, GError **error);
gboolean bolo_journal_outbox_add_disposition (BoloDb *journal,
                                              const BoloDisposition *disposition,
                                              GError **error);
/* Of kind health only; others are of no one's business. */
gboolean bolo_journal_outbox_add_note (BoloDb *journal, const BoloNote *note, GError **error);
/* Whom there is to send to; queues all that is kept for those who are new. */
gboolean
bolo_journal_outbox_set_receivers (BoloDb *journal, const char *const *receivers, GError **error);
BoloUnsentFile bolo_journal_outbox_get_file (BoloDb *journal);

G_END_DECLS
