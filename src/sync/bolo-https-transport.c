/* bolo-https-transport.c: docs/protocol.md as a way to a station
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-https-transport"

#include "bolo-https-transport-private.h"

#include <math.h>
#include <string.h>

#include "bolo-batch-result.h"
#include "bolo-error.h"
#include "bolo-json-reader.h"
#include "bolo-json-writer.h"
#include "bolo-outgoing-body.h"
#include "bolo-parts-stream.h"
#include "bolo-shared-hit.h"
#include "bolo-station-lists.h"

#define PROTOCOL 1
/* Beyond this the officer is told, beyond that nothing is sent: wrong times would go on record. */
#define CLOCK_SAID_MS 5000
#define CLOCK_REFUSED_MS (300 * 1000)
/* A station that says nothing of its own limits. */
#define BATCH_BYTES_DEFAULT (1024 * 1024)
#define BATCH_BYTES_MAX (4 * 1024 * 1024)
#define BATCH_ITEMS 2000
/* Above this packing costs more than it saves: 20 Mbit/s. */
#define GZIP_BELOW_BPS (2.5e6)
#define GZIP_LEVEL 6
#define RATE_BY_BODY_BYTES (128 * 1024)
#define HAVE_MAX 10000
#define SHARED_MAX 1000
#define HELLO_DEADLINE_S 15
/* A batch is about a second of the link; more than this is none. */
#define BATCH_DEADLINE_S 60
#define ANSWER_DEADLINE_S 30

static void bolo_https_transport_iface_init (BoloTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BoloHttpsTransport,
                               bolo_https_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BOLO_TYPE_TRANSPORT,
                                                      bolo_https_transport_iface_init))

static void
get_traits (BoloTransport *transport, BoloTransportTraits *traits)
{
  BoloHttpsTransport *self = BOLO_HTTPS_TRANSPORT (transport);

  traits->batch_bytes = self->batch_bytes;
  traits->batch_items = BATCH_ITEMS;
  traits->piece_bytes = self->item_bytes;
  traits->has_lists = self->remote->station_keys[0] != NULL;
  traits->has_shared = self->remote->wants_shared;
  traits->has_receipts = self->remote->station_keys[0] != NULL;
  traits->clock_off_ms = ABS (self->clock_off_ms) > CLOCK_SAID_MS ? self->clock_off_ms : 0;
  traits->asked_s = self->link != NULL ? bolo_https_link_get_asked_s (self->link) : 0;
}

/* For the station's web page. */
static void
note_backlog (BoloTransport *transport, const BoloUnsentCounts *counts)
{
  BoloHttpsTransport *self = BOLO_HTTPS_TRANSPORT (transport);
  g_autofree char *oldest =
    counts->oldest_us >= 0 ? bolo_time_format_utc (counts->oldest_us) : NULL;
  gint64 sum = 0;

  for (guint i = 0; i < BOLO_N_TOPICS; i++)
    sum += counts->items[i];
  g_free (self->backlog);
  self->backlog = g_strdup_printf ("%" G_GINT64_FORMAT "%s%s", sum, oldest != NULL ? " " : "",
                                   oldest != NULL ? oldest : "");
}

/* ---- who is there -------------------------------------------------------------------------- */

static gsize
take_size (BoloJsonReader *reader, const char *name, gsize fallback)
{
  double value = bolo_json_reader_peek_number (reader, name, (double) fallback);

  return (gsize) CLAMP (value, 65536.0, (double) BATCH_BYTES_MAX);
}

static gboolean
check_clock (BoloHttpsTransport *self,
             gint64 station_us,
             const BoloHttpsReply *reply,
             GError **error)
{
  gint64 trip_us = reply->done_us - reply->sent_us;
  gint64 ours_us = bolo_clock_get_utc_us (self->clock) - trip_us / 2;

  self->clock_off_ms = (ours_us - station_us) / 1000;
  if (ABS (self->clock_off_ms) <= CLOCK_REFUSED_MS)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_STALE,
               "This car's clock is %" G_GINT64_FORMAT " minutes %s the station's; set it right, "
               "nothing is sent until then",
               (ABS (self->clock_off_ms) + 30000) / 60000,
               self->clock_off_ms > 0 ? "ahead of" : "behind");
  return FALSE;
}

