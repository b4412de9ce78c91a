/* bolo-reader-pool.h: reads the frames of all cameras on the cores there are
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

#include "bolo-camera-info.h"
#include "bolo-clock.h"
#include "bolo-id.h"
#include "bolo-mailbox.h"
#include "bolo-metric.h"
#include "bolo-plate-rules.h"
#include "bolo-reading.h"

G_BEGIN_DECLS

/* BoloReaderConfig: how the pool is to work. All pointers are lent for the call of new only. */
typedef struct {
  const char *models; /* folder with detector.ini and reader.ini; NULL: the shipped one */
  guint n_threads;    /* 0: one a core */
  BoloMailboxMode mode;
  BoloPlateRules *rules; /* (nullable): no syntaxes then */
  BoloIdSource *ids;
  BoloClock *clock;
  int net_width;          /* of what the detector sees; 0: 640 */
  int net_height;         /* 0: 384 */
  gboolean with_pictures; /* patch and overview of each sighting */
  gboolean use_opencv;    /* not oneDNN even where it is there: for comparison */
} BoloReaderConfig;

/* What one camera's reading has done so far. */
typedef struct {
  guint64 frames_read;
  guint64 plates; /* readings with text, all frames */
  guint64 sightings;
} BoloReaderCounts;

/* BoloReaderPool: one worker a core, each with its own nets; a camera's frames are read in their
 * order, by one worker at a time. Made, started and stopped by its owner on one thread.
 *
 * Signals, all in the context given to new:
 *  "sighting" (BoloSighting *)              live: each state of each sighting as it comes
 *  "batch" (gint64 captured_us, GPtrArray * of BoloSighting)  lock-step: one frame of each camera
 *      that is due has been read; the pool then waits for release_batch. captured_us never falls.
 *      The array is in the order in which cameras were added, and may be empty.
 *  "finished" ()                            all cameras have ended (their mailboxes are closed and
 *      empty) and all their tracks are closed; in lock-step after the last batch was released
 *  "failed" (GError *)                      reading has stopped: a model ran wrong, a bug */
#define BOLO_TYPE_READER_POOL (bolo_reader_pool_get_type ())
G_DECLARE_FINAL_TYPE (BoloReaderPool, bolo_reader_pool, BOLO, READER_POOL, GObject)

/* Loads and checks the models: some tens of milliseconds. @context NULL: the default one.
 * One clear sentence on a missing or wrong model. */
BoloReaderPool *
bolo_reader_pool_new (const BoloReaderConfig *config, GMainContext *context, GError **error);
/* Before start. @looks (nullable). Returns the camera's index. */
guint bolo_reader_pool_add_camera (BoloReaderPool *self,
                                   const BoloCameraInfo *camera,
                                   BoloMailbox *frames,
                                   BoloLookBoard *looks);
void bolo_reader_pool_start (BoloReaderPool *self);
/* Lock-step: lets the next batch begin; any thread. */
void bolo_reader_pool_release_batch (BoloReaderPool *self);
/* Ends the workers; open tracks are dropped. FALSE when one was still busy after @deadline_ms
 * (it then ends by itself). Idempotent. No signal is emitted afterwards. */
gboolean bolo_reader_pool_stop (BoloReaderPool *self, guint deadline_ms);

/* Any thread. */
void bolo_reader_pool_get_counts (BoloReaderPool *self, guint camera, BoloReaderCounts *counts);
/* Per frame: scaling and the detector's net; rectifying and reading of all its plates; the whole
 * way from taking the frame to the end. (transfer none) */
BoloMetric *bolo_reader_pool_get_detect_ms (BoloReaderPool *self);
BoloMetric *bolo_reader_pool_get_read_ms (BoloReaderPool *self);
BoloMetric *bolo_reader_pool_get_frame_ms (BoloReaderPool *self);
/* As bolo_cv_get_backend. */
const char *bolo_reader_pool_get_backend (BoloReaderPool *self);

G_END_DECLS
