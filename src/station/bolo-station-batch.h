/* bolo-station-batch.h: one POST /v1/batch, from its first byte to its answer
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libsoup/soup.h>

#include "bolo-station-intake.h"

G_BEGIN_DECLS

/* The most that a batch may have, uncompressed. */
#define BOLO_STATION_BATCH_BYTES (4 * 1024 * 1024)
/* The most that an item's bytes may be: larger pictures come in parts. It bounds what the station
 * holds for each car. */
#define BOLO_STATION_ITEM_BYTES (256 * 1024)

/* BoloStationBatch: reads a body as it comes, and hands its items on while it comes; while two
 * handfuls are on their way to the disk it reads no more. Lives as long as its message or as what
 * it waits for. Main thread. */
typedef struct _BoloStationBatch BoloStationBatch;

/* In an early handler: takes the message's body from now on. */
BoloStationBatch *bolo_station_batch_begin (SoupServerMessage *message,
                                            BoloStationIntake *intake,
                                            BoloStationFaults *faults,
                                            const char *car);
/* In the handler: the body has come. Answers when everything is decided. */
void bolo_station_batch_end (BoloStationBatch *self);
/* The message is gone, in whatever way: what came of a body that broke off is kept. Frees. */
void bolo_station_batch_leave (BoloStationBatch *self);

G_END_DECLS
