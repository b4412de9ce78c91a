/* bolo-scan.h: where in a picture plates may be, at a cost that follows what is in it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-cv.h"

G_BEGIN_DECLS

/* Adds the places in @image where a plate may be to @boxes (of BoloCvBox), each about once, in no
 * order. One coarse look at all of it (two at a very large one); a finer one only at what may be a
 * small plate. Blocks; the thread that owns @cv. */
gboolean bolo_scan (BoloCv *cv, const BoloCvImage *image, GArray *boxes, GError **error);

G_END_DECLS
