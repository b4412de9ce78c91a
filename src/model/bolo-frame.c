/* bolo-frame.c: pixels at an instant, lent and immutable
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-frame.h"

#include <string.h>

static void
frame_clear (gpointer data)
{
  BoloFrame *self = data;

  if (self->release != NULL)
    self->release (self->release_data);
}

BoloFrame *
bolo_frame_new (const BoloFrame *description)
{
  BoloFrame *self;

  g_return_val_if_fail (description != NULL, NULL);
  g_return_val_if_fail (description->width > 0 && description->height > 0, NULL);

  self = g_atomic_rc_box_new0 (BoloFrame);
  *self = *description;
  return self;
}

int
bolo_frame_format_get_n_planes (BoloFrameFormat format)
{
  switch (format) {
  case BOLO_FRAME_FORMAT_I420:
    return 3;
  case BOLO_FRAME_FORMAT_NV12:
    return 2;
  case BOLO_FRAME_FORMAT_GRAY8:
  case BOLO_FRAME_FORMAT_RGB:
    return 1;
  default:
    g_return_val_if_reached (0);
  }
}

/* Bytes of one row of a plane, and its rows. */
static void
get_plane_size (const BoloFrame *frame, int plane, int *row_bytes, int *rows)
{
  *row_bytes = frame->width;
  *rows = frame->height;
  if (frame->format == BOLO_FRAME_FORMAT_RGB)
    *row_bytes = frame->width * 3;
  if (plane == 0)
    return;
  *rows = (frame->height + 1) / 2;
  *row_bytes = (frame->width + 1) / 2;
  if (frame->format == BOLO_FRAME_FORMAT_NV12)
    *row_bytes *= 2;
}

BoloFrame *
bolo_frame_new_copy (const BoloFrame *description)
{
  int n_planes, row_bytes, rows;
  gsize total = 0, offset = 0;
  BoloFrame copy;
  guint8 *memory;

  g_return_val_if_fail (description != NULL, NULL);

  copy = *description;
  n_planes = bolo_frame_format_get_n_planes (description->format);
  for (int plane = 0; plane < n_planes; plane++) {
    get_plane_size (description, plane, &row_bytes, &rows);
    total += (gsize) row_bytes * (gsize) rows;
  }
  memory = g_malloc (total);
  for (int plane = 0; plane < n_planes; plane++) {
    get_plane_size (description, plane, &row_bytes, &rows);
    copy.planes[plane] = memory + offset;
    copy.strides[plane] = row_bytes;
    for (int row = 0; row < rows; row++)
      memcpy (memory + offset + (gsize) row * (gsize) row_bytes,
              description->planes[plane] + (gsize) row * (gsize) description->strides[plane],
              (gsize) row_bytes);
    offset += (gsize) row_bytes * (gsize) rows;
  }
  copy.release = g_free;
  copy.release_data = memory;
  return bolo_frame_new (&copy);
}

BoloFrame *
bolo_frame_ref (const BoloFrame *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire ((BoloFrame *) self);
}

void
bolo_frame_unref (const BoloFrame *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full ((BoloFrame *) self, frame_clear);
}

const char *
bolo_captured_by_to_string (BoloCapturedBy captured_by)
{
  switch (captured_by) {
  case BOLO_CAPTURED_BY_DRIVER:
    return "driver";
  case BOLO_CAPTURED_BY_RTCP:
    return "rtcp";
  case BOLO_CAPTURED_BY_ARRIVAL:
    return "arrival";
  case BOLO_CAPTURED_BY_RECORDING:
    return "recording";
  default:
    g_return_val_if_reached (NULL);
  }
}
