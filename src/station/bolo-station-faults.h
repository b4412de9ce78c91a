/* bolo-station-faults.h: how a station misbehaves on request, for tests of cars
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  BOLO_STATION_FAULT_ERROR,     /* 500 instead of an answer */
  BOLO_STATION_FAULT_CUT,       /* the answer breaks off in its middle */
  BOLO_STATION_FAULT_DRIP,      /* the answer comes in drips */
  BOLO_STATION_FAULT_LOST,      /* all is done, and then no answer comes */
  BOLO_STATION_FAULT_DOUBLE,    /* each line of an answer comes twice */
  BOLO_STATION_FAULT_SIGNATURE, /* what is signed has a wrong signature */
  BOLO_STATION_FAULT_REPLAY,    /* an older manifest */
  BOLO_STATION_FAULT_CLOCK,     /* the clock is ten minutes off */
  BOLO_STATION_FAULT_FULL,      /* the disk is full */
  BOLO_STATION_N_FAULTS,
} BoloStationFault;

/* BoloStationFaults: which faults strike how often. Any thread. */
typedef struct _BoloStationFaults BoloStationFaults;

/* Of the texts KIND or KIND:RATE (0 to 1; without: always); NULL (nullable) is none. The same @seed
 * strikes at the same calls. INVALID_DATA names a wrong text and what can be written. */
BoloStationFaults *bolo_station_faults_new (const char *const *texts, guint32 seed, GError **error);
void bolo_station_faults_free (BoloStationFaults *self);
/* Throws the dice for @fault. */
gboolean bolo_station_faults_strike (BoloStationFaults *self, BoloStationFault fault);
/* How often it has struck. */
guint bolo_station_faults_get_count (BoloStationFaults *self, BoloStationFault fault);
/* Whether any can. */
gboolean bolo_station_faults_are_any (BoloStationFaults *self);
const char *bolo_station_fault_get_word (BoloStationFault fault);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloStationFaults, bolo_station_faults_free)

G_END_DECLS
