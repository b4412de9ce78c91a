/* bolo-camera-reader.h: all that reading one camera's frames needs to remember
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-cv.h"
#include "bolo-frame.h"
#include "bolo-plate-rules.h"
#include "bolo-sighting.h"

G_BEGIN_DECLS

/* How a frame is looked at. */
typedef struct {
  int net_width;
  int net_height;
  gboolean with_pictures;
} BoloCameraReaderOptions;

/* What a frame took and gave. */
typedef struct {
  double detect_ms;
  double read_ms;
  guint n_plates;
} BoloFrameWork;

/* BoloCameraReader: tracks and passes of one camera. Used by one thread at a time, frames in
 * their order. */
typedef struct _BoloCameraReader BoloCameraReader;

BoloCameraReader *bolo_camera_reader_new (const char *camera,
                                          BoloPlateRules *rules,
                                          const BoloCameraReaderOptions *options);
void bolo_camera_reader_free (BoloCameraReader *self);
/* Reads @frame with @cv. @overview (nullable): the paired camera's frame to take overviews from,
 * named @overview_camera. @looks (nullable) is filled for the screen. New sightings are added to
 * @sightings (of BoloSighting), without ids. */
gboolean bolo_camera_reader_read (BoloCameraReader *self,
                                  BoloCv *cv,
                                  const BoloFrame *frame,
                                  const BoloFrame *overview,
                                  const char *overview_camera,
                                  BoloLooks *looks,
                                  BoloFrameWork *work,
                                  GPtrArray *sightings,
                                  GError **error);
/* No frames come any more (or for now): all passes are closed. */
void bolo_camera_reader_close (BoloCameraReader *self, GPtrArray *sightings);
/* Passes that are open. */
guint bolo_camera_reader_get_n_passes (BoloCameraReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloCameraReader, bolo_camera_reader_free)

G_END_DECLS
