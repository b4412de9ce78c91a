/* bolo-drive-truth.h: what can be read where and when, exactly, from the geometry
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-drive-shot.h"

G_BEGIN_DECLS

/* One vehicle's pass before one camera. */
typedef struct {
  guint vehicle;     /* in the traffic */
  guint camera;      /* in the scenario */
  guint first_frame; /* first and last frame in which the plate is readable */
  guint last_frame;
  guint n_readable; /* frames in which it is */
  guint best_frame; /* where it is largest */
  double best_width_px;
  double best_corners[4][2];
  gboolean is_rear;
} BoloDrivePass;

/* (transfer full): of BoloDrivePass, by first frame, then camera, then vehicle. */
GArray *bolo_drive_truth_find (const BoloDriveScenario *scenario,
                               const BoloDriveRoad *road,
                               const BoloDriveTraffic *traffic);
/* (transfer full): truth.jsonl, a line a pass. */
char *bolo_drive_truth_format (const GArray *passes,
                               const BoloDriveScenario *scenario,
                               const BoloDriveRoad *road,
                               const BoloDriveTraffic *traffic);

G_END_DECLS
