/* bolo-index-writer.c: writes one run of a file in large pieces, summing it up on the way
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-index-writer"

#include "bolo-index-writer.h"

#include "bolo-error.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_BYTES (256 * 1024)

void
bolo_index_writer_init (BoloIndexWriter *self, int fd, guint64 offset)
{
  g_return_if_fail (self != NULL && fd >= 0);

  *self = (BoloIndexWriter){.fd = fd, .offset = offset, .buffer = g_malloc (BUFFER_BYTES)};
}

void
bolo_index_writer_clear (BoloIndexWriter *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->buffer, g_free);
}

static void
write_out (BoloIndexWriter *self)
{
  gsize done = 0;

  while (done < self->used && self->failed == 0) {
    gssize written =
      pwrite (self->fd, self->buffer + done, self->used - done, (off_t) (self->offset + done));

    if (written > 0)
      done += (gsize) written;
    else if (errno != EINTR)
      self->failed = errno;
  }
  bolo_index_sum_update (&self->sum, self->buffer, self->used);
  self->offset += self->used;
  self->used = 0;
}

void
bolo_index_writer_put (BoloIndexWriter *self, gconstpointer bytes, gsize length)
{
  const guint8 *at = bytes;

  g_return_if_fail (self != NULL && (bytes != NULL || length == 0));

  while (length > 0) {
    gsize n = MIN (length, BUFFER_BYTES - self->used);

    memcpy (self->buffer + self->used, at, n);
    self->used += n;
    at += n;
    length -= n;
    if (self->used == BUFFER_BYTES)
      write_out (self);
  }
}

gboolean
bolo_index_writer_flush (BoloIndexWriter *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  write_out (self);
  if (self->failed == 0)
    return TRUE;
  bolo_error_set_errno (error, self->failed, "Cannot write the list's index");
  return FALSE;
}