static gboolean
take_hello (BoloHttpsTransport *self, const BoloHttpsReply *reply, GError **error)
{
  g_autoptr (BoloJsonReader) reader = bolo_json_reader_new (
    (const char *) reply->body->data, reply->body->len, "the station's greeting", error);
  gint64 protocol, time_us;

  if (reader == NULL ||
      !bolo_json_reader_get_int (reader, "protocol", 1, G_MAXINT32, &protocol, error) ||
      !bolo_json_reader_get_time (reader, "time", &time_us, error))
    return FALSE;
  if (protocol != PROTOCOL) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED,
                 "The station speaks version %" G_GINT64_FORMAT " of the protocol, and this car "
                 "version %d",
                 protocol, PROTOCOL);
    return FALSE;
  }
  g_free (self->station);
  g_free (self->car);
  self->station = bolo_json_reader_dup_text (reader, "station");
  self->car = bolo_json_reader_dup_text (reader, "car");
  self->batch_bytes = take_size (reader, "batch_bytes", BATCH_BYTES_DEFAULT);
  self->item_bytes = take_size (reader, "item_bytes", BATCH_BYTES_DEFAULT);
  return check_clock (self, time_us, reply, error);
}

static gboolean
do_connect (BoloTransport *transport, GCancellable *cancellable, GError **error)
{
  BoloHttpsTransport *self = BOLO_HTTPS_TRANSPORT (transport);
  const char *const headers[] = {self->elder == NULL ? "Bolo-Backlog" : NULL,
                                 self->backlog != NULL ? self->backlog : "0",
                                 self->lists != NULL ? "Bolo-Lists" : NULL, self->lists, NULL};
  const BoloHttpsRequest request = {.method = "GET",
                                    .path = "/v1/hello",
                                    .headers = headers,
                                    .reply_max = 65536,
                                    .deadline_s = HELLO_DEADLINE_S};
  g_auto (BoloHttpsReply) reply = {0};

  if (self->link == NULL) {
    self->link = bolo_https_link_new (self->remote, error);
    if (self->link == NULL)
      return FALSE;
    bolo_https_transport_load_denied (self);
  }
  return bolo_https_link_run (self->link, &request, &reply, cancellable, error) &&
         take_hello (self, &reply, error);
}

static void
do_disconnect (BoloTransport *transport)
{
  BoloHttpsTransport *self = BOLO_HTTPS_TRANSPORT (transport);

  g_clear_pointer (&self->link, bolo_https_link_free);
}

static gboolean
check_connected (BoloHttpsTransport *self, GError **error)
{
  if (self->link != NULL)
    return TRUE;
  g_set_error (error, BOLO_ERROR, BOLO_ERROR_OFFLINE, "There is no connection to the station");
  return FALSE;
}

/* ---- sending ------------------------------------------------------------------------------- */

/* (transfer full) (nullable) */
static BoloPartsStream *
pack (BoloPartsStream *body)
{
  g_autoptr (GZlibCompressor) packer =
    g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, GZIP_LEVEL);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, G_CONVERTER (packer));
  g_autoptr (GBytes) bytes = NULL;
  BoloPartsStream *packed;

  if (g_output_stream_splice (stream, G_INPUT_STREAM (body), G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                              NULL, NULL) < 0)
    return NULL;
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
  packed = bolo_parts_stream_new ();
  bolo_parts_stream_add_bytes (packed, bytes);
  return packed;
}

static const struct {
  BoloBatchOutcome outcome;
  BoloResult result;
} outcomes[] = {
  {BOLO_BATCH_STORED, BOLO_RESULT_STORED},   {BOLO_BATCH_KNOWN, BOLO_RESULT_KNOWN},
  {BOLO_BATCH_PARTIAL, BOLO_RESULT_PARTIAL}, {BOLO_BATCH_REJECTED, BOLO_RESULT_REJECTED},
  {BOLO_BATCH_AGAIN, BOLO_RESULT_AGAIN},
};

static char *
make_key (const char *word, const char *id, gint64 state)
{
  return g_strdup_printf ("%s %s %" G_GINT64_FORMAT, word, id, state);
}

static void
take_result (GHashTable *items, const BoloBatchResult *said)
{
  g_autofree char *key = make_key (said->word, said->id, said->state);
  BoloOutgoing *item = g_hash_table_lookup (items, key);

  /* An answer to what was not asked takes nothing out. */
  for (guint i = 0; item != NULL && i < G_N_ELEMENTS (outcomes); i++) {
    if (outcomes[i].outcome != said->outcome)
      continue;
    bolo_outgoing_answer (item, outcomes[i].result, said->reason);
    item->kept = said->offset;
  }
}

