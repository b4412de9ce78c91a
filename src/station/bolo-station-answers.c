/* bolo-station-answers.c: what the station says to a car: hello, have, shared, receipts, lists
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-station-answers"

#include "bolo-station-answers.h"

#include "bolo-batch-result.h"
#include "bolo-envelope.h"
#include "bolo-error.h"
#include "bolo-json-reader.h"
#include "bolo-json-writer.h"
#include "bolo-receipt-sum.h"
#include "bolo-station-judge.h"
#include "bolo-station-reply.h"

#include <math.h>
#include <string.h>

#define JSON_TYPE "application/json"
/* How far off a clock with the fault "clock" is. */
#define WRONG_CLOCK_US (10 * G_TIME_SPAN_MINUTE)
#define QUESTIONS_MAX 10000
#define SHARED_MAX 200
/* The words of docs/protocol.md for a disposition's number on the disk. */
static const char *const verifications[] = {
  "unconfirmed", "unconfirmed", "plate-matches", "confirmed", "misread", "unconfirmed",
};

void
bolo_station_answer_hello (BoloStationVisit *visit)
{
  const BoloStationParts *parts = visit->parts;
  gint64 now_us = bolo_clock_get_utc_us (parts->clock);
  BoloJsonWriter *writer = bolo_json_writer_new ();

  if (bolo_station_faults_strike (parts->faults, BOLO_STATION_FAULT_CLOCK))
    now_us += WRONG_CLOCK_US;
  bolo_json_writer_add_int (writer, "protocol", 1);
  bolo_json_writer_add_text (writer, "station", parts->name);
  bolo_json_writer_add_time (writer, "time", now_us);
  bolo_json_writer_add_text (writer, "car", visit->car);
  bolo_json_writer_add_int (writer, "batch_bytes", BOLO_STATION_BATCH_BYTES);
  bolo_json_writer_add_int (writer, "item_bytes", BOLO_STATION_ITEM_BYTES);
  bolo_station_reply_text (visit->message, parts->faults, JSON_TYPE,
                           bolo_json_writer_finish (writer));
}

void
bolo_station_answer_batch (BoloStationVisit *visit)
{
  bolo_station_batch_end (visit->batch);
}

void
bolo_station_answer_discard (BoloStationVisit *visit)
{
  bolo_station_reply_text (visit->message, visit->parts->faults, JSON_TYPE,
                           g_strdup_printf ("{\"bytes\":%" G_GSIZE_FORMAT "}", visit->n_bytes));
}

/* Later: what an answer that waits for the store has to hold. */
typedef struct {
  SoupServerMessage *message; /* (owned) */
  const BoloStationParts *parts;
  char *car;            /* (owned) */
  GPtrArray *questions; /* (owned) (nullable) */
  gint64 after;         /* of shared */
  gint64 since_us;      /* of shared */
  char *session;        /* (owned) (nullable): of a receipt */
  char *sha256;         /* (owned) (nullable) */
  gint64 n_items;       /* of a receipt */
} Later;

static void
later_free (gpointer data)
{
  Later *later = data;

  g_object_unref (later->message);
  g_free (later->car);
  g_clear_pointer (&later->questions, g_ptr_array_unref);
  g_free (later->session);
  g_free (later->sha256);
  g_free (later);
}

static Later *
later_new (BoloStationVisit *visit)
{
  Later *later = g_new0 (Later, 1);

  later->message = g_object_ref (visit->message);
  later->parts = visit->parts;
  later->car = g_strdup (visit->car);
  return later;
}

/* Every such task returns the text of its answer. */
static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Later *later = g_task_get_task_data (G_TASK (result));
  const char *type = user_data;
  g_autoptr (GError) error = NULL;
  char *text = g_task_propagate_pointer (G_TASK (result), &error);

  if (text != NULL) {
    bolo_station_reply_text (later->message, later->parts->faults, type, text);
    return;
  }
  if (g_error_matches (error, BOLO_ERROR, BOLO_ERROR_STALE)) {
    bolo_station_reply_error (later->message, SOUP_STATUS_CONFLICT, error->message, FALSE, 0);
    return;
  }
  g_warning ("A question of %s has no answer: %s", later->car, error->message);
  bolo_station_reply_error (later->message, SOUP_STATUS_SERVICE_UNAVAILABLE,
                            "the station's store does not answer now", TRUE, 5);
}

