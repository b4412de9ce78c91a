/* bolo-store-samples.h: sightings, hits and folders to store in tests
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-disposition.h"
#include "bolo-hit.h"
#include "bolo-store.h"

G_BEGIN_DECLS

/* 2026-03-14T17:20:00Z */
#define SAMPLE_START_US G_GINT64_CONSTANT (1773508800000000)

/* A whole sighting; the mark, pictures and times follow from @number, so that a test can tell what
 * must be there. The id too: sample_id ("sighting", number). (transfer full) */
BoloSighting *sample_sighting (guint number, BoloSightingState state, gint64 captured_us);
/* (transfer full) */
BoloClone *sample_clone (void);
BoloHit *sample_hit (guint number, const BoloSighting *sighting);
BoloDisposition *sample_disposition (guint number, const char *hit, BoloDispositionKind kind);
char *sample_id (const char *kind, guint number);
/* Number in an id that sample_id made, and whether it is of that kind. */
gboolean sample_parse_id (const char *id, const char *kind, guint *number);
char *sample_text (guint number);
/* @what "patch" or "overview"; begins and ends as a JPEG does, with words in between. */
GBytes *sample_picture (const char *what, guint number, gsize size);

char *sample_make_folder (void);
void sample_save (const char *folder, const char *name, const char *text);
/* (transfer full): open, and queueing what is added for the @receivers. */
BoloStore *sample_open_store (const char *folder, BoloClock *clock, const char *const *receivers);
/* Removes a folder and what is in it. */
void sample_remove_folder (const char *folder);
/* Whether any file in the folder holds these bytes anywhere. */
gboolean sample_folder_has_bytes (const char *folder, gconstpointer bytes, gsize size);
gboolean sample_folder_has_text (const char *folder, const char *text);

/* Iterates the default context until @condition (data) holds; fails the test after 30 s. */
void sample_wait (gboolean (*condition) (gpointer data), gpointer data);
/* Everything added is durable and announced. */
void sample_flush (BoloStore *store);
BoloPurgeReport *sample_purge (BoloStore *store, gint64 older_than_us);

G_END_DECLS