/* Whole lines only: one that broke off says nothing. */
static void
take_results (GPtrArray *items, const BoloHttpsReply *reply)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *at = (const char *) reply->body->data;
  const char *end = at + reply->body->len;

  for (guint i = 0; i < items->len; i++) {
    BoloOutgoing *item = items->pdata[i];

    g_hash_table_insert (
      known, make_key (bolo_topic_to_string (item->topic), item->id, item->state), item);
  }
  while (at != NULL && at < end) {
    const char *stop = memchr (at, '\n', (gsize) (end - at));
    g_autoptr (BoloBatchResult) said = NULL;

    if (stop == NULL)
      break;
    said = bolo_batch_result_parse (at, (gsize) (stop - at), NULL);
    if (said != NULL)
      take_result (known, said);
    at = stop + 1;
  }
}

/* As many of @items as the station takes at once; the others are cut off. */
static BoloPartsStream *
write_batch (BoloHttpsTransport *self, GPtrArray *items, gboolean *is_gzipped)
{
  g_autoptr (BoloPartsStream) body = bolo_parts_stream_new ();
  g_autoptr (GByteArray) text = g_byte_array_new ();
  gboolean has_picture = FALSE;

  for (guint i = 0; i < items->len; i++) {
    g_autoptr (GBytes) picture = NULL;
    gsize size = bolo_parts_stream_get_size (body);

    g_byte_array_set_size (text, 0);
    bolo_outgoing_body_write_head (text, items->pdata[i], &picture);
    if (size > 0 &&
        size + text->len + (picture != NULL ? g_bytes_get_size (picture) : 0) > self->batch_bytes) {
      g_ptr_array_set_size (items, (int) i);
      break;
    }
    bolo_parts_stream_add_text (body, text->data, text->len);
    if (picture != NULL)
      bolo_parts_stream_add_bytes (body, picture);
    has_picture = has_picture || picture != NULL;
  }
  *is_gzipped =
    !has_picture && bolo_parts_stream_get_size (body) > 1024 && self->rate_bps < GZIP_BELOW_BPS;
  if (*is_gzipped) {
    BoloPartsStream *packed = pack (body);

    if (packed != NULL)
      return packed;
    *is_gzipped = FALSE;
    g_seekable_seek (G_SEEKABLE (body), 0, G_SEEK_SET, NULL, NULL);
  }
  return g_steal_pointer (&body);
}

/* A body that is larger than what the kernel takes at once has gone as fast as the link is; for the
 * answer the other side's disk counts too. */
static void
note_rate (BoloHttpsTransport *self, const BoloHttpsReply *reply, gsize bytes)
{
  gboolean is_large = bytes >= RATE_BY_BODY_BYTES && reply->written_us > 0;
  gint64 end_us = is_large ? reply->written_us : reply->done_us;

  self->rate_bps = (double) bytes * G_USEC_PER_SEC / (double) MAX (end_us - reply->sent_us, 1000);
  bolo_https_link_set_rate (self->link, self->rate_bps);
}

static void
on_body_sent (gpointer user_data)
{
  bolo_transport_emit_body_sent (user_data);
}

static gboolean
do_send (BoloTransport *transport, GPtrArray *items, GCancellable *cancellable, GError **error)
{
  BoloHttpsTransport *self = BOLO_HTTPS_TRANSPORT (transport);
  /* A second connection belongs to the first one's session, and leaves the backlog to it. */
  const char *session = self->elder != NULL ? self->elder->session : self->session;
  const char *const headers[] = {"Bolo-Session", session,
                                 self->elder == NULL ? "Bolo-Backlog" : NULL,
                                 self->backlog != NULL ? self->backlog : "0", NULL};
  BoloHttpsRequest request = {
    .method = "POST",
    .path = "/v1/batch",
    .content_type = BOLO_BATCH_CONTENT_TYPE,
    .headers = headers,
    .reply_max = BOLO_HTTPS_REPLY_MAX,
    .on_body_sent = on_body_sent,
    .body_sent_data = transport,
    .deadline_s = BATCH_DEADLINE_S,
  };
  g_auto (BoloHttpsReply) reply = {0};
  g_autoptr (BoloPartsStream) body = NULL;
  gboolean is_done;

  if (!check_connected (self, error))
    return FALSE;
  body = write_batch (self, items, &request.is_gzipped);
  request.body = G_INPUT_STREAM (body);
  request.body_bytes = bolo_parts_stream_get_size (body);
  if (request.body_bytes == 0)
    return TRUE; /* every item is answered already */
  bolo_transport_emit_body_ready (transport);
  is_done = bolo_https_link_run (self->link, &request, &reply, cancellable, error);
  if (reply.status == 200)
    take_results (items, &reply);
  if (is_done)
    note_rate (self, &reply, request.body_bytes);
  return is_done;
}

