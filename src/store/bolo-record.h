/* bolo-record.h: one thing that waits for its commit
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-disposition.h"
#include "bolo-hit.h"
#include "bolo-note-table.h"
#include "bolo-sighting.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_RECORD_SIGHTING,
  BOLO_RECORD_HIT,
  BOLO_RECORD_DISPOSITION,
  BOLO_RECORD_NOTE,
} BoloRecordKind;

/* BoloRecord: plain data; made on any thread, then owned by a queue or a batch. */
typedef struct {
  BoloRecordKind kind;
  union {
    BoloSighting *sighting;
    BoloHit *hit;
    BoloDisposition *disposition;
    BoloNote *note;
  };
  gsize bytes;      /* that it holds in memory, about */
  gint64 added_us;  /* monotonic */
  gboolean is_lost; /* set by a batch: it cannot be stored, by our own mistake */
} BoloRecord;

BoloRecord *bolo_record_new_sighting (const BoloSighting *sighting);
BoloRecord *bolo_record_new_hit (const BoloHit *hit);
BoloRecord *bolo_record_new_disposition (const BoloDisposition *disposition);
/* @note (transfer full) */
BoloRecord *bolo_record_new_note (BoloNote *note);
void bolo_record_free (BoloRecord *self);
/* The sighting in a sighting or a hit, else NULL. (transfer none) */
const BoloSighting *bolo_record_get_sighting (const BoloRecord *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloRecord, bolo_record_free)

G_END_DECLS
