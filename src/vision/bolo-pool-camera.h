/* bolo-pool-camera.h: one camera's place in the reader pool
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

#include "bolo-camera-info.h"
#include "bolo-camera-reader.h"
#include "bolo-id.h"
#include "bolo-mailbox.h"

G_BEGIN_DECLS

#define BOLO_POOL_CAMERA_RECENT 4 /* frames of a camera that gives another its overviews */

typedef enum {
  BOLO_POOL_JOB_NONE,
  BOLO_POOL_JOB_FRAME,
  BOLO_POOL_JOB_CLOSE, /* closes what is open */
} BoloPoolJob;

/* BoloPoolCamera: who waits, what is being done for it. Open to the pool, which holds the lock
 * wherever it says so. */
typedef struct {
  BoloCameraInfo *info; /* (owned) */
  BoloMailbox *frames;  /* (owned) */
  BoloLookBoard *looks; /* (owned) (nullable) */
  gint64 weight;        /* looks that its role deserves, relative to the others */
  int partner;          /* index of the camera of its overviews, -1 for none */
  gboolean is_partner;

  /* of whoever has taken the camera's job */
  BoloCameraReader *reader; /* (owned) */
  GPtrArray *sightings;     /* (owned) of BoloSighting: of the current job */
  GHashTable *ids;          /* (owned) track -> id of its sighting */

  /* (mutex pool) */
  BoloPoolJob job; /* taken or, in lock-step, waiting to be taken */
  gboolean is_busy;
  gboolean has_ended;
  gboolean is_silent; /* its passes are closed until it gives frames again */
  BoloFrame *head;    /* (owned) (nullable) lock-step: next frame to be read */
  BoloFrame *recent[BOLO_POOL_CAMERA_RECENT]; /* (owned) (nullable) */
  guint n_recent;
  gint64 last_read_us;
  guint64 n_frames_read;
  guint64 n_plates;
  guint64 n_sightings;
} BoloPoolCamera;

BoloPoolCamera *bolo_pool_camera_new (const BoloCameraInfo *info,
                                      BoloMailbox *frames,
                                      BoloLookBoard *looks,
                                      BoloCameraReader *reader);
void bolo_pool_camera_free (BoloPoolCamera *self);
/* With the pool's lock: keeps @frame among the recent ones; drops them all. */
void bolo_pool_camera_remember (BoloPoolCamera *self, BoloFrame *frame);
void bolo_pool_camera_forget (BoloPoolCamera *self);
/* With the pool's lock: the recent frame nearest to @captured_us, (transfer full) (nullable). */
BoloFrame *bolo_pool_camera_get_nearest (BoloPoolCamera *self, gint64 captured_us);
/* With the pool's lock: gives the sightings of the last job their ids, each pass one, and moves
 * them to @sightings. */
void bolo_pool_camera_collect (BoloPoolCamera *self, BoloIdSource *ids, GPtrArray *sightings);

G_END_DECLS
