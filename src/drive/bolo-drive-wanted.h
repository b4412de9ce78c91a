/* bolo-drive-wanted.h: who of the traffic is wanted, and the lists that say so
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-traffic.h"

G_BEGIN_DECLS

#define BOLO_DRIVE_LIST_STOLEN "stolen"
#define BOLO_DRIVE_LIST_VOI "voi"

/* Chooses the wanted ones and the decoys (which get marks one character from a wanted one's) among
 * vehicles that are readable long enough. @passes: of BoloDrivePass. The first wanted one is
 * the earliest good one. BOLO_ERROR_INVALID_DATA when too few can be read. */
gboolean bolo_drive_wanted_choose (const BoloDriveScenario *scenario,
                                   BoloDriveTraffic *traffic,
                                   const GArray *passes,
                                   GError **error);
/* (transfer full): the list as CSV, 16 UK columns without a header. */
char *bolo_drive_wanted_format (const BoloDriveScenario *scenario,
                                const BoloDriveTraffic *traffic,
                                const char *list);

G_END_DECLS