static gboolean
do_ask (BoloTransport *transport, GPtrArray *items, GCancellable *cancellable, GError **error)
{
  BoloHttpsTransport *self = BOLO_HTTPS_TRANSPORT (transport);
  g_autoptr (GString) question = g_string_new (NULL);
  g_auto (BoloHttpsReply) reply = {0};
  g_autoptr (GInputStream) body = NULL;
  BoloHttpsRequest request = {
    .method = "POST",
    .path = "/v1/have",
    .content_type = BOLO_BATCH_RESULTS_TYPE,
    .reply_max = BOLO_HTTPS_REPLY_MAX,
    .deadline_s = ANSWER_DEADLINE_S,
  };

  if (!check_connected (self, error))
    return FALSE;
  for (guint i = 0; i < items->len && i < HAVE_MAX; i++) {
    const BoloOutgoing *item = items->pdata[i];

    bolo_batch_question_write (question, bolo_outgoing_body_get_topic (item), item->id,
                               item->state);
  }
  body = g_memory_input_stream_new_from_data (question->str, (gssize) question->len, NULL);
  request.body = body;
  request.body_bytes = question->len;
  if (!bolo_https_link_run (self->link, &request, &reply, cancellable, error))
    return FALSE;
  take_results (items, &reply);
  return TRUE;
}

/* ---- what else it brings ------------------------------------------------------------------- */

static BoloSharedHit *
read_shared (BoloJsonReader *reader, gint64 *number, GError **error)
{
  g_autofree char *car = NULL;
  g_autofree char *id = NULL;
  g_autofree char *mark = NULL;
  g_autofree char *category = NULL;
  g_autofree char *match = bolo_json_reader_dup_text (reader, "match");
  g_autofree char *verification = bolo_json_reader_dup_text (reader, "verification");
  BoloSharedHitFields fields = {0};

  if (!bolo_json_reader_get_int (reader, "number", 0, G_MAXINT64, number, error) ||
      !bolo_json_reader_get_text (reader, "car", &car, error) ||
      !bolo_json_reader_get_text (reader, "id", &id, error) ||
      !bolo_json_reader_get_text (reader, "mark", &mark, error) ||
      !bolo_json_reader_get_text (reader, "category", &category, error) ||
      !bolo_json_reader_get_time (reader, "time", &fields.time_us, error))
    return NULL;
  fields.number = *number;
  fields.car = car;
  fields.id = id;
  fields.mark = mark;
  fields.category = category;
  fields.match = match;
  fields.latitude_deg = bolo_json_reader_peek_number (reader, "lat", NAN);
  fields.longitude_deg = bolo_json_reader_peek_number (reader, "lon", NAN);
  bolo_verification_from_string (verification, &fields.verification);
  return bolo_shared_hit_new (&fields);
}

static GPtrArray *
read_all_shared (const BoloHttpsReply *reply, gint64 *after, GError **error)
{
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (BoloJsonReader) reader = bolo_json_reader_new (
    (const char *) reply->body->data, reply->body->len, "the shared hits", error);
  g_autoptr (GPtrArray) rows = NULL;
  gint64 next;

  if (reader == NULL || !bolo_json_reader_get_int (reader, "next", 0, G_MAXINT64, &next, error))
    return NULL;
  rows = bolo_json_reader_get_objects (reader, "hits", SHARED_MAX, error);
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    gint64 number;
    BoloSharedHit *hit = read_shared (rows->pdata[i], &number, error);

    if (hit == NULL)
      return NULL;
    g_ptr_array_add (hits, hit);
  }
  if (rows == NULL)
    return NULL;
  *after = next;
  return g_steal_pointer (&hits);
}

static GPtrArray *
do_fetch_shared (BoloTransport *transport, gint64 *after, GCancellable *cancellable, GError **error)
{
  BoloHttpsTransport *self = BOLO_HTTPS_TRANSPORT (transport);
  g_autofree char *path = g_strdup_printf ("/v1/shared?after=%" G_GINT64_FORMAT, *after);
  const BoloHttpsRequest request = {.method = "GET",
                                    .path = path,
                                    .reply_max = BOLO_HTTPS_REPLY_MAX,
                                    .deadline_s = ANSWER_DEADLINE_S};
  g_auto (BoloHttpsReply) reply = {0};

  if (!check_connected (self, error) ||
      !bolo_https_link_run (self->link, &request, &reply, cancellable, error))
    return NULL;
  return read_all_shared (&reply, after, error);
}

