/* bolo-index-writer.h: writes one run of a file in large pieces, summing it up on the way
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-index-format.h"

G_BEGIN_DECLS

/* BoloIndexWriter: from @offset of a file onwards; several may write to one file. One thread at a
 * time. */
typedef struct {
  int fd; /* lent */
  guint64 offset;
  guint8 *buffer; /* (owned) */
  gsize used;
  BoloIndexSum sum;
  int failed; /* errno of the first failure, 0: none */
} BoloIndexWriter;

void bolo_index_writer_init (BoloIndexWriter *self, int fd, guint64 offset);
void bolo_index_writer_clear (BoloIndexWriter *self);
/* A failure is kept for flush to tell. */
void bolo_index_writer_put (BoloIndexWriter *self, gconstpointer bytes, gsize length);
/* FALSE, with BOLO_ERROR_NO_SPACE or what else it was, when anything so far could not be
 * written. */
gboolean bolo_index_writer_flush (BoloIndexWriter *self, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoloIndexWriter, bolo_index_writer_clear)

G_END_DECLS
