/* bolo-fake-scene.h: made-up pictures of a car and its plate, for tests
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-frame.h"
#include "bolo-reading.h"

G_BEGIN_DECLS

/* A street with a car; @phase 0 to 1: how near it is. Its plate's corners go to @corners. RGB with
 * memory of its own. (transfer full) */
BoloFrame *bolo_fake_scene_draw (
  int width, int height, const char *mark, double phase, gint64 captured_us, float corners[4][2]);
/* The same, as JPEG; @is_patch: the plate alone. (transfer full) */
GBytes *bolo_fake_scene_encode (int width, int height, const char *mark, gboolean is_patch);

G_END_DECLS
