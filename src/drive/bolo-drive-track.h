/* bolo-drive-track.h: the drive as a GPS receiver would tell it: NMEA, once a second
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-road.h"

G_BEGIN_DECLS

/* (transfer full): GGA and RMC sentences with checksums, CR LF. */
char *bolo_drive_track_format (const BoloDriveScenario *scenario, const BoloDriveRoad *road);

G_END_DECLS