static char *
do_get_receipt (BoloTransport *transport,
                guint64 n_items,
                const char *sha256,
                GCancellable *cancellable,
                GError **error)
{
  BoloHttpsTransport *self = BOLO_HTTPS_TRANSPORT (transport);
  BoloJsonWriter *writer = bolo_json_writer_new ();
  g_autofree char *question = NULL;
  g_autofree char *text = NULL;
  g_autofree char *signed_sum = NULL;
  g_auto (BoloHttpsReply) reply = {0};
  g_autoptr (BoloJsonReader) reader = NULL;
  g_autoptr (GInputStream) body = NULL;
  BoloHttpsRequest request = {
    .method = "POST",
    .path = "/v1/receipt",
    .content_type = "application/json",
    .reply_max = BOLO_HTTPS_REPLY_MAX,
    .deadline_s = ANSWER_DEADLINE_S,
  };

  bolo_json_writer_add_text (writer, "session", self->session);
  bolo_json_writer_add_int (writer, "items", (gint64) n_items);
  bolo_json_writer_add_text (writer, "sha256", sha256);
  question = bolo_json_writer_finish (writer);
  body = g_memory_input_stream_new_from_data (question, -1, NULL);
  request.body = body;
  request.body_bytes = strlen (question);
  if (!check_connected (self, error) ||
      !bolo_https_link_run (self->link, &request, &reply, cancellable, error))
    return NULL;
  text = bolo_station_lists_open_envelope (self->remote, self->state_dir,
                                           (const char *) reply.body->data, reply.body->len,
                                           BOLO_ENVELOPE_RECEIPT, "The receipt", error);
  reader = text != NULL ? bolo_json_reader_new (text, strlen (text), "The receipt", error) : NULL;
  if (reader == NULL || !bolo_json_reader_get_text (reader, "sha256", &signed_sum, error))
    return NULL;
  if (g_strcmp0 (signed_sum, sha256) != 0) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_SIGNATURE,
                 "The receipt is for other records than were sent");
    return NULL;
  }
  g_free (self->session);
  self->session = g_uuid_string_random ();
  return g_strndup ((const char *) reply.body->data, reply.body->len);
}

/* ---- the object ---------------------------------------------------------------------------- */

static BoloTransport *
make_second (BoloTransport *transport)
{
  BoloHttpsTransport *self = BOLO_HTTPS_TRANSPORT (transport);
  BoloHttpsTransport *second =
    bolo_https_transport_new (self->config, self->remote, self->state_dir, self->clock);

  second->elder = self;
  second->rate_bps = self->rate_bps;
  return BOLO_TRANSPORT (second);
}

static void
bolo_https_transport_iface_init (BoloTransportInterface *iface)
{
  iface->get_traits = get_traits;
  iface->connect = do_connect;
  iface->send = do_send;
  iface->ask = do_ask;
  iface->fetch_lists = bolo_https_transport_fetch_lists;
  iface->fetch_shared = do_fetch_shared;
  iface->get_receipt = do_get_receipt;
  iface->note_backlog = note_backlog;
  iface->make_second = make_second;
  iface->disconnect = do_disconnect;
}

static void
bolo_https_transport_finalize (GObject *object)
{
  BoloHttpsTransport *self = BOLO_HTTPS_TRANSPORT (object);

  g_clear_pointer (&self->link, bolo_https_link_free);
  g_clear_pointer (&self->config, bolo_sync_config_unref);
  g_clear_object (&self->clock);
  g_free (self->state_dir);
  g_free (self->session);
  g_free (self->station);
  g_free (self->car);
  g_free (self->backlog);
  g_free (self->lists);
  G_OBJECT_CLASS (bolo_https_transport_parent_class)->finalize (object);
}

static void
bolo_https_transport_class_init (BoloHttpsTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bolo_https_transport_finalize;
}

static void
bolo_https_transport_init (BoloHttpsTransport *self)
{
  self->session = g_uuid_string_random ();
  self->batch_bytes = BATCH_BYTES_DEFAULT;
  self->item_bytes = BATCH_BYTES_DEFAULT;
}

BoloHttpsTransport *
bolo_https_transport_new (const BoloSyncConfig *config,
                          const BoloRemote *remote,
                          const char *state_dir,
                          BoloClock *clock)
{
  BoloHttpsTransport *self;

  g_return_val_if_fail (config != NULL && remote != NULL && state_dir != NULL, NULL);

  self = g_object_new (BOLO_TYPE_HTTPS_TRANSPORT, NULL);
  self->config = bolo_sync_config_ref (config);
  self->remote = remote;
  self->state_dir = g_strdup (state_dir);
  self->clock = g_object_ref (clock);
  return self;
}
