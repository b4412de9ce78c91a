/* bolo-cv.h: the plain-C face of the vision libraries: find plates, cut them straight, read them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-calibration.h"
#include "bolo-cv-box.h"
#include "bolo-reading.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_CV_BACKEND_BEST, /* oneDNN when it can run the nets, in bfloat16 if it can; else OpenCV */
  BOLO_CV_BACKEND_ONEDNN,
  BOLO_CV_BACKEND_ONEDNN_BFLOAT16,
  BOLO_CV_BACKEND_OPENCV,
} BoloCvBackend;

/* BoloCv: both nets, ready to run on one core. Owned by one thread at a time: one a worker. */
typedef struct _BoloCv BoloCv;

/* Loads the models that DIRECTORY/detector.ini and reader.ini describe and checks their
 * checksums, shapes and alphabet. One clear sentence, NOT_FOUND or INVALID_DATA, on failure. */
BoloCv *bolo_cv_new (const char *directory, BoloCvBackend backend, GError **error);
void bolo_cv_free (BoloCv *self);
/* Whether this processor computes in bfloat16. */
gboolean bolo_cv_has_bfloat16 (void);
/* "oneDNN", "oneDNN in bfloat16" or "OpenCV" */
const char *bolo_cv_get_backend (BoloCv *self);

/* Finds plates in @image, shrunk (or grown) to fit @net_width x @net_height (multiples of 32).
 * The best @max boxes of a score >= @threshold, best first, overlapping ones merged. */
gboolean bolo_cv_detect (BoloCv *self,
                         const BoloCvImage *image,
                         int net_width,
                         int net_height,
                         float threshold,
                         BoloCvBox *boxes,
                         guint max,
                         guint *n_boxes,
                         GError **error);
/* Looks at the place of @hint once more, levelled by its corners as if seen from the front, and
 * finds there what scores at least @threshold: corners that were rough come out better, and a faint
 * hint turns out to be a plate or not. @is_found FALSE when there is none. */
gboolean bolo_cv_look_straight (BoloCv *self,
                                const BoloCvImage *image,
                                const BoloCvBox *hint,
                                float threshold,
                                BoloCvBox *box,
                                gboolean *is_found,
                                GError **error);
/* Cuts the plate out by its corners and reads it; an unsure one is read a second time by its
 * box, one of two lines line by line. No text: n_characters 0, confidence 0. Fills all but the
 * times and the sequence. */
gboolean bolo_cv_read (BoloCv *self,
                       const BoloCvImage *image,
                       const BoloCvBox *box,
                       BoloReading *reading,
                       GError **error);

/* How often a reading of this raw confidence is right, of a plate covered with this probability:
 * for readings that were joined. */
float bolo_cv_calibrate (BoloCv *self, float raw_confidence, float covered);
/* How often the reading of a still of which this is known is right. */
float bolo_cv_judge (BoloCv *self, const BoloReadingFacts *facts);

/* For tests and comparison: the raw output of a net ("detector", "reader") on an input of its
 * own normalised numbers; @output (transfer full) has @n floats. */
gboolean bolo_cv_run_raw (BoloCv *self,
                          const char *net,
                          const float *input,
                          int width,
                          int height,
                          float **output,
                          gsize *n,
                          GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloCv, bolo_cv_free)

G_END_DECLS
