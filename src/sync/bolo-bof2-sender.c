/* bolo-bof2-sender.c: reads and pictures out of a batch to a BOF2 back office
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-bof2-sender"

#include "bolo-bof2-sender.h"

#include <math.h>

#include "bolo-error.h"
#include "bolo-picture.h"

#define PASS_US (60 * G_USEC_PER_SEC) /* no pass lasts longer: its end was never written */
#define SEE_ANSWERS "; its words are in answers.jsonl"

/* Text: one read that goes now, for one or more items. */
typedef struct {
  const BoloBof2Read *read;
  const BoloSighting *sighting; /* lent */
  GPtrArray *items;             /* of BoloOutgoing, lent */
  BoloBof2Capture capture;      /* texts lent by read */
  GBytes *plate;                /* (owned) (nullable) */
  GBytes *overview;             /* (owned) (nullable) */
} Text;

static void
text_free (gpointer data)
{
  Text *text = data;

  g_ptr_array_unref (text->items);
  g_clear_pointer (&text->plate, g_bytes_unref);
  g_clear_pointer (&text->overview, g_bytes_unref);
  g_free (text);
}

static void
answer_all (const Text *text, BoloResult result, const char *reason)
{
  for (guint i = 0; i < text->items->len; i++)
    bolo_outgoing_answer (g_ptr_array_index (text->items, i), result, reason);
}

/* ---- pictures ------------------------------------------------------------------------------ */

static GBytes *
fit_picture (GBytes *jpeg, gboolean is_overview, GError **error)
{
  if (is_overview)
    return bolo_picture_fit_jpeg (jpeg, "an overview", BOLO_PICTURE_MAX_SIDE, BOLO_PICTURE_MAX_SIDE,
                                  BOLO_BOF2_OVERVIEW_BYTES, error);
  return bolo_picture_fit_jpeg (jpeg, "a patch", BOLO_BOF2_PATCH_WIDTH, BOLO_BOF2_PATCH_HEIGHT,
                                BOLO_BOF2_PATCH_BYTES, error);
}

/* (transfer full) (nullable): a picture that is not there now, or damaged, goes by itself. */
static GBytes *
load_picture (BoloBof2Sender *self, const char *sighting, gboolean is_overview)
{
  g_autoptr (GBytes) jpeg =
    self->source != NULL ? self->source (sighting, is_overview, self->source_data) : NULL;

  return jpeg != NULL ? fit_picture (jpeg, is_overview, NULL) : NULL;
}

static BoloBof2Capture
make_tuple (const BoloBof2Read *read)
{
  return (BoloBof2Capture){.vrm = read->vrm,
                           .camera = read->camera,
                           .time = read->time,
                           .confidence_percent = -1,
                           .is_toward = -1};
}

/* ---- which reads there are to send ---------------------------------------------------------- */

static const BoloSighting *
get_sighting (const BoloOutgoing *item)
{
  if (item->topic == BOLO_TOPIC_HIT)
    return item->hit != NULL ? item->hit->sighting : NULL;
  return item->topic == BOLO_TOPIC_SIGHTING ? item->sighting : NULL;
}

static gboolean
is_passing (const BoloBof2Sender *self, const BoloOutgoing *item, const BoloSighting *sighting)
{
  return item->topic == BOLO_TOPIC_SIGHTING && sighting->state == BOLO_SIGHTING_PROVISIONAL &&
         bolo_clock_get_utc_us (self->clock) - sighting->last_us < PASS_US;
}

