/* bolo-zip-stream.c: one member of a ZIP as a stream
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-zip-stream"

#include "bolo-zip-stream.h"

#include "bolo-error.h"

struct _BoloZipStream {
  GInputStream parent_instance;

  zip_file_t *member; /* (owned) */
  guint64 size;       /* as the ZIP says */
  guint64 n_read;
};

G_DEFINE_FINAL_TYPE (BoloZipStream, bolo_zip_stream, G_TYPE_INPUT_STREAM)

static gssize
fail (GError **error, const char *reason)
{
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA,
               "the ZIP file is damaged (%s); fetch it again", reason);
  return -1;
}

static gssize
bolo_zip_stream_read (
  GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  BoloZipStream *self = BOLO_ZIP_STREAM (stream);
  zip_int64_t length = zip_fread (self->member, buffer, count);

  if (length < 0)
    return fail (error, zip_error_strerror (zip_file_get_error (self->member)));
  self->n_read += (guint64) length;
  if (self->n_read > self->size || (length == 0 && count > 0 && self->n_read < self->size))
    return fail (error, "a member is not as long as it says");
  return (gssize) length;
}

static void
bolo_zip_stream_finalize (GObject *object)
{
  BoloZipStream *self = BOLO_ZIP_STREAM (object);

  g_clear_pointer (&self->member, zip_fclose);
  G_OBJECT_CLASS (bolo_zip_stream_parent_class)->finalize (object);
}

static void
bolo_zip_stream_class_init (BoloZipStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_zip_stream_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = bolo_zip_stream_read;
}

static void
bolo_zip_stream_init (BoloZipStream *self)
{
}

GInputStream *
bolo_zip_stream_new (zip_t *zip, zip_uint64_t index, guint64 size, GError **error)
{
  zip_file_t *member;
  BoloZipStream *self;

  g_return_val_if_fail (zip != NULL, NULL);

  member = zip_fopen_index (zip, index, 0);
  if (member == NULL) {
    fail (error, zip_strerror (zip));
    return NULL;
  }
  self = g_object_new (BOLO_TYPE_ZIP_STREAM, NULL);
  self->member = member;
  self->size = size;
  return G_INPUT_STREAM (self);
}