static void
answer_later (BoloStationVisit *visit, Later *later, const char *type, BoloStationRead read)
{
  g_autoptr (GTask) task = g_task_new (visit->parts->intake, NULL, on_answered, (gpointer) type);

  g_task_set_task_data (task, later, later_free);
  bolo_station_reply_pause (visit->message);
  bolo_station_intake_read (visit->parts->intake, task, read);
}

/* (transfer full) (nullable) */
static GPtrArray *
read_questions (GByteArray *body, GError **error)
{
  g_autoptr (GPtrArray) questions =
    g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_batch_result_free);
  const char *at = (const char *) body->data;
  const char *end = at + body->len;

  while (at < end) {
    const char *line_end = memchr (at, '\n', (gsize) (end - at));
    BoloBatchResult *question =
      line_end != NULL ? bolo_batch_question_parse (at, (gsize) (line_end - at), error) : NULL;

    if (question == NULL || questions->len == QUESTIONS_MAX) {
      g_clear_pointer (&question, bolo_batch_result_free);
      return NULL;
    }
    g_ptr_array_add (questions, question);
    at = line_end + 1;
  }
  return g_steal_pointer (&questions);
}

static void
read_have (BoloStationStore *store, GTask *task)
{
  Later *later = g_task_get_task_data (task);
  g_autoptr (GString) text = g_string_new (NULL);
  GError *error = NULL;

  if (!bolo_station_answer (store, later->car, later->questions, &error)) {
    g_task_return_error (task, error);
    return;
  }
  for (guint i = 0; i < later->questions->len; i++)
    bolo_batch_result_write (later->questions->pdata[i], text);
  g_task_return_pointer (task, g_string_free (g_steal_pointer (&text), FALSE), g_free);
}

void
bolo_station_answer_have (BoloStationVisit *visit)
{
  g_autoptr (GPtrArray) questions = read_questions (visit->body, NULL);
  Later *later;

  if (questions == NULL) {
    bolo_station_reply_error (visit->message, SOUP_STATUS_BAD_REQUEST,
                              "the body is not at most 10,000 lines of topic, id and state", FALSE,
                              0);
    return;
  }
  later = later_new (visit);
  later->questions = g_steal_pointer (&questions);
  answer_later (visit, later, BOLO_BATCH_RESULTS_TYPE, read_have);
}

static void
write_hit (BoloJsonWriter *writer, const BoloStationHit *hit)
{
  bolo_json_writer_begin_object (writer, NULL);
  bolo_json_writer_add_int (writer, "number", hit->number);
  bolo_json_writer_add_text (writer, "car", hit->car);
  bolo_json_writer_add_text (writer, "id", hit->id);
  bolo_json_writer_add_text (writer, "mark", hit->mark);
  bolo_json_writer_add_text (writer, "category", hit->category);
  bolo_json_writer_add_time (writer, "time", hit->at_us);
  bolo_json_writer_add_number (writer, "lat", hit->latitude_deg, 7);
  bolo_json_writer_add_number (writer, "lon", hit->longitude_deg, 7);
  bolo_json_writer_add_text (writer, "match", hit->match);
  bolo_json_writer_add_text (
    writer, "verification",
    verifications[CLAMP (hit->kind, 0, (int) G_N_ELEMENTS (verifications) - 1)]);
  bolo_json_writer_end_object (writer);
}

/* Not what the car has found itself, and nothing that raised no alarm where it was found. */
static void
read_shared (BoloStationStore *store, GTask *task)
{
  Later *later = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) hits =
    bolo_station_store_list_hits (store, later->after, later->since_us, SHARED_MAX, &error);
  BoloJsonWriter *writer;
  gint64 next = later->after;

  if (hits == NULL) {
    g_task_return_error (task, error);
    return;
  }
  for (guint i = 0; i < hits->len; i++)
    next = MAX (next, ((BoloStationHit *) hits->pdata[i])->number);
  writer = bolo_json_writer_new ();
  bolo_json_writer_add_int (writer, "next", next);
  bolo_json_writer_begin_array (writer, "hits");
  for (guint i = 0; i < hits->len; i++) {
    const BoloStationHit *hit = hits->pdata[i];

    if (!hit->is_covert && strcmp (hit->car, later->car) != 0)
      write_hit (writer, hit);
  }
  bolo_json_writer_end_array (writer);
  g_task_return_pointer (task, bolo_json_writer_finish (writer), g_free);
}

