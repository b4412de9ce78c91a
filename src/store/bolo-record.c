/* bolo-record.c: one thing that waits for its commit
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-record.h"

/* What a record weighs beside its pictures. */
#define BASE_BYTES 1024

static BoloRecord *
record_new (BoloRecordKind kind)
{
  BoloRecord *self = g_new0 (BoloRecord, 1);

  self->kind = kind;
  self->bytes = BASE_BYTES;
  self->added_us = g_get_monotonic_time ();
  return self;
}

static gsize
get_picture_bytes (const BoloSighting *sighting)
{
  gsize bytes = 0;

  if (sighting->patch_jpeg != NULL)
    bytes += g_bytes_get_size (sighting->patch_jpeg);
  if (sighting->overview_jpeg != NULL)
    bytes += g_bytes_get_size (sighting->overview_jpeg);
  return bytes;
}

BoloRecord *
bolo_record_new_sighting (const BoloSighting *sighting)
{
  BoloRecord *self = record_new (BOLO_RECORD_SIGHTING);

  self->sighting = bolo_sighting_ref (sighting);
  self->bytes += get_picture_bytes (sighting);
  return self;
}

BoloRecord *
bolo_record_new_hit (const BoloHit *hit)
{
  BoloRecord *self = record_new (BOLO_RECORD_HIT);

  self->hit = bolo_hit_ref (hit);
  self->bytes += get_picture_bytes (hit->sighting);
  return self;
}

BoloRecord *
bolo_record_new_disposition (const BoloDisposition *disposition)
{
  BoloRecord *self = record_new (BOLO_RECORD_DISPOSITION);

  self->disposition = bolo_disposition_ref (disposition);
  return self;
}

BoloRecord *
bolo_record_new_note (BoloNote *note)
{
  BoloRecord *self = record_new (BOLO_RECORD_NOTE);

  self->note = note;
  return self;
}

void
bolo_record_free (BoloRecord *self)
{
  if (self == NULL)
    return;
  switch (self->kind) {
  case BOLO_RECORD_SIGHTING:
    bolo_sighting_unref (self->sighting);
    break;
  case BOLO_RECORD_HIT:
    bolo_hit_unref (self->hit);
    break;
  case BOLO_RECORD_DISPOSITION:
    bolo_disposition_unref (self->disposition);
    break;
  case BOLO_RECORD_NOTE:
    bolo_note_free (self->note);
    break;
  }
  g_free (self);
}

const BoloSighting *
bolo_record_get_sighting (const BoloRecord *self)
{
  if (self->kind == BOLO_RECORD_SIGHTING)
    return self->sighting;
  return self->kind == BOLO_RECORD_HIT ? self->hit->sighting : NULL;
}
