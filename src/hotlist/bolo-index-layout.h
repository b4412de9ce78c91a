/* bolo-index-layout.h: counts what goes into an index, and writes it out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-index-format.h"
#include "bolo-index-sorter.h"
#include "bolo-list-entry.h"

G_BEGIN_DECLS

/* BoloIndexLayout: the header as it grows. One thread. */
typedef struct {
  BoloIndexHeader header;
  GHashTable *weeds; /* (owned): weed_us to change */
  gint64 *weed_last; /* the change counted last; rows of one day stand together */
  gint64 weed_last_us;
  gint64 weed_unit_us; /* times are rounded up to it */
} BoloIndexLayout;

void bolo_index_layout_init (BoloIndexLayout *self);
void bolo_index_layout_clear (BoloIndexLayout *self);
/* Counts an entry in (@change 1), or out of the layers below (-1). */
void bolo_index_layout_count (BoloIndexLayout *self,
                              const BoloListEntry *entry,
                              guint64 row,
                              int change);
/* Writes the whole index file. @sorter: sorted; @patterns: of BoloIndexPattern, is put in order;
 * @masks: of guint64, ascending. */
gboolean bolo_index_layout_write (BoloIndexLayout *self,
                                  int fd,
                                  BoloIndexSorter *sorter,
                                  GArray *patterns,
                                  GArray *masks,
                                  GError **error);

G_END_DECLS