/* The read of a sighting as it will be known from now on; NULL with the item answered. */
static const BoloBof2Read *
begin_read (BoloBof2Sender *self, BoloOutgoing *item, const BoloSighting *sighting)
{
  g_autofree char *time = NULL;
  g_autoptr (GError) error = NULL;
  BoloBof2Caller caller;
  BoloBof2Capture capture;
  BoloBof2Read read = {.sighting = sighting->id, .vrm = sighting->text};

  read.camera = bolo_bof2_config_get_camera (self->config, sighting->camera);
  if (read.camera == 0) {
    g_autofree char *reason =
      g_strdup_printf ("bof2.conf has no number for the camera %s", sighting->camera);

    bolo_outgoing_answer (item, BOLO_RESULT_AGAIN, reason);
    return NULL;
  }
  time = bolo_bof2_format_time (sighting->captured_us, self->config->time_zone);
  read.time = time;
  read.added_us = bolo_clock_get_utc_us (self->clock);
  bolo_bof2_client_get_caller (self->client, &caller);
  capture = make_tuple (&read);
  if (!bolo_bof2_capture_check (&capture, &caller, &error)) {
    bolo_outgoing_answer (item, BOLO_RESULT_REJECTED, error->message);
    return NULL;
  }
  return bolo_bof2_ledger_add (self->ledger, &read);
}

/* What there is to say of a read besides what it is known by. */
static void
fill_text (BoloBof2Sender *self, Text *text)
{
  const BoloSighting *sighting = text->sighting;
  const BoloFix *fix = sighting->fix;

  text->capture = make_tuple (text->read);
  if (fix != NULL && isfinite (fix->latitude_deg) && isfinite (fix->longitude_deg) &&
      (fix->latitude_deg != 0 || fix->longitude_deg != 0)) {
    text->capture.has_position = TRUE;
    text->capture.latitude_deg = fix->latitude_deg;
    text->capture.longitude_deg = fix->longitude_deg;
  }
  text->capture.confidence_percent = CLAMP ((int) lroundf (sighting->confidence * 100), 0, 100);
  if (self->config->pictures == BOLO_BOF2_PICTURES_WITH) {
    text->plate = load_picture (self, sighting->id, FALSE);
    text->overview = load_picture (self, sighting->id, TRUE);
    text->capture.plate = text->plate;
    text->capture.overview = text->overview;
  }
}

static Text *
find_text (GPtrArray *texts, const BoloBof2Read *read)
{
  for (guint i = 0; i < texts->len; i++) {
    Text *text = g_ptr_array_index (texts, i);

    if (text->read == read)
      return text;
  }
  return NULL;
}

static void
add_text (BoloBof2Sender *self,
          GPtrArray *texts,
          BoloOutgoing *item,
          const BoloSighting *sighting,
          const BoloBof2Read *read)
{
  Text *text = find_text (texts, read);

  if (text == NULL) {
    text = g_new0 (Text, 1);
    text->read = read;
    text->sighting = sighting;
    text->items = g_ptr_array_new ();
    fill_text (self, text);
    g_ptr_array_add (texts, text);
  }
  g_ptr_array_add (text->items, item);
}

/* (transfer full): of Text, in the items' order; what need not go, or cannot, is answered. */
static GPtrArray *
collect_texts (BoloBof2Sender *self, GPtrArray *items)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (text_free);

  for (guint i = 0; i < items->len; i++) {
    BoloOutgoing *item = g_ptr_array_index (items, i);
    const BoloSighting *sighting = get_sighting (item);
    const BoloBof2Read *read;

    if (sighting == NULL)
      continue;
    read = bolo_bof2_ledger_find (self->ledger, sighting->id, sighting->text);
    if (read != NULL && read->is_sent)
      bolo_outgoing_answer (item, BOLO_RESULT_KNOWN, NULL);
    else if (is_passing (self, item, sighting))
      bolo_outgoing_answer (item, BOLO_RESULT_AGAIN, "the vehicle may still be in view");
    else {
      if (read == NULL)
        read = begin_read (self, item, sighting);
      if (read != NULL)
        add_text (self, texts, item, sighting, read);
    }
  }
  return texts;
}

/* ---- texts --------------------------------------------------------------------------------- */

