/* bolo-station-batch.c: one POST /v1/batch, from its first byte to its answer
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-batch"

#include "bolo-station-batch.h"

#include "bolo-batch-parser.h"
#include "bolo-station-reply.h"

#include <string.h>

/* What goes to the intake at once (the intake says how many bytes), and how many such handfuls of a
 * car may be there while the intake has enough to do: then a car holds some hundred kilobytes of
 * the station's memory at most. One that comes alone need not wait for the disk until all of its
 * batch is there. */
#define HANDFUL_ITEMS 256
#define HANDFULS_MAX 2
#define INFLATE_BYTES 65536

struct _BoloStationBatch {
  gatomicrefcount references;
  SoupServerMessage *message; /* (lent) (nullable): NULL when it has ended */
  BoloStationIntake *intake;  /* (owned) */
  BoloStationFaults *faults;  /* (lent) */
  char *car;                  /* (owned) */
  char *session;              /* (owned) (nullable) */

  GConverter *inflater;    /* (owned) (nullable) */
  gboolean is_inflating;   /* the compressed body has not ended */
  BoloBatchParser *parser; /* (owned) */
  gsize n_bytes;           /* of the body, uncompressed */
  char *problem;           /* (owned) (nullable): the body cannot be read on */
  guint status;            /* for problem */

  GPtrArray *handful; /* (owned): of BoloBatchItem that were not handed on */
  gsize handful_bytes;
  GPtrArray *results; /* (owned): of GPtrArray of BoloBatchResult, a handful each; NULL: not yet */
  guint n_waiting;    /* handfuls of which the results are missing */
  gboolean is_held;   /* the message is paused until a handful is decided */
  gboolean is_ended;  /* the body has come */
};

/* Where a handful's results belong. */
typedef struct {
  BoloStationBatch *batch; /* (owned) */
  guint index;
} Handful;

static void
batch_unref (BoloStationBatch *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_object_unref (self->intake);
  g_free (self->car);
  g_free (self->session);
  g_clear_object (&self->inflater);
  bolo_batch_parser_free (self->parser);
  g_free (self->problem);
  g_ptr_array_unref (self->handful);
  g_ptr_array_unref (self->results);
  g_free (self);
}

static void
free_results (gpointer results)
{
  if (results != NULL)
    g_ptr_array_unref (results);
}

static char *
write_answer (BoloStationBatch *self)
{
  gboolean is_double = bolo_station_faults_strike (self->faults, BOLO_STATION_FAULT_DOUBLE);
  GString *answer = g_string_new (NULL);

  for (guint i = 0; i < self->results->len; i++) {
    GPtrArray *results = self->results->pdata[i];

    for (guint j = 0; j < results->len; j++) {
      bolo_batch_result_write (results->pdata[j], answer);
      if (is_double)
        bolo_batch_result_write (results->pdata[j], answer);
    }
  }
  return g_string_free (answer, FALSE);
}

static void
answer_when_decided (BoloStationBatch *self)
{
  if (!self->is_ended || self->n_waiting > 0 || self->message == NULL)
    return;
  if (self->problem != NULL)
    bolo_station_reply_error (self->message, self->status, self->problem, FALSE, 0);
  else
    bolo_station_reply_text (self->message, self->faults, BOLO_BATCH_RESULTS_TYPE,
                             write_answer (self));
}

static void
on_stored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Handful *handful = user_data;
  BoloStationBatch *self = handful->batch;

  self->results->pdata[handful->index] =
    bolo_station_intake_store_finish (BOLO_STATION_INTAKE (source), result);
  self->n_waiting--;
  if (self->is_held && self->message != NULL) {
    self->is_held = FALSE;
    soup_server_message_unpause (self->message);
  }
  answer_when_decided (self);
  batch_unref (self);
  g_free (handful);
}

static void
hand_on (BoloStationBatch *self, gboolean is_last)
{
  Handful *handful;

  if (self->handful->len == 0)
    return;
  handful = g_new0 (Handful, 1);
  handful->batch = self;
  handful->index = self->results->len;
  g_atomic_ref_count_inc (&self->references);
  g_ptr_array_add (self->results, NULL);
  self->n_waiting++;
  bolo_station_intake_store_async (self->intake, self->car, self->session, self->handful, is_last,
                                   on_stored, handful);
  g_ptr_array_unref (self->handful);
  self->handful = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_batch_item_unref);
  self->handful_bytes = 0;
}

static void
add_item (BoloStationBatch *self, BoloBatchItem *item)
{
  g_ptr_array_add (self->handful, item);
  self->handful_bytes += (item->body != NULL ? strlen (item->body) : 0) +
                         (item->bytes != NULL ? g_bytes_get_size (item->bytes) : 0);
  if (self->handful->len >= HANDFUL_ITEMS ||
      self->handful_bytes >= bolo_station_intake_get_handful (self->intake))
    hand_on (self, FALSE);
}

