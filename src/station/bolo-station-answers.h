/* bolo-station-answers.h: what the station says to a car: hello, have, shared, receipts, lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-station-visit.h"

G_BEGIN_DECLS

/* Each answers the visit's message, at once or later. */
void bolo_station_answer_hello (BoloStationVisit *visit);
void bolo_station_answer_batch (BoloStationVisit *visit);
void bolo_station_answer_have (BoloStationVisit *visit);
void bolo_station_answer_lists (BoloStationVisit *visit);
void bolo_station_answer_file (BoloStationVisit *visit);
void bolo_station_answer_shared (BoloStationVisit *visit);
void bolo_station_answer_receipt (BoloStationVisit *visit);
void bolo_station_answer_discard (BoloStationVisit *visit);

/* What the request's headers say of the car goes to its row. */
void bolo_station_visit_note (BoloStationVisit *visit, guint64 manifest);

G_END_DECLS
