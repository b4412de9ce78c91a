/* bolo-disposition-table.h: what officers said of hits, in the journal
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-db.h"
#include "bolo-disposition.h"

G_BEGIN_DECLS

/* All functions: the store's worker. */

/* A second time with the same id changes nothing. */
gboolean bolo_disposition_table_add (BoloDb *journal,
                                     const BoloDisposition *disposition,
                                     gboolean *is_new,
                                     GError **error);
/* (transfer full): of BoloDisposition, in time's order. */
GPtrArray *bolo_disposition_table_list (BoloDb *journal, const char *hit, GError **error);
/* (transfer full); NOT_FOUND. */
BoloDisposition *bolo_disposition_table_load (BoloDb *journal, const char *id, GError **error);

G_END_DECLS
