/* bolo-sync-batch.c: takes a batch, sends it, and settles what was answered; sync's worker
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-sync-batch"

#include "bolo-sync-run-private.h"

#include "bolo-error.h"

#define ITEMS_DEFAULT 1000
/* What is read ahead of a batch stands before a hit that comes meanwhile: only where batches go so
 * fast is it worth it. */
#define AHEAD_MAX_US (300 * G_TIME_SPAN_MILLISECOND)
/* Less than this is through before a second connection would be there. */
#define LANES_MIN_BYTES (256 * 1024)
#define AGAIN_MAX_S 300

/* ---- answers ------------------------------------------------------------------------------- */

static char *
make_key (const BoloOutgoing *item)
{
  return g_strdup_printf ("%s %" G_GINT64_FORMAT, item->id, item->state);
}

static void
take_item (BoloSyncRun *self, BoloOutgoing *item)
{
  g_autofree char *key = item->topic == BOLO_TOPIC_PICTURE ? make_key (item) : NULL;

  switch (item->result) {
  case BOLO_RESULT_STORED:
  case BOLO_RESULT_KNOWN:
    bolo_sync_fetch_note_kept (self, item);
    self->figures.sent++;
    self->figures.sent_bytes += (gint64) item->bytes;
    self->figures.unsent[item->topic] = MAX (self->figures.unsent[item->topic] - 1, 0);
    self->figures.unsent_bytes = MAX (self->figures.unsent_bytes - (gint64) item->bytes, 0);
    if (item->topic == BOLO_TOPIC_PICTURE)
      self->figures.unsent_picture_bytes =
        MAX (self->figures.unsent_picture_bytes - (gint64) item->bytes, 0);
    break;
  case BOLO_RESULT_REJECTED:
    self->figures.rejected++;
    if (g_strcmp0 (self->rejection, item->reason) != 0)
      g_message ("%s will not take a %s: %s", self->parts.remote->name,
                 bolo_topic_to_string (item->topic), item->reason);
    g_free (self->rejection);
    self->rejection = g_strdup (item->reason);
    break;
  case BOLO_RESULT_PARTIAL:
    if (key != NULL)
      g_hash_table_insert (self->kept, g_steal_pointer (&key), GSIZE_TO_POINTER (item->kept));
    return;
  case BOLO_RESULT_AGAIN:
  case BOLO_RESULT_UNKNOWN:
    return;
  }
  if (key != NULL)
    g_hash_table_remove (self->kept, key);
}

typedef struct {
  guint moved; /* taken, refused, or further than before */
  guint again;
  guint unknown;
  const char *reason; /* of the last again; lent */
} Tally;

static Tally
take_answers (BoloSyncRun *self, GPtrArray *items)
{
  Tally tally = {0};

  for (guint i = 0; i < items->len; i++) {
    BoloOutgoing *item = items->pdata[i];

    take_item (self, item);
    tally.unknown += item->result == BOLO_RESULT_UNKNOWN;
    tally.again += item->result == BOLO_RESULT_AGAIN;
    tally.moved += item->result != BOLO_RESULT_UNKNOWN && item->result != BOLO_RESULT_AGAIN;
    if (item->result == BOLO_RESULT_AGAIN)
      tally.reason = item->reason;
  }
  return tally;
}

static void
settle (BoloSyncRun *self, GPtrArray *items)
{
  guint attempts = items->len > 0 ? ((BoloOutgoing *) items->pdata[0])->attempts : 0;
  gint64 wait_s = MIN (1 << MIN (attempts, 8), AGAIN_MAX_S);

  bolo_sync_feed_settle (self->feed, items,
                         bolo_clock_get_utc_us (self->parts.clock) + wait_s * G_TIME_SPAN_SECOND);
}

/* ---- batches ------------------------------------------------------------------------------- */

static gsize
get_batch_bytes (BoloSyncRun *self, const BoloPace *pace)
{
  gsize max = self->traits.batch_bytes > 0 ? self->traits.batch_bytes : BOLO_PACE_FIRST_BYTES;

  return self->traits.is_local ? max : bolo_pace_get_bytes (pace, max);
}

/* Of the next batch: texts while there are any. */
static BoloUnsentQuery
make_query (BoloSyncRun *self, gboolean wants_pictures)
{
  return (BoloUnsentQuery){
    .receiver = self->parts.remote->name,
    .now_us = bolo_clock_get_utc_us (self->parts.clock),
    .max_urgency = wants_pictures ? BOLO_URGENCY_PICTURE : BOLO_URGENCY_REST,
    .max = self->traits.batch_items > 0 ? self->traits.batch_items : ITEMS_DEFAULT,
    .max_bytes = get_batch_bytes (self, self->are_pictures ? &self->pictures : &self->texts),
    .with_sightings = self->traits.wants_sightings,
  };
}

