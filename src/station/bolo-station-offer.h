/* bolo-station-offer.h: what the station has for its cars: lists, a configuration, the deny list
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-clock.h"
#include "bolo-station-denied.h"

G_BEGIN_DECLS

/* BoloStationOffer: a signed manifest and what it names; atomically counted, never changed. */
typedef struct {
  guint64 serial;
  gint64 issued_us;
  char *envelope;     /* the manifest, signed */
  char *previous;     /* (nullable): the one before it */
  GHashTable *files;  /* paths by name: of this manifest and of the one before it */
  GHashTable *hashes; /* their SHA-256 by name */
  GPtrArray *lists;   /* of texts NAME=NUMBER: what a car with everything says */
  BoloStationDenied *denied;
} BoloStationOffer;

BoloStationOffer *bolo_station_offer_ref (BoloStationOffer *self);
void bolo_station_offer_unref (BoloStationOffer *self);

/* BoloStationOffers: keeps the offer up to date with the operator's folders. Main thread; the disk
 * is read by a worker. */
#define BOLO_TYPE_STATION_OFFERS (bolo_station_offers_get_type ())
G_DECLARE_FINAL_TYPE (BoloStationOffers, bolo_station_offers, BOLO, STATION_OFFERS, GObject)

/* @state: the station's folder, where copies of what is offered, the serial and the deny list are
 * kept. @lists (nullable): of lists and their FILE.sig. @configuration (nullable): of .conf files
 * to push. @key (transfer full). Reads all once: FALSE where the deny list has no good signature.
 */
BoloStationOffers *bolo_station_offers_new (const char *state,
                                            const char *lists,
                                            const char *configuration,
                                            const char *station,
                                            BoloListKey *key,
                                            BoloClock *clock,
                                            GError **error);
/* Ends the worker. */
void bolo_station_offers_stop (BoloStationOffers *self);
/* (transfer full) */
BoloStationOffer *bolo_station_offers_get (BoloStationOffers *self);
const BoloListKey *bolo_station_offers_get_key (BoloStationOffers *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloStationOffer, bolo_station_offer_unref)

G_END_DECLS
