/* bolo-cli-bench-records.h: records of a car's day, to measure with
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-hit.h"

G_BEGIN_DECLS

/* One hit in so many sightings. */
#define BOLO_BENCH_SIGHTINGS_PER_HIT 100

/* BoloBenchRecords: makes sightings with pictures that cannot be packed, a patch of 3 kB and an
 * overview, spread over some days; a given seed gives the same ones. One thread. */
typedef struct _BoloBenchRecords BoloBenchRecords;

/* @n_records: how many it will be, over @span_us from @first_us (UTC) on. */
BoloBenchRecords *bolo_bench_records_new (
  gint64 n_records, gint64 first_us, gint64 span_us, gsize overview_bytes, const char *seed);
void bolo_bench_records_free (BoloBenchRecords *self);
/* (transfer full) each */
BoloSighting *bolo_bench_records_make_sighting (BoloBenchRecords *self, gint64 number);
BoloHit *bolo_bench_records_make_hit (BoloBenchRecords *self, const BoloSighting *sighting);
/* (transfer full): a number's mark. */
char *bolo_bench_records_make_text (gint64 number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloBenchRecords, bolo_bench_records_free)

G_END_DECLS