/* Texts and pictures have rates of their own (texts are packed): a batch is of one kind, and as
 * long as that kind's rate allows. */
static void
trim_batch (BoloSyncRun *self, GPtrArray *items)
{
  gsize bytes = 0;
  gsize room;

  if (items->len == 0)
    return;
  self->are_pictures = ((BoloOutgoing *) items->pdata[0])->picture != NULL;
  if (self->are_pictures)
    bolo_pace_begin_like (&self->pictures, &self->texts);
  room = get_batch_bytes (self, self->are_pictures ? &self->pictures : &self->texts);
  for (guint i = 0; i < items->len; i++) {
    const BoloOutgoing *item = items->pdata[i];

    bytes += item->bytes;
    if (i > 0 && (bytes > room || (item->picture != NULL) != self->are_pictures)) {
      g_ptr_array_set_size (items, (int) i);
      return;
    }
  }
}

GPtrArray *
bolo_sync_batch_take (BoloSyncRun *self, gboolean wants_pictures, GError **error)
{
  const BoloUnsentQuery query = make_query (self, wants_pictures);
  g_autoptr (GPtrArray) under_way = bolo_sync_lanes_list (self->lanes);
  GPtrArray *items;

  if (bolo_sync_run_take_wish (self, BOLO_RUN_URGENT))
    bolo_sync_feed_forget (self->feed);
  items = bolo_sync_feed_take (self->feed, &query, under_way, error);
  if (items != NULL)
    trim_batch (self, items);
  return items;
}

/* Cuts pictures to what the batch has room for; what is kept there already is not sent again. */
static gsize
cut_pieces (BoloSyncRun *self, GPtrArray *items, gsize room)
{
  gsize bytes = 0;

  for (guint i = 0; i < items->len; i++) {
    BoloOutgoing *item = items->pdata[i];
    g_autofree char *key = NULL;
    gsize rest;

    if (item->picture == NULL || self->traits.piece_bytes == 0) {
      bytes += item->bytes;
      continue;
    }
    key = make_key (item);
    item->offset = MIN (GPOINTER_TO_SIZE (g_hash_table_lookup (self->kept, key)), item->bytes);
    rest = MIN (item->bytes - item->offset, self->traits.piece_bytes);
    item->length = MIN (rest, MAX (room > bytes ? room - bytes : 0, BOLO_PACE_MIN_BYTES));
    bytes += item->length;
    if (bytes >= room) {
      g_ptr_array_set_size (items, (int) i + 1);
      break;
    }
  }
  return bytes;
}

gboolean
bolo_sync_batch_ask_of_doubtful (BoloSyncRun *self, GError **error)
{
  g_autoptr (GPtrArray) items = g_steal_pointer (&self->doubtful);
  g_autoptr (GCancellable) call = NULL;
  GError *local = NULL;

  if (items == NULL)
    return TRUE;
  for (guint i = 0; i < items->len; i++)
    bolo_outgoing_answer (items->pdata[i], BOLO_RESULT_UNKNOWN, NULL);
  call = bolo_sync_run_begin_call (self, FALSE);
  bolo_transport_ask (self->parts.transport, items, call, &local);
  bolo_sync_run_end_call (self, &local);
  if (local != NULL) {
    g_propagate_error (error, local);
    self->doubtful = g_steal_pointer (&items);
    return FALSE;
  }
  take_answers (self, items);
  settle (self, items);
  return TRUE;
}

/* A batch that broke off: what was not answered is asked for when the link is there again. */
static void
keep_doubtful (BoloSyncRun *self, GPtrArray *items)
{
  if (self->doubtful == NULL)
    self->doubtful = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_outgoing_free);
  for (guint i = 0; i < items->len; i++) {
    const BoloOutgoing *item = items->pdata[i];

    if (item->result == BOLO_RESULT_UNKNOWN)
      g_ptr_array_add (self->doubtful, bolo_outgoing_copy_name (item));
  }
}

/* What was sent and answered as it should be. Where two were on their way at once, the time since
 * the one before says how fast the link is. */
static void
note_sent (BoloSyncRun *self, const BoloSyncLoad *load)
{
  BoloPace *pace = load->are_pictures ? &self->pictures : &self->texts;

  bolo_pace_note_sent (pace, load->bytes, load->room,
                       load->done_us - MAX (load->begin_us, self->done_us));
  self->done_us = load->done_us;
  self->is_fast = load->done_us - load->begin_us < AHEAD_MAX_US;
  bolo_sync_run_note_contact (self);
}