static void
set_problem (BoloStationBatch *self, guint status, const char *sentence)
{
  self->status = status;
  self->problem = g_strdup (sentence);
}

/* Uncompressed bytes of the body. */
static void
take_bytes (BoloStationBatch *self, const void *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  BoloBatchItem *item;

  self->n_bytes += length;
  if (self->n_bytes > BOLO_STATION_BATCH_BYTES) {
    set_problem (self, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
                 "a batch has at most 4,194,304 bytes; send fewer items at once");
    return;
  }
  bolo_batch_parser_push (self->parser, data, length);
  while ((item = bolo_batch_parser_next (self->parser, &error)) != NULL)
    add_item (self, item);
  if (error != NULL)
    set_problem (self, SOUP_STATUS_BAD_REQUEST, error->message);
}

static void
inflate (BoloStationBatch *self, const guint8 *data, gsize length)
{
  g_autofree guint8 *out = g_malloc (INFLATE_BYTES);
  gsize at = 0;
  GConverterResult result = G_CONVERTER_CONVERTED;

  while (self->problem == NULL && result == G_CONVERTER_CONVERTED) {
    g_autoptr (GError) error = NULL;
    gsize n_read = 0;
    gsize n_written = 0;

    result = g_converter_convert (self->inflater, data + at, length - at, out, INFLATE_BYTES,
                                  G_CONVERTER_NO_FLAGS, &n_read, &n_written, &error);
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
      return;
    if (result == G_CONVERTER_ERROR || (result == G_CONVERTER_FINISHED && at + n_read < length)) {
      set_problem (self, SOUP_STATUS_BAD_REQUEST, "the body is not one piece of gzip");
      return;
    }
    at += n_read;
    self->is_inflating = result != G_CONVERTER_FINISHED;
    take_bytes (self, out, n_written);
    if (at == length && n_written < INFLATE_BYTES)
      return;
  }
}

static void
on_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  BoloStationBatch *self = user_data;
  gsize length;
  const guint8 *data = g_bytes_get_data (chunk, &length);

  if (self->problem != NULL || length == 0)
    return;
  if (self->inflater != NULL)
    inflate (self, data, length);
  else
    take_bytes (self, data, length);
  if (self->n_waiting >= HANDFULS_MAX && !self->is_held &&
      bolo_station_intake_is_busy (self->intake)) {
    self->is_held = TRUE;
    soup_server_message_pause (message);
  }
}

BoloStationBatch *
bolo_station_batch_begin (SoupServerMessage *message,
                          BoloStationIntake *intake,
                          BoloStationFaults *faults,
                          const char *car)
{
  BoloStationBatch *self = g_new0 (BoloStationBatch, 1);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *encoding = soup_message_headers_get_one (headers, "Content-Encoding");
  const char *session = soup_message_headers_get_one (headers, "Bolo-Session");

  g_atomic_ref_count_init (&self->references);
  self->message = message;
  self->intake = g_object_ref (intake);
  bolo_station_intake_begin_body (intake);
  self->faults = faults;
  self->car = g_strdup (car);
  self->parser = bolo_batch_parser_new (BOLO_STATION_ITEM_BYTES);
  self->handful = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_batch_item_unref);
  self->results = g_ptr_array_new_with_free_func (free_results);
  if (session != NULL && g_uuid_string_is_valid (session))
    self->session = g_strdup (session);
  else if (session != NULL)
    set_problem (self, SOUP_STATUS_BAD_REQUEST, "Bolo-Session is not a UUID");
  if (encoding != NULL && g_ascii_strcasecmp (encoding, "gzip") == 0) {
    self->inflater = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
    self->is_inflating = TRUE;
  } else if (encoding != NULL && g_ascii_strcasecmp (encoding, "identity") != 0)
    set_problem (self, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE,
                 "a batch may be compressed by gzip only");
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_chunk), self);
  return self;
}

/* What came of a picture is kept, whatever follows. */
static void
finish_body (BoloStationBatch *self)
{
  BoloBatchItem *rest = NULL;

  if ((!bolo_batch_parser_finish (self->parser, &rest) || self->is_inflating) &&
      self->problem == NULL)
    set_problem (self, SOUP_STATUS_BAD_REQUEST, "the body ends within an item");
  if (rest != NULL)
    add_item (self, rest);
  hand_on (self, TRUE);
  bolo_station_intake_end_body (self->intake);
}

void
bolo_station_batch_end (BoloStationBatch *self)
{
  g_return_if_fail (self != NULL);

  self->is_ended = TRUE;
  finish_body (self);
  if (self->n_waiting > 0)
    bolo_station_reply_pause (self->message);
  else
    answer_when_decided (self);
}

void
bolo_station_batch_leave (BoloStationBatch *self)
{
  g_return_if_fail (self != NULL);

  self->message = NULL;
  if (!self->is_ended)
    finish_body (self);
  batch_unref (self);
}
