/* bolo-list-window.c: a sliding view over a stream of bytes, of bounded size
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-list-window"

#include "bolo-list-window.h"

#include "bolo-error.h"

#include <string.h>

#define CAPACITY_FIRST ((gsize) 16 * 1024) /* most of what is tried is short */
#define CAPACITY_MAX ((gsize) 1024 * 1024)
#define WANTED_MAX (CAPACITY_MAX / 2)

struct _BoloListWindow {
  GInputStream *stream; /* (owned) */
  guint64 bytes_max;
  guint64 n_read; /* bytes of the stream that were read */
  gsize start;    /* of what is available */
  gsize end;
  gboolean is_at_end;
  gsize capacity;
  char *bytes; /* (owned) */
};

BoloListWindow *
bolo_list_window_new (GInputStream *stream, guint64 bytes_max)
{
  BoloListWindow *self;

  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);

  self = g_new0 (BoloListWindow, 1);
  self->stream = g_object_ref (stream);
  self->bytes_max = bytes_max;
  self->capacity = CAPACITY_FIRST;
  self->bytes = g_malloc (self->capacity);
  return self;
}

void
bolo_list_window_free (BoloListWindow *self)
{
  g_return_if_fail (self != NULL);

  g_clear_object (&self->stream);
  g_free (self->bytes);
  g_free (self);
}

/* Makes room behind what is there: all of it for what comes next once the list is a long one. */
static void
make_room (BoloListWindow *self, gsize wanted)
{
  memmove (self->bytes, self->bytes + self->start, self->end - self->start);
  self->end -= self->start;
  self->start = 0;
  if (wanted <= self->capacity && self->n_read < self->capacity)
    return;
  if (self->capacity < CAPACITY_MAX) {
    self->capacity = CAPACITY_MAX;
    self->bytes = g_realloc (self->bytes, self->capacity);
  }
}

gboolean
bolo_list_window_fill (BoloListWindow *self, gsize wanted, GError **error)
{
  g_return_val_if_fail (self != NULL && wanted <= WANTED_MAX, FALSE);

  if (self->end - self->start >= wanted || self->is_at_end)
    return TRUE;
  make_room (self, wanted);
  while (self->end < wanted && !self->is_at_end) {
    g_autoptr (GError) local = NULL;
    gssize length = g_input_stream_read (self->stream, self->bytes + self->end,
                                         self->capacity - self->end, NULL, &local);

    if (length < 0) {
      if (local->domain == BOLO_ERROR)
        g_propagate_error (error, g_steal_pointer (&local));
      else
        bolo_error_take_foreign (error, g_steal_pointer (&local), "Cannot read the list");
      return FALSE;
    }
    self->is_at_end = length == 0;
    self->end += (gsize) length;
    self->n_read += (guint64) length;
    if (self->n_read > self->bytes_max) {
      g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
                   "the list is larger than %" G_GUINT64_FORMAT " MiB; split it",
                   self->bytes_max >> 20);
      return FALSE;
    }
  }
  return TRUE;
}

const char *
bolo_list_window_peek (const BoloListWindow *self, gsize *length)
{
  g_return_val_if_fail (self != NULL && length != NULL, NULL);

  *length = self->end - self->start;
  return self->bytes + self->start;
}

void
bolo_list_window_skip (BoloListWindow *self, gsize length)
{
  g_return_if_fail (self != NULL && length <= self->end - self->start);

  self->start += length;
}

gboolean
bolo_list_window_is_last (const BoloListWindow *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->is_at_end;
}

guint64
bolo_list_window_get_offset (const BoloListWindow *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_read - (self->end - self->start);
}