/* It is through, or has failed. */
static gboolean
take_load (BoloSyncRun *self, BoloSyncLoad *load, GError **error)
{
  Tally tally = take_answers (self, load->items);

  settle (self, load->items);
  if (load->is_sent && tally.unknown == 0 && tally.moved > 0) {
    note_sent (self, load);
    return TRUE;
  }
  self->is_fast = FALSE;
  bolo_sync_feed_forget (self->feed);
  if (load->is_sent && tally.unknown > 0)
    g_set_error (&load->error, BOLO_ERROR, BOLO_ERROR_OFFLINE,
                 "The station did not answer for %u of %u items", tally.unknown, load->items->len);
  else if (load->is_sent)
    g_set_error (&load->error, BOLO_ERROR, BOLO_ERROR_BUSY, "The station cannot keep it now: %s",
                 tally.reason != NULL ? tally.reason : "no reason given");
  if (tally.unknown > 0)
    keep_doubtful (self, load->items);
  g_propagate_error (error, g_steal_pointer (&load->error));
  return FALSE;
}

static gpointer
copy_name (gconstpointer item, gpointer user_data)
{
  return bolo_outgoing_copy_name (item);
}

static gboolean
send_alone (BoloSyncRun *self, BoloSyncLoad *load, GError **error)
{
  g_autoptr (BoloSyncLoad) owned = load;
  g_autoptr (GCancellable) call = bolo_sync_run_begin_call (self, FALSE);

  bolo_sync_load_send (load, self->parts.transport, call);
  bolo_sync_run_end_call (self, &load->error);
  return take_load (self, load, error);
}

gboolean
bolo_sync_batch_collect (BoloSyncRun *self, GError **error)
{
  g_autoptr (BoloSyncLoad) load = bolo_sync_lanes_take (self->lanes);

  bolo_sync_run_explain_call (self, &load->error);
  if (bolo_sync_lanes_get_n_busy (self->lanes) == 0) {
    bolo_sync_run_end_call (self, &load->error);
    g_clear_object (&self->lanes_call);
  }
  return take_load (self, load, error);
}

/* FALSE: with the first error of several. */
static gboolean
collect_all (BoloSyncRun *self, GError **error)
{
  gboolean is_good = TRUE;

  while (bolo_sync_lanes_get_n_busy (self->lanes) > 0)
    is_good = bolo_sync_batch_collect (self, is_good ? error : NULL) && is_good;
  return is_good;
}

void
bolo_sync_batch_drain (BoloSyncRun *self)
{
  g_autoptr (GError) error = NULL;

  if (!collect_all (self, &error))
    g_debug ("another batch: %s", error->message);
}

static void
begin_in_lane (BoloSyncRun *self, BoloSyncLoad *load)
{
  if (bolo_sync_lanes_get_n_busy (self->lanes) == 0)
    self->lanes_call = bolo_sync_run_begin_call (self, FALSE);
  else
    bolo_sync_run_go_on_with_call (self);
  bolo_sync_lanes_begin (self->lanes, load, self->lanes_call);
}

/* Only where batches go fast: elsewhere the second would take the link from the first. */
static gboolean
may_use_lanes (BoloSyncRun *self, gsize bytes)
{
  if (!self->is_fast || self->traits.is_local || bytes < LANES_MIN_BYTES)
    return FALSE;
  if (self->lanes == NULL)
    self->lanes = bolo_sync_lanes_new (self->parts.transport);
  return self->lanes != NULL;
}

gboolean
bolo_sync_batch_send (BoloSyncRun *self, GPtrArray *items, gboolean wants_pictures, GError **error)
{
  gsize room = get_batch_bytes (self, self->are_pictures ? &self->pictures : &self->texts);
  gsize bytes = cut_pieces (self, items, room);
  BoloSyncLoad *load = bolo_sync_load_new (items, bytes, room);
  gboolean is_in_lane = may_use_lanes (self, bytes);
  gboolean is_busy = bolo_sync_lanes_get_n_busy (self->lanes) > 0;

  load->are_pictures = self->are_pictures;
  bolo_sync_run_set_phase (self, BOLO_SYNC_SENDING);
  if (is_in_lane)
    begin_in_lane (self, load);
  if (self->is_fast || self->traits.is_local) {
    const BoloUnsentQuery next = make_query (self, wants_pictures);
    g_autoptr (GPtrArray) under_way = bolo_sync_lanes_list (self->lanes);

    if (!is_in_lane)
      g_ptr_array_extend (under_way, items, copy_name, NULL);
    bolo_sync_feed_read_ahead (self->feed, &next, under_way);
  }
  if (is_in_lane)
    return !bolo_sync_lanes_are_full (self->lanes) || bolo_sync_batch_collect (self, error);
  if (!is_busy)
    return send_alone (self, load, error);
  /* What is on its way ends first: one call at a time is what can be broken off. */
  if (collect_all (self, error))
    return send_alone (self, load, error);
  bolo_sync_load_free (load);
  return FALSE;
}
