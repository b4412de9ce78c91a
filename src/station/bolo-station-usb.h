/* bolo-station-usb.h: bundles on a stick: what cars bring, and what they take home
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-bundle.h"
#include "bolo-station-intake.h"

G_BEGIN_DECLS

/* BoloStationUsb: what both ways stand on. Lent. */
typedef struct {
  const char *state;      /* the station's folder; its usb/ is ours */
  const char *car_keys;   /* folder of CAR.pub: the keys that cars sign with */
  const BoloListKey *key; /* the station's, with its secret half */
  const char *station;    /* its name for bundles: the key's */
  BoloClock *clock;
} BoloStationUsb;

/* BoloStationUsbReport: what became of a bundle. */
typedef struct {
  char *car;
  guint64 number;
  guint64 since; /* as in its head */
  guint64 n_stored;
  guint64 n_known;
  guint64 n_rejected;
  guint64 n_again; /* could not be kept now: import it once more */
} BoloStationUsbReport;

void bolo_station_usb_report_clear (BoloStationUsbReport *self);

/* Reads the whole bundle and proves that a car of @usb's signed it, then stores what is in it; what
 * was stored is written down for the next export. Importing it again does no harm. Runs the
 * thread's default main context. Errors: INVALID_DATA, SIGNATURE, PERMISSION, NO_SPACE …: nothing
 * was taken. */
gboolean bolo_station_usb_import (const BoloStationUsb *usb,
                                  BoloStationIntake *intake,
                                  const char *path,
                                  BoloStationUsbReport *report,
                                  GError **error);
/* Writes a bundle for @car into @folder: the manifest that is offered now with all its files, and
 * what was imported from the car. @path (out) (transfer full). NOT_FOUND: no such car's key. */
gboolean bolo_station_usb_export (
  const BoloStationUsb *usb, const char *car, const char *folder, char **path, GError **error);

/* Names of the files, for both. (transfer full) */
char *bolo_station_usb_get_path (const BoloStationUsb *usb, const char *car, const char *what);
/* The car's public key; NOT_FOUND, INVALID_DATA. */
BoloListKey *
bolo_station_usb_load_car_key (const BoloStationUsb *usb, const char *car, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoloStationUsbReport, bolo_station_usb_report_clear)

G_END_DECLS
