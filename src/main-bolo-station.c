/* main-bolo-station.c: the reference back office
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-station-main.h"

int
main (int argc, char **argv)
{
  return bolo_station_main (argc, argv);
}
