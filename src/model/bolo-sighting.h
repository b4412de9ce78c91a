/* bolo-sighting.h: one vehicle's pass before one camera, voted from its readings
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bolo-clone.h"
#include "bolo-fix.h"
#include "bolo-frame.h"
#include "bolo-reading.h"

G_BEGIN_DECLS

typedef enum {
  BOLO_SIGHTING_PROVISIONAL, /* first sufficient agreement; the vehicle is still in view */
  BOLO_SIGHTING_CLOSED,      /* the pass is over */
  BOLO_SIGHTING_CORRECTED,   /* later readings changed the text of a provisional one */
} BoloSightingState;

/* BoloSighting: immutable once published; a later state of the same pass has the same id. Change
 * by bolo_sighting_copy, then publish the copy. Atomically counted. */
typedef struct {
  char *id;     /* UUID */
  char *camera; /* the camera's name */
  BoloSightingState state;
  char *text;              /* normalised mark, "AB12CDE" */
  char *previous_text;     /* (nullable): what a corrected one said before */
  float confidence;        /* calibrated, 0 to 1 */
  guint looks;             /* frames that agreed on the text */
  gboolean is_single_look; /* seen in one frame only: never sounds like an agreed one */
  guint n_characters;
  BoloReadCharacter characters[BOLO_MARK_MAX];
  char *syntax; /* (nullable): "gb-current"; NULL when it fits none */
  char *region; /* (nullable): "GB", that issued the mark */
  float region_confidence;
  gboolean is_region_read; /* off the plate's look; else guessed from the syntax */
  char *colour;        /* (nullable): of the vehicle, as the reader saw it; ours sees none yet */
  char *body;          /* (nullable): "car", "van", "lorry", "bus", "motorcycle"; likewise */
  float corners[4][2]; /* in the best frame */
  float width_px;
  gint64 first_us; /* UTC of the first, last and best reading's frame */
  gint64 last_us;
  gint64 captured_us;
  BoloCapturedBy captured_by;
  gint64 first_media_ms; /* recordings and clips; -1 else */
  gint64 last_media_ms;
  gint64 best_media_ms;
  gint64 agreed_media_ms; /* of the frame that completed the agreement */
  guint64 track;
  gint64 agreed_us;         /* UTC capture of the frame that completed the agreement */
  gint64 published_us;      /* UTC */
  gint64 latency_ms;        /* agreed frame's capture to publication */
  gint64 since_readable_ms; /* recordings with truth; -1 else */
  BoloFix *fix;             /* (nullable) */
  GBytes *patch_jpeg;       /* (nullable) */
  GBytes *overview_jpeg;    /* (nullable) */
  char *overview_camera;    /* (nullable): whose overview it is, when paired */
  char *officer;            /* (nullable): id of who answers for it */
  BoloClone *clone;         /* (nullable): where else the mark was, too far for one vehicle */
} BoloSighting;

BoloSighting *bolo_sighting_new (void);
BoloSighting *bolo_sighting_copy (const BoloSighting *self);
BoloSighting *bolo_sighting_ref (const BoloSighting *self);
void bolo_sighting_unref (const BoloSighting *self);
const char *bolo_sighting_state_to_string (BoloSightingState state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloSighting, bolo_sighting_unref)

G_END_DECLS
