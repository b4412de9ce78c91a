/* bolo-station-usb-command.c: bolo-station usb: bundles on a stick, in and out
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-station-main.h"

#include "bolo-station-keys.h"
#include "bolo-station-usb.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  char *state;
  char *certificates;
  char *car_keys;
  char *car;
  char *postgres;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->state);
  g_free (options->certificates);
  g_free (options->car_keys);
  g_free (options->car);
  g_free (options->postgres);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static int
import (const BoloStationUsb *usb, const Options *options, char **paths)
{
  g_autofree char *database = g_build_filename (options->state, "station.db", NULL);
  const BoloStationPlace place = {.path = database, .postgres = options->postgres};
  BoloStationFaults *faults = bolo_station_faults_new (NULL, 0, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloStationIntake) intake =
    bolo_station_intake_new (&place, usb->clock, faults, &error);
  int code = BOLO_STATION_DONE;

  for (guint i = 0; intake != NULL && error == NULL && paths[i] != NULL; i++) {
    g_auto (BoloStationUsbReport) report = {0};

    if (!bolo_station_usb_import (usb, intake, paths[i], &report, &error)) {
      g_prefix_error (&error, "%s: ", paths[i]);
      break;
    }
    printf ("%s: of the car %s, number %" G_GUINT64_FORMAT ": %" G_GUINT64_FORMAT
            " stored, %" G_GUINT64_FORMAT " known already, %" G_GUINT64_FORMAT
            " refused, %" G_GUINT64_FORMAT " not kept now\n",
            paths[i], report.car, report.number, report.n_stored, report.n_known, report.n_rejected,
            report.n_again);
    if (report.n_again > 0)
      code = BOLO_STATION_FAILED;
  }
  if (intake != NULL)
    bolo_station_intake_close (intake);
  bolo_station_faults_free (faults);
  return error != NULL ? bolo_station_fail ("usb", error) : code;
}

static int export(const BoloStationUsb *usb, const Options *options, const char *folder)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  if (!bolo_station_usb_export (usb, options->car, folder, &path, &error))
    return bolo_station_fail ("usb", error);
  printf ("%s\n", path);
  return BOLO_STATION_DONE;
}

static int
run (Options *options, int argc, char **argv)
{
  BoloStationUsb usb = {.state = options->state, .station = BOLO_STATION_KEY_NAME};
  g_autoptr (BoloClock) clock = bolo_clock_new_system ();
  g_autoptr (BoloListKey) key = NULL;
  g_autoptr (GError) error = NULL;

  if (options->certificates == NULL)
    options->certificates = g_build_filename (options->state, "certificates", NULL);
  if (options->car_keys == NULL)
    options->car_keys = g_build_filename (options->state, "car-keys", NULL);
  key = bolo_station_keys_load (options->certificates, &error);
  if (key == NULL)
    return bolo_station_fail ("usb", error);
  usb.key = key;
  usb.car_keys = options->car_keys;
  usb.clock = clock;
  if (argc >= 3 && strcmp (argv[1], "import") == 0 && options->car == NULL)
    return import (&usb, options, argv + 2);
  if (argc == 3 && strcmp (argv[1], "export") == 0 && options->car != NULL)
    return export(&usb, options, argv[2]);
  return bolo_station_misuse ("usb", "say import FILE…, or export --car CAR DIR");
}

int
bolo_station_usb (int argc, char **argv)
{
  g_auto (Options) options = {0};
  const GOptionEntry entries[] = {
    {"state", 0, 0, G_OPTION_ARG_FILENAME, &options.state, "The station's folder", "DIR"},
    {"certificates", 0, 0, G_OPTION_ARG_FILENAME, &options.certificates,
     "Where the station's key is (DIR of --state/certificates)", "DIR"},
    {"car-keys", 0, 0, G_OPTION_ARG_FILENAME, &options.car_keys,
     "Keys of the cars, CAR.pub (DIR of --state/car-keys)", "DIR"},
    {"car", 0, 0, G_OPTION_ARG_STRING, &options.car, "Whom a bundle is for", "CAR"},
    {"postgres", 0, 0, G_OPTION_ARG_STRING, &options.postgres,
     "Keep records in this PostgreSQL database", "CONNECTION"},
    G_OPTION_ENTRY_NULL,
  };

  if (!bolo_station_parse (&argc, &argv, entries, "import FILE… | export DIR",
                           "Takes what cars bring on a stick, or writes what one takes home; also "
                           "beside a running station."))
    return BOLO_STATION_USAGE;
  if (options.state == NULL || argc < 2)
    return bolo_station_misuse ("usb", "name --state, and import or export");
  return run (&options, argc, argv);
}