void
bolo_station_answer_shared (BoloStationVisit *visit)
{
  const char *after = visit->query != NULL ? g_hash_table_lookup (visit->query, "after") : NULL;
  guint64 number = 0;
  Later *later;

  if (after != NULL && !g_ascii_string_to_unsigned (after, 10, 0, G_MAXINT64, &number, NULL)) {
    bolo_station_reply_error (visit->message, SOUP_STATUS_BAD_REQUEST, "after is not a number",
                              FALSE, 0);
    return;
  }
  later = later_new (visit);
  later->after = (gint64) number;
  later->since_us = bolo_clock_get_utc_us (visit->parts->clock) - G_TIME_SPAN_HOUR;
  answer_later (visit, later, JSON_TYPE, read_shared);
}

/* What the station keeps of a session. */
typedef struct {
  BoloReceiptSum *sum; /* (owned) */
  guint64 counts[BOLO_BATCH_N_TOPICS];
  guint64 n_bytes;
} Account;

static void
account_clear (Account *account)
{
  g_clear_pointer (&account->sum, bolo_receipt_sum_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Account, account_clear)

static void
visit_item (BoloBatchTopic topic, const char *id, gint64 state, gsize bytes, gpointer user_data)
{
  Account *account = user_data;

  if (topic == BOLO_BATCH_TOPIC_NONE || topic >= BOLO_BATCH_N_TOPICS)
    return;
  bolo_receipt_sum_add (account->sum, bolo_batch_topic_get_word (topic), id, state);
  account->counts[topic]++;
  account->n_bytes += bytes;
}

static char *
write_receipt (const Later *later, const Account *account, const char *sha256)
{
  BoloJsonWriter *writer = bolo_json_writer_new ();

  bolo_json_writer_add_text (writer, "station", later->parts->name);
  bolo_json_writer_add_text (writer, "car", later->car);
  bolo_json_writer_add_text (writer, "session", later->session);
  bolo_json_writer_add_time (writer, "time", bolo_clock_get_utc_us (later->parts->clock));
  bolo_json_writer_begin_object (writer, "counts");
  for (guint i = 1; i < BOLO_BATCH_N_TOPICS; i++)
    if (account->counts[i] > 0)
      bolo_json_writer_add_int (writer, bolo_batch_topic_get_word (i), (gint64) account->counts[i]);
  bolo_json_writer_end_object (writer);
  bolo_json_writer_add_int (writer, "bytes", (gint64) account->n_bytes);
  bolo_json_writer_add_text (writer, "sha256", sha256);
  return bolo_json_writer_finish (writer);
}

/* A signature that holds, spoilt in one digit, if that is wanted. */
static char *
spoil (BoloStationFaults *faults, char *envelope)
{
  char *digits = envelope != NULL ? strstr (envelope, "\"signature\":\"") : NULL;

  if (digits != NULL && bolo_station_faults_strike (faults, BOLO_STATION_FAULT_SIGNATURE)) {
    digits += strlen ("\"signature\":\"");
    *digits = *digits == '0' ? '1' : '0';
  }
  return envelope;
}

static void
read_receipt (BoloStationStore *store, GTask *task)
{
  Later *later = g_task_get_task_data (task);
  g_auto (Account) account = {.sum = bolo_receipt_sum_new ()};
  g_autofree char *sha256 = NULL;
  g_autofree char *text = NULL;
  GError *error = NULL;
  char *envelope = NULL;
  guint64 n_items = 0;

  if (!bolo_station_store_visit_session (store, later->car, later->session, visit_item, &account,
                                         &error)) {
    g_task_return_error (task, error);
    return;
  }
  sha256 = bolo_receipt_sum_get (account.sum, &n_items);
  if (n_items != (guint64) later->n_items || g_strcmp0 (sha256, later->sha256) != 0) {
    g_task_return_new_error (
      task, BOLO_ERROR, BOLO_ERROR_STALE,
      "the station keeps %" G_GUINT64_FORMAT
      " items of this session, and the car has %" G_GINT64_FORMAT " of them acknowledged%s",
      n_items, later->n_items, n_items == (guint64) later->n_items ? ", but other ones" : "");
    return;
  }
  text = write_receipt (later, &account, sha256);
  envelope = bolo_envelope_seal (BOLO_ENVELOPE_RECEIPT, text,
                                 bolo_station_offers_get_key (later->parts->offers), &error);
  if (envelope == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, spoil (later->parts->faults, envelope), g_free);
}

void
bolo_station_answer_receipt (BoloStationVisit *visit)
{
  g_autoptr (BoloJsonReader) reader =
    bolo_json_reader_new ((const char *) visit->body->data, visit->body->len, "the request", NULL);
  Later *later = later_new (visit);

  if (reader != NULL && bolo_json_reader_get_text (reader, "session", &later->session, NULL) &&
      g_uuid_string_is_valid (later->session) &&
      bolo_json_reader_get_text (reader, "sha256", &later->sha256, NULL) &&
      bolo_json_reader_get_int (reader, "items", 0, G_MAXINT64, &later->n_items, NULL)) {
    answer_later (visit, later, JSON_TYPE, read_receipt);
    return;
  }
  later_free (later);
  bolo_station_reply_error (visit->message, SOUP_STATUS_BAD_REQUEST,
                            "the body is not {\"session\",\"items\",\"sha256\"}", FALSE, 0);
}

void
bolo_station_answer_lists (BoloStationVisit *visit)
{
  g_autoptr (BoloStationOffer) offer = bolo_station_offers_get (visit->parts->offers);
  const char *envelope = offer->envelope;

  if (offer->previous != NULL &&
      bolo_station_faults_strike (visit->parts->faults, BOLO_STATION_FAULT_REPLAY))
    envelope = offer->previous;
  else
    bolo_station_visit_note (visit, offer->serial);
  bolo_station_reply_text (visit->message, visit->parts->faults, JSON_TYPE,
                           spoil (visit->parts->faults, g_strdup (envelope)));
}

/* Range is libsoup's, but for If-Range, which it does not know. */
static void
heed_if_range (SoupServerMessage *message, const char *tag)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *wanted = soup_message_headers_get_one (headers, "If-Range");

  if (wanted != NULL && strcmp (wanted, tag) != 0)
    soup_message_headers_remove (headers, "Range");
}

