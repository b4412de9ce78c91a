/* bolo-reading.c: the board on which a camera's latest looks stand
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-reading.h"

/* A screen holds a frame back for at most 250 ms: 8 frames at 30 a second, doubled. */
#define BOARD_SIZE 16

struct _BoloLookBoard {
  gatomicrefcount references;
  GMutex mutex;
  BoloLooks looks[BOARD_SIZE]; /* (mutex mutex) a ring */
  guint64 count;               /* (mutex mutex) pushed so far */
};

BoloLookBoard *
bolo_look_board_new (void)
{
  BoloLookBoard *self = g_new0 (BoloLookBoard, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->mutex);
  return self;
}

BoloLookBoard *
bolo_look_board_ref (BoloLookBoard *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bolo_look_board_unref (BoloLookBoard *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
bolo_look_board_push (BoloLookBoard *self, const BoloLooks *looks)
{
  g_return_if_fail (self != NULL && looks != NULL);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  self->looks[self->count % BOARD_SIZE] = *looks;
  self->count++;
}

gboolean
bolo_look_board_find (BoloLookBoard *self, gint64 captured_us, BoloLooks *looks)
{
  g_return_val_if_fail (self != NULL && looks != NULL, FALSE);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  for (guint i = 0; i < MIN (self->count, BOARD_SIZE); i++) {
    if (self->looks[i].captured_us == captured_us) {
      *looks = self->looks[i];
      return TRUE;
    }
  }
  return FALSE;
}

gint64
bolo_look_board_get_newest_us (BoloLookBoard *self)
{
  g_return_val_if_fail (self != NULL, G_MININT64);

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  if (self->count == 0)
    return G_MININT64;
  return self->looks[(self->count - 1) % BOARD_SIZE].captured_us;
}
