/* bolo-receipts.h: what stations have signed for, as it is kept in the car
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-sync-state.h"

G_BEGIN_DECLS

/* Both wait for the disk: a worker's. Whose signature it is was proved when it came. */

/* (transfer full) */
BoloReceipt *bolo_receipts_read (const char *path, GError **error);
/* (transfer full) (nullable): the newest in STATE/receipts that can be read. */
BoloReceipt *bolo_receipts_read_newest (const char *state_dir);

G_END_DECLS