void
bolo_station_answer_file (BoloStationVisit *visit)
{
  g_autoptr (BoloStationOffer) offer = bolo_station_offers_get (visit->parts->offers);
  const char *path = g_hash_table_lookup (offer->files, visit->rest);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (visit->message);
  g_autoptr (GMappedFile) file = path != NULL ? g_mapped_file_new (path, FALSE, NULL) : NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *tag = NULL;

  if (file == NULL) {
    bolo_station_reply_error (visit->message, SOUP_STATUS_NOT_FOUND,
                              "no manifest names this file now; fetch the manifest again", FALSE,
                              0);
    return;
  }
  /* A copy of ours that nobody writes: it can be mapped. */
  bytes = g_mapped_file_get_bytes (file);
  tag = g_strdup_printf ("\"%s\"", (char *) g_hash_table_lookup (offer->hashes, visit->rest));
  if (bolo_station_reply_misbehaves (visit->message, visit->parts->faults, bytes))
    return;
  soup_message_headers_replace (headers, "ETag", tag);
  soup_message_headers_replace (headers, "Accept-Ranges", "bytes");
  soup_message_headers_set_content_type (headers, "application/octet-stream", NULL);
  heed_if_range (visit->message, tag);
  soup_message_body_append_bytes (soup_server_message_get_response_body (visit->message), bytes);
  soup_server_message_set_status (visit->message, SOUP_STATUS_OK, NULL);
}

void
bolo_station_visit_note (BoloStationVisit *visit, guint64 manifest)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (visit->message);
  const char *backlog = soup_message_headers_get_one (headers, "Bolo-Backlog");
  g_auto (GStrv) words = g_strsplit (backlog != NULL ? backlog : "", " ", 2);
  BoloStationCar car = {.name = visit->car, .backlog = -1};
  guint64 count;

  car.last_us = bolo_clock_get_utc_us (visit->parts->clock);
  if (words[0] != NULL && g_ascii_string_to_unsigned (words[0], 10, 0, G_MAXINT64, &count, NULL)) {
    car.backlog = (gint64) count;
    car.oldest_us = words[1] != NULL ? MAX (0, bolo_time_parse_utc (words[1])) : 0;
  }
  car.lists = (char *) soup_message_headers_get_one (headers, "Bolo-Lists");
  car.manifest = (gint64) manifest;
  car.manifest_us = manifest > 0 ? car.last_us : 0;
  bolo_station_intake_note_car (visit->parts->intake, &car);
}
