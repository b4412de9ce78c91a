/* bolo-frame.h: pixels at an instant, lent and immutable
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  BOLO_FRAME_FORMAT_GRAY8,
  BOLO_FRAME_FORMAT_I420,
  BOLO_FRAME_FORMAT_NV12,
  BOLO_FRAME_FORMAT_RGB,
} BoloFrameFormat;

/* Whose clock gave the capture time. */
typedef enum {
  BOLO_CAPTURED_BY_DRIVER,
  BOLO_CAPTURED_BY_RTCP,
  BOLO_CAPTURED_BY_ARRIVAL,
  BOLO_CAPTURED_BY_RECORDING,
} BoloCapturedBy;

/* BoloFrame: plane pointers with their real strides. Read-only for everyone; atomically counted;
 * the last unref releases the lent memory. Keep pixels by copying the crop, not the frame. */
typedef struct {
  BoloFrameFormat format;
  int width;
  int height;
  const guint8 *planes[3];
  int strides[3];
  gint64 captured_us; /* UTC */
  gint64 arrived_us;  /* monotonic, when it came out of the decoder */
  gint64 media_ms;    /* from the start of the clip or recording; -1 for a live camera */
  guint64 sequence;   /* counts the camera's frames, dropped ones too */
  BoloCapturedBy captured_by;
  GDestroyNotify release; /* (nullable) */
  gpointer release_data;
} BoloFrame;

/* Takes a shallow copy of @description (its planes are lent until release is called).
 * Any thread. */
BoloFrame *bolo_frame_new (const BoloFrame *description);
/* A frame with memory of its own: tightly packed planes copied from @description. */
BoloFrame *bolo_frame_new_copy (const BoloFrame *description);
BoloFrame *bolo_frame_ref (const BoloFrame *self);
void bolo_frame_unref (const BoloFrame *self);
/* Planes and their sizes in samples: chroma of I420 and NV12 is half size, rounded up. */
int bolo_frame_format_get_n_planes (BoloFrameFormat format);
/* "driver", "rtcp", "arrival", "recording". */
const char *bolo_captured_by_to_string (BoloCapturedBy captured_by);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoloFrame, bolo_frame_unref)

G_END_DECLS