static BoloSoapValues *
make_values (BoloBof2Sender *self, GPtrArray *texts, guint first, guint n, GError **error)
{
  BoloSoapValues *values;
  BoloBof2Caller caller;

  bolo_bof2_client_get_caller (self->client, &caller);
  if (self->config->call == BOLO_BOF2_CALL_CAPTURE) {
    const Text *text = g_ptr_array_index (texts, first);

    return bolo_bof2_capture_to_values (&text->capture, &caller, error);
  }
  values = bolo_soap_values_new ();
  for (guint i = first; i < first + n; i++) {
    const Text *text = g_ptr_array_index (texts, i);
    char *compact = bolo_bof2_capture_to_compact (&text->capture, &caller, error);

    if (compact == NULL) {
      bolo_soap_values_free (values);
      return NULL;
    }
    if (self->config->call == BOLO_BOF2_CALL_COMPOUND)
      bolo_soap_values_add_text (values, "captures", compact);
    else
      bolo_soap_values_set_text (values, "capture", compact);
    bolo_bof2_wipe_free (compact);
  }
  return values;
}

static const char *
get_operation (const BoloBof2Config *config)
{
  static const char *const operations[] = {"sendCompoundCapture", "sendCompactCapture",
                                           "sendCapture"};

  return operations[config->call];
}

/* The back office has them: written down before anything leaves an outbox. */
static gboolean
note_sent (BoloBof2Sender *self, GPtrArray *texts, guint first, guint n, GError **error)
{
  for (guint i = first; i < first + n; i++) {
    const Text *text = g_ptr_array_index (texts, i);

    bolo_bof2_ledger_note_sent (self->ledger, text->read->sighting, text->read->vrm,
                                text->plate != NULL, text->overview != NULL);
  }
  if (!bolo_bof2_ledger_sync (self->ledger, error))
    return FALSE;
  for (guint i = first; i < first + n; i++)
    answer_all (g_ptr_array_index (texts, i), BOLO_RESULT_STORED, NULL);
  return TRUE;
}

static void
answer_range (GPtrArray *texts, guint first, guint n, BoloResult result, const char *reason)
{
  for (guint i = first; i < first + n; i++)
    answer_all (g_ptr_array_index (texts, i), result, reason);
}

/* One call. *@verdict: what its answer means; FALSE: there was none. */
static gboolean
call_texts (BoloBof2Sender *self,
            GPtrArray *texts,
            guint first,
            guint n,
            BoloBof2Verdict *verdict,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (BoloSoapValues) values = make_values (self, texts, first, n, error);
  g_autoptr (BoloSoapReply) reply = NULL;

  if (values == NULL)
    return FALSE;
  reply = bolo_bof2_client_call (self->client, get_operation (self->config), values, NULL, NULL,
                                 cancellable, error);
  if (reply == NULL)
    return FALSE;
  *verdict = bolo_bof2_client_judge (self->client, get_operation (self->config), reply);
  return TRUE;
}

static gboolean
send_texts (BoloBof2Sender *self,
            GPtrArray *texts,
            guint first,
            guint n,
            GCancellable *cancellable,
            GError **error)
{
  BoloBof2Verdict verdict = BOLO_BOF2_UNKNOWN;

  if (!call_texts (self, texts, first, n, &verdict, cancellable, error))
    return FALSE;
  if (verdict == BOLO_BOF2_SUCCESS)
    return note_sent (self, texts, first, n, error);
  if (verdict == BOLO_BOF2_REJECT && n > 1) {
    /* One bad read must not hold the others: each goes alone, once. */
    for (guint i = first; i < first + n; i++)
      if (!send_texts (self, texts, i, 1, cancellable, error))
        return FALSE;
    return TRUE;
  }
  if (verdict == BOLO_BOF2_REJECT)
    answer_range (texts, first, n, BOLO_RESULT_REJECTED,
                  "the BOF2 back office refused the read" SEE_ANSWERS);
  else if (verdict == BOLO_BOF2_RETRY)
    answer_range (texts, first, n, BOLO_RESULT_AGAIN,
                  "the BOF2 back office asks to try again" SEE_ANSWERS);
  else
    answer_range (texts, first, n, BOLO_RESULT_AGAIN,
                  "the BOF2 back office's answer is none that bof2.conf knows" SEE_ANSWERS);
  return TRUE;
}

