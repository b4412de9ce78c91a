/* bolo-station-page.h: the operator's web page: cars, their lists and backlogs, hits, alarm load
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-station-visit.h"

G_BEGIN_DECLS

/* Answers with HTML without scripts; reads only. Main thread. */
void bolo_station_answer_page (BoloStationVisit *visit);

G_END_DECLS
