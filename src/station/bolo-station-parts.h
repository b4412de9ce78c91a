/* bolo-station-parts.h: what the station's server and its answers stand on
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-station-intake.h"
#include "bolo-station-offer.h"

G_BEGIN_DECLS

/* What the server stands on. Lent: all of it lives longer than the server. */
typedef struct {
  const char *name;         /* of the station */
  const char *certificates; /* folder: authority.pem, station.pem, station.key, station.secret */
  BoloClock *clock;
  BoloStationFaults *faults;
  BoloStationIntake *intake;
  BoloStationOffers *offers;
} BoloStationParts;

G_END_DECLS
