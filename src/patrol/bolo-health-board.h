/* bolo-health-board.h: the newest state of each part of the equipment
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-health.h"

G_BEGIN_DECLS

/* BoloHealthBoard: main thread. */
typedef struct _BoloHealthBoard BoloHealthBoard;

BoloHealthBoard *bolo_health_board_new (void);
void bolo_health_board_free (BoloHealthBoard *self);
/* TRUE when it says something new of its part (state or detail). */
gboolean bolo_health_board_put (BoloHealthBoard *self, const BoloHealth *health);
/* (transfer none): of BoloHealth, in the order in which the parts were first heard of. */
GPtrArray *bolo_health_board_get_all (BoloHealthBoard *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloHealthBoard, bolo_health_board_free)

G_END_DECLS
