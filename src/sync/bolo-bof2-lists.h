/* bolo-bof2-lists.h: wanted lists of a BOF2 back office, into the car
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-bof2-client.h"
#include "bolo-list-taker.h"

G_BEGIN_DECLS

/* Asks whether anything changed, then for each list that did; hands it to @taker as one revision,
 * says that it is in force once it is, and drops the lists that are no longer allotted to this car.
 * Which revision is in force, and whether the back office was told, stands in the taker's folder
 * (bof2-lists.ini). TRUE although single lists were refused: the taker knows. */
gboolean bolo_bof2_lists_fetch (BoloBof2Client *client,
                                const BoloBof2Config *config,
                                BoloListTaker *taker,
                                GCancellable *cancellable,
                                GError **error);

G_END_DECLS
