/* bolo-station-stream.c: a caller's connection, read from in larger pieces than TLS asks for
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-station-stream.h"

#include <string.h>

#define BUFFER_BYTES 32768

/* ---- what comes in ------------------------------------------------------------------------- */

/* BoloStationInput: reads ahead as much as is there. GBufferedInputStream cannot be polled. */
typedef struct {
  GFilterInputStream parent_instance;

  guint8 *buffer; /* (owned) (nullable): what was read and not taken */
  gsize at;
  gsize end;
} BoloStationInput;

typedef struct {
  GFilterInputStreamClass parent_class;
} BoloStationInputClass;

static GType bolo_station_input_get_type (void);
static void pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_TYPE_WITH_CODE (BoloStationInput,
                         bolo_station_input,
                         G_TYPE_FILTER_INPUT_STREAM,
                         G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, pollable_init))

static GInputStream *
get_base (BoloStationInput *self)
{
  return g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (self));
}

static gsize
take (BoloStationInput *self, void *to, gsize count)
{
  gsize n = MIN (count, self->end - self->at);

  memcpy (to, self->buffer + self->at, n);
  self->at += n;
  if (self->at == self->end)
    g_clear_pointer (&self->buffer, g_free);
  return n;
}

static gssize
read_some (BoloStationInput *self,
           void *to,
           gsize count,
           GCancellable *cancellable,
           gboolean blocks,
           GError **error)
{
  gssize n;

  if (self->buffer != NULL)
    return (gssize) take (self, to, count);
  if (count >= BUFFER_BYTES)
    return g_pollable_stream_read (get_base (self), to, count, blocks, cancellable, error);
  self->buffer = g_malloc (BUFFER_BYTES);
  n = g_pollable_stream_read (get_base (self), self->buffer, BUFFER_BYTES, blocks, cancellable,
                              error);
  self->at = 0;
  self->end = (gsize) MAX (n, 0);
  if (n > 0)
    return (gssize) take (self, to, count);
  g_clear_pointer (&self->buffer, g_free);
  return n;
}

static gssize
input_read (GInputStream *stream, void *to, gsize count, GCancellable *cancellable, GError **error)
{
  return read_some ((BoloStationInput *) stream, to, count, cancellable, TRUE, error);
}

static gssize
input_read_nonblocking (GPollableInputStream *stream, void *to, gsize count, GError **error)
{
  return read_some ((BoloStationInput *) stream, to, count, NULL, FALSE, error);
}

static gboolean
input_is_readable (GPollableInputStream *stream)
{
  BoloStationInput *self = (BoloStationInput *) stream;

  return self->buffer != NULL ||
         g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (get_base (self)));
}

static GSource *
input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  BoloStationInput *self = (BoloStationInput *) stream;
  g_autoptr (GSource) ready =
    self->buffer != NULL
      ? g_timeout_source_new (0)
      : g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (get_base (self)), NULL);

  return g_pollable_source_new_full (stream, ready, cancellable);
}

static void
input_finalize (GObject *object)
{
  g_free (((BoloStationInput *) object)->buffer);
  G_OBJECT_CLASS (bolo_station_input_parent_class)->finalize (object);
}

static void
bolo_station_input_class_init (BoloStationInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = input_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = input_read;
}

static void
bolo_station_input_init (BoloStationInput *self)
{
}

static void
pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = input_is_readable;
  iface->create_source = input_create_source;
  iface->read_nonblocking = input_read_nonblocking;
}

/* ---- both ways ----------------------------------------------------------------------------- */

typedef struct {
  GIOStream parent_instance;

  GIOStream *raw;      /* (owned) */
  GInputStream *input; /* (owned) */
} BoloStationStream;

typedef struct {
  GIOStreamClass parent_class;
} BoloStationStreamClass;

static GType bolo_station_stream_get_type (void);

G_DEFINE_TYPE (BoloStationStream, bolo_station_stream, G_TYPE_IO_STREAM)

static GInputStream *
stream_get_input (GIOStream *stream)
{
  return ((BoloStationStream *) stream)->input;
}

static GOutputStream *
stream_get_output (GIOStream *stream)
{
  return g_io_stream_get_output_stream (((BoloStationStream *) stream)->raw);
}

static gboolean
stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  return g_io_stream_close (((BoloStationStream *) stream)->raw, cancellable, error);
}

static void
stream_finalize (GObject *object)
{
  BoloStationStream *self = (BoloStationStream *) object;

  g_object_unref (self->input);
  g_object_unref (self->raw);
  G_OBJECT_CLASS (bolo_station_stream_parent_class)->finalize (object);
}

static void
bolo_station_stream_class_init (BoloStationStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = stream_finalize;
  stream_class->get_input_stream = stream_get_input;
  stream_class->get_output_stream = stream_get_output;
  stream_class->close_fn = stream_close;
}

static void
bolo_station_stream_init (BoloStationStream *self)
{
}

GIOStream *
bolo_station_stream_new (GIOStream *raw)
{
  BoloStationStream *self;

  g_return_val_if_fail (G_IS_IO_STREAM (raw), NULL);

  self = g_object_new (bolo_station_stream_get_type (), NULL);
  self->raw = g_object_ref (raw);
  self->input = g_object_new (bolo_station_input_get_type (), "base-stream",
                              g_io_stream_get_input_stream (raw), "close-base-stream", FALSE, NULL);
  return G_IO_STREAM (self);
}