static gboolean
send_all_texts (BoloBof2Sender *self, GPtrArray *texts, GCancellable *cancellable, GError **error)
{
  /* By which mark and time each is known must outlive a power cut between call and answer. */
  if (texts->len > 0 && !bolo_bof2_ledger_sync (self->ledger, error))
    return FALSE;
  for (guint first = 0; first < texts->len; first += self->config->compound_max) {
    guint n = MIN (texts->len - first, self->config->compound_max);

    if (!send_texts (self, texts, first, n, cancellable, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- pictures by themselves ------------------------------------------------------------------ */

/* *@is_sent: it is there already, or cannot go: the item is answered. */
static BoloSoapValues *
make_picture (BoloBof2Sender *self, BoloOutgoing *item, const BoloBof2Read *read)
{
  gboolean is_overview = bolo_outgoing_is_overview (item);
  BoloBof2Capture capture = make_tuple (read);
  g_autoptr (GBytes) fit = NULL;
  g_autoptr (GError) error = NULL;
  BoloSoapValues *values = NULL;
  BoloBof2Caller caller;

  bolo_bof2_client_get_caller (self->client, &caller);
  fit = fit_picture (item->picture, is_overview, &error);
  if (fit != NULL)
    values = bolo_bof2_capture_to_picture (
      &capture, &caller, fit, is_overview ? self->config->overview_kind : self->config->plate_kind,
      &error);
  if (values == NULL)
    bolo_outgoing_answer (item, BOLO_RESULT_REJECTED, error->message);
  return values;
}

static void
answer_picture (BoloOutgoing *item, BoloBof2Verdict verdict)
{
  if (verdict == BOLO_BOF2_SUCCESS)
    bolo_outgoing_answer (item, BOLO_RESULT_STORED, NULL);
  else if (verdict == BOLO_BOF2_REJECT)
    bolo_outgoing_answer (item, BOLO_RESULT_REJECTED,
                          "the BOF2 back office refused the picture" SEE_ANSWERS);
  else
    bolo_outgoing_answer (item, BOLO_RESULT_AGAIN,
                          "the BOF2 back office did not take the picture now" SEE_ANSWERS);
}

static gboolean
send_picture (BoloBof2Sender *self, BoloOutgoing *item, GCancellable *cancellable, GError **error)
{
  g_autofree char *sighting = bolo_outgoing_get_sighting_id (item);
  const BoloBof2Read *read =
    sighting != NULL ? bolo_bof2_ledger_find (self->ledger, sighting, NULL) : NULL;
  g_autoptr (BoloSoapValues) values = NULL;
  g_autoptr (BoloSoapReply) reply = NULL;

  if (read == NULL) {
    bolo_outgoing_answer (item, BOLO_RESULT_AGAIN, "its read goes first");
    return TRUE;
  }
  if (bolo_outgoing_is_overview (item) ? read->has_overview : read->has_plate) {
    bolo_outgoing_answer (item, BOLO_RESULT_KNOWN, NULL);
    return TRUE;
  }
  if (item->picture == NULL)
    return TRUE;
  values = make_picture (self, item, read);
  if (values == NULL)
    return TRUE;
  reply = bolo_bof2_client_call (self->client, "addBinaryCaptureData", values, NULL, NULL,
                                 cancellable, error);
  if (reply == NULL)
    return FALSE;
  answer_picture (item, bolo_bof2_client_judge (self->client, "addBinaryCaptureData", reply));
  return TRUE;
}

gboolean
bolo_bof2_sender_send (BoloBof2Sender *self,
                       GPtrArray *items,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GPtrArray) texts = NULL;

  g_return_val_if_fail (self != NULL && items != NULL, FALSE);

  texts = collect_texts (self, items);
  if (!send_all_texts (self, texts, cancellable, error))
    return FALSE;
  for (guint i = 0; i < items->len; i++) {
    BoloOutgoing *item = g_ptr_array_index (items, i);

    if (item->topic == BOLO_TOPIC_PICTURE && !send_picture (self, item, cancellable, error))
      return FALSE;
  }
  return TRUE;
}
