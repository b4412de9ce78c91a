/* bolo-station-intake.h: takes what all cars send into the store, many batches a commit
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-clock.h"
#include "bolo-station-faults.h"
#include "bolo-station-place.h"

G_BEGIN_DECLS

/* BoloStationIntake: one worker writes, another reads; each has its own connection. All functions:
 * main thread. */
#define BOLO_TYPE_STATION_INTAKE (bolo_station_intake_get_type ())
G_DECLARE_FINAL_TYPE (BoloStationIntake, bolo_station_intake, BOLO, STATION_INTAKE, GObject)

/* Opens both connections. @place and @faults are lent and must live as long as the intake. */
BoloStationIntake *bolo_station_intake_new (const BoloStationPlace *place,
                                            BoloClock *clock,
                                            BoloStationFaults *faults,
                                            GError **error);
/* Finishes what was given, then closes. */
void bolo_station_intake_close (BoloStationIntake *self);

/* @items: of BoloBatchItem. @session (nullable). @is_last: no more of the same body comes, and who
 * has sent it waits; else the commit may wait a moment for the rest of it. The callback comes after
 * the commit; finish never fails: what could not be kept has the outcome AGAIN. */
void bolo_station_intake_store_async (BoloStationIntake *self,
                                      const char *car,
                                      const char *session,
                                      GPtrArray *items,
                                      gboolean is_last,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
/* (transfer full): of BoloBatchResult, one an item in the same order. */
GPtrArray *bolo_station_intake_store_finish (BoloStationIntake *self, GAsyncResult *result);
/* So much waits to be written that who sends more should wait too. */
/* A body is coming in, and has come in or broken off. Main. */
void bolo_station_intake_begin_body (BoloStationIntake *self);
void bolo_station_intake_end_body (BoloStationIntake *self);
/* How many bytes one that comes in had better gather before it stores them. Main. */
gsize bolo_station_intake_get_handful (BoloStationIntake *self);
gboolean bolo_station_intake_is_busy (BoloStationIntake *self);
/* With the next commit, within seconds. @car is copied; what it does not say (backlog -1, lists
 * NULL, manifest 0) stays as it was. */
void bolo_station_intake_note_car (BoloStationIntake *self, const BoloStationCar *car);

/* From now on what was received more than @months ago is purged, in the background; 0: nothing. */
void bolo_station_intake_keep (BoloStationIntake *self, guint months);

/* Runs on the reader; returns what the task returns. */
typedef void (*BoloStationRead) (BoloStationStore *store, GTask *task);
void bolo_station_intake_read (BoloStationIntake *self, GTask *task, BoloStationRead read);

G_END_DECLS
