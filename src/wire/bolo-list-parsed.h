/* bolo-list-parsed.h: what one row of a list says
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-list-entry.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_LIST_INSERT,
  BOLO_LIST_DELETE, /* all entries of the list for that mark go */
} BoloListOperation;

/* BoloListRow: one good row. */
typedef struct {
  guint64 row;
  guint64 line;
  BoloListOperation operation;
  /* (transfer full): list, kind, id, revision, trust and times are left for the caller to fill. */
  BoloListEntry *entry;
} BoloListRow;

G_END_DECLS
