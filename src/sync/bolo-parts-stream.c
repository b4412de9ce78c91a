/* bolo-parts-stream.c: many pieces of memory, read one after the other without a copy of the whole
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-parts-stream.h"

#include <string.h>

struct _BoloPartsStream {
  GInputStream parent_instance;

  GPtrArray *parts; /* (owned): of GBytes */
  GByteArray *text; /* (owned): the last part, while it grows */
  gsize size;       /* of all */
  guint part;       /* that is read next */
  gsize part_at;    /* in it */
  gsize at;         /* in all */
};

static void seekable_init (GSeekableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BoloPartsStream,
                               bolo_parts_stream,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, seekable_init))

static void
end_text (BoloPartsStream *self)
{
  if (self->text->len == 0)
    return;
  g_ptr_array_add (self->parts, g_byte_array_free_to_bytes (self->text));
  self->text = g_byte_array_new ();
}

BoloPartsStream *
bolo_parts_stream_new (void)
{
  return g_object_new (BOLO_TYPE_PARTS_STREAM, NULL);
}

void
bolo_parts_stream_add_text (BoloPartsStream *self, const guint8 *text, gsize length)
{
  g_return_if_fail (BOLO_IS_PARTS_STREAM (self) && (text != NULL || length == 0));

  g_byte_array_append (self->text, text, (guint) length);
  self->size += length;
}

void
bolo_parts_stream_add_bytes (BoloPartsStream *self, GBytes *bytes)
{
  g_return_if_fail (BOLO_IS_PARTS_STREAM (self) && bytes != NULL);

  end_text (self);
  g_ptr_array_add (self->parts, g_bytes_ref (bytes));
  self->size += g_bytes_get_size (bytes);
}

gsize
bolo_parts_stream_get_size (BoloPartsStream *self)
{
  g_return_val_if_fail (BOLO_IS_PARTS_STREAM (self), 0);

  return self->size;
}

/* Up to @count bytes of the part that is due; into @to unless that is NULL. */
static gsize
take (BoloPartsStream *self, guint8 *to, gsize count)
{
  gsize length;
  const guint8 *from = g_bytes_get_data (self->parts->pdata[self->part], &length);
  gsize n = MIN (count, length - self->part_at);

  if (to != NULL && n > 0)
    memcpy (to, from + self->part_at, n);
  self->at += n;
  self->part_at += n;
  if (self->part_at == length) {
    self->part++;
    self->part_at = 0;
  }
  return n;
}

static gssize
parts_stream_read (
  GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  BoloPartsStream *self = BOLO_PARTS_STREAM (stream);
  gsize n = 0;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  end_text (self);
  while (n < count && self->part < self->parts->len)
    n += take (self, (guint8 *) buffer + n, count - n);
  return (gssize) n;
}

/* ---- from the beginning once more ---------------------------------------------------------- */

static goffset
parts_stream_tell (GSeekable *seekable)
{
  return (goffset) BOLO_PARTS_STREAM (seekable)->at;
}

static gboolean
parts_stream_can_seek (GSeekable *seekable)
{
  return TRUE;
}

static gboolean
parts_stream_seek (
  GSeekable *seekable, goffset offset, GSeekType type, GCancellable *cancellable, GError **error)
{
  BoloPartsStream *self = BOLO_PARTS_STREAM (seekable);

  if (type != G_SEEK_SET)
    offset += (goffset) (type == G_SEEK_CUR ? self->at : self->size);
  if (offset < 0 || (gsize) offset > self->size) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         "there is nothing at this place");
    return FALSE;
  }
  end_text (self);
  self->part = 0;
  self->part_at = self->at = 0;
  while (self->at < (gsize) offset)
    take (self, NULL, (gsize) offset - self->at);
  return TRUE;
}

static gboolean
parts_stream_can_truncate (GSeekable *seekable)
{
  return FALSE;
}

static void
seekable_init (GSeekableIface *iface)
{
  iface->tell = parts_stream_tell;
  iface->can_seek = parts_stream_can_seek;
  iface->seek = parts_stream_seek;
  iface->can_truncate = parts_stream_can_truncate;
}

/* ---- life ---------------------------------------------------------------------------------- */

static void
bolo_parts_stream_finalize (GObject *object)
{
  BoloPartsStream *self = BOLO_PARTS_STREAM (object);

  g_ptr_array_unref (self->parts);
  g_byte_array_unref (self->text);
  G_OBJECT_CLASS (bolo_parts_stream_parent_class)->finalize (object);
}

static void
bolo_parts_stream_class_init (BoloPartsStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_parts_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = parts_stream_read;
}

static void
bolo_parts_stream_init (BoloPartsStream *self)
{
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->text = g_byte_array_new ();
}
