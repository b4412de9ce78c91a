/* bolo-sync-words.h: how it stands with the station, in words
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-health.h"
#include "bolo-sync-state.h"

G_BEGIN_DECLS

/* Pure; any thread. Texts: (transfer full), translated. Times are UTC. */

/* The remote that is worst off. (transfer none) */
const BoloSyncFigures *bolo_sync_words_get_worst (BoloSyncState *state);
/* "Everything is sent", "312 records are not sent yet" … */
char *bolo_sync_words_get_headline (BoloSyncState *state);
/* What is being done now, when there was contact last, and what to do where something is wrong. */
char *bolo_sync_words_get_detail (const BoloSyncFigures *figures, gint64 now_us);
/* "2 hits, 40 sightings, 3 others, 1 MB", and its pictures. */
char *bolo_sync_words_get_unsent (const BoloSyncFigures *figures);
char *bolo_sync_words_get_unsent_pictures (const BoloSyncFigures *figures);
/* What a station has signed for, and when, with the start of its hash. */
char *bolo_sync_words_get_receipt (const BoloReceipt *receipt);
/* Of a stick that is in; @detail (out). */
char *bolo_sync_words_get_stick (const BoloStick *stick, char **detail);
/* "1 204 of 5 000, 40 kB/s, 3 min left"; NULL while nothing is sent. *fraction (out): 0 to 1. */
char *bolo_sync_words_get_progress (BoloSyncState *state, double *fraction);
/* For the status line, as short as can be understood. A link that comes and goes is no trouble for
 * half an hour: that is what cars have. */
char *
bolo_sync_words_get_status (BoloSyncState *state, gint64 now_us, BoloHealthState *health_state);
/* "2 min ago" of a time that has been. */
char *bolo_sync_words_get_ago (gint64 since_us, gint64 now_us);
/* "1.3 km north", "400 m south-west". */
char *bolo_sync_words_get_way (double distance_m, double bearing_deg);
const char *bolo_sync_words_get_verification (BoloVerification verification);

G_END_DECLS
