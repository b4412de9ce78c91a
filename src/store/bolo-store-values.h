/* bolo-store-values.h: the plain values in which the store answers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  BOLO_PICTURE_PATCH,
  BOLO_PICTURE_OVERVIEW,
} BoloPictureKind;

/* BoloStoreQuery: what to look for; @text (nullable) a normalised mark, met exactly, @glob
 * (nullable) a pattern as SQLite's GLOB writes it; times are UTC of capture, from included, to not.
 * @max 0: all. */
typedef struct {
  const char *text;
  gint64 from_us;
  gint64 to_us;
  guint max;
  const char *glob;
} BoloStoreQuery;

/* BoloPurgeReport: what a purge took. Plain data. */
typedef struct {
  gint64 older_than_us;
  guint sightings;
  guint hits;
  guint dispositions;
  guint pictures;
  guint files;  /* whole days and set-aside files */
  guint unsent; /* sightings that are old enough, and kept because somebody waits for them */
  gint64 bytes; /* of the files before, less after */
  double seconds;
  gboolean is_complete; /* FALSE: rows are gone, but the file could not be rewritten yet */
} BoloPurgeReport;

void bolo_purge_report_free (BoloPurgeReport *self);

/* BoloStoreCounts: what there is. Plain data. */
typedef struct {
  gint64 sightings;
  gint64 sightings_due;
  gint64 hits;
  gint64 dispositions;
  gint64 notes;
  gint64 oldest_us;     /* -1: none */
  gint64 newest_us;     /* -1: none */
  gint64 last_purge_us; /* -1: never */
  guint media_files;
  guint set_aside_files;
  gint64 bytes;
} BoloStoreCounts;

void bolo_store_counts_free (BoloStoreCounts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloPurgeReport, bolo_purge_report_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloStoreCounts, bolo_store_counts_free)

G_END_DECLS
