/* bolo-reading.h: what one frame seemed to say
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BOLO_MARK_MAX 12 /* characters of a mark that we keep; the longest we know has 8 */
#define BOLO_ALTERNATIVES_MAX 3
#define BOLO_REGION_MAX 7 /* characters of a region's code: "GB", "GB-NIR" */

/* One character with what else it might be, each with its probability (0 to 1). */
typedef struct {
  char character; /* 0-9 A-Z */
  float probability;
  struct {
    char character;
    float probability;
  } alternatives[BOLO_ALTERNATIVES_MAX]; /* most likely first; character 0 ends the list */
} BoloReadCharacter;

/* BoloReading: plain data. Corners clockwise from the top left of the text, frame pixels. */
typedef struct {
  float corners[4][2];
  float detection;      /* the detector's score, 0 to 1 */
  float confidence;     /* of the whole text, 0 to 1: how often such a reading is right */
  float raw_confidence; /* the nets' own, before calibration */
  float covered;        /* 0 to 1: that something hides a character; 0 where the net cannot tell */
  float sharpness;      /* mean absolute gradient of the rectified plate, grey levels a pixel */
  float width_px;       /* of the plate in the frame */
  guint n_characters;
  BoloReadCharacter characters[BOLO_MARK_MAX];
  char text[BOLO_MARK_MAX + 1];
  char region[BOLO_REGION_MAX + 1]; /* that issued it: "GB"; "" when it was not read */
  float region_confidence;          /* 0 to 1 */
  gboolean is_region_read;          /* off the plate's look; else guessed from the text */
  gint64 captured_us;
  gint64 media_ms;
  guint64 sequence; /* of the frame */
} BoloReading;

/* BoloLooks: where plates stood in one frame that was read; for drawing boxes on the very frame.
 * Atomically counted, immutable. */
typedef struct {
  gint64 captured_us;
  int width; /* of the frame that was read, pixels */
  int height;
  guint n_boxes;
  struct {
    float corners[4][2];
    guint64 track; /* the same number for one vehicle from frame to frame */
    char text[BOLO_MARK_MAX + 1];
  } boxes[16];
} BoloLooks;

/* BoloLookBoard: the last frames' looks of one camera, written by a reader, read by a screen.
 * Atomically counted; any thread. */
typedef struct _BoloLookBoard BoloLookBoard;

BoloLookBoard *bolo_look_board_new (void);
BoloLookBoard *bolo_look_board_ref (BoloLookBoard *self);
void bolo_look_board_unref (BoloLookBoard *self);
void bolo_look_board_push (BoloLookBoard *self, const BoloLooks *looks);
/* Copies the looks of the frame captured at @captured_us; FALSE if that frame was not read. */
gboolean bolo_look_board_find (BoloLookBoard *self, gint64 captured_us, BoloLooks *looks);
/* Capture time of the newest frame read, G_MININT64 if none. */
gint64 bolo_look_board_get_newest_us (BoloLookBoard *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloLookBoard, bolo_look_board_unref)

G_END_DECLS
