/* bolo-preview.c: which frame of a camera to show, so that its plates' boxes belong to it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-shell"

#include "bolo-preview.h"

#include <string.h>

/* Longer than a read takes at the bar's p95 would be no live picture any more. */
#define HOLD_MAX_US (250 * 1000)
/* A frame that the readers passed by is shown all the same when nothing else was for this long:
 * tiles keep moving at 10 frames a second however few frames are read. */
#define PASSED_BY_US (95 * 1000)
/* Of a 15 fps preview, 250 ms are four frames. */
#define N_HELD 8

typedef struct {
  const BoloFrame *frame; /* (owned) */
  gint64 taken_us;        /* monotonic */
} Held;

struct _BoloPreview {
  BoloMailbox *frames;  /* (owned) */
  BoloLookBoard *looks; /* (owned) (nullable) */
  Held held[N_HELD];    /* oldest first */
  guint n_held;
  gint64 shown_us; /* monotonic, when the last one was handed out */
};

BoloPreview *
bolo_preview_new (BoloMailbox *frames, BoloLookBoard *looks)
{
  BoloPreview *self;

  g_return_val_if_fail (frames != NULL, NULL);

  self = g_new0 (BoloPreview, 1);
  self->frames = bolo_mailbox_ref (frames);
  self->looks = looks != NULL ? bolo_look_board_ref (looks) : NULL;
  return self;
}

static void
drop_first (BoloPreview *self, guint n)
{
  for (guint i = 0; i < n; i++)
    bolo_frame_unref (self->held[i].frame);
  self->n_held -= n;
  memmove (self->held, self->held + n, self->n_held * sizeof (Held));
}

void
bolo_preview_free (BoloPreview *self)
{
  if (self == NULL)
    return;
  drop_first (self, self->n_held);
  bolo_mailbox_unref (self->frames);
  g_clear_pointer (&self->looks, bolo_look_board_unref);
  g_free (self);
}

void
bolo_preview_clear (BoloPreview *self)
{
  g_return_if_fail (self != NULL);
  drop_first (self, self->n_held);
}

static void
take_new (BoloPreview *self, gint64 now_us)
{
  const BoloFrame *frame = bolo_mailbox_take (self->frames);

  if (frame == NULL)
    return;
  /* A recording that starts again, or a camera that came back with another clock. */
  if (self->n_held > 0 && frame->captured_us < self->held[self->n_held - 1].frame->captured_us)
    drop_first (self, self->n_held);
  if (self->n_held == N_HELD)
    drop_first (self, 1);
  self->held[self->n_held++] = (Held){frame, now_us};
}

static const BoloFrame *
hand_out (BoloPreview *self, guint index, gint64 now_us)
{
  const BoloFrame *frame = bolo_frame_ref (self->held[index].frame);

  drop_first (self, index + 1);
  self->shown_us = now_us;
  return frame;
}

const BoloFrame *
bolo_preview_step (BoloPreview *self, gint64 now_us, BoloLooks *looks, gboolean *has_looks)
{
  gint64 read_us;

  g_return_val_if_fail (self != NULL && looks != NULL && has_looks != NULL, NULL);

  *has_looks = FALSE;
  take_new (self, now_us);
  if (self->n_held == 0)
    return NULL;
  if (self->looks == NULL)
    return hand_out (self, self->n_held - 1, now_us);

  for (guint i = self->n_held; i-- > 0;) {
    if (bolo_look_board_find (self->looks, self->held[i].frame->captured_us, looks)) {
      *has_looks = TRUE;
      return hand_out (self, i, now_us);
    }
  }

  read_us = bolo_look_board_get_newest_us (self->looks);
  for (guint i = self->n_held; i-- > 0;) {
    gboolean is_old = now_us - self->held[i].taken_us >= HOLD_MAX_US;
    gboolean is_passed_by = self->held[i].frame->captured_us <= read_us;

    if (is_old || (is_passed_by && now_us - self->shown_us >= PASSED_BY_US))
      return hand_out (self, i, now_us);
  }
  return NULL;
}
