/* bolo-still.h: reads a single picture, whatever the size of the plates in it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-cv.h"
#include "bolo-plate-rules.h"

G_BEGIN_DECLS

/* What one picture held and took. */
typedef struct {
  GArray *readings; /* (owned) of BoloReading, surest first; each plate once */
  double detect_ms;
  double read_ms;
} BoloStillResult;

/* Looks at the picture at several sizes (a plate may be 20 pixels wide or half the picture), very
 * large ones in tiles, reads every candidate and keeps the best reading of each plate. @rules
 * (nullable) settle what the law draws alike. Clear *result with bolo_still_result_clear. Blocks;
 * the thread that owns @cv. */
gboolean bolo_still_read (BoloCv *cv,
                          const BoloCvImage *image,
                          BoloPlateRules *rules,
                          BoloStillResult *result,
                          GError **error);
/* As read, for a picture that is one plate already cut out. */
gboolean bolo_still_read_crop (BoloCv *cv,
                               const BoloCvImage *image,
                               BoloPlateRules *rules,
                               BoloStillResult *result,
                               GError **error);
void bolo_still_result_clear (BoloStillResult *result);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BoloStillResult, bolo_still_result_clear)

G_END_DECLS
